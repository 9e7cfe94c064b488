"""Levels written one below the other in one column of names: “一、决策” above “1.立项依据”, “C 产出” above “C11 数量”.

What tells them is the numbering, the codes, the names of the levels, or full points that add up level by level.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

from workbench.reports.checking.language.words import LEVEL_NAMES, level_name, tight

_NUMBERED = (
    re.compile("^[一二三四五六七八九十]+(?:、|$)"),
    re.compile("^[(][一二三四五六七八九十]+[)]"),
    re.compile(r"^\d+(?:[.、](?!\d)|$)"),
)
_CODED = re.compile(r"^[A-Z](?P<digits>(?:[.-]?\d+)*)(?![A-Za-z])")
_DOTTED = re.compile(r"^\d+(?P<digits>(?:\.\d+)*)(?![\d.])")
_MORE = Decimal("1.5")
"""So many times its total a list comes to where upper levels stand in it."""


def depths(
    names: Sequence[str], serials: Sequence[str], weights: Sequence[Decimal | None], total: Decimal | None
) -> list[int] | None:
    """How deep each row stands, 0 for the highest; None where nothing tells it with certainty.

    Args:
        names: the cells of the names; serials: those before them (序号); weights: the full points; total: of the whole.
    """
    twice = total is not None and total > 0 and sum(w or Decimal(0) for w in weights) > total * _MORE
    ways = (
        [_mark(n) for n in names],
        [_mark(s) for s in serials],
        [_digits(_CODED, n) for n in names],
        [_digits(_DOTTED, s) for s in serials],
        *([_named(names), _added(weights, total)] if twice else []),
    )
    for way in ways:
        found = [d for d in way if d is not None]
        if len(found) == len(names) and len(set(found)) > 1 and found[0] == min(found):
            return found
    return None


def _mark(text: str) -> int | None:
    return next((n for n, pattern in enumerate(_NUMBERED) if pattern.match(tight(text))), None)


def _digits(pattern: re.Pattern[str], text: str) -> int | None:
    match = pattern.match(tight(text))
    return None if match is None else len(re.sub(r"[^\d]", "", match["digits"]))


def _named(names: Sequence[str]) -> list[int | None]:
    """Names of levels over others: never two of them in a row, never the last."""
    upper = [level_name(n) in LEVEL_NAMES for n in names]
    alone = upper[-1] or any(one and other for one, other in pairwise(upper)) if upper else True
    return [None] * len(names) if alone or sum(upper) < 3 else [0 if u else 1 for u in upper]


def _added(weights: Sequence[Decimal | None], total: Decimal | None) -> list[int | None]:
    """Every upper row's full points are those of the rows below it, up to the next upper row."""
    made: list[int | None] = []
    left = Decimal(0)
    for weight in weights:
        if weight is None or weight <= 0:
            return [None] * len(weights)
        made.append(0 if left == 0 else 1)
        left = weight if left == 0 else left - weight
        if left < 0:
            return [None] * len(weights)
    upper = sum((w or Decimal(0) for w, depth in zip(weights, made, strict=True) if depth == 0), Decimal(0))
    return made if left == 0 and upper == total else [None] * len(weights)
