"""Element count: shares, elements that rest on others, elements that decide all."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from workbench.scoring.rules.element_count import KIND

LISTED = {"shares": {"a": 40, "b": 30, "c": 30}}


def elements(*states):
    return dict(zip("abcdef", states, strict=False))


@pytest.mark.parametrize(
    ("states", "points", "branch"),
    [
        # 立项依据充分性 (财预〔2020〕10号 附件2): five elements, local tables give each 20 % of the points.
        ((1, 1, 1, 1, 1), "4.00", "all"),
        ((1, 1, 1, 1, 0), "3.20", "some"),
        ((0, 0, 1, 0, 0), "0.80", "some"),
        ((0, 0, 0, 0, 0), "0.00", "none"),
        # Thirds are rounded once, as a sum: 4 × 2/3 = 2.67, not 1.33 + 1.33.
        ((1, 1, 0), "2.67", "some"),
        ((1, 1, 1), "4.00", "all"),
    ],
)
def test_equal_shares(bench, states, points, branch):
    outcome = bench(KIND, weight=4).one(**elements(*states))
    assert (str(outcome.points), outcome.branch) == (points, branch)


def test_listed_shares(bench):
    rule = bench(KIND, LISTED, weight=5)
    rows = [elements(1, 1, 1), elements(1, 0, 1), elements(0, 1, 0), elements(0, 0, 0)]
    assert rule.given(*rows) == ["5.00", "3.50", "1.50", "0.00"]


def test_other_inputs_have_no_share_of_listed_ones(bench):
    assert bench(KIND, LISTED).given(elements(1, 1, 1, 0), elements(1, 1, 1, None)) == ["10.00", "10.00"]


def test_an_element_that_rests_on_another(bench):
    # 未编制实施意见的,本指标(2)–(4)项不得分 (ahxx.gov.cn 155835351).
    rule = bench(KIND, LISTED | {"requires": {"b": ["a"], "c": ["b"]}})
    rows = [elements(1, 1, 1), elements(0, 1, 1), elements(1, 0, 1), elements(1, 1, 0)]
    assert rule.given(*rows) == ["10.00", "0.00", "4.00", "7.00"]
    assert "“b”、“c”因前置要点不符合而不计" in rule.one(**elements(0, 1, 1)).sentence


def test_an_element_that_decides_all(bench):
    rule = bench(KIND, LISTED | {"veto": ["a"]})
    outcomes = rule(elements(0, 1, 1), elements(1, 0, 0), elements(1, 1, 1))
    assert [(str(o.points), o.branch) for o in outcomes] == [("0.00", "veto"), ("4.00", "some"), ("10.00", "all")]
    alone = bench(KIND, {"shares": {"a": 50, "b": 50}, "veto": ["c"]})
    assert alone.given(elements(1, 1, 0), elements(1, 0, 1)) == ["0.00", "5.00"]


@pytest.mark.parametrize(
    ("params", "states", "low", "high"),
    [
        (LISTED, (1, None, 0), 4, 7),
        (LISTED, (None, None, None), 0, 10),
        (LISTED, (1, 1, 2), 7, 10),  # neither 1 nor 0 is not known
        (LISTED | {"veto": ["b"]}, (1, None, 1), 0, 10),
        (LISTED | {"veto": ["b"]}, (None, 0, 1), 0, 0),
        (LISTED | {"requires": {"b": ["a"]}}, (None, 1, 1), 3, 10),
        (LISTED | {"requires": {"b": ["a"]}}, (0, None, 1), 3, 3),
    ],
)
def test_unknown_elements_bound_the_points(bench, params, states, low, high):
    outcome = bench(KIND, params).one(**elements(*states))
    assert (outcome.branch, outcome.points, outcome.low, outcome.high) == ("unscored", None, low, high)


def test_without_elements_nothing_is_scored(bench):
    outcome = bench(KIND).one()
    assert (outcome.branch, outcome.low, outcome.high) == ("unscored", 0, 10)
    assert bench(KIND, LISTED).one(a=1, b=1).branch == "unscored"


def test_sentences(bench):
    rule = bench(KIND, weight=5, name="立项规范性")
    assert [rule.one(**elements(*s)).sentence for s in [(1, 1, 1, 0), (1, 1), (0, 0), (1, None)]] == [
        "立项规范性4项要点符合3项,“d”不符合,得5×3/4=3.75分",
        "立项规范性2项要点全部符合,得满分5分",
        "立项规范性2项要点符合0项,“a”、“b”不符合,得0.00分",
        "立项规范性“b”未判断是否符合(1为符合,0为不符合),未评分",
    ]
    listed = bench(KIND, LISTED | {"veto": ["b"]}, weight=5)
    assert listed.one(**elements(1, 1, 0)).sentence == "指标3项要点符合2项,“c”不符合,得5×(40%+30%)=3.50分"
    assert listed.one(**elements(1, 0, 1)).sentence == "指标关键要点“b”不符合,整项不得分,得0.00分"


@pytest.mark.parametrize(
    "params",
    [
        {"shares": {"a": 40, "b": 30}},
        {"shares": {"a": 110, "b": -10}},
        {"shares": {"a": 100, "b": 0}},
        {"requires": {"a": ["a"]}},
        {"requires": {"a": ["b"], "b": ["c"], "c": ["a"]}},
    ],
)
def test_parameters_must_fit_together(params):
    with pytest.raises(ValidationError):
        KIND.params.model_validate(params)


STATES = st.lists(st.sampled_from([0, 1, None]), min_size=4, max_size=4)


@given(
    rows=st.lists(STATES, min_size=1, max_size=4),
    cuts=st.lists(st.integers(1, 9999), min_size=3, max_size=3, unique=True),
    weight=st.decimals("0.01", "60", places=2),
)
def test_points_and_bounds_are_exact(bench, half_up, rows, cuts, weight):
    # Domain: four elements with shares of two decimals adding to 100, weights 0.01 … 60; b needs a, d decides all.
    ends = [0, *sorted(cuts), 10000]
    shares = {n: Fraction(hi - lo, 100) for n, lo, hi in zip("abcd", ends, ends[1:], strict=False)}
    params = {"shares": {n: f"{float(s):.2f}" for n, s in shares.items()}, "requires": {"b": ["a"]}, "veto": ["d"]}

    def expected(states):
        held = dict(zip("abcd", states, strict=True))
        total = sum(s for n, s in shares.items() if held[n] and (n != "b" or held["a"]))
        return half_up(Fraction(weight) * total / 100) if held["d"] else half_up(Fraction(0))

    for states, outcome in zip(rows, bench(KIND, params, weight=weight)(*(elements(*r) for r in rows)), strict=True):
        if None not in states:
            assert outcome.points == expected(states)
            continue
        possible = [expected(s) for s in product(*((0, 1) if x is None else (x,) for x in states))]
        assert (outcome.points, outcome.low, outcome.high) == (None, min(possible), max(possible))
