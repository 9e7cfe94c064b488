"""The way from level 1 to grade, live: base, bonus, deductions, total, bands, caps and vetoes, and how far it is from the result."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from workbench.base.text import plain
from workbench.evidence.standard import CLEAR, TRIGGERED, UNCHECKED
from workbench.reports import reading
from workbench.reports.document.shown import typeset
from workbench.reports.reading import UNGRADED, number, total_of
from workbench.reports.scorebook.layout import TRIED, Col, Sheet, column_sum, span_of
from workbench.reports.scorebook.rows import rate_of
from workbench.reports.scorebook.xlsx import Cell, Formula, Look, cell
from workbench.reports.tables import effect_text
from workbench.scoring.result import CapState, ExtraResult, SubjectResult

CONSISTENT, TRIAL = "与正式结果一致", TRIED


@dataclass(frozen=True)
class Conclusion:
    """Where what the headline and other sheets show stands, as references; ``heading`` is the row it begins with, ``row`` the next free one."""

    total: str
    grade: str
    trial: str
    heading: int
    row: int


@dataclass
class Way:
    """The way of one subject, written from top to bottom.

    Attributes:
        indicators, levels: rows above, of which ``first`` is the first; row: the next one.
        doubtful: references that are above 0 while the conclusion is 暂定.
    """

    sheet: Sheet
    subject: SubjectResult
    indicators: Sequence[int]
    levels: Sequence[int]
    row: int
    doubtful: list[str] = field(default_factory=list)

    def write(self) -> Conclusion:
        """Write all of it."""
        base = self._base()
        bonus = self._extras("加分", "bonus", self.subject.bonus, self.subject.bonus_cap)
        deducted = self._extras("扣分", "deductions", self.subject.deductions, None)
        total = self._total(base, bonus, deducted)
        index = self._score_grade(total, base, deducted)
        vetoes: list[int] = []
        for cap in self.subject.caps:
            index = self._cap(cap, index, vetoes)
        grade = self._grade(index, vetoes)
        return self._compare(total, grade)

    @property
    def first(self) -> int:
        """The first row of the subject."""
        return min([*self.indicators, *self.levels], default=self.row)

    def _next(self) -> int:
        self.row += 1
        return self.row - 1

    # -- sums -----------------------------------------------------------------------------------------------------

    def _base(self) -> int:
        row, levels, sheet = self._next(), self.subject.levels, self.sheet
        sheet.texts(row, {Col.LEVEL1: "基础分"}, "sub")
        sheet.count(
            row, Col.LOWEST, column_sum(Col.SCALED_LOWEST, self.levels), sheet.units.of(total_of(x.low for x in levels))
        )
        sheet.count(
            row,
            Col.HIGHEST,
            column_sum(Col.SCALED_HIGHEST, self.levels),
            sheet.units.of(total_of(x.high for x in levels)),
        )
        self._full(row, "sub")
        ends = (total_of(x.low for x in levels), total_of(x.high for x in levels))
        self._interval(row, f"{cell(row, Col.LOWEST)}={cell(row, Col.HIGHEST)}", ends, ends[0] == ends[1], "sub")
        return row

    def _full(self, row: int, look: Look) -> None:
        full = reading.full_points(self.subject)
        expression = self.sheet.units.points(column_sum(Col.EFFECTIVE, self.levels))
        self.sheet.points(row, Col.WEIGHT, Formula(f"={expression}", full), look)

    def _interval(self, row: int, settled: str, ends: tuple[Decimal, Decimal], now: bool, look: Look) -> None:
        """Points where they are settled, and the interval."""
        sheet, points = self.sheet, self.sheet.units.points
        low, high = cell(row, Col.LOWEST), cell(row, Col.HIGHEST)
        sheet.points(row, Col.FINAL, Formula(f'=IF({settled},{points(low)},"")', ends[0] if now else ""), look)
        sheet.points(row, Col.LOW, Formula(f"={points(low)}", ends[0]), look)
        sheet.points(row, Col.HIGH, Formula(f"={points(high)}", ends[1]), look)

    def _extras(self, word: str, step: str, items: Sequence[ExtraResult], cap: str | None) -> str:
        """The items of a block and their sum, at most the cap; the reference of the sum, ``0`` without a block."""
        if not items:
            return "0"
        rows = [self._extra(word, item) for item in items]
        row, sheet = self._next(), self.sheet
        counted = abs(reading.extras(self.subject, step))
        summed = column_sum(Col.LOWEST, rows)
        limit = f"上限{cap}分" if cap is not None else None
        sheet.texts(row, {Col.LEVEL1: word, Col.TARGET: limit, Col.NAME: "合计"}, "sub")
        capped = summed if cap is None else f"MIN({summed},{sheet.units.of(cap)})"
        sheet.count(row, Col.LOWEST, capped, sheet.units.of(counted))
        sheet.points(row, Col.FINAL, Formula(f"={sheet.units.points(cell(row, Col.LOWEST))}", counted), "sub")
        return cell(row, Col.LOWEST)

    def _extra(self, word: str, item: ExtraResult) -> int:
        """One item: only what evidence carries counts, at most its limit."""
        row, sheet, units = self._next(), self.sheet, self.sheet.units
        texts: dict[int, Cell] = {
            Col.LEVEL1: word,
            Col.NAME: item.name,
            Col.TARGET: f"限{item.limit}分",
            Col.VALUE: item.value or "—",
            Col.STATE: Formula(f'=IF({cell(row, Col.CHANGED)}=0,"{item.state}","{TRIED}")', item.state),
        }
        sheet.texts(row, texts)
        sheet.points(row, Col.FINAL, None if item.points is None else number(item.points), "entry")
        place, limit = cell(row, Col.FINAL), units.of(item.limit)
        rule = f"AND(ISNUMBER({place}),{place}>=0,{place}<={item.limit},ROUND({place},{units.decimals})={place})"
        sheet.page.allow(row, Col.FINAL, rule, f"请填0至{item.limit}之间的分数,至多{units.decimals}位小数;待定的留空")
        official = 0 if item.points is None else units.of(item.points)
        now, counted = min(official, limit), cell(row, Col.COUNTED)
        sheet.bounded(row, min(0, official), max(limit, official), "" if item.points is None else official)
        sheet.count(row, Col.LOWEST, f"IF(ISNUMBER({counted}),MIN({counted},{limit}),0)", now)
        sheet.keep(row, Col.KEPT_LOWEST, now)
        sheet.count(row, Col.OPEN, f"IF(ISNUMBER({counted}),0,1)", int(item.points is None))
        same = f"{cell(row, Col.LOWEST)}={cell(row, Col.KEPT_LOWEST)},{cell(row, Col.OPEN)}={int(item.points is None)}"
        refused = f'AND(ISNUMBER({place}),{counted}="")'
        sheet.count(row, Col.CHANGED, f"IF(AND({same},NOT({refused})),0,1)", 0)
        sheet.remark(row, item.explanation, [(refused, "分数超出限额")])
        if word == "扣分":
            self.doubtful.append(cell(row, Col.OPEN))
        return row

    def _total(self, base: int, bonus: str, deducted: str) -> int:
        row, sheet, subject = self._next(), self.sheet, self.subject
        sheet.texts(row, {Col.LEVEL1: "总分"}, "total")
        ends = (number(subject.interval[0]), number(subject.interval[1]))
        for at, end in ((Col.LOWEST, ends[0]), (Col.HIGHEST, ends[1])):
            sheet.count(row, at, self._floored(f"{cell(base, at)}+{bonus}-{deducted}"), sheet.units.of(end))
        levels = column_sum(Col.OPEN, self.levels)
        missing = f"{column_sum(Col.OPEN, self.indicators)}+{levels}" if self.indicators else levels
        sheet.count(row, Col.OPEN, missing, self._missing())
        self._full(row, "total")
        self._interval(row, f"{cell(row, Col.OPEN)}=0", ends, subject.total is not None, "total")
        full = column_sum(Col.EFFECTIVE, self.levels)
        whole = reading.full_points(subject)
        share = reading.share(number(subject.total), whole) if subject.total is not None and whole else ""
        reached = f'=IF({cell(row, Col.OPEN)}=0,{rate_of(cell(row, Col.LOWEST), full)},"")'
        sheet.points(row, Col.RATE, Formula(reached, share), "total")
        self._total_text(row)
        return row

    def _missing(self) -> int:
        open_levels = [x for x in self.subject.levels if not number(x.applicable) and number(x.weight)]
        return len(reading.awaiting(self.subject)) + len(open_levels)

    def _floored(self, expression: str) -> str:
        floor = self.sheet.terms.floor
        return (
            expression
            if floor is None or not self.subject.deductions
            else f"MAX({expression},{self.sheet.units.of(floor)})"
        )

    def _total_text(self, row: int) -> None:
        """Out of sight the total, or the interval it lies in, for the headline; in sight how many indicators are open."""
        sheet = self.sheet
        text = f"={span_of(sheet.units, cell(row, Col.LOWEST), cell(row, Col.HIGHEST))}"
        sheet.page.put(row, Col.FIGURE, Formula(text, reading.span(*self.subject.interval)), "helper")
        missing, said = self._missing(), "项未评分,不评定等级"
        open_ = cell(row, Col.OPEN)
        remark = Formula(f'=IF({open_}=0,"",{open_}&"{said}")', f"{missing}{said}" if missing else "")
        sheet.page.put(row, Col.REMARK, remark, "total")

    # -- grade ----------------------------------------------------------------------------------------------------

    def _score_grade(self, total: int, base: int, deducted: str) -> int:
        """The grade of the score: bands from best to worst, lower ends inclusive; the last takes whatever lies below."""
        row, sheet, units = self._next(), self.sheet, self.sheet.units
        bands, subject = sheet.terms.bands, self.subject
        own = bands.reads == "base" and bool(subject.bonus)
        sheet.texts(row, {Col.LEVEL1: "分数等级", Col.TARGET: "不含加分" if own else None})
        interval = number(subject.interval[0])
        before = total_of(x.low for x in subject.levels) + reading.extras(subject, "deductions")
        floor = sheet.terms.floor if subject.deductions else None
        read = (before if floor is None else max(before, floor)) if own else interval
        expression = self._floored(f"{cell(base, Col.LOWEST)}-{deducted}") if own else cell(total, Col.LOWEST)
        sheet.count(row, Col.HIGHEST, expression, units.of(read))
        labels = sheet.terms.labels
        now = 0 if subject.score_grade is None else labels.index(subject.score_grade) + 1
        reached = f"MIN(SUMPRODUCT(--({sheet.lines.lines}>{cell(row, Col.HIGHEST)}))+1,{len(labels)})"
        sheet.count(row, Col.LOWEST, f"IF({cell(total, Col.OPEN)}=0,{reached},0)", now)
        shown = f'=IF({cell(row, Col.LOWEST)}=0,"",{units.text(cell(row, Col.HIGHEST))})'
        sheet.page.put(row, Col.VALUE, Formula(shown, plain(read) if now else ""), align="right")
        self._label(row, row, subject.score_grade or UNGRADED)
        return row

    def _label(self, row: int, index: int, now: str) -> None:
        place = cell(index, Col.LOWEST)
        text = f'=IF({place}=0,"{UNGRADED}",INDEX({self.sheet.lines.labels},{place}))'
        self.sheet.page.put(row, Col.FINAL, Formula(text, now), align="right")

    def _cap(self, cap: CapState, before: int, vetoes: list[int]) -> int:
        """One checked fact and its switch. A ceiling or a set grade only ever makes the grade worse."""
        row, sheet = self._next(), self.sheet
        found = " ".join(x for x in (cap.document, cap.date) if x)
        remark = f"{effect_text(cap)};依据{cap.clause}" + (f";核查文件:{found}" if found else "")
        sheet.texts(row, {Col.LEVEL1: "情形核查", Col.NAME: cap.text, Col.REMARK: remark})
        sheet.page.put(row, Col.STATE, cap.state, "entry", align="center")
        sheet.page.choose(row, Col.STATE, (TRIGGERED, CLEAR, UNCHECKED))
        sheet.page.put(row, Col.KEPT_LOWEST, cap.state, "helper")
        sheet.count(row, Col.CHANGED, f"IF({cell(row, Col.STATE)}={cell(row, Col.KEPT_LOWEST)},0,1)", 0)
        if cap.kind != "measure":
            # Anything else, pasted or cleared, has not been checked either.
            checked = f'OR({cell(row, Col.STATE)}="{TRIGGERED}",{cell(row, Col.STATE)}="{CLEAR}")'
            sheet.count(row, Col.OPEN, f"IF({checked},0,1)", int(cap.state == UNCHECKED))
            self.doubtful.append(cell(row, Col.OPEN))
        if cap.kind == "veto":
            vetoes.append(row)
        if cap.kind not in ("ceiling", "set") or cap.grade is None:
            return before
        return self._limited(cap, row, before)

    def _limited(self, cap: CapState, row: int, before: int) -> int:
        limit = self.sheet.terms.labels.index(cap.grade or "") + 1
        last = cell(before, Col.LOWEST)
        ungraded = limit if cap.kind == "set" else 0
        worse = f"IF({last}=0,{ungraded},MAX({last},{limit}))"
        now = self._index_after(self.subject.caps.index(cap) + 1)
        self.sheet.count(row, Col.LOWEST, f'IF({cell(row, Col.STATE)}="{TRIGGERED}",{worse},{last})', now)
        return row

    def _index_after(self, caps: int) -> int:
        """The grade after the first caps of the result, as the number of its band; 0 is none."""
        labels = self.sheet.terms.labels
        index = 0 if self.subject.score_grade is None else labels.index(self.subject.score_grade) + 1
        for cap in self.subject.caps[:caps]:
            if cap.state == TRIGGERED and cap.kind in ("ceiling", "set") and cap.grade is not None:
                limit = labels.index(cap.grade) + 1
                index = max(index, limit) if index else limit if cap.kind == "set" else 0
        return index

    def _grade(self, index: int, vetoes: Sequence[int]) -> int:
        """The grade with its name, 暂定 where something is open; a veto beats all."""
        row, sheet, lines = self._next(), self.sheet, self.sheet.lines
        said = ";".join(f"{c.text}(依据{c.clause})" for c in self.subject.consequence)
        sheet.texts(row, {Col.LEVEL1: "评价等级", Col.REMARK: f"正式结果的应用:{said}" if said else None}, "total")
        doubt = "+".join([str(self._doubt()), *self.doubtful])
        sheet.count(row, Col.OPEN, doubt, self._doubts())
        veto = "+".join(f'({cell(v, Col.STATE)}="{TRIGGERED}")' for v in vetoes) or "0"
        sheet.count(row, Col.HIGHEST, veto, int(reading.vetoed(self.subject)))
        place, unsure, vetoed = cell(index, Col.LOWEST), f"{cell(row, Col.OPEN)}>0", f"{cell(row, Col.HIGHEST)}>0"
        name = f"INDEX({lines.names},{place})"
        notes = f'{name}&IF(AND({name}<>"",{unsure}),"，","")&IF({unsure},"暂定","")'
        noted = f'IF(AND({name}="",NOT({unsure})),"","（"&{notes}&"）")'
        graded = f'IF({place}=0,"{UNGRADED}",INDEX({lines.labels},{place})&{noted})'
        text = f'=IF({vetoed},"{UNGRADED}（一票否决）",{graded})'
        sheet.page.put(
            row, Col.FINAL, Formula(text, reading.grade_text(self.subject, reading.FULL)), "total", align="right"
        )
        return row

    def _doubt(self) -> int:
        """Whether points rest on unverified evidence: that no switch on the sheet changes."""
        subject = self.subject
        open_caps = any(c.state == UNCHECKED and c.kind != "measure" for c in subject.caps)
        told = open_caps or any(d.points is None for d in subject.deductions)
        resting = any(i.status == "provisional" for i in subject.indicators)
        return int(resting or (subject.provisional and not told))

    def _doubts(self) -> int:
        subject = self.subject
        unchecked = sum(c.state == UNCHECKED and c.kind != "measure" for c in subject.caps)
        return self._doubt() + unchecked + sum(d.points is None for d in subject.deductions)

    # -- beside the result ----------------------------------------------------------------------------------------

    def _compare(self, total: int, grade: int) -> Conclusion:
        """The official total and grade, and in words whether the sheet still shows them."""
        row, sheet, subject = self._next(), self.sheet, self.subject
        sheet.texts(row, {Col.LEVEL1: "正式结果"}, "sub")
        sheet.page.merge(row, Col.LEVEL2, Col.STATE, typeset(reading.standing(subject)), "sub")
        kept = [sheet.units.of(end) for end in subject.interval]
        for at, value in ((Col.KEPT_LOWEST, kept[0]), (Col.KEPT_HIGHEST, kept[1])):
            sheet.keep(row, at, value)
        sheet.page.put(row, Col.KEPT_FIGURE, reading.grade_text(subject, reading.FULL), "helper")
        sheet.count(row, Col.CHANGED, f"{column_sum(Col.CHANGED, [self.first, row - 1])}+SUM({sheet.lines.changed})", 0)
        pairs = ((Col.LOWEST, Col.KEPT_LOWEST), (Col.HIGHEST, Col.KEPT_HIGHEST))
        same = [f"{cell(total, a)}={cell(row, b)}" for a, b in pairs]
        same += [f"{cell(grade, Col.FINAL)}={cell(row, Col.KEPT_FIGURE)}", f"{cell(row, Col.CHANGED)}=0"]
        text = f'=IF(AND({",".join(same)}),"{CONSISTENT}","{TRIAL}(与正式结果不同:"&{self._difference(total, row)}&")")'
        sheet.page.put(row, Col.REMARK, Formula(text, CONSISTENT), "sub")
        heading = min(self.levels, default=self.row) - 1
        return Conclusion(cell(total, Col.FIGURE), cell(grade, Col.FINAL), cell(row, Col.REMARK), heading, self.row)

    def _difference(self, total: int, row: int) -> str:
        """How far the trial is from the result: in points where both have a total."""
        changes = f'"改动"&{cell(row, Col.CHANGED)}&"处"'
        if self.subject.total is None:
            return changes
        units, gap = self.sheet.units, f"({cell(total, Col.LOWEST)}-{cell(row, Col.KEPT_LOWEST)})"
        shape = units.shown.replace("#,##", "")
        apart = f'"差 "&TEXT({units.points(gap)},"+{shape};-{shape}")&" 分"'
        return f'IF({cell(total, Col.OPEN)}>0,{changes},IF({gap}=0,{changes}&",总分相同",{apart}))'
