"""Rules of a score table by itself: sums, full points, points within them, rates, deductions, differences."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import product

from workbench.reports.checking.findings import Finding, asked, by_reading, finding
from workbench.reports.checking.language.numbers import Number, says, text_of
from workbench.reports.checking.tables.grid import Value
from workbench.reports.checking.tables.score_model import Group, Line, ScoreTable
from workbench.reports.checking.tables.score_sums import MEAN, certain, doubled, main_points, summed, values_of

_HUNDRED = 100
_SUMMING = re.compile("合计|小计|总计|其中|加分|扣分|减分|附加|另|折算")


def judged(table: ScoreTable, full: Decimal | None) -> Iterator[Finding]:
    """Every contradiction inside one table. ``full``: the full points the text states, else None."""
    yield from _levels(table)
    yield from _weights(table, full)
    yield from _totals(table)
    yield from _lines(table)
    yield from _differences(table)


def _levels(table: ScoreTable) -> Iterator[Finding]:
    """Every level against its rows; where the same rows do not make its other numbers either, they are not its rows."""
    moved = _rescaled_levels(table)
    told = []
    for group in table.groups:
        skipped = group.what == "points" and group.who not in table.whose
        if not skipped and not (moved and ("" in moved or group.parts[0].top in moved)) and _is_certain(group):
            told.append((group, list(_level(group))))
    for group, found in told:
        same = [f for g, f in told if (g.what, g.who, g.level) == (group.what, group.who, group.level)]
        beside = [f for g, f in told if g.value.origin[0] == group.value.origin[0] and g is not group]
        borne_out = not all(beside) if beside else sum(map(bool, same)) <= max(sum(not f for f in same), 1)
        yield from found if borne_out else map(asked, found)


def _rescaled_levels(table: ScoreTable) -> set[str]:
    """Levels with a 折算 row; an empty name among them when it does not say which."""
    tops = {x.top for x in table.leaves}
    found = set()
    for line in table.lines:
        if line.kind == "rescaled":
            said = [top for top in tops if any(top in name for name in line.names)]
            found |= set(said) or {""}
    return found


def _is_certain(group: Group) -> bool:
    key = "weight" if group.what == "weight" else f"points {group.who}"
    return bool(values_of(group.parts, group.what, group.who)) and certain(group.parts, key)


def _level(group: Group) -> Iterator[Finding]:
    total, how = summed(values_of(group.parts, group.what, group.who))
    if total != group.value.number.value and group.who != MEAN:
        code = "weight_level" if group.what == "weight" else "points_level"
        word = "分值" if group.what == "weight" else f"{group.who}得分"
        yield finding(code, group.value.spot, f"“{group.name}”{word}", group.value.number, text_of(total), how)


def _readings(table: ScoreTable, what: str, who: str, *, extra: bool) -> list[tuple[Decimal, str]]:
    """Sums the total may be: the indicators, with the form's 执行率 or without, with bonus and deductions in the ways in use."""
    leaves = values_of(table.leaves, what, who)
    bonus = values_of([x for x in table.lines if x.kind == "bonus"], what, who)
    minus = values_of([x for x in table.lines if x.kind == "deduction"], what, who)
    taken = [Value(_negative(v.number), v.spot, v.origin) for v in minus]
    above = (values_of(table.extra, what, who) or values_of(table.extra, what, "")) if extra else []
    ways = product((bonus, []) if bonus else ([],), (taken, []) if taken else ([],))
    return [summed([*leaves, *above, *(v for part in parts for v in part)]) for parts in ways]


def _negative(number: Number) -> Number:
    return Number(-abs(number.value), number.places)


def _weights(table: ScoreTable, full: Decimal | None) -> Iterator[Finding]:
    total = table.total
    form = bool(table.extra) and not any(x.kind == "bonus" for x in table.lines)
    how = "报告写明的满分" if full is not None else "自评表的总分为100分"
    full = Decimal(100) if full is None and form else full
    if total is None or total.weight is None or full is None or not (_whole(table) or form):
        return
    if total.weight.number.value != full and _adds(table, "weight", ""):
        yield finding("weight_full", total.weight.spot, "分值合计", total.weight.number, text_of(full), how)


def _adds(table: ScoreTable, what: str, who: str) -> bool:
    stated = _stated(table, what, who)
    return stated is not None and any(
        stated.number.value == value for extra in (True, False) for value, _ in _readings(table, what, who, extra=extra)
    )


