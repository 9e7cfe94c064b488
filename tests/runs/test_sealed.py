"""Sealed workspaces: a run unfolded elsewhere gives the same bytes, from what was sealed alone."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import pytest

from workbench.base.canon import canonical_json, digest
from workbench.base.errors import CheckFailed, FileError, LedgerError, WorkbenchError
from workbench.base.sealing import is_sealed
from workbench.review.desk import Desk, start_review
from workbench.review.events import CellCorrection, Correction, Event
from workbench.review.ledger.store import open_ledger
from workbench.runs.docket import RunDocket
from workbench.runs.engine import run_plan
from workbench.runs.evaluation import Evaluation
from workbench.runs.kept import EvidenceList, KeptFile
from workbench.runs.opening import open_computed, open_plan, read_plan
from workbench.runs.reviewing import first_panel
from workbench.runs.sealed import Origin, Parts, installed_notebooks, load_sources, origin_of, parts_of_run, restore
from workbench.runs.store import StoredRun, result_bytes, run_folder, seal_folder
from workbench.runs.workspace import find_workspace
from workbench.scheme.library import Library

Make = Callable[..., Path]


def opened(root: Path) -> Evaluation:
    return open_plan("params/plan.yaml", workspace=root)


def saved(root: Path) -> StoredRun:
    """The run of a workspace's plan, saved as a notebook would."""
    evaluation = opened(root)
    evaluation.save()
    return StoredRun(run_folder(evaluation))


def unfolded(root: Path) -> Path:
    return restore(parts_of_run(saved(root), root), root / "elsewhere" / "sealed")


# -- what a run keeps ---------------------------------------------------------------------------------------------


def test_a_run_keeps_scheme_and_list_of_evidence(workspace: Make) -> None:
    run = saved(workspace())
    scheme = {p.relative_to(run.folder / "scheme").as_posix() for p in (run.folder / "scheme").rglob("*.*")}
    assert scheme == {"pack.yaml", "rulesets/caiyu-2020-10.yaml", "policies/national-default.yaml"}
    assert digest((run.folder / "scheme" / "pack.yaml").read_bytes()) == run.result().pack.digest
    listed = EvidenceList.model_validate_json((run.folder / "evidence.json").read_bytes())
    assert listed.evidence == "params/基础数据.xlsx"
    assert [f.path for f in listed.files] == ["params/基础数据.xlsx", "params/附件/决算报表.txt"]
    for file in listed.files:
        data = (run.folder / "evidence" / f"{file.sha256}{Path(file.path).suffix}").read_bytes()
        assert (digest(data), len(data)) == (file.sha256, file.size)
    run.check()


def test_a_policy_of_its_own_is_kept_beside_the_national_default(workspace: Make) -> None:
    run = saved(workspace(policy="kizilsu-2023"))
    names = sorted(p.name for p in (run.folder / "scheme" / "policies").iterdir())
    assert names == ["kizilsu-2023.yaml", "national-default.yaml"]


def test_a_pack_with_windows_line_ends_is_kept_with_its_declared_digest(workspace: Make) -> None:
    root = workspace(pack="own", variant=None)
    installed = Library.of(load_sources(root).folders).packs["self-evaluation"].path.read_text("utf-8")
    pack = root / "packs" / "own" / "pack.yaml"
    pack.parent.mkdir(parents=True)
    pack.write_bytes(installed.replace("id: self-evaluation", "id: own", 1).replace("\n", "\r\n").encode())
    (root / "params" / "plan.yaml").write_text(
        (root / "params" / "plan.yaml").read_text("utf-8").replace("variant: null", "variant: caiyu10"), "utf-8"
    )
    run = saved(root)
    kept = (run.folder / "scheme" / "pack.yaml").read_bytes()
    assert b"\r" not in kept
    assert digest(kept) == run.result().pack.digest
    expected = result_bytes(opened(root))
    assert result_bytes(opened(restore(parts_of_run(run), root / "sealed-copy"))) == expected


def test_evidence_changed_after_it_was_read_is_not_saved(workspace: Make) -> None:
    root = workspace()
    evaluation = opened(root)
    assert evaluation.result()
    (root / "params" / "附件" / "决算报表.txt").write_text("改过", "utf-8")
    with pytest.raises(CheckFailed, match="在计算期间被改动"):
        evaluation.save()
    assert not (root / "runs").exists()


