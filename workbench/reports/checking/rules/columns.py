"""Columns of a table that follow from its other columns: 完成率, 占比, 增减额, 结余, 小计, 平均; and the 合计 under them.

A header says of what kind a column is; which columns it comes from is seen from the rows: of all ways the one counts that most
rows keep. Only rows that break it are wrong. Where no way is kept by most rows nothing is said.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import permutations

from workbench.reports.checking.findings import Finding, asked, finding, when
from workbench.reports.checking.language.numbers import says, text_of
from workbench.reports.checking.tables import details
from workbench.reports.checking.tables.number_tables import NumberTable, Row

_GROWTH = re.compile("增减率|增长率|增幅|变动率|变化率|同比|降幅|下降率|增减比例|变动幅度|增长[(]%[)]|偏差率")
_SHARE = re.compile("占比|比重|构成比|^构成|占.{0,6}比例|^(?:所占)?比例|百分比")
_RATE = re.compile("率|进度|(?:完成|支付|拨付|支出|执行|使用|到位|压减|核减)比例")
_DIFFERENCE = re.compile("增减|变动|变化|差额|差异|差值|差距|偏差|结余|余额|结转|未完成|剩余|缺口|核减|调整额|节约")
_SUM = re.compile("小计|合计|总计|总额|共计|总分|总数|总人数|^基础(?:得)?分|^最终得分")
_MEAN = re.compile("平均|均分|均值")
_ADDS = re.compile(
    r"数(?:量|[(].*[)])?$|额|投资|资金|预算|支出|到位|安排|执行|面积|里程|万元|[(]元[)]|加分|扣分|分值|权重|人次|户次|完成|计划"
)
_ADDS_NOT = re.compile(
    "率|每|/|进度|程度|比|均|标准|单价|单位成本|价格|年|月|日|序号|排名|得分|评分|满意|指数|等级|人均|户均|系数|倍"
)
_ENOUGH = 2
"""Rows that keep to a way, from which others must."""


@dataclass(frozen=True)
class _Way:
    """How a column may be made from others: the exact value of a row, and how it is written out."""

    sources: Sequence[int]
    exact: Callable[[Sequence[Fraction]], Fraction | None]
    shown: str
    spread: Fraction = Fraction(0)
    """How far rounding of one source moves the result, in half units of the last place of the sources."""


def judged(table: NumberTable) -> Iterator[Finding]:
    """Every number of a table that does not follow as the others of its column do."""
    yield from sums(table)
    for x in table.numeric:
        yield from _column(table, x)


def is_judged(table: NumberTable) -> bool:
    """Whether anything of the table follows from the rest, so that it has been looked at."""
    return bool(_summed(table)) or any(_SHARE.search(table.heads[x]) or _followed(table, x) for x in table.numeric)


def means(table: NumberTable) -> Iterator[Finding]:
    """Only the columns that are means of others (of experts), for tables whose sums are looked at elsewhere."""
    for x in table.numeric:
        if _MEAN.search(table.heads[x]):
            yield from _column(table, x)


def sums(table: NumberTable) -> Iterator[Finding]:
    """The row 合计: a column's sum where its header says it adds up, or where the table's other columns do add up."""
    columns, total = _summed(table), table.total
    if total is None:
        return
    wrong = [x for x in columns if not _adds(table, x)]
    right = len(columns) - len(wrong)
    for x in wrong:
        if (_ADDS.search(table.heads[x]) and len(wrong) <= max(right, 1)) or right > len(wrong):
            value = sum((v.number.value for v in table.column(x)), Decimal(0))
            how = "+".join(str(v.number) for v in table.column(x)) + f"={text_of(value)}"
            stated = total.values[x]
            what = f"“{table.heads[x]}”{total.label}"
            found = finding("table_sum", stated.spot, what, stated.number, text_of(value), how)
            yield asked(found) if _other_reading(table, x) else found


def _other_reading(table: NumberTable, x: int) -> bool:
    """Whether the total may be something else: a mean of the numbers, or the sum of those that are not details of another."""
    assert table.total is not None
    values, stated = [v.number.value for v in table.column(x)], table.total.values[x].number.value
    return 0 < min(values) < stated < max(values) or details.left_out(values, stated)


def _summed(table: NumberTable) -> list[int]:
    """The columns whose total may be their sum."""
    total = table.total
    if total is None or table.nested or (table.mean and not table.both):
        return []
    columns = [x for x in table.numeric if x in total.values and not _ADDS_NOT.search(table.heads[x])]
    return [x for x in columns if _SHARE.search(table.heads[x]) or not any(v.number.percent for v in table.column(x))]


def _adds(table: NumberTable, x: int) -> bool:
    assert table.total is not None
    values = [v.number for v in table.column(x)]
    places = max(n.places for n in values)
    spread = Decimal(len(values)) / (2 * 10**places) if places else Decimal(0)
    return abs(sum((n.value for n in values), Decimal(0)) - table.total.values[x].number.value) <= spread


def _column(table: NumberTable, x: int) -> Iterator[Finding]:
    """One column that follows from others, by the way most rows keep."""
    if _SHARE.search(table.heads[x]):
        yield from _shares(table, x)
        return
    found = _followed(table, x)
    if found is not None:
        way, wrong = found
        yield from (_broken(table, row, x, way) for row in wrong)


def _followed(table: NumberTable, x: int) -> tuple[_Way, list[Row]] | None:
    """The way most rows keep, and the rows that break it whatever equally good way is meant."""
    ways = list(_ways(table, x, table.heads[x]))
    rows = [r for r in (*table.rows, *([table.total] if table.total and not table.mean else [])) if x in r.values]
    kept = [[_keeps(r, x, way) for r in rows] for way in ways]
    best = max((k.count(True) for k in kept), default=0)
    tied = [(way, k) for way, k in zip(ways, kept, strict=True) if k.count(True) == best]
    if best < _ENOUGH or not tied:
        return None
    way, mine = tied[0]
    if mine.count(False) * 2 > best or not _telling(rows, x, way, mine):
        return None
    return way, [row for n, row in enumerate(rows) if all(k[n] is False for _, k in tied)]


def _telling(rows: Sequence[Row], x: int, way: _Way, kept: Sequence[bool | None]) -> bool:
    """Whether at least two rows that keep to a way could have broken it: not all of them zeros or 100 percent."""
    told = {row.values[x].number.value for row, k in zip(rows, kept, strict=True) if k}
    if (
        way.shown in ("相减", "相加")
        and sum(bool(k) and _moved(r, way) for r, k in zip(rows, kept, strict=True)) < _ENOUGH
    ):
        return False
    return len(told - {Decimal(0), Decimal(100), Decimal(1)}) > 0 and (len(told) > 1 or len(way.sources) > 1)


def _moved(row: Row, way: _Way) -> bool:
    """Whether two numbers at least went into a row: one less nothing is that one in any reading."""
    return sum(row.values[s].number.value != 0 for s in way.sources) > 1


def _broken(table: NumberTable, row: Row, x: int, way: _Way) -> Finding:
    stated = row.values[x]
    exact = way.exact([Fraction(row.values[s].number.value) for s in way.sources])
    assert exact is not None
    rate = bool(_RATE.search(table.heads[x]) or _GROWTH.search(table.heads[x]))
    shown = text_of(exact * 100 if rate else exact, max(stated.number.places, 2)) + ("%" if rate else "")
    how = f"{way.shown}:{'、'.join(str(row.values[s].number) for s in way.sources)}"
    what = f"“{row.label}”{table.heads[x]}"
    return finding("table_rate" if rate else "table_sum", stated.spot, what, stated.number, shown, how)


def _keeps(row: Row, x: int, way: _Way) -> bool | None:
    """Whether a row keeps to a way; None where one of its numbers is missing, or rates would have to be added."""
    if any(s not in row.values for s in way.sources) or (way.shown in ("相加", "相减") and row.label.endswith("率")):
        return None
    sources = [row.values[s].number for s in way.sources]
    exact = way.exact([Fraction(n.value) for n in sources])
    if exact is None:
        return None
    stated = row.values[x].number
    half = max((Fraction(1, 2 * 10**n.places) if n.places else Fraction(0) for n in sources), default=Fraction(0))
    base = abs(Fraction(sources[-1].value)) or Fraction(1)
    if way.shown in ("比率", "增减率"):
        spread = half * (1 + abs(exact)) / base
        return says(stated, exact * 100, spread * 100) or (not stated.percent and says(stated, exact, spread))
    return says(stated, exact, half * len(sources))


def _ways(table: NumberTable, x: int, head: str) -> Iterator[_Way]:
    others = [c for c in table.numeric if c != x and not _RATE.search(table.heads[c])]
    if _GROWTH.search(head):
        for a, b in permutations(others, 2):
            yield _Way((a, b), lambda v: (v[0] - v[1]) / v[1] if v[1] else None, "增减率")
            yield _Way((a, b), lambda v: v[0] / v[1] if v[1] else None, "增减率")
    elif _RATE.search(head):
        for a, b in permutations(others, 2):
            yield _Way((a, b), lambda v: v[0] / v[1] if v[1] else None, "比率")
    elif _MEAN.search(head):
        for first in range(x - 1, -1, -1):
            block = list(range(first, x))
            if any(c not in others for c in block):
                break
            if len(block) > 1:
                yield _Way(block, lambda v: sum(v, Fraction(0)) / len(v), "平均")
    elif _DIFFERENCE.search(head):
        for a, b in permutations(others, 2):
            yield _Way((a, b), lambda v: v[0] - v[1], "相减")
            if a < b:
                yield _Way((a, b), lambda v: abs(v[0] - v[1]), "相减")
    elif _SUM.search(head):
        yield from _added(others, x)


def _added(others: Sequence[int], x: int) -> Iterator[_Way]:
    """Sums of the columns right before, or right behind."""
    for step in (-1, 1):
        block: list[int] = []
        at = x + step
        while at in others:
            block.append(at)
            at += step
            if len(block) > 1:
                yield _Way(sorted(block), lambda v: sum(v, Fraction(0)), "相加")


def _shares(table: NumberTable, x: int) -> Iterator[Finding]:
    """占比 of each row in a column's whole."""
    others = [
        c for c in table.numeric if c < x and not _RATE.search(table.heads[c]) and not _SHARE.search(table.heads[c])
    ]
    if table.nested:
        return
    for c in reversed(others):
        whole = sum((Fraction(v.number.value) for v in table.column(c)), Fraction(0))
        rows = [r for r in table.rows if x in r.values]
        wrong = [r for r in rows if not whole or not _is_share(r, x, c, whole)]
        if len(rows) - len(wrong) >= _ENOUGH and len(wrong) * 2 <= len(rows):
            for row in wrong:
                exact = Fraction(row.values[c].number.value) / whole * 100
                stated = row.values[x]
                how = f"{row.values[c].number}÷{text_of(whole)}"
                shown = f"{text_of(exact, max(stated.number.places, 2))}%"
                what = f"“{row.label}”{table.heads[x]}"
                shares = [r.values[x].number for r in rows]
                found = finding("table_rate", stated.spot, what, stated.number, shown, how)
                yield when(not details.levelled(stated.number, exact, shares), found)
            return


def _is_share(row: Row, x: int, c: int, whole: Fraction) -> bool:
    stated, exact = row.values[x].number, Fraction(row.values[c].number.value) / whole
    places = row.values[c].number.places
    spread = Fraction(len(row.values), 2 * 10**places) / whole if places else Fraction(0)
    return says(stated, exact * 100, spread * 100) or (not stated.percent and says(stated, exact, spread))
