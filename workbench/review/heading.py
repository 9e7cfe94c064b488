"""Heading: the top of the page — where the review stands, what a merge would mean, and what to do next."""

from __future__ import annotations

from workbench.review.events import InternalReview
from workbench.review.merging import up_to_date
from workbench.review.reading import Reading
from workbench.review.state import PHASE_WORDS
from workbench.review.views import Heading, Progress
from workbench.review.visibility import active_experts, reads_entries, seen, submitted, unjudged
from workbench.review.who import can
from workbench.scheme.panel import ROLE_WORDS
from workbench.scoring.outlook import Outlook


def heading(reading: Reading, subject: str) -> Heading:
    """The top of the page for one subject."""
    state, scope, member = reading.state, reading.scope, reading.member
    computed, current, preview = _outlooks(reading, subject)
    return Heading(
        title=scope.docket.result.title,
        subject=subject,
        subject_name=scope.subjects[subject].name,
        person=member.name,
        roles="、".join(ROLE_WORDS[r] for r in member.roles),
        phase=PHASE_WORDS[state.phase],
        round=state.round,
        next_step=next_step(reading),
        computed=computed,
        current=current,
        preview=preview,
        progress=tuple(_progress(reading)),
        can=can(member, state.phase),
    )


def _outlooks(reading: Reading, subject: str) -> tuple[Outlook | None, Outlook | None, Outlook | None]:
    """The conclusion as computed, with what was merged, and with what a merge would give now."""
    if not seen(reading.state, reading.scope, reading.member).conclusion:
        return None, None, None
    docket = reading.scope.docket
    settled = {spot: points for spot, points in reading.settled.items() if spot[0] == subject}
    computed = docket.outlook(subject, {})
    current = docket.outlook(subject, settled) if settled else computed
    merged_now = {spot: m.points for spot, m in reading.preview.items() if spot[0] == subject}
    if reading.state.phase != "open" or "lead" not in reading.member.roles:
        return computed, current, None
    return computed, current, docket.outlook(subject, settled | merged_now)


def _progress(reading: Reading) -> list[Progress]:
    """Everyone's for the lead, one's own for an expert."""
    state, scope, member = reading.state, reading.scope, reading.member
    panel = state.panel
    experts = active_experts(panel, scope) if panel is not None else []
    all_of_them = bool({"lead", "analyst", "observer", "reviewer"} & set(member.roles))
    return [
        Progress(
            expert=m.id,
            name=m.name,
            assigned=len(scope.assigned(m)),
            judged=len(scope.assigned(m)) - len(unjudged(state, scope, m)),
            submitted=submitted(state, scope, m),
        )
        for m in experts
        if all_of_them or m.id == member.id
    ]


def next_step(reading: Reading) -> str:
    """What this person should do next, in one sentence."""
    state, roles = reading.state, set(reading.member.roles)
    if state.phase == "open" and reading.assigned and not reading.submitted:
        left = len(unjudged(state, reading.scope, reading.member))
        return f"还有{left}项未评定,请逐项选择认可、调整、不评或回避。" if left else "全部评定完毕,请提交本轮意见。"
    if "lead" in roles:
        return _lead_step(reading)
    waiting = sum(not v.checked for v in state.votes.values())
    if waiting and reads_entries(state, reading.scope, reading.member):
        return f"有{waiting}项代录意见等待复核。"
    if "reviewer" in roles and state.phase == "consultation":
        return "请进行内部审核。"
    if state.phase == "open" and reading.submitted:
        return "您已提交本轮意见,请等待主评人汇总。"
    return {
        "open": "评审进行中。",
        "signed": "专家组已签字,评审结束。",
        "consultation": "正在征求意见。",
        "final": "报告已定稿。",
    }[state.phase]


def _lead_step(reading: Reading) -> str:
    state = reading.state
    if state.phase == "open":
        return _lead_while_open(reading)
    if state.phase == "signed":
        return "专家组已签字,请发出征求意见稿。"
    if state.phase == "final":
        return "报告已定稿。"
    unanswered = len([n for n in state.comments if n not in state.replies])
    if unanswered:
        return f"有{unanswered}条反馈意见待逐条答复(采纳或不采纳,写明理由)。"
    if reading.fallen:
        return f"有{len(reading.fallen)}项汇总得分因资料变动不再适用,现按计算得分计;需要判断的,请引用意见或佐证改分。"
    review = state.internal_review
    if review is None or review.seq < state.moved:
        return "没有待答复的意见,请内部审核人审核后定稿。"
    if isinstance(review.body, InternalReview) and not review.body.passed:
        return "内部审核未通过,请按审核意见修改后重新审核。"
    return "内部审核已通过,可以定稿。"


def _lead_while_open(reading: Reading) -> str:
    state, scope = reading.state, reading.scope
    if state.challenges:
        return f"有{len(state.challenges)}条质疑待处理(数据更正或不予更正)。"
    experts = active_experts(state.panel, scope) if state.panel is not None else []
    if not experts:
        return "请先在“评审组”中设定评审专家和分工。"
    waiting = [m.name for m in experts if not submitted(state, scope, m)]
    if waiting:
        return f"等待{'、'.join(waiting[:5])}{'等' if len(waiting) > 5 else ''}共{len(waiting)}人提交意见。"
    if not up_to_date(state, scope):
        return "全部专家已提交,请汇总,或另开一轮评审。"
    return "已汇总,请写签字意见并签字。"
