"""Weights of a form without a column 分值: written with the names of the indicators, “补贴户数(10分)”, “补贴户数 10分”."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from workbench.recheck.forms.lines import number_in, part_of
from workbench.recheck.model import FundRow, IndicatorRow, Written

_NUMBER = r"(?P<points>\d{1,3}(?:\.\d+)?)"
_OPEN, _CLOSE = r"[(（\[【〔]\s*", r"\s*[)）\]】〕]"
_SAYING = r"(?:满分|权重|分值|标准分|共|计|占)\s*[:：为]?\s*"
_PLAIN = re.compile(
    rf"{_OPEN}(?:(?:{_SAYING})?{_NUMBER}\s*分(?:值)?|{_SAYING}{_NUMBER.replace('points', 'named')}){_CLOSE}"
)
"""In brackets and called points: a name says so for no other reason."""
_BARE = re.compile(
    rf"(?P<name>.*?\D)(?:{_OPEN}{_NUMBER}\s*%?{_CLOSE}|[\s,，、:：]*(?:{_SAYING})?{_NUMBER.replace('points', 'tail')}\s*分)"
)
"""A number in brackets, or points at the end: also 考试平均80分 ends so, and only the sum tells which it is."""
_WHOLE = Decimal(100)
Found = tuple[Written, Written]
"""The name without its points, and the points."""


def with_named_weights(rows: Sequence[IndicatorRow], funds: Sequence[FundRow]) -> tuple[IndicatorRow, ...]:
    """The rows with the weights their names say, names without them; as they are where one has a column 分值.

    Numbers that a name may end with for another reason count only where all of them come to the whole, with the weight of
    预算执行率 or without.
    """
    if not rows or any(row.weight is not None for row in rows):
        return tuple(rows)
    plain = [_plain(row) or _of_level2(row, rows) for row in rows]
    # 考核得分(满分100分) alone among names without points tells of something else.
    found = plain if 2 * sum(map(bool, plain)) >= len(rows) else [_bare(row) for row in rows]
    if not any(found) or (found is not plain and not _comes_to_whole(found, rows, funds)):
        return tuple(rows)
    return tuple(_with(row, one) for row, one in zip(rows, found, strict=True))


def _plain(row: IndicatorRow) -> Found | None:
    name = row.level3
    match = _PLAIN.search(name.text)
    if match is None:
        return None
    rest = f"{name.text[: match.start()]}{name.text[match.end() :]}"
    return part_of(name, rest), part_of(name, match["points"] or match["named"])


def _of_level2(row: IndicatorRow, rows: Sequence[IndicatorRow]) -> Found | None:
    """Where level 2 says the points, and is that of this row, or of those it shares 得分 with: a sub-total is no weight."""
    level = row.level2
    match = None if level is None or row.part else _PLAIN.search(level.text)
    if (
        level is None
        or match is None
        or len({other.group for other in rows if other.level2 == level and not other.part}) > 1
    ):
        return None
    return row.level3, part_of(level, match["points"] or match["named"])


def _bare(row: IndicatorRow) -> Found | None:
    match = _BARE.fullmatch(row.level3.text.strip())
    if match is None:
        return None
    return part_of(row.level3, match["name"]), part_of(row.level3, match["points"] or match["tail"])


def _comes_to_whole(found: Sequence[Found | None], rows: Sequence[IndicatorRow], funds: Sequence[FundRow]) -> bool:
    """Whether every row has points that together make 100."""
    if any(one is None and not row.part for one, row in zip(found, rows, strict=True)):
        return False
    total = sum((_value(one[1]) for one in found if one is not None), Decimal(0))
    execution = sum((_value(fund.weight) for fund in funds if fund.weight is not None), Decimal(0))
    return _WHOLE in (total, total + execution)


def _value(cell: Written) -> Decimal:
    return cell.number if cell.number is not None else number_in(cell.text) or Decimal(0)


def _with(row: IndicatorRow, found: Found | None) -> IndicatorRow:
    """A row without points among others that have them has a blank weight, which is for a rule of finding to tell."""
    if found is None:
        return row if row.part else replace(row, weight=part_of(row.level3, ""))
    return replace(row, level3=found[0], weight=found[1])
