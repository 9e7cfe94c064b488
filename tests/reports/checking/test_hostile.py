"""Files that are no report: each refused by name, before anything of them is unpacked or parsed."""

from __future__ import annotations

import io
import os
import struct
import zipfile
from pathlib import Path

import pytest
from report_cases import clean

from workbench.base.errors import FileError
from workbench.reports.checking.document.reading import MAX_BODY, read

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/word/document.xml" '
    f'ContentType="{DOCX}"/></Types>'
)
RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/>'
    "</Relationships>"
)
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
BODY = f"<w:document {W}><w:body><w:p><w:r><w:t>综合得分90分</w:t></w:r></w:p></w:body></w:document>"


def packed(
    body: str | bytes = BODY, more: dict[str, bytes] | None = None, relations: str = RELATIONS, types: str = TYPES
) -> bytes:
    stream = io.BytesIO()
    parts = {"[Content_Types].xml": types, "_rels/.rels": relations, "word/document.xml": body} | (more or {})
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return stream.getvalue()


def lying(data: bytes, size: int) -> bytes:
    """The zip with another unpacked size declared for its last entry, in both places."""
    out = bytearray(data)
    end = out.rfind(b"PK\x05\x06")
    entry = out.rfind(b"PK\x01\x02", 0, end)
    struct.pack_into("<I", out, entry + 24, size)
    start = struct.unpack_from("<I", out, entry + 42)[0]
    struct.pack_into("<I", out, start + 22, size)
    return bytes(out)


def crowd() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for n in range(10_001):
            archive.writestr(f"a{n}", b"")
    return stream.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENTITY = '<!DOCTYPE w [<!ENTITY a "x"><!ENTITY b "&a;&a;&a;">]>' + BODY.replace("90", "&b;")
EXTERNAL = '<!DOCTYPE w [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + BODY.replace("90", "&a;")
NOISE = os.urandom(200_000).hex()
BOMB = packed(b" " * (MAX_BODY + 1))
CASES: dict[str, tuple[str, bytes]] = {
    "empty": ("file_empty", b""),
    "text": ("file_not_docx", "绩效评价报告".encode()),
    "html": ("file_not_docx", b"<html>90</html>"),
    "encrypted": ("file_encrypted", OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le")),
    "old": ("file_old_format", OLE + b"\0" * 600),
    "truncated": ("file_truncated", packed()[:-200]),
    "zip": ("file_not_office", packed(relations="<Relationships/>")),
    "macros": ("file_macros", packed(more={"word/vbaProject.bin": b"x"})),
    "path": ("zip_path", packed(more={"../evil.xml": b"x"})),
    "bomb": ("zip_bomb", BOMB),
    "ratio": ("zip_bomb", packed(b"<a>" + b" " * (8 * 1024**2) + b"</a>")),
    "lying": ("file_truncated", lying(packed(b"<a>" + b" " * 1024**2 + b"</a>"), 10)),
    "sheet": ("file_not_docx", packed(types=TYPES.replace("wordprocessingml.document", "spreadsheetml.sheet"))),
    "crowd": ("zip_too_many", crowd()),
    "entities": ("file_entities", packed(ENTITY)),
    "external": ("file_entities", packed(EXTERNAL)),
    "broken": ("file_truncated", packed(BODY[:-20])),
    "endless": ("xml_too_large", packed(BODY.replace("<w:p>", f"<!--{NOISE}-->" + "<w:p/>" * 1_600_001 + "<w:p>"))),
    "wide": (
        "table_too_wide",
        packed(
            BODY.replace(
                "<w:p>", '<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="9999"/></w:tcPr></w:tc></w:tr></w:tbl><w:p>', 1
            )
        ),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_it_is_refused_by_name(name, tmp_path):
    code, data = CASES[name]
    path = tmp_path / "报告.docx"
    path.write_bytes(data)
    with pytest.raises(FileError) as caught:
        read(path)
    [problem] = caught.value.problems
    assert problem.code == code and problem.fix and str(path.as_posix()) in str(problem)


def test_a_macro_document_or_a_missing_file_is_refused(tmp_path):
    path = tmp_path / "报告.docm"
    path.write_bytes(packed(types=TYPES.replace(DOCX, "application/vnd.ms-word.document.macroEnabled.main+xml")))
    for file, code in (
        (path, "file_macros"),
        (tmp_path / "没有.docx", "file_unreadable"),
        (tmp_path, "file_unreadable"),
    ):
        with pytest.raises(FileError) as caught:
            read(Path(file))
        assert caught.value.problems[0].code == code


def test_a_plain_one_is_read(tmp_path):
    path = tmp_path / "报告.docx"
    path.write_bytes(packed())
    assert [p.text for p in read(path).paragraphs] == ["综合得分90分"]
    path.write_bytes(clean()[0].data())
    assert len(read(path).tables) >= 2
