"""Attribution (差异归因): how much of a difference each cause answers for, by exact Shapley values.

A cause's share is the mean, over all orders in which the causes can be put in, of what putting it in changes (L. S. Shapley,
"A Value for n-Person Games", 1953). Shares add up to the whole difference, on every line and in total. Fractions throughout.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import combinations
from math import factorial
from typing import Generic, TypeVar

from workbench.base.exact import from_units

L = TypeVar("L")
Block = tuple[str, ...]
"""One cause, or several that cannot be told apart, in the order of the causes."""
Values = Mapping[L, Fraction]
"""Line → points; a line that is not there counts as zero."""


class Inseparable(Exception):
    """Some causes cannot be put in without others: the mixture does not make sense. ``reason`` is a Chinese sentence."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Attribution(Generic[L]):
    """The shares of a difference.

    Attributes:
        blocks: the causes, joined where they cannot be separated.
        shares: line → block → share; every line that any mixture has.
        alone: line → block → what changes when only this block is put in, from the first state. Need not add up.
        joined: block of several causes → why they could not be separated.
    """

    blocks: tuple[Block, ...]
    shares: Mapping[L, Mapping[Block, Fraction]]
    alone: Mapping[L, Mapping[Block, Fraction]]
    joined: Mapping[Block, str]


def attribute(causes: Sequence[str], value: Callable[[frozenset[str]], Values[L]]) -> Attribution[L]:
    """Attribute the difference between ``value`` of nothing and ``value`` of all causes.

    Args:
        causes: names of what differs, at most a handful: 2^n states are computed.
        value: the points line by line with these causes put in. Raises Inseparable where that cannot be computed.

    Raises:
        Inseparable: one of the two ends cannot be computed.
    """
    states: dict[frozenset[str], Values[L]] = {}
    failed: dict[frozenset[str], str] = {}
    for chosen in _subsets(causes):
        try:
            states[chosen] = value(chosen)
        except Inseparable as error:
            if not chosen or len(chosen) == len(causes):
                raise
            failed[chosen] = error.reason
    blocks = next(b for b in _partitions(tuple(causes)) if not any(_union(part) in failed for part in _subsets(b)))
    reasons = {b: _reason(b, failed) for b in blocks if len(b) > 1}
    parts = {part: states[_union(part)] for part in _subsets(blocks)}
    lines = dict.fromkeys(line for values in parts.values() for line in values)
    at_line = {line: {part: v.get(line, Fraction(0)) for part, v in parts.items()} for line in lines}
    shares = {line: _shares(blocks, values) for line, values in at_line.items()}
    alone = {line: _alone(blocks, values) for line, values in at_line.items()}
    return Attribution(blocks, shares, alone, reasons)


T = TypeVar("T", str, Block)


def _subsets(items: Sequence[T]) -> Iterator[frozenset[T]]:
    for size in range(len(items) + 1):
        yield from map(frozenset, combinations(items, size))


def _union(blocks: frozenset[Block]) -> frozenset[str]:
    return frozenset(cause for block in blocks for cause in block)


def _partitions(causes: Block) -> list[tuple[Block, ...]]:
    """All ways to join causes, those that join least first; among equals, in the order of the causes."""
    return sorted(_split(causes), key=lambda blocks: -len(blocks))


def _split(causes: Block) -> Iterator[tuple[Block, ...]]:
    if not causes:
        yield ()
        return
    first, rest = causes[0], causes[1:]
    for size in range(len(rest) + 1):
        for others in combinations(rest, size):
            left = tuple(c for c in rest if c not in others)
            for blocks in _split(left):
                yield ((first, *others), *blocks)


def _reason(block: Block, failed: Mapping[frozenset[str], str]) -> str:
    """Why a block was joined: what went wrong in the smallest state that takes a part of it."""
    cutting = [s for s in failed if 0 < len(s & set(block)) < len(block)]
    return failed[min(cutting, key=len)]


def _shares(blocks: Sequence[Block], values: Mapping[frozenset[Block], Fraction]) -> dict[Block, Fraction]:
    """Shapley values of one line."""
    n = len(blocks)
    found = {}
    for block in blocks:
        share = Fraction(0)
        for before in _subsets([b for b in blocks if b != block]):
            orders = Fraction(factorial(len(before)) * factorial(n - len(before) - 1), factorial(n))
            share += orders * (values[before | {block}] - values[before])
        found[block] = share
    return found


def _alone(blocks: Sequence[Block], values: Mapping[frozenset[Block], Fraction]) -> dict[Block, Fraction]:
    return {block: values[frozenset({block})] - values[frozenset()] for block in blocks}


def displayed(shares: Sequence[Fraction], decimals: int) -> list[Decimal]:
    """Shares as printed, with so many decimals, adding up to their exact sum.

    Largest remainder: all are rounded down, and what is lacking goes to those that lost most; among equals, to the earlier.

    Raises:
        ValueError: the sum itself has more decimals.
    """
    scale = 10**decimals
    whole = sum(shares, Fraction(0)) * scale
    if whole.denominator != 1:
        raise ValueError("the sum of the shares has more decimals than are shown")
    units = [int(share * scale // 1) for share in shares]
    lost = sorted(range(len(shares)), key=lambda i: (units[i] - shares[i] * scale, i))
    for i in lost[: int(whole) - sum(units)]:
        units[i] += 1
    return [from_units(u, decimals) for u in units]
