"""Drawing projects (抽取项目): first those that must be in, then one of every stratum where asked, then by quota.

A place goes to the stratum that lacks most against its share (应得 − 已得), and in it to the project next in the order of
:mod:`workbench.analysis.strata`. Without must-includes that is allocation by largest remainder (Hamilton). Ties are in an order
that is drawn too, so that no name is preferred. Numbers are integers and fractions throughout.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil
from typing import Annotated, Literal

from pydantic import Field, model_validator

from workbench.analysis.projects import Project
from workbench.analysis.strata import Dimension, Stratum, stratify
from workbench.base.errors import Problem, SamplingError
from workbench.base.models import DecimalText, Model
from workbench.base.text import suggest, trimmed
from workbench.scheme.basis import Source

Counts = Literal["个数", "项目比例", "资金比例"]
Origin = Literal["办法", "用户设定"]
SCOPE_ALL = "全部"
LISTED, ORDERED, ONE_EACH = "清单列为必查", "命令指定必查", "每层至少一个"
_NOTHING = Fraction(0)


class Ask(Model):
    """One quota: at least ``minimum`` projects, percent of the projects, or percent of the money.

    ``per_department``: it has to be reached in each department by itself. ``what`` and ``clause`` are the notice's; a notice
    that names the draw without a number leaves the number to the user (``origin`` 用户设定).
    """

    counts: Counts
    minimum: Annotated[DecimalText, Field(gt=0)]
    per_department: bool = False
    origin: Origin = "用户设定"
    code: str | None = None
    what: str | None = None
    clause: Source | None = None

    @model_validator(mode="after")
    def _possible(self) -> Ask:
        if self.counts == "个数" and self.minimum != self.minimum.to_integral_value():
            raise ValueError("项目个数须为整数")
        if self.counts != "个数" and self.minimum > 100:
            raise ValueError("比例不能超过100%")
        return self

    @property
    def text(self) -> str:
        """``不少于10个项目``, ``不低于各主管部门项目预算总额的20%``."""
        number = trimmed(self.minimum)
        if self.counts == "个数":
            return f"{'各主管部门' if self.per_department else ''}不少于{number}个项目"
        of = "项目预算总额" if self.counts == "资金比例" else "项目个数"
        return f"不低于{'各主管部门' if self.per_department else ''}{of}的{number}%"


class Rules(Model):
    """All a draw depends on besides the register. ``bounds``: bands of money, 万元; ``must``: project ids."""

    asks: list[Ask] = Field(min_length=1)
    by: list[Dimension] = []
    bounds: list[DecimalText] = []
    one_each: bool = False
    must: list[str] = []
    seed: Annotated[str, Field(min_length=1, max_length=200)]

    @model_validator(mode="after")
    def _consistent(self) -> Rules:
        if len(set(self.by)) != len(self.by):
            raise ValueError("同一分层依据写了两次")
        if ("金额" in self.by) != bool(self.bounds):
            raise ValueError("按金额分层须写明金额分档,不按金额分层不得写")
        if self.bounds != sorted(set(self.bounds)) or any(b <= 0 for b in self.bounds):
            raise ValueError("金额分档须为从小到大、不重复的正数")
        if any(a.per_department for a in self.asks) and "主管部门" not in self.by:
            raise ValueError("各主管部门分别达到的名额须按主管部门分层")
        return self


@dataclass(frozen=True)
class Drawn:
    """One project drawn, its stratum, and why."""

    project: Project
    stratum: str
    reason: str


@dataclass(frozen=True)
class Reached:
    """How far a quota was reached in one scope (a department, or 全部); numbers are projects, or 万元 for money."""

    ask: Ask
    scope: str
    needed: Fraction
    reached: Fraction

    @property
    def met(self) -> bool:
        """Whether the quota holds."""
        return self.reached >= self.needed


@dataclass(frozen=True)
class Drawing:
    """The projects in the order drawn, the strata by name, and every quota in every scope it holds for."""

    drawn: list[Drawn]
    strata: list[Stratum]
    reached: list[Reached]


@dataclass(frozen=True)
class _Scope:
    name: str
    strata: list[Stratum]

    def projects(self) -> int:
        return sum(len(s.projects) for s in self.strata)

    def needed(self, ask: Ask) -> Fraction:
        """What the quota asks for here; the rest of a project is a whole one."""
        if ask.counts == "个数":
            return Fraction(ask.minimum)
        share = Fraction(ask.minimum) / 100
        if ask.counts == "项目比例":
            return Fraction(ceil(share * self.projects()))
        return share * sum((Fraction(s.money) for s in self.strata), _NOTHING)

    def reached(self, ask: Ask) -> Fraction:
        return sum((_held(s, ask) for s in self.strata), _NOTHING)


def draw(projects: Sequence[Project], rules: Rules) -> Drawing:
    """Draw from a register by rules. The order of the register does not matter.

    Raises:
        SamplingError: a project that must be in is not in the register; a share of the money is asked for where there is none.
    """
    _refuse_unknown(rules.must, {p.id for p in projects})
    _refuse_no_money(projects, rules.asks)
    run = _Run(stratify(projects, rules.by, rules.bounds, rules.seed))
    run.take_all(lambda p: _must(p, rules.must))
    if rules.one_each:
        for stratum in run.strata:
            if not stratum.drawn:
                run.take(stratum, ONE_EACH)
    for ask in rules.asks:
        for scope in run.scopes(ask):
            run.fill(scope, ask)
    reached = [Reached(a, s.name, s.needed(a), s.reached(a)) for a in rules.asks for s in run.scopes(a)]
    return Drawing(run.drawn, run.strata, reached)


def _must(project: Project, ordered: Sequence[str]) -> str | None:
    """Why a project has to be in, or None."""
    if project.must:
        return f"{LISTED}:{project.reason}" if project.reason else LISTED
    return ORDERED if project.id in ordered else None


def _refuse_unknown(must: Sequence[str], known: set[str]) -> None:
    problems = [
        Problem("unknown_project", "必查项目不在清单里", found=m, fix=suggest(m, known)) for m in must if m not in known
    ]
    if problems:
        raise SamplingError(problems)


def _refuse_no_money(projects: Sequence[Project], asks: Sequence[Ask]) -> None:
    """A share of nothing is reached by drawing nobody; that is no draw."""
    ask = next((a for a in asks if a.counts == "资金比例"), None)
    if ask is not None and not any(p.money for p in projects):
        message = "清单的预算数全部为0,不能按资金比例抽取:一个项目不抽也算达到"
        fix = "请补填预算数;确实没有预算数的,请用 --size 或 --rate"
        raise SamplingError(Problem("no_money", message, found=ask.text, fix=fix))


def _held(stratum: Stratum, ask: Ask) -> Fraction:
    return Fraction(stratum.drawn_money) if ask.counts == "资金比例" else Fraction(len(stratum.drawn))


class _Run:
    """A draw under way."""

    def __init__(self, strata: list[Stratum]) -> None:
        self.strata = strata
        self.drawn: list[Drawn] = []

    def scopes(self, ask: Ask) -> Iterator[_Scope]:
        """What the quota has to be reached in, by name."""
        if not ask.per_department:
            yield _Scope(SCOPE_ALL, self.strata)
            return
        departments: dict[str, list[Stratum]] = {}
        for stratum in self.strata:
            departments.setdefault(stratum.projects[0].department, []).append(stratum)
        for name in sorted(departments):
            yield _Scope(name, departments[name])

    def take(self, stratum: Stratum, reason: str, project: Project | None = None) -> Project:
        """The next of a stratum, or this one of it."""
        chosen = project or stratum.queue[0]
        stratum.queue.remove(chosen)
        stratum.drawn.append(chosen)
        self.drawn.append(Drawn(chosen, stratum.name, reason))
        return chosen

    def take_all(self, why: Callable[[Project], str | None]) -> None:
        """Every project there is a reason for, stratum by stratum."""
        for stratum in self.strata:
            for project in list(stratum.queue):
                reason = why(project)
                if reason is not None:
                    self.take(stratum, reason, project)

    def fill(self, scope: _Scope, ask: Ask) -> None:
        """Draw until the quota is reached or nothing is left."""
        needed, reached = scope.needed(ask), scope.reached(ask)
        due = _shares(scope, ask, needed)
        lacking = [(_held(s, ask) - due[s.name], s.key, i) for i, s in enumerate(scope.strata) if s.queue]
        heapq.heapify(lacking)
        while reached < needed and lacking:
            gap, key, i = heapq.heappop(lacking)
            stratum = scope.strata[i]
            project = self.take(stratum, f"按名额抽取:{ask.text}")
            step = Fraction(project.money) if ask.counts == "资金比例" else Fraction(1)
            reached += step
            if stratum.queue:
                heapq.heappush(lacking, (gap + step, key, i))


def _shares(scope: _Scope, ask: Ask, needed: Fraction) -> Mapping[str, Fraction]:
    """What each stratum is due: the need divided in proportion to its projects, or to its money."""
    sizes = {s.name: Fraction(s.money if ask.counts == "资金比例" else Decimal(len(s.projects))) for s in scope.strata}
    whole = sum(sizes.values(), _NOTHING)
    return {name: needed * size / whole if whole else _NOTHING for name, size in sizes.items()}
