"""``workbench panel papers``: the papers of a stored run, its panel from the plan or from the ledger."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from workbench.base.errors import FileError, ReviewError
from workbench.cli.chinese import App
from workbench.cli.panel_papers import panel_papers
from workbench.review.desk import start_review
from workbench.review.ledger.store import open_ledger
from workbench.runs.docket import docket_of
from workbench.runs.opening import open_computed, read_plan
from workbench.runs.outputs import write_once
from workbench.runs.papers import meeting_of, outcome_of
from workbench.runs.store import find_run, run_folder, seal_folder, staged, write_files
from workbench.scheme.panel import Member, Panel

ROOT = Path(__file__).resolve().parents[3]
NAME = "yongde-mingliang-school-2022"
EVIDENCE = "params/evidence/yongde_mingliang_school_2022.xlsx"
LEAD = Member(id="lead", name="王敏", roles=["lead", "expert"])


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "notebooks").mkdir()
    (tmp_path / EVIDENCE).parent.mkdir(parents=True)
    shutil.copy(ROOT / EVIDENCE, tmp_path / EVIDENCE)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def ran(workspace: Path, panel: Panel | None) -> None:
    """A finished run of the plan, without its notebook."""
    plan = read_plan("params/yongde_mingliang_school_2022.yaml", ROOT).plan.model_copy(update={"panel": panel})
    evaluation = open_computed({**plan.model_dump(mode="json")}, workspace=workspace)
    with staged(run_folder(evaluation)) as folder:
        write_files(evaluation, folder)
        seal_folder(folder, evaluation.digest)


def papers(*args: str, code: int = 0) -> Any:
    app = App()
    app.command()(panel_papers)
    done = CliRunner().invoke(app, [NAME, *args])
    assert done.exit_code == code, done.output
    return done


def test_the_papers_of_the_plans_panel_are_written_and_named(workspace: Path) -> None:
    ran(workspace, Panel(members=[LEAD]))
    done = papers()
    folder = workspace / "reviews" / NAME / "papers"
    assert "已写出10份评审用表" in done.stdout and "… 01-评审手册.docx" in done.stderr
    assert {p.name for p in folder.iterdir()} >= {"01-评审手册.docx", "06-专家打分表-王敏-lead.docx"}
    again = json.loads(papers("--json").stdout)
    assert again["folder"].endswith(f"reviews/{NAME}/papers") and len(again["files"]) == 10


def test_the_ledgers_panel_counts_once_there_is_one(workspace: Path) -> None:
    ran(workspace, Panel(members=[LEAD]))
    stored = find_run(NAME, workspace)
    ledger = open_ledger(workspace, NAME, create=True)
    start_review(
        ledger,
        docket_of(stored.folder, workspace),
        Panel(members=[LEAD, Member(id="e1", name="李建国", roles=["expert"])]),
    )
    ledger.close()
    assert [m.name for m in meeting_of(stored, workspace).experts] == ["王敏", "李建国"]


def test_a_run_without_a_panel_says_how_to_get_one(workspace: Path) -> None:
    ran(workspace, None)
    stored = find_run(NAME, workspace)
    assert outcome_of(stored) is None
    with pytest.raises(ReviewError, match="workbench review"):
        meeting_of(stored, workspace)


def test_a_paper_somebody_has_edited_is_not_written_over(tmp_path: Path) -> None:
    write_once([("a.docx", b"1"), ("b.docx", b"2")], tmp_path)
    (tmp_path / "b.docx").write_bytes(b"edited")
    with pytest.raises(FileError, match=r"b\.docx.*--force"):
        write_once([("a.docx", b"1"), ("b.docx", b"2")], tmp_path)
    assert (tmp_path / "b.docx").read_bytes() == b"edited"
    write_once([("b.docx", b"2")], tmp_path, force=True)
    assert (tmp_path / "b.docx").read_bytes() == b"2"


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file", encoding="utf-8")
    with pytest.raises(FileError, match="文件写不进去"):
        write_once([("a.docx", b"1")], tmp_path / "taken")
