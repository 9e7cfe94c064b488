"""A score table as recognised: its rows with their numbers, and the numbers that have to be sums of others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from workbench.reports.checking.document.model import Table
from workbench.reports.checking.tables.grid import Value
from workbench.reports.checking.tables.heads import Column

UNNAMED = "小计"
"""The name of a sum that says of nothing what it is of: it is no name that two sums share."""
Kind = Literal["leaf", "subtotal", "total", "bonus", "deduction", "rescaled"]


@dataclass
class Line:
    """A row: its names from level 1 down, its numbers by column role (points by whose they are).

    ``said``: what stands under 指标值 and 完成值, with its unit.
    ``unread``: roles whose cell holds something that is no number, so that no sum over it is certain.
    """

    row: int
    kind: Kind
    names: tuple[str, ...]
    level: int
    weight: Value | None = None
    points: dict[str, Value] = field(default_factory=dict)
    rate: Value | None = None
    lost: Value | None = None
    difference: Value | None = None
    grade: str = ""
    said: dict[str, Value] = field(default_factory=dict)
    unread: set[str] = field(default_factory=set)

    @property
    def name(self) -> str:
        """The lowest name there is."""
        return next((n for n in reversed(self.names) if n), "")

    @property
    def top(self) -> str:
        """The name of its level 1."""
        return next((n for n in self.names if n), "")


@dataclass(frozen=True)
class Group:
    """A number that has to be the sum of the same number of some rows: a level's full points, a subtotal."""

    name: str
    what: Literal["weight", "points"]
    who: str
    value: Value
    parts: Sequence[Line]
    level: int = 0


@dataclass
class ScoreTable:
    """A recognised score table."""

    table: Table
    columns: Sequence[Column]
    lines: list[Line]
    groups: list[Group]
    extra: list[Line] = field(default_factory=list)
    """预算执行率 of a form, whose points count in its total but stand above."""

    @property
    def leaves(self) -> list[Line]:
        """Rows that are indicators (in a summary: levels)."""
        return [x for x in self.lines if x.kind == "leaf"]

    @property
    def total(self) -> Line | None:
        """The only total row; None where there is none or several."""
        totals = [x for x in self.lines if x.kind == "total"]
        return totals[0] if len(totals) == 1 else None

    @property
    def whose(self) -> list[str]:
        """Whose points there are, column by column; not columns out of 100 that are weighed afterwards."""
        own = [c.who for c in self.columns if c.role == "points" and c.level == self.depth]
        return [who for who in own if not self._beyond(who)]

    def _beyond(self, who: str) -> bool:
        """Whether most points of a column are more than the full points beside them."""
        pairs = [(x.weight, x.points[who]) for x in self.leaves if x.weight and who in x.points]
        return len(pairs) > 1 and sum(p.number.value > w.number.value for w, p in pairs) * 2 > len(pairs)

    @property
    def depth(self) -> int:
        """The index of the lowest name column."""
        return max((c.level for c in self.columns if c.role == "name"), default=0)
