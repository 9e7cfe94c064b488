"""Scorecard (评分表): per subject and indicator value, points, branch and status, column by column.

The same function scores one project and a hundred thousand; sentences are made on demand (see explain.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from workbench.base.errors import ExpressionError, NotRecorded, Place, Problem, shorten
from workbench.base.exact import BoolArray, Exact, IntArray, to_units
from workbench.evidence.standard import PEER
from workbench.evidence.tables import Evidence, EvidenceStatus
from workbench.scheme.pack import Extra, Indicator
from workbench.scheme.scheme import Ruled, Scheme
from workbench.scoring.adjustments import Adjustment, apply_adjustments
from workbench.scoring.derivations import Derivation
from workbench.scoring.kinds import Inputs, Points, RuleKind
from workbench.scoring.measures import Measures, Request
from workbench.scoring.proofs import ProofRecord, read_proofs
from workbench.scoring.status import NOT_APPLICABLE, PROVISIONAL, SCORED, UNSCORED, ZERO

TARGET_DECIMALS = 6


@dataclass
class IndicatorScores:
    """One indicator (or bonus, deduction item) over all subjects; arrays of shape (n,), points in points units.

    ``ruled_scored`` says where the rule itself gave points that count; ``final`` differs from ``computed`` only where ``adjusted``;
    ``ways`` says in words how, by row.
    """

    ruled: Ruled
    kind: RuleKind[Any]
    inputs: Inputs
    claimed: Exact | None
    computed: IntArray
    ruled_scored: BoolArray
    branch: IntArray
    low: IntArray
    high: IntArray
    status: IntArray
    final: IntArray
    adjusted: BoolArray
    ways: dict[int, str] = field(default_factory=dict)

    @property
    def code(self) -> str:
        """The item's code."""
        return self.ruled.item.code

    def only_adjusted(self, row: int) -> bool:
        """Whether a subject's points are the experts' alone: there is no computed number to show."""
        return bool(self.adjusted[row]) and not self.ruled_scored[row]

    @property
    def applicable(self) -> BoolArray:
        """Subjects to which the indicator applies."""
        return np.asarray(self.status != NOT_APPLICABLE, dtype=bool)

    @property
    def settled(self) -> BoolArray:
        """Subjects for which the indicator has points (even if only 拟得分)."""
        return np.asarray((self.status != UNSCORED) & (self.status != NOT_APPLICABLE), dtype=bool)


@dataclass
class Scorecard:
    """All indicators of a scheme over all subjects."""

    scheme: Scheme
    measures: Measures
    proofs: ProofRecord
    peers: BoolArray
    decimals: int
    indicators: list[IndicatorScores]
    bonus: list[IndicatorScores] = field(default_factory=list)
    deductions: list[IndicatorScores] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.peers)

    def column(self, code: str) -> IndicatorScores:
        """The scores of one indicator. Raises KeyError when there is none."""
        for scores in (*self.indicators, *self.bonus, *self.deductions):
            if scores.code == code:
                return scores
        raise KeyError(code)

    def judged(self, code: str) -> bool:
        """Whether an indicator's rule leaves room for judgement.

        Raises:
            KeyError: there is no such indicator.
            ExpressionError: a plugin's kind fails to say.
        """
        scores = self.column(code)
        with named(scores.kind, code):
            return scores.kind.leaves_judgement(scores.ruled.params)


def score(
    scheme: Scheme,
    evidence: Evidence,
    kinds: Mapping[str, RuleKind[Any]],
    derivations: Mapping[str, Derivation] | None = None,
    adjustments: Sequence[Adjustment] = (),
    extra_digits: int = 0,
    measures: Measures | None = None,
) -> Scorecard:
    """Score every subject of the evidence.

    Args:
        kinds, derivations: what the plugin manager has found, by name.
        adjustments: merged expert points, already decided; they replace computed points in ``final``.
        extra_digits: further decimals for values and points, to see what unrounded arithmetic would give.
        measures: those of the same evidence whose engine is loaded already.

    Raises:
        ExpressionError: an expression is not allowed, names an unknown field, or fails in the engine.
    """
    if measures is None:
        measures = Measures(evidence.subjects, evidence.tables, scheme.pack.derived, derivations or {})
    extras = [r.item for r in (*scheme.bonus, *scheme.deductions)]
    proofs = read_proofs(evidence, measures.ids, [*scheme.tree, *extras], scheme.plan.as_of)
    peers = np.asarray(evidence.subjects.columns["role"] == PEER, dtype=bool)
    decimals = scheme.ruleset.points_decimals + extra_digits
    scorer = _Scorer(measures, proofs, peers, decimals, extra_digits, kinds)
    items = [*scheme.indicators, *scheme.bonus, *scheme.deductions]
    columns = scorer.measure(items)
    scores = [scorer.score(ruled, columns) for ruled in items]
    first, second = len(scheme.indicators), len(scheme.indicators) + len(scheme.bonus)
    card = Scorecard(scheme, measures, proofs, peers, decimals, scores[:first], scores[first:second], scores[second:])
    apply_adjustments(card.indicators, adjustments, measures.ids, decimals)
    return card


