"""How much of each stratum a draw covers: one bar for money and one for projects, the whole at the top."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from matplotlib.figure import Figure

from workbench.analysis.certificate import Certificate
from workbench.analysis.sampling import Ask
from workbench.base.exact import half_up_fraction
from workbench.base.text import trimmed
from workbench.reports.canvas import AXIS, MARGIN, WIDTH, Canvas, Foot, Head, Rows, Scale
from workbench.reports.style import (
    BODY,
    GAINED,
    INK,
    MUTED,
    REACHED,
    SMALL,
    TRACK,
    Fill,
    Stroke,
    drawable,
    drawing,
    text_width,
)

SHOWN_STRATA = 24
"""Strata with bars of their own, those with most money; the rest is one row."""
WHOLE = "合计"
_BAR, _ROW = 9.0, 34.0
_WAITING = Fill(TRACK, TRACK)
_QUOTA = Stroke(INK, 1.0, (4, 2.5))


@dataclass(frozen=True)
class Covered:
    """One row of the picture; money in 万元."""

    name: str
    projects: int
    money: Decimal
    drawn: int
    drawn_money: Decimal

    @property
    def money_share(self) -> Decimal:
        """Percent of the money, two decimals half-up; 0 where there is none."""
        return percent(self.drawn_money, self.money)

    @property
    def project_share(self) -> Decimal:
        """Percent of the projects."""
        return percent(Decimal(self.drawn), Decimal(self.projects))

    @property
    def text(self) -> str:
        """``甲层抽中3个(共12个,占25%),资金45.2%``."""
        counted = f"抽中{self.drawn}个(共{self.projects}个,占{trimmed(self.project_share)}%)"
        return f"{self.name}:{counted},资金占{trimmed(self.money_share)}%"


def percent(part: Decimal, whole: Decimal) -> Decimal:
    """``part`` of ``whole`` in percent with two decimals, half-up; 0 of nothing is 0."""
    return half_up_fraction(Fraction(part) / Fraction(whole) * 100, 2) if whole else Decimal("0.00")


def whole_of(certificate: Certificate) -> Covered:
    """All projects as one row."""
    source = certificate.source
    return Covered(WHOLE, source.projects, source.money, len(certificate.drawn), certificate.money)


def strata_of(certificate: Certificate) -> list[Covered]:
    """The strata in the order they are shown everywhere: those with most money first, by name where equal."""
    strata = [Covered(s.name, s.projects, s.money, s.drawn, s.drawn_money) for s in certificate.strata]
    return sorted(strata, key=lambda s: (-s.money, s.name))


def rows_of(certificate: Certificate) -> list[Covered]:
    """The whole, then the strata; those that do not fit are one row."""
    whole, strata = whole_of(certificate), strata_of(certificate)
    shown, rest = strata[:SHOWN_STRATA], strata[SHOWN_STRATA:]
    if rest:
        shown.append(_joined(f"其余{len(rest)}层", rest))
    return [whole] if len(strata) == 1 else [whole, *shown]


def _joined(name: str, rows: Sequence[Covered]) -> Covered:
    return Covered(
        name,
        sum(r.projects for r in rows),
        sum((r.money for r in rows), Decimal(0)),
        sum(r.drawn for r in rows),
        sum((r.drawn_money for r in rows), Decimal(0)),
    )


def coverage_alt(certificate: Certificate) -> str:
    """The picture in words."""
    return f"各层抽样覆盖。{';'.join(r.text for r in rows_of(certificate))}。"


@drawing()
def coverage(certificate: Certificate) -> Figure:
    """Bars of money and projects covered, stratum by stratum; a dashed line where a quota of the money lies."""
    found = rows_of(certificate)
    head = Head.of("各层抽样覆盖", f"{found[0].text};各层按资金从多到少排列")
    labels = [r.name for r in found]
    column = min(max(max(text_width(drawable(n), BODY) for n in labels) + 1, 70.0), 190.0)
    rows = Rows.of(labels, column, head.height, _ROW)
    asked = next((a for a in certificate.rules.asks if a.counts == "资金比例"), None)
    keys: list[tuple[str, Fill | Stroke]] = [("资金覆盖", REACHED), ("项目个数覆盖", GAINED)]
    if asked is not None:
        keys.append((asked.text, _QUOTA))
    foot = Foot(keys, _remark(certificate, asked))
    canvas = Canvas(rows.bottom + AXIS + foot.height)
    scale = Scale(Decimal(0), Decimal(100), rows.left, WIDTH - MARGIN - 64)
    head.draw(canvas)
    scale.draw(canvas, head.height, rows.bottom, "%")
    for y, row in zip(rows.draw(canvas), found, strict=True):
        _bars(canvas, scale, y, row)
    if asked is not None:
        x = scale(asked.minimum)
        canvas.stroke([(x, head.height), (x, rows.bottom)], _QUOTA)
    foot.draw(canvas, rows.bottom + AXIS)
    return canvas.figure


def _remark(certificate: Certificate, asked: Ask | None) -> str:
    """Which bars have to reach the dashed line, where not all have to."""
    if asked is None or (asked.per_department and certificate.rules.by == ["主管部门"]):
        return ""
    where = "各主管部门的合计" if asked.per_department else "合计"
    return f"虚线是对{where}的要求,不要求每一层都达到。"


def _bars(canvas: Canvas, scale: Scale, y: float, row: Covered) -> None:
    money = f"{trimmed(row.money_share)}%"
    count = f"{row.drawn}/{row.projects}个"
    for at, share, fill, text in (
        (y - _BAR / 2 - 1, row.money_share, REACHED, money),
        (y + _BAR / 2 + 1, row.project_share, GAINED, count),
    ):
        canvas.box(scale(Decimal(0)), scale(Decimal(100)), at, _BAR, _WAITING)
        if share:
            canvas.box(scale(Decimal(0)), scale(share), at, _BAR, fill)
        canvas.text(scale(Decimal(100)) + 6, at, text, SMALL, MUTED)
