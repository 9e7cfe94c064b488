"""Tables of amounts: totals against their parts, 执行率 against its amounts. Judged only where the table's shape is certain."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from workbench.reports.checking.document.model import Table
from workbench.reports.checking.findings import Finding, asked, by_reading, finding, when
from workbench.reports.checking.language import words
from workbench.reports.checking.language.numbers import cell_number, says, text_of
from workbench.reports.checking.language.words import tight
from workbench.reports.checking.tables import details
from workbench.reports.checking.tables.grid import Grid, Value, is_blank, value_at
from workbench.reports.checking.tables.score_sums import summed

TOLERANCE = Decimal("0.01")
"""尾差 of rounded amounts (domain practice)."""
_AMOUNT = re.compile(
    r"预算|安排|下达|到位|拨付|执行|支出|使用|结余|结转|金额|投资|资金|实际|支付|拨款|批复|申报|决算|概算|万元|[(]元[)]"
)
_NOT_AMOUNT = re.compile(
    r"率|进度|程度|构成|增减|增幅|比例|单价|单位成本|均(?!衡)|每|[(][^()]*元/|平均|标准|占比|比重|名称|来源|项目$|内容|说明|备注|用途|方向|单位$|类别|科目|序号|时间|日期|文号|情况$|得分|分值"
)
_RATE = re.compile(r"(?:预算|资金|支出)?(?:执行|支出|使用|支付)(?:率|进度)(?:[(]%[)])?$|^执行率")
_ARRIVED_RATE = re.compile(r"到位率(?:[(]%[)])?$")
_SHARE = re.compile(r"^(?:占比|构成比?|比例|占总额比例|比重|所占比例)(?:[(]%[)])?$")
_SPENT = re.compile(r"执行(?:数|金额|额)?|支出|使用|支付|实际")
_ARRIVED = re.compile("到位")
_BASE = re.compile("预算|到位|安排|下达|批复|拨付|计划|指标")
_PART_OF_HEAD = re.compile("合计|小计|总|中央|省|市|县|区|乡|镇|自筹|财政|数$|额$|其他|年")
"""A lower head that is short for an amount of the head above it (“资金到位”: “省级”)."""
_MONEY = re.compile("元")
_NESTED = re.compile(r"^(?:[(][一二三四五六七八九十\d]+[)]|\d+(?:\.\d+)+|[①-⑳]|-)")
_SUMS = re.compile(
    r"(?:合计|总计|总额|资金总额|年度资金总额|项目资金总额|总投资|资金合计|共计|总成本|成本合计|总费用|支出总计|收入总计)(?:[(]万?元[)])?:?"
)
_SECTION = re.compile("^[一二三四五六七八九十]+、")
_SECTION_SUM = re.compile("(?:合计|小计|总计|总额)(?:[(]万?元[)])?$")
_ITEM = re.compile(r"^\d+[.、)]")
_FEWEST = 2
_FORM_PARTS = (re.compile("财政拨款"), re.compile("上年结转"), re.compile("其他资金"))


@dataclass
class MoneyRow:
    """A row of amounts by column."""

    row: int
    name: str
    kind: str
    amounts: dict[int, Value] = field(default_factory=dict)
    rates: dict[int, Value] = field(default_factory=dict)


@dataclass
class MoneyTable:
    """A recognised table of amounts: its columns of amounts and of rates, by their headers."""

    table: Table
    amounts: dict[int, str]
    rates: dict[int, str]
    rows: list[MoneyRow]


def money_table(table: Table) -> MoneyTable | None:
    """The table read as one of amounts; None when its header does not say so."""
    if len(table.rows) < 2:
        return None
    for y in range(min(3, len(table.rows) - 1)):
        y, heads = _heads(table, y)
        amounts = {x: h for x, h in enumerate(heads) if x and _AMOUNT.search(h) and not _NOT_AMOUNT.search(h)}
        unit = _MONEY.search("".join(heads)) or _MONEY.search(table.before)
        if not amounts or not unit or len(set(heads)) < 2:
            continue
        if any(words.role_of(h)[0] == "points" for h in heads) and not any(_RATE.search(h) for h in heads):
            return None
        rates = {x: h for x, h in enumerate(heads) if _RATE.search(h) or _ARRIVED_RATE.search(h) or _SHARE.search(h)}
        made = _read(table, y, amounts, rates)
        if made.rows:
            return made
    return None


def _heads(table: Table, y: int) -> tuple[int, list[str]]:
    """The last row of a header that begins in row ``y``, and the words over each column: those below first, where they tell enough."""
    heads = [tight(c.text) for c in table.rows[y]]
    while y + 2 < len(table.rows) and _is_split(table, y):
        y += 1
        lower = [tight(c.text) for c in table.rows[y]]
        heads = [f"{a}{b}" if a != b and _short(b) else b for a, b in zip(heads, lower, strict=True)]
    return y, heads


def _short(head: str) -> bool:
    return bool(_PART_OF_HEAD.search(head)) and not (_AMOUNT.search(head) or _NOT_AMOUNT.search(head))


def _is_split(table: Table, y: int) -> bool:
    """Whether the row below splits merged cells of this one into several heads, and holds no number."""
    above, below = table.rows[y], table.rows[y + 1]
    if any(cell_number(c.text) is not None for c in below):
        return False
    wide = [x for x in range(1, table.width) if above[x].origin == above[x - 1].origin]
    return any(below[x].origin != below[x - 1].origin for x in wide)


def _read(table: Table, head: int, amounts: dict[int, str], rates: dict[int, str]) -> MoneyTable:
    grid = Grid(table)
    first = min(amounts)
    rows: list[MoneyRow] = []
    for y in range(head + 1, len(table.rows)):
        row = table.rows[y]
        # Merged label cells repeat; the lowest label that differs is the row's name.
        labels = [c.text for c in row[:first] if c.text.strip() and cell_number(c.text) is None]
        name = tight(labels[-1]) if labels else ""
        line = MoneyRow(y, name, _kind(name, labels))
        for x, header in amounts.items():
            value = value_at(grid, table.rows, y, x, header)
            if value is not None and not value.number.percent:
                line.amounts[x] = value
            elif not is_blank(row[x].text):
                line.kind = line.kind if line.kind == "sum" else "unread"
        for x, header in rates.items():
            value = value_at(grid, table.rows, y, x, header)
            if value is not None:
                line.rates[x] = value
        if not line.amounts and any(words.role_of(c.text)[0] in ("points", "weight") for c in row):
            break
        merged = len(amounts) > 1 and len({row[x].origin for x in amounts}) == 1
        if line.amounts and not merged:
            rows.append(line)
    return MoneyTable(table, amounts, rates, rows)


def _kind(name: str, labels: Sequence[str]) -> str:
    if any(_SUMS.fullmatch(tight(t)) for t in labels):
        return "sum"
    if "小计" in name:
        return "subtotal"
    if words.PART_OF.match(name):
        return "part"
    return "nested" if _NESTED.match(name) else "plain"


def judged(money: MoneyTable) -> Iterator[Finding]:
    """Contradictions of one table."""
    yield from _form_sums(money)
    yield from _section_sums(money)
    yield from _sums(money)
    for column, header in money.rates.items():
        if _SHARE.search(header):
            yield from _shares(money, column)
        else:
            yield from _rates(money, column, header)


def _close(stated: Value, rows: Sequence[MoneyRow], column: int) -> bool:
    """Whether a total is the sum of rows, each of which was rounded for itself."""
    places = max((r.amounts[column].number.places for r in rows if column in r.amounts), default=0)
    spread = max(TOLERANCE, Decimal(len(rows)) / (2 * 10**places) if places else TOLERANCE)
    return abs(stated.number.value - _sum(rows, column)[0]) <= spread


def _sums(money: MoneyTable) -> Iterator[Finding]:
    """A flat table: every column's total is the sum of its rows. One with parts: only where another column shows how it adds up.

    Where no column adds up, the rows are not simply parts of the total; a total like the numbers above it is no sum of them.
    """
    added = _added(money)
    if added is None:
        return
    total, ways, holds, flat = added
    shown = {n for found in holds.values() for n in found}
    way = min(shown) if shown else 0
    wrong = [x for x, found in holds.items() if not found and (flat or shown)]
    told = {x: _wrong_sum(money, total, ways[way], x) for x in wrong}
    alike = [asked(told.pop(x)) for x in wrong if _other_reading(total.amounts[x], ways[way], x)]
    yield from (*alike, *by_reading([*told.values()], sum(way in found for found in holds.values())))


def is_added(money: MoneyTable) -> bool:
    """Whether it is seen which rows make the total, so that it has been looked at."""
    added = _added(money)
    return added is not None and (added[3] or any(added[2].values()))


def _added(
    money: MoneyTable,
) -> tuple[MoneyRow, Sequence[Sequence[MoneyRow]], Mapping[int, Sequence[int]], bool] | None:
    """The total, the rows it may be the sum of, by column which of these it is, and whether there is one way only."""
    totals = [r for r in money.rows if r.kind == "sum"]
    if len(totals) != 1 or any(r.kind == "unread" for r in money.rows):
        return None
    total = totals[0]
    ways = _ways(money.rows, total)
    if (total is not money.rows[-1] and total is not money.rows[0]) or not ways:
        return None
    holds = {
        x: [n for n, way in enumerate(ways) if _close(total.amounts[x], way, x)]
        for x in money.amounts
        if x in total.amounts and any(x in r.amounts for r in ways[0])
    }
    return total, ways, holds, all(r.kind in ("plain", "sum") for r in money.rows) and total is money.rows[-1]


def _wrong_sum(money: MoneyTable, total: MoneyRow, rows: Sequence[MoneyRow], x: int) -> Finding:
    value, how = _sum(rows, x)
    stated = total.amounts[x]
    return finding("money_sum", stated.spot, f"“{money.amounts[x]}”{total.name}", stated.number, text_of(value), how)


def _other_reading(stated: Value, rows: Sequence[MoneyRow], x: int) -> bool:
    """Whether the total lies between the numbers above it, as a mean or a unit price does, or leaves some of them out."""
    values = [r.amounts[x].number.value for r in rows if x in r.amounts]
    between = len(values) > 1 and 0 < min(values) < stated.number.value < max(values)
    return between or details.left_out(values, stated.number.value)


def _ways(rows: Sequence[MoneyRow], total: MoneyRow) -> list[list[MoneyRow]]:
    """The rows a total may be the sum of."""
    plain = [r for r in rows if r.kind == "plain"]
    subtotals = [r for r in rows if r.kind == "subtotal"]
    parts = [r for r in rows if r.kind in ("plain", "part")]
    nested = [r for r in rows if r.kind in ("plain", "nested")]
    # Rows that break down the one above them count only where the total shows it.
    outer = [
        [plain[n] for n in kept]
        for x, stated in total.amounts.items()
        if (kept := details.outer([_at(r, x) for r in plain], stated.number.value)) is not None
    ]
    ways = [w for w in (plain, parts, subtotals, nested, *outer) if len(w) > 1]
    return [w for n, w in enumerate(ways) if w not in ways[:n]]


def _at(row: MoneyRow, x: int) -> Decimal | None:
    return row.amounts[x].number.value if x in row.amounts else None


def _sum(rows: Sequence[MoneyRow], column: int) -> tuple[Decimal, str]:
    return summed(r.amounts[column] for r in rows if column in r.amounts)


def _section_sums(money: MoneyTable) -> Iterator[Finding]:
    """“一、收入合计” above “1.财政补助”, “2.其他收入”: each section's rows, where most sections add up."""
    starts = [n for n, r in enumerate(money.rows) if _SECTION.match(r.name)]
    found, held = [], 0
    for n, end in pairwise([*starts, len(money.rows)]):
        head, rows = money.rows[n], money.rows[n + 1 : end]
        if not _SECTION_SUM.search(head.name) or len(rows) < _FEWEST or not all(_ITEM.match(r.name) for r in rows):
            continue
        for x in head.amounts:
            if _close(head.amounts[x], rows, x):
                held += 1
            elif all(x in r.amounts for r in rows):
                found.append(_wrong_sum(money, head, rows, x))
    yield from found if held >= len(found) else map(asked, found)


