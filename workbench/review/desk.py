"""Desk (评审席): one person at one review. Reads what they may see, sends what they may say; page, command and notebook use it."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from functools import cached_property
from typing import Any

from workbench.base.errors import LedgerError, Problem, ReviewError
from workbench.base.exact import half_up
from workbench.base.sealing import withheld_problem
from workbench.review.bodies import body_of, made
from workbench.review.docket import Docket
from workbench.review.events import (
    Body,
    Choice,
    Draft,
    Entry,
    Event,
    Merge,
    MergedPoints,
    Opened,
    PanelSet,
)
from workbench.review.fields import Attachment
from workbench.review.heading import heading
from workbench.review.history import history_lines
from workbench.review.ledger.port import Head, Ledger
from workbench.review.merging import merged
from workbench.review.opinions import spot_problems, typing_problems
from workbench.review.permits import check
from workbench.review.reading import Reading
from workbench.review.scope import Scope
from workbench.review.state import Spot, State, folded
from workbench.review.taking import answering, check_files, keep_file
from workbench.review.views import Detail, Heading, HistoryLine, Row
from workbench.review.visibility import seen, unjudged
from workbench.review.who import can
from workbench.scheme.panel import SYSTEM, Member, Panel


class Desk:
    """A review as one member sees and moves it.

    Args:
        docket: the computed evaluation as it was opened, without corrections; the desk applies those of the ledger.
        actor: member id.
        publish: told each event after which a new run is due (merge, correction after a merge, sign-off, reopening …).

    Raises:
        ReviewError: the actor is no member of the panel.
    """

    def __init__(
        self, ledger: Ledger, docket: Docket, actor: str, publish: Callable[[Event], object] | None = None
    ) -> None:
        self.ledger = ledger
        self.actor = actor
        self.state = State()
        self._original = docket
        self._publish = publish
        self._corrected: tuple[tuple[int, ...], Scope] = ((), Scope(docket))
        self.refresh()
        if self.state.panel is None or self.state.panel.member(actor) is None:
            fix = "请向主评人索取本人的链接"
            with answering(ledger, actor, "enter"):
                raise ReviewError(Problem("not_a_member", "您不是该评价评审组的成员", found=actor, fix=fix))

    # -- reading --------------------------------------------------------------------------------------------------

    def refresh(self) -> bool:
        """Take in what others have recorded since; True when there was something."""
        if self.ledger.head() == Head(self.state.seq, self.state.head):
            return False
        self._take(self.ledger.events(after=self.state.seq))
        return True

    def _take(self, events: Sequence[Event]) -> None:
        """Fold what follows; events that do not are another ledger's, put in the place of the one that was read."""
        if self.state.seq and (not events or events[0].prev_hash != self.state.head):
            fix = "请停止评审,运行 workbench ledger verify 核对台账"
            raise LedgerError(
                Problem("other_chain", "台账已被替换,与本页面读到的接不上", found=self.ledger.name, fix=fix)
            )
        self.state.take(events)
        self.__dict__.pop("_reading", None)

    @property
    def panel(self) -> Panel:
        """The panel as it is now."""
        assert self.state.panel is not None  # checked when the desk was opened
        return self.state.panel

    @property
    def member(self) -> Member:
        """Who sits here. Raises ReviewError when the lead has taken them off the panel meanwhile."""
        member = self.panel.member(self.actor)
        if member is None:
            raise ReviewError(Problem("not_a_member", "您已不在该评价的评审组中", fix="请联系主评人"))
        return member

    @property
    def docket(self) -> Docket:
        """The computed evaluation with the ledger's corrections applied."""
        return self.scope.docket

    @property
    def scope(self) -> Scope:
        """The docket, indexed; made anew when a correction came or went."""
        numbers = tuple(self.state.corrections)
        if numbers != self._corrected[0]:
            self._corrected = (numbers, Scope(self._rescored(self.state)))
        return self._corrected[1]

    def _rescored(self, state: State) -> Docket:
        return self._original.replayed(list(state.corrections.items()))[0]

    @cached_property
    def _reading(self) -> Reading:
        return Reading(self.state, self.scope, self.member)

    @property
    def subjects(self) -> list[tuple[str, str]]:
        """Id and name of every evaluated subject."""
        return [(s.id, s.name) for s in self.scope.subjects.values()]

    def heading(self, subject: str) -> Heading:
        """The top of the page for one subject. Raises ReviewError when there is none."""
        self._known(subject)
        return heading(self._reading, subject)

    @property
    def hidden(self) -> str:
        """What the page says in place of what the member may not see yet."""
        return self._reading.hidden

    @property
    def compares_rounds(self) -> bool:
        """Whether the member may be told what this round has changed: of colleagues' opinions nothing but their spread."""
        return self._reading.compares_rounds

    def rows(self, subject: str) -> list[Row]:
        """The indicator table of one subject. Raises ReviewError when there is none."""
        self._known(subject)
        return self._reading.rows(subject)

    def detail(self, subject: str, indicator: str) -> Detail:
        """One indicator with everything the member may see. Raises ReviewError when there is none."""
        self._known(subject, indicator)
        return self._reading.detail((subject, indicator))

    def history(self) -> list[HistoryLine]:
        """All events the member may see, in words, latest first."""
        return history_lines(self.state, self.scope, self.member)

    def preview(self, subject: str) -> dict[Spot, MergedPoints]:
        """What a merge would give now, where it would give anything; for who may see it."""
        self._known(subject)
        return {s: m for s, m in self._reading.preview.items() if s[0] == subject}

    # -- saying ---------------------------------------------------------------------------------------------------

    def send(self, body: Body, client_id: str | None = None) -> Event:
        """Record one event. Raises ReviewError (and writes the access log) when it is not allowed now."""
        with answering(self.ledger, self.actor, body.kind):
            return self._record(body, client_id)

    def say(self, kind: str, *, client_id: str | None = None, **fields: Any) -> Event:
        """As :meth:`send`, from the fields of an event of this kind: what does not fit is refused like anything else."""
        with answering(self.ledger, self.actor, kind):
            return self._record(body_of(kind, fields), client_id)

    def _record(self, body: Body, client_id: str | None = None) -> Event:
        draft = made(Draft, {"actor": self.actor, "client_id": client_id or uuid.uuid4().hex, "body": body})
        after = self.state.seq
        check_files(self.ledger, body)

        def decide(newer: Sequence[Event]) -> None:
            unknown = newer[self.state.seq - after :]  # asked again after a lost race, part may be known
            if unknown:
                self._take(unknown)
            check(draft, self.state, self.scope)
            self._check_rescored(draft)

        event = self.ledger.append(draft, after, decide)
        if event.seq > self.state.seq:
            self._take([event] if event.seq == self.state.seq + 1 else self.ledger.events(after=self.state.seq))
        if self._publish is not None and due(event, self.state):
            self._publish(event)
        return event

    def _check_rescored(self, draft: Draft) -> None:
        """A correction that cannot be applied must not be recorded, nor one taken back that another rests on."""
        body, now = draft.body, dict(self.state.corrections)
        if body.kind not in ("correction", "correction_revoked"):
            return
        before = self._original.replayed(list(now.items()))[1]
        if body.kind == "correction":
            now[self.state.seq + 1] = body
        else:
            del now[body.correction]
        stale = self._original.replayed(list(now.items()))[1]
        problems = [p for number in stale if number not in before for p in stale[number]]
        if problems:
            raise ReviewError(problems)

    def _known(self, subject: str, indicator: str | None = None) -> None:
        problems = spot_problems(subject, indicator, self.scope)
        if problems:
            raise ReviewError(problems)

    def opine(
        self,
        subject: str,
        indicator: str,
        choice: Choice,
        points: Decimal | None = None,
        reason: str = "",
        evidence: str | None = None,
        attachments: Iterable[Attachment] = (),
        entry_for: tuple[str, Attachment] | None = None,
    ) -> Event:
        """认可, 调整, 不评 or 回避 on one indicator; ``entry_for`` (expert, scan) when typed in from paper (代录)."""
        with answering(self.ledger, self.actor, "opinion"):
            self._known(subject, indicator)
            spot = (subject, indicator)
            expert, entry = self._entry(entry_for)
            said = {
                "subject": subject,
                "indicator": indicator,
                "expert": expert,
                "choice": choice,
                "points": self._written(points),
                "reason": reason,
                "evidence": evidence,
                "attachments": list(attachments),
                "round": self.state.round,
                "basis": self.scope.basis(spot),
                "seen": seen(self.state, self.scope, self.member, spot),
                "entry": entry,
            }
            return self._record(body_of("opinion", said))

    def _written(self, points: Decimal | None) -> Decimal | None:
        """Points with the scheme's decimals where they have no more: 7.5 and 7.500 are both recorded as 7.50."""
        if points is None or not points.is_finite():
            return points
        rounded = half_up(points, self.scope.decimals)
        return rounded if rounded == points else points

    def begin_entry(self, expert: str) -> None:
        """Make sure that the member may type for an expert (代录). Raises ReviewError and writes the access log when not."""
        with answering(self.ledger, self.actor, "entry_begin"):
            problems = typing_problems(expert, self.actor, self.state, self.scope)
            if problems:
                raise ReviewError(problems)

    def _entry(self, entry_for: tuple[str, Attachment] | None) -> tuple[str, Entry | None]:
        if entry_for is None:
            return self.actor, None
        return entry_for[0], Entry(clerk=self.actor, scan=entry_for[1])

    def agreeable(self, subject: str) -> list[Spot]:
        """Unjudged indicators that follow from verified evidence and that the member could accept in one go."""
        waiting = [s for s in unjudged(self.state, self.scope, self.member) if s[0] == subject]
        return [s for s in waiting if self.scope.indicator(s).status == "scored" and not self.docket.judged(s[1])]

    def agree_rest(self, subject: str) -> list[Event]:
        """认可 on each of :meth:`agreeable`, one event each."""
        return [self.opine(*spot, "agree") for spot in self.agreeable(subject)]

    def withdraw(self, event: int, reason: str = "") -> Event:
        """Take back an opinion of one's own by its event number."""
        return self.say("withdrawal", opinion=event, reason=reason)

    def submit(self, entry_for: tuple[str, Attachment] | None = None) -> Event:
        """Close the present round for oneself, or as clerk for an expert."""
        expert, entry = self._entry(entry_for)
        return self.say("submission", expert=expert, round=self.state.round, entry=entry)

    def merge(self) -> Event:
        """Merge the submitted round. Raises ReviewError naming what keeps it from being merged."""
        with answering(self.ledger, self.actor, "merge"):
            results, _ = merged(self.state, self.scope)
            return self._record(Merge(kind="merge", round=self.state.round, rule=self.panel.merge, results=results))

    # -- files ----------------------------------------------------------------------------------------------------

    def attach(self, name: str, data: bytes) -> Attachment:
        """Keep a file beside the ledger, to be named in an event. Raises ReviewError when it is empty or too large."""
        with answering(self.ledger, self.actor, "attach"):
            if not can(self.member, self.state.phase):
                raise ReviewError(Problem("nothing_to_send", "您现在没有要提交的内容,不用上传附件"))
            return keep_file(self.ledger, name, data)

    def attachment(self, sha256: str) -> tuple[str, bytes] | None:
        """Name and bytes of a file of the evidence, or of one handed in with an event the member may see.

        None when it is not there or not the same. Raises ReviewError when it is confidential and there in encrypted form alone.
        """
        names = self._reading.attachment_names  # refuses whoever has been taken off the panel
        found = self.docket.attachment(sha256)
        if found is not None:
            return found
        name = names.get(sha256)
        data = self.ledger.kept(sha256) if name is not None else None
        if name is not None and data is None and self.ledger.withheld(sha256):
            raise ReviewError(withheld_problem(name))
        return None if name is None or data is None else (name, data)


