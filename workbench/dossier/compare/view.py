"""A comparison as notebooks show it: what differs, what moved, why, and the questions an evaluator has to answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from workbench.analysis.comparison import Comparison, SubjectChange
from workbench.base.errors import PlanError, Problem
from workbench.base.text import suggest
from workbench.dossier.rerunning.rerun import shown_path
from workbench.dossier.views import Sentences, View
from workbench.reports.comparison import tables, words
from workbench.reports.table import Table

if TYPE_CHECKING:
    from IPython.display import Image

DETAILED = 10
"""Subjects looked at one by one: those that moved most."""


@dataclass(frozen=True, repr=False)
class ComparisonView(View):
    """Two evaluations side by side.

    Attributes:
        comparison: as data, what ``comparison.json`` holds.
        verification: what verifying the first one's dossier found, in a sentence; for the report.
    """

    comparison: Comparison
    verification: str | None = None

    @property
    def headline(self) -> str:
        """How many subjects moved much."""
        large = sum(s.large for s in self.comparison.subjects)
        return f"再评价对比:{len(self.comparison.subjects)}个评价对象,差异较大的{large}个"

    @property
    def moved(self) -> list[SubjectChange]:
        """The subjects in which anything differs, at most ten, those whose points moved most first."""
        return words.moved_most(self.comparison, DETAILED)

    def subject(self, name: str | None = None) -> SubjectChange:
        """One subject by id; the first when None. Raises PlanError when unknown."""
        known = {s.id: s for s in self.comparison.subjects}
        if name is None:
            return self.comparison.subjects[0]
        if name not in known:
            raise PlanError(Problem("unknown_subject", "没有这个评价对象", found=name, fix=suggest(name, known)))
        return known[name]

    def sides(self) -> Table:
        """What the two sides are."""
        return tables.sides_table(self.comparison)

    def differences(self) -> Table:
        """What differs, cause by cause."""
        return tables.differences_table(self.comparison)

    def summary(self) -> Table:
        """Every subject: totals, grades, 偏离度, whether the difference is large, main reasons."""
        return tables.summary_table(self.comparison)

    def matches(self) -> Table:
        """Indicators of one name under two codes."""
        return tables.matches_table(self.comparison)

    def lines(self, subject: str | None = None) -> Table:
        """The indicators that changed: values, points, difference, and what each cause answers for."""
        return tables.lines_table(self.subject(subject))

    def shares(self, subject: str | None = None) -> Table:
        """What each cause answers for; adds up to the difference."""
        return tables.shares_table(self.subject(subject))

    def alone(self, subject: str | None = None) -> Table:
        """One change at a time."""
        return tables.alone_table(self.subject(subject))

    def consequences(self, subject: str | None = None) -> Table:
        """Caps, vetoes and the use of the result, where they differ."""
        return tables.consequences_table(self.subject(subject))

    def judgement(self) -> Table:
        """The four questions about the first evaluation, with the facts there are."""
        from workbench.reports.comparison.judgement import judgement_table

        return judgement_table(self.comparison, self.verification)

    def chart(self, subject: str | None = None, by: Literal["cause", "line"] = "cause") -> Image:
        """Waterfall from the first total to the second, by cause or by the indicators that moved most."""
        from IPython.display import Image

        from workbench.reports.canvas import PAGE_WIDTH
        from workbench.reports.comparison import chart
        from workbench.reports.save import png_bytes

        chosen = self.subject(subject)
        draw, steps = {"cause": (chart.by_cause, chart.cause_steps), "line": (chart.by_line, chart.line_steps)}[by]
        alt = chart.alt_text(chosen, steps(chosen))
        return Image(data=png_bytes(draw(chosen)), width=PAGE_WIDTH, alt=alt)  # type: ignore[no-untyped-call]  # IPython ships no types for it

    def save(self, folder: str | Path, *, force: bool = False, beside: bool = False) -> Sentences:
        """Write comparison.json, 复核表, charts and 再评价报告.

        Args:
            beside: where other papers lie there (a report that was filled in), write into ``<folder>-2``, ``-3`` … instead.

        Raises:
            NotWritten: a file of that name is there and differs (unless ``force``), or nothing can be written.
        """
        from workbench.reports.comparison.bundle import comparison_files
        from workbench.runs.outputs import write_once

        files = list(comparison_files(self.comparison, self.verification))
        target = _free(Path(folder), files) if beside else Path(folder)
        written = write_once(files, target, force=force)
        return Sentences(f"已写出{len(written)}个文件:{shown_path(target.resolve())}", [p.name for p in written])

    def pieces(self) -> Iterator[Table | Sentences]:
        """Both sides, what differs, the summary; of the subjects that moved most what changed and why."""
        yield self.differences()
        if self.comparison.matches:
            yield self.matches()
        yield self.summary()
        for subject in self.moved:
            yield self.lines(subject.id)
            yield self.shares(subject.id)


def _free(folder: Path, files: Sequence[tuple[str, bytes]]) -> Path:
    """The folder, or the first numbered one beside it, in which no file of these names says anything else."""
    names = chain([folder], (folder.with_name(f"{folder.name}-{n}") for n in count(2)))
    return next(f for f in names if not any(_other(f / name, data) for name, data in files))


def _other(path: Path, data: bytes) -> bool:
    return path.is_file() and path.read_bytes() != data
