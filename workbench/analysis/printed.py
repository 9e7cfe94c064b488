"""What was printed for an on-site check when projects were drawn, and whether the filled sheet still agrees with it.

The workbook ``workbench sample`` writes holds the projects drawn (抽样名单) and the claims of their self-evaluations (自评指标)
beside the sheet to be filled in. A project that has gone from that sheet would escape the check, and one that was never drawn,
or a claim made larger, could be vetoed for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from workbench.analysis.projects import CLAIMS, Claim, claim_at, text_at
from workbench.analysis.values import Refused, value_of
from workbench.base.errors import Place, Problem
from workbench.evidence.standard import SIGNS
from workbench.evidence.tables import Table
from workbench.scheme.pack import FieldSpec, TableSpec

LISTED = TableSpec(
    name="listed",
    title="抽样名单",
    per="shared",
    key=["project"],
    required=False,
    fields=[
        FieldSpec(name="project", title="项目编号", type="text"),
        FieldSpec(name="name", title="项目名称", type="text"),
    ],
)
PRINTED_CLAIMS = CLAIMS.model_copy(update={"name": "printed_claims"})
_COPIED = ("direction", "target", "unit", "claimed")
_RESTORE = "请从 workbench sample 写出的原件补回;没有核查的,核查值留空"


@dataclass(frozen=True)
class Printed:
    """Id → name of the projects drawn, None where the workbook has no such list; the claims printed, if any were."""

    projects: dict[str, str | None] | None
    claims: list[Claim]


def printed_in(listed: Table, claims: Table) -> Printed:
    """The list and the claims of a workbook."""
    found = {p: text_at(listed, i, "name") for i in range(len(listed)) if (p := text_at(listed, i, "project"))}
    return Printed(found if listed.letters else None, [claim_at(claims, i) for i in range(len(claims))])


def disagreements(check: Table, listed: Table, claims: Table) -> list[Problem]:
    """Every place where the check sheet does not agree with what was printed; errors, and remarks on lines added by hand."""
    problems = list(_projects(check, listed)) if listed.letters else []
    return problems + (list(_lines(check, claims)) if len(claims) else [])


def _projects(check: Table, listed: Table) -> Iterator[Problem]:
    drawn = {text_at(listed, i, "project"): i for i in range(len(listed))}
    checked = {text_at(check, i, "project") for i in range(len(check))}
    for project, i in drawn.items():
        if project is not None and project not in checked:
            message = f"抽中的项目在“{check.sheet}”里一行也没有"
            yield Problem("project_gone", message, _place(listed, i, "project"), project, fix=_RESTORE)
    for i in range(len(check)):
        project, name = text_at(check, i, "project"), text_at(check, i, "name")
        if project not in drawn:
            message, fix = f"这个项目不在“{listed.sheet}”里,没有被抽中", "请核对编号;没有抽中的项目请另用一份核查表"
            yield Problem("project_not_drawn", message, _place(check, i, "project"), project, fix=fix)
            continue
        called = text_at(listed, drawn[project], "name")
        if None not in (name, called) and name != called:
            message, fix = f"项目名称与“{listed.sheet}”不同", "请核对这一行是哪个项目"
            yield Problem("project_renamed", message, _place(check, i, "name"), name, f"“{called}”", fix)


def _lines(check: Table, claims: Table) -> Iterator[Problem]:
    """Claims that have gone or were changed, and lines of these projects that were not printed."""
    rows = {(text_at(check, i, "project"), text_at(check, i, "indicator")): i for i in range(len(check))}
    known = {(c.project, c.indicator): c for c in (claim_at(claims, i) for i in range(len(claims)))}
    for i, (key, claim) in enumerate(known.items()):
        if key in rows:
            yield from _changes(check, rows[key], claim)
        else:
            message = f"印好的指标在“{check.sheet}”里没有了"
            found = f"{claim.project} {claim.indicator}"
            yield Problem("claim_gone", message, _place(claims, i, "indicator"), found, fix=_RESTORE)
    projects = {project for project, _ in known}
    for (project, indicator), i in rows.items():
        if project in projects and indicator is not None and (project, indicator) not in known:
            message = "这一行不是抽样时印好的,自评值没有核对"
            place = _place(check, i, "indicator")
            yield Problem("line_added", message, place, indicator, fix="请与自评表核对", severity="warning")


def _changes(check: Table, i: int, claim: Claim) -> Iterator[Problem]:
    for name in _COPIED:
        now, printed = text_at(check, i, name), getattr(claim, name)
        if not _alike(name, now, claim):
            message = f"与抽样时印好的{check.field_spec(name).title}不同"
            fix = "请改回印好的;自评表本身有误的写在“备注”,实际完成值写在“核查值”"
            yield Problem("printed_changed", message, _place(check, i, name), now or "空", f"“{printed or '空'}”", fix)


def _alike(name: str, now: str | None, claim: Claim) -> bool:
    """The same text, or for a claim the same value: spreadsheets write numbers and dates their own way."""
    if now == getattr(claim, name):
        return True
    if name != "claimed" or now is None:
        return False
    sign = SIGNS[claim.direction]
    values = [value_of(text, sign, claim.unit) for text in (now, claim.claimed)]
    return values[0] is not None and not isinstance(values[0], Refused) and values[0] == values[1]


def _place(table: Table, i: int, name: str) -> Place:
    return Place(table.file, table.sheet, int(table.rows[i]), table.field_spec(name).title)
