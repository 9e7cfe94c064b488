"""The desk: what is typed becomes an event or a sentence, two at once, and what a page may rely on."""

from __future__ import annotations

from decimal import Decimal

import pytest

from workbench.base.errors import LedgerError, ReviewError
from workbench.review.desk import Desk, due, start_review
from workbench.review.events import Draft, Statement, Withdrawal
from workbench.review.ledger.store import open_ledger
from workbench.review.taking import LARGEST_ATTACHMENT

NASTY = "<script>alert(1)</script> \u202e反\u202c 😀👨‍👩‍👧 =HYPERLINK(1)\t\n第二行 é́ " + "长" * 9_900
CELL = {"target": "cell", "table": "data", "field": "p1", "row": 1}


# ---------------------------------------------------------------------------------------------------------------------
# Text
# ---------------------------------------------------------------------------------------------------------------------


def test_what_people_write_is_kept_to_the_letter(review):
    bench = review()
    bench["e1"].opine("S1", "D2", "adjust", Decimal("7"), NASTY)
    bench.say("e1", "statement", of="expert", text=NASTY)
    assert bench["lead"].detail("S1", "D2").opinions[0].reason == NASTY
    assert NASTY in bench["lead"].history()[0].text and NASTY in bench["lead"].history()[1].text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x" * 20_001, "理由:内容太长"),
        ("前\x00后", "理由:第2个字符是不能保存和打印的控制字符(U+0000)"),  # PostgreSQL holds no NUL
        ("a\x0bb", "(U+000B)"),  # XML holds no vertical tab
        ("\ufffe", "(U+FFFE)"),
        ("半个\ud83d字符", "理由:文字中有半个字符"),
    ],
)
def test_what_no_file_can_hold_is_refused_in_chinese(review, text, said):
    bench = review()
    with pytest.raises(ReviewError) as caught:
        bench["e1"].opine("S1", "D2", "adjust", Decimal("7"), text)
    assert said in str(caught.value) and len(str(caught.value)) < 400
    bench.refused(
        {p.code for p in caught.value.problems}, lambda: bench["e1"].opine("S1", "D2", "abstain", reason=text)
    )
    assert bench.ledger.head().seq == 2 and len(bench.ledger.refusals()) == 2


@pytest.mark.parametrize(
    ("kind", "fields", "said"),
    [
        ("statement", {"of": "group", "text": ""}, "内容"),
        ("statement", {"of": "everyone", "text": "好"}, "意见类别:取值不在允许范围内"),
        ("statement", {"text": "好"}, "意见类别:缺少必填项"),
        ("statement", {"of": "group", "text": "好", "extra": 1}, "不认识的键"),
        ("draft_issued", {"to": []}, "征求对象"),
        ("draft_issued", {"to": ["财政局"], "due": "2025-02-30"}, "反馈期限:历法中没有这一天"),
        ("merge", {"round": 1, "rule": "average", "results": []}, "取值不在允许范围内"),
        ("panel_set", {"panel": {"members": []}}, "评审组"),
        (
            "panel_set",
            {"panel": {"members": [{"id": "e1", "name": "\x07", "roles": ["lead"]}]}},
            "评审组.members[0].name",
        ),
        ("mergee", {}, "是否想写“merge”?"),
        ("revision", {"subject": "S1", "indicator": "B1", "points": float("nan"), "reason": "x"}, "得分:类型不对"),
        ("revision", {"subject": "S1", "indicator": "B1", "points": "1e9", "reason": "x"}, "得分:类型不对"),
        ("inquiry", {"text": "?", "subject": 7}, "评价对象:类型不对"),
    ],
)
def test_no_event_of_the_wrong_shape_shows_a_traceback(review, kind, fields, said):
    bench = review()
    with pytest.raises(ReviewError) as caught:
        bench.say("lead", kind, **fields)
    assert said in str(caught.value) and "pydantic" not in str(caught.value) and "Input should" not in str(caught.value)
    assert [(r.actor, r.action) for r in bench.ledger.refusals()] == [("lead", kind)]


