"""A review laid over a result built by hand: who gave what, and what became of it."""

from __future__ import annotations

from decimal import Decimal

from workbench.scoring.result import (
    Conclusion,
    ExpertPoints,
    IndicatorResult,
    IndicatorReview,
    ReviewPerson,
    ReviewRecord,
    SubjectResult,
)

NAMES = ("王敏", "李建国", "张丽华", "古丽娜尔·艾合买提", "赵刚")


def opinions(given: list[str | None], uncounted: tuple[int, ...] = ()) -> list[ExpertPoints]:
    """One opinion per expert; None is 不评."""
    return [
        ExpertPoints(
            event=10 + n,
            expert=f"e{n}",
            name=NAMES[n % len(NAMES)],
            choice="不评" if points is None else "调整",
            points=points,
            reason="抽查两处与台账不一致",
            evidence=None,
            at="2026-11-22T06:59:46.123Z",
            round=1,
            counted=n not in uncounted,
        )
        for n, points in enumerate(given)
    ]


def reviewed(
    indicator: IndicatorResult, given: list[str | None], final: str, uncounted: tuple[int, ...] = ()
) -> IndicatorResult:
    """The indicator with experts' points and the final ones they led to."""
    review = IndicatorReview(
        experts=opinions(given, uncounted), merged=final, rule="算术平均", by="王敏", reason="汇总", applied=True
    )
    return indicator.model_copy(update={"final": final, "review": review, "status": "scored"})


def with_review(subject: SubjectResult) -> SubjectResult:
    """Every indicator judged by five; one in three as computed, others moved, the last one judged by people alone."""
    items = []
    for n, i in enumerate(subject.indicators):
        if i.status == "not_applicable":
            items.append(i)
            continue
        base = Decimal(i.computed or i.low)
        moved = max(base - Decimal(n % 3) * Decimal(i.weight) / 20, Decimal(0)).quantize(Decimal("0.01"))
        steps = [Decimal(k) * (n % 3) * Decimal(i.weight) / 60 for k in (-1, -1, 0, 1, 1)]
        given = [str(min(max(moved + s, Decimal(0)), Decimal(i.weight)).quantize(Decimal("0.01"))) for s in steps]
        points = [*given[:3], None, given[4]] if n % 4 == 3 else given
        items.append(reviewed(i, points, str(moved), (0,) if n % 5 == 1 else ()))
    before = Conclusion(total=subject.total, interval=subject.interval, grade=subject.grade, grade_name=None)
    return subject.model_copy(update={"indicators": items, "computed": before})


def record() -> ReviewRecord:
    """The record of the review, signed."""
    people = [
        ReviewPerson(id=f"e{n}", name=name, roles=["专家"], specialty="财务", organisation=None, title=None, weight="1")
        for n, name in enumerate(NAMES)
    ]
    return ReviewRecord(
        events=20, phase="已定稿", round=1, merge_rule="算术平均", people=people, notes=[], not_applied=[]
    )


def unscored(subject: SubjectResult) -> SubjectResult:
    """The subject before anything was scored."""
    nothing = {"low": "0.00", "points": None, "rate": None}
    waiting = {"low": "0.00", "final": None, "computed": None, "status": "unscored"}
    levels = [v.model_copy(update=nothing | {"high": v.weight}) for v in subject.levels]
    items = [i.model_copy(update=waiting | {"high": i.weight}) for i in subject.indicators]
    ends = {"total": None, "grade": None, "score_grade": None, "interval": ["0.00", "100.00"]}
    return subject.model_copy(update=ends | {"levels": levels, "indicators": items})
