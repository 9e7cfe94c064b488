"""Zip containers (docx, xlsx) whose bytes depend on nothing but what is in them."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping
from datetime import datetime
from typing import BinaryIO

FIXED = datetime(2020, 1, 1)
"""Date of creation in a document's properties: fixed, so that the same content gives the same bytes."""
_CONTENT_TYPES = "[Content_Types].xml"
_NO_DATE = (1980, 1, 1, 0, 0, 0)
_UNIX = 3
_MODE = 0o100644 << 16
_UTF8, _LATER = 0x800, 0x8
"""Flags of an entry: its name is UTF-8; its sizes come after its data."""
_LOCAL, _CENTRAL, _END = struct.Struct("<4s5H3I2H"), struct.Struct("<4s6H3I5H2I"), struct.Struct("<4s4H2IH")
_VERSION = 20


def repacked(data: bytes) -> bytes:
    """The same zip with sorted names, fixed dates, system and attributes; [Content_Types].xml first, as readers expect."""
    source, target = io.BytesIO(data), io.BytesIO()
    with zipfile.ZipFile(source) as before, zipfile.ZipFile(target, "w") as after:
        for name in sorted(before.namelist(), key=lambda n: (n != _CONTENT_TYPES, n)):
            entry = zipfile.ZipInfo(name, _NO_DATE)
            entry.create_system, entry.external_attr = _UNIX, _MODE
            # A picture is packed already.
            entry.compress_type = zipfile.ZIP_STORED if name.endswith(".png") else zipfile.ZIP_DEFLATED
            after.writestr(entry, before.read(name))
    return target.getvalue()


def patched(source: BinaryIO, parts: Mapping[str, bytes]) -> bytes:
    """A zip with these parts in the place of those of the same name, or after the last; every other is copied as it is packed.

    Nothing is unpacked: pictures cost nothing, and what nobody touches stays as it is to the last byte.

    Raises:
        zipfile.BadZipFile: no zip, cut off, or larger than 4 GiB.
    """
    new = dict(parts)
    body, directory, count = io.BytesIO(), io.BytesIO(), 0
    with zipfile.ZipFile(source) as before:
        for old in before.infolist():
            data = new.pop(old.filename, None)
            _enter(body, directory, *((old, _packed(source, old)) if data is None else _made(old.filename, data)))
            count += 1
    for name, data in new.items():
        _enter(body, directory, *_made(name, data))
        count += 1
    start, size = body.tell(), directory.tell()
    if count >= 0xFFFF or start + size >= 0xFFFFFFFF:
        raise zipfile.BadZipFile("too large")
    return b"".join((body.getvalue(), directory.getvalue(), _END.pack(b"PK\5\6", 0, 0, count, count, size, start, 0)))


def _made(name: str, data: bytes) -> tuple[zipfile.ZipInfo, bytes]:
    entry = zipfile.ZipInfo(name, _NO_DATE)
    entry.create_system, entry.external_attr = _UNIX, _MODE
    entry.flag_bits = 0 if name.isascii() else _UTF8
    entry.compress_type = zipfile.ZIP_DEFLATED
    packer = zlib.compressobj(6, zlib.DEFLATED, -15)
    packed = packer.compress(data) + packer.flush()
    entry.CRC, entry.file_size, entry.compress_size = zlib.crc32(data), len(data), len(packed)
    return entry, packed


def _packed(source: BinaryIO, entry: zipfile.ZipInfo) -> bytes:
    """The data of an entry, as it lies in the file."""
    source.seek(entry.header_offset)
    head = source.read(_LOCAL.size)
    if len(head) < _LOCAL.size or not head.startswith(b"PK\3\4"):
        raise zipfile.BadZipFile("no entry where there should be one")
    source.seek(sum(_LOCAL.unpack(head)[-2:]), io.SEEK_CUR)
    data = source.read(entry.compress_size)
    if len(data) < entry.compress_size:
        raise zipfile.BadZipFile("cut off")
    return data


def _enter(body: BinaryIO, directory: BinaryIO, entry: zipfile.ZipInfo, packed: bytes) -> None:
    """An entry with its data, and its line in the directory."""
    flags = entry.flag_bits & ~_LATER
    name = entry.orig_filename.encode("utf-8" if flags & _UTF8 else "cp437")
    year, month, day, hour, minute, second = entry.date_time
    when = hour << 11 | minute << 5 | second // 2, (year - 1980) << 9 | month << 5 | day
    sizes = entry.CRC, len(packed), entry.file_size
    common = (_VERSION, flags, entry.compress_type, *when, *sizes, len(name), 0)
    made_by = entry.create_system << 8 | _VERSION
    directory.write(
        _CENTRAL.pack(b"PK\1\2", made_by, *common, 0, 0, entry.internal_attr, entry.external_attr, body.tell())
    )
    directory.write(name)
    body.write(_LOCAL.pack(b"PK\3\4", *common))
    body.write(name)
    body.write(packed)
