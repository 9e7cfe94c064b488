"""Keys of signers: what others may know (``.pub``), what only the owner has, and whose keys a verifier trusts."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import AfterValidator, Field, TypeAdapter, ValidationError

from workbench.base.canon import canonical_json, digest
from workbench.base.errors import KeyFileError, Place, Problem
from workbench.base.models import Model, key_path
from workbench.base.signatures import BUILT_IN, ED25519, SignatureAlgorithm
from workbench.base.text import reason

PUBLIC_FORMAT: Literal["workbench-public-key"] = "workbench-public-key"
KEY_FORMAT: Literal["workbench-key"] = "workbench-key"
PUBLIC_SUFFIX = ".pub"
MAX_BYTES = 64 << 10
"""No key file is longer; a wrong file is not read to its end."""
FINGERPRINT_DIGITS = 16

_KINDS = {PUBLIC_FORMAT: "公钥文件(.pub)", KEY_FORMAT: "密钥文件(.key)"}


def unpacked(text: str) -> bytes:
    """The bytes of base64 text in its one canonical spelling. Raises ValueError for any other spelling."""
    try:
        data = base64.b64decode(text, validate=True)
    except binascii.Error:
        raise ValueError("不是 base64 文字") from None
    if packed(data) != text:
        raise ValueError("不是 base64 文字的规范写法")
    return data


def packed(data: bytes) -> str:
    """Base64 text of ``data``."""
    return base64.b64encode(data).decode()


def _spelled(text: str) -> str:
    unpacked(text)
    return text


Base64 = Annotated[str, AfterValidator(_spelled)]
Words = Annotated[str, Field(min_length=1, max_length=80, pattern=r"^[^\p{C}\p{Zl}\p{Zp}]+$")]
"""One line a terminal can show as it is."""


_WORDS: TypeAdapter[str | None] = TypeAdapter(Words | None)


class PublicKey(Model):
    """A ``.pub`` file: who holds a key and how to check and to encrypt for it. Nothing in it is secret.

    ``key`` is the fingerprint, the first 16 hex digits of the SHA-256 of the raw public key; ``recipient`` the age address
    confidential attachments are sealed for. ``proof`` is the holder's own signature over all other fields, so that whoever
    compares the fingerprint has compared name and recipient too.
    """

    format: Literal["workbench-public-key"] = PUBLIC_FORMAT
    version: Literal[1] = 1
    algorithm: str
    key: str
    public_key: Base64
    name: Words
    role: Words | None
    organisation: Words | None
    recipient: Annotated[str, Field(pattern=r"^age1[a-z0-9]{58}$")]
    proof: Base64

    @property
    def holder(self) -> str:
        """Name with role and organisation: ``张三(主评人,某某事务所)``."""
        more = ",".join(part for part in (self.role, self.organisation) if part)
        return f"{self.name}({more})" if more else self.name


@dataclass(frozen=True)
class SigningKey:
    """A key whose passphrase was given: it can sign, and open what was sealed for its recipient."""

    public: PublicKey
    algorithm: SignatureAlgorithm
    private: bytes = field(repr=False)
    identity: str = field(repr=False)


def fingerprint(public: bytes) -> str:
    """Short name of a raw public key; files and people go by it, decisions by the whole key."""
    return digest(public)[:FINGERPRINT_DIGITS]


def statement(signed: Model, but: str) -> bytes:
    """What a signature field stands for: canonical JSON of all other fields."""
    return canonical_json(signed.model_dump(exclude={but}))


def require_words(said: Mapping[str, str | None]) -> None:
    """Raise KeyFileError for what a key or a signature may not say of its holder; by what it is called."""
    fix = "请写一行文字,80个字以内,不含控制字符"
    problems = []
    for label, text in said.items():
        try:
            _WORDS.validate_python(text)
        except ValidationError:
            problems.append(Problem("key_words", f"{label}不能这样写", found=text, fix=fix))
    if problems:
        raise KeyFileError(problems)


def new_key(
    name: str, role: str | None = None, organisation: str | None = None, algorithm: SignatureAlgorithm = ED25519
) -> SigningKey:
    """A fresh key of a person: one half signs, the other opens what is sealed for them.

    Raises:
        KeyFileError: a name, role or organisation is empty, too long or has control characters in it.
    """
    from pyrage import x25519

    require_words({"姓名": name, "角色": role, "单位": organisation})
    private, identity = algorithm.generate(), x25519.Identity.generate()
    public = algorithm.public(private)
    unproven = PublicKey(
        algorithm=algorithm.name,
        key=fingerprint(public),
        public_key=packed(public),
        name=name,
        role=role,
        organisation=organisation,
        recipient=str(identity.to_public()),
        proof="",
    )
    proof = packed(algorithm.sign(private, statement(unproven, "proof")))
    return SigningKey(unproven.model_copy(update={"proof": proof}), algorithm, private, str(identity))


M = TypeVar("M", bound=Model)


def read_model(file: Path, model: type[M], kind: str) -> M:
    """A key file of format ``kind``. Raises KeyFileError saying what the file is instead."""
    try:
        with file.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except OSError as error:
        why = "没有这个文件" if isinstance(error, FileNotFoundError) else reason(error)
        message = f"{_KINDS[kind]}读不出来({why})"
        raise KeyFileError(Problem("key_unreadable", message, Place(file.as_posix()), fix="请检查路径")) from None
    try:
        if len(data) > MAX_BYTES:
            raise KeyFileError(_misfit(file, b"", kind, None))
        return model.model_validate_json(data)
    except ValidationError as error:
        raise KeyFileError(_misfit(file, data, kind, key_path(error.errors()[0]["loc"]) or None)) from None


def _misfit(file: Path, data: bytes, kind: str, where: str | None) -> Problem:
    place = Place(file.as_posix())
    try:
        found = json.loads(data)
        said, version = str(found["format"]), found["version"]
    except (ValueError, KeyError, TypeError, RecursionError):
        said, version = "", None
    if said in _KINDS and said != kind:
        message = f"这是{_KINDS[said]},这里要{_KINDS[kind]}"
        return Problem("key_other_kind", message, place, fix="请改写另一个文件的名称")
    if said == kind and type(version) is int and version > 1:
        return Problem("key_newer", "由更新版本的程序生成", place, found=str(version), fix="请升级 workbench")
    if said == kind:
        fix = "请向持有人重新索取" if kind == PUBLIC_FORMAT else "请用备份恢复"
        return Problem("key_broken", "文件内容不完整或已被改动", Place(place.file, key=where), fix=fix)
    made = "workbench keys export 导出" if kind == PUBLIC_FORMAT else "workbench keys new 生成"
    return Problem("key_not_one", f"不是{_KINDS[kind]}", place, fix=f"请选择由 {made}的文件")


def algorithm_of(public: PublicKey, algorithms: Mapping[str, SignatureAlgorithm], file: Path) -> SignatureAlgorithm:
    """The algorithm of a key. Raises KeyFileError when no plugin here knows it."""
    known = algorithms.get(public.algorithm)
    if known is None:
        message = "密钥所用的签名算法本机没有"
        fix = f"请安装提供该算法的插件;现有:{'、'.join(sorted(algorithms))}"
        raise KeyFileError(Problem("key_algorithm", message, Place(file.as_posix()), public.algorithm, fix=fix))
    return known


def fault_of(algorithm: SignatureAlgorithm, public: bytes, message: bytes, signature: bytes) -> str | None:
    """Why a signature is not valid, or None. The seam to a plugin's code: what it raises is a no."""
    try:
        valid = algorithm.verify(public, message, signature) is True
    except Exception as error:
        return f"签名算法 {algorithm.name} 核对时出错({type(error).__name__})"
    return None if valid else "签名与内容不符:内容或签名被改动"