# -- the same result elsewhere ------------------------------------------------------------------------------------


def test_a_restored_workspace_gives_the_same_bytes_when_the_old_one_is_gone(workspace: Make) -> None:
    root = workspace()
    expected, was = result_bytes(opened(root)), opened(root).digest
    sealed = unfolded(root)
    shutil.rmtree(root / "params")
    evaluation = opened(sealed)
    assert (result_bytes(evaluation), evaluation.digest) == (expected, was)
    assert evaluation.replayed == []
    assert find_workspace(sealed / "params") == sealed
    assert is_sealed(sealed) and not is_sealed(root)
    origin = origin_of(sealed)
    assert origin is not None and (origin.run, origin.changed) == (was, [])


def test_every_setting_of_a_plan_comes_back(workspace: Make) -> None:
    panel = {"members": [{"id": "lead", "name": "甲: #1", "roles": ["lead", "expert"]}], "blind": False}
    changes = [{"kind": "weight", "indicator": "I01", "value": "20", "reason": "是\n否"}]
    root = workspace(parties={"lead": "'甲'"}, panel=panel, title="yes", changes=[*changes, *changes][:1], seed=7)
    plan = read_plan("params/plan.yaml", root).plan
    parts = Parts(
        plan=json.loads(canonical_json(plan.model_dump())),
        evidence=EvidenceList(evidence=plan.evidence, files=[]),
        files={},
        scheme={"pack.yaml": Library.of(load_sources(root).folders).packs["self-evaluation"].path.read_bytes()},
        origin=Origin(run="0" * 64),
    )
    sealed = restore(parts, root / "sealed-copy")
    assert read_plan("params/plan.yaml", sealed).plan == plan


def test_an_executed_run_in_a_restored_workspace_is_the_same(workspace: Make) -> None:
    root = workspace()
    run = saved(root)
    sealed = restore(parts_of_run(run), root / "elsewhere")
    outcome = run_plan(sealed / "params" / "plan.yaml", workspace=sealed)
    again = StoredRun(outcome.folder)
    again.check()
    assert outcome.folder.name == run.folder.name
    for name, sha256 in run.manifest()["files"].items():
        assert again.manifest()["files"][name] == sha256, name


def test_table_files_nobody_read_are_remembered(workspace: Make) -> None:
    root = workspace()
    folder = root / "params" / "data"
    folder.mkdir()
    (folder / "评价对象.csv").write_text("对象编号,对象名称\nP01,营养改善计划\n", "utf-8")
    (folder / "项目资金.csv").write_text("资金类别,全年预算数(万元),全年执行数(万元)\n年度资金总额,200,184\n", "utf-8")
    (folder / "绩效指标.csv").write_text(
        "一级指标,二级指标,三级指标,指标性质,年度指标值,计量单位,分值(分),实际完成值\n"
        "产出指标,数量指标,甲,≥,100,%,50,92\n效益指标,社会效益指标,乙,≥,100,%,30,92\n"
        "满意度指标,服务对象满意度指标,丙,≥,100,%,10,92\n",
        "utf-8",
    )
    (folder / "备查.csv").write_text("随手记", "utf-8")
    plan = root / "params" / "plan.yaml"
    plan.write_text(plan.read_text("utf-8").replace("params/基础数据.xlsx", "params/data"), "utf-8")
    expected = result_bytes(opened(root))
    assert "备查" in expected.decode()
    sealed = unfolded(root)
    assert (sealed / "params" / "data" / "备查.csv").read_bytes() == b""
    assert result_bytes(opened(sealed)) == expected


# -- only what was sealed -----------------------------------------------------------------------------------------


def test_packs_and_plugins_in_a_sealed_workspace_are_ignored(workspace: Make) -> None:
    root = workspace()
    expected = result_bytes(opened(root))
    sealed = unfolded(root)
    for folder in (sealed, sealed / "packs" / "evil", sealed / "sealed"):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "plugin.py").write_text("raise SystemExit('it ran')", "utf-8")
        if folder != sealed / "sealed":
            (folder / "pack.yaml").write_text("pack: {id: self-evaluation}\n", "utf-8")
    sources = load_sources(sealed)
    assert (sources.problems, [f.path for f in sources.folders]) == ([], [sealed / "sealed"])
    assert result_bytes(opened(sealed)) == expected


