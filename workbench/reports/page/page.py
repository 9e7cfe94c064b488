"""The report as one HTML file: the same content as on paper, with a score table that can be searched, filtered and sorted.

It asks nothing of a network, and its policy lets it: style and script are named by their hashes, pictures stand in the file.
Every text goes through :func:`~workbench.base.safetext.safe` and is escaped, whoever wrote it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from markupsafe import Markup

from workbench.reports.document.blocks import Content
from workbench.reports.document.outline import NOTHING, chapters
from workbench.reports.document.shown import GRADE_NOTE
from workbench.reports.page.blocks import Views, widths_used
from workbench.reports.page.shell import asset, environment, policy
from workbench.scoring.result import RunResult

_HEADLINE = ("总分", "满分", "等级")
_COVER = (
    *("项目名称", "被评价单位", "委托方", "评价机构", "主评人"),
    *("评价年度", "评价阶段", "评价基准日", "报告日期", "稿次"),
)
_ORIGIN = ("运行", "指标包", "计分规则", "地区办法")


def page(content: Content, result: RunResult, drawings: Mapping[str, bytes] | None = None) -> bytes:
    """The page as UTF-8.

    Args:
        content: what the report says. Every part is shown; one the outline does not know stands at the end, and an attachment with
            nothing in it is left out.
        result: the run it was made from, for the score table. What a reader must not see may be in neither of the two.
        drawings: SVG by the name of a picture; a picture without one is shown as the PNG of the content.
    """
    views = Views(content, result, drawings or {})
    # Parts are made in order, because captions are numbered through the whole report.
    made = [views.chapter(chapter) for chapter in chapters(content.parts, content.fields)]
    style, script = asset("report.css") + _widths(widths_used(made)), asset("sorting.js") + asset("report.js")
    text = (
        environment(__package__)
        .get_template("report.html")
        .render(
            title=content.title,
            edition=content.edition,
            draft=not content.final,
            headline=_named(content, _HEADLINE),
            cover=_named(content, _COVER),
            origin=_named(content, _ORIGIN),
            chapters=made,
            figures=views.figures.defined,
            nothing=NOTHING,
            # Both are our own files: a policy names them by hash, and nothing of a report is ever put into them.
            style=Markup(style),
            script=Markup(script),
            policy=policy(style, script),
        )
    )
    return text.encode("utf-8")


def _widths(used: Iterable[int]) -> str:
    """A rule for each width of a column in percent: the policy allows no style on an element."""
    return "".join(f".w{width}{{width:{width}%}}\n" for width in sorted(used))


def _named(content: Content, names: Iterable[str]) -> list[tuple[str, str]]:
    """Fields of these names, those that say something."""
    named = [(name, content.fields[name]) for name in names if content.fields.get(name)]
    note = content.fields.get(GRADE_NOTE)
    return [(name, f"{value}（{note}）" if name == "等级" and note else value) for name, value in named]
