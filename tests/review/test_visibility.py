"""Who sees what, when: an expert's own judgement comes first (issue: “boundary, grade, consequence and colleagues' scores are hidden”).

That nothing of a colleague shows through in any view is tried at random in ``test_state.py``; here is what each may see, by name.
"""

from __future__ import annotations

from decimal import Decimal

import pytest

from workbench.review.events import Seen
from workbench.review.visibility import seen

BLIND = Seen(computed=True, conclusion=False, colleagues="none")
ALL = Seen(computed=True, conclusion=True, colleagues="all")


def sees(bench, person, code="B1") -> Seen:
    desk = bench[person]
    return seen(desk.state, desk.scope, desk.member, ("S1", code))


def conclusion(bench, person):
    top = bench[person].heading("S1")
    return top.computed, top.current, top.preview


def test_a_blind_panel_of_five(review, panel_of):
    bench = review(panel_of(5))
    bench.submit("e1", "e2", "e3", "e4", D1="9.00")
    bench["e5"].opine("S1", "D1", "adjust", Decimal(4), "依据不足")
    for expert in ("e1", "e5"):  # submitted or not: one colleague is still out
        assert sees(bench, expert) == BLIND and conclusion(bench, expert) == (None, None, None)
        assert [p.expert for p in bench[expert].heading("S1").progress] == [expert]
        assert [o.who for o in bench[expert].detail("S1", "D1").opinions] == [f"{expert}先生"]
        assert bench[expert].preview("S1") == {} and bench[expert].detail("S1", "D1").distribution == ()
    assert sees(bench, "lead") == ALL and None not in conclusion(bench, "lead")
    assert [(p.judged, p.submitted) for p in bench["lead"].heading("S1").progress][3:] == [(5, True), (1, False)]
    assert [o.points for o in bench["lead"].detail("S1", "D1").opinions] == [9, 9, 9, 9, 4]
    bench.judge("e5", D1="4.00")
    bench["e5"].submit()
    # All have submitted: the conclusion, and colleagues' points without names.
    assert sees(bench, "e1") == Seen(computed=True, conclusion=True, colleagues="distribution")
    assert bench["e1"].detail("S1", "D1").distribution == (4, 9, 9, 9, 9)
    assert [o.who for o in bench["e1"].detail("S1", "D1").opinions] == ["e1先生"]
    assert bench["e1"].heading("S1").computed is not None
    bench["lead"].merge()
    bench.say("lead", "sign_off", statement="同意")
    assert sees(bench, "e1") == ALL and len(bench["e1"].detail("S1", "D1").opinions) == 5


def test_a_panel_that_is_not_blind_opens_with_one_s_own_submission(review, panel_of):
    bench = review(panel_of(2, blind=False))
    bench.judge("e1", D1="9.00")
    assert sees(bench, "e2") == BLIND and conclusion(bench, "e2") == (None, None, None)
    assert bench["e2"].detail("S1", "D1").opinions == ()
    bench.judge("e2", D1="8.00")
    bench["e2"].submit()
    assert sees(bench, "e2") == ALL and sees(bench, "e1") == BLIND
    assert [o.points for o in bench["e2"].detail("S1", "D1").opinions] == [9, 8]


@pytest.mark.parametrize("blind", [True, False])
def test_a_lead_who_is_an_expert_too(review, panel_of, member, blind):
    bench = review(panel_of([member("e1", "lead", "expert"), member("e2")], blind=blind))
    bench.submit("e2", D1="3.00")
    assert sees(bench, "e1") == (BLIND if blind else ALL)
    doubt = bench.say("e2", "challenge", subject="S1", indicator="P2", about="value", text="应为70").seq
    assert bench["e1"].history()[0].event == doubt  # to be answered by the lead, whatever they may see
    bench.submit("e1", D1="5.00")
    assert sees(bench, "e1") == ALL
    bench["e1"].merge()
    bench.say("e1", "challenge_rejected", challenge=doubt, reason="已核对")
    bench.say("e1", "sign_off", statement="同意")


def test_one_person_alone(review, panel_of, member):
    bench = review(panel_of([member("e1", "lead", "expert")], blind=False))
    assert (
        len(bench["e1"].agreeable("S1")) == 1
    )  # P1: P2 rests on what is not verified yet, the others are to be judged
    assert [e.body.indicator for e in bench["e1"].agree_rest("S1")] == ["P1"]
    bench.submit("e1", D1="9.00")
    bench["e1"].merge()
    bench.say("e1", "sign_off", statement="同意")
    assert bench["e1"].heading("S1").current.total is not None


