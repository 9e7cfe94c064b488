"""Score tables (评分表): which columns are full points, points, rates; which rows are indicators, subtotals, totals.

A table counts as one only when its header says so. Rows keep the names of the levels above them; a merged cell counts once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Literal

from workbench.reports.checking.document.model import Cell, Table
from workbench.reports.checking.language import words
from workbench.reports.checking.language.numbers import measure
from workbench.reports.checking.language.words import tight
from workbench.reports.checking.tables import nesting
from workbench.reports.checking.tables.grid import Grid, Value, is_blank, value_at
from workbench.reports.checking.tables.heads import Column, body_start, columns_of, is_second, lies_on_side, texts_of
from workbench.reports.checking.tables.score_model import UNNAMED, Group, Kind, Line, ScoreTable


def score_tables(table: Table) -> list[ScoreTable]:
    """The score tables a table holds: usually one or none; a form has blocks with headers of their own."""
    found = list(_blocks(Grid(table)))
    return found or (list(_blocks(Grid(table, turned=True))) if lies_on_side(table) else [])


def _blocks(grid: Grid) -> Iterator[ScoreTable]:
    rows = grid.rows
    heads: list[tuple[int, list[Column]]] = []
    for y in range(len(rows)):
        columns = columns_of(rows, y, grid.turned)
        second = heads and y == heads[-1][0] + 1 and is_second(rows, y - 1)
        if columns and not second and not (heads and texts_of(rows, y) == texts_of(rows, heads[-1][0])):
            heads.append((y, columns))
    for n, (y, columns) in enumerate(heads):
        end = heads[n + 1][0] if n + 1 < len(heads) else len(rows)
        made = _Builder(grid, rows, columns, texts_of(rows, y)).build(body_start(rows, y), end)
        if made.lines:
            made.extra = _execution(grid, rows, y)
            yield made


def execution_in(table: Table) -> list[Line]:
    """预算执行率 where the form's block of amounts is a table of its own above the indicators."""
    grid = Grid(table)
    found = _execution(grid, grid.rows, len(table.rows))
    for line in found:
        line.weight = _elsewhere(line.weight) if line.weight else None
        line.points = {who: _elsewhere(value) for who, value in line.points.items()}
    return found


def _elsewhere(value: Value) -> Value:
    """A cell of the table above, never the same as one of this table."""
    return Value(value.number, value.spot, (-1 - value.origin[0], value.origin[1]))


def _execution(grid: Grid, rows: Sequence[Sequence[Cell]], head: int) -> list[Line]:
    """预算执行率 of the official form (财预〔2020〕10号附1): its points stand in the block of amounts above the indicators."""
    for y in range(head - 1):
        texts = [tight(c.text) for c in rows[y]]
        if "分值" in texts and "得分" in texts and _tells_execution(texts):
            line = Line(y + 1, "leaf", ("预算执行率",), 0)
            line.weight = value_at(grid, rows, y + 1, texts.index("分值"), "分值")
            points = value_at(grid, rows, y + 1, texts.index("得分"), "得分")
            line.points = {"": points} if points is not None else {}
            return [line]
    return []


def _tells_execution(texts: Sequence[str]) -> bool:
    """Whether heads are those of the form's block of amounts: 执行率, or what it is made of."""
    return any("执行率" in t for t in texts) or all(any(w in t for t in texts) for w in ("预算数", "执行数"))


_EXTRAS: tuple[tuple[Kind, re.Pattern[str]], ...] = (("bonus", words.BONUS), ("deduction", words.DEDUCTION))


