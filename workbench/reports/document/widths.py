"""How wide the columns of a table are: numbers stay whole, and what is left is shared so that rows are low."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

UPRIGHT, TURNED = 156.0, 225.0
"""Width in mm of the text on an upright and on a turned sheet of an official document (GB/T 9704—2012: 版心 156×225)."""
_CHARACTER, _PADDING = 3.7, 2.8
"""Width in mm of a Chinese character of table text, and of a cell's margins."""
_LATIN, _PERCENT = 0.64, 0.95
"""Width of a digit or Latin letter, and of %, as part of a Chinese one, in the widest font an office falls back to."""
_FIGURE = 9.0
"""A longer “number” is a phrase and may be broken."""
_NARROWEST, LONGEST = 3, 120
"""Characters a column of words has room for at least; longer texts ask for no more room than ones of so many characters."""
_PROSE, _PROSE_SHARE = 30, 0.28
"""A column of sentences has so much of the sheet, or the others are set closer."""


_BREAKS = re.compile(r"\n|(?<=—)|(?<=[\u4e00-\u9fff])(?=\d)|(?<=\d)(?=[\u4e00-\u9fff])")


@dataclass(frozen=True)
class Asked:
    """A column's wishes in mm: what it must have, what it would like, and how much text it has to share the rest by."""

    least: float
    most: float
    text: float


def widths(
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    figures: Sequence[bool],
    room: float,
    longest: int = LONGEST,
) -> list[float]:
    """Widths in mm, which add up to ``room``.

    Args:
        figures: which columns hold numbers.
        longest: characters from which on a longer text asks for no more room.
    """
    columns = [[row[n] for row in rows] for n in range(len(heads))]
    asked = [_asked(*each, longest) for each in zip(heads, columns, figures, strict=True)]
    given = _shared(asked, room)
    prose = [n for n, a in enumerate(asked) if not figures[n] and a.most > _mm(_PROSE)]
    if prose and max(given[n] for n in prose) < _PROSE_SHARE * room:
        given = _shared([_close(*each) for each in zip(asked, heads, columns, figures, strict=True)], room)
    return given


def _shared(asked: Sequence[Asked], room: float) -> list[float]:
    """Everybody what they must have, and of what is left a share by their text."""
    given = [a.least for a in asked]
    wanting = [n for n, a in enumerate(asked) if a.most > a.least]
    while wanting and (left := room - sum(given)) > 0.1:
        whole = sum(asked[n].text for n in wanting)
        for n in wanting:
            given[n] = min(asked[n].most, given[n] + left * asked[n].text / whole)
        wanting = [n for n in wanting if given[n] < asked[n].most - 0.1]
    return [width * room / sum(given) for width in given]


def needed(heads: Sequence[str], rows: Sequence[Sequence[str]], figures: Sequence[bool], names: float) -> float:
    """The narrowest sheet in mm a table fits whose first column has room for so many characters."""
    columns = zip(heads, figures, strict=True)
    asked = [_asked(head, [row[n] for row in rows], figure) for n, (head, figure) in enumerate(columns)]
    first = min(asked[0].most, names * _CHARACTER + _PADDING)
    return first + sum(a.least for a in asked[1:])


def _close(asked: Asked, head: str, texts: Sequence[str], figure: bool) -> Asked:
    """Numbers in no more room than they must have: titles in two lines, words before a number in a line of their own."""
    if not figure or asked.most > _mm(_FIGURE):
        return asked
    title = _units(head) / 2 + 0.3 if _units(head) >= 4 else _units(head)
    least = max([title, *(_units(part) for text in texts for part in _BREAKS.split(text))])
    return Asked(_mm(least), _mm(least), 0)


def _asked(head: str, texts: Sequence[str], figure: bool, most_text: int = LONGEST) -> Asked:
    lines = sorted((_units(line) for text in texts for line in text.split("\n")), reverse=True) or [0.0]
    title = _units(head) if _units(head) < 5 else _units(head) / 2 + 0.5  # a long title takes two lines
    if figure and lines[0] <= _FIGURE:
        # An interval may be broken behind its dash.
        parts = max(_units(part) for text in texts for part in re.split("(?<=—)", text)) if texts else 0.0
        least, most = max(parts, title), max(lines[0], title)
        return Asked(_mm(least), _mm(most), most - least)
    longest = min(lines[0], most_text)
    ends = lines[: max(1, len(lines) // 3)]  # one long cell among many does not make its column wide
    least = max(min(longest, _NARROWEST), title)
    return Asked(_mm(least), _mm(max(longest, least)), min(sum(ends) / len(ends), most_text) + 1)


def _units(text: str) -> float:
    return sum(_unit(char) for char in text)


def _unit(char: str) -> float:
    if char == "%":
        return _PERCENT
    return 1.0 if unicodedata.east_asian_width(char) in "WFA" else _LATIN


def _mm(characters: float) -> float:
    return characters * _CHARACTER + _PADDING
