"""Tables and definitions aligned on screen; JSON for people and for pipes."""

from __future__ import annotations

import io
import sys
from pathlib import Path

from workbench.cli.console import definitions, print_json, quoted, table, tolerant_streams


def test_columns_stand_under_their_headers():
    text = table(("名称", "分"), [("预算执行率", "10"), ("x", "9")])
    assert text.splitlines() == ["名称        分", "----------  --", "预算执行率  10", "x           9"]


def test_a_path_can_be_copied_into_a_command():
    assert quoted(Path("dossiers") / "黄石-1.dossier.zip") == "dossiers/黄石-1.dossier.zip"
    assert quoted("我的 档案(1).zip") == '"我的 档案(1).zip"'
    assert quoted("a&b;c.zip") == '"a&b;c.zip"'


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
