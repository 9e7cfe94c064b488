"""评审手册: what an expert has to know before the meeting. Nothing in it tells them what others gave or which grade follows."""

from __future__ import annotations

from collections.abc import Iterable

from workbench.base.text import plain, trimmed
from workbench.reports import reading
from workbench.reports.papers.grid import Column, Line
from workbench.reports.papers.meeting import (
    Meeting,
    assignment_text,
    indicator_text,
    level_text,
    points,
    post_text,
    roles_text,
)
from workbench.reports.papers.paper import BLANK_DATE, Paper
from workbench.review.reading import HIDDEN
from workbench.scheme.basis import Source
from workbench.scheme.panel import MERGE_WORDS

AGENDA = (
    "签到；签署保密承诺书、回避声明",
    "主评人介绍评价对象、指标体系、评分规则和资料核实情况",
    "专家核对资料，签署资料确认单",
    "专家质询，被评价单位答复并补充佐证",
    "专家逐项独立评定，填写专家打分表和个人意见",
    "全部专家提交后汇总，形成专家组意见，主评人签字",
)
"""Order of a meeting; no document fixes it."""
PANEL_SOURCES = (
    Source(
        document="第三方机构预算绩效评价业务监督管理暂行办法",
        number="财监〔2021〕4号",
        clause="第十二条、第十八条、第二十一条",
    ),
)
"""Where the steps around a panel come from: secrecy, written comments and replies, internal review, signature."""


def handbook(meeting: Meeting) -> bytes:
    """The handbook as docx: upright pages of text, then tables on their side."""
    paper = meeting.paper("评审手册")
    paper.title("评审手册", meeting.result.title)
    _about(paper, meeting)
    _grounds(paper, meeting)
    _agenda(paper)
    _panel(paper, meeting)
    _how(paper, meeting)
    if not meeting.panel.blind:
        _bands(paper, meeting)
    paper.turn(landscape=True)
    _rules(paper, meeting)
    _computed(paper, meeting)
    _evidence(paper, meeting)
    return paper.data()


def _about(paper: Paper, meeting: Meeting) -> None:
    result, scheme = meeting.result, meeting.scope.docket.scheme
    who = scheme.plan.parties
    names = [s.name for s in result.subjects]
    pairs = [
        ("评价名称", result.title),
        ("评价对象", "、".join(names[:8]) + (f"等{len(names)}个" if len(names) > 8 else "")),
        ("评价期间", f"{result.period}，{result.stage}，基准日{result.as_of}"),
        ("委托方", who.client or ""),
        ("评价机构", who.evaluator or ""),
        ("主评人", meeting.panel.lead.name),
        ("被评价单位", who.evaluated or ""),
        ("指标包", f"{scheme.pack.title}（{result.pack.id} {result.pack.version}）"),
        ("计分规则", f"{scheme.ruleset.title}（{result.ruleset.id} {result.ruleset.version}）"),
        ("地区办法", f"{scheme.policy.title}（{result.policy.id} {result.policy.version}）"),
    ]
    paper.heading("一、评价基本情况")
    paper.fields(pairs)


def _grounds(paper: Paper, meeting: Meeting) -> None:
    scheme = meeting.scope.docket.scheme
    sources = [
        *scheme.pack.basis,
        scheme.ruleset.document,
        scheme.policy.document,
        *PANEL_SOURCES,
        *scheme.plan.sources,
    ]
    paper.heading("二、评价依据")
    lines = _once(_cited(s) for s in sources)
    paper.text("\n".join(f"{number}．{text}" for number, text in enumerate(lines, 1)))


def _once(texts: Iterable[str]) -> list[str]:
    """Each text once; a document cited with its clauses makes the bare one superfluous."""
    kept = list(dict.fromkeys(texts))
    return [t for t in kept if not any(other != t and other.startswith(t) for other in kept)]


def _cited(source: Source) -> str:
    number = f"（{source.number}）" if source.number else ""
    return f"《{source.document}》{number}{source.clause or ''}"


def _agenda(paper: Paper) -> None:
    paper.heading("三、评审安排")
    paper.fields([("时间", f"{BLANK_DATE}　____时"), ("地点", ""), ("主持人", "")])
    columns = [Column("序号", 1, "center"), Column("议程", 8), Column("负责人", 2), Column("时间", 2)]
    paper.table(columns, [Line([str(n), step, "", ""]) for n, step in enumerate(AGENDA, 1)])


def _panel(paper: Paper, meeting: Meeting) -> None:
    columns = [
        Column("姓名", 2, "center"),
        Column("分工（专业）", 3),
        Column("单位、职称", 4),
        Column("负责指标", 4),
    ]
    rows = [Line([m.name, roles_text(m), post_text(m), assignment_text(m)]) for m in meeting.panel.members]
    paper.heading("四、评审组")
    paper.table(columns, rows)


