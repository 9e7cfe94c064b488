"""Permits: who may say what, when. Each refusal leaves no event and one line in the access log with who tried what."""

from __future__ import annotations

from decimal import Decimal

import pytest

from workbench.review.events import Entry, Merge, RoundOpened

PROOF = {"target": "proof", "indicator": "P2", "status": "核实一致"}
LATE = {"target": "proof", "indicator": "P2", "status": "核实不符", "verified_value": "70"}


def correction(**more):
    return {"subject": "S1", "change": PROOF, "reason": "验收单已核实"} | more


# ---------------------------------------------------------------------------------------------------------------------
# Opinions
# ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("indicator", "choice", "points", "reason", "code"),
    [
        ("D2", "adjust", "10.01", "过高", "points_bounds"),
        ("D2", "adjust", "-0.01", "过低", "points_bounds"),
        ("D2", "adjust", "7.555", "三位小数", "points_decimals"),
        ("D2", "adjust", None, "漏填", "points_missing"),
        ("D2", "adjust", "7", "", "reason_missing"),
        ("D2", "adjust", "7", " \u200b\u3000\n", "reason_missing"),  # nothing a reader could see
        ("D2", "agree", "7", "", "points_not_wanted"),
        ("D2", "abstain", None, "", "reason_missing"),
        ("D2", "recuse", None, "", "reason_missing"),
        ("D1", "agree", None, "", "nothing_computed"),
        ("P1", "adjust", "18", "按资料计分", "not_judged"),
        ("N1", "agree", None, "", "not_applicable"),
        ("N1", "abstain", None, "不适用", "not_applicable"),
        ("Z1", "adjust", "3", "逾期未提供", "not_applicable"),
    ],
)
def test_an_opinion_that_cannot_stand(review, indicator, choice, points, reason, code):
    bench = review()
    codes = {code} | ({"nothing_computed"} if (indicator, choice) == ("N1", "agree") else set())
    bench.refused(codes, lambda: bench["e1"].opine("S1", indicator, choice, points and Decimal(points), reason))
    [entry] = bench.ledger.refusals()
    assert (entry.actor, entry.action) == ("e1", "opinion")


def test_the_policy_opens_other_indicators_and_limits_how_far(review, panel_of):
    # ±10 % of 20 points around 18.70: 16.70 to 20 (the weight ends it above).
    bench = review(panel_of(2), free_points="all", adjust_limit_percent="10")
    error = bench.refused("points_bounds", lambda: bench["e1"].opine("S1", "P1", "adjust", Decimal("16.69"), "偏高"))
    assert "±2.00分" in str(error) and "16.7至20分" in str(error)
    assert bench["e1"].detail("S1", "P1").bounds.lowest == Decimal("16.70")
    bench["e1"].opine("S1", "P1", "adjust", Decimal("16.7"), "偏高")
    bench["e1"].opine("S1", "P1", "adjust", Decimal("20"), "偏低")
    bench.refused("points_bounds", lambda: bench["e1"].opine("S1", "D2", "adjust", Decimal("9.01"), "偏低"))
    bench["e1"].opine("S1", "D1", "adjust", Decimal("10"), "没有计算得分,不受幅度限制")


def test_nobody_writes_for_somebody_else(review):
    bench = review()
    own = bench["e1"].opine("S1", "D2", "agree")
    bench.refused("not_yours", lambda: bench["e2"].withdraw(own.seq))
    stolen = own.body.model_copy(update={"indicator": "B1", "basis": bench["e2"].scope.basis(("S1", "B1"))})
    bench.refused("not_yours", lambda: bench["e2"].send(stolen))
    bench.refused("wrong_role", lambda: bench["unit"].opine("S1", "D2", "agree"))
    bench.refused("wrong_role", lambda: bench["e1"].merge())
    bench.refused("wrong_role", lambda: bench.say("e1", "sign_off", statement="同意"))
    assert {r.actor for r in bench.ledger.refusals()} == {"e1", "e2", "unit"}


