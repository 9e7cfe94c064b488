"""Confidential attachments of evidence and ledger: sealed for recipients, verified, run again and sealed again without a key."""

from __future__ import annotations

import hashlib
import json
import shutil
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from workbench.base.canon import digest
from workbench.base.errors import CheckFailed, DocumentsError, DossierError, FileError, LedgerError, ReviewError
from workbench.base.sealing import withheld_digests
from workbench.cli.app import application
from workbench.cli.passphrase import VARIABLE
from workbench.dossier.compare.comparing import compare
from workbench.dossier.compare.opened import compared
from workbench.dossier.container import BytesSource, open_container, write_container
from workbench.dossier.rerunning.changing import Change, changed
from workbench.dossier.rerunning.rerun import rerun
from workbench.dossier.sealing.crate import crate
from workbench.dossier.sealing.seal import seal
from workbench.dossier.telling import rerun_sentences
from workbench.dossier.trust.confidential import seal_for, unseal
from workbench.dossier.trust.keys import new_key
from workbench.dossier.trust.lockbox import locked
from workbench.dossier.unpacking import parts_of_dossier, result_of
from workbench.dossier.verifying.verify import verify
from workbench.review.desk import Desk, start_review
from workbench.review.ledger.jsonl import attachments_lacking, read_export, write_export
from workbench.review.ledger.store import open_ledger
from workbench.review.ledger.verify import verify as verify_ledger
from workbench.runs.docket import docket_of
from workbench.runs.opening import open_plan
from workbench.runs.sealed import PLAN_FILE, restore
from workbench.runs.store import StoredRun, run_folder
from workbench.scheme.panel import Panel

ZHANG, LI = new_key("张三"), new_key("李四")
FOR = {"recipients": [ZHANG.public.recipient]}
REPORT, CONTRACT = "完成率93.5%".encode(), b"90%"
"""What the attachments 附件/报表.txt of the evidence and 合同.txt of the ledger say (see conftest)."""
EVIDENCE = f"proof/evidence/{digest(REPORT)}.txt.age"
LEDGER = f"proof/ledger/attachments/{digest(CONTRACT)}.txt.age"
BOTH = ["附件/报表.txt", "合同.txt"]
CSV = "基础数据.csv"


def declared(root: Path, confidential: list[str] | None, **items: Any) -> Path:
    """A documents file with these confidential attachments, and the paper 资料.txt beside it."""
    file = root / "归档" / "归档资料.yaml"
    file.parent.mkdir(exist_ok=True)
    content: dict[str, Any] = {"items": items} if items else {"institution": "某县教育局"}
    content |= {} if confidential is None else {"confidential": confidential}
    file.write_text(yaml.safe_dump({"documents": content}, allow_unicode=True, default_flow_style=False), "utf-8")
    return file


@pytest.fixture(scope="module")
def hidden(reviewed_case, tmp_path_factory) -> Path:
    """A dossier with a review, an attachment of the evidence and one of the ledger sealed for 张三; only read."""
    case = reviewed_case(tmp_path_factory.mktemp("hidden"))
    return case.sealed(documents=declared(case.root, BOTH), **FOR)


@dataclass
class Unfolded:
    """A dossier unfolded again, with its run written as a notebook would."""

    root: Path
    run: StoredRun

    @property
    def encrypted(self) -> Path:
        [path] = (self.root / "sealed" / "withheld").iterdir()
        return path

    @property
    def beside_the_ledger(self) -> Path:
        [path] = (self.root / "reviews" / "small" / "attachments").glob("*.age")
        return path

    def sealed(self, name: str = "再封存.dossier.zip", **options: Any) -> Path:
        return seal(self.run, self.root, self.root.parent / name, **options).path


def unfolded(path: Path, into: Path) -> Unfolded:
    root = restore(parts_of_dossier(open_container(path)), into)
    evaluation = open_plan(PLAN_FILE, workspace=root)
    evaluation.save()
    return Unfolded(root, StoredRun(run_folder(evaluation)))


@pytest.fixture(scope="module")
def shared(hidden, tmp_path_factory) -> Unfolded:
    """The dossier unfolded; only read."""
    return unfolded(hidden, tmp_path_factory.mktemp("unfolded") / "again")


@pytest.fixture
def again(shared, tmp_path) -> Unfolded:
    """A copy of it that a test may change."""
    root = Path(shutil.copytree(shared.root, tmp_path / "again"))
    return Unfolded(root, StoredRun(root / shared.run.folder.relative_to(shared.root)))


