"""Next step (下一步): what each person should do now, in one sentence, in the words of the page's tabs."""

from __future__ import annotations

from workbench.review.events import Answer, DraftIssued, Inquiry, InternalReview, Statement
from workbench.review.merging import up_to_date
from workbench.review.reading import Reading
from workbench.review.rectification.items import items_of
from workbench.review.state import State
from workbench.review.visibility import active_experts, reads_entries, submitted, unjudged

_NAMED = 5
_WAITING = {
    "open": "评审进行中,暂时没有需要您办理的事项。",
    "signed": "专家组已签字,评审结束。",
    "consultation": "正在征求意见,暂时没有需要您办理的事项。",
    "final": "报告已定稿。",
}


def next_step(reading: Reading) -> str:
    """What this person should do next. Who holds several roles is told the most pressing."""
    state, roles = reading.state, set(reading.member.roles)
    if state.phase == "open" and reading.assigned and not reading.submitted:
        return _expert_step(reading)
    if "lead" in roles:
        return _lead_step(reading)
    steps = {
        "checker": _checker_step,
        "unit": _unit_step,
        "reviewer": _reviewer_step,
        "clerk": _clerk_step,
        "delegate": _delegate_step,
        "analyst": _analyst_step,
        "expert": _submitted_step,
        "observer": _observer_step,
    }
    found = (step(reading) for role, step in steps.items() if role in roles)
    return next((words for words in found if words), _WAITING[state.phase])


def unanswered(state: State) -> int:
    """How many questions the unit has not answered."""
    answered = {e.body.inquiry for e in state.events if isinstance(e.body, Answer)}
    return sum(isinstance(e.body, Inquiry) and e.seq not in answered for e in state.events)


# -- who judges -------------------------------------------------------------------------------------------------------


def _expert_step(reading: Reading) -> str:
    state, member = reading.state, reading.member
    left = unjudged(state, reading.scope, member)
    if not left and member.id not in state.submissions and state.round > 1:
        return f"第{state.round}轮:请参看上一轮得分的匿名分布,可修改本人意见;确认后请提交本轮意见。"
    if not left:
        return "全部评定完毕,请提交本轮意见。"
    stale = sum((*spot, member.id) in state.votes for spot in left)
    moved = f"(其中{stale}项因资料更正或变动,原意见已失效)" if stale else ""
    return f"还有{len(left)}项未评定{moved},请逐项选择认可、调整、不评或回避。"


def _submitted_step(reading: Reading) -> str | None:
    if reading.state.phase != "open" or not reading.submitted:
        return None
    if reading.complete:
        return "全部专家已提交本轮意见,请等待主评人汇总。"
    return "您已提交本轮意见,请等待其他专家提交、主评人汇总。"


# -- who helps --------------------------------------------------------------------------------------------------------


def _checker_step(reading: Reading) -> str | None:
    waiting = sum(not v.checked for v in reading.state.votes.values())
    may = waiting and reads_entries(reading.state, reading.scope, reading.member)
    return f"有{waiting}项代录意见等待复核,请到“代录”与签字扫描件逐项核对。" if may else None


def _clerk_step(reading: Reading) -> str | None:
    if reading.state.phase != "open":
        return None
    mine = [v for v in reading.state.votes.values() if v.event.actor == reading.member.id and v.body.entry is not None]
    waiting = sum(not v.checked for v in mine)
    if waiting:
        return f"您代录的{waiting}项等待另一人复核;复核后请到“代录”代为提交。"
    typed = (reading.state.person(expert) for expert in dict.fromkeys(v.body.expert for v in mine))
    ready = [m.name for m in typed if m is not None and not submitted(reading.state, reading.scope, m)]
    if ready:
        return f"{'、'.join(ready)}的打分表尚未提交:全部录入并复核后,请到“代录”代为提交。"
    return "有签字的纸质打分表时,请到“代录”选择专家、上传扫描件,再逐项录入。"


def _analyst_step(reading: Reading) -> str | None:
    waiting = unanswered(reading.state)
    return f"有{waiting}条质询待被评价单位答复;书面答复可在“意见与质询”中登记。" if waiting else None


# -- who is heard -----------------------------------------------------------------------------------------------------


def _unit_step(reading: Reading) -> str | None:
    state = reading.state
    waiting = unanswered(state) if state.phase in ("open", "consultation") else 0
    if waiting:
        return f"有{waiting}条质询待答复,请到“意见与质询”答复并附佐证。"
    owed = sum(i.status in ("open", "under_way", "rejected") for i in items_of(state.events))
    if owed:
        return f"整改台账有{owed}项问题待整改,请在期限内完成,把整改情况和佐证材料送主评人登记。"
    drafts = [e.body for e in state.events if isinstance(e.body, DraftIssued)]
    if state.phase != "consultation" or not drafts:
        return None
    due = f"在{drafts[-1].due}前" if drafts[-1].due else ""
    return f"征求意见稿已发出,请{due}到“征求意见与定稿”逐条提出书面意见。"


