"""Lines over time or a quantity, and dots on two axes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import groupby, pairwise

from matplotlib.figure import Figure

from workbench.reports.canvas import Align, Canvas, Foot
from workbench.reports.plots.data import Data, Mark, sentence, shown
from workbench.reports.plots.frame import Field, Key, empty_sheet, field_sheet
from workbench.reports.style import INK, MUTED, SMALL, Fill, Stroke, drawable, text_width

SERIES = (
    Stroke("#1F4E79", 1.6, (), "o", 5, "#1F4E79"),
    Stroke("#A85A1F", 1.6, (5, 2), "s", 5),
    Stroke("#3F7F6B", 1.6, (6, 2, 1, 2), "^", 5.5, "#3F7F6B"),
    Stroke("#5B2333", 1.6, (1.5, 1.5), "D", 4.5),
)
"""Told apart by dashes and markers."""
OTHER = Stroke("#9AA5B1", 0.9, ())
REFERENCE = Stroke(MUTED, 1.2, (4, 2.5))
INTERVAL = Fill("#E9EDF1", "#B8C0C8")
OWN_DOT = Stroke("#1F4E79", 1.0, None, "D", 8, "#1F4E79")
DOT = Stroke("#5F6B78", 1.0, None, "o", 5.5, "#C6D3E0")
_NUMBERED = 12
"""Up to so many points of a single line carry their number."""
_CROWDED = 40
_GAP = 11.0


@dataclass
class Taken:
    """Room on the sheet that is written on already."""

    boxes: list[tuple[float, float, float, float]]

    def claim(self, x: float, y: float, text: str, align: Align, forced: bool = False) -> bool:
        """Whether ``text`` fits at a spot without touching what is there; if so the room is taken."""
        width = text_width(text, SMALL)
        left = x - {"left": 0.0, "center": width / 2, "right": width}[align]
        box = (left, y - 5, left + width, y + 5)
        free = not any(box[0] < b[2] and b[0] < box[2] and box[1] < b[3] and b[1] < box[3] for b in self.boxes)
        if free or forced:
            self.boxes.append(box)
        return free or forced


def _placed(data: Data) -> list[Mark]:
    return sorted(data.marks, key=lambda m: _x(m))


def _x(mark: Mark) -> Decimal:
    assert mark.x is not None  # data_of has sorted the others out
    return mark.x


def _background(data: Data, marks: Sequence[Mark], field: Field) -> None:
    """The interval as a band and the reference as a dashed line, behind everything else."""
    canvas = field.canvas
    ends = [(field.x(_x(m)), m.low, m.high) for m in marks if m.low is not None and m.high is not None]
    if len(ends) > 1:
        upper = [(x, field.y(high)) for x, _, high in ends if high is not None]
        lower = [(x, field.y(low)) for x, low, _ in ends if low is not None]
        canvas.polygon([*upper, *reversed(lower)], INTERVAL)
    elif ends:
        x, low, high = ends[0]
        canvas.line([(x, field.y(low or Decimal(0))), (x, field.y(high or Decimal(0)))], MUTED, 1.2)
    points = [(field.x(_x(m)), field.y(m.reference)) for m in marks if m.reference is not None]
    if points:
        canvas.stroke(points, REFERENCE if len(points) > 1 else replace(REFERENCE, dashes=None, marker="_", size=14))


def _background_keys(data: Data, marks: Sequence[Mark]) -> list[Key]:
    keys: list[Key] = []
    reference, low, high = data.named("reference"), data.named("low"), data.named("high")
    if reference and any(m.reference is not None for m in marks):
        keys.append((reference, REFERENCE))
    if low and any(m.low is not None and m.high is not None for m in marks):
        keys.append((f"{low}—{high}", INTERVAL))
    return keys


def lines(data: Data) -> Figure:
    """One line per series (or per subject where all stand side by side), broken where a number is missing."""
    marks = _placed(data)
    if not marks:
        return empty_sheet(data)
    keys: list[Key] = list(zip(data.series, SERIES, strict=False))
    if data.side_by_side:
        keys = [(f"{data.series[0]}:本对象", SERIES[0]), ("其他对象", OTHER)]
    elif len(data.series) == 1 and data.chart.reference is None:
        keys = []
    foot = Foot([*keys, *_background_keys(data, marks)], data.remark())
    numbers = [n for m in marks for n in m.numbers]
    ends = max(text_width(shown(v), SMALL) for m in marks for v in m.values if v is not None) + 14
    field = field_sheet(data, [_x(m) for m in marks], numbers, ends, foot)
    _background(data, marks, field)
    if data.side_by_side:
        _subjects(data, marks, field)
    else:
        _series(data, marks, field)
    return field.canvas.figure


def _path(field: Field, marks: Sequence[Mark], i: int) -> list[list[tuple[float, float]]]:
    """The points of one series in pieces without a gap."""
    pieces = []
    for known, group in groupby(marks, key=lambda m: m.values[i] is not None):
        if known:
            pieces.append([(field.x(_x(m)), field.y(v)) for m in group if (v := m.values[i]) is not None])
    return pieces


def _series(data: Data, marks: Sequence[Mark], field: Field) -> None:
    taken = Taken([])
    for i, stroke in enumerate(SERIES[: len(data.series)]):
        drawn = replace(stroke, size=2.5) if len(marks) > _CROWDED else stroke
        pieces = _path(field, marks, i)
        for piece in pieces:
            field.canvas.stroke(piece, drawn)
        known = [m for m in marks if m.values[i] is not None]
        if known:
            _number_at_end(field, known[-1], i, taken, stroke.color)
    if len(data.series) == 1 and len(marks) <= _NUMBERED:
        _numbers(field, [m for m in marks if m.values[0] is not None], taken)


def _number_at_end(field: Field, mark: Mark, i: int, taken: Taken, color: str) -> None:
    """The last number beside its point, moved up or down where another stands."""
    number = mark.values[i]
    if number is None:
        return
    text, x, y = shown(number), field.x(_x(mark)) + 8, field.y(number)
    shifts = sorted((k * _GAP for k in range(-4, 5)), key=abs)
    spots = [y + s for s in shifts if field.top - 4 <= y + s <= field.bottom + 4]
    for spot in spots:
        if taken.claim(x, spot, text, "left"):
            field.canvas.text(x, spot, text, SMALL, color, halo=True)
            return


def _numbers(field: Field, marks: Sequence[Mark], taken: Taken) -> None:
    """Each number but the last beside its point, on the side the line does not take."""
    for mark, following in pairwise(marks):
        text, x, y = shown(mark.value), field.x(_x(mark)) + 3, field.y(mark.value)
        below, above = y + 11, y - 11
        for spot in (below, above) if following.value > mark.value else (above, below):
            if field.top - 2 <= spot <= field.bottom - 6 and taken.claim(x, spot, text, "left"):
                field.canvas.text(x, spot, text, SMALL, INK, halo=True)
                break


def _subjects(data: Data, marks: Sequence[Mark], field: Field) -> None:
    """Everybody's line thin, the subject's own last and strong; names at the ends where there is room."""
    taken = Taken([])
    by_subject = {name: [m for m in marks if m.subject == name] for name in dict.fromkeys(m.subject for m in marks)}
    own = [g for g in by_subject.values() if g[0].own]
    for group in [*(g for g in by_subject.values() if not g[0].own), *own]:
        stroke = SERIES[0] if group[0].own else OTHER
        for piece in _path(field, group, 0):
            field.canvas.stroke(piece if len(piece) > 1 or stroke.marker else [*piece, *piece], stroke)
    for group in own:
        _number_at_end(field, group[-1], 0, taken, SERIES[0].color)


def lines_alt(data: Data) -> str:
    """The lines in one sentence: first, last, lowest and highest number of each."""
    marks, parts = _placed(data), []
    groups = [(title, marks, i) for i, title in enumerate(data.series)]
    if data.side_by_side:
        names = dict.fromkeys(m.subject for m in marks)
        groups = [(own[0].label, own, 0) for name in names if (own := [m for m in marks if m.subject == name])]
    for title, group, i in groups:
        known = [(m, v) for m in group if (v := m.values[i]) is not None]
        if known:
            parts.append(f"{title}{_course(known, data)}")
    reference = [(m, m.reference) for m in marks if m.reference is not None]
    if reference:
        parts.append(f"{data.named('reference')}{_course(reference, data)}")
    return sentence("折线图", data, parts)


def _course(known: Sequence[tuple[Mark, Decimal]], data: Data) -> str:
    def said(point: tuple[Mark, Decimal]) -> str:
        return f"{data.place(_x(point[0]))}为{shown(point[1])}"

    low, high = min(known, key=lambda p: p[1]), max(known, key=lambda p: p[1])
    text = said(known[0]) if len(known) == 1 else f"自{said(known[0])}到{said(known[-1])}"
    return text if len(known) < 3 else f"{text}(最低{said(low)},最高{said(high)})"


def scatter(data: Data) -> Figure:
    """One dot per row, the subject's own larger and dark; names where they do not collide."""
    marks = _placed(data)
    if not marks:
        return empty_sheet(data)
    keys: list[Key] = [("本对象", OWN_DOT), ("其他对象", DOT)] if any(m.own for m in marks) else []
    foot = Foot([*keys, *_background_keys(data, marks)], data.remark())
    field = field_sheet(data, [_x(m) for m in marks], [n for m in marks for n in m.numbers], 30, foot)
    _background(data, marks, field)
    for mark in sorted(marks, key=lambda m: m.own):
        field.canvas.stroke([(field.x(_x(mark)), field.y(mark.value))], OWN_DOT if mark.own else DOT)
    _names(field.canvas, field, sorted(marks, key=lambda m: not m.own))
    return field.canvas.figure


