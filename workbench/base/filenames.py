"""File names that mean one and the same file on Linux, macOS and Windows, and that look like what they are."""

from __future__ import annotations

import re
import unicodedata

# Listed and not asked of the Unicode tables, which grow: a name stays good or bad on every version of Python.
_INVISIBLE = re.compile("[\x00-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff]")
_FORBIDDEN = re.compile(r'[\\/:<>"|?*]')
_DEVICE = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$) *(\..*)?", re.IGNORECASE)
_LONGEST = 255
"""Bytes of one name in UTF-8 that every file system in use takes."""


def name_fault(name: str) -> str | None:
    """What keeps one part of a path (a file's or folder's name) from being portable, in Chinese; None when nothing does."""
    if _INVISIBLE.search(name):
        return "名称含有控制字符或看不见的字符"
    if name in ("", ".", ".."):
        return "路径中有空的、“.”或“..”一段"
    if _FORBIDDEN.search(name):
        return '名称含有 \\ / : < > " | ? * 之一'
    if name.endswith((".", " ")):
        return "名称以点或空格结尾"
    if _DEVICE.fullmatch(name):
        return "名称是 Windows 保留的设备名"
    return f"名称超过{_LONGEST}字节" if len(name.encode()) > _LONGEST else None


def folded(name: str) -> str:
    """What a file system that tells neither upper from lower case nor composed from decomposed letters takes a name for."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())
