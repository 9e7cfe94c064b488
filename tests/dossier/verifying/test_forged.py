"""Somebody who has all our tools forges a dossier and makes everything fit. Each forgery is refused, with its place."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from workbench.base.canon import canonical_json, digest
from workbench.base.errors import DossierError, WorkbenchError
from workbench.dossier.container import open_container
from workbench.dossier.container.layout import MAX_SIZE
from workbench.dossier.rerunning.rerun import rerun
from workbench.dossier.verifying.verify import verify

PLAN, SCHEME, LIST = "proof/plan.json", "proof/scheme/", "proof/evidence.json"
Result = dict[str, Any]


def subject(result: Result) -> Result:
    return result["subjects"][0]


# -- the result -------------------------------------------------------------------------------------------------------

CLAIMS: dict[str, tuple[Callable[[Result], object], str]] = {
    "points": (lambda r: subject(r)["indicators"][1].update(final="30.00"), "S1 Q 社会效益 最终得分"),
    "value": (lambda r: subject(r)["indicators"][2].update(value="99.50"), "S1 P 完成率 完成值"),
    "weight": (lambda r: subject(r)["indicators"][0].update(weight="25"), "S1 D 立项规范性 分值"),
    "sentence": (lambda r: subject(r)["indicators"][0].update(explanation="满分"), "S1 D 立项规范性 评分说明"),
    "total": (lambda r: subject(r).update(total="95.00", interval=["95.00", "95.00"]), "S1 总分"),
    "grade": (lambda r: subject(r).update(grade="优", grade_name="优"), "S1 等级"),
    "bonus": (lambda r: subject(r)["bonus"][0].update(points="4.00"), "S1 B1 获省级表彰 加分项 得分"),
    "level": (lambda r: subject(r)["levels"][0].update(rate="1"), "S1 决策 一级指标 得分率"),
    "cap": (lambda r: subject(r)["caps"][0].update(state="触发"), "情形 状态"),
    "consequence": (lambda r: subject(r)["consequence"].append(CONSEQUENCE), "S1 第"),
    "subject": (lambda r: r["subjects"].pop(), "S2"),
    "order": (lambda r: r["subjects"].reverse(), "顺序"),
    "evidence": (lambda r: r.update(evidence_digest="0" * 64), "佐证摘要"),
    "pack": (lambda r: r["pack"].update(digest="0" * 64), "指标包 摘要"),
    "parent": (lambda r: r.update(notes=[NOTE]), "说明"),
}
CONSEQUENCE = {"text": "优先安排预算", "reads": "grade", "clause": "第一条", "policy": "national-default"}
NOTE = {"code": "x", "severity": "info", "message": "已经审定"}


@pytest.mark.parametrize("claim", CLAIMS)
def test_a_result_the_evidence_does_not_give(claim, case, forger):
    case_policy(case, claim)
    change, place = CLAIMS[claim]
    said = forger.refused(forger.with_result(case.sealed(), change, forger.out), "recomputed")
    assert place in said and "conclusion/result.json" in said


def case_policy(case: Any, claim: str) -> None:
    """A policy with caps and consequences, where they are what is forged."""
    if claim in ("cap", "consequence"):
        file = case.root / "params" / "plan.yaml"
        file.write_text(file.read_text("utf-8").replace("national-default", "kizilsu-2023"), "utf-8")


def test_tables_that_say_something_else(honest, forger):
    table = open_container(honest).read("conclusion/scorecard.csv").replace(b"16.00", b"20.00")
    said = forger.refused(forger.forged(honest, {"conclusion/scorecard.csv": table}, forger.out), "tables")
    assert "conclusion/scorecard.csv" in said


def test_a_result_that_says_two_things(honest, forger):
    """Of a key that stands there twice some readers take the first, and people read the first."""
    data = open_container(honest).read("conclusion/result.json")
    twice = data.replace(b'"total": "87.25"', b'"total": "99.00",\n      "total": "87.25"', 1)
    assert twice != data
    forger.refused(forger.forged(honest, {"conclusion/result.json": twice}, forger.out), "tables")


@pytest.mark.parametrize(("field", "version"), [("schema_version", "9.0.0"), ("engine", "1.10.0")])
def test_a_result_of_a_later_version(honest, forger, field, version):
    def later(result: Result) -> None:
        if field == "engine":
            result["engine"]["version"] = version
        else:
            result[field] = version

    said = forger.refused(forger.with_result(honest, later, forger.out), "manifest")
    assert field in said and "请升级 workbench" in said


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b"[" * 100_000, b'{"schema_version": 1}', b"\xff", b"1" * 5000])
def test_a_result_that_is_none(honest, forger, data):
    assert "conclusion/result.json" in forger.refused(
        forger.forged(honest, {"conclusion/result.json": data}, forger.out), "manifest"
    )


# -- evidence, scheme, plan ---------------------------------------------------------------------------------------------


def evidence(path: Path, name: str) -> tuple[str, bytes]:
    """Member and content of an evidence file."""
    container = open_container(path)
    listed = json.loads(container.read(LIST))["files"]
    file = next(f for f in listed if f["path"].endswith(name))
    member = f"proof/evidence/{file['sha256']}{Path(name).suffix}"
    return member, container.read(member)


def with_evidence(path: Path, name: str, old: bytes, new: bytes) -> dict[str, bytes | None]:
    """The members of a dossier one evidence file of which says something else."""
    member, data = evidence(path, name)
    assert old in data
    data = data.replace(old, new)
    listed = json.loads(open_container(path).read(LIST))
    for file in listed["files"]:
        if file["path"].endswith(name):
            file.update(sha256=digest(data), size=len(data))
    return {member: None, f"proof/evidence/{digest(data)}{Path(name).suffix}": data, LIST: canonical_json(listed)}


def test_other_evidence_under_the_same_result(honest, forger):
    changed = with_evidence(honest, "基础数据.csv", b"80,75", b"90,75")
    said = forger.refused(forger.forged(honest, changed, forger.out), "recomputed")
    assert "S1 D 立项规范性 完成值" in said and "S1 总分" in said and "佐证摘要" in said


def test_another_attachment_under_the_same_name(honest, forger):
    """Attachments are not unfolded to be scored; their bytes are still those the list says."""
    name = next(n for n in forger.contents(honest) if n.startswith("proof/evidence/") and n.endswith(".txt"))
    said = forger.refused(forger.forged(honest, {name: "完成率99.9%".encode()}, forger.out), "recomputed")
    assert name in said and "资料清单所记的摘要不符" in said


def test_another_weight_under_the_same_result(honest, forger):
    changed = {f"{SCHEME}pack.yaml": forger.pack(D=30, Q=20)}
    said = forger.refused(forger.forged(honest, changed, forger.out), "recomputed")
    assert "S1 D 立项规范性 分值" in said and "S1 Q 社会效益 最终得分" in said


def test_another_run_digest(honest, forger):
    said = forger.refused(forger.forged(honest, {}, forger.out, run="1" * 64), "recomputed")
    assert "manifest.json run" in said and "运行摘要" in said


@pytest.mark.parametrize(
    "path", ["../x.csv", "/etc/x", "params/../../x.csv", "C:/x", "a/plugin.py", "sealed/pack.yaml"]
)
def test_evidence_that_would_lie_outside(honest, forger, path):
    listed = json.loads(open_container(honest).read(LIST))
    listed["files"][0]["path"] = path
    sha256 = listed["files"][0]["sha256"]
    copy = f"proof/evidence/{sha256}{Path(path).suffix}"
    data = next(d for d in forger.contents(honest).values() if digest(d) == sha256)
    said = forger.refused(forger.forged(honest, {LIST: canonical_json(listed), copy: data}, forger.out), "recomputed")
    assert path in said and LIST in said
    with pytest.raises(DossierError):
        rerun(forger.out, forger.out.parent / "again")
    assert not (forger.out.parent / "again").exists()


@pytest.mark.parametrize(
    ("path", "said"), [("{0}", "同一路径列了两次"), ("{0}/x.csv", "不能并存"), ("params", "不能并存")]
)
def test_evidence_that_is_listed_where_another_lies(honest, forger, path, said):
    listed = json.loads(open_container(honest).read(LIST))
    path = path.format(listed["files"][0]["path"])
    listed["unread"].append(path)
    found = forger.refused(forger.forged(honest, {LIST: canonical_json(listed)}, forger.out), "recomputed")
    assert f"{LIST}:" in found and said in found and f"实际为“{path}”" in found


@pytest.mark.parametrize("path", ["../../etc", "/etc/passwd", "\0", "a" * 5000])
def test_a_plan_whose_evidence_lies_outside(honest, forger, path):
    plan = json.loads(open_container(honest).read(PLAN))
    plan["plan"]["evidence"] = path
    said = forger.refused(forger.forged(honest, {PLAN: canonical_json(plan)}, forger.out), "recomputed")
    assert "params/plan.yaml" in said or "plan" in said


@pytest.mark.parametrize("field", ["notebook", "pack", "ruleset", "policy"])
def test_a_plan_that_names_a_path(honest, forger, field):
    plan = json.loads(open_container(honest).read(PLAN))
    plan["plan"][field] = "../../x"
    forger.refused(forger.forged(honest, {PLAN: canonical_json(plan)}, forger.out), "recomputed")


def test_a_small_dossier_does_not_unfold_into_a_large_folder(honest, forger):
    """One file of 200 MB, listed as 30: that would be 6 GB."""
    listed = json.loads(open_container(honest).read(LIST))
    file = listed["files"][0]
    listed["files"] = [file | {"path": f"params/{n}.csv", "size": 200_000_000} for n in range(30)]
    said = forger.refused(forger.forged(honest, {LIST: canonical_json(listed)}, forger.out), "recomputed")
    assert "大量副本" in said


def test_a_file_beyond_4_gb_is_not_even_read(honest, tmp_path, temporary):
    """The file has holes: it takes no room on the disk."""
    path = tmp_path / "大.dossier.zip"
    shutil.copyfile(honest, path)
    with path.open("r+b") as stream:
        stream.truncate(MAX_SIZE + 1)
    [check] = [c for c in verify(path).checks if c.verdict == "不成立"]
    assert check.code == "container" and "4 GB" in str(check.problems[0])


BOMB = "pack:\n  a: &a [x, x]\n" + "".join(f"  b{n}: &b{n} [*a, *a]\n" for n in range(30))
HOSTILE = {
    "aliases": (BOMB.encode(), "pack.yaml"),
    "deep": (b"pack: " + b"[" * 100_000, "pack.yaml"),
    "large": (b"pack: " + b"x" * 5_000_000, "pack.yaml"),
    "tag": (b"pack: !!python/object/apply:os.system [touch]", "pack.yaml"),
    "nothing": (b"", "pack.yaml"),
    "bytes": (b"\xff\xfe", "pack.yaml"),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_pack_that_is_a_weapon(honest, forger, kind):
    data, place = HOSTILE[kind]
    said = forger.refused(forger.forged(honest, {f"{SCHEME}pack.yaml": data}, forger.out), "recomputed")
    assert place in said


@pytest.mark.parametrize(
    "formula",
    ["read_csv('{0}')", "(SELECT 1 FROM read_text('{0}'))", "getenv('HOME')", "data.d); COPY (SELECT 1) TO '{0}'; --"],
)
def test_a_formula_that_reads_or_writes_files(honest, forger, tmp_path, formula):
    marker = tmp_path / "marker.csv"
    value = formula.format(marker.as_posix()).replace("'", "''")
    data = forger.pack().replace(b"value: data.d\n", f"value: '{value}'\n".encode())
    assert data != forger.pack()
    forger.refused(forger.forged(honest, {f"{SCHEME}pack.yaml": data}, forger.out), "recomputed")
    assert not marker.exists()


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT subject, (SELECT count(*) FROM read_text('{0}')) AS b FROM data",
        "SELECT subject, d AS b FROM '{0}'",
        "SELECT subject, getenv('HOME') AS b FROM data",
        "SELECT subject, d AS b FROM data; DROP TABLE data",
        "COPY (SELECT 1) TO '{0}'",
        "ATTACH '{0}'",
    ],
)
def test_a_table_that_reads_or_writes_files(honest, forger, tmp_path, sql):
    marker = tmp_path / "marker.csv"
    content = yaml.safe_load(forger.pack())
    columns = [{"name": "b", "title": "乙", "type": "number"}]
    statement = sql.format(marker.as_posix())
    content["pack"]["derived"] = [{"name": "more", "title": "另算", "sql": statement, "columns": columns}]
    content["pack"]["indicators"][0]["value"] = "more.b"
    data = yaml.safe_dump(content, allow_unicode=True).encode()
    said = forger.refused(forger.forged(honest, {f"{SCHEME}pack.yaml": data}, forger.out), "recomputed")
    assert "derived more" in said
    assert not marker.exists()


# -- code ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["plugin.py", "rulesets/a.py", "sitecustomize.py", "../plugin.py", "policies/../x.yaml"]
)
def test_code_among_the_scheme(honest, forger, name):
    try:
        path = forger.forged(honest, {f"{SCHEME}{name}": b"raise SystemExit"}, forger.out)
    except WorkbenchError as error:  # our own writer refuses the name already
        assert name in str(error)
        return
    assert name in forger.refused(path, "recomputed")


@pytest.mark.parametrize("name", ["proof/documents/plan/plugin.py", "conclusion/documents/report/x.pdf"])
def test_papers_nobody_listed(honest, forger, name):
    said = forger.refused(forger.forged(honest, {name: b"import os"}, forger.out), "manifest")
    assert name in said


def test_nothing_of_a_dossier_is_ever_run(case, forger, tmp_path):
    """A notebook and a plugin that would leave a mark: neither verify nor rerun runs them. One kernel."""
    marker = tmp_path / "marker"
    code = f"import pathlib; pathlib.Path({str(marker)!r}).touch()"
    (case.root / "packs" / "small" / "plugin.py").write_text(code, "utf-8")
    source = case.sealed()
    assert marker.exists()  # in the workspace it is code that the user has put there
    marker.unlink()
    cell = {"cell_type": "code", "source": code, "outputs": [], "execution_count": None, "metadata": {}}
    book = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    name = "conclusion/notebook.ipynb"
    checklist = [
        i.model_copy(update={"files": [name, *i.files]}) if i.code == "workpapers" else i
        for i in open_container(source).manifest.checklist
    ]
    path = forger.forged(source, {name: canonical_json(book)}, forger.out, checklist=checklist)
    assert verify(path).holds
    assert rerun(path, tmp_path / "again").identical
    assert not marker.exists()
    assert not list((tmp_path / "again").rglob("*.py"))


@pytest.mark.parametrize("member", ["conclusion/result.json", PLAN, LIST, f"{SCHEME}pack.yaml"])
def test_a_file_that_would_fill_the_memory(honest, forger, monkeypatch, member):
    """The limit lowered to 50 kB in place of a file of gigabytes."""
    path = forger.forged(honest, {member: b"0" * 100_000}, forger.out)
    monkeypatch.setattr("workbench.dossier.unpacking.MAX_READ", 50_000)
    found = verify(path)
    assert not found.holds
    said = "\n".join(str(p) for c in found.checks for p in c.problems)
    assert "不是封存程序写的" in said


def test_answers_of_code_that_nobody_gave(funds, forger):
    """Points that do not follow from the answers are refused; answers that fit their points cannot be: verify says so."""
    container = open_container(funds)
    table = json.loads(container.read(f"{SCHEME}code.json"))
    text = json.dumps(table["calls"])
    key, answer = next((k, v) for k, v in table["calls"].items() if "decimal" in json.dumps(v))
    assert text
    table["calls"][key] = _doubled(answer)
    said = forger.refused(forger.forged(funds, {f"{SCHEME}code.json": canonical_json(table)}, forger.out), "recomputed")
    assert "conclusion/result.json" in said
    table["calls"][key] = {"map": {}}
    forger.refused(forger.forged(funds, {f"{SCHEME}code.json": canonical_json(table)}, forger.out), "recomputed")
    forger.refused(forger.forged(funds, {f"{SCHEME}code.json": None}, forger.out), "recomputed")


def _doubled(answer: Any) -> Any:
    if isinstance(answer, dict):
        return {k: str(2 * float(v)) if k == "decimal" else _doubled(v) for k, v in answer.items()}
    return [_doubled(v) for v in answer] if isinstance(answer, list) else answer
