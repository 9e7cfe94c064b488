"""The rows of the indicator table, down to the total row."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from workbench.recheck.forms.asking import Asking
from workbench.recheck.forms.header import LEVELS, Column
from workbench.recheck.forms.lines import Line, Used, number_in
from workbench.recheck.forms.totals import Total, total_in
from workbench.recheck.forms.vocabulary import (
    Role,
    bare,
    is_heading,
    is_level1,
    is_note,
    is_nothing,
    is_part,
    is_placeholder,
    label_of,
)
from workbench.recheck.model import IndicatorRow, Written

_SCORED = (Role.TARGET, Role.ACTUAL, Role.WEIGHT, Role.POINTS)
_SIGNS = re.compile(r"[≥≤=><＝≧≦＞＜═]{1,2}|定性|大于等于|小于等于|等于|大于|小于")
_ROW_KINDS = ("说明", "指标", "合计")
_LEVEL_CHOICES = ("产出指标", "效益指标", "满意度指标", "成本指标", "预算执行", "其他")


@dataclass
class Body:
    """What the indicator table says, filled line by line."""

    asking: Asking
    used: Used
    rows: list[IndicatorRow] = field(default_factory=list)
    totals: list[Total] = field(default_factory=list)
    _levels: dict[Role, Written] = field(default_factory=dict)
    _shared: dict[tuple[int, tuple[int, int]], int] = field(default_factory=dict)

    def read(self, lines: Sequence[Line], columns: Mapping[Role, Column]) -> None:
        """Read the lines under one header; what stands below the total row is none of them."""
        columns = _with_sign_and_unit(lines, columns)
        closed = False
        for line in lines:
            if not line.own or line.grid is None:
                continue
            total = total_in(line, columns)
            if total is not None:
                self.totals.append(total)
                closed = closed or total.rank != "小计"
            elif not closed and not _is_foot(line, columns):
                self._indicator(line, columns)

    def _indicator(self, line: Line, columns: Mapping[Role, Column]) -> None:
        """Take a row as an indicator where it is one."""
        if self._heading(line, columns):
            return
        own = {role: _value(line, column) for role, column in columns.items()}
        begun = self._begin_levels(line, own)
        name = own.get(Role.LEVEL3)
        filled = any(_says(own.get(role)) for role in _SCORED)
        if name is None or not name.text or is_placeholder(name.text):
            if not filled:
                return
            if name is None or not name.text:
                name = begun or self._unnamed(line, columns, own)
        if name is not None:
            self._add(line, columns, own, name)

    def _heading(self, line: Line, columns: Mapping[Role, Column]) -> bool:
        """Take a row that is nothing but the name of a level 1, over the rows that follow."""
        values = [columns[role].first for role in _SCORED if role in columns]
        wide = any(line.home(column) == (line.row, line.own[0][0]) for column in values)
        if len(line.own) != 1 or not (wide or Role.LEVEL1 not in columns) or not is_heading(line.own[0][1].text):
            return False
        self._levels = {Role.LEVEL1: line.own[0][1]}
        return True

    def _begin_levels(self, line: Line, own: Mapping[Role, Written]) -> Written | None:
        """Note the levels that begin in this row; the most specific of them."""
        begun: Written | None = None
        for role in LEVELS[:2]:
            cell = own.get(role)
            if cell is None or not cell.text or is_placeholder(cell.text):
                continue
            if cell.spot.row == line.row:
                begun = cell
            before = self._levels.get(role)
            if before is None or before.spot != cell.spot:
                if role is Role.LEVEL1:
                    self._levels.pop(Role.LEVEL2, None)
                    cell = self._known_level(cell)
                self._levels[role] = _upright(cell)
        return begun

    def _known_level(self, cell: Written) -> Written:
        """The level 1 by the name a mapping gives it, where nobody knows the written one."""
        if is_level1(cell.text) or number_in(cell.text) is not None:
            return cell
        text = f"{cell.spot.cell}一级指标“{' '.join(cell.text.split())}”没有见过,相当于哪一类?"
        given = self.asking.answer("levels", bare(cell.text), text, cell, _LEVEL_CHOICES, blocking=False)
        return replace(cell, text=given) if given and given != "其他" else cell

    def _unnamed(self, line: Line, columns: Mapping[Role, Column], own: Mapping[Role, Written]) -> Written | None:
        """A row with values and no name: one more line of the indicator above where its name is merged, else asked."""
        column = columns.get(Role.LEVEL3)
        above = line.at(column.first) if column is not None else None
        if above is not None and above.text and self.rows and above.spot == self.rows[-1].level3.spot:
            return above
        cell = next(c for role in _SCORED if (c := own.get(role)) is not None and c.text)
        text = f"{cell.spot.cell}这一行有数值而没有指标名称,既不像指标也不像合计。没有名称的行是什么?"
        given = self.asking.answer("rows", "没有名称的行", text, cell, _ROW_KINDS)
        if given == "合计":
            self.totals.append(Total("总分", cell, own.get(Role.WEIGHT), own.get(Role.POINTS), None, ()))
        return line.cell(column.first if column is not None else 0) if given == "指标" else None

    def _add(self, line: Line, columns: Mapping[Role, Column], own: Mapping[Role, Written], name: Written) -> None:
        scored = {role: _shared(line, columns.get(role), own.get(role)) for role in (Role.WEIGHT, Role.POINTS)}
        target, changed = own.get(Role.TARGET), own.get(Role.ADJUSTED)
        if changed is not None and (not changed.blank or target is None):
            target = changed
        bare_of_points = all(cell is None or cell.blank for cell in scored.values())
        before = self.rows[-1] if self.rows else None
        level2 = self._levels.get(Role.LEVEL2)
        goes_on = before is not None and before.part and before.level2 == level2
        row = IndicatorRow(
            number=len(self.rows) + 1,
            group=self._group(line, columns),
            level1=self._levels.get(Role.LEVEL1),
            level2=level2,
            level3=name,
            target=target,
            actual=own.get(Role.ACTUAL),
            weight=scored[Role.WEIGHT],
            points=scored[Role.POINTS],
            remark=own.get(Role.REMARK),
            sign=own.get(Role.SIGN),
            unit=own.get(Role.UNIT),
            part=bare_of_points
            and bool(columns.keys() & {Role.WEIGHT, Role.POINTS})
            and (is_part(name.text) or goes_on),
        )
        self.rows.append(row)
        self.used.add(
            row.level1, level2, name, target, row.actual, row.weight, row.points, row.remark, row.sign, row.unit
        )

    def _group(self, line: Line, columns: Mapping[Role, Column]) -> int:
        """The same number for rows below one merged 分值 or 得分."""
        groups = self._shared
        keys = [
            (id(line.grid), line.home(columns[role].first)) for role in (Role.WEIGHT, Role.POINTS) if role in columns
        ]
        known = next((groups[key] for key in keys if key in groups), None)
        number = known if known is not None else (self.rows[-1].group + 1 if self.rows else 1)
        groups.update(dict.fromkeys(keys, number))
        return number


def _upright(cell: Written) -> Written:
    """A level's name without the line breaks of a narrow or upright cell."""
    text = "".join(cell.text.split())
    return cell if text == cell.text else replace(cell, text=text)


