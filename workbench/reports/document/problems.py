"""Lost points and the problems that answer for them: which are material, which are linked, what is still missing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from workbench.base.errors import Place, Problem
from workbench.base.text import plain, suggest
from workbench.reports import reading
from workbench.reports.document.texts import Material, ReportedProblem, Texts
from workbench.reports.reading import number
from workbench.scoring.result import ExtraResult, RunResult, SubjectResult

ANSWERS = {
    "title": "问题",
    "finding": "表现",
    "cause": "原因",
    "suggestion": "建议",
    "responsible": "责任单位",
    "deadline": "时限",
}
"""What every problem has to say, by its key in ``report.yaml``."""


@dataclass(frozen=True)
class Lost:
    """Points one subject lost for sure on one indicator, or by one deduction item."""

    subject: SubjectResult
    code: str
    name: str
    weight: Decimal
    points: Decimal
    why: str

    @property
    def text(self) -> str:
        """``预算执行率失2.07分``."""
        return f"{self.name}失{plain(self.points)}分"

    def material(self, threshold: Material) -> bool:
        """Whether a problem has to answer for it."""
        if threshold.points is not None:
            return self.points >= threshold.points
        assert threshold.share is not None  # one of both is always there
        return self.points * 100 >= threshold.share * self.weight


def lost_points(subject: SubjectResult) -> list[Lost]:
    """Indicators below full points, in the order of the result, then deductions that applied."""
    below = {x.indicator.code: x for x in reading.losses(subject) if x.lost > 0}
    found = [
        Lost(subject, i.code, i.name, number(i.weight), below[i.code].lost, i.explanation)
        for i in subject.indicators
        if i.code in below
    ]
    return found + [_deducted(subject, x) for x in subject.deductions if number(x.points)]


def _deducted(subject: SubjectResult, item: ExtraResult) -> Lost:
    return Lost(subject, item.code, item.name, abs(number(item.limit)), abs(number(item.points)), item.explanation)


class Links:
    """Which problem of ``report.yaml`` answers for which lost points."""

    def __init__(self, result: RunResult, texts: Texts) -> None:
        self.texts = texts
        self.several = len(result.subjects) > 1
        self.lost = [x for s in result.subjects for x in lost_points(s)]
        self.subjects = {s.id: s for s in result.subjects}
        self.names = {i.code: i.name for s in result.subjects for i in s.indicators}
        self.names |= {x.code: x.name for s in result.subjects for x in s.deductions}

    def of(self, lost: Lost) -> list[int]:
        """Numbers (from 1) of the problems that answer for lost points."""
        return [n for n, p in enumerate(self.texts.report.problems, 1) if _answers(p, lost)]

    def lost_by(self, problem: ReportedProblem) -> list[Lost]:
        """What was lost by a problem."""
        return [x for x in self.lost if _answers(problem, x)]

    @property
    def unlinked(self) -> list[Lost]:
        """Material lost points without a problem, that nobody said need none."""
        threshold, waived = self.texts.report.threshold, self.texts.report.not_material
        return [
            x
            for x in self.lost
            if x.material(threshold)
            and not self.of(x)
            and not any((waived.get(key) or "").strip() for key in self.keys(x))
        ]

    def keys(self, lost: Lost) -> list[str]:
        """How ``not_material`` may name it: by its code, of several subjects for one or for all."""
        return [f"{lost.subject.id}.{lost.code}", lost.code]

    def about(self, lost: Lost) -> str:
        """``第一小学 预算执行率(EXEC)失2.07分``."""
        whose = f"{lost.subject.name} " if self.several else ""
        return f"{whose}{lost.name}({lost.code})失{plain(lost.points)}分"

    def named(self, lost: Lost) -> str:
        """The same in a sentence, where codes have no place."""
        return f"{lost.subject.name} {lost.text}" if self.several else lost.text

    # -- what is wrong, and what is missing -------------------------------------------------------------------------

    def unknown(self) -> Iterator[Problem]:
        """Codes and subjects the result does not have."""
        for n, problem in enumerate(self.texts.report.problems):
            yield from self._unknown(problem.indicators, self.names, f"problems[{n}].indicators", "指标编码")
            yield from self._unknown(problem.subjects, self.subjects, f"problems[{n}].subjects", "评价对象编号")
        known = [*self.names, *(f"{s}.{code}" for s in self.subjects for code in self.names)]
        for key in self.texts.report.not_material:
            if key not in known:
                yield self._problem(f"not_material.{key}", "指标编码", key, self.names)

    def _unknown(self, said: Sequence[str], known: Iterable[str], key: str, noun: str) -> Iterator[Problem]:
        names = list(known)
        for k, name in enumerate(said):
            if name not in names:
                yield self._problem(f"{key}[{k}]", noun, name, names)

    def _problem(self, key: str, noun: str, found: str, known: Iterable[str]) -> Problem:
        fix = suggest(found, known)
        return Problem("unknown_code", f"结果中没有这个{noun}", self.texts.place(key), found, None, fix)

    def missing(self) -> Iterator[Problem]:
        """Lost points nobody answers for, and problems that do not say everything."""
        place = Place(self.texts.document.file, key="report.problems")
        for lost in self.unlinked:
            fix = "请写明问题、原因、建议、责任单位和时限;不需要的,在 not_material 中说明理由"
            yield Problem("unlinked_loss", f"失分没有对应的问题:{self.about(lost)}", place, fix=fix)
        for n, problem in enumerate(self.texts.report.problems):
            words = [word for key, word in ANSWERS.items() if not getattr(problem, key).strip()]
            if words:
                message = f"第{n + 1}个问题缺少{'、'.join(words)}"
                yield Problem("incomplete_problem", message, self.texts.place(f"problems[{n}]"), fix="请补填")


def _answers(problem: ReportedProblem, lost: Lost) -> bool:
    return lost.code in problem.indicators and (not problem.subjects or lost.subject.id in problem.subjects)


def threshold_text(threshold: Material, example: bool) -> str:
    """``单项失分0.5分及以上(示例,可改)``."""
    note = "(示例,可改)" if example else ""
    if threshold.points is not None:
        return f"单项失分{plain(threshold.points)}分及以上{note}"
    return f"单项失分占分值{plain(threshold.share or Decimal(0))}%及以上{note}"
