"""How many parts a zip declares, read off its end before anything loads its directory.

``zipfile`` loads the whole directory when it opens a file, and a directory of a few megabytes fills the memory with empty entries. The
end record may be outdone by one for large archives, which Python up to 3.13 takes from right before its locator and
others from where the locator points to; a hostile file says something else in each. So the largest counts.
"""

from __future__ import annotations

import struct
import zipfile
from typing import BinaryIO

MAX_PARTS = 10_000
MAX_DIRECTORY = 4 * 1024**2
_END, _END64, _LOCATOR64 = b"PK\x05\x06", b"PK\x06\x06", b"PK\x06\x07"
_SIZE, _SIZE64, _LOCATOR_SIZE = 22, 56, 20
_ENTRY = 46
"""Bytes of a directory entry without its name."""
_SEE64 = 0xFFFF, 0xFFFFFFFF


def crowd_of(stream: BinaryIO) -> int | None:
    """How many parts a zip declares when those are more than any document has, else None. Leaves the stream at its start.

    Raises:
        zipfile.BadZipFile: no zip, or cut off.
    """
    size = stream.seek(0, 2)
    begin = max(0, size - _SIZE - _LOCATOR_SIZE - _SIZE64 - 0xFFFF)
    stream.seek(begin)
    tail = stream.read()
    at = tail.rfind(_END)
    if at < 0 or len(tail) - at < _SIZE:
        raise zipfile.BadZipFile
    found: list[tuple[int, int]] = [struct.unpack_from("<10xHI", tail, at)]
    locator = at - _LOCATOR_SIZE
    if locator >= 0 and tail.startswith(_LOCATOR64, locator):
        named = min(struct.unpack_from("<8xQ", tail, locator)[0], size)
        records = [_record64(stream, place) for place in (named, begin + locator - _SIZE64)]
        if not any(records):
            raise zipfile.BadZipFile
        found = [f for f in found if f != _SEE64] + [r for r in records if r]
    stream.seek(0)
    parts, length = max(f[0] for f in found), max(f[1] for f in found)
    if parts > MAX_PARTS:
        return parts
    return length // _ENTRY if length > MAX_DIRECTORY else None


def _record64(stream: BinaryIO, place: int) -> tuple[int, int] | None:
    """Parts and length of the directory in an end record for large archives; None where there is none."""
    stream.seek(max(0, place))
    record = stream.read(_SIZE64)
    if len(record) < _SIZE64 or not record.startswith(_END64):
        return None
    parts, length = struct.unpack_from("<32xQQ", record)
    return parts, length
