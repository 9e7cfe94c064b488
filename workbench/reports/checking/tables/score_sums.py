"""Sums over the rows of a score table: which numbers go into them, whose points are the report's own, what is certain."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from workbench.reports.checking.language.numbers import text_of
from workbench.reports.checking.language.words import FORMER, MAIN_POINTS
from workbench.reports.checking.tables.grid import Value
from workbench.reports.checking.tables.score_model import Line, ScoreTable

SHOWN = 12
"""Summands that are written out; of more, their number is said."""
MEAN = "平均"
"""Whose points experts' means are."""
_TWICE = 2


def main_points(table: ScoreTable) -> str | None:
    """Whose points are the report's own, where a table has several columns of them; None when that is not certain."""
    whose = table.whose
    if len(whose) == 1:
        return whose[0]
    own = [who for who in whose if who not in FORMER]
    return own[0] if len(own) == 1 else next((who for who in MAIN_POINTS if who in whose), None)


def summed(values: Iterable[Value]) -> tuple[Decimal, str]:
    """The sum, a merged cell once, and how it is written out."""
    once = {v.origin: v for v in values}.values()
    total = sum((v.number.value for v in once), Decimal(0))
    terms = [f"({v.number})" if v.number.value < 0 else str(v.number).removesuffix("%") for v in once]
    shown = "+".join(terms) if len(terms) <= SHOWN else f"{'+'.join(terms[:SHOWN])}+…共{len(terms)}项"
    return total, f"{shown}={text_of(total)}"


def certain(lines: Sequence[Line], key: str) -> bool:
    """Whether every row has this number, so that a sum over them is certain."""
    return not any({key, f"{key} blank"} & x.unread for x in lines)


def values_of(lines: Sequence[Line], what: str, who: str) -> list[Value]:
    """The numbers of rows: full points, or somebody's points."""
    found = [x.weight if what == "weight" else x.points.get(who) for x in lines]
    return [v for v in found if v is not None]


def doubled(table: ScoreTable) -> bool:
    """Whether all full points together are twice the total or more: levels stand among their parts, and which is not certain."""
    total = table.total.weight if table.total else None
    if total is None or not total.number.value or not certain(table.leaves, "weight"):
        return False
    times = summed(values_of(table.leaves, "weight", ""))[0] / total.number.value
    return times >= _TWICE and times == int(times)
