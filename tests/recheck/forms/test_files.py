"""From files to forms: what was drawn comes back from a workbook and from a document."""

from __future__ import annotations

import docx
import openpyxl
import published_layouts as layouts
import pytest
import varied_layouts as variants
from drawn_grids import statements

from workbench.base.canon import digest_file
from workbench.base.errors import FileError
from workbench.recheck.forms import Mappings, forms_of, read_forms


def as_workbook(grids, path):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for grid in grids:
        sheet = book.create_sheet(grid.title)
        for (row, column), cell in grid.cells.items():
            value = cell.text if cell.number is None else float(cell.number)
            sheet.cell(row + 1, column + 1, value if value != "" else None).data_type = (
                "s" if isinstance(value, str) and value else sheet.cell(row + 1, column + 1).data_type
            )
        for area in grid.merged:
            sheet.merge_cells(None, area.top + 1, area.left + 1, area.bottom + 1, area.right + 1)
    book.save(path)
    return path


def as_document(grid, path):
    document = docx.Document()
    table = document.add_table(grid.height, grid.width)
    for area in grid.merged:
        table.cell(area.top, area.left).merge(table.cell(area.bottom, area.right))
    for (row, column), cell in grid.cells.items():
        table.cell(row, column).text = cell.text
    document.save(path)
    return path


def facts(form):
    rows = [
        [
            cell.text if cell is not None else None
            for cell in (r.level1, r.level2, r.level3, r.target, r.actual, r.weight, r.points)
        ]
        for r in form.indicators
    ]
    money = [
        [cell.text if cell else None for cell in (f.name, f.adjusted, f.executed, f.weight, f.points)]
        for f in form.funds
    ]
    return rows, money, form.year, form.money_unit, form.kind, form.shape, sorted(form.labels)


def test_workbook(tmp_path):
    grids = [build(title=name) for name, build in layouts.PUBLISHED.items()]
    path = as_workbook(grids, tmp_path / "自评表.xlsx")
    reading = read_forms(path, "甲局/自评表.xlsx", Mappings())
    assert (reading.file, reading.sha256) == ("甲局/自评表.xlsx", digest_file(path))
    assert reading.questions == ()
    drawn_forms, _ = forms_of(grids, Mappings())
    assert [facts(form) for form in reading.forms] == [facts(form) for form in drawn_forms]
    assert [form.number for form in reading.forms] == list(range(1, len(grids) + 1))
    spots = [{cell.spot.cell for cell in statements(form)} for form in reading.forms]
    assert spots == [{cell.spot.cell for cell in statements(form)} for form in drawn_forms]


@pytest.mark.parametrize("build", [layouts.tangxi, layouts.yongde, variants.shared_weight])
def test_document(build, tmp_path):
    (form,) = read_forms(as_document(build(), tmp_path / "自评表.docx"), "自评表.docx", Mappings()).forms
    (drawn_form,), _ = forms_of([build()], Mappings())
    assert facts(form) == facts(drawn_form)
    assert form.indicators[0].points.spot.cell.startswith("第")


def test_notices_of_the_file_are_kept(tmp_path):
    path = as_workbook([variants.plain()], tmp_path / "自评表.xls")
    reading = read_forms(path, "自评表.xls", Mappings())
    assert len(reading.forms) == 1
    assert [notice.code for notice in reading.notices] == ["suffix_differs"]


def test_a_file_that_is_none(tmp_path):
    path = tmp_path / "自评表.xlsx"
    path.write_bytes(b"PK\3\4")
    with pytest.raises(FileError):
        read_forms(path, "自评表.xlsx", Mappings())
