"""The catalogue, local files that tune it, and rules of plugins."""

from __future__ import annotations

from decimal import Decimal

import pytest
from found_in import BENEFIT, QUALITY, clean, reviewed, row

from workbench.base.errors import FindingRulesError, PluginError
from workbench.recheck.findings import RecheckRule, Seen, active_rules, all_rules, form_findings
from workbench.recheck.findings.catalogue import EXAMPLE
from workbench.recheck.findings.rules import BUILT_IN

DECLARED = {"title": "样例", "severity": "P2", "example": True, "message": "{found}", "suggestion": "改"}


def local(tmp_path, text: str):
    path = tmp_path / "rules.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def found(form, rules):
    return {f.code: f for f in form_findings(reviewed(form), rules)}


def test_every_function_is_declared_and_every_declaration_has_a_function():
    assert [rule.code for rule in all_rules()] == list(dict.fromkeys(rule.code for rule in all_rules()))
    assert {rule.code for rule in all_rules()} == set(BUILT_IN)


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.code)
def test_every_rule_tells_where_it_comes_from(rule):
    assert rule.source
    assert "号" in rule.source or EXAMPLE in rule.source


def test_a_local_file_switches_tunes_and_regrades(tmp_path):
    form = row(row(clean(), QUALITY, points=8), BENEFIT, target="≥200元")
    assert {"met_but_deducted", "target_loose"} <= set(found(form, active_rules()))
    text = "findings:\n  met_but_deducted: {enabled: false}\n  target_loose: {severity: P1, params: {percent: 150}}\n"
    tuned = found(form, active_rules(local(tmp_path, text)))
    assert "met_but_deducted" not in tuned
    assert tuned["target_loose"].severity == "P1"
    assert "target_loose" not in found(form, active_rules(local(tmp_path, text.replace("150", "165"))))


def test_a_rule_that_is_off_can_be_switched_on(tmp_path):
    assert "satisfaction_source" not in {r.code for r in active_rules()}
    switched = active_rules(local(tmp_path, "findings:\n  satisfaction_source: {enabled: true}\n"))
    assert "satisfaction_source" in {r.code for r in switched}


@pytest.mark.parametrize(("text", "said"), [
    ("findings:\n  weights_summ: {enabled: false}\n", "是否想写“weights_sum”"),
    ("findings:\n  target_loose: {params: {percnt: 150}}\n", "是否想写“percent”"),
    ("findings:\n  target_loose: {params: {percent: [a]}}\n", "应为数字"),
    ("findings:\n  target_loose: {severity: P3}\n", "取值不在允许范围内"),
    ("findings:\n  target_loose: {title: 改名}\n", "不认识的键"),
])  # fmt: skip
def test_a_local_file_that_says_what_cannot_be_is_refused_with_its_line(tmp_path, text, said):
    with pytest.raises(FindingRulesError) as error:
        active_rules(local(tmp_path, text))
    assert said in str(error.value)
    assert "rules.yaml 第2行" in str(error.value)


def test_a_plugin_adds_a_rule_that_a_local_file_can_tune(tmp_path):
    def check(form, params):
        if len(form.rows) < params.number("least"):
            yield Seen(form.form.title, "标题", found="少")

    rule = RecheckRule("few_rows", "1.0.0", check, {**DECLARED, "params": {"least": 5}}, "wb-own")
    assert "few_rows" not in found(clean(), active_rules(added=[rule]))
    more = active_rules(local(tmp_path, "findings:\n  few_rows: {params: {least: 7}}\n"), [rule])
    assert found(clean(), more)["few_rows"].message == "少"
    assert next(r for r in more if r.code == "few_rows").params.number("least") == Decimal(7)


def test_a_plugin_takes_no_code_that_is_taken():
    with pytest.raises(PluginError, match="weights_sum"):
        active_rules(added=[RecheckRule("weights_sum", "1.0.0", lambda form, params: iter(()), DECLARED, "wb-own")])


def test_a_plugins_declaration_is_checked():
    with pytest.raises(PluginError, match="wb-own"):
        active_rules(added=[RecheckRule("own", "1.0.0", lambda form, params: iter(()), {"title": "样例"}, "wb-own")])
    broken = {**DECLARED, "message": "{found.__class__}"}
    with pytest.raises(PluginError, match="花括号"):
        active_rules(added=[RecheckRule("own", "1.0.0", lambda form, params: iter(()), broken, "wb-own")])
