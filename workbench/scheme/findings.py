"""Findings: what a reader must know beside the number."""

from __future__ import annotations

from dataclasses import dataclass

from workbench.base.errors import Severity
from workbench.scheme.basis import Source


@dataclass(frozen=True, slots=True)
class Finding:
    """One remark on a subject, an indicator or the whole scheme."""

    code: str
    severity: Severity
    message: str
    subject: str | None = None
    indicator: str | None = None
    clause: Source | None = None


def cited(source: Source | None) -> str | None:
    """“财预〔2020〕10号 第十六条” — how a source is shown in one line."""
    if source is None:
        return None
    return " ".join(part for part in (source.number or source.document, source.clause) if part)
