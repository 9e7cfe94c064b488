"""What the product writes itself raises no alarm: papers of a meeting, the 再评价报告."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from report_checked import checked, unpacked

from workbench.reports.comparison.word import report
from workbench.reports.papers.bundle import meeting_papers
from workbench.reports.papers.meeting import Meeting
from workbench.review.scope import Scope
from workbench.runs.docket import RunDocket
from workbench.runs.opening import open_computed
from workbench.scheme.panel import Member, Panel

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from test_comparison import comparison, subject

ROOT = Path(__file__).resolve().parents[3]
MEMBERS = [Member(id="lead", name="王敏", roles=["lead", "expert"]), Member(id="e1", name="李建国", roles=["expert"])]


def alarms(data: bytes) -> list[str]:
    return [f.sentence() for f in checked(unpacked(data)).found]


@pytest.mark.parametrize("plan", ["yongde_mingliang_school_2022", "huangshi_sponge_2022"])
def test_papers_of_a_meeting(plan):
    evaluation = open_computed(f"params/{plan}.yaml", workspace=ROOT)
    papers = dict(meeting_papers(Meeting(Scope(RunDocket(evaluation)), Panel(members=MEMBERS))))
    found = {name: alarms(data) for name, data in papers.items() if name.endswith(".docx")}
    assert len(found) > 5 and not any(found.values()), found


@pytest.mark.parametrize("several", [False, True])
def test_the_report_of_a_second_evaluation(several):
    """The line that was falsified afterwards is found, so silence is no blindness."""
    made = comparison(subject(), subject(id="P02", name="第二个对象")) if several else comparison()
    data = report(made)
    assert alarms(data) == []
    body = unpacked(data).replace("得分由27.00分变为24.00分".encode(), "得分由27.00分变为23.00分".encode())
    assert several or checked(body).found