def _together(field: Field, marks: Sequence[Mark]) -> list[tuple[float, float, list[Mark]]]:
    """Marks whose dots cover each other, with the place of the first: one name is said for all of them."""
    found: list[tuple[float, float, list[Mark]]] = []
    for mark in marks:
        x, y = field.x(_x(mark)), field.y(mark.value)
        there = next((g for g in found if abs(g[0] - x) < _COVERED and abs(g[1] - y) < _COVERED), None)
        if there is None:
            found.append((x, y, [mark]))
        else:
            there[2].append(mark)
    return found


def _names(canvas: Canvas, field: Field, marks: Sequence[Mark]) -> None:
    groups = _together(field, marks)
    taken = Taken([(x - 4, y - 4, x + 4, y + 4) for x, y, _ in groups])
    for x, y, group in groups:
        mark, count = group[0], len(group)
        text = _short(drawable(mark.label)) + (f"等{count}个" if count > 1 else "")
        for dx, dy, align in _AROUND:
            width = text_width(text, SMALL)
            left = x + dx - {"left": 0.0, "center": width / 2, "right": width}[align]
            inside = field.x.left - 6 <= left and left + width <= field.x.right + 34
            inside = inside and field.top - 6 <= y + dy <= field.bottom - 6
            if inside and taken.claim(x + dx, y + dy, text, align):
                canvas.text(x + dx, y + dy, text, SMALL, INK if mark.own else MUTED, align, halo=True)
                break


_AROUND: tuple[tuple[float, float, Align], ...] = (
    (7, -9, "left"),
    (-7, -9, "right"),
    (7, 9, "left"),
    (-7, 9, "right"),
    (9, 0, "left"),
    (-9, 0, "right"),
    (0, -12, "center"),
    (0, 12, "center"),
)
"""Where a name may stand around its dot, the best place first."""
_LONGEST = 14
_COVERED = 3.0
"""Points between two dots that lie on each other."""


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…"


def scatter_alt(data: Data) -> str:
    """The dots in one sentence."""
    assert data.chart.x is not None
    axes = f"横轴{data.axis(data.chart.x)}、纵轴{data.axis(data.chart.values[0])}"
    parts = [f"{m.label}({data.place(_x(m))},{shown(m.value)})" for m in _placed(data)]
    return sentence("散点图", data, parts and [f"{axes}:{parts[0]}", *parts[1:]])
