"""Permits: may this person say this now? Every event passes here, inside the transaction that would record it.

The page only offers what is allowed; that is convenience. What holds is what is refused here.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import singledispatchmethod
from typing import Any

from workbench.base.errors import Problem, ReviewError
from workbench.review.events import (
    Answer,
    Challenge,
    ChallengeRejected,
    Comment,
    Correction,
    CorrectionRevoked,
    Draft,
    DraftIssued,
    Entry,
    EntryChecked,
    Finalised,
    Inquiry,
    InternalReview,
    Merge,
    Opened,
    Opinion,
    PanelSet,
    Reopening,
    Reply,
    Revision,
    RoundOpened,
    SignOff,
    Statement,
    Submission,
    Withdrawal,
)
from workbench.review.merging import merged, up_to_date
from workbench.review.opinions import (
    basis_problems,
    entry_problems,
    is_blank,
    opinion_problems,
    own_first,
    points_problems,
    spot_problems,
)
from workbench.review.panels import panel_set_problems
from workbench.review.rectification.bodies import RECTIFYING
from workbench.review.rectification.rules import rectification_problems
from workbench.review.scope import Scope
from workbench.review.state import State
from workbench.review.visibility import active_experts, round_complete, standing_vote, submitted, unjudged
from workbench.review.who import CLOSED_FIX, door_problems, role_problem
from workbench.scheme.panel import SYSTEM, Member, Role


def check(draft: Draft, state: State, scope: Scope) -> None:
    """Raise ReviewError with every reason why the draft may not be the next event."""
    problems = Permits(state, scope, draft.actor).problems(draft.body)
    if problems:
        raise ReviewError(problems)


@dataclass(frozen=True)
class Permits:
    """The rules, for one person at one moment."""

    state: State
    scope: Scope
    actor: str

    @property
    def member(self) -> Member | None:
        """The actor as a member of the panel."""
        return self.state.panel.member(self.actor) if self.state.panel else None

    def problems(self, body: Any) -> list[Problem]:
        """Why the actor may not send this now; empty when they may."""
        if isinstance(body, Opened):
            return self._opening(body)
        if isinstance(body, RECTIFYING):
            return rectification_problems(body, self.state, self.member)
        if self.state.opened is None:
            return [Problem("not_opened", "评审台账还没有建立", fix="请先运行 workbench review")]
        if self.state.opened.run != self.scope.docket.run:
            fix = "请重新打开评审页面(workbench review),在新的运行上继续"
            return [Problem("run_replaced", "评审已转到另一次运行,本页面的资料和得分不再是评审对象", fix=fix)]
        if self.member is None and not (self.actor == SYSTEM and isinstance(body, PanelSet) and not self.state.panel):
            return [
                Problem("not_a_member", "您不是该评价评审组的成员", found=self.actor, fix="请向主评人索取本人的链接")
            ]
        member = self.member
        doors = [] if member is None else door_problems(body.kind, member, self.state.phase)
        return doors or self._problems(body)

    def _opening(self, body: Opened) -> list[Problem]:
        """A ledger begins once; later it may go on with another computed run of the same evaluation."""
        known = self.state.opened
        if known is None:
            return []
        if known.run == body.run:
            return [Problem("opened_before", "评审台账已经建立")]
        if self.actor != SYSTEM or known.evaluation != body.evaluation:
            return [Problem("other_evaluation", "评审台账属于另一项评价", found=body.evaluation)]
        return []

    @singledispatchmethod
    def _problems(self, body: Any) -> list[Problem]:
        raise TypeError(f"no rule for {type(body).__name__}")

    @_problems.register
    def _(self, body: PanelSet) -> list[Problem]:
        return panel_set_problems(body, self.state, self.scope)

    @_problems.register
    def _(self, body: RoundOpened) -> list[Problem]:
        problems = self._incomplete() + _blank(body.reason, "另开一轮的理由")
        wanted = self.state.round + 1
        if body.round != wanted:
            problems.append(Problem("wrong_round", "轮次不对", found=str(body.round), expected=str(wanted)))
        return problems

    @_problems.register
    def _(self, body: Opinion) -> list[Problem]:
        return self._hand(body.entry) + opinion_problems(body, self.actor, self.state, self.scope)

    def _hand(self, entry: Entry | None) -> list[Problem]:
        """Experts speak for themselves, clerks for others."""
        needed: Role = "expert" if entry is None else "clerk"
        if self.member is None or needed in self.member.roles:
            return []
        return [role_problem(self.member, needed)]

    @_problems.register
    def _(self, body: Withdrawal) -> list[Problem]:
        vote = next((v for v in self.state.votes.values() if v.event.seq == body.opinion), None)
        if vote is None:
            return [Problem("no_opinion", "没有这条现行意见,可能已撤回或已修改", found=f"第{body.opinion}号")]
        if self.actor not in (vote.event.actor, vote.body.expert):
            return [Problem("not_yours", "只能撤回本人的意见,或本人代录的意见")]
        return self._already_submitted(vote.body.expert)

    def _already_submitted(self, expert: str) -> list[Problem]:
        member = self.state.panel.member(expert) if self.state.panel else None
        if member is not None and submitted(self.state, self.scope, member):
            fix = "如需修改,请主评人另开一轮评审"
            return [Problem("submitted", "本轮意见已提交,不能再改", fix=fix)]
        return []

    @_problems.register
    def _(self, body: EntryChecked) -> list[Problem]:
        problems = own_first(self.actor, self.state, self.scope)
        votes = {v.event.seq: v for v in self.state.votes.values()}
        for number in body.opinions:
            vote = votes.get(number)
            if vote is None or vote.body.entry is None:
                problems.append(Problem("no_entry", "没有这条代录意见", found=f"第{number}号"))
            elif self.actor in (vote.event.actor, vote.body.expert):
                problems.append(
                    Problem("same_person", "代录须由另一人复核,不能是代录人或专家本人", found=f"第{number}号")
                )
        return problems

    @_problems.register
    def _(self, body: Submission) -> list[Problem]:
        problems = self._hand(body.entry)
        member = self.state.panel.member(body.expert) if self.state.panel else None
        if member is None:
            return [*problems, Problem("not_a_member", "评审组没有这名专家", found=body.expert)]
        if body.entry is not None:
            problems += entry_problems(body.entry, self.actor, member, self.state, self.scope)
        elif body.expert != self.actor:
            problems.append(Problem("not_yours", "只能提交本人的评审意见", found=body.expert))
        if not self.scope.assigned(member):
            problems.append(Problem("not_assigned", f"没有分派给{member.name}的指标,不用提交"))
        if body.round != self.state.round:
            problems.append(Problem("wrong_round", "轮次不对", found=str(body.round), expected=str(self.state.round)))
        missing = unjudged(self.state, self.scope, member)
        if missing:
            names = "、".join(self.scope.title(s) for s in missing[:5]) + ("等" if len(missing) > 5 else "")
            fix = "每项都须选择认可、调整、不评或回避"
            problems.append(Problem("unjudged", f"还有{len(missing)}项未评定", found=names, fix=fix))
        votes = (standing_vote(self.state, self.scope, member, spot) for spot in self.scope.assigned(member))
        unchecked = [v for v in votes if v is not None and not v.checked]
        if unchecked:
            problems.append(Problem("unchecked", f"还有{len(unchecked)}项代录意见未经第二人复核"))
        return problems + self._already_submitted(body.expert)

    @_problems.register
    def _(self, body: Statement) -> list[Problem]:
        problems = self._speaker(body) + _blank(body.text, "意见") + self._about(body.subject)
        before = self.state.event(body.supersedes) if body.supersedes is not None else None
        same = before is not None and isinstance(before.body, Statement) and before.body.of == body.of
        if body.supersedes is not None and not (same and before is not None and before.actor == self.actor):
            problems.append(Problem("not_yours", "只能替换本人提交的同类意见", found=f"第{body.supersedes}号"))
        return problems

    def _speaker(self, body: Statement) -> list[Problem]:
        member, open_now = self.member, self.state.phase == "open"
        # A delegate without a link hands the opinion in on paper, to the lead.
        roles: dict[str, tuple[Role, ...]] = {
            "expert": ("expert",),
            "group": ("lead",),
            "delegate": ("delegate", "lead"),
        }
        if member is not None and not set(roles[body.of]) & set(member.roles):
            return [role_problem(member, *roles[body.of])]
        if body.of != "delegate" and not open_now:
            return [Problem("wrong_phase", "专家组已签字,不能再提交意见", fix=CLOSED_FIX[self.state.phase])]
        return []

    @_problems.register
    def _(self, body: Inquiry) -> list[Problem]:
        return _blank(body.text, "问题") + self._about(body.subject, body.indicator)

    @_problems.register
    def _(self, body: Answer) -> list[Problem]:
        problems = _blank(body.text, "答复")
        return problems + self._refers(body.inquiry, Inquiry, "质询")

    @_problems.register
    def _(self, body: Challenge) -> list[Problem]:
        return _blank(body.text, "质疑的理由") + self._about(body.subject, body.indicator)

    @_problems.register
    def _(self, body: ChallengeRejected) -> list[Problem]:
        problems = _blank(body.reason, "不予更正的理由")
        if body.challenge not in self.state.challenges:
            problems.append(Problem("no_challenge", "没有这条待答复的质疑", found=f"第{body.challenge}号"))
        return problems

    @_problems.register
    def _(self, body: Correction) -> list[Problem]:
        problems = _blank(body.reason, "更正的理由")
        indicator = body.change.indicator if body.change.target == "proof" else None
        return problems + spot_problems(body.subject, indicator, self.scope) + self._grounds(body)

    @_problems.register
    def _(self, body: CorrectionRevoked) -> list[Problem]:
        problems = _blank(body.reason, "撤销更正的理由")
        if body.correction not in self.state.corrections:
            problems.append(Problem("no_correction", "没有这条现行的数据更正", found=f"第{body.correction}号"))
        return problems

    @_problems.register
    def _(self, body: Merge) -> list[Problem]:
        problems = self._incomplete()
        if problems or self.state.panel is None:
            return problems
        if body.round != self.state.round or body.rule != self.state.panel.merge:
            problems.append(Problem("merge_outdated", "汇总的轮次或办法与评审组的设置不符", fix="请重新汇总"))
        results, missing = merged(self.state, self.scope)
        if not missing and results != body.results:
            problems.append(Problem("merge_outdated", "汇总结果与现行意见算得的不符", fix="请刷新后重新汇总"))
        return problems + missing

    @_problems.register
    def _(self, body: SignOff) -> list[Problem]:
        problems = _blank(body.statement, "签字意见") + self._incomplete()
        if not up_to_date(self.state, self.scope):
            problems.append(Problem("not_merged", "还没有汇总,或汇总之后意见、资料又有变动", fix="请先汇总,再签字"))
        if self.state.challenges:
            numbers = "、".join(f"第{n}号" for n in self.state.challenges)
            fix = "请逐条更正,或说明不予更正的理由"
            problems.append(Problem("open_challenges", "还有未答复的质疑", found=numbers, fix=fix))
        return problems

    @_problems.register
    def _(self, body: Reopening) -> list[Problem]:
        return _blank(body.reason, "重新开启的理由")

    @_problems.register
    def _(self, body: DraftIssued) -> list[Problem]:
        return [p for to in body.to for p in _blank(to, "征求意见的对象")]

    @_problems.register
    def _(self, body: Comment) -> list[Problem]:
        problems = _blank(body.text, "意见") + _blank(body.source, "意见来源")
        return problems + spot_problems(body.subject, body.indicator, self.scope)

    @_problems.register
    def _(self, body: Reply) -> list[Problem]:
        problems = _blank(body.reason, "采纳或不采纳的理由") + self._refers(body.comment, Comment, "意见")
        if not body.accepted and self._rested_on(body.comment):
            fix = "请先另行改分或更正,不再引用该意见"
            problems.append(
                Problem("rested_on", "现行得分引用了该意见,不能改为不采纳", found=f"第{body.comment}号", fix=fix)
            )
        return problems

    @_problems.register
    def _(self, body: Revision) -> list[Problem]:
        spot = (body.subject, body.indicator)
        problems = _blank(body.reason, "改分的理由") + spot_problems(*spot, self.scope)
        if problems:
            return problems
        problems = points_problems(body.points, spot, self.scope) + basis_problems(body.basis, spot, self.scope)
        return problems + self._grounds(body)

    @_problems.register
    def _(self, body: InternalReview) -> list[Problem]:
        problems = _blank(body.text, "审核意见")
        if self.actor in self.state.ever("lead", "analyst"):
            problems.append(Problem("reviewed_self", "内部审核人不得是本次评价的主评人或评价人员,包括曾任的"))
        return problems

    @_problems.register
    def _(self, body: Finalised) -> list[Problem]:
        problems = []
        unanswered = [n for n in self.state.comments if n not in self.state.replies]
        if unanswered:
            numbers = "、".join(f"第{n}号" for n in unanswered)
            fix = "财监〔2021〕4号要求逐条说明采纳与否及理由"
            problems.append(Problem("unanswered", "还有未答复的意见", found=numbers, fix=fix))
        review = self.state.internal_review
        passed = review is not None and isinstance(review.body, InternalReview) and review.body.passed
        if review is None or not passed or review.seq < self.state.moved:
            fix = "由主评人、评价人员以外的内部审核人审核;得分变动后须重新审核"
            problems.append(Problem("not_reviewed", "内部审核尚未通过,或审核后得分又有变动", fix=fix))
        return problems

    def _incomplete(self) -> list[Problem]:
        if self.state.phase != "open" or round_complete(self.state, self.scope):
            return []
        experts = active_experts(self.state.panel, self.scope) if self.state.panel is not None else []
        if not experts:
            return [Problem("no_experts", "还没有评审专家,没有意见可汇总", fix="请先在“评审组”中设定评审专家和分工")]
        names = "、".join(m.name for m in experts if not submitted(self.state, self.scope, m))
        return [Problem("round_open", "还有专家没有提交本轮意见", found=names, fix="请提醒他们提交")]

    def _about(self, subject: str | None, indicator: str | None = None) -> list[Problem]:
        """What is said is about something that is there, and not by somebody who has to stay away from it (回避)."""
        unknown = spot_problems(subject, indicator, self.scope)
        if unknown or self.member is None or "lead" in self.member.roles:
            return unknown
        spots = [(subject, indicator or code) for code in self.scope.codes] if subject is not None else []
        why = [self.scope.conflict(self.member, spot) for spot in spots]
        if why and None not in why:
            return [Problem("recused", f"{self.member.name}对此已声明回避", found=why[0])]
        return []

    def _refers(self, number: int, kind: type[Any], word: str) -> list[Problem]:
        event = self.state.event(number)
        if event is not None and isinstance(event.body, kind):
            return []
        return [Problem("unknown_event", f"没有这条{word}", found=f"第{number}号")]

    def _grounds(self, body: Correction | Revision) -> list[Problem]:
        """What a change of a score rests on; after the draft went out it needs a ground in the ledger or in the evidence."""
        late = self.state.phase == "consultation"
        problems = [p for number in body.cites for p in self._cited(number, body.subject, late=late)]
        if late and not body.cites and is_blank(body.evidence or ""):
            message = "征求意见后,得分只能凭已采纳的意见或佐证调整"
            problems.append(Problem("no_ground", message, fix="请引用意见,或写明佐证"))
        return problems

    def _cited(self, number: int, subject: str, *, late: bool) -> list[Problem]:
        event, found = self.state.event(number), f"第{number}号"
        if event is None or not isinstance(event.body, (Comment, Answer) if late else (Challenge, Comment, Answer)):
            words = "意见或答复" if late else "质疑、意见或答复"
            return [Problem("unknown_event", f"引用的不是{words}", found=found)]
        if isinstance(event.body, Comment) and not self._accepted(number):
            return [Problem("not_accepted", "引用的意见没有采纳", found=found, fix="请先答复该意见为“采纳”")]
        about = getattr(event.body, "subject", None)
        if about not in (None, subject):
            return [
                Problem(
                    "other_subject", "引用的内容是关于另一个评价对象的", found=f"{found}({about})", expected=subject
                )
            ]
        return []

    def _accepted(self, comment: int) -> bool:
        reply = self.state.replies.get(comment)
        return reply is not None and reply.accepted

    def _rested_on(self, comment: int) -> bool:
        """Whether a score that stands now was moved on the ground of this comment."""
        revisions = [s.event.body for s in self.state.settled.values()]
        standing: list[Any] = [*self.state.corrections.values(), *(r for r in revisions if isinstance(r, Revision))]
        return any(comment in body.cites for body in standing)


def _blank(text: str, what: str) -> list[Problem]:
    return [Problem("reason_missing", f"须写明{what}")] if is_blank(text) else []
