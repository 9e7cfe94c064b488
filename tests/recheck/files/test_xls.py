"""Old workbooks. ``stored/form.xls`` is what LibreOffice makes of an openpyxl workbook:

a sheet 自评表 with A1:F1 merged, titles in row 2, twenty lines (产出指标 merged over A3:A22, 指标n, ≥95%, 0.7927 as 0.00%, 10,
7.93 as 0.00), a total row 23 (总分, 2022-11-30, =SUM(E3:E22), =1/0), and a hidden sheet 隐藏 with one cell;
then ``soffice --headless --convert-to xls form.xlsx`` (and ``pdf``, fitted to one page wide, rows 45 points high).
"""

from __future__ import annotations

import struct
from decimal import Decimal
from pathlib import Path

import pytest
from form_files import compound, only, refusal, texts

from workbench.base.errors import FileError
from workbench.recheck.files import Merged, apart, open_file, xls

STORED = Path(__file__).parent / "stored"


def test_values_as_seen() -> None:
    grid = only(STORED / "form.xls")
    seen = texts(grid)
    assert (seen["A1"], seen["B3"], seen["C3"]) == ("项目支出绩效自评表", "指标1:完成造林面积和后续养护的面积", "≥95%")
    assert (seen["D3"], seen["E3"], seen["F3"], seen["D23"], seen["E23"]) == (
        "79.27%",
        "10",
        "7.93",
        "2022-11-30",
        "200",
    )
    assert grid.cells[2, 3].number == Decimal("79.27") and grid.cells[2, 3].percent
    assert grid.cells[22, 5].text == "#DIV/0!" and grid.cells[22, 5].error
    assert set(grid.merged) == {Merged(0, 0, 0, 5), Merged(2, 0, 21, 0)}


def test_hidden_sheet_and_suffix_are_told(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes((STORED / "form.xls").read_bytes())
    opened = open_file(tmp_path / "a.xlsx", "a.xlsx")
    assert [n.code for n in opened.notices] == ["suffix_differs", "sheet_hidden"]


def test_damaged_anywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A changed byte gives another value, or a FileError, and never anything else; all of them read in this process."""
    monkeypatch.setattr(xls, "parsed_apart", lambda worker, path: apart.answer(worker, str(path)))
    whole = (STORED / "form.xls").read_bytes()
    for at in range(0, len(whole), 97):
        (tmp_path / "a.xls").write_bytes(whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :])
        try:
            open_file(tmp_path / "a.xls", "a.xls")
        except FileError as error:
            assert error.problems[0].fix


def test_names_that_double_one_another(tmp_path: Path) -> None:
    """Each defined name is the one before it twice (=n&n): xlrd works them out, and a hundred fill any memory."""
    formulas = [b"\x17\xc8\0" + b"a" * 200] + [2 * struct.pack("<BHH", 0x23, i, 0) + b"\x08" for i in range(1, 100)]
    records = b"".join(
        struct.pack("<HHHBBHHHBBBB", 0x18, 16 + len(f), 0, 0, 1, len(f), 0, 0, 0, 0, 0, 0) + b"\0n" + f
        for f in formulas
    )
    stream = struct.pack("<HHHH12x", 0x809, 16, 0x600, 5) + records + struct.pack("<HH", 0x0A, 0)
    stream = stream.ljust(-(-len(stream) // 512) * 512, b"\0")
    assert refusal(compound(tmp_path / "a.xls", "Workbook", body=stream)).code == "xls_limits"
