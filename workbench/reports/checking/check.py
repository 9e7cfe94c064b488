"""One report checked: read, recognised, judged; what was looked at and what could not be judged is part of the answer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

from workbench.reports.checking import agreement, amounts, arithmetic, cells, counts, money, rules_scores, subjects
from workbench.reports.checking.bands import Scale, stated_scale
from workbench.reports.checking.claims import ClaimReader, Claims
from workbench.reports.checking.facts import TOTAL, Fact, Graded
from workbench.reports.checking.findings import Finding, Findings
from workbench.reports.checking.grid import is_blank
from workbench.reports.checking.indicators import IndicatorReader
from workbench.reports.checking.model import Document, Table
from workbench.reports.checking.numbers import folded
from workbench.reports.checking.reading import read
from workbench.reports.checking.rules_scores import main_points
from workbench.reports.checking.scores import ScoreTable, execution_in, score_tables
from workbench.reports.checking.table_facts import distinct, is_whole, named, table_facts
from workbench.reports.checking.words import tight

_FULL = re.compile(r"(?:满分|总分值)(?:值)?(?:为|是|:|共|计)?\s*(?P<full>\d{2,3})\s*分")
_OWN = (("再评价", "再评价"), ("复核", "复核"), ("自评", "自评"))
_SHORT = 20
_SHOWN = 5
"""Tables that are named; of more, their number is said."""
_PAIRED = re.compile(
    r"(?:自评|复核|再评价|绩效|综合|总体|最终|项目|评价|总)*(?:得分|评分|总分|分数|等级|级别|等次|评级|评价结论|评价结果)"
)
"""Labels of a cover's fields that are read with the value beside them."""


def check(path: Path, policy: Scale, *, forced: bool = False) -> Findings:
    """Check a docx.

    Args:
        policy: the scale of a policy, used where the report states none.
        forced: that scale was asked for, and is used in any case.

    Raises:
        ReportUnreadable: the file is no docx that can be read.
    """
    return check_document(read(path), path.as_posix(), policy, forced=forced)


def check_document(document: Document, file: str, policy: Scale, *, forced: bool = False) -> Findings:
    """Check what was read (see :func:`check`)."""
    return _Check(document, file, policy, forced).run()


