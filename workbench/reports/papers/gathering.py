"""Papers around the meeting table: 签到表, 保密承诺书, 回避声明, 资料确认单, 质询记录表."""

from __future__ import annotations

from workbench.reports.papers.grid import Column, Line
from workbench.reports.papers.meeting import Meeting, indicator_text, level_text, roles_text
from workbench.reports.papers.paper import BLANK_DATE, Paper
from workbench.scheme.panel import Conflict, Member

SPARE = 4
"""Empty rows for people or questions nobody has thought of."""
QUESTIONS = 8
_WRITE = 9.5
"""Height in mm of a row that is filled in by hand."""


def attendance(meeting: Meeting) -> bytes:
    """签到表: everybody of the panel, with room for more."""
    columns = [
        Column("序号", 1, "center"),
        Column("姓名", 2, "center"),
        Column("分工（专业）", 3),
        Column("单位", 4),
        Column("职称、职务", 2.5),
        Column("签名", 3),
        Column("联系电话", 3),
    ]
    people = [(m.name, roles_text(m), m.organisation or "", m.title or "") for m in meeting.panel.members]
    people += [("", "", "", "")] * SPARE
    paper = meeting.paper("签到表", landscape=True)
    paper.title("评审会签到表", meeting.result.title)
    paper.fields([("时间", f"{BLANK_DATE}　____时"), ("地点", "")], across=2)
    paper.table(columns, [Line([str(n), *who, "", ""], height=_WRITE) for n, who in enumerate(people, 1)])
    return paper.data()


def secrecy(meeting: Meeting) -> bytes:
    """保密承诺书: a page for each member (财监〔2021〕4号 第十二条, 第二十一条)."""
    paper = meeting.paper("保密承诺书", pages=False)
    for number, member in enumerate(meeting.insiders):
        if number:
            paper.new_page()
        paper.title("保密承诺书", meeting.result.title)
        paper.text(f"本人{member.name}，作为本次绩效评价评审组成员（{roles_text(member)}），承诺：")
        paper.text(
            "一、严格保守评审中知悉的国家秘密、商业秘密和个人隐私。\n"
            "二、合理使用并妥善保管评审资料，不复制、不留存、不用于评审以外的用途，评审结束后按要求交回。\n"
            "三、未经委托方及其同级财政部门同意，不以任何形式对外提供、泄露、公开评价报告和相关资料。\n"
            "四、全部专家提交评审意见前，不与他人交换评分，不打听、不透露其他专家的意见。\n"
            "五、个人评审链接和登录信息仅由本人使用，不转借他人。"
        )
        paper.note(
            "依据：第三方机构预算绩效评价业务监督管理暂行办法（财监〔2021〕4号）第十二条、第二十一条。第四、五条为本评审的工作纪律。"
        )
        paper.signature("承诺人签名")
    return paper.data()


def recusal(meeting: Meeting) -> bytes:
    """回避声明: a page for each member, with the conflicts declared so far."""
    paper = meeting.paper("回避声明", pages=False)
    for number, member in enumerate(meeting.insiders):
        if number:
            paper.new_page()
        _recusal_page(paper, meeting, member)
    return paper.data()


def _recusal_page(paper: Paper, meeting: Meeting, member: Member) -> None:
    paper.title("回避声明", meeting.result.title)
    paper.text(f"本人{member.name}（{roles_text(member)}），就与本次评价对象、被评价单位及所评指标的利害关系声明如下：")
    declared = [Line([str(n), _scope_text(meeting, c), c.reason]) for n, c in enumerate(member.conflicts, 1)]
    if declared:
        paper.text("（一）本人已声明下列应当回避的情形，对所列范围不参加评定：")
        paper.table([Column("序号", 1, "center"), Column("回避范围", 5), Column("情形", 7)], declared)
    else:
        paper.text("（一）截至打印时，本人没有声明应当回避的情形。")
    paper.text("（二）请在符合的一项打“√”：\n□ 除上列外，没有其他应当回避的情形。\n□ 另有下列应当回避的情形：")
    paper.box("", height=30)
    paper.text("情形发生变化的，本人将及时报告主评人，并对有关指标选择“回避”。")
    paper.note("依据：财监〔2021〕4号第六条（独立、客观原则）。")
    paper.signature("声明人签名")


def _scope_text(meeting: Meeting, conflict: Conflict) -> str:
    """What somebody stays away from, by names."""
    subject = meeting.scope.subjects.get(conflict.subject or "")
    parts = [subject.name if subject else conflict.subject or ""]
    if conflict.indicator is not None:
        indicators = (i for s in meeting.result.subjects for i in s.indicators if i.code == conflict.indicator)
        found = next(indicators, None)
        parts.append(f"指标“{found.name}”" if found else conflict.indicator)
    return "　".join(p for p in parts if p) or "本次评价全部事项"


def materials(meeting: Meeting) -> bytes:
    """资料确认单: every indicator's evidence, to be ticked and signed by both sides."""
    columns = [
        Column("编码", 1.8),
        Column("指标", 4.5),
        Column("佐证状态", 2.4, "center"),
        Column("资料及其位置", 9),
        Column("资料齐全", 1.8, "center"),
        Column("内容一致", 1.8, "center"),
        Column("须补充", 1.8, "center"),
        Column("备注", 3),
    ]
    rows = []
    for subject, level1, spots in meeting.by_level(meeting.spots):
        rows.append(Line([level_text(subject, level1, several=meeting.several)], "group"))
        for spot in spots:
            i = meeting.scope.indicator(spot)
            found = [i.evidence_status, meeting.evidence_text(i)]
            rows.append(Line([i.code, indicator_text(i), *found, "□", "□", "□", ""]))
    paper = meeting.paper("资料确认单", landscape=True)
    paper.title("资料确认单", meeting.result.title)
    if meeting.file:
        paper.note(f"数据文件：{meeting.file}。")
    paper.table(columns, rows)
    paper.text(f"须补充的资料请于{BLANK_DATE}前提供；逾期未提供的，按评价方案的规定处理。")
    paper.note("委托方和被评价对象对其提供材料的真实性、准确性负责（财监〔2021〕4号第十七条）。")
    paper.signature("被评价单位（盖章）经办人", "评审组核对人")
    return paper.data()


def inquiry_form(meeting: Meeting) -> bytes:
    """质询记录表 to be filled in by hand at the meeting: question, answer, evidence."""
    paper = meeting.paper("质询记录表", landscape=True)
    paper.title("质询记录表", meeting.result.title)
    rows = [Line([str(n), *[""] * 6], height=16) for n in range(1, QUESTIONS + 1)]
    paper.table(INQUIRY_COLUMNS, rows)
    paper.signature("记录人", "被评价单位代表", "主评人")
    return paper.data()


INQUIRY_COLUMNS = [
    Column("序号", 1, "center"),
    Column("提问人", 2, "center"),
    Column("指标", 3.5),
    Column("问题", 6.5),
    Column("被评价单位答复", 6.5),
    Column("佐证", 4),
    Column("时间", 2.2),
]
