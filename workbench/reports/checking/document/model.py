"""A document without its format: paragraphs and tables in order, merged cells resolved, each with a place people can find."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from workbench.base.errors import shorten

WORDS = 24
"""Characters of a paragraph that are quoted to find it again."""
_TELLS = re.compile(r"[。；;](?!\s*$)|^(?!.*(?:表|如下|单位)).*[。；;]\s*$")
"""A sentence that neither names a table nor leads up to one."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where something stands: a paragraph, or a table (and a cell of it). Numbers count from 1 as a reader counts.

    Attributes:
        part: ``paragraph``, ``table``, or ``margin`` (a header or footer).
        title: the table's caption, or the words of the paragraph.
        column: the words over the column where there are some, else its number.
    """

    part: str
    number: int
    title: str = ""
    row: int | None = None
    column: str = ""

    def __str__(self) -> str:
        title = shorten(self.title, WORDS) if self.title else ""
        if self.part == "margin":
            return f"页眉或页脚“{title}”"
        if self.part == "paragraph":
            return f"第{self.number}段“{title}”"
        cell = (f"第{self.row}行" if self.row else "") + (f"“{shorten(self.column, WORDS)}”列" if self.column else "")
        return f"第{self.number}张表{f'({title})' if title else ''}{cell}"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph with text in it.

    Attributes:
        number: counted over the paragraphs with text outside tables, from 1.
        order: its place among all paragraphs and tables.
        listed: (list, level) of Word's automatic numbering, whose numbers are not part of the text.
        contents: an entry of the table of contents, which ends with a page number.
        margin: of a header or footer; these are numbered after all others.
    """

    text: str
    number: int
    order: int
    listed: tuple[str, int] | None = None
    contents: bool = False
    margin: bool = False

    @property
    def spot(self) -> Spot:
        """Where it is."""
        return Spot("margin" if self.margin else "paragraph", self.number, self.text.strip())


@dataclass(frozen=True, slots=True)
class Cell:
    """A field of the grid; fields of one merged cell share their ``origin`` (row, column of its first field, from 0)."""

    text: str
    origin: tuple[int, int]


@dataclass(frozen=True)
class Table:
    """A table as a full grid: every row has as many fields as the widest.

    Attributes:
        before: the paragraph above it, nearest with text, where no other table stands between; its caption unless that tells something.
        apart: whether text stands between this table and the one before it.
        later: parts of the table after a page's end: the row each begins with, the part, and its header rows left out.
    """

    rows: Sequence[Sequence[Cell]]
    number: int
    order: int
    before: str = ""
    apart: bool = True
    later: Sequence[tuple[int, Table, int]] = ()

    @property
    def width(self) -> int:
        """Columns of the grid."""
        return len(self.rows[0]) if self.rows else 0

    def spot(self, row: int | None = None, column: str = "") -> Spot:
        """The place of the table, of a row (from 0), of a cell."""
        for begins, part, skipped in reversed(self.later):
            if row is not None and row >= begins:
                return part.spot(row - begins + skipped, column)
        caption = "" if _TELLS.search(self.before) else self.before
        return Spot("table", self.number, caption, None if row is None else row + 1, column)


@dataclass(frozen=True)
class Document:
    """What was read out of a file."""

    paragraphs: Sequence[Paragraph]
    tables: Sequence[Table]
