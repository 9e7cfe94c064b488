"""The scoring tab, as an expert and as the lead use it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "\u202e倒着写\u2066",
    "好👍🏽家庭👨‍👩‍👧",
    "=1+1",
    "长" * 10_000,
]


def opine(browser: Any, code: str, choice: str, points: str = "", reason: str = "", **more: Any) -> dict[str, Any]:
    answer = browser.does("detail", "opine", code=code, choice=choice, points=points, reason=reason, **more)
    assert isinstance(answer, dict)
    return answer


def row(browser: Any, code: str) -> dict[str, Any]:
    found = browser.shown["table"]["rows"][code]
    assert isinstance(found, dict)
    return found


def test_expert_sees_own_points_only(opened: Any, review: Any) -> None:
    begun = review()
    begun.judge("e2", D1="3.33", D2="7.77")
    browser = opened(begun, "e1")
    assert browser.shown["head"]["tiles"] == []
    assert browser.shown["head"]["progress"] is None
    assert browser.tabs() == ["评分", "意见与质询", "过程记录"]
    assert row(browser, "D2")["panel"] is None and row(browser, "D2")["panel_hidden"]
    for code in ("D1", "D2", "P1"):
        browser.does("table", "select", code=code)
        assert "3.33" not in browser.text() and "7.77" not in browser.text()
    assert row(browser, "P1")["computed"] == "18.70"


def test_hidden_computed_points_stay_hidden_until_submission(opened: Any, review: Any, panel: Any) -> None:
    begun = review(panel(3, hide_computed=True))
    browser = opened(begun, "e1")
    browser.does("table", "select", code="D2")
    assert row(browser, "D2")["computed"] is None and row(browser, "D2")["computed_hidden"]
    assert row(browser, "P1")["computed"] == "18.70"
    assert "8.00" not in str(browser.shown["detail"])
    assert ["计算得分", "提交后可见", "computed"] in browser.shown["detail"]["detail"]["facts"]


def test_confirming_shows_the_effect_and_goes_on(opened: Any, review: Any) -> None:
    begun = review()
    browser = opened(begun, "e1")
    assert browser.shown["table"]["selected"] == "D1"
    answer = opine(browser, "D1", "adjust", "9", "现场查看", next=True)
    assert "problems" not in answer
    assert (row(browser, "D1")["mine"], row(browser, "D1")["status_word"]) == ("9.00", "已调整")
    assert browser.shown["table"]["selected"] == browser.shown["detail"]["form"]["code"] == "D2"
    assert browser.shown["head"]["submit"]["missing"].startswith("还有")
    body = begun.ledger.events()[-1].body
    assert (body.kind, str(body.points), body.seen.conclusion) == ("opinion", "9.00", False)


@pytest.mark.parametrize("typed", ["８．５", "8。5", "8.5分", " 8.50 ", "+8.5"])
def test_numbers_as_people_type_them(opened: Any, review: Any, typed: str) -> None:
    browser = opened(review(), "e1")
    opine(browser, "D1", "adjust", typed, "理由")
    assert row(browser, "D1")["mine"] == "8.50"


@pytest.mark.parametrize(
    ("choice", "typed", "reason", "field", "words"),
    [
        ("adjust", "10.01", "理由", "points", "得分超出范围"),
        ("adjust", "-1", "理由", "points", "得分超出范围"),
        ("adjust", "8.123", "理由", "points", "得分的小数位太多"),
        ("adjust", "", "理由", "points", "请填写得分"),
        ("adjust", "1e3", "理由", "points", "得分须为数字"),
        ("adjust", "NaN", "理由", "points", "得分须为数字"),
        ("adjust", "八分", "理由", "points", "得分须为数字"),
        ("adjust", "9" * 40, "理由", "points", "得分须为数字"),
        ("adjust", "8", "", "reason", "须写明理由"),
        ("abstain", "", "  ", "reason", "须写明理由"),
        ("recuse", "", "", "reason", "须写明理由"),
        ("agree", "8", "", "points", "不填得分"),
    ],
)
def test_what_does_not_fit_is_said_beside_its_input(
    opened: Any, review: Any, choice: str, typed: str, reason: str, field: str, words: str
) -> None:
    begun = review()
    browser = opened(begun, "e1")
    head = begun.ledger.head()
    answer = opine(browser, "D2", choice, typed, reason)
    assert field in answer["fields"] and words in "".join(answer["problems"])
    assert begun.ledger.head() == head and row(browser, "D2")["mine"] is None


def test_points_on_a_computed_indicator_point_to_the_challenge(opened: Any, review: Any) -> None:
    browser = opened(review(), "e1")
    browser.does("table", "select", code="P1")
    form = browser.shown["detail"]["form"]
    assert "提出质疑" in next(c["why_not"] for c in form["choices"] if c["choice"] == "adjust")
    assert "不能直接改分" in "".join(opine(browser, "P1", "adjust", "20", "理由")["problems"])
    assert (
        browser.does("detail", "challenge", code="P1", about="value", text="应为95%", proposed="95%").get("problems")
        is None
    )
    assert ["challenged", "有未答复的质疑", "有质疑"] in row(browser, "P1")["flags"]


@pytest.mark.parametrize("reason", HOSTILE, ids=["script", "attribute", "right-to-left", "emoji", "formula", "long"])
def test_reasons_reach_the_browser_as_they_were_typed(opened: Any, review: Any, reason: str) -> None:
    browser = opened(review(), "e1")
    opine(browser, "D1", "adjust", "8", reason)
    browser.does("table", "select", code="D1")
    assert [o["reason"] for o in browser.shown["detail"]["detail"]["opinions"]] == [reason]


def test_undo_and_withdraw(opened: Any, review: Any) -> None:
    begun = review()
    browser = opened(begun, "e1")
    opine(browser, "D2", "agree")
    number = begun.ledger.head().seq
    browser.does("head", "withdraw", event=number)
    assert (row(browser, "D2")["mine"], row(browser, "D2")["status_word"]) == (None, "未评定")
    assert browser.shown["table"]["selected"] == "D2"
    assert "没有这条现行意见" in browser.fails("head", "withdraw", event=number)


def test_nobody_withdraws_for_another(opened: Any, review: Any) -> None:
    begun = review()
    begun.judge("e2")
    theirs = next(e.seq for e in begun.ledger.events() if e.actor == "e2")
    assert "只能撤回本人" in opened(begun, "e1").fails("head", "withdraw", event=theirs)


def test_the_rest_is_named_before_it_is_accepted(opened: Any, review: Any) -> None:
    begun = review()
    browser = opened(begun, "e1")
    offered = browser.shown["head"]["agreeable"]
    assert offered["list"] == ["P1 实际完成率:18.70分(满分20.00分)"]  # P2 is not verified, D1, D2 and B1 are judged
    browser.does("head", "agree_rest")
    assert row(browser, "P1")["status_word"] == "已认可"
    assert browser.shown["head"]["agreeable"] is None


def test_submitting_says_what_is_missing(opened: Any, review: Any) -> None:
    begun = review()
    browser = opened(begun, "e1")
    submit = browser.shown["head"]["submit"]
    assert submit["first"] == "D1"
    assert "未评定" in browser.fails("head", "submit")
    begun.judge("e1")
    browser.page.look()
    browser.does("table", "select", code="D1")
    assert browser.shown["head"]["submit"]["first"] is None
    browser.does("head", "submit")
    assert browser.shown["head"]["submit"] is None
    assert browser.shown["detail"]["form"]["choices"] == []
    assert (
        "已提交" in opine(browser, "D1", "agree")["problems"][0]
        or "不能再改" in opine(browser, "D1", "agree")["problems"][0]
    )


def test_lead_sees_the_conclusion_move(opened: Any, review: Any) -> None:
    begun = review()
    browser = opened(begun, "lead")
    assert browser.tabs() == ["评分", "意见与质询", "数据更正", "评审组", "汇总与签字", "过程记录"]
    before = {t["key"]: t["total"] for t in browser.shown["head"]["tiles"]}
    begun.judge("e1", B1="30.00")
    browser.page.look()
    for name in browser.shown:
        browser.customs(name)
    after = {t["key"]: t["total"] for t in browser.shown["head"]["tiles"]}
    assert after["computed"] == before["computed"] and after["preview"] != before["preview"]
    assert browser.shown["table"]["rows"]["B1"]["panel"] == "30.00"


def test_page_of_somebody_taken_off_the_panel_says_so(opened: Any, review: Any) -> None:
    begun = review()
    browser = opened(begun, "e3")
    panel = begun["lead"].panel.model_dump()
    panel["members"] = [m for m in panel["members"] if m["id"] != "e3"]
    begun.say("lead", "panel_set", panel=panel)
    browser.page.look()
    assert "您已不在该评价的评审组中" in str(browser.customs("head"))
    assert "您已不在该评价的评审组中" in browser.part("table").content.get("notice", "") or browser.fails(
        "head", "submit"
    )


def test_other_subject(opened: Any, review: Any) -> None:
    browser = opened(review(both=True), "e1")
    assert browser.shown["head"]["subjects"] == [["S1", "第一小学"], ["S2", "第二小学"]]
    browser.does("head", "subject", subject="S2")
    assert row(browser, "P1")["computed"] == "18.00"  # 90 % of 20
    browser.does("head", "subject", subject="S9")
    assert browser.shown["head"]["subject"] == "S2"


def test_opinions_that_no_merge_takes_in_say_so(opened: Any, review: Any, panel_of: Any) -> None:
    begun = review()
    begun["e1"].opine("S1", "D1", "adjust", Decimal("8"), "现场核查")
    begun["e2"].opine("S1", "D1", "adjust", Decimal("7"), "现场核查")
    begun["clerk"].opine("S1", "D1", "adjust", Decimal("6"), "见打分表", entry_for=("e3", begun.scan()))
    members = [m for m in begun["lead"].panel.members if m.id != "e2"]
    begun.say("lead", "panel_set", panel=begun["lead"].panel.model_copy(update={"members": members}), reason="另有任务")
    lead = opened(begun, "lead")
    lead.does("table", "select", code="D1")
    said = {o["who"]: "不计入汇总" in o["notes"] for o in lead.shown["detail"]["detail"]["opinions"]}
    assert said == {"e1先生": False, "e3先生": True, "e2先生(已退出评审组)": True}
