"""Every way of scoring seen in published documents is a built-in kind with parameters, or said to be no indicator rule."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from workbench.base.yamlio import read_yaml
from workbench.scoring.rules.builtin import BUILTIN_KINDS

KINDS = {kind.name: kind for kind in BUILTIN_KINDS}
AMONG_PEERS = {"range_normalised", "rank_tiers"}
SEEN = read_yaml(Path(__file__).with_name("rules_seen.yaml")).data["rules_seen"]
EXAMPLES = [(entry["form"], example) for entry in SEEN for example in entry.get("examples", [])]


def test_every_form_is_scored_or_explained():
    assert len(SEEN) == 39
    for entry in SEEN:
        assert entry["url"]
        assert bool(entry.get("reason")) != bool(entry.get("examples")), entry["form"]
    assert sum("reason" in entry for entry in SEEN) == 12


@pytest.mark.parametrize(("form", "example"), EXAMPLES)
def test_points_of_the_document(bench, form, example):
    rows = [{name: number for name, number in row.items() if name != "points"} for row in example["rows"]]
    weight, direction = example["weight"], example.get("direction", "gte")
    rule = bench(KINDS[example["kind"]], example.get("params"), weight=weight, direction=direction, name=form)
    expected = [None if row["points"] is None else Decimal(row["points"]) for row in example["rows"]]
    if example["kind"] in AMONG_PEERS:
        points, inputs = rule._score(rows)
        outcomes = [rule._outcome(points, inputs, i) for i in range(len(rows))]
    else:
        outcomes = rule(*rows)
    assert [o.points for o in outcomes] == expected