def test_a_ruleset_that_was_not_sealed_is_not_taken_from_the_installation(workspace: Make) -> None:
    sealed = unfolded(workspace())
    (sealed / "sealed" / "rulesets" / "caiyu-2020-10.yaml").unlink()
    with pytest.raises(WorkbenchError, match="没有安装名为“caiyu-2020-10”的计分规则集"):
        opened(sealed)


def test_a_changed_policy_in_the_sealed_folder_counts(workspace: Make) -> None:
    root = workspace(policy="kizilsu-2023")
    run = saved(root)
    sealed = restore(parts_of_run(run), root / "elsewhere")
    file = sealed / "sealed" / "policies" / "kizilsu-2023.yaml"
    file.write_text(re.sub(r"version: \S+", "version: 9.9.9", file.read_text("utf-8"), count=1), "utf-8")
    assert opened(sealed).result().policy.version == "9.9.9"


@pytest.mark.parametrize("notebook", ["../evil.ipynb", "a/b.ipynb", "..", "C:x.ipynb"])
def test_a_notebook_outside_its_folder_is_refused(workspace: Make, notebook: str) -> None:
    root = workspace()
    parts = parts_of_run(saved(root))
    with pytest.raises(FileError, match="笔记本只能写文件名"):
        restore(replace(parts, plan={**parts.plan, "notebook": notebook}), root / "elsewhere")
    assert not (root / "elsewhere").exists()


def test_a_notebook_of_the_workspace_is_replaced_by_one_of_the_installation(workspace: Make) -> None:
    root = workspace(notebook="mine.ipynb")
    sealed = unfolded(root)
    general = installed_notebooks("evaluation.ipynb")[0].read_bytes()
    assert (sealed / "notebooks" / "mine.ipynb").read_bytes() == general


UNSAFE = [
    "../out.xlsx",
    "/etc/passwd.xlsx",
    "params/../../out.xlsx",
    "a\\b.xlsx",
    "C:/out.xlsx",
    "params/数据.xlsx:stream",
    "params/nul.xlsx",
    "params/数据.xlsx.",
    "params /数据.xlsx",
    "",
    ".",
    "x\x00y",
    "sealed/origin.json",
    "Sealed/origin.json",
    "noteboo\u212as/evaluation.xlsx",
    "packs/evil/pack.yaml",
    "reviews/demo/ledger.sqlite",
    "plugin.py",
    "numpy.py",
    "params/附件/模型.PY",
    "params/附件/笔记.ipynb",
    "yaml.so",
    "params/plan.yaml",
    "a" * 300 + ".xlsx",
]


@pytest.mark.parametrize("path", UNSAFE)
def test_a_path_that_would_do_harm_is_refused_before_anything_is_left(workspace: Make, path: str) -> None:
    root = workspace()
    parts = parts_of_run(saved(root))
    bad = KeptFile(path=path, sha256=digest(b"x"), size=1)
    listed = parts.evidence.model_copy(update={"files": [*parts.evidence.files, bad]})
    with pytest.raises(FileError):
        restore(replace(parts, evidence=listed, files={**parts.files, path: lambda: BytesIO(b"x")}), root / "new" / "x")
    assert not (root / "new" / "x").exists()
    assert not list(root.glob("new/.*"))


@pytest.mark.parametrize(
    "name", ["../pack.yaml", "plugin.py", "rulesets/../x.yaml", "origin.json", "rulesets/a/b.yaml"]
)
def test_only_files_of_a_scheme_come_into_the_sealed_folder(workspace: Make, name: str) -> None:
    root = workspace()
    parts = parts_of_run(saved(root))
    with pytest.raises(FileError, match="不是评价方案的文件"):
        restore(replace(parts, scheme={**parts.scheme, name: b""}), root / "elsewhere")
    assert not (root / "elsewhere").exists()


# -- whole or not at all ------------------------------------------------------------------------------------------


def test_nothing_is_overwritten(workspace: Make) -> None:
    root = workspace()
    parts = parts_of_run(saved(root))
    into = restore(parts, root / "elsewhere")
    (into / "params" / "plan.yaml").write_text("mine", "utf-8")
    with pytest.raises(FileError, match="文件夹已存在"):
        restore(parts, into)
    assert (into / "params" / "plan.yaml").read_text("utf-8") == "mine"


