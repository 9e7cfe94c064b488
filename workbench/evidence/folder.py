"""A folder of table files: each .csv or .parquet file is one sheet, titled by its file name."""

from __future__ import annotations

from pathlib import Path

from workbench.base.errors import FileError, Place, Problem
from workbench.evidence.csvfile import read_csv
from workbench.evidence.parquet import read_parquet
from workbench.evidence.raw import RawSheet, describe, file_error
from workbench.evidence.tablefiles import table_files
from workbench.evidence.tables import SourceFile

_READERS = {".csv": read_csv, ".parquet": read_parquet}


class FolderBook:
    """The table files of one folder (not of its subfolders), or one such file alone."""

    what = "文件"

    def __init__(self, path: Path, name: str) -> None:
        self.file = name
        single = path.is_file()
        self._paths = [path] if single else table_files(path)
        outside = [p.name for p in self._paths if not single and not p.resolve().is_relative_to(path.resolve())]
        if outside:
            raise FileError(_outside(name, title) for title in outside)
        self._names = {p.stem: name if single else f"{name.rstrip('/')}/{p.name}" for p in self._paths}
        stems = [p.stem for p in self._paths]
        doubled = sorted({s for s in stems if stems.count(s) > 1})
        if doubled:
            raise FileError(_doubled(name, stem) for stem in doubled)
        if not self._paths:
            raise file_error(
                "folder_empty", "文件夹里没有 .csv 或 .parquet 文件", name, "每张表存成一个文件,文件名为表名"
            )

    def titles(self) -> list[str]:
        """Names of the files without their ending, sorted."""
        return [p.stem for p in self._paths]

    def load(self, title: str) -> RawSheet:
        """One file as a sheet. Raises FileError."""
        path = self._path(title)
        describe(path, self._names[title])
        return _READERS[path.suffix.lower()](path, self._names[title], title)

    def source(self, title: str) -> tuple[SourceFile, Path]:
        """The file of one sheet."""
        path = self._path(title)
        return describe(path, self._names[title]), path

    def _path(self, title: str) -> Path:
        return next(p for p in self._paths if p.stem == title)


def _doubled(folder: str, stem: str) -> Problem:
    return Problem(
        "duplicate_source",
        f"同一张表“{stem}”有两个文件",
        Place(folder),
        found=stem,
        fix="请只保留 .csv 或 .parquet 中的一个",
    )


def _outside(folder: str, title: str) -> Problem:
    fix = "请把文件本身放进文件夹"
    return Problem("path_outside", f"“{title}”是指向文件夹之外的链接", Place(f"{folder.rstrip('/')}/{title}"), fix=fix)
