"""Made-up forms with one defect each, in files: every kind is told at its cell, and honest forms raise nothing grave.

A seeded part of what ``benchmarks/recheck.py`` measures with 500 forms and more.
"""

from __future__ import annotations

from decimal import Decimal

import pytest
from defect_tools import MUTATIONS
from form_bundle import bundle
from form_defects import KINDS, planted
from form_facts import grade_of, half_up
from form_habits import HABITS
from form_judge import honest, judged, spoilt
from form_projects import clean

from workbench.recheck.findings.rules import BUILT_IN
from workbench.recheck.work import Order, work

ONE_OF_EACH = list(planted(len(KINDS)))
"""A form of every kind of defect, layouts and kinds of file in turn."""


@pytest.mark.parametrize("number", range(len(ONE_OF_EACH)), ids=lambda number: KINDS[number])
def test_a_planted_defect_is_told_at_its_cell(number, tmp_path):
    # One of them alone in a file; its number keeps layout and kind of file the same as in the benchmark.
    (one,) = judged(spoilt(tmp_path, [ONE_OF_EACH[number]], number))
    assert one.reading.questions == ()
    assert one.caught, [(f.code, f.spot) for f in one.findings]


@pytest.mark.parametrize("seed", range(len(HABITS) * 4 // 3), ids=str)
def test_an_honest_form_raises_nothing_grave(seed, tmp_path):
    (one,) = judged(honest(tmp_path, [seed]))
    assert one.reading.questions == ()
    assert [(f.code, f.spot, f.message) for f in one.findings if f.severity != "P2"] == []


def test_what_several_forms_and_lists_show(tmp_path):
    made = bundle(tmp_path)
    done = work(Order((made.folder,), tmp_path / "out", register=made.register, approved=made.approved), None, 1)
    findings = [f for form in done.outcome.forms for f in form.findings] + list(done.outcome.loose)
    for code, places in made.wanted:
        told = [f"{f.file}{f.message}{f.found}" for f in findings if f.code == code]
        assert any(place in text for text in told for place in places.split("|")), code
    assert [(f.code, f.file) for f in findings if f.file.startswith(made.honest) and f.severity != "P2"] == []


def test_every_kind_names_rules_that_there_are():
    assert {code for one in MUTATIONS.values() for code in one.codes} <= set(BUILT_IN)


@pytest.mark.parametrize("seed", range(0, 400, 7))
def test_honest_forms_are_honest(seed):
    form = clean(seed)
    weights = [form.first.weight, *(x.weight for x in form.items)]
    assert (sum(weights), form.grade) == (100, grade_of(form.total))
    assert form.total == form.first.points + sum(x.points for x in form.items)
    money, parts = form.first, form.funds[1:]
    for column in ("initial", "adjusted", "executed"):
        assert getattr(money, column) == sum((getattr(part, column) for part in parts), Decimal(0))
    assert money.rate == half_up(money.executed / money.adjusted * 100)
    assert clean(seed) == form
