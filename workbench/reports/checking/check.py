"""One report checked: read, recognised, its facts collected, all rules over them; what was not judged is part of the answer."""

from __future__ import annotations

from pathlib import Path

from workbench.reports.checking import unjudged
from workbench.reports.checking.document.model import Document
from workbench.reports.checking.document.reading import read
from workbench.reports.checking.findings import Findings
from workbench.reports.checking.judging import judged
from workbench.reports.checking.language.bands import Scale
from workbench.reports.checking.recognised import recognise
from workbench.reports.checking.statements.stated import stated
from workbench.reports.checking.tables.continued import whole_tables


def check(path: Path, policy: Scale, *, forced: bool = False) -> Findings:
    """Check a docx.

    Args:
        policy: the scale of a policy, used where the report states none.
        forced: that scale was asked for, and is used in any case.

    Raises:
        FileError: the file is no docx that can be read.
    """
    return check_document(read(path), path.as_posix(), policy, forced=forced)


def check_document(document: Document, file: str, policy: Scale, *, forced: bool = False) -> Findings:
    """Check what was read (see :func:`check`)."""
    report = recognise(Document(document.paragraphs, whole_tables(document.tables)))
    said = stated(report)
    scale, notes = unjudged.grading(report, said, policy, forced=forced)
    found = judged(report, said, scale)
    certain = [f for f in found if f.certain]
    wrong = {(f.spot, f.found) for f in certain}
    questions = unjudged.questions([f for f in found if not f.certain and (f.spot, f.found) not in wrong])
    notes += unjudged.unjudged(report, scale)
    return Findings(file, certain, unjudged.looked_at(report, said), notes, questions)
