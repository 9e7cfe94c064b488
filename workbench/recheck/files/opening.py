"""The one way from a file to grids, whatever program made it and whatever its name claims."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from workbench.base.errors import Problem
from workbench.recheck.files.grid import Grid
from workbench.recheck.files.kinds import Kind, kind_of, unreadable
from workbench.recheck.files.refusing import SAVE_AS_XLSX, notice, refused


@dataclass(frozen=True)
class Opened:
    """What a file gave. ``notices`` tell a person about hidden sheets, wrong suffixes, tracked changes."""

    grids: list[Grid]
    notices: tuple[Problem, ...]


def open_grids(path: Path, name: str) -> list[Grid]:
    """The tables of a file that hold anything, in its order. Raises FileError for what cannot or must not be read.

    ``name`` is how messages call the file.
    """
    return open_file(path, name).grids


def open_file(path: Path, name: str) -> Opened:
    """As :func:`open_grids`, with what a person should know. Raises FileError."""
    kind = kind_of(path, name)
    try:
        grids, notices, suffixes = _read(kind, path, name)
    except OSError as error:
        raise unreadable(error, name) from None
    if not grids:
        told = "".join(f"({n.place.sheet}:{n.message})" for n in notices[:3])
        raise refused("file_blank", f"文件里没有任何表格{told}", name, "请核对是否报错了文件", found="没有有内容的表格")
    suffix = PurePosixPath(name).suffix.lower()
    if suffix not in suffixes:
        text = f"后缀是“{suffix}”,内容却是{suffixes[0][1:]},按内容读取"
        notices = [notice("suffix_differs", text, name, f"请把后缀改为{suffixes[0]}"), *notices]
    return Opened(grids, tuple(notices))


def _read(kind: Kind, path: Path, name: str) -> tuple[list[Grid], list[Problem], tuple[str, ...]]:
    """Grids, notices, and the suffixes such a file has."""
    if kind is Kind.PDF:
        from workbench.recheck.files.pdf import read_pdf

        return *read_pdf(path, name), (".pdf",)
    if kind is Kind.COMPOUND:
        from workbench.recheck.files.xls import read_xls

        return *read_xls(path, name), (".xls", ".xlt", ".et", ".ett")
    from workbench.recheck.files.package import open_package

    with open_package(path, name) as package:
        if "wordprocessingml" in package.kind:
            from workbench.recheck.files.docx import read_docx

            return *read_docx(package), (".docx", ".dotx")
        if "spreadsheetml" in package.kind or "ms-excel" in package.kind:
            from workbench.recheck.files.xlsx import read_xlsx

            return *read_xlsx(package), (".xlsx", ".xltx")
        raise refused("file_not_office", "不是 Excel 工作簿,也不是 Word 文档", name, SAVE_AS_XLSX, found=package.kind)
