"""The bytes of a dossier around its files: a zip whose headers follow from names, sizes and CRC-32 alone.

Members are stored, never packed, and carry one fixed date and one fixed set of attributes. So every header can be said
beforehand and compared; nobody has to interpret one. Field order: APPNOTE 6.3.10, 4.3.7 (local header), 4.3.12 (central
directory), 4.3.16 (end record).
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

MANIFEST_NAME = "manifest.json"
SIGNATURE_FOLDER = "signatures"

MAX_SIZE = 4 * 1024**3 - 1
"""Bytes of a whole container: beyond it zip64 would be needed, a second way to say the same."""
MAX_MEMBERS = 60_000
"""Manifest and signatures included; a zip without zip64 can count to 65,534."""
MAX_MANIFEST = 32 * 1024**2
MAX_SIGNATURES = 64
MAX_SIGNATURE = 64 * 1024
BLOCK = 1024**2
"""Bytes read, hashed or written at once."""

LOCAL_MAGIC, CENTRAL_MAGIC, END_MAGIC = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")
LOCAL_SIZE, CENTRAL_SIZE, END_SIZE = _LOCAL.size, _CENTRAL.size, _END.size

_VERSION = 20
_MADE_BY = 3 << 8 | _VERSION
"""Unix, whatever system writes: otherwise the attributes below would mean something else."""
_UTF8 = 1 << 11
_STORED = 0
_TIME, _DATE = 0, 1 << 5 | 1
"""1980-01-01 00:00, the first moment a zip can name."""
_REGULAR_FILE = 0o100644 << 16


@dataclass(frozen=True, slots=True)
class Member:
    """One member: its name, size in bytes, CRC-32, and where its local header begins."""

    name: str
    size: int
    crc: int
    offset: int

    @property
    def start(self) -> int:
        """Where its content begins."""
        return self.offset + LOCAL_SIZE + len(self.name.encode())

    @property
    def end(self) -> int:
        """Where its content ends and the next header begins."""
        return self.start + self.size

    @property
    def header(self) -> bytes:
        """The local header, name included."""
        name = self.name.encode()
        sizes = (self.crc, self.size, self.size, len(name), 0)
        return _LOCAL.pack(LOCAL_MAGIC, _VERSION, _UTF8, _STORED, _TIME, _DATE, *sizes) + name

    @property
    def entry(self) -> bytes:
        """Its entry in the central directory, name included."""
        name = self.name.encode()
        sizes = (self.crc, self.size, self.size, len(name), 0, 0)
        fixed = (CENTRAL_MAGIC, _MADE_BY, _VERSION, _UTF8, _STORED, _TIME, _DATE)
        return _CENTRAL.pack(*fixed, *sizes, 0, 0, _REGULAR_FILE, self.offset) + name


def placed(contents: Iterable[tuple[str, int, int]], offset: int = 0) -> Iterator[Member]:
    """Name, size and CRC-32 of each member, one after the other from ``offset`` on."""
    for name, size, crc in contents:
        member = Member(name, size, crc, offset)
        yield member
        offset = member.end


class End(NamedTuple):
    """What the end record says: how many members there are, and where and how long their directory is."""

    members: int
    size: int
    offset: int

    @property
    def record(self) -> bytes:
        """Its bytes; there is no comment."""
        return _END.pack(END_MAGIC, 0, 0, self.members, self.members, self.size, self.offset, 0)


def end_in(data: bytes) -> End | None:
    """The end record these bytes are, or None when they are not exactly one."""
    if len(data) != END_SIZE:
        return None
    fields = _END.unpack(data)
    end = End(fields[4], fields[5], fields[6])
    return end if end.record == data else None


def size_in(header: bytes) -> int:
    """The size a local header states. It is only a guess until the header was compared with the one it should be."""
    return int(_LOCAL.unpack(header[:LOCAL_SIZE])[8])


def end_of(members: Sequence[Member]) -> End:
    """The end record behind these members, the last of which is followed by the directory."""
    directory = sum(CENTRAL_SIZE + len(m.name.encode()) for m in members)
    return End(len(members), directory, members[-1].end)


def signature_name(key: str) -> str:
    """Member of one signer's signature; ``key`` is the fingerprint."""
    return f"{SIGNATURE_FOLDER}/{key}.json"


SIGNATURE_HEADER = LOCAL_SIZE + len(signature_name("0" * 16))
"""Bytes of the local header of a signature: all fingerprints are of the same length."""
