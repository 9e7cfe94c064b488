"""The money block: 年初预算数, 全年预算数, 全年执行数, 分值, 执行率, 得分 of the year's total and its parts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from workbench.recheck.forms.asking import Asking
from workbench.recheck.forms.lines import Line, Used, is_number, number_in, points_in
from workbench.recheck.forms.vocabulary import Money, bare, fund_of, is_of_which, is_strip, label_of, squeezed, titled
from workbench.recheck.model import FundKind, FundRow, Written

_AMOUNTS = {Money.INITIAL, Money.ADJUSTED, Money.EXECUTED}
_FIELDS = {
    Money.INITIAL: "initial",
    Money.ADJUSTED: "adjusted",
    Money.EXECUTED: "executed",
    Money.WEIGHT: "weight",
    Money.RATE: "rate",
    Money.POINTS: "points",
}
_ADDED = ("adjusted", "executed")
"""Amounts by which an unnamed total is known."""
Columns = Mapping[Money, tuple[int, int]]
"""First and last column of each."""


@dataclass(frozen=True, slots=True)
class _Hit:
    """A column of the money block: how a mapping calls it, where it stands, and how sure its role is."""

    key: str
    first: int
    last: int
    cell: Written
    plain: bool
    told: bool


def is_money_header(line: Line) -> bool:
    """Whether a row holds the titles of the money block."""
    if len(line.own) < 2:
        return False
    roles = [hit[0] for _, cell in line.own if (hit := titled("money", cell.text)) is not None]
    amounts = {role for role in roles if role in _AMOUNTS}
    numbers = any(is_number(cell) for _, cell in line.own)
    return not numbers and (len(amounts) >= 2 or (len(amounts) == 1 and len(set(roles) - {Money.NONE}) >= 3))


def read_funds(lines: Sequence[Line], used: Used, asking: Asking) -> tuple[FundRow, ...]:
    """Rows of all money blocks in these lines, the one with points first; else amounts that stand beside their titles."""
    blocks = []
    for index, line in enumerate(lines):
        if is_money_header(line):
            blocks.append(_block(lines, index, asking))
    # The block that is scored is the budget; another one lists tasks or details and stays in the notes.
    blocks.sort(key=lambda block: (not any(row.weight or row.points for row in block[0]), not block[0]))
    if blocks and blocks[0][0]:
        rows, taken = blocks[0]
        used.add(*taken)
        return tuple(rows)
    return _transposed(lines, used) or _pairs(lines, used)


def _block(lines: Sequence[Line], index: int, asking: Asking) -> tuple[list[FundRow], list[Written]]:
    """Rows below one header, and all cells they are made of."""
    header = lines[index]
    columns, taken = _columns(lines, index, asking)
    if not columns:
        return [], []
    body = index + 1
    if body < len(lines) and lines[body].own and _is_subheader(lines[body], columns):
        columns = _narrowed(columns, lines[body])
        taken += [cell for _, cell in lines[body].own]
        body += 1
    leading = min(first for first, _ in columns.values())
    rows: list[FundRow] = []
    for line in lines[body:]:
        if line.grid is not header.grid or _ends(line, leading):
            break
        row = _row(line, columns, leading)
        if row is not None:
            rows.append(row[0])
            taken += row[1]
    rows = _with_total(rows)
    return _with_weight(rows, [cell for _, cell in header.own], taken), taken


def _columns(lines: Sequence[Line], index: int, asking: Asking) -> tuple[dict[Money, tuple[int, int]], list[Written]]:
    """The column of each title; plain titles before doubtful ones, two alike are asked about."""
    header = lines[index]
    found: dict[Money, list[_Hit]] = {}
    times: Counter[str] = Counter()
    starts = [column for column, _ in header.own] + [header.width]
    for (column, cell), until in zip(header.own, starts[1:], strict=True):
        name = squeezed(cell.text)
        times[name] += 1
        key = f"资金:{name}" if times[name] == 1 else f"资金:{name}({times[name]})"
        given = asking.mappings.answer(asking.shape, "columns", key)
        told = given in list(Money)
        hit = (given, True) if told else titled("money", cell.text)
        last = column
        while last + 1 < until and header.home(last + 1) == header.home(column):
            last += 1
        if hit is None or hit[0] == Money.NONE or _names(lines[index + 1 :], column, last):
            continue
        found.setdefault(Money(str(hit[0])), []).append(_Hit(key, column, last, cell, hit[1], told))
    columns, taken = {}, [cell for _, cell in header.own if is_strip(cell.text) or titled("money", cell.text)]
    for role, hits in found.items():
        best = [h for h in hits if h.told] or [h for h in hits if h.plain] or hits
        names = "、".join(f"{h.cell.spot.cell}“{h.cell.text}”" for h in best)
        for one in best if len(best) > 1 else ():
            text = f"资金表里{names}都可能是“{role}”,只须答明其中一列。{one.cell.spot.cell}这一列是什么?"
            asking.ask("columns", one.key, text, one.cell, (role, *(m for m in Money if m is not role)))
        columns[role] = best[0].first, best[0].last
    return columns, taken


def _names(lines: Sequence[Line], first: int, last: int) -> bool:
    """Whether a column holds the names of the rows: 年度预算数 may stand over 总额, 其中财政资金 …"""
    below = (cell for line in lines[:6] for c, cell in line.own if first <= c <= last)
    return any(fund_of(cell.text) in (FundKind.TOTAL, FundKind.FISCAL) for cell in below)


def _is_subheader(line: Line, columns: Columns) -> bool:
    """Whether a second row of titles stands below: 预算数 over 总额, 其中财政拨款."""
    inside = [cell for c, cell in line.own if any(first <= c <= last for first, last in columns.values())]
    return len(inside) >= 2 and all(fund_of(cell.text) or titled("money", cell.text) for cell in inside)


def _narrowed(columns: Columns, line: Line) -> dict[Money, tuple[int, int]]:
    """Of the columns below one title, the one of the total."""
    narrowed = {}
    for role, (first, last) in columns.items():
        total = [c for c, cell in line.own if first <= c <= last and fund_of(cell.text) is FundKind.TOTAL]
        narrowed[role] = (total[0], total[0]) if total else (first, last)
    return narrowed


def _ends(line: Line, leading: int) -> bool:
    """Whether the block is over: another block's titles or labels begin here."""
    for column, cell in line.own:
        if fund_of(cell.text):
            return False
        if column >= leading and is_number(cell):
            return False
    texts = [cell.text for _, cell in line.own]
    goals = [titled("goals", text) for text in texts]
    return any(goals) or any(label_of(text) or is_strip(text) for text in texts[:1]) or is_money_header(line)


