"""Evaluation (评价): an opened plan that can be computed, shown, drawn and saved. What notebooks work with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.base.canon import digest_of
from workbench.base.errors import PlanError, Problem
from workbench.base.text import file_stem, suggest
from workbench.evidence.tables import Evidence
from workbench.runs.position import Position
from workbench.runs.versions import ENGINE_VERSION
from workbench.scheme.plan import Plan
from workbench.scheme.scheme import Scheme, declared
from workbench.scoring.analyses import analyse, derivations_used
from workbench.scoring.conclude import conclude, finding_line
from workbench.scoring.result import (
    AnalysisResult,
    Engine,
    FindingLine,
    PackRef,
    RunResult,
    SubjectResult,
    VersionRef,
)
from workbench.scoring.scorecard import Scorecard

if TYPE_CHECKING:
    from IPython.display import Image
    from matplotlib.figure import Figure

    from workbench.reports.table import Table
    from workbench.runs.carried import Carried
    from workbench.runs.codetable import CodeRef
    from workbench.runs.foreign import Sources
    from workbench.runs.sealed import Origin

SHORT = 16
"""Characters of the run digest that name a run folder."""


@dataclass
class Evaluation:
    """One opened plan. Nothing is computed before it is asked for, and nothing is computed twice.

    ``as_read`` is the evidence before a 绩效指标 sheet became indicators. ``corrected_from``: the evaluation as its files say,
    where this one has data corrections; they are known by the ledger head, so digests are those of the files. ``carried``: the
    review, where somebody has begun one. ``scheme_files``: pack, ruleset and policies as read (see :mod:`workbench.runs.kept`).
    ``origin``: where a sealed workspace came from.
    """

    workspace: Path
    plan: Plan
    scheme: Scheme
    evidence: Evidence
    as_read: Evidence
    plugins: Sources
    pack_digest: str
    scheme_files: Mapping[str, bytes]
    origin: Origin | None = None
    figures: dict[str, bytes] = field(default_factory=dict)
    corrected_from: Evaluation | None = None
    carried: Carried | None = None

    @property
    def digest(self) -> str:
        """What identifies the run: plan, scheme, pack, evidence, engine version and, with a review, the ledger head."""
        if self.carried is None:
            return self.computed_digest
        from workbench.runs.carried import reviewed_digest

        return reviewed_digest(self.computed_digest, self.carried.position.head)

    @cached_property
    def computed_digest(self) -> str:
        """What identifies the evaluation as computed from its files, before any review."""
        content: Mapping[str, object] = {
            "plan": declared(self.plan),
            "pack": self.pack_digest,
            "scheme": self.scheme_digest,
            "evidence": self.evidence_digest,
            "engine": ENGINE_VERSION,
            "ledger_head": "",
        }
        return digest_of(content)

    @property
    def scheme_digest(self) -> str:
        """Digest of the scheme before any data correction."""
        return (self.corrected_from or self).scheme.digest

    @property
    def evidence_digest(self) -> str:
        """Digest of the evidence before any data correction."""
        return (self.corrected_from or self).evidence.digest

    @property
    def short_digest(self) -> str:
        """The part of the digest that names the run folder."""
        return self.digest[:SHORT]

    @cached_property
    def _concluded(self) -> tuple[Scorecard, list[SubjectResult]]:
        adjustments = self.carried.adjustments if self.carried is not None else ()
        return conclude(self.scheme, self.evidence, self.plugins.kinds, self.plugins.derivations, adjustments)

    @property
    def scorecard(self) -> Scorecard:
        """Value, points, branch and status of every subject and indicator, column by column."""
        return self._concluded[0]

    @cached_property
    def subjects(self) -> list[SubjectResult]:
        """The verdict on every evaluated subject, in order of id; with a review, what experts said about each indicator."""
        subjects = self._concluded[1]
        return subjects if self.carried is None else [self.carried.record.subject(s) for s in subjects]

    @property
    def position(self) -> Position:
        """Up to which event of its ledger the evaluation is computed."""
        return Position(self.plan.evaluation) if self.carried is None else self.carried.position

    @cached_property
    def analyses(self) -> list[AnalysisResult]:
        """The pack's analyses over all subjects, in the pack's order."""
        return analyse(self.scorecard)

    def subject(self, name: str | None = None) -> SubjectResult:
        """One subject by id; the first when None. Raises PlanError when unknown."""
        if name is None:
            return self.subjects[0]
        for subject in self.subjects:
            if subject.id == name:
                return subject
        fix = suggest(name, [s.id for s in self.subjects])
        raise PlanError(Problem("unknown_subject", "没有这个评价对象", found=name, fix=fix))

    def result(self) -> RunResult:
        """The public result of the run, as ``result.json`` holds it."""
        scheme, carried = self.scheme, self.carried
        return RunResult(
            evaluation=self.plan.evaluation,
            title=self.plan.title,
            period=self.plan.period,
            stage=self.plan.stage,
            as_of=self.plan.as_of,
            pack=PackRef(id=scheme.pack.id, version=scheme.pack.version, digest=self.pack_digest),
            ruleset=VersionRef(id=scheme.ruleset.id, version=scheme.ruleset.version),
            policy=VersionRef(id=scheme.policy.id, version=scheme.policy.version),
            scheme_digest=self.scheme_digest,
            evidence_digest=self.evidence_digest,
            ledger_head=self.position.head,
            parent=self._parent,
            engine=Engine(name="workbench", version=ENGINE_VERSION),
            notes=self._notes(),
            subjects=self.subjects,
            analyses=self.analyses,
            charts=scheme.pack.charts,
            derivations=derivations_used(scheme, self.scorecard.measures),
            review=carried.record.review() if carried is not None else None,
        )

    @property
    def _parent(self) -> str | None:
        """Digest of the run before this one: by the ledger; in a sealed workspace the one its origin names, until a review is
        about the new run.
        """
        carried, origin = self.carried, self.origin
        about_this = carried is not None and carried.base == self.computed_digest
        if origin is not None and origin.parent is not None and not about_this:
            return origin.parent
        return carried.parent if carried is not None else None

    @property
    def replayed(self) -> list[CodeRef]:
        """Foreign code that was not run: its sealed answers were used."""
        return self.plugins.replayed

    def code_table(self) -> bytes | None:
        """What foreign code answered, as ``scheme/code.json`` keeps it; None without foreign code."""
        schemes = [self.scheme, (self.corrected_from or self).scheme]
        return self.plugins.written(self.scorecard, schemes)

    def _notes(self) -> list[FindingLine]:
        """What was noticed about the scheme, in reading the evidence, and about a review that is left out or lost its object."""
        read = [FindingLine(code=p.code, severity=p.severity, message=str(p)) for p in self.evidence.notes]
        remarks = self.carried.record.remarks if self.carried is not None else []
        return [*(finding_line(f) for f in self.scheme.findings), *read, *remarks]

    def overview(self) -> Table:
        """What the evaluation is: pack, ruleset, policy, evidence files, declared changes."""
        from workbench.reports.overview import overview_table

        return overview_table(self.result(), self.scheme, [f.path for f in self.evidence.files])

    def evidence_overview(self) -> Table:
        """Evidence behind every indicator and its status."""
        from workbench.reports.tables import evidence_table

        return evidence_table(self.result())

    def measures(self, subject: str | None = None) -> Table:
        """Each measure with its formula and the numbers put in."""
        from workbench.reports.tables import measures_table

        return measures_table(self.subject(subject))

    def scores(self, subject: str | None = None) -> Table:
        """The score table (评分表) with explanations."""
        from workbench.reports.tables import score_table

        return score_table(self.subject(subject))

    def verdict(self, subject: str | None = None) -> Table:
        """The way from points to grade and consequence."""
        from workbench.reports.tables import verdict_table

        return verdict_table(self.subject(subject))

    def caps(self, subject: str | None = None) -> Table:
        """Caps and vetoes of the policy and what was found about each (情形核查)."""
        from workbench.reports.tables import caps_table

        return caps_table(self.subject(subject))

    def requirements(self) -> Table:
        """What the policy asks for beside grades and consequences, each with its clause."""
        from workbench.reports.overview import requirements_table

        return requirements_table(self.scheme.policy, self.scheme.national)

    def findings(self, subject: str | None = None) -> Table:
        """Findings on the subject and its indicators (发现的问题)."""
        from workbench.reports.tables import findings_table

        return findings_table(self.subject(subject))

    def comparison(self) -> Table:
        """All subjects side by side."""
        from workbench.reports.tables import compare_table

        return compare_table(self.result())

    def analysis(self, name: str, subject: str | None = None) -> Table:
        """One analysis of the pack for a subject, or all subjects side by side with the named one set off.

        Raises:
            PlanError: the pack has no such analysis, or there is no such subject.
        """
        from workbench.reports.analysis import analysis_table

        return analysis_table(self._analysis(name), self.subject(subject), highlight=subject is not None)

    def _analysis(self, name: str) -> AnalysisResult:
        for analysis in self.analyses:
            if analysis.name == name:
                return analysis
        fix = suggest(name, [a.name for a in self.analyses]) or "该指标包没有分析表"
        raise PlanError(Problem("unknown_analysis", "没有这张分析表", found=name, fix=fix))

    def chart(self, name: str, subject: str | None = None) -> Image:
        """Draw a chart every result has, or one of the pack's; keep the file for the run folder, and show that file.

        Raises:
            PlanError: neither has this chart, or there is no such subject.
        """
        from IPython.display import Image

        from workbench.reports.canvas import PAGE_WIDTH
        from workbench.reports.save import png_bytes

        chosen = self.subject(subject)
        figure, alt = self._drawn(name, chosen)
        data = png_bytes(figure)
        self.figures[f"{file_stem(chosen.id)}-{name}.png"] = data
        return Image(data=data, width=PAGE_WIDTH, alt=alt)  # type: ignore[no-untyped-call]  # IPython ships no types for it

    def _drawn(self, name: str, subject: SubjectResult) -> tuple[Figure, str]:
        """A chart's figure and the sentence that says it."""
        from workbench.reports.charts.catalogue import CHARTS, alt_text
        from workbench.reports.plots.draw import chart_alt, draw_chart

        if name in CHARTS:
            return CHARTS[name](subject), alt_text(name, subject)
        own = {c.name: c for c in self.scheme.pack.charts}
        if name not in own:
            raise PlanError(Problem("unknown_chart", "没有这种图", found=name, fix=suggest(name, [*CHARTS, *own])))
        analysis = self._analysis(own[name].analysis)
        return draw_chart(own[name], analysis, subject), chart_alt(own[name], analysis, subject)

    def save(self) -> str:
        """Write the run folder ``runs/<evaluation>/<digest>/`` and say where; a run that is there already is left alone."""
        from workbench.runs.store import save_run

        save_run(self)
        # The workspace's own path would make equal runs in different folders differ.
        return f"已保存:runs/{self.plan.evaluation}/{self.short_digest}"
