"""Qualitative bands, yes or no and expert judgement."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from workbench.scoring.rules.judged import JUDGEMENT, QUALITATIVE, YES_NO

OLDER = {"bands": [{"title": "达成", "at": 80}, {"title": "部分达成", "at": 50}, {"title": "未达成", "at": 0}]}


@pytest.mark.parametrize(
    ("percent", "points"),
    # 财预〔2020〕10号 第十六条: the judged percent of the indicator's points.
    [
        ("100", "10.00"),
        ("95", "9.50"),
        ("80", "8.00"),
        ("79.99", "8.00"),
        ("60", "6.00"),
        ("59.99", "6.00"),
        ("0", "0.00"),
    ],
)
def test_the_percent_judged_gives_the_points(bench, percent, points):
    outcome = bench(QUALITATIVE).one(value=percent)
    assert (outcome.branch, str(outcome.points)) == ("judged", points)


@pytest.mark.parametrize(
    ("percent", "band"),
    # 100%–80%(含), 80%–60%(含), 60%–0%: the lower end belongs to its band.
    [("100", 1), ("80", 1), ("79.99", 2), ("60", 2), ("59.99", 3), ("0", 3)],
)
def test_the_lower_end_belongs_to_the_band(bench, percent, band):
    branches = [bench(QUALITATIVE).one(value=percent, band=b).branch for b in (1, 2, 3)]
    assert branches == ["judged" if b == band else "band_mismatch" for b in (1, 2, 3)]


def test_a_band_without_a_percent_only_bounds_the_points(bench):
    outcomes = bench(QUALITATIVE)({"band": 1}, {"band": 2}, {"band": 3}, {})
    assert [o.branch for o in outcomes] == ["unscored"] * 4
    assert [(str(o.low), str(o.high)) for o in outcomes] == [
        ("8.00", "10.00"),
        ("6.00", "8.00"),
        ("0.00", "6.00"),
        ("0.00", "10.00"),
    ]
    assert "部分达成" in outcomes[1].sentence


def test_older_local_bands(bench):
    # 湖北 2020 self-evaluation form: 100–80(含), 80–50(含), 50–0.
    rule = bench(QUALITATIVE, OLDER)
    assert [o.branch for o in rule({"value": 50, "band": 2}, {"value": "49.99", "band": 2})] == [
        "judged",
        "band_mismatch",
    ]
    assert (rule.one(band=3).low, rule.one(band=3).high) == (0, 5)


@pytest.mark.parametrize("percent", ["-0.01", "100.01", "9500"])
def test_a_percent_outside_0_to_100_is_not_scored(bench, percent):
    assert bench(QUALITATIVE).one(value=percent).branch == "out_of_range"


@pytest.mark.parametrize("band", ["0", "4", "1.5", "-1"])
def test_a_band_that_does_not_exist_is_not_scored(bench, band):
    assert bench(QUALITATIVE).one(value=90, band=band).branch == "band_unknown"
    assert bench(QUALITATIVE).one(band=band).branch == "band_unknown"


def test_the_sentence_names_band_and_percent(bench):
    outcome = bench(QUALITATIVE, name="管理制度健全性").one(value=95)
    assert outcome.sentence == "管理制度健全性评为“达成年度指标”(100%~80%),评定比例95%,得10×95%=9.50分"


@pytest.mark.parametrize(
    "bands",
    [
        [{"title": "甲", "at": 60}, {"title": "乙", "at": 80}, {"title": "丙", "at": 0}],
        [{"title": "甲", "at": 80}, {"title": "乙", "at": 80}, {"title": "丙", "at": 0}],
        [{"title": "甲", "at": 80}, {"title": "乙", "at": 60}],
        [],
    ],
)
def test_bands_must_fall_to_zero(bands):
    with pytest.raises(ValidationError):
        QUALITATIVE.params.model_validate({"bands": bands})


@given(
    rows=st.lists(
        st.fixed_dictionaries(
            {
                "value": st.none() | st.decimals("-1", "101", places=2),
                "band": st.none() | st.integers(0, 4),
            }
        ),
        min_size=1,
        max_size=6,
    ),
    weight=st.decimals("0.01", "100", places=2),
)
def test_points_are_the_exact_share(bench, half_up, rows, weight):
    # Domain: percents −1 … 101 with two decimals, weights 0.01 … 100 with two decimals.
    for row, outcome in zip(rows, bench(QUALITATIVE, weight=weight)(*rows), strict=True):
        if outcome.branch == "judged":
            assert outcome.points == half_up(Fraction(weight) * Fraction(row["value"]) / 100)
        else:
            assert outcome.points is None


def test_yes_is_all_and_no_is_nothing(bench):
    # 财预〔2021〕101号 附件1 三(七)1: 符合要求的得满分,不符合要求的不得分或者扣相应的分数.
    rule = bench(YES_NO)
    assert rule.given({"value": 1}, {"value": 0}, {}) == ["10.00", "0.00", None]
    assert rule.with_(params={"no_share": 40}).given({"value": 1}, {"value": 0}) == ["10.00", "4.00"]


@pytest.mark.parametrize("value", ["2", "-1", "0.5", "100"])
def test_an_answer_that_is_neither_is_not_scored(bench, value):
    assert bench(YES_NO).one(value=value).branch == "out_of_range"


def test_yes_no_sentences(bench):
    rule = bench(YES_NO, {"no_share": 30}, name="验收合格", unit=None)
    said = [o.sentence for o in rule({"value": 1}, {"value": 0}, {})]
    assert said == [
        "验收合格符合要求,得满分10分",
        "验收合格不符合要求,得10×30%=3.00分",
        "验收合格未判断是否符合要求,未评分",
    ]


@given(answers=st.lists(st.sampled_from([0, 1, None]), min_size=1, max_size=5), share=st.decimals("0", "100", places=2))
def test_no_gives_its_stated_share(bench, half_up, answers, share):
    outcomes = bench(YES_NO, {"no_share": share}, weight="7.5")(*({"value": a} for a in answers))
    no = half_up(Fraction(15, 2) * Fraction(share) / 100)
    assert [o.points for o in outcomes] == [{1: Decimal("7.50"), 0: no, None: None}[a] for a in answers]


@pytest.mark.parametrize("value", [None, "0", "97.5"])
def test_judgement_is_never_scored_by_itself(bench, value):
    outcome = bench(JUDGEMENT, name="社会效益").one(value=value)
    assert (outcome.branch, outcome.points, outcome.low, outcome.high) == ("needs_expert", None, 0, 10)
    assert "须由专家在0至10分之间评议计分" in outcome.sentence
