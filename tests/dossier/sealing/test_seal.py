"""Sealing a run: the same bytes again, whole or not at all, and a message for everything that is not as it should be."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from typer.testing import CliRunner

from workbench.base.canon import canonical_json, digest
from workbench.base.errors import CheckFailed, DossierError, EvidenceError, KeyFileError, LedgerError, WorkbenchError
from workbench.cli.app import application
from workbench.cli.passphrase import VARIABLE
from workbench.dossier.container import examine, open_container
from workbench.dossier.sealing.naming import refuse_names
from workbench.dossier.sealing.seal import default_name, seal
from workbench.dossier.trust.confidential import unseal
from workbench.dossier.trust.keys import new_key
from workbench.dossier.trust.lockbox import locked
from workbench.dossier.trust.signing import sign
from workbench.runs.kept import EvidenceList, KeptFile

ZHANG, LI = new_key("张三", "主评人"), new_key("李四")
PASSPHRASE = "口令八个字以上吧"
CONTRACT = "initiation/documents/contract/委托合同.pdf"


def signed_by(*keys):
    return lambda manifest: [sign(manifest, key) for key in keys]


def contract(declare, **others):
    return declare({"contract": {"files": ["委托合同.pdf"], **others}}, {"委托合同.pdf": b"%PDF contract"})


# --- what is in it ----------------------------------------------------------------------------------------------------


def test_everything_of_the_run_and_its_ledger_is_there(bench, sealed):
    made = sealed()
    container, problems = examine(made.path)
    assert problems == []
    files = container.files
    result = bench.run.result()
    assert (made.manifest.run, made.manifest.ledger_head) == (bench.run.manifest()["digest"], result.ledger_head)
    assert made.manifest.ledger_events == result.review.events
    for name, sha256 in bench.run.manifest()["files"].items():
        folder = "proof" if name.startswith(("plan.json", "evidence", "scheme/")) else "conclusion"
        assert files[f"{folder}/{name}"].sha256 == sha256, name
    assert container.read("conclusion/run-manifest.json") == (bench.run.folder / "manifest.json").read_bytes()
    assert container.read(f"proof/ledger/attachments/{digest(b'200')}.txt") == b"200"
    assert json.loads(container.read("proof/ledger/ledger.jsonl").splitlines()[0])
    assert not [name for name in files if name.endswith(".py")]


def test_the_same_run_gives_the_same_bytes(sealed, declare, copied, tmp_path):
    """Whatever the folder, the time and the order in which papers are declared."""
    papers = {"委托合同.pdf": b"%PDF", "b/方案.docx": b"PK", "b/批复.pdf": b"%PDF"}
    first = declare({"contract": {"files": ["委托合同.pdf"]}, "plan": {"files": ["b/批复.pdf", "b/方案.docx"]}}, papers)
    one = sealed(first, "一.zip").path.read_bytes()
    for path in [*copied.root.rglob("*"), *first.parent.rglob("*")]:
        os.utime(path, (1_000_000_000, 1_000_000_000))
    other = declare({"plan": {"files": ["b/批复.pdf", "b/方案.docx"]}, "contract": {"files": ["委托合同.pdf"]}})
    two = seal(copied.run, copied.root, tmp_path / "二.zip", documents=other).path.read_bytes()
    assert one == two


def test_the_default_name_says_which_run(bench):
    assert default_name(bench.run) == f"demo-{bench.run.manifest()['digest'][:16]}.dossier.zip"


# --- runs that cannot be sealed -----------------------------------------------------------------------------------------


def spoil_result(bench):
    (bench.run.folder / "result.json").write_bytes(b"{}")


def add_a_file(bench):
    (bench.run.folder / "plugin.py").write_text("print()", encoding="utf-8")


def lose_the_digest(bench):
    path = bench.run.folder / "manifest.json"
    path.write_bytes(canonical_json(json.loads(path.read_bytes()) | {"digest": "../.."}))


def be_of_an_earlier_version(bench):
    path = bench.run.folder / "manifest.json"
    content = json.loads(path.read_bytes())
    content["files"] = {n: s for n, s in content["files"].items() if not n.startswith("scheme/")}
    path.write_bytes(canonical_json(content))
    shutil.rmtree(bench.run.folder / "scheme")


def rewritten(bench, changes):
    """The manifest made to fit files that were changed (None: taken away)."""
    path = bench.run.folder / "manifest.json"
    content = json.loads(path.read_bytes())
    for name, data in changes.items():
        if data is None:
            del content["files"][name]
            (bench.run.folder / name).unlink()
        else:
            content["files"][name] = digest(data)
            (bench.run.folder / name).write_bytes(data)
    path.write_bytes(canonical_json(content))


def forge_the_list_of_evidence(bench):
    rewritten(bench, {"evidence.json": b"{}"})


def forge_the_plan(bench):
    rewritten(bench, {"plan.json": b"[]"})


def lose_the_evidence(bench):
    (copy,) = (bench.run.folder / "evidence").glob("*.xlsx")
    rewritten(bench, {f"evidence/{copy.name}": None})


def lose_the_policy(bench):
    rewritten(bench, {"scheme/policies/national-default.yaml": None})


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (forge_the_list_of_evidence, "运行文件夹的内容不符合格式"),
        (forge_the_plan, "运行文件夹的内容不符合格式"),
        (lose_the_evidence, r"evidence/[0-9a-f]{64}\.xlsx:运行文件夹缺少文件"),
        (lose_the_policy, r"scheme/policies/national-default\.yaml:运行文件夹缺少文件"),
        (spoil_result, r"result\.json:文件内容与清单不符"),
        (add_a_file, r"plugin\.py:运行文件夹多出文件"),
        (lose_the_digest, "没有运行摘要.*请重新运行"),
        (be_of_an_earlier_version, "由较早的程序写成,没有保存评价方案.*请重新运行该计划"),
    ],
)
def test_a_run_that_was_changed_is_refused(copied, tmp_path, spoil, message):
    spoil(copied)
    with pytest.raises(CheckFailed, match=message):
        seal(copied.run, copied.root, tmp_path / "x.zip")
    assert not (tmp_path / "x.zip").exists()


def test_evidence_that_could_not_be_restored_everywhere_is_refused_before_sealing(copied, tmp_path):
    """A colon is fine on Linux; the dossier would verify nowhere, because restoring refuses the name."""
    listed = json.loads((copied.run.folder / "evidence.json").read_bytes())
    for file in listed["files"]:
        file["path"] = file["path"].replace("决算报表", "决算:报表")
    rewritten(copied, {"evidence.json": canonical_json(listed)})
    with pytest.raises(EvidenceError, match=r"\[佐证清单\] “附件文件”:.*附件/决算:报表\.txt.*改名后重新运行"):
        seal(copied.run, copied.root, tmp_path / "x.zip")


@pytest.mark.parametrize(
    ("names", "same", "said"),
    [
        (("附件/报表.txt", "附件/报表.TXT"), False, "与“附件/报表.TXT”只有大小写.*;实际为“附件/报表.txt”"),
        (("附件/甲.txt", "附件/乙.TXT"), True, "与“附件/乙.TXT”内容相同,后缀却只有大小写不同.*;实际为“附件/甲.txt”"),
        (("附件/报表." + "长" * 42, "附件/乙.txt"), False, "后缀.*太长.*;实际为“附件/报表.长"),
        (("附件/代码.py", "附件/乙.txt"), False, "是程序文件,不予还原;实际为“附件/代码.py”"),
    ],
)
def test_names_of_evidence_no_dossier_can_keep_are_told_with_what_to_do(names, same, said):
    contents = ["a" * 64, ("a" if same else "b") * 64]
    files = [KeptFile(path=f"params/{n}", sha256=s, size=1) for n, s in zip(names, contents, strict=True)]
    book = KeptFile(path="params/数据.xlsx", sha256="c" * 64, size=1)
    listed = EvidenceList(evidence="params/数据.xlsx", files=sorted([book, *files], key=lambda f: f.path))
    with pytest.raises(EvidenceError, match=said) as error:
        refuse_names(listed, lambda sha256: False)
    [problem] = error.value.problems
    assert "请改名后重新运行、重新封存" in problem.fix and str(problem.place) == "[佐证清单] “附件文件”"


def test_a_long_suffix_is_too_long_only_where_it_is_encrypted():
    """200 bytes in all: 15 of the folder, 64 of the digest, 4 of .age."""
    file = KeptFile(path="params/附件/a." + "b" * 119, sha256="a" * 64, size=1)
    listed = EvidenceList(evidence="params/数据.xlsx", files=[file])
    refuse_names(listed, lambda sha256: False)
    with pytest.raises(EvidenceError, match="后缀"):
        refuse_names(listed, lambda sha256: True)


def test_a_workbook_with_such_a_name_is_named_with_the_plan():
    listed = EvidenceList(
        evidence="params/数:据.xlsx", files=[KeptFile(path="params/数:据.xlsx", sha256="a" * 64, size=1)]
    )
    with pytest.raises(
        EvidenceError, match=r"params/数:据\.xlsx:文件名.*改名后重新运行、重新封存;计划的 evidence 一栏一并改写"
    ):
        refuse_names(listed, lambda sha256: False)


@pytest.mark.parametrize("inside", ["x.zip", "evidence/new/x.zip"])
def test_nothing_is_written_into_a_run_folder(copied, command, inside):
    """It would be a file the run's own manifest does not know."""
    for option in ("--out", "--init"):
        said = command("demo", option, str(copied.run.folder / inside), code=2)
        assert "这是运行文件夹,写进别的文件后就通不过核对" in said and copied.run.folder.name in said
    copied.run.check()


