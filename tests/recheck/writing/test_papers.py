"""Letters, annotated copies and the page: what they say, what they leave alone, and that nothing in a form harms them."""

from __future__ import annotations

import hashlib
import io
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import batches
from cases import form_with, indicator, written
from docx import Document
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment

from workbench.recheck.model import FormKind, Spot
from workbench.recheck.outcome import Rechecked, Severity
from workbench.recheck.writing.annotated import annotate, copies
from workbench.recheck.writing.annotated.listing import SHEET
from workbench.recheck.writing.annotated.remarks import remarks_of
from workbench.recheck.writing.dashboard.charts import bands, defects
from workbench.recheck.writing.dashboard.page import page
from workbench.recheck.writing.dashboard.visits import visits
from workbench.recheck.writing.letters import letter, letter_name
from workbench.recheck.writing.outputs import outputs
from workbench.recheck.writing.told import UNNAMED, RuleNote, told


def words(data: bytes) -> str:
    """Everything a Word file says, tables too."""
    document = Document(io.BytesIO(data))
    return "\n".join(node.text or "" for node in document.element.body.iter() if node.tag.endswith("}t"))


def test_a_letter_tells_place_written_expected_ground_and_leaves_room() -> None:
    batch = batches.batch()
    text = words(letter(batch, "水利局", batch.by_unit["水利局"]))
    for said in (
        "水利局：",
        "小型农田水利",
        "绩效自评表 H21",
        "97.93",
        "依据：财预〔2020〕10号 附1",
        "请核对各项得分",
        "87.93",
    ):
        assert said in text
    assert "于______年____月____日前" in text  # no deadline is invented
    assert "你单位反馈" in text


def test_forms_of_one_unit_are_in_one_letter_and_those_without_problems_are_named() -> None:
    clean = batches.rechecked(form_with(file="b.xlsx", project=written("抗旱", "C2"), unit=written("水利局", "C3")))
    batch = batches.batch(clean)
    names = [name for name, _ in outputs(batch, {}) if name.startswith("复核意见函/")]
    assert [name.split("-")[0] for name in names] == [
        "复核意见函/001",
        "复核意见函/002",
        "复核意见函/003",
        "复核意见函/004",
    ]
    text = words(letter(batch, "水利局", batch.by_unit["水利局"]))
    assert "2份绩效自评表" in text and "没有发现问题的自评表1份：抗旱" in text


def test_a_unit_nobody_named_is_left_to_be_filled_in() -> None:
    form = form_with()
    batch = told([batches.rechecked(form, [batches.found(form)])], (), batches.RULES)
    assert words(letter(batch, UNNAMED, batch.forms)).startswith("绩效自评表复核意见函\n________________：")


def test_names_of_files_are_names_on_every_system() -> None:
    assert letter_name(3, "水利局") == "003-水利局.docx"
    hostile = letter_name(4, "CON/../=cmd|'/c\x1b" + "长" * 500)
    assert re.fullmatch(r"004-[\w.-]+\.docx", hostile) and len(hostile.encode()) < 200


def original(path: Path) -> Path:
    """A form as somebody made it: a formula, a merged cell, a comment, a number in a format, a picture-less second sheet."""
    book = Workbook()
    sheet: Any = book.active
    sheet.title = "绩效自评表"
    sheet["A1"] = "小型农田水利绩效自评表"
    for merged in ("A1:I1", "A3:A9", "B3:B5", "B6:B9", "C12:D14"):
        sheet.merge_cells(merged)
    sheet["H21"], sheet["H22"], sheet["H23"] = 48, 0.7927, "=SUM(H21:H22)"
    sheet["H22"].number_format = "0.00%"
    sheet["H21"].comment = Comment("填报人:已核", "张三")
    book.create_sheet("复核意见")["A1"] = "填报单位自己的表"
    book.save(path)
    return path


def a_copy(path: Path, *spots: Spot | None) -> Any:
    form = replace(batches.shared(), file="水利局/机井.xlsx")
    severities = [Severity.P0, Severity.P1, Severity.P2]
    found = [batches.found(form, "points_sum", severities[i % 3], spot) for i, spot in enumerate(spots)]
    batch = told([batches.rechecked(form, found)], (), batches.RULES)
    (copy,) = copies(batch, {form.file: path})
    return copy


