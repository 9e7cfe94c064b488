"""Bonus ledger (加减分台账): every bonus and deduction item against its limit, and what the limit on all of them leaves."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from matplotlib.figure import Figure

from workbench.base.text import plain
from workbench.reports import reading
from workbench.reports.canvas import AXIS, MARGIN, WIDTH, Canvas, Foot, Head, Rows, Scale
from workbench.reports.reading import number, total_of
from workbench.reports.style import (
    BODY,
    GAINED,
    INK,
    LOST,
    MUTED,
    PENDING,
    REACHED,
    SMALL,
    TRACK,
    Fill,
    Stroke,
    drawing,
    text_width,
)
from workbench.scoring.result import ExtraResult, SubjectResult

_TRACK = Fill(TRACK, "#B8C0C8")
_CAP = Stroke(INK, 1.4, (4, 2.5))
_ZERO = Decimal(0)
NONE = "本指标包没有加分、扣分项"


@dataclass(frozen=True, slots=True)
class Entry:
    """One row: an item, or the sum of a block. ``points`` None: still open. ``over``: points the cap cuts off."""

    label: str
    points: Decimal | None
    limit: Decimal | None
    texts: tuple[str, str]
    fill: Fill
    over: Decimal = _ZERO
    cap: Decimal | None = None


def entries(subject: SubjectResult) -> list[Entry]:
    """The rows in order: bonus items and their sum, deduction items and theirs."""
    rows = [_item(item, "+", GAINED) for item in subject.bonus]
    rows += [_sum(subject, "bonus", subject.bonus)] if subject.bonus else []
    rows += [_item(item, "−", LOST) for item in subject.deductions]
    return rows + ([_sum(subject, "deductions", subject.deductions)] if subject.deductions else [])


def _item(item: ExtraResult, sign: str, fill: Fill) -> Entry:
    points = None if item.points is None else abs(number(item.points))
    return Entry(item.name, points, number(item.limit), (f"{_said(points, sign)} / 限 {item.limit}", item.state), fill)


def _said(points: Decimal | None, sign: str) -> str:
    return "待定" if points is None else f"{sign}{plain(points)}" if points else plain(points)


def _sum(subject: SubjectResult, step: str, items: list[ExtraResult]) -> Entry:
    counted = abs(reading.extras(subject, step))
    over = max(abs(total_of(i.points for i in items)) - counted, _ZERO)
    word, sign = ("加分", "+") if step == "bonus" else ("扣分", "−")
    cap = number(subject.bonus_cap) if step == "bonus" and subject.bonus_cap is not None else None
    pending = sum(i.points is None for i in items)
    notes = [f"上限 {plain(cap)}"] if cap is not None else []
    notes += [f"超限不计 {plain(over)}"] if over else []
    notes += [f"{pending}项待定"] if pending else []
    return Entry(f"{word}合计", counted, None, (_said(counted, sign), ",".join(notes)), REACHED, over, cap)


@drawing()
def bonus_ledger(subject: SubjectResult) -> Figure:
    """One bar per item from nothing to its limit; sums dark, with the cap as a dashed line."""
    rows = entries(subject)
    head = Head.of(f"{subject.name}:加分与扣分", reading.standing(subject))
    if not rows:
        canvas = Canvas(head.height + 30 + MARGIN)
        head.draw(canvas)
        canvas.text(MARGIN, head.height + 12, f"没有可画的数据:{NONE}。", BODY, MUTED)
        return canvas.figure
    labels = Rows.of([r.label for r in rows], 140, head.height, minimum=34)
    room = max(text_width(t, SMALL) for r in rows for t in r.texts) + 12
    most = max(n for r in rows for n in ((r.points or _ZERO) + r.over, r.limit or _ZERO, r.cap or _ZERO))
    foot = _foot(rows)
    canvas = Canvas(labels.bottom + AXIS + foot.height)
    head.draw(canvas)
    scale = Scale(_ZERO, most or Decimal(1), labels.left, WIDTH - MARGIN - room)
    scale.draw(canvas, head.height, labels.bottom)
    for y, row in zip(labels.draw(canvas), rows, strict=True):
        _bar(canvas, scale, y, row)
        canvas.text(scale.right + 10, y, [t for t in row.texts if t], SMALL)
    foot.draw(canvas, labels.bottom + AXIS)
    return canvas.figure


def _foot(rows: list[Entry]) -> Foot:
    keys: list[tuple[str, Fill | Stroke]] = []
    keys += [("加分", GAINED)] if any(r.fill is GAINED for r in rows) else []
    keys += [("扣分", LOST)] if any(r.fill is LOST for r in rows) else []
    keys += [("本项限额", _TRACK), ("计入总分", REACHED)]
    keys += [("待定,或超过上限不计", PENDING)] if any(r.points is None or r.over for r in rows) else []
    keys += [("合计上限", _CAP)] if any(r.cap is not None for r in rows) else []
    return Foot(keys)


def _bar(canvas: Canvas, scale: Scale, y: float, row: Entry) -> None:
    zero = scale(_ZERO)
    if row.limit is not None:
        canvas.box(zero, scale(row.limit), y, 14, _TRACK if row.points is not None else PENDING)
    if row.points:
        canvas.box(zero, scale(row.points), y, 14, row.fill)
    if row.over and row.points is not None:
        canvas.box(scale(row.points), scale(row.points + row.over), y, 14, PENDING)
    if row.cap is not None:
        canvas.stroke([(scale(row.cap), y - 15), (scale(row.cap), y + 15)], _CAP)


def ledger_alt(subject: SubjectResult) -> str:
    """The ledger in one sentence."""
    parts = [f"{r.label}{r.texts[0]}" + (f"({r.texts[1]})" if r.texts[1] else "") for r in entries(subject)]
    return f"条形图:{subject.name}的加分与扣分,{'、'.join(parts) or NONE}。"