def test_a_run_whose_ledger_is_gone_is_refused(copied, tmp_path):
    shutil.rmtree(copied.root / "reviews")
    with pytest.raises(LedgerError, match="台账"):
        seal(copied.run, copied.root, tmp_path / "x.zip")


def test_a_ledger_attachment_that_is_gone_is_named(copied, tmp_path):
    shutil.rmtree(copied.root / "reviews" / "demo" / "attachments")
    with pytest.raises(LedgerError, match=r"凭证\.txt"):
        seal(copied.run, copied.root, tmp_path / "x.zip")


def changing(text, path, data):
    """Changes a file when sealing says that it has come so far."""

    def progress(said):
        if text in said:
            path.write_bytes(data)

    return progress


def test_a_run_file_changed_after_it_was_checked_is_caught(copied, tmp_path):
    late = changing("摘要", copied.run.folder / "result.json", b"{}")
    with pytest.raises(DossierError, match=r"conclusion/result\.json:文件在封存期间被改动"):
        seal(copied.run, copied.root, tmp_path / "x.zip", progress=late)


def test_a_paper_changed_between_digest_and_copy_is_caught(sealed, declare):
    """By the writer, which compares what it copies; the earlier dossier stays."""
    documents = contract(declare)
    path = sealed(documents).path
    before = path.read_bytes()
    late = changing("写入", documents.with_name("委托合同.pdf"), b"%PDF another!")
    with pytest.raises(DossierError, match=r"委托合同\.pdf:文件内容与清单不符.*封存期间请不要改动"):
        sealed(documents, progress=late)
    assert path.read_bytes() == before


