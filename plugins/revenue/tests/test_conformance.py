"""What holds for each of the three revenue packs alike: kit, weights, who answers, and a worked example that names its numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest


@pytest.fixture(params=["revenue-tax", "revenue-nontax", "revenue-land"])
def example(request: pytest.FixtureRequest, example_of: Callable[[str], Any]) -> Any:
    return example_of(request.param)


def test_pack_holds_together(check_pack: Callable[..., None], example: Any) -> None:
    check_pack(folder=example.folder)


def test_every_weight_is_an_example_and_every_indicator_names_who_answers_for_it(example: Any) -> None:
    indicators = example.pack.indicators
    assert sum(i.weight for i in indicators) == 100
    assert [i.code for i in indicators if not (i.example and i.formula and i.proof)] == []
    assert [i.code for i in indicators if not i.responsible] == []
    assert list(dict.fromkeys(i.level1 for i in indicators)) == ["决策", "征管", "收入", "效益"]


def test_worked_example_names_every_indicator_and_number(example: Any) -> None:
    document = (example.folder / "example" / "worked-example.md").read_text(encoding="utf-8")
    lines = [line for s in example.expected().values() for line in s["indicators"].values()]
    numbers = [line["points"] for line in lines if line["points"]]
    numbers += [line["value"].replace("-", "−") for line in lines if line["value"]]
    numbers += [s["total"] for s in example.expected().values() if s["total"]]
    assert [i.code for i in example.pack.indicators if i.code not in document] == []
    assert [n for n in numbers if n not in document] == []
