"""How far the experts agree, in words, for the lead, and what another round changed, for all. It never changes a score."""

from __future__ import annotations

from decimal import Decimal

from workbench.base.text import trimmed
from workbench.review.agreement.delphi import convergence
from workbench.review.agreement.model import FEW_EXPERTS, Agreement, Spread
from workbench.review.agreement.panel import across, assess
from workbench.review.agreement.votes import before_this_round, ratings
from workbench.review.page import blocks as b
from workbench.review.page.blocks import Block
from workbench.review.page.session import Session


def agreement_blocks(session: Session) -> list[Block]:
    """Headline, outlying experts, contested indicators, coefficients per level, spread per indicator."""
    desk = session.desk
    collected = ratings(desk.state, desk.scope, session.subject)
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
        b.text("各项指标的得分分布", heading=True),
        _spreads(found),
        b.text("一致性系数", heading=True),
        *(b.text(g.text, "quiet") for g in groups),
        *_across(session),
    ]


def _spreads(found: Agreement) -> Block:
    columns = [("指标", ""), *((word, "number") for word in ("意见数", "最低", "最高", "平均", "中位数", "标准差"))]
    rows = [{"id": s.code, "cells": _cells(s)} for s in found.indicators]
    return b.table("spreads", columns, rows, "没有计入的意见。")


def _cells(found: Spread) -> list[str]:
    numbers = (found.low, found.high, found.mean, found.median, found.deviation)
    return [f"{found.code} {found.name}", str(found.n), *(_number(n) for n in numbers)]


def _number(value: Decimal | None) -> str:
    return "—" if value is None else trimmed(value)


def _across(session: Session) -> list[Block]:
    """Per indicator, whether the experts rank the evaluated subjects alike: there have to be several."""
    desk = session.desk
    if len(desk.subjects) < 2:
        return []
    found = across([ratings(desk.state, desk.scope, subject) for subject, _ in desk.subjects])
    title = b.text("各项指标的一致性系数(跨评价对象)", heading=True)
    return [title, *(b.text(c.text, "quiet") for c in found.values())]


def convergence_blocks(session: Session) -> list[Block]:
    """What the present round changed against the one before, without names; empty in the first round."""
    desk = session.desk
    before = before_this_round(desk.state)
    if before is None:
        return []
    then, now = (ratings(state, desk.scope, session.subject) for state in (before, desk.state))
    found = convergence(then, now)
    shifts = [b.text(s.text, "quiet") for s in found.shifts if s.before.n]
    return [b.text(found.headline), b.text("各项指标", heading=True), *shifts]
