"""The points that a rule's description names are the points it gives at the edge of each band."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from workbench.base.exact import Exact, from_units, to_units
from workbench.scoring.kinds import Inputs, Terms
from workbench.scoring.rules.builtin import BUILTIN_KINDS

KINDS = {kind.name: kind for kind in BUILTIN_KINDS}


def described(
    kind: str, params: dict[str, Any], weight: Decimal, direction: Any = "gte", unit: str | None = "%"
) -> str:
    terms = Terms(weight, 2, direction, units={"value": unit})
    return KINDS[kind].described(terms, KINDS[kind].params.model_validate(params))


PERCENT = st.decimals(0, 100, places=2)
WEIGHT = st.decimals("0.01", 100, places=2)


@st.composite
def ladders(draw: st.DrawFn, lowest: str = "0", highest: str = "200") -> list[tuple[Decimal, Decimal]]:
    """Limits that fall, far enough apart for a value a hundredth beyond one, each with a share."""
    limits = draw(st.lists(st.decimals(lowest, highest, places=1), min_size=1, max_size=5, unique=True))
    return [(limit, draw(PERCENT)) for limit in sorted(limits, reverse=True)]


def bands(steps: list[tuple[Decimal, Decimal]]) -> list[dict[str, str]]:
    return [{"at": str(limit), "share": str(share)} for limit, share in steps]


def named_points(text: str) -> list[Decimal]:
    """Points a description names, in order."""
    return [Decimal(p or "0") for p in re.findall(r"(?:得满分|%即)([\d.]+)分|不得分", text)]


def points_given(kind: str, params: dict[str, Any], weight: Decimal, direction: Any, rows: list[dict[str, Any]]) -> Any:
    """What scoring gives each row."""
    n = len(rows)
    columns = {name: Exact.from_decimals([Decimal(str(row[name])) for row in rows], 2) for name in rows[0]}
    value = columns.pop("value")
    inputs = Inputs(to_units(weight, 2), 2, direction, np.zeros(n, dtype=bool), value, None, columns)
    points = KINDS[kind].score(inputs, KINDS[kind].params.model_validate(params))
    assert points.scored.all()
    return [from_units(int(units), 2) for units in points.units]


CENT = Decimal("0.01")


@given(ladders(), PERCENT, WEIGHT, st.sampled_from(["higher", "lower"]), st.booleans())
def test_points_of_a_band_are_those_at_its_edge(
    steps: Any, otherwise: Any, weight: Any, better: Any, open_: Any
) -> None:
    ordered = sorted(steps, reverse=better == "higher")
    params = {"bands": bands(ordered), "otherwise": str(otherwise), "better": better, "exclusive": open_}
    inward = CENT if better == "higher" else -CENT
    edges = [limit + (inward if open_ else 0) for limit, _ in ordered]
    beyond = ordered[-1][0] - (0 if open_ else inward)
    rows = [{"value": v} for v in [*edges, beyond]]
    text = described("banded", params, weight)
    assert named_points(text) == points_given("banded", params, weight, "gte", rows)


@given(ladders("0.1", "99.9"), PERCENT, WEIGHT)
def test_points_of_an_uncompleted_project_are_those_at_the_edge(steps: Any, otherwise: Any, weight: Any) -> None:
    params = {"unfinished": bands(steps), "otherwise": str(otherwise)}
    rows = [{"value": 100, "completed": 1}, *({"value": limit, "completed": 0} for limit, _ in steps)]
    rows.append({"value": steps[-1][0] - CENT, "completed": 0})
    text = described("execution_rate", params, weight)
    assert named_points(text) == points_given("execution_rate", params, weight, "gte", rows)


@given(ladders("0.1", "90"), WEIGHT, st.sampled_from(["gte", "lte"]))
def test_points_of_a_deviation_are_those_at_its_edge(steps: Any, weight: Any, direction: Any) -> None:
    shares = sorted((share for _, share in steps), reverse=True)
    limits = sorted(limit for limit, _ in steps)
    written = [{"within": str(w), "share": str(s)} for w, s in zip(limits, shares, strict=True)]
    params = {"against": "quota", "bands": written}
    side = 1 if direction == "lte" else -1
    rows = [{"value": 100 + side * off, "standard": 100} for off in [Decimal(0), *limits, limits[-1] + CENT]]
    text = described("benchmark", params, weight, direction)
    assert named_points(text) == points_given("benchmark", params, weight, direction, rows)


@given(ladders("0.1", "99.9"), WEIGHT)
def test_ends_of_qualitative_bands_are_the_points_of_these_percents(steps: Any, weight: Any) -> None:
    limits = [*(limit for limit, _ in steps), Decimal(0)]
    params = {"bands": [{"title": f"第{i}档", "at": str(at)} for i, at in enumerate(limits, 1)]}
    text = described("qualitative", params, weight, "qualitative", None)
    ends = [(Decimal(low), Decimal(high)) for low, high in re.findall(r"得([\d.]+)—([\d.]+)分", text)]
    given_ = points_given("qualitative", params, weight, "qualitative", [{"value": v} for v in [Decimal(100), *limits]])
    assert ends == list(zip(given_[1:], given_, strict=False))


@given(st.lists(st.decimals(0, 120, places=3), min_size=2, max_size=5), WEIGHT)
def test_points_of_a_place_are_those_of_the_rank(deducted: Any, weight: Any) -> None:
    *tiers, last = sorted(deducted)
    params = {"tiers": [{"upto": i, "deduct": str(d)} for i, d in enumerate(tiers, 1)], "otherwise_deduct": str(last)}
    rows = [{"value": 100 - i} for i in range(len(deducted))]
    text = described("rank_tiers", params, weight)
    named = [Decimal(p) for p in re.findall(r"得(?:满分)?([\d.]+)分", text)]
    assert named == points_given("rank_tiers", params, weight, "gte", rows)
