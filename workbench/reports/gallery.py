"""Every chart of a result under the name its file has in a run folder: drawn only when somebody asks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from matplotlib.figure import Figure

from workbench.base.text import file_stem
from workbench.reports.analysis import rows_of
from workbench.reports.charts import CHARTS, TITLES, alt_text, telling
from workbench.reports.plots.draw import chart_alt, draw_chart
from workbench.reports.save import png_bytes, svg_bytes
from workbench.scoring.result import RunResult, SubjectResult


@dataclass(frozen=True)
class Chart:
    """A chart of one subject: the stem of its file's name, its title (图题), the sentence that says it, and how to draw it."""

    name: str
    title: str
    alt: str
    draw: Callable[[], Figure]


def gallery(result: RunResult) -> Iterator[Chart]:
    """The charts that have something to show, subject by subject; those the pack declares stand last."""
    several = len(result.subjects) > 1
    for subject in result.subjects:
        whose = f"{subject.name}:" if several else ""
        for name in telling(subject):
            draw = partial(CHARTS[name], subject)
            yield Chart(_stem(subject, name), whose + TITLES[name], alt_text(name, subject), draw)
        for chart in result.charts:
            analysis = next(a for a in result.analyses if a.name == chart.analysis)
            if rows_of(analysis, subject):
                alt, draw = chart_alt(chart, analysis, subject), partial(draw_chart, chart, analysis, subject)
                yield Chart(_stem(subject, chart.name), whose + chart.title, alt, draw)


def _stem(subject: SubjectResult, name: str) -> str:
    return f"{file_stem(subject.id)}-{name}"


@dataclass(frozen=True)
class Drawn:
    """A chart as files."""

    png: bytes
    svg: bytes


def drawn(chart: Chart, png: bytes | None = None) -> Drawn:
    """A chart in both formats, made of one figure; ``png``: as it was drawn before."""
    figure = chart.draw()
    return Drawn(png_bytes(figure) if png is None else png, svg_bytes(figure, chart.alt))
