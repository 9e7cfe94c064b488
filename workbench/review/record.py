"""Record (评审记录入结果): a computed result with the review on it — every expert's points, merged, final, who, when, why.

Computed points stay as they are. Experts are told apart only once everyone has submitted the round they spoke in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from workbench.base.errors import Problem, shorten
from workbench.base.exact import half_up
from workbench.base.text import plain
from workbench.review.events import CHOICE_WORDS, Merge, MergedPoints, Revision, RoundOpened
from workbench.review.history import correction_text
from workbench.review.merging import counted, rule_words
from workbench.review.notes import evidence_of, notes
from workbench.review.replay import ground, name_of, standing
from workbench.review.scope import Scope
from workbench.review.state import PHASE_WORDS, Spot, State, Vote, folded
from workbench.review.visibility import round_complete
from workbench.scheme.panel import MERGE_WORDS, ROLE_WORDS, Conflict, Member
from workbench.scoring.result import (
    NOT_COUNTED,
    WHY_NOT_COUNTED,
    Conclusion,
    ExpertPoints,
    FindingLine,
    IndicatorResult,
    IndicatorReview,
    ReviewPerson,
    ReviewRecord,
    SubjectResult,
)

LONGEST_FINDING = 300
"""Characters of a finding about a correction; its whole text stands among the notes."""
_ON_THE_CONCLUSION = frozenset(
    {"group_statement", "sign_off", "reopening", "draft_issued", "comment", "reply", "internal_review", "finalised"}
)
"""Notes about a conclusion that a result without the experts' points does not have: it must not seem signed."""
_BY_RULE = frozenset({"published_total_differs", "published_grade_differs"})
"""What was published is held against the points by rule, not against those of the experts."""
Stale = Mapping[int, Sequence[Problem]]
"""Number of a correction that no longer fits the evidence → why."""


def closed(state: State, scope: Scope) -> State | None:
    """The state as of the last time every expert had submitted; None before the first.

    A merge and a further round need that everyone has submitted, so later opinions may be half a round.
    """
    if state.phase != "open" or round_complete(state, scope):
        return state
    ends = [x.seq for x in state.events if isinstance(x.body, (Merge, RoundOpened))]
    return folded(state.events[: ends[-1]]) if ends else None


def _against_rule(final: Sequence[FindingLine], computed: Sequence[FindingLine]) -> list[FindingLine]:
    """The findings on a subject, in their places those that hold what was published against the computed conclusion."""
    at = next((n for n, f in enumerate(final) if f.code in _BY_RULE), len(final))
    kept = [[f for f in part if f.code not in _BY_RULE] for part in (final[:at], final[at:])]
    return [*kept[0], *(f for f in computed if f.code in _BY_RULE), *kept[1]]