def test_two_that_restore_into_one_folder_at_once(workspace: Make) -> None:
    """While one of them still copies, the other has got there."""
    root = workspace()
    parts = parts_of_run(saved(root))
    into, path = root / "elsewhere", parts.evidence.files[-1].path
    opener = parts.files[path]

    def meanwhile() -> BinaryIO:
        into.mkdir()
        (into / "runs").mkdir()
        return opener()

    with pytest.raises(FileError, match="elsewhere:文件夹刚刚被占用,另一次重跑可能正在用它。请等它结束再运行"):
        restore(replace(parts, files={**parts.files, path: meanwhile}), into)
    assert [p.name for p in into.iterdir()] == ["runs"] and not list(root.glob(".elsewhere*"))


@pytest.mark.parametrize("data", [b"", b"other content", b"x" * 5_000_000])
def test_content_that_is_not_the_listed_one_is_refused(workspace: Make, data: bytes) -> None:
    root = workspace()
    parts = parts_of_run(saved(root))
    path = parts.evidence.files[-1].path
    with pytest.raises(CheckFailed, match=path):
        restore(replace(parts, files={**parts.files, path: lambda: BytesIO(data)}), root / "elsewhere")
    assert not (root / "elsewhere").exists()
    assert not list(root.glob(".elsewhere*"))


def test_a_changed_run_folder_is_refused(workspace: Make) -> None:
    run = saved(workspace())
    (run.folder / "scheme" / "pack.yaml").write_bytes(b"pack: {}\n")
    with pytest.raises(CheckFailed, match=r"scheme/pack\.yaml"):
        parts_of_run(run)


def test_a_run_of_an_earlier_version_opens_but_is_to_be_made_again(workspace: Make) -> None:
    run = saved(workspace())
    made_of = run.manifest()["digest"]
    shutil.rmtree(run.folder / "scheme")
    (run.folder / "evidence.json").unlink()
    seal_folder(run.folder, made_of)
    run.check()
    assert run.result().subjects
    with pytest.raises(CheckFailed, match="请重新运行"):
        parts_of_run(run)


# -- 再评价 -------------------------------------------------------------------------------------------------------


def changed(root: Path, parts: Parts) -> Path:
    origin = parts.origin.model_copy(update={"changed": ["policy"], "parent": parts.origin.run})
    library = Library.of(load_sources(root).folders)
    policy = library.policies["kizilsu-2023"].path.read_bytes()
    scheme = {**parts.scheme, "policies/kizilsu-2023.yaml": policy}
    plan = {**parts.plan, "policy": "kizilsu-2023"}
    return restore(replace(parts, origin=origin, scheme=scheme, plan=plan), root / "changed")


def test_a_changed_run_knows_its_parent_and_is_known_by_its_inputs(workspace: Make) -> None:
    root = workspace()
    run = saved(root)
    after = opened(changed(root, parts_of_run(run)))
    assert after.result().parent == run.manifest()["digest"]
    assert opened(unfolded(root)).result().parent is None
    plain = open_plan("params/plan.yaml", workspace=root, overrides=["policy=kizilsu-2023"])
    assert after.digest == plain.digest != run.manifest()["digest"]


# -- with a review ------------------------------------------------------------------------------------------------


def corrected(root: Path) -> Event:
    """A review begun by the lead, with a data correction: the executed money is 200, not 184."""
    docket = RunDocket(open_computed("params/plan.yaml", workspace=root))
    with open_ledger(root, "demo", create=True) as ledger:
        panel = first_panel(docket.scheme.plan)
        start_review(ledger, docket, panel)
        desk = Desk(ledger, docket, panel.lead.id)
        change = CellCorrection(target="cell", table="项目资金", field="全年执行数", old="184", new="200")
        proof = desk.ledger.keep("凭证.TXT", b"200")
        attached = [{"name": "凭证.TXT", "sha256": proof, "size": 3}]
        return desk.send(
            Correction.model_validate(
                {
                    "kind": "correction",
                    "subject": "P01",
                    "change": change.model_dump(),
                    "reason": "漏记一笔",
                    "evidence": "凭证12号",
                    "attachments": attached,
                }
            )
        )


