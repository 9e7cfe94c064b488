"""The docket (评审对象): an opened evaluation as review sees it, and how a finished run becomes one."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from workbench.base.canon import digest
from workbench.base.errors import CheckFailed, Place, Problem, ReviewError, WorkbenchError
from workbench.base.sealing import withheld_digests, withheld_problem
from workbench.base.text import suggest
from workbench.evidence.corrections import CellChange, Change, ProofChange, apply_corrections
from workbench.evidence.tables import EvidenceStatus
from workbench.review.docket import Points
from workbench.review.events import Correction, ProofCorrection
from workbench.runs.evaluation import Evaluation
from workbench.runs.opening import arranged, open_computed
from workbench.runs.sealed import load_sources
from workbench.runs.store import PLAN, RESULT, StoredRun, copy_of, encrypted_copy_of
from workbench.runs.versions import ENGINE_VERSION
from workbench.scheme.scheme import Scheme, freeze
from workbench.scoring.describing import rule_text
from workbench.scoring.outlook import Outlook
from workbench.scoring.preview import Preview
from workbench.scoring.result import RunResult

AGAIN = "请重新运行该计划,再对新的运行评审;评审台账会接着用于新的运行"


@dataclass
class RunDocket:
    """An evaluation under review; see :class:`workbench.review.docket.Docket`. ``folder``: the run it came from, if any."""

    evaluation: Evaluation
    folder: Path | None = None
    _previews: dict[str, Preview] = field(default_factory=dict, init=False, repr=False)
    _computed: dict[str, Outlook] = field(default_factory=dict, init=False, repr=False)
    """The conclusion without any points put in: every page asks for it after every event."""

    @property
    def scheme(self) -> Scheme:
        """Scheme with policy, for limits, bands and deadlines."""
        return self.evaluation.scheme

    @cached_property
    def result(self) -> RunResult:
        """The computed result, corrections applied, no expert points in it."""
        return self.evaluation.result()

    @property
    def run(self) -> str:
        """Digest of the computed run."""
        return self.evaluation.digest

    @cached_property
    def _judged(self) -> dict[str, bool]:
        card = self.evaluation.scorecard
        return {scores.code: card.judged(scores.code) for scores in card.indicators}

    def judged(self, indicator: str) -> bool:
        """Whether the indicator's rule leaves room for judgement. Raises KeyError for an unknown one."""
        return self._judged[indicator]

    def rule_text(self, indicator: str, subject: str | None = None) -> str:
        """The rule in words; with a subject also the branch that applied to it.

        Raises:
            KeyError: there is no such indicator or subject.
            ReviewError: a plugin's rule fails to describe itself.
        """
        card = self.evaluation.scorecard
        with _as_review():
            return rule_text(card, indicator, None if subject is None else self._rows[subject])

    @cached_property
    def _rows(self) -> dict[str, int]:
        return {name: row for row, name in enumerate(self.evaluation.scorecard.measures.ids)}

    def outlook(self, subject: str, points: Points) -> Outlook:
        """Total, grade, distance to the next boundary and consequence of one subject with these points put in.

        Raises:
            ReviewError: there is no such subject or indicator, or the points cannot be given.
        """
        own = {code: p for (owner, code), p in points.items() if owner == subject}
        if not own and subject in self._computed:
            return self._computed[subject]
        with _as_review():
            found = self._preview(subject).outlook(own)
        if not own:
            self._computed[subject] = found
        return found

    def _preview(self, subject: str) -> Preview:
        if subject not in self._previews:
            known = [s.id for s in self.evaluation.subjects]
            if subject not in known:
                fix = suggest(subject, known)
                raise ReviewError(Problem("unknown_subject", "没有这个评价对象", found=subject, fix=fix))
            facts = [f for f in self.evaluation.evidence.cap_facts if f.subject == subject]
            self._previews[subject] = Preview(self.evaluation.scorecard, subject, facts)
        return self._previews[subject]

    def corrected(self, corrections: Sequence[tuple[int, Correction]]) -> RunDocket:
        """The same evaluation rescored with these corrections (number of the event, correction), in their order.

        Raises:
            ReviewError: a correction names something that is not there, does not find the old value, or brings one that
                does not fit; each problem says whose it is in ``place.key``.
        """
        with _as_review():
            made = RunDocket(_rescored(self.evaluation, [change_of(n, c) for n, c in corrections]), self.folder)
            assert made.result  # computed now: what no formula can take is told to whom it concerns
            return made

    def replayed(
        self, corrections: Sequence[tuple[int, Correction]]
    ) -> tuple[RunDocket, dict[int, tuple[Problem, ...]]]:
        """The evaluation with those corrections that still fit the evidence, and what is wrong with the others, by number.

        A ledger outlives the evidence it began with: what a new workbook has put right itself no longer applies.
        """
        if not corrections:
            return self, {}
        with suppress(ReviewError):
            return self.corrected(corrections), {}
        docket, kept, stale = self, list[tuple[int, Correction]](), dict[int, tuple[Problem, ...]]()
        for entry in corrections:
            try:
                docket = self.corrected([*kept, entry])
                kept.append(entry)
            except ReviewError as error:
                stale[entry[0]] = error.problems
        return docket, stale

    def attachment(self, sha256: str) -> tuple[str, bytes] | None:
        """Name and bytes of an attachment 佐证清单 names, or None when it is not there or no longer the same.

        The workspace's file comes first; moved or changed, the run folder's copy of it does. Raises ReviewError for one that
        a restored workspace has in encrypted form alone.
        """
        evidence = (self.evaluation.corrected_from or self.evaluation).as_read
        if sha256 not in {p.attachment_sha256 for p in evidence.proofs if p.attachment is not None}:
            return None
        file = next((f for f in evidence.files if f.sha256 == sha256), None)
        if file is None:
            return None
        root = self.evaluation.workspace.resolve()
        path = (root / file.path).resolve()
        places = [path] if path.is_relative_to(root) else []
        places += [] if self.folder is None else [copy_of(file, self.folder)]
        found = next((d for p in places if (d := _bytes(p)) is not None and digest(d) == sha256), None)
        if found is None and sha256 in withheld_digests(root):
            raise ReviewError(withheld_problem(path.name))
        return None if found is None else (path.name, found)


