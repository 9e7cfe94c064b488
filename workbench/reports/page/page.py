"""The report as one HTML file: the same content as on paper, with a score table that can be searched, filtered and sorted.

It asks nothing of a network, and its policy lets it: style and script are named by their hashes, pictures stand in the file.
Every text goes through :func:`~workbench.reports.papers.words.safe` and is escaped, whoever wrote it.
"""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from workbench.reports.document.blocks import Content
from workbench.reports.document.outline import NOTHING, chapters
from workbench.reports.document.shown import GRADE_NOTE
from workbench.reports.page.blocks import Views, widths_used
from workbench.reports.papers.words import safe
from workbench.scoring.result import RunResult

_HERE = Path(__file__).parent
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
    made = [views.chapter(chapter) for chapter in chapters(content.parts)]
    style, script = _asset("report.css") + _widths(widths_used(made)), _asset("report.js")
    text = (
        _environment()
        .get_template("report.html")
        .render(
            title=content.title,
            edition=content.edition,
            draft=content.edition != "定稿",
            headline=_named(content, _HEADLINE),
            cover=_named(content, _COVER),
            origin=_named(content, _ORIGIN),
            chapters=made,
            nothing=NOTHING,
            # Both are our own files: a policy names them by hash, and nothing of a report is ever put into them.
            style=Markup(style),
            script=Markup(script),
            policy=_policy(style, script),
        )
    )
    return text.encode("utf-8")


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader(__package__),
        autoescape=True,
        finalize=_harmless,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["lines"] = _lines
    return environment


def _harmless(value: Any) -> Any:
    """What every expression of the template goes through before it is escaped; markup is ours already."""
    return safe(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _lines(text: str) -> Markup:
    """A text of several lines."""
    return Markup("<br>").join(safe(text).split("\n"))


@cache
def _asset(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")


def _widths(used: Iterable[int]) -> str:
    """A rule for each width of a column in percent: the policy allows no style on an element."""
    return "".join(f".w{width}{{width:{width}%}}\n" for width in sorted(used))


def _named(content: Content, names: Iterable[str]) -> list[tuple[str, str]]:
    """Fields of these names, those that say something."""
    named = [(name, content.fields[name]) for name in names if content.fields.get(name)]
    note = content.fields.get(GRADE_NOTE)
    return [(name, f"{value}（{note}）" if name == "等级" and note else value) for name, value in named]


def _policy(style: str, script: str) -> str:
    """Content-Security-Policy: this style, this script, pictures that stand in the file, and nothing else at all."""
    own = f"style-src '{_hash(style)}'; script-src '{_hash(script)}'; img-src data:"
    return f"default-src 'none'; {own}; base-uri 'none'; form-action 'none'"


def _hash(text: str) -> str:
    return f"sha256-{b64encode(hashlib.sha256(text.encode('utf-8')).digest()).decode('ascii')}"
