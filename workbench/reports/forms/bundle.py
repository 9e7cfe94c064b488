"""The papers beside a report, each with its file name."""

from __future__ import annotations

from collections.abc import Iterator

from workbench.evidence.tables import Evidence
from workbench.reports.document.blocks import Content
from workbench.reports.document.bundle import File
from workbench.reports.document.manuscript import manuscript
from workbench.reports.document.source import ReportSource
from workbench.reports.document.texts import Texts
from workbench.reports.forms.brief import NAME, brief
from workbench.reports.forms.selfform import form_title, self_form


def form_files(source: ReportSource, texts: Texts, content: Content, evidence: Evidence | None) -> Iterator[File]:
    """评价结果简报, and the self-evaluation form where there is evidence to fill it in from.

    Args:
        content: the report, of which the brief tells.
        evidence: of a run whose pack :func:`~workbench.reports.forms.entries.has_form`; None: no form.
    """
    problems = manuscript(source, texts).problems
    yield f"{NAME}-{content.edition}.docx", brief(source, content, problems, texts.report)
    if evidence is not None:
        yield f"{form_title(source)}.docx", self_form(source, evidence, problems)
