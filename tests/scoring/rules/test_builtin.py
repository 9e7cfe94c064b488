"""Promises of every built-in kind, and that a sentence never fails whatever is missing."""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import product

import numpy as np
import pytest

from workbench.base.exact import Exact
from workbench.scoring.kinds import Case, Inputs
from workbench.scoring.rules.builtin import BUILTIN_KINDS

KINDS = {kind.name: kind for kind in BUILTIN_KINDS}
PARAMS = [
    ("proportional", {}),
    ("proportional", {"pass_at": 60, "overshoot": [{"over": 200, "share": 10}]}),
    ("banded", {"bands": [{"at": 90, "share": 100}, {"at": 80, "share": 80}]}),
    ("banded", {"bands": [{"at": 0, "share": 100}], "better": "lower"}),
    ("execution_rate", {}),
    ("qualitative", {}),
    ("yes_no", {"no_share": 40}),
    ("judgement", {}),
    ("deadline", {}),
    ("deadline", {"late": "zero"}),
    ("deadline", {"late": "per_day", "points_per_day": "0.1", "max_deduction": 1}),
    ("deadline", {"late": "proportional"}),
    ("step_deduction", {"step": 1, "per_step": 1}),
    ("step_deduction", {"threshold": 90, "step": 5, "per_step": 1, "relative": True, "partial": "begun_step"}),
    ("element_count", {}),
    ("element_count", {"shares": {"band": 60, "start": 40}, "requires": {"start": ["band"]}, "veto": ["completed"]}),
    ("defects", {"per_case": 1}),
    ("defects", {"per_percent": "0.5", "counts": {"band": 1, "start": 2}, "max_deduction": 3}),
]
IDS = [f"{name}-{i}" for i, (name, _) in enumerate(PARAMS)]
NUMBERS = [None, Decimal("-1.5"), Decimal(0), Decimal(1), Decimal("87.25"), Decimal("9E+17")]


def test_names_are_unique():
    assert len(KINDS) == len(BUILTIN_KINDS)


@pytest.mark.parametrize("kind", BUILTIN_KINDS, ids=lambda kind: kind.name)
def test_every_kind_introduces_itself(kind):
    assert next(iter(kind.branches)) == "unscored"
    assert re.fullmatch(r"\d+\.\d+\.\d+", kind.version)
    assert kind.title and kind.summary and kind.sources


@pytest.mark.parametrize(("name", "params"), PARAMS, ids=IDS)
def test_a_sentence_never_fails(name, params):
    kind = KINDS[name]
    checked = kind.params.model_validate(params)
    for branch, value, target, other in product(kind.branches, NUMBERS, NUMBERS, NUMBERS):
        for direction, unit, points in [
            ("gte", "%", Decimal("3.50")),
            ("lte", None, None),
            ("eq", "处", Decimal("0.00")),
        ]:
            extra = {"band": other, "start": value, "completed": target}
            case = Case("某指标", Decimal("5.00"), points, branch, direction, unit, value, target, extra)
            assert kind.explain(case, checked).startswith("某指标")
        bare = Case("某指标", Decimal("5.00"), None, branch, "gte", "%", value, target)
        assert kind.explain(bare, checked).startswith("某指标")


@pytest.mark.parametrize(("name", "params"), PARAMS, ids=IDS)
def test_no_subjects_and_no_inputs(name, params):
    kind = KINDS[name]
    checked = kind.params.model_validate(params)
    nobody = Exact(np.zeros(0, dtype=np.int64), 2, np.zeros(0, dtype=bool))
    empty = Inputs(1000, 2, "gte", np.zeros(0, dtype=bool), nobody, nobody, {"band": nobody})
    assert len(kind.score(empty, checked).units) == 0
    without = kind.score(Inputs(1000, 2, "gte", np.zeros(3, dtype=bool)), checked)
    assert not without.scored.any()


@pytest.mark.parametrize(("name", "params"), PARAMS, ids=IDS)
@pytest.mark.parametrize("units", [10**18, 10**30, -(10**30)])
def test_numbers_beyond_64_bits(name, params, units):
    kind = KINDS[name]
    column = Exact(np.array([units, 0, 100], dtype=object), 2, np.ones(3, dtype=bool))
    extra = {"band": column, "start": column, "completed": column}
    points = kind.score(
        Inputs(1000, 2, "gte", np.zeros(3, dtype=bool), column, column, extra), kind.params.model_validate(params)
    )
    assert all(0 <= int(u) <= 1000 for u in points.units)
