"""What the product writes itself raises no alarm: report, brief, self-evaluation form, papers of a meeting, 再评价报告."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest
from report_checked import checked, unpacked

from workbench.reports.comparison.word import report
from workbench.reports.document.content import content
from workbench.reports.document.texts import Texts
from workbench.reports.document.word import word
from workbench.reports.forms.bundle import form_files
from workbench.reports.forms.entries import has_form
from workbench.reports.papers.bundle import meeting_papers
from workbench.reports.papers.meeting import Meeting
from workbench.review.scope import Scope
from workbench.runs.docket import RunDocket
from workbench.runs.opening import open_computed
from workbench.runs.reporting import report_source
from workbench.runs.store import StoredRun, run_folder
from workbench.scheme.panel import Member, Panel

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from test_comparison import comparison, subject

ROOT = Path(__file__).resolve().parents[3]
MEMBERS = [Member(id="lead", name="王敏", roles=["lead", "expert"]), Member(id="e1", name="李建国", roles=["expert"])]


def alarms(data: bytes) -> list[str]:
    return [f.sentence() for f in checked(unpacked(data)).found]


@pytest.mark.parametrize(
    "plan",
    [
        *("changning_pig_2022", "jinzhai_2023_dept", "qingshen_drc_2023_blank", "tangxi_2022_commission"),
        *("training_unit_cost_lvliang_2021", "shandong_transition_funds", "yongde_mingliang_school_2022"),
    ],
)
def test_the_report_brief_and_form_of_a_published_case(tmp_path, plan):
    """Caps, open items, a zero total row, several subjects, values as published: whatever a run holds."""
    shutil.copytree(ROOT / "params", tmp_path / "params")
    evaluation = open_computed(f"params/{plan}.yaml", workspace=tmp_path)
    evaluation.save()
    source = report_source(StoredRun(run_folder(evaluation)), pictures=False)
    made = content(source, Texts())
    evidence = evaluation.as_read if source.pack is not None and has_form(source.pack) else None
    documents = {"报告": word(made), **dict(form_files(source, Texts(), made, evidence))}
    assert not [(name, found) for name, data in documents.items() if (found := alarms(data))]


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
