"""A column of grades against the column of scores before it, row by row, where most rows keep to the scale."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from workbench.reports.checking.findings import Finding, by_reading, finding
from workbench.reports.checking.language.bands import Scale
from workbench.reports.checking.tables.graded import GradeColumn

_ENDING = re.compile("(?<=.)(?:等次|等级|等|级|档)$")


def judged(columns: Sequence[GradeColumn], scale: Scale) -> Iterator[Finding]:
    """Every grade that is not the one its score earns; nothing of a column with grades the scale does not know."""
    for column in columns:
        labels = [_known(scale, r.grade) for r in column.rows]
        if None in labels:
            continue
        wrong = [r for r, label in zip(column.rows, labels, strict=True) if label != scale.of(r.score.number.value)]
        how = f"{scale.text()}({scale.source})"
        found = [
            finding(
                "grade", r.spot, f"“{r.name}”等级", r.grade, scale.of(r.score.number.value), f"{r.score.number}分;{how}"
            )
            for r in wrong
        ]
        yield from by_reading(found, len(column.rows) - len(found))


def is_known(column: GradeColumn, scale: Scale) -> bool:
    """Whether a scale has all the grades of a column."""
    return all(_known(scale, r.grade) for r in column.rows)


def _known(scale: Scale, grade: str) -> str | None:
    return scale.known(grade) or scale.known(_ENDING.sub("", grade))
