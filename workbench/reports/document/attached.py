"""What is attached to the report: 评分表, 问题清单, 问卷情况, 方法和核验说明, 签章页 (of a review: :mod:`.reviewed`)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from workbench.base.text import plain
from workbench.reports import reading
from workbench.reports.analysis import analysis_table, rows_of
from workbench.reports.checking.findings import BY_CODE
from workbench.reports.document.blocks import Block, Grid, paragraph
from workbench.reports.document.problems import Links, threshold_text
from workbench.reports.document.prose import CONTRADICTS
from workbench.reports.document.shown import (
    COMPARED,
    DAY,
    NAMED_SUBJECTS,
    bare,
    day,
    ended,
    grid,
    listed,
    titled,
    typeset,
)
from workbench.reports.document.source import ReportSource
from workbench.reports.document.texts import Checked, ReportedProblem
from workbench.reports.document.widths import TURNED, widths
from workbench.reports.papers.grid import Column, Line
from workbench.reports.papers.outcome import opinions
from workbench.reports.table import Table
from workbench.reports.tables import score_table
from workbench.scheme.basis import EXAMPLE_LABEL
from workbench.scheme.findings import cited
from workbench.scheme.policy import Policy
from workbench.scheme.ruleset import Ruleset
from workbench.scoring.result import SubjectResult

_TEXT_CHECKS = {CONTRADICTS: "文字与结果不符"}
"""What the check of the texts finds, beside that of the finished report."""
EXPERTS, MERGED = "专家得分", "汇总得分"
DIGESTS = "校验值均为 SHA-256。"
_LONG_CELL = 1500
"""Characters up to which a cell of 问题清单 makes its column wider: somebody may write a whole page into one."""
QUESTIONNAIRE = "questionnaire@"
"""Rule kind of indicators that are read off a survey."""
_SURVEY_WORDS = ("满意度", "问卷")
_SURVEY_FINDINGS = "survey_"


def score_sheets(source: ReportSource) -> Iterator[Block]:
    """评分表 of every subject in full."""
    for subject in source.result.subjects:
        table = _lean(_rated(score_table(subject), subject), subject)
        yield grid(table, title=titled(source, subject, "评分表"), wide=True)


def _rated(table: Table, subject: SubjectResult) -> Table:
    """With the 得分率 of every indicator, as the page and the workbook give it; indicators are the plain rows, level by level."""
    at = table.columns.index("得分率")
    rates = (reading.indicator_rate(i) for level in subject.levels for i in reading.members(subject, level.name))
    rows = [
        [*row[:at], next(rates, ""), *row[at + 1 :]] if kind == "plain" and not row[at] else row
        for row, kind in zip(table.rows, table.kinds or (), strict=True)
    ]
    return replace(table, rows=rows)


def _lean(table: Table, subject: SubjectResult) -> Table:
    """Of a reviewed subject: every expert's points stand in 专家意见, and how they were merged is said once, below."""
    if EXPERTS not in table.columns:
        return table
    rules = {i.review.rule for i in subject.indicators if i.review and i.review.merged is not None}
    rule = f"({next(iter(rules))})" if len(rules) == 1 else ""
    kept = [n for n, name in enumerate(table.columns) if name != EXPERTS]
    merged = table.columns.index(MERGED)
    rows = [[row[n].replace(rule, "") if n == merged and rule else row[n] for n in kept] for row in table.rows]
    how = f"各专家得分按“{rule[1:-1]}”汇总。" if rule else ""
    where = "各专家的得分见附件“专家意见”。" if any(opinions(i) for i in subject.indicators) else ""
    note = f"{table.note}{how}{where}"
    numeric = table.numeric | ({MERGED} if rule else frozenset())
    return replace(table, columns=[table.columns[n] for n in kept], rows=rows, note=note, numeric=numeric)


# -- problems -------------------------------------------------------------------------------------------------------


def problem_list(problems: Sequence[ReportedProblem], links: Links, waived: Mapping[str, str]) -> Iterator[Block]:
    """问题清单: every problem with the points it cost, its cause, what is to be done, by whom and when."""
    notes = list(_notes(links, waived))
    if problems:
        lines = [_line(n, p, links) for n, p in enumerate(problems, 1)]
        heads = ("序号", "问题", "涉及指标及失分", "表现", "原因", "建议", "责任单位", "时限", "佐证")
        counted = [head == "序号" for head in heads]
        shares = widths(heads, [line.cells for line in lines], counted, TURNED, _LONG_CELL)
        columns = [
            Column(head, share, "center" if number else "left")
            for head, share, number in zip(heads, shares, counted, strict=True)
        ]
        yield Grid("问题清单", columns, lines, "\n".join(notes), wide=True)
    else:
        yield paragraph("本次评价没有列入清单的问题。")
        yield from (paragraph(note, "note") for note in notes)