def in_clear(path: Path) -> set[str]:
    """SHA-256 of everything that everybody can read."""
    return {f.sha256 for f in open_container(path).manifest.files}


def sentences(path: Path) -> str:
    found = verify(path)
    assert found.holds, [str(p) for c in found.checks for p in c.problems]
    return "\n".join(found.unproven)


# -- sealed and verified ------------------------------------------------------------------------------------------------


def test_attachments_of_evidence_and_ledger_are_for_the_recipients_only(hidden):
    container = open_container(hidden)
    assert {f.path: f.plain_sha256 for f in container.manifest.files if f.withheld} == {
        EVIDENCE: digest(REPORT),
        LEDGER: digest(CONTRACT),
    }
    for member, content in ((EVIDENCE, REPORT), (LEDGER, CONTRACT)):
        data, entry = container.read(member), container.entry(member)
        assert content not in data and unseal(data, ZHANG, entry) == content
        with pytest.raises(DossierError, match="不是为该密钥封存的"):
            unseal(data, LI, entry)
    assert in_clear(hidden).isdisjoint({digest(REPORT), digest(CONTRACT)})


def test_the_name_and_the_digest_stay_visible(hidden):
    container = open_container(hidden)
    [listed] = [f for f in json.loads(container.read("proof/evidence.json"))["files"] if f["path"].endswith("报表.txt")]
    assert listed == {"path": "params/data/附件/报表.txt", "sha256": digest(REPORT), "size": len(REPORT)}
    assert "合同.txt" in container.read("proof/ledger/ledger.jsonl").decode()


def test_verify_holds_and_says_what_nobody_can_show_without_a_key(hidden, temporary):
    said = sentences(hidden)
    assert "2份保密资料没有打开:没有收件人的密钥,不能证明其中的内容就是所记摘要的那一份" in said


def test_everything_of_the_same_content_is_sealed_with_it(case):
    """The report once more under another name and ending, and handed in with an event; only one name is declared."""
    (case.data / "附件" / "副本.md").write_bytes(REPORT)
    proofs = (case.data / "佐证清单.csv").read_text("utf-8") + "S1,D,核实一致,副本,附件/副本.md\n"
    (case.data / "佐证清单.csv").write_text(proofs, "utf-8")
    case.review()
    case.sign_off()
    with case.ledger() as ledger:
        desk = case.desk(ledger, "lead")
        desk.say("draft_issued", to=["单位"], due="2025-05-01", attachments=[desk.attach("报表.txt", REPORT)])
    path = case.sealed(documents=declared(case.root, ["附件/报表.txt"]), **FOR)
    files = {f.path for f in open_container(path).manifest.files if f.plain_sha256 == digest(REPORT)}
    assert files == {EVIDENCE, EVIDENCE.replace(".txt", ".md"), LEDGER.replace(digest(CONTRACT), digest(REPORT))}
    assert digest(REPORT) not in in_clear(path) and digest(CONTRACT) in in_clear(path)
    sentences(path)


def test_without_confidential_attachments_the_bytes_are_the_same(case):
    one = case.sealed("一.zip", documents=declared(case.root, None)).read_bytes()
    assert case.sealed("二.zip", documents=declared(case.root, [])).read_bytes() == one


# -- what is refused when sealing ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("附件/报表.text", "没有这个附件;实际为“附件/报表.text”.*是否想写“附件/报表.txt”"),
        ("问卷原件.pdf", "没有这个附件"),
        (CSV, "数据表不能保密封存:核对和重跑要用它们重新计分"),
        ("params/data/佐证清单.csv", "数据表不能保密封存"),
        ("params/data", "数据表不能保密封存"),
    ],
)
def test_a_name_that_is_no_attachment(case, name, said):
    with pytest.raises(DocumentsError, match=rf"归档资料\.yaml 第4行 documents\.confidential\[1\]:.*{said}"):
        case.sealed(documents=_lines(case.root, ["附件/报表.txt", name]), **FOR)
    assert not (case.root / "dossiers").exists()


def _lines(root: Path, names: list[str]) -> Path:
    """Each name on a line of its own, from the third on."""
    file = declared(root, [])
    file.write_text("documents:\n  confidential:\n" + "".join(f"    - {n}\n" for n in names), "utf-8")
    return file