def test_what_the_page_showed_cannot_be_said_otherwise(review):
    """What an expert could see is recorded, because it cannot be found out later; so it must be true."""
    bench = review()
    body = bench["e1"].opine("S1", "D2", "agree").body
    blind = body.model_copy(update={"seen": body.seen.model_copy(update={"colleagues": "all"})})
    bench.refused("seen_differs", lambda: bench["e1"].send(blind))
    bench.refused("wrong_round", lambda: bench["e1"].send(body.model_copy(update={"round": 2})))


def test_submission_is_one_s_own_and_complete(review):
    bench = review()
    error = bench.refused("unjudged", bench["e1"].submit)
    assert "还有5项未评定" in str(error) and "立项规范性(D1)" in str(error)
    bench.judge("e1")
    bench.refused({"not_yours", "unjudged"}, lambda: bench.say("e2", "submission", expert="e3", round=1))
    bench.refused("wrong_round", lambda: bench.say("e1", "submission", expert="e1", round=2))
    bench["e1"].submit()
    bench.refused("submitted", lambda: bench["e1"].opine("S1", "D2", "abstain", reason="再想想"))
    bench.refused("submitted", bench["e1"].submit)
    opinion = bench["e1"].state.votes["S1", "D2", "e1"].event.seq
    bench.refused("submitted", lambda: bench["e1"].withdraw(opinion))


def test_a_withdrawn_or_replaced_opinion_cannot_be_withdrawn_again(review):
    bench = review()
    first = bench["e1"].opine("S1", "D2", "agree").seq
    second = bench["e1"].opine("S1", "D2", "adjust", Decimal(7), "目标偏低").seq
    bench.refused("no_opinion", lambda: bench["e1"].withdraw(first))
    bench["e1"].withdraw(second, "误填")
    bench.refused("no_opinion", lambda: bench["e1"].withdraw(second))
    assert bench["e1"].rows("S1")[1].status == "unjudged"


def test_declared_conflicts_keep_an_expert_away(review, panel_of, member):
    experts = [
        member("e1", conflicts=[{"reason": "项目单位职工"}]),
        member("e2", conflicts=[{"subject": "S1", "reason": "曾任校长"}]),
        member("e3", conflicts=[{"indicator": "B1", "reason": "参与过调查"}]),
        member("e4", conflicts=[{"subject": "S2", "indicator": "D2", "reason": "编制人"}]),
    ]
    bench = review(panel_of(experts), both=True)
    assigned = {e: set(bench[e].scope.assigned(bench[e].member)) for e in ("e1", "e2", "e3", "e4")}
    both = {("S1", c) for c in ("D1", "D2", "P1", "P2", "B1")} | {
        ("S2", c) for c in ("D1", "D2", "P1", "P2", "B1", "N1", "Z1")
    }
    assert assigned["e1"] == set()
    assert assigned["e2"] == {s for s in both if s[0] == "S2"}
    assert assigned["e3"] == {s for s in both if s[1] != "B1"}
    assert assigned["e4"] == both - {("S2", "D2")}
    error = bench.refused("recused", lambda: bench["e3"].opine("S1", "B1", "agree"))
    assert "e3先生对该指标已声明回避;实际为“参与过调查”" in str(error)
    doubt = {"about": "value", "text": "数值偏高"}
    bench.refused("recused", lambda: bench.say("e3", "challenge", subject="S2", indicator="B1", **doubt))
    bench.refused("recused", lambda: bench.say("e2", "statement", of="expert", subject="S1", text="很好"))
    bench.refused("recused", lambda: bench.say("e2", "inquiry", subject="S1", text="资金何时到位?"))
    bench.say("e2", "statement", of="expert", subject="S2", text="很好")
    bench.refused("not_assigned", bench["e1"].submit)
    row = next(r for r in bench["e3"].rows("S1") if r.code == "B1")
    assert row.status == "recused" and bench["e3"].detail("S1", "B1").choices == ()
    assert not bench["e3"].detail("S1", "B1").can_challenge


# ---------------------------------------------------------------------------------------------------------------------
# 代录
# ---------------------------------------------------------------------------------------------------------------------


