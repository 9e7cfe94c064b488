"""The finished Word file, read by our own checker before it may be final: whatever contradicts a table, however it is worded.

What it finds is what anybody finds who runs ``workbench report check`` on the report.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from workbench.base.errors import Place, Problem
from workbench.base.text import suggest
from workbench.reports.checking.check import check_document
from workbench.reports.checking.document.model import Cell, Spot, Table
from workbench.reports.checking.document.reading import read_stream
from workbench.reports.checking.findings import BY_CODE, Finding
from workbench.reports.checking.language.bands import Scale, scale_of
from workbench.reports.document.blocks import Grid, Paragraph
from workbench.reports.document.manuscript import Manuscript, closed, manuscript
from workbench.reports.document.problems import ANSWERS
from workbench.reports.document.prose import CONTRADICTS
from workbench.reports.document.source import ReportSource
from workbench.reports.document.texts import REPORT_FILE, Checked, Texts

NAME = "写出的报告"
FIX = "请改用引用,如 {{ 总分 }};核对后确实没有错的,在 report.yaml 的 checked 中写明代码、原文和理由"
_FIGURE = re.compile(r"\d")
_NO_SCALE = Scale([("", Decimal(0))], "")
"""Of a run that kept no policy: a grade cannot be judged then."""


@dataclass(frozen=True)
class Checkup:
    """What stands in the way of 定稿, and what somebody should know."""

    errors: Sequence[Problem] = ()
    hints: Sequence[Problem] = ()


def checkup(document: bytes, source: ReportSource, texts: Texts) -> Checkup:
    """What the checker says of a report's Word file; what ``report.yaml`` lets stand (``checked``) is left out.

    Raises:
        FileError: an institution's template makes a document that cannot be read.
    """
    scale = scale_of(source.policy, source.national) if source.policy and source.national else _NO_SCALE
    read = read_stream(io.BytesIO(document), NAME)
    found = check_document(read, NAME, scale).found
    left = [f for f in found if not any(_lets_stand(c, f) for c in texts.report.checked)]
    unused = [
        _unused(texts, n, c)
        for n, c in enumerate(texts.report.checked)
        if c.code != CONTRADICTS and not any(_lets_stand(c, f) for f in found)
    ]
    if not left:
        return Checkup(hints=unused)
    written = manuscript(source, texts)
    left = [f for f in left if not _told(f, written)]
    origins = [(f, _origin_of(f, written, read.tables)) for f in left]
    errors = [_problem(f, where) for f, where in origins if f.rule.severity == "error"]
    return Checkup(errors, [*(_problem(f, where) for f, where in origins if f.rule.severity != "error"), *unused])


def _lets_stand(checked: Checked, found: Finding) -> bool:
    return checked.code == found.rule.code and any(_close(checked.words) in _close(s.title) for s in _spots(found))


def _close(text: str) -> str:
    return "".join(text.split())


def _spots(found: Finding) -> list[Spot]:
    return [found.spot] if found.against is None else [found.spot, found.against]


def _unused(texts: Texts, n: int, checked: Checked) -> Problem:
    known = checked.code in BY_CODE
    message = "checked 中的这一条没有对应的核对发现" if known else "没有这种核对代码"
    fix = "文字已改正的,请删去这一条" if known else suggest(checked.code, list(BY_CODE))
    return Problem("checked_unused", message, texts.place(f"checked[{n}]"), checked.code, None, fix, severity="warning")


def _told(found: Finding, written: Manuscript) -> bool:
    """Whether the text check names the same number in the same sentence: told once, with its line."""
    return any(
        closed(seen.sentence) in closed(spot.title) and (found.found in seen.words or not _FIGURE.search(seen.words))
        for spot in _spots(found)
        if spot.part == "paragraph"
        for _, seen in written.clashes
    )


def _origin_of(found: Finding, written: Manuscript, tables: Sequence[Table]) -> str:
    """The file a finding is about as far as somebody wrote it: a sentence, or a table of a chapter."""
    texts = (_origin(spot, written) for spot in _spots(found))
    rows = (t.rows for s in _spots(found) if s.part == "table" for t in tables if t.number == s.number)
    return next(filter(None, (*texts, *(_chapter_of(r, written) for r in rows))), NAME)


def _chapter_of(rows: Sequence[Sequence[Cell]], written: Manuscript) -> str:
    """The chapter that has a table with this head and these first cells."""
    read = [[_close(cell.text) for cell in row] for row in rows]
    for file, blocks in written.chapters.items():
        for block in blocks:
            if isinstance(block, Grid):
                made = [[c.title for c in block.columns], *(line.cells for line in block.lines)]
                if read == [[_close(text) for text in row] for row in made]:
                    return file
    return ""


def _problem(found: Finding, where: str) -> Problem:
    message = f"{found.sentence()}({found.spot},代码 {found.rule.code})"
    return Problem("report_contradicts", message, Place(where), fix=FIX, severity=found.rule.severity)


def _origin(spot: Spot, written: Manuscript) -> str:
    """The file of the analyst's a sentence stands in; empty for what is computed."""
    if spot.part != "paragraph":
        return ""
    return next((file for file, text in _typed(written) if text and _close(text) in _close(spot.title)), "")


def _typed(written: Manuscript) -> Iterator[tuple[str, str]]:
    for file, blocks in written.chapters.items():
        yield from ((file, b.text) for b in blocks if isinstance(b, Paragraph))
    for problem in written.problems:
        yield from (
            (REPORT_FILE, getattr(problem, key).rstrip("。")) for key in ANSWERS if len(getattr(problem, key)) > 6
        )
    yield from ((REPORT_FILE, text) for text in (written.scope.text, written.scope.sampling, written.scope.not_sampled))
