"""Lint of points: every tree a pack offers adds to 100, has the points it names, and keeps to the ranges of its sources."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from workbench.base.errors import Place, Problem, Severity
from workbench.base.text import plain, suggest
from workbench.scheme.pack import Indicator, Pack, Variant
from workbench.scheme.scheme import TOTAL
from workbench.scheme.weights import by_level1, in_tree, out_of_range, range_text, tree_problems


def lint_weights(pack: Pack) -> Iterator[Problem]:
    """Everything wrong with the points of a pack's trees; of its only tree when it offers no choice."""
    yield from _ranged_names(pack)
    if not pack.variants:
        yield from _sum(pack, pack.indicators, Place(key="分值"), "指标分值合计不等于100")
        yield from _ranges(pack, pack.indicators, Place(key="分值"))
    for name, variant in pack.variants.items():
        place = Place(key=f"pack.variants.{name}")
        yield from tree_problems(variant, pack.indicators, Place(key=f"{place.key}.weights"))
        tree = in_tree(variant, pack.indicators)
        message = f"指标树“{variant.title}”的指标分值合计不等于100"
        yield from _sum(pack, tree, place, message)
        yield from _level1(pack, variant, tree, place)
        yield from _ranges(pack, tree, place)


def _sum(pack: Pack, tree: Sequence[Indicator], place: Place, message: str) -> Iterator[Problem]:
    points = by_level1(tree)
    total = sum(points.values(), Decimal(0))
    if pack.indicator_sheet is None and total != TOTAL:
        detail = "+".join(f"{name}{plain(have)}" for name, have in points.items())
        yield Problem("weight_sum", message, place, plain(total), "100", f"各一级指标:{detail}")


def _level1(pack: Pack, variant: Variant, tree: Sequence[Indicator], place: Place) -> Iterator[Problem]:
    want = sum(variant.level1.values(), Decimal(0))
    if want != TOTAL:
        yield Problem("variant_sum", f"指标树“{variant.title}”各一级指标合计不等于100", place, plain(want), "100")
    points, whole = by_level1(tree), pack.indicator_sheet is None
    for level1, have in points.items():
        limit = variant.level1.get(level1)
        if limit is None:
            message = f"一级指标“{level1}”不在指标树“{variant.title}”中"
            yield Problem("variant_level1", message, place, fix=suggest(level1, variant.level1))
        elif have > limit or (have < limit and whole):
            message = f"一级指标“{level1}”的分值与指标树“{variant.title}”不符"
            severity: Severity = "error" if whole else "warning"
            yield Problem("variant_level1", message, place, plain(have), plain(limit), severity=severity)


def _ranged_names(pack: Pack) -> Iterator[Problem]:
    known = {i.level1 for i in pack.indicators} | {name for v in pack.variants.values() for name in v.level1}
    for number, limits in enumerate(pack.weight_ranges):
        place = Place(key=f"pack.weight_ranges[{number}]")
        if limits.level1 not in known:
            fix = suggest(limits.level1, known)
            yield Problem("weight_range", "分值范围写给了不存在的一级指标", place, limits.level1, fix=fix)
        if limits.low > limits.high:
            yield Problem("weight_range", "分值范围的下限大于上限", place, plain(limits.low), f"≤{plain(limits.high)}")


def _ranges(pack: Pack, tree: Sequence[Indicator], place: Place) -> Iterator[Problem]:
    """A pack whose third level comes from the workbook has no points of its own to hold against a range."""
    if pack.indicator_sheet is not None:
        return
    for limits, have in out_of_range(by_level1(tree), pack.weight_ranges):
        if limits.low <= limits.high:
            yield Problem("weight_range", range_text(limits, have), place)
