"""Words that made-up projects are put together from (``words.yaml``): places that do not exist, fields of work, their usual indicators."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

_WORDS: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("words.yaml").read_text(encoding="utf-8"))
PLACES: list[str] = _WORDS["places"]
SURNAMES: list[str] = _WORDS["surnames"]
GIVEN: list[str] = _WORDS["given"]
CAUSES: list[str] = _WORDS["causes"]
MEASURES: list[str] = _WORDS["measures"]


@dataclass(frozen=True)
class Count:
    """A quantity: its lowest and highest target are whole numbers."""

    name: str
    unit: str
    low: int
    high: int


@dataclass(frozen=True)
class Field:
    """A kind of project: names without the place, who runs it, its level-3 indicators; benefits with what is wanted of them."""

    project: list[str]
    unit: str
    department: str
    counts: list[Count]
    rates: list[str]
    times: list[str]
    cost: list[str]
    economic: list[tuple[str, str]]
    social: list[tuple[str, str]]
    lasting: list[tuple[str, str]]
    served: str


FIELDS = [Field(**(each | {"counts": [Count(*count) for count in each["counts"]]})) for each in _WORDS["fields"]]
