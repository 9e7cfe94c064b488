"""How much text goes into so many lines: estimated on the safe side, so that a sheet made to be one page stays one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

CUT = "……"
_SMALL, _LARGE = 0.66, 1.05
"""Widths of Latin letters as parts of a Chinese one, in the widest font an office falls back to: digits and small ones, and capitals."""
_LOST = 1.5
"""Chinese characters a line may lose, because no mark of punctuation begins one."""
_NUMBER = re.compile(r"[+\-−]?\d[\d.,%—–/]*$")
"""The beginning of a number at the end of what was cut: half a number would be another one."""
_LONGEST_TAIL = 12
_PIECE = re.compile(r"[!-~]+|.", re.DOTALL)
"""What is not parted at the end of a line: a Latin word with its signs, or one other character."""


def units(text: str) -> float:
    """Width of a text in Chinese characters."""
    return sum(_unit(char) for char in text)


def _unit(char: str) -> float:
    if unicodedata.east_asian_width(char) in "WFA":
        return 1.0
    return _SMALL if char.islower() or char.isdigit() or char in " .,:;'!()[]-/" else _LARGE


def fitting(text: str, across: float, most: int) -> int:
    """How many of the first characters go into ``most`` lines of ``across`` Chinese characters."""
    room, used, line, count = across - _LOST, 0.0, 1, 0
    for piece in _PIECE.findall(text):
        wide = units(piece)
        if used and used + wide > room:
            line, used = line + 1, 0.0
        for char in piece:  # a word longer than a line goes on in the next one
            if used + _unit(char) > room:
                line, used = line + 1, 0.0
            if line > most:
                return count
            used += _unit(char)
            count += 1
    return count


def lines(text: str, across: float, indent: float = 0, most: int = 40) -> int:
    """How many lines a text takes whose first line is indented, ``most`` at the most."""
    whole = " ".join(text.split())
    return next((n for n in range(1, most) if fitting(whole, across - indent / n, n) == len(whole)), most)


def fitted(text: str, across: float, most: int) -> str:
    """The text on one line of white space, cut so that it takes ``most`` lines at the most, but never within a number.

    Where it was cut, …… says so.
    """
    whole = " ".join(text.split())
    if fitting(whole, across, most) == len(whole):
        return whole
    kept = whole[: fitting(whole, across, most)]
    while kept and fitting(kept + CUT, across, most) < len(kept + CUT):
        kept = kept[:-1]
    if _goes_on(kept, whole):
        kept = _NUMBER.sub("", kept)
    return kept.rstrip("，、；：,;: ") + CUT


def told_apart(texts: Sequence[str], across: float) -> list[str]:
    """Each cut to one line; texts that would look the same keep their ends, as many characters as tell them apart."""
    cut = [fitted(text, across, 1) for text in texts]
    for tail in range(2, _LONGEST_TAIL):
        same = {text for text in cut if cut.count(text) > 1}
        if not same:
            break
        ends = [" ".join(text.split())[-tail:] for text in texts]
        cut = [
            fitted(text[:-tail], across - units(end), 1) + end
            if one in same and fitted(text, across, 1) != text
            else one
            for text, end, one in zip(texts, ends, cut, strict=True)
        ]
    return cut


def _goes_on(kept: str, whole: str) -> bool:
    """Whether the cut is in or right behind a number, whose rest or unit is gone."""
    return bool(_NUMBER.search(kept)) and len(kept) < len(whole)
