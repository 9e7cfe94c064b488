"""Confidential attachments: who can open them, who cannot, and what everybody sees."""

from __future__ import annotations

import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from workbench.base.canon import digest
from workbench.base.errors import DossierError, KeyFileError
from workbench.cli.app import application
from workbench.cli.passphrase import VARIABLE
from workbench.dossier.container import BytesSource, examine, write_container
from workbench.dossier.model import FileEntry
from workbench.dossier.trust.confidential import seal_for, unseal
from workbench.dossier.trust.keys import new_key
from workbench.dossier.trust.lockbox import locked

ZHANG, LI, WANG = new_key("张三"), new_key("李四"), new_key("王五")
PATH = "proof/documents/questionnaires/answers.csv"
CONTENT = "姓名,意见\n赵六,不满意\n".encode()


def entry(sealed: bytes, plain: bytes) -> FileEntry:
    return FileEntry(
        path=PATH,
        sha256=digest(sealed),
        size=len(sealed),
        crc32=f"{zlib.crc32(sealed):08x}",
        title="原始问卷",
        withheld=True,
        plain_sha256=digest(plain),
    )


@settings(max_examples=20)
@given(st.binary(max_size=300))
def test_every_recipient_alone_can_open_it(data):
    sealed = seal_for(data, [ZHANG.public.recipient, LI.public.recipient, LI.public.recipient])
    assert [unseal(sealed, key, entry(sealed, data)) for key in (ZHANG, LI)] == [data, data]


def test_nobody_else_can():
    sealed = seal_for(CONTENT, [ZHANG.public.recipient])
    assert CONTENT not in sealed
    with pytest.raises(DossierError, match=r"answers\.csv:不是为该密钥封存的\(王五\)"):
        unseal(sealed, WANG, entry(sealed, CONTENT))


def test_age_opens_it_as_well():
    """It is an ordinary age file: https://age-encryption.org/v1."""
    assert seal_for(CONTENT, [ZHANG.public.recipient]).startswith(b"age-encryption.org/v1\n-> X25519 ")


def test_sealing_twice_gives_two_files():
    assert seal_for(CONTENT, [ZHANG.public.recipient]) != seal_for(CONTENT, [ZHANG.public.recipient])


@pytest.mark.parametrize("recipients", [[], ["age1"], [ZHANG.public.recipient[:-1] + "q"], [ZHANG.identity]])
def test_whom_nothing_can_be_sealed_for(recipients):
    with pytest.raises(KeyFileError, match=r"没有写明收件人|不是封存地址"):
        seal_for(CONTENT, recipients)


@given(st.data())
@settings(max_examples=30)
def test_no_byte_can_be_changed(data):
    """Not even by somebody who changes the manifest with it."""
    sealed = bytearray(seal_for(CONTENT, [ZHANG.public.recipient]))
    at = data.draw(st.integers(0, 9999)) % len(sealed)  # age adds a line of random length
    sealed[at] ^= data.draw(st.integers(1, 255))
    with pytest.raises(DossierError):
        unseal(bytes(sealed), ZHANG, entry(bytes(sealed), CONTENT))


def test_a_file_that_is_not_that_of_the_manifest_is_refused():
    sealed = seal_for(CONTENT, [ZHANG.public.recipient])
    with pytest.raises(DossierError, match="与清单所记的摘要不符"):
        unseal(sealed + b"\0", ZHANG, entry(sealed, CONTENT))


def test_a_content_put_in_later_is_refused():
    """Anybody can encrypt for a recipient: the digest of the content stands in the manifest for that reason."""
    sealed = seal_for("赵六,满意\n".encode(), [ZHANG.public.recipient])
    with pytest.raises(DossierError, match="原文摘要不符"):
        unseal(sealed, ZHANG, entry(sealed, CONTENT))


# --- the command ------------------------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path, monkeypatch, listed):
    """A dossier with a withheld file for 张三 and an open one."""
    files = {PATH: seal_for(CONTENT, [ZHANG.public.recipient]), "proof/plan.json": b"{}\n"}
    manifest = listed(files)
    manifest = manifest.model_copy(update={"files": [entry(files[PATH], CONTENT), manifest.files[1]]})
    write_container(tmp_path / "档案.zip", manifest, {path: BytesSource(data) for path, data in files.items()})
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(VARIABLE, "口令八个字以上吧")
    return tmp_path


def run(*args: str, code: int = 0) -> str:
    done = CliRunner().invoke(application(), ["keys", "open", "档案.zip", *args], prog_name="workbench")
    assert done.exit_code == code, done.output
    return done.output


def test_the_recipient_opens_an_attachment(folder):
    assert examine(folder / "档案.zip")[1] == []
    (folder / "张三.key").write_bytes(locked(ZHANG, "口令八个字以上吧"))
    assert "未加密" in run(PATH, "--key", "张三.key", "--out", "问卷.csv")
    assert (folder / "问卷.csv").read_bytes() == CONTENT
    assert "已存在,不会覆盖" in run(PATH, "--key", "张三.key", "--out", "问卷.csv", code=2)


@pytest.mark.parametrize("name", ["answers.csv", "资料/answers.csv"])
def test_a_paper_is_known_by_its_own_name(folder, name):
    (folder / "张三.key").write_bytes(locked(ZHANG, "口令八个字以上吧"))
    assert "已解开" in run(name, "--key", "张三.key", "--out", "问卷.csv")
    assert (folder / "问卷.csv").read_bytes() == CONTENT


def test_somebody_else_does_not(folder):
    (folder / "李四.key").write_bytes(locked(LI, "口令八个字以上吧"))
    assert "不是为该密钥封存的(李四)" in run(PATH, "--key", "李四.key", "--out", "问卷.csv", code=2)
    assert not (folder / "问卷.csv").exists()


def test_what_is_not_there_or_not_withheld_needs_no_passphrase(folder, monkeypatch):
    monkeypatch.delenv(VARIABLE)
    assert "没有保密封存" in run("proof/plan.json", "--key", "无.key", "--out", "x", code=2)
    assert f"是否想写“{PATH}”" in run(PATH[:-1], "--key", "无.key", "--out", "x", code=2)
