"""Strata (分层): projects of one department, grade and band of money, and the order they are drawn in.

The order is that of SHA-256 over seed, stratum and project, so that a draw can be repeated with any program or by hand, on
any version of any language, whatever the order of the register.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from hashlib import sha256
from typing import Literal

from workbench.analysis.projects import MONEY_PLACES, MONEY_UNIT, Project, tidy
from workbench.base.exact import from_units, to_units
from workbench.base.text import trimmed

Dimension = Literal["主管部门", "等级", "金额"]
WHOLE = "全部项目"
"""Name of the only stratum when projects are not divided."""
NO_GRADE = "未填等级"


def draw_key(seed: str, stratum: str, project: str) -> str:
    """What projects of one stratum are ordered by: SHA-256 of ``seed|stratum|project`` in UTF-8, hexadecimal."""
    return sha256(f"{seed}|{stratum}|{project}".encode("utf-8", "surrogatepass")).hexdigest()


def band_of(money: Decimal, bounds: Sequence[Decimal]) -> str:
    """The band an amount (万元) falls in; a bound belongs to the band above it: ``100以上至500以下(万元)``."""
    below = next((b for b in bounds if money < b), None)
    reached = [b for b in bounds if money >= b]
    if below is None:
        return f"{trimmed(reached[-1])}{MONEY_UNIT}及以上"
    if not reached:
        return f"不足{trimmed(below)}{MONEY_UNIT}"
    return f"{trimmed(reached[-1])}至不足{trimmed(below)}{MONEY_UNIT}"


def stratum_of(project: Project, by: Sequence[Dimension], bounds: Sequence[Decimal]) -> str:
    """The name of a project's stratum: ``教育局/优/不足100万元``."""
    values: dict[Dimension, str] = {"主管部门": project.department, "等级": project.grade or NO_GRADE}
    parts = (band_of(project.money, bounds) if d == "金额" else _escaped(values[d]) for d in by)
    return "/".join(parts) or WHOLE


def _escaped(value: str) -> str:
    """A slash inside a name must not look like the one between two names."""
    return value.replace("\\", "\\\\").replace("/", "\\/")


@dataclass
class Stratum:
    """One stratum while projects are drawn from it.

    Attributes:
        key: what strata that lack equally much are ordered by.
        queue: those not drawn yet, in the order they will be drawn.
        drawn: those drawn, in the order they were.
    """

    name: str
    key: str
    projects: list[Project]
    queue: list[Project]
    drawn: list[Project] = field(default_factory=list)

    @property
    def money(self) -> Decimal:
        """All money of the stratum, 万元."""
        return total(self.projects)

    @property
    def drawn_money(self) -> Decimal:
        """Money of what was drawn, 万元."""
        return total(self.drawn)


def total(projects: Iterable[Project]) -> Decimal:
    """Sum of the projects' money, 万元."""
    return tidy(from_units(sum(to_units(p.money, MONEY_PLACES) for p in projects), MONEY_PLACES))


def stratify(
    projects: Iterable[Project], by: Sequence[Dimension], bounds: Sequence[Decimal], seed: str
) -> list[Stratum]:
    """The strata that have projects, by name, each with its projects in the order of the draw."""
    groups: dict[str, list[Project]] = {}
    for project in projects:
        groups.setdefault(stratum_of(project, by, bounds), []).append(project)
    return [
        Stratum(name, draw_key(seed, name, ""), group, sorted(group, key=lambda p: (draw_key(seed, name, p.id), p.id)))
        for name, group in sorted(groups.items())
    ]
