"""Merging: the exact number each rule gives, and which opinions enter (issue: “Merge is per indicator …, half-up, then summed”)."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.base.exact import half_up_fraction
from workbench.review.merging import Counted, merge_points, rule_words

POINTS = st.lists(
    st.tuples(st.decimals(0, 30, places=2), st.decimals("0.1", 9, places=1)).map(lambda p: Counted(1, *p)),
    min_size=1,
    max_size=12,
)


def opinions(*points: str, weights: str = "") -> list[Counted]:
    shares = weights.split() or ["1"] * len(points)
    return [Counted(n, Decimal(p), Decimal(w)) for n, (p, w) in enumerate(zip(points, shares, strict=True), 1)]


@pytest.mark.parametrize(
    ("rule", "points", "weights", "expected"),
    [
        # By hand. (7.5+8+8)/3 = 7.8333…; (7.11+7.12)/2 = 7.115, half-up 7.12.
        ("mean", "7.50 8.00 8.00", "", "7.83"),
        ("mean", "7.11 7.12", "", "7.12"),
        # Four opinions are too few to drop any: (2+8+8+10)/4 = 7; with five 2 and 10 go: (7+8+9)/3 = 8.
        ("trimmed_mean", "2 8 8 10", "", "7.00"),
        ("trimmed_mean", "2 7 8 9 10", "", "8.00"),
        # One of several lowest goes, not all of them: (5+5+6)/3 = 5.3333…
        ("trimmed_mean", "5 5 5 6 9", "", "5.33"),
        ("median", "9 1 4", "", "4.00"),
        ("median", "9 1 4.01 4.02", "", "4.02"),  # (4.01+4.02)/2 = 4.015, half-up
        # (6×1 + 9×2)/3 = 8; (1×0.1 + 2×0.2)/0.3 = 1.6666…
        ("weighted_mean", "6 9", "1 2", "8.00"),
        ("weighted_mean", "1 2", "0.1 0.2", "1.67"),
        ("consensus", "7.5 7.50 7.500", "", "7.50"),
        ("consensus", "7.5 7.49", "", None),
    ],
)
def test_every_rule_by_hand(rule, points, weights, expected):
    found = merge_points(rule, opinions(*points.split(), weights=weights), 2)
    assert found == (None if expected is None else Decimal(expected))


@given(POINTS, st.randoms(use_true_random=False))
def test_rules_are_exact_lie_between_and_know_no_order(found, random):
    numbers = sorted(Fraction(o.points) for o in found)
    n = len(numbers)
    inner = numbers[1:-1] if n >= 5 else numbers
    weights = sum(Fraction(o.weight) for o in found)
    exact = {
        "mean": sum(numbers) / n,
        "trimmed_mean": sum(inner) / len(inner),
        "median": (numbers[(n - 1) // 2] + numbers[n // 2]) / 2,
        "weighted_mean": sum(Fraction(o.points) * Fraction(o.weight) for o in found) / weights,
    }
    shuffled = random.sample(found, n)
    for rule, value in exact.items():
        points = merge_points(rule, found, 2)
        assert points == half_up_fraction(value, 2) == merge_points(rule, shuffled, 2)
        assert -Fraction(1, 200) < Fraction(points) - value <= Fraction(1, 200)
        assert numbers[0] <= points <= numbers[-1]
    agreed = merge_points("consensus", found, 2)
    assert agreed == (found[0].points if numbers[0] == numbers[-1] else None) == merge_points("consensus", shuffled, 2)


def test_a_trimmed_mean_says_when_it_trimmed_nothing():
    assert rule_words("trimmed_mean", 4) == "算术平均"
    assert rule_words("trimmed_mean", 5) == "去掉一个最高分和一个最低分后平均"


def test_the_total_is_the_sum_of_the_points_shown(review, panel_of):
    # D1 (9+9.01)/2 = 9.005 → 9.01; B1 (20+20.01)/2 = 20.005 → 20.01; D2 8, P1 18.70, P2 16, Z1 0: of 95, for N1 does not apply.
    # 效益 30 of 35 apply: 20.01 × 35/30 = 23.345 → 23.35. 9.01 + 8 + 18.70 + 16 + 23.35 = 75.06.
    bench = review(panel_of(2))
    bench.submit("e1", D1="9.00", B1="20.00")
    bench.submit("e2", D1="9.01", B1="20.01")
    bench["lead"].merge()
    rows = {r.code: r.final for r in bench["lead"].rows("S1") if r.final is not None}
    assert rows == {
        k: Decimal(v) for k, v in {"D1": "9.01", "D2": "8", "P1": "18.7", "P2": "16", "B1": "20.01", "Z1": "0"}.items()
    }
    heading = bench["lead"].heading("S1")
    assert heading.current.total == Decimal("75.06") == sum(Decimal(x.points) for x in heading.current.levels)
    assert heading.computed.total is None  # D1 was nobody's to compute


def test_what_does_not_count(review, panel_of, member):
    """不评 and 回避, a typed form nobody checked, and opinions of those who were taken off, recused or given other work since."""
    bench = review(panel_of(5, quorum=1))
    bench.submit("e1", D1="1.00")
    bench.submit("e2", D1="2.00")
    bench.submit("e3", D1="3.00")
    bench["e4"].opine("S1", "D1", "recuse", reason="曾任该校顾问")
    bench["clerk"].opine("S1", "D1", "adjust", Decimal(9), "见打分表", entry_for=("e5", bench.scan()))
    points = lambda: bench["lead"].preview("S1")["S1", "D1"].points  # noqa: E731
    assert points() == 2  # (1+2+3)/3
    changed = [m for m in bench["lead"].panel.members if m.id != "e3"]
    bench.say("lead", "panel_set", panel=bench["lead"].panel.model_copy(update={"members": changed}), reason="另有任务")
    assert points() == Decimal("1.50")
    away = [m.model_copy(update={"indicators": ["产出"]}) if m.id == "e1" else m for m in changed]
    bench.say("lead", "panel_set", panel=bench["lead"].panel.model_copy(update={"members": away}), reason="调整分工")
    assert points() == 2
    declared = member("e2", conflicts=[{"indicator": "D1", "reason": "配偶在该校任职"}])
    recused = [declared if m.id == "e2" else m for m in changed]
    bench.say("lead", "panel_set", panel=bench["lead"].panel.model_copy(update={"members": recused}), reason="申报回避")
    assert points() == 1


def test_rounds_without_quorum_or_consensus_are_not_merged(review, panel_of):
    bench = review(panel_of(2, quorum=2, merge="consensus"))
    bench.submit("e1", D1="9.00")
    bench.submit("e2")
    error = bench.refused("no_quorum", bench["lead"].merge)
    assert "立项规范性(D1):有效意见不足,不能汇总;实际为“1人”;应为至少2人" in str(error)
    bench.say("lead", "round_opened", round=2, reason="请补充立项意见")
    bench.submit("e2", D1="8.00")
    bench["e1"].submit()
    assert "9.00、8.00" in str(bench.refused("no_consensus", bench["lead"].merge))


def test_what_nobody_can_give_points_on_does_not_keep_the_rest_from_being_merged(review):
    """P1 is computed from evidence alone, and the evidence is gone: experts can only abstain, so a quorum is out of reach."""
    bench = review()
    change = {"target": "cell", "table": "data", "field": "p1", "old": "93.5", "new": None}
    bench.say("lead", "correction", subject="S1", change=change, reason="凭证不属于本项目")
    assert bench["lead"].scope.computed(("S1", "P1")) is None
    bench.submit("e1", "e2", "e3", D1="9")
    results = bench["lead"].merge().body.results
    assert {r.indicator for r in results} == {"D1", "D2", "P2", "B1"}
    assert "no_quorum" not in {f for row in bench["lead"].rows("S1") for f in row.flags}
    bench.say("lead", "sign_off", statement="同意")
    outlook = bench["lead"].heading("S1").current
    assert outlook.total is None and outlook.interval[0] < outlook.interval[1]


def test_the_policy_asks_for_five_experts_before_a_project_begins(review, panel_of):
    # domain-rules §5.3 (河南 事前绩效评估): not fewer than five; a panel may ask for more, not for less.
    bench = review(panel_of(4, quorum=1), stage="事前评估")
    bench.submit("e1", "e2", "e3", "e4", D1="9.00")
    assert "至少5人" in str(bench.refused("no_quorum", bench["lead"].merge))
    assert all("no_quorum" in row.flags for row in bench["lead"].rows("S1") if row.code in ("D1", "B1"))
    stricter = review(panel_of(5, quorum=6), stage="事前评估")["lead"]
    assert stricter.scope.quorum(stricter.panel) == 6


def test_a_judgement_nobody_is_asked_for_is_the_leads_next_step(review, panel_of, member):
    """D1 is a judgement without points; the one expert is asked about everything else."""
    some = member("e1", indicators=["D2", "产出", "效益"])
    assert "有1项需要评判的指标没有分派专家" in review(panel_of([some]))["lead"].heading("S1").next_step
    every = review(panel_of([member("e1")]))
    assert "没有分派" not in every["lead"].heading("S1").next_step


def test_when_nobody_judges_the_way_out_is_told(review, panel_of):
    bench = review(panel_of(1))
    bench.judge("e1", D1="9.00")
    bench["e1"].opine("S1", "B1", "recuse", reason="参与过该项目")
    bench["e1"].submit()
    assert "不再分派该指标" in str(bench.refused("no_quorum", bench["lead"].merge))
