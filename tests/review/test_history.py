"""History: every kind of event as a sentence an official would write, and no event without one."""

from __future__ import annotations

from decimal import Decimal
from typing import get_args

from workbench.review.bodies import MODELS
from workbench.review.events import Body


def test_every_kind_of_event_has_its_sentence(review, panel_of, member):
    bench = review(panel_of([member("e1"), member("e2", "expert", "clerk")], merge="median"))
    scan = bench.scan()
    first = bench["e1"].opine("S1", "D2", "adjust", Decimal(7), "目标偏低").seq
    bench["e1"].withdraw(first, "误填")
    typed = bench["clerk"].opine("S1", "D2", "agree", entry_for=("e1", scan)).seq
    bench.say("checker", "entry_checked", opinions=[typed])
    bench["e1"].opine("S1", "D2", "recuse", reason="曾任顾问")
    bench["e1"].opine("S1", "P1", "abstain", reason="不了解")
    question = bench.say("lead", "inquiry", subject="S1", indicator="P2", text="何时验收?").seq
    bench.say("unit", "answer", inquiry=question, text="12月5日", evidence="验收报告")
    doubt = bench.say(
        "e1", "challenge", subject="S1", indicator="P2", about="branch", text="应按70%", proposed="14分"
    ).seq
    bench.say("lead", "challenge_rejected", challenge=doubt, reason="已核对")
    proof = {"target": "proof", "indicator": "P2", "status": "核实不符", "verified_value": "70"}
    number = bench.say("lead", "correction", subject="S1", change=proof, reason="验收单不符").seq
    bench.say("lead", "correction_revoked", correction=number, reason="有误")
    cell = {"target": "cell", "table": "data", "field": "p1", "old": "93.5", "new": "90"}
    bench.say("lead", "correction", subject="S1", change=cell, reason="账簿")
    bench.say("e1", "statement", of="expert", text="总体良好")
    bench.say("lead", "statement", of="group", text="同意")
    bench.say("delegate", "statement", of="delegate", text="满意")
    heavier = [m.model_copy(update={"weight": Decimal(2)}) if m.id == "e1" else m for m in bench["lead"].panel.members]
    panel = bench["lead"].panel.model_copy(update={"members": heavier, "quorum": 1, "blind": False})
    bench.say("lead", "panel_set", panel=panel, reason="e1为正高级职称")
    bench.submit("e1", "e2", D1="9.00")
    bench.say("lead", "round_opened", round=2, reason="再议")
    bench["e1"].submit()
    bench["e2"].submit()
    bench["lead"].merge()
    bench.say("lead", "sign_off", statement="同意")
    bench.say("lead", "reopening", reason="漏签")
    bench.say("lead", "sign_off", statement="同意")
    bench.say("lead", "draft_issued", to=["第一小学", "县财政局"], due="2025-04-30")
    comment = bench.say("unit", "comment", source="第一小学", text="偏低").seq
    bench.say("lead", "reply", comment=comment, accepted=True, reason="属实")
    basis = bench["lead"].scope.basis(("S1", "B1"))
    bench.say(
        "lead", "revision", subject="S1", indicator="B1", points="23", reason="问卷", cites=[comment], basis=basis
    )
    bench.say("reviewer", "internal_review", passed=False, text="格式")
    bench.say("reviewer", "internal_review", passed=True, text="通过")
    bench.say("lead", "finalised")
    texts = dict.fromkeys(("finding", "cause", "suggestion"), "齐全")
    matter = texts | {"title": "目标偏低", "responsible": "第一小学", "due": "2025-06-30", "basis": "下达时指定"}
    item = bench.say("lead", "item_opened", run="0" * 64, matter=matter, by="lead先生").seq
    later = matter | {"due": "2025-07-31"}
    bench.say("lead", "item_amended", item=item, run="0" * 64, matter=later, reason="延期", by="lead先生")
    report = {"item": item, "done": True, "text": "已重报", "by": "张科长", "attachments": [scan.model_dump()]}
    reported = bench.say("lead", "item_reported", on="2025-06-01", **report).seq
    bench.say("lead", "item_checked", item=item, report=reported, accepted=False, reason="未批复", by="lead先生")
    bench.say("lead", "item_withdrawn", item=item, reason="并入另一项", by="lead先生")
    lines = bench["lead"].history()
    assert [h.event for h in lines] == list(range(bench.ledger.head().seq, 0, -1))
    assert {e.body.kind for e in bench["lead"].state.events} == set(MODELS) and len(MODELS) == len(
        get_args(get_args(Body)[0])
    )
    texts = {h.text for h in lines}
    assert {
        "目标合理性(D2):调整为7.00分,理由:目标偏低",
        f"目标合理性(D2):撤回第{first}号意见,理由:误填",
        "目标合理性(D2):认可(代e1先生录入)",
        "目标合理性(D2):回避,理由:曾任顾问",
        "实际完成率(P1):不评,理由:不了解",
        "质量达标率(P2):质疑计分档次:应按70%(建议:14分)",
        "质量达标率(P2):数据更正,佐证状态改为“核实不符”,核定值70,理由:验收单不符",
        "数据更正,基础数据:p1栏由“93.5”改为“90”,理由:账簿",
        "变更评审组:有效意见人数由按办法改为1;背靠背评分由是改为否;e1先生:权重由1改为2,理由:e1为正高级职称",
        "汇总第2轮意见5项,中位数",
        "发出征求意见稿,征求第一小学、县财政局意见,请于2025-04-30前反馈",
        f"第{comment}号意见采纳,理由:属实",
        "社会效益(B1):改为23分,理由:问卷",
        "内部审核未通过:格式",
        "定稿",
        "lead先生登记第1项整改事项:目标偏低,责任单位第一小学,期限2025-06-30(下达时指定)",
        "lead先生变更第1项整改事项:目标偏低,期限2025-07-31,理由:延期",
        "第1项整改事项报告整改完成(张科长,2025-06-01):已重报",
        "第1项整改事项核实不通过(lead先生):未批复",
    } <= texts, texts
    assert {h.who for h in lines} >= {"程序", "e1先生", "clerk先生", "checker先生", "unit先生", "reviewer先生"}


def test_who_left_the_panel_keeps_their_name(review, panel_of):
    bench = review(panel_of(2))
    bench["e2"].opine("S1", "D2", "agree")
    panel = bench["lead"].panel
    members = [m for m in panel.members if m.id != "e2"]
    bench.say("lead", "panel_set", panel=panel.model_copy(update={"members": members}), reason="不能到会")
    assert bench["lead"].history()[1].who == "e2先生"


def test_the_history_of_one_indicator(review):
    bench = review()
    bench["e1"].opine("S1", "D2", "agree")
    bench["e1"].opine("S1", "P1", "agree")
    bench["e1"].withdraw(3)
    lines = bench["e1"].detail("S1", "D2").history
    assert [(h.event, h.spot) for h in lines] == [(5, ("S1", "D2")), (3, ("S1", "D2"))]
