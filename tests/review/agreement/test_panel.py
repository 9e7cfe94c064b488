"""A panel as a whole: which table the coefficients rest on, and the sentences a lead reads."""

from __future__ import annotations

import dataclasses
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from workbench.review.agreement.grid import complete_block
from workbench.review.agreement.icc import ALL_EQUAL, NO_EXPERTS, NO_ROWS
from workbench.review.agreement.model import Item, Rater, Ratings
from workbench.review.agreement.panel import across, assess

# The Shrout & Fleiss table as a panel: six indicators of ten points, four experts (test_icc.py has the source).
SHROUT_FLEISS = [(9, 2, 5, 8), (6, 1, 3, 2), (8, 4, 6, 8), (7, 1, 2, 6), (10, 5, 6, 9), (6, 2, 4, 7)]


@pytest.fixture
def published(panel):
    return panel(*[("产出" if i < 3 else "效益", "10", [str(p) for p in row]) for i, row in enumerate(SHROUT_FLEISS)])


def test_the_published_table_in_words(published) -> None:
    # ICC and alpha: peers.md §2.4, §2.5. W by hand: rank sums 17, 6, 19, 7.5, 23.5, 11, S 239.5, ties 30;
    # 12·239.5/(16·210 - 4·30) = 0.887.
    assert assess(published).overall.text == (
        "全部指标:ICC(2,1)=0.29(95%区间0.02至0.76,较差至良好);ICC(3,k)=0.91(95%区间0.68至0.99,中等至优秀);"
        "Kendall W=0.89(p=0.003,较强,分级为示例);Krippendorff α=0.15。(仅供参考:只有4位专家)"
    )


def test_the_headline_says_what_matters_and_that_no_score_moves(published) -> None:
    assert assess(published).headline == (
        "4位专家评了6项指标:给分的一致程度为较差至良好:ICC(2,1)=0.29(95%区间0.02至0.76),分级按Koo和Li 2016;"
        "6项指标分歧较大;2位专家系统性偏高或偏低。一致性只说明分歧,不改变任何得分。(仅供参考:只有4位专家)"
    )


def test_points_are_compared_as_shares_of_full_points(published) -> None:
    doubled = Ratings(
        published.experts,
        tuple(dataclasses.replace(i, weight=i.weight * (n + 1)) for n, i in enumerate(published.items)),
        {(e, code): points * int(code[1:]) for (e, code), points in published.points.items()},
    )
    assert assess(doubled).overall.icc == assess(published).overall.icc


def test_levels_and_judged_indicators_have_coefficients_of_their_own(panel) -> None:
    found = assess(
        panel(
            ("过程", "10", ["10"] * 5),
            ("过程", "5", ["5"] * 5),
            ("效益", "10", ["7", "8", "7", "8", "7"]),
            ("效益", "10", ["2", "3", "2", "3", "2"]),
            judged=["I03", "I04"],
        )
    )
    assert [c.name for c in found.levels] == ["过程类指标", "效益类指标"]
    assert (found.judged.rows, found.overall.rows) == (2, 4)
    assert found.levels[0].icc["ICC(2,1)"].why == ALL_EQUAL
    assert found.levels[1].icc == found.judged.icc
    assert found.headline.startswith("5位专家评了2项需要判断的指标")
    assert "仅供参考" not in found.headline


def test_below_five_experts_every_sentence_says_so(panel) -> None:
    rows = [
        ("效益", "10", ["7", "7", "7", "9"]),
        ("效益", "10", ["5", "5", "5", "8"]),
        ("产出", "10", ["1", "2", "3", "4"]),
    ]
    few, enough = assess(panel(*rows)), assess(panel(*[(*row[:2], [*row[2], row[2][0]]) for row in rows]))
    for found, expected in ((few, True), (enough, False)):
        parts = [found.overall, *found.levels, *found.indicators, *found.outliers]
        assert {p.few for p in parts} == {expected}
        assert {"仅供参考" in text for text in (found.headline, *[p.text for p in parts])} == {expected}
        assert found.outliers


def test_coefficients_on_four_of_five_experts_are_for_reference_only(panel) -> None:
    rows = [("效益", "10", [str(i), str(i), str(i + 1), str(i), None]) for i in range(1, 6)]
    found = assess(panel(*rows, ("效益", "10", ["1", "1", "1", "1", "1"]))).overall
    assert (found.experts, found.rows, found.compared, found.left_out) == (5, 6, (6, 4), ("专家5",))
    assert found.few
    assert found.text.endswith(
        "ICC和W须无缺项,只按4位专家都评过的6项指标计算,专家5评得太少未计入。(仅供参考:只有4位专家)"
    )