@pytest.mark.parametrize("name", ["附件/报表.txt", "./附件//报表.txt", "附件\\报表.txt", "params/data/附件/报表.txt"])
def test_the_ways_to_write_a_name(case, name):
    path = case.sealed(documents=declared(case.root, [name]), **FOR)
    assert [f.path for f in open_container(path).manifest.files if f.withheld] == [EVIDENCE]


def test_an_attachment_that_is_a_copy_of_a_table(case):
    """Encrypting one of them would leave the other to be read."""
    shutil.copy(case.data / CSV, case.data / "附件" / "报表.txt")
    with pytest.raises(DocumentsError, match="数据表不能保密封存"):
        case.sealed(documents=declared(case.root, ["附件/报表.txt"]), **FOR)


def test_the_same_content_in_clear_elsewhere_is_refused(case):
    """Whichever of the two is the confidential one; both are named."""
    paper = {"files": ["资料.txt"]}
    documents = declared(case.root, ["附件/报表.txt"], fieldwork=paper)
    (documents.parent / "资料.txt").write_bytes(REPORT)
    with pytest.raises(DossierError, match=r"归档资料“资料\.txt”:与保密的佐证资料“附件/报表\.txt”内容相同,却没有加密"):
        case.sealed(documents=documents, **FOR)
    documents = declared(case.root, None, fieldwork=paper | {"confidential": True})
    with pytest.raises(DossierError, match=r"佐证资料“附件/报表\.txt”:与保密的归档资料“资料\.txt”内容相同"):
        case.sealed(documents=documents, **FOR)
    documents = declared(case.root, ["附件/报表.txt"], fieldwork=paper | {"confidential": True})
    assert digest(REPORT) not in in_clear(case.sealed(documents=documents, **FOR))


def test_attachments_and_recipients_have_to_agree(case):
    with pytest.raises(DossierError, match=r"documents\.confidential\[0\]:.*没有写明收件人.*--recipient"):
        case.sealed(documents=declared(case.root, ["附件/报表.txt"]))
    with pytest.raises(DossierError, match=r"没有一份资料标明保密.*documents 的 confidential"):
        case.sealed(documents=declared(case.root, []), **FOR)


# -- run again and sealed again -----------------------------------------------------------------------------------------


def test_a_rerun_is_identical_and_says_what_was_not_opened(hidden, tmp_path):
    """One kernel. An encrypted copy in place of the clear one is no difference."""
    found = rerun(hidden, tmp_path / "again")
    assert found.identical and found.withheld == 2
    assert not [name for name in found.files if name.startswith("evidence")]
    assert any("2份保密附件没有解开" in line for line in rerun_sentences(found))
    assert rerun(hidden, tmp_path / "again").outcome.reused
    (tmp_path / "again" / "sealed" / "withheld" / Path(EVIDENCE).name).write_bytes(b"age")
    with pytest.raises(FileError, match="还原的工作区已被改动"):
        rerun(hidden, tmp_path / "again")


def test_nothing_in_clear_is_unfolded(again):
    """What lies in place of the attachments: their encrypted form, in workspace and run folder."""
    assert again.encrypted.name == Path(EVIDENCE).name and again.beside_the_ledger.name == Path(LEDGER).name
    assert not (again.root / "params" / "data" / "附件").exists()
    assert withheld_digests(again.root).keys() == {digest(REPORT), digest(CONTRACT)}
    copies = {p.name for p in (again.run.folder / "evidence").iterdir() if p.suffix == ".age"}
    assert copies == {Path(EVIDENCE).name}
    again.run.check()


def test_the_new_run_is_sealed_again_without_a_key(hidden, again):
    first, second = open_container(hidden), open_container(again.sealed())
    sentences(second.path)
    for member in (EVIDENCE, LEDGER):
        assert second.read(member) == first.read(member) and second.entry(member) == first.entry(member)
    assert second.path.read_bytes() == again.sealed("又一份.zip").read_bytes()
    assert result_of(second) == result_of(first)
    third = unfolded(second.path, again.root.parent / "third")
    sentences(third.sealed("三.zip"))


def test_naming_them_again_changes_nothing_and_adds_no_recipient(again):
    documents = declared(again.root.parent, BOTH)
    assert open_container(again.sealed(documents=documents)).entry(EVIDENCE).withheld
    with pytest.raises(DossierError, match="收件人仍是原来的,不能增加"):
        again.sealed(documents=documents, recipients=[LI.public.recipient])


