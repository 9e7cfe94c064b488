"""Numbers and names as an evaluator writes them."""

from __future__ import annotations

import errno
import os
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.base.text import file_stem, half_width, inert, nearest, plain, reason, suggest, trimmed, with_unit


@pytest.mark.parametrize(
    ("number", "shown", "short"),
    [
        ("1E+2", "100", "100"),
        ("20.00", "20.00", "20"),
        ("97.50", "97.50", "97.5"),
        ("-0.00", "0.00", "0"),
        ("-0", "0", "0"),
        ("-0.05", "-0.05", "-0.05"),
        ("100", "100", "100"),
        ("1E-8", "0.00000001", "0.00000001"),
    ],
)
def test_plain_and_trimmed(number: str, shown: str, short: str) -> None:
    assert plain(Decimal(number)) == shown
    assert trimmed(Decimal(number)) == short


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4))
def test_plain_and_trimmed_keep_the_number(number: Decimal) -> None:
    for text in (plain(number), trimmed(number)):
        assert Decimal(text) == number
        assert "E" not in text
        assert not text.startswith("-0") or number < 0


def test_units_and_widths() -> None:
    assert with_unit(Decimal("79.270"), "%") == "79.27%"
    assert with_unit(Decimal(195), None) == "195"
    assert half_width("　１２．５％（Ａ）") == "12.5%(A)"


def test_suggestions() -> None:
    assert nearest("wieght", ["weight", "value"]) == "weight"
    assert nearest("xyz", ["weight"]) is None
    assert nearest("bad", ["lead", "title"]) is None and nearest("D3", ["B1", "D2"]) == "D2"
    assert nearest("caiyu2021", ["caiyu-2020-10", "caiyu-2021-101"]) == "caiyu-2021-101"  # hyphens left out
    assert suggest("wieght", ["weight"]) == "是否想写“weight”?"
    assert suggest("x", [f"列{i:02d}" for i in range(20)]).endswith("列11等20个")
    assert suggest("x", []) == ""


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_formula_is_smuggled_in(text: str) -> None:
    # docs/semantics.md §7: a formula smuggled into an Excel cell must never happen.
    assert inert(text) == f"'{text}"
    assert inert("正常") == "正常"


@pytest.mark.parametrize("text", ["P01", "某项目", "a-b.c"])
def test_a_harmless_name_stays(text: str) -> None:
    assert file_stem(text) == text


@pytest.mark.parametrize("text", ["../../x", "..\\x", "C:x", "a/b", ".hidden", "甲" * 300, "a\nb", "?*"])
def test_no_name_leaves_its_folder_or_breaks_a_file_system(text: str) -> None:
    stem = file_stem(text)
    assert stem != text and not set(stem) & set('/\\:*?"<>|\n') and not stem.startswith(".") and len(stem) < 60


def test_names_that_lose_characters_never_meet() -> None:
    assert file_stem("a/b") != file_stem("a:b")


@pytest.mark.parametrize(
    "code", ["ENOSPC", "EFBIG", "ENOTEMPTY", "EIO", "EINVAL", "ENOMEM", "EXDEV", "EACCES", "EROFS"]
)
def test_why_the_system_refused_is_told_in_chinese(code: str) -> None:
    number = getattr(errno, code)
    said = reason(OSError(number, os.strerror(number)))
    assert not said.isascii()