class _Check:
    """One report in the making: what was recognised, and what follows."""

    def __init__(self, document: Document, file: str, policy: Scale, forced: bool) -> None:
        self.document, self.policy, self.forced = document, policy, forced
        self.answer = Findings(file)
        self.scores: list[ScoreTable] = []
        self.moneys: list[money.MoneyTable] = []
        self.subjects: list[subjects.SubjectTable] = []
        self.plain: list[Table] = []

    def run(self) -> Findings:
        """Everything in order."""
        self._recognise()
        facts, claims = self._facts()
        found = [*self._tables(), *self._words(facts, claims), *self._written()]
        unique = {(f.rule.code, f.spot, f.what, f.found): f for f in found}
        self.answer.found = sorted(
            unique.values(), key=lambda f: (f.spot.part != "table", f.spot.number, f.spot.row or 0)
        )
        self._count(facts, claims)
        return self.answer

    def _recognise(self) -> None:
        above: Table | None = None
        for table in self.document.tables:
            by_subject = subjects.subject_table(table)
            if by_subject is not None:
                self.subjects.append(by_subject)
                continue
            made = score_tables(table)
            if len(made) == 1 and not made[0].extra and above is not None and not table.apart:
                made[0].extra = execution_in(above)
            above = table
            amounts_ = money.money_table(table)
            self.scores += self._kept(made, table)
            if amounts_ is not None:
                self.moneys.append(amounts_)
            if not made and amounts_ is None:
                self.plain.append(table)

    def _kept(self, made: list[ScoreTable], table: Table) -> list[ScoreTable]:
        """Without tables that go on in the next one, under the same header: neither half is whole."""
        last = self.scores[-1] if self.scores else None
        if made and last is not None and last.total is None and (not table.apart or "续" in table.before):
            heads = [tight(c.text) for c in table.rows[0]]
            if heads == [tight(c.text) for c in last.table.rows[0]]:
                self.scores.pop()
                self.answer.unjudged.append(f"第{last.table.number}、{table.number}张表:一张表分在两处,没有核对合计")
                return []
        return made

    # -- facts --------------------------------------------------------------------------------------------------------

    def _facts(self) -> tuple[list[Fact], Claims]:
        full = self._whole_tables()
        facts = [fact for table, subject in full for fact in table_facts(table, subject)]
        own = self._own()
        names = {f.item for f in facts if f.item != TOTAL}
        known = [r.name for t in self.subjects for r in t.rows]
        years = set(re.findall(r"20\d\d", self.document.title))
        reader = ClaimReader(
            names, known, years or set(re.findall(r"20\d\d", " ".join(p.text for p in self.document.paragraphs)))
        )
        claims = reader.read(self.document)
        for table in self.plain:
            _pairs(table, reader, claims)
        self._spoken(reader, claims)
        claims.facts += self._of_indicators(names)
        claims = reader.settled(claims)
        for subject_table in self.subjects:
            facts += [
                Fact(TOTAL, "points", r.total.number, r.total.spot, subject=r.name, table=True)
                for r in subject_table.rows
            ]
        facts += [f for f in claims.facts if self._comparable(f)]
        return [_renamed(f, own) for f in facts], claims

    def _spoken(self, reader: ClaimReader, claims: Claims) -> None:
        """Sentences in tables of other kinds, and beside the total of a score table; in a report of one subject."""
        if self.subjects or self.several:
            return
        totals = {(t.table.number, x.row + 1) for t in self.scores for x in t.lines if x.kind == "total"}
        plain = {t.number for t in self.plain}
        for table in self.document.tables:
            own = Claims()
            for text, spot in cells.spoken(table):
                if table.number in plain or (table.number, spot.row) in totals:
                    reader.take(text, spot, own)
            claims.facts += own.facts
            claims.sentences += own.sentences
            claims.grades += own.grades if len({g.label for g in own.grades}) == 1 else []

    def _of_indicators(self, names: set[str]) -> list[Fact]:
        """What paragraphs and cells say of single indicators."""
        reader = IndicatorReader(names)
        texts = [(p.text, p.spot) for p in self.document.paragraphs if not p.contents]
        texts += [said for table in self.document.tables for said in cells.spoken(table)]
        return [fact for text, spot in texts for fact in reader.read(text, spot)]

    def _whole_tables(self) -> list[tuple[ScoreTable, str | None]]:
        """Score tables and whose they are; those of different subjects are kept apart, by the names in their captions."""
        self.several = any(distinct(o, t) for n, t in enumerate(self.scores) for o in self.scores[:n])
        if not self.several:
            return [(t, None) for t in self.scores]
        self.answer.unjudged.append("评分表:像是不同评价对象的,表题没有写明对象的不与其他表核对")
        return [(t, name) for t in self.scores if (name := named(t))]

    def _own(self) -> str:
        """Whose points the report's own are called by: a 自评 report's are 自评得分."""
        return next((who for word, who in _OWN if word in self.document.title), "")

    def _comparable(self, fact: Fact) -> bool:
        """In a report of several subjects a number without a name may be anybody's."""
        return fact.subject is not None or not (self.subjects or self.several)

    # -- judging ------------------------------------------------------------------------------------------------------

    def _tables(self) -> Iterator[Finding]:
        full = self._full()
        for table in self.scores:
            yield from rules_scores.judged(table, full)
        for amounts_ in self.moneys:
            yield from money.judged(amounts_)
        for by_subject in self.subjects:
            yield from subjects.judged(by_subject)
        for plain in self.plain:
            yield from cells.rows_told(plain)

    def _full(self) -> Decimal | None:
        """The full points the report states, when it states one number only."""
        found = {
            m["full"] for p in self.document.paragraphs for m in _FULL.finditer(folded(p.text)) if int(m["full"]) >= 100
        }
        return Decimal(found.pop()) if len(found) == 1 else None

    def _words(self, facts: Sequence[Fact], claims: Claims) -> Iterator[Finding]:
        yield from agreement.repeated(facts)
        if not self.subjects and not self.several:
            shown = {v.number.value for t in self.moneys for r in t.rows for v in r.rates.values()}
            yield from amounts.execution(self.document, facts, shown)
        yield from agreement.rated_in_words(claims.sentences)
        levels = {
            x.top for t in self.scores if t.total is not None and len({y.top for y in t.leaves}) > 2 for x in t.leaves
        }
        moved = any(x.kind in ("bonus", "deduction", "rescaled") for t in self.scores for x in t.lines)
        if not self.subjects and not self.several and not moved:
            yield from agreement.summed_in_words(self.document, claims.facts, levels)
        scale, doubtful = stated_scale(self.document)
        if self.forced or (scale is None and not doubtful):
            scale = self.policy
        if scale is None:
            self.answer.unjudged.append(
                "等级:报告写有自己的等级标准,但没有把握读懂,没有核对等级(可用 --policy 指定办法)"
            )
            return
        others = {t.total.weight.number.value for t in self.scores if is_whole(t) and t.total and t.total.weight} - {
            100
        }
        others |= {f.number.value for f in facts if (f.item, f.what) == (TOTAL, "weight")} - {100}
        if others:
            self.answer.unjudged.append("等级:满分不是100分,没有核对等级")
            return
        grading = agreement.Grading(scale, agreement.lowered(self.document))
        if grading.lowered:
            self.answer.unjudged.append("等级:报告写有降低等级的情形,等级低于得分的不作为问题")
        yield from agreement.graded(list(self._grades(claims)), facts, grading)

    def _grades(self, claims: Claims) -> Iterator[Graded]:
        own = self._own()
        for stated in claims.grades:
            if stated.subject is not None or stated.total is not None or not (self.subjects or self.several):
                yield (
                    stated if stated.who != own else Graded(stated.label, stated.spot, stated.total, "", stated.subject)
                )
        for by_subject in self.subjects:
            for row in by_subject.rows:
                if row.grade and row.grade_spot is not None:
                    yield Graded(_plain_label(row.grade), row.grade_spot, row.total.number, "", row.name)
        for table in self.scores:
            for line in table.lines:
                main = main_points(table)
                if line.kind == "total" and line.grade and main is not None and main in line.points:
                    yield Graded(_plain_label(line.grade), line.points[main].spot, line.points[main].number)

    def _written(self) -> Iterator[Finding]:
        for paragraph in self.document.paragraphs:
            if not paragraph.contents:
                yield from arithmetic.checked(paragraph.text, paragraph.spot)
        for table in self.document.tables:
            for y, row in enumerate(table.rows):
                for cell in dict.fromkeys(row):
                    if "=" in folded(cell.text) or "/" in folded(cell.text):
                        yield from arithmetic.checked(cell.text, table.spot(y))
        yield from amounts.rates(self.document)
        yield from amounts.twice(self.document)
        yield from counts.listed(self.document)
        whole = [t for t in self.scores if t.depth and is_whole(t)]
        only = whole[0] if len(whole) == 1 and not self.subjects else None
        yield from counts.indicators(self.document, only)
        yield from counts.full_marks(self.document, only)

    def _count(self, facts: Sequence[Fact], claims: Claims) -> None:
        tables = self.document.tables
        known = {t.table.number for t in self.scores} | {t.table.number for t in self.moneys}
        known |= {t.table.number for t in self.subjects}
        self.answer.counts = {
            "段落": len(self.document.paragraphs),
            "表格": len(tables),
            "评分表": len(self.scores),
            "资金表": len(self.moneys),
            "对象汇总表": len(self.subjects),
            "未识别的表": len([t for t in tables if t.number not in known]),
            "文字中的得分": len(claims.facts),
            "文字中的等级": len(claims.grades),
        }
        open_ = [t.table.number for t in self.scores if _has_gaps(t)]
        if open_:
            shown = "、".join(map(str, open_[:_SHOWN])) + ("等" if len(open_) > _SHOWN else "")
            count = f"{len(open_)}张表" if len(open_) > _SHOWN else "张表"
            self.answer.unjudged.append(f"第{shown}{count}:有的行没有分值或得分,含这些行的合计没有核对")