@dataclass
class _Scorer:
    measures: Measures
    proofs: ProofRecord
    peers: BoolArray
    decimals: int
    extra_digits: int
    kinds: Mapping[str, RuleKind[Any]]

    def measure(self, items: Sequence[Ruled]) -> dict[tuple[str, str], Exact]:
        """Every measure of every item in one pass: (code, role) → column."""
        requests: dict[tuple[str, str], Request] = {}
        for ruled in items:
            item = ruled.item
            places = item.decimals + self.extra_digits
            sqls: list[tuple[str, str | None, int]] = [("value", item.value, places)]
            sqls += [(f"input:{n}", s.expr, s.decimals + self.extra_digits) for n, s in item.inputs.items()]
            if isinstance(item, Indicator):
                sqls += [("target", item.target, max(TARGET_DECIMALS, places)), ("applies", item.applies, 0)]
                sqls += [("claimed", item.claimed, 4), ("provisional", item.provisional, 0)]
            for role, sql, decimals in sqls:
                if sql is not None:
                    requests[item.code, role] = Request(sql, decimals, f"指标 {item.code} {role}")
        return dict(zip(requests, self.measures.columns(list(requests.values())), strict=True))

    def score(self, ruled: Ruled, columns: Mapping[tuple[str, str], Exact]) -> IndicatorScores:
        """One item's points and status over all subjects."""
        item = ruled.item
        kind = self.kinds[ruled.rule.kind]
        value = columns.get((item.code, "value"))
        if value is not None:
            value = self.proofs.replace_values(item.code, value, item.decimals + self.extra_digits)
        inputs = Inputs(
            weight=to_units(item.limit if isinstance(item, Extra) else item.weight, self.decimals),
            decimals=self.decimals,
            direction=item.direction if isinstance(item, Indicator) else "none",
            peers=self.peers,
            value=value,
            target=columns.get((item.code, "target")),
            extra={n: columns[item.code, f"input:{n}"] for n in item.inputs},
        )
        points = self._ruled(kind, inputs, ruled)
        status = self._status(item, points, columns.get((item.code, "applies")), value is not None)
        _unsettle(status, columns.get((item.code, "provisional")))
        computed = points.units * (points.scored & (status != ZERO) & (status != UNSCORED))
        low, high = self._bounds(inputs, points, computed, status)
        return IndicatorScores(
            ruled=ruled,
            kind=kind,
            inputs=inputs,
            claimed=columns.get((item.code, "claimed")),
            computed=computed,
            ruled_scored=points.scored,
            branch=points.branch,
            low=low,
            high=high,
            status=status,
            final=computed.copy(),
            adjusted=np.zeros(len(inputs), dtype=bool),
        )

    def _ruled(self, kind: RuleKind[Any], inputs: Inputs, ruled: Ruled) -> Points:
        """The rule's answer; a plugin's kind that raises or answers in another shape is named."""
        with named(kind, ruled.item.code):
            points = kind.score(inputs, ruled.params)
        n = len(self.peers)
        arrays = [a for a in (points.units, points.branch, points.scored, points.low, points.high) if a is not None]
        if any(np.shape(a) != (n,) for a in arrays) or np.asarray(points.units).dtype.kind not in "iO":
            message = f"{_title(kind)}返回的得分形状或类型不对"
            place = Place(key=f"指标 {ruled.item.code}")
            raise ExpressionError(Problem("rule_kind_shape", message, place, fix="请联系该插件的作者"))
        return points

    def _status(self, item: Indicator | Extra, points: Points, applies: Exact | None, has_value: bool) -> IntArray:
        verified = self.proofs.rows_with(item.code, EvidenceStatus.verified)
        contradicted = self.proofs.rows_with(item.code, EvidenceStatus.contradicted)
        replaced = self.proofs.replaced(item.code, has_value)
        overdue = self.proofs.rows_with(item.code, EvidenceStatus.overdue)
        steps = np.asarray(points.scored, dtype=bool).view(np.int8)
        status: IntArray = UNSCORED - steps * np.int8(UNSCORED - PROVISIONAL)
        status[points.scored & (verified | replaced)] = SCORED
        status[overdue | (contradicted & ~replaced)] = UNSCORED
        if isinstance(item, Indicator):  # to deduct nothing would reward who keeps the evidence back
            status[self.proofs.overdue(item.code)] = ZERO
        if applies is not None:
            status[applies.valid & (applies.units == 0)] = NOT_APPLICABLE
        for code, row in self.proofs.waivers:
            if code == item.code:
                status[row] = NOT_APPLICABLE
        return status

    def _bounds(
        self, inputs: Inputs, points: Points, computed: IntArray, status: IntArray
    ) -> tuple[IntArray, IntArray]:
        settled = status != UNSCORED
        # Computed points are 0 where nothing is settled, so bounds are added rather than chosen.
        low = computed if points.low is None else computed + points.low * ~settled
        high = computed + (inputs.weight if points.high is None else points.high) * ~settled
        return low, high


def _title(kind: RuleKind[Any]) -> str:
    return f"计分规则“{kind.name}”({kind.distribution} {kind.version})"


@contextmanager
def named(kind: RuleKind[Any], code: str) -> Iterator[None]:
    """What a plugin's rule kind raises becomes an ExpressionError with its name; our own faults stay as they are."""
    try:
        yield
    except Exception as error:
        if kind.distribution == "workbench" or isinstance(error, NotRecorded):
            raise
        fix = f"{type(error).__name__}:{shorten(error)};请联系该插件的作者"
        problem = Problem("rule_kind_failed", f"{_title(kind)}计算出错", Place(key=f"指标 {code}"), fix=fix)
        raise ExpressionError(problem) from error


def _unsettle(status: IntArray, doubtful: Exact | None) -> None:
    """What the pack calls provisional for a subject stays 拟得分, however well its own evidence is verified."""
    if doubtful is not None:
        status[(status == SCORED) & doubtful.valid & (doubtful.units != 0)] = PROVISIONAL
