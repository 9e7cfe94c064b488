"""Packages of which some parts are replaced: the others are copied as they are packed."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.base.packed import patched


def a_zip(parts: dict[str, bytes], *, stream: bool = False) -> bytes:
    """A zip; as ``stream``, sizes stand after the data, as programs write it that cannot go back."""
    target = io.BytesIO()
    with zipfile.ZipFile(_OneWay(target) if stream else target, "w", zipfile.ZIP_DEFLATED) as package:  # type: ignore[arg-type]
        for name, data in parts.items():
            package.writestr(name, data)
    return target.getvalue()


class _OneWay(io.RawIOBase):
    def __init__(self, target: io.BytesIO) -> None:
        self._target = target

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        return self._target.write(data)


def read(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        assert package.testzip() is None
        return {name: package.read(name) for name in package.namelist()}


names = st.text("abc/中文é._", min_size=1, max_size=8)
contents = st.dictionaries(names, st.binary(max_size=300), max_size=6)


@given(contents, contents, st.booleans())
def test_parts_are_replaced_or_added_and_all_others_stay(
    before: dict[str, bytes], new: dict[str, bytes], stream: bool
) -> None:
    whole = a_zip(before, stream=stream)
    made = patched(io.BytesIO(whole), new)
    assert read(made) == before | new and list(read(made)) == list(before | new)
    assert made == patched(io.BytesIO(whole), new)


def test_what_is_not_replaced_is_not_packed_again() -> None:
    stored = io.BytesIO()
    with zipfile.ZipFile(stored, "w", zipfile.ZIP_STORED) as package:
        package.writestr(zipfile.ZipInfo("photo.jpg", (2024, 2, 29, 12, 34, 56)), b"\xff\xd8" * 500)
        package.writestr("a.xml", b"<a/>")
    with zipfile.ZipFile(io.BytesIO(patched(stored, {"a.xml": b"<b/>"}))) as package:
        entry = package.getinfo("photo.jpg")
        assert (entry.compress_type, entry.date_time) == (zipfile.ZIP_STORED, (2024, 2, 29, 12, 34, 56))


@pytest.mark.parametrize("cut", [0, 10, 60, -1])
def test_a_broken_zip_is_told(cut: int) -> None:
    with pytest.raises(zipfile.BadZipFile):
        patched(io.BytesIO(a_zip({"a.xml": b"<a/>" * 100})[:cut]), {})
