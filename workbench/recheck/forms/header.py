"""The header row of the indicator table: found by its titles, read through merged cells, each column given its role."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from workbench.recheck.forms.asking import Asking, shape_of
from workbench.recheck.forms.facts import kind_of
from workbench.recheck.forms.lines import Line, is_number
from workbench.recheck.forms.mapping import Mappings
from workbench.recheck.forms.money import is_money_header
from workbench.recheck.forms.vocabulary import (
    Role,
    bare,
    is_heading,
    is_level1,
    is_strip,
    is_title,
    titled,
    total_rank,
)
from workbench.recheck.model import Written

LEVELS = (Role.LEVEL1, Role.LEVEL2, Role.LEVEL3)
_TELLING = {*LEVELS, Role.TARGET, Role.ACTUAL, Role.WEIGHT, Role.POINTS}
_VALUES = (Role.TARGET, Role.ACTUAL, Role.WEIGHT, Role.POINTS)
_LOOKED_AT = 60
"""Rows below a header in which a column without a title is looked for content."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column, or several under one merged title.

    Attributes:
        key: how a mapping calls it.
        role: None where nobody knows; plain: whether the title says so plainly; told: whether a mapping file says so.
    """

    first: int
    last: int
    title: Written | None
    key: str
    role: Role | None
    plain: bool = True
    told: bool = False


@dataclass(frozen=True, slots=True)
class Header:
    """The header in lines ``first`` to ``last`` of a flow."""

    first: int
    last: int
    columns: tuple[Column, ...]

    @property
    def titles(self) -> list[str]:
        """What the layout is known by; of a table without titles, its columns."""
        titles = [column.title.text for column in self.columns if column.title is not None]
        return titles or [column.key for column in self.columns]

    @property
    def enough(self) -> bool:
        """Whether this is the table of a self-evaluation: names, what was to be or was reached, and points or actuals."""
        roles = {column.role for column in self.columns}
        named, scored = roles & set(LEVELS), roles & {Role.ACTUAL, Role.POINTS}
        return bool(named and scored and roles & {Role.TARGET, Role.ACTUAL}) and len(roles & _TELLING) >= 3

    def cells(self, lines: Sequence[Line]) -> list[Written]:
        """Titles of columns that are known as such."""
        own = (cell for line in lines[self.first : self.last + 1] for _, cell in line.own)
        return [cell for cell in own if titled("columns", cell.text) or is_strip(cell.text)]


def headers(lines: Sequence[Line], mappings: Mappings) -> list[Header]:
    """All header rows of a flow, those repeated on a next page included."""
    found: list[Header] = []
    index = 0
    while index < len(lines):
        header = header_at(lines, index) if _hits(lines[index]) >= 2 else None
        if header is not None and not header.enough and mappings.answers:
            above = lines[found[-1].last + 1 if found else 0 : header.first]
            header = _mapped(header, above, mappings)
        if header is not None and header.enough:
            found.append(header)
            index = header.last
        index += 1
    untitled = untitled_header(lines) if not found and mappings.answers else None
    if untitled is not None:
        untitled = _mapped(untitled, lines[: untitled.first], mappings)
        found += [untitled] if untitled.enough else []
    return found


def untitled_header(lines: Sequence[Line]) -> Header | None:
    """The place where titles should stand above the indicators of a form: titles nobody knows, or columns by their numbers.

    The indicators begin with the first row that names a level 1 and says something in three columns more.
    """
    if not any(is_title(cell.text) for line in lines for _, cell in line.own):
        return None
    for index, line in enumerate(lines):
        grid = line.grid
        if grid is None or len(line.own) < 4 or not any(map(_is_level, line.own[:2])):
            continue
        above = lines[index - 1] if index else line
        if above.grid is grid and len(above.own) >= 4 and not any(is_number(cell) for _, cell in above.own):
            return header_at(lines, index - 1)
        homes = [grid.home(line.row, column) for column in range(grid.width)]
        starts = [c for c, home in enumerate(homes) if (c == 0 or home != homes[c - 1]) and not _is_margin(line, c)]
        ends = [*(start - 1 for start in starts[1:]), grid.width - 1]
        columns = (Column(a, b, None, f"第{a - starts[0] + 1}列", None) for a, b in zip(starts, ends, strict=True))
        return Header(index, index - 1, tuple(columns))
    return None


def _is_level(cell: tuple[int, Written]) -> bool:
    """Whether a cell names a level 1, and is no strip along the table: 绩效指标."""
    return is_heading(cell[1].text) and not is_strip(cell[1].text)


def _is_margin(line: Line, column: int) -> bool:
    cell = line.at(column)
    return cell is not None and is_strip(cell.text)


def _mapped(header: Header, above: Sequence[Line], mappings: Mappings) -> Header:
    """The header with the roles a mapping file gives to its columns."""
    shape = shape_of(kind_of(above), header.titles)
    columns = (_answered(column, shape, mappings) for column in header.columns)
    return replace(header, columns=tuple(columns))


def nearly(lines: Sequence[Line]) -> Header | None:
    """The row most like a header in a flow without one; None where none is."""
    likely = [
        (hits, -i)
        for i, line in enumerate(lines)
        if (hits := _hits(line)) >= 2 and len(line.own) >= 4 and not is_money_header(line)
    ]
    if not likely:
        return None
    header = header_at(lines, -max(likely)[1])
    return header if header is not None and {c.role for c in header.columns} & _TELLING else None


def _hits(line: Line) -> int:
    """How many cells of a row are titles."""
    if len(line.own) < 2:
        return 0
    found = (titled("columns", cell.text) for _, cell in line.own)
    return sum(1 for hit in found if hit is not None and hit[0] != Role.NONE)


def header_at(lines: Sequence[Line], index: int) -> Header | None:
    """The header that begins in a line, with the second row of titles that may follow."""
    line = lines[index]
    if line.grid is None:
        return None
    last = index
    if index + 1 < len(lines) and _is_second(line, lines[index + 1]):
        last = index + 1
    rest = [after.row for after in lines[last + 1 : last + _LOOKED_AT] if after.own and after.grid is line.grid]
    return Header(index, last, tuple(_columns(line, lines[last], rest[:2][-1] if rest else None)))


def _is_second(upper: Line, lower: Line) -> bool:
    """Whether a row holds nothing but further titles."""
    if lower.grid is not upper.grid or not lower.own:
        return False
    return (
        len(lower.own) >= 2
        and _hits(lower) >= 1
        and all(titled("columns", c.text) or is_strip(c.text) for _, c in lower.own)
    )


def _columns(upper: Line, lower: Line, below: int | None) -> list[Column]:
    """Columns in order; adjacent ones under the same cell are one. ``below``: a row of the body."""
    spans: list[tuple[int, int, tuple[int, int], Written | None, Written | None]] = []
    grid = lower.grid
    assert grid is not None
    for c in range(grid.width):
        home, parent = grid.home(lower.row, c), grid.at(upper.row, c)
        cell = grid.at(lower.row, c)
        if cell is None or not cell.text:
            home, cell = grid.home(upper.row, c), parent
        if below is not None and cell is not None and grid.home(below, c) == home and cell.text:
            cell = parent = None  # a strip along the whole table, no title
        if spans and spans[-1][2] == home:
            spans[-1] = (spans[-1][0], c, *spans[-1][2:])
        else:
            spans.append((c, c, home, cell if cell and cell.text else None, parent))
    start = next((first for first, _, _, title, _ in spans if title), 0)
    times: Counter[str] = Counter()
    columns = []
    for first, last, _, title, parent in spans:
        key = f"第{first - start + 1}列"
        if title is not None:
            name = bare(title.text)
            times[name] += 1
            key = name if times[name] == 1 else f"{name}({times[name]})"
        hit = titled("columns", title.text) if title else None
        if hit is None and parent is not None:
            hit = titled("columns", parent.text)
        columns.append(Column(first, last, title, key, Role(hit[0]) if hit else None, hit is None or hit[1]))
    return columns


def roles_of(header: Header, body: Sequence[Line], asking: Asking) -> dict[Role, Column]:
    """Each role's column. What is uncertain is asked; the answers of a mapping file go before everything else."""
    columns = [_answered(column, asking.shape, asking.mappings) for column in header.columns]
    chosen: dict[Role, Column] = {}
    for role in Role:
        if role is Role.NONE:
            continue
        same = [c for c in columns if c.role is role]
        same = [c for c in same if c.plain] or same
        if len(same) > 1:
            same = _one_of(role, same, body, asking)
        if same:
            chosen[role] = same[0]
    if Role.LEVEL1 not in chosen:
        names = [c for c in columns if _left_of_names(c, chosen) and c.role is not Role.NONE and _is_level1(c, body)]
        chosen |= {Role.LEVEL1: names[0]} if names else {}
    _ask_unknown([c for c in columns if c not in chosen.values()], chosen, body, asking)
    return _split_levels(chosen, body)


