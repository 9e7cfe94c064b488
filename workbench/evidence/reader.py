"""Evidence in: one workbook or folder read into typed tables, with every problem at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

import numpy as np

from workbench.base.errors import Place, Problem, WorkbenchError
from workbench.base.text import nearest
from workbench.evidence.assemble import (
    build_table,
    link_subjects,
    refuse_duplicate_subjects,
    refuse_duplicates,
    refuse_odd_subjects,
)
from workbench.evidence.headers import tidy_title
from workbench.evidence.log import ReadingLog
from workbench.evidence.raw import RawBook, file_error
from workbench.evidence.register import Attachments, read_cap_facts, read_proofs, read_waivers
from workbench.evidence.standard import (
    CAP_FACTS,
    REGISTER,
    RESERVED_TITLES,
    ROLES,
    WAIVERS,
    indicator_spec,
    subjects_spec,
)
from workbench.evidence.tablefiles import ENDINGS
from workbench.evidence.tables import Evidence, SourceFile, Table, empty_table
from workbench.scheme.pack import FieldSpec, IndicatorSheet, TableSpec


def read_evidence(
    path: Path,
    tables: Sequence[TableSpec],
    *,
    subject_fields: Sequence[FieldSpec] = (),
    indicator_sheet: bool | IndicatorSheet = False,
    name: str | None = None,
    attested: Mapping[str, SourceFile] | None = None,
) -> Evidence:
    """Reads an .xlsx workbook, or a folder of .csv and .parquet files, into typed evidence.

    Args:
        path: the workbook or folder.
        tables: the pack's tables; the standard sheets are added.
        subject_fields: the pack's own fields of the 评价对象 sheet.
        indicator_sheet: whether a 绩效指标 sheet is read, or the pack's declaration of it (for its title). It is then
            ``Evidence.tables["indicators"]``.
        name: what to call the file in places and messages; the path as given when None.
        attested: attachments that are not there, whose digests have been checked elsewhere; by path.

    Returns:
        Typed tables; optional sheets that are absent are tables without rows.

    Raises:
        FileError: the file is missing, encrypted, truncated, too large or not what it says.
        EvidenceError: with every problem found in the content.
    """
    file = name or named(path)
    book = open_book(path, file)
    indicators = indicator_spec(indicator_sheet if isinstance(indicator_sheet, IndicatorSheet) else None)
    wanted = [*tables, indicators] if indicator_sheet else list(tables)
    return _Reading(book, path, attested).run(subjects_spec(subject_fields), wanted)


def read_sheets(path: Path, specs: Sequence[TableSpec], advice: str, raising: type[WorkbenchError]) -> Sheets:
    """Reads declared sheets of a workbook that is no evidence of one evaluation: a register, a check sheet.

    Args:
        path: an .xlsx workbook, or a folder of .csv and .parquet files.
        specs: shared tables; one that is not required may be absent and is then without rows.
        advice: what to do when a sheet or its header is not there.
        raising: what to raise with the problems in the content.

    Raises:
        FileError: the file cannot be read. ``raising``: with every problem found in the content.
    """
    found = _Reading(open_book(path, named(path)), path)
    sheets = found.sheets(specs)
    if found.log.errors:
        raise raising(_advised(p, advice) for p in found.log.errors)
    return sheets


def named(path: Path) -> str:
    """What to call a file in messages: as given, but no folders of this machine."""
    return path.name if path.is_absolute() else path.as_posix()


def open_book(path: Path, file: str) -> RawBook:
    """A workbook, or a folder of table files, checked; ``file`` names it in places. Raises FileError."""
    from workbench.evidence.folder import FolderBook
    from workbench.evidence.xlsx import XlsxBook

    if path.is_dir() or path.suffix.lower() in ENDINGS:
        return FolderBook(path, file)
    if not path.exists():
        raise file_error("file_missing", "文件不存在", file, "请检查路径和文件名")
    return XlsxBook(path, file)


@dataclass(frozen=True)
class Sheets:
    """Tables by name as read, the files they came from, and the conversions and warnings."""

    tables: dict[str, Table]
    files: list[SourceFile]
    notes: list[Problem]


class _Reading:
    """One pass over a book: which sheet is which table, then table after table."""

    def __init__(self, book: RawBook, path: Path, attested: Mapping[str, SourceFile] | None = None) -> None:
        self.book, self.log, self.attested = book, ReadingLog(), attested or {}
        self.folder = path if path.is_dir() else path.parent
        named = PurePosixPath(book.file)
        self.base = named if path.is_dir() else named.parent
        self.files: dict[str, SourceFile] = {}

    def run(self, subjects: TableSpec, wanted: list[TableSpec]) -> Evidence:
        specs = [subjects, *wanted, REGISTER, WAIVERS, CAP_FACTS]
        sheets = self._match(specs)
        people = self._table(subjects, sheets)
        refuse_duplicate_subjects(people, self.log)
        refuse_odd_subjects(people, self.log)
        _fill_roles(people)
        self._refuse_no_subjects(people, sheets)
        read = {s.name: link_subjects(self._table(s, sheets), people, self.log) for s in [*wanted, REGISTER, WAIVERS]}
        facts = read_cap_facts(self._table(CAP_FACTS, sheets), people, self.log)
        attachments = Attachments(self.folder, self.base, self.attested)
        proofs = read_proofs(read.pop(REGISTER.name), attachments, self.log)
        waivers = read_waivers(read.pop(WAIVERS.name))
        self.log.raise_errors()
        files = [*self.files.values(), *attachments.files.values()]
        return Evidence(people, read, proofs, waivers, facts, files, self.log.notes)

    def sheets(self, specs: Sequence[TableSpec]) -> Sheets:
        """Shared tables alone, without subjects and the sheets that belong to them."""
        found = self._match(list(specs))
        tables = {s.name: self._table(s, found) for s in specs}
        for table in tables.values():
            refuse_duplicates(table, self.log)
        return Sheets(tables, list(self.files.values()), self.log.notes)

    def _match(self, specs: list[TableSpec]) -> dict[str, str]:
        """Table name -> sheet title. Absent required sheets and sheets nobody asked for are told."""
        titles = self.book.titles()
        found: dict[str, str] = {}
        for spec in specs:
            known = (tidy_title(spec.title), spec.name)
            hit = next((t for t in titles if tidy_title(t) in known and t not in found.values()), None)
            if hit is not None:
                found[spec.name] = hit
        spare = [t for t in titles if t not in found.values() and t not in RESERVED_TITLES]
        absent = [s for s in specs if s.name not in found]
        for spec in absent:
            if spec.required:
                self.log.add(self._missing_sheet(spec, spare))
        for title in spare:
            near = nearest(title, [s.title for s in absent])
            fix = f"是否就是“{near}”?请改名" if near else "如不需要可不理会"
            text = f"{self.book.what}不在模板里,没有读取"
            self.log.add(Problem("unknown_sheet", text, Place(self.book.file, title), fix=fix, severity="warning"))
        return found

    def _missing_sheet(self, spec: TableSpec, spare: list[str]) -> Problem:
        near = nearest(spec.title, spare)
        fix = f"“{near}”是否就是它?请改名为“{spec.title}”" if near else "请用 workbench template 生成的模板填写"
        text = f"缺少{self.book.what}“{spec.title}”"
        return Problem("missing_sheet", text, Place(self.book.file, spec.title), found=near, fix=fix)

    def _table(self, spec: TableSpec, sheets: dict[str, str]) -> Table:
        title = sheets.get(spec.name)
        if title is None:
            return empty_table(spec, self.book.file)
        source, _ = self.book.source(title)
        self.files[source.path] = source
        return build_table(spec, self.book.load(title), self.log)

    def _refuse_no_subjects(self, people: Table, sheets: dict[str, str]) -> None:
        if people.spec.name in sheets and people.letters and not len(people):
            place = Place(self.book.file, people.sheet)
            self.log.add(Problem("no_subjects", "没有评价对象", place, fix="请至少填写一行对象编号和对象名称"))
        elif len(people) and set(people.texts("role")) == {ROLES[1]}:
            place = Place(self.book.file, people.sheet, field=people.field_spec("role").title)
            fix = "参照只用于比较;请把要评价的对象的类型改为“评价对象”或留空"
            self.log.add(Problem("no_subjects", "没有评价对象,只有参照", place, found=ROLES[1], fix=fix))


def _advised(problem: Problem, advice: str) -> Problem:
    """The template these two point to is that of an evaluation's evidence."""
    pointing = problem.code == "header_not_found" or (problem.code == "missing_sheet" and problem.found is None)
    return replace(problem, fix=advice) if pointing else problem


def _fill_roles(people: Table) -> None:
    """A subject without a role is one to be judged."""
    roles = np.array([ROLES[0] if r is None else r for r in people.texts("role")], dtype=object)
    people.columns["role"] = roles
