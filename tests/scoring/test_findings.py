"""Findings: what a reader must know beside the number."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from workbench.scoring.remarks import rounding_findings
from workbench.scoring.result import IndicatorResult, SubjectResult

Engage = Callable[..., Any]
Ind = Callable[..., dict[str, Any]]
ByCode = Callable[[SubjectResult], dict[str, IndicatorResult]]


def messages(result: SubjectResult, code: str) -> list[str]:
    return [f.message for f in result.findings if f.code == code]


# ---------------------------------------------------------------------------------------------------------------------
# rounding
# ---------------------------------------------------------------------------------------------------------------------


def test_rounding_that_changes_the_grade_is_said(engage: Engage, ind: Ind) -> None:
    # Hand: 4 × (25 × 79.995…%): the value 79.9951 shows as 80.00, each indicator gives 20.00, the total 80.00 is 良;
    # unrounded it is 79.9951, which is 中.
    tree = [ind(f"A{i}", "25", value="data.x / data.y * 100") for i in range(4)]
    result = engage(tree, {"P1": {"x": "79.9951", "y": "100"}}).one()
    assert (result.total, result.grade) == ("80.00", "良")
    [message] = messages(result, "rounding_changes_grade")
    assert "80.00分评为“良”" in message and "若各步不取整则为“中”" in message and "以显示的得分为准" in message


def test_rounding_down_that_changes_the_grade_is_said_too(engage: Engage, ind: Ind) -> None:
    # Hand: three times 33.334 × 90.001 % … shown 90.00 × 33.33: see below. Value 90.004 → 90.00 of 100 → 90.00 stays 优;
    # value 89.9949 → 89.99 → 良, and unrounded 89.9949 is 良 as well: no finding.
    tree = [ind("A", "100", value="data.x / data.y * 100")]
    for x, total in (("90.004", "90.00"), ("89.9949", "89.99")):
        result = engage(tree, {"P1": {"x": x, "y": "100"}}).one()
        assert result.total == total
        assert not messages(result, "rounding_changes_grade")
    # Rounding of points alone: 30 weights of 3.33 and one of 0.1, each at 90.05 %. Hand: 3.33 × 0.9005 = 2.998665 → 3.00,
    # thirty times 90.00, and 0.1 × 0.9005 → 0.09: 90.09 shown; unrounded 90.05. Both 优: no finding either.
    many = [ind(f"A{i}", "3.33", value="data.x") for i in range(30)] + [ind("B", "0.1", value="data.x")]
    result = engage(many, {"P1": {"x": "90.05"}}).one()
    assert (result.total, messages(result, "rounding_changes_grade")) == ("90.09", [])
    # At 89.99 %: 3.33 × 0.8999 = 2.996667 → 3.00; shown 90.00 + 0.09 = 90.09 優; unrounded 89.99 良.
    result = engage(many, {"P1": {"x": "89.99"}}).one()
    assert (result.total, result.grade) == ("90.09", "优")
    assert messages(result, "rounding_changes_grade")


def test_an_incomplete_evaluation_has_no_grade_that_rounding_could_change(engage: Engage, ind: Ind) -> None:
    made = engage([ind("A", "100")], {"P1": {"a": None}})
    assert not rounding_findings(made.card(), made.totals(), made.totals())


# ---------------------------------------------------------------------------------------------------------------------
# published numbers
# ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("claimed", "differs"),
    [("9.8", False), ("9.80", False), ("9.804", False), ("9.805", True), ("9", True), ("10", True), (None, False)],
)
def test_claimed_points_that_depart_from_the_rule(engage: Engage, ind: Ind, claimed: str | None, differs: bool) -> None:
    # issue 2: yongde 98/100 → 9, where the rule gives 10 × 98/100 = 9.80.
    tree = [ind("A", "10", claimed="data.claim"), ind("B", "90")]
    result = engage(tree, {"P1": {"a": "98", "b": "100", "claim": claimed}}).one()
    found = messages(result, "claimed_points_differ")
    assert bool(found) is differs
    if claimed == "9":
        assert "得分9.00" in found[0] and "caiyu-2020-10为9.80" in found[0] and "相差-0.80分" in found[0]
        assert "98%" in found[0]  # the sentence of the rule
    assert result.indicators[0].final == "9.80"  # a claim changes nothing


def test_a_claim_on_an_unscored_indicator_is_no_difference(engage: Engage, ind: Ind) -> None:
    tree = [ind("A", "10", claimed="data.claim"), ind("B", "90")]
    assert not messages(engage(tree, {"P1": {"a": None, "b": "1", "claim": "9"}}).one(), "claimed_points_differ")


@pytest.mark.parametrize(
    ("total", "grade", "found"),
    [
        ("85.00", "良", set()),
        ("85.004", None, set()),
        ("85.01", None, {"published_total_differs"}),
        ("95", "优", {"published_total_differs", "published_grade_differs"}),
        (None, "良好", set()),  # 克州's own word for 良
        (None, "优秀", {"published_grade_differs"}),
    ],
)
def test_published_total_and_grade(
    engage: Engage, ind: Ind, total: str | None, grade: str | None, found: set[str]
) -> None:
    made = engage(
        [ind("A", "100")], {"P1": {"a": "85"}}, policy="kizilsu-2023", published_total=[total], published_grade=[grade]
    )
    result = made.one()
    assert {f.code for f in result.findings if f.code.startswith("published")} == found


def test_a_published_total_of_an_incomplete_evaluation_is_compared_with_the_interval(engage: Engage, ind: Ind) -> None:
    tree = [ind("A", "60"), ind("B", "40")]
    made = engage(tree, {"P1": {"a": "100", "b": None}}, published_total=["97"], published_grade=["优"])
    assert not [f for f in made.one().findings if f.code.startswith("published")]


# ---------------------------------------------------------------------------------------------------------------------
# odd rates and the pack's own checks
# ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "more", "found"),
    [
        ("102.59", {}, True),  # issue 2: jinzhai_2023_dept 102.59 % flagged and capped
        ("100", {}, False),
        ("100.00", {}, False),
        ("120", {"target": "110"}, False),  # a target above 100 % means more than all is meant
        ("120", {"direction": "lte"}, False),
        ("120", {"unit": "次"}, False),
        ("120", {"over_100": True}, False),  # the pack says that more than all is nothing odd
    ],
)
def test_a_rate_above_all(engage: Engage, ind: Ind, value: str, more: dict[str, Any], found: bool) -> None:
    result = engage([ind("A", "100", **more)], {"P1": {"a": value}}).one()
    assert bool(messages(result, "rate_over_100")) is found
    if found:
        assert result.indicators[0].final == "100.00"
        assert "102.59%" in messages(result, "rate_over_100")[0]


CHECK = {
    "code": "below",
    "when": "data.x / data.y * 100 >= 29",
    "message": "甲{x}、乙{y},占{share}",
    "show": {
        "x": {"expr": "data.x", "title": "甲", "unit": "万元"},
        "y": {"expr": "data.y", "title": "乙"},
        "share": {"expr": "data.x / data.y * 100", "title": "比", "unit": "%"},
    },
}


def test_checks_of_the_pack(engage: Engage, ind: Ind) -> None:
    rows = {
        "P1": {"a": "1", "x": "29", "y": "100"},  # exactly 29 %, which binary arithmetic puts below
        "P2": {"a": "1", "x": "28.99", "y": "100"},
        "P3": {"a": "1", "x": "1", "y": "0"},
        "P4": {"a": "1", "x": None, "y": "1"},
    }
    results = engage([ind("A", "100")], rows, pack={"checks": [CHECK]}).results()
    assert [messages(r, "below") for r in results.values()] == [["甲29万元、乙100,占29%"], [], [], []]


def test_checks_show_what_is_missing(engage: Engage, ind: Ind) -> None:
    check = CHECK | {"when": "data.x IS NULL", "severity": "error", "indicator": "A"}
    result = engage([ind("A", "100")], {"P1": {"a": "1", "x": None, "y": "1"}}, pack={"checks": [check]}).one()
    [found] = [f for f in result.findings if f.code == "below"]
    assert (found.message, found.severity, found.indicator) == ("甲缺、乙1,占缺", "error", "A")


def test_checks_can_name_a_text_column(engage: Engage, ind: Ind) -> None:
    show = {"who": {"expr": "name", "title": "对象"}, "grade": {"expr": "published_grade", "title": "公布等级"}}
    check = {"code": "below", "when": "data.x > 0", "message": "{who}公布等级{grade},{x}", "show": CHECK["show"] | show}
    result = engage([ind("A", "100")], {"P1": {"a": "1", "x": "2", "y": "1"}}, pack={"checks": [check]}).one()
    assert messages(result, "below") == ["项目P1公布等级缺,2万元"]


# ---------------------------------------------------------------------------------------------------------------------
# peers
# ---------------------------------------------------------------------------------------------------------------------

RANKED = {"rule": {"kind": "range_normalised"}, "target": None, "unit": "万元"}


def test_rows_for_comparison_are_no_results_but_peers_see_them(engage: Engage, ind: Ind, by_code: ByCode) -> None:
    # Rows marked 参照 are peers to compare with, not results.
    tree = [ind("A", "100", **RANKED)]
    rows = {"P1": {"a": "50"}, "P2": {"a": "60"}, "R1": {"a": "0"}, "R2": {"a": "200"}}
    roles = ["评价对象", None, "参照", "参照"]
    results = engage(tree, rows, role=roles).results()
    # Hand: between 0 and 200, 50 is a quarter and 60 three tenths.
    assert {s: r.total for s, r in results.items()} == {"P1": "25.00", "P2": "30.00"}
    alone = engage(tree, {"P1": {"a": "50"}, "P2": {"a": "60"}}).results()
    assert {s: r.total for s, r in alone.items()} == {"P1": "0.00", "P2": "100.00"}


def test_results_stand_in_order_of_id(engage: Engage, ind: Ind) -> None:
    rows = {s: {"a": "50"} for s in ("P10", "P2", "甲", "A")}
    assert list(engage([ind("A", "100")], rows).results()) == ["A", "P10", "P2", "甲"]


# ---------------------------------------------------------------------------------------------------------------------
# the formula with the numbers put in
# ---------------------------------------------------------------------------------------------------------------------

TYPES = {"done": {"type": "date"}, "start": {"type": "date"}, "ok": {"type": "bool"}}


@pytest.mark.parametrize(
    ("sql", "written", "shown"),
    [
        ("data.x / data.y * 100", "x栏÷y栏×100", "79.27÷100×100=79.27%"),
        ("(data.x - data.y) / data.y", "(x栏−y栏)÷y栏", "(79.27−100)÷100=-0.21%"),
        ("data.x - (data.y - data.z)", "x栏−(y栏−z栏)", "79.27−(100−3)=-17.73%"),
        ("data.x / (data.y * data.z)", "x栏÷(y栏×z栏)", "79.27÷(100×3)=0.26%"),
        ("-(data.x - data.y)", "−(x栏−y栏)", "−(79.27−100)=20.73%"),
        ("-data.x + data.y", "−x栏+y栏", "−79.27+100=20.73%"),
        ("data.x / nullif(data.y, 0)", "x栏÷y栏", "79.27÷100=0.79%"),
        # Brackets stay where nullif or a cast stands around a sum or product (it used to say 79.27÷100+3).
        ("data.x / nullif(data.y + data.z, 0)", "x栏÷(y栏+z栏)", "79.27÷(100+3)=0.77%"),
        ("data.x / CAST(data.y * data.z AS DECIMAL)", "x栏÷(y栏×z栏)", "79.27÷(100×3)=0.26%"),
        ("coalesce(data.gone, data.x)", "gone栏(未填时取x栏)", "79.27=79.27%"),
        ("data.x / data.gone", "x栏÷gone栏", "79.27÷缺=缺"),
        ("least(data.x, 50)", "较小值(x栏、50)", "较小值(79.27、50)=50%"),
        (
            "CASE WHEN data.z > 2 THEN data.x ELSE data.y END",
            "(z栏>2时取x栏;否则取y栏)",
            "79.27=79.27%",
        ),
        # A text beside a date is read as a date (it used to end in a traceback).
        (
            "CASE WHEN data.done <= '2023-12-31' THEN data.x ELSE data.y END",
            "(done栏≤2023-12-31时取x栏;否则取y栏)",
            "79.27=79.27%",
        ),
        # What cannot be evaluated exactly is shown whole rather than by a branch that was not taken (it said 100=79.27%).
        (
            "CASE WHEN date_diff('day', data.start, data.done) <= 30 THEN data.x ELSE data.y END",
            None,
            None,
        ),
    ],
)
def test_formula_and_numbers(engage: Engage, ind: Ind, sql: str, written: str | None, shown: str | None) -> None:
    row = {"x": "79.27", "y": "100", "z": "3", "gone": None, "start": "2023-12-01", "done": "2023-12-31", "ok": True}
    a = engage([ind("A", "100", value=sql)], {"P1": row}, types=TYPES).one().indicators[0]
    if written is None:
        assert a.substituted is not None
        assert "79.27" in a.substituted and a.substituted.endswith("=79.27%")
        return
    assert (a.formula, a.substituted) == (written, shown)


@pytest.mark.parametrize(
    "sql",
    [
        "data.done > '2023-12-30'",
        "data.done IN ('2023-12-31')",
        "greatest(data.done, data.start) = data.done",
        "data.ok AND data.x > 1",
        "data.x = data.ok",
        "coalesce(data.done > 'kein Datum', data.ok)",
    ],
)
def test_formulas_over_dates_and_yes_no_never_end_in_a_traceback(engage: Engage, ind: Ind, sql: str) -> None:
    from workbench.base.errors import WorkbenchError

    row = {"x": "79.27", "start": "2023-12-01", "done": "2023-12-31", "ok": True}
    made = engage([ind("A", "100", rule={"kind": "yes_no"}, target=None, value=sql)], {"P1": row}, types=TYPES)
    try:
        result = made.one()
    except WorkbenchError:
        return  # refused with a message
    assert result.indicators[0].substituted
    assert Decimal(result.interval[1]) <= 100


def test_a_zero_denominator_is_named_with_its_cell(engage, ind):
    # docs/semantics.md §4: a division by zero names table, row and field, and what to check.
    made = engage([ind("A", "100", value="data.x / data.y * 100")], {"P1": {"x": "5", "y": "0"}})
    (finding,) = [f for f in made.one().findings if f.code == "zero_denominator"]
    assert "分母“y栏”为0" in finding.message and "[data表]" in finding.message and "请核对" in finding.message
    assert made.one().indicators[0].status == "unscored"


def test_a_zero_sum_is_named_in_the_words_of_the_sheet(engage, ind):
    made = engage(
        [ind("A", "100", value="data.x / nullif(data.y + data.z, 0)")], {"P1": {"x": "5", "y": "3", "z": "-3"}}
    )
    (finding,) = [f for f in made.one().findings if f.code == "zero_denominator"]
    assert "分母“y栏+z栏”为0" in finding.message
    assert "data." not in finding.message + made.one().indicators[0].explanation
