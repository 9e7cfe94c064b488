"""Lines of a comparison: what each result recorded, addend by addend, and how each addend changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from workbench.analysis.attribution import Block, displayed
from workbench.analysis.comparison import CAUSE_WORDS, CAUSES, CapChange, Cause, LineChange, Presence, Share
from workbench.base.exact import half_up_fraction
from workbench.base.text import plain
from workbench.dossier.compare.mixing import Line
from workbench.scheme.basis import DIRECTION_SIGNS
from workbench.scoring.result import STATUS_WORDS, IndicatorResult, RunResult, SubjectResult

ENVIRONMENT: Cause = "environment"
NAMED = 3
"""Lines named as 主要原因."""
_PERCENT_DECIMALS = 2
_ORDER = ("indicator", "rescaled", "bonus", "bonus_cap", "deduction", "floor")


def recorded(result: RunResult, renamed: Mapping[str, str]) -> dict[Line, Fraction]:
    """The addends of each subject's total as a result has them, in the codes of the second result; zero where unscored.

    What a complete total has beyond its addends is the floor's line.
    """
    found: dict[Line, Fraction] = {}
    for subject in result.subjects:
        found |= _recorded(subject, renamed)
    return found


def _recorded(subject: SubjectResult, renamed: Mapping[str, str]) -> dict[Line, Fraction]:
    found: dict[Line, Fraction] = {}
    levels: dict[str, Fraction] = {}
    for item in subject.indicators:
        points = _number(item.final)
        found[Line(subject.id, "indicator", renamed.get(item.code, item.code))] = points
        levels[item.level1] = levels.get(item.level1, Fraction(0)) + points
    for level in subject.levels:
        if level.points is not None and level.applicable != level.weight:
            found[Line(subject.id, "rescaled", level.name)] = _number(level.points) - levels.get(
                level.name, Fraction(0)
            )
    bonus = {Line(subject.id, "bonus", e.code): _number(e.points) for e in subject.bonus}
    found |= bonus
    if subject.bonus_cap is not None:
        total = sum(bonus.values(), Fraction(0))
        found[Line(subject.id, "bonus_cap", "")] = min(total, _number(subject.bonus_cap)) - total
    found |= {Line(subject.id, "deduction", e.code): -_number(e.points) for e in subject.deductions}
    if subject.total is not None:
        rest = _number(subject.total) - sum(found.values(), Fraction(0))
        if rest:
            found[Line(subject.id, "floor", "")] = rest
    return found


def _number(text: str | None) -> Fraction:
    return Fraction(text) if text is not None else Fraction(0)


def printed(shares: Mapping[Block, Fraction], decimals: int) -> list[Share]:
    """Shares that are not nothing, with points as printed: they add up to the printed sum."""
    blocks = [b for b, share in shares.items() if share]
    points = displayed([shares[b] for b in blocks], decimals)
    return [
        Share(causes=[cause(c) for c in b], points=plain(p), exact=str(shares[b]))
        for b, p in zip(blocks, points, strict=True)
    ]


def cause(name: str) -> Cause:
    """The cause of this name."""
    return next(c for c in (*CAUSES, ENVIRONMENT) if c == name)


def deviation(old: Fraction, new: Fraction) -> str | None:
    """偏离度: (old − new) / old × 100, half-up to two decimals; None where old is 0."""
    return plain(half_up_fraction((old - new) / old * 100, _PERCENT_DECIMALS)) if old else None


@dataclass(frozen=True)
class Moved:
    """One subject's addends on both sides with the shares of their differences; ``decimals`` are those of points as printed.

    ``claimed``: code → points the unit gave itself in the first evaluation.
    """

    before: Mapping[Line, Fraction]
    after: Mapping[Line, Fraction]
    shares: Mapping[Line, Mapping[Block, Fraction]]
    decimals: int
    claimed: Mapping[str, str]

    def points(self, line: Line) -> tuple[Fraction, Fraction]:
        """Points of a line before and after."""
        return self.before.get(line, Fraction(0)), self.after.get(line, Fraction(0))

    def sums(self) -> tuple[Fraction, Fraction]:
        """Sums before and after."""
        both = [self.points(line) for line in self.shares]
        return sum((a for a, _ in both), Fraction(0)), sum((b for _, b in both), Fraction(0))

    def as_text(self, points: Fraction) -> str:
        """Points as printed."""
        return plain(half_up_fraction(points, self.decimals))


def line_changes(old: SubjectResult, new: SubjectResult, moved: Moved, renamed: Mapping[str, str]) -> list[LineChange]:
    """Every addend of one subject: indicators in the order of the second result, then the rest."""
    sides = (
        {renamed.get(i.code, i.code): i for i in old.indicators},
        {i.code: i for i in new.indicators},
    )
    order = {code: n for n, code in enumerate([*sides[1], *sides[0]])}
    lines = sorted(moved.shares, key=lambda x: (_ORDER.index(x.kind), order.get(x.code, 0), x.code))
    names = {e.code: e.name for s in (old, new) for e in (*s.bonus, *s.deductions)}
    found = []
    for line in lines:
        pair = (sides[0].get(line.code), sides[1].get(line.code)) if line.kind == "indicator" else (None, None)
        if line.kind != "indicator" and not any(moved.points(line)) and not any(moved.shares[line].values()):
            continue
        found.append(_change(line, pair, names, moved))
    return found


def _change(
    line: Line, pair: tuple[IndicatorResult | None, IndicatorResult | None], names: Mapping[str, str], moved: Moved
) -> LineChange:
    before, after = moved.points(line)
    old, new = pair
    shown = new or old
    presence: Presence = "both" if line.kind != "indicator" or (old and new) else "added" if new else "dropped"
    return LineChange(
        kind=line.kind,
        code=line.code,
        name=shown.name if shown else _title(line, names),
        level1=shown.level1 if shown else line.code if line.kind == "rescaled" else None,
        level2=shown.level2 if shown else None,
        presence=presence,
        old_code=old.code if old and old.code != line.code else None,
        direction=DIRECTION_SIGNS.get(shown.direction, shown.direction) if shown else None,
        unit=shown.unit if shown else None,
        old_target=old.target if old else None,
        new_target=new.target if new else None,
        old_weight=old.weight if old else None,
        new_weight=new.weight if new else None,
        old_value=old.shown if old else None,
        new_value=new.shown if new else None,
        old_status=STATUS_WORDS[old.status] if old else None,
        new_status=STATUS_WORDS[new.status] if new else None,
        old_claimed=moved.claimed.get(line.code) if old else None,
        old_points=moved.as_text(before),
        new_points=moved.as_text(after),
        difference=moved.as_text(after - before),
        deviation=None if _without_points(old) or _without_points(new) else deviation(before, after),
        shares=printed(moved.shares[line], moved.decimals),
        remark=new.explanation if new else None,
    )


def _without_points(item: IndicatorResult | None) -> bool:
    """Whether an indicator has no points that a deviation could be of."""
    return item is not None and item.status in ("unscored", "not_applicable")


def _title(line: Line, names: Mapping[str, str]) -> str:
    titles = {"rescaled": f"{line.code}折算", "bonus_cap": "加分上限", "floor": "总分下限"}
    return titles.get(line.kind) or names.get(line.code, line.code)


def cap_changes(old: SubjectResult, new: SubjectResult) -> list[CapChange]:
    """Caps, vetoes and events of the policies whose state differs."""
    sides = [{c.rule: c for c in s.caps} for s in (old, new)]
    found = []
    for rule in dict.fromkeys([*sides[1], *sides[0]]):
        first, second = sides[0].get(rule), sides[1].get(rule)
        shown = second or first
        states = (first.state if first else None, second.state if second else None)
        if shown is not None and states[0] != states[1]:
            found.append(CapChange(rule=rule, text=shown.text, old=states[0], new=states[1], clause=shown.clause))
    return found


def main_reasons(changes: Sequence[LineChange]) -> str:
    """The lines that moved most, each with its causes: “实际完成率-2.00分(佐证数据)”."""
    moved = sorted((c for c in changes if Decimal(c.difference)), key=lambda c: -abs(Decimal(c.difference)))
    return ";".join(_reason(c) for c in moved[:NAMED])


def _reason(change: LineChange) -> str:
    causes = "、".join("+".join(CAUSE_WORDS[c] for c in share.causes) for share in change.shares)
    sign = "+" if Decimal(change.difference) > 0 else ""
    return f"{change.name}{sign}{change.difference}分({causes})"
