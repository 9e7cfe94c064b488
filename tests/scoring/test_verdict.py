"""Caps, vetoes and consequences: after the bands, each with its document, and none of them lifted by points."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from workbench.base.errors import WorkbenchError
from workbench.evidence.tables import CapFact
from workbench.scoring.result import SubjectResult

Engage = Callable[..., Any]
Ind = Callable[..., dict[str, Any]]
Item = Callable[..., dict[str, Any]]

# 克州 2023 (policies/kizilsu-2023.yaml): 三(三), 三(五)一是 twice, 三(五)二是.
MONITOR, AUDIT, MAJOR, FALSE = "MONITOR_TWICE_FAILED", "AUDIT_FINDING", "MAJOR_FUND_PROBLEM", "FALSE_SELF_EVALUATION"
KIZILSU = (MONITOR, AUDIT, MAJOR, FALSE)


def fact(cap: str, state: str = "触发", subject: str = "P1", **more: Any) -> CapFact:
    said: dict[str, Any] = {"document": "审计报告〔2023〕7号", "date": date(2023, 11, 2), "place": f"情形核查 {cap}"}
    return CapFact(subject, cap, state, **said | more)


def checked(*triggered: str) -> list[CapFact]:
    """All circumstances of 克州 looked into; the named ones found."""
    return [fact(c, "触发" if c in triggered else "已核查未触发") for c in KIZILSU]


def codes(result: SubjectResult) -> list[str]:
    return [f.code for f in result.findings]


def texts(result: SubjectResult, kind: str) -> list[str]:
    return [s.text for s in result.steps if s.step == kind]


@pytest.fixture
def judged(engage: Engage, ind: Ind) -> Callable[..., SubjectResult]:
    """``judged("95", checked(AUDIT))``: one indicator of 100 points under a policy, 克州 unless said otherwise."""

    def make(points: str | None, facts: Any = (), policy: Any = "kizilsu-2023", **more: Any) -> SubjectResult:
        made = engage([ind("A", "100", rule="given")], {"P1": {"a": points}}, facts=facts, policy=policy, **more)
        result: SubjectResult = made.one()
        return result

    return make


Judged = Callable[..., SubjectResult]

# ---------------------------------------------------------------------------------------------------------------------
# ceilings, set grades, vetoes
# ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("points", "found", "grade", "score_grade"),
    [
        ("95", (), "优", "优"),
        ("95", (MONITOR,), "中", "优"),  # 不得评为“优秀”“良好”
        ("85", (AUDIT,), "中", "良"),
        ("95", (MONITOR, AUDIT), "中", "优"),
        ("70", (AUDIT,), "中", "中"),  # a ceiling lifts nothing and lowers nothing that is below it
        ("50", (AUDIT,), "差", "差"),
        ("95", (MAJOR,), "差", "优"),  # 直接列入“较差”
        ("95", (MAJOR, AUDIT), "差", "优"),  # the worst holds, in whatever order
        ("50", (MAJOR,), "差", "差"),
        ("95", (FALSE,), None, "优"),  # 一票否决: the notice names no grade
        ("95", (FALSE, AUDIT), None, "优"),
        ("95", (FALSE, MAJOR), None, "优"),
    ],
)
def test_kizilsu(judged: Judged, points: str, found: tuple[str, ...], grade: str | None, score_grade: str) -> None:
    result = judged(points, checked(*found))
    assert (result.grade, result.score_grade) == (grade, score_grade)
    assert result.grade_name == {"优": "优秀", "良": "良好", "差": "较差"}.get(grade or "", grade)
    assert not result.provisional
    assert [c.state for c in result.caps] == ["触发" if c in found else "已核查未触发" for c in KIZILSU]
    assert result.total == f"{points}.00"  # the score itself is not touched
    shown = texts(result, "cap") + texts(result, "veto")
    assert len(shown) == len(found)  # every cap that holds leaves a line
    for cap in (c for c in result.caps if c.state == "触发"):
        assert (cap.document, cap.date) == ("审计报告〔2023〕7号", "2023-11-02")
        assert cap.clause.startswith("克州2023年度") and any(cap.text in line for line in shown)


def test_caps_in_another_order_say_the_same(judged: Judged) -> None:
    facts = checked(MAJOR, AUDIT)
    assert judged("95", facts).grade == judged("95", facts[::-1]).grade == "差"


def test_a_capped_95_is_cut_by_its_grade_only_when_the_notice_says_so(judged: Judged) -> None:
    # docs/semantics.md §3: 克州 "<80" reads the score even when a cap changed the grade.
    capped = judged("95", checked(AUDIT))
    assert capped.grade == "中"
    assert not [c for c in capped.consequence if c.reads == "score"]
    low = judged("79.99", checked())
    [cut] = [c for c in low.consequence if c.reads == "score"]
    assert "不到80分" in cut.text and "三(六)二是" in cut.clause and cut.policy == "kizilsu-2023"
    assert not [c for c in judged("80", checked()).consequence if c.reads == "score"]
    # The veto leaves no grade, but the score still has its consequence.
    assert [c.reads for c in judged("70", checked(FALSE)).consequence] == ["score", "cap"]


def test_a_veto_names_no_grade_and_recovers_the_money(judged: Judged) -> None:
    # issue 2: confirmed untrue 自评 → 一票否决 with money recovered (the notice names no grade).
    result = judged("95", checked(FALSE))
    assert (result.grade, result.grade_name, result.score_grade) == (None, None, "优")
    [consequence] = result.consequence
    assert "收回资金" in consequence.text and consequence.reads == "cap"
    [line] = texts(result, "veto")
    assert "一票否决" in line and "未规定对应等级" in line and "三(五)二是" in line


@pytest.mark.parametrize("missing", KIZILSU)
def test_an_unchecked_cap_makes_the_grade_provisional(judged: Judged, missing: str) -> None:
    # docs/semantics.md §3: 未核查 caps make the grade 暂定.
    result = judged("95", [f for f in checked() if f.cap != missing])
    assert (result.grade, result.provisional) == ("优", True)
    assert [c.rule for c in result.caps if c.state == "未核查"] == [missing]
    said = judged("95", [fact(c, "未核查" if c == missing else "已核查未触发") for c in KIZILSU])
    assert (said.grade, said.provisional) == ("优", True)


def test_nothing_checked_at_all(judged: Judged) -> None:
    result = judged("95")
    assert {c.state for c in result.caps} == {"未核查"}
    assert result.provisional


def test_a_measure_does_not_touch_the_grade(judged: Judged) -> None:
    # 吉林2025 任务9: 启动监督检查程序 — a consequence only, so neither checked nor unchecked does it touch the grade.
    unchecked = judged("95", policy="jilin-2025")
    assert (unchecked.grade, unchecked.provisional) == ("优", False)
    found = judged("95", [fact("EMERGENCY_FUNDS_MISUSED")], policy="jilin-2025")
    assert found.grade == "优"
    assert "启动监督检查程序" in texts(found, "cap")[0]


def test_facts_about_others_do_not_count(engage: Engage, ind: Ind) -> None:
    rows = {"P1": {"a": "95"}, "P2": {"a": "95"}}
    facts = [fact(c, "触发" if c == AUDIT else "已核查未触发", "P2") for c in KIZILSU]
    results = engage([ind("A", "100", rule="given")], rows, facts=facts, policy="kizilsu-2023").results()
    assert [(r.grade, r.provisional) for r in results.values()] == [("优", True), ("中", False)]


def test_an_unknown_circumstance_is_said_and_not_used(judged: Judged) -> None:
    result = judged("95", [*checked(), fact("AUDIT")])
    [message] = [f.message for f in result.findings if f.code == "unknown_cap"]
    assert "情形核查 AUDIT" in message and "“AUDIT”" in message
    assert result.grade == "优"


@pytest.mark.parametrize("state", ["触发", "已核查未触发"])
@pytest.mark.parametrize("more", [{"document": None}, {"date": None}])
def test_a_checked_cap_without_document_or_date_is_a_finding(judged: Judged, state: str, more: dict[str, None]) -> None:
    facts = [f for f in checked() if f.cap != AUDIT] + [fact(AUDIT, state, **more)]
    result = judged("95", facts)
    assert codes(result).count("cap_without_document") == 1
    assert result.grade == ("中" if state == "触发" else "优")


@pytest.mark.parametrize("order", [1, -1])
def test_a_cap_found_once_is_not_undone_by_another_line(judged: Judged, order: int) -> None:
    # Found on the way: the last line of two won, so a second “已核查未触发” silently lifted the cap.
    twice = [fact(AUDIT, "触发"), fact(AUDIT, "已核查未触发", document="检查通知〔2023〕1号")][::order]
    result = judged("95", [f for f in checked() if f.cap != AUDIT] + twice)
    assert result.grade == "中"
    assert next(c for c in result.caps if c.rule == AUDIT).document == "审计报告〔2023〕7号"
    assert "cap_twice" in codes(result)


def test_one_open_and_one_clear_line_leave_it_open(judged: Judged) -> None:
    twice = [fact(AUDIT, "已核查未触发"), fact(AUDIT, "未核查")]
    result = judged("95", [f for f in checked() if f.cap != AUDIT] + twice)
    assert result.provisional


# ---------------------------------------------------------------------------------------------------------------------
# what cannot lift a cap
# ---------------------------------------------------------------------------------------------------------------------


def test_bonus_and_experts_cannot_lift_a_cap(
    engage: Engage, ind: Ind, item: Item, policy_of: Callable[[str], Any], expert: Callable[..., Any]
) -> None:
    # docs/semantics.md §3: experts and bonus cannot lift a cap.
    national = policy_of("national-default").bands
    local = policy_of("kizilsu-2023").model_copy(
        update={"bands": national.model_copy(update={"reads": "base_plus_bonus"})}
    )
    made = engage(
        [ind("A", "100", rule="given")],
        {"P1": {"a": "60", "x": "10"}},
        facts=checked(AUDIT),
        policy=local,
        bonus={"items": [item("X", "10")]},
    )
    result = made.one(expert("A", "100"))
    assert (result.total, result.score_grade, result.grade) == ("110.00", "优", "中")


# ---------------------------------------------------------------------------------------------------------------------
# consequences
# ---------------------------------------------------------------------------------------------------------------------

LOW = {"kind": "band", "label": "低", "lower": "50", "reason": "与委托方商定"}


@pytest.mark.parametrize(
    ("points", "grade", "text", "policy"),
    [
        # 吉林2025 任务21: 中、低 cut, 差 cancel; on 优 and 良 it says nothing, so 10号 第二十七条 holds and is named.
        ("95", "优", "根据情况予以支持(本办法未规定,按国家默认)", "national-default"),
        ("85", "良", "根据情况予以支持(本办法未规定,按国家默认)", "national-default"),
        ("65", "中", "压减下一年度预算", "jilin-2025"),
        ("55", "低", "压减下一年度预算", "jilin-2025"),
        ("50", "低", "压减下一年度预算", "jilin-2025"),
        ("49.99", "差", "取消以后年度预算安排", "jilin-2025"),
    ],
)
def test_jilin_consequences(judged: Judged, points: str, grade: str, text: str, policy: str) -> None:
    result = judged(points, policy="jilin-2025", changes=[LOW])
    assert result.grade == grade
    [consequence] = result.consequence
    assert text in consequence.text
    assert (consequence.reads, consequence.policy) == ("grade", policy)
    assert texts(result, "consequence")[0].startswith(consequence.text)


def test_without_its_line_low_does_not_occur(judged: Judged) -> None:
    assert judged("55", policy="jilin-2025").grade == "差"


@pytest.mark.parametrize("policy", ["jilin-2011", "kizilsu-2023"])
def test_a_silent_policy_falls_back_and_says_so(judged: Judged, policy: str) -> None:
    result = judged("95", checked() if policy.startswith("ki") else (), policy=policy)
    [consequence] = result.consequence
    assert consequence.text.endswith("(本办法未规定,按国家默认)")
    assert "财预〔2020〕10号 第二十七条" in consequence.clause


def test_the_national_policy_does_not_call_itself_a_default(judged: Judged) -> None:
    for points, text in (("95", "根据情况予以支持"), ("65", "完善政策、改进管理,根据情况核减预算")):
        [consequence] = judged(points, policy="national-default").consequence
        assert (consequence.text, consequence.policy) == (text, "national-default")


def test_an_incomplete_evaluation_has_no_grade_and_only_sure_consequences(engage: Engage, ind: Ind) -> None:
    tree = [ind("A", "30", rule="given"), ind("B", "70", rule="given")]
    rows = {"P1": {"a": None, "b": "40"}, "P2": {"a": None, "b": "60"}}
    facts = [fact(c, "已核查未触发", s) for c in KIZILSU for s in rows]
    low, open_ = engage(tree, rows, facts=facts, policy="kizilsu-2023").results().values()
    # Hand: P1 lies between 40 and 70, below 80 in any case; P2 between 60 and 90.
    assert [r.interval for r in (low, open_)] == [["40.00", "70.00"], ["60.00", "90.00"]]
    assert [(r.grade, r.total) for r in (low, open_)] == [(None, None)] * 2
    assert [[c.reads for c in r.consequence] for r in (low, open_)] == [["score"], []]


def test_a_ceiling_on_an_incomplete_evaluation_is_still_said(judged: Judged) -> None:
    result = judged(None, checked(AUDIT))
    assert result.grade is None
    assert next(c for c in result.caps if c.rule == AUDIT).state == "触发"
    assert any("审计、监督检查发现问题" in line for line in texts(result, "cap"))


# ---------------------------------------------------------------------------------------------------------------------
# the order of the lines
# ---------------------------------------------------------------------------------------------------------------------


def test_every_step_leaves_its_line_in_order(engage: Engage, ind: Ind, item: Item) -> None:
    # docs/semantics.md §3: the order.
    made = engage(
        [ind("A", "60", rule="given"), ind("B", "40", "效益", rule="given")],
        {"P1": {"a": "50", "b": "30", "x": "2", "m": "1"}},
        facts=checked(AUDIT, MAJOR),
        policy="kizilsu-2023",
        bonus={"items": [item("X", "5")]},
        deductions={"items": [item("M", "5", "deduction")]},
    )
    result = made.one()
    kinds = list(dict.fromkeys(s.step for s in result.steps))
    assert kinds == ["level1", "base", "bonus", "deductions", "total", "grade", "cap", "consequence"]
    assert [(s.step, s.points) for s in result.steps if s.points] == [
        ("level1", "50.00"),
        ("level1", "30.00"),
        ("base", "80.00"),
        ("bonus", "2.00"),
        ("deductions", "1.00"),
        ("total", "81.00"),
    ]


def test_a_policy_whose_cap_names_no_known_grade_is_refused_before_scoring(
    judged: Judged, policy_of: Callable[[str], Any]
) -> None:
    local = policy_of("kizilsu-2023")
    caps = [c.model_copy(update={"effect": c.effect.model_copy(update={"grade": "较差"})}) for c in local.caps[2:3]]
    with pytest.raises(WorkbenchError, match="较差"):
        judged("95", [fact(MAJOR)], policy=local.model_copy(update={"caps": caps}))
