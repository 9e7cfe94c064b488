"""Which units to visit first, and why: grave findings, and how far the re-check is from what the unit says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from workbench.base.text import plain
from workbench.recheck.outcome import Severity
from workbench.recheck.writing.told import Batch, Told

MOST = 30
"""Units that are listed; 汇总 of 复核表.xlsx has the others."""
BIG = Decimal(10)
"""Points from which a difference is large; no document says, 示例,可改."""
_NAMED = 2
"""Kinds of defects that are named of each severity."""


@dataclass(frozen=True)
class Visit:
    """A unit.

    Attributes:
        kinds: of its P0 findings, form by form: one cause may show in several cells.
        drop: the largest difference of one of its forms, 0 or less; None where no total is known twice.
    """

    unit: str
    forms: int
    grave: int
    kinds: int
    doubtful: int
    lowered: int
    drop: Decimal | None
    why: str


def visits(batch: Batch) -> list[Visit]:
    """Units with something to look at: lowered grades first, then by kinds of P0 findings, largest difference, P1 findings."""
    made = [_visit(batch, unit, forms) for unit, forms in batch.by_unit.items()]
    worth = [v for v in made if v.grave or v.doubtful or v.lowered or (v.drop is not None and v.drop <= -BIG)]
    return sorted(worth, key=lambda v: (-v.lowered, -v.kinds, v.drop or Decimal(0), -v.doubtful, v.unit))


def _visit(batch: Batch, unit: str, forms: Sequence[Told]) -> Visit:
    grave = sum(t.counts[Severity.P0] for t in forms)
    kinds = sum(len({f.code for f in t.one.findings if f.severity is Severity.P0}) for t in forms)
    doubtful = sum(t.counts[Severity.P1] for t in forms)
    lowered = [t for t in forms if t.lowered]
    lows = [(t.difference, t) for t in forms if t.difference is not None and t.difference < 0]
    drop, worst = min(lows, key=lambda pair: (pair[0], pair[1].number), default=(None, None))
    said = [f"{t.project}由{t.one.self_grade}降为{t.grade}({t.counted_as})" for t in lowered[:2]]
    said += [f"等{len(lowered)}个项目等级下降"] if len(lowered) > 2 else []
    if drop is not None and worst is not None:
        said.append(f"{worst.project}比自评低{plain(-drop)}分")
    said += [f"P0问题{grave}个({_kinds(batch, forms, Severity.P0)})"] if grave else []
    said += [f"P1问题{doubtful}个({_kinds(batch, forms, Severity.P1)})"] if doubtful else []
    return Visit(unit, len(forms), grave, kinds, doubtful, len(lowered), drop, "；".join(said))


def _kinds(batch: Batch, forms: Sequence[Told], severity: Severity) -> str:
    """What is wrong, the most frequent first."""
    found = Counter(batch.title_of(f.code) for told in forms for f in told.one.findings if f.severity == severity)
    named = [title for title, _ in found.most_common(_NAMED)]
    return "、".join(named) + ("等" if len(found) > _NAMED else "")
