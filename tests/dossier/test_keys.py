"""Keys: what a passphrase protects, what a ``.pub`` file proves, whose keys are trusted, and the commands for them."""

from __future__ import annotations

import json
import sys
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from workbench.base.canon import canonical_json
from workbench.base.errors import KeyFileError
from workbench.base.signatures import BUILT_IN, ED25519
from workbench.cli.app import application
from workbench.cli.passphrase import VARIABLE, new_passphrase, opened
from workbench.dossier.trust.keys import PublicKey, SigningKey, new_key, packed, read_public, trusted_keys, unpacked
from workbench.dossier.trust.lockbox import LOG_N, locked, read_locked, unlocked

PASSPHRASE = "正确的马 电池 订书钉"

# RFC 8032, section 7.1: secret key, public key, message, signature of TEST 1 to 3.
VECTORS = [
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
        "d25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c"
        "387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc659"
        "4a7c15e9716ed28dc027beceea1ec40a",
    ),
]


@pytest.mark.parametrize(("private", "public", "message", "signature"), VECTORS)
def test_ed25519_is_that_of_rfc_8032(private, public, message, signature):
    private, public, message, signature = map(bytes.fromhex, (private, public, message, signature))
    assert ED25519.public(private) == public
    assert ED25519.sign(private, message) == signature
    assert ED25519.verify(public, message, signature)
    assert not ED25519.verify(public, message + b"\0", signature)
    assert not ED25519.verify(public[:-1], message, signature)
    assert not ED25519.verify(public, message, signature[:-1])


def test_a_signature_is_valid_in_one_form_only():
    """RFC 8032, 5.1.7: S must be below the group order; S + order, which adds up alike, is refused."""
    order = 2**252 + 27742317777372353535851937790883648493
    _, public, message, signature = (bytes.fromhex(part) for part in VECTORS[2])
    other = int.from_bytes(signature[32:], "little") + order
    assert not ED25519.verify(public, message, signature[:32] + other.to_bytes(32, "little"))


def test_every_key_is_another():
    first, second = new_key("张三"), new_key("张三")
    assert first.public.key != second.public.key
    assert first.public.recipient != second.public.recipient


def test_a_key_that_is_printed_shows_nothing_secret():
    key = new_key("张三")
    assert key.identity not in repr(key)
    assert repr(key.private) not in repr(key)


@pytest.fixture(scope="module")
def key() -> SigningKey:
    return new_key("张三", "主评人", "某某会计师事务所")


@pytest.fixture(scope="module")
def key_file(key, tmp_path_factory) -> Path:
    file = tmp_path_factory.mktemp("keys") / "张三.key"
    file.write_bytes(locked(key, PASSPHRASE))
    return file


def test_the_passphrase_opens_a_key_file(key, key_file):
    assert unlocked(read_locked(key_file), PASSPHRASE, key_file) == key


def test_a_keyboard_may_compose_characters_in_its_own_way(key, tmp_path):
    file = tmp_path / "组合.key"
    file.write_bytes(locked(key, unicodedata.normalize("NFC", "é")))
    assert unlocked(read_locked(file), unicodedata.normalize("NFD", "é"), file) == key


@pytest.mark.parametrize("passphrase", ["", PASSPHRASE.upper() + " ", PASSPHRASE[:-1]])
def test_another_passphrase_does_not(key_file, passphrase):
    with pytest.raises(KeyFileError, match=r"张三\.key:口令不对,或密钥文件已被改动"):
        unlocked(read_locked(key_file), passphrase, key_file)


@pytest.mark.parametrize("passphrase", ["", "  ", "\u3000\n"])
def test_an_empty_passphrase_is_refused(key, passphrase):
    with pytest.raises(KeyFileError, match="口令不能为空"):
        locked(key, passphrase)


def test_a_guess_costs_what_owasp_asks_for():
    """OWASP Password Storage Cheat Sheet: scrypt with N = 2^17, r = 8, p = 1 or more."""
    assert LOG_N >= 17


def test_the_secrets_are_not_in_the_file(key, key_file):
    data = key_file.read_bytes()
    for secret in (packed(key.private).encode(), key.private, key.identity.encode(), PASSPHRASE.encode()):
        assert secret not in data


