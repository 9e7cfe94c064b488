"""The public contract of one run: ``result.json``. Points, totals and values are decimal strings; nothing else decides."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from workbench.base.errors import Severity
from workbench.base.models import Model
from workbench.scheme.pack import ChartSpec, ColumnSpec

SCHEMA_VERSION = "1.2.0"
"""1.1.0 added analyses, charts and derivations, 1.2.0 the review; an older result is read as one that has none."""

Number = Annotated[str, Field(pattern=r"^-?\d+(\.\d+)?$")]
CheckState = Literal["触发", "已核查未触发", "未核查"]
Status = Literal["scored", "provisional", "unscored", "zero_by_rule", "not_applicable"]

STATUS_WORDS: dict[str, str] = {
    "scored": "已评分",
    "provisional": "拟得分",
    "unscored": "未评分",
    "zero_by_rule": "按规则零分",
    "not_applicable": "不适用",
}


SEVERITY_WORDS: dict[str, str] = {"error": "错误", "warning": "提醒", "info": "说明"}


class PackRef(Model):
    """Which pack was used."""

    id: str
    version: str
    digest: str


class VersionRef(Model):
    """Which ruleset or policy was used."""

    id: str
    version: str


class Engine(Model):
    """Which scoring engine computed the points."""

    name: Literal["workbench"]
    version: str


class CapState(Model):
    """One cap, veto or event of the policy and what was found about it."""

    rule: str
    text: str
    state: CheckState
    effect: str
    kind: Literal["ceiling", "set", "veto", "measure"]
    grade: str | None
    clause: str
    document: str | None
    date: str | None


class ConsequenceState(Model):
    """A consequence that follows, what it reads and where it stands."""

    text: str
    reads: Literal["grade", "score", "cap"]
    clause: str
    policy: str


class EvidenceRef(Model):
    """Where a number comes from, or which document proves it."""

    title: str
    place: str
    status: str | None = None
    document: str | None = None
    sha256: str | None = None


class ExpertPoints(Model):
    """What one expert said about one indicator, in a round everyone has submitted.

    ``choice`` is 认可, 调整, 不评 or 回避; ``points`` are those that counted: the computed ones for 认可, None for the last two.
    ``entered_by`` names the clerk where a paper form was typed in. ``event`` is the number in the ledger. ``counted``: whether
    the points entered the last merge, or would enter one now; they do not after the expert was taken off, or recused, since.
    """

    event: int
    expert: str
    name: str
    choice: str
    points: Number | None
    reason: str
    evidence: str | None
    at: str
    round: int
    entered_by: str | None = None
    counted: bool = True


class IndicatorReview(Model):
    """How one indicator came to its final points.

    ``merged`` are the points of the last merge, ``rule`` says how they were found; ``revised`` those that took their place after
    the draft went out. ``by``, ``at`` and ``reason`` are of whichever came last. ``applied`` is False when the computed side has
    changed since, or the plan leaves the experts out (``why_not`` says which): then the final points are the computed ones again.
    """

    experts: list[ExpertPoints]
    merged: Number | None = None
    rule: str | None = None
    revised: Number | None = None
    by: str | None = None
    at: str | None = None
    reason: str | None = None
    applied: bool = False
    why_not: str | None = None


class IndicatorResult(Model):
    """One indicator of one subject.

    ``value`` is the number the rule read: days since 1970-01-01 for a 时限, 1 or 0 for a 是否, the judged percent for a
    定性 indicator; ``shown`` is the same value as a reader sees it.
    """

    code: str
    level1: str
    level2: str | None
    name: str
    responsible: str | None = None
    weight: Number
    direction: str
    unit: str | None
    target: str | None
    value: Number | None
    shown: str | None
    evidence_status: str
    computed: Number | None
    final: Number | None
    low: Number
    high: Number
    status: Status
    rule: str
    branch: str
    explanation: str
    formula: str | None
    substituted: str | None
    example: bool
    clause: str | None
    evidence: list[EvidenceRef]
    review: IndicatorReview | None = None


class ExtraResult(Model):
    """A bonus or deduction item; ``document`` and ``date`` are those of its line in 佐证清单."""

    code: str
    name: str
    limit: Number
    value: Number | None
    points: Number | None
    state: CheckState
    explanation: str
    clause: str | None
    document: str | None
    date: str | None


class StepLine(Model):
    """One line of the way from points to grade."""

    step: Literal[
        "level1",
        "rescaled",
        "base",
        "bonus",
        "deductions",
        "total",
        "grade",
        "cap",
        "veto",
        "consequence",
        "incomplete",
    ]
    text: str
    points: Number | None = None


class FindingLine(Model):
    """A finding on the subject or one of its indicators."""

    code: str
    severity: Severity
    message: str
    indicator: str | None = None
    clause: str | None = None


class LevelResult(Model):
    """A level 1 of one subject: full points, what was reached, and the share."""

    name: str
    weight: Number
    applicable: Number
    points: Number | None
    low: Number
    high: Number
    rate: Number | None


class Conclusion(Model):
    """Total and grade of one subject; no total is given, only its interval, while anything is open."""

    total: Number | None
    interval: list[Number] = Field(min_length=2, max_length=2)
    grade: str | None
    grade_name: str | None


class SubjectResult(Model):
    """One evaluated subject; ``bonus_cap`` is the most the bonus items can add together.

    ``computed`` is the conclusion without experts' points, where there is a review.
    """

    id: str
    name: str
    complete: bool
    provisional: bool
    total: Number | None
    interval: list[Number] = Field(min_length=2, max_length=2)
    grade: str | None
    grade_name: str | None
    score_grade: str | None
    levels: list[LevelResult]
    caps: list[CapState]
    consequence: list[ConsequenceState]
    indicators: list[IndicatorResult]
    bonus: list[ExtraResult]
    deductions: list[ExtraResult]
    steps: list[StepLine]
    findings: list[FindingLine]
    bonus_cap: Number | None = None
    computed: Conclusion | None = None


Cell = str | bool | None
"""One value of an analysis: a decimal string, text, ISO date, true or false; null where there is none (never 0)."""


class AnalysisResult(Model):
    """One table that explains (分析表), for all subjects.

    Each row begins with the id of its subject; the other cells stand in the order of ``columns``. ``sources`` are the
    titles of the tables it was made from.
    """

    name: str
    title: str
    per: Literal["subject", "all"]
    note: str | None
    sources: list[str]
    columns: list[ColumnSpec]
    rows: list[list[Cell]]


class DerivationRef(Model):
    """A plugin's calculation the result rests on."""

    name: str
    version: str
    distribution: str


