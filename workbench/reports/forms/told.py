"""What a brief says: conclusion, levels, the largest lost points, what follows, what is open; every number as the result prints it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from workbench.base.text import file_stem, plain
from workbench.reports import reading
from workbench.reports.document import narrative
from workbench.reports.document.blocks import Content
from workbench.reports.document.conclusion import level_grid
from workbench.reports.document.problems import Lost, lost_points
from workbench.reports.document.shown import NOT_FILLED, grouped, listed, sentence, typeset
from workbench.reports.document.source import ReportSource
from workbench.reports.document.texts import Report, ReportedProblem
from workbench.reports.forms.fitting import CUT
from workbench.review.state import PHASE_WORDS
from workbench.scoring.result import SubjectResult

MAIN = 3
"""Lost points a brief tells of."""
MOST_ROWS, MOST_SUBJECTS = 9, 16
"""Rows of a table with a chart below it, and of one without."""
_TAIL = 4
"""Characters kept of the end of a name that is cut."""
CHART = "level_bars"


@dataclass(frozen=True)
class Length:
    """How many of a list are named, the others counted, and how many characters of the subject's name stand in the conclusion."""

    named: int
    name: int


LENGTHS = (Length(20, 200), Length(8, 200), Length(3, 200), Length(1, 200), Length(1, 30), Length(1, 15))
"""Lists get shorter first, the name last; numbers never do."""


@dataclass(frozen=True)
class Told:
    """A brief before it is cut to one page.

    Attributes:
        columns: heads of the table; rows: its rows, the last one the total where there is one subject.
        lost: the largest losses in words, each a name and what is said about it.
        chart: PNG of the levels; None for several subjects.
    """

    title: str
    about: str
    conclusion: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    lost: Sequence[tuple[str, str]]
    consequence: str
    open: str
    chart: bytes | None
    alt: str


def told(
    source: ReportSource,
    content: Content,
    problems: Sequence[ReportedProblem],
    report: Report | None = None,
    length: Length = LENGTHS[0],
) -> Told:
    """The brief of a run.

    Args:
        problems: those of ``report.yaml``, references put in.
        report: the rest of it.
        length: of what can be told shorter.
    """
    fields = content.fields
    named = [
        f"{name}：{fields[name]}" for name in ("委托方", "评价机构", "评价年度") if fields[name] not in ("", NOT_FILLED)
    ]
    columns, rows = _table(source)
    picture = f"{file_stem(source.subject.id)}-{CHART}"
    return Told(
        title=fields["项目名称"],
        about="　".join([f"稿次：{content.edition}", *named]),
        conclusion=_conclusion(source, length),
        columns=columns,
        rows=rows,
        lost=list(_lost(source, problems, report or Report(), length)),
        consequence=_consequence(source),
        open=_open(source, content, length),
        chart=source.pictures.get(picture) if not source.several else None,
        alt=typeset(f"{source.subject.name}各一级指标得分，{reading.standing(source.subject)}"),
    )


def _conclusion(source: ReportSource, length: Length) -> str:
    subjects = source.result.subjects
    if not source.several:
        open_ = "以上为暂定，原因见待定事项。" if source.subject.provisional else ""
        name = source.subject.name
        return "".join([*narrative.verdict(source.subject, length.named), open_]).replace(name, _short(name, length))
    graded = Counter(typeset(reading.grade_text(s)) for s in subjects if s.grade is not None or reading.vetoed(s))
    counted = "、".join(f"“{grade}”{n}个" for grade, n in graded.items())
    rest = len(subjects) - graded.total()
    who = f"其余{rest}个" if graded else "均"
    said = [f"评价等级为{counted}"] if graded else []
    said += [f"{who}有指标尚未评分，总分为区间，暂不评定等级"] if rest else []
    caps = sum(bool(narrative.triggered(s)) for s in subjects)
    more = f"其中{caps}个触发限级、否决或处理情形。" if caps else ""
    return f"共评价{len(subjects)}个对象，{'；'.join(said)}。{more}"


def _short(name: str, length: Length) -> str:
    """A name with its end, in which names of one programme differ."""
    return name if len(name) <= length.name else f"{name[: length.name - _TAIL]}{CUT}{name[-_TAIL:]}"


def _table(source: ReportSource) -> tuple[list[str], list[list[str]]]:
    if source.several:
        columns = ["评价对象", "满分", "总分", "等级"]
        rows = [_subject_row(s) for s in source.result.subjects]
        if len(rows) > MOST_SUBJECTS:
            left_out = len(rows) - MOST_SUBJECTS + 1
            rows = [*rows[: MOST_SUBJECTS - 1], [f"其余{left_out}个对象见评价报告", "", "", ""]]
        return columns, rows
    grid = level_grid(source.subject, "")
    return [c.title for c in grid.columns], _shortened([list(line.cells) for line in grid.lines])


