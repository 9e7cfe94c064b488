"""Files made for a person, and made again: what is still as it was written is replaced, what somebody edited is not."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

from workbench.base.canon import canonical_json, digest, digest_file
from workbench.base.errors import NotWritten, Place, Problem
from workbench.base.writing import replace_whole, writing

WRITTEN = "files.json"
"""File name, with ``/`` for what stands in a folder of its own → SHA-256 of what was written last; while it is being replaced,
of what may be there: the old file and the new one."""
_CLOSE = "请关闭已打开的文件,或用 --out 另选文件夹"
_AsWritten = Mapping[str, frozenset[str]]


def write_outputs(files: Iterable[tuple[str, bytes]], folder: Path, *, force: bool = False) -> list[Path]:
    """Write files into a folder of their own, and beside them what they were written as.

    Whoever stops this in the middle leaves whole files, old or new, and the next start does not take them for edited ones.

    Raises:
        NotWritten: files were edited since, or are somebody else's (unless ``force``), none of the others is written then; or
            the folder takes none.
    """
    before = _written(folder)
    with _Staged(folder) as staged:
        for name, data in files:
            staged.add(name, data)
        now = {name: frozenset({one}) for name, one in staged.digests.items()}
        either = {name: before.get(name, frozenset()) | own for name, own in now.items()}
        with writing(folder, _CLOSE):
            if not force:
                _keep_theirs(staged.digests, folder, before)
            folder.mkdir(parents=True, exist_ok=True)
            _record(folder, {**before, **either})
            staged.place()
            _record(folder, {**before, **now})
    return [folder / name for name in now]


class _Staged:
    """Files that lie in a folder beside their places until all are there: hundreds of copies with photographs fill no memory."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._stage = folder, folder / f".{os.getpid()}.part"
        self.digests: dict[str, str] = {}

    def __enter__(self) -> _Staged:
        return self

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self._stage, ignore_errors=True)

    def add(self, name: str, data: bytes) -> None:
        """Keep a file until :meth:`place`. Raises NotWritten."""
        with writing(self._folder, _CLOSE):
            self._stage.mkdir(parents=True, exist_ok=True)
            (self._stage / _flat(name)).write_bytes(data)
        self.digests[name] = digest(data)

    def place(self) -> None:
        """Put every file where it belongs, in the place of an older one."""
        for name in self.digests:
            (self._folder / name).parent.mkdir(parents=True, exist_ok=True)
            (self._stage / _flat(name)).replace(self._folder / name)


def _flat(name: str) -> str:
    return digest(name.encode("utf-8"))


def write_once(files: Iterable[tuple[str, bytes]], folder: Path, *, force: bool = False) -> list[Path]:
    """Write files into any folder, where nothing is left beside them; one that is there and says something else is left alone.

    Raises:
        NotWritten: such files, every one named (unless ``force``); or the folder takes none.
    """
    wanted = dict(files)
    with writing(folder, "请用 --out 另选文件夹"):
        if not force:
            _keep_theirs({name: digest(data) for name, data in wanted.items()}, folder, {})
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in wanted.items():
            replace_whole(folder / name, data)
    return [folder / name for name in wanted]


def as_written(folder: Path, names: Iterable[str]) -> bool:
    """Whether all of these files are in a folder just as :func:`write_outputs` left them there."""
    before = _written(folder)
    return all(len(before.get(n, ())) == 1 and _is(folder / n, before[n]) for n in names)


def written_names(folder: Path) -> list[str]:
    """What :func:`write_outputs` has ever left in a folder, be it still there or not."""
    return list(_written(folder))


def _is(path: Path, digests: frozenset[str]) -> bool:
    try:
        return digest_file(path) in digests
    except OSError:
        return False


def _keep_theirs(wanted: Mapping[str, str], folder: Path, ours: _AsWritten) -> None:
    """Raise NotWritten for every file that is there, says something else (its digest) and is not as we left it."""
    there = [name for name, one in wanted.items() if (folder / name).is_file() and digest_file(folder / name) != one]
    theirs = [name for name in there if not _is(folder / name, ours.get(name, frozenset()))]
    if theirs:
        message = "已有同名而内容不同的文件,可能有人改过,没有覆盖"
        fix = "请用 --out 另选文件夹以保留改动,或用 --force 覆盖"
        raise NotWritten(
            Problem("output_edited", message, Place((folder / name).as_posix()), fix=fix) for name in theirs
        )


def _record(folder: Path, written: _AsWritten) -> None:
    told = {name: min(digests) if len(digests) == 1 else sorted(digests) for name, digests in written.items()}
    replace_whole(folder / WRITTEN, canonical_json(told, indent=2))


def _written(folder: Path) -> dict[str, frozenset[str]]:
    """What was written last; nothing where that is not known any more."""
    try:
        content = json.loads((folder / WRITTEN).read_text(encoding="utf-8"))
        return {name: frozenset([told] if isinstance(told, str) else told) for name, told in content.items()}
    except (OSError, ValueError, AttributeError, TypeError):
        return {}
