"""The year's goal and what came of it: side by side below their titles, or each right of its title."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from workbench.recheck.forms.lines import Line, Used
from workbench.recheck.forms.money import is_money_header
from workbench.recheck.forms.vocabulary import Goal, is_strip, label_of, titled
from workbench.recheck.model import Written


def read_goals(lines: Sequence[Line], used: Used) -> dict[Goal, Written]:
    """What is written for 预期目标 and 实际完成情况. Several rows of one are joined by line breaks."""
    for index, line in enumerate(lines):
        titles = _titles(line)
        if len({goal for _, goal, _ in titles}) >= 2 and not _between(line, titles):
            if any(titled("money", cell.text) for _, cell in line.own):
                continue  # the header of a list of tasks: 完成情况, 预算数, 执行数
            return _below(lines, index, titles, used)
    return _beside(lines, used)


def _titles(line: Line) -> list[tuple[int, Goal, Written]]:
    hits = [(column, cell, titled("goals", cell.text)) for column, cell in line.own]
    found = [(column, Goal(hit[0]), cell, hit[1]) for column, cell, hit in hits if hit is not None]
    plain = {goal for _, goal, _, sure in found if sure}
    return [(column, goal, cell) for column, goal, cell, sure in found if sure or goal not in plain]


def _between(line: Line, titles: Sequence[tuple[int, Goal, Written]]) -> bool:
    """Whether anything but titles follows the first one: then the values stand in this very row."""
    known = {column for column, _, _ in titles}
    return any(column > titles[0][0] and column not in known for column, _ in line.own)


def _below(
    lines: Sequence[Line], index: int, titles: Sequence[tuple[int, Goal, Written]], used: Used
) -> dict[Goal, Written]:
    header = lines[index]
    used.add(*(cell for _, _, cell in titles))
    found: dict[Goal, list[Written]] = {goal: [] for _, goal, _ in titles if goal is not Goal.NONE}
    blank: dict[Goal, Written] = {}
    for line in lines[index + 1 :]:
        if line.grid is not header.grid or is_money_header(line):
            break
        if not line.own:
            blank = blank or {goal: line.cell(column) for column, goal, _ in titles if goal is not Goal.NONE}
            break
        if any(c < titles[0][0] and (label_of(cell.text) or is_strip(cell.text)) for c, cell in line.own):
            break
        if label_of(line.own[0][1].text) and len(line.own) > 1:
            break
        for column, goal, _ in titles:
            if goal is not Goal.NONE:
                blank.setdefault(goal, line.cell(column))
        for column, cell in line.own:
            under = next((g for start, g, _ in reversed(titles) if start <= column), Goal.NONE)
            if under is not Goal.NONE:
                found[under].append(cell)
                used.add(cell)
    return {goal: _joined(cells) for goal, cells in found.items() if cells} | {
        goal: cell for goal, cell in blank.items() if not found[goal]
    }


def _beside(lines: Sequence[Line], used: Used) -> dict[Goal, Written]:
    """Values right of their titles, each in a row of its own."""
    found: dict[Goal, Written] = {}
    for line in lines:
        for column, goal, title in _titles(line):
            if goal is Goal.NONE or goal in found:
                continue
            value = next((cell for c, cell in line.own if c > column), None)
            if value is None or titled("goals", value.text) or label_of(value.text):
                continue
            found[goal] = value
            used.add(title, value)
    return found


def _joined(cells: Sequence[Written]) -> Written:
    """Several cells as one, at the place of the first."""
    if len(cells) == 1:
        return cells[0]
    return replace(cells[0], text="\n".join(cell.text for cell in cells), number=None, percent=False)
