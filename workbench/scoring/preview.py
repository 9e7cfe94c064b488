"""Preview: points put onto one subject's computed card, to see what they would mean before anybody decides.

Totals, grade, caps and consequences come from the functions a run concludes with; only the points are others.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

import numpy as np

from workbench.base.exact import from_units
from workbench.evidence.tables import CapFact
from workbench.scoring.adjustments import Adjustment, apply_adjustments
from workbench.scoring.outlook import Boundary, Outlook
from workbench.scoring.scorecard import IndicatorScores, Scorecard
from workbench.scoring.totals import Totals, grade_lines, grade_of, level_result, total
from workbench.scoring.verdict import grade_name, judge

TRIAL = "试算"
"""Stands where an adjustment names who, why and when: a preview is nobody's decision."""


class Preview:
    """One subject of a computed card. Nothing done here reaches the card."""

    def __init__(self, card: Scorecard, subject: str, facts: Sequence[CapFact]) -> None:
        """``facts`` are those checked about this subject. Raises ValueError for a subject the card does not have."""
        row = card.measures.ids.index(subject)
        self.subject, self.facts = subject, facts
        self._tried: dict[tuple[str, Decimal], IndicatorScores] = {}  # from one preview to the next, few points differ
        self._card = replace(
            card,
            peers=card.peers[row : row + 1],
            indicators=[_alone(scores, row) for scores in card.indicators],
            bonus=[_alone(scores, row) for scores in card.bonus],
            deductions=[_alone(scores, row) for scores in card.deductions],
        )

    def outlook(self, points: Mapping[str, Decimal]) -> Outlook:
        """Total, grade and consequence with these points (by indicator) in place of the computed ones.

        Raises:
            SchemeError: points nobody may give: unknown indicator, outside 0..weight, not applicable, zero by rule.
        """
        self._put_in({code: p for code, p in points.items() if (code, p) not in self._tried})
        columns = [self._tried[s.code, points[s.code]] if s.code in points else s for s in self._card.indicators]
        card = replace(self._card, indicators=columns)
        return _outlook(card, total(card), self.facts)

    def _put_in(self, points: Mapping[str, Decimal]) -> None:
        columns = [copy.copy(s) if s.code in points else s for s in self._card.indicators]
        adjustments = [Adjustment(self.subject, code, p, TRIAL, TRIAL, TRIAL) for code, p in points.items()]
        apply_adjustments(columns, adjustments, [self.subject], self._card.decimals)
        self._tried.update({(s.code, points[s.code]): s for s in columns if s.code in points})


def _alone(scores: IndicatorScores, row: int) -> IndicatorScores:
    """The points of one subject; the numbers the rule read stay with the whole card."""
    names = ("computed", "ruled_scored", "branch", "low", "high", "status", "final", "adjusted")
    return replace(scores, **{name: getattr(scores, name)[row : row + 1] for name in names})


def _outlook(card: Scorecard, totals: Totals, facts: Sequence[CapFact]) -> Outlook:
    verdict = judge(card, totals, 0, facts)
    up, down = _boundaries(card, totals) if verdict.complete else (None, None)
    return Outlook(
        total=verdict.total,
        interval=verdict.interval,
        read=from_units(totals.read[0], card.decimals) if verdict.complete else None,
        grade=verdict.grade,
        grade_name=grade_name(card.scheme.policy, verdict.grade),
        score_grade=verdict.score_grade,
        provisional=verdict.provisional,
        capped=verdict.vetoed or verdict.grade != verdict.score_grade,
        up=up,
        down=down,
        levels=[level_result(level, 0, card.decimals) for level in totals.levels],
        caps=verdict.caps,
        consequence=verdict.consequences,
    )


def _boundaries(card: Scorecard, totals: Totals) -> tuple[Boundary | None, Boundary | None]:
    """The smallest steps of the score the bands read that reach the next better and the next worse grade."""
    lines = grade_lines(card.scheme, card.decimals)
    read, band = int(totals.read[0]), int(totals.grade[0])
    # The last band takes whatever lies below its line, so nothing is worse and its line is no boundary.
    up = lines[band - 1] - read if band > 0 else None
    down = read - lines[band] + 1 if band < len(lines) - 1 else None
    return _boundary(card, read, up), _boundary(card, read, None if down is None else -down)


def _boundary(card: Scorecard, read: int, step: int | None) -> Boundary | None:
    if step is None:
        return None
    band = int(grade_of(card.scheme, np.array([read + step]), card.decimals)[0])
    label = grade_name(card.scheme.policy, card.scheme.bands.items[band].label)
    return Boundary(label or "", from_units(abs(step), card.decimals))
