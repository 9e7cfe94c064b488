"""Events of the review ledger (评审台账): everything that happens to an evaluation after it was computed.

An event is never changed. Each holds the hash of the one before it, so that a line altered, dropped or put in between breaks
the chain. What an event may say is a model here; whether it may be said now, by this person, is decided in ``permits.py``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field

from workbench.base.canon import digest_of
from workbench.base.models import DecimalText, Model
from workbench.review.fields import Attachment, Line, Remark, Seq, Text
from workbench.review.rectification.bodies import (
    ItemAmended,
    ItemChecked,
    ItemOpened,
    ItemReported,
    ItemWithdrawn,
)
from workbench.scheme.basis import Code, DateText
from workbench.scheme.panel import MergeRule, Panel

Choice = Literal["agree", "adjust", "abstain", "recuse"]
CHOICE_WORDS: dict[Choice, str] = {"agree": "认可", "adjust": "调整", "abstain": "不评", "recuse": "回避"}


class Basis(Model):
    """What an opinion or a merge was about: if any of it moves, the opinion has lost its object and must be given anew."""

    weight: str
    computed: str | None
    value: str | None
    status: str


class Seen(Model):
    """What the page showed its user when the event was made (anchoring): recorded, because it cannot be found out later."""

    computed: bool
    conclusion: bool
    """Total, grade, distance to a boundary and consequence."""
    colleagues: Literal["none", "distribution", "all"]


class Entry(Model):
    """Who typed a paper 打分表 for an expert (代录), from which signed scan."""

    clerk: str
    scan: Attachment


class Opened(Model):
    """The first event: which evaluation and which computed run the ledger belongs to.

    Again when the evidence has changed, the plan was run anew and the review goes on with that run.
    """

    kind: Literal["opened"]
    evaluation: str
    run: str
    pack: str
    ruleset: str
    policy: str


class PanelSet(Model):
    """The panel as it is from now on; ``reason`` is needed once anybody has given an opinion."""

    kind: Literal["panel_set"]
    panel: Panel
    reason: Remark | None = None


class RoundOpened(Model):
    """The lead asks for another round (德尔菲法): experts see the anonymous distribution and may change their points."""

    kind: Literal["round_opened"]
    round: int = Field(ge=2)
    reason: Text


class Opinion(Model):
    """One expert on one indicator of one subject: 认可, 调整 (with points), 不评 or 回避. A later one replaces it.

    ``reason`` may only be empty for 认可. ``entry`` says that a clerk typed it; it counts once a second person checked it.
    """

    kind: Literal["opinion"]
    subject: str
    indicator: Code
    expert: str
    choice: Choice
    points: DecimalText | None = None
    reason: Remark = ""
    evidence: Remark | None = None
    attachments: list[Attachment] = []
    round: int = Field(ge=1)
    basis: Basis
    seen: Seen
    entry: Entry | None = None


class Withdrawal(Model):
    """An expert takes an opinion back; the indicator is unjudged again."""

    kind: Literal["withdrawal"]
    opinion: Seq
    reason: Remark = ""


class EntryChecked(Model):
    """A second person has compared what a clerk typed with the signed scan."""

    kind: Literal["entry_checked"]
    opinions: list[Seq] = Field(min_length=1)


class Submission(Model):
    """An expert closes the round for themself; every assigned indicator has been judged."""

    kind: Literal["submission"]
    expert: str
    round: int = Field(ge=1)
    entry: Entry | None = None


class Statement(Model):
    """A written opinion: of one expert, of the group (by the lead), or of a 人大代表/政协委员, which stands separately."""

    kind: Literal["statement"]
    of: Literal["expert", "group", "delegate"]
    text: Text
    subject: str | None = None
    attachments: list[Attachment] = []
    supersedes: Seq | None = None


class Inquiry(Model):
    """A question to the evaluated unit (质询)."""

    kind: Literal["inquiry"]
    text: Text
    subject: str | None = None
    indicator: Code | None = None


class Answer(Model):
    """The unit's answer, with its evidence."""

    kind: Literal["answer"]
    inquiry: Seq
    text: Text
    evidence: Remark | None = None
    attachments: list[Attachment] = []


class Challenge(Model):
    """An expert doubts a computed score: its value, its evidence, or the rule branch that applied."""

    kind: Literal["challenge"]
    subject: str
    indicator: Code
    about: Literal["value", "evidence", "branch"]
    text: Text
    proposed: Remark | None = None
    attachments: list[Attachment] = []


class ChallengeRejected(Model):
    """The lead leaves the data as they are, and says why."""

    kind: Literal["challenge_rejected"]
    challenge: Seq
    reason: Text


class ProofCorrection(Model):
    """The evidence of one indicator has another status, or another value was found (核定值)."""

    target: Literal["proof"]
    indicator: Code
    status: Literal["未提供(待补)", "已提供未核实", "核实一致", "核实不符"]
    verified_value: DecimalText | None = None