def test_points_are_recorded_with_the_scheme_s_decimals(review):
    bench = review()
    assert bench["e1"].opine("S1", "D2", "adjust", Decimal("7.5000"), "偏低").body.model_dump()["points"] == "7.50"
    for points in (Decimal("NaN"), Decimal("Infinity"), Decimal("1E+40"), Decimal("1E-40")):
        with pytest.raises(ReviewError):
            bench["e1"].opine("S1", "D2", "adjust", points, "x")
    assert bench.ledger.head().seq == 3


def test_unknown_names_get_the_nearest_one(review):
    bench = review()
    error = bench.refused("unknown_indicator", lambda: bench["e1"].opine("S1", "D3", "agree"))
    assert "是否想写“D2”?" in str(error) or "是否想写“D1”?" in str(error)
    error = bench.refused("unknown_subject", lambda: bench["e1"].opine("S11", "D2", "agree"))
    assert "是否想写“S1”?" in str(error)
    desk = bench["lead"]
    for look in (
        lambda: desk.rows("S9"),
        lambda: desk.heading("S9"),
        lambda: desk.preview("S9"),
        lambda: desk.detail("S1", "X"),
    ):
        with pytest.raises(ReviewError, match="没有这个"):
            look()
    bench.refused("unknown_subject", lambda: bench.say("lead", "inquiry", subject="S9", text="?"))
    bench.refused("unknown_event", lambda: bench.say("unit", "answer", inquiry=1, text="无"))
    proof = {"target": "proof", "indicator": "P9", "status": "核实一致"}
    bench.refused("unknown_indicator", lambda: bench.say("lead", "correction", subject="S1", change=proof, reason="x"))


# ---------------------------------------------------------------------------------------------------------------------
# Several at once
# ---------------------------------------------------------------------------------------------------------------------


def test_a_desk_that_has_not_heard_the_news_is_judged_by_the_news(review):
    bench = review()
    bench.judge("e1", D1="9.00")
    early = Desk(bench.ledger, bench.docket, "e1")  # the same expert at a second computer
    bench["e1"].submit()
    with pytest.raises(ReviewError, match="本轮意见已提交"):
        early.opine("S1", "D2", "abstain", reason="改")
    assert early.state == bench["e1"].state  # and has heard it now
    other = Desk(bench.ledger, bench.docket, "e2")
    change = {"target": "proof", "indicator": "P2", "status": "核实一致"}
    bench.say("lead", "correction", subject="S1", change=change, reason="验收单已核实")
    with pytest.raises(ReviewError, match="该指标的计算结果已变"):
        other.opine("S1", "P2", "agree")
    other.opine("S1", "P2", "agree")


def test_two_leads_at_two_screens_merge_once_each_on_what_there_is(review, panel_of):
    bench = review(panel_of(1))
    bench.submit("e1", D1="9.00")
    first, second = (Desk(bench.ledger, bench.docket, "lead") for _ in range(2))
    bench.say("lead", "round_opened", round=2, reason="再议")
    with pytest.raises(ReviewError, match=r"轮次或办法|还有专家没有提交"):
        first.merge()
    bench["e1"].opine("S1", "D1", "adjust", Decimal("8.00"), "修改")
    bench["e1"].submit()
    with pytest.raises(ReviewError, match=r"轮次或办法|汇总结果与现行意见算得的不符"):
        second.merge()
    assert next(r.points for r in second.merge().body.results if r.indicator == "D1") == 8


def test_one_click_sent_twice_is_one_event(review):
    bench = review()
    body = Statement(kind="statement", of="expert", text="总体良好")
    first = bench["e1"].send(body, client_id="click-0001")
    assert bench["e1"].send(body, client_id="click-0001") == first
    assert Desk(bench.ledger, bench.docket, "e1").send(body, client_id="click-0001") == first
    assert bench.ledger.head().seq == first.seq
    other = body.model_copy(update={"text": "另一条"})
    bench.refused("client_id_used", lambda: bench["e1"].send(other, client_id="click-0001"))
    bench.refused("client_id_used", lambda: bench["e2"].send(body, client_id="click-0001"))
    bench.refused("string_too_short", lambda: bench["e1"].send(other, client_id="x"))


