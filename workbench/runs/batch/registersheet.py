"""A register as somebody keeps it: the sheet that is meant, and the columns wanted of it, each row with what is wrong in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from workbench.base.errors import Place, Problem, ProjectsError
from workbench.base.text import nearest
from workbench.evidence.assemble import build_table
from workbench.evidence.headers import find_header, tidy_title
from workbench.evidence.log import ReadingLog
from workbench.evidence.raw import RawSheet
from workbench.evidence.reader import named, open_book
from workbench.evidence.standard import RESERVED_TITLES
from workbench.evidence.tables import Table
from workbench.scheme.pack import FieldSpec, TableSpec

TITLES = ("项目清单", "项目库")
"""Sheets that are taken before any other."""
ADVICE = "清单的第一行是表头,一行一个项目;请检查表头"


@dataclass
class RegisterSheet:
    """One sheet of a register. Problems with one row are kept apart, so that they stop no other.

    Attributes:
        faults: row number as a spreadsheet shows it → what is wrong in it.
        headers: title of a field that was read → the header as it is written, with its unit.
    """

    raw: RawSheet
    faults: dict[int, list[Problem]]
    headers: dict[str, str] = field(default_factory=dict)

    def present(self, fields: Sequence[FieldSpec]) -> list[FieldSpec]:
        """Those of the fields that the sheet has a column for."""
        header = find_header(self.raw, fields, ReadingLog()) if fields else None
        return [field for field in fields if header is not None and field.name in header.fields]

    def refuse_missing(self, needed: Sequence[FieldSpec], others: Sequence[FieldSpec]) -> None:
        """Raises ProjectsError for each needed column that is not there, with the one that may be meant."""
        header = find_header(self.raw, [*needed, *others], ReadingLog())
        assert header is not None  # the sheet was chosen for its header
        absent = [field for field in needed if field.name not in header.fields]
        titles = [field.title for field in others] + list(header.rest.values())
        problems = []
        for spec in absent:
            near = nearest(tidy_title(spec.title), titles)
            fix = f"是否就是“{near}”?请改表头或模板" if near else "请在清单中加上这一列,或从模板中去掉它"
            place = Place(self.raw.file, self.raw.title, header.body, spec.title)
            problems.append(Problem("missing_header", "清单里没有模板要用的列", place, found=near, fix=fix))
        if problems:
            raise ProjectsError(problems)

    def table(self, name: str, fields: Sequence[FieldSpec]) -> Table:
        """The typed columns of some fields; rows in which all of them are blank are left out.

        Raises:
            ProjectsError: a column is missing or stands there twice, or its unit cannot be converted.
        """
        log = ReadingLog()
        spec = TableSpec(name=name, title=self.raw.title, per="shared", fields=list(fields))
        table = build_table(spec, self.raw, log)
        whole = [p for p in log.errors if p.place.row is None or p.code in _OF_HEADERS]
        if whole:
            raise ProjectsError(whole)
        for problem in log.errors:
            self.faults.setdefault(problem.place.row or 0, []).append(problem)
        self._note_headers(fields)
        return table

    def as_written(self, problem: Problem) -> Problem:
        """The problem, its field called as somebody wrote the header."""
        return problem.at(field=self.headers.get(problem.place.field or "", problem.place.field))

    def _note_headers(self, fields: Sequence[FieldSpec]) -> None:
        header = find_header(self.raw, fields, ReadingLog())
        for spec in fields:
            at = header.fields.get(spec.name) if header is not None else None
            if header is not None and at is not None and at.column < len(row := self.raw.rows[header.body - 1]):
                written = row[at.column]
                if isinstance(written, str) and written.strip():
                    self.headers[spec.title] = " ".join(written.split())


_OF_HEADERS = frozenset({"missing_header", "header_typo", "duplicate_header", "header_unit", "header_not_found"})
"""Problems that name the row of the header."""


def open_register(path: Path, wanted: Sequence[FieldSpec]) -> RegisterSheet:
    """The sheet with most of the wanted columns; one that is called as registers are goes first.

    Raises:
        FileError: the file cannot be read. ProjectsError: no sheet has any of the columns.
    """
    book = open_book(path, named(path))
    titles = [title for title in book.titles() if title not in RESERVED_TITLES]
    titles.sort(key=lambda title: tidy_title(title) not in TITLES)
    found = [RegisterSheet(book.load(title), defaultdict(list)) for title in titles]
    if not found:
        raise ProjectsError(Problem("no_sheet", "清单里没有工作表", Place(named(path)), fix=ADVICE))
    best = max(found, key=lambda sheet: len(sheet.present(wanted)))
    if not best.present(wanted):
        raise ProjectsError(_no_header(best, wanted))
    return best


def _no_header(sheet: RegisterSheet, wanted: Sequence[FieldSpec]) -> Problem:
    log = ReadingLog()
    find_header(sheet.raw, wanted, log)
    found = next((p.found for p in log.errors if p.code == "header_not_found"), None)
    expected = "、".join(field.title for field in wanted[:6])
    place = Place(sheet.raw.file, sheet.raw.title)
    return Problem("header_not_found", "找不到表头", place, found, expected, ADVICE)


def texts_of(table: Table, titles: Mapping[str, str]) -> list[dict[str, str | None]]:
    """Every row's texts by title. ``titles``: field name → title."""
    columns = {title: [_text(table, i, name) for i in range(len(table))] for name, title in titles.items()}
    return [{title: column[i] for title, column in columns.items()} for i in range(len(table))]


def _text(table: Table, i: int, name: str) -> str | None:
    value = table.value(i, name)
    return None if value is None else str(value)
