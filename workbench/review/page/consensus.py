"""How far the experts agree, in words, for the lead. It never changes a score."""

from __future__ import annotations

from decimal import Decimal

from workbench.review.agreement.model import FEW_EXPERTS, Item, Rater, Ratings
from workbench.review.agreement.panel import assess
from workbench.review.merging import counted
from workbench.review.page import blocks as b
from workbench.review.page.blocks import Block
from workbench.review.page.session import Session


def ratings(session: Session) -> Ratings:
    """The opinions that count on the page's subject."""
    desk = session.desk
    points: dict[tuple[str, str], Decimal] = {}
    for row in session.rows():
        spot = (session.subject, row.code)
        by_event = {v.event.seq: v.body.expert for v in desk.state.votes_on(spot)}
        points |= {(by_event[c.event], row.code): c.points for c in counted(desk.state, desk.scope, spot)}
    rated = {expert for expert, _ in points}
    experts = tuple(Rater(m.id, m.name) for m in desk.panel.members if m.id in rated)
    items = tuple(Item(r.code, r.name, r.level1, r.weight, desk.docket.judged(r.code)) for r in session.rows())
    return Ratings(experts, items, points)


def agreement_blocks(session: Session) -> list[Block]:
    """Headline, outlying experts, contested indicators, coefficients."""
    collected = ratings(session)
    if len(collected.experts) < 2:
        return [b.text("至少两位专家给出意见后才能计算一致性。", "quiet")]
    found = assess(collected)
    few = len(collected.experts) < FEW_EXPERTS
    notes = [b.text(f"仅供参考:专家不足{FEW_EXPERTS}人。", "warn")] if few else []
    leaning = [b.text(o.text) for o in found.outliers] or [b.text("没有专家系统性偏高或偏低。", "quiet")]
    apart = [b.text(s.text) for s in found.wide] or [b.text("没有分歧较大的指标。", "quiet")]
    groups = [g for g in (found.judged, found.overall, *found.levels) if g is not None]
    return [
        *notes,
        b.text(found.headline),
        b.text("偏离的专家", heading=True),
        *leaning,
        b.text("分歧较大的指标", heading=True),
        *apart,
        b.text("一致性系数", heading=True),
        *(b.text(g.text, "quiet") for g in groups),
    ]
