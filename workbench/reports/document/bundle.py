"""The outputs of a report one after the other, each with its file name, so that whoever writes them can say how far they are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from workbench.reports.document.blocks import Content
from workbench.reports.document.source import ReportSource
from workbench.reports.document.template import OURS
from workbench.reports.document.word import word

FIGURES = "图"
"""The folder of the charts beside the report, in it file names as in a run folder."""
File = tuple[str, bytes]


@dataclass(frozen=True)
class Chosen:
    """A template that somebody chose, and what it is called in messages."""

    data: bytes
    name: str = OURS


def in_word(content: Content, template: Chosen | None = None) -> bytes:
    """The report in Word. Raises FileError when the template cannot be used."""
    return word(content) if template is None else word(content, template.data, template.name)


def report_files(source: ReportSource, content: Content, written: bytes) -> Iterator[File]:
    """The report in Word and as a page, the live score table where the run kept its scheme, and the report's charts.

    Args:
        written: :func:`in_word` of the content.
    """
    from workbench.reports.page.page import page

    stem = f"评价报告-{content.edition}"
    yield f"{stem}.docx", written
    yield f"{stem}.html", page(content, source.result, source.drawings)
    book = book_of(source)
    if book is not None:
        yield "评分表.xlsx", book
    for name, picture in content.pictures.items():
        yield f"{FIGURES}/{name}.png", picture
        if name in source.drawings:
            yield f"{FIGURES}/{name}.svg", source.drawings[name]


def book_of(source: ReportSource) -> bytes | None:
    from workbench.reports.scorebook.terms import terms_of
    from workbench.reports.scorebook.workbook import scorebook

    if source.pack is None or source.ruleset is None or source.policy is None or source.national is None:
        return None
    terms = terms_of(source.plan, source.pack, source.ruleset, source.policy, source.national)
    return scorebook(source.result, terms, source.run[:16])
