"""Fifty clean reports without a false alarm, two hundred falsified ones without a miss."""

from __future__ import annotations

from collections import Counter

import report_cases as cases
from report_checked import checked, unpacked


def test_clean_reports_raise_no_alarm():
    assert len(cases.clean()) >= 50
    alarms = {
        n: [f.sentence() for f in found] for n, r in enumerate(cases.clean()) if (found := checked(r.body()).found)
    }
    assert alarms == {}


def test_every_planted_contradiction_is_found():
    mutants = list(cases.mutants())
    missed = [(m.key, m.before, m.after) for m in mutants if not checked(m.report.body({m.key: m.after})).found]
    kinds = Counter(m.kind for m in mutants)
    assert len(mutants) == cases.MUTANTS and len(kinds) >= 12 and missed == []


def test_each_report_is_read_and_recognised():
    for report in cases.clean():
        counts = checked(report.body()).counts
        assert counts["评分表"] + counts["对象汇总表"] >= 1, counts


def test_a_file_says_what_its_body_says():
    mutant = next(m for m in cases.mutants() if m.kind == "cover total")
    data = mutant.report.data({mutant.key: mutant.after})
    [found] = checked(unpacked(data)).found[:1]
    assert found.rule.code == "total_twice" and mutant.after in (found.found, str(found.expected))
