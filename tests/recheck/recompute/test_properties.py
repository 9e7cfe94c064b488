"""What holds for all numbers: points within the weight, monotone, equal to fractions; lines do not disturb each other."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from cases import PUBLISHED, form_of, form_with, funds, indicator
from hypothesis import assume, given
from hypothesis import strategies as st

from workbench.base.exact import half_up_fraction
from workbench.recheck.outcome import Recomputed
from workbench.recheck.recompute import recompute
from workbench.recheck.recompute.execution import in_two_units
from workbench.scheme.ruleset import Ruleset

NUMBER = st.decimals(min_value=0, max_value=10**7, places=2)
POSITIVE = st.decimals(min_value=Decimal("0.01"), max_value=10**7, places=2)
WEIGHT = st.decimals(min_value=0, max_value=100, places=2)
SIGN = st.sampled_from(["≥", "≤", "=", ""])
TEXT = st.one_of(
    st.text(max_size=30),
    st.from_regex(r"[≥≤=]?[0-9]{1,4}(\.[0-9]{1,2})?(%|个|万元|人|元|年|月底前)?", fullmatch=True),
    st.sampled_from(
        [
            "已完成",
            "部分完成",
            "未完成",
            "有效提升",
            "2022年9月",
            "9月前",
            "是",
            "否",
            "1-12月",
            "98/100",
            "10-20户",
            "-",
            "",
        ]
    ),
)


def points(rules: Ruleset, sign: str, target: Decimal, actual: Decimal, weight: Decimal) -> Recomputed:
    ((found,),) = recompute(
        [form_with((indicator(1, "建设数量", f"{sign}{target}个", f"{actual}个", str(weight), 1),))], rules
    )
    return found


@given(target=POSITIVE, actual=NUMBER, weight=WEIGHT)
def test_proportional_points_equal_fractions(
    rules10: Ruleset, target: Decimal, actual: Decimal, weight: Decimal
) -> None:
    share = min(Fraction(actual) / Fraction(target), Fraction(1))
    assert points(rules10, "≥", target, actual, weight).points == half_up_fraction(share * Fraction(weight), 2)


@given(target=POSITIVE, actual=NUMBER, weight=WEIGHT)
def test_the_other_way_round(rules10: Ruleset, target: Decimal, actual: Decimal, weight: Decimal) -> None:
    share = Fraction(1) if actual <= target else Fraction(target) / Fraction(actual)
    assert points(rules10, "≤", target, actual, weight).points == half_up_fraction(share * Fraction(weight), 2)


@given(sign=SIGN, target=NUMBER, actual=NUMBER, weight=WEIGHT)
def test_points_lie_within_the_weight(
    rules101: Ruleset, sign: str, target: Decimal, actual: Decimal, weight: Decimal
) -> None:
    found = points(rules101, sign, target, actual, weight)
    assert found.low is not None
    assert found.high is not None
    assert 0 <= found.low <= found.high <= weight


@given(target=POSITIVE, one=NUMBER, other=NUMBER, weight=WEIGHT)
def test_more_is_never_less(rules101: Ruleset, target: Decimal, one: Decimal, other: Decimal, weight: Decimal) -> None:
    less, more = (points(rules101, "≥", target, actual, weight).points for actual in sorted((one, other)))
    assert less is not None
    assert more is not None
    assert less <= more


@given(adjusted=POSITIVE, executed=NUMBER, weight=WEIGHT)
def test_execution_is_the_unrounded_rate_of_the_weight(
    rules10: Ruleset, adjusted: Decimal, executed: Decimal, weight: Decimal
) -> None:
    assume(not in_two_units(adjusted, executed, None))  # then a person has to say which unit is meant
    ((found,),) = recompute([form_with(money=(funds(adjusted, executed, str(weight)),))], rules10)
    exact = Fraction(executed) / Fraction(adjusted) * 100
    shown = Fraction(half_up_fraction(exact, 2))
    rate = shown if shown.denominator == 1 else Fraction(half_up_fraction(exact, 10))  # 80.00% is 80%
    assert found.points == half_up_fraction(min(rate, Fraction(100)) / 100 * Fraction(weight), 2)


@given(
    target=TEXT,
    actual=TEXT,
    name=st.sampled_from(["满意度", "投诉次数", "项目总成本", "完成率≥95%", ""]),
    weight=TEXT,
    own=TEXT,
)
def test_any_text_gives_an_answer(rules10: Ruleset, target: str, actual: str, name: str, weight: str, own: str) -> None:
    ((found,),) = recompute([form_with((indicator(1, name, target, actual, weight, own),))], rules10)
    assert found.sentence.endswith("。")
    assert (found.low is None) == (found.high is None)
    if found.low is not None and found.high is not None and found.weight is not None:
        assert 0 <= found.low <= found.high <= found.weight
        assert found.taken is None or found.low <= found.taken <= found.high
    else:
        assert found.taken is None


def test_forms_do_not_disturb_one_another(rules10: Ruleset) -> None:
    forms = [form_of(name) for name in PUBLISHED]
    assert recompute(forms, rules10) == [recompute([form], rules10)[0] for form in forms]