def test_an_annotated_workbook_has_comments_and_every_value_it_had(tmp_path: Path) -> None:
    path = original(tmp_path / "机井.xlsx")
    before = hashlib.sha256(path.read_bytes()).digest()
    copy = a_copy(path, Spot("绩效自评表", 20, 7, "H21"), Spot("绩效自评表", 0, 4, "E1"), None)
    name, data = annotate(copy)
    assert name == "批注/0001-机井.xlsx" and hashlib.sha256(path.read_bytes()).digest() == before
    made, old = load_workbook(io.BytesIO(data)), load_workbook(path)
    for sheet in old:
        assert str(made[sheet.title].merged_cells) == str(sheet.merged_cells)
        for row in sheet.iter_rows():
            for cell in row:
                now = made[sheet.title][cell.coordinate]
                assert (now.value, now.number_format) == (cell.value, cell.number_format)
    comment = made["绩效自评表"]["H21"].comment.text
    assert (
        comment.startswith("填报人:已核") and "[P0] 得分合计不符" in comment and "依据：财预〔2020〕10号 附1" in comment
    )
    assert made["绩效自评表"]["H21"].fill.fgColor.rgb.endswith("F4B6A6")
    assert "[P1]" in made["绩效自评表"]["A1"].comment.text  # within a merged cell: on the cell that shows it
    listed = made[made.sheetnames[-1]]
    assert made.sheetnames[-1].startswith(SHEET) and made.sheetnames[-1] != SHEET
    assert [row[1].value for row in listed.iter_rows(min_row=3)][-1] == "整张表"


def test_an_annotated_copy_is_the_same_every_time(tmp_path: Path) -> None:
    copy = a_copy(original(tmp_path / "机井.xlsx"), Spot("绩效自评表", 20, 7, "H21"))
    assert annotate(copy) == annotate(copy)


def test_an_annotated_document_has_comments_where_the_reader_has_its_cells(tmp_path: Path) -> None:
    document = Document()
    document.add_paragraph("项目支出绩效自评表")
    document.add_table(1, 1)
    table = document.add_table(3, 4)
    table.cell(0, 0).merge(table.cell(0, 1)).text = "产出指标"
    table.cell(2, 3).text = "48"
    document.save(str(tmp_path / "机井.docx"))
    spots = (Spot("表2", 2, 3, "第3行第4列"), Spot("表2", 0, 2, "第1行第3列"), Spot("表9", 0, 0, "第1行第1列"), None)
    name, data = annotate(a_copy(tmp_path / "机井.docx", *spots))
    assert name == "批注/0001-机井.docx" and annotate(a_copy(tmp_path / "机井.docx", *spots))[1] == data
    made = Document(io.BytesIO(data))
    comments = [comment.text for comment in made.comments]
    assert len(comments) == 3 and "整张表" in comments[-1] and "表9 第1行第1列" in comments[-1]
    cell = made.tables[1].cell(2, 3)
    assert cell.text == "48" and "commentReference" in cell._tc.xml and "F4B6A6" in cell._tc.xml
    assert "commentReference" in made.tables[1].cell(0, 2)._tc.xml
    assert 'w:date="' not in made.part._comments_part.element.xml


