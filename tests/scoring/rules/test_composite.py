"""Rules made of rules."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.base.errors import SchemeError
from workbench.base.models import validated
from workbench.base.yamlio import YamlDocument
from workbench.scoring.rules.builtin import BUILTIN_KINDS
from workbench.scoring.rules.composite import GATE, MINIMUM, PARTS, part_weights
from workbench.scoring.rules.simple import SIMPLE_KINDS

PROPORTIONAL = {"kind": "proportional"}

# ---------------------------------------------------------------------------------------------------------------------
# gate
# ---------------------------------------------------------------------------------------------------------------------

# Air quality assessment (lakalal8.com/news/content/7542175919327.html): 两项浓度与上年相比不降反升均计0分; and
# (imcaibao.com …/1634439638f2c8.htm): 未达目标每差1微克/立方米扣0.5分.
AIR = {"condition": "not_worse", "rule": {"kind": "step_deduction", "params": {"step": 1, "per_step": "0.5"}}}


@pytest.mark.parametrize(
    ("current", "previous", "branch", "points"),
    [
        ("80", "75", "gate_closed", "0.00"),
        ("75.01", "75", "gate_closed", "0.00"),
        ("75", "75", "inner", "7.50"),
        ("70", "75", "inner", "10.00"),
        (None, "75", "unscored", None),
        ("70", None, "unscored", None),
    ],
)
def test_worse_than_last_year_is_nothing(bench, current, previous, branch, points):
    rule = bench(GATE, AIR, direction="lte", unit="微克/立方米")
    outcome = rule.one(value=current or 70, target=70, current=current, previous=previous)
    assert (outcome.branch, outcome.points if points is None else str(outcome.points)) == (branch, points)


def test_better_and_not_worse_differ_only_when_equal(bench):
    for direction in ("gte", "lte"):
        rules = [
            bench(GATE, {"condition": c, "rule": PROPORTIONAL}, direction=direction) for c in ("not_worse", "better")
        ]
        rows = [{"value": 1, "target": 1, "current": c, "previous": 5} for c in (4, 5, 6)]
        closed = [[o.branch == "gate_closed" for o in rule(*rows)] for rule in rules]
        worse = [True, False, False] if direction == "gte" else [False, False, True]
        assert closed == [worse, [w or r["current"] == 5 for w, r in zip(worse, rows, strict=True)]]


def test_below_target_is_a_fixed_score(bench):
    # wenjuan.com/lib_detail_full/627ebfa9453d32e671059f1d: 低于目标直接2分.
    params = {
        "condition": "not_worse",
        "current": "value",
        "previous": "target",
        "closed_points": 2,
        "rule": PROPORTIONAL,
    }
    rule = bench(GATE, params)
    assert rule.given({"value": 99, "target": 100}, {"value": 100, "target": 100}) == ["2.00", "10.00"]
    assert rule.one(value=99, target=100).sentence == "指标完成值99%、目标值100%,未达到目标,按规定得2.00分"
    assert bench(GATE, params, weight=1).given({"value": 0, "target": 100}) == ["1.00"]


@pytest.mark.parametrize(("flag", "branch"), [(1, "inner"), (0, "gate_closed"), (None, "unscored"), (2, "unscored")])
def test_a_flag_opens_the_gate(bench, flag, branch):
    outcome = bench(GATE, {"condition": "flag", "rule": PROPORTIONAL}).one(value=50, target=100, condition=flag)
    assert (outcome.branch, outcome.points) == (branch, {"inner": 5, "gate_closed": 0}.get(branch))


def test_the_gates_own_inputs_are_not_the_inner_rules(bench):
    # ahxx.gov.cn/grassroots/255/155835351.html: without the opinion paper items (2)–(4) get nothing.
    rule = bench(
        GATE, {"condition": "flag", "rule": {"kind": "element_count"}}, weight=6, extras=("condition", "a", "b", "c")
    )
    assert rule.given({"condition": 1, "a": 1, "b": 1, "c": 0}, {"condition": 0, "a": 1, "b": 1, "c": 1}) == [
        "4.00",
        "0.00",
    ]


def test_the_interval_of_an_open_question(bench):
    rule = bench(GATE, AIR | {"closed_points": 1}, direction="lte")
    no_gate = rule.one(value=75, target=70, current=75)
    assert (no_gate.branch, no_gate.low, no_gate.high) == ("unscored", 1, Decimal("7.5"))
    no_value = rule.one(target=70, current=75, previous=75)
    assert (no_value.branch, no_value.low, no_value.high) == ("inner_unscored", 0, 10)
    assert no_value.sentence == "本期75%、上期75%,持平;指标未提供完成值,未评分"


def test_the_inner_sentence_follows_the_condition(bench):
    sentence = (
        bench(GATE, AIR, direction="lte", unit=None, name="PM10浓度")
        .one(value=72, target=70, current=72, previous=80)
        .sentence
    )
    assert sentence.startswith("本期72、上期80,改善;PM10浓度72,")
    assert sentence.endswith("扣1分,得9.00分")


# ---------------------------------------------------------------------------------------------------------------------
# minimum
# ---------------------------------------------------------------------------------------------------------------------

# lakalal8.com/news/content/7542175919327.html: 评分结果取两类得分中较低分值.
TWO = {"rules": [PROPORTIONAL, {"kind": "proportional", "inputs": {"value": "second", "target": "second_target"}}]}


def test_the_lower_of_two(bench):
    rule = bench(MINIMUM, TWO)
    rows = [{"value": v, "target": 100, "second": s, "second_target": 50} for v, s in ((80, 45), (95, 20), (100, 50))]
    assert rule.given(*rows) == ["8.00", "4.00", "10.00"]
    assert rule(*rows)[1].sentence.endswith("取较低得分,得4.00分")


def test_an_open_rule_leaves_the_lower_open_but_bounded(bench):
    outcome = bench(MINIMUM, TWO).one(value=80, target=100, second=None, second_target=50)
    assert (outcome.branch, outcome.points, outcome.low, outcome.high) == ("unscored", None, 0, 8)


def test_an_inner_rule_may_face_the_other_way(bench):
    rules = [PROPORTIONAL | {"direction": d, "inputs": {"value": n}} for d, n in (("gte", "good"), ("lte", "bad"))]
    rule = bench(MINIMUM, {"rules": rules})
    assert rule.given({"good": 100, "bad": 100, "target": 100}, {"good": 100, "bad": 125, "target": 100}) == [
        "10.00",
        "8.00",
    ]


# ---------------------------------------------------------------------------------------------------------------------
# parts
# ---------------------------------------------------------------------------------------------------------------------


def parts(*shares):
    """Proportional parts that read a0, a1, … against the target."""
    return {
        "parts": [
            {"title": f"第{i}部分", "share": share, "rule": PROPORTIONAL | {"inputs": {"value": f"a{i}"}}}
            for i, share in enumerate(shares)
        ]
    }


def test_seventy_and_thirty(bench):
    # wenjuan.com/lib_detail_full/627ebfa9453d32e671059f1d: 目标成果×70%+推广价值×30%. 7 × 80 % + 3 × 50 % = 7.10.
    rule = bench(PARTS, parts(70, 30))
    assert rule.given({"a0": 80, "a1": 50, "target": 100}) == ["7.10"]
    sentence = rule.one(a0=80, a1=50, target=100).sentence
    assert (
        sentence
        == "第0部分(占70%,7分):指标80,目标100,得7×80/100=5.60分;第1部分(占30%,3分):指标50,目标100,得3×50/100=1.50分;合计得7.10分"
    )


def test_every_part_is_rounded_and_full_parts_make_the_weight(bench):
    # 5.01 in halves: 2.51 + 2.50.
    rule = bench(PARTS, parts(50, 50), weight="5.01")
    assert part_weights(501, rule.params) == [251, 250]
    assert rule.given({"a0": 100, "a1": 100, "target": 100}, {"a0": 50, "a1": 50, "target": 100}) == ["5.01", "2.51"]


def test_an_open_part_leaves_the_sum_open_but_bounded(bench):
    outcome = bench(PARTS, parts(70, 30)).one(a0=80, a1=None, target=100)
    assert (outcome.points, str(outcome.low), str(outcome.high)) == (None, "5.60", "8.60")


def test_judgement_may_be_a_part(bench):
    judged = {"title": "推广价值", "share": 30, "rule": {"kind": "judgement"}}
    outcome = bench(PARTS, {"parts": [parts(70, 30)["parts"][0], judged]}).one(a0=100, target=100)
    assert (outcome.points, outcome.low, outcome.high) == (None, 7, 10)


@given(
    cuts=st.lists(st.integers(1, 9999), min_size=1, max_size=5, unique=True),
    values=st.lists(st.decimals(0, 120, places=2), min_size=6, max_size=6),
    weight=st.decimals(0, 100, places=2),
)
def test_parts_agree_with_exact_rationals(bench, half_up, cuts, values, weight):
    # Domain: two to six parts whose shares have two decimals, values of two decimals up to 120 % of the target.
    ends = [0, *sorted(cuts), 10000]
    shares = [Decimal(after - before) / 100 for before, after in pairwise(ends)]
    rule = bench(PARTS, parts(*shares), weight=weight)
    row = {f"a{i}": v for i, v in enumerate(values[: len(shares)])}
    full = rule.one(target=100, **dict.fromkeys(row, 100))
    assert full.points == weight
    lines = [half_up(Fraction(weight) * end / 10000) for end in ends]
    expected = sum(
        half_up(Fraction(after - before) * min(Fraction(v) / 100, Fraction(1)))
        for before, after, v in zip(lines, lines[1:], values, strict=False)
    )
    assert rule.one(target=100, **row).points == expected


# ---------------------------------------------------------------------------------------------------------------------
# Parameters
# ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "params", "place", "words"),
    [
        (GATE, {"condition": "flag", "rule": {"kind": "gate"}}, "rule.kind", "不能作为内层"),
        (GATE, {"condition": "flag", "rule": {"kind": "rank_tiers"}}, "rule.kind", "不能作为内层"),
        (GATE, {"condition": "flag", "rule": {"kind": "banded"}}, "rule.params.bands", "缺少必填项"),
        (
            GATE,
            {"condition": "flag", "rule": {"kind": "proportional", "params": {"pass": 60}}},
            "rule.params",
            "不认识的键",
        ),
        (GATE, {"condition": "flag", "rule": PROPORTIONAL, "closed_points": -1}, "closed_points", "取值无效"),
        (MINIMUM, {"rules": [PROPORTIONAL]}, "rules", "取值无效"),
        (PARTS, parts(70, 20), "", "占比之和须为100,现为90"),
        (PARTS, parts(100), "parts", "取值无效"),
    ],
)
def test_wrong_parameters_are_named_where_they_stand(kind, params, place, words):
    document = YamlDocument("pack.yaml", {}, {})
    with pytest.raises(SchemeError) as caught:
        validated(kind.params, params, document, SchemeError, "rule.params")
    problems = caught.value.problems
    assert any((p.place.key or "").startswith(f"rule.params.{place}".rstrip(".")) and words in str(p) for p in problems)


def test_simple_kinds_are_built_in_and_neither_composite_nor_among_peers():
    names = {kind.name for kind in BUILTIN_KINDS}
    others = {"gate", "minimum", "parts", "range_normalised", "rank_tiers", "bonus", "deduction"}
    assert set(SIMPLE_KINDS) == names - others