def test_a_typed_form_counts_after_a_second_person_checked_it(review, panel_of, member):
    bench = review(panel_of([member("e1"), member("e2", "expert", "clerk", "checker")]))
    scan = bench.scan()
    typed = [
        bench["clerk"].opine("S1", code, choice, points, "见打分表", entry_for=("e1", scan)).seq
        for code, choice, points in [
            ("D1", "adjust", Decimal(6)),
            ("D2", "agree", None),
            ("P1", "agree", None),
            ("P2", "agree", None),
            ("B1", "abstain", None),
        ]
    ]
    assert {r.status for r in bench["e1"].rows("S1") if r.code in ("D1", "B1")} == {"unchecked"}
    assert ("S1", "D1") not in bench["lead"].preview("S1")
    bench.refused("unchecked", lambda: bench["clerk"].submit(entry_for=("e1", scan)))
    bench.refused("wrong_role", lambda: bench.say("clerk", "entry_checked", opinions=typed))
    # e2 is expert, clerk and checker, and has yet to make up their own mind.
    bench.refused("own_first", lambda: bench.say("e2", "entry_checked", opinions=typed))
    bench.refused("own_first", lambda: bench["e2"].opine("S1", "D2", "agree", entry_for=("e1", scan)))
    assert bench["e2"].detail("S1", "D1").opinions == ()
    [said] = bench["checker"].detail("S1", "D1").opinions
    assert (said.who, said.points, said.entered_by) == ("e1先生", 6, "clerk先生")
    assert bench["checker"].attachment(scan.sha256) == ("打分表.pdf", b"%PDF-1.7 signed")
    bench.say("checker", "entry_checked", opinions=typed)
    assert bench["lead"].preview("S1")["S1", "D1"].points == 6
    bench["clerk"].submit(entry_for=("e1", scan))
    bench.refused("submitted", lambda: bench["e1"].opine("S1", "D2", "agree"))


def test_clerk_checker_and_expert_are_three_people(review, panel_of, member):
    people = [member("e1", "expert", "checker"), member("e2", "lead", "clerk", "checker"), member("e3")]
    bench = review(panel_of(people, blind=False))
    scan = bench["clerk"].attach("e1.pdf", b"%PDF e1")
    typed = bench["e2"].opine("S1", "D2", "agree", entry_for=("e1", scan)).seq
    bench.refused("same_person", lambda: bench.say("e2", "entry_checked", opinions=[typed]))
    bench.refused({"same_person", "own_first"}, lambda: bench.say("e1", "entry_checked", opinions=[typed]))
    bench.refused({"no_entry"}, lambda: bench.say("checker", "entry_checked", opinions=[typed + 1]))
    # Not over what the expert has said themself, nor in a colleague's name, nor with a scan nobody uploaded.
    bench["e3"].opine("S1", "D2", "agree")
    bench.refused("own_opinion", lambda: bench["clerk"].opine("S1", "D2", "agree", entry_for=("e3", scan)))
    lost = scan.model_copy(update={"sha256": "0" * 64})
    bench.refused("attachment_missing", lambda: bench["clerk"].opine("S1", "P1", "agree", entry_for=("e3", lost)))
    entry = Entry(clerk="clerk", scan=scan)
    body = bench["e2"].state.votes["S1", "D2", "e1"].body.model_copy(update={"entry": entry, "indicator": "P1"})
    body = body.model_copy(update={"basis": bench["e2"].scope.basis(("S1", "P1"))})
    bench.refused("not_yours", lambda: bench["e2"].send(body))
    bench["e1"].opine("S1", "D2", "abstain", reason="本人改为不评")  # an expert's own word goes before a typed form
    bench.refused("no_entry", lambda: bench.say("checker", "entry_checked", opinions=[typed]))
    bench.refused("not_a_member", lambda: bench["clerk"].opine("S1", "D2", "agree", entry_for=("e9", scan)))


# ---------------------------------------------------------------------------------------------------------------------
# Merging and signing
# ---------------------------------------------------------------------------------------------------------------------


