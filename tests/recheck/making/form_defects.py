"""Forms with one defect each, of every kind the re-check is to find: 20 forms of a kind are 20 projects in several layouts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

import defects_money
import defects_papers
import defects_points
import defects_sums
import defects_tree
import defects_values
from defect_tools import MUTATIONS, Changed
from form_projects import clean

HOMES = (defects_sums, defects_money, defects_tree, defects_points, defects_values, defects_papers)
KINDS = tuple(MUTATIONS)


@dataclass(frozen=True)
class Planted:
    """A form with a defect of a kind; any of ``codes`` tells it."""

    kind: str
    codes: tuple[str, ...]
    changed: Changed


def planted(count: int, first: int = 5000) -> Iterator[Planted]:
    """So many forms, the kinds in turn, each on another honest form."""
    for n in range(count):
        seed = first + 3 * n + n // len(KINDS)  # every kind meets every field of work
        one = MUTATIONS[KINDS[n % len(KINDS)]]
        yield Planted(one.kind, one.codes, one.change(clean(seed), Random(f"{one.kind} {n}")))
