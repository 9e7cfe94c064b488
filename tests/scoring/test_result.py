"""What the result says beside points: the cap on all bonus items together."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(("block", "cap"), [({"cap": "3"}, "3"), ({}, None)])
def test_the_bonus_cap_stands_in_the_result(engage, ind, item, block, cap):
    bonus = block | {"items": [item("X", "2"), item("Y", "2")]}
    rows = {"P1": {"a": "90", "x": "2", "y": "2"}}
    found = engage([ind("A", "100")], rows, bonus=bonus).one()
    # Two items of 2 points each: together 4, or what the cap leaves.
    assert (found.bonus_cap, [b.points for b in found.bonus]) == (cap, ["2.00", "2.00"])
    assert found.total == ("93.00" if cap else "94.00")
