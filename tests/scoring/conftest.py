"""Small engagements built in code: a pack, a plan and evidence in a few lines, concluded by the real functions.

``engage(tree, rows)`` makes one. An indicator reads the column of its own code in the table ``data`` unless it says otherwise,
and its evidence is 核实一致 unless ``status`` says otherwise. The rule kind ``given`` takes the value itself for the points, so
that what comes after the rules can be tested with points of one's own choosing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import workbench
from workbench.base.exact import Exact
from workbench.base.models import Model
from workbench.base.yamlio import read_yaml
from workbench.evidence.tables import (
    EPOCH,
    CapFact,
    Column,
    Evidence,
    EvidenceStatus,
    Proof,
    Table,
    Waiver,
)
from workbench.scheme.pack import FieldSpec, Pack, TableSpec
from workbench.scheme.plan import Plan
from workbench.scheme.policy import Policy
from workbench.scheme.ruleset import Ruleset
from workbench.scheme.scheme import Scheme, freeze
from workbench.scoring.adjustments import Adjustment
from workbench.scoring.conclude import conclude
from workbench.scoring.kinds import Case, Inputs, Points, RuleKind, have
from workbench.scoring.measures import Measures
from workbench.scoring.result import IndicatorResult, SubjectResult
from workbench.scoring.rules.builtin import BUILTIN_KINDS
from workbench.scoring.scorecard import Scorecard, score
from workbench.scoring.totals import Totals, total

BUILTIN = Path(workbench.__file__).parent / "builtin"
WORDS = {s.name: s for s in EvidenceStatus}
RULE = {"kind": "proportional"}
NUMBER = {"decimals": 6}


class NoParams(Model):
    """The test kind takes none."""


def _given(inputs: Inputs, params: NoParams) -> Points:
    assert inputs.value is not None
    scored = have(inputs, "value")
    return Points(inputs.value.rescale(inputs.decimals).units, scored.astype(np.int8), scored)


def _said(case: Case, params: NoParams) -> str:
    return f"{case.name}得{case.shown_points}分" if case.points is not None else f"{case.name}未评分"


GIVEN = RuleKind("given", "1.0.0", "照录", "", NoParams, {"unscored": "", "given": ""}, _given, _said)
KINDS: dict[str, RuleKind[Any]] = {k.name: k for k in (*BUILTIN_KINDS, GIVEN)}


@cache
def _loaded(folder: str, name: str) -> Any:
    model = Policy if folder == "policies" else Ruleset
    return model.model_validate(read_yaml(BUILTIN / folder / f"{name}.yaml").data[model.__name__.lower()])


def column(spec: FieldSpec, values: Sequence[Any]) -> Column:
    """A typed column from texts, None where missing."""
    if spec.type == "date":
        days = [None if v is None else Decimal((date.fromisoformat(v) - EPOCH).days) for v in values]
        return Exact.from_decimals(days, 0)
    if spec.type == "bool":
        return Exact.from_decimals([None if v is None else Decimal(bool(v)) for v in values], 0)
    if spec.numeric:
        return Exact.from_decimals([None if v is None else Decimal(str(v)) for v in values], spec.places)
    return np.array([*values, None], dtype=object)[:-1]


def table(name: str, rows: Sequence[Mapping[str, Any]], per: str = "rows", **types: dict[str, Any]) -> Table:
    """An evidence table; every row names its subject. Fields are numbers with six decimals unless ``types`` says else."""
    names = list(dict.fromkeys(n for row in rows for n in row if n != "subject"))
    names += [n for n in types if n not in names]
    fields = [
        FieldSpec.model_validate({"name": n, "title": f"{n}栏", "type": "number"} | types.get(n, NUMBER)) for n in names
    ]
    spec = TableSpec.model_validate({"name": name, "title": f"{name}表", "per": per, "fields": fields})
    columns: dict[str, Column] = {"subject": np.array([*(r["subject"] for r in rows), None], dtype=object)[:-1]}
    columns |= {f.name: column(f, [r.get(f.name) for r in rows]) for f in fields}
    letters = {n: chr(ord("A") + i) for i, n in enumerate(columns)}
    return Table(spec, "基础数据.xlsx", spec.title, np.arange(3, 3 + len(rows)), letters, columns)


def subjects(ids: Sequence[str], **extra: Sequence[Any]) -> Table:
    """The 评价对象 table: names, roles and what else is given."""
    kinds = {"published_total": "number"}
    specs = [
        FieldSpec.model_validate({"name": n, "title": n, "type": kinds.get(n, "text")})
        for n in dict.fromkeys(["name", "role", "published_total", "published_grade", *extra])
    ]
    given: dict[str, Sequence[Any]] = {"name": [f"项目{i}" for i in ids], "role": ["评价对象"] * len(ids)}
    given |= dict.fromkeys(("published_total", "published_grade"), [None] * len(ids)) | extra
    columns: dict[str, Column] = {"subject": np.array([*ids, None], dtype=object)[:-1]}
    columns |= {s.name: column(s, given[s.name]) for s in specs}
    spec = TableSpec(name="subjects", title="评价对象", per="subject", fields=specs)
    return Table(spec, "基础数据.xlsx", "评价对象", np.arange(3, 3 + len(ids)), {}, columns)


@dataclass
class Engagement:
    """A frozen scheme and its evidence, ready to be scored."""

    scheme: Scheme
    evidence: Evidence
    derivations: Mapping[str, Any] = field(default_factory=dict)

    def card(self, adjustments: Sequence[Adjustment] = ()) -> Scorecard:
        return score(self.scheme, self.evidence, KINDS, self.derivations, adjustments)

    def totals(self, adjustments: Sequence[Adjustment] = ()) -> Totals:
        return total(self.card(adjustments))

    def results(self, adjustments: Sequence[Adjustment] = ()) -> dict[str, SubjectResult]:
        _, found = conclude(self.scheme, self.evidence, KINDS, self.derivations, adjustments)
        return {r.id: r for r in found}

    def one(self, *adjustments: Adjustment) -> SubjectResult:
        [found] = self.results(adjustments).values()
        return found


def leaf(code: str, weight: str, level1: str = "产出", **more: Any) -> dict[str, Any]:
    """An indicator scored in proportion to 100 %, or by ``given`` when ``rule`` is that word."""
    fields: dict[str, Any] = {"code": code, "name": f"指标{code}", "level1": level1, "weight": weight, "unit": "%"}
    fields |= {"value": f"data.{code.lower()}"}
    if "judged" not in more and more.get("rule") != "given":
        fields |= {"target": "100", "rule": RULE}
    if more.get("rule") == "given":
        more = more | {"rule": {"kind": "given"}, "unit": "分"}
    return fields | more


def extra(code: str, limit: str, kind: str = "bonus", **more: Any) -> dict[str, Any]:
    """A bonus or deduction item: one point per unit of its own column."""
    rule = {"kind": kind, "params": {"per_unit" if kind == "bonus" else "per_case": "1"}}
    return {"code": code, "name": f"项{code}", "limit": limit, "value": f"data.{code.lower()}", "rule": rule} | more


def engagement(
    tree: Sequence[Mapping[str, Any]],
    rows: Mapping[str, Mapping[str, Any]],
    *,
    status: Mapping[str, Any] | str | None = "verified",
    proofs: Sequence[Proof] = (),
    waivers: Sequence[Waiver] = (),
    facts: Sequence[CapFact] = (),
    policy: str | Policy = "national-default",
    ruleset: str | Ruleset = "caiyu-2020-10",
    bonus: Mapping[str, Any] | None = None,
    deductions: Mapping[str, Any] | None = None,
    pack: Mapping[str, Any] | None = None,
    tables: Sequence[Table] = (),
    types: Mapping[str, dict[str, Any]] | None = None,
    changes: Sequence[Mapping[str, Any]] = (),
    derivations: Mapping[str, Any] | None = None,
    as_of: str = "2024-03-01",
    **about: Sequence[Any],
) -> Engagement:
    """Build one. ``rows``: subject → column → value. ``status``: one for all indicators, or by code; None: no register."""
    content = {
        "id": "demo",
        "version": "1.0.0",
        "api_version": 1,
        "title": "示例包",
        "object": "示例",
        "basis": [],
        "ruleset": "caiyu-2020-10",
        "indicators": list(tree),
        "bonus": dict(bonus or {}),
        "deductions": dict(deductions or {}),
    }
    plan = {
        "evaluation": "demo",
        "title": "示例",
        "pack": "demo",
        "ruleset": "caiyu-2020-10",
        "policy": "national-default",
        "period": "2023",
        "stage": "自评",
        "as_of": as_of,
        "evidence": "基础数据.xlsx",
        "changes": list(changes),
    }
    made = Pack.model_validate(content | dict(pack or {}))
    scheme = freeze(
        Plan.model_validate(plan),
        made,
        ruleset if isinstance(ruleset, Ruleset) else _loaded("rulesets", ruleset),
        policy if isinstance(policy, Policy) else _loaded("policies", policy),
        _loaded("policies", "national-default"),
        KINDS,
    )
    data = table("data", [{"subject": s} | dict(r) for s, r in rows.items()], "subject", **dict(types or {}))
    wanted = {i["code"]: status if isinstance(status, str) else (status or {}).get(i["code"]) for i in tree}
    register = [
        Proof(s, code, WORDS[state], document="决算报表", number="财字1号", place=f"佐证清单 {s} {code}")
        for s in rows
        for code, state in wanted.items()
        if state is not None
    ]
    evidence = Evidence(
        subjects=subjects(list(rows), **about),
        tables={"data": data} | {t.spec.name: t for t in tables},
        proofs=[*register, *proofs],
        waivers=list(waivers),
        cap_facts=list(facts),
    )
    return Engagement(scheme, evidence, dict(derivations or {}))


@pytest.fixture(scope="session")
def engage() -> Callable[..., Engagement]:
    """``engage([ind("A", "100")], {"P1": {"a": "85"}}, …)``."""
    return engagement


@pytest.fixture(scope="session")
def ind() -> Callable[..., dict[str, Any]]:
    """``ind("A", "50", "产出", …)``: one indicator; ``rule="given"`` for points of one's own choosing."""
    return leaf


