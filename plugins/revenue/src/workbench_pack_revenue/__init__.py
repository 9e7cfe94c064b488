"""Indicator packs of the evaluation workbench: government revenue (政府收入), and the calculations SQL cannot say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from workbench.plugins.specs import hookimpl

if TYPE_CHECKING:
    from workbench.scoring.derivations import Derivation

API_VERSION = 1
DISTRIBUTION = "workbench-pack-revenue"


@hookimpl
def workbench_derivations() -> Sequence[Derivation]:
    """Tax effort, growth by item, and published rates against published amounts."""
    from workbench.scoring.derivations import Derivation
    from workbench_pack_revenue import effort, growth, published

    functions = {
        "tax-effort": effort.tax_effort,
        "tax-effort-model": effort.effort_model,
        "growth-by-item": growth.growth_by_item,
        "published-check": published.published_check,
        "published-summary": published.published_summary,
    }
    return [Derivation(name, "1.0.0", function, DISTRIBUTION) for name, function in functions.items()]
