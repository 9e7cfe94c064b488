"""Which rules leave room for judgement, so that experts may propose points, and which read facts to be corrected."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from workbench.base.errors import ExpressionError
from workbench.scoring.kinds import RuleKind
from workbench.scoring.rules.builtin import BUILTIN_KINDS
from workbench.scoring.rules.judged import JUDGEMENT, JudgementParams

Engage = Callable[..., Any]
Ind = Callable[..., dict[str, Any]]
COMPOSITES = {"gate", "minimum", "parts"}
FACT, JUDGED = {"kind": "proportional"}, {"kind": "qualitative"}


@pytest.mark.parametrize("kind", [k for k in BUILTIN_KINDS if k.name not in COMPOSITES], ids=lambda k: k.name)
def test_only_what_a_person_judges_leaves_room(kind: RuleKind[Any]) -> None:
    # 财预〔2020〕10号 第十六条: of 定性 indicators a person finds the percent inside a band; everything else is measured.
    assert (kind.judged is not None) == (kind.name in {"qualitative", "judgement"})


@pytest.mark.parametrize(
    ("rule", "judged"),
    [
        ({"kind": "minimum", "params": {"rules": [FACT, FACT]}}, False),
        ({"kind": "minimum", "params": {"rules": [FACT, JUDGED]}}, True),
        ({"kind": "gate", "params": {"rule": FACT, "condition": "better"}}, False),
        ({"kind": "gate", "params": {"rule": JUDGED, "condition": "better"}}, True),
        ({"kind": "parts", "params": {"parts": [{"title": t, "share": 50, "rule": FACT} for t in "甲乙"]}}, False),
        (
            {
                "kind": "parts",
                "params": {"parts": [{"title": r["kind"], "share": 50, "rule": r} for r in (FACT, JUDGED)]},
            },
            True,
        ),
        ({"kind": "element_count"}, False),
        ({"kind": "yes_no"}, False),
        (JUDGED, True),
    ],
)
def test_a_composite_is_judged_where_one_of_its_rules_is(
    engage: Engage, ind: Ind, rule: dict[str, Any], judged: bool
) -> None:
    inputs = {n: {"expr": "data.a", "title": n} for n in ("current", "previous")}
    card = engage([ind("A", "100", rule=rule, inputs=inputs)], {"P1": {"a": "85"}}).card()
    assert card.judged("A") is judged
    with pytest.raises(KeyError):
        card.judged("B")


def test_a_class_of_the_ruleset_is_judged_as_its_rule(engage: Engage, ind: Ind) -> None:
    tree = [
        ind("A", "60", judged="quantitative", target="100"),
        ind("B", "40", judged="qualitative", direction="qualitative"),
    ]
    card = engage(tree, {"P1": {"a": "85", "b": "85"}}).card()
    assert [card.judged(code) for code in "AB"] == [False, True]


def test_a_plugin_that_cannot_say_is_named(engage: Engage, ind: Ind) -> None:
    def fails(params: JudgementParams) -> bool:
        raise ZeroDivisionError

    card = engage([ind("A", "100", rule={"kind": "judgement"})], {"P1": {"a": None}}).card()
    foreign = {**JUDGEMENT.__dict__, "name": "poll", "distribution": "demo-plugin", "judged": fails}
    card.column("A").kind = RuleKind(**foreign)
    with pytest.raises(ExpressionError, match="demo-plugin") as caught:
        card.judged("A")
    assert "ZeroDivisionError" in str(caught.value)
