"""Workbooks: what a person sees in each cell, where it stands, merges, hidden parts."""

from __future__ import annotations

import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from form_files import only, rezip, small_workbook, texts, workbook
from openpyxl import Workbook
from xlsxwriter import Workbook as Writer

from workbench.recheck.files import Merged, open_file, open_grids


def test_values_as_seen(tmp_path: Path) -> None:
    def fill(sheet: Any) -> None:
        sheet.append(["项目支出绩效自评表", 0.7927, 3.0, 7.9, 1234.5, datetime.date(2022, 11, 30), True, "≥95%"])
        for cell, code in {"B1": "0.00%", "D1": "0.00", "E1": "#,##0.00"}.items():
            sheet[cell].number_format = code

    grid = only(workbook(tmp_path / "a.xlsx", fill))
    assert list(texts(grid).values()) == [
        "项目支出绩效自评表",
        "79.27%",
        "3",
        "7.90",
        "1,234.50",
        "2022-11-30",
        "TRUE",
        "≥95%",
    ]
    rate = grid.cells[0, 1]
    assert (rate.number, rate.percent, rate.spot.sheet, rate.spot.cell) == (Decimal("79.27"), True, "自评表", "B1")
    assert grid.cells[0, 4].number == Decimal("1234.5") and not grid.cells[0, 4].percent
    assert grid.cells[0, 5].number is None and grid.cells[0, 7].number is None
    assert (grid.file, grid.title, grid.height, grid.width) == ("a.xlsx", "自评表", 1, 8)


def test_text_is_cleaned_and_keeps_its_lines(tmp_path: Path) -> None:
    def fill(sheet: Any) -> None:
        sheet["A1"] = "\u3000项\xa0目\u200b名称 \r\n (万元)\ufeff "
        sheet["B1"] = " \n\t"

    grid = only(workbook(tmp_path / "a.xlsx", fill))
    assert grid.cells[0, 0].text == "项 目名称\n(万元)" and (0, 1) not in grid.cells


def test_errors_and_formulas(tmp_path: Path) -> None:
    with Writer(str(tmp_path / "a.xlsx")) as book:
        sheet = book.add_worksheet("自评表")
        sheet.write_formula("A1", "=1/0", value="#DIV/0!")
        sheet.write_formula("B1", "=SUM(1,2)", value=3)
        sheet.write_string("D1", "#N/A")
        sheet.write_string("E1", "=cmd|'/c calc'!A1")
    grid = only(tmp_path / "a.xlsx")
    assert texts(grid) == {"A1": "#DIV/0!", "B1": "3", "D1": "#N/A", "E1": "=cmd|'/c calc'!A1"}
    assert [c.error for c in grid.cells.values()] == [True, False, True, False]


def test_formula_nobody_has_calculated(tmp_path: Path) -> None:
    grid = only(workbook(tmp_path / "a.xlsx", lambda s: s.append(["总分", "=SUM(A1:A3)"])))
    cell = grid.cells[0, 1]
    assert (cell.text, cell.error, cell.number) == ("=SUM(A1:A3)", True, None)


def test_merged_ranges(tmp_path: Path) -> None:
    def fill(sheet: Any) -> None:
        sheet["A1"], sheet["C2"] = "产出指标", "得分"
        for area in ("A1:A3", "B1:C1", "A9:F9"):
            sheet.merge_cells(area)

    grid = only(workbook(tmp_path / "a.xlsx", fill))
    # Blank ranges below the last content belong to nothing.
    assert set(grid.merged) == {Merged(0, 0, 2, 0), Merged(0, 1, 0, 2)}
    assert (grid.height, grid.width) == (2, 3)
    assert grid.at(1, 0) is grid.cells[0, 0] and grid.cells[0, 1].text == ""


def test_hidden_sheet_is_skipped_and_told(tmp_path: Path) -> None:
    book = Workbook()
    book.active.append(["自评表"])
    for title, state in (("底稿", "hidden"), ("底稿2", "veryHidden"), ("空", "hidden")):
        sheet = book.create_sheet(title)
        sheet.sheet_state = state
        if title != "空":
            sheet.append([1])
    book.save(tmp_path / "a.xlsx")
    opened = open_file(tmp_path / "a.xlsx", "a.xlsx")
    assert len(opened.grids) == 1
    assert [(n.code, n.place.sheet) for n in opened.notices] == [("sheet_hidden", "底稿"), ("sheet_hidden", "底稿2")]