def test_a_review_comes_back_with_its_corrections(workspace: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    root = workspace()
    before = opened(root).evidence.digest
    corrected(root)
    run = saved(root)
    expected = result_bytes(opened(root))
    assert run.result().ledger_head and run.result().evidence_digest == before
    listed = EvidenceList.model_validate_json((run.folder / "evidence.json").read_bytes())
    assert listed.files[0].sha256 == digest((root / "params" / "基础数据.xlsx").read_bytes())
    sealed = unfolded(root)
    shutil.rmtree(root / "reviews")
    assert result_bytes(opened(sealed)) == expected
    # A server's ledger of the same name is another one, and is not even asked: this address leads nowhere.
    monkeypatch.setenv("WORKBENCH_LEDGER", "postgresql://nobody@127.0.0.1:1/none")
    assert result_bytes(opened(sealed)) == expected
    with open_ledger(sealed, "demo") as ledger:
        assert ledger.kept(digest(b"200")) == b"200"
    assert not (sealed / "ledger.jsonl").exists()


def test_what_was_said_after_the_run_is_not_sealed_with_it(workspace: Make) -> None:
    root = workspace()
    corrected(root)
    run = saved(root)
    expected = run.unchanged("result.json")
    with open_ledger(root, "demo") as ledger:
        docket = RunDocket(open_computed("params/plan.yaml", workspace=root))
        change = CellCorrection(target="cell", table="项目资金", field="全年执行数", old="200", new="190")
        body = Correction(kind="correction", subject="P01", change=change, reason="更正", evidence="凭证13号")
        Desk(ledger, docket, "lead").send(body)
    assert result_bytes(opened(root)) != expected
    sealed = restore(parts_of_run(run, root), root / "elsewhere")
    assert result_bytes(opened(sealed)) == expected


def test_a_run_whose_ledger_was_cut_is_refused(workspace: Make) -> None:
    root = workspace()
    corrected(root)
    run = saved(root)
    (root / "reviews" / "demo" / "ledger.sqlite").unlink()
    with pytest.raises(LedgerError):
        parts_of_run(run, root)


def test_an_attachment_that_is_lost_is_named(workspace: Make) -> None:
    root = workspace()
    corrected(root)
    run = saved(root)
    shutil.rmtree(root / "reviews" / "demo" / "attachments")
    with pytest.raises(LedgerError, match=r"凭证\.TXT"):
        parts_of_run(run, root)


def test_an_attachment_under_a_false_name_is_refused(workspace: Make) -> None:
    root = workspace()
    corrected(root)
    parts = parts_of_run(saved(root), root)
    false = dict.fromkeys(parts.attachments, lambda: BytesIO(b"300"))
    with pytest.raises(LedgerError, match="附件"):
        restore(replace(parts, attachments=false), root / "elsewhere")
    assert not (root / "elsewhere").exists()


def test_a_file_that_did_not_come_along_is_named(workspace: Make) -> None:
    root = workspace()
    parts = parts_of_run(saved(root))
    with pytest.raises(CheckFailed, match="附件/决算报表"):
        restore(replace(parts, files={"params/基础数据.xlsx": parts.files["params/基础数据.xlsx"]}), root / "elsewhere")


def test_a_forged_ledger_is_refused_and_leaves_nothing(workspace: Make) -> None:
    root = workspace()
    corrected(root)
    parts = parts_of_run(saved(root), root)
    assert parts.ledger is not None
    with pytest.raises(LedgerError):
        restore(replace(parts, ledger=parts.ledger.replace("漏记".encode(), "虚增".encode())), root / "elsewhere")
    assert not (root / "elsewhere").exists()


def test_a_change_with_a_review_has_the_sealed_run_for_its_parent(workspace: Make) -> None:
    root = workspace()
    corrected(root)
    run = saved(root)
    after = opened(changed(root, parts_of_run(run, root)))
    assert after.carried is not None
    assert after.result().parent == run.manifest()["digest"]


def test_a_restored_ledger_is_a_sound_database(workspace: Make) -> None:
    root = workspace()
    corrected(root)
    sealed = unfolded(root)
    folder = sealed / "reviews" / "demo"
    assert sorted(p.name for p in folder.iterdir()) == ["attachments", "ledger.sqlite"]
    connection = sqlite3.connect(folder / "ledger.sqlite")
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()
