"""All rules over one report, in the order a reader would go: inside tables, between places, inside sentences, grades."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from workbench.reports.checking.document.model import Document
from workbench.reports.checking.findings import Finding
from workbench.reports.checking.language.bands import Scale
from workbench.reports.checking.language.numbers import folded
from workbench.reports.checking.recognised import Recognised
from workbench.reports.checking.rules import (
    agreement,
    amounts_twice,
    arithmetic,
    balances,
    columns,
    completion,
    counts,
    funds_told,
    grade_columns,
    growth,
    marks,
    parts,
    quoted,
    rates,
    score_relations,
    score_rows,
    shares,
    standings,
    surveys,
    tallies,
    together,
)
from workbench.reports.checking.statements.stated import Stated
from workbench.reports.checking.tables import cells, money, subjects
from workbench.reports.checking.tables.number_tables import number_table

_SENTENCES = (
    rates.rates,
    shares.shares,
    growth.growth,
    balances.balances,
    parts.parts,
    completion.completions,
    surveys.surveys,
    marks.marks,
    tallies.tallies,
    together.together,
    counts.listed,
    counts.named,
    amounts_twice.twice,
    quoted.quoted,
    funds_told.funds,
)
"""Rules that need nothing but the document."""


def judged(report: Recognised, said: Stated, scale: Scale | None) -> list[Finding]:
    """Every contradiction, each once, in the order of the report. ``scale``: None where grades cannot be judged."""
    in_tables = list(_tables(report, said))
    found = [*in_tables, *_columns(report, in_tables), *_places(report, said), *_sentences(report, said)]
    if scale is not None:
        grading = agreement.Grading(scale, agreement.lowered(report.document))
        found += agreement.graded(said.grades, said.facts, grading)
        found += grade_columns.judged(report.graded, scale)
    # Of two rules that see the same, the one that is certain speaks.
    unique = {(f.rule.code, f.spot, f.what, f.found): f for f in sorted(found, key=lambda f: f.certain)}
    return sorted(unique.values(), key=lambda f: (f.spot.part != "table", f.spot.number, f.spot.row or 0))


def _tables(report: Recognised, said: Stated) -> Iterator[Finding]:
    """Each table by itself, by the rules of its kind."""
    for table in report.scores:
        yield from score_rows.judged(table, said.full)
    for of_money in report.moneys:
        yield from money.judged(of_money)
    for by_subject in report.subjects:
        yield from subjects.judged(by_subject)
    for plain in report.plain:
        yield from cells.rows_told(plain)


def _columns(report: Recognised, found: Sequence[Finding]) -> Iterator[Finding]:
    """What follows from other columns in tables of any kind, where no rule of its kind has spoken already."""
    spots = {f.spot for f in found}
    scored = {t.table.number for t in report.scores}
    for table in report.document.tables:
        numbers = number_table(table)
        if numbers is not None:
            rules = columns.means if table.number in scored else columns.judged
            yield from (f for f in rules(numbers) if f.spot not in spots)


def _places(report: Recognised, said: Stated) -> Iterator[Finding]:
    """The same thing in several places."""
    yield from agreement.repeated(said.facts)
    yield from agreement.rated_by_table(said.facts)
    yield from agreement.rated_in_words(said.claims.sentences)
    if len(report.subjects) == 1:
        yield from standings.standings(report.document, report.subjects[0])
    if not report.single:
        return
    shown = {v.number.value for t in report.moneys for r in t.rows for v in r.rates.values()}
    yield from amounts_twice.execution(report.document, said.facts, shown)
    if not any(x.kind in ("bonus", "deduction", "rescaled") for t in report.scores for x in t.lines):
        yield from agreement.summed_in_words(report.document, said.claims.facts, _levels(report))
    if not report.scores:
        yield from agreement.levels_in_words(report.document, said.facts)
    yield from score_relations.related(report.document, said.facts, said.full, said.own)


def _levels(report: Recognised) -> set[str]:
    """The names of all levels, of score tables that have a total and more than two levels."""
    whole = [t for t in report.scores if t.total is not None and len({x.top for x in t.leaves}) > 2]
    return {x.top for t in whole for x in t.leaves}


def _sentences(report: Recognised, said: Stated) -> Iterator[Finding]:
    """Sentences by themselves, and their counts against the main score table."""
    yield from _written(report.document)
    for rule in _SENTENCES:
        yield from rule(report.document)
    yield from counts.indicators(report.document, report.main)
    yield from counts.full_marks(report.document, report.main)


def _written(document: Document) -> Iterator[Finding]:
    """Sums written out, in paragraphs and in cells."""
    for paragraph in document.paragraphs:
        if not paragraph.contents:
            yield from arithmetic.checked(paragraph.text, paragraph.spot)
    for table in document.tables:
        for y, row in enumerate(table.rows):
            for cell in dict.fromkeys(row):
                if "=" in folded(cell.text) or "/" in folded(cell.text):
                    yield from arithmetic.checked(cell.text, table.spot(y))
