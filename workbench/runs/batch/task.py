"""What a batch does for one plan, and what became of it. Both travel between processes and machines."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from workbench.base.errors import Problem
from workbench.runs.kernel import WARM, Engine

State = Literal["run", "kept", "failed", "checked"]
STATE_WORDS: Mapping[State, str] = {"run": "已运行", "kept": "没有变化", "failed": "失败", "checked": "检查通过"}

PLANS = (".yaml", ".yml")
"""How the names of plan files end."""
_DIGITS = re.compile(r"([0-9]{1,18})")


def natural(name: str) -> list[tuple[int, str]]:
    """Sorts names as people count: row 9 before row 10."""
    return [(int(part), "") if part.isascii() and part.isdigit() else (-1, part) for part in _DIGITS.split(name)]


@dataclass(frozen=True)
class Task:
    """One plan to be run.

    Attributes:
        name: how the task is called wherever it is told: the plan's path below the workspace, or the row of a register
            (``项目库.xlsx 第3行``). No two tasks of a batch have the same.
        plan: path of a plan file, or what stands under its key ``plan``.
        workspace: where its paths start.
        out: where run folders go; ``runs/`` of the workspace when None.
        overrides: ``key=value`` texts of ``--set``.
        force: execute again although the same run is there.
        engine: what executes the notebook, and within which limits.
    """

    name: str
    plan: Path | Mapping[str, Any]
    workspace: Path
    out: Path | None = None
    overrides: tuple[str, ...] = ()
    force: bool = False
    engine: Engine = WARM


@dataclass(frozen=True)
class Verdict:
    """The conclusion on one subject, as the result has it: points are decimal strings, ``total`` None while incomplete."""

    subject: str
    name: str
    total: str | None
    low: str
    high: str
    grade: str | None
    provisional: bool = False


@dataclass(frozen=True)
class Outcome:
    """What became of one plan.

    Attributes:
        task: the task's name.
        folder: run folder as POSIX path below where run folders go (``<evaluation>/<digest>``); empty when there is none.
        pack: title and id of the indicator pack, as people are told.
        errors, warnings: how many findings (核查发现) of each severity.
        seconds: wall time of the run that wrote the folder.
        attempts: 2 after a crash that did not come again.
        problems: why it failed.
        evaluated: 被评价单位, where the plan names it.
        inputs: what was read beside plan and scheme, see :mod:`workbench.runs.batch.inputs`.
    """

    task: str
    state: State
    evaluation: str = ""
    title: str = ""
    folder: str = ""
    digest: str = ""
    pack: str = ""
    verdicts: tuple[Verdict, ...] = ()
    errors: int = 0
    warnings: int = 0
    seconds: float = 0.0
    attempts: int = 1
    problems: tuple[Problem, ...] = ()
    inputs: tuple[tuple[str, str], ...] = ()
    evaluated: str = ""

    @property
    def of_row(self) -> bool:
        """Whether it is of a register's row, whose number alone says nothing to people; a plan file has a name."""
        return not self.task.lower().endswith(PLANS)

    @property
    def failed(self) -> bool:
        """Whether it has no run."""
        return self.state == "failed"


def rank(outcome: Outcome) -> tuple[bool, list[tuple[int, str]]]:
    """Sorts outcomes as they are shown: failed ones on top, the rest as people count."""
    return not outcome.failed, natural(outcome.task)