class ReviewPerson(Model):
    """A member of the panel as reports name them; roles and specialty in Chinese. ``left``: no longer on it, but has spoken."""

    id: str
    name: str
    roles: list[str]
    specialty: str | None
    organisation: str | None
    title: str | None
    weight: Number
    recused: str | None = None
    left: bool = False


class ReviewNote(Model):
    """One line of the review's record: 专家意见, 质询, 数据更正, 反馈意见, 内部审核 and the like.

    ``refers`` are numbers of earlier events it answers; ``accepted`` only for replies and internal review.
    """

    event: int
    kind: Literal[
        "expert_statement",
        "group_statement",
        "delegate_statement",
        "inquiry",
        "answer",
        "challenge",
        "challenge_rejected",
        "correction",
        "correction_revoked",
        "revision",
        "comment",
        "reply",
        "internal_review",
        "sign_off",
        "reopening",
        "panel_set",
        "round_opened",
        "draft_issued",
        "finalised",
    ]
    by: str
    at: str
    text: str
    subject: str | None = None
    indicator: str | None = None
    evidence: str | None = None
    refers: list[int] = []
    accepted: bool | None = None


NOT_COUNTED = "不计"
"""Phase of a review whose points the plan leaves out: they are shown, and nobody has signed this conclusion."""
WHY_NOT_COUNTED = "本次评价不计专家评审"


class ReviewRecord(Model):
    """The review behind a result: who, how merged, what was said, and what no longer applies."""

    events: int
    phase: str
    round: int
    merge_rule: str | None
    people: list[ReviewPerson]
    notes: list[ReviewNote]
    not_applied: list[FindingLine]

    @property
    def counted(self) -> bool:
        """Whether the experts' points count in this result."""
        return self.phase != NOT_COUNTED


class RunResult(Model):
    """``result.json``: everything a reader, a report or a re-evaluation may rely on."""

    schema_version: str = SCHEMA_VERSION
    evaluation: str
    title: str
    period: str
    stage: str
    as_of: str
    pack: PackRef
    ruleset: VersionRef
    policy: VersionRef
    scheme_digest: str
    evidence_digest: str
    ledger_head: str
    parent: str | None
    engine: Engine
    notes: list[FindingLine]
    subjects: list[SubjectResult]
    analyses: list[AnalysisResult] = []
    charts: list[ChartSpec] = []
    derivations: list[DerivationRef] = []
    review: ReviewRecord | None = None
