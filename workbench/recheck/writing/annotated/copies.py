"""The copies of one batch: which files get one, what it is called, and a list instead where a file takes no comments."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from workbench.base.text import file_stem
from workbench.recheck.files.package import open_package
from workbench.recheck.writing.annotated.remarks import Remark, remarks_of
from workbench.recheck.writing.told import Batch, Told
from workbench.reports.sheets import Column, Sheet, workbook_bytes

FOLDER = "批注"
LIST = "问题清单"
_COLUMNS = (
    *(Column("序号", 6), Column("级别", 6), Column("位置", 20), Column("问题", 22), Column("所写", 26)),
    *(Column("应为", 26), Column("说明", 50), Column("建议", 30), Column("依据", 26)),
)


@dataclass(frozen=True)
class Copy:
    """A copy to be made, alone in a process if need be.

    Attributes:
        name: of the copy, without suffix; file: what the original is called; path: where it is.
    """

    name: str
    file: str
    path: Path
    remarks: tuple[Remark, ...]


def copies(batch: Batch, paths: Mapping[str, Path]) -> Iterator[Copy]:
    """One for each file with findings, numbered by its first form, so that files of one name in several folders do not meet.

    Args:
        paths: where files are, by the names the forms have them under.
    """
    files: dict[str, list[Told]] = {}
    for told in batch.forms:
        files.setdefault(told.form.file, []).append(told)
    for file, forms in files.items():
        remarks = remarks_of(batch, forms)
        if remarks and file in paths:
            name = f"{forms[0].number:04}-{file_stem(PurePosixPath(file).stem)}"
            yield Copy(name, file, paths[file], remarks)


def annotate(copy: Copy) -> tuple[str, bytes]:
    """File name and bytes of the copy; a list of the remarks for a file that takes no comments (xls, PDF) or can no longer be read."""
    try:
        kind = _kind(copy.path)
        if "spreadsheetml" in kind:
            from workbench.recheck.writing.annotated.workbook import annotated_workbook

            return f"{FOLDER}/{copy.name}.xlsx", annotated_workbook(copy.path, copy.remarks)
        if "wordprocessingml" in kind:
            from workbench.recheck.writing.annotated.document import annotated_document

            return f"{FOLDER}/{copy.name}.docx", annotated_document(copy.path, copy.remarks)
    except (
        Exception
    ) as error:  # whatever a file made elsewhere does to the libraries: its remarks are told all the same
        return listed(copy, f"原件加不上批注({type(error).__name__}),改列清单")
    return listed(copy, "这种文件(xls、PDF)加不上批注,改列清单")


def listed(copy: Copy, why: str) -> tuple[str, bytes]:
    """The remarks as a workbook of their own, and why."""
    rows = [
        [number, r.severity.value, r.place, r.title, r.found, r.expected, r.message, r.suggestion, r.source]
        for number, r in enumerate(copy.remarks, 1)
    ]
    about = Sheet("说明", (Column("文件", 50), Column("说明", 60)), [[copy.file, why]])
    sheets = [Sheet(LIST, _COLUMNS, rows, fixed=2, across=1), about]
    return f"{FOLDER}/{copy.name}-{LIST}.xlsx", workbook_bytes(copy.file, sheets)


def _kind(path: Path) -> str:
    """The content type of a package, looked at as before reading: nobody knows what became of the file since. Empty for others."""
    if not zipfile.is_zipfile(path):
        return ""
    with open_package(path, path.name) as package:
        return package.kind