def test_what_takes_no_comments_gets_a_list(tmp_path: Path) -> None:
    for content in (b"%PDF-1.7", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04 broken", b""):
        path = tmp_path / "表.pdf"
        path.write_bytes(content)
        name, data = annotate(a_copy(path, None))
        assert name == "批注/0001-机井-问题清单.xlsx"
        assert [cell.value for cell in load_workbook(io.BytesIO(data)).active[2]][1:4] == [
            "P0",
            "整张表",
            "得分合计不符",
        ]
    (tmp_path / "表.pdf").unlink()
    assert annotate(a_copy(tmp_path / "表.pdf", None))[0].endswith("-问题清单.xlsx")


def test_files_of_one_name_in_several_folders_do_not_meet(tmp_path: Path) -> None:
    one, other = (replace(batches.shared(), file=f"{folder}/自评表.xlsx") for folder in "甲乙")
    batch = told([batches.rechecked(form, [batches.found(form)]) for form in (one, other)], (), batches.RULES)
    paths = {form.file: tmp_path / "无" for form in (one, other)}
    assert [copy.name for copy in copies(batch, paths)] == ["0001-自评表", "0002-自评表"]


def test_the_page_asks_nothing_of_a_network_and_runs_nothing_of_a_form() -> None:
    text = page(batches.batch()).decode()
    assert "<script>alert" not in text and "&lt;script&gt;alert" in text
    assert "{{ 7*7 }}" in text and "\x1b" not in text
    assert "default-src &#39;none&#39;" in text and not re.search(r"(src|href)=\"(?!#|data:,)", text)


def test_the_page_counts_what_the_batch_holds() -> None:
    batch = batches.batch()
    found = bands(batch)
    assert sum(band.own for band in found) == sum(one.own is not None for one in batch.forms)
    assert sum(band.counted for band in found) == sum(one.counted is not None for one in batch.forms)
    assert defects(batch)[0].title == "得分合计不符" and defects(batch)[0].forms == 3
    first = visits(batch)[0]
    assert (first.unit, first.lowered, first.grave) == ("水利局", 1, 1)
    assert "小型农田水利由优降为良" in first.why


def totalled(weight: int, own: object) -> Rechecked:
    """A form of one indicator, with a total of its own."""
    rows = (indicator(1, "修路", "≥5公里", "5公里", weight, weight),)
    return batches.rechecked(form_with(rows, file=f"{weight}-{own}.xlsx", total_points=written(own, "H30")))


def test_only_100_is_full_and_other_scales_are_not_mixed_in() -> None:
    batch = told([totalled(100, 100), totalled(100, "100.5"), totalled(70, 70), totalled(110, 110), totalled(100, 59)])
    found = {band.name: (band.own, band.counted) for band in bands(batch) if band.own or band.counted}
    assert found == {"超过100": (1, 0), "满分100": (1, 3), "60以下": (1, 0), "分值不是100": (2, 2)}
    assert "分值不是100" not in [band.name for band in bands(told([totalled(100, 100)]))]


def test_one_cause_in_several_cells_is_no_reason_to_go_first() -> None:
    sums, two = (replace(batches.shared(), file=f"{n}.xlsx", unit=written(f"{n}局", "C3")) for n in (1, 2))
    thrice = batches.rechecked(sums, [batches.found(sums)] * 3)
    kinds = batches.rechecked(two, [batches.found(two), batches.found(two, "weak")])
    assert [visit.unit for visit in visits(told([thrice, kinds], (), batches.RULES))] == ["2局", "1局"]


def test_a_unit_is_told_no_ground_that_does_not_bind_it_and_nothing_that_is_for_the_reviewers() -> None:
    form = batches.shared()
    spot = Spot("绩效自评表", 20, 7, "H21")
    rules = {
        "a": RuleNote("甲题", "财预〔2020〕10号 第十三条、附1、示例,可改"),
        "b": RuleNote("乙题", "会计师事务所自评复核的统一扣分标准与一致性检查、示例,可改"),
        "c": RuleNote("丙题", "财预〔2020〕10号 附1", internal=True),
    }
    found = [batches.found(form, code, Severity.P1, spot) for code in "abc"]
    batch = told([batches.rechecked(form, found)], (), rules)
    text = words(letter(batch, "水利局", batch.forms))
    assert "依据：财预〔2020〕10号 第十三条、附1\n" in text and "乙题" in text and "有2个问题" in text
    remarks = "\n".join(remark.text for remark in remarks_of(batch, batch.forms))
    assert "依据：财预〔2020〕10号 第十三条、附1" in remarks and "乙题" in remarks
    for said in (text, remarks):
        assert not [word for word in ("示例", "会计师事务所", "丙题") if word in said]
    assert "丙题" in {batch.title_of(finding.code) for finding in batch.findings}
    only = told([batches.rechecked(form, found[2:])], (), rules)
    assert not [name for name, _ in outputs(only, {}) if name.startswith("复核意见函/")]


def test_the_list_in_a_copy_shows_all_of_its_texts_in_a_frame(tmp_path: Path) -> None:
    form, spot = batches.shared(), Spot("绩效自评表", 20, 7, "H21")
    found = batches.found(form, spot=spot, message="很长的说明" * 30)
    (copy,) = copies(
        told([batches.rechecked(form, [found])], (), batches.RULES), {form.file: original(tmp_path / "甲.xlsx")}
    )
    sheet = load_workbook(io.BytesIO(annotate(copy)[1])).worksheets[-1]
    # 150 characters of twice the width of a digit, in a column of 48 digits.
    assert sheet.row_dimensions[3].height >= 7 * 13
    assert {getattr(sheet["F3"].border, side).style for side in ("left", "right", "top", "bottom")} == {"thin"}
    assert sheet["F3"].font.sz == 10 and sheet["A2"].font.b


def test_a_batch_without_forms_is_written_too() -> None:
    names = [name for name, _ in outputs(told([]), {})]
    assert names == ["findings.csv", "summary.csv", "复核表.xlsx", "复核看板.html"]


def test_every_file_is_told_as_it_is_made(tmp_path: Path) -> None:
    batch, steps = batches.batch(), []
    paths = {
        batch.forms[2].form.file: original(tmp_path / "机井.xlsx"),
        batch.forms[0].form.file: tmp_path / "没有.xlsx",
    }
    names = [name for name, _ in outputs(batch, paths, show=lambda name, total: steps.append((name, total)))]
    assert [name for name, _ in steps] == names and {total for _, total in steps} == {len(names)}
    assert "批注/0001-liangping_forestry_2022-问题清单.xlsx" in names, "one that cannot be opened costs nothing else"
    assert "批注/0003-机井.xlsx" in names


def test_a_letter_names_the_clause_of_its_forms() -> None:
    project, whole = batches.shared(), replace(batches.shared(), kind=FormKind.DEPARTMENT)
    for form, clause, other in ((project, "第二十条", "167号"), (whole, "财预〔2018〕167号", "第十九条")):
        batch = told([batches.rechecked(form, [batches.found(form)])], (), batches.RULES)
        text = words(letter(batch, "水利局", batch.forms)).replace("财预〔2020〕10号 附1", "")
        assert clause in text and other not in text


def test_everything_is_the_same_every_time_and_with_more_processes(tmp_path: Path) -> None:
    path = original(tmp_path / "机井.xlsx")
    batch = batches.batch()
    paths = {batch.forms[2].form.file: path, batch.forms[0].form.file: path}
    once = dict(outputs(batch, paths))
    assert once == dict(outputs(batches.batch(), paths, workers=2))
    assert len({name.casefold() for name in once}) == len(once)
