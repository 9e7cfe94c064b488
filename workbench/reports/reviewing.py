"""What a review did to a result, in the words that tables, the console and files share."""

from __future__ import annotations

from workbench.base.safetext import isolated
from workbench.reports.reading import graded, span
from workbench.scoring.result import (
    NOT_COUNTED,
    WHY_NOT_COUNTED,
    ExpertPoints,
    IndicatorResult,
    IndicatorReview,
    ReviewRecord,
    RunResult,
    SubjectResult,
)

ADJUSTED = "调整"


def expert_points(review: IndicatorReview, between: str = ";") -> str:
    """``张三 7.50;李四 8.00;王五 不评;赵六 3.00(未计入)``."""
    return between.join(f"{e.name} {_points(e)}" for e in review.experts)


def _points(said: ExpertPoints) -> str:
    return said.choice if said.points is None else said.points + ("" if said.counted else "(未计入)")


def adjusted_why(review: IndicatorReview) -> str:
    """Why points differ from the computed ones: the reasons of those who adjusted, a later revision's, what fell away."""
    said = [f"{e.name}:{isolated(e.reason)}" for e in review.experts if e.choice == ADJUSTED]
    # Of a merge the reason only names the rule, which is told anyway.
    said += [isolated(review.reason)] if review.reason and (review.rule or "") not in review.reason else []
    if review.why_not is not None:
        said.append(review.why_not if review.why_not == WHY_NOT_COUNTED else f"不再适用:{review.why_not}")
    return ";".join(said)


def merged_text(review: IndicatorReview) -> str:
    """The merged points with their rule; that they no longer apply, or do not count, is said with them."""
    said = [f"{review.merged}({review.rule})"] if review.merged is not None else []
    said += [f"征求意见后复核为{review.revised}"] if review.revised is not None else []
    if not said:
        return "尚未汇总"
    why = NOT_COUNTED if review.why_not == WHY_NOT_COUNTED else "不再适用"
    return ("" if review.applied else f"{why}:") + ",".join(said)


def phase_text(review: ReviewRecord, *, own: bool = True) -> str:
    """Where the review stands, and that a signature is none under this conclusion.

    Args:
        own: this is the run the review is about; what was re-run on other evidence is another.
    """
    from workbench.review.state import PHASE_WORDS

    if not review.counted or (own and not review.not_applied):
        return review.phase
    signed = review.phase != PHASE_WORDS["open"]
    fallen = f"{len(review.not_applied)}项不再适用" if review.not_applied else ""
    return ";".join(x for x in (f"{review.phase}{'(对评审时的结论,不是本次结论)' if signed else ''}", fallen) if x)


def fallen(result: RunResult) -> list[IndicatorResult]:
    """Indicators whose experts' points no longer apply, in the order of the result."""
    indicators = [i for s in result.subjects for i in s.indicators]
    return [i for i in indicators if i.review is not None and i.review.why_not not in (None, WHY_NOT_COUNTED)]


def computed_total(subject: SubjectResult) -> str | None:
    """The total without experts' points, or the interval it lies in; None without a review."""
    before = subject.computed
    if before is None:
        return None
    return before.total if before.total is not None else span(*before.interval)


def computed_grade(subject: SubjectResult) -> str | None:
    """The grade without experts' points; None where there was none. Points of experts settle nothing that is 拟得分, so both
    grades are 暂定 or neither is.
    """
    before = subject.computed
    if before is None or before.grade is None:
        return None
    return graded(before.grade, before.grade_name, provisional=subject.provisional)