def test_merging_and_rounds_wait_for_everyone(review, panel_of):
    bench = review(panel_of(2))
    bench.submit("e1", D1="9.00")
    bench.refused("round_open", lambda: bench.say("lead", "round_opened", round=2, reason="再议"))
    bench.judge("e2", D1="8.00")
    results = list(bench["lead"].preview("S1").values())
    merge = Merge(kind="merge", round=1, rule="mean", results=results)
    bench.refused("round_open", lambda: bench["lead"].send(merge))
    bench["e2"].submit()
    moved = results[0].model_copy(update={"points": Decimal("9.50")})
    for wrong in ({"results": [moved, *results[1:]]}, {"results": results[1:]}, {"rule": "median"}, {"round": 2}):
        bench.refused("merge_outdated", lambda wrong=wrong: bench["lead"].send(merge.model_copy(update=wrong)))
    bench["lead"].send(merge)
    bench.refused("wrong_round", lambda: bench["lead"].send(RoundOpened(kind="round_opened", round=3, reason="跳过")))


def test_signing_needs_a_merge_that_is_up_to_date_and_no_open_challenge(review, panel_of, member):
    bench = review(panel_of(2))
    sign = lambda: bench.say("lead", "sign_off", statement="同意")  # noqa: E731
    bench.refused({"not_merged", "round_open"}, sign)
    bench.submit("e1", "e2", D1="9.00")
    bench.refused("not_merged", sign)
    bench["lead"].merge()
    assert bench["lead"].heading("S1").next_step == "已汇总,请写签字意见并签字。"
    number = bench.say("e1", "challenge", subject="S1", indicator="P2", about="evidence", text="验收单缺签章").seq
    bench.refused("open_challenges", sign)
    panel = bench["lead"].panel
    more = panel.model_copy(update={"members": [*panel.members, member("e3")]})
    bench.say("lead", "panel_set", panel=more, reason="增补专家")
    bench.refused({"open_challenges", "round_open"}, sign)  # the new expert's silence is not agreement
    bench.say("lead", "panel_set", panel=panel.model_copy(update={"merge": "median"}), reason="分歧较大")
    bench.refused({"open_challenges", "not_merged"}, sign)  # same points, another rule than the merge says
    assert "有1条质疑待处理" in bench["lead"].heading("S1").next_step
    bench.say("lead", "challenge_rejected", challenge=number, reason="签章在第二页")
    bench.refused("not_merged", sign)
    bench["lead"].merge()
    bench.refused("reason_missing", lambda: bench.say("lead", "sign_off", statement=" "))
    sign()
    assert bench["lead"].heading("S1").phase == "专家组已签字"


def test_sign_off_closes_the_ledger_until_the_lead_reopens_it(review, panel_of):
    bench = review(panel_of(2))
    bench.signed()
    before = dict(bench["lead"].state.settled)
    tried = [
        ("e1", lambda: bench["e1"].opine("S1", "D2", "abstain", reason="改")),
        ("e1", lambda: bench["e1"].withdraw(bench["e1"].state.votes["S1", "D2", "e1"].event.seq)),
        ("e1", lambda: bench.say("e1", "challenge", subject="S1", indicator="P1", about="value", text="有误")),
        ("lead", lambda: bench["lead"].merge()),
        ("lead", lambda: bench.say("lead", "round_opened", round=2, reason="再议")),
        ("lead", lambda: bench.say("lead", "correction", **correction())),
        ("lead", lambda: bench.say("lead", "statement", of="group", text="补充")),
        ("lead", lambda: bench.say("lead", "sign_off", statement="再签")),
    ]
    for _, act in tried:
        bench.refused("wrong_phase", act)
    assert [r.actor for r in bench.ledger.refusals()] == [who for who, _ in tried]
    bench.refused("panel_closed", lambda: bench.say("lead", "panel_set", panel=panel_of(3), reason="增补"))
    bench.say("delegate", "statement", of="delegate", text="群众反映良好")
    bench.refused("wrong_role", lambda: bench.say("e1", "reopening", reason="有误"))
    bench.refused("reason_missing", lambda: bench.say("lead", "reopening", reason="\u200b"))
    bench.say("lead", "reopening", reason="遗漏佐证")
    assert bench["lead"].state.settled == before and bench["lead"].heading("S1").phase == "评审中"
    bench.refused("submitted", lambda: bench["e1"].opine("S1", "D2", "abstain", reason="改"))
    bench.say("lead", "round_opened", round=2, reason="补充佐证后重评")
    bench["e1"].opine("S1", "D2", "adjust", Decimal("7.00"), "补充佐证不支持")


