"""The sheets beside the 评分表: grades, evidence, experts, adjustments, findings, and how to read and verify all of it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from workbench.base.text import moment, plain
from workbench.reports import reading
from workbench.reports.reading import number
from workbench.reports.reviewing import adjusted_why, expert_points
from workbench.reports.scorebook.layout import INAPPLICABLE, Lines, Units
from workbench.reports.scorebook.terms import Terms
from workbench.reports.scorebook.xlsx import Cell, Formula, Pages, cell, over, quoted
from workbench.reports.tables import by_severity, label
from workbench.scheme.basis import EXAMPLE_LABEL
from workbench.scoring.result import SEVERITY_WORDS, IndicatorResult, RunResult, SubjectResult

GRADES, EVIDENCE, EXPERTS, ADJUSTMENTS, FINDINGS, READ_ME = "等级标准", "佐证", "专家", "调整", "问题", "说明"
NAMES = (GRADES, EVIDENCE, EXPERTS, ADJUSTMENTS, FINDINGS, READ_ME)
_PLACES = 9
"""Decimals in which a line is compared; no line has more."""


def lines_of(terms: Terms) -> Lines:
    """Where :func:`write_grades` will put what the 评分表 refers to."""
    first, last, sheet = 2, 1 + len(terms.labels), quoted(GRADES)

    def place(at: int) -> str:
        letters, row = over(at, first, last).split(":")
        return f"{sheet}!{_fixed(letters)}:{_fixed(row)}"

    return Lines(place(0), place(1), place(3), place(5))


def _fixed(reference: str) -> str:
    column = reference.rstrip("0123456789")
    return f"${column}${reference[len(column) :]}"


def write_grades(pages: Pages, terms: Terms, units: Units) -> None:
    """The bands from best to worst; a reader may try other lines."""
    titles = ("等级", "本办法的名称", "下限(含)", "下限(整数)", "正式下限", "改动")
    page = pages.page(GRADES, (14, 18, 14, 12, 12, 8), len(titles), hidden=range(3, 6))
    rows: list[list[Cell]] = []
    for at, band in enumerate(terms.bands.items, 2):
        name = terms.names.get(band.label)
        counted = band.lower * units.scale
        line = Formula(f"=ROUND({cell(at, 2)}*{units.scale},{_PLACES})", counted)
        changed = Formula(f"=IF({cell(at, 2)}={cell(at, 4)},0,1)", 0)
        rows.append([band.label, name if name != band.label else None, band.lower, line, band.lower, changed])
    page.table(titles, rows)
    for at, band in enumerate(terms.bands.items, 2):
        page.put(at, 2, band.lower, "entry", "0.00##", "right")


# ---------------------------------------------------------------------------------------------------------------------
# evidence, experts, adjustments, findings
# ---------------------------------------------------------------------------------------------------------------------


_HEAD = ("评价对象", "编码", "指标")
_SAID = (*_HEAD, "专家", "评定", "得分", "计入", "理由", "引用佐证", "时间(北京时间)", "轮次", "代录人")
_ADJUSTED = (
    *_HEAD,
    *("计算得分", "专家得分", "汇总得分", "汇总办法", "复核得分", "最终得分", "理由", "调整人", "时间(北京时间)"),
)


def write_companions(pages: Pages, result: RunResult) -> None:
    """佐证, with a review 专家 and 调整, then 问题."""
    titles = (*_HEAD, "分值", "佐证状态", "数据或资料", "位置", "核实", "附件SHA-256")
    pages.page(EVIDENCE, (16, 8, 22, 7, 12, 30, 34, 11, 20), 6).table(titles, list(_evidence(result)), fixed=3)
    if result.review is not None:
        pages.page(EXPERTS, (16, 8, 20, 9, 7, 8, 7, 40, 18, 17, 6, 8), 7).table(_SAID, list(_experts(result)), fixed=3)
    widths = (14, 8, 18, 9, 20, 9, 14, 9, 9, 34, 9, 17)
    pages.page(ADJUSTMENTS, widths, 9).table(_ADJUSTED, list(_adjustments(result)), fixed=3)
    found = ("评价对象", "程度", "编码", "指标", "内容", "依据")
    pages.page(FINDINGS, (18, 8, 9, 24, 70, 30), 4).table(found, list(_findings(result)), fixed=1)


def _indicators(result: RunResult) -> Iterator[tuple[SubjectResult, IndicatorResult, list[Cell]]]:
    for subject in result.subjects:
        for i in subject.indicators:
            yield subject, i, [subject.name, i.code, label(i)]


def _evidence(result: RunResult) -> Iterator[list[Cell]]:
    for _, i, head in _indicators(result):
        refs: list[list[Cell]] = [[r.document or r.title, r.place, r.status, r.sha256] for r in i.evidence]
        for what in refs or [["—"]]:
            yield [*head, number(i.weight), i.evidence_status, *what]


def _experts(result: RunResult) -> Iterator[list[Cell]]:
    for _, i, head in _indicators(result):
        for said in i.review.experts if i.review is not None else ():
            what: list[Cell] = [
                said.name,
                said.choice,
                _points(said.points),
                "是" if said.counted else "否",
                said.reason,
            ]
            yield [*head, *what, said.evidence, moment(said.at), str(said.round), said.entered_by]


def _adjustments(result: RunResult) -> Iterator[list[Cell]]:
    """Indicators that experts judged, or whose final points are not the computed ones."""
    for _, i, head in _indicators(result):
        review = i.review
        if review is None and i.final == i.computed:
            continue
        final = INAPPLICABLE if i.status == "not_applicable" else _points(i.final) or reading.points_text(i)
        if review is None:
            yield [*head, _points(i.computed), None, None, None, None, final, i.explanation]
            continue
        what: list[Cell] = [expert_points(review, "\n"), _points(review.merged), review.rule, _points(review.revised)]
        yield [*head, _points(i.computed), *what, final, adjusted_why(review), review.by, moment(review.at)]


def _findings(result: RunResult) -> Iterator[list[Cell]]:
    for subject in result.subjects:
        names = {i.code: i.name for i in subject.indicators}
        for f in by_severity(subject.findings):
            yield [
                subject.name,
                SEVERITY_WORDS[f.severity],
                f.indicator,
                names.get(f.indicator or ""),
                f.message,
                f.clause,
            ]
    for note in result.notes:
        yield ["(本次评价)", SEVERITY_WORDS[note.severity], note.indicator, None, note.message, note.clause]


def _points(text: str | None) -> Decimal | None:
    return None if text is None else number(text)


# ---------------------------------------------------------------------------------------------------------------------
# 说明
# ---------------------------------------------------------------------------------------------------------------------

_HOW = (
    ("可改的单元格", "浅黄底:最终得分、部分完成值、加分扣分、情形核查的状态、等级下限。其余为公式或正式结果,请勿改动"),
    ("完成值", "浅黄底的,得分按计分规则由公式算出;其余指标的得分由程序按规则算出,试算时请直接改最终得分"),
    ("最终得分", "填0至分值;填“不适用”的,该项退出,所在一级指标折算;留空的为未评分,总分为区间,不评定等级"),
    (
        "试算",
        "改动后各合计、总分、等级随之变化,表上写明“试算”及与正式结果之差;被改的行标色,其评分说明仍是正式结果的。试算不是评价结论",
    ),
    ("未计入", "小于0或大于分值的得分不计入,该项按未评分"),
    ("专家评审", "经专家调整的得分不随完成值变化;改动完成值只改变计算得分"),
    ("精度", "所有公式只用整数运算(以得分的最末一位为1,在右侧隐藏列),逐项四舍五入,与程序的精确计算逐位相同"),
)


def write_read_me(pages: Pages, result: RunResult, terms: Terms, run: str) -> None:
    """What the numbers are, by which rules, how the sheet is used, and how the run is verified."""
    page = pages.page(READ_ME, (22, 118), 1)
    page.table(("项目", "内容"), [list(row) for row in _remarks(result, terms, run)])


def _remarks(result: RunResult, terms: Terms, run: str) -> Iterator[tuple[str, str]]:
    yield "评价", f"{result.title}({result.evaluation})"
    yield "期间与阶段", f"{result.period} {result.stage},评价基准日 {result.as_of}"
    yield from terms.titles
    reads = {"base": "不含加分的得分", "base_plus_bonus": "总分"}[terms.bands.reads]
    yield "等级", "、".join(f"{b.label}≥{plain(b.lower)}" for b in terms.bands.items) + f";按{reads}评定,下限含本数"
    yield "运行", run
    yield "指标包摘要", result.pack.digest
    yield "方案摘要", result.scheme_digest
    yield "佐证摘要", result.evidence_digest
    yield "评审台账", result.ledger_head or "无"
    yield "程序", f"{result.engine.name} {result.engine.version}"
    yield (
        "怎样核验",
        f"workbench run 以同一计划重跑,运行编号应为 {run};已封存评价档案的,用 workbench verify 核验、workbench rerun 重跑",
    )
    if any(i.example for s in result.subjects for i in s.indicators):
        yield "示例", f"标有“{EXAMPLE_LABEL}”的指标,其分值或计分步长没有文件依据"
    yield from _HOW