class _Builder:
    """Rows of one block into lines and groups."""

    def __init__(
        self, grid: Grid, rows: Sequence[Sequence[Cell]], columns: Sequence[Column], heads: Sequence[str]
    ) -> None:
        self.grid, self.rows, self.columns, self.heads = grid, rows, columns, heads
        self.names = [c for c in columns if c.role == "name"]
        self.depth = len(self.names) - 1
        self.lines: list[Line] = []
        self.groups: list[Group] = []
        self.current = [""] * len(self.names)
        self.section = ""
        self.sections: list[tuple[int, str]] = []

    def build(self, start: int, end: int) -> ScoreTable:
        for y in range(start, end):
            self._row(y)
        _settle_groups(self.lines, self.depth)
        self._bare()
        self._subtotals()
        self._numbered()
        self._uppers(start, end)
        self._section_rows(end)
        return ScoreTable(self.grid.table, self.columns, self.lines, self.groups)

    def _row(self, y: int) -> None:
        row = self.rows[y]
        if texts_of(self.rows, y) == self.heads:
            return
        if len({c.origin for c in row}) == 1 and len(row) > 1:
            self.section = words.level_name(row[0].text)
            self.sections.append((y, self.section))
            self.current = [""] * len(self.names)
            return
        texts = ["" if is_blank(row[c.at].text) else row[c.at].text for c in self.names]
        label = next((t for t in (row[0].text, *texts) if t.strip()), "")
        kind, level = self._kind(label, texts)
        if kind in ("total", "subtotal"):
            names = ("总分",) if kind == "total" else self._subtotal_names(texts, level)
        else:
            self._descend(row, texts)
            names = tuple(self.current)
        line = Line(y, kind, names, level)
        self._numbers(line)
        self._behind_name(line)
        if line.weight or line.points or line.unread:
            self._add(line)

    def _kind(self, label: str, texts: Sequence[str]) -> tuple[Kind, int]:
        if any(words.TOTAL.fullmatch(tight(t)) for t in (label, *texts)):
            return "total", 0
        if words.BASE.fullmatch(tight(label)):
            return "subtotal", -1
        for level, text in enumerate(texts):
            if text and words.SUBTOTAL.fullmatch(tight(text)):
                return "subtotal", max(level - 1, 0)
        if words.NAMED_SUM.fullmatch(tight(label)) and len({t for t in texts if t}) <= 1:
            return "subtotal", 0
        plain = [words.item_name(t) for t in texts if t.strip()] or [""]
        if any(words.RESCALED.search(p) for p in plain):
            return "rescaled", 0
        upper = words.item_name(texts[0]) or self.current[0]
        if words.BONUS.match(upper) or words.BONUS.match(plain[-1]):
            return "bonus", 0
        return (
            ("deduction", 0)
            if words.DEDUCTION.match(upper) or words.DEDUCTION.match(plain[-1])
            else ("leaf", self.depth)
        )

    def _subtotal_names(self, texts: Sequence[str], level: int) -> tuple[str, ...]:
        """Whose subtotal it is: the name before 小计, else the level that is open."""
        if level < 0:
            return ()
        for text in texts:
            match = words.SUBTOTAL.fullmatch(tight(text)) or words.NAMED_SUM.fullmatch(tight(text))
            if match and (match["name"] or not self.depth):
                return (words.level_name(match["name"]),)
        return tuple(self.current[: level + 1])

    def _descend(self, row: Sequence[Cell], texts: Sequence[str]) -> None:
        """The names that hold in this row: a blank upper cell means the one above it."""
        spanned = len(texts) > 1 and len({row[c.at].origin for c in self.names}) == 1
        for level, text in enumerate(texts):
            if spanned and level:
                self.current[level] = ""
            elif text.strip():
                name = words.item_name(text) if level else words.level_name(text)
                if level < self.depth and name != self.current[level]:
                    self.current[level + 1 :] = [""] * (self.depth - level)
                self.current[level] = name
            elif level == self.depth:
                self.current[level] = ""

    def _numbers(self, line: Line) -> None:
        for column in self.columns:
            lowest = column.level == self.depth or line.kind != "leaf" or not self.current[column.level + 1]
            if column.role == "name" or not lowest:
                continue
            text = self.rows[line.row][column.at].text
            if column.role == "grade":
                line.grade = text.strip()
                continue
            if column.role in ("target", "done"):
                measured = measure(text)
                if measured is not None:
                    spot = self.grid.spot(line.row, column.at, column.header)
                    line.said[column.role] = Value(measured, spot, self.rows[line.row][column.at].origin)
                continue
            value = value_at(self.grid, self.rows, line.row, column.at, column.header)
            key = column.role if column.role != "points" else f"points {column.who}"
            if value is None:
                if column.level == self.depth:
                    line.unread.add(key + (" blank" if is_blank(text) else ""))
            elif column.role == "points":
                line.points[column.who] = value
            else:
                setattr(line, column.role, value)

    def _behind_name(self, line: Line) -> None:
        """Full points behind the name (“立项依据充分性（3分）”), where they have no column."""
        if any(c.role == "weight" for c in self.columns):
            return
        column = self.names[-1] if line.kind == "leaf" else self.names[0]
        cell = self.rows[line.row][column.at]
        number = words.embedded(cell.text) if tight(cell.text).endswith("分)") else None
        if number is not None:
            line.weight = Value(number, self.grid.spot(line.row, column.at, column.header), cell.origin)
        elif line.kind == "leaf":
            line.unread.add("weight")

    def _add(self, line: Line) -> None:
        """A row that only continues the indicator above it (both its numbers are merged with that row's) is no indicator."""
        last = self.lines[-1] if self.lines else None
        if last is not None and line.kind == last.kind == "leaf":
            mine = {v.origin for v in (line.weight, *line.points.values()) if v}
            if mine and mine <= {v.origin for v in (last.weight, *last.points.values()) if v}:
                return
        if self.section and (not any(line.names[:1]) or (self.depth == 0 and line.kind == "leaf")):
            line.names = (self.section, *[n for n in line.names if n])
        self.lines.append(line)

    def _bare(self) -> None:
        """The only 小计 of several levels, in the column of the levels: the sum of all, before what is added or taken off."""
        bare = [x for x in self.lines if x.kind == "subtotal" and self._is_bare(x)]
        if len(bare) != 1 or not self.depth:
            return
        [line] = bare
        above = [x for x in self.lines if x.kind == "leaf" and x.row < line.row]
        below = [x for x in self.lines if x.row > line.row]
        if len({x.top for x in above}) > 1 and all(x.kind in ("bonus", "deduction", "total") for x in below):
            line.names, line.level = (), -1

    def _is_bare(self, line: Line) -> bool:
        match = words.SUBTOTAL.fullmatch(tight(self.rows[line.row][self.names[0].at].text))
        return match is not None and not match["name"]

    def _subtotals(self) -> None:
        for line in self.lines:
            if line.kind != "subtotal":
                continue
            self._group(line.name or ("基础分" if line.level < 0 else UNNAMED), line, self._summed(line), line.level)

    def _summed(self, line: Line) -> Sequence[Line]:
        """The rows a 小计 is of: those of its name, what is added or taken off, all above it; in a list those since the last."""
        above = [x for x in self.lines if x.row < line.row]
        extra = next((k for k, p in _EXTRAS if p.match(line.name)), None)
        if extra is not None:
            return [x for x in above if x.kind == extra]
        depth = len(line.names)
        parts = [x for x in self.lines if x.kind == "leaf" and x.names[:depth] == line.names]
        if not parts and words.ALL_ABOVE.fullmatch(line.name):
            return [x for x in above if x.kind == "leaf"]
        return parts if parts or self.depth else self._rows_above(line)

    def _rows_above(self, line: Line) -> Sequence[Line]:
        """In a list without levels a 小计 is of the rows since the one before it, where every 小计 stands below its rows."""
        stops = [x.row for x in self.lines if x.kind == "subtotal"]
        leaves = [x for x in self.lines if x.kind == "leaf"]
        if not leaves or leaves[0].row > stops[0] or leaves[-1].row > stops[-1]:
            return []
        above = max((row for row in stops if row < line.row), default=-1)
        return [x for x in leaves if above < x.row < line.row]

    def _group(self, name: str, line: Line, parts: Sequence[Line], level: int) -> None:
        if len(parts) == 0:
            return
        if line.weight is not None:
            self.groups.append(Group(name, "weight", "", line.weight, parts, level))
        for who, value in line.points.items():
            self.groups.append(Group(name, "points", who, value, parts, level))

    def _uppers(self, start: int, end: int) -> None:
        """Full points and points of upper levels that have columns of their own, or stand behind the name."""
        for column in self.columns:
            if column.level >= self.depth or column.role not in ("name", "weight", "points"):
                continue
            for first, last in self._runs(column, start, end):
                parts = [x for x in self.lines if x.kind == "leaf" and first <= x.row < last]
                value = self._upper_value(column, first)
                if value is not None and parts and not (len(parts) == 1 and not parts[0].names[column.level + 1 :]):
                    what: Literal["weight", "points"] = "points" if column.role == "points" else "weight"
                    name = parts[0].names[column.level]
                    self.groups.append(Group(name, what, column.who, value, parts, column.level))

    def _section_rows(self, end: int) -> None:
        """“产出指标（50分）” over the whole width: the full points of the rows below it."""
        total = next((x.weight for x in self.lines if x.kind == "total" and x.weight), None)
        leaves = [x.weight.number.value for x in self.lines if x.kind == "leaf" and x.weight]
        if total is None or sum(leaves) != total.number.value:
            # A table of some of the indicators only (an expert's).
            return
        column = self.names[0]
        for (first, name), (last, _) in pairwise([*self.sections, (end, "")]):
            value = self._upper_value(column, first)
            stop = next((x.row for x in self.lines if x.kind != "leaf" and first < x.row < last), last)
            parts = [x for x in self.lines if x.kind == "leaf" and first < x.row < stop]
            if value is not None and parts:
                self.groups.append(Group(name, "weight", "", value, parts))

    def _upper_value(self, column: Column, row: int) -> Value | None:
        if column.role != "name":
            return value_at(self.grid, self.rows, row, column.at, column.header)
        cell = self.rows[row][column.at]
        number = words.embedded(cell.text)
        return None if number is None else Value(number, self.grid.spot(row, column.at, column.header), cell.origin)

    def _runs(self, column: Column, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Stretches of rows that belong to one cell of an upper column: merged, blank below it, or repeated row by row."""
        stops = [x.row for x in self.lines if x.kind not in ("leaf", "subtotal")]
        upper = [c.at for c in self.names if c.level <= column.level]
        first: int | None = None
        for y in range(start, end):
            cell = self.rows[y][column.at]
            begins = bool(cell.text.strip()) and (first is None or (cell.origin[0] == y and self._new(first, y, upper)))
            if first is not None and (begins or y in stops):
                yield first, y
                first = None
            if begins and y not in stops:
                first = y
        if first is not None:
            yield first, end

    def _new(self, first: int, row: int, upper: Sequence[int]) -> bool:
        """Whether a row's names are others than those of the row a stretch began with."""
        return any(tight(self.rows[row][x].text) not in ("", tight(self.rows[first][x].text)) for x in upper)

    def _whole(self) -> Decimal | None:
        return next((x.weight.number.value for x in self.lines if x.kind == "total" and x.weight), None)

    def _numbered(self) -> None:
        """One column of names in which upper levels stand above the rows that are parts of them."""
        if self.depth or len(self.names) != 1:
            return
        leaves = [x for x in self.lines if x.kind == "leaf"]
        at = self.names[0].at
        names = [self.rows[x.row][at].text for x in leaves]
        serials = [self.rows[x.row][0].text if at else "" for x in leaves]
        depths = nesting.depths(
            names, serials, [x.weight.number.value if x.weight else None for x in leaves], self._whole()
        )
        if depths is None:
            return
        parents = [n for n in range(len(leaves) - 1) if depths[n + 1] > depths[n]]
        for n in parents:
            stop = next((m for m in range(n + 1, len(leaves)) if depths[m] <= depths[n]), len(leaves))
            parts = [leaves[m] for m in range(n + 1, stop) if depths[m] == depths[n + 1]]
            self._group(words.level_name(leaves[n].name), leaves[n], parts, depths[n])
        for n in parents:
            leaves[n].kind, leaves[n].level = "subtotal", depths[n]


def _settle_groups(lines: list[Line], depth: int) -> None:
    """A row whose name spans all levels is a level's own row when indicators of that level follow, else an indicator."""
    for n, line in enumerate(lines[:-1]):
        after = lines[n + 1]
        spans = depth > 0 and line.kind == "leaf" and line.names[0] and not any(line.names[1:])
        if spans and after.kind == "leaf" and after.names[0] == line.names[0] and any(after.names[1:]):
            line.kind, line.level, line.names = "subtotal", 0, line.names[:1]