def test_a_page_notices_what_others_did_and_only_then(review):
    bench = review()
    desk = Desk(bench.ledger, bench.docket, "lead")
    assert desk.refresh() is False
    bench["e1"].opine("S1", "D2", "agree")
    assert desk.refresh() is True and desk.refresh() is False
    assert desk.detail("S1", "D2").opinions[0].who == "e1先生"


def test_another_ledger_in_the_place_of_the_one_that_was_read(review, panel_of, tmp_path):
    """Somebody puts back yesterday's copy, or one of their own making: an open page must not go on as if nothing were."""
    bench = review(panel_of(1))
    other = review(panel_of(2))
    desk = Desk(bench.ledger, bench.docket, "lead")
    bench.ledger.close()
    desk.ledger = other.ledger
    with pytest.raises(LedgerError, match="台账已被替换"):
        desk.refresh()
    other["e1"].opine("S1", "D2", "agree")
    with pytest.raises(LedgerError, match="台账已被替换"):
        desk.refresh()


# ---------------------------------------------------------------------------------------------------------------------
# Beginning
# ---------------------------------------------------------------------------------------------------------------------


def test_who_is_not_on_the_panel_does_not_get_in_and_is_written_down(review):
    bench = review()
    bench.refused("not_a_member", lambda: Desk(bench.ledger, bench.docket, "mallory\ud800"))
    assert [(r.actor, r.action) for r in bench.ledger.refusals()] == [("mallory·", "enter")]


def test_a_review_is_begun_once_even_when_it_was_cut_off_in_the_middle(review, panel_of, tmp_path):
    bench = review(panel_of(2))
    start_review(bench.ledger, bench.docket, panel_of(5))
    assert bench.ledger.head().seq == 2 and bench["lead"].panel == panel_of(2)
    opened = bench.ledger.events()[0]
    ledger = open_ledger(tmp_path, "cut", create=True)
    ledger.append(Draft(actor="system", client_id=opened.client_id, body=opened.body), 0, lambda since: None)
    start_review(ledger, bench.docket, panel_of(1))
    assert [e.body.kind for e in ledger.events()] == ["opened", "panel_set"]
    ledger.close()


def test_a_review_goes_on_with_another_run_and_old_pages_are_told(review, docket_with, panel_of):
    bench = review()
    kept = bench["e1"].opine("S1", "D2", "agree")
    newer = docket_with(stage="财政评价")
    start_review(bench.ledger, newer, panel_of(5))
    start_review(bench.ledger, newer, panel_of(5))
    assert [e.body.kind for e in bench.ledger.events(after=kept.seq)] == ["opened"]
    bench.refused("run_replaced", lambda: bench["e1"].opine("S1", "P1", "agree"))
    desk = Desk(bench.ledger, newer, "e1")
    assert desk.rows("S1")[1].status == "agreed"  # about the same computed points
    desk.opine("S1", "P1", "agree")


# ---------------------------------------------------------------------------------------------------------------------
# Corrections and files
# ---------------------------------------------------------------------------------------------------------------------


def test_a_correction_is_tried_before_it_is_recorded(review):
    bench = review()
    correct = lambda **change: bench.say("lead", "correction", subject="S1", change=CELL | change, reason="账簿")  # noqa: E731
    for change in (
        {"old": "93.5", "new": "很多"},
        {"old": "90", "new": "80"},  # not what is there
        {"old": "93.5", "new": "80", "row": 2},
        {"old": "93.5", "new": "80", "field": "p9"},
        {"old": "93.5", "new": "80", "table": "dataa"},
    ):
        with pytest.raises(ReviewError):
            correct(**change)
    assert bench.ledger.head().seq == 2 and len(bench.ledger.refusals()) == 5
    number = correct(old="93.5", new="80").seq
    assert bench["e1"].rows("S1")[2].computed == 16 and bench["e1"].rows("S1")[2].value == "80.00%"
    assert bench.docket.result.subjects[0].indicators[2].computed == "18.70"  # the run's own result is as it was
    second = correct(old="80", new="70").seq
    # The second is about what the first made: taken back alone, it would leave a correction that finds nothing to correct.
    with pytest.raises(ReviewError):
        bench.say("lead", "correction_revoked", correction=number, reason="有误")
    bench.say("lead", "correction_revoked", correction=second, reason="有误")
    bench.say("lead", "correction_revoked", correction=number, reason="有误")
    assert bench["lead"].rows("S1")[2].computed == Decimal("18.70")


