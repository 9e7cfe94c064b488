"""From the problems of a report to items of 整改台账: which are new, which are there, which say something else now."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from workbench.base.errors import Problem, ReviewError, TextsError, shorten
from workbench.reports.document.manuscript import manuscript
from workbench.reports.document.problems import ANSWERS, Links
from workbench.reports.document.source import ReportSource
from workbench.reports.document.texts import ReportedProblem, Texts
from workbench.reports.rectification.terms import Due, Terms, weekend
from workbench.review.bodies import made
from workbench.review.rectification.bodies import Matter
from workbench.review.rectification.items import Item
from workbench.review.rectification.rules import matter_problems, same_problem

COMPARED = {
    "finding": "表现",
    "cause": "原因",
    "suggestion": "整改要求",
    "responsible": "责任单位",
    "due": "整改期限",
    "indicators": "涉及指标",
}


@dataclass(frozen=True)
class Changed:
    """An item whose problem says something else now; ``what`` are the words for its parts."""

    item: Item
    matter: Matter
    what: Sequence[str]


@dataclass(frozen=True)
class Compared:
    """The problems of a report against the register. ``gone``: items whose problem the report does not have any more."""

    new: Sequence[Matter]
    same: Sequence[Item]
    changed: Sequence[Changed]
    gone: Sequence[Item]
    remarks: Sequence[Problem]


def compared(source: ReportSource, texts: Texts, terms: Terms, items: Sequence[Item]) -> Compared:
    """What the report's problems are in the register.

    Raises:
        TextsError: a problem is incomplete, contradicts the result, has no due date, or stands there twice.
    """
    written, links = manuscript(source, texts), Links(source.result, texts)
    wrong = [p for p in written.contradictions if (p.place.key or "").startswith("report.problems")]
    faults = [*written.faults, *links.unknown(), *wrong]
    if not written.problems:
        fix = "请先用 workbench report init 生成报告文字并写明问题"
        faults.append(
            Problem("no_problems", "报告文字中没有问题,没有可登记的整改事项", texts.place("problems"), fix=fix)
        )
    found: list[Matter] = []
    remarks: list[Problem] = []
    for number, problem in enumerate(written.problems):
        place = texts.place(f"problems[{number}]")
        made_of = _matter(problem, terms, items)
        if isinstance(made_of, Matter):
            if any(same_problem(m, made_of) for m in found):
                faults.append(Problem("problem_twice", "两个问题的标题相同", place, problem.title, fix="请加以区分"))
            found.append(made_of)
            remarks += _about_due(problem, made_of, terms, items)
        else:
            faults += [p.at(file=place.file, key=place.key, line=place.line) for p in made_of]
    if faults:
        raise TextsError(faults)
    return _sorted(found, items, [*remarks, *_late(found, terms)])


def _about_due(problem: ReportedProblem, matter: Matter, terms: Terms, items: Sequence[Item]) -> Iterator[Problem]:
    """What the due date passed over, and what its reader has to decide."""
    own, written = terms.own(problem.deadline), shorten(problem.deadline.strip())
    known = next((i for i in items if same_problem(i.matter, matter)), None)
    if known is not None and known.finished:
        return
    if terms.due is not None and written and (own is None or own.day != terms.due):
        message = f"“{shorten(matter.title)}”的时限报告写的是“{written}”,按 --due 定为{matter.due}"
        yield Problem("due_overruled", message, severity="warning")
    elif known is not None and (own is None or own.day.isoformat() != matter.due) and written not in matter.basis:
        message = f"第{known.number}项的时限报告写的是“{written}”,台账的期限{matter.due}({matter.basis})不变"
        yield Problem("due_kept", message, fix="确要改的用 --due", severity="warning")
    due = terms.due_of(problem.deadline)
    if due is not None and known is None:
        found = weekend(due, matter.title)
        yield from [found] if found is not None else []


def _matter(problem: ReportedProblem, terms: Terms, items: Sequence[Item]) -> Matter | list[Problem]:
    """A problem as a matter, or what it lacks. One that is known and says no date keeps the one it has."""
    lacking = [word for key, word in ANSWERS.items() if key != "deadline" and not getattr(problem, key).strip()]
    if lacking:
        return [Problem("incomplete_problem", f"缺少{'、'.join(lacking)}", fix="请补填")]
    bare = {key: getattr(problem, key).strip() for key in ("finding", "cause", "suggestion", "responsible")}
    fields = bare | {
        "title": " ".join(problem.title.split()),
        "indicators": problem.indicators,
        "subjects": problem.subjects,
    }
    try:
        undated = _dated(fields, "2000-01-01", "—")
        known = next((i for i in items if same_problem(i.matter, undated)), None)
        blank = matter_problems(undated)
        if blank:
            return blank
        due = terms.due_of(problem.deadline)
        if known is not None and (due is None or _stands(known, due, terms)):
            return _dated(fields, known.matter.due, known.matter.basis)
        late = [terms.undated(problem.deadline)] if due is None else [terms.before_service(due.day)]
        wrong = [p for p in late if p is not None]
        return wrong if wrong or due is None else _dated(fields, due.day.isoformat(), due.basis)
    except ReviewError as error:
        return list(error.problems)


def _stands(known: Item, due: Due, terms: Terms) -> bool:
    """Whether the register's date stays: it is the same, or was moved from the one the report still names."""
    day = due.day.isoformat()
    return day == known.matter.due or (terms.due is None and day in known.earlier_dues)


def _dated(fields: dict[str, object], due: str, basis: str) -> Matter:
    return made(Matter, {**fields, "due": due, "basis": basis})


def _sorted(matters: Sequence[Matter], items: Sequence[Item], remarks: Sequence[Problem]) -> Compared:
    new, same, changed, met = [], [], [], set[int]()
    for matter in matters:
        item = next((i for i in items if same_problem(i.matter, matter)), None)
        if item is None:
            new.append(matter)
            continue
        met.add(item.seq)
        what = [word for key, word in COMPARED.items() if getattr(item.matter, key) != getattr(matter, key)]
        if item.status == "withdrawn":
            what = ["台账中已撤销", *what]
        if what:
            changed.append(Changed(item, matter, what))
        else:
            same.append(item)
    return Compared(new, same, changed, [i for i in items if i.seq not in met and i.status != "withdrawn"], remarks)


def _late(matters: Sequence[Matter], terms: Terms) -> Iterator[Problem]:
    """Due dates after the policy's last day."""
    if terms.latest is None or terms.rule is None:
        return
    limit = Due(terms.latest, terms.rule.text)
    for matter in matters:
        if matter.due > limit.day.isoformat():
            message = f"“{shorten(matter.title)}”的整改期限晚于办法规定({limit.basis},即{limit.day})"
            yield Problem("due_late", message, found=matter.due, severity="warning")
