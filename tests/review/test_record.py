"""What a ledger puts into the result: every expert's points once a round is closed, merged, why, and what was said."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from workbench.review.record import Record
from workbench.scheme.panel import Member, Panel
from workbench.scoring.result import FindingLine, IndicatorReview, ReviewNote, SubjectResult

Begin = Callable[..., Any]
Panels = Callable[..., Panel]


def record(review: Any) -> Record:
    lead = review["lead"]
    return Record(lead.state, lead.scope, {})


def subject(review: Any) -> SubjectResult:
    made = record(review)
    return made.subject(made.scope.subjects["S1"])


def of(review: Any, code: str) -> IndicatorReview | None:
    return next(i.review for i in subject(review).indicators if i.code == code)


def notes(review: Any) -> dict[str, ReviewNote]:
    return {n.kind: n for n in record(review).review().notes}


def test_what_nobody_judged_has_no_review(review: Begin) -> None:
    made = review()
    assert all(i.review is None for i in subject(made).indicators)
    found = record(made).review()
    assert (found.events, found.phase, found.round, found.merge_rule) == (2, "评审中", 1, None)
    assert [(p.name, p.roles) for p in found.people][:2] == [("lead先生", ["主评人"]), ("e1先生", ["评审专家"])]


def test_opinions_stay_closed_until_the_last_expert_has_submitted(review: Begin) -> None:
    made = review()
    made.submit("e1", "e2", D1="9")
    assert of(made, "D1") is None
    made.submit("e3", D1="8")
    found = of(made, "D1")
    assert found is not None
    assert [(e.name, e.choice, e.points) for e in found.experts] == [
        ("e1先生", "调整", "9.00"),
        ("e2先生", "调整", "9.00"),
        ("e3先生", "调整", "8.00"),
    ]
    assert (found.merged, found.applied, found.why_not) == (None, False, None)


def test_agreement_abstention_and_recusal_are_told_with_what_counted(review: Begin) -> None:
    made = review()
    made.submit("e1", D2="7.5")
    made["e2"].opine("S1", "D2", "abstain", reason="不熟悉")
    made["e3"].opine("S1", "D2", "recuse", reason="曾参与")
    for expert in ("e2", "e3"):
        desk = made[expert]
        for spot in desk.scope.assigned(desk.member):
            if spot[1] != "D2":
                desk.opine(*spot, "abstain", reason="不评")
        desk.submit()
    found = of(made, "D2")
    assert found is not None
    assert [(e.choice, e.points, e.reason) for e in found.experts] == [
        ("调整", "7.50", "现场核查"),
        ("不评", None, "不熟悉"),
        ("回避", None, "曾参与"),
    ]


def test_a_second_round_shows_the_first_until_it_is_closed_itself(review: Begin) -> None:
    made = review()
    made.submit("e1", "e2", "e3", D1="9")
    made.say("lead", "round_opened", round=2, reason="意见分散")
    made["e1"].opine("S1", "D1", "adjust", Decimal(3), "改变看法")
    found = of(made, "D1")
    assert found is not None
    assert [(e.points, e.round) for e in found.experts] == [("9.00", 1)] * 3
    made["e1"].submit()
    made["e2"].submit()
    made["e3"].submit()
    found = of(made, "D1")
    assert found is not None and [e.points for e in found.experts] == ["3.00", "9.00", "9.00"]


def test_a_withdrawn_opinion_is_not_told(review: Begin) -> None:
    made = review()
    event = made["e1"].opine("S1", "D1", "adjust", Decimal(1), "看错了")
    made["e1"].withdraw(event.seq)
    made.submit("e1", "e2", "e3", D1="9")
    found = of(made, "D1")
    assert found is not None and "看错了" not in {e.reason for e in found.experts}


def test_merged_points_name_rule_person_and_time(review: Begin, panel_of: Panels) -> None:
    made = review(panel_of(3, merge="trimmed_mean"))
    made.submit("e1", D1="7")
    made.submit("e2", D1="8")
    made.submit("e3", D1="8.5")
    merge = made["lead"].merge()
    found = of(made, "D1")
    assert found is not None
    # by hand: three opinions, so nothing is dropped: (7 + 8 + 8.5) / 3 = 7.8333…
    assert (found.merged, found.rule, found.reason) == ("7.83", "算术平均", "3名专家意见按“算术平均”汇总")
    assert (found.by, found.at, found.applied) == ("lead先生", merge.at, True)
    assert record(made).review().merge_rule == "去掉一个最高分和一个最低分后平均(不足5人时算术平均)"


def test_a_revision_replaces_the_merged_points_with_its_reason(review: Begin) -> None:
    made = review()
    made.consultation()
    comment = made.say("lead", "comment", source="第一小学", text="D1有新证据", subject="S1", indicator="D1")
    reply = made.say("lead", "reply", comment=comment.seq, accepted=True, reason="证据充分")
    basis = made["lead"].scope.basis(("S1", "D1"))
    revision = made.say(
        "lead",
        "revision",
        subject="S1",
        indicator="D1",
        points="9.5",
        reason="补充了论证材料",
        cites=[comment.seq],
        basis=basis,
    )
    found = of(made, "D1")
    assert found is not None
    assert (found.merged, found.rule) == ("9.00", "算术平均")  # what the panel found stays to be seen
    assert (found.revised, found.reason) == ("9.50", "补充了论证材料")
    assert [e.points for e in found.experts] == ["9.00"] * 3
    said = notes(made)
    assert (said["comment"].by, said["comment"].text) == ("第一小学", "D1有新证据")
    assert (said["reply"].refers, said["reply"].accepted, said["reply"].indicator) == ([comment.seq], True, "D1")
    assert (said["revision"].event, said["revision"].refers) == (revision.seq, [comment.seq])
    assert reply.seq == said["reply"].event
    assert said["sign_off"].text == "同意汇总结果" and said["draft_issued"].text == "征求第一小学意见"


def test_typed_in_opinions_name_the_clerk(review: Begin) -> None:
    made = review()
    made.submit("e2", "e3", D1="9")
    scan = made.scan()
    clerk = made["clerk"]
    expert = clerk.panel.member("e1")
    entries = []
    for spot in clerk.scope.assigned(expert):
        choice = ("abstain", None, "纸质") if spot[1] == "D1" else ("agree", None, "")
        entries.append(clerk.opine(*spot, *choice, entry_for=("e1", scan)).seq)
    made.say("checker", "entry_checked", opinions=entries)
    clerk = made["clerk"]
    clerk.submit(("e1", scan))
    found = of(made, "D2")
    assert found is not None
    assert (found.experts[0].name, found.experts[0].entered_by) == ("e1先生", "clerk先生")


def test_experts_own_words_wait_for_the_round_to_close(review: Begin) -> None:
    made = review()
    made.say("e1", "statement", of="expert", text="我的意见")
    made.say("delegate", "statement", of="delegate", text="代表意见")
    asked = made.say("lead", "inquiry", text="请说明进度", subject="S1", indicator="P1")
    made.say("lead", "answer", inquiry=asked.seq, text="已完工", evidence="验收单第1页")
    doubt = made.say("e1", "challenge", subject="S1", indicator="P1", about="evidence", text="验收单无日期")
    assert set(notes(made)) == {"delegate_statement", "inquiry", "answer"}
    made.say("lead", "challenge_rejected", challenge=doubt.seq, reason="日期在附页")
    made.submit("e1", "e2", "e3", D1="9")
    said = notes(made)
    assert said["expert_statement"].text == "我的意见" and said["expert_statement"].by == "e1先生"
    assert said["challenge"].text == "质疑佐证:验收单无日期"
    assert (said["challenge_rejected"].refers, said["challenge_rejected"].indicator) == ([doubt.seq], "P1")
    assert (said["answer"].evidence, said["answer"].refers, said["answer"].indicator) == (
        "验收单第1页",
        [asked.seq],
        "P1",
    )


def test_conflicts_and_people_who_left_keep_their_names(
    review: Begin, panel_of: Panels, member: Callable[..., Member]
) -> None:
    conflicts = [{"indicator": "D2", "reason": "曾参与申报"}]
    made = review(panel_of([member("e1"), member("e2", conflicts=conflicts)]))
    made.submit("e1", "e2", D1="9")
    made["lead"].merge()
    panel = panel_of([member("e1"), member("e3")])
    made.say("lead", "panel_set", panel=panel, reason="e2退出")
    found = of(made, "D1")
    assert found is not None
    assert [e.name for e in found.experts] == ["e1先生", "e2先生"]  # as of the merge
    assert {p.id: p.recused for p in record(made).review().people}["e1"] is None
    before = review(panel_of([member("e2", conflicts=conflicts)]))
    assert {p.id: p.recused for p in record(before).review().people}["e2"] == "D2:曾参与申报"


def test_the_conclusion_as_computed_is_kept(review: Begin) -> None:
    made = review()
    made.signed()
    computed = made.docket.result.subjects[0]
    found = subject(made).computed
    assert found is not None
    assert (found.total, found.interval, found.grade) == (computed.total, computed.interval, computed.grade)


def test_what_was_published_is_held_against_the_points_by_rule(review: Begin) -> None:
    """The experts' total is no total by rule: the finding beside those on single indicators says the same as they."""
    made = record(review())
    computed = made.scope.subjects["S1"]
    told = FindingLine(code="published_total_differs", severity="warning", message="按规则为99.80")
    other = FindingLine(code="rate_over_100", severity="warning", message="超过100%")
    last = FindingLine(code="no_proof", severity="warning", message="没有佐证")
    made.scope.subjects["S1"] = computed.model_copy(update={"findings": [other, told, last]})
    for own in ([told.model_copy(update={"message": "按规则为98.55"})], []):
        final = made.subject(computed.model_copy(update={"findings": [other, *own, last]}))
        said = [f.message for f in final.findings if f.message in (told.message, other.message, last.message)]
        assert sorted(said) == sorted([other.message, told.message, last.message])
        assert not any("98.55" in f.message for f in final.findings)
