"""复核看板.html: one file that asks nothing of a network. Every text in it is made safe and escaped, whoever wrote it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from workbench.base.text import beginning, plain
from workbench.recheck.outcome import Severity
from workbench.recheck.writing.dashboard.charts import bands, defects, frequent, frequent_alt, spread, spread_alt
from workbench.recheck.writing.dashboard.visits import MOST, visits
from workbench.recheck.writing.told import UNNAMED, Batch, Told
from workbench.reports.page.figures import Figures
from workbench.reports.page.shell import asset, environment, policy
from workbench.reports.save import svg_bytes

NAME = "复核看板.html"
_LONGEST = 400
"""Characters of a text that the table shows; a form's own sheet has all of it."""
_TITLES = (
    *(("序号", "number"), ("项目", "text"), ("单位", "text"), ("自评得分", "number"), ("规则复算得分", "number")),
    *(("复核得分", "number"), ("偏差", "number"), ("自评等级", "text"), ("复核等级", "text")),
    *(("P0", "number"), ("P1", "number"), ("P2", "number"), ("主要原因", "")),
)


@dataclass(frozen=True)
class Cell:
    """A cell of the table of forms: what is shown, and what it is sorted by."""

    title: str
    text: str
    key: str
    numeric: bool


@dataclass(frozen=True)
class Row:
    """A form; ``worst``: its gravest severity, empty without findings."""

    cells: Sequence[Cell]
    unit: str
    grade: str
    worst: str


def page(batch: Batch) -> bytes:
    """The page as UTF-8, the same bytes for the same batch."""
    drawn, found, units = bands(batch), defects(batch), visits(batch)
    figures = Figures()
    pictures = [figures.inline(svg_bytes(spread(drawn), ""), spread_alt(drawn))]
    if found:
        pictures.append(figures.inline(svg_bytes(frequent(found), ""), frequent_alt(found)))
    rows = [_row(told) for told in batch.forms]
    # The look of the report's page and the order of its tables, with what only this page has.
    style = asset("report.css") + asset("dashboard.css", __package__)
    script = asset("sorting.js") + asset("dashboard.js", __package__)
    text = (
        environment(__package__)
        .get_template("dashboard.html")
        .render(
            title=f"{batch.title} 自评复核看板".strip(),
            facts=_facts(batch),
            pictures=pictures,
            figures=figures.defined,
            drawn=drawn,
            defects=found,
            visits=units[:MOST],
            more=max(0, len(units) - MOST),
            titles=_TITLES,
            rows=rows,
            units=sorted({row.unit for row in rows}),
            grades=list(dict.fromkeys(row.grade for row in rows if row.grade)),
            severities=[severity.value for severity in Severity],
            loose=[(f.severity.value, _short(f.message), _short(f.suggestion), f.file) for f in batch.loose],
            refused=[(p.place.file if p.place else "", p.message, p.fix or "") for p in batch.refused],
            ruleset=batch.ruleset,
            # Both are our own files: a policy names them by hash, and nothing of a form is ever put into them.
            style=Markup(style),
            script=Markup(script),
            policy=policy(style, script),
        )
    )
    return text.encode("utf-8")


def _facts(batch: Batch) -> list[tuple[str, str]]:
    forms = batch.forms
    grave = sum(t.counts[Severity.P0] > 0 for t in forms)
    known = [t for t in forms if t.difference is not None]
    lower = sum(t.difference is not None and t.difference < 0 for t in known)
    decided = sum(t.one.decided is not None for t in forms)
    without = sum(t.one.total is None for t in forms)
    return [
        ("自评表", f"{len(forms)}张"),
        ("单位", f"{len(batch.by_unit)}个"),
        ("有P0问题", f"{grave}张"),
        ("低于自评得分", f"{lower}张(可比{len(known)}张)"),
        ("等级下降", f"{sum(t.lowered for t in forms)}张"),
        ("已有复核得分", f"{decided}张"),
        *([("没有复算总分", f"{without}张")] if without else []),
    ]


def _row(told: Told) -> Row:
    one = told.one
    numbers = (told.own, one.total, one.decided, told.difference)
    shown = ["" if n is None else plain(n) for n in numbers]
    keys = list(shown)
    shown[1] = told.recomputed
    counts = [str(told.counts[severity]) for severity in Severity]
    texts = [str(told.number), _short(told.project), _short(told.unit), *shown, one.self_grade, one.grade, *counts]
    sorted_by = [*texts[:3], *keys, *texts[7:]]
    cells = [
        Cell(title, text, key, kind == "number")
        for (title, kind), text, key in zip(_TITLES, [*texts, _short(told.reason)], [*sorted_by, ""], strict=True)
    ]
    worst = next((severity.value for severity in Severity if told.counts[severity]), "")
    return Row(cells, _short(told.unit) or UNNAMED, one.grade, worst)


def _short(text: str) -> str:
    return beginning(text, _LONGEST)
