"""Random reviews: many people try many things in any order, and what must always hold holds after each step."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from itertools import count
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from workbench.base.errors import ReviewError
from workbench.review.events import Event, Merge, Opinion, Revision
from workbench.review.heading import heading
from workbench.review.history import history_lines
from workbench.review.ledger.port import Head
from workbench.review.reading import Reading
from workbench.review.scope import Scope
from workbench.review.state import State, folded

EXPERTS = ("e1", "e2", "e3")
SPOTS = [("S1", code) for code in ("D1", "D2", "P1", "P2", "B1")]
STEPS = (
    *["opine"] * 5,
    *["finish"] * 3,
    *["merge", "sign", "round", "withdraw", "type", "check", "challenge", "reject", "correct", "revoke"],
    *["reopen", "draft", "comment", "reply", "revise", "review", "final", "panel"],
)

DONE = [("finish", expert, 0) for expert in EXPERTS]
SIGNED = [*DONE, ("merge", "e1", 0), ("sign", "e1", 0)]
BEGINNINGS = ([], DONE, SIGNED[:-1], SIGNED, [*SIGNED, ("draft", "e1", 0), ("comment", "e1", 0), ("reply", "e1", 1)])
"""Where a walk sets out from: what comes late would seldom be reached by chance."""


@dataclass
class Walk:
    """A review and who says what next. Every opinion has a reason and, where it has points, points nobody else has."""

    bench: Any
    numbers: Any = field(default_factory=lambda: count(1))
    said: dict[int, tuple[str, str]] = field(default_factory=dict)
    """Number of an opinion → its reason, and its points as they would be shown."""
    taken: Head = field(default_factory=lambda: Head(0, ""))
    """Where the ledger was when the last event was taken."""

    @property
    def state(self) -> State:
        return self.bench["lead"].state

    def step(self, what: str, who: str, pick: int) -> Event | None:
        """Try one thing; None when it was refused."""
        self.taken = self.bench.ledger.head()
        try:
            return getattr(self, what)(who, pick)
        except ReviewError:
            assert self.bench.ledger.head() == self.taken
            return None

    def last(self, kind: str) -> int:
        found = [e.seq for e in self.state.events if e.body.kind == kind]
        return found[-1] if found else 1

    def opine(self, who: str, pick: int, entry_for: Any = None) -> Event:
        n, desk, spot = next(self.numbers), self.bench["clerk" if entry_for else who], SPOTS[pick % 5]
        choice = ("adjust", "agree", "abstain")[pick // 5 % 3]
        points = Decimal((137 * n) % 997).scaleb(-2) if choice == "adjust" else None
        reason = f"理由{who}之{n}号"
        event = desk.opine(*spot, choice, points, reason, entry_for=entry_for)
        self.said[event.seq] = (reason, f"为{points}分" if points is not None else reason)
        self.taken = self.bench.ledger.head()  # a step of several events may be refused after some of them
        return event

    def type(self, who: str, pick: int) -> Event:
        return self.opine(who, pick, (who, self.bench.scan()))

    def check(self, who: str, pick: int) -> Event:
        waiting = [v.event.seq for v in self.state.votes.values() if not v.checked]
        return self.bench.say("checker", "entry_checked", opinions=waiting)

    def finish(self, who: str, pick: int) -> Event:
        """Judge what is left, points where they may be given, and submit."""
        for n, (subject, code) in enumerate(SPOTS):
            if self.bench[who].detail(subject, code).row.status == "unjudged":
                self.opine(who, n + (5 if code in ("P1", "P2") else 0))
        return self.bench[who].submit()

    def withdraw(self, who: str, pick: int) -> Event:
        return self.bench[who].withdraw(self.last("opinion"))

    def merge(self, who: str, pick: int) -> Event:
        return self.bench["lead"].merge()

    def sign(self, who: str, pick: int) -> Event:
        return self.bench.say("lead", "sign_off", statement="同意")

    def round(self, who: str, pick: int) -> Event:
        return self.bench.say("lead", "round_opened", round=self.state.round + 1, reason="再议")

    def challenge(self, who: str, pick: int) -> Event:
        return self.bench.say(who, "challenge", subject="S1", indicator=SPOTS[pick % 5][1], about="value", text="有误")

    def reject(self, who: str, pick: int) -> Event:
        return self.bench.say("lead", "challenge_rejected", challenge=self.last("challenge"), reason="已核对")

    def correct(self, who: str, pick: int) -> Event:
        status = ("核实一致", "已提供未核实", "核实不符")[pick % 3]
        value = str(60 + pick % 7) if status == "核实不符" else None
        change = {"target": "proof", "indicator": "P2", "status": status, "verified_value": value}
        cites = [self.last("challenge")] if pick % 2 and self.state.challenges else []
        return self.bench.say("lead", "correction", subject="S1", change=change, reason="复核", cites=cites)

    def revoke(self, who: str, pick: int) -> Event:
        return self.bench.say("lead", "correction_revoked", correction=self.last("correction"), reason="有误")

    def reopen(self, who: str, pick: int) -> Event:
        return self.bench.say("lead", "reopening", reason="有误")

    def draft(self, who: str, pick: int) -> Event:
        return self.bench.say("lead", "draft_issued", to=["第一小学"])

    def comment(self, who: str, pick: int) -> Event:
        return self.bench.say("unit", "comment", source="第一小学", text="偏低", subject="S1", indicator="B1")

    def reply(self, who: str, pick: int) -> Event:
        return self.bench.say("lead", "reply", comment=self.last("comment"), accepted=pick % 3 > 0, reason="已核对")

    def revise(self, who: str, pick: int) -> Event:
        basis = self.bench["lead"].scope.basis(("S1", "B1"))
        fields = {"subject": "S1", "indicator": "B1", "points": str(20 + pick % 9), "reason": "属实", "basis": basis}
        return self.bench.say("lead", "revision", **fields, cites=[self.last("comment")] if pick % 2 else [])

    def review(self, who: str, pick: int) -> Event:
        return self.bench.say("reviewer", "internal_review", passed=pick % 4 > 0, text="已核对")

    def final(self, who: str, pick: int) -> Event:
        return self.bench.say("lead", "finalised")

    def panel(self, who: str, pick: int) -> Event:
        """Somebody leaves, or comes back."""
        panel, everybody = self.state.panel, self.state.panels[2]
        there = panel.member("e3") is not None
        members = [m for m in everybody.members if not (there and m.id == "e3")]
        return self.bench.say("lead", "panel_set", panel=panel.model_copy(update={"members": members}), reason="变更")


def moved_with_ground(phase: str, event: Event, state: State) -> bool:
    """Points settle by a merge while the panel is open, later only by a revision that names its ground."""
    if isinstance(event.body, Merge):
        return phase == "open"
    assert isinstance(event.body, Revision)
    cited = [state.replies[n].accepted for n in event.body.cites]
    return phase == "consultation" and ((bool(cited) and all(cited)) or bool(event.body.evidence))


def may_know(viewer: str, opinion: Event, state: State, *, done: set[str], leads: bool) -> bool:
    """Whether a viewer may know who gave this opinion: the rules of the issue once more, from scratch."""
    body = opinion.body
    assert isinstance(body, Opinion)
    everyone = all(m.id in done for m in state.panel.having("expert"))
    if state.phase != "open":
        return viewer not in ("unit", "delegate") or viewer in (body.expert, opinion.actor)
    if viewer in (body.expert, opinion.actor):
        return True
    if viewer in EXPERTS:
        if leads and viewer == "e1":
            return not state.panel.blind or viewer in done
        return not state.panel.blind and viewer in done
    return {
        "lead": True,
        "analyst": True,
        "reviewer": True,
        "observer": everyone,
        "checker": body.entry is not None,
    }.get(viewer, False)


def nothing_leaks(walk: Walk, scope: Scope, event: Event, *, leads: bool) -> None:
    """No view of anybody has a reason, or points, of an opinion they may not know of yet."""
    state = walk.state
    spot = (getattr(event.body, "subject", None) or "S1", getattr(event.body, "indicator", None) or "B1")
    progress = heading(Reading(state, scope, state.panel.lead), "S1").progress
    done = {p.expert for p in progress if p.submitted}
    held = {v.event.seq for v in state.votes.values()}
    for member in state.panel.members:
        reading = Reading(state, scope, member)
        top, rows, detail = heading(reading, "S1"), reading.rows("S1"), reading.detail(spot)
        shown = repr((top, rows, detail, history_lines(state, scope, member)))
        for number, (reason, points) in walk.said.items():
            opinion = state.events[number - 1]
            if not may_know(member.id, opinion, state, done=done, leads=leads):
                assert reason not in shown and points not in shown, (member.id, number)
                anonymous = state.round > 1 or done >= {m.id for m in state.panel.having("expert")}
                said = opinion.body.points
                if not anonymous and number in held and said is not None and detail.row.mine != said:
                    assert said not in detail.distribution and detail.row.panel is None and detail.row.final is None
        if (
            state.phase == "open"
            and member.id in EXPERTS
            and member.id not in done
            and member.id != state.panel.lead.id
        ):
            assert (top.computed, top.current, top.preview) == (None, None, None)
            assert all(r.panel is None and r.final is None and r.status != "merged" for r in rows)


# A long walk is not shortened: each attempt is a review of its own, and the steps are printed as they were.
@settings(max_examples=10, phases=[Phase.generate], suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(BEGINNINGS),
    st.lists(st.tuples(st.sampled_from(STEPS), st.sampled_from(EXPERTS), st.integers(0, 59)), min_size=15, max_size=25),
    st.booleans(),
    st.booleans(),
    st.booleans(),
)
def test_whatever_is_tried(review, panel_of, member, beginning, steps, blind, hidden, leads):
    people = [member("e1", *(["lead"] if leads else []), "expert"), member("e2"), member("e3")]
    bench = review(panel_of(people, blind=blind, hide_computed=hidden))
    if leads:  # the walk calls the lead by that name
        bench.desks["lead"] = bench["e1"]
    walk, computed = Walk(bench), bench.docket.result.model_dump_json()
    for what, who, pick in [*beginning, *steps]:
        phase, settled, seq = walk.state.phase, dict(walk.state.settled), walk.state.seq
        walk.step(what, who, pick)
        state = walk.state
        if state.seq == seq:
            continue
        assert state.settled == settled or moved_with_ground(phase, state.events[-1], state)
        scope = Scope(bench.docket.replayed(list(state.corrections.items()))[0])
        nothing_leaks(walk, scope, state.events[-1], leads=leads)
    # One by one as the desk took them, refused attempts in between, or all at once: the same.
    assert walk.state == folded(bench.ledger.events())
    assert bench.docket.result.model_dump_json() == computed
