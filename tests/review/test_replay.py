"""Replay: what a merge settled, held against a computed side that may have moved since."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from workbench.review.events import Basis
from workbench.review.record import Record
from workbench.review.replay import adjustments, standing
from workbench.review.scope import Scope
from workbench.review.state import Settled


def test_only_points_that_differ_are_handed_to_scoring(review, panel_of):
    bench = review(panel_of(5, merge="trimmed_mean"))
    for n in range(1, 6):
        bench.submit(f"e{n}", D1="9.00", B1=f"{15 + n}.00")
    bench["lead"].merge()
    desk = bench["lead"]
    found = {a.indicator: a for a in adjustments(desk.state, desk.scope)}
    # D1 was open; B1 without 16 and 20: (17+18+19)/3 = 18; the others are as computed.
    assert {code: a.points for code, a in found.items()} == {"D1": 9, "B1": 18}
    assert (found["B1"].by, found["B1"].at) == ("lead先生", desk.state.merge.at)
    assert found["B1"].reason == "5名专家意见按“去掉一个最高分和一个最低分后平均”汇总"


def test_what_was_settled_on_another_basis_no_longer_applies(review, docket_with):
    bench = review()
    bench.signed(B1="20.00")
    state, scope = bench["lead"].state, bench["lead"].scope
    assert standing(state, scope).fallen == {} and len(standing(state, scope).points) == 5
    spot, held = ("S1", "B1"), state.settled["S1", "B1"]
    for change, why in (
        ({"weight": "25.00"}, "分值由25.00分变为30.00分"),
        ({"computed": "21.00"}, "计算得分由21.00变为22.50"),
        ({"computed": None, "status": "unscored"}, "计算得分由未评分变为22.50"),
        ({"status": "provisional"}, "评分状态由拟得分变为已评分"),
        ({"value": None}, "指标值由缺失变为75.00"),
    ):
        state.settled[spot] = replace(held, basis=Basis(**held.basis.model_dump() | change))
        found = standing(state, scope)
        assert found.fallen == {spot: why} and spot not in found.points
        assert {a.indicator for a in adjustments(state, scope)} == {"D1"}
    state.settled["S1", "X9"] = Settled(held.event, Decimal(1), held.basis)
    assert standing(state, scope).fallen["S1", "X9"] == "评价方案中已没有这个对象或指标"


def test_a_stricter_policy_takes_back_what_it_no_longer_allows(review, docket_with):
    bench = review(free_points="all")
    for n in (1, 2, 3):
        bench.judge(f"e{n}", D1="9.00", P1="15.00", B1="20.00")
        bench[f"e{n}"].submit()
    bench["lead"].merge()
    state = bench["lead"].state
    assert standing(state, bench["lead"].scope).fallen == {}
    limited = Scope(docket_with(adjust_limit_percent="5"))
    # ± 5 % of 30 around 22.50, and points on a computed indicator are no longer free.
    assert standing(state, limited).fallen == {
        ("S1", "P1"): "现行办法不允许专家直接改分",
        ("S1", "B1"): "超出现行办法允许的范围(21至24分)",
    }
    assert {a.indicator for a in adjustments(state, limited)} == {"D1"}


def test_the_page_names_what_fell_and_shows_the_computed_points(review):
    bench = review()
    bench.consultation(B1="20.00")
    change = {"target": "proof", "indicator": "B1", "status": "核实不符", "verified_value": "81"}
    bench.say("lead", "correction", subject="S1", change=change, reason="补充问卷", evidence="问卷汇总表")
    row = bench["lead"].rows("S1")[4]
    # 81 % of 30; the panel's 20.00 was about 75 %.
    assert (row.computed, row.final, row.panel) == (Decimal("24.30"), Decimal("24.30"), None)
    assert "not_applied" in row.flags and row.status != "merged"
    assert bench["lead"].rows("S1")[0].final == 9
    assert bench["lead"].heading("S1").next_step.startswith("有1项汇总得分")


def test_the_result_shows_what_the_lead_changed_after_seeing_the_opinions(review, panel_of):
    """Another rule, or an expert taken off, is allowed with a reason; neither the change nor the opinion can be hidden."""
    bench = review(panel_of(3))
    bench.submit("e1", "e2", D1="9.00")
    bench.submit("e3", D1="2.00")
    panel = bench["lead"].panel
    less = panel.model_copy(update={"merge": "median", "members": [m for m in panel.members if m.id != "e3"]})
    bench.say("lead", "panel_set", panel=less, reason="e3未参加现场核查")
    bench["lead"].merge()
    desk = bench["lead"]
    record = Record(desk.state, desk.scope, {})
    [d1] = [i for i in record.subject(desk.docket.result.subjects[0]).indicators if i.code == "D1"]
    assert [(e.name, e.points, e.counted) for e in d1.review.experts] == [
        ("e1先生", "9.00", True),
        ("e2先生", "9.00", True),
        ("e3先生", "2.00", False),
    ]
    assert (d1.review.merged, d1.review.rule) == ("9.00", "中位数")
    found = record.review()
    [note] = [n for n in found.notes if n.kind == "panel_set"]
    assert note.text == "变更评审组:汇总办法由“算术平均”改为“中位数”;移出e3先生(评审专家),理由:e3未参加现场核查"
    assert {p.name for p in found.people if p.left} == {"e3先生"}
