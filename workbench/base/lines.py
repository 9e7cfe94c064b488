"""Text broken into lines and set in columns, where Chinese takes two columns and may break between any two characters."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator

_NEVER_FIRST = frozenset(",。、;:!?)]}》〉」』】〕”’%％,.;:!?)]}…～~")
_NEVER_LAST = frozenset("([{《〈「『【〔“‘(￥")


def width(text: str) -> int:
    """Columns a terminal needs: two for wide characters, none for combining ones (“ambiguous” ones take one)."""
    return sum(0 if unicodedata.combining(c) else 1 + (unicodedata.east_asian_width(c) in "WF") for c in text)


def pad(text: str, columns: int, right: bool = False) -> str:
    """``text`` with blanks up to ``columns``, before it when ``right``."""
    blanks = " " * (columns - width(text))
    return blanks + text if right else text + blanks


def wrap(text: str, room: float, measure: Callable[[str], float] = width) -> list[str]:
    """``text`` as lines of at most ``room``, in the unit of ``measure``; its own line ends are kept, nothing is cut off."""
    return [line for paragraph in text.splitlines() or [""] for line in _wrapped(paragraph, room, measure)]


def _wrapped(text: str, room: float, measure: Callable[[str], float]) -> list[str]:
    lines, line = [], ""
    for piece in _pieces(text):
        if line and measure(line + piece.rstrip()) > room:
            lines.append(line.rstrip())
            line = ""
        if measure(piece) <= room:
            line += piece if line else piece.lstrip()
            continue
        for char in piece:
            if line and measure(line + char) > room:
                lines.append(line)
                line = ""
            line += char
    return [*lines, line.rstrip()] if line.strip() or not lines else lines


def _pieces(text: str) -> Iterator[str]:
    """Smallest parts that stay together: a Latin word or number, or one character with its punctuation."""
    piece = ""
    for char in text:
        joins = piece and (char in _NEVER_FIRST or piece[-1] in _NEVER_LAST or (_latin(char) and _latin(piece[-1])))
        if piece and not joins:
            yield piece
            piece = ""
        piece += char
    if piece:
        yield piece


def _latin(char: str) -> bool:
    return char.isascii() and not char.isspace()
