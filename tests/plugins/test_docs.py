"""The documentation of hooks is the code: same names, same signatures, and its examples run."""

from __future__ import annotations

import inspect
import re
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

from workbench.base.exact import Exact
from workbench.base.models import validated
from workbench.base.yamlio import parse_yaml
from workbench.evidence.tables import Table
from workbench.plugins import specs
from workbench.plugins.manager import HOOKS, load_plugins
from workbench.recheck.findings import Reviewed, active_rules, form_findings
from workbench.recheck.model import Form, FormKind, IndicatorRow, Spot, Written
from workbench.scheme.pack import Derived, FieldSpec, RuleRef, TableSpec
from workbench.scoring.kinds import Case, Inputs

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "plugins" / "hooks.md"
TEXT = DOCUMENT.read_text(encoding="utf-8")
HOOK_NAMES = sorted(name for name in vars(specs) if name.startswith("workbench_"))


def sections() -> dict[str, str]:
    parts = re.split(r"^## (.+)$", TEXT, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def blocks(section: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", sections()[section], flags=re.DOTALL)


def test_every_hook_has_a_section_and_every_section_a_hook():
    assert sorted(name for name in sections() if name.startswith("workbench_")) == HOOK_NAMES
    assert sorted(HOOKS) == HOOK_NAMES


@pytest.mark.parametrize("name", HOOK_NAMES)
def test_documented_signature_is_the_real_one(name):
    signature = inspect.signature(getattr(specs, name))
    shown = f"def {name}{signature}: ...".replace("'", "")
    assert blocks(name, "python")[0].strip() == shown


def test_the_documented_signature_algorithm_signs(tmp_path):
    algorithm = example("workbench_signature_algorithms", tmp_path).algorithms["ed448"]
    private = algorithm.generate()
    signature = algorithm.sign(private, b"manifest")
    assert algorithm.verify(algorithm.public(private), b"manifest", signature) is True
    assert algorithm.verify(algorithm.public(private), b"other", signature) is False
    assert algorithm.verify(b"no key", b"manifest", signature) is False


@pytest.mark.parametrize("name", HOOK_NAMES)
def test_every_hook_says_what_it_is_for(name):
    assert inspect.getdoc(getattr(specs, name))
    with pytest.raises(NotImplementedError):
        getattr(specs, name)()


def example(name: str, workspace: Path):
    folder = workspace / "packs" / name
    folder.mkdir(parents=True)
    (folder / "plugin.py").write_text(blocks(name, "python")[1], encoding="utf-8")
    plugins = load_plugins(workspace)
    assert not plugins.problems
    assert plugins.infos[-1].hooks == (name,)
    return plugins


def test_the_documented_rule_kind_scores(tmp_path):
    kind = example("workbench_rule_kinds", tmp_path).kinds["missing_documents"]
    document = parse_yaml(blocks("workbench_rule_kinds", "yaml")[0], "hooks.md")
    rule = validated(RuleRef, document.data["rule"], document, ValueError)
    params = kind.params.model_validate(rule.params)
    values = Exact.from_decimals([Decimal(0), Decimal(3), None, Decimal(50)], 0)
    points = kind.score(Inputs(1000, 2, "lte", np.zeros(4, dtype=bool), value=values), params)
    assert points.units.tolist() == [1000, 850, 0, 0]
    assert points.scored.tolist() == [True, True, False, True]
    case = Case("材料报送", Decimal(10), Decimal("8.50"), "missing", "lte", "份", Decimal(3))
    assert kind.explain(case, params) == "材料报送缺3份,每份扣0.5分,得8.50分"
    assert not kind.score(Inputs(1000, 2, "lte", np.zeros(2, dtype=bool)), params).scored.any()


def test_the_documented_recheck_rule_finds(tmp_path):
    added = example("workbench_recheck_rules", tmp_path).recheck_rules
    (rule,) = [r for r in active_rules(added=added.values()) if r.code == "few_indicators"]
    spot = Spot("绩效自评表", 4, 3, "D5")
    row = IndicatorRow(1, 1, None, None, Written("数量", spot), weight=Written("100", spot, Decimal(100)))
    form = Form("甲.xlsx", 1, FormKind.PROJECT, "", Written("", spot), indicators=(row,))
    (finding,) = form_findings(Reviewed(form), [rule])
    assert (finding.spot, finding.severity) == (spot, "P2")
    assert finding.message == "全表只有1项指标,应不少于5项"


def test_the_documented_derivation_computes(tmp_path):
    document = parse_yaml(blocks("workbench_derivations", "yaml")[0], "hooks.md")
    derived = validated(Derived, document.data["derived"][0], document, ValueError)
    derivation = example("workbench_derivations", tmp_path).derivations[derived.python]
    fields = [FieldSpec(name="year", title="年", type="integer"), FieldSpec(name="amount", title="净额", type="money")]
    spec = TableSpec(name="flows", title="现金流量", fields=fields)
    columns = {
        "subject": np.array(["A", "A", "A", "B"], dtype=object),
        "year": Exact.from_decimals([Decimal(y) for y in (2, 0, 1, 0)], 0),
        "amount": Exact.from_decimals([Decimal(a) for a in (121, -100, 0, 5)], 2),
    }
    table = Table(spec, "流量.xlsx", "现金流量", np.arange(4), {}, columns)
    rates = derivation.function({"flows": table}, ["A", "B"], derived.params)["rate"]
    assert rates[0] == pytest.approx(Decimal(10), abs=Decimal("1e-9"))
    assert rates[1] is None
    assert [c.name for c in derived.columns] == ["rate"]
