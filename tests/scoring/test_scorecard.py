"""Statuses: a value is missing, not applicable or a number; only verified evidence makes a score final."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from workbench.base.errors import ExpressionError
from workbench.evidence.tables import EvidenceStatus, Proof, Waiver
from workbench.scoring.kinds import Inputs, Points, RuleKind
from workbench.scoring.result import IndicatorResult, SubjectResult
from workbench.scoring.scorecard import score

Engage = Callable[..., Any]
Ind = Callable[..., dict[str, Any]]
ByCode = Callable[[SubjectResult], dict[str, IndicatorResult]]


def findings(result: SubjectResult, code: str) -> list[str]:
    return [f.message for f in result.findings if f.code == code]


def overdue(**more: Any) -> Proof:
    """Evidence that did not come: with a notice of 5 January and a deadline of 20 January, both recorded."""
    said: dict[str, Any] = {
        "notice_number": "补字〔2024〕3号",
        "notice_date": date(2024, 1, 5),
        "deadline": date(2024, 1, 20),
        "place": "佐证清单 第3行",
    }
    return Proof("P1", "A", EvidenceStatus.overdue, **said | more)


def waiver(code: str = "A", **more: Any) -> Waiver:
    said: dict[str, Any] = {
        "reason": "本年度无此类服务对象",
        "proof": "情况说明",
        "approver": "李四",
        "approved_on": date(2024, 2, 1),
        "place": "不适用申请 第2行",
    }
    return Waiver("P1", code, **said | more)


# ---------------------------------------------------------------------------------------------------------------------
# evidence status
# ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "value", "expected", "points"),
    [
        # docs/semantics.md §1: a typed number alone is not 佐证; its points are 拟得分 until verified.
        (None, "85", "provisional", "85.00"),
        ("missing", "85", "provisional", "85.00"),
        ("unverified", "85", "provisional", "85.00"),
        ("verified", "85", "scored", "85.00"),
        ("overdue", "85", "unscored", None),
        ("contradicted", "85", "unscored", None),
        # docs/semantics.md §1: NULL means missing, and missing is never filled, whatever the evidence says.
        (None, None, "unscored", None),
        ("unverified", None, "unscored", None),
        ("verified", None, "unscored", None),
        ("contradicted", None, "unscored", None),
        # A zero is a value.
        ("verified", "0", "scored", "0.00"),
    ],
)
def test_status_of_an_indicator(
    engage: Engage, ind: Ind, status: str | None, value: str | None, expected: str, points: str | None
) -> None:
    result = engage([ind("A", "100")], {"P1": {"a": value}}, status=status).one()
    [a] = result.indicators
    assert (a.status, a.computed, a.final) == (expected, points, points)
    assert result.complete is (points is not None)
    assert result.provisional is (expected == "provisional")
    if points is None:
        assert (a.low, a.high) == ("0.00", "100.00")
        assert (result.total, result.grade, result.interval) == (None, None, ["0.00", "100.00"])


def test_a_missing_value_makes_an_interval_and_no_grade(engage: Engage, ind: Ind) -> None:
    # Hand: 60 × 85 % = 51 is sure, 40 points are open: between 51 and 91.
    tree = [ind("A", "60"), ind("B", "40", "效益")]
    result = engage(tree, {"P1": {"a": "85", "b": None}}).one()
    assert (result.total, result.interval, result.grade, result.score_grade) == (None, ["51.00", "91.00"], None, None)
    assert [(x.name, x.points, x.low, x.high) for x in result.levels] == [
        ("产出", "51.00", "51.00", "51.00"),
        ("效益", None, "0.00", "40.00"),
    ]
    [line] = [s for s in result.steps if s.step == "incomplete"]
    assert "51.00—91.00" in line.text and "1项未评分:指标B" in line.text
    assert not [s for s in result.steps if s.step in ("total", "grade", "consequence")]


def test_a_missing_target_is_missing_too(engage: Engage, ind: Ind) -> None:
    tree = [ind("A", "100", target="data.t")]
    result = engage(tree, {"P1": {"a": "85", "t": None}}).one()
    assert result.indicators[0].status == "unscored"
    assert "t栏" in result.indicators[0].explanation


def test_the_reason_of_a_missing_value_is_named(engage: Engage, ind: Ind, by_code: ByCode) -> None:
    tree = [
        ind("A", "40", value="data.x / data.y * 100"),
        ind("B", "30", value="data.x / data.zero * 100"),
        ind("C", "30", value="data.x / (data.zero * data.x) * 100"),
    ]
    found = by_code(engage(tree, {"P1": {"x": "5", "y": None, "zero": "0"}}).one())
    assert "“y栏”未填报" in found["A"].explanation
    assert "x栏" not in found["A"].explanation
    assert "分母“zero栏”为0" in found["B"].explanation
    assert "为0" in found["C"].explanation
    assert {i.status for i in found.values()} == {"unscored"}


def test_infinity_and_nan_are_never_scored(engage: Engage, ind: Ind, by_code: ByCode) -> None:
    tree = [
        ind("A", "40", value="least(data.x / data.zero * 100, 100)"),
        ind("B", "30", value="sqrt(0 - data.x)"),
        ind("C", "30", value="exp(data.x * 1000)"),
    ]
    result = engage(tree, {"P1": {"x": "5", "zero": "0"}}).one()
    assert {i.status for i in result.indicators} == {"unscored"}
    assert result.interval == ["0.00", "100.00"]


# ---------------------------------------------------------------------------------------------------------------------
# 逾期未提供
# ---------------------------------------------------------------------------------------------------------------------


def test_overdue_after_a_recorded_notice_scores_zero_by_a_named_rule(engage: Engage, ind: Ind) -> None:
    # docs/semantics.md §1: only 逾期未提供, after a recorded 补充资料通知, scores 0 under a named rule.
    result = engage([ind("A", "100")], {"P1": {"a": "85"}}, status=None, proofs=[overdue()]).one()
    [a] = result.indicators
    assert (a.status, a.computed, a.final, a.low, a.high) == ("zero_by_rule", "0.00", "0.00", "0.00", "0.00")
    assert "补字〔2024〕3号" in a.explanation and "2024-01-05" in a.explanation and "得0分" in a.explanation
    assert "经书面通知补充后逾期未提供佐证" in a.explanation  # the rule's name
    assert (result.complete, result.total, result.grade) == (True, "0.00", "差")


@pytest.mark.parametrize(
    ("more", "as_of", "word"),
    [
        ({"notice_number": None}, "2024-03-01", "没有补充资料通知"),
        ({"notice_date": None}, "2024-03-01", "没有补充资料通知"),
        ({"notice_number": None, "notice_date": None}, "2024-03-01", "没有补充资料通知"),
        ({}, "2024-01-19", "补充期限2024-01-20未过"),
        # On the last day the evidence may still come.
        ({}, "2024-01-20", "补充期限2024-01-20未过"),
    ],
)
def test_overdue_without_notice_or_before_the_deadline_is_unscored(
    engage: Engage, ind: Ind, more: dict[str, Any], as_of: str, word: str
) -> None:
    made = engage([ind("A", "100")], {"P1": {"a": "85"}}, status=None, proofs=[overdue(**more)], as_of=as_of)
    result = made.one()
    assert result.indicators[0].status == "unscored"
    assert result.interval == ["0.00", "100.00"]
    [message] = findings(result, "overdue_without_notice")
    assert word in message and "佐证清单 第3行" in message


@pytest.mark.parametrize(("as_of", "status"), [("2024-01-21", "zero_by_rule"), ("2024-01-20", "unscored")])
def test_the_deadline_is_read_against_as_of(engage: Engage, ind: Ind, as_of: str, status: str) -> None:
    # Nothing reads the clock (docs/semantics.md §6).
    made = engage([ind("A", "100")], {"P1": {"a": "85"}}, status=None, proofs=[overdue()], as_of=as_of)
    assert made.one().indicators[0].status == status


def test_a_notice_dated_after_as_of_does_not_count(engage: Engage, ind: Ind) -> None:
    # A notice of the future has not been given.
    late = overdue(notice_date=date(2024, 5, 1), deadline=None)
    made = engage([ind("A", "100")], {"P1": {"a": "85"}}, status=None, proofs=[late], as_of="2024-03-01")
    assert made.one().indicators[0].status == "unscored"


def test_overdue_of_two_documents_names_the_notice(engage: Engage, ind: Ind) -> None:
    proofs = [overdue(notice_number=None), overdue()]
    [a] = engage([ind("A", "100")], {"P1": {"a": "85"}}, status=None, proofs=proofs).one().indicators
    assert a.status == "zero_by_rule"
    assert "补字〔2024〕3号" in a.explanation


# ---------------------------------------------------------------------------------------------------------------------
# 核实不符
# ---------------------------------------------------------------------------------------------------------------------


def contradicted(value: str | None) -> Proof:
    number = None if value is None else Decimal(value)
    return Proof("P1", "A", EvidenceStatus.contradicted, verified_value=number, place="佐证清单 第4行")


def test_contradicted_with_a_verified_value_scores_that_value(engage: Engage, ind: Ind) -> None:
    # Hand: 100 × 72.5 % = 72.50, not 85.
    made = engage([ind("A", "100")], {"P1": {"a": "85"}}, status=None, proofs=[contradicted("72.5")])
    [a] = made.one().indicators
    assert (a.status, a.value, a.final, a.evidence_status) == ("scored", "72.50", "72.50", "核实不符")
    assert "按核定值计" in a.explanation


def test_the_verified_value_is_rounded_to_the_declared_decimals(engage: Engage, ind: Ind) -> None:
    made = engage([ind("A", "100")], {"P1": {"a": "85"}}, status=None, proofs=[contradicted("72.675")])
    assert made.one().indicators[0].value == "72.68"


def test_the_verified_value_keeps_its_decimals_where_the_column_has_none(engage: Engage, ind: Ind) -> None:
    # The field is a whole number, the indicator has two decimals: 72.5 is not 73.
    types = {"a": {"type": "integer"}}
    made = engage([ind("A", "100")], {"P1": {"a": "85"}}, status=None, proofs=[contradicted("72.5")], types=types)
    assert made.one().indicators[0].final == "72.50"


def test_contradicted_without_a_verified_value_is_unscored_and_says_so(engage: Engage, ind: Ind) -> None:
    made = engage([ind("A", "100")], {"P1": {"a": "85"}}, status=None, proofs=[contradicted(None)])
    result = made.one()
    [a] = result.indicators
    assert (a.status, a.final) == ("unscored", None)
    assert "核实不符" in a.explanation and "核定值" in a.explanation
    assert findings(result, "no_verified_value")


def test_the_formula_does_not_equate_typed_numbers_with_the_verified_value(engage: Engage, ind: Ind) -> None:
    # docs/semantics.md §7: a report that says another number than the table. 85÷100×100 is not 72.5.
    tree = [ind("A", "100", value="data.x / data.y * 100")]
    made = engage(tree, {"P1": {"x": "85", "y": "100"}}, status=None, proofs=[contradicted("72.5")])
    [a] = made.one().indicators
    assert a.substituted is not None
    assert not a.substituted.endswith("×100=72.5%")
    assert "核定值72.5%" in a.substituted


@pytest.mark.parametrize("value", [None, "5"])
def test_contradicted_inputs_that_no_verified_value_can_replace_are_unscored(
    engage: Engage, ind: Ind, value: str | None
) -> None:
    # The rule reads no value, only elements; a 核定值 has nowhere to go, so the contradicted elements must not score.
    rule = {"kind": "element_count"}
    tree = [ind("A", "100", rule=rule, value=None, target=None, inputs={"e": {"expr": "data.e", "title": "要素"}})]
    made = engage(tree, {"P1": {"e": "1"}}, status=None, proofs=[contradicted(value)])
    assert made.one().indicators[0].status == "unscored"


def test_an_indicator_is_as_sure_as_its_least_certain_document(engage: Engage, ind: Ind) -> None:
    proof = Proof("P1", "A", EvidenceStatus.verified)
    tree = [ind("A", "100")]
    for second, expected in [
        (EvidenceStatus.verified, "scored"),
        (EvidenceStatus.unverified, "provisional"),
        (EvidenceStatus.missing, "provisional"),
        (EvidenceStatus.contradicted, "unscored"),
        (EvidenceStatus.overdue, "unscored"),
    ]:
        for proofs in ([proof, Proof("P1", "A", second)], [Proof("P1", "A", second), proof]):
            made = engage(tree, {"P1": {"a": "85"}}, status=None, proofs=proofs)
            assert made.one().indicators[0].status == expected


def test_a_register_line_with_an_unknown_code_is_said_and_not_used(engage: Engage, ind: Ind) -> None:
    proof = Proof("P1", "B", EvidenceStatus.verified, place="佐证清单 第9行")
    result = engage([ind("A", "100")], {"P1": {"a": "85"}}, status=None, proofs=[proof]).one()
    [message] = findings(result, "unknown_indicator")
    assert "佐证清单 第9行" in message and "“B”" in message


def test_points_without_proof_are_counted(engage: Engage, ind: Ind) -> None:
    result = engage([ind("A", "60"), ind("B", "40")], {"P1": {"a": "85", "b": "90"}}, status={"B": "unverified"}).one()
    [message] = findings(result, "no_proof")
    assert message.startswith("1项") and "指标A" in message


# ---------------------------------------------------------------------------------------------------------------------
# 不适用
# ---------------------------------------------------------------------------------------------------------------------


def test_applies_decides_row_by_row(engage: Engage, ind: Ind, by_code: ByCode) -> None:
    tree = [ind("A", "60"), ind("B", "40", applies="data.kind = 1")]
    rows = {
        "P1": {"a": "90", "b": "50", "kind": "1"},
        "P2": {"a": "90", "b": "50", "kind": "2"},
        "P3": {"a": "90", "b": "50", "kind": None},
    }
    results = engage(tree, rows).results()
    assert [by_code(r)["B"].status for r in results.values()] == ["scored", "not_applicable", "scored"]
    b = by_code(results["P2"])["B"]
    assert (b.computed, b.final) == (None, None)
    assert "不适用" in b.explanation
    # Hand: P1 54 + 20; P2 54/60 of 100 = 90.
    assert [r.total for r in results.values()] == ["74.00", "90.00", "74.00"]


def test_what_the_pack_calls_provisional_stays_so_though_verified(engage: Engage, ind: Ind, by_code: ByCode) -> None:
    tree = [ind("A", "60", provisional="coalesce(data.counted < 50, TRUE)"), ind("B", "40")]
    rows = {
        "P1": {"a": "90", "b": "50", "counted": "49"},
        "P2": {"a": "90", "b": "50", "counted": "50"},
        "P3": {"a": "90", "b": "50", "counted": None},
        "P4": {"a": None, "b": "50", "counted": "50"},
    }
    results = engage(tree, rows).results()
    found = [by_code(r)["A"] for r in results.values()]
    assert [i.status for i in found] == ["provisional", "scored", "provisional", "unscored"]
    assert found[0].explanation.endswith("计分的前提不成立(见发现的问题),只作拟得分")
    # Hand: 90 % of 60 points and 50 % of 40, whatever the status.
    assert [r.total for r in results.values()] == ["74.00", "74.00", "74.00", None]
    assert [r.provisional for r in results.values()] == [True, False, True, False]


def test_an_applies_condition_on_a_quotient_is_exact(engage: Engage, ind: Ind, by_code: ByCode) -> None:
    # 29/100*100 >= 29 is false in binary: the indicator would silently not apply.
    tree = [ind("A", "60"), ind("B", "40", applies="data.x / data.y * 100 >= 29")]
    result = engage(tree, {"P1": {"a": "90", "b": "50", "x": "29", "y": "100"}}).one()
    assert by_code(result)["B"].status == "scored"


def test_a_written_waiver_is_accepted_with_reason_proof_approver_and_date(engage: Engage, ind: Ind) -> None:
    made = engage([ind("A", "15"), ind("B", "85")], {"P1": {"a": "10", "b": "100"}}, waivers=[waiver()])
    result = made.one()
    a = result.indicators[0]
    assert a.status == "not_applicable"
    for part in ("本年度无此类服务对象", "情况说明", "李四", "2024-02-01"):
        assert part in a.explanation
    # Hand: 85/85 of 100.
    assert result.total == "100.00"
    # docs/semantics.md §1: the share dropped is shown, above 20 % (示例,可改) as a finding that warns.
    assert findings(result, "not_applicable_share") == ["不适用指标分值合计15.00分"]


@pytest.mark.parametrize(("weight", "severity"), [("20", "info"), ("20.01", "warning"), ("60", "warning")])
def test_the_share_dropped_warns_above_twenty(engage: Engage, ind: Ind, weight: str, severity: str) -> None:
    tree = [ind("A", weight), ind("B", str(100 - Decimal(weight)))]
    result = engage(tree, {"P1": {"a": "1", "b": "1"}}, waivers=[waiver()]).one()
    [found] = [f for f in result.findings if f.code == "not_applicable_share"]
    assert found.severity == severity


@pytest.mark.parametrize("reason", ["该活动未实施", "因资金未到尚未开展", "项目没有实施"])
def test_not_done_is_not_inapplicable(engage: Engage, ind: Ind, reason: str) -> None:
    made = engage([ind("A", "100")], {"P1": {"a": "0"}}, waivers=[waiver(reason=reason)])
    result = made.one()
    assert (result.indicators[0].status, result.total) == ("scored", "0.00")
    [message] = findings(result, "waiver_refused")
    assert "未实施不等于不适用" in message


@pytest.mark.parametrize(
    ("more", "word"),
    [
        ({"proof": " "}, "须写明理由、证明和批准人"),
        ({"approver": ""}, "须写明理由、证明和批准人"),
        ({"approved_on": date(2024, 3, 2)}, "在评价基准日2024-03-01之后"),
    ],
)
def test_a_waiver_must_be_written_and_approved(engage: Engage, ind: Ind, more: dict[str, Any], word: str) -> None:
    # docs/semantics.md §1: a written 不适用 with reason, proof, approver and time.
    result = engage([ind("A", "100")], {"P1": {"a": "50"}}, waivers=[waiver(**more)]).one()
    assert result.indicators[0].status == "scored"
    assert word in findings(result, "waiver_refused")[0]


def test_an_approved_indicator_needs_an_approved_adjustment_first(engage: Engage, ind: Ind) -> None:
    tree = [ind("A", "15", approved=True), ind("B", "85")]
    rows = {"P1": {"a": "50", "b": "100"}}
    refused = engage(tree, rows, waivers=[waiver()]).one()
    assert refused.indicators[0].status == "scored"
    assert "须先有绩效目标调整批复文号" in findings(refused, "waiver_refused")[0]
    accepted = engage(tree, rows, waivers=[waiver(adjustment="财预调〔2023〕8号")]).one()
    assert accepted.indicators[0].status == "not_applicable"


def test_a_waiver_beats_zero_by_rule_but_not_by_accident(engage: Engage, ind: Ind) -> None:
    # What does not apply needs no evidence; the order is evidence status → measures → points → 不适用 (docs/semantics.md §3).
    tree = [ind("A", "15"), ind("B", "85")]
    made = engage(
        tree, {"P1": {"a": "50", "b": "100"}}, status={"B": "verified"}, proofs=[overdue()], waivers=[waiver()]
    )
    assert made.one().indicators[0].status == "not_applicable"


def test_a_waiver_for_an_unknown_code(engage: Engage, ind: Ind) -> None:
    result = engage([ind("A", "100")], {"P1": {"a": "50"}}, waivers=[waiver("X")]).one()
    assert "不适用申请" in findings(result, "unknown_indicator")[0]


# ---------------------------------------------------------------------------------------------------------------------
# the number shown is the number used
# ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("executed", "budget", "value", "points"),
    [
        # liangping_forestry_2022 (issue 2): 79.27 % of 10 gives 7.93. Hand: 79.265… → 79.27, 7.927 → 7.93.
        ("79.265", "100", "79.27", "7.93"),
        # Rounded once only the value 79.2649 gives 79.26 and 7.93; the value shown decides: 7.926 → 7.93.
        ("79.2649", "100", "79.26", "7.93"),
        # 79.245 → 79.25 → 7.925 → 7.93, where 79.245 unrounded would give 7.92.
        ("79.245", "100", "79.25", "7.93"),
        ("2", "3", "66.67", "6.67"),
    ],
)
def test_value_and_points_are_rounded_as_shown(
    engage: Engage, ind: Ind, executed: str, budget: str, value: str, points: str
) -> None:
    tree = [ind("A", "10", value="data.x / data.y * 100"), ind("B", "90")]
    a = engage(tree, {"P1": {"x": executed, "y": budget, "b": "100"}}).one().indicators[0]
    assert (a.value, a.final) == (value, points)
    assert f"{value}%" in a.explanation and f"={points}分" in a.explanation


def test_seventy_percent_of_ten_under_both_rulesets(engage: Engage, ind: Ind) -> None:
    # issue 2: 7.00 under 10号 and 2.50 under 101号 ((70 − 60)/(100 − 60) × 10).
    tree = [ind("A", "10", judged="quantitative", target="100"), ind("B", "90")]
    rows = {"P1": {"a": "70", "b": "100"}}
    found = {r: engage(tree, rows, ruleset=r).one().indicators[0] for r in ("caiyu-2020-10", "caiyu-2021-101")}
    assert {r: i.final for r, i in found.items()} == {"caiyu-2020-10": "7.00", "caiyu-2021-101": "2.50"}
    assert all(i.rule == "proportional@1.0.0" for i in found.values())


def test_other_decimals_of_points(engage: Engage, ind: Ind, ruleset_of: Callable[[str], Any]) -> None:
    # Hand: 100 × 66.67 % with no decimals is 67; the total is the sum of what is shown.
    rules = ruleset_of("caiyu-2020-10").model_copy(update={"points_decimals": 0})
    tree = [ind("A", "50", value="data.x / 3 * 100"), ind("B", "50", value="data.x / 3 * 100")]
    result = engage(tree, {"P1": {"x": "2"}}, ruleset=rules).one()
    # Hand: 50 × 66.67 % = 33.335 → 33, twice.
    assert [i.final for i in result.indicators] == ["33", "33"]
    assert result.total == "66"


# ---------------------------------------------------------------------------------------------------------------------
# rule kinds of plugins
# ---------------------------------------------------------------------------------------------------------------------


def bad(inputs: Inputs, params: Any) -> Points:
    return Points(np.zeros(7, dtype=np.int64), np.zeros(7, dtype=np.int8), np.ones(7, dtype=bool))


def floats(inputs: Inputs, params: Any) -> Points:
    n = len(inputs)
    return Points(np.full(n, 0.1), np.zeros(n, dtype=np.int8), np.ones(n, dtype=bool))


def raises(inputs: Inputs, params: Any) -> Points:
    raise KeyError("x")


@pytest.mark.parametrize("function", [bad, floats, raises])
def test_a_rule_kind_that_is_broken_is_named(engage: Engage, ind: Ind, function: Callable[..., Points]) -> None:
    made = engage([ind("A", "100", rule="given")], {"P1": {"a": "1"}, "P2": {"a": "2"}})
    kind = made.scheme.indicators[0].rule.kind
    params = type(made.scheme.indicators[0].params)
    wrong = RuleKind(kind, "9.9.9", "坏", "", params, {"unscored": ""}, function, str, distribution="demo-plugin")
    with pytest.raises(ExpressionError, match=r"given.*demo-plugin 9\.9\.9"):
        score(made.scheme, made.evidence, {kind: wrong})


def test_columns_are_found_by_code(engage: Engage, ind: Ind, item: Callable[..., Any]) -> None:
    made = engage([ind("A", "100")], {"P1": {"a": "1", "x": "1"}}, bonus={"items": [item("X", "5")]})
    card = made.card()
    assert len(card) == 1
    assert card.column("X") is card.bonus[0]
    with pytest.raises(KeyError):
        card.column("Y")
