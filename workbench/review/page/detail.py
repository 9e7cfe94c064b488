"""One indicator as the browser gets it: how it was scored, its evidence, what was said, and what may be said now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from statistics import median
from typing import Any

from workbench.base.text import trimmed
from workbench.review.events import CHOICE_WORDS, Choice
from workbench.review.page import wording
from workbench.review.page.part import Content
from workbench.review.page.session import Session
from workbench.review.views import FLAG_WORDS, STATUS_WORDS, Detail, EvidenceLine, HistoryLine, Said
from workbench.scheme.basis import EXAMPLE_LABEL

ABOUTS = [["value", "数值不对"], ["evidence", "佐证不足或不符"], ["branch", "适用的计分档次不对"]]
_CHOICES: tuple[Choice, ...] = ("agree", "adjust", "abstain", "recuse")
_SHOWN_HISTORY = 40


def detail_content(session: Session) -> Content:
    """The detail of the selected indicator and its form; both None when none is selected."""
    if session.selected is None:
        return {"page": session.page, "detail": None, "form": None}
    detail = session.desk.detail(session.subject, session.selected)
    row = next((r for r in session.rows() if r.code == session.selected), detail.row)
    detail = replace(detail, row=row)
    return {"page": session.page, "detail": _detail(detail), "form": _form(session, detail)}


def _detail(detail: Detail) -> dict[str, Any]:
    row = detail.row
    return {
        "row": {"code": row.code, "name": row.name, "flags": [[f, FLAG_WORDS[f]] for f in row.flags]},
        "notes": [EXAMPLE_LABEL] if detail.example else [],
        "facts": _facts(detail),
        "basis": _basis(detail),
        "evidence": [_evidence(line) for line in detail.evidence],
        "opinions": [_opinion(said) for said in detail.opinions],
        "strip": _strip(detail.distribution, row.weight),
        "history": [history_line(line) for line in detail.history[:_SHOWN_HISTORY]],
    }


def _facts(detail: Detail) -> list[list[str]]:
    row = detail.row
    computed = row.value if row.computed_hidden else wording.points(row.computed) or "未评分"
    facts = [
        ["目标值", detail.target or "—", "target"],
        ["实际值", row.value or "—", "value"],
        ["佐证", row.evidence_status, "evidence"],
        ["计算得分", computed, "computed"],
        ["满分", wording.points(row.weight) or "", "weight"],
    ]
    if row.panel is not None:
        facts.append(["评审组", wording.points(row.panel) or "", "panel"])
    if row.final is not None:
        facts.append(["现行得分", wording.points(row.final) or "", "final"])
    return [*facts, ["状态", STATUS_WORDS[row.status], "status"]]


def _basis(detail: Detail) -> list[list[str | None]]:
    """Label, text and style of each line on how the points came about."""
    hidden = detail.row.value if detail.row.computed_hidden else None
    return [
        ["评分说明", hidden or detail.explanation, "wb-main"],
        ["计算公式", detail.formula, "wb-formula"],
        ["代入数值", hidden if hidden and detail.formula else detail.substituted, "wb-formula"],
        ["计分规则", detail.rule_text, ""],
        ["依据条款", detail.clause, ""],
    ]


def _evidence(line: EvidenceLine) -> dict[str, Any]:
    return {
        "title": line.title,
        "place": line.place,
        "status": line.status,
        "document": line.document if line.sha256 is None else None,
        "file": line.document or line.title,
        "sha256": line.sha256,
    }


def _opinion(said: Said) -> dict[str, Any]:
    notes = [f"第{said.round}轮"] + ([f"由{said.entered_by}代录"] if said.entered_by else [])
    return {
        "event": said.event,
        "who": said.who or "专家(匿名)",
        "choice": said.choice,
        "choice_word": CHOICE_WORDS[said.choice],
        "points": wording.points(said.points),
        "reason": said.reason,
        "evidence": said.evidence,
        "at": wording.moment(said.at),
        "notes": [*notes, *(["已撤回"] if said.withdrawn else []), *([] if said.counted else ["不计入汇总"])],
        "withdrawn": said.withdrawn,
        "attachments": wording.papers(said.attachments),
    }


def history_line(line: HistoryLine) -> dict[str, Any]:
    """One event in words."""
    return {"at": wording.moment(line.at), "who": line.who, "text": line.text, "event": line.event}


def _strip(points: Sequence[Decimal], weight: Decimal) -> dict[str, Any] | None:
    """Dots on a line from 0 to full points: share of the line and how many stand below, with the same in words."""
    if not points or weight <= 0:
        return None
    ordered = sorted(points)
    stacked = [(p, ordered[:i].count(p)) for i, p in enumerate(ordered)]
    middle = median(ordered)
    listed = "、".join(wording.points(p) or "" for p in ordered)
    return {
        "dots": [[float(p / weight), above] for p, above in stacked],
        "middle": float(middle / weight),
        "ends": ["0", trimmed(weight)],
        "text": f"{len(ordered)}人:{listed}分;中位数{trimmed(middle)}分",
    }


def _form(session: Session, detail: Detail) -> dict[str, Any]:
    typing = "clerk" in session.desk.member.roles and "expert" not in session.desk.member.roles
    open_now = bool(detail.choices) and (session.entry is not None or not typing)
    return {
        "code": detail.row.code,
        "choices": _choices(detail) if open_now else [],
        "closed": _closed(session, detail, typing),
        "bounds": f"可填{trimmed(detail.bounds.lowest)}至{trimmed(detail.bounds.highest)}分",
        "evidence": [line.title for line in detail.evidence],
        "mine": _mine(session, detail),
        "can_challenge": detail.can_challenge,
        "abouts": ABOUTS,
    }


def _choices(detail: Detail) -> list[dict[str, Any]]:
    """All four, so that their keys stay where they are; one that is closed now says why."""
    why = {
        "agree": "该指标的计算得分尚未向您显示,不能认可;请给出得分,或选择不评。"
        if detail.row.computed_hidden
        else "该指标程序未评分,没有可认可的得分;请给出得分,或选择不评。",
        "adjust": detail.bounds.why_not or "现在不能调整该指标的得分。",
    }
    return [
        {
            "choice": choice,
            "word": CHOICE_WORDS[choice],
            "why_not": None if choice in detail.choices else why.get(choice, "现在不能选择。"),
        }
        for choice in _CHOICES
    ]


def _closed(session: Session, detail: Detail, typing: bool) -> str | None:
    """Why there is no form, for who might expect one."""
    if typing and session.entry is None and detail.choices:
        return "代录请先在“代录”页选择专家,并上传本人签字的打分表扫描件。"
    if detail.choices or "expert" not in session.desk.member.roles:
        return None
    status = detail.row.status
    if status == "recused":
        return "您对该指标已声明回避。"
    return "该指标没有分派给您。" if status == "not_assigned" else "本轮意见已提交或评审已结束,不能再改。"


def _mine(session: Session, detail: Detail) -> dict[str, Any] | None:
    """The opinion that stands, so that it can be read, replaced or taken back."""
    vote = session.vote(detail.row.code)
    if vote is None:
        return None
    given = f"{wording.points(vote.body.points)}分" if vote.body.points is not None else ""
    stale = "stale" in detail.row.flags
    return {
        "event": vote.event.seq,
        "choice": vote.body.choice,
        "text": f"{'资料已变,原' if stale else '现行'}意见:{CHOICE_WORDS[vote.body.choice]}{given}({wording.moment(vote.event.at)})",
        "can_withdraw": bool(detail.choices) and vote.event.actor == session.desk.actor,
    }
