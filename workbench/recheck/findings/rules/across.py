"""Rules over all forms of a run: what is copied, given in twice, or told in two ways."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from workbench.base.text import trimmed
from workbench.recheck.findings.batch import Batch, name_cell, project_of, same_unit, unit_of
from workbench.recheck.findings.reviewed import Reviewed, name_of, text_of
from workbench.recheck.findings.rule import Params, Seen, same_name
from workbench.recheck.model import Form, Written

_SHOWN = 3
"""Other places that are named in one message."""


def text_copied(batch: Batch, params: Params) -> Iterator[Seen]:
    """The same long text in the forms of several units, for several projects: told to each, for nobody knows who copied."""
    used: dict[str, list[_Text]] = defaultdict(list)
    for one in batch.forms:
        for text in _texts(one):
            if len(text_of(text.cell)) >= params.number("length"):
                used[text_of(text.cell)].append(text)
    for places in used.values():
        for text in places if len(places) > 1 else ():
            others = [other for other in places if _others(text.form, other.form)]
            if others:
                yield Seen(
                    text.cell,
                    text.field,
                    text.indicator,
                    "按本项目实际填写",
                    told={"other": _named(others)},
                    form=text.form,
                )


@dataclass(frozen=True, slots=True)
class _Text:
    """A cell with words of the unit's own."""

    form: Form
    field: str
    indicator: str
    cell: Written


def _named(others: Sequence[_Text]) -> str:
    shown = "、".join(f"{t.form.file}({unit_of(t.form)},{t.cell.spot.cell})" for t in others[:_SHOWN])
    files = len({other.form.file for other in others})
    return f"{shown}等{files}个文件" if len(others) > _SHOWN else shown


def _texts(one: Reviewed) -> Iterator[_Text]:
    form = one.form
    goals = [("预期目标", "", form.expected), ("实际完成情况", "", form.achieved)]
    remarks = [("偏差原因分析及改进措施", name_of(t.row), t.row.remark) for t in one.rows]
    seen = set()
    for field, indicator, cell in [*goals, *remarks]:
        if cell is not None and cell.spot not in seen:
            seen.add(cell.spot)
            yield _Text(form, field, indicator, cell)


def _others(first: Form, second: Form) -> bool:
    """Two units with two projects: one project of several units may well have one goal."""
    units = unit_of(first) and unit_of(second) and not same_unit(unit_of(first), unit_of(second))
    return bool(units) and same_name(project_of(first)) != same_name(project_of(second))


def project_twice(batch: Batch, params: Params) -> Iterator[Seen]:
    """The same project of the same unit and year given in twice."""
    for first, second in _twice(batch):
        if not _differences(first, second, params.number("tolerance")):
            yield Seen(
                name_cell(second.form),
                "项目名称",
                "",
                "每个项目一份自评表",
                told={"other": first.form.key},
                form=second.form,
            )


def versions_differ(batch: Batch, params: Params) -> Iterator[Seen]:
    """Two versions of one form (自评报告附表, 公布版) with other figures."""
    for first, second in _twice(batch):
        for field, cell, here, there in _differences(first, second, params.number("tolerance"))[:5]:
            told = {"other": first.form.key}
            yield Seen(cell, field, "", there, here, told, second.form)


def _twice(batch: Batch) -> Iterator[tuple[Reviewed, Reviewed]]:
    for forms in batch.by_project.values():
        for index, second in enumerate(forms):
            first = next((f for f in forms[:index] if _same_form(f.form, second.form)), None)
            if first is not None:
                yield first, second


def _same_form(first: Form, second: Form) -> bool:
    years = first.year is None or second.year is None or first.year == second.year
    units = bool(unit_of(first)) == bool(unit_of(second)) and same_unit(unit_of(first), unit_of(second))
    return years and units and first.kind is second.kind


def _differences(first: Reviewed, second: Reviewed, tolerance: Decimal) -> list[tuple[str, Written | None, str, str]]:
    """(field, cell in the second, what it says, what the first says) for each figure that differs."""
    pairs = [("自评得分", second.total_cell, second.total, first.total)]
    if first.total_money is not None and second.total_money is not None:
        a, b = second.total_money, first.total_money
        same_measure = first.form.money_unit == second.form.money_unit
        amounts = [
            ("全年预算数", a.row.adjusted, a.adjusted, b.adjusted),
            ("全年执行数", a.row.executed, a.executed, b.executed),
        ]
        pairs += amounts if same_measure else []
    known = {same_name(t.row.level3.text): t for t in first.rows}
    for typed in second.rows:
        other = known.get(same_name(typed.row.level3.text))
        if other is not None:
            name = name_of(typed.row)
            pairs.append((f"{name}完成值", typed.row.actual, typed.actual.number, other.actual.number))
            pairs.append((f"{name}得分", typed.row.points, typed.points, other.points))
    return [
        (field, cell, trimmed(here), trimmed(there))
        for field, cell, here, there in pairs
        if here is not None and there is not None and abs(here - there) > tolerance
    ]


def unit_all_full(batch: Batch, params: Params) -> Iterator[Seen]:
    """Every project of a unit scored itself 100."""
    units: dict[str, list[Reviewed]] = defaultdict(list)
    for one in batch.forms:
        if unit_of(one.form) and one.total is not None:
            units[same_name(unit_of(one.form))].append(one)
    for forms in units.values():
        if len(forms) >= params.number("forms") and all(one.total == 100 for one in forms):
            found = f"{len(forms)}个项目自评均为100分"
            yield Seen(forms[0].total_cell, "得分", "", "逐项核实依据", found, form=forms[0].form)