def read_public(file: Path, algorithms: Mapping[str, SignatureAlgorithm] = BUILT_IN) -> PublicKey:
    """A ``.pub`` file whose fields its holder has signed.

    Raises:
        KeyFileError: not such a file, changed since it was made, or of an algorithm unknown here.
    """
    public = read_model(file, PublicKey, PUBLIC_FORMAT)
    algorithm = algorithm_of(public, algorithms, file)
    raw = unpacked(public.public_key)
    if public.key != fingerprint(raw) or fault_of(algorithm, raw, statement(public, "proof"), unpacked(public.proof)):
        fix = "请向持有人重新索取,并用电话等另一途径核对指纹"
        message = "公钥文件与其中的持有人签名不符:内容被改动"
        raise KeyFileError(Problem("key_forged", message, Place(file.as_posix()), fix=fix))
    return public


def trusted_keys(places: Sequence[Path], algorithms: Mapping[str, SignatureAlgorithm] = BUILT_IN) -> list[PublicKey]:
    """The keys a verifier trusts: ``.pub`` files, and folders of them.

    Raises:
        KeyFileError: every file that cannot be used, a folder without any, one key under two names.
    """
    problems: list[Problem] = []
    found: dict[str, tuple[Path, PublicKey]] = {}
    for file in _listed(places, problems):
        try:
            public = read_public(file, algorithms)
        except KeyFileError as error:
            problems += error.problems
            continue
        first, known = found.setdefault(public.public_key, (file, public))
        if known != public:
            message = f"与 {first.as_posix()} 是同一把密钥,所写的持有人却不同"
            problems.append(Problem("key_twice", message, Place(file.as_posix()), fix="请查明后只留一个"))
    if problems:
        raise KeyFileError(problems)
    return [public for _, public in found.values()]


def _listed(places: Sequence[Path], problems: list[Problem]) -> list[Path]:
    """The files named, and those of the folders named, by name."""
    files: list[Path] = []
    for place in places:
        if not place.is_dir():
            files.append(place)
            continue
        inside = sorted(place.glob(f"*{PUBLIC_SUFFIX}"))
        files += inside
        if not inside:
            fix = "请把可信签名人的 .pub 文件放进去"
            problems.append(Problem("key_none", "文件夹中没有公钥文件", Place(place.as_posix()), fix=fix))
    return files
