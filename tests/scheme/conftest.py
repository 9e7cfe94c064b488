"""A small pack and plan to freeze: three level 1, one rule kind of its own, everything changeable by keyword."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import workbench
from workbench.base.errors import PolicyError, RulesetError, SchemeError
from workbench.base.models import DecimalText, Model, validated
from workbench.base.yamlio import read_yaml
from workbench.scheme.pack import Indicator, Pack
from workbench.scheme.plan import Plan
from workbench.scheme.policy import Policy
from workbench.scheme.ruleset import Ruleset
from workbench.scheme.scheme import Scheme, freeze

BUILTIN = Path(workbench.__file__).parent / "builtin"
PLAN = {
    "evaluation": "demo",
    "title": "示例",
    "pack": "demo",
    "ruleset": "caiyu-2020-10",
    "policy": "national-default",
    "period": "2023",
    "stage": "部门评价",
    "as_of": "2024-03-01",
    "evidence": "demo.xlsx",
}


class Params(Model):
    """What the demo rule kind takes."""

    pass_at: DecimalText | None = None


KINDS = {
    name: SimpleNamespace(params=Params)
    for name in ("proportional", "execution_rate", "banded", "qualitative", "yes_no", "deadline")
}


def indicator(code: str, level1: str, weight: str, **more: Any) -> dict[str, Any]:
    """An indicator as a pack file has it, judged as quantitative unless it says otherwise."""
    fields = {"code": code, "name": f"指标{code}", "level1": level1, "weight": weight, "value": "x", "target": "100"}
    return fields | ({} if "rule" in more else {"judged": "quantitative"}) | more


TREE = [indicator("A", "决策", "20"), indicator("B", "产出", "50"), indicator("C", "效益", "30")]


@pytest.fixture(scope="session")
def policy() -> Callable[[str], Policy]:
    """A built-in policy by its id."""

    def load(name: str) -> Policy:
        document = read_yaml(BUILTIN / "policies" / f"{name}.yaml")
        return validated(Policy, document.data["policy"], document, PolicyError, "policy")

    return load


@pytest.fixture(scope="session")
def ruleset() -> Callable[[str], Ruleset]:
    """A built-in ruleset by its id, its classes kept but their parameters dropped (the demo kinds take none)."""

    def load(name: str) -> Ruleset:
        document = read_yaml(BUILTIN / "rulesets" / f"{name}.yaml")
        full = validated(Ruleset, document.data["ruleset"], document, RulesetError, "ruleset")
        bare = {k: r.model_copy(update={"params": {}}) for k, r in full.classes.items()}
        return full.model_copy(update={"classes": bare})

    return load


@pytest.fixture
def frozen(policy: Callable[[str], Policy], ruleset: Callable[[str], Ruleset]) -> Callable[..., Scheme]:
    """``frozen(tree, changes=[…], policy="jilin-2025", pack={…})``: the scheme of a plan over a demo pack."""

    def make(
        tree: Sequence[Mapping[str, Any]] = TREE,
        *,
        changes: Sequence[Mapping[str, Any]] = (),
        pack: Mapping[str, Any] | None = None,
        local: str | Policy = "national-default",
        rules: str | Ruleset = "caiyu-2020-10",
        sheet: Sequence[Mapping[str, Any]] = (),
        **plan: Any,
    ) -> Scheme:
        content: dict[str, Any] = {
            "id": "demo",
            "version": "1.0.0",
            "api_version": 1,
            "title": "示例包",
            "object": "示例",
            "basis": [],
            "ruleset": "caiyu-2020-10",
            "indicators": list(tree),
        }
        return freeze(
            Plan.model_validate(PLAN | {"changes": list(changes)} | plan),
            Pack.model_validate(content | dict(pack or {})),
            rules if isinstance(rules, Ruleset) else ruleset(rules),
            local if isinstance(local, Policy) else policy(local),
            policy("national-default"),
            KINDS,
            [Indicator.model_validate(s) for s in sheet],
        )

    return make


@pytest.fixture
def refused(frozen: Callable[..., Scheme]) -> Callable[..., SchemeError]:
    """As ``frozen``, for a scheme that must not come about."""

    def make(*args: Any, **more: Any) -> SchemeError:
        with pytest.raises(SchemeError) as caught:
            frozen(*args, **more)
        return caught.value

    return make


@pytest.fixture
def leaf() -> Callable[..., dict[str, Any]]:
    """``leaf("A", "产出", "50", …)``: one indicator of a tree."""
    return indicator


@pytest.fixture
def weights() -> Callable[[Scheme], dict[str, Decimal]]:
    """Weight by code."""
    return lambda scheme: {i.code: i.weight for i in scheme.tree}