def test_a_paper_in_clear_with_the_content_of_an_unopened_attachment(again):
    documents = declared(again.root.parent, None, fieldwork={"files": ["资料.txt"]})
    (documents.parent / "资料.txt").write_bytes(CONTRACT)
    with pytest.raises(DossierError, match=r"归档资料“资料\.txt”:与保密的台账附件“合同\.txt”内容相同"):
        again.sealed(documents=documents)


def test_what_a_recipient_has_opened_and_put_there_stays_confidential(again):
    """In its place in the evidence and handed in to the ledger again."""
    (again.root / "params" / "data" / "附件").mkdir()
    (again.root / "params" / "data" / "附件" / "报表.txt").write_bytes(REPORT)
    with open_ledger(again.root, "small") as ledger:
        assert ledger.keep("合同.txt", CONTRACT) == digest(CONTRACT)
        assert ledger.kept(digest(CONTRACT)) == CONTRACT
    shutil.rmtree(again.run.folder)
    open_plan(PLAN_FILE, workspace=again.root).save()
    path = again.sealed()
    assert {f.path for f in open_container(path).manifest.files if f.withheld} == {EVIDENCE, LEDGER}
    again.beside_the_ledger.unlink()
    with pytest.raises(DossierError, match=r"台账附件“合同\.txt”:与保密的原档案的附件内容相同,却没有加密"):
        again.sealed()


def test_other_evidence_with_the_attachment_beside_it(hidden, case, tmp_path):
    """A corrected folder brings the attachment in clear: it is the same content, and stays encrypted."""
    case.write("90,75,93.5,1")
    parts = changed(parts_of_dossier(open_container(hidden)), Change(evidence=case.data))
    root = restore(parts, tmp_path / "corrected")
    assert (
        open_plan(PLAN_FILE, workspace=root).result().evidence_digest
        != result_of(open_container(hidden)).evidence_digest
    )
    assert not (root / "params" / "data" / "附件").exists() and parts.confidential == 2
    (case.data / "附件" / "报表.txt").write_text("另一份", "utf-8")
    root = restore(changed(parts_of_dossier(open_container(hidden)), Change(evidence=case.data)), tmp_path / "another")
    assert (root / "params" / "data" / "附件" / "报表.txt").read_text("utf-8") == "另一份"


def test_compare_needs_no_attachment(hidden, again):
    """A dossier, and the run in the workspace it was unfolded into."""
    old, new = compared(str(hidden), hidden.parent), compared(str(again.run.folder), again.root)
    assert {s.difference for s in compare(old, new).subjects} <= {"0", "0.00"}
    assert compared(str(again.sealed()), again.root).result == old.result


def test_an_encrypted_form_that_was_changed_is_not_handed_on(again):
    again.beside_the_ledger.write_bytes(b"age-encryption.org/v1\n")
    with pytest.raises(LedgerError, match="台账的附件缺失或已改动"):
        again.sealed()
    again.encrypted.write_bytes(b"age-encryption.org/v1\n")
    shutil.rmtree(again.run.folder)
    with pytest.raises(CheckFailed, match=r"sealed/withheld/.*\.age:保密附件的密文已被改动"):
        open_plan(PLAN_FILE, workspace=again.root).save()
    again.encrypted.unlink()
    with pytest.raises(CheckFailed, match=r"附件/报表\.txt:佐证资料已不在原处"):
        open_plan(PLAN_FILE, workspace=again.root).save()
    assert not again.run.folder.exists()


# -- who looks for an attachment ----------------------------------------------------------------------------------------


def test_who_asks_for_one_is_told_that_it_is_confidential(again):
    with open_ledger(again.root, "small") as ledger:
        docket = docket_of(again.run.folder, again.root)
        start_review(ledger, docket, Panel.model_validate(PANEL))
        desk = Desk(ledger, docket, "lead")
        for sha256, name in ((digest(REPORT), "报表.txt"), (digest(CONTRACT), "合同.txt")):
            with pytest.raises(ReviewError, match=f"“{name}”是保密附件,只有收件人能打开.*workbench keys open"):
                desk.attachment(sha256)


PANEL = {
    "members": [
        {"id": "lead", "name": "主评人甲", "roles": ["lead"]},
        *({"id": f"e{n}", "name": f"专家{n}", "roles": ["expert"]} for n in (1, 2, 3)),
    ],
    "merge": "mean",
}


