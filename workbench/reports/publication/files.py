"""The files of a publication edition, each looked through once more before it leaves: what must be gone is in no part of it."""

from __future__ import annotations

import html
import io
import re
import zipfile
from collections.abc import Iterator
from copy import copy

from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE

from workbench.base.errors import CheckFailed, Place, Problem
from workbench.base.packed import FIXED, repacked
from workbench.reports.document.bundle import Chosen, File
from workbench.reports.document.content import FINAL
from workbench.reports.document.word import word
from workbench.reports.page.page import page
from workbench.reports.papers.words import safe
from workbench.reports.publication.edition import NAME, Published
from workbench.reports.publication.redaction import Redaction

_ABOUT = (
    *("author", "last_modified_by", "comments", "keywords", "subject", "category"),
    *("content_status", "identifier", "language", "version"),
)
"""Properties of a document that may name somebody."""
_PROPERTIES = (RELATIONSHIP_TYPE.EXTENDED_PROPERTIES, RELATIONSHIP_TYPE.CUSTOM_PROPERTIES, RELATIONSHIP_TYPE.THUMBNAIL)
"""Parts of a template about who made it: company, manager, what an office system adds."""
_INLINE = re.compile(r"</?(?:strong|em|b|i|span|a|w:r|w:t|w:rPr|w:fldSimple|w:hyperlink)(?:\s[^>]*)?/?>")
_TAG = re.compile(r"<[^>]*>")
_AUTHORS = re.compile(r'w:author="[^"]+"')
_HIDDEN = re.compile(r"<style>.*?</style>|<script>.*?</script>", re.DOTALL)


def publication_files(published: Published, template: Chosen | None = None) -> Iterator[File]:
    """The report in Word and as a page; no workbook, whose sheets of evidence and experts would have nothing left.

    Raises:
        FileError: the template cannot be used.
        CheckFailed: the template itself says what must not be published, or does not show what was removed.
    """
    content, redaction = published.content, published.redaction
    stem = f"评价报告-{NAME}" + ("" if content.edition == FINAL else f"-{content.edition}")
    data = word(content) if template is None else word(content, template.data, template.name)
    document = _anonymous(data)
    _check_word(document, redaction, template.name if template is not None else "")
    yield f"{stem}.docx", document
    text = page(content, published.result, published.drawings)
    shown = _HIDDEN.sub("", text.decode("utf-8"))
    found = [*redaction.found(_words(shown)), *redaction.named(html.unescape(shown))]
    found += [x for data in published.drawings.values() for x in redaction.named(data.decode("utf-8"))]
    _stop(found, Place(f"{stem}.html"), "请在报告文字中删去,或写入 publication.words")
    yield f"{stem}.html", text


def _anonymous(data: bytes) -> bytes:
    """A document without the properties that say who made or touched it."""
    document = Document(io.BytesIO(data))
    about = document.core_properties
    for name in _ABOUT:
        setattr(about, name, "")
    about.created = about.modified = FIXED
    package = document.part.package
    for key, relation in copy(package.rels).items():
        if relation.reltype in _PROPERTIES:
            del package.rels[key]
    stream = io.BytesIO()
    document.save(stream)
    return repacked(stream.getvalue())


def _check_word(data: bytes, redaction: Redaction, template: str) -> None:
    """Every part: its words paragraph by paragraph, then the markup, where names may stand in attributes."""
    fix = f"报告内容已删去;请在模板 {template} 中删去" if template else "请在报告文字中删去,或写入 publication.words"
    told = False
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            if not name.endswith((".xml", ".rels")):
                continue
            markup = archive.read(name).decode("utf-8")
            words = _words(markup)
            told = told or (name == "word/document.xml" and f"本报告为{NAME}，已删去下列内容" in words)
            _stop([*redaction.found(words), *redaction.named(html.unescape(markup))], Place(template or name), fix)
            if _AUTHORS.search(markup) or name == "word/comments.xml":
                message, advice = "模板带有批注或修订,其中有人名", "请接受或拒绝全部修订、删去批注后再用"
                raise CheckFailed(Problem("publication_authors", message, Place(template or name), fix=advice))
    if not told:
        message, advice = (
            "模板没有放“其他需要说明的问题”,公开版说不出删去了什么",
            "请在模板中加上 {{p 其他需要说明的问题 }}",
        )
        raise CheckFailed(Problem("publication_untold", message, Place(template), fix=advice))


def _words(markup: str) -> str:
    """The words of XML or HTML, with an end of line wherever something that is no run of text ends."""
    return html.unescape(_TAG.sub("\n", _INLINE.sub("", markup)))


def _stop(found: list[str], place: Place, fix: str) -> None:
    problems = [
        Problem("publication_leak", "公开版里还有须删去的内容", place, safe(x), fix=fix) for x in dict.fromkeys(found)
    ]
    if problems:
        raise CheckFailed(problems)