def due(event: Event, state: State) -> bool:
    """Whether the results have changed for good, so that a new run is written."""
    if event.body.kind in ("merge", "sign_off", "reopening", "revision", "finalised"):
        return True
    return event.body.kind in ("correction", "correction_revoked") and state.merge is not None


def start_review(ledger: Ledger, docket: Docket, panel: Panel) -> None:
    """Open a ledger for a computed run with its panel.

    A ledger that is open already keeps its panel. When it is about another computed run (the evidence has changed and the plan
    was run again), it is recorded that the review goes on with this one; a page still open on the other is then refused.
    """
    state = folded(ledger.events())
    if state.opened is None or state.opened.run != docket.run:
        _append(ledger, _opened(docket), f"opened-{state.seq}-{docket.run[:32]}", docket)
    if state.panel is None:
        _append(ledger, PanelSet(kind="panel_set", panel=panel), f"panel_set-{docket.result.evaluation}", docket)


def _opened(docket: Docket) -> Opened:
    result = docket.result
    return Opened(
        kind="opened",
        evaluation=result.evaluation,
        run=docket.run,
        pack=f"{result.pack.id} {result.pack.version}",
        ruleset=f"{result.ruleset.id} {result.ruleset.version}",
        policy=f"{result.policy.id} {result.policy.version}",
    )


def _append(ledger: Ledger, body: Opened | PanelSet, client_id: str, docket: Docket) -> None:
    draft, state, scope = Draft(actor=SYSTEM, client_id=client_id[:64], body=body), State(), Scope(docket)

    def decide(events: Sequence[Event]) -> None:
        state.take(events)
        check(draft, state, scope)

    ledger.append(draft, 0, decide)
