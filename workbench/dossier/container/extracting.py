"""Taking files out of a dossier into a folder somebody else may have prepared."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from workbench.base.errors import DossierError, Problem
from workbench.base.text import reason
from workbench.dossier.container.layout import BLOCK
from workbench.dossier.container.sources import Source
from workbench.dossier.model import FileEntry


def extract(into: Path, wanted: Sequence[tuple[FileEntry, Source]], dossier: str) -> None:
    """Write files at their paths under ``into``; the paths are those of a checked manifest.

    Raises:
        DossierError: a path is taken or leads elsewhere, the disk refuses, or a content is not what the manifest says. Then
            everything that was made is removed again.
    """
    made: list[Path] = []
    safe: set[Path] = set()
    at = ""
    try:
        for folder in reversed([p for p in (into, *into.parents) if not p.exists()]):
            folder.mkdir()
            made.append(folder)
        root = into.resolve()
        for entry, source in wanted:
            at = entry.path
            target = root / at
            for folder in [root / p for p in reversed(target.relative_to(root).parents)]:
                if folder not in safe:
                    _enter(folder, made)
                    safe.add(folder)
            _write(entry, source, target, made)
    except BaseException as error:
        _forget(made)
        if isinstance(error, OSError):
            message = f"文件取不出来({reason(error)})"
            problem = Problem("not_extracted", message, fix="请换一个空文件夹,并检查权限和空间")
            raise DossierError(problem.at(file=dossier, key=at or None)) from None
        if isinstance(error, DossierError):
            raise DossierError([p.at(file=dossier, key=at or None) for p in error.problems]) from None
        raise


def _enter(folder: Path, made: list[Path]) -> None:
    """Make a folder unless it is there. A link or junction that was there before is not gone through."""
    if not folder.exists():
        folder.mkdir()
        made.append(folder)
    elif folder.resolve() != folder:
        raise DossierError(Problem("path_outside", "目标文件夹中有链接,不写入", fix="请换一个空文件夹"))


def _write(entry: FileEntry, source: Source, target: Path, made: list[Path]) -> None:
    seen, left = hashlib.sha256(), entry.size
    with source.open() as stream, target.open("xb") as out:  # x: neither overwrites nor follows a link
        made.append(target)
        while left and (block := stream.read(min(BLOCK, left))):
            seen.update(block)
            out.write(block)
            left -= len(block)
    if left or seen.hexdigest() != entry.sha256:
        raise DossierError(Problem("member_changed", "文件内容与清单不符", fix="请向封存单位索取原件"))


def _forget(made: list[Path]) -> None:
    for path in reversed(made):
        with suppress(OSError):
            if path.is_dir():
                path.rmdir()
            else:
                path.unlink()
