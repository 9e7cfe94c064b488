"""Signatures over a dossier's manifest. They prove integrity; they are no 主评人签字 and no 公章."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal

from workbench.base.canon import digest
from workbench.base.errors import Place, Problem, shorten
from workbench.base.signatures import BUILT_IN, SignatureAlgorithm
from workbench.base.text import BEIJING
from workbench.dossier.model import Check, Signature, Verdict
from workbench.dossier.trust.keys import (
    PublicKey,
    SigningKey,
    fault_of,
    fingerprint,
    packed,
    require_words,
    statement,
    unpacked,
)

if TYPE_CHECKING:
    from workbench.dossier.container import Container

Clock = Callable[[], datetime]
Standing = Literal["trusted", "unknown", "unchecked", "invalid"]
TITLE = "签名"
LIMITS = "签名只证明封存后内容没有改动、由持有该密钥的人签署,不能代替主评人签字和单位公章"
_ASK_AGAIN = "请向封存单位索取原档案"


def utc_now() -> datetime:
    """The clock signatures are stamped by."""
    return datetime.now(UTC)


def sign(
    manifest_bytes: bytes,
    key: SigningKey,
    signer: str | None = None,
    role: str | None = None,
    clock: Clock = utc_now,
) -> Signature:
    """A signature over a manifest; ``signer`` and ``role`` are what it claims, by default what the key says.

    Raises:
        KeyFileError: what it is to claim is empty, too long or has control characters in it.
    """
    require_words({"姓名": signer, "角色": role})
    public = key.public
    unsigned = Signature(
        algorithm=key.algorithm.name,
        key=public.key,
        signer=signer or public.name,
        role=role or public.role,
        signed_at=clock().astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        manifest_sha256=digest(manifest_bytes),
        public_key=public.public_key,
        signature="",
    )
    made = key.algorithm.sign(key.private, statement(unsigned, "signature"))
    return unsigned.model_copy(update={"signature": packed(made)})


@dataclass(frozen=True)
class Finding:
    """One signature looked at: where it stands, in a sentence, and what is wrong when it is invalid or not trusted."""

    signature: Signature
    standing: Standing
    text: str
    problem: Problem | None = None


def findings(
    manifest_bytes: bytes,
    signatures: Sequence[Signature],
    trusted: Sequence[PublicKey] | None = None,
    algorithms: Mapping[str, SignatureAlgorithm] = BUILT_IN,
) -> list[Finding]:
    """What each signature is worth, in the order given.

    A signer is named as the trusted key names them; what a signature says of itself is only quoted. With ``trusted``
    (``--trust``) a signature by anybody else, or one that cannot be checked, is a problem.
    """
    manifest = digest(manifest_bytes)
    by_key = {(k.algorithm, k.public_key): k for k in trusted or ()}
    found = [_finding(s, manifest, by_key, algorithms) for s in signatures]
    return found if trusted is None else [_demanding(f) for f in found]


def _finding(
    signature: Signature,
    manifest: str,
    trusted: Mapping[tuple[str, str], PublicKey],
    algorithms: Mapping[str, SignatureAlgorithm],
) -> Finding:
    claimed = f"自称“{shorten(signature.signer)}”"
    algorithm = algorithms.get(signature.algorithm)
    if algorithm is None:
        lacking = f"本机没有签名算法 {shorten(signature.algorithm)}"
        return Finding(signature, "unchecked", f"密钥 {signature.key} 的签名未核对({claimed}):{lacking}")
    fault = _fault(signature, manifest, algorithm)
    if fault is not None:
        problem = Problem("signature_invalid", fault, _place(signature), _signer(signature), fix=_ASK_AGAIN)
        return Finding(signature, "invalid", f"密钥 {signature.key} 的签名无效({claimed}):{fault}", problem)
    holder = trusted.get((signature.algorithm, signature.public_key))
    if holder is None:
        return Finding(signature, "unknown", f"密钥 {signature.key} 的签名有效,签名人未知({claimed})")
    other = f",签名中{claimed}" if signature.signer != holder.name else ""
    return Finding(
        signature,
        "trusted",
        f"{holder.holder}的签名有效(密钥 {signature.key},{_when(signature)}{other})",
    )


def _when(signature: Signature) -> str:
    """When a signature says it was made, in Beijing time; as it stands where it is no moment."""
    try:
        at = datetime.fromisoformat(signature.signed_at.replace("Z", "+00:00"))
        if at.tzinfo is not None:
            return f"自述北京时间 {at.astimezone(BEIJING):%Y-%m-%d %H:%M}"
    except (ValueError, OverflowError):
        pass
    return f"自述时间 {shorten(signature.signed_at)}"


def _fault(signature: Signature, manifest: str, algorithm: SignatureAlgorithm) -> str | None:
    """What makes a signature invalid, or None."""
    try:
        public, made = unpacked(signature.public_key), unpacked(signature.signature)
    except ValueError as error:
        return f"公钥或签名的写法不对({error})"
    if signature.key != fingerprint(public):
        return "指纹与所附公钥不符"
    if signature.manifest_sha256 != manifest:
        return "签的是另一份清单"
    return fault_of(algorithm, public, statement(signature, "signature"), made)


def _place(signature: Signature) -> Place:
    return Place(key=f"signatures/{signature.key}.json")


def _signer(signature: Signature) -> str:
    return f"{shorten(signature.signer)},密钥 {signature.key}"


def _demanding(found: Finding) -> Finding:
    """With trusted keys given, what is not by one of them is refused."""
    if found.standing in ("trusted", "invalid"):
        return found
    if found.standing == "unchecked":
        message, code = "签名无法核对,不能当作可信", "signature_unchecked"
        fix = "请安装提供该签名算法的插件"
    else:
        message, code = "签名人不在可信公钥之列,档案可能被他人改动后重新签名", "signature_untrusted"
        fix = f"核实签名人后把其公钥加入 --trust,否则{_ASK_AGAIN}"
    signature = found.signature
    problem = Problem(code, message, _place(signature), _signer(signature), fix=fix)
    return replace(found, problem=problem)


def check_signatures(
    container: Container,
    trusted: Sequence[PublicKey] | None = None,
    algorithms: Mapping[str, SignatureAlgorithm] = BUILT_IN,
) -> Check:
    """The signatures of a dossier as one check.

    Args:
        trusted: the keys given with ``--trust``; None when none were asked for, and then nothing says who signed: a valid
            signature leaves the check 未核对. With trusted keys, at least one of them has to have signed and nobody else.
    """
    found = findings(container.manifest_bytes, container.signatures, trusted, algorithms)
    file = container.path.name
    problems = [f.problem.at(file=file) for f in found if f.problem is not None]
    if trusted is not None and not any(f.standing == "trusted" for f in found):
        message = "没有可信签名人的签名"
        problems.append(Problem("signature_lacking", message, Place(file, key="signatures/"), fix=_ASK_AGAIN))
    verdict: Verdict = "不成立" if problems else ("成立" if trusted is not None else "未核对")
    return Check(code="signatures", title=TITLE, verdict=verdict, text=_said(found, trusted), problems=problems)


def _said(found: Sequence[Finding], trusted: Sequence[PublicKey] | None) -> str:
    """One signature to a line."""
    if not found:
        return "档案没有签名"
    text = ";\n".join(f.text for f in found)
    unasked = trusted is None and any(f.standing == "unknown" for f in found)
    return f"{text}。没有给出可信公钥(--trust),无从知道是谁签的" if unasked else text
