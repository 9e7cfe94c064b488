"""What a finding says is wrong, and to do about it, fits the cell it is about."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from cases import written
from found_in import QUALITY, TIME, clean, findings, reviewed, row

from workbench.recheck.model import Written


def formula(text: str, cell: str) -> Written:
    return replace(written(text, cell), error=True)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("=SUM(H21:H27)", "“=SUM(H21:H27)”,是公式,文件里没有计算结果"),
        ("公式没有计算结果", "是公式,文件里没有计算结果"),
        ("#REF!", "“#REF!”,公式出错"),
    ],
)
def test_a_total_without_a_number_says_why(text: str, words: str) -> None:
    found = findings(replace(clean(), total_points=formula(text, "H28")))
    assert words in next(f.message for f in found if f.code == "number_unreadable")


def test_words_are_no_number() -> None:
    found = findings(row(clean(), QUALITY, points="满分"))
    assert next(f.message for f in found if f.code == "number_unreadable").endswith("写作“满分”,不是数字")


def test_a_formula_without_a_result_leaves_the_line_open_and_says_so() -> None:
    form = row(clean(), QUALITY, actual=formula("=F20/F19", "F22"))
    line = next(line for line in reviewed(form).recomputed if line.rows == (QUALITY,))
    assert line.low is None and "实际完成值是没有计算结果的公式“=F20/F19”" in line.sentence


def test_what_is_to_be_done_about_points_for_what_was_missed() -> None:
    number = findings(row(clean(), QUALITY, actual="81%"))
    assert next(f.suggestion for f in number if f.code == "missed_but_full") == "按完成比例改正得分为9分"
    day = next(f for f in findings(row(clean(), TIME, actual="次年1月20日")) if f.code == "missed_but_full")
    assert "按延误程度" in day.suggestion and "比例" not in day.suggestion
    assert day.expected == f"低于{Decimal(10)}"
