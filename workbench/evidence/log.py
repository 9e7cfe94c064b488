"""Collects what reading finds, so that everything is told at once and nothing is told ten thousand times."""

from __future__ import annotations

from collections import Counter

from workbench.base.errors import EvidenceError, Place, Problem

MOST_ALIKE = 200
"""Problems of one kind in one column that are listed one by one; the rest is counted."""


class ReadingLog:
    """Errors, and notes (conversions and warnings), of one reading."""

    def __init__(self) -> None:
        self._problems: list[Problem] = []
        self._alike: Counter[tuple[str, str | None, str | None, str | None, str]] = Counter()

    def add(self, problem: Problem) -> None:
        """Records a problem of any severity."""
        place = problem.place
        key = (problem.code, place.file, place.sheet, place.field, problem.severity)
        self._alike[key] += 1
        if self._alike[key] <= MOST_ALIKE:
            self._problems.append(problem)

    @property
    def errors(self) -> list[Problem]:
        """What forbids going on, with one line for each kind that was cut short."""
        cut = [
            _more(code, file, sheet, field, count - MOST_ALIKE)
            for (code, file, sheet, field, severity), count in self._alike.items()
            if count > MOST_ALIKE and severity == "error"
        ]
        return [p for p in self._problems if p.severity == "error"] + cut

    @property
    def notes(self) -> list[Problem]:
        """Warnings and conversions made."""
        return [p for p in self._problems if p.severity != "error"]

    def raise_errors(self) -> None:
        """Raises EvidenceError with every error, if there is one."""
        if self.errors:
            raise EvidenceError(self.errors)


def _more(code: str, file: str | None, sheet: str | None, field: str | None, count: int) -> Problem:
    return Problem(code, f"另有{count}处同样的问题", Place(file, sheet, field=field), fix="请按上面的提示一并改正")
