"""Terms of the built-in rules and the national policy, and a way to read a workbook again."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

import workbench
from workbench.base.yamlio import read_yaml
from workbench.reports.scorebook.terms import Terms, terms_of
from workbench.reports.scorebook.workbook import scorebook
from workbench.scheme.pack import Pack
from workbench.scheme.plan import Plan
from workbench.scheme.policy import Policy
from workbench.scheme.ruleset import Ruleset
from workbench.scoring.result import RunResult

BUILTIN = Path(workbench.__file__).parent / "builtin"
PACK = {
    "id": "p",
    "version": "1.0.0",
    "api_version": 1,
    "title": "示例",
    "object": "示例",
    "basis": [],
    "indicators": [],
}
PLAN = {
    "evaluation": "demo",
    "title": "示例评价",
    "pack": "p",
    "period": "2024",
    "stage": "自评",
    "as_of": "2024-12-31",
}


def policy(name: str) -> Policy:
    return Policy.model_validate(read_yaml(BUILTIN / "policies" / f"{name}.yaml").data["policy"])


@pytest.fixture(scope="session")
def terms() -> Callable[..., Terms]:
    """``terms(policy="kizilsu-2023", ruleset="caiyu-2021-101", indicators=[…], changes=[…], deductions={…})``."""

    def made(policy_name: str = "national-default", ruleset: str = "caiyu-2020-10", **more: Any) -> Terms:
        changes = more.pop("changes", [])
        rules = Ruleset.model_validate(read_yaml(BUILTIN / "rulesets" / f"{ruleset}.yaml").data["ruleset"])
        pack = Pack.model_validate(PACK | {"ruleset": ruleset} | more)
        named = {"ruleset": ruleset, "policy": policy_name, "evidence": "data", "changes": changes}
        return terms_of(Plan.model_validate(PLAN | named), pack, rules, policy(policy_name), policy("national-default"))

    return made


@pytest.fixture
def book(terms: Callable[..., Terms]) -> Callable[..., Workbook]:
    """A result's workbook, read again with its formulas."""

    def made(result: RunResult, **values: Any) -> Workbook:
        return load_workbook(io.BytesIO(scorebook(result, terms(), "0123456789abcdef")), **values)

    return made
