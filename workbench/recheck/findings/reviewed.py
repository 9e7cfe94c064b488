"""A form with everything the rules of finding look at: typed values, scored lines, the money block, recomputed points."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, lru_cache
from itertools import groupby

from workbench.base.text import half_width
from workbench.recheck.model import Form, FundKind, FundRow, IndicatorRow, Written
from workbench.recheck.outcome import EXECUTION, Choice, Recomputed
from workbench.recheck.recompute.execution import NAME, Execution, execution_of, scored_fund
from workbench.recheck.values import TypedRow, amount_of, points_of, typed_rows
from workbench.scheme.policy import Band

QUANTITY, QUALITY, TIME, COST, BENEFIT, SATISFACTION = "数量", "质量", "时效", "成本", "效益", "满意度"
OUTPUT = "产出"
PROMPT = re.compile(r"\(\d{2,4}字(?:以内|左右|内)\)")
"""What a template asks for, left where the answer belongs."""
_NO_REASON = re.compile(r"(?:无|暂无|没有|不存在|不涉及)[^,。;]{0,6}[。.]?")
_EARLIER = re.compile(r"上年|上一年|去年|往年|以前年度")
_SECOND = (
    ("满意", SATISFACTION), ("成本", COST), ("数量", QUANTITY), ("质量", QUALITY), ("时效", TIME),
    ("效益", BENEFIT), ("可持续", BENEFIT), ("影响", BENEFIT),
)  # fmt: skip
_FIRST = (
    ("满意", SATISFACTION),
    ("成本", COST),
    ("产出", OUTPUT),
    ("效益", BENEFIT),
    ("效果", BENEFIT),
    ("执行", NAME),
)


def filled(written: Written | None) -> bool:
    """Whether something stands in a cell."""
    return written is not None and not written.blank


def text_of(written: Written | None) -> str:
    """The text of a cell without white space, its signs half-width; empty for none."""
    return "" if written is None else _folded(written.text)


@lru_cache(maxsize=16384)
def _folded(text: str) -> str:
    return half_width("".join(text.split()))


@dataclass(frozen=True, slots=True)
class Line:
    """One line that carries points: 预算执行率, or the indicators that share one weight.

    Attributes:
        rows: the indicators; none for 预算执行率.
        weight, points: as numbers; the cells they stand in beside them.
        recomputed: what the rules give; None where nothing was recomputed.
    """

    name: str
    rows: tuple[TypedRow, ...]
    weight: Decimal | None
    points: Decimal | None
    weight_cell: Written | None
    points_cell: Written | None
    recomputed: Recomputed | None

    @property
    def low(self) -> Decimal | None:
        """Lowest points under the rules; None where they give none."""
        return None if self.recomputed is None else self.recomputed.low

    @property
    def high(self) -> Decimal | None:
        """Highest points under the rules."""
        return None if self.recomputed is None else self.recomputed.high

    @property
    def full(self) -> bool:
        """Whether the unit gave itself full points."""
        return self.weight is not None and self.weight == self.points

    @property
    def doubtful(self) -> bool:
        """Whether a target contradicts itself, so that nobody can say what it gives."""
        return any(typed.target.told for typed in self.rows)

    def missed(self, tolerance: Decimal) -> bool:
        """Whether the target was not reached for certain."""
        return self.high is not None and self.weight is not None and self.high < self.weight - tolerance

    def met(self, tolerance: Decimal) -> bool:
        """Whether the target was reached for certain."""
        return self.low is not None and self.weight is not None and self.low >= self.weight - tolerance


@dataclass(frozen=True, slots=True)
class Money:
    """A row of the money block with its amounts in the form's unit of money."""

    row: FundRow
    initial: Decimal | None
    adjusted: Decimal | None
    executed: Decimal | None

    @property
    def name(self) -> str:
        """What the row is called."""
        return text_of(self.row.name) or self.row.kind.value


