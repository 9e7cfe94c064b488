"""Convergence (收敛): what another round of a Delphi panel changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Literal

from workbench.review.agreement import words
from workbench.review.agreement.grid import Grid
from workbench.review.agreement.model import Concordance, Convergence, Item, Ratings, Shift, Spread
from workbench.review.agreement.panel import ALL
from workbench.review.agreement.spread import spread


def convergence(before: Ratings, after: Ratings) -> Convergence:
    """Two rounds on the same subject, indicators and experts as in ``after``; only opinions given in both rounds count.

    Otherwise an expert who is missing in one round would look like movement.
    """
    both = before.points.keys() & after.points.keys()
    asked = [(e.id, i.code) for i in after.items for e in after.experts if (e.id, i.code) in both]
    found = Convergence(
        experts=len({expert for expert, _ in asked}),
        opinions=len(asked),
        changed=sum(before.points[key] != after.points[key] for key in asked),
        w_before=_w(after, before, asked),
        w_after=_w(after, after, asked),
        shifts=tuple(_shift(before, after, item, [k for k in asked if k[1] == item.code]) for item in after.items),
    )
    return replace(found, headline=words.convergence(found))


def _w(frame: Ratings, source: Ratings, asked: Sequence[tuple[str, str]]) -> Concordance:
    common = Ratings(frame.experts, frame.items, {key: source.points[key] for key in asked})
    return Grid.of(common.experts, [(common, item) for item in common.items]).coefficients(ALL).w


def _shift(before: Ratings, after: Ratings, item: Item, keys: Sequence[tuple[str, str]]) -> Shift:
    old, new = ([source.points[key] for key in keys] for source in (before, after))
    was, now = spread(item, old), spread(item, new)
    found = Shift(was, now, sum(a != b for a, b in zip(old, new, strict=True)), _direction(was, now))
    return replace(found, text=words.shift(found))


def _direction(was: Spread, now: Spread) -> Literal["narrower", "wider", "same"]:
    """By the quartiles, then by the range: with few experts the quartiles may stand still while the ends move."""
    old, new = ((s.iqr or Decimal(0), s.range or Decimal(0)) for s in (was, now))
    return "same" if old == new else "narrower" if new < old else "wider"
