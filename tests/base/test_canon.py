"""Canonical bytes: one text for one content, and no NaN ever inside."""

from __future__ import annotations

import hashlib
import json
import math
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.base.canon import canonical_json, digest, digest_file, digest_of
from workbench.base.models import DecimalText, Model

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc一二", max_size=3), inner, max_size=3),
    max_leaves=8,
)


class Line(Model):
    name: str
    points: DecimalText


def test_keys_are_sorted_and_chinese_is_readable() -> None:
    # By code point: 一 is U+4E00, 二 U+4E8C, both after ASCII.
    assert canonical_json({"二": 1, "b": 2, "一": 3, "a": 4}) == '{"a":4,"b":2,"一":3,"二":1}\n'.encode()


def test_order_of_insertion_does_not_matter() -> None:
    assert digest_of({"a": 1, "b": [1, 2]}) == digest_of({"b": [1, 2], "a": 1})
    assert digest_of({"a": [1, 2]}) != digest_of({"a": [2, 1]})


@given(JSON)
def test_canonical_json_is_json_and_stable(value: object) -> None:
    once = canonical_json(value)
    assert json.loads(once) == value
    assert canonical_json(json.loads(once)) == once
    assert json.loads(canonical_json(value, indent=2)) == value


def test_decimals_dates_models_and_paths_become_text() -> None:
    value = {"d": Decimal("7.50"), "e": Decimal("1E+2"), "z": Decimal("-0.00"), "t": date(2023, 1, 5)}
    assert canonical_json(value) == b'{"d":"7.50","e":"100","t":"2023-01-05","z":"0.00"}\n'
    assert canonical_json(Line(name="甲", points=Decimal("30.17"))) == '{"name":"甲","points":"30.17"}\n'.encode()
    assert canonical_json(Path("a") / "b") == b'"a/b"\n'


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, [math.nan], {"x": {"y": math.inf}}])
def test_nan_and_infinity_are_refused(value: object) -> None:
    with pytest.raises(ValueError):
        canonical_json(value)


@pytest.mark.parametrize("text", ["NaN", "sNaN", "Infinity", "-Infinity"])
def test_a_decimal_that_is_no_number_is_refused_too(text: str) -> None:
    # As text it would slip through as "NaN", which is worse than as a number.
    with pytest.raises(ValueError):
        canonical_json({"points": Decimal(text)})


def test_what_has_no_canonical_form_is_refused() -> None:
    with pytest.raises(TypeError, match="set"):
        canonical_json({1, 2})
    with pytest.raises(TypeError, match="bytes"):
        canonical_json(b"x")


def test_digest_is_sha256_of_the_bytes(tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.write_bytes(b"x" * (1 << 20) + b"y")
    assert digest_file(file) == digest(file.read_bytes()) == hashlib.sha256(file.read_bytes()).hexdigest()
    # The empty string's SHA-256, from FIPS 180-4 examples.
    assert digest(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
