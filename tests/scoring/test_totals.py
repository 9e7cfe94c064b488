"""Totals: exact sums of the points shown, 折算 inside a level 1, bonus, deductions and the line that is read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workbench.evidence.tables import EvidenceStatus, Proof, Waiver
from workbench.scoring.result import SubjectResult

Engage = Callable[..., Any]
Ind = Callable[..., dict[str, Any]]
Item = Callable[..., dict[str, Any]]


def waive(*codes: str, subject: str = "P1") -> list[Waiver]:
    return [Waiver(subject, c, "本年度无此内容", "情况说明", "李四", date(2024, 2, 1)) for c in codes]


def steps(result: SubjectResult, kind: str) -> list[tuple[str, str | None]]:
    return [(s.text, s.points) for s in result.steps if s.step == kind]


def levels(result: SubjectResult) -> dict[str, tuple[str, str, str | None]]:
    return {x.name: (x.weight, x.applicable, x.points) for x in result.levels}


def bands(policy: Any, **change: Any) -> Any:
    """The national policy with other bands."""
    return policy.model_copy(update={"bands": policy.bands.model_copy(update=change)})


# ---------------------------------------------------------------------------------------------------------------------
# 折算
# ---------------------------------------------------------------------------------------------------------------------


def test_twenty_five_of_twenty_nine_is_thirty_and_seventeen_of_thirty_five(engage: Engage, ind: Ind) -> None:
    # issue 2: 35 × 25/29 = 30.172… → 30.17, shown as its own line.
    tree = [ind("A", "29", "效益", rule="given"), ind("B", "6", "效益", rule="given"), ind("C", "65", rule="given")]
    result = engage(tree, {"P1": {"a": "25", "b": "6", "c": "65"}}, waivers=waive("B")).one()
    assert steps(result, "rescaled") == [("效益折算:25.00/29.00→30.17/35.00", "30.17")]
    assert ("效益得25.00分/29.00分", "25.00") in steps(result, "level1")
    assert levels(result)["效益"] == ("35.00", "29.00", "30.17")
    assert result.total == "95.17"  # 65 + 30.17


def test_the_points_of_indicators_are_not_touched_by_rescaling(engage: Engage, ind: Ind) -> None:
    tree = [ind("A", "29", "效益", rule="given"), ind("B", "6", "效益", rule="given"), ind("C", "65", rule="given")]
    result = engage(tree, {"P1": {"a": "25", "b": "6", "c": "65"}}, waivers=waive("B")).one()
    assert [(i.weight, i.final) for i in result.indicators] == [("29.00", "25.00"), ("6.00", None), ("65.00", "65.00")]


def test_rescaling_an_interval(engage: Engage, ind: Ind) -> None:
    # Hand: 10 sure and 10 open of 30 applicable, full 40: 10×40/30 = 13.33, 20×40/30 = 26.67.
    tree = [
        ind("A", "20", rule="given"),
        ind("B", "10", rule="given"),
        ind("C", "10"),
        ind("D", "60", "效益", rule="given"),
    ]
    result = engage(tree, {"P1": {"a": "10", "b": None, "c": "1", "d": "60"}}, waivers=waive("C")).one()
    assert (result.total, result.interval) == (None, ["73.33", "86.67"])
    assert steps(result, "rescaled") == [("产出折算:10.00—20.00/30.00→13.33—26.67/40.00", None)]


def test_a_full_score_stays_full_and_nothing_stays_nothing(engage: Engage, ind: Ind) -> None:
    tree = [ind("A", "13", rule="given"), ind("B", "87", rule="given")]
    for points, total in (("13", "100.00"), ("0", "0.00")):
        assert engage(tree, {"P1": {"a": points, "b": "1"}}, waivers=waive("B")).one().total == total


# ---------------------------------------------------------------------------------------------------------------------
# a level 1 that is wholly inapplicable
# ---------------------------------------------------------------------------------------------------------------------


def tree101(ind: Ind) -> list[dict[str, Any]]:
    return [
        ind("A", "60", "产出指标", rule="given"),
        ind("B", "20", "效益指标", rule="given"),
        ind("C", "10", "效益指标", rule="given"),
        ind("D", "10", "满意度指标", rule="given"),
    ]


FULL = {"a": "54", "b": "15", "c": "9", "d": "8"}


def test_101_moves_the_points_of_satisfaction_to_benefit(engage: Engage, ind: Ind) -> None:
    # 财预〔2021〕101号 附件1 三(六): without satisfaction 效益 +10. Hand: 24 of 30 → 32 of 40; 54 + 32 = 86.
    result = engage(tree101(ind), {"P1": FULL}, ruleset="caiyu-2021-101", waivers=waive("D")).one()
    assert levels(result) == {
        "产出指标": ("60.00", "60.00", "54.00"),
        "效益指标": ("40.00", "30.00", "32.00"),
        "满意度指标": ("0.00", "0.00", "0.00"),
    }
    assert (result.complete, result.total, result.interval) == (True, "86.00", ["86.00", "86.00"])
    assert steps(result, "rescaled") == [("效益指标折算:24.00/30.00→32.00/40.00", "32.00")]
    assert any("调至其他一级指标" in text for text, _ in steps(result, "level1"))
    assert sum(Decimal(x.weight) for x in result.levels) == 100


def test_101_with_a_part_of_benefit_inapplicable_too(engage: Engage, ind: Ind) -> None:
    # Hand: 15 of 20 applicable → 40: 30.00.
    result = engage(tree101(ind), {"P1": FULL}, ruleset="caiyu-2021-101", waivers=waive("C", "D")).one()
    assert levels(result)["效益指标"] == ("40.00", "20.00", "30.00")
    assert (result.total, result.interval) == ("84.00", ["84.00", "84.00"])


def test_101_with_nowhere_to_go_stays_unscored(engage: Engage, ind: Ind) -> None:
    result = engage(tree101(ind), {"P1": FULL}, ruleset="caiyu-2021-101", waivers=waive("B", "C", "D")).one()
    assert (result.total, result.grade, result.complete) == (None, None, False)
    # Hand: 54 sure; 30 + 10 open.
    assert result.interval == ["54.00", "94.00"]


@pytest.mark.parametrize("ruleset", ["caiyu-2020-10", "caiyu-2021-101"])
def test_any_other_level_is_unscored_never_nothing_over_nothing(engage: Engage, ind: Ind, ruleset: str) -> None:
    # docs/semantics.md §3: a level 1 that is wholly inapplicable is never 0/0. Hand: 100 − 60 sure points 32, 60 open.
    result = engage(tree101(ind), {"P1": FULL}, ruleset=ruleset, waivers=waive("A")).one()
    assert (result.total, result.grade, result.interval) == (None, None, ["32.00", "92.00"])
    assert levels(result)["产出指标"] == ("60.00", "0.00", None)
    assert "一级指标“产出指标”全部不适用" in steps(result, "incomplete")[0][0]
    assert any("不评分" in text for text, _ in steps(result, "level1"))


def test_10_says_nothing_of_missing_satisfaction(engage: Engage, ind: Ind) -> None:
    result = engage(tree101(ind), {"P1": FULL}, ruleset="caiyu-2020-10", waivers=waive("D")).one()
    assert (result.total, result.interval) == (None, ["78.00", "88.00"])


def test_reallocation_concerns_only_the_subjects_without_satisfaction(engage: Engage, ind: Ind) -> None:
    # Found on the way: the interval of such a subject depended on its neighbours.
    rows = {"P1": FULL, "P2": FULL, "P3": FULL}
    made = engage(tree101(ind), rows, ruleset="caiyu-2021-101", waivers=waive("D") + waive("C", subject="P3"))
    found = {s: (r.total, r.interval) for s, r in made.results().items()}
    # Hand: P1 54 + 32; P2 54 + 24 + 8; P3 54 + 15×30/20 + 8.
    assert found == {
        "P1": ("86.00", ["86.00", "86.00"]),
        "P2": ("86.00", ["86.00", "86.00"]),
        "P3": ("84.50", ["84.50", "84.50"]),
    }


def test_an_indicator_without_weight_opens_nothing(engage: Engage, ind: Ind) -> None:
    tree = [ind("A", "100", rule="given"), ind("B", "0", "参考", rule="given")]
    assert engage(tree, {"P1": {"a": "91", "b": "0"}}, waivers=waive("B")).one().total == "91.00"


# ---------------------------------------------------------------------------------------------------------------------
# bonus and deductions
# ---------------------------------------------------------------------------------------------------------------------


def with_extras(
    engage: Engage,
    ind: Ind,
    item: Item,
    values: dict[str, str | None],
    *,
    cap: str | None = None,
    floor: str | None = None,
    reads: str = "base",
    policy_of: Callable[[str], Any],
    **more: Any,
) -> SubjectResult:
    local = bands(policy_of("national-default"), reads=reads)
    bonus = {"cap": cap, "items": [item("X", "8"), item("Y", "8")]}
    deductions = {"floor": floor, "items": [item("M", "200", "deduction"), item("N", "5", "deduction")]}
    rows = {"P1": {"a": "85", "x": "0", "y": "0", "m": "0", "n": "0"} | values}
    made = engage([ind("A", "100", rule="given")], rows, bonus=bonus, deductions=deductions, policy=local, **more)
    return made.one()


@pytest.mark.parametrize(
    ("values", "cap", "total", "line"),
    [
        ({"x": "3", "y": "2.5"}, None, "90.50", "加分5.50分"),
        ({"x": "3", "y": "2.5"}, "5", "90.00", "加分5.00分(上限5分)"),
        ({"x": "80"}, None, "93.00", "加分8.00分"),  # the item's own limit
        ({"x": "80", "y": "80"}, "10", "95.00", "加分10.00分(上限10分)"),
        ({"x": None, "y": "2"}, None, "87.00", "加分2.00分"),  # a bonus nobody has shown adds nothing
        ({}, "10", "85.00", "加分0.00分(上限10分)"),
    ],
)
def test_bonus_is_capped(
    engage: Engage,
    ind: Ind,
    item: Item,
    policy_of: Callable[[str], Any],
    values: dict[str, str | None],
    cap: str | None,
    total: str,
    line: str,
) -> None:
    result = with_extras(engage, ind, item, values, cap=cap, policy_of=policy_of)
    assert result.total == total
    assert steps(result, "bonus")[0][0] == line


@pytest.mark.parametrize(
    ("values", "floor", "total", "read"),
    [
        ({"m": "10", "n": "1"}, None, "74.00", "74.00"),
        ({"n": "9"}, None, "80.00", "80.00"),  # the item's own limit of 5
        # docs/semantics.md §3: floor is a parameter; without one the total may go below zero.
        ({"m": "100"}, None, "-15.00", "-15.00"),
        ({"m": "100"}, "0", "0.00", "0.00"),
        ({"m": "90", "n": "5"}, "-5", "-5.00", "-5.00"),
        # The score read without bonus knows the floor too. Hand: 85 − 100 = −15 → 0; with bonus −7 → 0.
        ({"m": "100", "x": "8"}, "0", "0.00", "0.00"),
        # Hand: 85 + 8 − 90 = 3, read without bonus 85 − 90 = −5 → 0.
        ({"m": "90", "x": "8"}, "0", "3.00", "0.00"),
    ],
)
def test_deductions_and_their_floor(
    engage: Engage,
    ind: Ind,
    item: Item,
    policy_of: Callable[[str], Any],
    values: dict[str, str | None],
    floor: str | None,
    total: str,
    read: str,
) -> None:
    result = with_extras(engage, ind, item, values, floor=floor, policy_of=policy_of)
    assert result.total == total
    assert f"得分{read}分对照" in steps(result, "grade")[0][0]


@pytest.mark.parametrize(
    ("reads", "grade", "word"), [("base", "良", "不含加分的得分85.00分"), ("base_plus_bonus", "优", "总分90.00分")]
)
def test_bands_read_what_the_policy_says(
    engage: Engage, ind: Ind, item: Item, policy_of: Callable[[str], Any], reads: str, grade: str, word: str
) -> None:
    # docs/semantics.md §3: the policy says whether bands read base or base + bonus.
    result = with_extras(engage, ind, item, {"x": "5"}, reads=reads, policy_of=policy_of)
    assert (result.total, result.grade) == ("90.00", grade)
    assert word in steps(result, "grade")[0][0]


def test_the_national_default_reads_the_base(engage: Engage, ind: Ind, item: Item) -> None:
    # 财预〔2020〕10号 knows no bonus; a bonus lifts no grade.
    made = engage([ind("A", "100", rule="given")], {"P1": {"a": "85", "x": "9"}}, bonus={"items": [item("X", "9")]})
    result = made.one()
    assert (result.total, result.grade) == ("94.00", "良")


def test_every_item_is_triggered_checked_or_unchecked(
    engage: Engage, ind: Ind, item: Item, policy_of: Callable[[str], Any]
) -> None:
    # issue 2: each cap, veto and deduction is 触发 / 已核查未触发 / 未核查.
    result = with_extras(engage, ind, item, {"x": "1", "y": None, "m": "2", "n": None}, policy_of=policy_of)
    assert [(e.code, e.state, e.points) for e in result.bonus] == [("X", "触发", "1.00"), ("Y", "未核查", None)]
    assert [(e.code, e.state, e.points) for e in result.deductions] == [("M", "触发", "2.00"), ("N", "未核查", None)]
    assert result.provisional  # an unchecked deduction may still come
    checked = with_extras(engage, ind, item, {"m": "0", "n": "0"}, policy_of=policy_of)
    assert [e.state for e in checked.deductions] == ["已核查未触发"] * 2
    assert not checked.provisional


PROVEN = [Proof("P1", c, EvidenceStatus.verified, place=f"佐证清单 {c}") for c in "XM"]


def test_evidence_of_a_bonus_and_of_a_deduction_counts(
    engage: Engage, ind: Ind, item: Item, policy_of: Callable[[str], Any]
) -> None:
    # Found on the way: their codes were refused as 不在评价方案中, so no bonus could ever be verified.
    result = with_extras(engage, ind, item, {"x": "1", "m": "2"}, policy_of=policy_of, proofs=PROVEN)
    assert not [f for f in result.findings if f.code == "unknown_indicator"]
    assert not result.provisional
    typed = with_extras(engage, ind, item, {"x": "1"}, policy_of=policy_of)
    assert typed.provisional  # a typed number alone is not 佐证


def test_overdue_evidence_of_a_deduction_does_not_make_it_zero(
    engage: Engage, ind: Ind, item: Item, policy_of: Callable[[str], Any]
) -> None:
    # 得0分 is a sanction; to deduct 0 would be a reward for keeping the evidence back.
    late = Proof("P1", "M", EvidenceStatus.overdue, notice_number="补1号", notice_date=date(2024, 1, 5))
    result = with_extras(engage, ind, item, {"m": "9"}, policy_of=policy_of, proofs=[late])
    assert (result.deductions[0].state, result.deductions[0].points) == ("未核查", None)
    assert result.provisional


def test_bonus_and_deductions_know_no_inapplicable(
    engage: Engage, ind: Ind, item: Item, policy_of: Callable[[str], Any]
) -> None:
    # 不适用 drops weight inside a level 1; an item outside the base has none to drop.
    result = with_extras(engage, ind, item, {"x": "1", "m": "9"}, policy_of=policy_of, waivers=waive("M", "X"))
    assert (result.total, [e.state for e in result.deductions]) == ("77.00", ["触发", "已核查未触发"])
    assert len([f for f in result.findings if f.code == "waiver_refused"]) == 2


# ---------------------------------------------------------------------------------------------------------------------
# bands
# ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("points", "grade"),
    [
        # 财预〔2020〕10号 第十八条, lower bound inclusive; 89.5 lies in no integer band and is 良.
        ("100", "优"),
        ("90", "优"),
        ("89.995", "优"),  # shown as 90.00, and the number shown is the number used
        ("89.994", "良"),
        ("89.99", "良"),
        ("89.5", "良"),
        ("80", "良"),
        ("79.99", "中"),
        ("60", "中"),
        ("59.99", "差"),
        ("0", "差"),
    ],
)
def test_lower_bounds_are_inclusive(engage: Engage, ind: Ind, points: str, grade: str) -> None:
    result = engage([ind("A", "100", rule="given", decimals=3)], {"P1": {"a": points}}).one()
    assert (result.grade, result.score_grade) == (grade, grade)


@pytest.mark.parametrize(("line", "grade"), [("89.99", "优"), ("89.994", "良"), ("89.986", "优"), ("89.991", "良")])
def test_a_line_finer_than_the_points_is_not_rounded(
    engage: Engage, ind: Ind, policy_of: Callable[[str], Any], line: str, grade: str
) -> None:
    # 89.99 points are below a line of 89.994; rounded to 89.99 the line would have been reached.
    national = policy_of("national-default")
    first = national.bands.items[0].model_copy(update={"lower": Decimal(line)})
    local = bands(national, items=[first, *national.bands.items[1:]])
    assert engage([ind("A", "100", rule="given")], {"P1": {"a": "89.99"}}, policy=local).one().grade == grade


def test_ten_weights_of_a_tenth_reach_the_line(engage: Engage, ind: Ind) -> None:
    # Rounding vectors, docs/decisions/0002: ten times 8.995 and the like add exactly. Hand: 10 × 9 = 90.
    tree = [ind(f"A{i}", "10", rule="given") for i in range(10)]
    rows = {"P1": {f"a{i}": "8.99" if i % 2 else "9.01" for i in range(10)}}
    result = engage(tree, rows).one()
    assert (result.total, result.grade) == ("90.00", "优")


def test_the_line_names_its_document_and_says_when_it_is_the_national_one(engage: Engage, ind: Ind) -> None:
    tree, rows = [ind("A", "100", rule="given")], {"P1": {"a": "85"}}
    text = steps(engage(tree, rows).one(), "grade")[0][0]
    assert "总分85.00分" in text and "优≥90、良≥80、中≥60、差≥0" in text and "财预〔2020〕10号 第十八条" in text
    assert "本办法未规定" not in text
    local = steps(engage(tree, rows, policy="kizilsu-2023").one(), "grade")[0][0]
    assert "本办法未规定,按国家默认" in local


# ---------------------------------------------------------------------------------------------------------------------
# a total is the sum of what is shown (docs/semantics.md §7)
# ---------------------------------------------------------------------------------------------------------------------

WEIGHTS = st.lists(st.integers(1, 4000), min_size=1, max_size=8)
CENT = Decimal("0.01")


@st.composite
def packs(draw: st.DrawFn) -> dict[str, Any]:
    """Weights that add to 100, level names, values, missing values, waivers, bonus and deductions."""
    parts = draw(WEIGHTS)
    whole = sum(parts)
    cents = [p * 10_000 // whole for p in parts]
    cents[0] += 10_000 - sum(cents)
    n = len(cents)
    return {
        "weights": [Decimal(c) / 100 for c in cents],
        "levels": [draw(st.sampled_from(["产出指标", "效益指标", "满意度指标"])) for _ in cents],
        "values": [
            draw(st.none() | st.integers(0, 130_000)) if draw(st.integers(0, 4)) == 0 else draw(st.integers(0, 130_000))
            for _ in cents
        ],
        "waived": [i for i in range(n) if draw(st.integers(0, 4)) == 0],
        "bonus": draw(st.integers(0, 1500)),
        "deducted": draw(st.integers(0, 3000)),
        "ruleset": draw(st.sampled_from(["caiyu-2020-10", "caiyu-2021-101"])),
        "reads": draw(st.sampled_from(["base", "base_plus_bonus"])),
    }


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pack=packs())
def test_totals_are_exact_sums_of_the_points_shown(
    engage: Engage, ind: Ind, item: Item, policy_of: Callable[[str], Any], pack: dict[str, Any]
) -> None:
    codes = [f"A{i}" for i in range(len(pack["weights"]))]
    tree = [ind(c, str(w), level) for c, w, level in zip(codes, pack["weights"], pack["levels"], strict=True)]
    values = {
        c.lower(): None if v is None else str(Decimal(v) / 1000) for c, v in zip(codes, pack["values"], strict=True)
    }
    values |= {"x": str(Decimal(pack["bonus"]) / 100), "m": str(pack["deducted"] // 100)}
    result = engage(
        tree,
        {"P1": values},
        ruleset=pack["ruleset"],
        waivers=waive(*(codes[i] for i in pack["waived"])),
        bonus={"cap": "10", "items": [item("X", "20")]},
        deductions={"items": [item("M", "20", "deduction")]},
        policy=bands(policy_of("national-default"), reads=pack["reads"]),
    ).one()
    bonus = min(Decimal(pack["bonus"]) / 100, Decimal(10))
    deducted = Decimal(min(pack["deducted"] // 100, 20))
    for bound, side in ((0, "low"), (1, "high")):
        base = Decimal(0)
        for level in result.levels:
            inside = [i for i in result.indicators if i.level1 == level.name and i.status != "not_applicable"]
            shown = sum((Decimal(i.final or getattr(i, side)) for i in inside), Decimal(0))
            applicable = sum((Decimal(i.weight) for i in inside), Decimal(0))
            assert Decimal(level.applicable) == applicable
            if inside and applicable != Decimal(level.weight):
                shown = (shown * Decimal(level.weight) / applicable).quantize(CENT, ROUND_HALF_UP)
            elif not inside:
                shown = Decimal(level.weight) if bound else Decimal(0)  # open, or moved elsewhere and 0
            assert Decimal(getattr(level, side)) == shown
            base += shown
        assert Decimal(result.interval[bound]) == base + bonus - deducted
    lines = {s.step: s.points for s in result.steps}
    assert sum(Decimal(x.weight) for x in result.levels) == 100
    open_level = any(x.applicable == "0.00" and x.weight != "0.00" for x in result.levels)
    missing = any(i.status == "unscored" for i in result.indicators)
    assert result.complete is not (missing or open_level)
    if result.complete:
        assert result.interval[0] == result.interval[1] == result.total == lines["total"]
        last = {x.name: Decimal(x.points or "0") for x in result.levels}
        assert Decimal(result.total or "x") == sum(last.values()) + bonus - deducted
        read = Decimal(result.total or "x") - (bonus if pack["reads"] == "base" else 0)
        expected = next((b for b, low in (("优", 90), ("良", 80), ("中", 60)) if read >= low), "差")
        assert result.score_grade == expected
    else:
        assert (result.total, result.grade) == (None, None)
        assert Decimal(result.interval[0]) <= Decimal(result.interval[1])
