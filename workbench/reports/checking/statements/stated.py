"""What a report states: the facts of its tables and of its words together, each under the name all of them share."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise

from workbench.reports.checking.document.model import Cell, Document, Table
from workbench.reports.checking.language.known import cover
from workbench.reports.checking.language.numbers import closed, folded
from workbench.reports.checking.language.phrases import OTHER_SCHEME, SENTENCE
from workbench.reports.checking.language.words import tight
from workbench.reports.checking.recognised import Recognised
from workbench.reports.checking.statements.claims import ClaimReader, Claims
from workbench.reports.checking.statements.facts import TOTAL, Fact, Graded
from workbench.reports.checking.statements.indicators import IndicatorReader
from workbench.reports.checking.statements.table_facts import distinct, named, table_facts
from workbench.reports.checking.tables import cells
from workbench.reports.checking.tables.grid import is_blank
from workbench.reports.checking.tables.score_model import ScoreTable
from workbench.reports.checking.tables.score_sums import main_points

_FULL = re.compile(r"(?:满分|总分值)(?:值)?(?:为|是|:|共|计)?\s*(?P<full>\d{2,3})\s*分")
_OTHER_FULL = re.compile(f"{OTHER_SCHEME.pattern}|评审|申报|测评|问卷|办法|(?<!绩效)考核")
_OWN = (("再评价", "再评价"), ("复核", "复核"), ("自评", "自评"))
_SHORT = 20
_PAIRED = re.compile(
    r"(?:自评|复核|再评价|绩效|综合|总体|最终|项目|评价|总)*(?:得分|评分|总分|分数|等级|级别|等次|评级|评价结论|评价结果)"
)
"""Labels of a cover's fields that are read with the value beside them."""


@dataclass(frozen=True)
class Stated:
    """What a report states.

    Attributes:
        own: whose points the report calls its own (a 自评 report's are 自评得分); empty where it does not say.
        full: the full points of the whole, where the text states one number only.
        grades: every grade, of the text and of the tables.
    """

    facts: Sequence[Fact]
    claims: Claims
    grades: Sequence[Graded]
    own: str
    full: Decimal | None


def stated(report: Recognised) -> Stated:
    """Everything a report states."""
    facts = [fact for table, subject in _told(report) for fact in table_facts(table, subject)]
    names = {f.item for f in facts if f.item != TOTAL}
    claims = _claims(report, names)
    for table in report.subjects:
        facts += [Fact(TOTAL, "points", r.total.number, r.total.spot, subject=r.name, table=True) for r in table.rows]
    facts += [f for f in claims.facts if f.subject is not None or report.single]
    title = "\n".join(cover(report.document))
    own = next((who for word, who in _OWN if word in title), "")
    facts = [replace(f, who="") if own and f.who == own else f for f in facts]
    return Stated(facts, claims, list(_grades(report, claims, own)), own, _full(report.document))


def _told(report: Recognised) -> list[tuple[ScoreTable, str | None]]:
    """Score tables and whose they are; those of different subjects are kept apart, by the names in their captions."""
    if not report.several:
        return [(t, None) for t in report.scores]
    names = [(t, named(t)) for t in report.scores]
    twice = {name for t, name in names for o, other in names if name == other and t is not o and distinct(t, o)}
    return [(t, name) for t, name in names if name and name not in twice]


def _claims(report: Recognised, names: set[str]) -> Claims:
    """What paragraphs, fields of a cover and sentences in cells claim."""
    subjects = [r.name for t in report.subjects for r in t.rows]
    subjects += [r.name for t in report.graded for r in t.rows if r.name not in (*names, *subjects)]
    reader = ClaimReader(names, subjects, cover(report.document))
    claims = reader.read(report.document)
    for table in report.plain:
        _pairs(table, reader, claims)
    if report.single:
        _spoken(report, reader, claims)
    claims.facts += _of_indicators(report.document, names)
    return reader.settled(claims)


def _spoken(report: Recognised, reader: ClaimReader, claims: Claims) -> None:
    """Sentences in tables of other kinds, and beside the total of a score table."""
    totals = {(t.table.number, x.row + 1) for t in report.scores for x in t.lines if x.kind == "total"}
    plain = {t.number for t in report.plain}
    for table in report.document.tables:
        own = Claims()
        for text, spot in cells.spoken(table):
            if table.number in plain or (table.number, spot.row) in totals:
                reader.take(text, spot, own)
        claims.facts += own.facts
        claims.sentences += own.sentences
        claims.grades += own.grades if len({g.label for g in own.grades}) == 1 else []


def _of_indicators(document: Document, names: set[str]) -> list[Fact]:
    """What paragraphs and cells say of single indicators."""
    reader = IndicatorReader(names)
    texts = [(p.text, p.spot) for p in document.paragraphs if not p.contents]
    found = [fact for text, spot in texts for fact in reader.read(text, spot)]
    for table in document.tables:
        rows = {(s.number, s.row): _row_names(row, names) for y, row in enumerate(table.rows) for s in [table.spot(y)]}
        for text, spot in cells.spoken(table):
            own = rows[spot.number, spot.row]
            found += [fact for fact in reader.read(text, spot) if not own or fact.item in own]
    return found


def _row_names(row: Sequence[Cell], names: set[str]) -> set[str]:
    """The indicators a row is about: what its cells say is of those (“制度执行不到位,扣2分” beside 立项程序)."""
    return {tight(c.text) for c in row} & names


def _pairs(table: Table, reader: ClaimReader, claims: Claims) -> None:
    """A table of labels and values (a cover): each pair is read like a sentence."""
    for y, row in enumerate(table.rows):
        once = list({id(c): c for c in row}.values())
        for label, value in pairwise(once):
            name = tight(label.text)
            if _PAIRED.fullmatch(name.rstrip(":")) and not is_blank(value.text) and len(value.text) <= _SHORT:
                reader.take(f"{name.rstrip(':')}:{value.text.strip()}", table.spot(y, label.text.strip()), claims)


def _grades(report: Recognised, claims: Claims, own: str) -> Iterator[Graded]:
    for said in claims.grades:
        if said.subject is not None or said.total is not None or report.single:
            yield said if said.who != own else replace(said, who="")
    for by_subject in report.subjects:
        for row in by_subject.rows:
            if row.grade and row.grade_spot is not None:
                yield Graded(_plain_label(row.grade), row.grade_spot, row.total.number, "", row.name)
    for table in report.scores:
        for line in table.lines:
            main = main_points(table)
            if line.kind == "total" and line.grade and main is not None and main in line.points:
                yield Graded(_plain_label(line.grade), line.points[main].spot, line.points[main].number)


def _full(document: Document) -> Decimal | None:
    found = {
        m["full"]
        for p in document.paragraphs
        for s in SENTENCE.findall(closed(p.text))
        for m in (_FULL.finditer(s) if not _OTHER_FULL.search(s) or "绩效评价" in s else ())
        if int(m["full"]) >= 100
    }
    return Decimal(found.pop()) if len(found) == 1 else None


def _plain_label(text: str) -> str:
    """“优(暂定)”, “良等” without what stands beside the label."""
    return re.sub(r"[(].*|[“”\"]|[级等]$|等级$", "", folded(text)).strip()
