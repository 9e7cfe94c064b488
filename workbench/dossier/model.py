"""What a dossier (评价档案) says about itself: manifest, checklist, signatures, and what verifying it has found."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import FailFast, Field

from workbench.base.errors import Problem
from workbench.base.models import Model
from workbench.runs.codetable import CodeRef

FORMAT = "workbench-dossier"
VERSION = 1
"""Version of the container and of everything in this module; later programs go on reading earlier ones."""

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Group = Literal["立项性", "证明性", "结论性"]
"""The archive groups of 财监〔2021〕4号 (评价档案)."""
Kind = Literal["评价档案", "工作档案"]
"""工作档案: a mandatory item of the checklist is lacking."""
State = Literal["有", "无", "不适用"]
Verdict = Literal["成立", "不成立", "未核对"]

FOLDERS: dict[str, Group] = {"initiation": "立项性", "proof": "证明性", "conclusion": "结论性"}
"""Folder of a member's path → archive group; names in the container are ASCII wherever the program chooses them."""


class FileEntry(Model):
    """One file of the container. ``path`` is posix, relative, and begins with a folder of :data:`FOLDERS`.

    ``withheld``: the file was sealed for named recipients only (age); ``sha256`` and ``size`` are those of the encrypted
    file, ``plain_sha256`` that of its content.
    """

    path: str
    sha256: Sha256
    size: Annotated[int, Field(ge=0)]
    crc32: Annotated[str, Field(pattern=r"^[0-9a-f]{8}$")]
    title: str
    withheld: bool = False
    plain_sha256: Sha256 | None = None


class CheckItem(Model):
    """One line of the checklist (档案目录). ``reason`` is required for 无 and 不适用; ``files`` are paths in the container."""

    code: str
    title: str
    group: Group
    mandatory: bool
    state: State
    reason: str | None = None
    files: list[str] = []
    clause: str | None = None


class Manifest(Model):
    """``manifest.json``: the first member of the container, canonical JSON; everything else stands in it with its SHA-256.

    ``run`` is the digest of the sealed run, ``ledger_events`` and ``ledger_head`` the end of its ledger (0 and empty without
    a review). ``retain_years`` is the policy's retention; None where the notice and the national default say nothing.
    ``institution`` did the evaluation; None where nobody said.
    """

    format: Literal["workbench-dossier"] = "workbench-dossier"
    version: Literal[1] = 1
    kind: Kind
    evaluation: str
    title: str
    institution: str | None = None
    run: Sha256
    engine: str
    ledger_events: int
    ledger_head: str
    retain_years: int | None
    retain_clause: str | None
    checklist: list[CheckItem]
    files: Annotated[list[FileEntry], FailFast()]  # one fault says enough; 60,000 of them would take half a gigabyte


class Signature(Model):
    """``signatures/<key>.json``: one signer's signature over the manifest. It proves integrity; it is no 主评人签字 or 公章.

    ``key`` is the fingerprint (first 16 hex digits of the SHA-256 of the raw public key), ``signature`` and ``public_key``
    base64. What is signed is the canonical JSON of all other fields.
    """

    algorithm: str
    key: Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]
    signer: str
    role: str | None
    signed_at: str
    manifest_sha256: Sha256
    public_key: str
    signature: str


class Check(Model):
    """One thing verification looked at: what, whether it holds, in one sentence; ``problems`` say where it does not."""

    code: str
    title: str
    verdict: Verdict
    text: str
    problems: list[Problem] = []


class Verification(Model):
    """What verifying a dossier found. ``holds``: no check failed. ``proven`` and ``unproven`` are plain sentences."""

    holds: bool
    manifest: Manifest | None
    checks: list[Check]
    proven: list[str]
    unproven: list[str]
    not_recomputed: list[CodeRef] = []
