"""The other tabs: what the lead, a clerk, the unit and the reviewer do on them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any


def block(browser: Any, key: str) -> str:
    return str(browser.shown["sheet"]["blocks"].get(key))


def goes_to(browser: Any, tab: str) -> None:
    browser.does("head", "tab", tab=tab)
    assert browser.shown["head"]["tab"] == tab


def test_tab_that_is_not_theirs_stays_closed(opened: Any, review: Any) -> None:
    browser = opened(review(), "e1")
    for tab in ("panel", "lead", "after", "corrections", "entries", "nonsense"):
        browser.does("head", "tab", tab=tab)
        assert browser.shown["head"]["tab"] == "scoring" and browser.shown["sheet"]["blocks"] == {}


def test_closed_tabs_are_not_made(opened: Any, review: Any) -> None:
    browser = opened(review(), "lead")
    assert browser.shown["sheet"]["order"] == []
    assert browser.page.sheet.layout.display == "none"
    goes_to(browser, "record")
    assert browser.page.sheet.layout.display is None and browser.page._split.layout.display == "none"


def test_lead_edits_the_panel_and_saves_it_with_a_reason(opened: Any, review: Any) -> None:
    begun = review()
    begun["e1"].opine("S1", "D2", "agree")
    browser = opened(begun, "lead", links=lambda member: f"https://example/enter/{member}")
    goes_to(browser, "panel")
    answer = browser.sends(
        "panel_member",
        name="孙<b>某</b>",
        roles=["expert"],
        specialty="财务",
        levels=["产出"],
        codes="D1",
        weight="１．５",
        conflicts="P1\uff1a亲属任职",
    )
    assert "problems" not in answer
    assert "未保存" in block(browser, "unsaved") and len(begun["lead"].panel.members) == len(begun["e1"].panel.members)
    assert "变更评审组须写明理由" in "".join(browser.sends("panel_save")["problems"])
    assert "problems" not in browser.sends("panel_save", reason="补充财务专家")
    added = begun["lead"].panel.members[-1]
    assert (added.id, added.name, str(added.weight)) == ("expert-1", "孙<b>某</b>", "1.5")
    assert (added.indicators, added.conflicts[0].indicator, added.conflicts[0].reason) == (
        ["产出", "D1"],
        "P1",
        "亲属任职",
    )
    browser.sends("panel_link", member="expert-1")
    assert "https://example/enter/expert-1" in block(browser, "link")


def test_panel_that_does_not_hold_together_is_not_saved(opened: Any, review: Any) -> None:
    begun = review()
    browser = opened(begun, "lead")
    goes_to(browser, "panel")
    assert "没有这个指标" in "".join(
        browser.sends("panel_member", name="某人", roles=["expert"], codes="X9")["problems"]
    )
    assert "回避声明须写" in "".join(
        browser.sends("panel_member", name="某人", roles=["expert"], conflicts="D1")["problems"]
    )
    assert "编号已有人使用" in "".join(
        browser.sends("panel_member", name="某人", roles=["expert"], id="e1")["problems"]
    )
    assert "请填写姓名" in "".join(browser.sends("panel_member", roles=["expert"])["problems"])
    browser.sends("panel_remove", member="lead")
    assert "有且只有一名主评人" in "".join(browser.sends("panel_save")["problems"])
    browser.sends("panel_drop")
    assert browser.sends("panel_rules", merge="median", quorum="两")["fields"] == ["quorum"]
    browser.sends("panel_rules", merge="median", quorum="２", blind=False, hide_computed=True)
    browser.sends("panel_save")
    panel = begun["e1"].panel
    assert (panel.merge, panel.quorum, panel.blind, panel.hide_computed) == ("median", 2, False, True)


def test_from_merge_to_final_report(opened: Any, review: Any) -> None:
    begun = review()
    lead = opened(begun, "lead")
    goes_to(lead, "lead")
    assert "还有专家没有提交本轮意见" in "".join(lead.sends("merge")["problems"])
    begun.submit("e1", "e2", "e3", D1="9.00")
    lead.page.look()
    assert "problems" not in lead.sends("merge")
    assert "请填写签字意见" in "".join(lead.sends("sign_off", statement=" ")["problems"])
    lead.sends("sign_off", statement="同意")
    assert lead.shown["head"]["phase"] == "专家组已签字"
    goes_to(lead, "after")
    lead.sends("draft_issued", to="第一小学、县财政局", due="2025-04-30")
    unit = opened(begun, "unit")
    goes_to(unit, "after")
    unit.sends("comment", source="第一小学", text="<script>D1应为满分</script>", indicator="D1")
    number = begun.ledger.head().seq
    lead.page.look()
    for name in lead.shown:
        lead.customs(name)
    assert "<script>D1应为满分</script>" in block(lead, "comments")
    assert "采纳" in "".join(lead.sends("reply", comment=number, accepted="", reason="x")["problems"])
    lead.sends("reply", comment=number, accepted="yes", reason="属实")
    assert "只能凭" in "".join(lead.sends("revision", indicator="D1", points="10", reason="采纳")["problems"])
    assert "problems" not in lead.sends("revision", indicator="D1", points="１０", reason="采纳", cites=[str(number)])
    assert lead.shown["table"]["rows"]["D1"]["panel"] == "10.00"
    assert "内部审核尚未通过" in "".join(lead.sends("finalised")["problems"])
    reviewer = opened(begun, "reviewer")
    goes_to(reviewer, "after")
    reviewer.sends("internal_review", passed="yes", text="同意")
    assert "problems" not in lead.sends("finalised", text="定稿")
    assert lead.shown["head"]["phase"] == "已定稿"
    goes_to(lead, "lead")
    lead.sends("reopening", reason="发现笔误")
    assert lead.shown["head"]["phase"] == "征求意见"


def test_challenge_is_answered_by_a_correction(opened: Any, review: Any) -> None:
    begun = review()
    begun.say("e1", "challenge", subject="S1", indicator="P1", about="value", text="应为95%", proposed="95%")
    number = begun.ledger.head().seq
    lead = opened(begun, "lead")
    assert [t["badge"] for t in lead.shown["head"]["tabs"] if t["key"] == "dialogue"] == [1]
    goes_to(lead, "corrections")
    wrong = lead.sends("correct_cell", cell="data.p1", row="0", new="95", reason="见决算")
    assert wrong["fields"] == ["row"]
    answer = lead.sends(
        "correct_cell", cell="data.p1", row="1", old="93.5", new="95", reason="见决算", cites=[str(number)]
    )
    assert "problems" not in answer, answer
    assert lead.shown["table"]["rows"]["P1"]["computed"] == "19.00"  # 95 % of 20
    assert [t["badge"] for t in lead.shown["head"]["tabs"] if t["key"] == "dialogue"] == [0]
    lead.sends("correction_revoked", correction=begun.ledger.head().seq, reason="有误")
    assert lead.shown["table"]["rows"]["P1"]["computed"] == "18.70"


def test_challenge_may_be_turned_down(opened: Any, review: Any) -> None:
    begun = review()
    begun.say("e1", "challenge", subject="S1", indicator="P1", about="branch", text="档次不对")
    number = begun.ledger.head().seq
    lead = opened(begun, "lead")
    goes_to(lead, "dialogue")
    lead.sends("challenge_rejected", challenge=number, reason="档次适用无误")
    assert "不予更正" in block(lead, "challenges") and "档次适用无误" in block(lead, "challenges")


def test_questions_answers_and_statements(opened: Any, review: Any) -> None:
    begun = review()
    expert, unit = opened(begun, "e1"), opened(begun, "unit")
    goes_to(expert, "dialogue")
    expert.sends("inquiry", text="资金何时到位?", indicator="P1")
    number = begun.ledger.head().seq
    unit.page.look()
    goes_to(unit, "dialogue")
    scan = unit.uploads("凭证.png", b"\x89PNG\r\n\x1a\n0")
    unit.sends("answer", inquiry=number, text="6月30日", evidence="银行回单", files=[scan])
    expert.page.look()
    for name in expert.shown:
        expert.customs(name)
    assert "6月30日" in block(expert, "inquiries") and "凭证.png" in block(expert, "inquiries")
    expert.sends("statement", of="expert", text="总体较好")
    first = begun.ledger.head().seq
    expert.sends("statement", of="expert", text="总体良好", supersedes=str(first))
    assert "已被后来的意见替换" in block(expert, "statements")
    assert "不由您办理" in "".join(expert.sends("statement", of="group", text="代专家组")["problems"])
    delegate = opened(begun, "delegate")
    goes_to(delegate, "dialogue")
    assert "总体良好" not in delegate.text()
    delegate.sends("statement", of="delegate", text="群众满意")
    assert "群众满意" in block(delegate, "statements")


def test_paper_form_is_typed_in_and_checked_by_a_second_person(opened: Any, review: Any) -> None:
    begun = review()
    clerk, checker = opened(begun, "clerk"), opened(begun, "checker")
    clerk.does("table", "select", code="D2")
    assert "请先在“代录”页" in clerk.shown["detail"]["form"]["closed"]
    goes_to(clerk, "entries")
    assert "扫描件" in "".join(clerk.sends("entry_begin", expert="e1")["problems"])
    scan = clerk.uploads("打分表.pdf", b"%PDF-1.7 signed")
    assert clerk.sends("entry_begin", expert="clerk", scan=[scan])["fields"] == ["expert"]
    clerk.sends("entry_begin", expert="e1", scan=[scan])
    assert "正在代录:" in clerk.shown["head"]["entry"]
    clerk.does("detail", "opine", code="D2", choice="adjust", points="7", reason="表上所写")
    assert clerk.shown["table"]["rows"]["D2"]["status_word"] == "代录待复核"
    assert clerk.shown["table"]["rows"]["D2"]["mine"] == "7.00"
    number = begun.ledger.head().seq
    checker.page.look()
    goes_to(checker, "entries")
    assert "7.00" in block(checker, "check") and "打分表.pdf" in block(checker, "check")
    checker.sends("entry_checked", opinions=[str(number)])
    assert begun["e1"].state.votes["S1", "D2", "e1"].checked
    assert "未评定" in "".join(clerk.sends("entry_submit")["problems"])
    clerk.does("head", "entry_end")
    assert clerk.shown["head"]["entry"] is None


def test_another_round_shows_the_anonymous_distribution(opened: Any, review: Any) -> None:
    begun = review()
    begun.submit("e1", D1="6.00")
    begun.submit("e2", D1="8.00")
    begun.submit("e3", D1="9.00")
    lead = opened(begun, "lead")
    goes_to(lead, "lead")
    agreement = block(lead, "agreement")
    assert "仅供参考" in agreement
    lead.sends("round_opened", reason="分歧较大")
    expert = opened(begun, "e1")
    expert.does("table", "select", code="D1")
    assert expert.shown["detail"]["detail"]["strip"]["text"] == "3人:6.00、8.00、9.00分;中位数8分"
    assert "e2先生" not in str(expert.shown["detail"])


def test_record_is_the_ledger_in_words(opened: Any, review: Any) -> None:
    begun = review()
    begun["e1"].opine("S1", "D2", "abstain", reason="<b>资料不足</b>")
    lead = opened(begun, "lead")
    goes_to(lead, "record")
    assert "<b>资料不足</b>" in block(lead, "lines")
    assert begun.ledger.head().hash in block(lead, "head")


def test_who_still_has_to_judge_finds_no_colleague_s_points_on_any_tab(
    opened: Any, review: Any, panel_of: Any, member: Any
) -> None:
    begun = review(panel_of([member("e1", "lead", "expert", "checker"), member("e2"), member("e3")]))
    begun["e2"].opine("S1", "D1", "adjust", Decimal("3.71"), "理由甲")
    begun["clerk"].opine("S1", "D1", "adjust", Decimal("4.83"), "理由乙", entry_for=("e3", begun.scan()))
    browser = opened(begun, "e1")
    for tab in ("panel", "lead", "entries", "dialogue", "history"):
        browser.does("head", "tab", tab=tab)
        assert not [told for told in ("3.71", "4.83", "理由甲", "理由乙") if told in browser.text()], tab
    begun.submit("e1", D1="9.00")
    browser.page.look()
    goes_to(browser, "entries")
    assert "4.83" in browser.text()


def test_after_the_second_round_everyone_is_told_anonymously_how_far_opinions_have_come_together(
    opened: Any, review: Any
) -> None:
    begun = review()
    for expert, points in (("e1", "6.00"), ("e2", "8.00"), ("e3", "9.00")):
        begun.submit(expert, D1=points)
    begun.say("lead", "round_opened", round=2, reason="分歧较大")
    begun.submit("e1", D1="8.00")
    begun.submit("e2", D1="8.00")
    early = opened(begun, "e1")
    assert "汇总与签字" not in early.tabs()  # half a round would tell who has moved
    begun["e3"].submit()
    expert, lead = opened(begun, "e1"), opened(begun, "lead")
    for browser in (expert, lead):
        goes_to(browser, "lead")
        compared = block(browser, "convergence")
        # 6, 8, 9 → 8, 8, 9: one of three moved, quartiles 7 and 8.5 (Excel QUARTILE.INC) → 8 and 8.5.
        assert "3位专家中1位改变,四分位距由1.5分缩小到0.5分,极差由3分缩小到1分,收敛" in compared
        assert "e2先生" not in compared
    assert "各项指标的得分分布" in block(lead, "agreement")


def test_the_lead_is_told_who_keeps_a_round_from_being_merged(opened: Any, review: Any) -> None:
    begun = review()
    begun.submit("e1")
    lead = opened(begun, "lead")
    goes_to(lead, "lead")
    assert "e2先生、e3先生" in "".join(lead.sends("merge")["problems"])
    assert "其余暂按计算得分" in block(lead, "preview")


def test_the_lead_has_the_papers_made_and_opens_them_and_nobody_else_does(opened: Any, review: Any) -> None:
    begun = review()
    made: list[tuple[str, bytes]] = [("01-评审手册.docx", b"PK handbook"), ("02-签到表.docx", b"PK attendance")]
    lead, expert = opened(begun, "lead", papers=lambda: made), opened(begun, "e1", papers=lambda: made)
    assert "评审用表" not in expert.tabs()
    assert "这一步不由您办理" in "".join(expert.sends("papers_make")["problems"])
    assert begun.ledger.refusals()[-1].action == "papers"
    goes_to(lead, "papers")
    lead.sends("papers_make")
    lines = lead.shown["sheet"]["blocks"]["list"]["blocks"][0]["rows"]
    assert [line["files"][0]["name"] for line in lines] == ["全部评审用表.zip", *(name for name, _ in made)]
    fetched = [lead.does("sheet", "fetch", sha256=line["files"][0]["sha256"], index=0) for line in lines]
    assert [answer["file"]["inline"] for answer in fetched] == [False, False, False]
    assert fetched[1]["buffers"] == [b"PK handbook"]
    assert "文件不在原处" in expert.fails("sheet", "fetch", sha256=lines[1]["files"][0]["sha256"], index=0)
    begun["e1"].opine("S1", "D1", "abstain", reason="资料不足")
    lead.page.look()
    goes_to(lead, "papers")
    assert "评审又有变动" in block(lead, "list")


def test_where_the_new_run_is_stays_on_the_page(opened: Any, review: Any) -> None:
    begun = review()
    begun.signed()
    lead = opened(begun, "lead")
    lead.page.announce("已写出新的运行:runs/small/0123456789abcdef")
    goes_to(lead, "lead")
    assert "runs/small/0123456789abcdef" in block(lead, "run")
