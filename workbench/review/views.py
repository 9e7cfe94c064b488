"""What a page shows to one person: rows, one indicator in detail, the head. Made from the state, never stored.

A field is None when this person may not see it now; the page then shows 提交后可见 and has nothing to hide.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from workbench.review.events import Choice
from workbench.review.fields import Attachment
from workbench.scoring.outlook import Outlook

Flag = Literal[
    "unjudged", "stale", "far", "weak_evidence", "unscored", "no_quorum", "spread", "challenged", "not_applied"
]
FLAG_WORDS: dict[Flag, str] = {
    "unjudged": "尚未评定",
    "stale": "资料已变,须重新评定",
    "far": "与计算得分相差较大",
    "weak_evidence": "佐证不足",
    "unscored": "程序未评分",
    "no_quorum": "有效意见不足",
    "spread": "专家分歧较大",
    "challenged": "有未答复的质疑",
    "not_applied": "汇总得分已不适用",
}
Status = Literal["unjudged", "agreed", "adjusted", "abstained", "recused", "unchecked", "merged", "not_assigned"]
STATUS_WORDS: dict[Status, str] = {
    "unjudged": "未评定",
    "agreed": "已认可",
    "adjusted": "已调整",
    "abstained": "不评",
    "recused": "回避",
    "unchecked": "代录待复核",
    "merged": "已汇总",
    "not_assigned": "未分派",
}


@dataclass(frozen=True)
class Row:
    """One line of the indicator table."""

    code: str
    level1: str
    level2: str | None
    name: str
    weight: Decimal
    value: str
    evidence_status: str
    computed: Decimal | None
    computed_hidden: bool
    mine: Decimal | None
    panel: Decimal | None
    final: Decimal | None
    status: Status
    flags: tuple[Flag, ...]


@dataclass(frozen=True)
class Said:
    """One opinion as a list of them shows it; ``who`` is empty in an anonymous distribution."""

    event: int
    who: str
    choice: Choice
    points: Decimal | None
    reason: str
    evidence: str | None
    at: str
    round: int
    entered_by: str | None
    attachments: tuple[Attachment, ...] = ()
    withdrawn: bool = False
    counted: bool = True
    """False for points that no merge takes in: unchecked, on data that have changed, or of somebody no longer asked."""


@dataclass(frozen=True)
class Bounds:
    """What this person may propose on an indicator: nothing when ``why_not`` says so."""

    lowest: Decimal
    highest: Decimal
    why_not: str | None


@dataclass(frozen=True)
class EvidenceLine:
    """A piece of evidence: where a number comes from, or the document behind it. ``sha256`` opens a file that is there."""

    title: str
    place: str
    status: str | None
    document: str | None
    sha256: str | None


@dataclass(frozen=True)
class HistoryLine:
    """One event in words, as far as this person may see it."""

    event: int
    at: str
    who: str
    text: str
    spot: tuple[str, str] | None = None
    """(subject, indicator) where it is about one."""


@dataclass(frozen=True)
class Detail:
    """Everything about one indicator that this person may see."""

    row: Row
    target: str | None
    unit: str | None
    formula: str | None
    substituted: str | None
    rule: str
    rule_text: str
    explanation: str | None
    clause: str | None
    example: bool
    evidence: tuple[EvidenceLine, ...]
    bounds: Bounds
    choices: tuple[Choice, ...]
    opinions: tuple[Said, ...]
    distribution: tuple[Decimal, ...]
    """Points of the round before, anonymous and in order (second round on)."""
    history: tuple[HistoryLine, ...]
    can_challenge: bool


@dataclass(frozen=True)
class Progress:
    """How far one expert has come in this round."""

    expert: str
    name: str
    assigned: int
    judged: int
    submitted: bool


@dataclass(frozen=True)
class Heading:
    """The top of the page. ``computed``, ``current`` and ``preview`` are None for who may not see the conclusion.

    ``current`` is with the last merge put in, ``preview`` with what a merge would give now.
    """

    title: str
    subject: str
    subject_name: str
    person: str
    roles: str
    phase: str
    round: int
    next_step: str
    computed: Outlook | None
    current: Outlook | None
    preview: Outlook | None
    progress: tuple[Progress, ...]
    can: frozenset[str] = field(default_factory=frozenset)
    """Kinds of events this person may send now (``opinion``, ``submission``, ``merge``, …)."""
