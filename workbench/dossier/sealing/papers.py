"""Papers: the files handed in for the checklist, each looked at before anything is sealed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath

from workbench.base.errors import DocumentsError, Place, Problem
from workbench.base.filenames import folded
from workbench.base.sealing import ENCRYPTED
from workbench.base.text import nearest
from workbench.dossier.container.names import member_fault
from workbench.dossier.model import FOLDERS, Group
from workbench.dossier.sealing.checklist import declared as checklist_items
from workbench.dossier.sealing.documents import Declared

_GROUP_FOLDERS: dict[Group, str] = {group: folder for folder, group in FOLDERS.items()}
_DOUBTFUL = re.compile(r"[^\w.()()、,\- ]+")


@dataclass(frozen=True)
class Paper:
    """One file handed in for an item, and its path in the container."""

    item: str
    path: Path
    member: str
    confidential: bool
    place: Place


def papers(given: Declared) -> list[Paper]:
    """The files handed in, in the order of the checklist.

    Raises:
        DocumentsError: every file that is not there, is empty, lies outside the folder, or has a name no container may have.
    """
    found: list[Paper] = []
    problems: list[Problem] = []
    for item in checklist_items():
        document = given.documents.items.get(item.code)
        for n, name in enumerate(document.files if document is not None else ()):
            place = given.place(f"items.{item.code}.files[{n}]")
            confidential = document is not None and document.confidential
            path = given.folder / name
            member = f"{_GROUP_FOLDERS[item.group]}/documents/{item.code}/{path.name}"
            paper = Paper(item.code, path, member + ENCRYPTED * confidential, confidential, place)
            fault = _misplaced(name, path, given.folder) or _misnamed(paper)
            if fault is None:
                found.append(paper)
            else:
                problems.append(fault.at(file=place.file, key=place.key, line=place.line))
    problems += _twins(found)
    if problems:
        raise DocumentsError(problems)
    return found


def _misplaced(name: str, path: Path, folder: Path) -> Problem | None:
    """What is wrong with where a file is said to lie."""
    inside = "请把资料放到归档资料文件所在的文件夹之内,写相对路径"
    if PurePosixPath(name).is_absolute() or PureWindowsPath(name).drive:
        return Problem("path_absolute", "归档资料不能用绝对路径", found=name, fix=inside)
    try:
        if not path.resolve().is_relative_to(folder.resolve()):
            return Problem("path_outside", "归档资料在文件夹之外(或是指向外面的链接)", found=name, fix=inside)
        if path.is_file():
            fix = "请核对是否保存完整"
            return None if path.stat().st_size else Problem("file_empty", "归档资料是空文件", found=name, fix=fix)
        what = "这是文件夹,请逐个写明文件" if path.is_dir() else "归档资料不在原处"
        return Problem("file_missing", what, found=name, fix=_nearby(path))
    except (OSError, ValueError, RuntimeError):  # too long, a NUL, symbolic links in a circle
        return Problem("path_invalid", "归档资料的路径无法使用", found=name, fix="请检查路径")


def _nearby(path: Path) -> str:
    near = nearest(path.name, [p.name for p in path.parent.iterdir()]) if path.parent.is_dir() else None
    start = "路径以归档资料文件所在的文件夹为起点,各级之间用“/”"
    return f"是否想写“{near}”?{start}" if near and near != path.name else start


def _misnamed(paper: Paper) -> Problem | None:
    fault = member_fault(paper.member)
    if fault is None:
        return None
    fix = f"请改名,如“{_plainer(paper.path)}”"
    return Problem("bad_name", f"归档资料的{fault}", found=paper.path.name, fix=fix)


def _plainer(path: Path) -> str:
    """A name without what was found wrong, as a suggestion."""
    stem, ending = _DOUBTFUL.sub("_", path.stem)[:40].strip(" ._"), _DOUBTFUL.sub("", path.suffix).rstrip(" .")
    name = f"{stem}{ending}"
    return name if stem and member_fault(f"proof/{name}") is None else f"资料{ending}"


def _twins(found: list[Paper]) -> Iterator[Problem]:
    """Files whose names some system takes for one."""
    seen: dict[str, Paper] = {}
    for paper in found:
        first = seen.setdefault(folded(paper.member), paper)
        if first is not paper:
            message = f"同一项里有两份同名资料(另一份在第{first.place.line}行;不分大小写)"
            place = paper.place
            yield Problem("same_name", message, place, paper.path.name, fix="请把其中一份改名,重复的请删去一处")
