"""The checker on the body of a docx, without a file; and bodies of a few paragraphs and tables."""

from __future__ import annotations

import io
import zipfile
from decimal import Decimal

from docx import Document
from lxml import etree

from workbench.reports.checking.check import check_document
from workbench.reports.checking.document.reading import read_body
from workbench.reports.checking.findings import Findings
from workbench.reports.checking.language.bands import Scale, policy_scale

NATIONAL = policy_scale(
    [("优", Decimal(90)), ("良", Decimal(80)), ("中", Decimal(60)), ("差", Decimal(0))], "财预〔2020〕10号第十八条"
)


def checked(body: bytes, policy: Scale = NATIONAL) -> Findings:
    """What the checker says about the body of a docx."""
    return check_document(read_body(body, "报告.docx"), "报告.docx", policy)


def unpacked(data: bytes) -> bytes:
    """The body of a docx."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read("word/document.xml")


def body(*blocks) -> bytes:
    """Paragraphs (texts) and tables (rows of texts)."""
    document = Document()
    for block in blocks:
        if isinstance(block, str):
            document.add_paragraph(block)
            continue
        table = document.add_table(len(block), len(block[0]))
        for cell, text in zip(table._cells, [t for row in block for t in row], strict=True):
            cell.text = text
        document.add_paragraph("")
    return etree.tostring(document.element)
