"""The rule of one indicator in words: its own weight, unit, target and source, and the branch that applied to a subject."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from workbench.base.errors import ExpressionError
from workbench.scheme.pack import Indicator, RuleRef
from workbench.scoring.describing import basis_text, rule_text, terms_of
from workbench.scoring.kinds import RuleKind, Terms
from workbench.scoring.rules.judged import JUDGEMENT, JudgementParams

Engage = Callable[..., Any]
Ind = Callable[..., dict[str, Any]]
TARGETS = {"P1": {"a": "85", "b": "70", "goal": "90"}, "P2": {"a": "95", "b": "70", "goal": "100"}}
CLAUSE = {"document": "某办法", "number": "某财〔2020〕1号", "clause": "第三条"}


@pytest.fixture
def card(engage: Engage, ind: Ind) -> Any:
    tree = [
        ind("A", "60", judged="quantitative", target="data.goal"),
        ind("B", "40", rule={"kind": "proportional", "example": True}, target="80"),
    ]
    return engage(tree, TARGETS, types={"goal": {"type": "percent"}}).card()


def test_what_differs_from_subject_to_subject_is_only_named(card: Any) -> None:
    said = rule_text(card, "A")
    assert said.startswith("比例计分:完成值达到目标值得满分60分;未达到的得60×(完成值÷目标值)")
    assert said.endswith("(财预〔2020〕10号 第十六条)")
    assert rule_text(card, "B") == "比例计分:完成值达到目标值80%得满分40分;未达到的得40×(完成值÷目标值)(示例,可改)"


def test_with_a_subject_its_target_and_branch_are_told(card: Any) -> None:
    assert "达到目标值90%得满分60分" in rule_text(card, "A", 0)
    assert "达到目标值100%得满分60分" in rule_text(card, "A", 1)
    assert rule_text(card, "A", 0).endswith("(财预〔2020〕10号 第十六条)。本对象:未达目标,按比例得分")


def test_nothing_is_said_of_a_branch_where_no_rule_gave_points(engage: Engage, ind: Ind) -> None:
    tree = [ind("A", "60"), ind("B", "40", applies="1 = 0")]
    card = engage(tree, {"P1": {"a": "85", "b": "85"}}).card()
    assert "本对象" in rule_text(card, "A", 0)
    assert "本对象" not in rule_text(card, "B", 0)
    with pytest.raises(KeyError):
        rule_text(card, "C")


@pytest.mark.parametrize(
    ("item", "rule", "text"),
    [
        ({}, {}, ""),
        ({"clause": CLAUSE}, {}, "某财〔2020〕1号 第三条"),
        ({"example": True, "clause": CLAUSE}, {}, "示例,可改"),
        ({}, {"clause": CLAUSE}, "某财〔2020〕1号 第三条"),
        # The indicator's mark is about its weight where the rule has a source of its own.
        ({"example": True}, {"clause": CLAUSE}, "某财〔2020〕1号 第三条"),
        ({}, {"clause": CLAUSE, "example": True}, "某财〔2020〕1号 第三条;示例,可改"),
        (
            {},
            {"clause": CLAUSE | {"clause": "第三条;步长为示例"}, "example": True},
            "某财〔2020〕1号 第三条;步长为示例",
        ),
    ],
)
def test_the_source_of_a_rule_of_the_packs_own(item: Any, rule: Any, text: str) -> None:
    made = Indicator.model_validate({"code": "A", "name": "甲", "level1": "产出", "weight": "5"} | item)
    assert basis_text(made, RuleRef.model_validate({"kind": "yes_no"} | rule), None) == text


def test_a_class_without_a_clause_cites_its_ruleset(ruleset_of: Callable[[str], Any]) -> None:
    made = Indicator.model_validate({"code": "A", "name": "甲", "level1": "产出", "weight": "5", "example": True})
    assert basis_text(made, RuleRef(kind="yes_no"), ruleset_of("caiyu-2020-10")) == "财预〔2020〕10号"


def test_of_a_pack_alone_numbers_written_plainly_are_known() -> None:
    fields = {
        "code": "A",
        "name": "甲",
        "level1": "产出",
        "weight": "5",
        "unit": "元",
        "value": "t.v",
        "target": " 12.50 ",
    }
    inputs = {"standard": {"expr": "90", "title": "标准"}, "previous": {"expr": "t.p", "title": "上年"}}
    terms = terms_of(Indicator.model_validate(fields | {"inputs": inputs}), 2)
    assert [terms.line(n) for n in ("target", "standard", "previous")] == ["目标值12.5元", "标准90", "上年"]
    assert terms.further == ["standard", "previous"]


def _fails(terms: Terms, params: JudgementParams) -> str:
    raise ZeroDivisionError


@pytest.mark.parametrize(
    ("describe", "said"),
    [(_fails, "ZeroDivisionError"), (lambda *_: None, "没有返回文字"), (lambda *_: " ", "没有返回文字")],
)
def test_a_plugin_that_cannot_describe_itself_is_named(engage: Engage, ind: Ind, describe: Any, said: str) -> None:
    card = engage([ind("A", "100", rule={"kind": "judgement"})], {"P1": {"a": None}}).card()
    foreign = {**JUDGEMENT.__dict__, "name": "poll", "distribution": "demo-plugin", "describe": describe}
    card.column("A").kind = RuleKind(**foreign)
    with pytest.raises(ExpressionError, match="demo-plugin") as caught:
        rule_text(card, "A")
    assert said in str(caught.value)


def test_a_kind_that_describes_nothing_shows_what_it_does(engage: Engage, ind: Ind) -> None:
    card = engage([ind("A", "100", rule={"kind": "judgement"})], {"P1": {"a": None}}).card()
    card.column("A").kind = RuleKind(**{**JUDGEMENT.__dict__, "describe": None})
    assert rule_text(card, "A").startswith("专家评议:不自动计分,由专家评议后填写得分和理由")
