"""The files of a comparison one after the other, each with its name, so that whoever writes them can say how far they are."""

from __future__ import annotations

from collections.abc import Iterator

from workbench.analysis.comparison import Comparison
from workbench.base.canon import canonical_json
from workbench.base.text import file_stem
from workbench.reports.comparison import words

JSON, TABLE, REPORT = "comparison.json", "复核表.xlsx", "再评价报告.docx"
BY_CAUSE, BY_LINE = "差异构成图", "指标变动图"
File = tuple[str, bytes]


def comparison_bytes(comparison: Comparison) -> bytes:
    """What ``comparison.json`` holds."""
    return canonical_json(comparison.model_dump(), indent=2)


def comparison_files(comparison: Comparison, verification: str | None = None) -> Iterator[File]:
    """comparison.json, 复核表, the charts of the subjects that moved most, 再评价报告.

    Args:
        verification: what verifying the first evaluation's dossier found, for the report.
    """
    from workbench.reports.comparison.word import report
    from workbench.reports.comparison.workbook import workbook

    yield JSON, comparison_bytes(comparison)
    yield TABLE, workbook(comparison)
    yield from _charts(comparison)
    yield REPORT, report(comparison, verification)


def _charts(comparison: Comparison) -> Iterator[File]:
    from workbench.reports.comparison import chart
    from workbench.reports.save import png_bytes, svg_bytes

    for subject in words.moved_most(comparison, chart.CHARTED):
        for name, draw, steps in (
            (BY_CAUSE, chart.by_cause, chart.cause_steps),
            (BY_LINE, chart.by_line, chart.line_steps),
        ):
            figure, stem = draw(subject), f"{name}-{file_stem(subject.id)}"
            yield f"{stem}.png", png_bytes(figure)
            yield f"{stem}.svg", svg_bytes(figure, chart.alt_text(subject, steps(subject)))
