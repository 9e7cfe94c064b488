"""The two charts of the page: how totals are spread before and after, and which defects come most often."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from matplotlib.figure import Figure

from workbench.recheck.outcome import Severity
from workbench.recheck.writing.told import Batch, Told
from workbench.reports.canvas import AXIS, MARGIN, WIDTH, Canvas, Foot, Head, Rows, Scale
from workbench.reports.style import ADJUSTED, GAINED, LOST, REACHED, SMALL, Fill, drawing

OWN, COUNTED = "自评得分", "复核得分(尚无的用规则复算得分)"
_FULL = Decimal(100)
_BANDS = (
    ("满分100", _FULL, _FULL),
    ("95～100", Decimal(95), _FULL),
    ("90～95", Decimal(90), Decimal(95)),
    ("80～90", Decimal(80), Decimal(90)),
    ("70～80", Decimal(70), Decimal(80)),
    ("60～70", Decimal(60), Decimal(70)),
    ("60以下", Decimal("-Infinity"), Decimal(60)),
)
"""Lower bound included, upper bound not, unless they are the same."""
_ABOVE, _OTHER = "超过100", "分值不是100"
"""Totals no form can have, and those of forms out of other points, which say nothing beside the others."""
_FILLS = {Severity.P0: LOST, Severity.P1: GAINED, Severity.P2: ADJUSTED}
_SEVERITIES = {Severity.P0: "P0 自相矛盾或违反规定", Severity.P1: "P1 须由单位说明", Severity.P2: "P2 填写质量"}
_MOST = 15
"""Kinds of defects with a bar of their own."""
_ROOM = 60


@dataclass(frozen=True)
class Band:
    """Forms whose total lies in a band."""

    name: str
    own: int
    counted: int


@dataclass(frozen=True)
class Defect:
    """A kind of defect: how often it was found, and in how many forms."""

    title: str
    severity: Severity
    times: int
    forms: int


def bands(batch: Batch) -> list[Band]:
    """How many forms lie in each band, best first; forms without a total are in none."""
    own = Counter(_band(told, told.own) for told in batch.forms if told.own is not None)
    counted = Counter(_band(told, told.counted) for told in batch.forms if told.counted is not None)
    names = [name for name, _, _ in _BANDS]
    names = [*(n for n in (_ABOVE,) if own[n] or counted[n]), *names, *(n for n in (_OTHER,) if own[n] or counted[n])]
    return [Band(name, own[name], counted[name]) for name in names]


def _band(told: Told, total: Decimal) -> str:
    if told.reviewed.weight_sum not in (None, _FULL):
        return _OTHER
    return next((name for name, low, high in _BANDS if low <= total < high or low == total == high), _ABOVE)


def defects(batch: Batch) -> list[Defect]:
    """Every kind of defect that was found in a form, the most frequent first."""
    times = Counter((f.code, f.severity) for t in batch.forms for f in t.one.findings)
    forms = Counter(pair for t in batch.forms for pair in {(f.code, f.severity) for f in t.one.findings})
    made = [Defect(batch.title_of(code), sev, n, forms[code, sev]) for (code, sev), n in times.items()]
    return sorted(made, key=lambda d: (-d.forms, -d.times, d.severity, d.title))


@drawing()
def spread(found: Sequence[Band]) -> Figure:
    """Two bars for each band: before and after."""
    count = f"有自评得分的{sum(b.own for b in found)}张,有复核或复算得分的{sum(b.counted for b in found)}张"
    head = Head.of("得分分布:自评与复核", f"每档的自评表张数,下限含在档内;{count}")
    rows = Rows.of([band.name for band in found], 70, head.height, minimum=34)
    foot = Foot([(OWN, ADJUSTED), (COUNTED, REACHED)])
    canvas = Canvas(rows.bottom + AXIS + foot.height)
    head.draw(canvas)
    scale = _counting(max([1, *(b.own for b in found), *(b.counted for b in found)]), rows)
    scale.draw(canvas, head.height, rows.bottom)
    for y, band in zip(rows.draw(canvas), found, strict=True):
        _bar(canvas, scale, y - 7, band.own, ADJUSTED)
        _bar(canvas, scale, y + 7, band.counted, REACHED)
    foot.draw(canvas, rows.bottom + AXIS)
    return canvas.figure


@drawing()
def frequent(found: Sequence[Defect]) -> Figure:
    """A bar for each kind of defect: the forms that show it."""
    shown = found[:_MOST]
    rest = f",另有{len(found) - len(shown)}类未画出" if len(found) > len(shown) else ""
    head = Head.of("最常见的问题", f"有这类问题的自评表张数{rest}")
    rows = Rows.of([f"[{defect.severity}] {defect.title}" for defect in shown], 190, head.height)
    seen = dict.fromkeys(sorted(defect.severity for defect in shown))
    foot = Foot([(_SEVERITIES[severity], _FILLS[severity]) for severity in seen])
    canvas = Canvas(rows.bottom + AXIS + foot.height)
    head.draw(canvas)
    scale = _counting(max([1, *(defect.forms for defect in shown)]), rows)
    scale.draw(canvas, head.height, rows.bottom)
    for y, defect in zip(rows.draw(canvas), shown, strict=True):
        _bar(canvas, scale, y, defect.forms, _FILLS[defect.severity], f"{defect.forms}张 {defect.times}处")
    foot.draw(canvas, rows.bottom + AXIS)
    return canvas.figure


def _counting(most: int, rows: Rows) -> Scale:
    # At least five, or the numbers under a short scale would be fractions of a form.
    return Scale(Decimal(0), Decimal(max(5, most)), rows.left, WIDTH - MARGIN - _ROOM)


def _bar(canvas: Canvas, scale: Scale, y: float, number: int, fill: Fill, said: str = "") -> None:
    if number:
        canvas.box(scale(Decimal(0)), scale(Decimal(number)), y, 11, fill)
    canvas.text(scale(Decimal(number)) + 5, y, said or str(number), SMALL)


def spread_alt(found: Sequence[Band]) -> str:
    """The first chart in one sentence."""
    parts = "、".join(f"{b.name}{'' if b.name == _OTHER else '分'}自评{b.own}张、复核{b.counted}张" for b in found)
    return f"横向条形图:各分数段的自评表张数,{parts}。"


def frequent_alt(found: Sequence[Defect]) -> str:
    """The second chart in one sentence."""
    parts = "、".join(f"{d.title}({d.severity}){d.forms}张{d.times}处" for d in found[:_MOST])
    return f"横向条形图:最常见的问题,{parts}。" if parts else "没有发现问题。"
