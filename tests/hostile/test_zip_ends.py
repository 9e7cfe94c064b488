"""Zips whose directory is larger than their end says: every reader of foreign files refuses them before it is loaded."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path
from typing import Any

import pytest

from workbench.base.errors import FileError
from workbench.base.zipends import MAX_PARTS, crowd_of
from workbench.evidence.guard import open_checked
from workbench.recheck.files import open_file
from workbench.reports.checking.document.reading import read

MORE = MAX_PARTS + 1


def understated(parts: int, *, pointed: int | None = None) -> bytes:
    """A zip of empty parts; the true number stands in the record for large archives right before its locator.

    The ordinary end record says one. With ``pointed``, the locator points to another record, which says that.
    """
    fixed = struct.pack("<4B4H3I5H2I", *[20, 0] * 2, 0, 0, 0, 33, 0, 0, 0, 5, *[0] * 6)
    directory = b"".join(b"PK\1\2" + fixed + b"%05x" % i for i in range(parts))

    def record(count: int, size: int, start: int) -> bytes:
        return b"PK\6\6" + struct.pack("<QHHIIQQQQ", 44, 45, 45, 0, 0, count, count, size, start)

    head = b"PK\3\4" + bytes(26)
    if pointed is not None:
        head += record(pointed, 51, 0)
    body = head + directory
    at = 30 if pointed is not None else len(body)
    body += record(parts, len(directory), len(head)) + b"PK\6\7" + struct.pack("<IQI", 0, at, 1)
    return body + b"PK\5\6" + struct.pack("<4HIIH", 0, 0, 1, 1, 51, 0, 0)


def ordinary(parts: int, comment: bytes = b"") -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.comment = comment
        for number in range(parts):
            archive.writestr(f"{number}", b"")
    return stream.getvalue()


@pytest.mark.parametrize("comment", [b"", b"x" * 0xFFFF])
def test_the_end_of_an_ordinary_zip(comment: bytes) -> None:
    assert crowd_of(io.BytesIO(ordinary(3, comment))) is None
    assert crowd_of(io.BytesIO(ordinary(MORE, comment))) == MORE


@pytest.mark.parametrize("pointed", [None, 1])
def test_a_record_for_large_archives_outdoes_the_ordinary_one(pointed: int | None) -> None:
    """Python reads every one of them, whatever the other records say."""
    data = understated(MORE, pointed=pointed)
    assert len(zipfile.ZipFile(io.BytesIO(data)).namelist()) == MORE
    assert crowd_of(io.BytesIO(data)) == MORE


def test_the_record_the_locator_points_to_counts_too() -> None:
    assert crowd_of(io.BytesIO(understated(3, pointed=MORE))) == MORE


def test_few_parts_may_be_said_in_a_large_record() -> None:
    data = understated(3)
    said = data[:-22] + b"PK\5\6" + bytes(4) + b"\xff" * 12 + bytes(2)
    assert zipfile.ZipFile(io.BytesIO(said)).namelist() == ["00000", "00001", "00002"]
    assert crowd_of(io.BytesIO(said)) is None


@pytest.mark.parametrize("data", [b"", b"PK\3\4", ordinary(3)[:-10], understated(3)[:30] + understated(3)[-42:]])
def test_no_end(data: bytes) -> None:
    with pytest.raises(zipfile.BadZipFile):
        crowd_of(io.BytesIO(data))


@pytest.mark.parametrize(
    "read", [open_checked, open_file, lambda path, _: read(path)], ids=["evidence", "form", "report"]
)
@pytest.mark.parametrize("pointed", [None, 1])
def test_no_reader_loads_such_a_directory(read: Any, pointed: int | None, tmp_path: Path, monkeypatch: Any) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(understated(MORE, pointed=pointed))
    monkeypatch.setattr(zipfile, "ZipFile", None)
    with pytest.raises(FileError) as caught:
        read(path, "a.zip")
    assert caught.value.problems[0].code == "zip_too_many"
