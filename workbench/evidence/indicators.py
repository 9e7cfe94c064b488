"""Indicators from the sheet."""

from __future__ import annotations

from workbench.evidence.tables import Table
from workbench.scheme.pack import Indicator, IndicatorSheet


def indicators_from_sheet(table: Table, sheet: IndicatorSheet, subjects: Table) -> tuple[list[Indicator], Table]:
    raise NotImplementedError