def _says(cell: Written | None) -> bool:
    """Whether a cell says more than a blank form or a formula over one does."""
    if cell is None or cell.blank or is_nothing(cell.text):
        return False
    return number_in(cell.text) != 0


def _is_foot(line: Line, columns: Mapping[Role, Column]) -> bool:
    """Whether a row below the table has begun: a note, or a label with its value."""
    first, cell = line.own[0]
    name = columns.get(Role.LEVEL3) or columns.get(Role.LEVEL2) or columns[Role.LEVEL1]
    if first >= name.first and first > 0:
        return False
    if is_note(cell.text) and len(line.own) <= 2:
        return True
    label = label_of(cell.text.split(":")[0].split("：")[0])
    return label is not None and not is_level1(cell.text)


def _value(line: Line, column: Column) -> Written:
    """What a row says in a column; several cells under one title are read as one."""
    cells = [cell for c, cell in line.own if column.first <= c <= column.last]
    if not cells:
        seen = line.at(column.first)
        return seen if seen is not None and column.role in LEVELS else line.cell(column.first)
    named = [cell for cell in cells if not is_placeholder(cell.text)] or cells
    if len(named) == 1:
        return named[0]
    return replace(named[0], text="".join(cell.text for cell in named), number=None, percent=False)


def _shared(line: Line, column: Column | None, own: Written | None) -> Written | None:
    """Weight or points, also from a merged cell above."""
    if column is None or own is None or own.text:
        return own
    seen = line.at(column.first)
    return seen if seen is not None else own


def _with_sign_and_unit(lines: Sequence[Line], columns: Mapping[Role, Column]) -> dict[Role, Column]:
    """A merged title 年度指标值 over sign, number and unit in columns of their own."""
    target = columns.get(Role.TARGET)
    if target is None or target.first == target.last:
        return dict(columns)
    texts: dict[int, list[str]] = {}
    for line in lines:
        for c, cell in line.own:
            if target.first <= c <= target.last and len(line.own) > 2 and not cell.blank:
                texts.setdefault(c, []).append(cell.text)
    found = dict(columns)
    inside = sorted(texts)
    if len(inside) >= 2 and all(_SIGNS.fullmatch(text) for text in texts[inside[0]]) and Role.SIGN not in columns:
        found[Role.SIGN] = replace(target, last=inside[0], role=Role.SIGN)
        inside = inside[1:]
    if len(inside) >= 2 and Role.UNIT not in columns and _are_units(texts[inside[-1]]):
        found[Role.UNIT] = replace(target, first=inside[-1], role=Role.UNIT)
        inside = inside[:-1]
    last = found[Role.UNIT].first - 1 if Role.UNIT in found and Role.UNIT not in columns else target.last
    found[Role.TARGET] = replace(target, first=inside[0] if inside else target.first, last=last)
    return found


def _are_units(texts: Sequence[str]) -> bool:
    return all(len(text) <= 6 and not any(ch.isdigit() for ch in text) for text in texts)