# ---------------------------------------------------------------------------------------------------------------------
# 征求意见 to 定稿
# ---------------------------------------------------------------------------------------------------------------------


def test_after_the_draft_a_score_moves_only_with_a_ground(review, panel_of):
    bench = review(panel_of(2))
    bench.refused("wrong_phase", lambda: bench.say("lead", "draft_issued", to=["第一小学"]))
    early = {"subject": "S1", "indicator": "B1", "points": "23", "reason": "x", "evidence": "问卷"}
    basis = bench["lead"].scope.basis(("S1", "B1"))
    bench.refused("wrong_phase", lambda: bench.say("lead", "revision", **early, basis=basis))
    inquiry = bench.say("e1", "inquiry", subject="S1", indicator="P2", text="何时验收?").seq
    doubt = bench.say("e1", "challenge", subject="S1", indicator="P2", about="value", text="有误").seq
    bench.say("lead", "challenge_rejected", challenge=doubt, reason="已核对")
    bench.consultation()
    basis = bench["lead"].scope.basis(("S1", "B1"))
    revision = {"subject": "S1", "indicator": "B1", "points": Decimal("23.00"), "reason": "补充问卷", "basis": basis}
    on_p1 = revision | {"indicator": "P1", "points": "20", "basis": bench["lead"].scope.basis(("S1", "P1"))}
    for act in (
        lambda: bench["e1"].opine("S1", "D2", "abstain", reason="改"),
        lambda: bench["lead"].merge(),
        lambda: bench.say("lead", "reopening", reason="想改分"),
        lambda: bench.say("lead", "challenge_rejected", challenge=doubt, reason="已核对"),
    ):
        bench.refused("wrong_phase", act)
    bench.refused("no_ground", lambda: bench.say("lead", "revision", **revision))
    bench.refused("no_ground", lambda: bench.say("lead", "correction", **correction(evidence=" ")))
    comment = bench.say("unit", "comment", source="第一小学", text="满意度另有问卷", subject="S1", indicator="B1").seq
    bench.refused("not_accepted", lambda: bench.say("lead", "revision", **revision, cites=[comment]))
    bench.refused("unknown_event", lambda: bench.say("lead", "revision", **revision, cites=[inquiry]))
    bench.refused("unknown_event", lambda: bench.say("lead", "revision", **revision, cites=[doubt]))
    bench.refused("wrong_role", lambda: bench.say("unit", "reply", comment=comment, accepted=True, reason="x"))
    bench.refused("reason_missing", lambda: bench.say("lead", "reply", comment=comment, accepted=True, reason=" "))
    bench.say("lead", "reply", comment=comment, accepted=True, reason="问卷有效")
    bench.refused(
        "points_bounds", lambda: bench.say("lead", "revision", **revision | {"points": Decimal(31)}, cites=[comment])
    )
    bench.refused("not_judged", lambda: bench.say("lead", "revision", **on_p1, cites=[comment]))
    before = bench["lead"].heading("S1").current.total
    bench.say("lead", "revision", **revision, cites=[comment])
    # 效益 has 30 of 35 points that apply: half a point more is 0.5 × 35/30 = 0.58 (26.83 − 26.25).
    assert bench["lead"].heading("S1").current.total - before == Decimal("0.58")
    refusal = bench.refused(
        "rested_on", lambda: bench.say("lead", "reply", comment=comment, accepted=False, reason="反悔")
    )
    assert f"第{comment}号" in str(refusal)
    assert bench["lead"].rows("S1")[4].computed == Decimal("22.50")
    answer = bench.say("unit", "answer", inquiry=inquiry, text="12月5日", evidence="验收报告").seq
    applied = bench.say("lead", "correction", **correction(change=LATE), cites=[answer]).seq
    bench.refused("wrong_phase", lambda: bench.say("lead", "correction_revoked", correction=applied, reason="撤回"))


