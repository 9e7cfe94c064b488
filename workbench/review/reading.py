"""Reading: what one member may see of the present state, made once and read many times until the next event."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from workbench.base.text import half_width
from workbench.review.events import Challenge, Choice, MergedPoints, Opinion, Seen
from workbench.review.fields import Attachment
from workbench.review.history import history_lines, visible
from workbench.review.merging import counted, merged
from workbench.review.opinions import closed_to_points
from workbench.review.replay import Standing, name_of, standing
from workbench.review.scope import Scope
from workbench.review.state import Spot, State, Vote, said_points
from workbench.review.views import Bounds, Detail, EvidenceLine, Flag, Row, Said, Status
from workbench.review.visibility import round_complete, seen, submitted
from workbench.scheme.panel import Member
from workbench.scoring.result import IndicatorResult

FAR_PERCENT = 20
"""Percent of an indicator's points by which an opinion lies far from the computed ones (示例,可改)."""
SPREAD_PERCENT = 30
"""Percent of an indicator's points between the highest and the lowest opinion that is a wide spread (示例,可改)."""
SURE = "核实一致"
HIDDEN = "提交后可见"
WITHHELD = "暂不公开"
"""For who has nothing to submit: the evaluated unit, a delegate, a clerk."""
BY_CHOICE: dict[Choice, Status] = {
    "agree": "agreed",
    "adjust": "adjusted",
    "abstain": "abstained",
    "recuse": "recused",
}


