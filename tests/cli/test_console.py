"""Texts aligned and wrapped by the width a Chinese character takes on screen."""

from __future__ import annotations

import io
import sys

import pytest

from workbench.cli.console import definitions, pad, print_json, table, tolerant_streams, width, wrap


def test_a_chinese_character_takes_two_columns():
    assert width("预算 ok") == 7
    assert width("e\u0301") == 1
    assert pad("预算", 6) == "预算  "
    assert pad("预算", 2) == "预算"


def test_columns_stand_under_their_headers():
    text = table(("名称", "分"), [("预算执行率", "10"), ("x", "9")])
    assert text.splitlines() == ["名称        分", "----------  --", "预算执行率  10", "x           9"]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("一二三四五", ["一二三", "四五"]),
        ("一二三,四五", ["一二", "三,四", "五"]),
        ("ab cd ef", ["ab cd", "ef"]),
        ("abcdefghij", ["abcdefghij"]),
        ("一\n二", ["一", "二"]),
    ],
)
def test_lines_end_where_they_may(text, lines):
    assert wrap(text, 6) == lines


def test_definitions_align_and_give_an_overlong_term_its_own_line():
    rows = [("-a", "短"), ("--a-very-long-option-name-indeed", "说明")]
    assert definitions(rows, 60, longest=10) == [
        "  -a          短",
        "  --a-very-long-option-name-indeed",
        "              说明",
    ]
    assert definitions([], 60) == []
    assert definitions([("x", "")], 60) == ["  x"]


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_json_on_a_terminal_is_text(monkeypatch):
    screen = Terminal()
    monkeypatch.setattr(sys, "stdout", screen)
    print_json({"b": 1, "a": "文"})
    assert screen.getvalue() == '{\n  "a": "文",\n  "b": 1\n}\n'


def test_streams_replace_what_they_cannot_encode(monkeypatch):
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="gbk"))
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    tolerant_streams()
    print("得分✓", flush=True)
    assert raw.getvalue().decode("gbk").strip() == "得分?"
