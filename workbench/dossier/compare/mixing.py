"""Mixing: results with the data of one evaluation and the targets, rules, policy or experts of another, to tell causes apart.

A cause that differs is put in by itself; what cannot be computed (a formula that names a field the other evidence does not have)
says so, and the attribution then joins the causes concerned.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple

from workbench.analysis.attribution import Inseparable
from workbench.analysis.comparison import CAUSES, Cause, LineKind
from workbench.base.canon import digest_of
from workbench.base.errors import Problem, WorkbenchError
from workbench.dossier.compare.sides import TARGET_FIELDS, Mixable, only_columns
from workbench.evidence.indicators import WIDE_NAME
from workbench.evidence.tables import Evidence, Table
from workbench.scheme.pack import Indicator
from workbench.scheme.plan import BandChange, Plan
from workbench.scheme.scheme import Scheme, freeze
from workbench.scoring.adjustments import apply_adjustments
from workbench.scoring.scorecard import IndicatorScores, Scorecard, score
from workbench.scoring.totals import Totals, total

_ROLE = re.compile(r"指标 (?P<code>.+) (?P<role>\S+)")
"""How the scorecard calls what it computes of an indicator."""
_ROLE_WORDS = {"value": "完成值", "target": "指标值", "claimed": "自评得分"}


class Line(NamedTuple):
    """One addend of one subject's total."""

    subject: str
    kind: LineKind
    code: str


@dataclass
class Mixture:
    """Two evaluations that can be mixed. Subjects and lines of a mixture are those its data and targets have."""

    old: Mixable
    new: Mixable
    _cards: dict[frozenset[str], Scorecard] = field(default_factory=dict, init=False, repr=False)

    @cached_property
    def differing(self) -> list[Cause]:
        """The causes in which the two differ, in their order."""
        return [c for c in CAUSES if digest_of(self.old.parts[c]) != digest_of(self.new.parts[c])]

    def points(self, chosen: frozenset[str]) -> dict[Line, Fraction]:
        """The addends with these causes of the second evaluation put into the first, for the subjects both have.

        Raises:
            Inseparable: the mixture cannot be computed.
        """
        card = self._mixed(chosen)
        return {line: p for line, p in addends(card, total(card)).items() if line.subject in self.common}

    @cached_property
    def common(self) -> frozenset[str]:
        """Subjects evaluated in both."""
        return frozenset(self.old.subjects) & frozenset(self.new.subjects)

    def _side(self, cause: Cause, chosen: frozenset[str]) -> Mixable:
        return self.new if cause in chosen else self.old

    def _mixed(self, chosen: frozenset[str]) -> Scorecard:
        try:
            card = self._scored(chosen)
            columns = [replace(c) for c in card.indicators]
            experts = self._side("experts", chosen).adjustments
            apply_adjustments(columns, experts, card.measures.ids, card.decimals)
        except WorkbenchError as error:
            raise Inseparable(_said(error.problems[0])) from error
        return replace(card, indicators=columns)

    def _scored(self, chosen: frozenset[str]) -> Scorecard:
        """The computed card of a mixture, once for all that does not move computed points.

        Experts are put on top of it, and a policy decides grade and consequences, never points.
        """
        key = chosen - {"experts", "policy"}
        if key not in self._cards:
            data, rules = self._side("data", chosen), self._side("rules", chosen)
            scheme = self._scheme(key)
            evidence = _with_targets(data.evidence, self._side("targets", chosen).evidence)
            self._cards[key] = score(scheme, evidence, rules.kinds, rules.derivations)
        return self._cards[key]

    def _scheme(self, chosen: frozenset[str]) -> Scheme:
        data, targets, rules = (self._side(c, chosen) for c in CAUSES[:3])
        tree = [_mixed_indicator(i, targets, rules, data) for i in targets.scheme.tree]
        pack = rules.scheme.pack.model_copy(update={"indicators": tree, "variants": {}, "indicator_sheet": None})
        own = self.old.scheme
        plan = _bare_plan(own.plan, as_of=data.scheme.plan.as_of)
        return freeze(plan, pack, rules.scheme.ruleset, own.policy, own.national, rules.kinds)


