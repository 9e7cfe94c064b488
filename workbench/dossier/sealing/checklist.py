"""The checklist (档案目录): what an evaluation's archive has to hold, and what of it is there.

Items and groups are declared in ``checklist.yaml`` (财监〔2021〕4号 第十三至二十条). Some the program makes itself; for the others
papers are handed in, or a reason is given.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from workbench.base.errors import DossierError
from workbench.base.models import Model, validated
from workbench.base.yamlio import read_yaml
from workbench.dossier.model import CheckItem, Group, Kind, State
from workbench.dossier.sealing.documents import Declared, Documents, Line, without_papers
from workbench.scoring.result import WHY_NOT_COUNTED, ReviewNote, RunResult

Made = Literal["evidence", "scorecard", "comments", "internal_review"]
NOT_GIVEN = "未提供"
OWN_DEMAND = "归档资料文件列为必备"
_WORKPAPERS = ("conclusion/notebook.ipynb", "conclusion/scorecard.csv")
_EVIDENCE = "proof/evidence.json"
_LEDGER = "proof/ledger/ledger.jsonl"
_THERE: tuple[State, str | None] = ("有", None)


class Item(Model):
    """One declared line. ``made`` names what the program puts there itself; ``commission``: only a third party has it."""

    code: str
    title: str
    group: Group
    mandatory: bool
    made: Made | None = None
    commission: bool = False
    clause: str


class _Declared(Model):
    checklist: list[Item]


@cache
def declared() -> tuple[Item, ...]:
    """The items, in the order of the archive."""
    document = read_yaml(Path(__file__).with_name("checklist.yaml"))
    return tuple(validated(_Declared, document.data, document, DossierError).checklist)


def titles() -> dict[str, str]:
    """Code → title of every item."""
    return {item.code: item.title for item in declared()}


def template_lines() -> dict[str, Line]:
    """Code → what the template of a documents file says of the item."""
    return {i.code: Line(i.title, i.mandatory, i.made is not None, i.commission) for i in declared()}


@dataclass(frozen=True)
class Found:
    """What is there for an item the program makes: paths in the container, or why there is nothing."""

    files: tuple[str, ...] = ()
    reason: str | None = None


def checklist(
    given: Declared, handed_in: Mapping[str, list[str]], result: RunResult, members: Collection[str]
) -> list[CheckItem]:
    """Every item with its state.

    Args:
        handed_in: item → paths in the container of the papers handed in for it.
        members: paths of everything the container will have.

    Raises:
        DossierError: a reason is given for the lack of what the program has put there.
    """
    made = {i.code: _made(i.made, result, members) if i.made is not None else Found() for i in declared()}
    without_papers(given, [code for code, found in made.items() if found.files])
    return [_line(i, given.documents, handed_in.get(i.code, []), made[i.code]) for i in declared()]


def _line(item: Item, documents: Documents, files: list[str], made: Found) -> CheckItem:
    paths = [*made.files, *files]
    state, reason = _THERE if paths else _lacking(item, documents, made)
    demanded = not item.mandatory and item.code in documents.also_mandatory
    return CheckItem(
        code=item.code,
        title=item.title,
        group=item.group,
        mandatory=item.mandatory or demanded,
        state=state,
        reason=reason,
        files=paths,
        clause=f"{OWN_DEMAND};{item.clause}" if demanded else item.clause,
    )


def _lacking(item: Item, documents: Documents, made: Found) -> tuple[State, str]:
    """无 or 不适用, with what was said about it and what the ledger says."""
    given = documents.items.get(item.code)
    said = (given.not_applicable or given.missing) if given is not None else None
    reasons = [text for text in (said, made.reason) if text is not None]
    state: State = "不适用" if given is not None and given.not_applicable is not None else "无"
    return state, ";".join(reasons) or NOT_GIVEN


def _made(what: Made, result: RunResult, members: Collection[str]) -> Found:
    """What the run itself has to show for an item."""
    if what == "evidence":
        return Found((_EVIDENCE,))
    if what == "scorecard":
        return Found(tuple(name for name in _WORKPAPERS if name in members))
    if result.review is not None and not result.review.counted:
        return Found((), f"{WHY_NOT_COUNTED},评审台账所记的不是对本次结论的")
    notes = result.review.notes if result.review is not None else []
    fault = _comments_fault(notes) if what == "comments" else _internal_review_fault(notes)
    return Found((_LEDGER,)) if fault is None else Found((), fault)


def _comments_fault(notes: list[ReviewNote]) -> str | None:
    """Why the ledger does not show that opinions were asked for and each was answered (财监〔2021〕4号 第十八条第(二)项)."""
    if not any(n.kind == "draft_issued" for n in notes):
        return "评审台账中没有发出征求意见稿"
    answered = {number for n in notes if n.kind == "reply" for number in n.refers}
    left = sum(n.kind == "comment" and n.event not in answered for n in notes)
    return f"评审台账中有{left}条反馈意见尚未答复" if left else None


def _internal_review_fault(notes: list[ReviewNote]) -> str | None:
    """Why the ledger does not show that the last internal review was passed and nothing was opened again after it."""
    last = next((n for n in reversed(notes) if n.kind in ("internal_review", "reopening")), None)
    if last is not None and last.kind == "reopening":
        return "评审重新开放后还没有通过内部审核"
    return None if last is not None and last.accepted else "评审台账中没有通过的内部审核"


def kind_of(lines: list[CheckItem]) -> Kind:
    """评价档案 when every mandatory item is there or does not apply; otherwise only a 工作档案."""
    return "工作档案" if lacking(lines) else "评价档案"


def lacking(lines: list[CheckItem]) -> list[CheckItem]:
    """The mandatory items that are not there."""
    return [line for line in lines if line.mandatory and line.state == "无"]
