"""Font, wrapping and the isolation of our drawing from the user's matplotlib."""

from __future__ import annotations

import importlib.util
import subprocess
import sys

import matplotlib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.base.errors import FileError
from workbench.reports import style
from workbench.reports.charts.catalogue import CHARTS
from workbench.reports.save import png_bytes

SYMBOLS = "％≥≤￥−“”①—…·〓÷×→"


def gb2312() -> list[str]:
    found = []
    for row in range(0xA1, 0xF8):
        for cell in range(0xA1, 0xFF):
            try:
                found.append(bytes([row, cell]).decode("gb2312"))
            except UnicodeDecodeError:
                continue
    return found


def test_font_has_every_character_of_gb2312_and_the_common_symbols():
    chars = gb2312()
    assert len(chars) > 7000
    text = "".join(c for c in chars if not c.isspace()) + SYMBOLS
    assert style.drawable(text) == text


def test_characters_the_font_lacks_become_a_mark():
    assert style.drawable("甲😀乙\n\t丙\u202e") == "甲〓乙 丙〓"


# Listed here: Hypothesis would try every character of Unicode on the codec, which takes longer than all the examples.
LETTERS = [c for c in [*map(chr, range(0x7F)), *gb2312()] if c.isprintable() and not c.isspace()]


@given(st.text(st.sampled_from(LETTERS)), st.integers(20, 300))
def test_wrapping_loses_nothing_and_keeps_to_the_width(text, width):
    lines = style.wrap(text, width, 10)
    assert "".join(lines) == style.drawable(text)
    assert all(style.text_width(line, 10) <= width or len(line) == 1 for line in lines)


def test_wrapping_keeps_numbers_whole_and_no_line_begins_with_punctuation():
    assert style.wrap("完成率达到1234.56%,较好", 66, 12) == ["完成率达到", "1234.56%,", "较好"]
    assert not any(line.startswith((",", "、", ")")) for line in style.wrap("甲乙丙、丁戊己,庚辛(壬癸)" * 4, 50, 10))


def test_missing_font_is_explained(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(FileError, match=r"找不到图表所用的中文字体.*zhplot"):
        style.font_path()


def test_the_users_settings_neither_change_our_figures_nor_are_changed(make):
    plain = png_bytes(CHARTS["lost_points"](make("incomplete")))
    theirs = {
        "font.size": 40,
        "font.family": ["monospace"],
        "text.color": "red",
        "hatch.linewidth": 9,
        "hatch.color": "red",
        "savefig.dpi": 30,
        "savefig.bbox": "tight",
        "lines.linewidth": 9,
        "text.hinting": "force_autohint",
        "text.parse_math": True,
        "figure.facecolor": "yellow",
    }
    with matplotlib.rc_context(theirs):
        before = dict(matplotlib.rcParams)
        assert png_bytes(CHARTS["lost_points"](make("incomplete"))) == plain
        assert dict(matplotlib.rcParams) == before


def test_axes_made_while_drawing_take_the_font(tmp_path):
    with style.drawing():
        figure = style.figure(4, 3)
        axes = figure.add_subplot()
        axes.plot([-1, 0, 1], [1, 2, 3])
        axes.set_title("绩效评价得分")
        axes.set_xticks([-1, 0, 1], ["甲", "乙", "丙"])
    assert png_bytes(figure).startswith(b"\x89PNG")


def test_neither_pyplot_nor_the_font_package_is_imported():
    code = (
        "import sys, workbench.reports.charts.catalogue, workbench.reports.save\n"
        "print(sorted({'matplotlib.pyplot', 'zhplot', 'pandas'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