def _has_gaps(table: ScoreTable) -> bool:
    """Whether an indicator has no number where others have one, in a table or level with a sum to check."""
    keys = {"weight"} if any(x.weight for x in table.leaves) else set()
    keys |= {f"points {who}" for who in table.whose}
    gaps = any({key, f"{key} blank"} & x.unread for x in table.leaves for key in keys)
    return gaps and bool(table.total or table.groups)


def _pairs(table: Table, reader: ClaimReader, claims: Claims) -> None:
    """A table of labels and values (a cover): each pair is read like a sentence."""
    for y, row in enumerate(table.rows):
        cells = list({id(c): c for c in row}.values())
        for label, value in pairwise(cells):
            name = tight(label.text)
            if _PAIRED.fullmatch(name.rstrip(":")) and not is_blank(value.text) and len(value.text) <= _SHORT:
                reader.take(f"{name.rstrip(':')}:{value.text.strip()}", table.spot(y, label.text.strip()), claims)


def _plain_label(text: str) -> str:
    """“优(暂定)”, “良等” without what stands beside the label."""
    return re.sub(r"[(].*|[“”\"]|[级等]$|等级$", "", folded(text)).strip()


def _renamed(fact: Fact, own: str) -> Fact:
    if not own or fact.who != own:
        return fact
    return Fact(fact.item, fact.what, fact.number, fact.spot, "", fact.subject, fact.how, fact.table)