@dataclass
class Reading:
    """One member's view of one state."""

    state: State
    scope: Scope
    member: Member
    _seen_by_rule: dict[bool, Seen] = field(default_factory=dict, init=False)
    """It differs between judged and computed indicators only, and is asked for on every line."""

    @cached_property
    def assigned(self) -> frozenset[Spot]:
        """Spots the member has to judge."""
        return frozenset(self.scope.assigned(self.member))

    @property
    def hidden(self) -> str:
        """What stands in place of what the member may not see yet."""
        return HIDDEN if self.assigned else WITHHELD

    @cached_property
    def submitted(self) -> bool:
        """Whether the member has submitted this round."""
        return submitted(self.state, self.scope, self.member)

    @cached_property
    def complete(self) -> bool:
        """Whether every expert has submitted this round."""
        return round_complete(self.state, self.scope)

    @cached_property
    def preview(self) -> dict[Spot, MergedPoints]:
        """What a merge would give now; nothing for who may not see colleagues' points."""
        if self.state.panel is None or self._seen.colleagues != "all":
            return {}
        return {(m.subject, m.indicator): m for m in merged(self.state, self.scope)[0]}

    @cached_property
    def settled(self) -> dict[Spot, Decimal]:
        """Merged or revised points that still hold, for who may see the conclusion."""
        return self._standing.points if self._seen.conclusion else {}

    @property
    def compares_rounds(self) -> bool:
        """Whether the member sees colleagues' opinions of a whole round: all of them, or how they are spread."""
        colleagues = self._seen.colleagues
        return colleagues == "all" or (colleagues == "distribution" and self.complete)

    @property
    def fallen(self) -> dict[Spot, str]:
        """Merged or revised points that no longer hold, and why; for who may see the conclusion."""
        return self._standing.fallen if self._seen.conclusion else {}

    @cached_property
    def _standing(self) -> Standing:
        return standing(self.state, self.scope)

    @cached_property
    def _seen(self) -> Seen:
        return seen(self.state, self.scope, self.member)

    def seen(self, spot: Spot) -> Seen:
        """What the member may see of one spot."""
        judged = self.scope.docket.judged(spot[1])
        if judged not in self._seen_by_rule:
            self._seen_by_rule[judged] = seen(self.state, self.scope, self.member, spot)
        return self._seen_by_rule[judged]

    @cached_property
    def _open_challenges(self) -> frozenset[Spot]:
        """Where the member knows of a challenge: the lead of all, an expert of their own until opinions are open."""
        may, events = self._seen, self.state.events
        open_events = [events[number - 1] for number in self.state.challenges]
        known = [e.body for e in open_events if visible(e, self.state, self.scope, self.member, may)]
        return frozenset((c.subject, c.indicator) for c in known if isinstance(c, Challenge))

    def rows(self, subject: str) -> list[Row]:
        """The indicator table of one subject."""
        result = self.scope.subjects[subject]
        return [self.row((subject, i.code)) for i in result.indicators]

    def row(self, spot: Spot) -> Row:
        """One line of the table."""
        indicator, may = self.scope.indicator(spot), self.seen(spot)
        vote = self.state.votes.get((*spot, self.member.id))
        merged_now = self.preview.get(spot)
        computed = self.scope.computed(spot)
        return Row(
            code=indicator.code,
            level1=indicator.level1,
            level2=indicator.level2,
            name=indicator.name,
            weight=self.scope.weight(spot),
            value=_shown(indicator) if may.computed else self.hidden,
            evidence_status=indicator.evidence_status,
            computed=computed if may.computed else None,
            computed_hidden=not may.computed,
            mine=self._points(vote) if vote is not None and self.scope.stands(vote) else None,
            panel=self.settled.get(spot, merged_now.points if merged_now is not None else None),
            final=self.settled.get(spot, computed) if may.conclusion else None,
            status=self._status(spot, vote),
            flags=tuple(self._flags(spot, vote)),
        )

    def _status(self, spot: Spot, vote: Vote | None) -> Status:
        if spot in self.settled:
            return "merged"
        if self.scope.conflict(self.member, spot) is not None:
            return "recused"
        if spot in self.assigned:
            if vote is None or not self.scope.stands(vote):
                return "unjudged"
            return BY_CHOICE[vote.body.choice] if vote.checked else "unchecked"
        if "lead" not in self.member.roles or spot not in self._wanted:
            return "not_assigned"
        return self._panel_status(spot)

    def _panel_status(self, spot: Spot) -> Status:
        """How far the whole panel has come with a spot."""
        votes = [v for v in self.state.votes_on(spot) if self.scope.stands(v)]
        if {m.id for m in self._experts_on(spot)} - {v.body.expert for v in votes}:
            return "unjudged"
        return "adjusted" if any(v.body.choice == "adjust" for v in votes) else "agreed"

    @cached_property
    def _wanted(self) -> frozenset[Spot]:
        return frozenset(self.scope.assigned_to_any(self.state.panel)) if self.state.panel else frozenset()

    @cached_property
    def _by_expert(self) -> list[tuple[Member, frozenset[Spot]]]:
        experts = self.state.panel.having("expert") if self.state.panel else []
        return [(m, frozenset(self.scope.assigned(m))) for m in experts]

    def _experts_on(self, spot: Spot) -> list[Member]:
        return [m for m, spots in self._by_expert if spot in spots]

    def _flags(self, spot: Spot, vote: Vote | None) -> list[Flag]:
        indicator, weight = self.scope.indicator(spot), self.scope.weight(spot)
        flags: list[Flag] = []
        if vote is not None and not self.scope.stands(vote):
            flags.append("stale")
        elif spot in self.assigned and vote is None:
            flags.append("unjudged")
        if self._is_far(spot, vote, weight):
            flags.append("far")
        if self.scope.applies(spot) and indicator.evidence_status != SURE:
            flags.append("weak_evidence")
        if indicator.status == "unscored":
            flags.append("unscored")
        if spot in self._open_challenges:
            flags.append("challenged")
        return flags + self._panel_flags(spot, weight)

    def _is_far(self, spot: Spot, vote: Vote | None, weight: Decimal) -> bool:
        computed = self.scope.computed(spot)
        said = [self.settled.get(spot), vote.body.points if vote is not None else None]
        if computed is None or not self.seen(spot).computed:
            return False
        return any(p is not None and abs(p - computed) * 100 >= weight * FAR_PERCENT for p in said)

    def _panel_flags(self, spot: Spot, weight: Decimal) -> list[Flag]:
        if self.state.panel is None or self._seen.colleagues != "all":
            return []
        flags: list[Flag] = []
        points = self._counted(spot)
        if points and (max(points) - min(points)) * 100 >= weight * SPREAD_PERCENT:
            flags.append("spread")
        needed, wanted = self.scope.quorum(self.state.panel), spot in self._wanted and self.scope.answerable(spot)
        if wanted and (len(self._experts_on(spot)) < needed or (self.complete and len(points) < needed)):
            flags.append("no_quorum")  # with too few experts it can be told before they have said anything
        if spot in self.state.settled and spot not in self._standing.points:
            flags.append("not_applied")
        return flags

    @cached_property
    def short_of_experts(self) -> int:
        """How many spots can never be merged with the experts they have: their number is below the quorum."""
        if self.state.panel is None:
            return 0
        needed = self.scope.quorum(self.state.panel)
        return sum(len(self._experts_on(spot)) < needed for spot in self._wanted)

    @cached_property
    def unassigned(self) -> int:
        """How many spots need a judgement and have nobody to give it: neither computed nor asked of an expert."""
        spots = ((subject, code) for subject in self.scope.subjects for code in self.scope.codes)
        open_spots = (s for s in spots if self.scope.applies(s) and self.scope.computed(s) is None)
        return sum(s not in self._wanted and self.scope.open_to_points(s[1]) for s in open_spots)

    def _counted(self, spot: Spot) -> list[Decimal]:
        return [c.points for c in counted(self.state, self.scope, spot)]

    def detail(self, spot: Spot) -> Detail:
        """One indicator with everything the member may see."""
        indicator, row = self.scope.indicator(spot), self.row(spot)
        may = self.seen(spot)
        low, high = self.scope.bounds(spot)
        if not may.computed:  # bounds around the computed points would give them away
            low, high = Decimal(0), self.scope.weight(spot)
        closed = closed_to_points(spot, self.scope)
        return Detail(
            row=row,
            target=indicator.target,
            unit=indicator.unit,
            formula=indicator.formula,
            substituted=indicator.substituted if may.computed else None,
            rule=indicator.rule,
            rule_text=self.scope.docket.rule_text(spot[1], spot[0] if may.computed else None),
            explanation=indicator.explanation if may.computed else None,
            clause=indicator.clause,
            example=indicator.example,
            evidence=tuple(EvidenceLine(e.title, e.place, e.status, e.document, e.sha256) for e in indicator.evidence),
            bounds=Bounds(low, high, None if closed is None else f"{closed.message}。{closed.fix or ''}"),
            choices=self._choices(spot),
            opinions=tuple(self._opinions(spot)),
            distribution=self._distribution(spot),
            history=tuple(history_lines(self.state, self.scope, self.member, spot)),
            can_challenge=self._can_challenge(spot),
        )

    def _can_challenge(self, spot: Spot) -> bool:
        """An expert may doubt what is not for them to judge too, such as 不适用, but not what they have to stay away from."""
        may = "expert" in self.member.roles and self.scope.conflict(self.member, spot) is None
        return self.state.phase == "open" and (may or "lead" in self.member.roles)

    def _choices(self, spot: Spot) -> tuple[Choice, ...]:
        typing = "clerk" in self.member.roles and self.scope.applies(spot)
        if self.state.phase != "open" or not (typing or (spot in self.assigned and not self.submitted)):
            return ()
        shown = self.scope.computed(spot) is not None and self.seen(spot).computed
        choices: list[Choice] = ["agree"] if shown else []
        choices += ["adjust"] if closed_to_points(spot, self.scope) is None else []
        return (*choices, "abstain", "recuse")

    def _opinions(self, spot: Spot) -> list[Said]:
        may = self._seen
        votes = self.state.held_on(spot)  # those of former members too: they are in the ledger and in the result
        return [self._said(v) for v in votes if visible(v.event, self.state, self.scope, self.member, may)]

    def _said(self, vote: Vote) -> Said:
        body, panel = vote.body, self.state.panel
        left = panel is not None and panel.member(body.expert) is None
        entered = {c.event for c in counted(self.state, self.scope, vote.spot)}
        return Said(
            event=vote.event.seq,
            who=name_of(self.state, body.expert) + ("(已退出评审组)" if left else ""),
            choice=body.choice,
            points=self._points(vote),
            reason=body.reason,
            evidence=body.evidence,
            at=vote.event.at,
            round=body.round,
            entered_by=name_of(self.state, body.entry.clerk) if body.entry else None,
            attachments=tuple(_papers(body)),
            counted=vote.event.seq in entered or body.choice in ("abstain", "recuse"),
        )

    def _points(self, vote: Vote) -> Decimal | None:
        """The points of an opinion; those of a 认可 tell what was computed, and are shown where that is."""
        agreed = vote.body.choice == "agree"
        return None if agreed and not self.seen(vote.spot).computed else said_points(vote.body)

    def _distribution(self, spot: Spot) -> tuple[Decimal, ...]:
        may = self.seen(spot)
        if may.colleagues == "none":
            return ()
        if may.colleagues == "all" or self.complete:
            return tuple(sorted(self._counted(spot)))
        return self.state.earlier.get(spot, ())

    @cached_property
    def attachment_names(self) -> dict[str, str]:
        """SHA-256 → name of every attachment of an event the member may see."""
        found: dict[str, str] = {}
        for event in self.state.events:
            if visible(event, self.state, self.scope, self.member, self._seen):
                papers = (
                    _papers(event.body) if isinstance(event.body, Opinion) else getattr(event.body, "attachments", [])
                )
                found.update({a.sha256: a.name for a in papers})
        return found


def _papers(body: Opinion) -> list[Attachment]:
    return [*body.attachments, *([body.entry.scan] if body.entry else [])]


def _shown(indicator: IndicatorResult) -> str:
    """The value as a reader knows it, with its unit."""
    if indicator.shown is None:
        return "—"
    unit = indicator.unit or ""
    return (
        indicator.shown
        if not unit or half_width(indicator.shown).endswith(half_width(unit))
        else f"{indicator.shown}{unit}"
    )
