"""Small panels in a few lines: one row of points for each indicator, None where an expert gave none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

import pytest

from workbench.review.agreement.model import Item, Rater, Ratings

MakePanel = Callable[..., Ratings]


def panel_of(*rows: tuple[str, str, Sequence[str | None]], judged: Sequence[str] | None = None) -> Ratings:
    """Rows of (level 1, full points, points of 专家1, 专家2 …); indicators are I01, I02 …, all ``judged`` unless listed."""
    experts = tuple(Rater(f"e{i + 1}", f"专家{i + 1}") for i in range(len(rows[0][2]) if rows else 0))
    items, points = [], {}
    for number, (level1, weight, given) in enumerate(rows, start=1):
        code = f"I{number:02}"
        items.append(Item(code, f"指标{number}", level1, Decimal(weight), judged is None or code in judged))
        points |= {(e.id, code): Decimal(p) for e, p in zip(experts, given, strict=True) if p is not None}
    return Ratings(experts, tuple(items), points)


@pytest.fixture
def panel() -> MakePanel:
    return panel_of