def _form_sums(money: MoneyTable) -> Iterator[Finding]:
    """The official form: 年度资金总额 is 当年财政拨款 with 上年结转资金 and 其他资金 (财预〔2020〕10号附1)."""
    total = money.rows[0]
    parts = money.rows[1:4]
    fits = len(parts) == 3 and all(p.search(r.name) for p, r in zip(_FORM_PARTS, parts, strict=True))
    if not fits or total.kind != "sum" or "总额" not in total.name or len(money.rows) > 4:
        return
    for x, stated in total.amounts.items():
        value, how = _sum(parts, x)
        if not _close(stated, parts, x) and any(x in r.amounts for r in parts):
            yield finding(
                "money_sum", stated.spot, f"“{money.amounts[x]}”{total.name}", stated.number, text_of(value), how
            )


def _rates(money: MoneyTable, column: int, header: str) -> Iterator[Finding]:
    over = _ARRIVED if _ARRIVED_RATE.search(header) else _SPENT
    tops = [
        x
        for x, h in money.amounts.items()
        if over.search(h) and not (over is _SPENT and re.search("预算数|预算金额|到位|年初|调整", h))
    ]
    bases = [x for x, h in money.amounts.items() if _BASE.search(h) and x not in tops]
    if len(tops) != 1 or not bases:
        return
    found, held = [], 0
    for row in money.rows:
        stated, top = row.rates.get(column), row.amounts.get(tops[0])
        under = [row.amounts[x] for x in bases if x in row.amounts and row.amounts[x].number.value]
        if stated is None or top is None or not under:
            continue
        if any(_is_rate(stated, top, base) for base in under):
            held += 1
        else:
            base = under[-1]
            exact = Fraction(top.number.value) / Fraction(base.number.value)
            shown = f"{text_of(exact * 100, max(stated.number.places, 2))}%"
            how = f"{top.number}÷{base.number}"
            found.append(finding("money_rate", stated.spot, f"“{row.name}”{header}", stated.number, shown, how))
    yield from by_reading(found, held)


