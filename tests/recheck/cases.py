"""The published forms as :class:`Form` objects, for every test of the re-check.

``published.json`` holds what each published page says, with its address. ``form_of`` writes it down as an official form would:
signs inside the target, percent signs with percentages, the money block with its total row.
"""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

from workbench.recheck.model import Form, FormKind, FundKind, FundRow, IndicatorRow, Spot, Written

PUBLISHED: dict[str, dict[str, Any]] = json.loads(
    (Path(__file__).with_name("published.json")).read_text(encoding="utf-8"), parse_float=Decimal
)
"""Cases by id; numbers exact."""
SHEET = "绩效自评表"
FIRST_ROW = 20
SIGNS = {"gte": "≥", "lte": "≤", "eq": "="}
_COLUMNS = "ABCDEFGHIJKL"


def written(value: object, cell: str = "A1", sheet: str = SHEET) -> Written:
    """A cell; a number is a number, anything else its text, None a blank cell."""
    row, column = int(cell[1:]) - 1, _COLUMNS.index(cell[0])
    spot = Spot(sheet, row, column, cell)
    if value is None:
        return Written("", spot)
    number = value if isinstance(value, Decimal) else Decimal(value) if isinstance(value, int) else None
    return Written(str(value), spot, number)


def indicator(
    number: int,
    name: str,
    target: object,
    actual: object,
    weight: object,
    points: object,
    *,
    level1: str = "产出指标",
    level2: str = "数量指标",
    remark: object = None,
    group: int | None = None,
    part: bool = False,
    sign: str | None = None,
    unit: str | None = None,
) -> IndicatorRow:
    """One indicator row, its cells in the columns of the official form (B 一级 … I 偏差原因)."""
    row = FIRST_ROW + number
    return IndicatorRow(
        number=number,
        group=number if group is None else group,
        level1=written(level1, f"B{row}"),
        level2=written(level2, f"C{row}"),
        level3=written(name, f"D{row}"),
        target=written(target, f"E{row}"),
        actual=written(actual, f"F{row}"),
        weight=written(weight, f"G{row}"),
        points=written(points, f"H{row}"),
        remark=written(remark, f"I{row}"),
        sign=None if sign is None else written(sign, f"J{row}"),
        unit=None if unit is None else written(unit, f"K{row}"),
        part=part,
    )


def funds(
    adjusted: object,
    executed: object,
    weight: object = 10,
    points: object = None,
    *,
    rate: object = None,
    initial: object = None,
    kind: FundKind = FundKind.TOTAL,
    row: int = 10,
) -> FundRow:
    """One row of the money block."""
    return FundRow(
        kind=kind,
        name=written(kind.value, f"B{row}"),
        initial=written(initial, f"C{row}"),
        adjusted=written(adjusted, f"D{row}"),
        executed=written(executed, f"E{row}"),
        weight=written(weight, f"F{row}"),
        rate=written(rate, f"G{row}"),
        points=written(points, f"H{row}"),
    )


def form_with(
    indicators: tuple[IndicatorRow, ...] = (),
    money: tuple[FundRow, ...] = (),
    *,
    file: str = "自评表.xlsx",
    number: int = 1,
    kind: FormKind = FormKind.PROJECT,
    year: int | None = 2022,
    **fields: Any,
) -> Form:
    """A form of these rows."""
    return Form(
        file=file,
        number=number,
        kind=kind,
        shape="test",
        title=written(f"{kind.value}绩效自评表({year}年度)"),
        year=year,
        money_unit=fields.pop("money_unit", "万元"),
        indicators=indicators,
        funds=money,
        **fields,
    )


def form_of(case: str | dict[str, Any]) -> Form:
    """A published case as its form shows it."""
    facts = PUBLISHED[case] if isinstance(case, str) else case
    rows = tuple(_indicator(number, item) for number, item in enumerate(facts["indicators"], 1))
    last = FIRST_ROW + len(rows) + 1
    total = facts["published_total"]
    return form_with(
        rows,
        _funds(facts["budget"]),
        file=f"{case if isinstance(case, str) else facts['title']}.xlsx",
        kind=FormKind.DEPARTMENT if "整体" in facts["evaluation_type"] else FormKind.PROJECT,
        year=facts["year"],
        money_unit=facts["budget"]["unit"],
        project=written(facts["title"], "C2"),
        unit=written(facts["issuer"], "C3"),
        total_points=None if total is None else written(total, f"H{last}"),
        grade=None if facts["published_grade"] is None else written(facts["published_grade"], f"I{last}"),
    )


def _indicator(number: int, item: dict[str, Any]) -> IndicatorRow:
    target, actual, unit = item["target_value"], item["actual_value"], item["unit"] or ""
    sign = SIGNS.get(item["direction"] or "", "")
    demand = None if target is None else target if isinstance(target, str) else f"{sign}{target}{unit}"
    note = item.get("note", "")
    # The published cell repeats the demand: the case file says so beside its number.
    copied = "目标与完成同写" in note
    result = demand if copied else _percent(actual) if unit == "%" and actual is not None else actual
    return indicator(
        number,
        item["level3"],
        demand,
        result,
        item["weight"],
        item["score"],
        level1=item["level1"],
        level2=item["level2"] or "",
    )


def _percent(actual: object) -> str:
    return f"{actual}%"


def _funds(budget: dict[str, Any]) -> tuple[FundRow, ...]:
    if budget["weight"] is None:
        return ()
    rate = budget["published_rate_pct"]
    total = funds(
        budget["adjusted_budget"],
        budget["executed"],
        budget["weight"],
        budget["published_score"],
        rate=None if rate is None else _percent(rate),
        initial=budget["initial_budget"],
    )
    part = budget.get("of_which_fiscal")
    if part is None:
        return (total,)
    row = funds(part["adjusted"], part["executed"], None, None, initial=part["initial"], kind=FundKind.FISCAL, row=11)
    return (total, row)
