"""History (过程记录): events in words, and which of them a member may read."""

from __future__ import annotations

from typing import Any

from workbench.base.text import plain
from workbench.review import events as e
from workbench.review.panels import panel_text
from workbench.review.rectification.bodies import RECTIFYING
from workbench.review.rectification.words import rectification_text
from workbench.review.replay import name_of
from workbench.review.scope import Scope
from workbench.review.state import Spot, State, spot_of
from workbench.review.views import HistoryLine
from workbench.review.visibility import reads_entries, seen
from workbench.scheme.panel import MERGE_WORDS, Member

PRIVATE = (e.Opinion, e.Withdrawal, e.Submission, e.EntryChecked, e.Challenge, e.ChallengeRejected)
"""Between an expert and the lead until colleagues' opinions are open."""
CORRECTING = (e.Correction, e.CorrectionRevoked)


def visible(event: e.Event, state: State, scope: Scope, member: Member, may: e.Seen | None = None) -> bool:
    """Whether a member may read an event; ``may`` saves finding out for each event what they may see."""
    roles, body = set(member.roles), event.body
    if member.id in _parties(event, state):
        return True
    may = may or seen(state, scope, member)
    if roles == {"unit"}:
        asked = isinstance(body, (e.Inquiry, e.Answer, e.DraftIssued, e.Comment, e.Reply, *RECTIFYING))
        return asked or (may.conclusion and isinstance(body, (e.Correction, e.Revision, e.Finalised)))
    if isinstance(body, e.Statement):
        return may.colleagues == "all" or body.of == "delegate"
    if isinstance(body, PRIVATE):
        return may.colleagues == "all" or _for_their_task(body, state, scope, member)
    if isinstance(body, CORRECTING) and state.panel is not None and state.panel.hide_computed:
        return may.conclusion  # the new value would tell the points that are hidden
    return True


def _parties(event: e.Event, state: State) -> set[str]:
    """Whose event it is: who made it, and whom it answers or speaks for."""
    body, people = event.body, {event.actor}
    if isinstance(body, (e.Opinion, e.Submission)):
        people.add(body.expert)
    answered = [body.challenge] if isinstance(body, e.ChallengeRejected) else []
    answered += [body.opinion] if isinstance(body, e.Withdrawal) else []
    answered += body.opinions if isinstance(body, e.EntryChecked) else []
    for earlier in (state.event(number) for number in answered):
        if earlier is not None:
            people |= {earlier.actor, getattr(earlier.body, "expert", earlier.actor)}
    return people


def _for_their_task(body: Any, state: State, scope: Scope, member: Member) -> bool:
    """The lead decides on challenges, whatever else they must not see; who checks typed forms has to read them."""
    if isinstance(body, (e.Challenge, e.ChallengeRejected)):
        return "lead" in member.roles
    typed = isinstance(body, e.EntryChecked) or (isinstance(body, e.Opinion) and body.entry is not None)
    return typed and reads_entries(state, scope, member)


def history_lines(state: State, scope: Scope, member: Member, spot: Spot | None = None) -> list[HistoryLine]:
    """What a member may read of the ledger, or of what it holds on one spot, latest first."""
    may = seen(state, scope, member)
    return [
        HistoryLine(
            event.seq, event.at, name_of(state, event.actor), said(event, state, scope), spot_of(event.body, state)
        )
        for event in reversed(state.events if spot is None else state.on_spot.get(spot, []))
        if visible(event, state, scope, member, may)
    ]


def said(event: e.Event, state: State, scope: Scope) -> str:
    """One event as a sentence: what was done, on what, why."""
    body = event.body
    spot = spot_of(body, state)
    on = f"{scope.title(spot)}:" if spot is not None else ""
    if isinstance(body, e.Opinion):
        return on + _opinion(body, state)
    if isinstance(body, e.PanelSet):
        return panel_text(event.seq, body, state)
    if isinstance(body, e.Correction):
        return on + correction_text(body, scope)
    if isinstance(body, RECTIFYING):
        return rectification_text(event.seq, body, state)
    return on + _plainly(body)


def _opinion(body: e.Opinion, state: State) -> str:
    points = f"为{plain(body.points)}分" if body.points is not None else ""
    reason = f",理由:{body.reason}" if body.reason else ""
    typed = ""
    if body.entry is not None:
        typed = f"(代{name_of(state, body.expert)}录入)"
    return f"{e.CHOICE_WORDS[body.choice]}{points}{typed}{reason}"


def correction_text(body: e.Correction, scope: Scope) -> str:
    """What a data correction changes, and why."""
    change = body.change
    if change.target == "proof":
        value = f",核定值{plain(change.verified_value)}" if change.verified_value is not None else ""
        what = f"佐证状态改为“{change.status}”{value}"
    else:
        row = f"(第{change.row}行)" if change.row > 1 else ""
        what = f"{scope.cell_title(change.table, change.field)}{row}由“{change.old or '空'}”改为“{change.new or '空'}”"
    return f"数据更正,{what},理由:{body.reason}"


def _plainly(body: Any) -> str:
    match body:
        case e.Opened():
            return f"评审对象为运行 {body.run[:16]}({body.pack},{body.ruleset},{body.policy})"
        case e.RoundOpened():
            return f"开启第{body.round}轮评审,理由:{body.reason}"
        case e.Withdrawal():
            return f"撤回第{body.opinion}号意见" + (f",理由:{body.reason}" if body.reason else "")
        case e.EntryChecked():
            return f"复核代录意见{len(body.opinions)}项"
        case e.Submission():
            return f"提交第{body.round}轮意见" + ("(代录)" if body.entry else "")
        case e.Merge():
            return f"汇总第{body.round}轮意见{len(body.results)}项,{MERGE_WORDS[body.rule]}"
        case e.SignOff():
            return f"主评人签字:{body.statement}"
        case _:
            return _dialogue(body)


def _dialogue(body: Any) -> str:
    match body:
        case e.Statement():
            return {"expert": "专家意见:", "group": "专家组意见:", "delegate": "人大代表、政协委员意见:"}[
                body.of
            ] + body.text
        case e.Inquiry():
            return f"质询:{body.text}"
        case e.Answer():
            return f"答复第{body.inquiry}号质询:{body.text}"
        case e.Challenge():
            about = {"value": "数值", "evidence": "佐证", "branch": "计分档次"}[body.about]
            return f"质疑{about}:{body.text}" + (f"(建议:{body.proposed})" if body.proposed else "")
        case e.ChallengeRejected():
            return f"第{body.challenge}号质疑不予更正,理由:{body.reason}"
        case e.CorrectionRevoked():
            return f"撤销第{body.correction}号数据更正,理由:{body.reason}"
        case e.Reopening():
            return f"重新开启,理由:{body.reason}"
        case e.DraftIssued():
            due = f",请于{body.due}前反馈" if body.due else ""
            return f"发出征求意见稿,征求{'、'.join(body.to)}意见{due}"
        case e.Comment():
            return f"{body.source}反馈意见:{body.text}"
        case e.Reply():
            return f"第{body.comment}号意见{'采纳' if body.accepted else '不采纳'},理由:{body.reason}"
        case e.Revision():
            return f"改为{plain(body.points)}分,理由:{body.reason}"
        case e.InternalReview():
            return f"内部审核{'通过' if body.passed else '未通过'}:{body.text}"
        case e.Finalised():
            return "定稿" + (f":{body.text}" if body.text else "")
    raise TypeError(f"no words for {type(body).__name__}")
