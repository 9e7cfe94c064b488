"""A table as notebooks and pages show it: texts under Chinese headers, as safe HTML or as a pandas frame."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import pandas as pd

RowKind = Literal["plain", "subtotal", "total"]

# Only what looks the same on a light and on a dark page: inherited ink, half-transparent greys. JupyterLab sets lines of
# a cell as high as their font wants them, so that Chinese and Latin ones would not stand level: hence line-height here.
_GRID = "border:1px solid rgba(128,128,128,.4);padding:3px 8px;vertical-align:top;line-height:1.5;"
_TEXT = f"{_GRID}text-align:left;min-width:6em;overflow-wrap:anywhere;"
_PROSE = f"{_GRID}text-align:left;min-width:14em;overflow-wrap:anywhere;"
_WORD = f"{_GRID}text-align:left;white-space:nowrap;"
_NUMBER = f"{_GRID}text-align:right;white-space:nowrap;"
_HEAD = f"{_GRID}text-align:center;white-space:nowrap;font-weight:600;background:rgba(128,128,128,.18);"
_SHADES: dict[RowKind, str] = {
    "plain": "background:transparent;",
    "subtotal": "background:rgba(128,128,128,.1);",
    "total": "background:rgba(128,128,128,.2);font-weight:600;",
}
_TABLE = "table-layout:auto;border-collapse:collapse;color:inherit;font-size:13px;line-height:1.5;margin:4px 0 12px 0;"
_NOTE = "border:none;text-align:left;padding:4px 0;opacity:.75;line-height:1.5;"
_CAPTION = "caption-side:top;text-align:left;font-weight:600;padding:4px 0;color:inherit;"


WORD, CODE, PROSE = 7, 16, 30
"""Chinese words and codes up to these lengths stay on one line; texts from the last one on get a wider column."""
_FIGURE = re.compile(r"\W*\d[\d.,]*\S{0,3}(?:—\d[\d.,]*\S{0,3})?")
_LETTER = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, repr=False)
class Table:
    """Rows of texts; ``numeric`` columns are set right, ``kinds`` tell subtotals and totals from plain rows; ``note``
    stands under them.

    Jupyter shows it as HTML. ``frame()`` gives the same cells to pandas, decimal strings untouched.
    """

    caption: str
    columns: list[str]
    rows: list[list[str]]
    kinds: list[RowKind] = field(default_factory=list)
    numeric: frozenset[str] = frozenset()
    empty: str = "(无)"
    note: str = ""

    def column(self, name: str) -> list[str]:
        """All cells of one column. Raises ValueError for a column the table does not have."""
        i = self.columns.index(name)
        return [row[i] for row in self.rows]

    def frame(self) -> pd.DataFrame:
        """The cells as a pandas frame of texts."""
        import pandas as pd

        return pd.DataFrame(self.rows, columns=pd.Index(self.columns), dtype=str)

    def html(self) -> str:
        """An HTML table: everything escaped, styles inline, nothing loaded from elsewhere."""
        head = "".join(f'<th scope="col" style="{_HEAD}">{html.escape(c)}</th>' for c in self.columns)
        kinds = self.kinds or ["plain"] * len(self.rows)
        body = "".join(self._row(row, kind) for row, kind in zip(self.rows, kinds, strict=True))
        if not self.rows:
            body = f'<tr><td colspan="{len(self.columns)}" style="{_TEXT}">{html.escape(self.empty)}</td></tr>'
        caption = f'<caption style="{_CAPTION}">{html.escape(self.caption)}</caption>'
        foot = f'<tfoot><tr><td colspan="{len(self.columns)}" style="{_NOTE}">{_lines(self.note)}</td></tr></tfoot>'
        whole = f"{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody>{foot if self.note else ''}"
        return f'<table style="{_TABLE}">{whole}</table>'

    def _row(self, row: list[str], kind: RowKind) -> str:
        cells = zip(self.columns, row, strict=True)
        inner = "".join(f'<td style="{_style(t, c in self.numeric)}">{_lines(t)}</td>' for c, t in cells)
        return f'<tr style="{_SHADES[kind]}">{inner}</tr>'

    def _repr_html_(self) -> str:
        return self.html()

    def __repr__(self) -> str:
        # Notebooks store this beside the HTML; the whole table again would double them.
        return f"<{self.caption}:{len(self.rows)}行>"

    def __str__(self) -> str:
        lines = ["\t".join(self.columns), *("\t".join(row) for row in self.rows or [[self.empty]])]
        return "\n".join([self.caption, *lines, *([self.note] if self.note else [])])


def _style(text: str, numeric: bool) -> str:
    """A qualitative target in a column of numbers is set, and broken, like any text."""
    if numeric and (not _LETTER.search(text) or _FIGURE.fullmatch(text)):
        return _NUMBER
    if len(text) <= (CODE if text.isascii() else WORD) and "\n" not in text:
        return _WORD
    return _PROSE if len(text) > PROSE else _TEXT


def _lines(text: str) -> str:
    return "<br>".join(html.escape(line) for line in text.splitlines())