def test_checking_the_ledger_says_so_too(again):
    with open_ledger(again.root, "small") as ledger:
        found = verify_ledger(ledger)
        assert found.passed and (found.attachments, found.withheld) == (1, 1)
        assert "另有保密附件,只有收件人能打开,1份:密文未被改动,内容没有核对。" in found.verdict()
        write_export(ledger, again.root / "台账.jsonl")
        assert attachments_lacking(read_export(again.root / "台账.jsonl"), ledger) == []
        again.beside_the_ledger.write_bytes(b"age")
        assert [p.code for p in verify_ledger(ledger).problems] == ["attachment_changed"]
        again.beside_the_ledger.unlink()
        assert [p.code for p in verify_ledger(ledger).problems] == ["attachment_missing"]


def test_a_damaged_list_of_them_is_said_to_be_damaged(again):
    (again.root / "sealed" / "withheld.json").write_text("[", "utf-8")
    with pytest.raises(CheckFailed, match="保密附件清单已损坏"):
        open_ledger(again.root, "small")


# -- forged -------------------------------------------------------------------------------------------------------------


def rewritten(path: Path, out: Path, member: str, name: str, data: bytes, plain: str | None) -> Path:
    """The dossier with one file under another name, with other content or another digest of its content; all else made to fit."""
    container = open_container(path)
    contents = {n: container.read(n) for n in container.files if n != member} | {name: data}
    entry = container.entry(member).model_copy(
        update={
            "path": name,
            "sha256": hashlib.sha256(data).hexdigest(),
            "size": len(data),
            "crc32": f"{zlib.crc32(data):08x}",
            "withheld": plain is not None,
            "plain_sha256": plain,
        }
    )
    top = "ro-crate-metadata.json"
    others = [entry, *(e for n, e in container.files.items() if n not in (member, top))]
    others.sort(key=lambda e: e.path)
    manifest = container.manifest
    contents[top] = crate(others, result_of(container), manifest.kind, manifest.institution)
    described = container.entry(top).model_copy(
        update={
            "sha256": digest(contents[top]),
            "size": len(contents[top]),
            "crc32": f"{zlib.crc32(contents[top]):08x}",
        }
    )
    files = sorted([*others, described], key=lambda e: e.path)
    write_container(out, manifest.model_copy(update={"files": files}), {n: BytesSource(d) for n, d in contents.items()})
    return out


def table(path: Path) -> str:
    """The member of the table scoring reads."""
    container = open_container(path)
    listed = json.loads(container.read("proof/evidence.json"))["files"]
    return next(f"proof/evidence/{f['sha256']}.csv" for f in listed if f["path"].endswith(CSV))


@pytest.mark.parametrize("member", ["table", "proof/scheme/pack.yaml", "proof/plan.json", "proof/ledger/ledger.jsonl"])
def test_what_scoring_needs_may_not_be_withheld(hidden, forger, member):
    """Encrypted in truth, or in clear and said to be withheld."""
    member = table(hidden) if member == "table" else member
    data, encrypted = open_container(hidden).read(member), member.endswith((".csv", ".yaml"))
    name, content = (f"{member}.age", seal_for(data, FOR["recipients"])) if encrypted else (member, data)
    path = rewritten(hidden, forger.out, member, name, content, digest(data))
    problems = [p for c in verify(path).checks if c.verdict == "不成立" for p in c.problems]
    assert any("只有归档资料和附件可以保密封存" in str(p) and name in str(p) for p in problems)
    with pytest.raises(DossierError, match="只有归档资料和附件可以保密封存"):
        rerun(path, forger.out.parent / "again")


@pytest.mark.parametrize(("member", "check"), [(EVIDENCE, "manifest"), (LEDGER, "ledger")])
def test_another_digest_of_the_content(hidden, forger, member, check):
    data = open_container(hidden).read(member)
    path = rewritten(hidden, forger.out, member, member, data, "0" * 64)
    said = forger.refused(path, check, "recomputed")
    assert member in said and "名称与所记的原文摘要不符" in said


def test_another_digest_and_the_name_that_fits_it(hidden, forger):
    data, other = open_container(hidden).read(EVIDENCE), EVIDENCE.replace(digest(REPORT), "0" * 64)
    said = forger.refused(rewritten(hidden, forger.out, EVIDENCE, other, data, "0" * 64), "manifest", "recomputed")
    assert other in said


