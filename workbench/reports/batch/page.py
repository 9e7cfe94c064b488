"""批量运行汇总.html: one file that asks nothing of a network. Every text in it is made safe and escaped, whoever wrote it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from markupsafe import Markup

from workbench.base.safetext import safe
from workbench.base.text import beginning, plain
from workbench.reports.batch.charts import (
    grade_alt,
    grade_chart,
    grades_drawn,
    points_alt,
    points_chart,
    points_drawn,
    said,
)
from workbench.reports.batch.distribution import Distribution, distributions
from workbench.reports.batch.rows import PENDING, Heading, Line, Row, facts, lines
from workbench.reports.batch.workbook import seconds
from workbench.reports.page.figures import Figures
from workbench.reports.page.shell import asset, environment, policy
from workbench.reports.reading import UNGRADED
from workbench.reports.save import svg_bytes

FILE = "批量运行汇总.html"
_LONGEST = 200
"""Characters of a text that the page shows; the workbook has all of it."""
_MOST_LINES, _MOST_PROBLEMS = 20_000, 500
"""Lines and problems of the page, so that it stays a few megabytes; the workbook has all of them."""
_MOST_DRAWN = 6
"""Packs that have charts; the tables have all of them."""
_TITLES = (
    *(("评价编号", "text"), ("评价名称", "text"), ("评价对象", "text"), ("得分", "number"), ("等级", "text")),
    *(("状态", "text"), ("错误", "number"), ("提醒", "number"), ("运行文件夹", ""), ("用时(秒)", "number")),
    *(("指标包", "text"), ("计划", "text")),
)


def page(rows: Sequence[Row], heading: Heading) -> bytes:
    """The page as UTF-8, the same bytes for the same rows in the same order."""
    found, listed, failed = distributions(rows), lines(rows), [row for row in rows if row.failed]
    figures = Figures()
    spread = _spread(found, figures)
    problems = [problem for row in failed for problem in _problems(row)]
    # The look of the report's page and the order of its tables, with what only this page has.
    style = asset("report.css") + asset("batch.css", __package__) + _labels()
    script = asset("sorting.js") + asset("batch.js", __package__)
    text = (
        environment(__package__)
        .get_template("batch.html")
        .render(
            title=heading.title,
            facts=facts(rows, heading),
            spread=spread,
            undrawn=sum(_drawn(one) for one in found) - sum(bool(one.pictures) for one in spread),
            figures=figures.defined,
            found=found,
            problems=problems[:_MOST_PROBLEMS],
            untold=max(0, len(problems) - _MOST_PROBLEMS),
            titles=_TITLES,
            rows=map(_cells, listed[:_MOST_LINES]),
            count=min(len(listed), _MOST_LINES),
            unlisted=max(0, len(listed) - _MOST_LINES),
            runs=quote(heading.runs),
            states=list(dict.fromkeys(line.row.state for line in listed)),
            grades=_grades(found),
            packs=[_short(one.pack) for one in found if one.pack] if len(found) > 1 else [],
            # Both are our own files: a policy names them by hash, and nothing of a plan is ever put into them.
            style=Markup(style),
            script=Markup(script),
            policy=policy(style, script),
        )
    )
    return text.encode("utf-8")


def _labels() -> str:
    """On a phone every cell bears its title. By rule and not by attribute: of ten thousand rows they would be most of the page."""
    rules = (
        f'.batch .scores td:nth-child({n})::before{{content:"{name}："}}\n' for n, (name, _) in enumerate(_TITLES, 1)
    )
    return f"@media screen and (max-width: 45rem) {{\n{''.join(rules)}}}\n"


@dataclass(frozen=True)
class _Spread:
    """How the grades and points of a pack are distributed: pictures, and what needs none in a sentence."""

    pictures: Sequence[Markup]
    said: str


def _spread(found: Sequence[Distribution], figures: Figures) -> list[_Spread]:
    """Of every pack, except those that would be one picture too many."""
    made, left = [], _MOST_DRAWN
    for one in found:
        if _drawn(one):
            left -= 1
            if left < 0:
                continue
        made.append(_Spread(list(_pictures(one, figures)), said(one)))
    return made


def _drawn(of: Distribution) -> bool:
    return grades_drawn(of) or points_drawn(of)


def _pictures(of: Distribution, figures: Figures) -> Iterator[Markup]:
    if grades_drawn(of):
        yield figures.inline(svg_bytes(grade_chart(of), ""), safe(grade_alt(of)))
    if points_drawn(of):
        yield figures.inline(svg_bytes(points_chart(of), ""), safe(points_alt(of)))


def _grades(found: Sequence[Distribution]) -> list[str]:
    """Every grade to choose from; those that are none stand last."""
    known = dict.fromkeys(_short(grade.grade) for one in found for grade in one.grades)
    return sorted(known, key=lambda grade: (grade in (UNGRADED, PENDING), grade == PENDING))


def _cells(line: Line) -> tuple[str, ...]:
    """Text after text in the order of the titles, after those what the template needs: path, what a grade and points count as."""
    row, verdict = line.row, line.verdict
    who, points, key, grade, label = "", "", "", "", ""
    if verdict is not None:
        who, points, key = verdict.name or verdict.subject, verdict.total or verdict.interval, verdict.low
        grade, label = verdict.grade_text, verdict.label
    told = line.first and not row.failed
    counts = (str(row.errors), str(row.warnings)) if told else ("", "")
    taken = seconds(row) if line.first else None
    return (
        *(_short(row.evaluation), _short(row.title), _short(who), points, _short(grade), row.state, *counts),
        *(
            _short(row.folder.rpartition("/")[2]),
            "" if taken is None else plain(taken),
            _short(row.pack),
            _short(row.task),
        ),
        *(quote(row.folder, errors="replace"), key, _short(label)),
    )


def _problems(row: Row) -> Iterator[tuple[str, ...]]:
    for problem in row.problems:
        told = (str(problem.place), problem.message, problem.found or "", problem.expected or "", problem.fix or "")
        yield (_short(row.task), *map(_short, told))
    if not row.problems:
        yield _short(row.task), "", "没有写明原因", "", "", ""


def _short(text: str) -> str:
    return beginning(text, _LONGEST)
