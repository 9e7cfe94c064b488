"""Written opinions: of each expert, of the group, and of 人大代表、政协委员, which stand by themselves. Blank, or as recorded."""

from __future__ import annotations

from collections.abc import Sequence

from workbench.reports.papers.grid import Column, Line
from workbench.reports.papers.meeting import Meeting, post_text, roles_text
from workbench.reports.papers.paper import Paper
from workbench.scheme.panel import Member

EX_ANTE = "事前评估"
EX_ANTE_PARTS = ("立项必要性", "投入经济性", "绩效目标合理性", "实施方案可行性", "筹资合规性")
"""The five contents of 事前绩效评估 (茌平 2020; 郑州 2023); elsewhere they are named differently."""
EX_ANTE_CONCLUSIONS = ("建议予以支持", "调整完善后予以支持", "部分支持", "不予支持")
"""Of Henan's and Zhengzhou's rules on 事前绩效评估; 部分支持 has to say what is and what is not."""
PARTS = ("对指标体系、评分规则和佐证资料的意见", "主要绩效", "存在的问题", "改进建议")
_WRITE = 11.0


def expert_form(meeting: Meeting, member: Member) -> bytes:
    """专家个人意见: one expert's, before and apart from the group's."""
    paper = meeting.paper(f"专家个人意见（{member.name}）")
    paper.title("专家个人意见", meeting.result.title)
    paper.fields(
        [
            ("专家姓名", member.name),
            ("专业", member.specialty or ""),
            ("单位", member.organisation or ""),
            ("职称、职务", member.title or ""),
        ],
        across=2,
    )
    _parts(paper, meeting, height=38)
    paper.note("专家独立填写，早于专家组意见。")
    paper.signature("专家签名")
    return paper.data()


def group_form(meeting: Meeting) -> bytes:
    """专家组意见: signed by every expert and the lead evaluator."""
    paper = meeting.paper("专家组意见")
    paper.title("专家组意见", meeting.result.title)
    paper.box("评审过程（时间、地点、参加人员、查阅资料、质询情况）", height=30)
    _parts(paper, meeting, height=28)
    signatures(paper, meeting.panel.having("expert"))
    paper.signature("主评人签名")
    return paper.data()


def delegate_form(meeting: Meeting) -> bytes:
    """人大代表、政协委员意见: a page for each, or one for whoever comes; never mixed with the experts'."""
    paper = meeting.paper("人大代表、政协委员意见", pages=False)
    for number, member in enumerate(meeting.panel.having("delegate") or [None]):
        if number:
            paper.new_page()
        paper.title("人大代表、政协委员意见", meeting.result.title)
        name, unit = (member.name, member.organisation or "") if member else ("", "")
        paper.fields([("姓名", name), ("单位", unit), ("身份", "□人大代表　□政协委员"), ("", "")], across=2)
        paper.box("意见和建议", height=120)
        paper.note("本意见单独列示，不计入专家评分汇总。")
        paper.signature("签名")
    return paper.data()


def signatures(paper: Paper, members: Sequence[Member]) -> None:
    """A row to sign in for every expert."""
    columns = [
        Column("序号", 1, "center"),
        Column("姓名", 2, "center"),
        Column("分工（专业）", 3.5),
        Column("单位、职称", 4),
        Column("签名", 3),
        Column("日期", 2.5),
    ]
    rows = [[str(n), m.name, roles_text(m), post_text(m), "", ""] for n, m in enumerate(members, 1)]
    paper.table(columns, [Line(row, height=_WRITE) for row in rows])


def _parts(paper: Paper, meeting: Meeting, height: float) -> None:
    ex_ante = meeting.result.stage == EX_ANTE
    for part in EX_ANTE_PARTS if ex_ante else PARTS:
        paper.box(part, height=height)
    if ex_ante:
        paper.box(
            "总体结论（勾选一项；部分支持的写明支持与不支持的内容）", "　".join(f"□{c}" for c in EX_ANTE_CONCLUSIONS)
        )