# --- what is there already ----------------------------------------------------------------------------------------------


def test_sealing_again_keeps_the_signatures(sealed):
    sealed(sign=signed_by(ZHANG))
    before = sealed().path.read_bytes()
    assert [s.signer for s in sealed(sign=signed_by(LI)).signatures] == ["张三", "李四"]
    assert len(before) < len(sealed().path.read_bytes())
    assert [s.signer for s in open_container(sealed().path).signatures] in (["张三", "李四"], ["李四", "张三"])


def test_a_signed_dossier_is_not_replaced_by_another(sealed, declare):
    before = sealed(sign=signed_by(ZHANG)).path.read_bytes()
    documents = contract(declare)
    with pytest.raises(DossierError, match=r"已有一份签过名的档案.*张三.*--force"):
        sealed(documents)
    made = sealed(documents, replace=True)
    assert made.path.read_bytes() != before
    assert made.signatures == []


def test_an_unsigned_dossier_is_replaced(sealed, declare):
    sealed()
    assert CONTRACT in {f.path for f in sealed(contract(declare)).manifest.files}


def test_another_file_is_not_overwritten(sealed, tmp_path):
    (tmp_path / "档案.zip").write_bytes(b"PK something else")
    with pytest.raises(DossierError, match="不是完好的评价档案,没有覆盖"):
        sealed()
    assert (tmp_path / "档案.zip").read_bytes() == b"PK something else"
    assert examine(sealed(replace=True).path)[1] == []


