"""The two charts of a pack: how many subjects have each grade, and how their points are spread. What is one bar is a sentence instead."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from matplotlib.figure import Figure

from workbench.base.errors import shorten
from workbench.base.text import plain
from workbench.reports import reading
from workbench.reports.batch.distribution import Distribution, GradeCount
from workbench.reports.batch.rows import PENDING
from workbench.reports.canvas import AXIS, MARGIN, WIDTH, Canvas, Foot, Head, Rows, Scale
from workbench.reports.style import ADJUSTED, GAINED, REACHED, SMALL, Fill, drawing
from workbench.reports.style import PENDING as HATCHED

_COLUMN, _ROOM = 90, 130
"""Points for the names of bars, and for what is written behind them."""
_SCALE_AT_LEAST = 5
"""Or the numbers under a short scale would be fractions of a subject."""
_NAME = 90
"""Characters of a pack's name in a title."""
_NO_GRADE = (reading.UNGRADED, PENDING)
Key = tuple[str, Fill]
Bar = tuple[str, Sequence[tuple[int, Fill]], str]
"""Name, parts and what is written behind them."""


def grades_drawn(of: Distribution) -> bool:
    """Whether there is more than one bar to be compared."""
    return len(of.grades) > 1


def points_drawn(of: Distribution) -> bool:
    """Whether there is more than one bar, and any of them says more than that something may be in it."""
    return of.scored > 0 and len(of.bands) > 1


@drawing()
def grade_chart(of: Distribution) -> Figure:
    """A bar for each grade, 暂定 ones set apart."""
    drawn: list[Bar] = []
    for grade in of.grades:
        sure = HATCHED if grade.grade == PENDING else ADJUSTED if grade.grade == reading.UNGRADED else REACHED
        parts = [(grade.count - grade.provisional, sure), (grade.provisional, GAINED)]
        drawn.append((grade.grade, parts, f"{grade.count}个 {plain(grade.share)}%"))
    keys: list[Key] = [("已评定", REACHED)] if any(_settled(g) for g in of.grades) else []
    keys += [("其中暂定" if keys else "暂定", GAINED)] if any(g.provisional for g in of.grades) else []
    keys += [("未评定", ADJUSTED)] if any(g.grade == reading.UNGRADED for g in of.grades) else []
    keys += [("待定:有未评分指标", HATCHED)] if of.pending else []
    return _bars(f"{shorten(of.name, _NAME)}:等级分布", f"评价对象{of.subjects}个", drawn, keys)


def _settled(grade: GradeCount) -> bool:
    return grade.grade not in _NO_GRADE and grade.count > grade.provisional


@drawing()
def points_chart(of: Distribution) -> Figure:
    """A bar for each band; what may still fall into it is hatched."""
    drawn: list[Bar] = [
        (band.name, [(band.scored, REACHED), (band.possible, HATCHED)], _band_text(band.scored, band.possible))
        for band in of.bands
    ]
    note = f"有总分的{of.scored}个;每段含下限,最高一段含上限"
    keys: list[Key] = [("有总分", REACHED)] if of.scored else []
    if of.pending:
        further = ",区间也可能伸到各段之外" if of.beyond else ""
        note = f"{note}。待定的{of.pending}个只有得分区间,区间跨到的每一段都计一次{further}"
        keys += [("待定:可能落在此段", HATCHED)] if any(band.possible for band in of.bands) else []
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


def said(of: Distribution) -> str:
    """What is not drawn, in one sentence; empty where both are drawn."""
    parts = [*([] if grades_drawn(of) else [_one_grade(of)]), *([] if points_drawn(of) else [_one_band(of)])]
    return f"{shorten(of.name, _NAME)}:评价对象{of.subjects}个,{';'.join(parts)}。" if parts else ""


def _one_grade(of: Distribution) -> str:
    [grade] = of.grades
    all_ = "都" if of.subjects > 1 else ""
    if grade.grade in _NO_GRADE:
        return f"等级{all_}{grade.grade}"
    unsure = f",其中暂定{grade.provisional}个" if grade.provisional else ""
    return f"等级{all_}是{shorten(grade.grade)}{unsure}"


def _one_band(of: Distribution) -> str:
    [band] = of.bands
    if not of.scored:
        all_ = "都" if of.subjects > 1 else ""
        return f"{all_}没有总分,得分区间{all_}在{band.name}分以内"
    maybe = f",没有总分的{of.pending}个中有{band.possible}个的得分区间跨到这一段" if of.pending else ""
    return f"有总分的{of.scored}个{'都' if of.scored > 1 else ''}在{band.name}分{maybe}"
