"""Strict models: unknown keys with the nearest match, floats refused, and file, line and key in the message."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

import pytest
from pydantic import Field, ValidationError, model_validator

from workbench.base.errors import PlanError, Problem
from workbench.base.models import DecimalText, Model, key_path, validated
from workbench.base.yamlio import parse_yaml


class Weight(Model):
    kind: Literal["weight"]
    indicator: str
    value: DecimalText = Field(ge=0)


class Lines(Model):
    kind: Literal["band"]
    label: str
    lower: DecimalText


class Part(Model):
    title: str
    share: DecimalText | None = None


class Form(Model):
    title: str
    points: DecimalText = Field(default=Decimal(0), ge=0, le=100)
    seed: int = 0
    flag: bool = False
    stage: Literal["自评", "部门评价"] = "自评"
    code: str = Field(default="A", pattern=r"^[A-Z]$")
    parts: list[Part] = []
    named: dict[str, Part] = {}
    changes: list[Annotated[Weight | Lines, Field(discriminator="kind")]] = []

    @model_validator(mode="after")
    def _rule(self) -> Form:
        if self.title == "坏":
            raise ValueError("标题不能是“坏”")
        return self


def form(text: str) -> Form:
    document = parse_yaml(text, "plan.yaml")
    return validated(Form, document.data["plan"], document, PlanError, "plan")


def problems(text: str) -> list[Problem]:
    with pytest.raises(PlanError) as caught:
        form(text)
    return list(caught.value.problems)


def problem(text: str) -> Problem:
    [one] = problems(text)
    return one


def test_good_data_is_exact() -> None:
    made = form("plan: {title: 甲, points: 0.1, parts: [{title: a, share: '33.30'}]}")
    assert made.points == Decimal("0.1")
    assert str(made.parts[0].share) == "33.30"
    assert made.model_dump()["points"] == "0.1"
    with pytest.raises(ValidationError):
        made.title = "乙"


def test_unknown_key_names_file_line_key_and_nearest_match() -> None:
    found = problem("plan:\n  title: 甲\n  pionts: 3\n")
    assert (found.code, found.found) == ("unknown_key", "pionts")
    assert (found.place.file, found.place.line, found.place.key) == ("plan.yaml", 3, "plan.pionts")
    assert found.fix == "是否想写“points”?"
    assert "plan.yaml 第3行 plan.pionts:不认识的键" in str(found)


@pytest.mark.parametrize(
    ("text", "key", "line", "near"),
    [
        (
            "plan:\n  title: 甲\n  parts:\n    - title: a\n    - title: b\n      shear: 1\n",
            "plan.parts[1].shear",
            6,
            "share",
        ),
        ("plan:\n  title: 甲\n  named:\n    x:\n      tilte: 1\n      title: b\n", "plan.named.x.tilte", 5, "title"),
        (
            "plan:\n  title: 甲\n  changes:\n    - kind: band\n      label: 低\n      lower: 50\n      lowr: 50\n",
            "plan.changes[0].lowr",
            7,
            "lower",
        ),
        (
            "plan:\n  title: 甲\n  changes:\n    - {kind: weight, indicator: A, value: 1}\n    - kind: weight\n"
            "      indicator: A\n      value: 1\n      valeu: 2\n",
            "plan.changes[1].valeu",
            8,
            "value",
        ),
    ],
    ids=["list", "mapping", "second kind of a union", "first kind of a union"],
)
def test_unknown_keys_further_down(text: str, key: str, line: int, near: str) -> None:
    found = problem(text)
    assert (found.code, found.place.key, found.place.line) == ("unknown_key", key, line)
    assert found.fix == f"是否想写“{near}”?"


def test_wrong_value_inside_a_union_is_placed_on_its_own_line() -> None:
    found = problem("plan:\n  title: 甲\n  changes:\n    - kind: weight\n      indicator: A\n      value: -1\n")
    assert (found.place.key, found.place.line) == ("plan.changes[0].value", 6)
    assert "≥0" in str(found)


def test_unknown_or_missing_kind_of_a_union() -> None:
    found = problem("plan:\n  title: 甲\n  changes:\n    - kind: wieght\n")
    assert (found.code, found.place.line) == ("union_tag_invalid", 4)
    assert "weight" in str(found)
    assert "缺少 kind" in str(problem("plan:\n  title: 甲\n  changes:\n    - label: x\n"))


@pytest.mark.parametrize("value", [0.1, 7.0, float("nan"), float("inf"), True, [1], None, Decimal("NaN")])
def test_floats_and_other_things_are_no_points(value: Any) -> None:
    document = parse_yaml("plan:\n  title: 甲\n  points: 1\n", "plan.yaml")
    with pytest.raises(PlanError) as caught:
        validated(Form, {"title": "甲", "points": value}, document, PlanError, "plan")
    [found] = caught.value.problems
    assert (found.place.file, found.place.line, found.place.key) == ("plan.yaml", 3, "plan.points")


@pytest.mark.parametrize(
    "text", ["abc", "", "NaN", "Infinity", "1e999999999", "1e3", "1_000", "１２", "0x10", "1,000", "--1"]
)
def test_texts_that_are_no_plain_decimal_are_refused(text: str) -> None:
    # What the published JSON Schema refuses, the reader refuses too; 1e999999999 would take a gigabyte to print.
    with pytest.raises(ValidationError):
        Form.model_validate({"title": "甲", "parts": [{"title": "a", "share": text}]})


@pytest.mark.parametrize(("text", "number"), [("0.1", "0.1"), (" 5 ", "5"), ("-3.50", "-3.50"), ("+2", "2")])
def test_texts_that_are_decimals(text: str, number: str) -> None:
    part = Part.model_validate({"title": "a", "share": text})
    assert str(part.share) == number


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("points: 100.01", "≤100"),
        ("points: -1", "≥0"),
        ("seed: '3'", "整数"),
        ("seed: 1.0", "整数"),
        ("flag: 1", "true 或 false"),
        ("flag: yes", "true 或 false"),
        ("stage: 复评", "自评"),
        ("code: ab", "[A-Z]"),
        ("parts: {a: 1}", "列表"),
        ("parts: [1]", "键值表"),
        ("named: [1]", "键值表"),
    ],
)
def test_every_kind_of_mistake_says_what_was_expected(line: str, expected: str) -> None:
    found = problem(f"plan:\n  title: 甲\n  {line}\n")
    assert expected in str(found)
    assert found.place.line == 3


def test_missing_and_own_rules() -> None:
    found = problem("plan:\n  seed: 1\n")
    assert (found.message, found.place.key, found.place.line) == ("缺少必填项", "plan.title", 1)
    assert "标题不能是“坏”" in str(problem("plan: {title: 坏}"))


def test_all_problems_at_once() -> None:
    found = problems("plan:\n  titel: 甲\n  points: x\n  seed: a\n")
    assert {p.place.key for p in found} == {"plan.title", "plan.titel", "plan.points", "plan.seed"}


def test_data_that_is_no_mapping() -> None:
    assert "键值表" in str(problem("plan: 3"))
    assert "键值表" in str(problem("plan: [1]"))


def test_key_paths() -> None:
    assert key_path(("changes", 0, "reason")) == "changes[0].reason"
    assert key_path((0, "a")) == "[0].a"
