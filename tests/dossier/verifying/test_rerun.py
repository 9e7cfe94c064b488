"""A dossier run again: identical, or with one thing changed and nothing else."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from workbench.base.errors import CheckFailed, DossierError, ExpressionError, FileError, WorkbenchError
from workbench.dossier.compare.comparing import Compared, compare
from workbench.dossier.compare.opened import compared
from workbench.dossier.container import open_container
from workbench.dossier.rerunning.changing import Change, changed
from workbench.dossier.rerunning.rerun import Rerun, rerun
from workbench.dossier.sealing.seal import seal
from workbench.dossier.telling import rerun_sentences, unsigned
from workbench.dossier.unpacking import parts_of_dossier, result_of
from workbench.dossier.verifying.verify import verify
from workbench.reports.console import summary
from workbench.reports.csvfiles import scorecard_csv
from workbench.runs.engine import Outcome
from workbench.runs.evaluation import Evaluation
from workbench.runs.opening import open_plan
from workbench.runs.papers import outcome_of
from workbench.runs.reviewed import publish_run
from workbench.runs.sealed import PLAN_FILE, restore
from workbench.runs.store import StoredRun, run_folder
from workbench.runs.under_review import run_under_review
from workbench.scoring.result import SubjectResult

HERE = Path(__file__).resolve()
FUNDS = HERE.parents[3] / "plugins/government-investment-funds/src/workbench_pack_government_investment_funds"


@pytest.fixture
def again(tmp_path, temporary):
    """``again(dossier, change)``: the dossier with something changed, opened in a workspace of its own."""

    def made(path: Path, change: Change) -> Evaluation:
        root = restore(changed(parts_of_dossier(open_container(path)), change), tmp_path / "again")
        return open_plan(PLAN_FILE, workspace=root)

    return made


def causes(path: Path, evaluation: Evaluation) -> set[tuple[str, ...]]:
    """What compare finds to have changed, over all subjects; that the new run names the sealed one as its parent."""
    old = compared(str(path), path.parent)
    assert evaluation.result().parent == open_container(path).manifest.run
    new = Compared("new", evaluation.digest, evaluation.result(), evaluation)
    return {tuple(share.causes) for s in compare(old, new).subjects for share in s.shares if share.points != "0"}


def finals(subject: SubjectResult) -> dict[str, str | None]:
    return {i.code: i.final for i in subject.indicators}


def folder_of(case, s1: str) -> Path:
    """The evidence folder beside the workspace, S1 corrected."""
    case.write(s1)
    into = case.root.parent / "corrected"
    shutil.copytree(case.data, into)
    return into


# -- nothing changed --------------------------------------------------------------------------------------------------


def test_the_same_again_and_going_on(reviewed, tmp_path, monkeypatch):
    """Two kernels: an address of a ledger server does not leak into the restored workspace, which has its own ledger."""
    monkeypatch.setenv("WORKBENCH_LEDGER", "postgresql://nobody@127.0.0.1:1/none")
    into = tmp_path / "again"
    found = rerun(reviewed, into)
    assert found.identical and not found.differences and not found.environment
    assert found.outcome.result == result_of(open_container(reviewed))
    assert found.outcome.folder.parts[-2:] == ("small", open_container(reviewed).manifest.run[:16])
    assert set(found.files) <= {"notebook.ipynb", "figures"} | set(found.files)
    assert found.corrections == 1
    told = list(rerun_sentences(replace(found, changed=["experts"], experts="new")))
    assert told[1] == (
        "原评审台账没有带过来,其中的数据更正1项也不再采用;确应采用的,请写进佐证资料,加 --evidence 一起重跑。"
    )
    again = rerun(reviewed, into)
    assert again.outcome.reused and again.identical
    with pytest.raises(FileError, match="文件夹已存在"):
        rerun(reviewed, into, Change(experts="dropped"))


def test_a_folder_that_is_something_else_is_left_alone(honest, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("x")
    with pytest.raises(FileError, match="文件夹已存在"):
        rerun(honest, tmp_path / "mine")
    assert [p.name for p in (tmp_path / "mine").iterdir()] == ["notes.txt"]


def test_a_restored_workspace_that_was_edited_is_not_taken_for_the_dossier(honest, tmp_path):
    into = restore(parts_of_dossier(open_container(honest)), tmp_path / "again")
    file = into / "params" / "data" / "基础数据.csv"
    file.write_text(file.read_text("utf-8").replace("80,75", "99,75"), "utf-8")
    with pytest.raises(FileError, match="已被改动"):
        rerun(honest, into)


def test_what_the_result_says_otherwise_is_listed(honest, forger):
    def raised(result):
        result["subjects"][0]["indicators"][0]["final"] = "20.00"

    path = forger.with_result(honest, raised, forger.out)
    found = rerun(path, forger.out.parent / "again")
    assert not found.identical
    [problem] = found.differences
    assert "S1 D 立项规范性 最终得分" in str(problem) and "实际为“20.00”;应为16.00" in str(problem)
    assert found.files == []


def test_damage_is_refused_before_anything_is_written(honest, tmp_path):
    data = bytearray(honest.read_bytes())
    data[len(data) // 2] ^= 1
    path = tmp_path / "坏.dossier.zip"
    path.write_bytes(data)
    with pytest.raises(DossierError):
        rerun(path, tmp_path / "again")
    assert not (tmp_path / "again").exists()


def test_a_rerun_that_is_killed_leaves_a_whole_workspace_or_none(reviewed, tmp_path):
    """A program of its own, whose unfolding forks are killed at random moments."""
    done = subprocess.run(
        [sys.executable, HERE.with_name("killed_unfolding.py"), str(reviewed), str(tmp_path / "again"), "1", "10"],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    found = json.loads(done.stdout)
    assert set(found) <= {"none", "whole"}, found  # how many of each is the machine's business
    assert sum(found.values()) == 10


# -- one thing changed --------------------------------------------------------------------------------------------------


def test_a_corrected_folder_of_evidence(case, again):
    path = case.sealed()
    evaluation = again(path, Change(evidence=folder_of(case, "90,75,93.5,1")))
    assert evaluation.result().subjects[0].total == "89.25"  # D: 90 % of 20 = 18.00 in place of 16.00
    assert causes(path, evaluation) == {("data",)}


def test_a_corrected_workbook_with_an_attachment_beside_it(case, again):
    """It takes the place of the folder; what it does not bring along is still there, what it brings is new."""
    from xlsxwriter import Workbook

    path = case.sealed()
    file = case.root.parent / "更正" / "更正.xlsx"
    (file.parent / "附件").mkdir(parents=True)
    (file.parent / "附件" / "报表.txt").write_text("更正后的报表", "utf-8")
    with Workbook(str(file)) as book:
        for sheet in ("评价对象", "基础数据", "佐证清单"):
            made = book.add_worksheet(sheet)
            for r, line in enumerate((case.data / f"{sheet}.csv").read_text("utf-8").splitlines()):
                made.write_row(r, 0, ["90" if cell == "80" else cell for cell in line.split(",")])
    evaluation = again(path, Change(evidence=file))
    assert evaluation.plan.evidence == "params/更正.xlsx"
    assert (evaluation.workspace / "params/附件/报表.txt").read_text("utf-8") == "更正后的报表"
    assert evaluation.result().subjects[0].total == "89.25"
    assert causes(path, evaluation) == {("data",)}


def test_adjustments_that_no_longer_apply_are_named(case, again):
    case.review()
    path = case.sealed()
    result = again(path, Change(evidence=folder_of(case, "90,75,93.5,1"))).result()
    assert finals(result.subjects[0]) == {"D": "18.00", "Q": "22.50", "P": "45.00"}
    assert result.review is not None
    said = [f.message for f in result.review.not_applied if f.indicator == "D"]
    assert said and "计算得分由16.00变为18.00" in said[0]


def test_nobody_signed_what_came_of_other_evidence(case, again):
    """The panel had signed; one of its points fell away, the others still count."""
    case.review()
    case.sign_off()
    path = case.sealed()
    evaluation = again(path, Change(evidence=folder_of(case, "90,75,93.5,1")))
    old, result = compared(str(path), path.parent), evaluation.result()
    comparison = compare(old, Compared("new", evaluation.digest, result, evaluation))
    assert comparison.old.phase == "专家组已签字"
    fallen_away = len(result.review.not_applied) if result.review else 0
    assert comparison.new.phase == f"专家组已签字(对评审时的结论,不是本次结论);{fallen_away}项不再适用"
    [experts] = [d for d in comparison.differences if d.cause == "experts"]
    assert experts.what  # not 相同
    assert list(unsigned(result)) == [
        "1项专家得分不再适用,现按计算得分计:立项规范性(D);逐条见“发现的问题”。",
        "专家组签字的是原评价;新的结论未经专家组签字。",
    ]
    assert "专家组已签字(对评审时的结论,不是本次结论)" in summary(result, "runs/small/x")


def test_a_signature_holds_where_the_same_is_run_again(reviewed):
    same = compared(str(reviewed), reviewed.parent)
    comparison = compare(same, same)
    assert comparison.new.phase == "专家组已签字"
    assert all(not d.what for d in comparison.differences)


def test_another_scheme(case, again):
    """Weights 30 and 20 in place of 20 and 30, in a workspace of their own."""
    path = case.sealed()
    other = case.root.parent / "other"
    shutil.copytree(case.root / "packs", other / "packs")
    (other / "params").mkdir()
    text = (other / "packs/small/pack.yaml").read_text("utf-8")
    text = (
        text.replace("weight: 20", "weight: X").replace("weight: 30", "weight: 20").replace("weight: X", "weight: 30")
    )
    (other / "packs/small/pack.yaml").write_text(text, "utf-8")
    shutil.copy(case.root / "params/plan.yaml", other / "params/plan.yaml")
    evaluation = again(path, Change(scheme=other / "params/plan.yaml"))
    assert finals(evaluation.result().subjects[0]) == {"D": "24.00", "Q": "15.00", "P": "46.75"}
    assert causes(path, evaluation) == {("targets",)}


def test_another_ruleset_and_policy_by_id_and_by_file(case, tmp_path, again):
    path = case.sealed()
    evaluation = again(path, Change(ruleset="caiyu-2021-101"))
    assert evaluation.scheme.ruleset.id == "caiyu-2021-101"
    assert causes(path, evaluation) <= {("rules",)}
    shutil.rmtree(tmp_path / "again")
    own = tmp_path / "own-rules.yaml"
    sealed = open_container(path).read("proof/scheme/rulesets/caiyu-2020-10.yaml")
    own.write_bytes(sealed.replace(b"id: caiyu-2020-10", b"id: own-rules", 1).replace(b"\n", b"\r\n"))
    evaluation = again(path, Change(ruleset=str(own)))
    assert evaluation.scheme.ruleset.id == "own-rules" and causes(path, evaluation) == set()
    shutil.rmtree(tmp_path / "again")
    evaluation = again(path, Change(policy="kizilsu-2023"))
    assert evaluation.scheme.policy.id == "kizilsu-2023"
    assert evaluation.scheme.ruleset.id == "caiyu-2020-10"
    assert causes(path, evaluation) <= {("policy",)}


def test_without_the_experts_their_points_are_left_out_and_nothing_else(reviewed, again):
    """D 16.00 as computed in place of 14.00; P is corrected to 90 % of 50 = 45.00 all the same: 16 + 22.50 + 45 + 2 = 85.50."""
    sealed = result_of(open_container(reviewed))
    evaluation = again(reviewed, Change(experts="dropped"))
    result = evaluation.result()
    assert [s.total for s in (sealed.subjects[0], result.subjects[0])] == ["83.50", "85.50"]
    assert finals(result.subjects[0]) == {"D": "16.00", "Q": "22.50", "P": "45.00"}
    assert (result.ledger_head, result.scheme_digest) == (sealed.ledger_head, sealed.scheme_digest)
    assert causes(reviewed, evaluation) == {("experts",)}
    comparison = compare(
        compared(str(reviewed), reviewed.parent), Compared("new", evaluation.digest, result, evaluation)
    )
    assert {d.cause: d.what for d in comparison.differences if d.what} == {
        "experts": ["S1 立项规范性(D) 专家评审得分:14.00→计算得分"]
    }
    assert (comparison.old.phase, comparison.new.phase) == ("专家组已签字", "不计")


def test_points_that_do_not_count_are_shown_and_nobody_has_signed_them(reviewed, again):
    evaluation = again(reviewed, Change(experts="dropped"))
    result = evaluation.result()
    assert [n.message for n in result.notes if n.code == "review_not_counted"] == [
        "本次评价不计专家评审:评审得分6项没有计入,得分都是计算得分;评审台账中的数据更正1项照常采用"
    ]
    shown = next(i.review for i in result.subjects[0].indicators if i.code == "D")
    assert (shown.merged, shown.applied, shown.why_not) == ("14.00", False, "本次评价不计专家评审")
    assert [(e.points, e.counted) for e in shown.experts] == [("12.00", False), ("14.00", False), ("16.00", False)]
    assert result.review.phase == "不计" and result.review.not_applied == []
    sealed = result_of(open_container(reviewed)).review
    assert {n.kind for n in sealed.notes} - {n.kind for n in result.review.notes} == {"sign_off"}
    said = summary(result, "runs/small/x")
    assert "专家评审    不计,台账" in said and "本次结论没有经专家组签字" in said
    assert "评审后得分" not in said and "workbench review" not in said
    row = next(r for r in evaluation.scores("S1").rows if "立项规范性" in r[2])
    assert "不计:14.00(算术平均)" in row and "专家1 12.00(未计入)\n专家2 14.00(未计入)\n专家3 16.00(未计入)" in row


def test_nobody_has_adjusted_points_that_do_not_count(reviewed, again):
    """The merge of D is told, and not as an adjustment; in the run under review it is one."""
    column = {True: ("主评人甲", True), False: ("", False)}
    for result in (result_of(open_container(reviewed)), again(reviewed, Change(experts="dropped")).result()):
        row = next(csv.DictReader(scorecard_csv(result).decode("utf-8-sig").splitlines()))
        assert row["指标编码"] == "D" and row["汇总得分"] == "14.00"
        assert (row["调整人"], bool(row["调整时间"])) == column[result.review.counted]


@pytest.mark.parametrize(
    ("reviewed", "counted", "said"),
    [
        (True, True, "没有与计算得分不同的专家得分"),
        (True, False, "本来就不计专家评审"),
        (False, False, "没有专家评审"),
    ],
)
def test_why_leaving_the_experts_out_changed_nothing(reviewed, counted, said, tmp_path):
    found = Rerun(
        outcome=Outcome(tmp_path, None, reused=False),
        workspace=tmp_path,
        changed=["experts"],
        experts="dropped",
        reviewed=reviewed,
        counted=counted,
        corrections=0,
        without_effect=True,
        identical=False,
        differences=[],
        files=[],
        environment=[],
        withheld=0,
        replayed=[],
    )
    assert next(rerun_sentences(found)) == f"该档案{said},--without-experts 没有改变什么。"


def test_a_run_without_the_experts_is_sealed_again_and_is_not_the_run_under_review(reviewed, again, tmp_path):
    evaluation = again(reviewed, Change(experts="dropped"))
    evaluation.save()
    run = StoredRun(run_folder(evaluation))
    assert evaluation.plan.experts == "ignored" and evaluation.carried.base != evaluation.computed_digest
    for name, switch in (("small", False), ("small", True), (str(run.folder), False)):
        with pytest.raises(CheckFailed, match=r"不计专家评审.*请删去计划中的 experts 一行"):
            run_under_review(name, evaluation.workspace, switch=switch)
    with pytest.raises(CheckFailed, match="没有写出新的运行"):
        publish_run(run.folder, evaluation.workspace, evaluation.position.head)
    assert outcome_of(run) is None  # no paper of the panel says what it has not said
    second = seal(run, evaluation.workspace, tmp_path / "2.dossier.zip").path
    found = verify(second)
    assert found.holds, [str(p) for c in found.checks for p in c.problems]
    manifest = open_container(second).manifest
    review = {i.title: i.reason for i in manifest.checklist if i.reason and "不计专家评审" in i.reason}
    assert len(review) == 2 and manifest.ledger_events > 0
    assert result_of(open_container(second)).parent == open_container(reviewed).manifest.run
    # Without the line it is the run under review again, and with a new panel the line is gone.
    plan = evaluation.workspace / PLAN_FILE
    plan.write_text(plan.read_text("utf-8").replace("experts: ignored", ""), "utf-8")
    assert open_plan(PLAN_FILE, workspace=evaluation.workspace).digest == open_container(reviewed).manifest.run
    assert "experts" not in changed(parts_of_dossier(open_container(second)), Change(experts="new")).plan


def test_a_new_panel_begins_a_ledger_of_its_own(reviewed, again):
    """The correction of P stays behind with the ledger: 45.00 are 46.75 of the evidence again, 87.25 in all."""
    evaluation = again(reviewed, Change(experts="new"))
    result = evaluation.result()
    assert result.review is None and result.ledger_head == ""
    assert result.subjects[0].total == "87.25"
    assert not (evaluation.workspace / "reviews").exists()
    assert causes(reviewed, evaluation) == {("data",), ("experts",)}


def test_a_new_panel_begins_without_the_old_members(honest):
    parts = parts_of_dossier(open_container(honest))
    members = [{"id": "lead", "name": "旧主评人", "roles": ["lead"]}]
    parties = {"lead": "旧主评人", "evaluated": "第一小学"}
    parts = replace(parts, plan={**parts.plan, "panel": {"members": members}, "parties": parties})
    plan = changed(parts, Change(experts="new")).plan
    assert "panel" not in plan and plan["parties"] == {"evaluated": "第一小学"}
    assert changed(parts, Change(experts="dropped")).plan["panel"] == {"members": members}


def test_where_nobody_has_judged_there_is_nothing_to_leave_out(honest, again):
    evaluation = again(honest, Change(experts="dropped"))
    assert evaluation.digest == open_container(honest).manifest.run


def test_the_run_of_a_change_can_itself_be_sealed_and_run_again(case, tmp_path, again):
    path = case.sealed()
    evaluation = again(path, Change(policy="kizilsu-2023"))
    evaluation.save()
    second = seal(StoredRun(run_folder(evaluation)), evaluation.workspace, tmp_path / "2.dossier.zip").path
    assert verify(second).holds
    third = open_plan(PLAN_FILE, workspace=restore(parts_of_dossier(open_container(second)), tmp_path / "third"))
    assert third.result() == result_of(open_container(second))
    assert third.result().parent == open_container(path).manifest.run


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (Change(ruleset="caiyu-2020-11"), "caiyu-2020-10"),
        (Change(ruleset="none.yaml"), "文件不存在"),
        (Change(policy="nowhere-2020"), "nowhere-2020"),
        (Change(scheme=Path("none.yaml")), "none.yaml"),
        (Change(evidence=Path("none.xlsx")), "none.xlsx"),
    ],
)
def test_what_is_not_there_is_named(honest, tmp_path, change, said):
    with pytest.raises(WorkbenchError) as error:
        rerun(honest, tmp_path / "again", change)
    assert said in str(error.value)
    assert not (tmp_path / "again").exists()


def test_a_workbook_that_is_wrong_is_named_as_it_was_typed(case, tmp_path):
    path = case.sealed()
    given = folder_of(case, "八十,75,93.5,1")
    with pytest.raises(WorkbenchError) as error:
        rerun(path, tmp_path / "again", Change(evidence=given))
    assert all(p.place.file.startswith(given.as_posix()) for p in error.value.problems)
    assert not (tmp_path / "again").exists()


def test_a_pack_that_cannot_be_computed_is_the_dossiers_fault_where_nothing_was_put_in(honest, forger, tmp_path):
    pack = forger.pack().replace(b"data.d", b"data.nothing")
    path = forger.forged(honest, {"proof/scheme/pack.yaml": pack}, forger.out)
    with pytest.raises(DossierError, match="nothing"):
        rerun(path, tmp_path / "again")
    with pytest.raises(WorkbenchError) as error:
        rerun(path, tmp_path / "again", Change(policy="kizilsu-2023"))
    assert not isinstance(error.value, DossierError)
    assert not (tmp_path / "again").exists()


def test_what_does_not_fit_leaves_no_workspace(case, tmp_path):
    """Rates of return the sealed evidence has no table for: found when the plan is opened in the restored workspace."""
    path = case.sealed()
    plan = FUNDS / "example" / "plan.yaml"
    with pytest.raises(WorkbenchError):
        rerun(path, tmp_path / "reruns" / "again", Change(scheme=plan))
    assert list((tmp_path / "reruns").iterdir()) == []


def test_a_file_of_rules_that_are_none_is_refused_before_anything_is_written(honest, tmp_path):
    file = tmp_path / "坏.yaml"
    for text in ("ruleset: {id: x}", "policy: {id: x}", "a: [", "\0"):
        file.write_text(text, "utf-8")
        for change in (Change(ruleset=str(file)), Change(policy=str(file))):
            with pytest.raises(WorkbenchError):
                rerun(honest, tmp_path / "again", change)
            assert not (tmp_path / "again").exists()


# -- code -----------------------------------------------------------------------------------------------------------------


def test_recorded_answers_stand_for_code_that_is_another(funds, again, monkeypatch, tmp_path):
    """The installed plugin with other bytes: its recorded answers are used and that is said; they do not fit other evidence."""
    monkeypatch.setattr("workbench.runs.foreign.code_digest", lambda *_: "0" * 64)
    container = open_container(funds)
    evaluation = open_plan(PLAN_FILE, workspace=restore(parts_of_dossier(container), tmp_path / "same"))
    assert evaluation.result() == result_of(container)
    assert evaluation.replayed
    other = again(funds, Change(policy="chiping-2020"))
    assert other.result().subjects
    file = tmp_path / "更正.xlsx"
    book = openpyxl.load_workbook(evaluation.workspace / evaluation.plan.evidence)
    for sheet in book.worksheets[1:]:
        for row in sheet.iter_rows(min_row=2):
            for cell in row:
                if isinstance(cell.value, float):
                    cell.value += 1
    book.save(file)
    with pytest.raises(ExpressionError, match="没有安装或与封存时不同,封存的结果只适用于原来的佐证资料和方案"):
        rerun(funds, tmp_path / "corrected", Change(evidence=file))
