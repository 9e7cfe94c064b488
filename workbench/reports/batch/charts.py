"""The two charts of a pack: how many subjects have each grade, and how their points are spread."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from matplotlib.figure import Figure

from workbench.base.errors import shorten
from workbench.base.text import plain
from workbench.reports import reading
from workbench.reports.batch.distribution import Distribution
from workbench.reports.batch.rows import PENDING
from workbench.reports.canvas import AXIS, MARGIN, WIDTH, Canvas, Foot, Head, Rows, Scale
from workbench.reports.style import ADJUSTED, GAINED, REACHED, SMALL, Fill, drawing
from workbench.reports.style import PENDING as HATCHED

_COLUMN, _ROOM = 90, 130
"""Points for the names of bars, and for what is written behind them."""
_SCALE_AT_LEAST = 5
"""Or the numbers under a short scale would be fractions of a subject."""
_NAME = 60
"""Characters of a pack's name in a title."""
_NO_GRADE = (reading.UNGRADED, PENDING)
Key = tuple[str, Fill]
Bar = tuple[str, Sequence[tuple[int, Fill]], str]
"""Name, parts and what is written behind them."""


@drawing()
def grade_chart(of: Distribution) -> Figure:
    """A bar for each grade, 暂定 ones set apart."""
    drawn: list[Bar] = []
    for grade in of.grades:
        sure = HATCHED if grade.grade == PENDING else ADJUSTED if grade.grade == reading.UNGRADED else REACHED
        parts = [(grade.count - grade.provisional, sure), (grade.provisional, GAINED)]
        drawn.append((grade.grade, parts, f"{grade.count}个 {plain(grade.share)}%"))
    keys: list[Key] = [("已评定", REACHED)] if any(g.grade not in _NO_GRADE for g in of.grades) else []
    keys += [("其中暂定", GAINED)] if any(g.provisional for g in of.grades) else []
    keys += [("未评定", ADJUSTED)] if any(g.grade == reading.UNGRADED for g in of.grades) else []
    keys += [("待定:有未评分指标", HATCHED)] if of.scored < of.subjects else []
    return _bars(f"{shorten(of.name, _NAME)}:等级分布", f"评价对象{of.subjects}个", drawn, keys)


@drawing()
def points_chart(of: Distribution) -> Figure:
    """A bar for each band; what may still fall into it is hatched."""
    drawn: list[Bar] = [
        (band.name, [(band.scored, REACHED), (band.possible, HATCHED)], _band_text(band.scored, band.possible))
        for band in of.bands
    ]
    note = f"有总分的{of.scored}个;每段含下限,最高一段含上限"
    keys: list[Key] = [("有总分", REACHED)] if of.scored else []
    if of.scored < of.subjects:
        note = f"{note}。待定的{of.subjects - of.scored}个只有得分区间,区间跨到的每一段都计一次"
        keys.append(("待定:可能落在此段", HATCHED))
    return _bars(f"{shorten(of.name, _NAME)}:得分分布", note, drawn, keys)


def _bars(title: str, note: str, drawn: Sequence[Bar], keys: Sequence[Key]) -> Figure:
    head = Head.of(title, note)
    rows = Rows.of([shorten(name, 30) for name, _, _ in drawn], _COLUMN, head.height)
    foot = Foot(keys)
    canvas = Canvas(rows.bottom + AXIS + foot.height)
    head.draw(canvas)
    most = max((sum(count for count, _ in parts) for _, parts, _ in drawn), default=0)
    scale = Scale(Decimal(0), Decimal(max(_SCALE_AT_LEAST, most)), rows.left, WIDTH - MARGIN - _ROOM)
    scale.draw(canvas, head.height, rows.bottom)
    for y, (_, parts, said) in zip(rows.draw(canvas), drawn, strict=True):
        reached = Decimal(0)
        for count, fill in parts:
            if count:
                canvas.box(scale(reached), scale(reached + count), y, 13, fill)
                reached += count
        canvas.text(scale(reached) + 5, y, said, SMALL)
    foot.draw(canvas, rows.bottom + AXIS)
    return canvas.figure


def _band_text(scored: int, possible: int) -> str:
    maybe = f"可能{'另' if scored else ''}有{possible}个"
    return f"{scored}个,{maybe}" if scored and possible else maybe if possible else f"{scored}个"


def grade_alt(of: Distribution) -> str:
    """The first chart in one sentence."""
    parts = "、".join(
        f"{g.grade}{g.count}个(占{plain(g.share)}%{f',其中暂定{g.provisional}个' if g.provisional else ''})"
        for g in of.grades
    )
    return f"横向条形图:{shorten(of.name, _NAME)}的等级分布,{parts}。"


def points_alt(of: Distribution) -> str:
    """The second chart in one sentence."""
    parts = "、".join(f"{b.name}分{_band_text(b.scored, b.possible)}" for b in of.bands)
    return f"横向条形图:{shorten(of.name, _NAME)}的得分分布,{parts}。"
