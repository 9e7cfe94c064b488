"""A clean form, small changes to it, and what the rules find."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

from cases import form_with, funds, indicator, written

from workbench.plugins.manager import load_plugins
from workbench.recheck.findings import Batch, Reviewed, active_rules, all_rules, batch_findings, form_findings
from workbench.recheck.inputs import ruleset_named
from workbench.recheck.model import Form, FundKind, FundRow, IndicatorRow, Written
from workbench.recheck.outcome import Finding
from workbench.recheck.recompute import recompute
from workbench.scheme.library import Library

RULES = active_rules()
EVERY = all_rules()
REMARK = "受疫情影响一期培训改到次年三月举办,已落实场地和师资"

QUANTITY, QUALITY, TIME, COST, BENEFIT, SATISFACTION = range(1, 7)
"""Numbers of the rows of the clean form; their cells stand in row 20 + number: E target, F actual, G weight, H points, I remark."""


@cache
def ruleset(name: str = "10号") -> Any:
    return ruleset_named(name, Library.of(load_plugins(None).folders))


def clean(**fields: Any) -> Form:
    """A form in which nothing is wrong: 200 万元 budget, 195.5 spent, 100 points in all."""
    rows = (
        indicator(1, "举办技术培训期数", "≥20期", "18期", 20, 18, remark=REMARK),
        indicator(2, "培训学员结业考试合格率", "≥90%", "96%", 10, 10, level2="质量指标"),
        indicator(3, "培训任务完成时间", "12月底前", "11月", 10, 10, level2="时效指标"),
        indicator(4, "人均培训成本", "≤450元", "430元", 10, 10, level2="成本指标"),
        indicator(5, "学员亩均增收", "≥300元", "320元", 30, 30, level1="效益指标", level2="经济效益指标"),
        indicator(6, "参训学员满意度", "≥90%", "95.5%", 10, 10, level1="满意度指标", level2="服务对象满意度指标"),
    )
    facts: dict[str, Any] = {
        "project": written("高素质农民培育", "C2"),
        "unit": written("甲县农业农村局", "C3"),
        "expected": written("举办培训20期,培训学员1200人,学员亩均增收300元以上。", "B15"),
        "achieved": written("举办培训18期,培训学员1130人;问卷调查满意度95.5%,亩均增收320元。", "F15"),
        "total_weight": written(100, "G28"),
        "total_points": written("97.78", "H28"),
        "grade": written("优", "I28"),
        "labels": {"填报人": written("张三", "B30"), "填报日期": written("2023年3月10日", "F30")},
    }
    money = (
        funds(200, "195.5", 10, "9.78", rate="97.75%", initial=210),
        funds(180, "175.5", None, None, rate="97.5%", initial=190, kind=FundKind.FISCAL, row=11),
        funds(20, 20, None, None, rate="100%", initial=20, kind=FundKind.OTHER, row=12),
    )
    return form_with(rows, money, **{**facts, **fields})


def rewritten(old: Written | None, value: object) -> Written | None:
    """A cell with something else in it; what is a cell already is taken as it is."""
    if isinstance(value, Written) or value is None or old is None:
        return value if isinstance(value, Written) else None
    return written("" if value == "" else value, old.spot.cell)


def row(form: Form, number: int, **cells: object) -> Form:
    """The form with other cells in one row; "" makes a blank cell, None takes the cell away."""
    rows = tuple(_changed(r, cells) if r.number == number else r for r in form.indicators)
    return replace(form, indicators=rows)


def _changed(old: IndicatorRow, cells: dict[str, object]) -> IndicatorRow:
    plain = {k: v for k, v in cells.items() if k in ("part", "group", "sign", "unit")}
    plain = {k: written(v, "J9") if k in ("sign", "unit") else v for k, v in plain.items()}
    others = {k: rewritten(getattr(old, k), v) for k, v in cells.items() if k not in plain}
    return replace(old, **{**others, **plain})  # type: ignore[arg-type]


def money(form: Form, number: int, **cells: object) -> Form:
    """The form with other cells in one row of the money block."""
    rows: list[FundRow] = list(form.funds)
    rows[number] = replace(rows[number], **{k: rewritten(getattr(rows[number], k), v) for k, v in cells.items()})
    return replace(form, funds=tuple(rows))


def more(form: Form, *rows: IndicatorRow) -> Form:
    """The form with further indicators."""
    return replace(form, indicators=(*form.indicators, *rows))


def without(form: Form, *numbers: int) -> Form:
    """The form with fewer indicators."""
    return replace(form, indicators=tuple(r for r in form.indicators if r.number not in numbers))


def reviewed(form: Form, name: str = "10号", **fields: Any) -> Reviewed:
    return Reviewed(form, recompute([form], ruleset(name))[0], ruleset(name).title, **fields)


def findings(form: Form, name: str = "10号", rules: Any = RULES, **fields: Any) -> tuple[Finding, ...]:
    return form_findings(reviewed(form, name, **fields), rules)


def places(found: tuple[Finding, ...]) -> set[tuple[str, str]]:
    """(code, cell) of each finding."""
    return {(f.code, "" if f.spot is None else f.spot.cell) for f in found}


def across(*forms: Form, **lists: Any) -> tuple[Finding, ...]:
    return batch_findings(Batch(tuple(map(reviewed, forms)), **lists), RULES)