def _notes(links: Links, waived: Mapping[str, str]) -> Iterator[str]:
    """Which losses needed a problem, and why some have none."""
    report = links.texts.report
    lost = [x for x in links.lost if x.material(report.threshold)]
    rule = threshold_text(report.threshold, example=report.material is None)
    yield f"须对应问题的失分：{typeset(rule)}，共{len(lost)}项。"
    for key, why in waived.items():
        name = next((typeset(links.about(x)) for x in links.lost if key in links.keys(x)), key)
        yield f"{name}，不列为问题，理由：{why}"


def _line(number: int, problem: ReportedProblem, links: Links) -> Line:
    lost = "\n".join(typeset(links.about(x)) for x in links.lost_by(problem)) or "—"
    said = [problem.title, lost, problem.finding, problem.cause, problem.suggestion, problem.responsible]
    return Line([str(number), *(text or "（待填写）" for text in (*said, problem.deadline)), problem.evidence or "—"])


# -- survey ---------------------------------------------------------------------------------------------------------


def surveys(source: ReportSource) -> Iterator[Block]:
    """问卷情况: the indicators read off a survey, what is weak about it, and the tables about it."""
    if not any(i.rule.startswith(QUESTIONNAIRE) for s in source.result.subjects for i in s.indicators):
        return
    for subject in source.result.subjects:
        asked = [i for i in subject.indicators if i.rule.startswith(QUESTIONNAIRE)]
        if asked:
            columns = [
                Column("指标", 3),
                Column("分值", 1.4, "right"),
                Column("完成值", 2),
                Column("得分", 1.6, "right"),
            ]
            lines = [
                Line([i.name, i.weight, reading.value_text(i), reading.points_text(i), i.explanation]) for i in asked
            ]
            yield Grid(titled(source, subject, "满意度指标"), [*columns, Column("评分说明", 7)], lines)
        for finding in subject.findings:
            if finding.code.startswith(_SURVEY_FINDINGS):
                yield paragraph(finding.message)
        yield from _survey_tables(source, subject)


def _survey_tables(source: ReportSource, subject: SubjectResult) -> Iterator[Block]:
    for analysis in source.result.analyses:
        about = any(word in text for word in _SURVEY_WORDS for text in (analysis.title, *analysis.sources))
        if about and rows_of(analysis, subject):
            yield grid(analysis_table(analysis, subject))


# -- method ---------------------------------------------------------------------------------------------------------


def method(source: ReportSource, checked: Sequence[Checked] = ()) -> Iterator[Block]:
    """方法和核验说明: how the points came about, what identifies the run, what is only an example, how to verify it."""
    yield paragraph(
        "得分由程序按指标包、计分规则和佐证资料计算：先按规则取得各指标完成值并四舍五入到规定位数，再按计分规则得分并四舍五入，"
        "各级小计和总分为所示得分之和，等级按所示总分对照分数线确定；报告中的每个得分均取自同一份计算结果。"
    )
    columns = [Column("事项", 2.4), Column("内容", 11.6)]
    yield Grid("计算依据和标识", columns, [Line([name, text]) for name, text in _identity(source)], DIGESTS)
    if source.evidence:
        # One above the other: beside a path, 64 characters would be broken somewhere.
        lines = [Line([f"{f.path}\n{bare(f.sha256)}"]) for f in source.evidence]
        yield Grid("佐证资料文件", [Column("文件及其 SHA-256", 1)], lines)
    yield from _examples(source)
    yield from _let_stand(checked)
    name = source.result.evaluation
    yield paragraph("核验方法：")
    for n, text in enumerate(
        (
            "对评价档案运行 workbench verify 档案文件，逐字节核对档案是否完整、签名是否有效；",
            "对评价档案或运行文件夹运行 workbench rerun，按同样的资料和规则重新计算，核对结果是否一致；",
            f"在工作区运行 workbench show {name}，查看本次运行的评分表和等级确定过程；",
            "对本报告运行 workbench report check 报告文件，核对报告中的合计、等级和文字与表是否一致。",
        ),
        1,
    ):
        yield paragraph(f"{n}. {text}", "item")