@dataclass(frozen=True)
class Reviewed:
    """One form under review.

    Attributes:
        ruleset: title of the ruleset that ``recomputed`` follows.
        choices: what a reviewer has decided.
        bands: grades from best to worst under a local policy; empty for the national ones.
    """

    form: Form
    recomputed: tuple[Recomputed, ...] = ()
    ruleset: str = ""
    choices: tuple[Choice, ...] = ()
    bands: tuple[Band, ...] = ()

    @cached_property
    def rows(self) -> tuple[TypedRow, ...]:
        """Indicators that carry points, alone or with others."""
        return tuple(t for t in self.typed if not t.row.part)

    @cached_property
    def typed(self) -> tuple[TypedRow, ...]:
        """All indicators with their values, sub-items included."""
        return typed_rows(self.form)

    @cached_property
    def execution(self) -> Execution | None:
        """What the money block gives for 预算执行率."""
        return execution_of(self.form)

    @cached_property
    def money(self) -> tuple[Money, ...]:
        """The rows of the money block."""
        unit = self.form.money_unit
        return tuple(
            Money(row, *(amount_of(cell, unit) for cell in (row.initial, row.adjusted, row.executed)))
            for row in self.form.funds
        )

    @cached_property
    def total_money(self) -> Money | None:
        """The total row of the money block."""
        return next((m for m in self.money if m.row.kind is FundKind.TOTAL), None)

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """The scored lines in the form's order, 预算执行率 first."""
        known = {number: r for r in self.recomputed for number in r.rows}
        groups = [tuple(group) for _, group in groupby(self.rows, key=lambda t: t.row.group)]
        lines = tuple(_line(group, known.get(group[0].row.number)) for group in groups)
        first = self._execution_line(known.get(EXECUTION))
        return lines if first is None else (first, *lines)

    def _execution_line(self, recomputed: Recomputed | None) -> Line | None:
        fund = scored_fund(self.form)
        if fund is None or not filled(fund.weight):
            return None
        return Line(NAME, (), points_of(fund.weight), points_of(fund.points), fund.weight, fund.points, recomputed)

    @cached_property
    def weight_sum(self) -> Decimal | None:
        """Sum of all weights; None while one is missing or there is nothing."""
        return _sum([line.weight for line in self.lines])

    @cached_property
    def complete(self) -> bool:
        """Whether the indicator table is all there: every line has its weight, and its total stands below or comes to 100."""
        ends = filled(self.form.total_points) or filled(self.form.total_weight)
        return self.weight_sum is not None and bool(self.rows) and (ends or self.weight_sum == 100)

    @cached_property
    def total_cell(self) -> Written | None:
        """Where 自评得分 stands: in the total row, or beside its label."""
        form = self.form
        return form.total_points if filled(form.total_points) else form.labels.get("自评总分")

    @cached_property
    def total(self) -> Decimal | None:
        """自评得分."""
        return points_of(self.total_cell)

    @cached_property
    def explained(self) -> bool:
        """Whether the form gives reasons in a block of its own instead of line by line."""
        cells = (self.form.labels.get(name) for name in ("偏差说明", "存在问题", "改进措施"))
        texts = [text_of(cell) for cell in cells if filled(cell)]
        return any(not PROMPT.search(text) and not _NO_REASON.fullmatch(text) for text in texts)

    def late(self, typed: TypedRow) -> bool:
        """Whether a deadline was missed in every reading of both dates."""
        wanted, done = typed.target.moment, typed.actual.moment
        if wanted is None or done is None or typed.actual.signed:
            return False
        limits, span = wanted.limits(self.form.year), done.span(self.form.year)
        return limits is not None and span is not None and span[0] > limits[1]

    def of_level(self, *names: str) -> list[TypedRow]:
        """Indicators of these level-2 kinds."""
        return [t for t in self.rows if second_of(t.row) in names]


def sentences(form: Form, *cells: Written | None) -> Iterator[tuple[Written, str]]:
    """What the form says in sentences, with the cell; without those that speak of another year."""
    for cell in cells:
        for sentence in re.split(r"[。;\n]", "" if cell is None else cell.text):
            text = _folded(sentence)
            years = {int(year) for year in re.findall(r"20\d\d(?=年)", text)}
            if cell is not None and text and not (years - {form.year}) and not _EARLIER.search(text):
                yield cell, text


def _line(group: tuple[TypedRow, ...], recomputed: Recomputed | None) -> Line:
    weighed = next((t for t in group if t.weight is not None), group[0])
    scored = next((t for t in group if t.points is not None), group[0])
    return Line(
        name=name_of(group[0].row),
        rows=group,
        weight=weighed.weight,
        points=scored.points,
        weight_cell=weighed.row.weight,
        points_cell=scored.row.points,
        recomputed=recomputed,
    )


def _sum(numbers: Sequence[Decimal | None]) -> Decimal | None:
    known = [n for n in numbers if n is not None]
    return sum(known, Decimal(0)) if known and len(known) == len(numbers) else None


def name_of(row: IndicatorRow) -> str:
    """The indicator's name without white space."""
    return "".join(row.level3.text.split()) or f"第{row.number}项指标"


def second_of(row: IndicatorRow) -> str:
    """What kind of level 2 an indicator belongs to: 数量, 质量, 时效, 成本, 效益, 满意度; empty where nothing tells."""
    second, first = text_of(row.level2), text_of(row.level1)
    return SATISFACTION if not second and not first and "满意" in text_of(row.level3) else _second(second, first)


def first_of(row: IndicatorRow) -> str:
    """What kind of level 1: 产出, 效益, 满意度, 成本, 预算执行率; empty for a local one."""
    return _first(text_of(row.level1))


@lru_cache(maxsize=1024)
def _second(second: str, first: str) -> str:
    found = next((kind for word, kind in _SECOND if word in second), "")
    return found or (_first(first) if _first(first) in (SATISFACTION, COST, BENEFIT) else "")


@lru_cache(maxsize=1024)
def _first(first: str) -> str:
    return next((kind for word, kind in _FIRST if word in first), "")