def test_a_declined_indicator_leaves_the_table_not_the_expert(panel) -> None:
    rows = [("效益", "10", [str(i), str(i + 1), str(i), str(i), str(i)]) for i in range(1, 9)]
    found = assess(panel(*rows, ("效益", "10", ["5", "5", "5", "5", None]))).overall
    assert (found.compared, found.left_out) == ((8, 5), ())
    assert "只按5位专家都评过的8项指标计算。" in found.text


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ([], NO_ROWS),
        ([("效益", "10", ["7", "8", "9", "9", "9"])], NO_ROWS),
        ([("效益", "10", ["7"]), ("效益", "10", ["8"])], NO_ROWS),
        ([("效益", "10", [None, None]), ("效益", "10", [None, None])], NO_ROWS),
        ([("效益", "0", ["0", "0"]), ("效益", "0", ["0", "0"])], NO_ROWS),
        ([("效益", "10", ["7"] * 5), ("效益", "20", ["14"] * 5)], ALL_EQUAL),
    ],
)
def test_what_cannot_be_compared_is_said_never_shown_as_a_number(panel, rows, why) -> None:
    found = assess(panel(*rows))
    assert {c.why for c in (*found.overall.icc.values(), found.overall.alpha["interval"])} <= {why, NO_EXPERTS}
    assert found.overall.w.value is None
    texts = [found.headline, found.overall.text, *[s.text for s in found.indicators]]
    assert all(texts)
    assert not any("nan" in text.lower() or "None" in text for text in texts)
    assert "算不出" in found.headline


def test_every_indicator_has_its_sentence(panel) -> None:
    found = assess(
        panel(
            ("效益", "10", ["4", "6", "7", "8", "9"]),
            ("效益", "10", ["7", "7", "7", "7", "7"]),
            ("效益", "10", [None, None, None, None, "8.50"]),
            ("效益", "10", [None] * 5),
        )
    )
    assert [s.text for s in found.indicators] == [
        "指标1(I01,满分10分):5位专家给4至9分,相差5分,中位数7分,分歧较大",
        "指标2(I02,满分10分):5位专家都给7分",
        "指标3(I03,满分10分):只有1位专家给分,8.5分(仅供参考:只有1位专家)",
        "指标4(I04,满分10分):没有计入的意见",
    ]
    assert [s.code for s in found.wide] == ["I01"]


def test_two_experts_of_one_name_are_told_apart(panel) -> None:
    found = panel(*[("效益", "10", ["7", "7", "9"])] * 3)
    same = dataclasses.replace(found, experts=tuple(Rater(e.id, "张伟") for e in found.experts))
    assert assess(same).outliers[0].text.startswith("张伟(e3)在全部指标上系统性偏高6分")


def test_one_indicator_over_several_subjects(published) -> None:
    subjects = [
        Ratings(
            published.experts,
            (Item("I01", "社会效益", "效益", Decimal(10)),),
            {(f"e{e + 1}", "I01"): Decimal(p) for e, p in enumerate(row)},
        )
        for row in SHROUT_FLEISS
    ]
    found = across(subjects)["I01"]
    assert found.icc == assess(published).overall.icc
    assert found.text.startswith("社会效益:ICC(2,1)=0.29")
    alone = across(subjects[:1])["I01"]
    assert alone.icc["ICC(2,1)"].why == alone.w.why == alone.alpha["interval"].why == NO_ROWS


@given(npst.arrays(bool, st.tuples(st.integers(0, 8), st.integers(0, 6))))
def test_the_block_has_no_gap_and_is_no_smaller_than_leaving_out_every_gap(given_) -> None:
    rows, columns = complete_block(given_)
    assert given_[np.ix_(rows, columns)].all()
    assert (len(rows) >= 2 and len(columns) >= 2) or (rows, columns) == ([], [])
    full = int(given_.all(axis=1).sum()) if given_.size else 0
    if full >= 2 and given_.shape[1] >= 2:
        assert len(rows) * len(columns) >= full * given_.shape[1]


@settings(max_examples=40)
@given(st.lists(st.lists(st.one_of(st.none(), st.integers(0, 20)), min_size=4, max_size=4), max_size=6))
def test_whatever_was_said_there_is_something_to_read(rows) -> None:
    items = tuple(Item(f"I{i}", "指标", f"一级{i % 2}", Decimal(20)) for i in range(len(rows)))
    points = {(f"e{e}", f"I{i}"): Decimal(p) for i, row in enumerate(rows) for e, p in enumerate(row) if p is not None}
    found = assess(Ratings(tuple(Rater(f"e{e}", f"专家{e}") for e in range(4)), items, points))
    texts = [found.headline, *[p.text for p in (found.overall, *found.levels, *found.indicators, *found.outliers)]]
    assert all(texts)
    assert not any("nan" in text or "None" in text or "-0.00" in text for text in texts)