def test_computed_points_of_what_is_to_be_judged_can_be_hidden(review, panel_of):
    bench = review(panel_of(2, hide_computed=True), adjust_limit_percent="10")
    rows = {r.code: r for r in bench["e1"].rows("S1")}
    assert (rows["B1"].computed, rows["B1"].computed_hidden, rows["B1"].value) == (None, True, "提交后可见")
    assert (rows["P1"].computed, rows["P1"].computed_hidden) == (Decimal("18.70"), False)
    detail = bench["e1"].detail("S1", "B1")
    assert (detail.substituted, detail.explanation) == (None, None)
    # The branch that applied would tell what the rule gave; the lead is told.
    assert "80%—100%得24—30分" in detail.rule_text and "本对象" not in detail.rule_text
    assert bench["lead"].detail("S1", "B1").rule_text == f"{detail.rule_text}。本对象:按评定比例得分"
    assert (detail.bounds.lowest, detail.bounds.highest) == (0, 30)
    assert detail.choices == ("adjust", "abstain", "recuse")  # nobody can agree with what they have not seen
    bench.refused("not_seen", lambda: bench["e1"].opine("S1", "B1", "agree"))
    # ± 10 % of 30 around 22.50 still holds, but a refusal does not tell what it is around.
    error = bench.refused("points_bounds", lambda: bench["e1"].opine("S1", "B1", "adjust", Decimal("25.51"), "偏低"))
    assert "22.5" not in str(error) and "19.5" not in str(error) and error.problems[0].expected is None
    event = bench["e1"].opine("S1", "B1", "adjust", Decimal("25.50"), "偏低")
    assert event.body.seen == Seen(computed=False, conclusion=False, colleagues="none")
    assert "far" not in bench["e1"].rows("S1")[4].flags
    assert bench["lead"].rows("S1")[4].computed == Decimal("22.50")
    assert bench["clerk"].rows("S1")[4].computed is None and bench["clerk"].rows("S1")[2].computed is not None
    change = {"target": "proof", "indicator": "B1", "status": "核实不符", "verified_value": "81"}
    bench.say("lead", "correction", subject="S1", change=change, reason="问卷81分")
    assert not any("81" in h.text for h in bench["e1"].history()) and "81" in bench["lead"].history()[0].text
    bench["e1"].opine("S1", "D1", "adjust", Decimal(9), "齐全")
    bench["e1"].opine("S1", "D2", "adjust", Decimal(8), "合理")
    bench["e1"].opine("S1", "B1", "adjust", Decimal("25.50"), "偏低")
    bench.judge("e1", D1="9.00", D2="8.00", B1="25.50")
    bench.submit("e2", D1="9.00", D2="8.00", B1="25.50")
    bench["e1"].submit()
    assert bench["e1"].rows("S1")[4].computed == Decimal("24.30")  # 81 % of 30


def test_hiding_them_later_hides_what_was_agreed_to_as_well(review):
    bench = review()
    bench["e1"].opine("S1", "B1", "agree")
    assert bench["e1"].rows("S1")[4].mine == Decimal("22.50")
    hidden = bench["lead"].panel.model_copy(update={"hide_computed": True})
    bench.say("lead", "panel_set", panel=hidden, reason="防止锚定")
    row, detail = bench["e1"].rows("S1")[4], bench["e1"].detail("S1", "B1")
    assert (row.status, row.mine, detail.opinions[0].points) == ("agreed", None, None)


def test_the_second_round_shows_the_first_without_names_and_keeps_its_opinions(review, panel_of):
    bench = review(panel_of(3))
    bench.submit("e1", D1="2.00", B1="20.00")
    bench.submit("e2", D1="9.00")
    bench.submit("e3", D1="9.00")
    bench["lead"].merge()
    bench.say("lead", "round_opened", round=2, reason="D1分歧较大")
    assert sees(bench, "e1") == Seen(computed=True, conclusion=False, colleagues="distribution")
    assert conclusion(bench, "e1") == (None, None, None) and bench["e1"].rows("S1")[0].panel is None
    assert bench["e1"].detail("S1", "D1").distribution == (2, 9, 9)
    assert bench["e1"].detail("S1", "B1").distribution == (20, Decimal("22.5"), Decimal("22.5"))  # two 认可 of 22.50
    assert {r.status for r in bench["e1"].rows("S1") if r.code in ("D1", "B1")} == {"adjusted"}
    bench["e1"].opine("S1", "D1", "adjust", Decimal("8.00"), "看到意见后修改")
    assert bench["e2"].detail("S1", "D1").distribution == (2, 9, 9)  # of the round before, not of this one
    for expert in ("e1", "e2", "e3"):
        bench[expert].submit()
    assert bench["lead"].merge().body.round == 2
    assert bench["e2"].detail("S1", "D1").distribution == (8, 9, 9)
    assert {v.body.round for v in bench["lead"].state.votes.values()} == {1, 2}


