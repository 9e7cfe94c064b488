"""The finished Word file, read by our own checker before it may be final: whatever contradicts a table, however it is worded.

What it finds is what anybody finds who runs ``workbench report check`` on the report.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from workbench.base.errors import Place, Problem
from workbench.base.text import suggest
from workbench.reports.checking.check import check_document
from workbench.reports.checking.document.model import Spot
from workbench.reports.checking.document.reading import read_stream
from workbench.reports.checking.findings import BY_CODE, Finding
from workbench.reports.checking.language.bands import Scale, scale_of
from workbench.reports.document.blocks import Paragraph
from workbench.reports.document.manuscript import Manuscript, manuscript
from workbench.reports.document.problems import ANSWERS
from workbench.reports.document.source import ReportSource
from workbench.reports.document.texts import REPORT_FILE, Checked, Texts

NAME = "写出的报告"
FIX = "请改用引用,如 {{ 总分 }};核对后确实没有错的,在 report.yaml 的 checked 中写明代码、原文和理由"
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
    found = check_document(read_stream(io.BytesIO(document), NAME), NAME, scale).found
    left = [f for f in found if not any(_lets_stand(c, f) for c in texts.report.checked)]
    unused = [
        _unused(texts, n, c) for n, c in enumerate(texts.report.checked) if not any(_lets_stand(c, f) for f in found)
    ]
    if not left:
        return Checkup(hints=unused)
    written = manuscript(source, texts)
    errors = [_problem(f, written) for f in left if f.rule.severity == "error"]
    return Checkup(errors, [*(_problem(f, written) for f in left if f.rule.severity != "error"), *unused])


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


def _problem(found: Finding, written: Manuscript) -> Problem:
    where = next(filter(None, (_origin(spot, written) for spot in _spots(found))), NAME)
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
