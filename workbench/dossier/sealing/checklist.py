"""The checklist (档案目录): what an evaluation's archive has to hold, and what of it is there.

Items and groups are declared in ``checklist.yaml`` (财监〔2021〕4号 第二十条). Some the program makes itself; for the others papers are
handed in, or a reason is given.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from workbench.base.errors import DossierError
from workbench.base.models import Model, validated
from workbench.base.yamlio import read_yaml
from workbench.dossier.model import CheckItem, Group, Kind, State
from workbench.dossier.sealing.documents import Documents
from workbench.scoring.result import RunResult

Made = Literal["evidence", "scorecard", "comments", "internal_review"]
NOT_GIVEN = "未提供"


class Item(Model):
    """One declared line. ``made`` names what the program puts there itself."""

    code: str
    title: str
    group: Group
    mandatory: bool
    made: Made | None = None
    clause: str


class _Declared(Model):
    checklist: list[Item]


@cache
def declared() -> tuple[Item, ...]:
    """The items, in the order of the archive."""
    document = read_yaml(Path(__file__).with_name("checklist.yaml"))
    return tuple(validated(_Declared, document.data, document, DossierError).checklist)


@dataclass(frozen=True)
class Found:
    """What is there for an item the program makes: paths in the container, or why there is nothing."""

    files: tuple[str, ...]
    reason: str | None = None


def checklist(documents: Documents, handed_in: Mapping[str, list[str]], result: RunResult) -> list[CheckItem]:
    """Every item with its state.

    Args:
        handed_in: item → paths in the container of the papers handed in for it.
    """
    return [_line(item, documents, handed_in.get(item.code, []), result) for item in declared()]


def _line(item: Item, documents: Documents, files: list[str], result: RunResult) -> CheckItem:
    made = _made(item.made, result) if item.made is not None else Found(())
    paths = [*made.files, *files]
    state: State = "有" if paths else "无"
    given = documents.items.get(item.code)
    reason = made.reason if paths and not files else None
    if not paths:
        state = "不适用" if given is not None and given.not_applicable else "无"
        reason = (given and (given.not_applicable or given.missing)) or made.reason or NOT_GIVEN
    return CheckItem(
        code=item.code,
        title=item.title,
        group=item.group,
        mandatory=item.mandatory,
        state=state,
        reason=reason,
        files=paths,
        clause=item.clause,
    )


def _made(what: Made, result: RunResult) -> Found:
    """What the run itself has to show for an item."""
    if what == "evidence":
        return Found(("proof/evidence.json",))
    if what == "scorecard":
        return Found(("conclusion/notebook.ipynb", "conclusion/scorecard.csv"))
    kinds = {n.kind for n in result.review.notes} if result.review is not None else set()
    if what == "comments":
        there = "draft_issued" in kinds and (not kinds & {"comment"} or "reply" in kinds)
        why = "评审台账中没有发出征求意见稿" if "draft_issued" not in kinds else "有反馈意见尚未逐条答复"
        return Found(("proof/ledger/ledger.jsonl",) if there else (), None if there else why)
    passed = any(n.kind == "internal_review" and n.accepted for n in result.review.notes) if result.review else False
    return Found(("proof/ledger/ledger.jsonl",) if passed else (), None if passed else "评审台账中没有通过的内部审核")


def kind_of(lines: list[CheckItem]) -> Kind:
    """评价档案 when every mandatory item is there or does not apply; otherwise only a 工作档案."""
    return "工作档案" if lacking(lines) else "评价档案"


def lacking(lines: list[CheckItem]) -> list[CheckItem]:
    """The mandatory items that are not there."""
    return [line for line in lines if line.mandatory and line.state == "无"]
