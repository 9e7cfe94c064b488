"""Indicator pack of the evaluation workbench: government investment funds (政府投资基金)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from workbench.plugins.specs import hookimpl

if TYPE_CHECKING:
    from workbench.scoring.derivations import Derivation

API_VERSION = 1
DISTRIBUTION = "workbench-pack-government-investment-funds"


@hookimpl
def workbench_derivations() -> Sequence[Derivation]:
    """The internal rate of return and the J-curve, which SQL cannot say."""
    from workbench.scoring.derivations import Derivation
    from workbench_pack_government_investment_funds.cashflows import fund_returns, j_curve

    return [
        Derivation("fund-returns", "1.0.0", fund_returns, DISTRIBUTION),
        Derivation("fund-j-curve", "1.0.0", j_curve, DISTRIBUTION),
    ]
