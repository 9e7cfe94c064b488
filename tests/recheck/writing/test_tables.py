"""findings.csv, summary.csv, 复核表.xlsx and the list for sampling, read back by the programs that read them."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import batches
import pytest
from cases import form_with, funds, indicator, written
from openpyxl import load_workbook

from workbench.analysis.projects import read_register
from workbench.recheck.model import FormKind
from workbench.recheck.writing import workbook as making
from workbench.recheck.writing.csvtables import FINDINGS_HEAD, SUMMARY_HEAD, findings_csv, summary_csv
from workbench.recheck.writing.dashboard.page import page
from workbench.recheck.writing.outputs import outputs
from workbench.recheck.writing.rows import SHARED, TITLES, rows_of, total_row
from workbench.recheck.writing.sampling import sampling_workbook
from workbench.recheck.writing.told import deviation, told
from workbench.recheck.writing.workbook import sheet_name, volume, volume_name, volumes, workbook


def table(data: bytes) -> list[dict[str, str]]:
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def book(data: bytes) -> Any:
    return load_workbook(io.BytesIO(data))


def test_the_columns_are_those_of_the_issue() -> None:
    batch = batches.batch()
    assert tuple(table(findings_csv(batch))[0]) == FINDINGS_HEAD
    assert tuple(table(summary_csv(batch))[0]) == SUMMARY_HEAD
    assert (
        *("file", "form", "code", "severity", "sheet", "cell", "found", "expected", "message", "suggestion"),
    ) == FINDINGS_HEAD


def test_summary_tells_recheck_before_recomputed() -> None:
    rows = {row["file"]: row for row in table(summary_csv(batches.batch()))}
    decided, open_ = rows["水利局/机井.xlsx"], rows["liangping_forestry_2022.xlsx"]
    # 自评 97; a reviewer decided 7.93 + 40 + 40.
    assert (decided["self_total"], decided["recheck_total"], decided["difference"]) == ("97", "87.93", "-9.07")
    assert (decided["self_grade"], decided["recheck_grade"], decided["findings"]) == ("优", "良", "3")
    own, again = Decimal(open_["self_total"]), Decimal(open_["recomputed_total"])
    assert open_["recheck_total"] == "" and Decimal(open_["difference"]) == again - own


def test_a_form_with_nothing_in_it_is_told_without_numbers() -> None:
    (row,) = table(summary_csv(told([batches.rechecked(form_with())])))
    assert {row[name] for name in ("self_total", "recomputed_total", "recheck_total", "difference")} == {""}
    assert row["findings"] == "0"


def test_a_form_without_a_total_says_why() -> None:
    unweighed = [indicator(n, f"第{n}项任务", "≥5次", "6次", None, 5) for n in range(1, 6)]
    rows = (*unweighed, indicator(6, "合格率", "≥95%", "", 10, 10), indicator(7, "环境改善", "改善", "改善", 10, None))
    batch = told([batches.rechecked(form_with(rows, file="甲.xlsx"))])
    (one,) = batch.forms
    assert one.lacking == (
        "“第1项任务”、“第2项任务”、“第3项任务”等5项分值为空或不是数,不能计算得分；“合格率”实际完成值为空,既不计0分也不计满分；"
        "“环境改善”规则只给出区间,而自评得分空白"
    )
    assert one.reason.startswith(f"没有复算总分：{one.lacking}")
    made = book(workbook(batch))
    assert one.lacking in made["汇总"].cell(2, 12).value
    assert "没有复算总分，原因见各项备注" in made[sheet_name(one)].cell(3, 1).value
    page_text = page(batch).decode("utf-8")
    assert one.lacking in page_text and "没有复算总分 <strong>1张</strong>" in page_text


def test_a_form_with_a_total_needs_no_reason() -> None:
    assert [told.lacking for told in batches.batch().forms][:3] == ["", "", ""]


def test_the_form_of_a_whole_department_goes_by_its_unit() -> None:
    named = {"unit": written("甲县司法局", "C3"), "file": "司法局.xlsx", "kind": FormKind.DEPARTMENT}
    whole = replace(form_with((indicator(1, "普法场次", "≥5场", "6场", 100, 100),)), project=None, **named)
    (row,) = table(summary_csv(told([batches.rechecked(whole)])))
    assert (row["project"], row["unit"]) == ("甲县司法局", "甲县司法局")
    (one,) = told([batches.rechecked(whole)]).forms
    assert one.project == "甲县司法局（部门整体支出）"
    assert "没有项目名称，以单位为项目" in book(workbook(told([one.one])))[sheet_name(one)].cell(2, 1).value


def test_no_cell_of_a_csv_is_a_formula_or_holds_what_xml_forbids() -> None:
    batch = batches.batch()
    for data in (findings_csv(batch), summary_csv(batch)):
        cells = [cell for row in table(data) for cell in row.values()]
        assert not any(cell.startswith(("=", "+", "@", "\t", "\r")) for cell in cells)
        assert not any("\x1b" in cell for cell in cells)
    assert any(cell.startswith("'=cmd") for row in table(findings_csv(batch)) for cell in row.values())


def test_findings_about_no_form_stand_last() -> None:
    last = table(findings_csv(batches.batch()))[-1]
    assert (last["file"], last["form"], last["cell"]) == ("项目清单.xlsx", "", "B5")


def test_the_workbook_has_a_sheet_for_every_form_and_links_that_lead_there() -> None:
    batch = batches.batch()
    assert volumes(batch) == []
    made = book(workbook(batch))
    assert made.sheetnames == ["汇总", "问题清单", "说明", *map(sheet_name, batch.forms)]
    for told_, row in zip(batch.forms, made["汇总"].iter_rows(min_row=2), strict=True):
        assert row[0].hyperlink.location == f"'{sheet_name(told_)}'!A1"
    assert all(len(title) <= 31 for title in made.sheetnames)


def test_a_form_sheet_has_the_columns_of_a_recheck_and_numbers_that_are_numbers() -> None:
    sheet = book(workbook(batches.batch()))["0003 小型农田水利"]
    assert [cell.value for cell in sheet[4]] == list(TITLES)
    execution = [cell.value for cell in sheet[5]]
    # 166.47 of 210 is 79.27 %: 7.93 of 10 points under 10号, 9 by the unit; (9 − 7.93) / 9 = 11.89 %.
    assert (execution[6], execution[8], execution[9], execution[11], execution[12]) == (10, 9, 7.93, 7.93, 11.89)
    total = [cell.value for cell in sheet[10]]
    assert (total[0], total[8], total[9], total[11], total[12]) == ("合计", 97, "87.93～97.93", 87.93, 9.35)


def test_indicators_that_share_a_weight_share_their_cells_over_sub_items() -> None:
    told_ = batches.batch().forms[2]
    rows = rows_of(told_)
    assert [row.span for row in rows] == [1, 3, 0, 0, 1]
    sheet = book(workbook(batches.batch()))["0003 小型农田水利"]
    merged = {str(area) for area in sheet.merged_cells.ranges}
    assert {f"{'ABCDEFGHIJKLMN'[at]}6:{'ABCDEFGHIJKLMN'[at]}8" for at in SHARED} <= merged
    assert rows[3].cells[10] == "4公里"  # 复核完成值 stands in the line of its own indicator


def test_sign_and_unit_are_read_out_of_the_target_where_there_are_no_columns_for_them() -> None:
    rows = (
        indicator(1, "新建机井", "≥12眼", "12眼", 30, 30),
        indicator(2, "培训人数", "500人次", "520人次", 30, 30),
        indicator(3, "完成时间", "2022年12月底前", "2022年11月", 30, 30),
    )
    (told_,) = told([batches.rechecked(form_with(rows))]).forms
    cells = [row.cells[3:6] for row in rows_of(told_)]
    # In brackets what nobody wrote.
    assert cells == [("≥", "≥12眼", "眼"), ("(≥)", "500人次", "人次"), ("时限", "2022年12月底前", "")]


def test_the_total_of_a_sheet_is_the_total_of_the_result() -> None:
    for told_ in batches.batch().forms:
        cells = total_row(told_)
        assert (cells[8], cells[11]) == (told_.own, told_.one.decided)


def test_numbers_are_numbers_and_names_stand_as_in_the_form() -> None:
    batch = batches.batch()
    made = book(workbook(batch))
    assert [row[0].value for row in made["汇总"].iter_rows(min_row=2)] == [1, 2, 3, 4, 5]
    sheet = made["0003 小型农田水利"]
    assert (sheet["G10"].value, sheet["C7"].value) == (100, "其中:深井")


def test_a_remark_stands_once_and_where_it_belongs() -> None:
    """What is found in a merged level-1 cell is about no single row; a finding about points has the sentence in it."""
    first = written("产出指标", "A5")
    rows = [
        replace(indicator(n, f"第{n}项", "≥5次", "4次", 50, 50), level1=first, points=written(50, f"H{n + 4}"))
        for n in (1, 2)
    ]
    form = form_with(rows, file="甲.xlsx")
    plain_ = batches.rechecked(form)
    sentence = plain_.recomputed[0].sentence.rstrip("。")
    level = batches.found(form, spot=first.spot, message="没有效益指标")
    points = batches.found(form, spot=rows[0].points.spot, message=f"得满分。按规则:{sentence}")
    (one,) = told([batches.rechecked(form, [level, points])]).forms
    said = [row.cells[-1] for row in rows_of(one)]
    assert said[0] == f"[P0]得满分。按规则:{sentence}"
    assert "没有效益指标" not in "".join(map(str, said)) and said[1] == plain_.recomputed[1].sentence


def test_nothing_in_a_workbook_is_a_formula_and_everything_can_be_opened() -> None:
    cells = [cell for sheet in book(workbook(batches.batch())) for row in sheet.iter_rows() for cell in row]
    assert not [cell.coordinate for cell in cells if cell.data_type == "f"]
    assert any(isinstance(cell.value, str) and cell.value.startswith("=cmd") for cell in cells)


def test_many_forms_come_in_volumes_that_lead_to_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "VOLUME", 2)
    batch = batches.batch()
    names = [volume_name(part) for part in volumes(batch)]
    assert names == ["复核表-0001至0002.xlsx", "复核表-0003至0004.xlsx", "复核表-0005至0005.xlsx"]
    assert {"复核表.xlsx", *names} <= {name for name, _ in outputs(batch, {})}
    link = book(workbook(batch))["汇总"]["A4"].hyperlink
    assert (link.target or "").startswith("复核表-0003") or "0003" in (link.location or "")
    assert book(volume(batch.only(batch.forms[2:4]))).sheetnames[0] == "0003 小型农田水利"


def test_deviation_is_one_formula_for_lines_and_forms() -> None:
    # (self − check) / self; 0 points cannot be divided by.
    assert deviation(Decimal(97), Decimal("87.93")) == Decimal("9.35")
    assert deviation(Decimal(0), Decimal(5)) is None
    assert deviation(None, Decimal(5)) is None


def test_reasons_name_lines_before_defects() -> None:
    reason = batches.batch().forms[2].reason
    assert reason.startswith("新建机井自评48分、复核40分；预算执行率自评9分、复核7.93分；")
    assert reason.endswith("得分合计不符；扣分没有说明原因")


def test_the_list_for_sampling_can_be_drawn_from(tmp_path: Path) -> None:
    data = sampling_workbook(batches.batch())
    assert data is not None
    path = tmp_path / "项目清单.xlsx"
    path.write_bytes(data)
    register = read_register(path)
    by_id = {project.id: project for project in register.projects}
    wells = by_id["0003"]
    assert (wells.name, wells.department, wells.money, wells.score) == ("小型农田水利", "水利局", 210, 97)
    assert wells.must and wells.reason == "复核等级由优降为良；P0问题1个"
    claims = {claim.indicator: claim.claimed for claim in register.claims if claim.project == "0003"}
    assert claims["新建机井"] == "12"
    assert "0005" not in by_id  # a form without a budget stands on a sheet of its own
    assert [row[0].value for row in book(data)["未列入"].iter_rows(min_row=2)] == [1, 5]


def test_money_in_yuan_becomes_wan(tmp_path: Path) -> None:
    rows = (indicator(1, "修路", "≥5公里", "5公里", 90, 90),)
    form = form_with(rows, (funds(2100000, 2100000, 10, 10),), money_unit="元", project=written("路", "C2"))
    path = tmp_path / "清单.xlsx"
    path.write_bytes(sampling_workbook(told([batches.rechecked(form)])) or b"")
    assert read_register(path).projects[0].money == 210


def test_without_any_budget_there_is_nothing_to_draw_from() -> None:
    assert sampling_workbook(told([batches.rechecked(form_with())])) is None
