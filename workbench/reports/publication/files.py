"""The files of a publication edition, each looked through once more before it leaves: what must be gone is in no part of it."""

from __future__ import annotations

import html
import io
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator
from urllib.parse import unquote

from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.rel import Relationships
from docx.oxml.ns import qn
from lxml import etree

from workbench.base.errors import CheckFailed, Place, Problem
from workbench.base.packed import FIXED, repacked
from workbench.base.safetext import safe
from workbench.reports.document.blocks import FINAL
from workbench.reports.document.bundle import Chosen, File
from workbench.reports.document.word import word
from workbench.reports.page.page import page
from workbench.reports.publication.consent import NAME
from workbench.reports.publication.edition import Published
from workbench.reports.publication.pictures import bare
from workbench.reports.publication.redaction import Redaction

_ABOUT = (
    *("author", "last_modified_by", "comments", "keywords", "subject", "category"),
    *("content_status", "identifier", "language", "version"),
)
"""Properties of a document that may name somebody."""
_KEPT = (RELATIONSHIP_TYPE.OFFICE_DOCUMENT, RELATIONSHIP_TYPE.CORE_PROPERTIES)
"""All of a package that is published: not company and manager, thumbnails, what an office system adds."""
_ABOUT_PEOPLE = re.compile(r"/(people|comments(Extended|Ids|Extensible)|customXml|documenttasks|printerSettings)$")
"""Relationships of a document to parts about who wrote in it; nothing in its text refers to them."""
_INLINE = re.compile(r"</?(?:strong|em|b|i|span|a|w:r|w:t|w:rPr|w:fldSimple|w:hyperlink)(?:\s[^>]*)?/?>")
_TAG = re.compile(r"<[^>]*>")
_UNIQUE = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
"""Identifiers of programs, in which digits are no telephone's."""
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
    document = _anonymous(data, content.pictures.values(), template.name if template is not None else "")
    _check_word(document, redaction, template.name if template is not None else "")
    yield f"{stem}.docx", document
    text = page(content, published.result, published.drawings)
    shown = _HIDDEN.sub("", text.decode("utf-8"))
    found = [*redaction.found(_words(shown)), *redaction.named(html.unescape(shown))]
    found += [x for data in published.drawings.values() for x in redaction.named(data.decode("utf-8"))]
    _stop(found, Place(f"{stem}.html"), "请在报告文字中删去,或写入 publication.words")
    yield f"{stem}.html", text


def _anonymous(data: bytes, ours: Iterable[bytes], template: str) -> bytes:
    """A document without the parts and properties that say who made or touched it."""
    document = Document(io.BytesIO(data))
    about = document.core_properties
    for name in _ABOUT:
        setattr(about, name, "")
    about.created = about.modified = FIXED
    package = document.part.package
    _drop(package.rels, lambda kind: kind not in _KEPT)
    _drop(document.part.rels, lambda kind: _ABOUT_PEOPLE.search(kind) is not None)
    settings = document.settings.element
    for element in [*settings.findall(qn("w:docVars")), *settings.findall(qn("w:mailMerge"))]:
        settings.remove(element)
    own = set(ours)
    for part in package.iter_parts():
        if part.content_type.startswith("image/") and part.blob not in own:
            part._blob = bare(part.blob, Place(template, key=part.partname))
    stream = io.BytesIO()
    document.save(stream)
    return repacked(stream.getvalue())


def _drop(relations: Relationships, wanted: Callable[[str], bool]) -> None:
    for key in [key for key, relation in relations.items() if wanted(relation.reltype)]:
        del relations[key]


def _check_word(data: bytes, redaction: Redaction, template: str) -> None:
    """Every part: its words paragraph by paragraph, every value in it, then the markup. Pictures are bare already."""
    fix = f"报告内容已删去;请在模板 {template} 中删去" if template else "请在报告文字中删去,或写入 publication.words"
    told = False
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        kinds = _kinds(archive)
        for name in archive.namelist():
            if kinds(name).startswith("image/"):
                continue
            root = _root(archive.read(name), Place(template or name, key=name))
            markup = etree.tostring(root, encoding="unicode")
            words = _words(markup)
            told = told or (name == "word/document.xml" and f"本报告为{NAME}，已删去下列内容" in words)
            values = [found for value in dict.fromkeys(_values(root)) for found in redaction.told(value)]
            _stop(
                [*redaction.found(words), *values, *redaction.named(html.unescape(markup))],
                Place(template or name),
                fix,
            )
            if _authors(root) or name == "word/comments.xml":
                message, advice = "模板带有批注或修订,其中有人名", "请接受或拒绝全部修订、删去批注后再用"
                raise CheckFailed(Problem("publication_authors", message, Place(template or name), fix=advice))
    if not told:
        message, advice = (
            "模板没有放“其他需要说明的问题”,公开版说不出删去了什么",
            "请在模板中加上 {{p 其他需要说明的问题 }}",
        )
        raise CheckFailed(Problem("publication_untold", message, Place(template), fix=advice))


def _kinds(archive: zipfile.ZipFile) -> Callable[[str], str]:
    """The content type of a member of a document."""
    types = etree.fromstring(archive.read("[Content_Types].xml"))
    parts = {item.get("PartName"): str(item.get("ContentType")) for item in types}
    endings = {item.get("Extension"): str(item.get("ContentType")) for item in types}
    return lambda name: parts.get(f"/{name}") or endings.get(name.rpartition(".")[2], "")


def _root(data: bytes, place: Place) -> etree._Element:
    try:
        return etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError:
        message, fix = "模板带有无法检查内容的部件", "请在 Word 中删去嵌入的字体和对象后另存"
        raise CheckFailed(Problem("publication_unread", message, place, fix=fix)) from None


def _values(root: etree._Element) -> Iterator[str]:
    """Attributes and remarks: names of bookmarks, tags of fields, addresses behind links."""
    for element in root.iter():
        if isinstance(element.tag, str):
            yield from (unquote(_UNIQUE.sub("", str(value))) for value in element.attrib.values())
        else:
            yield element.text or ""


def _authors(root: etree._Element) -> bool:
    elements = (e for e in root.iter() if isinstance(e.tag, str))
    return any(value and etree.QName(key).localname == "author" for e in elements for key, value in e.attrib.items())


def _words(markup: str) -> str:
    """The words of XML or HTML, with an end of line wherever something that is no run of text ends."""
    return html.unescape(_TAG.sub("\n", _INLINE.sub("", markup)))


def _stop(found: list[str], place: Place, fix: str) -> None:
    problems = [
        Problem("publication_leak", "公开版里还有须删去的内容", place, safe(x), fix=fix) for x in dict.fromkeys(found)
    ]
    if problems:
        raise CheckFailed(problems)
