"""A total row left blank while the money stands in the rows below it (其中): no defect, and no project without a budget."""

from __future__ import annotations

from decimal import Decimal

import pytest
from cases import form_with, funds, indicator

from workbench.recheck.findings import Reviewed, active_rules, form_findings
from workbench.recheck.model import FundKind, FundRow
from workbench.recheck.recompute.execution import budget_of


def money(*parts: FundRow) -> tuple[FundRow, ...]:
    return (funds(None, None, 10, Decimal("9.81"), rate="98.10%"), *parts)


FISCAL = funds(147, Decimal("144.2"), None, kind=FundKind.FISCAL, row=11)
OTHER = funds(3, 3, None, kind=FundKind.OTHER, row=12)


@pytest.mark.parametrize(
    ("rows", "budget"),
    [
        (money(FISCAL), 147),
        (money(FISCAL, OTHER), 150),
        (money(FISCAL, funds(None, None, None, kind=FundKind.OTHER, row=12)), 147),
        (money(), None),
        ((funds(200, 195, 10, 9), FISCAL), 200),
    ],
)
def test_the_budget_is_that_of_the_parts(rows: tuple[FundRow, ...], budget: int | None) -> None:
    assert budget_of(form_with(money=rows)) == budget


def test_a_blank_total_above_its_parts_is_no_blank() -> None:
    form = form_with((indicator(1, "维修道路长度", "≥3.5公里", "3.5公里", 90, 90),), money(FISCAL))
    assert "funds_blank" not in {finding.code for finding in form_findings(Reviewed(form), active_rules())}