def _subject_row(subject: SubjectResult) -> list[str]:
    full = plain(reading.full_points(subject))
    return [subject.name, full, reading.total_text(subject), typeset(reading.grade_text(subject))]


def _shortened(rows: list[list[str]]) -> list[list[str]]:
    """At most :data:`MOST_ROWS`, the total last, with a row that says how many are left out."""
    if len(rows) <= MOST_ROWS:
        return rows
    kept = rows[: MOST_ROWS - 2]
    left_out = len(rows) - len(kept) - 1
    return [*kept, [f"其余{left_out}项见评价报告", *[""] * (len(rows[0]) - 1)], rows[-1]]


def _lost(
    source: ReportSource, problems: Sequence[ReportedProblem], report: Report, length: Length
) -> Iterator[tuple[str, str]]:
    """The largest losses, of equal ones the first of the result; each with its problem's cause and suggestion."""
    found = [x for s in source.result.subjects for x in lost_points(s)]
    for x in sorted(found, key=lambda x: -x.points)[:MAIN]:
        whose = f"{_short(x.subject.name, length)}：" if source.several else ""
        answer = next((p for p in problems if _answers(p, x)), None)
        yield f"{whose}{x.text}", _said(x, answer, asked=_asked(x, report))


def _asked(lost: Lost, report: Report) -> bool:
    """Whether somebody still has to write a problem about a loss."""
    waived = (report.not_material.get(key, "").strip() for key in (lost.code, f"{lost.subject.id}.{lost.code}"))
    return lost.material(report.threshold) and not any(waived)


def _answers(problem: ReportedProblem, lost: Lost) -> bool:
    written = problem.cause.strip() or problem.suggestion.strip()
    return (
        bool(written) and lost.code in problem.indicators and lost.subject.id in (problem.subjects or [lost.subject.id])
    )


def _said(lost: Lost, problem: ReportedProblem | None, *, asked: bool) -> str:
    if problem is None:
        return sentence(lost.why) + (f"原因和建议：{NOT_FILLED}。" if asked else "")
    parts = [
        f"{word}：{text.rstrip('。；')}。"
        for word, text in (("原因", problem.cause), ("建议", problem.suggestion))
        if text
    ]
    due = "，".join(text for text in (problem.responsible, problem.deadline) if text)
    return "".join(parts) + (f"（{due}）" if due else "")


def _consequence(source: ReportSource) -> str:
    """What follows, with its clause; of several subjects how many it concerns."""
    found = Counter(text for s in source.result.subjects for text in narrative.consequences(s))
    if not found:
        open_ = [s for s in source.result.subjects if s.grade is None]
        if len(open_) == len(source.result.subjects):
            return "等级尚未评定，评定后按所用地区办法确定结果应用。"
        return "所用地区办法没有对应本次评价结果的应用规定。"
    several = source.several
    return "；".join(f"{text}{f'（{n}个对象）' if several else ''}" for text, n in found.items()) + "。"


def _open(source: ReportSource, content: Content, length: Length) -> str:
    """What may still move the conclusion, and what stands before 定稿."""
    subjects, most = source.result.subjects, length.named
    found = [(_short(s.name, length), "；".join(_waits(s, most))) for s in subjects]
    found = [(name, why) for name, why in found if why]
    said = grouped(found, len(subjects)) if source.several else [why for _, why in found]
    if source.several and length == LENGTHS[-1] and len(said) > 1:
        said = [f"{len(found)}个对象的结论为暂定，各自的原因见评价报告"]
    text = "".join(f"{why}。" for why in said)
    return text + _before_final(source, content) or "没有待定事项。"


def _waits(subject: SubjectResult, most: int) -> list[str]:
    """Why the conclusion of a subject may still change."""
    waiting = [typeset(i.name) for i in reading.awaiting(subject)]
    why = narrative.provisional_reasons(subject, most)
    return [f"{len(waiting)}项指标未评分（{listed(waiting, most)}）", *why] if waiting else why


def _before_final(source: ReportSource, content: Content) -> str:
    """What has to be done before the report is final, as those who decide want to know it; the writer has a list of his own."""
    if not content.blocking:
        return ""
    review = source.result.review
    steps = ["补齐未评分指标的资料"] if any(reading.awaiting(s) for s in source.result.subjects) else []
    steps += ["完成评审和征求意见"] if review is None or review.phase != PHASE_WORDS["final"] else []
    steps = steps or ["补齐报告文字"]
    return f"报告尚未定稿，待{'、'.join(steps)}后定稿，以上数字以定稿为准。"