def _row(line: Line, columns: Columns, leading: int) -> tuple[FundRow, list[Written]] | None:
    """One row, and the cells it is made of; None for one that says nothing."""
    own = dict(line.own)
    values = {
        _FIELDS[role]: next((own[c] for c in range(first, last + 1) if c in own), None) or line.cell(first)
        for role, (first, last) in columns.items()
    }
    names = [(c, cell) for c, cell in line.own if c < leading and not is_strip(cell.text)]
    if not line.own or (not names and all(cell.blank for cell in values.values())):
        return None
    known = [cell for _, cell in names if fund_of(cell.text)]
    said = [cell for cell in values.values() if not cell.blank]
    if not known and said and not any(is_number(cell) for cell in said):
        return None  # words below the amounts: 按支出性质分
    if names:
        called = [cell for _, cell in names if bare(cell.text) != "其中"]
        name = (known or called or [names[0][1]])[0]
        kind = fund_of(name.text) or FundKind.PART
    else:
        strips = (line.at(c) for c in range(leading - 1, -1, -1))
        name, kind = next((s for s in strips if s is not None and s.text), line.cell(0)), FundKind.PART
    of_which = [cell for _, cell in names if bare(cell.text) == "其中"]
    return FundRow(kind, name, **values), [name, *known, *of_which, *values.values()]


def _with_total(rows: list[FundRow]) -> list[FundRow]:
    """A block of one row without a name is the total; a second total is a part of the first.

    Where no row has the name of a total, it is the one that carries the points (附1: only the total does), or that all the others
    add up to.
    """
    if len(rows) == 1 and rows[0].kind is FundKind.PART:
        return [replace(rows[0], kind=FundKind.TOTAL)]
    called = [i for i, row in enumerate(rows) if row.kind is FundKind.TOTAL]
    scored = [i for i in called if is_number(rows[i].weight)]
    first = next(iter([*scored, *called]), None)
    if first is None:
        first = _unnamed_total(rows)
    return [
        replace(row, kind=FundKind.TOTAL)
        if i == first
        else replace(row, kind=FundKind.PART)
        if row.kind is FundKind.TOTAL
        else row
        for i, row in enumerate(rows)
    ]


