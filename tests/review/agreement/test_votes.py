"""Ratings from a real ledger: exactly the opinions that a merge counts, now and in the round before."""

from __future__ import annotations

from decimal import Decimal

from workbench.review.agreement.delphi import convergence
from workbench.review.agreement.panel import assess
from workbench.review.agreement.votes import before_this_round, ratings
from workbench.review.events import RoundOpened
from workbench.review.merging import counted


def rated(review, state=None):
    desk = review["lead"]
    return ratings(state or desk.state, desk.scope, "S1")


def test_what_a_merge_counts_is_what_agreement_reads(review) -> None:
    opened = review()
    opened.submit("e1", "e2", B1="20", D1="7")
    opened.submit("e3", B1="24")  # 不评 on D1, where nothing was computed
    found, desk = rated(opened), opened["lead"]
    by_item = {i.code: sorted(p for (_, code), p in found.points.items() if code == i.code) for i in found.items}
    assert by_item == {
        i.code: sorted(c.points for c in counted(desk.state, desk.scope, ("S1", i.code))) for i in found.items
    }
    assert by_item["D1"] == [7, 7]
    assert by_item["P1"] == [Decimal("18.70")] * 3
    assert {i.code for i in found.items if i.judged} == {"D1", "D2", "B1"}
    assert [e.id for e in found.experts] == ["e1", "e2", "e3"]
    assert {(i.code, i.level1, i.weight) for i in found.items} >= {("B1", "效益", Decimal(30))}


def test_a_new_opinion_moves_agreement_and_no_score(review) -> None:
    opened = review()
    for expert in ("e1", "e2", "e3"):
        opened.judge(expert, B1="20", D1="7")
    desk = opened["lead"]
    before, points = assess(rated(opened)), desk.docket.result
    opened["e3"].opine("S1", "B1", "adjust", Decimal("30"), "另有材料")
    after = assess(rated(opened))
    assert not before.wide and [s.code for s in after.wide] == ["B1"]
    assert opened["lead"].docket.result == points


def test_withdrawn_opinions_and_absent_experts_are_not_there(review) -> None:
    opened = review()
    opened.judge("e1", B1="20")
    given = opened["e1"].opine("S1", "B1", "adjust", Decimal("21"), "补充核查")
    opened["e1"].withdraw(given.seq)
    found = rated(opened)
    assert ("e1", "B1") not in found.points
    assert [e.id for e in found.experts] == ["e1"]
    assert assess(found).headline


def test_the_round_before_is_compared_with_this_one(review) -> None:
    opened = review()
    assert before_this_round(opened["lead"].state) is None
    opened.submit("e1", B1="14", D1="6")
    opened.submit("e2", B1="20", D1="6")
    opened.submit("e3", B1="28", D1="6")
    opened["lead"].send(RoundOpened(kind="round_opened", round=2, reason="社会效益分歧较大"))
    opened["e1"].opine("S1", "B1", "adjust", Decimal("19"), "参考其他专家的意见")
    was = before_this_round(opened["lead"].state)
    assert was.round == 1
    found = convergence(rated(opened, was), rated(opened))
    shift = next(s for s in found.shifts if s.after.code == "B1")
    assert (found.changed, shift.direction) == (1, "narrower")
    assert (shift.before.range, shift.after.range) == (14, 9)
