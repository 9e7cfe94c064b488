"""What is under review (评审对象): the computed evaluation as review sees it. The runs layer hands it in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from workbench.base.errors import Problem
    from workbench.review.events import Correction
    from workbench.scheme.scheme import Scheme
    from workbench.scoring.outlook import Outlook
    from workbench.scoring.result import RunResult

Points = Mapping[tuple[str, str], Decimal]
"""(subject, indicator) → points that stand in place of the computed ones."""


class Docket(Protocol):
    """A computed evaluation. Everything on it is what the machine found; experts' points come in as arguments."""

    @property
    def scheme(self) -> Scheme:
        """Scheme with policy, for limits, bands and deadlines."""

    @property
    def result(self) -> RunResult:
        """The computed result, corrections applied, no expert points in it."""

    @property
    def run(self) -> str:
        """Digest of the computed run the review began with."""

    def judged(self, indicator: str) -> bool:
        """Whether the indicator's rule leaves room for judgement, so that experts may propose points freely."""

    def rule_text(self, indicator: str, subject: str | None = None) -> str:
        """How the indicator is scored, in words: every band and step with its points, and the source.

        With a subject, its own target and the branch that gave it its computed points: only for who may see these.
        """

    def outlook(self, subject: str, points: Points) -> Outlook:
        """Total, grade, distance to the next boundary and consequence of one subject with these points put in (milliseconds)."""

    def corrected(self, corrections: Sequence[tuple[int, Correction]]) -> Docket:
        """The same evaluation rescored with these corrections (number of the event, correction).

        Raises:
            ReviewError: a correction names a table, field, row or indicator that is not there, or a value that does not fit.
        """

    def replayed(self, corrections: Sequence[tuple[int, Correction]]) -> tuple[Docket, Mapping[int, Sequence[Problem]]]:
        """The same evaluation with those corrections that still fit its evidence, and why the others do not, by number.

        A ledger outlives the evidence it began with: what a new workbook has put right itself no longer applies.
        """

    def attachment(self, sha256: str) -> tuple[str, bytes] | None:
        """Name and bytes of an evidence attachment, or None when the file is not there or no longer the same.

        Raises:
            ReviewError: it is confidential and there in encrypted form alone.
        """
