"""The CSV files of a run folder: UTF-8 with BOM, so that Excel opens them; no cell can become a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from workbench.base.text import inert, moment
from workbench.evidence.tables import SUBJECT
from workbench.reports.analysis import cell_text, head
from workbench.reports.reviewing import adjusted_why, expert_points
from workbench.scheme.basis import EXAMPLE_LABEL
from workbench.scoring.result import (
    SEVERITY_WORDS,
    STATUS_WORDS,
    WHY_NOT_COUNTED,
    AnalysisResult,
    ExpertPoints,
    IndicatorResult,
    RunResult,
    SubjectResult,
)

Cell = str | None
FINDINGS_HEAD = ("对象编号", "对象名称", "指标编码", "级别", "代码", "内容", "依据")
SCORECARD_HEAD = (
    *("对象编号", "对象名称", "指标编码", "一级指标", "二级指标", "三级指标", "分值", "指标值", "完成值", "计量单位"),
    *("佐证状态", "计算得分", "最终得分", "状态", "计分规则", "评分说明", "示例", "责任主体"),
)
REVIEWED_HEAD = ("专家得分", "汇总得分", "汇总办法", "复核得分", "调整理由", "调整人", "调整时间")
"""Further columns of the scorecard where there is a review."""
REVIEW_HEAD = (
    *("对象编号", "对象名称", "指标编码", "指标", "分值", "计算得分", "轮次", "专家", "评定", "评定得分", "理由"),
    *("佐证", "时间", "代录人", "台账序号"),
)


def scorecard_csv(result: RunResult) -> bytes:
    """The 评分表 of all subjects; with a review, what experts gave and how it became the final points."""
    rows = []
    for subject in result.subjects:
        for i in subject.indicators:
            row = [subject.id, subject.name, i.code, i.level1, i.level2, i.name, i.weight, i.target, i.shown, i.unit]
            row += [i.evidence_status, i.computed, i.final, STATUS_WORDS[i.status], i.rule, i.explanation]
            row += [EXAMPLE_LABEL if i.example else None, i.responsible]
            rows.append(row + (_reviewed(i) if result.review is not None else []))
    return csv_bytes((*SCORECARD_HEAD, *(REVIEWED_HEAD if result.review is not None else ())), rows)


def _reviewed(indicator: IndicatorResult) -> list[Cell]:
    review = indicator.review
    if review is None:
        return [None] * len(REVIEWED_HEAD)
    merged = [review.merged, review.rule, review.revised]
    adjusted = [None, None] if review.why_not == WHY_NOT_COUNTED else [review.by, moment(review.at)]
    return [expert_points(review), *merged, adjusted_why(review), *adjusted]


def review_csv(result: RunResult) -> bytes:
    """One line per expert and indicator, in the order of the result."""
    return csv_bytes(
        REVIEW_HEAD,
        (
            _opinion(subject, indicator, expert)
            for subject in result.subjects
            for indicator in subject.indicators
            for expert in (indicator.review.experts if indicator.review is not None else ())
        ),
    )


def _opinion(subject: SubjectResult, indicator: IndicatorResult, said: ExpertPoints) -> list[Cell]:
    where = [subject.id, subject.name, indicator.code, indicator.name, indicator.weight, indicator.computed]
    what = [str(said.round), said.name, said.choice, said.points, said.reason, said.evidence]
    return [*where, *what, moment(said.at), said.entered_by, str(said.event)]


def findings_csv(result: RunResult) -> bytes:
    """Every finding of every subject, in the order of the result."""
    rows = [
        [subject.id, subject.name, f.indicator, SEVERITY_WORDS[f.severity], f.code, f.message, f.clause]
        for subject in result.subjects
        for f in subject.findings
    ]
    return csv_bytes(FINDINGS_HEAD, rows)


def analysis_csv(analysis: AnalysisResult) -> bytes:
    """One analysis, all subjects one under the other; a missing value is an empty cell."""
    rows = [["" if cell is None else cell_text(cell) for cell in row] for row in analysis.rows]
    return csv_bytes([SUBJECT.title, *(head(column) for column in analysis.columns)], rows)


def csv_bytes(titles: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """A table as such a file."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow([inert(t) for t in titles])
    writer.writerows([inert(c) if c and not _is_number(c) else c for c in row] for row in rows)
    return b"\xef\xbb\xbf" + stream.getvalue().encode()


def _is_number(text: str) -> bool:
    return text.removeprefix("-").replace(".", "", 1).isdecimal()
