"""The public contract of one run: ``result.json``. Points, totals and values are decimal strings; nothing else decides."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from workbench.base.errors import Severity
from workbench.base.models import Model
from workbench.scheme.pack import ChartSpec, ColumnSpec

SCHEMA_VERSION = "1.1.0"
"""1.1.0 added analyses, charts and derivations; a result of 1.0.0 is read as one that has none."""

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


class SubjectResult(Model):
    """One evaluated subject; ``bonus_cap`` is the most the bonus items can add together."""

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