def _bytes(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


@contextmanager
def _as_review() -> Iterator[None]:
    """Whatever evidence and scoring refuse is a step of the review that is not accepted."""
    try:
        yield
    except ReviewError:
        raise
    except WorkbenchError as error:
        raise ReviewError(error.problems) from None


def change_of(number: int, correction: Correction) -> Change:
    """A ledger's correction as the evidence layer makes it; ``number`` is its event's."""
    origin, change = f"评审台账第{number}号数据更正", correction.change
    if not isinstance(change, ProofCorrection):
        row = (change.table, change.field, change.row, change.old, change.new)
        return CellChange(origin, correction.subject, *row)
    names = "、".join(a.name for a in correction.attachments)
    return ProofChange(
        origin=origin,
        subject=correction.subject,
        indicator=change.indicator,
        status=EvidenceStatus(change.status),
        verified_value=change.verified_value,
        document=correction.evidence or names or None,
        sha256=correction.attachments[0].sha256 if correction.attachments else None,
    )


def _rescored(evaluation: Evaluation, changes: Sequence[Change]) -> Evaluation:
    """The evaluation on corrected evidence. Its scheme is frozen anew: a 绩效指标 sheet is a part of it."""
    source, frozen = evaluation.corrected_from or evaluation, evaluation.scheme
    items = [*frozen.indicators, *frozen.bonus, *frozen.deductions]
    evidence = apply_corrections(source.as_read, changes, [r.item.code for r in items])
    arranged_evidence, sheet = arranged(evidence, frozen.pack)
    scheme = freeze(
        frozen.plan, frozen.pack, frozen.ruleset, frozen.policy, frozen.national, source.plugins.kinds, sheet
    )
    return replace(
        source, scheme=scheme, evidence=arranged_evidence, as_read=evidence, figures={}, corrected_from=source
    )


def docket_of(folder: Path, workspace: Path) -> RunDocket:
    """A finished run as a docket: its plan opened in the workspace, and everything found to be as it was.

    The workspace's evidence counts, not the run's copies: an evaluation whose files have moved on is to be run again, and the
    ledger goes on with that run. (The copies have no names, so no attachment could be found beside them.)

    Raises:
        CheckFailed: engine, pack, rules or evidence differ from those of the run, or the run folder was changed.
        WorkbenchError: the plan can no longer be opened.
    """
    stored = StoredRun(folder)
    stored.unchanged(RESULT)
    plan = json.loads(stored.unchanged(PLAN))["plan"]
    try:
        # A page rescores as long as it is open, and none of that is written as a run.
        evaluation = open_computed(plan, workspace=workspace, sources=load_sources(workspace, recording=False))
    except WorkbenchError as error:
        moved = Problem("run_moved", "这次运行的计划在工作区里已不能照原样打开", Place(folder.name), fix=AGAIN)
        raise type(error)([*error.problems, moved]) from None
    problems = _moved(stored.result(), evaluation, folder)
    if problems:
        raise CheckFailed(problems)
    return RunDocket(evaluation, folder)


def _moved(then: RunResult, now: Evaluation, folder: Path) -> list[Problem]:
    """What is no longer as it was when the run was made."""
    problems = []
    if then.engine.version != ENGINE_VERSION:
        problems.append(_changed("计分程序的版本与这次运行不同", ENGINE_VERSION, then.engine.version))
    if then.pack.digest != now.pack_digest:
        title = f"指标包“{then.pack.id}”在这次运行之后改过"
        problems.append(_changed(title, now.scheme.pack.version, f"{then.pack.version}(原内容)"))
    elif then.scheme_digest != now.scheme_digest:
        title = f"计分规则集“{then.ruleset.id}”或地区办法“{then.policy.id}”在这次运行之后改过"
        versions = f"{now.scheme.ruleset.version}、{now.scheme.policy.version}"
        problems.append(_changed(title, versions, f"{then.ruleset.version}、{then.policy.version}(原内容)"))
    if then.evidence_digest != now.evidence_digest:
        copies = ((f, (copy_of(f, folder), encrypted_copy_of(f, folder))) for f in now.evidence.files)
        files = [f.path for f, either in copies if not any(copy.is_file() for copy in either)]
        problems.append(_changed("佐证资料在这次运行之后改过", "、".join(files) or None, "运行时的内容"))
    return problems


def _changed(message: str, found: str | None, expected: str) -> Problem:
    return Problem("run_moved", message, found=found, expected=expected, fix=AGAIN)
