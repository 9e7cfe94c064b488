"""A dossier that somebody unzipped and zipped again is refused; here it is worked out what else became of it meanwhile.

The one place that reads a zip no program of ours wrote. It reads names and contents within the limits below, writes nothing,
and believes nothing: a repacked dossier is refused whatever is found.
"""

from __future__ import annotations

import hashlib
import os
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from workbench.base.errors import Problem, shorten
from workbench.dossier.container.layout import (
    END_SIZE,
    MANIFEST_NAME,
    MAX_MANIFEST,
    MAX_MEMBERS,
    SIGNATURE_FOLDER,
    end_in,
)
from workbench.dossier.container.manifests import ORIGINAL, read_manifest
from workbench.dossier.container.recognition import HEAD
from workbench.dossier.model import FileEntry, Manifest

_MAX_DIRECTORY = 4 * 1024**2
_MAX_CONTENT = 1024**3
"""Bytes unpacked at most, whatever the zip claims."""
_LOCATOR, _LOCATOR_SIZE = b"PK\6\7", 20
"""Of a ZIP64 directory, whose size the end record does not bound."""
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_BLOCK = 256 * 1024
_DOUBTFUL = ("repacked", "not_a_dossier")


def explained(path: Path, problems: Sequence[Problem]) -> list[Problem]:
    """The problems of a file that could not be opened; of a repacked dossier, which files lack, are extra or say something else."""
    if not any(p.code in _DOUBTFUL for p in problems):
        return list(problems)
    try:
        found = _differences(path)
    except Exception:  # a foreign zip can make a parser raise anything; then there is nothing to add
        found = None
    if found is None:
        return list(problems)
    what = f"其中有{len(found)}处与清单不符" if found else "各文件与其中的清单相符"
    fix = f"重新压缩的不能作为评价档案,{ORIGINAL}"
    head = Problem("repacked", f"这是解压以后重新压缩的档案,{what}", fix=fix).at(key=HEAD)
    return [p.at(file=path.name) for p in (head, *found)]


def _differences(path: Path) -> list[Problem] | None:
    """What differs from the manifest inside; None where there is none, or the zip is beyond the limits."""
    if not _bounded(path):
        return None
    with zipfile.ZipFile(path) as archive:
        infos = [i for i in archive.infolist() if not i.is_dir()]
        tops = [i for i in infos if i.filename.split("/")[-1] == MANIFEST_NAME and i.filename.count("/") <= 1]
        if len(infos) > MAX_MEMBERS or len(tops) != 1 or any(i.compress_type not in _METHODS for i in infos):
            return None
        data = b"".join(_blocks(archive, tops[0], MAX_MANIFEST))
        manifest = read_manifest(data, path.name)
        if sum(e.size for e in manifest.files) > _MAX_CONTENT:
            return None
        folder = tops[0].filename.removesuffix(MANIFEST_NAME)
        return list(_compared(archive, infos, manifest, folder))


def _bounded(path: Path) -> bool:
    """Whether the directory is small enough to be read as a whole."""
    with path.open("rb") as stream:
        size = stream.seek(0, os.SEEK_END)
        stream.seek(max(0, size - END_SIZE - _LOCATOR_SIZE))
        tail = stream.read()
    end = end_in(tail[-END_SIZE:])
    return end is not None and end.size <= _MAX_DIRECTORY and not tail.startswith(_LOCATOR)


def _compared(
    archive: zipfile.ZipFile, infos: Sequence[zipfile.ZipInfo], manifest: Manifest, folder: str
) -> Iterator[Problem]:
    there = {i.filename: i for i in infos}
    for entry in manifest.files:
        info = there.pop(folder + entry.path, None)
        if info is None:
            yield Problem("repacked_lacking", "清单中的这个文件被去掉了").at(key=entry.path)
        elif not _same(archive, info, entry):
            yield Problem("repacked_changed", "文件内容与清单不符").at(key=entry.path)
    for name in there:
        if name != folder + MANIFEST_NAME and not name.startswith(f"{folder}{SIGNATURE_FOLDER}/"):
            yield Problem("repacked_extra", "清单中没有这个文件").at(key=shorten(name))


def _same(archive: zipfile.ZipFile, info: zipfile.ZipInfo, entry: FileEntry) -> bool:
    """Whether a member has the content the manifest says; one that cannot be unpacked has not."""
    if info.file_size != entry.size:
        return False
    sha256 = hashlib.sha256()
    try:
        for block in _blocks(archive, info, entry.size):
            sha256.update(block)
    except zipfile.BadZipFile:
        return False
    return sha256.hexdigest() == entry.sha256


def _blocks(archive: zipfile.ZipFile, info: zipfile.ZipInfo, limit: int) -> Iterator[bytes]:
    """The content of a member, never more than ``limit`` bytes. Raises BadZipFile for a longer or damaged one."""
    done = 0
    with archive.open(info) as stream:
        while block := stream.read(_BLOCK):
            done += len(block)
            if done > limit:
                raise zipfile.BadZipFile
            yield block
