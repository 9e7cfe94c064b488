"""Published self-evaluation forms re-scored. The published numbers stand in the case files each test names."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import workbench as wb
from workbench.base.errors import SchemeError
from workbench.scoring.result import FindingLine, IndicatorResult, RunResult, SubjectResult

ROOT = Path(__file__).resolve().parents[2]
PLANS = sorted((ROOT / "params").glob("*.yaml"))
REST = "其余指标(公开表未载)"
COMPLETE = (
    *("huangshi_sponge_2022", "liangping_forestry_2022", "yongde_mingliang_school_2022"),
    *("lf_foodschool_2019_hvac", "hubei_fishing_ban_2020"),
)
INCOMPLETE = {
    "changning_pig_2022": ["33.00", "84.00"],
    "cq_media_center_2021": ["68.05", "97.05"],
    "jinzhai_2023_dept": ["70.00", "100.00"],
    "qingshen_drc_2023_blank": ["10.00", "100.00"],
    "tangxi_2022_commission": ["80.00", "100.00"],
    "xiaoxian_hexi_2023": ["90.00", "100.00"],
}


@cache
def run_of(case: str) -> RunResult:
    return wb.open(f"params/{case}.yaml", workspace=ROOT).result()


def subject_of(case: str) -> SubjectResult:
    (subject,) = run_of(case).subjects
    return subject


def indicator(subject: SubjectResult, name: str) -> IndicatorResult:
    (found,) = [i for i in subject.indicators if name in (i.code, i.name)]
    return found


def found(subject: SubjectResult, code: str, indicator: str | None = None) -> list[FindingLine]:
    return [f for f in subject.findings if f.code == code and indicator in (None, f.indicator)]


# ---------------------------------------------------------------------------------------------------------------------
# every plan
# ---------------------------------------------------------------------------------------------------------------------


def test_every_published_plan_is_tested() -> None:
    ours = {p.stem for p in PLANS if "pack: self-evaluation" in p.read_text(encoding="utf-8")}
    assert ours == {*COMPLETE, *INCOMPLETE}


@pytest.mark.parametrize("case", [*COMPLETE, *INCOMPLETE])
def test_points_without_a_document_are_provisional(case: str) -> None:
    subject = subject_of(case)
    assert {i.status for i in subject.indicators} <= {"provisional", "unscored"}
    assert subject.provisional
    assert run_of(case).ruleset.id == "caiyu-2020-10"


@pytest.mark.parametrize("case", [*COMPLETE, *INCOMPLETE])
def test_every_plan_names_its_source(case: str) -> None:
    plan = wb.open(f"params/{case}.yaml", workspace=ROOT).plan
    assert plan.sources[0].url.startswith("http")
    assert plan.notes


@pytest.mark.parametrize("case", COMPLETE)
def test_complete_forms_get_a_total_and_a_grade(case: str) -> None:
    subject = subject_of(case)
    assert subject.complete
    assert subject.grade == "优"
    assert subject.interval == [subject.total, subject.total]


@pytest.mark.parametrize("case", INCOMPLETE)
def test_cut_off_or_blank_forms_get_an_interval_and_no_grade(case: str) -> None:
    subject = subject_of(case)
    assert not subject.complete
    assert (subject.total, subject.grade, subject.score_grade) == (None, None, None)
    assert subject.interval == INCOMPLETE[case]
    assert subject.consequence == []


# ---------------------------------------------------------------------------------------------------------------------
# case by case
# ---------------------------------------------------------------------------------------------------------------------


def test_huangshi_comes_out_as_published() -> None:
    # cases/huangshi_sponge_2022.json: 195.5/200 → 19.55 of 20, total 99.55
    subject = subject_of("huangshi_sponge_2022")
    execution = indicator(subject, "EXEC")
    assert (execution.value, execution.final, execution.weight) == ("97.75", "19.55", "20.00")
    assert execution.explanation == "预算执行率97.75%,得20×97.75%=19.55分"
    assert (subject.total, subject.grade) == ("99.55", "优")
    assert not found(subject, "published_total_differs")
    assert not found(subject, "claimed_points_differ")
    assert any("EXEC分值改为20" in n.message for n in run_of("huangshi_sponge_2022").notes)


def test_liangping_comes_out_as_published() -> None:
    # cases/liangping_forestry_2022.json: 79.27 % → 7.93, total 97.93; amounts not published
    subject = subject_of("liangping_forestry_2022")
    execution = indicator(subject, "EXEC")
    assert (execution.value, execution.final) == ("79.27", "7.93")
    assert execution.explanation == "预算执行率79.27%,得10×79.27%=7.93分"
    assert (subject.total, subject.grade) == ("97.93", "优")
    assert not found(subject, "published_total_differs")


def test_changning_low_execution_beside_full_output() -> None:
    # cases/changning_pig_2022.json: 10/50 → 4 of 20; the list of indicators is cut off
    subject = subject_of("changning_pig_2022")
    execution = indicator(subject, "EXEC")
    assert (execution.value, execution.final, execution.weight) == ("20.00", "4.00", "20.00")
    rest = indicator(subject, REST)
    assert (rest.status, rest.final, rest.low, rest.high) == ("unscored", None, "0.00", "51.00")


def test_jinzhai_rate_above_a_hundred_is_flagged_and_capped() -> None:
    # cases/jinzhai_2023_dept.json: 338.31/329.77 → 102.59 %, score left blank
    subject = subject_of("jinzhai_2023_dept")
    execution = indicator(subject, "EXEC")
    assert (execution.value, execution.final, execution.weight) == ("102.59", "10.00", "10.00")
    assert found(subject, "rate_over_100", "EXEC")
    assert found(subject, "over_budget", "EXEC")
    # a quantity written with ≤, and 3061 of 2000: full points, not more
    assert indicator(subject, "开展精品示范村建设数量").final == "10.00"
    assert indicator(subject, "完成农村户用卫生厕所改造数量").final == "10.00"
    assert indicator(subject, "完成美丽宜居自然村庄验收时间").branch == "on_time"


def test_qingshen_blank_is_neither_zero_nor_full() -> None:
    # cases/qingshen_drc_2023_blank.json: actuals and scores published blank
    subject = subject_of("qingshen_drc_2023_blank")
    for name, weight in (("发放(缴纳)覆盖率", "60.00"), ("足额保障率(参保率)", "30.00")):
        blank = indicator(subject, name)
        assert (blank.status, blank.value, blank.computed, blank.final) == ("unscored", None, None, None)
        assert (blank.low, blank.high) == ("0.00", weight)
        assert "未填报" in blank.explanation


def test_tangxi_zero_total_row_is_told_with_what_it_would_be_worth() -> None:
    # cases/tangxi_2022_commission.json: total row 0/0/0, fiscal row 90/89.974/89.974, published 0 of 10
    subject = subject_of("tangxi_2022_commission")
    execution = indicator(subject, "EXEC")
    assert (execution.status, execution.value, execution.final) == ("unscored", None, None)
    assert "分母“全年预算数”为0" in execution.explanation
    (finding,) = found(subject, "total_row_zero", "EXEC")
    assert "89.974万元" in finding.message
    assert "执行率为100%" in finding.message
    assert "每10分可得10分" in finding.message


def test_yongde_departures_from_the_rule_are_said() -> None:
    # cases/yongde_mingliang_school_2022.json: 98/100 published 9; 100/100 published 7; total 96 优; amounts in 元
    subject = subject_of("yongde_mingliang_school_2022")
    known = indicator(subject, "政策知晓率")
    assert known.final == "9.80"
    (finding,) = found(subject, "claimed_points_differ", known.code)
    assert "9.00" in finding.message and "9.80" in finding.message
    timely = indicator(subject, "资金到位及时率")
    assert timely.final == "10.00"
    (finding,) = found(subject, "claimed_points_differ", timely.code)
    assert "7.00" in finding.message
    assert (subject.total, subject.grade) == ("99.80", "优")
    (finding,) = found(subject, "published_total_differs")
    assert "公布总分96.00,按规则为99.80" in finding.message
    assert len(found(subject, "claimed_points_differ")) == 2
    assert indicator(subject, "EXEC").substituted == "38.766462万元÷38.766462万元×100=100%"


def test_lf_rounded_up_twice() -> None:
    # cases/lf_foodschool_2019_hvac.json: 37.24/43.2 published as 86 % and 9 points, twice
    subject = subject_of("lf_foodschool_2019_hvac")
    execution, amount = indicator(subject, "EXEC"), indicator(subject, "工程资金金额")
    assert (execution.value, execution.final, amount.final) == ("86.20", "8.62", "8.62")
    assert {f.indicator for f in found(subject, "claimed_points_differ")} == {"EXEC", amount.code}
    (finding,) = found(subject, "rate_not_from_amounts", "EXEC")
    assert "公布执行率86%" in finding.message and "86.2%" in finding.message
    assert subject.total == "97.24"


def test_cq_procurement_given_full_marks() -> None:
    # cases/cq_media_center_2021.json: 72.74 of 100 published 2 of 2; execution 76 % → 7.6
    subject = subject_of("cq_media_center_2021")
    assert indicator(subject, "EXEC").final == "7.60"
    procurement = indicator(subject, "政府采购执行率")
    assert (procurement.direction, procurement.value, procurement.final) == ("gte", "72.74", "1.45")
    (finding,) = found(subject, "claimed_points_differ")
    assert finding.indicator == procurement.code
    unscored = [i.name for i in subject.indicators if i.status == "unscored"]
    assert unscored == ["三公经费变动率", "三公经费控制率", "组织宣传活动次数", "制作宣传品数量", "播发稿件数量"]


def test_hubei_full_marks() -> None:
    # cases/hubei_fishing_ban_2020.json: total 100; satisfaction alone is worth 40
    subject = subject_of("hubei_fishing_ban_2020")
    assert subject.total == "100.00"
    assert indicator(subject, "退捕渔民抽样调查满意度").weight == "40.00"
    assert not found(subject, "claimed_points_differ")


def test_xiaoxian_sub_rows_are_not_scored() -> None:
    # cases/xiaoxian_hexi_2023.json: ★ rows carry the points, their 其中 parts do not
    subject = subject_of("xiaoxian_hexi_2023")
    assert indicator(subject, "补助各类瓜果蔬菜种植面积").final == "20.00"
    assert indicator(subject, REST).status == "unscored"


def test_zhongjiang_weights_of_110_are_refused(open_rows: Callable[..., Any], zhongjiang: Any) -> None:
    # cases/zhongjiang_water_2022.json: 10 + 70 + 20 + 10 = 110, published total 100
    with pytest.raises(SchemeError) as refused:
        open_rows(zhongjiang)
    (problem,) = refused.value.problems
    assert problem.code == "weight_sum"
    assert float(problem.found) == 110
    for part in ("预算执行率10", "产出指标70", "效益指标20", "满意度指标10"):
        assert part in str(problem)


# ---------------------------------------------------------------------------------------------------------------------
# one case under two rulesets
# ---------------------------------------------------------------------------------------------------------------------


def test_lf_under_the_other_ruleset() -> None:
    settings = ["ruleset=caiyu-2021-101", "variant=caiyu101_plain"]
    evaluation = wb.open("params/lf_foodschool_2019_hvac.yaml", workspace=ROOT, overrides=settings)
    result = evaluation.result()
    (subject,) = result.subjects
    # completed within budget: 10 of 10; 37.24/43.2 = 86.2037 % → (86.2037 − 60)/40 × 10 = 6.55
    assert indicator(subject, "EXEC").final == "10.00"
    assert indicator(subject, "工程资金金额").final == "6.55"
    assert (result.ruleset.id, run_of("lf_foodschool_2019_hvac").ruleset.id) == ("caiyu-2021-101", "caiyu-2020-10")
    assert result.scheme_digest != run_of("lf_foodschool_2019_hvac").scheme_digest
    assert result.evidence_digest == run_of("lf_foodschool_2019_hvac").evidence_digest


def row(level1: str, name: str, weight: int, **more: Any) -> dict[str, Any]:
    return {"level1": level1, "name": name, "direction": "≥", "target": 100, "unit": "件", "weight": weight} | more


def base(*output: dict[str, Any], benefit: int = 30) -> dict[str, Any]:
    rest = row("效益指标", "受益", benefit, actual=100)
    people = row("满意度指标", "满意", 10, target=90, unit="%", actual=95)
    return {
        "subjects": [{"subject": "P01", "name": "项目", "completed": True}],
        "funds": [{"item": "年度资金总额", "budget": 100, "executed": 100}],
        "indicators": [*output, rest, people],
    }


@pytest.mark.parametrize(
    ("ruleset", "variant", "points"),
    [("caiyu-2020-10", "caiyu10", "7.00"), ("caiyu-2021-101", "caiyu101_plain", "2.50")],
)
def test_seventy_percent_of_ten_points(open_rows: Callable[..., Any], ruleset: str, variant: str, points: str) -> None:
    rows = base(row("产出指标", "七成", 10, actual=70), row("产出指标", "全部", 40, actual=100))
    result = open_rows(rows, ruleset=ruleset, variant=variant).result()
    scored = indicator(result.subjects[0], "七成")
    assert scored.final == points
    assert result.ruleset.id == ruleset
    assert ruleset.rsplit("-", 1)[1] in scored.clause


def test_inapplicable_points_are_rescaled_inside_their_level(open_rows: Callable[..., Any]) -> None:
    # docs/semantics.md §3: 35 points, 6 not applicable, 25 of 29 reached → 35 × 25/29 = 30.17
    rows = base(
        row("产出指标", "适用", 29, target=29, actual=25, code="A1"),
        row("产出指标", "不适用", 6, code="A2"),
        benefit=45,
    )
    waiver = {"indicator": "A2", "reason": "本项目没有该项业务", "proof": "职责文件", "approver": "甲"}
    rows["waivers"] = [waiver | {"approved_on": "2022-06-01", "adjustment": "调〔2022〕1号"}]
    (subject,) = open_rows(rows).result().subjects
    assert indicator(subject, "A1").final == "25.00"
    assert indicator(subject, "A2").status == "not_applicable"
    (line,) = [s for s in subject.steps if s.step == "rescaled"]
    assert (line.text, line.points) == ("产出指标折算:25.00/29.00→30.17/35.00", "30.17")
    # 10 + 30.17 + 45 + 10
    assert subject.total == "95.17"


def test_waiver_without_an_approved_adjustment_is_refused(open_rows: Callable[..., Any]) -> None:
    rows = base(row("产出指标", "适用", 40, actual=100, code="A1"), row("产出指标", "未做", 10, code="A2"))
    waiver = {"indicator": "A2", "reason": "本项目没有该项业务", "proof": "职责文件", "approver": "甲"}
    rows["waivers"] = [waiver | {"approved_on": "2022-06-01"}]
    (subject,) = open_rows(rows).result().subjects
    assert indicator(subject, "A2").status == "unscored"
    assert found(subject, "waiver_refused", "A2")
    assert subject.grade is None
