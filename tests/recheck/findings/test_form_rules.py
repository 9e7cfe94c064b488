"""Each rule over single forms finds its defect at the right cell, and leaves the near miss alone."""

from __future__ import annotations

from decimal import Decimal

import pytest
from found_in import EVERY, QUANTITY, REMARK, RULES, TIME, clean, findings, places, reviewed, row
from shown import ALSO, NEAR, SHOWN

from workbench.recheck.findings import form_findings
from workbench.recheck.outcome import Choice, Severity

NEEDS_CHOICE = {"check_above_self"}


def test_a_clean_form_has_no_findings_at_all():
    assert findings(clean(), rules=EVERY) == ()


def test_every_rule_has_a_form_that_shows_it_and_a_near_miss():
    codes = {rule.code for rule in EVERY if rule.scope == "form"} - NEEDS_CHOICE
    assert set(SHOWN) == codes
    assert set(NEAR) == codes


@pytest.mark.parametrize("code", SHOWN)
def test_the_defect_is_found_at_its_cell(code):
    made, cell = SHOWN[code]
    found = findings(made(), rules=EVERY)
    assert (code, cell) in places(found)
    own = next(f for f in found if f.code == code)
    assert own.found
    assert own.expected
    assert "{" not in own.message + own.suggestion


@pytest.mark.parametrize("number", range(len(ALSO)))
def test_the_defect_is_found_in_its_other_forms_too(number):
    code, made, cell = ALSO[number]
    assert (code, cell) in places(findings(made()))


@pytest.mark.parametrize(("code", "number"), [(code, i) for code, forms in NEAR.items() for i in range(len(forms))])
def test_the_near_miss_is_left_alone(code, number):
    found = findings(NEAR[code][number](), rules=EVERY)
    assert code not in {f.code for f in found}


def test_a_deadline_missed_for_certain_leaves_no_full_points():
    found = findings(row(clean(), TIME, target="9月底前", actual="11月", remark=REMARK))
    assert {(f.code, f.spot.cell, f.expected) for f in found} == {("missed_but_full", "H23", "低于10")}
    assert "reason_blank" in {f.code for f in findings(row(clean(), TIME, target="9月底前", actual="11月"))}


def test_a_recheck_above_the_units_own_points_is_told():
    choices = (Choice(QUANTITY, None, Decimal(19), "补交资料", "李四"),)
    form = reviewed(clean(), choices=choices)
    assert places(form_findings(form, RULES)) == {("check_above_self", "H21")}
    rule_s = reviewed(
        row(clean(), QUANTITY, actual="20期", points=18), choices=(Choice(QUANTITY, None, Decimal(20), "认可", "李四"),)
    )
    assert "check_above_self" not in {f.code for f in form_findings(rule_s, RULES)}, "20 is what the rules give"
    lower = (Choice(QUANTITY, None, Decimal(17), "少一期", "李四"),)
    assert form_findings(reviewed(clean(), choices=lower), RULES) == ()


def test_gravest_first_then_by_place():
    made, _ = SHOWN["funds_sum"]
    severities = [f.severity for f in findings(made())]
    assert severities == sorted(severities)
    assert severities[0] is Severity.P0
