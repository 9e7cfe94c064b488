"""Rules over all forms, the list of projects and the approved goals."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from cases import written
from found_in import QUALITY, QUANTITY, TIME, across, clean, findings, money, row

from workbench.recheck.findings import ApprovedIndicator, RegisterItem
from workbench.recheck.model import Form, FormKind, Waiting

TEXT = "受疫情影响一期培训改到次年三月举办,已落实场地和师资"


def named(
    project: str = "高素质农民培育", unit: str = "甲县农业农村局", file: str = "甲.xlsx", **fields: object
) -> Form:
    own = replace(clean(), file=file, project=written(project, "C2"), unit=written(unit, "C3"))
    own = replace(
        own,
        expected=written(f"{project}:{unit}的目标,另有若干说明文字若干字", "B15"),
        achieved=written(f"{unit}{project}的完成情况,问卷调查", "F15"),
    )
    return replace(row(own, QUANTITY, remark=f"{unit}因{project}的场地改造少办两期,已改到次年举办"), **fields)


def item(project: str, unit: str = "", **fields: object) -> RegisterItem:
    return RegisterItem("项目清单.xlsx", written(project, "B4", "清单"), unit, **fields)  # type: ignore[arg-type]


def approved(name: str, target: str, weight: str | None = None, **fields: str) -> ApprovedIndicator:
    number = None if weight is None else Decimal(weight)
    return ApprovedIndicator("高素质农民培育", written(name, "D7", "批复"), target, weight=number, **fields)  # type: ignore[arg-type]


ALL = (
    approved("举办技术培训期数", "≥20期", "20"), approved("培训学员结业考试合格率", "≥90%", "10"), approved("培训任务完成时间", "12月底前", "10"),
    approved("人均培训成本", "≤450元", "10"), approved("学员亩均增收", "≥300元", "30"), approved("参训学员满意度", "≥90%", "10"),
)  # fmt: skip


def told(found):
    return {(f.code, f.file, "" if f.spot is None else f.spot.cell) for f in found}


def test_forms_of_different_projects_tell_nothing():
    assert across(named(), named("高标准农田建设", "乙县农业农村局", "乙.xlsx")) == ()


def test_text_copied_across_units():
    other = row(named("高标准农田建设", "乙县农业农村局", "乙.xlsx"), QUANTITY, remark=TEXT)
    found = across(row(named(), QUANTITY, remark=TEXT), other)
    assert told(found) == {
        ("text_copied", "甲.xlsx", "I21"),
        ("text_copied", "乙.xlsx", "I21"),
    }  # who copied, nobody knows
    assert "甲.xlsx(甲县农业农村局,I21)" in next(f.message for f in found if f.file == "乙.xlsx")


def test_text_copied_by_many_units_is_told_to_each():
    forms = [row(named(p, f"{p}县农业农村局", f"{p}.xlsx"), QUANTITY, remark=TEXT) for p in "甲乙丙丁戊己"]
    found = across(*forms)
    assert [(f.code, f.file) for f in found] == [("text_copied", f"{p}.xlsx") for p in sorted("甲乙丙丁戊己")]
    assert "等5个文件" in found[0].message


@pytest.mark.parametrize("other", [
    # One project of several units may well have one goal; one unit may explain two projects alike; short answers are alike.
    row(named(unit="乙县农业农村局", file="乙.xlsx"), QUANTITY, remark=TEXT),
    row(named("高标准农田建设", file="乙.xlsx"), QUANTITY, remark=TEXT),
    row(named("高标准农田建设", "乙县农业农村局", "乙.xlsx"), QUANTITY, remark="少办两期"),
])  # fmt: skip
def test_text_that_may_well_be_the_same(other):
    first = named() if other.indicators[0].remark.text == TEXT else row(named(), QUANTITY, remark="少办两期")
    first = row(first, QUANTITY, remark=other.indicators[0].remark.text)
    assert "text_copied" not in {f.code for f in across(first, other)}


def test_a_project_given_in_twice():
    assert told(across(named(), named(file="乙.xlsx"))) == {("project_twice", "乙.xlsx", "C2")}
    assert across(named(), named(file="乙.xlsx", year=2021)) == ()


def test_two_versions_with_other_figures():
    found = across(named(), row(named(file="公开.xlsx"), QUALITY, actual="98%"))
    assert told(found) == {("versions_differ", "公开.xlsx", "F22")}
    assert (found[0].found, found[0].expected) == ("98", "96")


def test_all_projects_of_a_unit_at_100():
    forms = [named(p, file=f"{p}.xlsx", total_points=written(100, "H28")) for p in ("农技推广", "农田建设", "动物防疫")]
    assert [f.code for f in across(*forms)] == ["unit_all_full"]
    assert across(*forms[:2]) == ()


def test_projects_without_a_form_are_told():
    register = (item("2022年 高素质农民培育", "甲县农业农村局"), item("农村公路养护", "甲县交通运输局"))
    finding, _ = across(named(), register=register)
    assert (finding.code, finding.file, finding.form, finding.found) == (
        "not_evaluated",
        "项目清单.xlsx",
        0,
        "农村公路养护",
    )
    assert finding.spot.cell == "B4"


@pytest.mark.parametrize(
    ("project", "unit"), [("高素质农民培育项目资金", "甲县农业农村局"), ("高素质农民培育", "乙县农业农村局")]
)
def test_a_near_miss_is_told_and_not_taken_silently(project, unit):
    (finding,) = across(named(), register=(item(project, unit),))
    assert finding.code == "register_near"
    assert "甲.xlsx#1" in finding.message


def test_spaces_do_not_part_a_project_from_its_form():
    assert across(named(), register=(item("高素质 农民培育", "农业农村局"),)) == ()


def test_brackets_and_years_do_not_part_them_and_are_told():
    form = named("高素质农民培育(2022年度)")
    (finding,) = across(form, register=(item("高素质 农民培育", "农业农村局"),))
    assert (finding.code, finding.file, finding.expected) == ("register_alike", "甲.xlsx", "高素质农民培育")


@pytest.mark.parametrize(
    ("unread", "words"),
    [
        (Waiting("一.xlsx", "农村公路养护", "甲县交通运输局"), "在等待回答提问(一.xlsx)"),
        (Waiting("甲县交通运输局/001.xls"), "可能在读不出的文件里(甲县交通运输局/001.xls)"),
        (Waiting("2022 农村公路养护 自评表.pdf"), "读不出来"),
    ],
)
def test_what_was_handed_in_and_not_read_is_not_missing(unread, words):
    register = (item("高素质农民培育"), item("农村公路养护", "甲县交通运输局"))
    (finding,) = across(named(), register=register, unread=(unread,))
    assert (finding.code, finding.severity, finding.found) == ("register_waiting", "P2", "农村公路养护")
    assert words in finding.message


def test_a_form_that_waits_is_that_of_its_own_project_only():
    register = (item("高素质农民培育"), item("农村公路养护", "甲县交通运输局"))
    for other in (Waiting("一.xlsx", "农村水利", ""), Waiting("一.xlsx", "农村公路养护", "乙县交通运输局")):
        assert [f.code for f in across(named(), register=register, unread=(other,))] == ["not_evaluated"]


def test_one_file_of_a_unit_is_not_the_form_of_all_its_projects():
    register = (item("高素质农民培育"), item("农村公路养护", "甲县交通运输局"), item("危桥改造", "甲县交通运输局"))
    found = across(named(), register=register, unread=(Waiting("甲县交通运输局/001.xls"),))
    assert [f.code for f in found] == ["not_evaluated"] * 2
    assert "另有1个文件读不出来" in found[0].message


def test_more_projects_missing_than_files_unread_are_missing():
    register = (item("高素质农民培育"), item("农村公路养护"), item("农村水利"))
    found = across(named(), register=register, unread=(Waiting("001.xls"),))
    assert [f.code for f in found] == ["not_evaluated"] * 2
    assert "另有1个文件读不出来,文件名看不出是哪个项目的" in found[0].message


def test_one_project_of_two_units_wants_two_forms():
    register = (item("高素质农民培育", "甲县农业农村局"), item("高素质农民培育", "乙县农业农村局"))
    assert [(f.code, f.message) for f in across(named(), register=register)] == [
        ("not_evaluated", "清单中的“高素质农民培育”(乙县农业农村局)没有自评表")
    ]


def test_a_form_that_the_list_does_not_have():
    register = (item("高素质农民培育"),)
    extra = named("高标准农田建设", file="乙.xlsx")
    assert told(across(named(), extra, register=register)) == {("not_in_register", "乙.xlsx", "C2")}


def test_amounts_of_the_list():
    register = (
        item(
            "高素质农民培育",
            adjusted=Decimal(2_000_000),
            executed=Decimal(1_955_000),
            accounts=Decimal(1_905_000),
            money_unit="元",
        ),
    )
    (finding,) = across(named(), register=register)
    assert (finding.code, finding.spot.cell, finding.expected) == ("register_amounts", "E10", "190.5万元")


def test_a_whole_form_in_the_other_unit_is_told_once():
    register = (item("高素质农民培育", adjusted=Decimal(200), executed=Decimal("195.5"), money_unit="元"),)
    (finding,) = across(named(), register=register)  # 200 and 195.5, in 万元 as the form says
    assert (finding.field, finding.spot.cell) == ("全年预算数、全年执行数", "D10")
    assert finding.expected == "0.02万元、0.01955万元(相差一万倍,元与万元混用)"


def test_a_slip_the_form_itself_shows_is_not_told_by_the_list_again():
    slipped = money(named(), 0, executed=1955000)
    register = (item("高素质农民培育", adjusted=Decimal(200), executed=Decimal("195.5"), money_unit="万元"),)
    assert across(slipped, register=register) == ()
    assert [f.code for f in findings(slipped)].count("unit_slip") == 1


def test_a_form_as_it_was_approved():
    assert across(named(), approved=ALL) == ()
    assert across(named("另一项目"), approved=ALL) == ()


@pytest.mark.parametrize(("form", "code", "cell"), [
    (row(named(), QUALITY, target="≥85%"), "target_lowered", "E22"),
    (row(named(), 4, target="≤500元"), "target_lowered", "E24"),
    (row(named(), TIME, target="次年3月底前"), "target_lowered", "E23"),
    (row(named(), QUALITY, target="有效提升"), "target_changed", "E22"),
    (row(named(), QUALITY, weight=15), "indicator_reweighted", "G22"),
])  # fmt: skip
def test_what_was_changed_after_approval(form, code, cell):
    assert told(across(form, approved=ALL)) == {(code, "甲.xlsx", cell)}


@pytest.mark.parametrize(
    "form",
    [row(named(), QUALITY, target="≥95%"), row(named(), TIME, target="11月底前"), row(named(), 4, target="0.045万元")],
)
def test_a_harder_target_or_the_same_in_another_unit_is_not_lowered(form):
    assert across(form, approved=ALL) == ()


def test_dropped_and_added_indicators():
    found = across(row(named(), QUALITY, level3="学员结业考试通过率"), approved=ALL)
    assert told(found) == {("indicator_dropped", "甲.xlsx", "D21"), ("indicator_added", "甲.xlsx", "D22")}
    assert "名称相近的有“学员结业考试通过率”" in next(f.message for f in found if f.code == "indicator_dropped")


def whole(unit="甲县农业农村局", file="整体.xlsx", **fields):
    """The form of a whole department: it has no 项目名称."""
    return replace(named(unit=unit, file=file), kind=FormKind.DEPARTMENT, project=None, **fields)


@pytest.mark.parametrize(("project", "unit"), [
    ("甲县农业农村局", "甲县农业农村局"), ("甲县农业农村局", ""), ("县农业农村局部门整体", "甲县农业农村局"), ("部门整体支出", "甲县农业农村局"),
    ("甲县农业农村局2022年度整体支出绩效自评", ""), ("整体支出", "农业农村局"),
])  # fmt: skip
def test_the_form_of_a_whole_department_goes_by_its_unit(project, unit):
    found = across(whole(), named("高标准农田建设"), register=(item(project, unit), item("高标准农田建设")))
    assert [f.code for f in found] == []


@pytest.mark.parametrize(("project", "unit"), [
    ("乙县林业局部门整体", "乙县林业局"), ("部门整体支出", ""), ("农机购置补贴", "甲县农业农村局"), ("园区整体规划编制", "甲县农业农村局"),
    ("整体支出绩效评价委托费", "甲县农业农村局"),
])  # fmt: skip
def test_the_form_of_a_whole_department_is_that_of_no_other_line(project, unit):
    codes = [f.code for f in across(whole(), register=(item(project, unit),))]
    assert "not_evaluated" in codes


def test_of_two_units_the_one_that_is_called_so():
    school = whole("甲县农业农村局农机学校", "学校.xlsx")
    register = (item("农业农村局整体", "甲县农业农村局"), item("农机学校整体", "甲县农业农村局农机学校"))
    assert across(whole(), school, register=register) == ()
    assert told(across(whole(), school, register=register[:1])) == {("not_in_register", "学校.xlsx", "C3")}


def test_a_list_of_projects_says_nothing_about_whole_departments():
    assert across(whole(), named(), register=(item("高素质农民培育"),)) == ()


def test_amounts_and_goals_of_a_whole_department():
    register = (item("农业农村局整体支出", "甲县农业农村局", adjusted=Decimal(300), money_unit="万元"),)
    assert told(across(whole(), register=register)) == {("register_amounts", "整体.xlsx", "D10")}
    goals = tuple(replace(one, project="部门整体支出", unit="甲县农业农村局") for one in ALL)
    assert across(whole(), approved=goals) == ()
    assert told(across(row(whole(), QUALITY, target="≥85%"), approved=goals)) == {
        ("target_lowered", "整体.xlsx", "E22")
    }


def test_a_whole_department_given_in_twice():
    assert told(across(whole(), whole(file="乙.xlsx"))) == {("project_twice", "乙.xlsx", "C3")}


def test_a_form_of_a_whole_department_that_waits_is_not_missing():
    unread = Waiting("一.xlsx", "甲县农业农村局", "甲县农业农村局")
    (finding,) = across(
        named(), register=(item("高素质农民培育"), item("农业农村局整体", "甲县农业农村局")), unread=(unread,)
    )
    assert finding.code == "register_waiting"
