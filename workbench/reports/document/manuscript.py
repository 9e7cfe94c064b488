"""The analyst's texts with their references put in and looked over: what they say, what is wrong with them, what is missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from workbench.base.errors import Place, Problem
from workbench.reports.document.blocks import Block
from workbench.reports.document.chapters import BY_FILE, CHAPTERS, Chapter
from workbench.reports.document.markdown import blocks
from workbench.reports.document.pieces import Filled, Names, filled, uncommented
from workbench.reports.document.problems import ANSWERS
from workbench.reports.document.prose import (
    CONTRADICTS,
    HALF_WIDTH,
    Facts,
    Seen,
    doubled_percent,
    examine,
    facts_of,
    odd_braces,
)
from workbench.reports.document.references import names_of
from workbench.reports.document.source import ReportSource
from workbench.reports.document.texts import Checked, ReportedProblem, Scope, Texts


@dataclass(frozen=True)
class Manuscript:
    """The texts as they stand in the report.

    Attributes:
        chapters: blocks by file name; a chapter of comments and blanks has none.
        problems, scope, not_material, checked: those of ``report.yaml``, references put in.
        faults: what has to be mended before there can be a report at all.
        contradictions: typed numbers that the result does not have; they block 定稿. clashes: the same with the file's name.
        remarks: other typed numbers.
    """

    chapters: Mapping[str, Sequence[Block]]
    problems: Sequence[ReportedProblem]
    scope: Scope
    not_material: Mapping[str, str]
    checked: Sequence[Checked]
    faults: Sequence[Problem]
    clashes: Sequence[tuple[str, Seen]]
    remarks: Sequence[Problem]

    @property
    def contradictions(self) -> list[Problem]:
        """What is said of them."""
        return [seen.problem for _, seen in self.clashes]

    def of(self, part: str) -> list[Block]:
        """The blocks written for a part."""
        return [b for c in CHAPTERS if c.part == part for b in self.chapters.get(c.file, ())]

    @property
    def empty(self) -> list[Chapter]:
        """Mandatory chapters nothing is written in; 有关建议 too, where no problem brings a suggestion."""
        advised = any(p.suggestion.strip() for p in self.problems)
        needed = [c for c in CHAPTERS if c.mandatory or (c.part == "有关建议" and not advised)]
        return [c for c in needed if not self.chapters.get(c.file)]


def manuscript(source: ReportSource, texts: Texts) -> Manuscript:
    """The texts, filled in and examined against the result."""
    reader = _Reader(names_of(source, texts.report), facts_of(source.result), texts.report.checked)
    chapters = {name: reader.chapter(name, text) for name, text in texts.chapters.items()}
    report = texts.report
    problems = [_problem(reader, texts, n, p) for n, p in enumerate(report.problems)]
    scope = report.scope.model_copy(
        update={
            key: reader.words(getattr(report.scope, key), texts.place(f"scope.{key}"))
            for key in ("text", "sampling", "not_sampled")
        }
    )
    waived = {key: reader.words(text, texts.place(f"not_material.{key}")) for key, text in report.not_material.items()}
    let_stand = [
        c.model_copy(update={"reason": reader.words(c.reason, texts.place(f"checked[{n}].reason"))})
        for n, c in enumerate(report.checked)
    ]
    unused = [_unused(texts, n) for n, c in enumerate(report.checked) if c.code == CONTRADICTS and n not in reader.used]
    remarks = [*reader.remarks, *unused]
    return Manuscript(chapters, problems, scope, waived, let_stand, reader.faults, reader.clashes, remarks)


def _unused(texts: Texts, n: int) -> Problem:
    message, fix = "checked 中的这一条没有对应的核对发现", "文字已改正的,请删去这一条"
    return Problem("checked_unused", message, texts.place(f"checked[{n}]"), CONTRADICTS, None, fix, severity="warning")


_OF_THE_REPORT_FILE = ("事实", "范围")
"""What only ``report.yaml`` can answer."""


def wrong_references(source: ReportSource, texts: Texts) -> Iterator[Problem]:
    """What is wrong with the references of texts that could be read only in part."""
    whole = texts.document.data is not None
    for problem in manuscript(source, texts).faults:
        if whole or not (problem.found or "").startswith(_OF_THE_REPORT_FILE):
            yield problem


def _problem(reader: _Reader, texts: Texts, number: int, problem: ReportedProblem) -> ReportedProblem:
    said = {
        key: reader.words(getattr(problem, key), texts.place(f"problems[{number}].{key}"))
        for key in (*ANSWERS, "evidence")
    }
    return problem.model_copy(update=said)


@dataclass
class _Reader:
    """Fills in one text after the other and keeps what is wrong with them."""

    names: Names
    facts: Facts
    checked: Sequence[Checked] = ()
    faults: list[Problem] = field(default_factory=list)
    clashes: list[tuple[str, Seen]] = field(default_factory=list)
    remarks: list[Problem] = field(default_factory=list)
    used: set[int] = field(default_factory=set)
    """Which of ``checked`` let something stand."""

    def words(self, text: str, place: Place) -> str:
        """A text of ``report.yaml``."""
        return self._examined(filled(text, self.names, place)).text.strip() if text.strip() else ""

    def chapter(self, name: str, text: str) -> list[Block]:
        """The blocks of a chapter."""
        found = self._examined(filled(uncommented(text), self.names, Place(name, line=1)))
        if found.blank:
            return []
        made, problems = blocks(found, BY_FILE[name].part)
        self.faults += problems
        return made

    def _examined(self, found: tuple[Filled, list[Problem]]) -> Filled:
        text, problems = found
        self.faults += [*problems, *doubled_percent(text), *odd_braces(text)]
        for seen in examine(text, self.facts):
            if not seen.words:
                self.remarks.append(seen.problem)
            elif not self._lets_stand(seen):
                self.clashes.append((seen.problem.place.file or "", seen))
        return text

    def _lets_stand(self, seen: Seen) -> bool:
        """Whether somebody has looked at the sentence and says why it stands."""
        of = {
            n for n, c in enumerate(self.checked) if c.code == CONTRADICTS and closed(c.words) in closed(seen.sentence)
        }
        self.used |= of
        return bool(of)


def closed(text: str) -> str:
    """A text without its blanks, to be compared; figures and signs of full width as plain ones."""
    return "".join(text.translate(HALF_WIDTH).split())
