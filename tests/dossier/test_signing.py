"""Signatures: what each field of one is worth, who is believed, and ``workbench sign``."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from workbench.base.errors import DossierError, KeyFileError
from workbench.base.signatures import BUILT_IN, ED25519, SignatureAlgorithm
from workbench.cli.app import application
from workbench.cli.passphrase import VARIABLE
from workbench.dossier.container import open_container, sign_container
from workbench.dossier.model import Signature
from workbench.dossier.trust.keys import new_key, packed, statement
from workbench.dossier.trust.lockbox import locked
from workbench.dossier.trust.signing import LIMITS, check_signatures, findings, sign

ZHANG = new_key("张三", "主评人", "某某会计师事务所")
LI = new_key("李四", "项目负责人")
MANIFEST = b'{"a manifest":1}\n'


def noon() -> datetime:
    return datetime(2026, 11, 22, 12, tzinfo=UTC)


def standing(signature: Signature, trusted=None, algorithms=BUILT_IN, manifest: bytes = MANIFEST) -> str:
    (found,) = findings(manifest, [signature], trusted, algorithms)
    return found.standing


# --- what a signature is ----------------------------------------------------------------------------------------------


def test_a_signature_can_be_checked_without_this_program():
    """The format as docs/howto/keys.md describes it, with the standard library and another caller of Ed25519."""
    fields = json.loads(sign(MANIFEST, ZHANG, clock=noon).model_dump_json())
    made = base64.b64decode(fields.pop("signature"))
    text = json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n"
    public = base64.b64decode(fields["public_key"])
    Ed25519PublicKey.from_public_bytes(public).verify(made, text.encode())
    assert fields == {
        "algorithm": "ed25519",
        "key": hashlib.sha256(public).hexdigest()[:16],
        "signer": "张三",
        "role": "主评人",
        "signed_at": "2026-11-22T12:00:00Z",
        "manifest_sha256": hashlib.sha256(MANIFEST).hexdigest(),
        "public_key": fields["public_key"],
    }


def test_equal_content_at_an_equal_time_gives_an_equal_signature():
    assert sign(MANIFEST, ZHANG, clock=noon) == sign(MANIFEST, ZHANG, clock=noon)


@given(st.binary(max_size=200), st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=80))
def test_what_was_signed_is_valid_and_anything_else_is_not(manifest, name):
    signature = sign(manifest, ZHANG, signer=name, clock=noon)
    assert standing(signature, manifest=manifest) == "unknown"
    assert standing(signature, [ZHANG.public], manifest=manifest) == "trusted"
    assert standing(signature, manifest=manifest + b"\0") == "invalid"


OTHER = sign(b"another manifest", LI, clock=lambda: datetime(2020, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize("field", [name for name in Signature.model_fields if name != "algorithm"])
@pytest.mark.parametrize("trusted", [None, [ZHANG.public, LI.public]], ids=["nobody", "both"])
def test_no_field_of_a_signature_can_be_changed(field, trusted):
    changed = sign(MANIFEST, ZHANG, clock=noon).model_copy(update={field: getattr(OTHER, field)})
    (found,) = findings(MANIFEST, [changed], trusted)
    assert found.standing == "invalid"
    assert found.problem.place.key == f"signatures/{changed.key}.json"


@given(st.data())
def test_no_bit_of_a_signature_can_be_changed(data):
    signature = sign(MANIFEST, ZHANG, clock=noon)
    field = data.draw(st.sampled_from(["signature", "public_key"]))
    text = getattr(signature, field)
    at = data.draw(st.integers(0, len(text) - 1))
    put = data.draw(st.characters(codec="utf-8").filter(lambda c: c != text[at]))
    changed = signature.model_copy(update={field: text[:at] + put + text[at + 1 :]})
    assert standing(changed) == "invalid"


def test_a_signature_moved_to_another_manifest_is_refused():
    (found,) = findings(b"other", [sign(MANIFEST, ZHANG)])
    assert "签的是另一份清单" in found.problem.message


def test_a_fingerprint_that_is_not_that_of_the_key_is_refused_though_it_was_signed():
    """Signed whole by the forger, under the fingerprint of somebody else."""
    forged = sign(MANIFEST, LI).model_copy(update={"key": ZHANG.public.key})
    made = packed(ED25519.sign(LI.private, statement(forged, "signature")))
    (found,) = findings(MANIFEST, [forged.model_copy(update={"signature": made})], [ZHANG.public, LI.public])
    assert found.standing == "invalid"
    assert "指纹与所附公钥不符" in found.problem.message


def test_what_a_signature_may_not_claim():
    with pytest.raises(KeyFileError, match="角色不能这样写"):
        sign(MANIFEST, ZHANG, role="主评人\n审核")


# --- who is believed --------------------------------------------------------------------------------------------------


def test_the_name_of_the_trusted_key_wins_over_the_claimed_one():
    (found,) = findings(MANIFEST, [sign(MANIFEST, ZHANG, signer="财政局局长", role="局长")], [ZHANG.public])
    assert found.standing == "trusted"
    assert found.text.startswith("张三(主评人,某某会计师事务所)的签名有效")
    assert "自称“财政局局长”" in found.text


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("2026-11-22T14:10:00Z", "自述北京时间 2026-11-22 22:10"),
        ("2026-11-22T20:10:00+02:00", "自述北京时间 2026-11-23 02:10"),
        ("2026-11-22T14:10:00", "自述时间 2026-11-22T14:10:00"),
        ("0001-01-01T00:00:00+14:00", "自述时间 0001-01-01T00:00:00+14:00"),
        ("昨天", "自述时间 昨天"),
    ],
)
def test_a_time_is_beijing_time_or_what_was_written(said, shown):
    claimed = sign(MANIFEST, ZHANG).model_copy(update={"signed_at": said, "signature": ""})
    made = packed(ED25519.sign(ZHANG.private, statement(claimed, "signature")))
    (found,) = findings(MANIFEST, [claimed.model_copy(update={"signature": made})], [ZHANG.public])
    assert f",{shown})" in found.text


def test_a_claimed_name_helps_nobody():
    """Somebody else's key under a trusted person's name, role and organisation."""
    twin = new_key("张三", "主评人", "某某会计师事务所")
    (found,) = findings(MANIFEST, [sign(MANIFEST, twin)], [ZHANG.public])
    assert found.standing == "unknown"
    assert "不在可信公钥之列" in found.problem.message
    assert "张三" in found.problem.found


def test_a_claimed_name_cannot_write_on_the_terminal():
    forged = sign(MANIFEST, ZHANG).model_copy(update={"signer": "\x1b[2J张三\n结论:成立", "signature": ""})
    made = packed(ED25519.sign(ZHANG.private, statement(forged, "signature")))
    (found,) = findings(MANIFEST, [forged.model_copy(update={"signature": made})])
    assert found.standing == "unknown"
    assert found.text.isprintable()


def test_an_unknown_algorithm_is_not_checked_and_never_trusted():
    signature = sign(MANIFEST, ZHANG).model_copy(update={"algorithm": "sm2"})
    (found,) = findings(MANIFEST, [signature])
    assert found.standing == "unchecked"
    assert found.problem is None
    assert "本机没有签名算法 sm2" in found.text
    (found,) = findings(MANIFEST, [signature], [ZHANG.public])
    assert "无法核对" in found.problem.message


def _fails(public: bytes, message: bytes, signature: bytes) -> bool:
    raise OSError("no device")


@pytest.mark.parametrize("verify", [_fails, lambda *_: "yes", lambda *_: None])
def test_an_algorithm_that_fails_or_answers_nonsense_says_no(verify):
    broken = SignatureAlgorithm("odd", "1.0.0", "示例", bytes, bytes, lambda *_: b"", verify, "wb-odd")
    signature = sign(MANIFEST, replace(ZHANG, algorithm=broken))
    assert standing(signature, algorithms={"odd": broken}) == "invalid"


# --- in a dossier -----------------------------------------------------------------------------------------------------


@pytest.fixture
def dossier(written):
    """A small dossier nobody has signed."""
    return written(keys=()).path


def signed_by(dossier, *keys):
    container = open_container(dossier)
    for key in keys:
        sign_container(dossier, sign(container.manifest_bytes, key))
    return open_container(dossier)


def test_without_trusted_keys_a_valid_signature_says_nothing_about_who(dossier):
    check = check_signatures(signed_by(dossier, ZHANG, LI))
    assert (check.verdict, check.problems) == ("未核对", [])
    assert check.text.count("签名有效,签名人未知") == 2
    assert "--trust" in check.text


def test_with_trusted_keys_all_signers_have_to_be_trusted(dossier):
    container = signed_by(dossier, ZHANG, LI)
    assert check_signatures(container, [ZHANG.public, LI.public]).verdict == "成立"
    check = check_signatures(container, [ZHANG.public])
    assert check.verdict == "不成立"
    (problem,) = check.problems
    assert str(problem).startswith(f"档案.zip signatures/{LI.public.key}.json:签名人不在可信公钥之列")


@pytest.mark.parametrize("keys", [[], [LI]])
def test_with_trusted_keys_one_of_them_has_to_have_signed(dossier, keys):
    check = check_signatures(signed_by(dossier, *keys), [ZHANG.public])
    assert check.verdict == "不成立"
    assert "没有可信签名人的签名" in check.problems[-1].message


def test_no_signature_is_no_fault_as_long_as_nobody_asks_for_one(dossier):
    check = check_signatures(open_container(dossier))
    assert (check.verdict, check.text, check.problems) == ("未核对", "档案没有签名", [])


def test_an_invalid_signature_fails_with_and_without_trusted_keys(dossier):
    container = signed_by(dossier, ZHANG)
    forged = container.signatures[0].model_copy(update={"signed_at": "2020-01-01T00:00:00Z"})
    sign_container(dossier, forged)
    for trusted in (None, [ZHANG.public]):
        check = check_signatures(open_container(dossier), trusted)
        assert check.verdict == "不成立"
        assert "签名与内容不符" in check.problems[0].message


# --- the command ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def key_file(tmp_path_factory):
    file = tmp_path_factory.mktemp("keys") / "张三.key"
    file.write_bytes(locked(ZHANG, "口令八个字以上吧"))
    return file


@pytest.fixture
def run(dossier, key_file, monkeypatch):
    monkeypatch.setenv(VARIABLE, "口令八个字以上吧")

    def command(*more: str, code: int = 0) -> str:
        line = ["sign", str(dossier), "--key", str(key_file), *more]
        done = CliRunner().invoke(application(), line, prog_name="workbench")
        assert done.exit_code == code, done.output
        return done.output

    return command


def test_sign_says_what_is_signed_and_what_it_does_not_replace(run, dossier):
    sign_container(dossier, sign(open_container(dossier).manifest_bytes, LI))
    text = run()
    for said in ("工作档案  营养改善计划", "canteen", "a" * 16, "8个,已逐一核对", "现有2个签名"):
        assert said in text
    assert LIMITS in text
    assert check_signatures(open_container(dossier), [ZHANG.public, LI.public]).verdict == "成立"


def test_signing_again_replaces_ones_own_signature(run, dossier):
    run()
    before = open_container(dossier).manifest_bytes
    assert "原来的签名被替换" in run("--role", "项目负责人")
    container = open_container(dossier)
    assert [s.role for s in container.signatures] == ["项目负责人"]
    assert container.manifest_bytes == before


def test_a_wrong_passphrase_leaves_the_dossier_alone(run, dossier, monkeypatch):
    monkeypatch.setenv(VARIABLE, "别的口令")
    before = dossier.read_bytes()
    assert "口令不对" in run(code=2)
    assert dossier.read_bytes() == before


def test_a_dossier_that_was_changed_is_not_signed(run, dossier):
    data = bytearray(dossier.read_bytes())
    data[data.index(b"87.00")] ^= 1
    dossier.write_bytes(data)
    assert "评价档案有误" in run(code=DossierError.exit_code)
    assert dossier.read_bytes() == data


def test_a_dossier_with_a_forged_signature_is_not_signed(run, dossier):
    forged = signed_by(dossier, LI).signatures[0].model_copy(update={"signer": "王五"})
    sign_container(dossier, forged)
    assert f"signatures/{LI.public.key}.json" in run(code=DossierError.exit_code)