def test_grounds_are_about_the_same_subject(review, panel_of):
    bench = review(panel_of(1), both=True)
    bench.signed()
    bench.say("lead", "draft_issued", to=["第一小学"], due="2025-04-30")
    comment = bench.say("lead", "comment", source="第二小学", text="偏低", subject="S2").seq
    bench.say("lead", "reply", comment=comment, accepted=True, reason="属实")
    revision = {"subject": "S1", "indicator": "B1", "points": "20", "reason": "x", "cites": [comment]}
    basis = bench["lead"].scope.basis(("S1", "B1"))
    bench.refused("other_subject", lambda: bench.say("lead", "revision", **revision, basis=basis))
    basis = bench["lead"].scope.basis(("S2", "B1"))
    bench.say("lead", "revision", **revision | {"subject": "S2"}, basis=basis)


def test_the_report_is_final_after_answers_and_an_internal_review(review, panel_of):
    bench = review(panel_of(2))
    bench.consultation()
    final = lambda: bench.say("lead", "finalised")  # noqa: E731
    check = lambda passed=True: bench.say("reviewer", "internal_review", passed=passed, text="已核对")  # noqa: E731
    assert "请内部审核人审核" in bench["lead"].heading("S1").next_step
    for other in ("lead", "analyst", "e1"):
        bench.refused("wrong_role", lambda other=other: bench.say(other, "internal_review", passed=True, text="好"))
    bench.refused("not_reviewed", final)
    check(passed=False)
    assert "未通过" in bench["lead"].heading("S1").next_step
    bench.refused("not_reviewed", final)
    comment = bench.say("analyst", "comment", source="县财政局", text="格式不统一").seq
    check()
    bench.refused("unanswered", final)
    bench.say("lead", "reply", comment=comment, accepted=False, reason="按模板")
    basis = bench["lead"].scope.basis(("S1", "B1"))
    evidence = {"evidence": "问卷汇总表", "reason": "补充问卷", "basis": basis}
    bench.say("lead", "revision", subject="S1", indicator="B1", points="23", **evidence)
    bench.refused("not_reviewed", final)  # what was reviewed was another score
    check()
    final()
    assert bench["lead"].heading("S1").phase == "已定稿"
    bench.refused(
        "wrong_phase", lambda: bench.say("lead", "revision", subject="S1", indicator="B1", points="22", **evidence)
    )
    bench.refused("wrong_phase", lambda: bench.say("unit", "comment", source="第一小学", text="迟到的意见"))
    bench.refused("wrong_role", lambda: bench.say("reviewer", "reopening", reason="有误"))
    bench.say("lead", "reopening", reason="印刷错误")
    assert bench["lead"].heading("S1").phase == "征求意见"  # not back to where points could move without a ground
    bench.refused("wrong_phase", lambda: bench["lead"].merge())


def test_who_led_or_analysed_before_does_not_review(review, panel_of, member):
    bench = review(panel_of(1))
    panel = bench["lead"].panel
    others = [m for m in panel.members if m.id not in ("lead", "analyst", "observer")]
    members = [*others, member("observer", "lead"), member("lead", "reviewer"), member("analyst", "reviewer")]
    bench.say("lead", "panel_set", panel=panel.model_copy(update={"members": members}), reason="更换主评人")
    bench.submit("e1", D1="9.00")
    bench["observer"].merge()
    bench.say("observer", "sign_off", statement="同意")
    bench.say("observer", "draft_issued", to=["第一小学"])
    for former in ("lead", "analyst"):
        bench.refused(
            "reviewed_self", lambda former=former: bench.say(former, "internal_review", passed=True, text="好")
        )
    bench.say("reviewer", "internal_review", passed=True, text="好")


