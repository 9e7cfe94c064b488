"""规则复算: every line of every form under one ruleset, with the engine's own rule kinds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from workbench.base.text import trimmed
from workbench.recheck.model import Form
from workbench.recheck.outcome import Recomputed
from workbench.recheck.recompute.asking import Answer, Ask, answers, rules_of
from workbench.recheck.recompute.lines import Line, lines_of
from workbench.recheck.recompute.member import Member
from workbench.scheme.ruleset import Ruleset
from workbench.scoring.kinds import RuleKind
from workbench.scoring.rules.builtin import BUILTIN_KINDS

_BETWEEN = "分之间评"
"""In a kind's own sentence: it has told the interval itself."""
BUILT_IN: Mapping[str, RuleKind[Any]] = {kind.name: kind for kind in BUILTIN_KINDS}


def recompute(
    forms: Sequence[Form], ruleset: Ruleset, kinds: Mapping[str, RuleKind[Any]] = BUILT_IN
) -> list[tuple[Recomputed, ...]]:
    """The points that follow from each form's own targets, actuals and weights; one tuple per form.

    Args:
        kinds: rule kinds by name, those of plugins included.

    Raises:
        RulesetError: the ruleset names a kind that is not installed, or has parameters that do not fit it.
    """
    rules = rules_of(ruleset, kinds)
    lines = [lines_of(form, rules) for form in forms]
    asks: list[Ask] = [a for form in lines for line in form for member in line.members for a in member.asks]
    answered = iter(answers(asks, rules))
    return [tuple(_recomputed(line, answered) for line in form) for form in lines]


def totals(lines: Sequence[Recomputed]) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
    """Exact sums over the lines of a form: what they count, and the lowest and highest. None where a line has none."""
    columns = zip(*((r.taken, r.low, r.high) for r in lines), strict=True)
    sums = [None if None in column else sum(column, Decimal(0)) for column in columns]
    return (sums[0], sums[1], sums[2]) if sums else (None, None, None)


def _recomputed(line: Line, answered: Iterator[Answer]) -> Recomputed:
    if line.weight is None:
        return _without(line, "分值为空或不是数,不能计算得分")
    found = [(member, [next(answered) for _ in member.asks]) for member in line.members]
    missing = [member for member, _ in found if member.missing]
    if missing:
        return _without(line, ";".join(member.reason for member in missing))
    ends = [_ends(replies, line.weight) for _, replies in found]
    low, high = min(low for low, _ in ends), max(high for _, high in ends)
    sentence = ";".join(_sentence(member, replies) for member, replies in found)
    if len(line.members) > 1:
        sentence += _shared(low, high, line.weight)
    elif low != high and _BETWEEN not in sentence:
        sentence += f",在{trimmed(low)}至{trimmed(high)}{_BETWEEN}定"
    taken = low if low == high else None if line.points is None else min(max(line.points, low), high)
    return Recomputed(line.rows, line.judged, line.weight, low, high, taken, f"{sentence}。")


def _without(line: Line, reason: str) -> Recomputed:
    return Recomputed(line.rows, line.judged, line.weight, None, None, None, f"{reason}。")


def _ends(replies: Sequence[Answer], weight: Decimal) -> tuple[Decimal, Decimal]:
    """Without a reply everything is open."""
    if not replies:
        return Decimal(0), weight
    return min(r.low for r in replies), max(r.high for r in replies)


def _sentence(member: Member, replies: Sequence[Answer]) -> str:
    if not replies:
        return member.reason
    told = ";或".join(reply.sentence for reply in replies)
    return f"{told}({member.reason})" if member.reason else told


def _shared(low: Decimal, high: Decimal, weight: Decimal) -> str:
    """Several indicators under one weight: no published form says how it is divided between them."""
    if low == high:
        return f";合并分值{trimmed(weight)}分,得{trimmed(low)}分"
    return f";各项合并计{trimmed(weight)}分,如何分摊未规定,怎样分摊都在{trimmed(low)}至{trimmed(high)}分之间,由复核人员评定"