def test_places_that_cannot_be_written(bench, tmp_path):
    (tmp_path / "文件").write_bytes(b"")
    with pytest.raises(DossierError, match="文件夹建不起来"):
        seal(bench.run, bench.root, tmp_path / "文件" / "内" / "x.zip")
    with pytest.raises(DossierError, match="这是文件夹"):
        seal(bench.run, bench.root, tmp_path)


# --- papers -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "message"),
    [
        (
            "合同.pdf",
            r"归档资料\.yaml 第5行 documents\.items\.contract\.files\[0\]:归档资料不在原处.*是否想写“委托合同\.pdf”",
        ),
        ("../外面.pdf", "在文件夹之外"),
        ("/etc/hostname", "不能用绝对路径"),
        ("C:/合同.pdf", "不能用绝对路径"),
        ("链接.pdf", "在文件夹之外"),
        ("夹", "这是文件夹"),
        ("空.pdf", "空文件"),
        ("a" * 5000, "不在原处|路径无法使用"),
        ("合\0同.pdf", "路径无法使用"),
        ("合同|终稿?.pdf", r"名称含有.*请改名,如“合同_终稿_?\.pdf”"),
        ("com1.pdf", r"保留的设备名.*请改名,如“资料\.pdf”"),
        (f"{'长' * 60}.pdf", "超过200字节.*请改名"),
    ],
)
def test_papers_that_cannot_be_sealed_are_named_with_their_line(sealed, declare, tmp_path, name, message):
    documents = declare({"contract": {"files": [name]}}, {"委托合同.pdf": b"%PDF", "空.pdf": b"", "夹/a": b"a"})
    (tmp_path / "外面.pdf").write_bytes(b"%PDF")
    (documents.parent / "链接.pdf").symlink_to(tmp_path / "外面.pdf")
    if "|" in name or name.startswith(("com1", "长")):
        (documents.parent / name).write_bytes(b"%PDF")
    with pytest.raises(DossierError, match=message) as caught:
        sealed(documents)
    assert all(p.place.file == "归档资料.yaml" and p.place.line for p in caught.value.problems)
    assert not (tmp_path / "档案.zip").exists()


def test_a_link_to_a_file_inside_is_followed(sealed, declare):
    documents = declare({"contract": {"files": ["链接.pdf"]}}, {"委托合同.pdf": b"%PDF"})
    (documents.parent / "链接.pdf").symlink_to("委托合同.pdf")
    assert open_container(sealed(documents).path).read("initiation/documents/contract/链接.pdf") == b"%PDF"


@pytest.mark.parametrize("second", ["b/底稿.pdf", "b/底稿.PDF", "a/底稿.pdf"])
def test_two_papers_of_one_name_in_one_item_are_refused(sealed, declare, second):
    papers = {"a/底稿.pdf": b"1", second: b"2"}
    with pytest.raises(DossierError, match=r"第6行.*同一项里有两份同名资料\(另一份在第5行"):
        sealed(declare({"plan": {"files": ["a/底稿.pdf", second]}}, papers))