@dataclass
class Record:
    """What a ledger says about a result.

    Args:
        scope: of the computed side, with the corrections that hold.
        stale: corrections that do not.
    """

    state: State
    scope: Scope
    stale: Stale

    @property
    def _counted(self) -> bool:
        """Whether the plan lets the experts' points count; left out, they are shown all the same."""
        return self.scope.docket.scheme.plan.experts == "counted"

    @cached_property
    def _closed(self) -> State | None:
        return closed(self.state, self.scope)

    @cached_property
    def _votes(self) -> dict[Spot, list[Vote]]:
        """Spot → opinions that are open to all, in the order of the panel; those of members who have left it come last."""
        if self._closed is None:
            return {}
        spots = {(subject, code) for subject, code, _ in self._closed.votes}
        return {spot: [v for v in self._closed.held_on(spot) if v.checked] for spot in spots}

    @cached_property
    def _fallen(self) -> dict[Spot, str]:
        """Settled points that no longer apply, and why."""
        return standing(self.state, self.scope).fallen if self._counted else {}

    def _text(self, points: Decimal) -> str:
        """Points as the scheme writes them: ``9.5`` is ``9.50``."""
        return plain(half_up(points, self.scope.decimals))

    def _fell(self, spot: Spot) -> FindingLine:
        points, why = self._text(self.state.settled[spot].points), self._fallen[spot]
        now = self.scope.computed(spot) if self.scope.has(spot) else None
        instead = f",现按计算得分{plain(now)}分计" if now is not None else ""
        message = f"{self.scope.title(spot)}评审得分{points}分不再适用:{why}{instead}。请重新评定"
        return FindingLine(code="review_not_applied", severity="warning", message=message, indicator=spot[1])

    @property
    def remarks(self) -> list[FindingLine]:
        """What is to be said of no single subject: settled points that are left out, or whose subject or indicator is no more."""
        if not self._counted:
            return [FindingLine(code="review_not_counted", severity="info", message=self._left_out())]
        return [self._fell(spot) for spot in self._fallen if not self.scope.has(spot)]

    def _left_out(self) -> str:
        settled, corrections = len(self.state.settled), len(self.state.corrections) - len(self.stale)
        points = f"评审得分{settled}项没有计入" if settled else "专家意见没有计入"
        facts = f";评审台账中的数据更正{corrections}项照常采用" if corrections else ""
        return f"{WHY_NOT_COUNTED}:{points},得分都是计算得分{facts}"

    # -- one subject ----------------------------------------------------------------------------------------------

    def subject(self, final: SubjectResult) -> SubjectResult:
        """A subject with its conclusion as computed, the review of each indicator and what is to be said about it."""
        computed = self.scope.subjects[final.id]
        return final.model_copy(
            update={
                "indicators": [self._indicator((final.id, i.code), i) for i in final.indicators],
                "findings": [*_against_rule(final.findings, computed.findings), *self._findings(final.id)],
                "computed": Conclusion(
                    total=computed.total,
                    interval=computed.interval,
                    grade=computed.grade,
                    grade_name=computed.grade_name,
                ),
            }
        )

    def _indicator(self, spot: Spot, indicator: IndicatorResult) -> IndicatorResult:
        votes, settled = self._votes.get(spot, []), self.state.settled.get(spot)
        if not votes and settled is None:
            return indicator
        entered = self._entered(spot)
        experts = [self._expert(v, counted=v.event.seq in entered) for v in votes]
        if settled is None:
            return indicator.model_copy(update={"review": IndicatorReview(experts=experts)})
        found, merged = ground(spot, settled), self._merged(spot)
        why_not = self._fallen.get(spot) if self._counted else WHY_NOT_COUNTED
        revised = isinstance(settled.event.body, Revision)
        review = IndicatorReview(
            experts=experts,
            merged=self._text(merged.points) if merged is not None else None,
            rule=self._rule(merged) if merged is not None else None,
            revised=self._text(settled.points) if revised else None,
            by=name_of(self.state, settled.event.actor),
            at=settled.event.at,
            reason=found.reason,
            applied=why_not is None,
            why_not=why_not,
        )
        return indicator.model_copy(update={"review": review})

    def _entered(self, spot: Spot) -> set[int]:
        """Numbers of the opinions that entered the last merge of a spot; before one, those that would. None where none count."""
        if not self._counted:
            return set()
        merged = self._merged(spot)
        if merged is not None:
            return set(merged.counted)
        return {c.event for c in counted(self.state, self.scope, spot)} if self.scope.has(spot) else set()

    def _merged(self, spot: Spot) -> MergedPoints | None:
        """What the last merge gave a spot."""
        merge = self.state.merge.body if self.state.merge is not None else None
        results = merge.results if isinstance(merge, Merge) else []
        return next((r for r in results if (r.subject, r.indicator) == spot), None)

    def _rule(self, merged: MergedPoints) -> str:
        merge = self.state.merge.body if self.state.merge is not None else None
        assert isinstance(merge, Merge)  # that is where the points are from
        return rule_words(merge.rule, len(merged.counted))

    def _expert(self, vote: Vote, *, counted: bool) -> ExpertPoints:
        body = vote.body
        points = {"agree": body.basis.computed, "adjust": body.points}.get(body.choice)
        return ExpertPoints(
            event=vote.event.seq,
            expert=body.expert,
            name=name_of(self.state, body.expert),
            choice=CHOICE_WORDS[body.choice],
            points=None if points is None else self._text(Decimal(points)),
            reason=body.reason,
            evidence=evidence_of(body),
            at=vote.event.at,
            round=body.round,
            entered_by=name_of(self.state, body.entry.clerk) if body.entry else None,
            counted=counted,
        )

    def _findings(self, subject: str) -> list[FindingLine]:
        lines = [self._fell(spot) for spot in self._fallen if spot[0] == subject and self.scope.has(spot)]
        lines += [self._correction(n) for n, body in self.state.corrections.items() if body.subject == subject]
        return lines + (self._unmerged(subject) if self._counted else [])

    def _correction(self, number: int) -> FindingLine:
        """A correction in force, or why it no longer is."""
        body = self.state.corrections[number]
        indicator = body.change.indicator if body.change.target == "proof" else None
        text = shorten(f"评审台账第{number}号{correction_text(body, self.scope)}", LONGEST_FINDING)
        if number not in self.stale:
            return FindingLine(code="review_correction", severity="info", message=text, indicator=indicator)
        why = "".join(str(p.at(key=None)) for p in self.stale[number])
        message = f"不再适用,没有采用:{text}。原因:{why}"
        return FindingLine(code="review_not_applied", severity="warning", message=message, indicator=indicator)

    def _unmerged(self, subject: str) -> list[FindingLine]:
        """How many opinions no merge has taken in; not whose, and not what they say."""
        last = self.state.merge.seq if self.state.merge is not None else 0
        waiting = sum(v.event.seq > last and v.body.subject == subject for v in self.state.votes.values())
        if not waiting:
            return []
        message = f"有{waiting}条专家意见尚未汇总,没有计入得分"
        return [FindingLine(code="review_unmerged", severity="info", message=message)]

    # -- the whole review -----------------------------------------------------------------------------------------

    def review(self) -> ReviewRecord:
        """Who, how merged, what was said, what no longer applies."""
        state, last = self.state, self.state.merge.body if self.state.merge is not None else None
        said = notes(state, self.scope, self._closed.seq if self._closed is not None else 0)
        return ReviewRecord(
            events=state.seq,
            phase=PHASE_WORDS[state.phase] if self._counted else NOT_COUNTED,
            round=state.round,
            merge_rule=MERGE_WORDS[last.rule] if isinstance(last, Merge) else None,
            people=self._people(),
            notes=[note for note in said if self._counted or note.kind not in _ON_THE_CONCLUSION],
            not_applied=[*map(self._fell, self._fallen), *map(self._correction, self.stale)],
        )

    def _people(self) -> list[ReviewPerson]:
        """The panel, and after it those who gave opinions and have left it."""
        members = self.state.panel.members if self.state.panel is not None else []
        here = {m.id for m in members}
        spoken = dict.fromkeys(v.body.expert for votes in self._votes.values() for v in votes)
        former = [m for person in spoken if person not in here and (m := self.state.person(person)) is not None]
        return [self._person(m, left=m.id not in here) for m in [*members, *former]]

    def _person(self, member: Member, *, left: bool) -> ReviewPerson:
        return ReviewPerson(
            id=member.id,
            name=member.name,
            roles=[ROLE_WORDS[r] for r in member.roles],
            specialty=member.specialty,
            organisation=member.organisation,
            title=member.title,
            weight=plain(member.weight),
            recused=";".join(self._conflict(c) for c in member.conflicts) or None,
            left=left,
        )

    def _conflict(self, conflict: Conflict) -> str:
        what = "、".join(x for x in (conflict.subject, conflict.indicator) if x) or "全部"
        return f"{what}:{conflict.reason}"
