"""Forms in files, drawn in turn in every layout as xlsx and docx, and what the re-check finds in them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from form_canvas import Canvas, write
from form_compare import read
from form_defects import KINDS, Planted
from form_habits import with_habit
from form_layouts import BY_NAME, LAYOUTS, Layout, drawn
from form_projects import clean

from workbench.recheck.findings import ActiveRule, Reviewed, active_rules, form_findings
from workbench.recheck.model import Reading
from workbench.recheck.outcome import Finding
from workbench.recheck.recompute import recompute
from workbench.scheme.library import Library
from workbench.scheme.ruleset import Ruleset

LOCAL_WEIGHT = "weighted"
"""The layout of places that give 预算执行率 20 points."""


@dataclass(frozen=True)
class Drawn:
    """A form in a file. ``planted`` is None for an honest one."""

    path: Path
    canvases: tuple[Canvas, ...]
    layout: str
    planted: Planted | None = None


@dataclass(frozen=True)
class Judged:
    """What was read of a file and found in it."""

    drawn: Drawn
    reading: Reading
    findings: tuple[Finding, ...]

    @property
    def caught(self) -> bool:
        """Whether the planted defect was told, at its cell."""
        return any(self._tells(finding) for finding in self.findings)

    def _tells(self, finding: Finding) -> bool:
        one = self.drawn.planted
        assert one is not None
        if finding.code not in one.codes:
            return False
        return not one.changed.keys or (finding.spot is not None and _place(finding) in self._places(one))

    def _places(self, one: Planted) -> set[Any]:
        placed = {key[1:]: where[0] for canvas in self.drawn.canvases for key, where in canvas.placed.items()}
        keys = {*one.changed.keys, *(("execution", key[2]) for key in one.changed.keys if key[:2] == ("fund", "total"))}
        return {placed[key] for key in keys if key in placed}


def _place(finding: Finding) -> Any:
    spot = finding.spot
    return None if spot is None else (spot.sheet, spot.row, spot.column)


def layout_of(one: Planted, number: int) -> Layout:
    """The layouts in turn, each kind in another one every round; or the only one that shows the defect."""
    only = one.changed.layout
    return BY_NAME[only] if only else LAYOUTS[(number + number // len(KINDS)) % len(LAYOUTS)]


def honest(folder: Path, seeds: Iterable[int]) -> list[Drawn]:
    """Honest forms, three in four with a habit of their own; layouts and kinds of file in turn."""
    made = []
    for seed in seeds:
        layout = LAYOUTS[seed % len(LAYOUTS)]
        facts = clean(seed, 20 if layout.name == LOCAL_WEIGHT else 10)
        if seed % 4:
            facts = with_habit(facts, seed * 3 // 4)
        paper = ("xlsx", "docx")[seed // len(LAYOUTS) % 2]
        canvases = tuple(drawn([facts], layout, paper))
        path = write(folder / f"{facts.year}年{facts.project}自评表-{seed}.{paper}", canvases)
        made.append(Drawn(path, canvases, layout.name))
    return made


def spoilt(folder: Path, defects: Sequence[Planted], first: int = 0) -> list[Drawn]:
    """Forms with a defect each; ``first`` is the number of the first, on which its layout depends."""
    made = []
    for number, one in enumerate(defects, first):
        layout = layout_of(one, number)
        paper = ("xlsx", "docx")[number // 3 % 2]
        canvases = tuple(drawn([one.changed.facts], layout, paper))
        name = one.changed.file or f"{one.changed.facts.project}自评表"
        path = write(folder / f"{name}-{number:03d}.{paper}", canvases)
        made.append(Drawn(path, canvases, layout.name, one))
    return made


@lru_cache(maxsize=1)
def standards() -> tuple[Ruleset, tuple[ActiveRule, ...]]:
    """财预〔2020〕10号 and the rules of finding as they come."""
    from workbench.plugins.manager import load_plugins

    return Library.of(load_plugins(code=False).folders).ruleset("caiyu-2020-10"), active_rules()


def judged(files: Sequence[Drawn]) -> list[Judged]:
    """Read, recompute and judge, as the command does with single forms."""
    ruleset, rules = standards()
    readings = [read(one.path) for one in files]
    forms = [form for reading in readings for form in reading.forms]
    lines = iter(zip(forms, recompute(forms, ruleset), strict=True))
    result = []
    for one, reading in zip(files, readings, strict=True):
        found: list[Finding] = []
        for _ in reading.forms:
            form, own = next(lines)
            found += form_findings(Reviewed(form, own, ruleset.title), rules)
        result.append(Judged(one, reading, tuple(found)))
    return result