def _answered(column: Column, shape: str, mappings: Mappings) -> Column:
    """A column with the role a mapping file gives it."""
    given = mappings.answer(shape, "columns", column.key)
    return (
        column if given is None or given not in list(Role) else replace(column, role=Role(given), told=True, plain=True)
    )


def _one_of(role: Role, same: Sequence[Column], body: Sequence[Line], asking: Asking) -> list[Column]:
    """The one column of several with the same role: the one a person named, else the one that holds anything; asked where two may be it."""
    told = [column for column in same if column.told]
    alike = told or [column for column in same if _content(column, body)]
    if len(alike) > 1 and role is not Role.REMARK:
        names = "、".join(f"{_where(c)}“{c.title.text if c.title else ''}”" for c in alike)
        doubt = f"识别对照把{names}都答作“{role}”" if told else f"有{len(alike)}栏:{names}都可能是“{role}”"
        for column in alike:
            text = f"{doubt},只须答明其中一列。“{column.key}”({_where(column)})这一列是什么?"
            asking.ask("columns", column.key, text, column.title, (role, *(r for r in Role if r is not role)))
    return alike[:1] or list(same[:1])


def _ask_unknown(
    columns: Sequence[Column], chosen: Mapping[Role, Column], body: Sequence[Line], asking: Asking
) -> None:
    """Ask about columns with an unknown or doubtful title or none, where something is missing that they may be."""
    untitled = all(column.title is None for column in columns)
    missing = [role for role in (Role.LEVEL3, *_VALUES) if role not in chosen]
    for column in columns:
        if column.role is not None and (column.role is not Role.NONE or column.plain):
            continue
        content = _content(column, body)
        numbers = any(is_number(cell) for cell in content)
        wanted = [role for role in missing if numbers or role not in (Role.WEIGHT, Role.POINTS)]
        if column.title is not None and _left_of_names(column, chosen):
            wanted = [role for role in LEVELS[:2] if role not in chosen] + wanted
        if not content or not wanted or (column.title is None and not numbers and not untitled):
            continue
        name = (
            f"标题“{column.title.text}”{'没有见过' if column.role is None else '通常不用'}"
            if column.title
            else "没有标题"
        )
        text = f"{_where(column, content[0])}{name},而表里没有找到{'、'.join(wanted)}。这一列是什么?"
        choices = (*wanted, *(r for r in Role if r not in wanted))
        asking.answer("columns", column.key, text, column.title or content[0], choices)


