"""Generated evidence for ``packs/``: random columns of the kind users have, some cells blank."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

BLANK = 0.02


class Maker:
    """Random columns; the same seed gives the same ones."""

    def __init__(self, seed: int) -> None:
        self.random = np.random.default_rng(seed)

    def blanked(self, values: Any) -> Any:
        """The values with some of them missing."""
        values[self.random.random(len(values)) < BLANK] = "NaT" if values.dtype.kind == "M" else np.nan
        return values

    def numbers(self, low: float, high: float, n: int, decimals: int = 2) -> Any:
        """Numbers between two ends."""
        return self.blanked(np.round(self.random.uniform(low, high, n), decimals))

    def flags(self, chance: float, n: int) -> Any:
        """1 and 0."""
        return self.blanked((self.random.random(n) < chance).astype(float))

    def counts(self, mean: float, n: int) -> Any:
        """Small numbers of cases, most of them 0."""
        return self.blanked(self.random.poisson(mean, n).astype(float))

    def codes(self, choices: Sequence[str], chances: Sequence[float], n: int, blank: float = BLANK) -> Any:
        """Texts out of a list."""
        found = self.random.choice(np.array(choices, dtype=object), n, p=chances)
        found[self.random.random(n) < blank] = None
        return found

    def owners(self, low: int, high: int, n: int) -> Any:
        """Which of ``n`` subjects each row of a table belongs to: ``low`` to ``high`` rows each, in mixed order."""
        return self.random.permutation(np.repeat(np.arange(n), self.random.integers(low, high + 1, n)))

    def survey(self, n: int, smallest: int, largest: int) -> Mapping[str, Any]:
        """The sheet 满意度调查 of ``n`` subjects; half of them leave the satisfied to be added up."""
        population = self.random.integers(smallest, largest, n).astype(float)
        sample = np.floor(np.minimum(population * 1.02, self.random.integers(20, 500, n)))
        valid = np.floor(sample * self.random.uniform(0.7, 1, n))
        very = np.floor(valid * self.random.uniform(0.4, 0.7, n))
        fairly = np.floor(valid * self.random.uniform(0.1, 0.3, n))
        given = self.random.random(n) < 0.5
        columns = {"population": population, "sample": sample, "valid": valid, "very_satisfied": very}
        columns |= {"fairly_satisfied": fairly, "satisfied": np.where(given, very + fairly, np.nan)}
        return {name: self.blanked(values) for name, values in columns.items()}

    def monthly(self, totals: Any, months: Any, name: str) -> Mapping[str, Any]:
        """Rows of ``subject``, ``month`` and the amount; one subject in fifty lacks its last month.

        ``totals`` are over so many ``months``, an unknown one is made up. A month may refund more than it collects.
        """
        owner = np.repeat(np.arange(len(months)), months)
        month = np.arange(len(owner)) - np.repeat(np.cumsum(months) - months, months) + 1
        mean = np.where(np.isnan(totals), 1000, totals)[owner] / months[owner]
        amount = np.round(mean * self.random.normal(1, 0.3, len(owner)), 2)
        kept = (month < months[owner]) | (self.random.random(len(months)) >= BLANK)[owner]
        return {"subject": owner[kept], "month": month[kept], name: amount[kept]}

    def standards(
        self, items: Mapping[str, tuple[float, float]], years: Iterable[int], unit: str = "%"
    ) -> Mapping[str, Any]:
        """The sheet 对标值: each year a national value, and a provincial one that nobody is to take."""
        rows = [
            (item, scope, year, np.round(self.random.uniform(*ends), 2))
            for year in years
            for item, ends in items.items()
            for scope in ("全省平均", "全国平均")
        ]
        names, scopes, when, values = (np.array(part) for part in zip(*rows, strict=True))
        source = np.full(len(rows), "年鉴(虚构)")
        units = np.full(len(rows), unit)
        return {"item": names, "scope": scopes, "year": when, "value": values, "unit": units, "source": source}
