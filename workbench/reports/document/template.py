"""The file a report is made on: ours, or an institution's own docx, looked at before any parser trusts it."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from importlib.resources import files
from pathlib import PurePosixPath

from lxml import etree

from workbench.base.errors import FileError, Place, Problem
from workbench.base.zipends import crowd_of
from workbench.reports.document.outline import MANDATORY

OURS = "report.docx"
MOST_UNPACKED = 64 * 1024**2
MOST_ENTRIES = 2_000
MOST_XML = 16 * 1024**2
"""Bytes of one XML part; a template of 100 pages has some 2 MB."""
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_HYPERLINK = re.compile(r"/hyperlink$")
_EMBEDDING = re.compile(
    r"/(oleobject|package|control|activexcontrolbinary|afchunk|subdocument|embeddedobject)$", re.IGNORECASE
)
_PROGRAM = re.compile(
    r"oleobject|activex|vbaproject|vbadata|rfc822|/rtf|/x?html|msword|ms-excel|sheet\.|presentation\.", re.IGNORECASE
)
"""Relationships and content types of what is a file or a program of its own, in whatever folder it lies."""
_FETCHING = re.compile(r"(?<![A-Z])(INCLUDETEXT|INCLUDEPICTURE|DDEAUTO|DDE|LINK|DATABASE|IMPORT)(?![A-Z])")
"""Fields that bring in what is outside the file."""
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_PACKAGE = "{http://schemas.openxmlformats.org/package/2006/"
_ROOTS = {
    **{
        f"word/{x}.xml": f"{_WORD}{x}" for x in ("document", "styles", "settings", "numbering", "footnotes", "endnotes")
    },
    "[Content_Types].xml": f"{_PACKAGE}content-types}}Types",
    "docProps/core.xml": f"{_PACKAGE}metadata/core-properties}}coreProperties",
}
"""Parts by name → the element they are."""
_RELATIONS = f"{_PACKAGE}relationships}}Relationships"
_SAVE_AS = "请在 Word 或 WPS 中另存为“Word 文档(*.docx)”后再用"
_UNTRUSTED = "文件不可信,请向提供方重新索取"


def ours() -> bytes:
    """The template this product brings (made by ``scripts/make_templates.py``)."""
    return (files("workbench.reports") / "templates" / OURS).read_bytes()


def checked(data: bytes, name: str) -> bytes:
    """``data`` when it is a docx that holds nothing but itself.

    Raises:
        FileError: it is none, is locked or damaged, has macros or embedded programs, or points outside of itself.
    """
    if data.startswith(_OLE):
        raise _refused("template_locked", "模板已加密,或是旧版 .doc 文件", name, f"请先取消打开密码;{_SAVE_AS}")
    try:
        if crowd_of(io.BytesIO(data)) is not None:
            raise _large(name)
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_directory(archive, name)
            problems = [problem for entry in archive.infolist() for problem in _problems(archive, entry, name)]
            problems = problems or list(_unknown(archive, name))
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError, RuntimeError):
        raise _refused("template_no_docx", "模板不是完好的 Word 文档(.docx)", name, _SAVE_AS) from None
    if problems:
        raise FileError(problems)
    return data


def without(data: bytes, name: str) -> list[str]:
    """The mandatory parts a template has no tag for, in their order.

    Raises:
        FileError: as :func:`checked`.
    """
    with zipfile.ZipFile(io.BytesIO(checked(data, name))) as archive:
        root = etree.fromstring(archive.read("word/document.xml"))
    said = "\n".join("".join(t.text or "" for t in p.iter(f"{_WORD}t")) for p in root.iter(f"{_WORD}p"))
    found = set(re.findall(r"\{\{p\s+(\S+?)\s*\}\}", said))
    return [part for part in MANDATORY if part not in found]


def _refused(code: str, message: str, name: str, fix: str) -> FileError:
    return FileError(Problem(code, message, Place(name), fix=fix))


def _large(name: str) -> FileError:
    return _refused("template_large", "模板解压后过大", name, "请删去模板中的图片和多余内容")


def _check_directory(archive: zipfile.ZipFile, name: str) -> None:
    entries = archive.infolist()
    names = [entry.filename for entry in entries]
    if not {"[Content_Types].xml", "_rels/.rels", "word/document.xml"}.issubset(names):
        raise _refused("template_no_docx", "模板不是 Word 文档(.docx)", name, _SAVE_AS)
    if len({n.lower() for n in names}) != len(names) or any(".." in n.split("/") or n.startswith("/") for n in names):
        raise _refused("template_damaged", "模板的压缩包里有同名或越界的部件", name, _UNTRUSTED)
    if any(entry.flag_bits & 1 for entry in entries):
        raise _refused("template_locked", "模板已加密", name, "请先取消打开密码,再保存")
    large = any(e.file_size > MOST_XML for e in entries if e.filename.endswith((".xml", ".rels")))
    if large or len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        raise _large(name)


def _problems(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str) -> Iterator[Problem]:
    """What is wrong with one member."""
    member, place = entry.filename, Place(name, key=entry.filename)
    lower = member.lower()
    if "vbaproject" in lower or "vbadata" in lower:
        yield Problem("template_macros", "模板带有宏", place, fix=_SAVE_AS)
    elif "/embeddings/" in lower or "/activex/" in lower or "/afchunk" in lower:
        yield _embedded(place)
    elif lower.endswith((".xml", ".rels")):
        yield from _xml_problems(archive.read(entry), member, place)


def _xml_problems(data: bytes, member: str, place: Place) -> Iterator[Problem]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError:
        yield Problem("template_damaged", "模板的部件已损坏", place, fix=_SAVE_AS)
        return
    if root.getroottree().docinfo.doctype:
        yield Problem("template_entities", "模板里有外部定义", place, fix=_UNTRUSTED)
    elif root.tag != (_RELATIONS if member.endswith(".rels") else _ROOTS.get(member, root.tag)):
        yield Problem("template_damaged", "模板的部件已损坏", place, fix=_SAVE_AS)
    elif member.endswith(".rels"):
        yield from _links(root, place)
    elif member == "[Content_Types].xml":
        yield from _programs(root, place)
        kinds = {
            item.get("ContentType", "") for item in root if item.get("PartName", "").lower() == "/word/document.xml"
        }
        if kinds != {_MAIN}:
            found = "带宏的文档" if "macroEnabled" in "".join(kinds) else "文档模板(.dotx)或别的文件"
            yield Problem("template_kind", "模板须为 Word 文档(.docx)", place, found=found, fix=_SAVE_AS)
    elif member.startswith("word/"):
        yield from _fields(root, place)
    if member == "word/document.xml" and root.find(f"{_WORD}body/{_WORD}sectPr") is None:
        yield Problem("template_damaged", "模板没有正文,或没有版面设置(纸张、页边距)", place, fix=_SAVE_AS)


def _programs(root: etree._Element, place: Place) -> Iterator[Problem]:
    for kind in dict.fromkeys(str(item.get("ContentType", "")) for item in root):
        if _PROGRAM.search(kind):
            yield _embedded(place, kind)


def _embedded(place: Place, found: str | None = None) -> Problem:
    return Problem("template_embedded", "模板里嵌有其他文件或控件", place, found=found, fix="请在模板中删去嵌入的对象")


def _unknown(archive: zipfile.ZipFile, name: str) -> Iterator[Problem]:
    """Parts nobody says the kind of, and relationships to parts that are not there."""
    types = etree.fromstring(archive.read("[Content_Types].xml"))
    known = {str(item.get("Extension", "")).lower() for item in types if item.get("Extension")}
    parts = {str(item.get("PartName", "")).lower() for item in types}
    members = [n for n in archive.namelist() if not n.endswith("/") and n != "[Content_Types].xml"]
    for member in members:
        if f"/{member.lower()}" not in parts and member.rpartition(".")[2].lower() not in known:
            yield Problem("template_damaged", "模板的部件没有注明类型", Place(name, key=member), fix=_SAVE_AS)
    for member in (n for n in members if n.endswith(".rels")):
        base = str(PurePosixPath("/", member).parent.parent)
        for relation in etree.fromstring(archive.read(member)):
            target = str(relation.get("Target", ""))
            inside = relation.get("TargetMode", "Internal") == "Internal"
            if inside and posixpath.normpath(posixpath.join(base, target))[1:] not in members:
                message = "模板引用的部件不在文件里"
                yield Problem("template_damaged", message, Place(name, key=member), found=target, fix=_SAVE_AS)


def _links(root: etree._Element, place: Place) -> Iterator[Problem]:
    """Relationships that lead out of the file. Hyperlinks do nothing until somebody clicks them."""
    for relation in root:
        kind = str(relation.get("Type", ""))
        mode = str(relation.get("TargetMode", "Internal"))
        if mode not in {"Internal", "External"}:
            yield Problem(
                "template_damaged",
                "模板的链接方式写错",
                place,
                found=mode,
                expected="Internal 或 External",
                fix=_SAVE_AS,
            )
        elif _EMBEDDING.search(kind):
            yield _embedded(place, relation.get("Target"))
        if mode != "External" or _HYPERLINK.search(kind) or _EMBEDDING.search(kind):
            continue
        if kind.endswith("/attachedTemplate"):
            fix = "请在 Word 的“开发工具—文档模板”中改为 Normal 后保存"
            yield Problem("template_attached", "模板还附着另一个模板", place, found=relation.get("Target"), fix=fix)
        else:
            fix = "请把链接的图片或文件改为直接插入,再保存"
            yield Problem("template_linked", "模板链接了文件以外的内容", place, found=relation.get("Target"), fix=fix)


def _fields(root: etree._Element, place: Place) -> Iterator[Problem]:
    written = "".join(text.text or "" for text in root.iter(f"{_WORD}instrText"))
    simple = " ".join(str(field.get(f"{_WORD}instr", "")) for field in root.iter(f"{_WORD}fldSimple"))
    for found in dict.fromkeys(_FETCHING.findall(f"{written} {simple}".upper())):
        fix = "请选中该处按 Ctrl+Shift+F9 转为文字,或删去"
        yield Problem("template_field", "模板里有引用外部内容的域", place, found=found, fix=fix)
