"""The registry of built-in kinds, and sentences that never fail: for any branch and whatever numbers are missing."""

from __future__ import annotations

from decimal import Decimal
from itertools import product

import numpy as np
import pytest

from workbench.base.exact import Exact
from workbench.scoring.kinds import Case, Inputs
from workbench.scoring.rules.builtin import BUILTIN_KINDS

KINDS = {kind.name: kind for kind in BUILTIN_KINDS}
INNER = {"kind": "proportional"}
COUNTED = ("population", "sample", "valid", "satisfied")
SAMPLES = [
    ("benchmark", {"against": "quota"}, ("standard",)),
    ("benchmark", {"against": "peers", "bands": [{"within": 10, "share": 50}]}, ("standard",)),
    ("two_sided", {"step": 1, "per_step": 1}, ()),
    ("two_sided", {"step": 1, "per_step": 1, "tolerance": 1, "partial": "begun_step"}, ("standard",)),
    ("range_normalised", {}, ("minimum", "maximum")),
    ("range_normalised", {"minimum": 0, "maximum": 1}, ()),
    (
        "rank_tiers",
        {"tiers": [{"upto": 1, "deduct": 0}], "otherwise_deduct": 1, "zero_value_gets_zero": True},
        ("rank",),
    ),
    ("questionnaire", {"formula": "mean"}, COUNTED),
    ("questionnaire", {"formula": "satisfied_share", "bands": [{"at": 60, "share": 50}], "minimum_sample": 5}, COUNTED),
    ("product", {"factors": ["value", "other"]}, ("other",)),
    ("gate", {"condition": "better", "rule": INNER}, ("current", "previous")),
    ("gate", {"condition": "flag", "rule": INNER | {"inputs": {"value": "other"}}}, ("condition", "other")),
    ("minimum", {"rules": [INNER, INNER | {"inputs": {"value": "other"}}]}, ("other",)),
    ("parts", {"parts": [{"title": t, "share": 50, "rule": INNER} for t in ("甲", "乙")]}, ()),
    ("bonus", {"per_unit": 1}, ()),
    ("bonus", {"per_case": 1}, ()),
    ("bonus", {"bands": [{"at": 1, "points": 1}]}, ()),
    ("deduction", {"per_case": 1, "classes": {"other": 1}}, ("other",)),
    ("deduction", {"steps": {"start": 1, "step": 1, "per_step": 1}}, ()),
]
NUMBERS = (None, Decimal(0), Decimal("-1.5"), Decimal(3))


def test_names_are_unique_and_the_first_branch_is_unscored():
    assert len(KINDS) == len(BUILTIN_KINDS)
    assert {next(iter(kind.branches)) for kind in BUILTIN_KINDS} == {"unscored"}
    assert all(kind.title and kind.summary and kind.version and kind.sources for kind in BUILTIN_KINDS)


@pytest.mark.parametrize(("name", "params", "extras"), SAMPLES)
def test_no_branch_and_no_missing_number_breaks_the_sentence(name, params, extras):
    kind = KINDS[name]
    checked = kind.params.model_validate(params)
    columns = (NUMBERS, NUMBERS, *([NUMBERS] * len(extras) if len(extras) < 3 else [(None, Decimal(3))] * len(extras)))
    for branch, direction, numbers in product(kind.branches, ("gte", "lte"), product(*columns)):
        value, target, *others = numbers
        for points in (None, Decimal("1.25")):
            case = Case(
                "指标",
                Decimal(10),
                points,
                branch,
                direction,
                "%",
                value,
                target,
                dict(zip(extras, others, strict=True)),
            )
            sentence = kind.explain(case, checked)
            assert "指标" in sentence and "None" not in sentence


@pytest.mark.parametrize(("name", "params", "extras"), SAMPLES)
@pytest.mark.parametrize("size", [0, 2])
def test_inputs_that_are_not_declared_leave_it_open(name, params, extras, size):
    # An indicator without the expressions a rule needs, and a table without a single row, are answered, not a crash.
    kind = KINDS[name]
    points = kind.score(Inputs(1000, 2, "gte", np.zeros(size, dtype=bool)), kind.params.model_validate(params))
    assert points.units.shape == points.branch.shape == points.scored.shape == (size,)
    assert not points.scored.any()


@pytest.mark.parametrize(("name", "params", "extras"), SAMPLES)
def test_numbers_beyond_64_bits_are_still_exact(name, params, extras):
    kind = KINDS[name]
    huge = Exact.from_decimals([Decimal(10) ** 20, Decimal(10) ** 20 + 1, Decimal(-(10**20)), None], 4)
    inputs = Inputs(1000, 2, "gte", np.zeros(4, dtype=bool), huge, huge, dict.fromkeys(extras, huge))
    points = kind.score(inputs, kind.params.model_validate(params))
    assert all(0 <= int(units) <= 1000 for units in points.units)
    assert not points.scored[3]