def test_attachments(review):
    bench = review()
    desk = bench["e1"]
    for name, data, code in (
        ("空.pdf", b"", "attachment_size"),
        ("大.pdf", b"x" * (LARGEST_ATTACHMENT + 1), "attachment_size"),
        ("x" * 201, b"1", "string_too_long"),
        ("目录/", b"1", "string_too_short"),
    ):
        bench.refused(code, lambda name=name, data=data: desk.attach(name, data))
    kept = desk.attach("C:\\Users\\张三\\照片 1.jpg", b"jpg")
    assert (kept.name, kept.size) == ("照片 1.jpg", 3)
    assert desk.attachment(kept.sha256) is None  # not named in an event yet
    desk.opine("S1", "D2", "adjust", Decimal(7), "见照片", attachments=[kept])
    assert desk.attachment(kept.sha256) == bench["lead"].attachment(kept.sha256) == ("照片 1.jpg", b"jpg")
    assert bench["e2"].attachment(kept.sha256) is None


def test_names_of_attachments_look_like_what_they_are(review):
    """A right-to-left override turns 验收\u202efdp.exe into 验收exe.pdf on the screen; a line break makes two lines of one."""
    attach = review()["e1"].attach
    assert attach("验收\u202efdp.exe", b"MZ").name == "验收_fdp.exe"
    assert attach("第一行\n第二行\x00.pdf", b"%PDF-").name == "第一行_第二行_.pdf"


def test_a_forged_event_that_points_to_itself_is_read_all_the_same(review):
    bench = review()
    last = bench.ledger.head().seq
    forged = Draft(actor="e1", client_id="forged-1", body=Withdrawal(kind="withdrawal", opinion=last + 1))
    bench.ledger.append(forged, last, lambda newer: None)
    assert bench["lead"].history()[0].text == f"撤回第{last + 1}号意见"


def test_attachments_are_for_who_has_something_to_say_and_for_members(review, panel_of):
    bench = review()
    bench.refused("nothing_to_send", lambda: bench["observer"].attach("占满磁盘.zip", b"PK"))
    kept = bench["e1"].attach("照片.jpg", b"jpg")
    bench["e1"].opine("S1", "D2", "adjust", Decimal(7), "见照片", attachments=[kept])
    bench.say(
        "lead", "panel_set", panel=panel_of([m for m in panel_of(3).having("expert") if m.id != "e1"]), reason="退出"
    )
    for act in (lambda: bench["e1"].attach("后来.jpg", b"jpg"), lambda: bench["e1"].attachment(kept.sha256)):
        with pytest.raises(ReviewError, match="已不在"):
            act()


# ---------------------------------------------------------------------------------------------------------------------
# Publishing
# ---------------------------------------------------------------------------------------------------------------------


def test_a_new_run_is_due_when_results_have_changed(review, panel_of):
    told = []
    bench = review(panel_of(1))
    bench.desks["lead"] = Desk(bench.ledger, bench.docket, "lead", lambda event: told.append(event.body.kind))
    change = {"target": "proof", "indicator": "P2", "status": "核实一致"}
    bench.say("lead", "correction", subject="S1", change=change, reason="已核实")
    assert told == []  # nothing is merged yet, so nothing was published
    bench.consultation()
    assert told == ["merge", "sign_off"]
    comment = bench.say("unit", "comment", source="第一小学", text="偏低").seq
    bench.say("lead", "reply", comment=comment, accepted=True, reason="属实")
    basis = bench["lead"].scope.basis(("S1", "B1"))
    move = {"subject": "S1", "indicator": "B1", "points": "23", "reason": "属实", "basis": basis}
    bench.say("lead", "revision", **move, cites=[comment])
    bench.say(
        "lead", "correction", subject="S1", change=change | {"status": "已提供未核实"}, reason="x", cites=[comment]
    )
    bench.say("reviewer", "internal_review", passed=True, text="好")
    bench.say("lead", "finalised")
    bench.say("lead", "reopening", reason="印刷错误")
    assert told[2:] == ["revision", "correction", "finalised", "reopening"]
    state = bench["lead"].state
    assert not due(state.events[0], state)