def test_a_file_nobody_encrypted_that_is_said_to_be_withheld(hidden, forger):
    path = rewritten(hidden, forger.out, EVIDENCE, EVIDENCE, open_container(hidden).read(EVIDENCE), None)
    assert EVIDENCE in forger.refused(path, "manifest", "recomputed")


def test_an_encrypted_attachment_nobody_spoke_of(hidden, forger):
    name = LEDGER.replace(digest(CONTRACT), "1" * 64)
    path = rewritten(hidden, forger.out, LEDGER, name, open_container(hidden).read(LEDGER), "1" * 64)
    assert "台账没有提到这个文件" in forger.refused(path, "ledger")


@pytest.mark.parametrize("member", [EVIDENCE, LEDGER])
def test_what_is_no_encrypted_file_is_refused(hidden, forger, member):
    for data in (b"", b"garbage", b"age-encryption.org/v2\n"):
        path = rewritten(hidden, forger.out, member, member, data, open_container(hidden).entry(member).plain_sha256)
        said = forger.refused(path, "recomputed")
        assert f"{member}:标为保密的文件不是密文" in said


def test_one_content_encrypted_in_two_ways(case, forger):
    """Sealing encrypts it once; the second form may be anything."""
    (case.data / "附件" / "报表.txt").write_bytes(CONTRACT)
    case.review()
    case.sign_off()
    path = case.sealed(documents=declared(case.root, ["合同.txt"]), **FOR)
    other = seal_for(b"99%", FOR["recipients"])
    said = forger.refused(rewritten(path, forger.out, LEDGER, LEDGER, other, digest(CONTRACT)), "recomputed")
    assert f"{LEDGER}:同一内容的保密附件却有两种密文" in said


# -- opening ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def opening(tmp_path, monkeypatch) -> Iterator[Any]:
    """``opening(dossier, attachment, out)``: what ``workbench keys open`` prints for 张三."""
    monkeypatch.setenv(VARIABLE, "口令八个字以上吧")
    key = tmp_path / "张三.key"
    key.write_bytes(locked(ZHANG, "口令八个字以上吧"))

    def run(path: Path, attachment: str, out: Path, code: int = 0) -> str:
        arguments = ["keys", "open", str(path), attachment, "--key", str(key), "--out", str(out)]
        done = CliRunner().invoke(application(), arguments, prog_name="workbench")
        assert done.exit_code == code, done.output
        return done.output

    return run


@pytest.mark.parametrize(
    ("attachment", "content", "where"),
    [
        (EVIDENCE, REPORT, "它是佐证清单的附件文件“附件/报表.txt”。"),
        ("附件/报表.txt", REPORT, "它是佐证清单的附件文件“附件/报表.txt”。"),
        (LEDGER, CONTRACT, "条事件的附件“合同.txt”。"),
        ("合同.txt", CONTRACT, "它是评审台账第"),
    ],
)
def test_a_recipient_opens_one_and_is_told_where_it_belongs(hidden, opening, tmp_path, attachment, content, where):
    assert where in opening(hidden, attachment, tmp_path / "打开的")
    assert (tmp_path / "打开的").read_bytes() == content


def test_what_keys_open_does_not_open(hidden, opening, tmp_path):
    assert "proof/plan.json:这份文件没有保密封存" in opening(hidden, "proof/plan.json", tmp_path / "x", code=2)
    lost = opening(hidden, "录音.mp3", tmp_path / "x", code=2)
    assert "没有解开附件" in lost and "档案里没有这个文件" in lost
    assert "保密封存的有:附件/报表.txt、合同.txt\n" in lost
    assert not (tmp_path / "x").exists()


def test_an_encrypted_form_of_another_content_is_told_by_who_opens_it(hidden, forger, opening, tmp_path):
    """Without a key nobody can see it, and verify says so; the recipient does."""
    other = seal_for("完成率99.9%".encode(), FOR["recipients"])
    path = rewritten(hidden, forger.out, EVIDENCE, EVIDENCE, other, digest(REPORT))
    assert "不能证明其中的内容就是所记摘要的那一份" in sentences(path)
    assert "解开的内容与清单所记的原文摘要不符" in opening(path, "附件/报表.txt", tmp_path / "x", code=4)
    assert not (tmp_path / "x").exists()
