"""Sub-items without 其中 or another sign before their names: rows without points, where the others have all there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from workbench.recheck.forms.lines import number_in
from workbench.recheck.model import FundRow, IndicatorRow, Written

_WHOLE = Decimal(100)


def with_parts(
    rows: Sequence[IndicatorRow], funds: Sequence[FundRow], total: Written | None
) -> tuple[IndicatorRow, ...]:
    """The rows, those marked as sub-items that have neither 分值 nor 得分 beside one of the same level 2 that has.

    Only where the weights of the others come to the whole, with that of 预算执行率 or without: else a weight was left blank, and
    that is for a rule of finding to say.
    """
    if not any(_open(row) for row in rows):
        return tuple(rows)
    own = {row.group: weight for row in rows if not row.part and (weight := _number(row.weight)) is not None}
    weights = sum(own.values(), Decimal(0))
    execution = sum((w for fund in funds if (w := _number(fund.weight)) is not None), Decimal(0))
    if not {weights, weights + execution} & {_number(total), _WHOLE}:
        return tuple(rows)
    scored = {_level(row) for row in rows if not row.part and not _open(row)}
    return tuple(replace(row, part=True) if _open(row) and _level(row) in scored else row for row in rows)


def _open(row: IndicatorRow) -> bool:
    """Whether a row has columns for points and nothing in them."""
    cells = [cell for cell in (row.weight, row.points) if cell is not None]
    return not row.part and bool(cells) and all(cell.blank for cell in cells)


def _level(row: IndicatorRow) -> tuple[str, str]:
    return row.level1.text if row.level1 else "", row.level2.text if row.level2 else ""


def _number(cell: Written | None) -> Decimal | None:
    if cell is None:
        return None
    return cell.number if cell.number is not None else number_in(cell.text)
