"""A ``.key`` file: the public half in clear, the private half in a box that only the passphrase opens.

One JSON file. Both secrets, the signature algorithm's private key and the age identity, are encrypted together by
ChaCha20-Poly1305 (RFC 8439); its key comes from the passphrase by scrypt (RFC 7914), so that guessing is slow. The fields in
clear are authenticated with them: nobody can change the name or the recipient of a key file unnoticed.
"""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from workbench.base.canon import canonical_json
from workbench.base.errors import KeyFileError, Place, Problem
from workbench.base.models import Model
from workbench.base.signatures import BUILT_IN, SignatureAlgorithm
from workbench.dossier.trust.keys import (
    KEY_FORMAT,
    Base64,
    PublicKey,
    SigningKey,
    algorithm_of,
    packed,
    read_model,
    statement,
    unpacked,
)

LOG_N = 17
"""scrypt's cost N = 2^17 (128 MiB, some tenths of a second), r = 8, p = 1: OWASP Password Storage Cheat Sheet."""
_BLOCK, _LANES = 8, 1
_SALT, _NONCE, _KEY = 16, 12, 32


class LockedKey(Model):
    """The content of a ``.key`` file. ``log_n`` is bounded, so that a doctored file cannot eat the memory."""

    format: Literal["workbench-key"] = KEY_FORMAT
    version: Literal[1] = 1
    public: PublicKey
    kdf: Literal["scrypt"] = "scrypt"
    log_n: Annotated[int, Field(ge=14, le=20)]
    salt: Base64
    cipher: Literal["chacha20-poly1305"] = "chacha20-poly1305"
    nonce: Base64
    secret: Base64


class _Secret(Model):
    private_key: Base64
    identity: str


def locked(key: SigningKey, passphrase: str) -> bytes:
    """The ``.key`` file of a key. Salt and nonce are fresh each time. Raises KeyFileError for an empty passphrase."""
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    if not passphrase.strip():
        raise KeyFileError(Problem("passphrase_empty", "口令不能为空", fix="请用几个不相干的词"))
    salt, nonce = os.urandom(_SALT), os.urandom(_NONCE)
    open_part = LockedKey(public=key.public, log_n=LOG_N, salt=packed(salt), nonce=packed(nonce), secret="")
    secret = canonical_json(_Secret(private_key=packed(key.private), identity=key.identity))
    box = ChaCha20Poly1305(_derived(passphrase, salt, LOG_N))
    sealed = box.encrypt(nonce, secret, statement(open_part, "secret"))
    return canonical_json(open_part.model_copy(update={"secret": packed(sealed)}), indent=2)


def read_locked(file: Path) -> LockedKey:
    """A ``.key`` file, still locked. Raises KeyFileError saying what the file is instead."""
    return read_model(file, LockedKey, KEY_FORMAT)


def unlocked(
    found: LockedKey, passphrase: str, file: Path, algorithms: Mapping[str, SignatureAlgorithm] = BUILT_IN
) -> SigningKey:
    """The key in the box; ``file`` is where it came from, for messages.

    Raises:
        KeyFileError: wrong passphrase or a changed file (the two cannot be told apart), or an algorithm unknown here.
    """
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    algorithm = algorithm_of(found.public, algorithms, file)
    try:
        box = ChaCha20Poly1305(_derived(passphrase, unpacked(found.salt), found.log_n))
        secret = box.decrypt(unpacked(found.nonce), unpacked(found.secret), statement(found, "secret"))
    except (InvalidTag, ValueError):
        fix = "请检查大小写和输入法;口令忘记了无法找回,只能另做密钥"
        message = "口令不对,或密钥文件已被改动"
        raise KeyFileError(Problem("passphrase_wrong", message, Place(file.as_posix()), fix=fix)) from None
    inner = _Secret.model_validate_json(secret)
    return SigningKey(found.public, algorithm, unpacked(inner.private_key), inner.identity)


def _derived(passphrase: str, salt: bytes, log_n: int) -> bytes:
    """The key of the box. The same characters give the same key however a keyboard composes them (RFC 8265: NFC)."""
    from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

    text = unicodedata.normalize("NFC", passphrase).encode(errors="surrogatepass")
    return Scrypt(salt=salt, length=_KEY, n=1 << log_n, r=_BLOCK, p=_LANES).derive(text)
