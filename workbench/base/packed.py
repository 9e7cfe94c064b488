"""Zip containers (docx, xlsx) whose bytes depend on nothing but what is in them."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime

FIXED = datetime(2020, 1, 1)
"""Date of creation in a document's properties: fixed, so that the same content gives the same bytes."""
_CONTENT_TYPES = "[Content_Types].xml"
_NO_DATE = (1980, 1, 1, 0, 0, 0)
_UNIX = 3
_MODE = 0o100644 << 16


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
