"""Headers of score tables: which row they stand in, what each column holds, and which level it belongs to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from workbench.reports.checking.document.model import Cell, Table
from workbench.reports.checking.language import words
from workbench.reports.checking.language.words import Role, tight

_SIDE = frozenset(
    {"指标", "一级指标", "项目", "类别", "维度", "评价维度", "内容", "评价内容", "", "指标类别", "评价指标", "名称"}
)


_FULL_TOO = "分数"


@dataclass(frozen=True)
class Column:
    """A column that is read: what it holds, the level it belongs to (index among the name columns), whose points."""

    at: int
    role: Role
    header: str
    level: int = 0
    who: str = ""


def lies_on_side(table: Table) -> bool:
    """Whether the table lies on its side: full points and points are rows, levels are columns."""
    roles = {words.role_of(row[0].text)[0] for row in table.rows[1:]}
    names = [words.level_name(c.text) for c in table.rows[0][1:]]
    named = sum(n in words.LEVEL_NAMES for n in names)
    told = named >= 2 or {"weight", "points"} <= roles
    return "points" in roles and told and tight(table.rows[0][0].text) in _SIDE


def texts_of(rows: Sequence[Sequence[Cell]], y: int) -> list[str]:
    """Texts of a row, a merged cell once."""
    return [tight(c.text) for x, c in enumerate(rows[y]) if not x or rows[y][x - 1] is not c]


def body_start(rows: Sequence[Sequence[Cell]], y: int) -> int:
    """The row after the header, which may be two rows high."""
    return y + 2 if is_second(rows, y) else y + 1


def is_second(rows: Sequence[Sequence[Cell]], y: int) -> bool:
    """Whether the row below is the second row of the header: some of its cells are merged from above, the rest are heads."""
    if y + 1 >= len(rows):
        return False
    own = [c for c in rows[y + 1] if c.origin[0] == y + 1 and c.text]
    shared = any(c.origin[0] <= y for c in rows[y + 1])
    return bool(own) and shared and all(words.role_of(c.text)[0] != "other" for c in own)


def columns_of(rows: Sequence[Sequence[Cell]], y: int, turned: bool) -> list[Column]:
    """The columns, when this row is the header of a score table; else nothing."""
    heads = [c.text for c in rows[y]]
    if is_second(rows, y):
        heads = [below.text or above for above, below in zip(heads, rows[y + 1], strict=True)]
    roles = [words.role_of(h) for h in heads]
    kinds = [r for r, _ in roles]
    if "weight" not in kinds and "points" in kinds and [tight(h) for h in heads].count(_FULL_TOO) == 1:
        # “分数” beside “得分” is what could be had.
        roles[[tight(h) for h in heads].index(_FULL_TOO)] = ("weight", "")
        kinds = [r for r, _ in roles]
    if "weight" in kinds and "points" not in kinds and [tight(h) for h in heads].count(_FULL_TOO) == 1:
        # “分数” beside “权重” is what was reached.
        roles[[tight(h) for h in heads].index(_FULL_TOO)] = ("points", "")
        kinds = [r for r, _ in roles]
    first = next((x for x, r in enumerate(kinds) if r in ("weight", "points")), None)
    if first is None or "points" not in kinds or not ({"weight", "rate", "name"} & set(kinds)):
        return []
    if "name" not in kinds[: first + 1]:
        if "weight" not in kinds or not (turned or tight(heads[0]) in _SIDE) or first == 0:
            return []
        roles[first - 1] = ("name", "")
    return _numbered_columns(heads, roles)


def _all_in_reach(columns: Sequence[Column], depth: int) -> list[Column]:
    """Where the lowest names stand behind all numbers, the numbers before them are theirs."""
    reached = {c.level for c in columns if c.role in ("weight", "points")}
    if not reached or max(reached) == depth:
        return list(columns)
    return [replace(c, level=depth) if c.role != "name" and c.level == max(reached) else c for c in columns]


def _numbered_columns(heads: Sequence[str], roles: Sequence[tuple[Role, str]]) -> list[Column]:
    names = [x for x, (role, _) in enumerate(roles) if role == "name"]
    columns: list[Column] = []
    for x, (role, who) in enumerate(roles):
        if role != "other":
            said = words.level_of(heads[x]) if role == "weight" else None
            level = sum(n <= x for n in names) - 1 if said is None or said > len(names) else said - 1
            columns.append(Column(x, role, heads[x], max(level, 0), who))
    columns = _all_in_reach(columns, len(names) - 1)
    spots = [(c.role, c.level, c.who) for c in columns if c.role != "name"]
    # Two columns of the same kind for the same level: which is which is not certain.
    return [c for c in columns if c.role == "name" or spots.count((c.role, c.level, c.who)) == 1]
