"""Outlook: what some points would mean for one subject — total, grade, and how far the next grade boundary is."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from workbench.scoring.result import CapState, ConsequenceState, LevelResult


@dataclass(frozen=True)
class Boundary:
    """The step to another grade: ``points`` to gain or lose (positive, exact, the smallest that suffices) and its label."""

    grade: str
    points: Decimal


@dataclass(frozen=True)
class Outlook:
    """One subject with some points put in.

    ``read`` is the score the bands look at; ``up`` and ``down`` are None where there is no better or worse grade, or where
    the total is open. ``capped`` says that a cap or veto, not the score, gives the grade.
    """

    total: Decimal | None
    interval: tuple[Decimal, Decimal]
    read: Decimal | None
    grade: str | None
    grade_name: str | None
    score_grade: str | None
    provisional: bool
    capped: bool
    up: Boundary | None
    down: Boundary | None
    levels: list[LevelResult]
    caps: list[CapState]
    consequence: list[ConsequenceState]
