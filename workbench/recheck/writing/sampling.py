"""项目清单-复核.xlsx: the forms as the list that ``workbench sample`` draws from, what the re-check found as reason to look.

A form is 必查 when its grade falls or its total falls by :data:`BIG` points; no document fixes the threshold (示例,可改), and the
column can be edited before anything is drawn.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from workbench.analysis.projects import CLAIMS, LEFT_OUT, MONEY_PLACES, MONEY_UNIT, PROJECTS
from workbench.analysis.values import Refused, value_of
from workbench.base.exact import half_up
from workbench.base.text import beginning, plain, with_unit
from workbench.evidence.quantity import unit_factor
from workbench.evidence.standard import SIGNS
from workbench.recheck.findings.rules.listed import OTHER_UNIT
from workbench.recheck.outcome import Severity
from workbench.recheck.recompute.execution import budget_of
from workbench.recheck.values import TypedRow
from workbench.recheck.values.actuals import Says
from workbench.recheck.values.directions import Sign
from workbench.recheck.writing.dashboard.visits import BIG
from workbench.recheck.writing.told import UNNAMED, Batch, Told, line_of
from workbench.reports.sheets import Cell, Column, Sheet, column_of, workbook_bytes

NAME = "项目清单-复核.xlsx"
_LONGEST = 200
_WIDE = {"name": 34, "department": 20, "reason": 60, "indicator": 34}
_OUT = (Column("序号", 6), Column("项目名称", 34), Column("文件", 34), Column("为什么没有列入", 40))
_WRITTEN = {Sign.GTE: "≥", Sign.LTE: "≤", Sign.EQ: "="}


def sampling_workbook(batch: Batch) -> bytes | None:
    """The list with its claims; forms whose budget nobody can rely on stand on a sheet of their own. None where no form has one."""
    projects: list[list[Cell]] = []
    claims: list[list[Cell]] = []
    left: list[list[Cell]] = []
    for told in batch.forms:
        money = _money(told)
        if isinstance(money, str):
            left.append([told.number, _text(told.project), told.form.file, f"{money},请核实后补到“{PROJECTS.title}”"])
            continue
        projects.append(_project(told, money))
        claims += _claims(told)
    if not projects:
        return None
    sheets = [
        Sheet(PROJECTS.title, [column_of(f, _WIDE.get(f.name, 14)) for f in PROJECTS.fields], projects, fixed=2),
        Sheet(CLAIMS.title, [column_of(f, _WIDE.get(f.name, 14)) for f in CLAIMS.fields], claims, fixed=2),
    ]
    sheets += [Sheet(LEFT_OUT, _OUT, left)] if left else []
    return workbook_bytes(f"抽样项目清单(复核) {batch.title}", sheets)


def _id(told: Told) -> str:
    return f"{told.number:04}"


def _project(told: Told, money: Decimal) -> list[Cell]:
    own = None if told.own is None else half_up(told.own, 2)
    reason = _reason(told)
    who = _text(told.department) or UNNAMED
    grade = told.one.self_grade
    return [_id(told), _text(told.project), who, money, grade, own, "是" if reason else "", reason]


def _reason(told: Told) -> str:
    """Why it has to be looked at; empty where nothing says so."""
    parts = [f"{told.counted_as}等级由{told.one.self_grade}降为{told.grade}"] if told.lowered else []
    if told.difference is not None and told.difference <= -BIG:
        parts.append(f"比自评低{plain(-told.difference)}分")
    grave = told.counts[Severity.P0]
    return "；".join([*parts, *([f"P0问题{grave}个"] if grave else [])]) if parts else ""


def _money(told: Told) -> Decimal | str:
    """全年预算数 in 万元, of the total row or of its parts, and 年初预算数 only where the form has no column for it; else why not."""
    total, amount = told.reviewed.total_money, budget_of(told.form)
    factor = unit_factor(told.form.money_unit or "", MONEY_UNIT)
    if doubt := _unit_doubt(told):
        return doubt
    if amount is None or amount <= 0 or factor is None:
        stated, initial = (None, None) if total is None else (total.adjusted, total.initial)
        lacking = "全年预算数未填" if stated is None else f"全年预算数为{plain(stated)}"
        lacking = lacking if factor is not None else "金额没有写明单位"
        return f"{lacking}(年初预算数为{with_unit(initial, told.form.money_unit)})" if initial else lacking
    return half_up(amount * factor, MONEY_PLACES)


def _unit_doubt(told: Told) -> str:
    """Why nothing is drawn by the amounts of a form: some or all of them may be in the other unit; empty where nothing says so."""
    rows = told.form.funds
    cells = {cell.spot for row in rows for cell in (row.initial, row.adjusted, row.executed) if cell is not None}
    about = [finding for finding in told.one.findings if finding.spot in cells]
    if any(finding.code == "unit_slip" or finding.expected.endswith(OTHER_UNIT) for finding in about):
        return "表上的金额元与万元混用"
    return "表上的金额单位可能不对" if any(finding.code == "money_unit_doubt" for finding in about) else ""


def _claims(told: Told) -> Iterator[list[Cell]]:
    """What the unit says was reached, where it is a number that can be held against one found on the site."""
    seen: set[str] = set()
    for typed in told.reviewed.typed:
        sign = _WRITTEN.get(typed.target.sign)
        name = _text(line_of(typed.row.level3))
        if sign is None or not name or name in seen or typed.actual.says is not Says.NUMBER:
            continue
        unit, claimed = _unit(typed), plain(typed.actual.number or Decimal(0))
        if isinstance(value_of(claimed, SIGNS[sign], unit), Refused):
            continue
        seen.add(name)
        yield [_id(told), name, sign, _text(line_of(typed.row.target)), unit, claimed]


def _unit(typed: TypedRow) -> str:
    return _text(typed.target.unit)


def _text(text: str) -> str:
    return beginning(text, _LONGEST)
