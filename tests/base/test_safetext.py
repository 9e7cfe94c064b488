"""Anybody's text: kept, but unable to break the file or to turn round what stands beside it."""

from __future__ import annotations

import sys
import unicodedata

from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from workbench.base.safetext import isolated, safe, visible
from workbench.base.text import moment

ANYTHING = st.text(st.characters(), max_size=60)
OPEN, CLOSE = "\u2066\u2067\u2068", "\u2069"


@given(ANYTHING)
def test_xml_can_hold_whatever_was_made_visible(text: str) -> None:
    node = etree.Element("t")
    node.text = visible(text)
    assert etree.fromstring(etree.tostring(node, encoding="utf-8")).text == (visible(text) or None)


@given(ANYTHING)
def test_no_line_leaves_an_isolate_open_or_closes_one_it_did_not_open(text: str) -> None:
    for line in safe(text).split("\n"):
        depth = 0
        for char in line:
            depth += (char in OPEN) - (char == CLOSE)
            assert depth >= 0
        if any(c in OPEN for c in line):
            assert depth == 0


@given(ANYTHING)
def test_nothing_is_lost_but_marks_that_would_close_ours(text: str) -> None:
    kept = safe(text).replace(CLOSE, "").replace("\u2068", "")
    assert kept == visible(text).replace(CLOSE, "").replace("\u2068", "")


def test_what_cannot_be_printed_is_spelt_out() -> None:
    assert visible("甲\x00\x1b\x7f\x85乙\ud800\uffff") == "甲[U+0000][U+001B][U+007F]\n乙[U+D800][U+FFFF]"


def test_every_line_end_is_one() -> None:
    assert visible("一\r\n二\r三\u2028四\u2029五\n六") == "一\n二\n三\n四\n五\n六"


def test_chinese_and_latin_text_stays_as_it_is() -> None:
    plain = "项目A:完成率≥95%,“达标”😀 𠮷"
    assert safe(plain) == plain


def test_right_to_left_text_is_closed_off_line_by_line() -> None:
    assert isolated("甲\n\u202e乙\n丙") == "甲\n\u2068\u202e乙\u2069\n丙"


def test_nothing_is_said_of_nothing() -> None:
    assert (safe(None), safe(""), moment(None)) == ("", "", "")


def test_a_ledgers_time_is_told_in_beijing_time() -> None:
    assert moment("2026-11-22T16:30:00.000Z") == "2026-11-23 00:30"


def test_every_right_to_left_letter_and_mark_is_known() -> None:
    turning = {"R", "AL", "AN", "RLE", "RLO", "RLI", "LRE", "LRO", "LRI", "FSI", "PDF", "PDI"}
    known = (chr(n) for n in range(sys.maxunicode + 1))
    missed = [
        hex(ord(c)) for c in known if unicodedata.bidirectional(c) in turning and not isolated(c).startswith("\u2068")
    ]
    assert missed == []