def _stated(table: ScoreTable, what: str, who: str) -> Value | None:
    total = table.total
    if total is None:
        return None
    return total.weight if what == "weight" else total.points.get(who)


def _whole(table: ScoreTable) -> bool:
    return len({x.top for x in table.leaves}) >= 3


def _totals(table: ScoreTable) -> Iterator[Finding]:
    """Totals of full points and of each column of points; all of them read the table the same way."""
    total = table.total
    if total is None or doubled(table):
        return
    if any(x.kind == "rescaled" for x in table.lines):
        yield from _rescaled_total(table)
        return
    columns = [("weight", "")] + [("points", who) for who in total.points if who in table.whose]
    judged_ = [(what, who) for what, who in columns if _certain_total(table, what, who)]
    ways = [(True, _wrong(table, judged_, extra=True)), (False, _wrong(table, judged_, extra=False))]
    _, wrong = min(ways if table.extra else ways[1:], key=lambda way: len(way[1]))
    found = []
    for what, who, value, how in wrong:
        stated = _stated(table, what, who)
        assert stated is not None
        code, name = ("weight_sum", "分值合计") if what == "weight" else ("points_sum", f"{who}总分")
        found.append(finding(code, stated.spot, name, stated.number, text_of(value), how))
    if total.weight is None and not _is_complete(table):
        yield from map(asked, found)
    else:
        yield from found if _is_plain(table) else by_reading(found, len(judged_) - len(found))


def _is_complete(table: ScoreTable) -> bool:
    """Whether the indicators of a table whose total says nothing of full points have a round hundred of them, or none."""
    weights = values_of([*table.leaves, *table.extra], "weight", "")
    full = summed(weights)[0]
    return not weights or (certain(table.leaves, "weight") and full % 10 == 0 and full >= _HUNDRED)


def _is_plain(table: ScoreTable) -> bool:
    """Whether a table leaves no other reading of its total: indicators under columns of levels, and nothing but them."""
    plain = all(x.kind in ("leaf", "total") and not _SUMMING.search("".join(x.names)) for x in table.lines)
    return plain and table.depth > 0


def _certain_total(table: ScoreTable, what: str, who: str) -> bool:
    key = "weight" if what == "weight" else f"points {who}"
    there = _stated(table, what, who) is not None and values_of(table.leaves, what, who)
    return bool(there) and certain(table.leaves, key)


def _wrong(
    table: ScoreTable, columns: Sequence[tuple[str, str]], *, extra: bool
) -> list[tuple[str, str, Decimal, str]]:
    """Columns whose total is none of the sums it may be, with the first of these."""
    wrong = []
    for what, who in columns:
        sums = _readings(table, what, who, extra=extra)
        stated = _stated(table, what, who)
        if stated is not None and all(abs(stated.number.value - v) > _rounding(table, who) for v, _ in sums):
            wrong.append((what, who, *sums[0]))
    return wrong


def _rounding(table: ScoreTable, who: str) -> Decimal:
    """How far the total of means may be from their sum: each was rounded for itself. Nobody's points are rounded otherwise."""
    if who != MEAN:
        return Decimal(0)
    values = values_of(table.leaves, "points", who)
    places = max((v.number.places for v in values), default=0)
    return Decimal(len(values)) / (2 * Decimal(10) ** places)


def _rescaled_total(table: ScoreTable) -> Iterator[Finding]:
    """With a 折算 line the total is the sum of the levels' own rows, where every level has one."""
    total = table.total
    subtotals = [x for x in table.lines if x.kind == "subtotal" and x.level == 0]
    tops = {x.top for x in table.leaves}
    if total is None or {x.name for x in subtotals} != tops or len(subtotals) != len(tops):
        return
    last = {x.top: x for x in table.lines if x.kind == "subtotal"}
    rescaled = [x for x in table.lines if x.kind == "rescaled"]
    for who, stated in total.points.items():
        if any(who not in x.points for x in subtotals):
            continue  # not every level has points of theirs
        for lines in ([*last.values()], [*_replaced(subtotals, rescaled)]):
            value, _ = summed(values_of(lines, "points", who))
            if value == stated.number.value:
                break
        else:
            value, how = summed(values_of([*_replaced(subtotals, rescaled)], "points", who))
            yield finding("points_sum", stated.spot, f"{who}总分", stated.number, text_of(value), how)


