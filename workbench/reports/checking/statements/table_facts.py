"""What a score table states, as facts; and whether two tables speak of the same subject."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from workbench.reports.checking.language.numbers import Number
from workbench.reports.checking.language.words import LEVEL_NAMES, level_name, level_of, tight
from workbench.reports.checking.statements.facts import TOTAL, Fact, What
from workbench.reports.checking.tables.score_model import UNNAMED, Line, ScoreTable
from workbench.reports.checking.tables.score_sums import certain, main_points, summed, values_of

_GENERIC = re.compile(
    r"[表附件图单位万元:：()（）\d一二三四五六七八九十.、，,\s-]|绩效|自评|评价|综合|评分|得分|打分|指标|体系|情况"
    "|统计|汇总|明细|结果|项目|支出|部门|财政|年度"
)
"""What captions of score tables say whosever they are."""


_FORM_NAME = re.compile(
    "(?:项目|部门|单位|政策|专项|资金|转移支付)[(（]?(?:单位)?[)）]?名称|被评价(?:单位|对象)|评价对象"
)
_FORM_HEAD = 4
"""Rows of a form that say what it is of."""


def table_facts(table: ScoreTable, subject: str | None) -> Iterator[Fact]:
    """What a score table states about levels, indicators and the whole; names that stand for two rows are left out."""
    main = main_points(table)
    lines = [x for x in table.lines if x.kind in ("leaf", "subtotal") and x.name]
    names = [_key(x) for x in lines]
    for line, name in zip(lines, names, strict=True):
        rescaled = any(x.kind == "rescaled" for x in table.lines)
        if _certain_name(line, name, names, table) and not (rescaled and line.kind == "subtotal"):
            yield from _line_facts(line, name, table, main, subject)
        if line.kind == "leaf" and [_key(x) for x in table.leaves].count(name) == 1:
            yield from _said_facts(line, name, subject)
    for group in table.groups:
        if group.level == 0 and level_name(group.name) not in (UNNAMED, *names):
            who = group.who if group.what == "points" else ""
            if group.what == "weight" or group.who == main:
                yield Fact(
                    level_name(group.name),
                    group.what,
                    group.value.number,
                    group.value.spot,
                    _who(table, who),
                    subject,
                    "",
                    True,
                )
    section = section_of(table)
    if (section and section not in names and table.total is None) or (section and table.depth == 0):
        yield from _section_facts(table, section, main, subject)
    yield from _level_sums(table, main, names, subject)
    total = table.total
    if total is not None and is_whole(table):
        yield from _line_facts(total, TOTAL, table, main, subject)


def is_whole(table: ScoreTable) -> bool:
    """Whether the table is of the whole evaluation, not of one level."""
    total = table.total
    if section_of(table):
        return False
    hundred = total is not None and total.weight is not None and total.weight.number.value == 100
    first = next((c.header for c in table.columns if c.role == "name"), "")
    if (level_of(first) or 1) > 1 and not hundred:
        return False
    tops = {level_name(x.names[0]) for x in (*table.leaves, *table.extra)}
    if not hundred and total is not None and total.weight is not None and len(tops & {*LEVEL_NAMES}) < 2:
        return False
    return hundred or len({x.names[0] for x in (*table.leaves, *table.extra)} - {""}) > 2


def section_of(table: ScoreTable) -> str:
    """The level a table is of, where the line above it names one and its own rows name none."""
    levels = {*LEVEL_NAMES} - {"预算执行", "预算执行率", "投入", "管理"}
    named_ = {n for n in levels if n in table.table.before}
    tops = {level_name(x.top) for x in table.leaves} & levels
    total = table.total
    hundred = total is not None and total.weight is not None and total.weight.number.value == 100
    if len(named_) != 1 or hundred or tops - named_:
        return ""
    return named_.pop()


def _section_facts(table: ScoreTable, level: str, main: str | None, subject: str | None) -> Iterator[Fact]:
    """Full points and points of the level a table is of: its total, else the sum of its rows."""
    for what, who in (("weight", ""), ("points", main)):
        if who is None:
            continue
        total = table.total
        stated = None if total is None else total.weight if what == "weight" else total.points.get(who)
        key: What = "weight" if what == "weight" else "points"
        if stated is not None:
            yield Fact(level, key, stated.number, stated.spot, "", subject, "", True)
            continue
        values = values_of(table.leaves, what, who)
        if len(values) > 1 and certain(table.leaves, "weight" if what == "weight" else f"points {who}"):
            value, how = summed(values)
            places = max(v.number.places for v in values)
            spot = table.table.spot(table.leaves[0].row)
            yield Fact(level, key, Number(value, places), spot, "", subject, how, True)


def _certain_name(line: Line, name: str, names: Sequence[str], table: ScoreTable) -> bool:
    """Whether a name stands for one thing: not for an indicator and for the level above it, unless that level has no other."""
    sole = len([x for x in table.leaves if x.top == line.top]) == 1
    if line.kind == "leaf" and len(line.names) > 1:
        if level_name(line.names[0]) == name:
            return sole
        if name in LEVEL_NAMES and not (name.startswith("预算执行") and names.count(name) == 1):
            return sole and not line.names[0] and len(table.leaves) == 1 and name in table.table.before
    same = [x for x in table.lines if x.kind in ("leaf", "subtotal") and x.name and _key(x) == name]
    return names.count(name) == 1 or (sole and all(level_name(x.top) == name for x in same))


def _key(line: Line) -> str:
    return level_name(line.name)


def _who(table: ScoreTable, who: str) -> str:
    """The name of a points column: the only one is the report's own, whatever it is called."""
    return "" if len(table.whose) == 1 else who


