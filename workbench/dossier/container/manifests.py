"""The manifest as bytes: one way to write it, and no trust in what others wrote."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from typing import Any

from workbench.base.canon import canonical_json
from workbench.base.errors import DossierError, Problem
from workbench.base.models import validated
from workbench.base.yamlio import YamlDocument
from workbench.dossier.container.layout import MANIFEST_NAME, MAX_MANIFEST, MAX_MEMBERS, MAX_SIZE, Member, placed
from workbench.dossier.container.names import member_faults
from workbench.dossier.model import FORMAT, VERSION, Manifest

PLACE = "清单"
ORIGINAL = "请向封存单位索取原件"
"""What to do with a container that is not as it was sealed."""
_ENTRY = b'"crc32":'
"""Stands once for each file: inside a string the quotation mark would be escaped."""
_MAX_VALUES = 16 * MAX_MEMBERS
"""A file takes eight separators. Without a bound, 32 MB of empty lists would become a gigabyte of objects."""


def manifest_bytes(manifest: Manifest, file: str) -> bytes:
    """Canonical bytes of a manifest that may be written. Raises DossierError for everything a reader would refuse."""
    problems = list(_unfit(manifest))
    data = canonical_json(manifest)
    if not problems and len(data) > MAX_MANIFEST:
        problems.append(Problem("manifest_too_large", f"清单超过 {MAX_MANIFEST // 1024**2} MB", fix="请减少文件"))
    _refuse(problems, file)
    return data


def read_manifest(data: bytes, file: str) -> Manifest:
    """The manifest these bytes are.

    Raises:
        DossierError: not canonical JSON (so that no byte of it is free to change), of a newer version, not of the
            declared shape, or with names or numbers of files no container may have.
    """
    values = sum(map(data.count, (b",", b"[", b"{")))
    if data.count(_ENTRY) >= MAX_MEMBERS or values > _MAX_VALUES:
        _refuse([_too_many()], file)
    content = _canonical(data)
    if content is None or content.get("format") != FORMAT or type(content.get("version")) is not int:
        message = "清单已损坏,或不是封存程序写的"
        _refuse([Problem("manifest_malformed", message, fix=ORIGINAL)], file)
    _refuse(list(_newer(content["version"])), file)
    manifest = validated(Manifest, content, YamlDocument(content, file), DossierError, PLACE)
    _refuse(list(_unfit(manifest)), file)
    return manifest


def members_of(manifest: Manifest, data: bytes) -> list[Member]:
    """Manifest and files where they lie; ``data`` is the manifest's bytes."""
    files = ((e.path, e.size, int(e.crc32, 16)) for e in manifest.files)
    return list(placed([(MANIFEST_NAME, len(data), zlib.crc32(data)), *files]))


def _canonical(data: bytes) -> Any:
    """The object these bytes are the canonical JSON of, or None."""
    try:
        content = json.loads(data.decode())
        same = isinstance(content, dict) and canonical_json(content) == data
    except (ValueError, RecursionError):
        return None
    return content if same else None


def _newer(version: int) -> Iterator[Problem]:
    if version > VERSION:
        fix = "请升级 workbench 后再打开"
        yield Problem("newer_dossier", "由更新版本的程序封存", found=str(version), expected=f"≤{VERSION}", fix=fix)


def _unfit(manifest: Manifest) -> Iterator[Problem]:
    if len(manifest.files) >= MAX_MEMBERS:
        yield _too_many()
        return
    for name, fault in member_faults([e.path for e in manifest.files]):
        yield Problem("bad_name", f"文件的{fault}", found=name, fix="请改名后重新封存;收到的档案有此问题则不可信")
    if sum(e.size for e in manifest.files) > MAX_SIZE:
        yield too_large()


def _too_many() -> Problem:
    fix = "请把零散文件先打包成一个文件再封存;收到的档案有此问题则不可信"
    return Problem("too_many_members", f"文件太多,超过{MAX_MEMBERS:,}个", fix=fix)


def too_large() -> Problem:
    """The container would be larger than a plain zip can be."""
    fix = "请去掉不必归档的大文件(如录像),另行保存,并在目录中说明"
    return Problem("dossier_too_large", "文件合计超过 4 GB", fix=fix)


def _refuse(problems: list[Problem], file: str) -> None:
    if problems:
        raise DossierError([p.at(file=file, key=PLACE) for p in problems])
