"""The top of the page: title, next step, what a merge would mean (for who may see it), submitting, tabs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from workbench.review.page import wording
from workbench.review.page.part import Content
from workbench.review.page.session import Session, is_unjudged
from workbench.review.views import Heading, Row
from workbench.scoring.outlook import Outlook


def conclusion_content(session: Session, heading: Heading) -> Content:
    """What people wait for after each step: the totals, and what to do next."""
    return {
        "next_step": heading.next_step,
        "phase": heading.phase,
        "round": heading.round if session.desk.state.phase == "open" else None,
        "progress": _progress(heading),
        "tiles": _tiles(heading),
    }


def head_content(
    session: Session, heading: Heading, rows: Sequence[Row], tabs: Sequence[dict[str, Any]], tab: str
) -> Content:
    """Everything the top shows."""
    expert = session.desk.panel.member(session.expert)
    typing = f"正在代录:{expert.name if expert else session.expert}" if session.entry else None
    return conclusion_content(session, heading) | {
        "title": heading.title,
        "subjects": [list(s) for s in session.desk.subjects],
        "subject": heading.subject,
        "subject_name": heading.subject_name,
        "person": heading.person,
        "roles": heading.roles,
        "submit": _submit(session, heading, rows),
        "agreeable": _agreeable(session, heading, rows),
        "entry": f"{typing}({session.entry[1].name})" if session.entry else None,
        "tabs": list(tabs),
        "tab": tab,
    }


def _submit(session: Session, heading: Heading, rows: Sequence[Row]) -> dict[str, Any] | None:
    """The submit button, and what is missing; None for who has nothing to submit or has done so."""
    if "submission" not in heading.can:
        return None
    own = next((p for p in heading.progress if p.expert == session.expert), None)
    if session.entry is None and (own is None or own.submitted):
        return None
    here = [r.code for r in rows if is_unjudged(r)]
    missing = own.assigned - own.judged if own else len(here)
    first = here[0] if here else None
    elsewhere = "" if here or not missing else "(在其他评价对象)"
    return {
        "missing": f"还有{missing}项未评定{elsewhere}",
        "first": first if missing else None,
        "question": "提交后本轮意见不能再改。确认提交吗?",
    }


def _agreeable(session: Session, heading: Heading, rows: Sequence[Row]) -> dict[str, Any] | None:
    """认可其余已核实的定量指标: what one click would accept, named one by one before it does."""
    if "opinion" not in heading.can or session.entry is not None:
        return None
    codes = {code for _, code in session.desk.agreeable(session.subject)}
    listed = [
        f"{r.code} {r.name}:{wording.points(r.computed) or '—'}分(满分{wording.points(r.weight)}分)"
        for r in rows
        if r.code in codes
    ]
    if not listed:
        return None
    return {
        "text": f"认可其余已核实的定量指标({len(listed)})",
        "question": f"以下{len(listed)}项由已核实的资料按规则计算得分,尚未评定。确认对每一项都选择“认可”吗?",
        "list": listed,
    }


def _progress(heading: Heading) -> str | None:
    """How far the panel has come, for who may see it."""
    if len(heading.progress) < 2:
        return None
    submitted = sum(p.submitted for p in heading.progress)
    judged, assigned = sum(p.judged for p in heading.progress), sum(p.assigned for p in heading.progress)
    return f"专家已提交{submitted}/{len(heading.progress)}人,已评定{judged}/{assigned}项"


def _tiles(heading: Heading) -> list[dict[str, Any]]:
    """Computed, merged and possible totals with grade and boundary; nothing for who may not see the conclusion."""
    tiles: list[dict[str, Any]] = []
    if heading.computed is not None:
        tiles.append(_tile("computed", "计算总分", heading.computed))
    if heading.current is not None:
        tiles.append(_tile("current", "现行总分", heading.current, tone="wb-strong"))
    if heading.preview is not None:
        tiles.append(_tile("preview", wording.PREVIEW, heading.preview))
    if heading.current is not None:
        tiles.append(_consequences(heading.current))
    return tiles


def _tile(key: str, label: str, outlook: Outlook, tone: str | None = None) -> dict[str, Any]:
    return {
        "key": key,
        "label": label,
        "total": wording.total(outlook),
        "grade": wording.grade(outlook),
        "lines": wording.boundaries(outlook),
        "tone": tone,
    }


def _consequences(outlook: Outlook) -> dict[str, Any]:
    """Caps that apply or were not checked, and what follows from the result."""
    hit = [c.text for c in outlook.caps if c.state == "触发"]
    open_caps = [c.text for c in outlook.caps if c.state == "未核查"]
    parts = ([f"触发{len(hit)}项"] if hit else []) + ([f"未核查{len(open_caps)}项"] if open_caps else [])
    follows = [c.text for c in outlook.consequence]
    return {
        "key": "caps",
        "label": "限级与应用",
        "total": "、".join(parts) or "无限级",
        "lines": follows[:1] + ([f"另有{len(follows) - 1}条"] if len(follows) > 1 else []),
        "hint": "\n".join([*hit, *open_caps, *follows]) or None,
    }