class CellCorrection(Model):
    """One cell of the evidence holds another value. ``row`` counts the rows of that subject in that table from 1.

    ``old`` and ``new`` are written as a workbook cell would have them (``是``, ``93.5``, ``2023-06-30``); null is empty.
    """

    target: Literal["cell"]
    table: Line
    field: Line
    row: int = Field(default=1, ge=1)
    old: Remark | None
    new: Remark | None


class Correction(Model):
    """A data correction (数据更正) decided by the lead: the evidence is read as if it said this, and everything is rescored."""

    kind: Literal["correction"]
    subject: str
    change: Annotated[ProofCorrection | CellCorrection, Field(discriminator="target")]
    reason: Text
    evidence: Remark | None = None
    attachments: list[Attachment] = []
    cites: list[Seq] = []


class CorrectionRevoked(Model):
    """A correction is taken back."""

    kind: Literal["correction_revoked"]
    correction: Seq
    reason: Text


class MergedPoints(Model):
    """One indicator of one subject after the merge. ``counted`` are the opinions that entered, by their event numbers."""

    subject: str
    indicator: Code
    points: DecimalText
    counted: list[Seq]
    basis: Basis


class Merge(Model):
    """The lead merges a submitted round: which rule, which opinions, which points came out."""

    kind: Literal["merge"]
    round: int = Field(ge=1)
    rule: MergeRule
    results: list[MergedPoints]


class SignOff(Model):
    """The lead signs for the panel: opinions, merge and corrections are closed."""

    kind: Literal["sign_off"]
    statement: Text


class Reopening(Model):
    """The lead opens what was closed, with a reason."""

    kind: Literal["reopening"]
    reason: Text


class DraftIssued(Model):
    """The draft goes out for comment (征求意见稿); from now on a score moves only by an event that cites why."""

    kind: Literal["draft_issued"]
    to: list[Line] = Field(min_length=1)
    due: DateText | None = None
    attachments: list[Attachment] = []


class Comment(Model):
    """One written comment on the draft, as received."""

    kind: Literal["comment"]
    source: Text
    text: Text
    subject: str | None = None
    indicator: Code | None = None
    attachments: list[Attachment] = []


class Reply(Model):
    """The answer to one comment: 采纳 or 不采纳, with the reason."""

    kind: Literal["reply"]
    comment: Seq
    accepted: bool
    reason: Text


class Revision(Model):
    """Merged points change after the draft went out; ``cites`` are accepted comments or answers, or ``evidence`` says what."""

    kind: Literal["revision"]
    subject: str
    indicator: Code
    points: DecimalText
    reason: Text
    cites: list[Seq] = []
    evidence: Remark | None = None
    attachments: list[Attachment] = []
    basis: Basis


class InternalReview(Model):
    """Internal review (内部审核) by someone who is neither lead nor analyst."""

    kind: Literal["internal_review"]
    passed: bool
    text: Text


class Finalised(Model):
    """The report is final (定稿)."""

    kind: Literal["finalised"]
    text: Remark = ""


Body = Annotated[
    Opened
    | PanelSet
    | RoundOpened
    | Opinion
    | Withdrawal
    | EntryChecked
    | Submission
    | Statement
    | Inquiry
    | Answer
    | Challenge
    | ChallengeRejected
    | Correction
    | CorrectionRevoked
    | Merge
    | SignOff
    | Reopening
    | DraftIssued
    | Comment
    | Reply
    | Revision
    | InternalReview
    | Finalised
    | ItemOpened
    | ItemAmended
    | ItemReported
    | ItemChecked
    | ItemWithdrawn,
    Field(discriminator="kind"),
]


class Draft(Model):
    """An event before the ledger took it. ``client_id`` is chosen by who sends it: sent twice, it is recorded once."""

    actor: str
    client_id: str = Field(min_length=8, max_length=64)
    body: Body


class Event(Model):
    """An event as the ledger keeps it. ``at`` is UTC, ``prev_hash`` is empty for the first."""

    ledger: str
    seq: Seq
    at: str = Field(pattern=r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$")
    actor: str
    client_id: str
    body: Body
    prev_hash: str = Field(pattern=r"^([0-9a-f]{64})?$")
    hash: str = Field(pattern=r"^[0-9a-f]{64}$")


def chained(draft: Draft, ledger: str, seq: int, at: str, prev_hash: str) -> Event:
    """The event a draft becomes as number ``seq`` of a ledger."""
    content = {
        "ledger": ledger,
        "seq": seq,
        "at": at,
        "actor": draft.actor,
        "client_id": draft.client_id,
        "body": draft.body.model_dump(),
        "prev_hash": prev_hash,
    }
    return Event.model_validate(content | {"hash": digest_of(content)})


def hash_of(record: Mapping[str, Any]) -> str:
    """The hash a stored event should have: SHA-256 of its canonical JSON without the hash itself.

    Taken over the record as stored, not over the model, which later versions may widen.
    """
    return digest_of({k: v for k, v in record.items() if k != "hash"})
