"""The rows of a form with their values typed: what recomputing and finding both read."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from workbench.recheck.model import Form, IndicatorRow, Written
from workbench.recheck.values.actuals import Actual, Says, actual_of
from workbench.recheck.values.amounts import points_of, text_of
from workbench.recheck.values.targets import Target, target_of


@dataclass(frozen=True, slots=True)
class TypedRow:
    """One indicator with its values. ``weight`` and ``points`` are None where no number stands there."""

    row: IndicatorRow
    target: Target
    actual: Actual
    weight: Decimal | None
    points: Decimal | None


def typed_rows(form: Form) -> tuple[TypedRow, ...]:
    """All indicator rows of a form in its order, sub-items included."""
    return tuple(_typed(row) for row in form.indicators)


def _typed(row: IndicatorRow) -> TypedRow:
    unit = _text(row.unit)
    levels = f"{_text(row.level1)} {_text(row.level2)}"
    target = target_of(text_of(row.target), _text(row.sign), unit, name=row.level3.text, levels=levels)
    return TypedRow(row, target, _actual(row.actual, target, unit), points_of(row.weight), points_of(row.points))


def _actual(written: Written | None, target: Target, unit: str) -> Actual:
    if written is not None and written.error:
        return Actual(written.text, Says.ERROR)
    return actual_of(text_of(written), target, unit)


def _text(written: Written | None) -> str:
    return "" if written is None else written.text
