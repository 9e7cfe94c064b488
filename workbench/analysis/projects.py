"""The register projects are drawn from (项目清单), and what the units claim in their self-evaluation (自评指标)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import cast

from workbench.analysis.values import Refused, value_of
from workbench.base.canon import digest_of
from workbench.base.errors import Place, Problem, RegisterError
from workbench.base.text import suggest, trimmed
from workbench.evidence.reader import read_sheets
from workbench.evidence.standard import SIGNS
from workbench.evidence.tables import Table
from workbench.scheme.pack import FieldSpec, TableSpec

LEFT_OUT = "未列入"
"""Sheet on which a list made from self-evaluation forms tells what it has no line for; for people, and not read."""
MONEY_UNIT = "万元"
MONEY_PLACES = 6
"""One fen in 万元."""
ADVICE = "请用 workbench sample 项目清单.xlsx --new 生成的空表填写,不要改动表头"

PROJECT = FieldSpec(name="project", title="项目编号", type="text", required=True, note="每个项目一个,不得重复")
PROJECTS = TableSpec(
    name="projects",
    title="项目清单",
    per="shared",
    key=["project"],
    fields=[
        PROJECT,
        FieldSpec(name="name", title="项目名称", type="text", required=True),
        FieldSpec(name="department", title="主管部门", type="text", required=True),
        FieldSpec(
            name="money",
            title="预算数",
            type="money",
            unit=MONEY_UNIT,
            decimals=MONEY_PLACES,
            required=True,
            note="表头写明单位;写“预算数(元)”的自动换算为万元",
        ),
        FieldSpec(name="grade", title="自评等级", type="text", note="如 优、良、中、差"),
        FieldSpec(name="score", title="自评得分", type="number", unit="分", decimals=2, min=Decimal(0)),
        FieldSpec(name="must", title="必查", type="bool", note="审计、监督检查已反映问题等必须抽到的项目填“是”"),
        FieldSpec(name="reason", title="必查原因", type="text"),
    ],
    note="一行一个项目;不要合计行。",
)
CLAIMS = TableSpec(
    name="claims",
    title="自评指标",
    per="shared",
    key=["project", "indicator"],
    required=False,
    fields=[
        PROJECT.model_copy(update={"note": "与“项目清单”一致"}),
        FieldSpec(name="indicator", title="三级指标", type="text", required=True),
        FieldSpec(name="direction", title="指标性质", type="code", codes=list(SIGNS), required=True),
        FieldSpec(name="target", title="年度指标值", type="text"),
        FieldSpec(name="unit", title="计量单位", type="text"),
        FieldSpec(name="claimed", title="自评值", type="text", required=True, note="自评表里的实际完成值,照抄"),
    ],
    note="要核查的核心指标;填了就印到核查表里,不填则核查表留空行。",
)


@dataclass(frozen=True)
class Project:
    """One line of the register; ``money`` in 万元."""

    id: str
    name: str
    department: str
    money: Decimal
    grade: str | None = None
    score: Decimal | None = None
    must: bool = False
    reason: str | None = None


@dataclass(frozen=True)
class Claim:
    """What a unit says one indicator of a project has reached, as written."""

    project: str
    indicator: str
    direction: str
    target: str | None
    unit: str | None
    claimed: str


@dataclass(frozen=True)
class Register:
    """All projects there are to draw from, in the order of the sheet, and what is noteworthy about reading it."""

    projects: list[Project]
    claims: list[Claim]
    file: str
    notes: list[Problem]

    @property
    def digest(self) -> str:
        """SHA-256 over the lines, sorted by project: file name, order of rows and way of saving do not matter."""
        return digest_of([vars(p) for p in sorted(self.projects, key=lambda p: p.id)])


def read_register(path: Path) -> Register:
    """Reads 项目清单 and, if it is there, 自评指标.

    Raises:
        FileError: the file cannot be read.
        RegisterError: with every problem found (missing or double project ids, money that is no amount, and so on).
    """
    sheets = read_sheets(path, [PROJECTS, CLAIMS], ADVICE, RegisterError)
    table, claims = sheets.tables["projects"], sheets.tables["claims"]
    if not len(table):
        place = Place(table.file, table.sheet)
        raise RegisterError(Problem("no_projects", "清单里没有项目", place, fix="请至少填写一个项目"))
    projects = [_project(table, i) for i in range(len(table))]
    _refuse_unknown(claims, {p.id for p in projects})
    _refuse_incomparable(claims)
    told = [note for note in sheets.notes if (note.code, note.place.sheet) != ("unknown_sheet", LEFT_OUT)]
    notes = told + [_without_reason(table, i) for i, p in enumerate(projects) if p.must and not p.reason]
    return Register(projects, [claim_at(claims, i) for i in range(len(claims))], table.file, notes)


def tidy(number: Decimal) -> Decimal:
    """The same number without trailing zeros and without an exponent, so that equal amounts are written alike."""
    return Decimal(trimmed(number))


def text_at(table: Table, i: int, name: str) -> str | None:
    """A text of one record."""
    return cast("str | None", table.value(i, name))


def _project(table: Table, i: int) -> Project:
    return Project(
        id=text_at(table, i, "project") or "",
        name=text_at(table, i, "name") or "",
        department=text_at(table, i, "department") or "",
        money=tidy(cast(Decimal, table.value(i, "money"))),
        grade=text_at(table, i, "grade"),
        score=cast("Decimal | None", table.value(i, "score")),
        must=bool(table.value(i, "must")),
        reason=text_at(table, i, "reason"),
    )


def _without_reason(table: Table, i: int) -> Problem:
    place = Place(table.file, table.sheet, table.row_of(i, "must"), "必查原因")
    return Problem("must_without_reason", "必查项目没有写原因", place, fix="请补填,以便公示和复核", severity="warning")


def claim_at(table: Table, i: int) -> Claim:
    """One record of 自评指标."""
    return Claim(
        project=text_at(table, i, "project") or "",
        indicator=text_at(table, i, "indicator") or "",
        direction=text_at(table, i, "direction") or "",
        target=text_at(table, i, "target"),
        unit=text_at(table, i, "unit"),
        claimed=text_at(table, i, "claimed") or "",
    )


def _refuse_unknown(claims: Table, known: set[str]) -> None:
    problems = []
    for i in range(len(claims)):
        project = text_at(claims, i, "project") or ""
        if project not in known:
            place = Place(claims.file, claims.sheet, claims.row_of(i, "project"), PROJECT.title)
            fix = suggest(project, known)
            problems.append(Problem("unknown_project", "“项目清单”里没有这个项目", place, project, fix=fix))
    if problems:
        raise RegisterError(problems)


def _refuse_incomparable(claims: Table) -> None:
    """What ``workbench truth`` could not compare is found before anybody takes the sheet to a site."""
    problems = []
    for i in range(len(claims)):
        claim = claim_at(claims, i)
        value = value_of(claim.claimed, SIGNS[claim.direction], claim.unit)
        if isinstance(value, Refused):
            place = Place(claims.file, claims.sheet, claims.row_of(i, "claimed"), claims.field_spec("claimed").title)
            problems.append(Problem(value.code, value.message, place, claim.claimed, value.expected, value.fix))
    if problems:
        raise RegisterError(problems)