def _identity(source: ReportSource) -> Iterator[tuple[str, str]]:
    result = source.result
    yield "评价编号", result.evaluation
    yield "运行校验值", bare(source.run)
    yield "指标包", f"{typeset(source.pack_text)}\n{bare(result.pack.digest)}"
    yield "计分规则", f"{typeset(source.ruleset_text)}{_from(source.ruleset)}"
    yield "地区办法", f"{typeset(source.policy_text)}{_from(source.policy)}"
    yield "评价方案校验值", bare(result.scheme_digest)
    yield "佐证资料校验值", bare(result.evidence_digest)
    if result.ledger_head:
        yield "评审台账校验值", bare(result.ledger_head)
    if result.parent:
        yield "前一次运行", bare(result.parent)
    yield DAY, day(result.as_of)
    yield "计算程序", f"{result.engine.name} {result.engine.version}"
    for d in result.derivations:
        yield "扩展计算", f"{d.name} {d.version}（{d.distribution}）"
    for s in source.plan.sources:
        yield "数据来源", " ".join(x for x in (s.document, s.url) if x)


def _from(declared: Ruleset | Policy | None) -> str:
    """The document a ruleset or policy was made from; nothing where the run did not keep it."""
    document = cited(declared.document) if declared is not None else None
    return f"，依据{typeset(document)}" if document else ""


def _examples(source: ReportSource) -> Iterator[Block]:
    """Everything no document fixes."""
    names = list(dict.fromkeys(i.name for s in source.result.subjects for i in s.indicators if i.example))
    if names:
        yield paragraph(f"下列指标的权重或计分档次没有文件规定，标注“{EXAMPLE_LABEL}”：{listed(names, 100)}。")
    blocks = (source.pack.bonus, source.pack.deductions) if source.pack is not None else ()
    if any(b.example and b.items for b in blocks):
        yield paragraph(f"加分、扣分的限额没有文件规定，标注“{EXAMPLE_LABEL}”。")


def _let_stand(checked: Sequence[Checked]) -> Iterator[Block]:
    """What the check of the finished report found and somebody lets stand, with the reason."""
    if checked:
        yield paragraph("自动核对提示、经评价人员核对后保留的内容：")
    for n, c in enumerate(checked, 1):
        title = BY_CODE[c.code].title if c.code in BY_CODE else _TEXT_CHECKS.get(c.code, c.code)
        yield paragraph(f"{n}. {title}（“{c.words}”），保留理由：{ended(c.reason)}", "item")


def signatures(source: ReportSource, fields: Mapping[str, str]) -> Iterator[Block]:
    """签章页: what is signed, and room for the lead evaluator's signature and the institution's seal (财监〔2021〕4号 第七条、第十八条)."""
    yield paragraph(f"报告名称：{fields['报告名称']}")
    subjects = source.result.subjects
    if len(subjects) > NAMED_SUBJECTS:  # what is signed and the signature stay on one sheet
        yield paragraph(f"总分、等级：{len(subjects)}个评价对象，见“{COMPARED}”表")
    for subject in subjects if len(subjects) <= NAMED_SUBJECTS else ():
        full = plain(reading.full_points(subject))
        whose = f"{subject.name}：" if source.several else ""
        yield paragraph(
            f"{whose}总分{reading.total_text(subject)}分（满分{full}分），等级：{typeset(reading.grade_text(subject))}"
        )
    yield paragraph(f"运行：{fields['运行']}")
    lead, institution = fields["主评人"], fields["评价机构"]
    if institution:
        yield paragraph("本机构及签名的主评人对所出具绩效评价报告的真实性和准确性负责。")
        rows = [("主评人（签名）", lead, 16), ("评价机构（盖章）", institution, 30)]
    else:
        yield paragraph("本单位对所出具绩效自评报告的真实性和准确性负责。")
        rows = [("主评人（签名）", lead, 16)] if lead else []
        rows += [("单位负责人（签名）", "", 16), ("单位（盖章）", fields["被评价单位"], 30)]
    lines = [Line([f"{label}　{name}", ""], height=height) for label, name, height in [*rows, ("日期", "", 12)]]
    yield Grid("", [Column("", 1), Column("", 1)], lines)