def test_two_papers_of_one_name_in_two_items_are_fine(sealed, declare):
    documents = declare({"plan": {"files": ["扫描.pdf"]}, "report": {"files": ["扫描.pdf"]}}, {"扫描.pdf": b"%PDF"})
    assert sum(f.path.endswith("扫描.pdf") for f in sealed(documents).manifest.files) == 2


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("documents: [", r"归档资料\.yaml 第\d行:YAML 语法错误"),
        ("plan: {}", "这不是归档资料文件"),
        ("documents: 3", "类型不对"),
        (
            "documents:\n  items:\n    contrat: {missing: 无}",
            r"第3行 .*档案目录没有这一项;实际为“contrat”.*是否想写“contract”",
        ),
        ("documents:\n  also_mandatory: [x]", r"第2行 .*档案目录没有这一项"),
        ("documents:\n  items:\n    plan: {}", "第3行 .*须写且只写一项"),
        ("documents:\n  items:\n    plan: {missing: 无, files: [a]}", "第3行 .*须写且只写一项"),
        ("documents:\n  items:\n    plan: {missing: 无, confidential: true}", "第3行 .*不能写 confidential"),
        ('documents:\n  items:\n    plan: {missing: " "}', "第3行 .*不能是空白"),
        ("documents:\n  retain: {years: 0, reason: 约定}", "第2行 .*应为≥1"),
        ("documents:\n  itmes: {}", "第2行 .*不认识的键.*是否想写“items”"),
    ],
)
def test_documents_files_that_are_none(sealed, tmp_path, text, message):
    (tmp_path / "归档资料.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(WorkbenchError, match=message):
        sealed(tmp_path / "归档资料.yaml")


# --- confidential papers ------------------------------------------------------------------------------------------------


def test_a_confidential_paper_is_for_the_recipients_only(sealed, declare):
    made = sealed(contract(declare, confidential=True), recipients=[ZHANG.public.recipient])
    container = open_container(made.path)
    entry = container.entry(f"{CONTRACT}.age")
    assert entry.withheld
    assert entry.plain_sha256 == digest(b"%PDF contract")
    assert b"%PDF contract" not in made.path.read_bytes()
    assert unseal(container.read(entry.path), ZHANG, entry) == b"%PDF contract"
    with pytest.raises(DossierError, match="不是为该密钥封存的"):
        unseal(container.read(entry.path), LI, entry)


def test_confidential_evidence_is_registered_by_its_digest(bench, sealed, declare, questionnaires):
    """The register of evidence names the digest alone; the paper is sealed for the recipients, and everybody sees that it is the one."""
    given = declare({"questionnaires": {"files": ["问卷.csv"], "confidential": True}}, {"问卷.csv": questionnaires})
    made = sealed(given, recipients=[ZHANG.public.recipient])
    relied_on = {ref.sha256 for i in bench.run.result().subjects[0].indicators for ref in i.evidence}
    assert {f.plain_sha256 for f in made.manifest.files if f.withheld} == {digest(questionnaires)} <= relied_on
    assert questionnaires not in made.path.read_bytes()


def test_papers_and_recipients_have_to_agree(sealed, declare):
    """Nothing meant to be confidential is ever sealed in clear because a word was forgotten on one side."""
    with pytest.raises(DossierError, match=r"第5行.*没有写明收件人.*--recipient"):
        sealed(contract(declare, confidential=True))
    with pytest.raises(DossierError, match="没有一份资料标明保密"):
        sealed(contract(declare), recipients=[ZHANG.public.recipient])
    with pytest.raises(KeyFileError, match="不是封存地址"):
        sealed(contract(declare, confidential=True), recipients=["age1x"])


# --- killed -------------------------------------------------------------------------------------------------------------


def test_a_killed_seal_leaves_the_old_or_the_new(bench, declare, tmp_path):
    # Measuring coverage of processes that are killed tells nothing.
    quiet = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    documents = declare({"contract": {"files": ["录音.wav"]}}, {"录音.wav": bytes(3_000_000)})
    out = tmp_path / "封存"
    out.mkdir()
    command = [sys.executable, Path(__file__).with_name("killed_seal.py"), out, bench.run.folder, bench.root, documents]
    done = subprocess.run(command, stdout=subprocess.PIPE, env=quiet, encoding="utf-8", check=True)
    answer = json.loads(done.stdout)
    assert answer["killed"] == 6
    assert set(answer["found"]) <= {"none", "old", "new"}
    assert answer["found"][-1] == "new"
    assert answer["left"] == 0


# --- the command --------------------------------------------------------------------------------------------------------


@pytest.fixture
def command(copied, monkeypatch):
    """``command(*args)``: run it in the workspace and return what it printed."""
    monkeypatch.chdir(copied.root)
    monkeypatch.setenv(VARIABLE, PASSPHRASE)
    for key in (ZHANG, LI):
        name = key.public.name
        Path(f"{name}.key").write_bytes(locked(key, PASSPHRASE))
        Path(f"{name}.pub").write_bytes(canonical_json(key.public, indent=2))

    def run(*args, code=0):
        done = CliRunner().invoke(application(), ["seal", *args], prog_name="workbench")
        assert done.exit_code == code, done.output
        return done.stdout if code == 0 else done.output

    return run


def test_the_whole_way(command, copied):
    assert "已生成 归档/归档资料.yaml" in command("demo", "--init", "归档/归档资料.yaml")
    assert "已存在,不会覆盖" in command("demo", "--init", "归档/归档资料.yaml", code=2)
    shown = command("demo", "--documents", "归档/归档资料.yaml")
    assert "已封存为工作档案" in shown
    assert "保管期限  本办法未规定" in shown
    assert f"workbench verify dossiers/{default_name(copied.run)}" in shown
    text = Path("归档/归档资料.yaml").read_text(encoding="utf-8")
    for name in ("合同", "方案", "核实", "报告", "意见", "审核"):
        Path(f"归档/{name}.pdf").write_bytes(name.encode())
    not_needed = {
        "team": "单位自评,没有委托第三方",
        "fieldwork": "经批准非现场评价",
        "questionnaires": "没有做问卷调查",
    }
    for code, why in not_needed.items():
        text = text.replace(f"{code}:\n      missing: 尚未收集", f"{code}:\n      not_applicable: {why}")
    given = {"contract": "合同", "plan": "方案", "verification": "核实", "report": "报告"}
    for code, name in given.items():
        text = text.replace(f"{code}:\n      missing: 尚未收集", f"{code}:\n      files: [{name}.pdf]")
    for code, name in {"comments": "意见", "internal_review": "审核"}.items():
        text = text.replace(f"# {code}:\n    #   files: []", f"{code}:\n      files: [{name}.pdf]")
    text = text.replace("# retain: {", "retain: {").replace(
        "  # institution: 开展评价的机构全称", "  institution: 某县教育局"
    )
    Path("归档/归档资料.yaml").write_text(text, encoding="utf-8")
    shown = command("demo", "--documents", "归档/归档资料.yaml", "--key", "张三.key", "--key", "张三.key")
    assert "已封存为评价档案" in shown
    assert "保管期限  10年(委托合同第十二条)" in shown
    assert f"签名      张三(密钥 {ZHANG.public.key})" in shown
    assert "不适用" in shown


def test_a_long_name_can_be_copied(command, copied):
    """Neither broken over lines nor without quotes; --init names the run it was given."""
    name = f"很 长{'名' * 60}.dossier.zip"
    said = command(str(copied.run.folder), "--out", name)
    assert f"  {name}\n" in said and f'verify "{name}"\n' in said
    said = command(str(copied.run.folder), "--init", "我 的.yaml")
    assert '--documents "我 的.yaml"' in said and "seal 运行" not in said


def test_what_a_program_reads(command, copied):
    content = json.loads(command(str(copied.run.folder), "--json", "--out", "新/档案.zip"))
    container = open_container(Path("新/档案.zip"))
    assert content["manifest_sha256"] == digest(container.manifest_bytes)
    assert content["size"] == Path("新/档案.zip").stat().st_size
    assert content["lacking"][0] == "contract"
    assert content["manifest"] == json.loads(container.manifest_bytes)
    assert not list(Path().glob("dossiers"))


def test_the_ledger_is_that_of_the_workspace_the_run_lies_in(command, copied, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    shown = command(str(copied.run.folder))
    assert default_name(copied.run) in shown
    assert (copied.root / "dossiers" / default_name(copied.run)).is_file()


def test_recipients_by_their_public_keys(command):
    Path("合同.pdf").write_bytes(b"%PDF")
    text = "documents: {items: {contract: {files: [合同.pdf], confidential: true}}}"
    Path("资料.yaml").write_text(text, encoding="utf-8")
    shown = command("demo", "--documents", "资料.yaml", "--recipient", "张三.pub", "--recipient", "李四.pub")
    assert "保密资料  1份,只有收件人能打开" in shown
    assert "密钥有误" in command("demo", "--documents", "资料.yaml", "--recipient", "资料.yaml", code=2)


def test_what_is_wrong_is_said_before_a_dossier_is_written(command, monkeypatch):
    assert "找不到这次运行" in command("dem", code=2)
    assert "找不到文件" in command("demo", "--documents", "无.yaml", code=2)
    monkeypatch.setenv(VARIABLE, "别的口令")
    assert "口令不对" in command("demo", "--key", "张三.key", code=2)
    with suppress(FileNotFoundError):
        assert not list(Path("dossiers").iterdir())
