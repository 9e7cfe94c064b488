"""Totals that leave something out or are left blank, and amounts in another unit than the head says."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from cases import form_with, funds, indicator, written
from found_in import QUANTITY, SATISFACTION, TIME, clean, findings, money, reviewed, row

from workbench.recheck.model import Form, FormKind, FundKind
from workbench.recheck.outcome import EXECUTION, Finding, Rechecked
from workbench.recheck.recompute.recompute import totals
from workbench.recheck.writing.told import told


def found(form: Form, code: str) -> list[Finding]:
    return [f for f in findings(form) if f.code == code]


def outside(weight: object, points: object) -> Form:
    """The total row adds up the six indicators only: 110 points with 预算执行率 beside them."""
    form = row(clean(), QUANTITY, weight=30, points=27)
    return replace(form, total_weight=written(weight, "G28"), total_points=written(points, "H28"))


def test_a_total_that_leaves_the_execution_rate_out_is_not_the_sum_of_all_points() -> None:
    (seen,) = found(outside(100, 97), "points_sum")
    assert (seen.found, seen.expected) == ("97", "106.78")
    assert "少9.78分" in seen.message
    assert "没有计入预算执行率的9.78分" in seen.message


def test_what_is_compared_has_the_same_lines() -> None:
    """The rules give 106.78 of 110 as the unit does; its 97 are of 100 without 预算执行率."""
    form = reviewed(outside(100, 97))
    (one,) = told([Rechecked(form.form, "", form.recomputed, *totals(form.recomputed), ())]).forms
    assert (one.own, one.difference, one.deviation) == (Decimal(97), 0, 0)


def test_a_subtotal_of_the_indicators_within_100_points_is_one() -> None:
    form = replace(clean(), total_weight=written(90, "G28"), total_points=written(88, "H28"), grade=None)
    assert found(form, "points_sum") == []


def test_how_far_a_sum_is_off_is_told_with_its_direction() -> None:
    (more,) = found(replace(clean(), total_points=written("98.78", "H28")), "points_sum")
    (less,) = found(replace(clean(), total_points=written("96.78", "H28")), "points_sum")
    assert "多1分" in more.message
    assert "少1分" in less.message


def test_a_total_left_blank() -> None:
    (seen,) = found(replace(clean(), total_points=written("", "H28"), grade=None), "total_blank")
    assert (seen.severity, seen.spot.cell, seen.expected) == ("P1", "H28", "97.78")


def test_no_place_for_a_total_at_all() -> None:
    (seen,) = found(replace(clean(), total_points=None, total_weight=None, grade=None), "total_missing")
    assert (seen.severity, seen.expected) == ("P2", "97.78")


@pytest.mark.parametrize(
    "form",
    [
        clean(),
        # The total stands in the head.
        replace(clean(), total_points=None, labels={**clean().labels, "自评总分": written("97.78", "F4")}),
        # A table that is cut off, and one that nobody has filled in.
        replace(clean(), total_points=None, total_weight=None, indicators=clean().indicators[:3]),
        form_with((indicator(1, "举办培训期数", "≥20期", "", 90, ""),), (funds(200, 195, 10, ""),), total_points=written("", "H30")),
    ],
)  # fmt: skip
def test_a_total_that_is_there_or_cannot_be_yet(form: Form) -> None:
    assert found(form, "total_blank") + found(form, "total_missing") == []


def slip(unit: str, initial: object, adjusted: object, executed: object) -> Form:
    form = money(clean(), 0, initial=initial, adjusted=adjusted, executed=executed, rate="95%", points="9.5")
    rest = money(form, 1, initial=initial, adjusted=adjusted, executed=executed, rate="")
    parts = (*rest.funds[:2], replace(rest.funds[2], initial=None, adjusted=None, executed=None, rate=None))
    return replace(rest, funds=parts, money_unit=unit, total_points=written("97.5", "H28"))


@pytest.mark.parametrize(
    ("unit", "amounts", "cell", "expected"),
    [
        # 50亿 for a training course is what nobody has: the two budgets are in yuan.
        ("万元", (500000, 480000, "45.6"), "C10", "50万元、48万元"),
        ("万元", (50, 48, 456000), "E10", "45.6万元"),
        # A project of 50 yuan neither.
        ("元", (50, 48, 456000), "C10", "500000元、480000元"),
        ("元", (500000, 480000, "45.6"), "E10", "456000元"),
    ],
)
def test_the_cells_in_the_other_unit_are_those_that_no_project_has(
    unit: str, amounts: tuple[object, ...], cell: str, expected: str
) -> None:
    first = found(slip(unit, *amounts), "unit_slip")[0]
    assert (first.spot.cell, first.expected) == (cell, expected)


@pytest.mark.parametrize("amounts", [(500000, 480000, "45.6"), (50, 48, 456000)])
def test_points_of_amounts_in_two_units_are_open(amounts: tuple[object, ...]) -> None:
    line = next(r for r in reviewed(slip("万元", *amounts)).recomputed if r.rows == (EXECUTION,))
    assert (line.low, line.high) == (Decimal(0), Decimal(10))
    assert "单位" in line.sentence


def alike(unit: str, amount: int, kind: FormKind = FormKind.PROJECT) -> Form:
    form = replace(clean(), money_unit=unit, kind=kind)
    parts = tuple(funds(amount, amount, 10 if k is FundKind.TOTAL else None, 10, initial=amount, kind=k, row=10 + i)
                  for i, k in enumerate((FundKind.TOTAL, FundKind.FISCAL)))  # fmt: skip
    return replace(form, funds=parts)


@pytest.mark.parametrize(
    ("unit", "amount", "kind", "told"),
    [
        ("万元", 480000, FormKind.PROJECT, "以万元计为48亿元"),
        ("万元", 23_500_000, FormKind.DEPARTMENT, "以万元计为2350亿元"),
        ("元", 48, FormKind.PROJECT, "以元计只有48元"),
        ("万元", 48000, FormKind.PROJECT, ""),
        ("万元", 480000, FormKind.DEPARTMENT, ""),
        ("元", 480000, FormKind.PROJECT, ""),
    ],
)
def test_amounts_that_are_all_in_another_unit_than_the_head_says(
    unit: str, amount: int, kind: FormKind, told: str
) -> None:
    seen = found(alike(unit, amount, kind), "money_unit_doubt")
    assert [f.severity for f in seen] == (["P2"] if told else [])
    assert all(told in f.message and f.spot.cell == "D10" for f in seen)


def test_a_strict_sign_and_a_frequency_are_asked() -> None:
    strict = found(row(clean(), SATISFACTION, target="＞95.5%"), "value_doubt")
    often = found(row(clean(), QUANTITY, target="每季度5期", actual="18期"), "value_doubt")
    assert [f.spot.cell for f in (*strict, *often)] == ["F26", "F21"]
    assert "target_loose" not in {f.code for f in findings(row(clean(), QUANTITY, target="每月1期", actual="9期"))}


def test_what_is_suggested_fits_a_date() -> None:
    (late,) = found(row(clean(), TIME, target="9月底前", actual="11月"), "missed_but_full")
    (short,) = found(row(clean(), QUANTITY, points=20), "missed_but_full")
    assert "比例" not in late.suggestion
    assert "18分" in short.suggestion


def test_an_empty_cell_is_not_quoted() -> None:
    (blank,) = found(row(clean(), QUANTITY, remark=""), "reason_blank")
    (nothing,) = found(row(clean(), QUANTITY, remark="无"), "reason_blank")
    assert "“空白”" not in blank.message
    assert "偏差原因栏为“无”" in nothing.message
