"""What was said and decided around the points, as recorded: 质询, 数据更正, 书面意见, 征求意见的采纳情况."""

from __future__ import annotations

from collections.abc import Iterator

from workbench.base.text import moment
from workbench.reports.papers.gathering import INQUIRY_COLUMNS
from workbench.reports.papers.grid import Column, Line
from workbench.reports.papers.meeting import PROCEDURE
from workbench.reports.papers.outcome import Outcome
from workbench.scoring.result import ReviewNote

STATEMENTS = {
    "group_statement": "专家组意见",
    "expert_statement": "专家个人意见",
    "delegate_statement": "人大代表、政协委员意见",
}
CORRECTIONS = ("challenge", "correction")
CORRECTION_WORDS = {"challenge": "质疑", "correction": "数据更正"}


def inquiries(outcome: Outcome) -> bytes | None:
    """质询记录: every question with the unit's answers; None when nobody asked."""
    rows = []
    for number, asked in enumerate(outcome.notes("inquiry"), 1):
        replies = outcome.answers(asked, "answer")
        answers = "\n".join(a.text for a in replies) or "（未答复）"
        proofs = "\n".join(a.evidence for a in replies if a.evidence) or "—"
        rows.append(Line([str(number), asked.by, outcome.about(asked), asked.text, answers, proofs, moment(asked.at)]))
    if not rows:
        return None
    paper = outcome.paper("质询记录", landscape=True)
    paper.table(INQUIRY_COLUMNS, rows)
    paper.signature("记录人", "被评价单位代表", "主评人")
    return paper.data()


def corrections(outcome: Outcome) -> bytes | None:
    """数据更正清单: challenges and corrections with what became of them; None when there are none."""
    columns = [
        Column("记录号", 1.3, "center"),
        Column("事项", 1.8, "center"),
        Column("指标", 3.5),
        Column("内容及理由", 9),
        Column("佐证", 4),
        Column("提出人、时间", 3),
        Column("处理结果", 5),
    ]
    rows = [
        Line(
            [
                str(n.event),
                CORRECTION_WORDS[n.kind],
                outcome.about(n),
                n.text,
                n.evidence or "—",
                _who(n),
                _became(outcome, n),
            ]
        )
        for n in outcome.notes(*CORRECTIONS)
    ]
    if not rows:
        return None
    paper = outcome.paper("数据更正清单", landscape=True)
    paper.table(columns, rows)
    paper.note("更正只改变程序读到的资料，由程序按原规则重新计分；原始资料文件不改动。")
    paper.signature("主评人")
    return paper.data()


def _became(outcome: Outcome, note: ReviewNote) -> str:
    """What happened to a challenge or a correction, with the number of the record that says so."""
    words = {"challenge_rejected": "不予更正", "correction": "已更正", "correction_revoked": "已撤销"}
    found = [f"{words[a.kind]}（第{a.event}号）：{a.text}" for a in outcome.answers(note, *words)]
    return "\n".join(found) or ("待处理" if note.kind == "challenge" else "有效")


def _who(note: ReviewNote) -> str:
    return f"{note.by}\n{moment(note.at)}"


def standing(outcome: Outcome) -> dict[str, list[ReviewNote]]:
    """书面意见 that no later one replaced, by what they are; kinds without any are left out."""
    replaced = {number for note in outcome.notes(*STATEMENTS) for number in note.refers}
    said = {kind: [n for n in outcome.notes(kind) if n.event not in replaced] for kind in STATEMENTS}
    return {kind: notes for kind, notes in said.items() if notes}


def statements(outcome: Outcome) -> bytes | None:
    """书面意见: the group's, each expert's, and apart from them those of 人大代表、政协委员; None when there are none."""
    if not outcome.notes(*STATEMENTS):
        return None
    paper = outcome.paper("专家意见")
    for kind, said in standing(outcome).items():
        paper.heading(STATEMENTS[kind])
        if kind == "delegate_statement":
            paper.note("单独列示，不计入专家评分汇总。")
        for note in said:
            about = outcome.about(note)
            subject = f"　{about}" if about != "—" else ""
            paper.box(f"{note.by}　{moment(note.at)}{subject}", note.text)
    paper.signature("主评人签名")
    return paper.data()


COMMENT_COLUMNS = [
    Column("序号", 1, "center"),
    Column("意见来源", 2.6),
    Column("涉及指标", 3),
    Column("意见内容", 7),
    Column("采纳情况", 1.7, "center"),
    Column("理由", 6),
    Column("修改情况", 5),
]


def comment_lines(outcome: Outcome) -> list[Line]:
    """Every written comment on the draft, 采纳 or 不采纳, why, and what moved."""
    rows = []
    for number, note in enumerate(outcome.notes("comment"), 1):
        replies = outcome.answers(note, "reply")
        last = replies[-1] if replies else None  # an earlier reply is replaced by a later one
        taken = "待答复" if last is None else "采纳" if last.accepted else "不采纳"
        changes = outcome.answers(note, "revision", "correction")
        moved = "\n".join(f"{outcome.about(m)}：{m.text}（第{m.event}号）" for m in changes) or "—"
        source = f"{note.by}\n{moment(note.at)}"
        rows.append(
            Line([str(number), source, outcome.about(note), note.text, taken, last.text if last else "—", moved])
        )
    return rows


def closing_texts(outcome: Outcome) -> Iterator[str]:
    """内部审核 and 定稿: what was said, by whom and when."""
    for note in outcome.notes("internal_review", "finalised"):
        word = "定稿" if note.kind == "finalised" else f"内部审核{'通过' if note.accepted else '未通过'}"
        yield f"{word}{f'：{note.text}' if note.text else ''}（{note.by}，{moment(note.at)}）"


def comments(outcome: Outcome) -> bytes | None:
    """意见采纳情况表 as a paper; None when there are no comments."""
    rows = comment_lines(outcome)
    if not rows:
        return None
    paper = outcome.paper("意见采纳情况表", landscape=True)
    paper.note(f"依据：{PROCEDURE}，对反馈的意见逐一核实，逐条说明采纳或不予采纳的理由。")
    paper.table(COMMENT_COLUMNS, rows)
    for text in closing_texts(outcome):
        paper.note(text)
    paper.signature("主评人签名")
    return paper.data()
