"""Two rounds compared: only who spoke twice, and nobody by name."""

from __future__ import annotations

import pytest

from workbench.review.agreement.delphi import convergence

FIRST = [
    ("效益", "10", ["2", "4", "6", "8", "9"]),
    ("效益", "10", ["5", "5", "6", "7", "7"]),
    ("产出", "10", ["9", "9", "9", "9", "9"]),
]
SECOND = [
    ("效益", "10", ["5", "5", "6", "7", "7"]),
    ("效益", "10", ["2", "5", "6", "7", "7"]),
    ("产出", "10", ["9", "9", "9", "9", "9"]),
]


def test_every_indicator_says_what_moved(panel) -> None:
    found = convergence(panel(*FIRST), panel(*SECOND))
    assert [s.text for s in found.shifts] == [
        "指标1(I01,满分10分):5位专家中4位改变,四分位距由4分缩小到2分,极差由7分缩小到2分,收敛",
        "指标2(I02,满分10分):5位专家中1位改变,四分位距2分未变,极差由2分扩大到5分,扩大",
        "指标3(I03,满分10分):5位专家中0位改变,四分位距0分未变,极差0分未变,不变",
    ]
    assert (found.opinions, found.changed, found.experts) == (15, 5, 5)


def test_the_headline_counts_and_compares_w(panel) -> None:
    # By hand: rank sums 8, 7.5, 14.5 with ties 12, then 8, 7, 15 with ties 24: 12·30.5/(600 - 60), 12·38/(600 - 120).
    found = convergence(panel(*FIRST), panel(*SECOND))
    assert found.headline == (
        "两轮都给分的意见15条,5条改变(33.3%);3项指标中1项收敛、1项扩大、1项不变;Kendall W由0.68变为0.95。"
        "一致性只说明分歧,不改变任何得分。"
    )


def test_who_is_missing_in_one_round_does_not_look_like_movement(panel) -> None:
    without_last = [(level, weight, [*points[:4], None]) for level, weight, points in FIRST]
    left, joined = convergence(panel(*FIRST), panel(*without_last)), convergence(panel(*without_last), panel(*FIRST))
    for found in (left, joined):
        assert (found.experts, found.opinions, found.changed) == (4, 12, 0)
        assert {s.direction for s in found.shifts} == {"same"}
        assert found.w_before == found.w_after
        assert found.few
        assert found.headline.endswith("(仅供参考:只有4位专家)")


def test_no_name_is_in_it(panel) -> None:
    assert "专家1" not in repr(convergence(panel(*FIRST), panel(*SECOND)))


@pytest.mark.parametrize("again", [[None] * 5, ["5", None, None, None, None]])
def test_nothing_to_compare_is_said(panel, again) -> None:
    found = convergence(panel(FIRST[0]), panel(("效益", "10", again)))
    assert "不足两位" in found.shifts[0].text
    assert "无法比较" in found.headline
    assert found.w_before.value is None
