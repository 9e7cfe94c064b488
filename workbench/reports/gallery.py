"""Every chart of a result under the name its file has in a run folder: drawn only when somebody asks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from matplotlib.figure import Figure

from workbench.base.text import file_stem
from workbench.reports import reading
from workbench.reports.canvas import captioned
from workbench.reports.charts.catalogue import CHARTS, TITLES, alt_text, telling
from workbench.reports.charts.dumbbell import moves
from workbench.reports.charts.evidence import evidence_groups
from workbench.reports.charts.radar import axes_of
from workbench.reports.charts.waterfall import way
from workbench.reports.plots.draw import chart_alt, chart_told, draw_chart, pictured
from workbench.reports.save import png_bytes, svg_bytes
from workbench.reports.style import drawing
from workbench.scheme.pack import ChartSpec
from workbench.scoring.result import AnalysisResult, RunResult, SubjectResult

EMPTY = "没有可画的数据"
"""What the sentence about a chart says that has nothing in it."""


@dataclass(frozen=True)
class Chart:
    """A chart of one subject (its id): the stem of its file's name, its title (图题), the sentence that says it, and how to draw it."""

    subject: str
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
            if name in _SHOWN and not _SHOWN[name](subject):
                continue
            draw = partial(CHARTS[name], subject)
            yield Chart(subject.id, _stem(subject, name), whose + TITLES[name], alt_text(name, subject), draw)
        for chart in result.charts:
            analysis = _analysis(result, chart)
            if pictured(chart, analysis, subject):
                alt, draw = chart_alt(chart, analysis, subject), partial(draw_chart, chart, analysis, subject)
                yield Chart(subject.id, _stem(subject, chart.name), whose + chart.title, alt, draw)


@dataclass(frozen=True)
class Told:
    """A sentence in place of a chart of one subject, under the name the chart would have."""

    subject: str
    name: str
    text: str


def told(result: RunResult) -> Iterator[Told]:
    """Sentences for the charts a pack declares that would show a single number, or nothing but zeros."""
    for subject in result.subjects:
        for chart in result.charts:
            analysis = _analysis(result, chart)
            if not pictured(chart, analysis, subject) and EMPTY not in chart_alt(chart, analysis, subject):
                yield Told(subject.id, _stem(subject, chart.name), chart_told(chart, analysis, subject))


def _analysis(result: RunResult, chart: ChartSpec) -> AnalysisResult:
    return next(a for a in result.analyses if a.name == chart.analysis)


_SHOWN: dict[str, Callable[[SubjectResult], bool]] = {
    "level_bars": reading.scored,
    "radar": lambda subject: any(rate.low == rate.high for rate in axes_of(subject)[1]),
    "lost_points": lambda subject: reading.scored(subject) and len(way(subject)) > 2,
    "evidence_status": lambda subject: len(evidence_groups(subject)) > 1,
    "bonus_ledger": lambda subject: any(reading.number(x.points) for x in [*subject.bonus, *subject.deductions]),
    "dumbbell": lambda subject: bool(moves(subject)),
}
"""Whether there is anything in a chart that a report can show; what is not drawn is told by the text beside it."""


def _stem(subject: SubjectResult, name: str) -> str:
    return f"{file_stem(subject.id)}-{name}"


@dataclass(frozen=True)
class Drawn:
    """A chart as files."""

    png: bytes
    svg: bytes


def drawn(chart: Chart) -> Drawn:
    """A chart in both formats, made of one figure, without its title: a report prints that as a caption."""
    with drawing(), captioned():
        figure = chart.draw()
        return Drawn(png_bytes(figure), svg_bytes(figure, chart.alt))
