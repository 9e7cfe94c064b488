"""What a copy says about its forms: one remark per finding, and how it is put into words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from workbench.base.safetext import safe
from workbench.base.text import beginning
from workbench.recheck.model import Spot
from workbench.recheck.outcome import Severity
from workbench.recheck.writing.told import Batch, Told, place_of

COLOURS = {Severity.P0: "F4B6A6", Severity.P1: "FFE699", Severity.P2: "DDEBF7"}
"""Fill of a cell, by the gravest remark on it; the comment says the severity in letters too."""
_LONGEST = 500
"""Characters of a text in a comment; 问题清单 has all of it."""


@dataclass(frozen=True, slots=True)
class Remark:
    """One finding. ``place``: in words; every text is harmless already."""

    severity: Severity
    spot: Spot | None
    title: str
    place: str
    found: str
    expected: str
    message: str
    suggestion: str
    source: str

    @property
    def text(self) -> str:
        """The comment."""
        lines = [f"[{self.severity}] {self.title}", self.message]
        lines += [f"应为：{self.expected}"] if self.expected else []
        lines += [f"建议：{self.suggestion}"] if self.suggestion else []
        lines += [f"依据：{self.source}"] if self.source else []
        return "\n".join(lines)


def remarks_of(batch: Batch, forms: Iterable[Told]) -> tuple[Remark, ...]:
    """The findings of the forms of one file, form by form, gravest first."""
    return tuple(
        Remark(
            severity=finding.severity,
            spot=finding.spot,
            title=_short(batch.title_of(finding.code)),
            place=place_of(finding) or (f"第{told.form.number}张表" if told.form.number > 1 else "整张表"),
            found=_short(finding.found),
            expected=_short(finding.expected),
            message=_short(finding.message),
            suggestion=_short(finding.suggestion),
            source=_short(batch.basis_of(finding.code)),
        )
        for told in forms
        for finding in told.answerable
    )


def by_spot(remarks: Sequence[Remark]) -> list[tuple[Spot, list[Remark]]]:
    """Remarks that have a cell, by sheet and cell in reading order, the gravest first on each."""
    placed = [(remark.spot, remark) for remark in remarks if remark.spot is not None]
    placed.sort(key=lambda pair: (pair[0].sheet, pair[0].row, pair[0].column, pair[1].severity))
    groups = groupby(placed, key=lambda pair: (pair[0].sheet, pair[0].row, pair[0].column))
    found = [list(group) for _, group in groups]
    return [(group[0][0], [remark for _, remark in group]) for group in found]


def _short(text: str) -> str:
    return safe(beginning(text, _LONGEST))