@pytest.fixture(scope="session")
def item() -> Callable[..., dict[str, Any]]:
    """``item("X", "5")`` a bonus, ``item("Y", "5", "deduction")`` a deduction: one point per unit of its column."""
    return extra


@pytest.fixture(scope="session")
def make_table() -> Callable[..., Table]:
    """``make_table("pay", [{"subject": "P1", "amount": "0.1"}], amount={"type": "money"})``."""
    return table


@pytest.fixture(scope="session")
def measuring() -> Callable[..., Measures]:
    """``measuring({"P1": {"a": "1"}}, tables=[…], derived=[…])``: the measures over a table ``data``."""

    def make(rows: Mapping[str, Mapping[str, Any]], **more: Any) -> Measures:
        tree = [{"code": "Z", "name": "Z", "level1": "产出", "weight": "100", "rule": {"kind": "judgement"}}]
        derived = {"derived": more.pop("derived", [])}
        made = engagement(tree, rows, status=None, pack=derived, **more)
        return Measures(made.evidence.subjects, made.evidence.tables, made.scheme.pack.derived, made.derivations)

    return make


@pytest.fixture(scope="session")
def by_code() -> Callable[[SubjectResult], dict[str, IndicatorResult]]:
    """The indicators of a result by code."""
    return lambda result: {i.code: i for i in result.indicators}


@pytest.fixture(scope="session")
def policy_of() -> Callable[[str], Policy]:
    """A built-in policy by its id."""
    return lambda name: _loaded("policies", name)


@pytest.fixture(scope="session")
def ruleset_of() -> Callable[[str], Ruleset]:
    """A built-in ruleset by its id."""
    return lambda name: _loaded("rulesets", name)


@pytest.fixture(scope="session")
def expert() -> Callable[..., Adjustment]:
    """``expert("A", "7.50")``: merged expert points for indicator A of subject P1."""

    def make(indicator: str, points: str, subject: str = "P1", **more: str) -> Adjustment:
        said = {"reason": "现场核查发现资料不全", "by": "评审组", "at": "2024-03-02T10:00:00+08:00"} | more
        return Adjustment(subject, indicator, Decimal(points), **said)

    return make
