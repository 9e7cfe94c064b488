"""Columns that a form does not have at all, so that nothing can be recomputed from them."""

from __future__ import annotations

from collections.abc import Iterator

from workbench.recheck.findings.reviewed import Reviewed
from workbench.recheck.findings.rule import Params, Seen

_COLUMNS = (("指标值", "target"), ("完成值", "actual"), ("分值", "weight"), ("得分", "points"))


def columns_missing(form: Reviewed, params: Params) -> Iterator[Seen]:
    """The table has a column for what every indicator was to reach, reached, may get and got (附1); one blank is told elsewhere."""
    rows = [typed.row for typed in form.rows]
    lacking = [name for name, field in _COLUMNS if all(getattr(row, field) is None for row in rows)]
    if rows and lacking:
        yield Seen(rows[0].level3, "三级指标", "", "、".join(f"“{name}”" for name in lacking) + "一栏", "没有这一栏")