def _said_facts(line: Line, name: str, subject: str | None) -> Iterator[Fact]:
    """What an indicator was to reach and what it reached."""
    whats: tuple[What, ...] = ("target", "done")
    for what in whats:
        if what in line.said:
            value = line.said[what]
            yield Fact(name, what, value.number, value.spot, "", subject, "", True)


def _line_facts(line: Line, name: str, table: ScoreTable, main: str | None, subject: str | None) -> Iterator[Fact]:
    if line.weight is not None:
        yield Fact(name, "weight", line.weight.number, line.weight.spot, "", subject, "", True)
    for who in (w for w in table.whose if w in line.points):
        points = line.points[who]
        called = "" if who == main else _who(table, who)
        yield Fact(name, "points", points.number, points.spot, called, subject, "", True)
    own = line.points.get(main) if main is not None else None
    if (
        own is not None
        and line.weight is not None
        and line.kind == "leaf"
        and own.number.value <= line.weight.number.value
    ):
        full = line.weight.number
        short = Number(full.value - own.number.value, max(full.places, own.number.places))
        yield Fact(name, "short", short, own.spot, "", subject, f"{full}-{own.number}", True)
    if line.rate is not None and main is not None:
        yield Fact(name, "rate", line.rate.number, line.rate.spot, "", subject, "", True)


def _level_sums(table: ScoreTable, main: str | None, names: Sequence[str], subject: str | None) -> Iterator[Fact]:
    """Points of a level that has no row of its own: the sum of its indicators."""
    if table.depth == 0 or main is None or any(x.kind == "rescaled" for x in table.lines):
        return
    written = {(level_name(g.name), g.what) for g in table.groups}
    for top in {x.top for x in table.leaves}:
        parts = [x for x in table.leaves if x.top == top]
        for what, key in (("points", f"points {main}"), ("weight", "weight")) if top else ():
            values = values_of(parts, what, main)
            if top in names or (top, what) in written or not values or not certain(parts, key):
                continue
            total, how = summed(values)
            places = max(v.number.places for v in values)
            spot = table.table.spot(parts[0].row)
            yield Fact(
                top, "points" if what == "points" else "weight", Number(total, places), spot, "", subject, how, True
            )


def named(table: ScoreTable) -> str:
    """What a caption says beyond that it is a score table: the subject's name."""
    text = _GENERIC.sub("", table.table.before)
    for level in LEVEL_NAMES:
        text = text.replace(level, "")
    return text if len(text) > 1 else ""


def distinct(one: ScoreTable, other: ScoreTable) -> bool:
    """Whether two score tables are of different subjects: their captions name others and something differs, or most differs."""
    first, second = named(one), named(other)
    others = (first and second and first != second) or _others(_headed(one), _headed(other))
    return _differ(one, other) > (0 if others else 2)


def _headed(table: ScoreTable) -> dict[str, str]:
    """The year of a caption, and what a form says above its indicators that it is of."""
    years = set(re.findall(r"20\d\d(?=\s*年)", table.table.before))
    made = {"year": years.pop()} if len(years) == 1 else {}
    for row in table.table.rows[:_FORM_HEAD]:
        for label, value in pairwise(dict.fromkeys(row)):
            if _FORM_NAME.fullmatch(tight(label.text)) and tight(value.text) not in ("", tight(label.text)):
                made.setdefault("name", tight(value.text))
    return made


def _others(one: dict[str, str], other: dict[str, str]) -> bool:
    return any(one[key] != other[key] for key in one.keys() & other.keys())


def _differ(one: ScoreTable, other: ScoreTable) -> int:
    """How many rows of the same name have other points or reached something else."""
    done = [{_key(x): x.said["done"].number for x in t.leaves if "done" in x.said} for t in (one, other)]
    reached = sum(
        done[0][name].unit == done[1][name].unit and done[0][name].value != done[1][name].value
        for name in done[0].keys() & done[1].keys()
    )
    mains = main_points(one), main_points(other)
    if None in mains:
        return reached
    points = [
        {_key(x): x.points[m].number.value for x in t.leaves if m in x.points}
        for t, m in zip((one, other), (str(m) for m in mains), strict=True)
    ]
    return reached + sum(points[0][name] != points[1][name] for name in points[0].keys() & points[1].keys())
