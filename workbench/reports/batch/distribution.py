"""How grades and points of a batch are distributed, pack by pack: points under different indicators are not put together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal

from workbench.base.exact import half_up
from workbench.base.text import trimmed
from workbench.reports import reading
from workbench.reports.batch.rows import PENDING, Row, RowVerdict

_MOST_BANDS = 12
_NARROWEST = 5
"""Points of the narrowest band."""
_KNOWN = ("优", "良", "中", "合格", "一般", "低", "差", "不合格")
"""First words of grades from best to worst; a batch may have policies that use others, which follow in their own order."""


@dataclass(frozen=True)
class GradeCount:
    """A grade: subjects that have it, how many of them only 暂定, and their share of all subjects in percent."""

    grade: str
    count: int
    provisional: int
    share: Decimal


@dataclass(frozen=True)
class Band:
    """A band of points, its lower end inclusive, the upper end of the last one too.

    Attributes:
        scored: subjects whose total lies in it.
        possible: subjects without a total whose interval reaches into it; one may count in several bands.
    """

    low: Decimal
    high: Decimal
    scored: int
    possible: int

    @property
    def name(self) -> str:
        """``80～90``."""
        return f"{trimmed(self.low)}～{trimmed(self.high)}".replace("-", "−")


@dataclass(frozen=True)
class Distribution:
    """All subjects of one pack.

    Attributes:
        bands: those that totals reach, from the highest to the lowest; without any total the one that holds all intervals.
        beyond: some interval also goes where there is no band.
    """

    pack: str
    subjects: int
    scored: int
    grades: Sequence[GradeCount]
    bands: Sequence[Band]
    beyond: bool = False

    @property
    def name(self) -> str:
        """The pack as it is shown."""
        return self.pack or "未写明指标包"

    @property
    def pending(self) -> int:
        """Subjects without a total."""
        return self.subjects - self.scored


def distributions(rows: Iterable[Row]) -> list[Distribution]:
    """One for each pack that has subjects, the one with the most totals first."""
    packs: dict[str, list[RowVerdict]] = {}
    for row in rows:
        if row.verdicts:
            packs.setdefault(row.pack, []).extend(row.verdicts)
    made = [_distribution(pack, verdicts) for pack, verdicts in packs.items()]
    return sorted(made, key=lambda d: (-d.scored, -d.subjects, d.pack))


def _distribution(pack: str, verdicts: Sequence[RowVerdict]) -> Distribution:
    scored = sum(verdict.total is not None for verdict in verdicts)
    found = bands(verdicts)
    top, bottom = found[0].high, found[-1].low
    beyond = any(v.total is None and (Decimal(v.low) < bottom or Decimal(v.high) > top) for v in verdicts)
    return Distribution(pack, len(verdicts), scored, grades(verdicts), found, beyond)


def grades(verdicts: Sequence[RowVerdict]) -> list[GradeCount]:
    """Every grade there is, best first; without a grade, and without a total, last."""
    counts = Counter(verdict.label for verdict in verdicts)
    unsure = Counter(v.label for v in verdicts if v.provisional and v.total is not None and v.grade is not None)
    whole = len(verdicts)
    return [
        GradeCount(label, counts[label], unsure[label], half_up(Decimal(counts[label] * 100) / whole, 1))
        for label in sorted(counts, key=_standing)
    ]


def _standing(label: str) -> tuple[int, int, str]:
    if label in (reading.UNGRADED, PENDING):
        return 2, int(label == PENDING), ""
    word = label.removeprefix("较")
    place = next((at for at, known in enumerate(_KNOWN) if word.startswith(known)), None)
    return (1, 0, label) if place is None else (0, place, label)


def bands(verdicts: Sequence[RowVerdict]) -> list[Band]:
    """Bands of equal width from the highest that a total reaches down to the lowest.

    An interval may go far beyond them, mostly down to nothing: drawn, it would be rows of bands that nobody has reached.
    """
    totals = [Decimal(v.total) for v in verdicts if v.total is not None]
    spans = [(Decimal(v.low), Decimal(v.high)) for v in verdicts if v.total is None]
    if not totals:
        return _whole(spans)
    step = _width(max(totals) - min(totals))
    first, last = _floor(min(totals), step), _floor(max(totals), step)
    if max(totals) == last * step and last > min(first, 0):
        last -= 1  # the upper end of the last band is in it: full points have no band of their own
    first = min(first, last)
    places = Counter(min(_floor(total, step), last) for total in totals)
    open_: Counter[int] = Counter()
    for low, high in spans:
        lowest = last if low == (last + 1) * step else _floor(low, step)
        open_.update(range(max(lowest, first), min(_floor(high, step), last) + 1))
    return [
        Band(Decimal(at * step), Decimal((at + 1) * step), places[at], open_[at]) for at in range(last, first - 1, -1)
    ]


def _whole(spans: Sequence[tuple[Decimal, Decimal]]) -> list[Band]:
    """One band that holds every interval; none without any."""
    if not spans:
        return []
    low = _floor(min(low for low, _ in spans), _NARROWEST)
    high = max(low + 1, -_floor(-max(high for _, high in spans), _NARROWEST))
    return [Band(Decimal(low * _NARROWEST), Decimal(high * _NARROWEST), 0, len(spans))]


def _floor(number: Decimal, step: int) -> int:
    return int((number / step).to_integral_value(ROUND_FLOOR))


def _width(reach: Decimal) -> int:
    """A round number of points of which not too many bands are needed."""
    step, factors = _NARROWEST, (2, Decimal("2.5"), 2)
    turn = 0
    while reach / step > _MOST_BANDS - 2:
        step = int(step * factors[turn % 3])
        turn += 1
    return step