def _replaced(subtotals: Sequence[Line], rescaled: Sequence[Line]) -> Iterator[Line]:
    """The levels' rows; the one above a 折算 row gives way to it."""
    for n, line in enumerate(subtotals):
        end = subtotals[n + 1].row if n + 1 < len(subtotals) else None
        below = [r for r in rescaled if r.row > line.row and (end is None or r.row < end)]
        yield below[-1] if below and below[-1].points else line


def _lines(table: ScoreTable) -> Iterator[Finding]:
    lines = [x for x in table.lines if x.kind not in ("bonus", "deduction", "rescaled") and x.weight is not None]
    main = main_points(table)
    over = [f for x in lines for f in _over(table, x)]
    yield from by_reading(over, len(lines) - len(over))
    own = [
        (x, x.points[main].number, x.weight.number) for x in lines if main is not None and main in x.points and x.weight
    ]
    rates = [f for x, points, weight in own for f in rated(x.name, points, weight, x.rate)]
    yield from by_reading(rates, sum(x.rate is not None for x, *_ in own) - len(rates))
    lost = [f for x, points, weight in own for f in _lost(x, points, weight)]
    yield from by_reading(lost, sum(x.lost is not None for x, *_ in own) - len(lost))


def _over(table: ScoreTable, line: Line) -> Iterator[Finding]:
    assert line.weight is not None
    weight = line.weight.number
    for who in (w for w in table.whose if w in line.points):
        points = line.points[who]
        bonus = line.kind == "total" and any(x.kind == "bonus" for x in table.lines)
        if points.number.value > max(weight.value, Decimal(0)) and not bonus and not points.number.percent:
            what = f"“{line.name}”{who}得分"
            yield finding("points_over", points.spot, what, points.number, f"不超过{weight}", "该项分值")


def rated(name: str, points: Number, weight: Number, rate: Value | None) -> Iterator[Finding]:
    """A rate beside its points and full points; written as 90.4, 90.4% or 0.904."""
    if rate is None or weight.value == 0:
        return
    exact = Fraction(points.value) / Fraction(weight.value)
    fraction = not rate.number.percent and rate.number.value <= 1 and rate.number.places
    if not says(rate.number, exact if fraction else exact * 100):
        places = max(rate.number.places, 2)
        shown = text_of(exact, places + 2) if fraction else f"{text_of(exact * 100, places)}%"
        yield finding("rate", rate.spot, f"“{name}”得分率", rate.number, shown, f"{points}÷{weight}")


def _lost(line: Line, points: Number, weight: Number) -> Iterator[Finding]:
    if line.lost is not None and abs(line.lost.number.value) != weight.value - points.value:
        expected = text_of(weight.value - points.value)
        yield finding("lost", line.lost.spot, f"“{line.name}”扣分", line.lost.number, expected, f"{weight}-{points}")


def _differences(table: ScoreTable) -> Iterator[Finding]:
    """A column of differences between the only two columns of points."""
    whose = table.whose
    column = next((c for c in table.columns if c.role == "difference"), None)
    if column is None or len(whose) != 2:
        return
    found = []
    told = 0
    for line in table.lines:
        first, second = line.points.get(whose[0]), line.points.get(whose[1])
        stated = line.difference
        if first is None or second is None or stated is None:
            continue
        told += 1
        exact = second.number.value - first.number.value
        if stated.number.value not in (exact, -exact, abs(exact)):
            how = f"{second.number}-{first.number}"
            if _turned(table, whose):
                exact, how = -exact, f"{first.number}-{second.number}"
            found.append(finding("difference", stated.spot, f"“{line.name}”差异", stated.number, text_of(exact), how))
    yield from by_reading(found, told - len(found))


def _turned(table: ScoreTable, whose: Sequence[str]) -> bool:
    """Whether the column takes the second points from the first, as most rows show that can show it."""
    signs = []
    for line in table.lines:
        first, second = line.points.get(whose[0]), line.points.get(whose[1])
        if first is not None and second is not None and line.difference is not None:
            exact = second.number.value - first.number.value
            signs += (
                [line.difference.number.value == exact]
                if exact and abs(line.difference.number.value) == abs(exact)
                else []
            )
    return signs.count(False) > signs.count(True)
