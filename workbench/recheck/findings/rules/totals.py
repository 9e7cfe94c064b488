"""A total that nobody wrote down."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from workbench.base.text import trimmed
from workbench.recheck.findings.reviewed import Reviewed, filled
from workbench.recheck.findings.rule import Params, Seen
from workbench.recheck.model import Written


def total_blank(form: Reviewed, params: Params) -> Iterator[Seen]:
    """附1 has a row 总分: where it stands in the form, it is filled in."""
    cell, made = _place(form), _sum(form)
    if cell is not None and made is not None:
        yield Seen(cell, "得分合计", "", trimmed(made))


def total_missing(form: Reviewed, params: Params) -> Iterator[Seen]:
    """A whole form without any place for its total."""
    made = _sum(form)
    if _place(form) is None and made is not None and form.weight_sum == params.number("full"):
        yield Seen(form.lines[-1].points_cell, "得分合计", "", trimmed(made), "没有总分")


def _place(form: Reviewed) -> Written | None:
    """The blank cell of the total row, else the one beside its label."""
    cells = (form.form.total_points, form.form.labels.get("自评总分"))
    return next((cell for cell in cells if cell is not None), None)


def _sum(form: Reviewed) -> Decimal | None:
    """What the lines come to, in a form that has no total; None where it has one, or a line has no points yet."""
    if filled(form.total_cell) or (form.total_cell is not None and form.total_cell.error) or not form.rows:
        return None
    known = [line.points for line in form.lines if line.points is not None]
    return sum(known, Decimal(0)) if known and len(known) == len(form.lines) else None
