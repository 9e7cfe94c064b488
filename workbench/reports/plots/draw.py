"""One way in: a declared chart and its analysis become a figure and a sentence."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_UP, Context, localcontext

from matplotlib.figure import Figure

from workbench.reports.plots.bars import bars, bars_alt, stack, stack_alt
from workbench.reports.plots.data import Data, data_of
from workbench.reports.plots.fields import lines, lines_alt, scatter, scatter_alt
from workbench.reports.plots.steps import waterfall, waterfall_alt
from workbench.reports.style import drawing
from workbench.scheme.pack import ChartSpec
from workbench.scoring.result import AnalysisResult, SubjectResult

KINDS: Mapping[str, tuple[Callable[[Data], Figure], Callable[[Data], str]]] = {
    "waterfall": (waterfall, waterfall_alt),
    "bars": (bars, bars_alt),
    "stack": (stack, stack_alt),
    "lines": (lines, lines_alt),
    "scatter": (scatter, scatter_alt),
}
"""Kind of chart → what draws it, and what says it in one sentence."""
_EXACT = Context(prec=60, rounding=ROUND_HALF_UP)
"""Never the context of the process: a notebook may have set six digits."""


@drawing()
def draw_chart(chart: ChartSpec, analysis: AnalysisResult, subject: SubjectResult) -> Figure:
    """The chart for one subject; where the analysis has nothing for it, a sheet that says so."""
    with localcontext(_EXACT):
        return KINDS[chart.kind][0](data_of(chart, analysis, subject))


def pictured(chart: ChartSpec, analysis: AnalysisResult, subject: SubjectResult) -> bool:
    """Whether there is something to see: a picture compares, and a single number, or nothing but zeros, is said in a sentence."""
    data = data_of(chart, analysis, subject)
    sizes = [v for m in data.marks for v in m.values if v]
    match chart.kind:
        case "bars":
            numbers = [n for m in data.marks for n in m.numbers]
            return len(numbers) > 1 and any(numbers)
        case "stack":
            return len(sizes) > 1
        case "waterfall":
            return bool(sizes) and max(sum(m.total for m in data.marks), sum(not m.total for m in data.marks)) > 1
        case "lines" | "scatter":
            return len({(m.x, m.values) for m in data.marks}) > 1


def chart_told(chart: ChartSpec, analysis: AnalysisResult, subject: SubjectResult) -> str:
    """The numbers of a chart as a sentence of a text, in place of a picture."""
    return chart_alt(chart, analysis, subject).partition(":")[2].replace("没有数据、未画出", "没有数据")


def chart_alt(chart: ChartSpec, analysis: AnalysisResult, subject: SubjectResult) -> str:
    """One sentence that says in numbers what the chart shows."""
    with localcontext(_EXACT):
        return KINDS[chart.kind][1](data_of(chart, analysis, subject))
