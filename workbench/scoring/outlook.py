"""Outlook: what some points would mean for one subject — total, grade, and how far the next grade boundary is."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from workbench.base.text import plain
from workbench.scoring.result import CapState, ConsequenceState, LevelResult


@dataclass(frozen=True)
class Boundary:
    """The step to another grade: ``points`` to gain or lose (positive, exact, the smallest that suffices).

    ``grade`` is the grade as the policy calls it (克州: 良好).
    """

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


def distance_text(outlook: Outlook) -> str:
    """How far the next grades are, in one sentence: “再加9.58分即升为优;再减0.43分即降为中”."""
    if outlook.read is None:
        return "有指标未评分,总分未定,不评定等级"
    parts = [f"再加{plain(outlook.up.points)}分即升为{outlook.up.grade}"] if outlook.up else []
    parts += [f"再减{plain(outlook.down.points)}分即降为{outlook.down.grade}"] if outlook.down else []
    text = ";".join(parts) or "只有一个等级"
    return f"{text}(指得分对应的等级;现等级由情形核查决定)" if outlook.capped else text
