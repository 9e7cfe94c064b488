"""An analyst's Markdown as blocks of a report.

Paragraphs, **bold**, lists (also within lists), ``##`` and ``###`` headings and pipe tables keep their form. The rest is plain
text: emphasis, code and links (a link's address follows in brackets); HTML is text, never markup. Pictures, ``#`` headings
(the template has the report's chapters), deeper ones, code blocks, quotations and rules are refused with their line, and so is
what Markdown would drop or misread without a word: cells beside a table's columns, lists within lists without end, ``##标题``.
A line that begins with a blank of full width begins a paragraph.

The line right above a table is its caption when it begins with 表: or 表：; otherwise the caption is the last heading.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from workbench.base.errors import Place, Problem
from workbench.base.lines import width
from workbench.reports.document.blocks import Block, Grid, Heading, Paragraph, Span
from workbench.reports.document.pieces import Filled
from workbench.reports.papers.grid import Align, Column, Line

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_OPEN, _CLOSE = "\ue000", "\ue001"
"""Around the number of a reference while Markdown is read: what is put in is text and can mark nothing up."""
_MARKS = re.compile(f"{_OPEN}(\\d+){_CLOSE}")
_LETTER = "\ue002"
"""Stands as a letter between ** and a punctuation mark: beside one, and Chinese on its other side, ** would be plain asterisks."""
_BESIDE_BOLD = re.compile(r"(?<=[^\w\s*\\])(?=\*\*(?!\*))|(?<=(?<![*\\])\*\*)(?=[^\w\s*])")
_CAPTION = re.compile(r"表\s*[:：]\s*(.+)")
_LEVELS: dict[str, Literal[2, 3]] = {"h2": 2, "h3": 3}
_WIDEST = 30.0
"""Columns of text beyond which a column of a table gets no wider."""
_REFUSED = {
    "fence": "不支持代码块",
    "blockquote_open": "不支持引用块(行首的 >)",
    "hr": "不支持分隔线",
    "image": "不支持插图,图由程序按结果绘制",
}
_DEEPEST = 6
"""Lists within lists; the parser stops reading at 20 levels."""
_CELL_ENDS = re.compile(r"(?<!\\)\|")
_TIGHT_HEADING = re.compile(r"#{2,6}[^#\s]")


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    # Four blanks at the start of a line are how many people indent a paragraph, and --- under one is no heading.
    return MarkdownIt("commonmark", {"html": False}).enable("table").disable(["code", "lheading", "reference"])


def blocks(text: Filled, part: str) -> tuple[list[Block], list[Problem]]:
    """The blocks of a chapter, and what of it has no place in a report.

    Args:
        part: name of the part, the caption of a table without one.
    """
    values = [p.text for p in text.pieces]
    marked = "".join(_unmarked(p.text) if p.typed else f"{_OPEN}{n}{_CLOSE}" for n, p in enumerate(text.pieces))
    source = _BESIDE_BOLD.sub(_LETTER, marked)
    lines = source.split("\n")
    reader = _Reader(text.place, lines, lambda x: _MARKS.sub(lambda m: values[int(m[1])], x.replace(_LETTER, "")), part)
    reader.read(_parser().parse(source))
    return reader.blocks, reader.problems


def _unmarked(text: str) -> str:
    return text.translate(dict.fromkeys(map(ord, (_OPEN, _CLOSE, _LETTER))))


@dataclass
class _Reader:
    """Takes Markdown's tokens in their order; ``put`` gives references their values back."""

    place: Place
    lines: Sequence[str]
    put: Callable[[str], str]
    caption: str
    blocks: list[Block] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    _lists: list[int | None] = field(default_factory=list)
    """Of each list we are in the next number, None for one with dots."""
    _mark: str = ""

    def read(self, tokens: Sequence[Token]) -> None:
        at = 0
        while at < len(tokens):
            token = tokens[at]
            if token.type in _REFUSED:
                self._refuse(token, _REFUSED[token.type])
            elif token.type == "table_open":
                end = next(n for n in range(at, len(tokens)) if tokens[n].type == "table_close")
                self._table(tokens[at:end])
                at = end
            elif token.type == "heading_open":
                self._heading(token, tokens[at + 1])
                at += 2
            elif token.type == "inline":
                self._paragraph(token)
            else:
                self._list(token)
            at += 1

    def _refuse(
        self, token: Token, message: str, fix: str = "请改写为段落、列表或表格", line: int | None = None
    ) -> None:
        """``line`` counts from 0 within the text; that of the token where it is not said."""
        at = line if line is not None else token.map[0] if token.map else 0
        place = Place(self.place.file, line=(self.place.line or 1) + at)
        self.problems.append(Problem("markdown", message, place, fix=fix))

    # -- lists ------------------------------------------------------------------------------------------------------

    def _list(self, token: Token) -> None:
        if token.type == "bullet_list_open":
            self._lists.append(None)
        elif token.type == "ordered_list_open":
            self._lists.append(int(token.attrGet("start") or 1))
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            self._lists.pop()
        elif token.type == "list_item_open":
            if len(self._lists) == _DEEPEST + 1:
                self._refuse(token, f"列表嵌套超过{_DEEPEST}层")
            self._mark = self._next_mark()

    def _next_mark(self) -> str:
        number = self._lists[-1]
        if number is None:
            return "——"
        self._lists[-1] = number + 1
        return f"{number}. " if len(self._lists) == 1 else f"（{number}）"

    # -- text -------------------------------------------------------------------------------------------------------

    def _paragraph(self, token: Token) -> None:
        self._check_lines(token)
        for spans in self._spans(token):
            mark, self._mark = self._mark, ""
            kind: Literal["body", "item"] = "item" if self._lists else "body"
            self.blocks.append(Paragraph(([Span(mark)] if mark else []) + spans, kind))

    def _check_lines(self, token: Token) -> None:
        """What somebody meant as a table or a heading, and Markdown takes for text."""
        first, end = token.map or (0, 0)
        for n, line in enumerate((line.strip() for line in self.lines[first:end]), first):
            if _TIGHT_HEADING.match(line):
                self._refuse(token, "标题没有写对", "## 和标题之间须空一格", line=n)
            elif n == first and line.startswith("|") and line.count("|") > 1:
                self._refuse(token, "表格没有写对", "第二行须为 |---|---|,栏数与表头相同;表格前后各空一行")

    def _heading(self, token: Token, inline: Token) -> None:
        text = "".join(s.text for spans in self._spans(inline) for s in spans)
        if token.tag not in _LEVELS:
            self._refuse(token, "章内的标题用 ## 或 ###", "各章的标题由报告模板给出")
            return
        if not text:
            self._refuse(token, "标题是空的", "请写上标题,或删去这一行")
        self.blocks.append(Heading(text, _LEVELS[token.tag]))
        self.caption = text

    def _spans(self, token: Token) -> list[list[Span]]:
        """The spans of each line of a paragraph (hard breaks part them); empty ones are left out."""
        lines: list[list[tuple[str, bool]]] = [[]]
        bold, links = 0, []
        children = token.children or []
        for n, child in enumerate(children):
            if child.type == "image":
                self._refuse(token, _REFUSED["image"], "图随结果自动放入报告")
            elif child.type in ("text", "code_inline", "html_inline"):
                lines[-1].append((child.content, bold > 0))
            elif child.type == "softbreak" and children[n + 1].content.startswith("\u3000"):
                lines.append([])
            elif child.type == "softbreak":
                lines[-1].append(("\n", bold > 0))
            elif child.type == "hardbreak":
                lines.append([])
            elif child.type in ("strong_open", "strong_close"):
                bold += 1 if child.type == "strong_open" else -1
            elif child.type == "link_open":
                links.append((str(child.attrGet("href") or ""), str(child.attrGet("title") or "")))
            elif child.type == "link_close":
                address, title = links.pop()
                shown = "".join(t for t, _ in lines[-1])
                said = [] if shown.endswith(address.removeprefix("mailto:")) else [address]
                more = "，".join([*said, *([title] if title else [])])
                lines[-1] += [(f"（{more}）", bold > 0)] if more else []
        return [spans for line in lines if (spans := self._merged(line))]

    def _merged(self, parts: list[tuple[str, bool]]) -> list[Span]:
        """Neighbours of one look as one span, references put in, lines joined as Chinese joins them."""
        spans: list[Span] = []
        for text, bold in parts:
            if spans and spans[-1].bold == bold:
                spans[-1] = Span(spans[-1].text + text, bold)
            else:
                spans.append(Span(text, bold))
        shown = [Span(_unbroken(self.put(s.text)), s.bold) for s in spans]
        if shown:
            shown[0] = Span(shown[0].text.lstrip(), shown[0].bold)
        return [s for s in shown if s.text]

    # -- tables -----------------------------------------------------------------------------------------------------

    def _table(self, tokens: Sequence[Token]) -> None:
        rows: list[list[str]] = []
        aligns: list[Align] = []
        for token in tokens:
            if token.type == "tr_open":
                rows.append([])
                self._check_row(token, len(rows[0]))
            elif token.type == "th_open":
                aligns.append(_align(str(token.attrGet("style") or "")))
            elif token.type == "inline":
                rows[-1].append("\n".join("".join(s.text for s in spans) for spans in self._spans(token)))
        head, body = rows[0], rows[1:]
        shares = [min(max(width(r[i]) for r in rows), _WIDEST) + 2.0 for i in range(len(head))]
        columns = [Column(t, s, a) for t, s, a in zip(head, shares, aligns, strict=True)]
        self.blocks.append(Grid(self._caption_above(), columns, [Line(row) for row in body]))

    def _check_row(self, token: Token, columns: int) -> None:
        """A row with more cells than the table has columns, of which Markdown drops the last."""
        line = self.lines[token.map[0]].strip() if token.map and columns else ""
        cells = _CELL_ENDS.split(line.removeprefix("|"))
        if len(cells) - (not cells[-1].strip()) > columns > 0:
            self._refuse(token, f"表格这一行多于表头的{columns}栏", "请删去多余的“|”,或写作 \\|")

    def _caption_above(self) -> str:
        """The table's caption; the paragraph that says it is taken away."""
        above = self.blocks[-1] if self.blocks else None
        found = _CAPTION.fullmatch(above.text.strip()) if isinstance(above, Paragraph) else None
        if found is None:
            return self.caption
        self.blocks.pop()
        return found[1]


def _align(style: str) -> Align:
    return "right" if "right" in style else "center" if "center" in style else "left"


def _unbroken(text: str) -> str:
    """Lines joined: between Chinese characters by nothing, between Latin words by a blank."""
    return re.sub(r"\s*\n\s*", lambda m: " " if _latin(text, m.start() - 1) and _latin(text, m.end()) else "", text)


def _latin(text: str, at: int) -> bool:
    return 0 <= at < len(text) and text[at].isascii() and not text[at].isspace()
