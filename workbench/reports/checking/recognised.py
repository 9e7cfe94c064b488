"""What the tables of a report are: score tables, tables of amounts, tables of subjects; the rest is plain."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from workbench.reports.checking.document.model import Document, Table
from workbench.reports.checking.statements.table_facts import distinct, is_whole
from workbench.reports.checking.tables import money, subjects
from workbench.reports.checking.tables.graded import GradeColumn, grade_columns
from workbench.reports.checking.tables.score_model import ScoreTable
from workbench.reports.checking.tables.score_tables import execution_in, score_tables


@dataclass
class Recognised:
    """A report's tables by what they are; a table of subjects may be one of amounts too. Asked of when all are there.

    Attributes:
        graded: columns of grades in tables that are not score tables nor tables of subjects.
        plain: tables that are none of these.
    """

    document: Document
    scores: list[ScoreTable] = field(default_factory=list)
    moneys: list[money.MoneyTable] = field(default_factory=list)
    subjects: list[subjects.SubjectTable] = field(default_factory=list)
    plain: list[Table] = field(default_factory=list)
    graded: list[GradeColumn] = field(default_factory=list)

    @cached_property
    def several(self) -> bool:
        """Whether score tables are of different subjects."""
        return any(distinct(o, t) for n, t in enumerate(self.scores) for o in self.scores[:n])

    @property
    def single(self) -> bool:
        """Whether the report is about one subject, so that a number without a name is that subject's."""
        return not self.subjects and not self.several

    @cached_property
    def main(self) -> ScoreTable | None:
        """The only score table of the whole with levels, in a report of one subject."""
        whole = [t for t in self.scores if t.depth and is_whole(t)]
        return whole[0] if len(whole) == 1 and not self.subjects else None


def recognise(document: Document) -> Recognised:
    """Every table by what it is."""
    made = Recognised(document)
    above: Table | None = None
    for table in document.tables:
        by_subject = subjects.subject_table(table)
        amounts = money.money_table(table)
        if amounts is not None:
            made.moneys.append(amounts)
        if by_subject is not None:
            made.subjects.append(by_subject)
            continue
        found = score_tables(table)
        if len(found) == 1 and not found[0].extra and above is not None and not table.apart:
            found[0].extra = execution_in(above)
        above = table
        made.scores += found
        if not found:
            made.graded += grade_columns(table)
        if amounts is None and not found:
            made.plain.append(table)
    return made
