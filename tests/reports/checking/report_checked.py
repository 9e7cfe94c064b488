"""The checker on the body of a docx, without a file."""

from __future__ import annotations

import io
import zipfile
from decimal import Decimal

from workbench.reports.checking.bands import Scale, policy_scale
from workbench.reports.checking.check import check_document
from workbench.reports.checking.findings import Findings
from workbench.reports.checking.reading import read_body

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
