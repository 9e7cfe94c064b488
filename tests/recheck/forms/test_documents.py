"""Documents: titles in paragraphs, tables one after the other, a form over several tables."""

from __future__ import annotations

import varied_layouts as variants
from drawn_grids import drawn

from workbench.recheck.forms import Mappings, forms_of
from workbench.recheck.model import FormKind

N = ""
TITLE = ["项目支出绩效自评表", "(2022年度)", "单位:万元"]


def read(*grids):
    forms, questions = forms_of(list(grids), Mappings())
    assert questions == []
    return forms


def table(rows, title, lead=(), tail=()):
    return drawn(rows, document=True, title=title, lead=lead, tail=tail)


def test_the_title_above_the_table():
    rows = [*variants.head(8)[2:], variants.TITLES, *variants.INDICATORS, variants.TOTAL]
    (form,) = read(table(rows, "表1", TITLE, ["填报人:张三    联系电话:0731-1234", "注:本表由单位填写"]))
    assert (form.title.text, form.year, form.money_unit) == ("项目支出绩效自评表", 2022, "万元")
    assert form.indicators[0].points.spot.cell == "第10行第7列"
    assert form.indicators[1].remark.spot.cell == "第11行第8列"
    assert (form.labels["填报人"].text, form.labels["联系电话"].text) == ("张三", "0731-1234")
    assert form.notes[-1].text == "注:本表由单位填写"


def test_forms_one_after_the_other():
    rows = [*variants.head(8)[2:], variants.TITLES, *variants.INDICATORS, variants.TOTAL]
    first = table(rows, "表1", TITLE, ["附件2", "部门整体支出绩效自评表", "(2021年度)"])
    second = table(rows, "表2", ["附件2", "部门整体支出绩效自评表", "(2021年度)"])
    forms = read(first, second)
    assert [(form.kind, form.year) for form in forms] == [(FormKind.PROJECT, 2022), (FormKind.DEPARTMENT, 2021)]
    assert len({form.shape for form in forms}) == 2


def test_head_and_indicators_in_tables_of_their_own():
    head = table(variants.head(8)[2:], "表1", TITLE)
    body = table([variants.TITLES, *variants.INDICATORS], "表2")
    last = table([["总分", "100", "95.2"]], "表3")
    (form,) = read(head, body, last)
    assert form.project.text == "农村公路养护"
    assert len(form.indicators) == 5
    assert (form.total_weight.text, form.total_points.text) == ("100", "95.2")


def test_a_table_that_goes_on_with_its_titles():
    first = table([*variants.head(8)[2:], variants.TITLES, *variants.INDICATORS[:3]], "表1", TITLE)
    second = table([variants.TITLES, *variants.INDICATORS[3:], variants.TOTAL], "表2")
    (form,) = read(first, second)
    assert len(form.indicators) == 5
    assert form.total_points.text == "95.2"


def test_a_table_that_goes_on_without_titles():
    first = table([*variants.head(8)[2:], variants.TITLES, *variants.INDICATORS[:3]], "表1", TITLE)
    second = table([*variants.INDICATORS[3:], variants.TOTAL], "表2")
    (form,) = read(first, second)
    assert [row.level3.text for row in form.indicators][-1] == "群众满意度"


def test_the_report_around_a_form_is_not_the_form():
    report = ["一、基本情况", "2020年度我局实施项目3个,自评得分95分。", *TITLE]
    rows = [*variants.head(8)[2:], variants.TITLES, *variants.INDICATORS, variants.TOTAL]
    (form,) = read(
        table([["年份", "金额"], ["2020", "5"]], "表1", ["甲局2022年度绩效自评报告"]), table(rows, "表2", report)
    )
    assert (form.title.text, form.year, form.total_points.text) == ("项目支出绩效自评表", 2022, "95.2")