# ---------------------------------------------------------------------------------------------------------------------
# The panel itself
# ---------------------------------------------------------------------------------------------------------------------


def test_a_panel_names_what_there_is(review, panel_of, member):
    bench = review()
    wrong = panel_of([member("e1", indicators=["产出", "B2"], conflicts=[{"subject": "S3", "reason": "亲属"}])])
    error = bench.refused({"unknown_indicator", "unknown_subject"}, lambda: bench.say("lead", "panel_set", panel=wrong))
    assert "是否想写“P2”?" in str(error) and "是否想写“S1”?" in str(error)


@pytest.mark.parametrize(
    ("members", "said"),
    [
        ([("a", ["expert"])], "须有且只有一名主评人"),
        ([("a", ["lead"]), ("b", ["lead"])], "须有且只有一名主评人"),
        ([("a", ["lead"]), ("system", ["observer"])], "不得为 system"),
        ([("a", ["lead"]), ("a", ["expert"])], "编号不得重复"),
        ([("a", ["lead", "reviewer"])], "内部审核人不得是主评人或评价人员"),
        ([("a", ["lead"]), ("b", ["expert", "unit"])], "被评价单位的人员须回避"),
        ([("a", ["lead"]), ("b", ["expert"], "a")], "平台用户名"),
    ],
)
def test_a_panel_nobody_could_trust_is_not_taken(review, members, said):
    bench = review()
    listed = [{"id": i, "name": i, "roles": r, "login": next(iter(more), None)} for i, r, *more in members]
    assert said in str(bench.refused("value_error", lambda: bench.say("lead", "panel_set", panel={"members": listed})))


def test_changing_the_panel_after_opinions_needs_a_reason_and_keeps_the_record(review, panel_of, member):
    """A lead may change the rule, or take off whose opinion they dislike; but not unseen."""
    bench = review(panel_of(3))
    bench.submit("e1", "e2", D1="9.00")
    bench.submit("e3", D1="2.00")
    panel = bench["lead"].panel
    less = panel.model_copy(update={"merge": "median", "members": [m for m in panel.members if m.id != "e3"]})
    bench.refused("reason_missing", lambda: bench.say("lead", "panel_set", panel=less))
    bench.refused("wrong_role", lambda: bench.say("analyst", "panel_set", panel=less, reason="评分异常"))
    bench.say("lead", "panel_set", panel=less, reason="e3未参加现场核查")
    assert (
        "汇总办法由“算术平均”改为“中位数”;移出e3先生(评审专家),理由:e3未参加现场核查" in bench["lead"].history()[0].text
    )
    said = [h for h in bench["lead"].history() if "2.00分" in h.text]
    assert [(h.who, h.spot) for h in said] == [("e3先生", ("S1", "D1"))]
    bench["lead"].merge()
    assert {r.code: r.final for r in bench["lead"].rows("S1")}["D1"] == 9


def test_an_id_with_a_record_is_not_given_to_another_person(review, panel_of, member):
    bench = review(panel_of(2))
    bench["e1"].opine("S1", "D2", "adjust", Decimal(3), "目标过低")
    panel = bench["lead"].panel
    renamed = [m.model_copy(update={"name": "李四"}) if m.id == "e1" else m for m in panel.members]
    other = panel.model_copy(update={"members": renamed})
    error = bench.refused("other_person", lambda: bench.say("lead", "panel_set", panel=other, reason="换人"))
    assert "成员编号“e1”下已有评审记录,不能改给他人;实际为“李四”;应为e1先生" in str(error)
    without = panel.model_copy(update={"members": [m for m in panel.members if m.id != "e1"]})
    bench.say("lead", "panel_set", panel=without, reason="退出")
    bench.refused("other_person", lambda: bench.say("lead", "panel_set", panel=other, reason="以同一编号换人"))
    named = [m.model_copy(update={"name": "王五"}) if m.id == "e2" else m for m in without.members]
    bench.say("lead", "panel_set", panel=panel.model_copy(update={"members": named}), reason="更正姓名,尚未评定")