def _how(paper: Paper, meeting: Meeting) -> None:
    scope, panel = meeting.scope, meeting.panel
    limit = scope.limits.adjust_limit_percent
    bound = f"，且与计算得分相差不超过该指标分值的{trimmed(limit)}%" if limit is not None else ""
    free = scope.limits.free_points == "all"
    weights = panel.merge == "weighted_mean"
    paper.heading("五、怎样评定")
    texts = [
        "每一项分派的指标都须在认可、调整、不评、回避中选择一种；不表态不视为同意。",
        "认可：同意计算得分。不评：因专业、资料等原因不作判断。回避：与评价对象或该指标有利害关系。",
        f"调整：另给得分，在0分至该指标分值之间{bound}。",
        "各项指标均可调整。"
        if free
        else "按资料计分的指标不直接改分；对数值、佐证或所适用的计分档次有异议的，提出质疑，由主评人核实后更正数据、重新计分。",
        "除认可外都须写明理由；引用佐证的，写明资料名称、文号或页码。",
        f"汇总：逐项指标按“{MERGE_WORDS[panel.merge]}”计算，四舍五入后相加；"
        + (f"各专家权重为{_weights(meeting)}；" if weights else "")
        + f"每项指标的有效意见（认可、调整）不少于{scope.quorum(panel)}人。汇总办法由评审组确定，没有文件统一规定。",
        "计算得分不被覆盖：计算、各专家、汇总、最终得分及理由一并记录。",
    ]
    if panel.blind:
        texts.append("全部专家提交前，专家只看到本人的评定；总分、等级和其他专家的评定在提交后公布。")
    if panel.hide_computed:
        texts.append(f"须由专家判断的指标，计算得分在评定前不公布（表中注“{HIDDEN}”）。")
    paper.text("\n".join(f"{number}．{text}" for number, text in enumerate(texts, 1)))


def _weights(meeting: Meeting) -> str:
    return "、".join(f"{m.name}{plain(m.weight)}" for m in meeting.experts)


def _bands(paper: Paper, meeting: Meeting) -> None:
    """Grades would anchor: they stand here only where the panel is not blind."""
    bands = meeting.scope.docket.scheme.bands
    lines = "；".join(f"{b.label}：{trimmed(b.lower)}分（含）以上" for b in bands.items)
    paper.heading("六、等级划分")
    paper.text(f"{lines}。依据{_cited(bands.clause)}。")


def _rules(paper: Paper, meeting: Meeting) -> None:
    columns = [
        Column("编码", 2),
        Column("指标", 5),
        Column("分值", 1.6, "right"),
        Column("目标值", 3),
        Column("指标解释、计算公式", 6),
        Column("评分规则", 8),
        Column("依据", 3.5),
    ]
    scheme, docket = meeting.scope.docket.scheme, meeting.scope.docket
    first = meeting.result.subjects[0]
    items = {i.code: i for i in scheme.tree}
    rows = []
    for subject, level1, spots in meeting.by_level([(first.id, i.code) for i in first.indicators]):
        rows.append(Line([level_text(subject, level1, several=False)], "group"))
        for spot in spots:
            indicator, item = meeting.scope.indicator(spot), items.get(spot[1])
            meaning = "\n".join(x for x in (item.meaning if item else None, indicator.formula) if x)
            target = "见各对象" if meeting.several else reading.target_text(indicator)
            cells = [spot[1], indicator_text(indicator), points(indicator.weight), target, meaning or "—"]
            rows.append(Line([*cells, docket.rule_text(spot[1]), indicator.clause or "—"]))
    paper.heading("附表1　指标体系与评分规则")
    paper.table(columns, rows)


def _computed(paper: Paper, meeting: Meeting) -> None:
    columns = [
        Column("编码", 2),
        Column("指标", 5),
        Column("分值", 1.6, "right"),
        Column("目标值", 2.5),
        Column("完成值", 3),
        Column("计算得分", 2.2, "right"),
        Column("评分说明", 9),
    ]
    rows = []
    for subject, level1, spots in meeting.by_level(meeting.spots):
        rows.append(Line([level_text(subject, level1, several=meeting.several)], "group"))
        for spot in spots:
            i = meeting.scope.indicator(spot)
            why = "由专家判断" if meeting.hidden(i) else i.explanation
            cells = [i.code, indicator_text(i), points(i.weight), reading.target_text(i), meeting.value_text(i)]
            rows.append(Line([*cells, meeting.computed_text(i), why]))
    paper.heading("附表2　完成情况与计算得分")
    paper.table(columns, rows)


def _evidence(paper: Paper, meeting: Meeting) -> None:
    columns = [Column("编码", 2), Column("指标", 5), Column("佐证状态", 3), Column("资料及其位置", 15)]
    rows = []
    for subject, level1, spots in meeting.by_level(meeting.spots):
        rows.append(Line([level_text(subject, level1, several=meeting.several)], "group"))
        for spot in spots:
            i = meeting.scope.indicator(spot)
            rows.append(Line([i.code, indicator_text(i), i.evidence_status, meeting.evidence_text(i)]))
    paper.heading("附表3　佐证资料清单")
    if meeting.file:
        paper.note(f"数据文件：{meeting.file}。")
    paper.table(columns, rows)
