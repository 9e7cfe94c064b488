"""What a signature algorithm is, and the one that is built in: Ed25519 (RFC 8032)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True)
class SignatureAlgorithm:
    """A named, versioned way to sign; keys and signatures are bytes of the algorithm's own shape.

    ``generate()`` makes a new private key from the system's random source; ``public(private)`` gives the key others check
    with; ``sign(private, message)`` gives a signature; ``verify(public, message, signature)`` says whether it is one, and
    answers False to bytes that are no key or no signature.
    """

    name: str
    version: str
    title: str
    generate: Callable[[], bytes]
    public: Callable[[bytes], bytes]
    sign: Callable[[bytes, bytes], bytes]
    verify: Callable[[bytes, bytes, bytes], bool]
    distribution: str


def _generate() -> bytes:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return Ed25519PrivateKey.generate().private_bytes_raw()


def _public(private: bytes) -> bytes:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return Ed25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


def _sign(private: bytes, message: bytes) -> bytes:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return Ed25519PrivateKey.from_private_bytes(private).sign(message)


def _verify(public: bytes, message: bytes, signature: bytes) -> bool:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


ED25519 = SignatureAlgorithm(
    name="ed25519",
    version="1.0.0",
    title="Ed25519(RFC 8032)",
    generate=_generate,
    public=_public,
    sign=_sign,
    verify=_verify,
    distribution="workbench",
)
"""Private key: the 32 bytes of RFC 8032's seed; public key 32 bytes, signature 64."""

BUILT_IN: Mapping[str, SignatureAlgorithm] = MappingProxyType({ED25519.name: ED25519})
"""The algorithms a program knows that has loaded no plugins."""