def _unnamed_total(rows: Sequence[FundRow]) -> int | None:
    """Which row is the total by its points or by its amounts, whatever it is called; None for none."""
    local = [i for i, row in enumerate(rows) if row.kind is FundKind.PART and not is_of_which(row.name.text)]
    scored = [i for i, row in enumerate(rows) if is_number(row.weight)]
    if len(scored) == 1 and scored[0] in local and _most(rows, scored[0]):
        return scored[0]
    return next((i for i in local if len(rows) > 2 and _made_of_others(rows, i)), None)


def _amount(cell: Written | None) -> Decimal:
    if cell is None:
        return Decimal(0)
    return cell.number if cell.number is not None else number_in(cell.text) or Decimal(0)


def _most(rows: Sequence[FundRow], index: int) -> bool:
    """Whether no other row has more."""
    return all(_amount(getattr(rows[index], name)) >= _amount(getattr(row, name)) for row in rows for name in _ADDED)


def _made_of_others(rows: Sequence[FundRow], index: int) -> bool:
    """Whether budget and spending are each the sum of all other rows."""
    others = [row for i, row in enumerate(rows) if i != index]
    sums = {name: sum((_amount(getattr(row, name)) for row in others), Decimal(0)) for name in _ADDED}
    return any(sums.values()) and all(_amount(getattr(rows[index], name)) == made for name, made in sums.items())


def _with_weight(rows: list[FundRow], titles: Sequence[Written], taken: list[Written]) -> list[FundRow]:
    """The weight of a form that puts it in the title of the block: 预算执行情况(20分)."""
    if any(row.weight is not None and not row.weight.blank for row in rows):
        return rows
    weight = next((found for cell in titles if (found := points_in(cell)) is not None), None)
    if weight is None:
        return rows
    return [replace(row, weight=weight) if row.kind is FundKind.TOTAL else row for row in rows]


def _pairs(lines: Sequence[Line], used: Used) -> tuple[FundRow, ...]:
    """Amounts right of their titles: 全年预算数 | 100 | 全年执行数 | 90 | 执行率 | 90%."""
    values: dict[str, Written] = {}
    name: Written | None = None
    taken: list[Written] = []
    for line in lines:
        for (_, title), (_, cell) in zip(line.own, line.own[1:], strict=False):
            hit = titled("money", title.text)
            if hit is None or hit[0] == Money.NONE or not is_number(cell) or is_number(title):
                continue
            field = _FIELDS[Money(hit[0])]
            if field not in values:
                values[field] = cell
                name = name or title
                taken += [title, cell]
    if name is None or not values.keys() & {"initial", "adjusted", "executed"}:
        return ()
    used.add(*taken)
    return (FundRow(FundKind.TOTAL, name, **values),)


def _transposed(lines: Sequence[Line], used: Used) -> tuple[FundRow, ...]:
    """Kinds of money as columns, amounts as rows."""
    for index, header in enumerate(lines):
        kinds = {c: cell for c, cell in header.own if fund_of(cell.text)}
        if len(kinds) < 2 or FundKind.TOTAL not in {fund_of(cell.text) for cell in kinds.values()}:
            continue
        values: dict[int, dict[str, Written]] = {column: {} for column in kinds}
        for line in lines[index + 1 : index + 9]:
            titles = [cell for c, cell in line.own if c < min(kinds)]
            hit = titled("money", titles[-1].text) if titles and line.grid is header.grid else None
            if hit is None or hit[0] == Money.NONE:
                break
            used.add(*titles)
            for column in kinds:
                values[column][_FIELDS[Money(hit[0])]] = line.cell(column)
        if any(fields.keys() & {"adjusted", "executed"} for fields in values.values()):
            used.add(*kinds.values(), *(cell for fields in values.values() for cell in fields.values()))
            rows = [FundRow(fund_of(kinds[c].text) or FundKind.PART, kinds[c], **values[c]) for c in kinds]
            return tuple(_with_total(rows))
    return ()
