"""Indicator pack for cost performance (成本预算绩效), and the calculations SQL cannot say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from workbench.plugins.specs import hookimpl

if TYPE_CHECKING:
    from workbench.scoring.derivations import Derivation

API_VERSION = 1
DISTRIBUTION = "workbench-pack-cost-performance"


@hookimpl
def workbench_derivations() -> Sequence[Derivation]:
    """Shared cost by driver, and the variance against last year by cause."""
    from workbench.scoring.derivations import Derivation
    from workbench_pack_cost_performance import allocation, variance

    functions = {
        "cost-allocation": allocation.allocated,
        "cost-allocation-lines": allocation.allocation_lines,
        "cost-variance": variance.variance,
        "cost-variance-lines": variance.variance_lines,
    }
    return [Derivation(name, "1.0.0", function, DISTRIBUTION) for name, function in functions.items()]