def _left_of_names(column: Column, chosen: Mapping[Role, Column]) -> bool:
    """Whether a column stands where levels do."""
    names = chosen.get(Role.LEVEL2) or chosen.get(Role.LEVEL3)
    return names is not None and column.last < names.first


def _is_level1(column: Column, body: Sequence[Line]) -> bool:
    """Whether a column holds nothing but names of level 1, whatever stands above it: 产出指标(50分), 效益指标 …"""
    content = [cell for cell in _content(column, body) if not total_rank(cell.text)]
    return len(content) >= 2 and all(is_heading(cell.text) for cell in content)


def _content(column: Column, body: Sequence[Line]) -> list[Written]:
    """What begins in a column below the header."""
    return [
        cell
        for line in body[:_LOOKED_AT]
        for c, cell in line.own
        if column.first <= c <= column.last and not cell.blank
    ]


def _where(column: Column, cell: Written | None = None) -> str:
    seen = column.title or cell
    return seen.spot.cell if seen is not None else column.key


def _split_levels(chosen: dict[Role, Column], body: Sequence[Line]) -> dict[Role, Column]:
    """Level columns of a table whose one merged title stands over all of them."""
    name = chosen.get(Role.LEVEL3)
    if name is None or name.first == name.last or Role.LEVEL1 in chosen or Role.LEVEL2 in chosen:
        return chosen
    begun = sorted({c for line in body[:_LOOKED_AT] for c, cell in line.own if name.first <= c <= name.last})
    if len(begun) < 2:
        return chosen
    heads = [cell.text for line in body[:_LOOKED_AT] for c, cell in line.own if c == begun[0]]
    upper = Role.LEVEL1 if all(is_level1(text) for text in heads) else Role.LEVEL2
    roles = [upper, Role.LEVEL3] if len(begun) == 2 else list(LEVELS)
    ends = [start - 1 for start in begun[1 : len(roles)]] + [name.last]
    split = {
        role: Column(start, end, name.title, name.key, role)
        for role, start, end in zip(roles, begun, ends, strict=False)
    }
    return chosen | split