def _said(problem: Problem) -> str:
    """Why a mixture cannot be computed, as part of a sentence; columns are not called by our names for them."""
    indicator = _ROLE.fullmatch(problem.place.key or "") if problem.code == "unknown_column" else None
    if indicator is None:
        return str(replace(problem, fix=None)).rstrip("。")
    return f"指标{indicator['code']}的{_ROLE_WORDS.get(indicator['role'], '计分数据')}不在另一次评价的资料中"


def _bare_plan(plan: Plan, as_of: str) -> Plan:
    """A plan without a tree of its own: of its changes only the grade lines are left."""
    bands = [c for c in plan.changes if isinstance(c, BandChange)]
    return plan.model_copy(update={"variant": None, "changes": bands, "as_of": as_of})


def _mixed_indicator(wanted: Indicator, targets: Mixable, rules: Mixable, data: Mixable) -> Indicator:
    """An indicator with the weight and target of one side and the rule of the other.

    Where the rules' side does not know it, its own rule goes with it. A line of a 绩效指标 sheet is weight and target
    throughout; how exactly its value was written belongs to the data.
    """
    code = wanted.code
    if code in targets.from_sheet:
        written = data.indicators.get(code, wanted) if code in data.from_sheet else wanted
        return wanted.model_copy(update={"decimals": written.decimals})
    other = rules.indicators.get(code)
    if other is None or code in rules.from_sheet:
        return wanted
    return other.model_copy(update={name: getattr(wanted, name) for name in TARGET_FIELDS})


def _with_targets(evidence: Evidence, other: Evidence) -> Evidence:
    """The evidence with the target columns of another one's 绩效指标 sheet."""
    mine, theirs = evidence.tables.get(WIDE_NAME), other.tables.get(WIDE_NAME)
    if mine is None or theirs is None or mine is theirs:
        return evidence
    return replace(evidence, tables=dict(evidence.tables) | {WIDE_NAME: _merged_sheet(mine, theirs)})


def _merged_sheet(data: Table, targets: Table) -> Table:
    own, wanted = only_columns(data, targets=False), only_columns(targets, targets=True)
    if data.texts("subject") != targets.texts("subject"):
        raise Inseparable("两次评价的评价对象不同,一次的目标值不能与另一次的数据搭配")
    spec = own.spec.model_copy(update={"fields": [*own.spec.fields, *wanted.spec.fields]})
    return replace(own, spec=spec, columns=own.columns | wanted.columns)


def addends(card: Scorecard, totals: Totals) -> dict[Line, Fraction]:
    """What each subject's total is the sum of; unscored and not applicable indicators count as zero."""
    unit = 10**card.decimals
    found: dict[Line, Fraction] = {}
    for row, subject in enumerate(card.measures.ids):
        if card.peers[row]:
            continue
        units = _indicators(card, row) | _rescaled(card, totals, row) | _extras(card, totals, row)
        found |= {Line(subject, *key): Fraction(u, unit) for key, u in units.items()}
    return found


Units = dict[tuple[LineKind, str], int]


def _indicators(card: Scorecard, row: int) -> Units:
    return {("indicator", c.code): int(c.final[row]) if c.settled[row] else 0 for c in card.indicators}


def _rescaled(card: Scorecard, totals: Totals, row: int) -> Units:
    """What 折算 adds to each level 1 where something does not apply."""
    found: Units = {}
    for level in totals.levels:
        if level.rescaled[row] and not level.open[row]:
            found["rescaled", level.name] = int(level.rescaled_low[row]) - int(level.low[row])
    return found


def _extras(card: Scorecard, totals: Totals, row: int) -> Units:
    found: Units = {("bonus", c.code): _counted(c, row) for c in card.bonus}
    found |= {("deduction", c.code): -_counted(c, row) for c in card.deductions}
    over = int(totals.bonus[row]) - sum(u for (kind, _), u in found.items() if kind == "bonus")
    if card.scheme.pack.bonus.cap is not None:
        found["bonus_cap", ""] = over
    if card.scheme.pack.deductions.floor is not None and card.deductions:
        below = int(totals.base_low[row]) + int(totals.bonus[row]) - int(totals.deducted[row])
        found["floor", ""] = int(totals.low[row]) - below
    return found


def _counted(scores: IndicatorScores, row: int) -> int:
    return min(int(scores.final[row]), scores.inputs.weight) if scores.settled[row] else 0
