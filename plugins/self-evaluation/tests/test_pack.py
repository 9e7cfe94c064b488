"""The pack against its own worked example, and the example against its own arithmetic."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

import workbench as wb
from workbench.base.exact import half_up
from workbench.base.yamlio import read_yaml
from workbench.scheme.basis import DIRECTION_SIGNS


@pytest.fixture(scope="module")
def result(request):
    folder = Path(request.path).parents[1] / "src" / "workbench_pack_self_evaluation"
    return wb.open("example/plan.yaml", workspace=folder).result()


def test_pack_holds_together(check_pack: Callable[..., None]) -> None:
    check_pack()


def test_example_has_every_direction_and_state_of_evidence(result) -> None:
    indicators = result.subjects[0].indicators
    signs = {DIRECTION_SIGNS[i.direction] for i in indicators}
    assert signs == {"≥", "≤", "=", "定性", "是否", "时限"}
    assert {i.evidence_status for i in indicators} == {
        "未提供(待补)",
        "已提供未核实",
        "核实一致",
        "核实不符",
        "逾期未提供",
    }
    assert {i.status for i in indicators} == {"scored", "provisional", "zero_by_rule", "not_applicable"}


def test_example_says_it_is_invented(result) -> None:
    assert "虚构" in result.title
    assert "虚构" in result.subjects[0].name


def test_contradicted_value_gives_way_to_the_verified_one(result) -> None:
    cost = next(i for i in result.subjects[0].indicators if i.code == "C1")
    points = (Fraction(65, 68) - Fraction(3, 5)) / Fraction(2, 5) * 10
    assert cost.value == "6.80"
    assert cost.final == "8.90" == f"{float(points):.2f}"
    assert cost.explanation.endswith("(按核定值计)")


def test_waived_indicator_is_rescaled_inside_its_level(result) -> None:
    texts = [s.text for s in result.subjects[0].steps if s.step == "rescaled"]
    assert texts == ["产出指标折算:28.98/35.00→33.12/40.00"]


def test_total_is_the_sum_of_the_levels(result) -> None:
    subject = result.subjects[0]
    assert str(sum(Decimal(level.points) for level in subject.levels)) == subject.total == "72.97"
    assert (subject.grade, subject.complete, subject.provisional) == ("中", True, True)


def test_document_shows_every_expected_score(pack_folder: Path) -> None:
    text = (pack_folder / "example" / "worked-example.md").read_text(encoding="utf-8")
    expected = read_yaml(pack_folder / "example" / "expected.yaml").data["expected"]["subjects"]["P01"]
    assert f"**{expected['total']}**" in text
    for code, numbers in expected["indicators"].items():
        section = re.search(rf"\*\*{code} .*?(?=\n\n)", text, re.S)
        assert section is not None, code
        if numbers["points"] is not None:
            assert f"**{numbers['points']}**" in section[0], code


def test_half_a_hundredth_is_rounded_up(result) -> None:
    assert half_up(Decimal("9.375"), 2) == Decimal("9.38")
    assert next(i for i in result.subjects[0].indicators if i.code == "O1").final == "9.38"