def _is_rate(stated: Value, top: Value, base: Value) -> bool:
    """Whether it is the quotient: printed as 98.5, 98.5% or 0.985; the amounts may be rounded; above 100 it may be cut off."""
    exact = Fraction(top.number.value) / Fraction(base.number.value)
    spread = sum((Fraction(1, 2 * 10**v.number.places) for v in (top, base) if v.number.places), Fraction(0))
    spread = spread / Fraction(base.number.value) * (1 + exact)
    number = stated.number
    if exact > 1 and number.value in (1, 100):
        return True
    if says(number, exact * 100, spread * 100):
        return True
    return not number.percent and number.value <= 2 and says(number, exact, spread)


def _shares(money: MoneyTable, column: int) -> Iterator[Finding]:
    """占比 of each row in the only column's total, where most rows agree."""
    totals = [r for r in money.rows if r.kind == "sum"]
    if len(totals) != 1 or len(money.amounts) != 1:
        return
    [x] = money.amounts
    whole = totals[0].amounts.get(x)
    rows = [r for r in money.rows if column in r.rates and x in r.amounts]
    if whole is None or not whole.number.value or len(rows) < 3:
        return
    wrong = [r for r in rows if not _is_rate(r.rates[column], r.amounts[x], whole)]
    shares = [r.rates[column].number for r in rows if r is not totals[0]]
    if len(wrong) * 2 < len(rows):
        for row in wrong:
            exact = Fraction(row.amounts[x].number.value) / Fraction(whole.number.value) * 100
            stated = row.rates[column]
            how = f"{row.amounts[x].number}÷{whole.number}"
            told = finding("money_rate", stated.spot, f"“{row.name}”占比", stated.number, f"{text_of(exact)}%", how)
            yield when(not details.levelled(stated.number, exact, shares), told)