@pytest.mark.parametrize(
    "change",
    [
        {"public": {"name": "李四"}},
        {"public": {"recipient": "age1" + "q" * 58}},
        {"log_n": 15},
        {"nonce": packed(bytes(12))},
        {"nonce": ""},
        {"secret": packed(bytes(120))},
    ],
    ids=["name", "recipient", "cost", "nonce", "no nonce", "secret"],
)
def test_a_key_file_that_was_changed_does_not_open(key_file, change):
    fields = json.loads(key_file.read_bytes())
    for name, value in change.items():
        fields[name] = fields[name] | value if isinstance(value, dict) else value
    other = key_file.with_name("改动.key")
    other.write_bytes(canonical_json(fields))
    with pytest.raises(KeyFileError, match="已被改动"):
        unlocked(read_locked(other), PASSPHRASE, other)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "不是密钥文件"),
        (b"PK\x03\x04", "不是密钥文件"),
        (b"[" * 60_000, "不是密钥文件"),
        (b" " * 70_000 + b"{}", "不是密钥文件"),
        (b'{"format": "workbench-key", "version": 2}', "由更新版本的程序生成"),
        (b'{"format": "workbench-key", "version": 1}', "不完整或已被改动"),
        (b'{"format": "workbench-public-key", "version": 1}', r"这是公钥文件\(\.pub\),这里要密钥文件\(\.key\)"),
        (b"-----BEGIN OPENSSH PRIVATE KEY-----", "不是密钥文件"),
    ],
)
def test_what_is_no_key_file_is_said_to_be_none(tmp_path, content, said):
    file = tmp_path / "文件.key"
    file.write_bytes(content)
    with pytest.raises(KeyFileError, match=rf"文件\.key.*{said}"):
        read_locked(file)


def test_a_key_file_may_not_ask_for_all_the_memory(key_file):
    other = key_file.with_name("贪心.key")
    other.write_bytes(canonical_json(json.loads(key_file.read_bytes()) | {"log_n": 40}))
    with pytest.raises(KeyFileError, match="log_n"):
        read_locked(other)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(KeyFileError, match="没有这个文件"):
        read_locked(tmp_path / "无.key")
    with pytest.raises(KeyFileError, match=r"这是文件夹|没有权限"):
        read_public(tmp_path)


# --- .pub -------------------------------------------------------------------------------------------------------------


def put(file: Path, public: PublicKey) -> Path:
    file.write_bytes(canonical_json(public))
    return file


def test_a_public_key_reads_back(key, tmp_path):
    assert read_public(put(tmp_path / "张三.pub", key.public)) == key.public
    assert key.public.holder == "张三(主评人,某某会计师事务所)"


@pytest.mark.parametrize("field", ["key", "name", "role", "organisation", "recipient", "public_key", "proof"])
def test_no_field_of_a_public_key_can_be_changed(key, tmp_path, field):
    other = new_key("李四", "项目负责人", "另一单位").public
    file = put(tmp_path / "张三.pub", key.public.model_copy(update={field: getattr(other, field)}))
    with pytest.raises(KeyFileError, match=r"张三\.pub:公钥文件与其中的持有人签名不符"):
        read_public(file)


def test_a_public_key_of_an_unknown_algorithm_is_named(key, tmp_path):
    file = put(tmp_path / "张三.pub", key.public.model_copy(update={"algorithm": "sm2"}))
    with pytest.raises(KeyFileError, match=r"签名算法本机没有.*sm2.*现有:ed25519"):
        read_public(file)


@pytest.mark.parametrize("name", ["", "张\n三", "\x1b[31m红", "x" * 81, "张\u2028三", "\ud800"])
def test_a_name_that_would_upset_a_terminal_is_refused(name):
    with pytest.raises(KeyFileError, match="姓名不能这样写"):
        new_key(name)


@given(st.binary(max_size=40))
def test_base64_has_one_spelling(data):
    text = packed(data)
    assert unpacked(text) == data
    for other in (text + "\n", text.rstrip("=") + "====", " " + text, text.replace("=", "")):
        if other != text:
            with pytest.raises(ValueError, match="base64"):
                unpacked(other)


def test_base64_with_spare_bits_is_refused():
    assert unpacked("AA==") == b"\0"
    with pytest.raises(ValueError, match="规范写法"):
        unpacked("AB==")


# --- trust ------------------------------------------------------------------------------------------------------------


def test_trusted_are_files_and_folders(key, tmp_path):
    folder = tmp_path / "可信"
    folder.mkdir()
    other = new_key("李四")
    put(folder / "a.pub", key.public)
    (folder / "说明.txt").write_text("不是公钥", encoding="utf-8")
    alone = put(tmp_path / "b.pub", other.public)
    assert trusted_keys([folder, alone, alone]) == [key.public, other.public]


def test_everything_that_cannot_be_trusted_is_named(key, tmp_path):
    folder, empty = tmp_path / "可信", tmp_path / "空"
    folder.mkdir()
    empty.mkdir()
    put(folder / "好.pub", key.public)
    (folder / "坏.pub").write_text("{}", encoding="utf-8")
    with pytest.raises(KeyFileError) as caught:
        trusted_keys([folder, empty, tmp_path / "无.pub"])
    assert [Path(p.place.file).name for p in caught.value.problems] == ["空", "坏.pub", "无.pub"]


