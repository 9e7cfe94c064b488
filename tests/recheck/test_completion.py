"""财预〔2021〕101号 附件1 三(七)2: 预算执行率 by whether the project is completed, where the form or a reviewer says so."""

from __future__ import annotations

from decimal import Decimal

import pytest
from cases import form_with, funds, indicator, written

from workbench.plugins.manager import load_plugins
from workbench.recheck.corrections import Correction, Corrections
from workbench.recheck.forms.vocabulary import label_of
from workbench.recheck.model import Form
from workbench.recheck.recheck import Standards, recheck
from workbench.recheck.recompute.execution import COMPLETED, completed_as
from workbench.recheck.recompute.recompute import BUILT_IN
from workbench.scheme.library import NATIONAL, Library


@pytest.fixture(scope="module")
def standards() -> Standards:
    library = Library.of(load_plugins(code=False).folders)
    bands = library.policy(NATIONAL).bands
    assert bands is not None
    return Standards(library.ruleset("caiyu-2021-101"), BUILT_IN, bands.items)


def form(said: str | None) -> Form:
    labels = {} if said is None else {COMPLETED: written(said, "B4")}
    return form_with(
        (indicator(1, "建设数量", "≥50座", "50座", 90, 90),), (funds(100, 85, 10, Decimal(7)),), labels=labels
    )


@pytest.mark.parametrize(
    ("said", "points"), [("是", ("10", "10")), ("□是 ☑否", ("7.00", "7.00")), (None, ("7.00", "10"))]
)
def test_points_follow_from_what_the_form_says(standards: Standards, said: str | None, points: tuple[str, str]) -> None:
    line = recheck([form(said)], standards).forms[0].recomputed[0]
    assert (line.low, line.high) == tuple(map(Decimal, points))


@pytest.mark.parametrize(
    ("actual", "points"),
    [("项目已完成", "10"), ("未完成", "7.00"), ("70%,未完成", "5.00"), ("95.5,已完成", "10"), ("一半,未完成", None)],
)
def test_a_reviewer_says_so_as_复核完成值(standards: Standards, actual: str, points: str | None) -> None:
    told = {"form": "自评表.xlsx#1", "indicator": 0, "name": "预算执行率", "actual": actual}
    line = Correction.model_validate({**told, "reason": "验收报告", "reviewer": "张三"})
    (one,) = recheck([form(None)], standards, Corrections().with_line(line)).forms
    assert one.choices[0].points == (None if points is None else Decimal(points))


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("是", True), ("已完成", True), ("☑是 □否", True), ("是√ 否□", True), ("■ 已完成  □ 未完成", True), ("已验收", True),
        ("否", False), ("未完成", False), ("□是 ☑否", False), ("实施中", False), ("□已完成 √未完成", False),
        ("", None), ("基本完成", None), ("□是 □否", None), ("☑是 ☑否", None), ("完成95%", None),
    ],
)  # fmt: skip
def test_what_is_said_plainly(said: str, answer: bool | None) -> None:
    assert completed_as(said) is answer


def test_the_label_is_known() -> None:
    assert {label_of(text) for text in ("项目是否完成", "是否已完成:", "项目是否完工")} == {COMPLETED}