def _delegate_step(reading: Reading) -> str | None:
    if reading.state.phase not in ("open", "signed"):
        return None
    said = any(e.actor == reading.member.id and isinstance(e.body, Statement) for e in reading.state.events)
    if said:
        return "您的意见已记录,单独列示,不计入得分;如需修改,请在“意见与质询”中替换。"
    return "请到“意见与质询”提交您的意见;意见单独列示,不计入得分。"


def _reviewer_step(reading: Reading) -> str | None:
    state = reading.state
    if state.phase in ("open", "signed"):
        return "征求意见之后请您进行内部审核,目前评审尚在进行。"
    if state.phase == "final":
        return None
    waiting = len([n for n in state.comments if n not in state.replies])
    if waiting:
        return f"有{waiting}条反馈意见主评人尚未答复,答复后请到“征求意见与定稿”进行内部审核。"
    review = state.internal_review
    if review is None or review.seq < state.moved or not isinstance(review.body, InternalReview):
        return "请到“征求意见与定稿”进行内部审核。"
    return "内部审核已通过,等待主评人定稿。" if review.body.passed else "审核意见已提交,修改后请重新审核。"


def _observer_step(reading: Reading) -> str | None:
    if reading.state.phase != "open":
        return None
    return "评审进行中。" + ("可查看意见和结论。" if reading.complete else "全部专家提交后可查看意见和结论。")


# -- who answers for it -----------------------------------------------------------------------------------------------


def _lead_step(reading: Reading) -> str:
    state = reading.state
    if state.phase == "open":
        return _lead_while_open(reading)
    if state.phase == "signed":
        return "专家组已签字,请到“征求意见与定稿”发出征求意见稿。"
    if state.phase == "final":
        return _rectification_step(state)
    waiting = len([n for n in state.comments if n not in state.replies])
    if waiting:
        return f"有{waiting}条反馈意见待逐条答复(采纳或不采纳,写明理由)。"
    if reading.fallen:
        return f"有{len(reading.fallen)}项汇总得分因资料变动不再适用,现按计算得分计;需要判断的,请引用意见或佐证改分。"
    review = state.internal_review
    if (review is None or review.seq < state.moved) and not state.comments:
        return "请登记收到的反馈意见并逐条答复;反馈期满没有意见的,请内部审核人审核后定稿。"
    if review is None or review.seq < state.moved:
        return "没有待答复的意见,请内部审核人审核后定稿。"
    if isinstance(review.body, InternalReview) and not review.body.passed:
        return "内部审核未通过,请按审核意见修改后重新审核。"
    return "内部审核已通过,可以定稿。"


def _rectification_step(state: State) -> str:
    """After 定稿 what is left is that problems are put right."""
    items = items_of(state.events)
    waiting, left = sum(i.status == "reported" for i in items), sum(not i.finished for i in items)
    if waiting:
        return f"报告已定稿;整改台账有{waiting}项已报整改完成,待核实(workbench rectify check)。"
    if left:
        return f"报告已定稿;整改台账有{left}项尚未核实通过(workbench rectify show)。"
    return "报告已定稿。"


def _lead_while_open(reading: Reading) -> str:
    state, scope = reading.state, reading.scope
    if state.challenges:
        return f"有{len(state.challenges)}条质疑待处理:请到“数据更正”更正,或到“意见与质询”说明不予更正的理由。"
    experts = active_experts(state.panel, scope) if state.panel is not None else []
    if not experts:
        return "请先在“评审组”中设定评审专家和分工。"
    if reading.unassigned:
        return f"有{reading.unassigned}项需要评判的指标没有分派专家,总分无法确定;请在“评审组”中调整分工。"
    short = reading.short_of_experts
    if short:
        needed = scope.quorum(state.panel) if state.panel is not None else 1
        return f"有{short}项指标的评审专家不足{needed}人,不能汇总;请在“评审组”中增加专家或调整分工。"
    waiting = [m.name for m in experts if not submitted(state, scope, m)]
    if waiting:
        return f"等待{'、'.join(waiting[:_NAMED])}{'等' if len(waiting) > _NAMED else ''}共{len(waiting)}人提交意见。"
    if not up_to_date(state, scope):
        again = "资料或意见有变动,请重新汇总" if state.merge is not None else "请汇总"
        return f"全部专家已提交,{again},或另开一轮评审。"
    return "已汇总,请写签字意见并签字。"