def test_one_key_under_two_names_is_refused(key, tmp_path):
    renamed = replace(key, public=key.public.model_copy(update={"name": "李四", "proof": ""}))
    text = canonical_json(renamed.public.model_dump(exclude={"proof"}))
    renamed = renamed.public.model_copy(update={"proof": packed(ED25519.sign(key.private, text))})
    files = [put(tmp_path / "1.pub", key.public), put(tmp_path / "2.pub", renamed)]
    with pytest.raises(KeyFileError, match=r"2\.pub:与 .*1\.pub 是同一把密钥"):
        trusted_keys(files)


# --- commands ---------------------------------------------------------------------------------------------------------


def run(*args: str, code: int = 0) -> str:
    done = CliRunner().invoke(application(), ["keys", *args], prog_name="workbench")
    assert done.exit_code == code, done.output
    return done.output


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(VARIABLE, PASSPHRASE)
    return tmp_path


def test_new_makes_a_private_file_and_a_public_one(folder):
    text = run("new", "张三.key", "--role", "主评人")
    public = read_public(folder / "张三.pub")
    assert public.name == "张三"
    assert public.key in text
    assert sys.platform == "win32" or (folder / "张三.key").stat().st_mode & 0o077 == 0
    assert "张三(主评人)" in run("show", "张三.pub")
    run("export", "张三.key", "--out", "again.pub")
    assert (folder / "again.pub").read_bytes() == (folder / "张三.pub").read_bytes()


def test_a_key_made_in_a_repository_is_warned_of(folder):
    assert "Git 库" not in run("new", "张三.key")
    (folder / ".git").mkdir()
    (folder / "sub").mkdir()
    assert "在 .gitignore 中写一行 *.key" in run("new", "sub/李四.key")


def test_nothing_is_overput(folder):
    for name in ("张三.key", "李四.pub"):
        (folder / name).write_text("mine", encoding="utf-8")
    assert "已存在,不会覆盖" in run("new", "张三.key", code=2)
    assert "李四.pub:文件已存在" in run("new", "李四.key", code=2)
    assert "已存在" in run("export", "张三.key", "--out", "李四.pub", code=2)
    assert not (folder / "李四.key").exists()
    assert (folder / "张三.key").read_text(encoding="utf-8") == "mine"


def test_what_a_key_may_not_be_called(folder):
    assert "不能以 .pub 结尾" in run("new", "张三.pub", code=2)
    assert "角色不能这样写" in run("new", "张三.key", "--role", "", code=2)
    assert "写不进去(文件夹不存在)" in run("new", "无/张三.key", code=2)
    assert "没有这种签名算法" in run("new", "张三.key", "--algorithm", "ed2551", code=2)
    assert not list(folder.iterdir())


def test_without_a_terminal_the_passphrase_comes_from_the_environment(folder, monkeypatch):
    monkeypatch.delenv(VARIABLE)
    assert f"设置环境变量 {VARIABLE}" in run("new", "张三.key", code=2)
    monkeypatch.setenv(VARIABLE, " ")
    assert "口令不能为空" in run("new", "张三.key", code=2)
    assert not list(folder.iterdir())


class Typist:
    """Somebody at a terminal, who types what they were told to."""

    def __init__(self, *answers: str) -> None:
        self.answers: Iterator[str] = iter(answers)

    def __call__(self, prompt: str) -> str:
        assert prompt.endswith(":")
        return next(self.answers)


@pytest.fixture
def terminal(monkeypatch):
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)


def test_a_new_passphrase_is_typed_twice(terminal, capsys):
    assert (
        new_passphrase(Typist("", "一二三四五六七八", "一二三", "一二三四五六七八", "一二三四五六七八"))
        == "一二三四五六七八"
    )
    said = capsys.readouterr().err
    assert "口令不能为空" in said
    assert "两次输入不同" in said
    assert "较短" not in said
    assert new_passphrase(Typist("short", "short")) == "short"
    assert "口令较短" in capsys.readouterr().err
    with pytest.raises(KeyFileError, match="密钥未生成"):
        new_passphrase(Typist("a", "b", "a", "b", "a", "b"))


def test_a_mistyped_passphrase_may_be_typed_again(terminal, key, key_file, capsys):
    assert opened(key_file, Typist("typo", PASSPHRASE)) == key
    assert capsys.readouterr().err == "口令不对。\n"


def test_but_not_for_ever(terminal, key_file):
    with pytest.raises(KeyFileError, match="口令不对"):
        opened(key_file, Typist("1", "2", "3", PASSPHRASE))


def test_ed25519_is_built_in():
    assert list(BUILT_IN) == ["ed25519"]