def test_hidden_rows_and_columns_are_read_and_told(tmp_path: Path) -> None:
    def fill(sheet: Any) -> None:
        sheet["A1"], sheet["A2"], sheet["D2"] = "a", "b", "c"
        sheet.row_dimensions[2].hidden = True
        sheet.row_dimensions[7].hidden = True
        sheet.column_dimensions["D"].hidden = True

    opened = open_file(workbook(tmp_path / "a.xlsx", fill), "a.xlsx")
    assert texts(opened.grids[0]) == {"A1": "a", "A2": "b", "D2": "c"}
    assert [n.message for n in opened.notices] == ["第2行、D列是隐藏的,照样读取"]


def test_content_below_a_merged_range_is_told(tmp_path: Path) -> None:
    def fill(sheet: Any) -> None:
        sheet["A1"], sheet["C1"] = "产出", "x"

    path = workbook(tmp_path / "a.xlsx", fill)
    merge = b'<mergeCells><mergeCell ref="A1:C1"/></mergeCells>'
    rezip(path, lambda n, d: d.replace(b"</sheetData>", b"</sheetData>" + merge) if "sheet1" in n else d)
    assert [n.code for n in open_file(path, "a.xlsx").notices] == ["cell_covered"]


def test_several_sheets_in_order(tmp_path: Path) -> None:
    with Writer(str(tmp_path / "a.xlsx")) as book:
        for title in ("封面", "空白", "表二"):
            sheet = book.add_worksheet(title)
            if title != "空白":
                sheet.write(0, 0, title)
        book.add_chartsheet("图")
    assert [g.title for g in open_grids(tmp_path / "a.xlsx", "a.xlsx")] == ["封面", "表二"]


def test_a_page_of_blank_formatted_cells_is_left_out(tmp_path: Path) -> None:
    with Writer(str(tmp_path / "a.xlsx")) as book:
        sheet, border = book.add_worksheet(), book.add_format({"border": 1})
        for row in range(600):
            for column in range(40):
                sheet.write_blank(row, column, None, border)
        sheet.write(1, 1, "自评表", border)
    grid = only(tmp_path / "a.xlsx")
    assert (grid.height, grid.width, len(grid.cells)) == (2, 2, 1)


def test_other_ways_to_write_the_same(tmp_path: Path) -> None:
    """Prefixes, single quotes, cells without place, readings over characters, inline and rich text: all are legal."""
    path = small_workbook(tmp_path / "a.xlsx")
    sheet = (
        "<x:worksheet xmlns:x='http://purl.oclc.org/ooxml/spreadsheetml/main'><x:sheetData><x:row>"
        "<x:c t='inlineStr'><x:is><x:r><x:t>自评</x:t></x:r><x:rPh><x:t>ZIPING</x:t></x:rPh><x:r><x:t>表_x000D_</x:t></x:r></x:is></x:c>"
        "<x:c s='1'/><x:c><x:v>5</x:v></x:c><x:c t='d'><x:v>2022-11-30T00:00:00</x:v></x:c><x:c t='s'><x:v>999</x:v></x:c>"
        "<x:c t='str'><x:f>\"\"</x:f><x:v/></x:c>"
        "</x:row></x:sheetData></x:worksheet>"
    ).encode()
    grid = only(rezip(path, lambda n, d: sheet if n.endswith("sheet1.xml") else d))
    assert texts(grid) == {"A1": "自评表", "C1": "5", "D1": "2022-11-30", "E1": "#999"}
    assert grid.cells[0, 4].error


@pytest.mark.parametrize(
    ("name", "told"), [("a.xlsx", []), ("a.xls", ["suffix_differs"]), ("a.docx", ["suffix_differs"])]
)
def test_wrong_suffix_is_read_by_content_and_told(tmp_path: Path, name: str, told: list[str]) -> None:
    opened = open_file(small_workbook(tmp_path / name), name)
    assert texts(opened.grids[0])["C3"] == "79.27%"
    assert [n.code for n in opened.notices] == told