def test_after_signing_the_panel_may_still_get_an_internal_reviewer(review, panel_of, member):
    """Otherwise a panel that was set up without one could never be finished."""
    panel = panel_of(1)
    bench = review(panel.model_copy(update={"members": [m for m in panel.members if m.id != "reviewer"]}))
    bench.consultation()
    bench.say("lead", "panel_set", panel=panel, reason="指定内部审核人")
    bench.say("reviewer", "internal_review", passed=True, text="已核对")
    heavier = [member("e1", weight="3") if m.id == "e1" else m for m in panel.members]
    changed = panel.model_copy(update={"members": heavier})
    bench.refused("panel_closed", lambda: bench.say("lead", "panel_set", panel=changed, reason="加权"))
    bench.say("lead", "finalised")
    bench.refused("wrong_phase", lambda: bench.say("lead", "panel_set", panel=panel, reason="再改"))


def test_somebody_taken_off_the_panel_can_do_and_see_nothing_more(review, panel_of):
    bench = review(panel_of(2))
    desk, opinion = bench["e2"], bench["e2"].opine("S1", "D2", "agree").seq
    panel = bench["lead"].panel
    without = panel.model_copy(update={"members": [m for m in panel.members if m.id != "e2"]})
    bench.say("lead", "panel_set", panel=without, reason="不能到会")
    bench.refused("not_a_member", lambda: desk.withdraw(opinion))  # the open page has not heard of it yet
    bench.refused("not_a_member", lambda: desk.opine("S1", "D1", "abstain", reason="x"))
    for look in (lambda: desk.rows("S1"), lambda: desk.heading("S1"), desk.history, lambda: desk.detail("S1", "D2")):
        with pytest.raises(Exception, match="您已不在该评价的评审组中"):
            look()


def test_statements_stand_separately_and_replace_only_one_s_own(review):
    bench = review()
    own = bench.say("e1", "statement", of="expert", text="总体良好").seq
    bench.refused("wrong_role", lambda: bench.say("e1", "statement", of="group", text="专家组意见"))
    bench.refused("wrong_role", lambda: bench.say("e1", "statement", of="delegate", text="代表意见"))
    bench.refused("wrong_role", lambda: bench.say("delegate", "statement", of="expert", text="专家意见"))
    for number in (own, own + 40):
        bench.refused(
            "not_yours", lambda number=number: bench.say("e2", "statement", of="expert", text="改", supersedes=number)
        )
    bench.say("e1", "statement", of="expert", text="总体良好,建议加强管护", supersedes=own)
    bench.say("lead", "statement", of="delegate", text="代录:代表书面意见")  # handed in on paper
    bench.say("delegate", "statement", of="delegate", text="群众满意")


def test_challenges_are_answered_by_a_correction_or_a_reason(review):
    bench = review()
    first = bench.say("e1", "challenge", subject="S1", indicator="P2", about="value", text="应为70", proposed="70").seq
    second = bench.say("e2", "challenge", subject="S1", indicator="P1", about="branch", text="档次有误").seq
    assert "2条质疑" in bench["lead"].heading("S1").next_step
    bench.refused("no_challenge", lambda: bench.say("lead", "challenge_rejected", challenge=second + 1, reason="无"))
    bench.refused("wrong_role", lambda: bench.say("e1", "challenge_rejected", challenge=first, reason="撤"))
    bench.say("lead", "challenge_rejected", challenge=second, reason="与计分标准一致")
    bench.refused("no_challenge", lambda: bench.say("lead", "challenge_rejected", challenge=second, reason="再答"))
    bench.say("lead", "correction", **correction(change=LATE), cites=[first])
    assert not bench["lead"].state.challenges
    # P2: 70 % of 20.
    assert {r.code: r.computed for r in bench["e1"].rows("S1")}["P2"] == Decimal("14.00")
    assert any("不予更正,理由:与计分标准一致" in h.text for h in bench["e2"].history())
    assert not any("与计分标准一致" in h.text for h in bench["e1"].history())
