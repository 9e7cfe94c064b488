"""Texts aligned and wrapped by the width a Chinese character takes on screen."""

from __future__ import annotations

import pytest

from workbench.base.lines import pad, width, wrap


def test_a_chinese_character_takes_two_columns():
    assert width("预算 ok") == 7
    assert width("e\u0301") == 1
    assert pad("预算", 6) == "预算  "
    assert pad("预算", 6, right=True) == "  预算"
    assert pad("预算", 2) == "预算"


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("一二三四五", ["一二三", "四五"]),
        ("一二三,四五", ["一二", "三,四", "五"]),
        ("ab cd ef", ["ab cd", "ef"]),
        ("abcdefghij", ["abcdef", "ghij"]),
        ("一\n二", ["一", "二"]),
        ("一二(三)", ["一二", "(三)"]),
        ("", [""]),
    ],
)
def test_lines_end_where_they_may(text, lines):
    assert wrap(text, 6) == lines


def test_room_may_be_measured_in_any_unit():
    assert wrap("一二三四", 2, len) == ["一二", "三四"]
