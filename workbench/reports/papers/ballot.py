"""专家打分表: one expert's assigned indicators on paper, to be typed in later from the signed sheet (代录)."""

from __future__ import annotations

from workbench.reports import reading
from workbench.reports.papers.grid import Column, Line
from workbench.reports.papers.meeting import SHORT, Meeting, indicator_text, level_text, points, post_text
from workbench.reports.papers.paper import Paper
from workbench.review.events import CHOICE_WORDS, Choice
from workbench.review.opinions import closed_to_points
from workbench.review.state import Spot
from workbench.scheme.panel import Member

_WRITE = 14.0
"""Height in mm of a row that is filled in by hand."""
COLUMNS = [
    Column("编码", 1.7),
    Column("指标", 4.2),
    Column("分值", 1.4, "right"),
    Column("目标值", 2.2),
    Column("完成值", 2.2),
    Column("佐证状态", 2.0, "center"),
    Column("计算得分", 1.9, "right"),
    Column("评定（勾选）", 3.5, "center"),
    Column("评定得分", 2.2, "center"),
    Column("理由（除认可外必填）", 4.4),
    Column("引用佐证", 2.6),
]


def ballot(meeting: Meeting, member: Member) -> bytes:
    """The scoring sheet of one expert."""
    paper = meeting.paper(f"专家打分表（{member.name}）", landscape=True)
    paper.title("专家打分表", meeting.result.title)
    paper.fields(
        [
            ("专家姓名", member.name),
            ("专家编号", member.id),
            ("专业", member.specialty or ""),
            ("单位、职称", post_text(member)),
            ("评价编号", meeting.result.evaluation),
            ("运行", meeting.scope.docket.run[:SHORT]),
        ],
        across=2,
    )
    assigned = meeting.scope.assigned(member)
    rows = []
    for subject, level1, spots in meeting.by_level(assigned):
        rows.append(Line([level_text(subject, level1, several=meeting.several)], "group"))
        rows += [_row(meeting, spot) for spot in spots]
    paper.table(COLUMNS, rows)
    _below(paper, meeting, member, len(assigned))
    return paper.data()


def _row(meeting: Meeting, spot: Spot) -> Line:
    i = meeting.scope.indicator(spot)
    adjustable = closed_to_points(spot, meeting.scope) is None
    cells = [
        i.code,
        indicator_text(i),
        points(i.weight),
        reading.target_text(i),
        meeting.value_text(i),
        i.evidence_status,
    ]
    room = f"\n（{meeting.bounds_text(spot)}）" if adjustable else "不直接改分"
    return Line([*cells, meeting.computed_text(i), _boxes(meeting, spot, adjustable), room, "", ""], height=_WRITE)


def _boxes(meeting: Meeting, spot: Spot, adjustable: bool) -> str:
    """A box per choice there is: nobody can agree with points they do not see, or with none."""
    seen = meeting.scope.computed(spot) is not None and not meeting.hidden(meeting.scope.indicator(spot))
    offered: list[tuple[Choice, bool]] = [("agree", seen), ("adjust", adjustable), ("abstain", True), ("recuse", True)]
    boxes = [f"□{CHOICE_WORDS[choice]}" for choice, possible in offered if possible]
    return "\n".join(" ".join(boxes[i : i + 2]) for i in range(0, len(boxes), 2))


def _below(paper: Paper, meeting: Meeting, member: Member, assigned: int) -> None:
    paper.note(
        f"填写说明：以上共{assigned}项，每项勾选一种评定；选“调整”的填评定得分，小数至多{meeting.scope.decimals}位；"
        "调整、不评、回避须写理由。注“不直接改分”的指标按资料计分，对数值、佐证或计分档次有异议的写在下栏。"
    )
    declared = [f"{c.reason}" for c in member.conflicts]
    if declared:
        paper.note(f"已声明回避、未列入本表的事项：{'；'.join(declared)}。")
    paper.box("对按资料计分指标的质疑（指标编码、认为有误的数值或佐证、理由）", height=18)
    paper.fields([("专家签名", ""), ("日期", "")], across=2, height=10)
    paper.note("代录栏：由专家签名后的纸质打分表代为录入的，上传签名扫描件，经另一人复核后计入汇总。")
    paper.fields([("代录人", ""), ("代录日期", ""), ("复核人", ""), ("复核日期", "")], across=2, height=8)