def test_a_correction_reopens_exactly_what_it_touched(review, panel_of, member):
    """P2 is corrected while some have submitted: who judged it judges it again, and hands in again."""
    bench = review(panel_of([member("e1"), member("e2"), member("e3", indicators=["决策"])]))
    bench.submit("e1", "e3", D1="9.00")
    bench.judge("e2", D1="9.00")
    change = {"target": "proof", "indicator": "P2", "status": "核实不符", "verified_value": "70"}
    number = bench.say("lead", "correction", subject="S1", change=change, reason="验收单不符").seq
    stale = {(e, r.code) for e in ("e1", "e2", "e3") for r in bench[e].rows("S1") if "stale" in r.flags}
    assert stale == {("e1", "P2"), ("e2", "P2")}
    assert [p.submitted for p in bench["lead"].heading("S1").progress] == [False, False, True]
    assert bench["e1"].heading("S1").next_step.startswith("还有1项未评定")
    assert bench["e1"].rows("S1")[3].mine is None and bench["e1"].rows("S1")[3].computed == 14
    bench["e1"].opine("S1", "P2", "agree")
    assert bench["e1"].heading("S1").next_step == "全部评定完毕,请提交本轮意见。"  # not by itself
    bench["e1"].opine("S1", "P2", "abstain", reason="改变主意")
    bench["e1"].submit()
    bench.refused("submitted", lambda: bench["e1"].opine("S1", "P2", "agree"))
    bench.refused("unjudged", bench["e2"].submit)
    bench.say("lead", "correction_revoked", correction=number, reason="验收单有误")
    # Back to 16.00: what e1 and e2 said about 16.00 has its basis again, e1's opinion on 14.00 has lost it.
    assert {(e, r.code) for e in ("e1", "e2", "e3") for r in bench[e].rows("S1") if "stale" in r.flags} == {
        ("e1", "P2")
    }
    bench["e2"].submit()


def test_the_unit_and_delegates_see_the_draft_and_what_concerns_them(review, panel_of):
    bench = review(panel_of(1))
    bench.submit("e1", D1="9.00")
    for person in ("unit", "delegate", "clerk", "checker"):
        assert conclusion(bench, person) == (None, None, None)
        assert not bench[person].detail("S1", "D1").opinions
    assert sees(bench, "unit").computed is False and bench["unit"].rows("S1")[2].value == "暂不公开"
    assert sees(bench, "observer") == ALL  # every expert has submitted
    bench["lead"].merge()
    bench.say("lead", "sign_off", statement="同意")
    assert sees(bench, "unit").conclusion is False
    bench.say("lead", "draft_issued", to=["第一小学"])
    for person in ("unit", "delegate"):
        assert sees(bench, person).conclusion and not bench[person].detail("S1", "D1").opinions
        assert bench[person].rows("S1")[0].final == 9
    told = {person: bench[person].heading("S1").current for person in ("unit", "delegate")}
    assert told["unit"].total == told["delegate"].total and told["delegate"].down is not None
    assert told["unit"].up is told["unit"].down is None  # what the unit answers must not turn on how much is missing
    assert [h.text for h in bench["unit"].history()] == ["发出征求意见稿,征求第一小学意见"]


def test_a_challenge_is_between_the_expert_and_the_lead(review):
    bench = review()
    scan = bench["e1"].attach("照片.jpg", b"jpg")
    doubt = {"subject": "S1", "indicator": "P1", "about": "evidence", "text": "照片不符", "attachments": [scan]}
    bench.say("e1", "challenge", **doubt)
    assert "challenged" in bench["e1"].rows("S1")[2].flags and "challenged" in bench["lead"].rows("S1")[2].flags
    assert "challenged" not in bench["e2"].rows("S1")[2].flags
    assert bench["e2"].attachment(scan.sha256) is None and bench["lead"].attachment(scan.sha256) == ("照片.jpg", b"jpg")
    assert bench["e1"].attachment("../../etc/passwd") is None
