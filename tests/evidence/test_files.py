"""Files that are not what they should be, and the other kinds of files that are read."""

from __future__ import annotations

import codecs
import random
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from evidence_workbooks import FUNDS_HEAD, field, subjects, table, write_xlsx

from workbench.base.errors import EvidenceError, FileError, Problem, WorkbenchError
from workbench.evidence import guard, raw
from workbench.evidence.reader import read_evidence
from workbench.scheme.pack import Pack

SHEETS = {"评价对象": subjects(), "项目资金": [FUNDS_HEAD, ["P1", 12.5]]}


def refused(path: Path, pack: Pack) -> Problem:
    with pytest.raises(FileError) as caught:
        read_evidence(path, pack.tables)
    problem = caught.value.problems[0]
    assert problem.fix
    return problem


def rezip(path: Path, change: Callable[[str, bytes], bytes | None], extra: dict[str, bytes] | None = None) -> Path:
    """The workbook with its parts changed (None drops one) and parts added."""
    with zipfile.ZipFile(path) as archive:
        parts = {n: archive.read(n) for n in archive.namelist()}
    changed = {n: change(n, d) for n, d in parts.items()} | (extra or {})
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in changed.items():
            if data is not None:
                archive.writestr(name, data)
    return path


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return write_xlsx(tmp_path / "基础数据.xlsx", SHEETS)


def test_missing_file(tmp_path: Path, pack: Pack) -> None:
    assert refused(tmp_path / "没有.xlsx", pack).code == "file_missing"


def test_empty_file(tmp_path: Path, pack: Pack) -> None:
    (tmp_path / "a.xlsx").write_bytes(b"")
    assert refused(tmp_path / "a.xlsx", pack).code == "file_empty"


def test_encrypted(tmp_path: Path, pack: Pack) -> None:
    data = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1000) + "EncryptedPackage".encode("utf-16-le") + bytes(1000)
    (tmp_path / "a.xlsx").write_bytes(data)
    problem = refused(tmp_path / "a.xlsx", pack)
    assert problem.message == "文件已加密" and problem.place.file == "a.xlsx"


def test_old_xls(tmp_path: Path, pack: Pack) -> None:
    (tmp_path / "a.xls").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1000))
    problem = refused(tmp_path / "a.xls", pack)
    assert problem.code == "file_old_format" and ".xlsx" in (problem.fix or "")


def test_not_a_workbook(tmp_path: Path, pack: Pack) -> None:
    (tmp_path / "a.xlsx").write_text("对象编号,对象名称")
    assert refused(tmp_path / "a.xlsx", pack).code == "file_not_xlsx"


def test_another_zip(tmp_path: Path, pack: Pack) -> None:
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        archive.writestr("word/document.xml", "x")
    assert refused(tmp_path / "a.xlsx", pack).code == "file_not_xlsx"


def test_macros(book: Path, pack: Pack) -> None:
    rezip(book, lambda n, d: d, {"xl/vbaProject.bin": b"x"})
    problem = refused(book, pack)
    assert problem.code == "file_macros" and "另存" in (problem.fix or "")


@pytest.mark.parametrize("name", ["../evil.xml", "/etc/x", "xl\\..\\x", "C:/x"])
def test_entry_outside(book: Path, pack: Pack, name: str) -> None:
    rezip(book, lambda n, d: d, {name: b"x"})
    assert refused(book, pack).code == "zip_path"


def test_twice_the_same_entry(book: Path, pack: Pack) -> None:
    with pytest.warns(UserWarning), zipfile.ZipFile(book, "a") as archive:
        archive.writestr("xl/workbook.xml", "x")
    assert refused(book, pack).code == "zip_duplicate"


def test_zip_bomb_by_ratio(book: Path, pack: Pack) -> None:
    rezip(book, lambda n, d: d, {"xl/media/a.bin": bytes(20 * 1024 * 1024)})
    assert refused(book, pack).code == "zip_ratio"


def test_zip_bomb_by_size(book: Path, pack: Pack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "MAX_UNPACKED", 1000)
    assert refused(book, pack).code == "zip_too_large"


def test_other_compression(book: Path, pack: Pack) -> None:
    with zipfile.ZipFile(book, "a", zipfile.ZIP_BZIP2) as archive:
        archive.writestr("x.bin", "x")
    assert refused(book, pack).code == "zip_method"


def test_a_part_that_unpacks_to_another_size(book: Path, pack: Pack) -> None:
    data = bytearray(book.read_bytes())
    entry = data.find(b"PK\x01\x02")
    data[entry + 24 : entry + 28] = (10).to_bytes(4, "little")
    book.write_bytes(data)
    assert refused(book, pack).code == "file_truncated"


def test_large_file(book: Path, pack: Pack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(raw, "MAX_FILE_BYTES", 100)
    assert refused(book, pack).code == "file_too_large"


def test_document_type(book: Path, pack: Pack) -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa">]>'
    rezip(book, lambda n, d: d.replace(b"?>", b"?>" + bomb, 1) if n.endswith("sheet1.xml") else d)
    assert refused(book, pack).code == "file_entities"


def test_two_cells_far_apart_do_not_end_the_process(tmp_path: Path, pack: Pack) -> None:
    from xlsxwriter import Workbook

    path = tmp_path / "a.xlsx"
    with Workbook(str(path)) as made:
        sheet = made.add_worksheet("评价对象")
        sheet.write(0, 0, "x")
        sheet.write(1048575, 16383, "y")
    problem = refused(path, pack)
    assert (problem.code, problem.place.sheet) == ("sheet_too_wide", "评价对象")


def test_cell_of_ten_megabytes(tmp_path: Path, pack: Pack) -> None:
    head = ["对象编号", "全年预算数", "备注"]
    path = tmp_path / "a.xlsx"
    write_xlsx(path, {"评价对象": subjects(), "项目资金": [head, ["P1", 1, "@@@"]]})
    text = "".join(random.Random(1).choices("甲乙丙丁戊己庚辛", k=10 * 1024 * 1024 // 3))
    rezip(path, lambda n, d: d.replace(b"@@@", text.encode()))
    problem = refused(path, pack)
    assert (problem.code, problem.place.sheet, problem.place.row) == ("cell_too_long", "项目资金", 2)
    assert "C2" in problem.message


def test_broken_xml(book: Path, pack: Pack) -> None:
    rezip(book, lambda n, d: d[: len(d) // 2] if n.endswith("sheet2.xml") else d)
    assert refused(book, pack).code == "file_damaged"


def test_prefixed_xml_hides_nothing(tmp_path: Path, pack: Pack) -> None:
    """Some programs write <x:c> for <c>: percent formats and error cells are seen all the same."""
    import re

    sheets = {"评价对象": subjects(), "项目资金": [["对象编号", "全年预算数", "执行率"], ["P1", 1, 1.0259]]}
    path = write_xlsx(tmp_path / "a.xlsx", sheets, percent=[("项目资金", 1, 2)])
    names = re.compile(rb"<(/?)(worksheet|sheetData|row|c|v|dimension)\b")

    def prefixed(name: str, data: bytes) -> bytes:
        if not name.startswith("xl/worksheets/sheet"):
            return data
        return names.sub(rb"<\1x:\2", data).replace(b"xmlns=", b"xmlns:x=", 1)

    funds = read_evidence(rezip(path, prefixed), pack.tables).tables["funds"]
    assert funds.value(0, "rate") == Decimal("102.59")


def test_unclosed_tags_do_not_take_hours(book: Path, pack: Pack) -> None:
    tags = b"<row" + b'<c t="e" ' * 200_000
    rezip(book, lambda n, d: d.replace(b"<sheetData>", b"<sheetData>" + tags) if n.endswith("sheet2.xml") else d)
    assert refused(book, pack).code in ("file_damaged", "zip_ratio")


def test_broken_list_of_sheets(book: Path, pack: Pack) -> None:
    rezip(book, lambda n, d: b"<x" if n == "xl/workbook.xml" else d)
    assert refused(book, pack).code == "file_damaged"


def test_broken_styles_are_no_matter(book: Path, pack: Pack) -> None:
    rezip(book, lambda n, d: d.replace(b"cellXfs", b"cellXgs") if n == "xl/styles.xml" else d)
    assert len(read_evidence(book, pack.tables).subjects) == 1


def test_no_broken_file_gives_a_traceback(book: Path, pack: Pack) -> None:
    whole = book.read_bytes()
    chance = random.Random(7)
    for length in [*range(0, len(whole), max(1, len(whole) // 60)), len(whole) - 1]:
        book.write_bytes(whole[:length])
        with pytest.raises(FileError):
            read_evidence(book, pack.tables)
    for _ in range(150):
        data = bytearray(whole)
        for _ in range(chance.randint(1, 8)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        book.write_bytes(data)
        try:
            read_evidence(book, pack.tables)
        except WorkbenchError as error:
            assert error.problems


def test_no_broken_sheet_gives_a_traceback(book: Path, pack: Pack) -> None:
    whole = book.read_bytes()
    chance = random.Random(11)
    for _ in range(60):
        book.write_bytes(whole)
        rezip(book, lambda n, d: _scrambled(d, chance) if n.startswith("xl/") else d)
        try:
            read_evidence(book, pack.tables)
        except WorkbenchError as error:
            assert error.problems


def _scrambled(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.randint(0, 4)):
        changed[chance.randrange(len(changed))] = chance.choice(b'<>"/& 0aZ')
    return bytes(changed)


# --- CSV -------------------------------------------------------------------------------------------------------------


def folder(tmp_path: Path, encoding: str = "utf-8", **files: str) -> Path:
    made = tmp_path / "数据"
    made.mkdir(exist_ok=True)
    for name, text in files.items():
        (made / f"{name}.csv").write_bytes(text.encode(encoding))
    return made


CSV = {
    "评价对象": "对象编号*,对象名称*\nP1,“甲”项目\n",
    "funds": '对象编号,全年预算数(万元)*,执行率,开工日期,备注\nP1,"1,234.5",93%,2022/3/1,"多\n行"\n',
}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
def test_csv_in_every_encoding(tmp_path: Path, pack: Pack, encoding: str) -> None:
    evidence = read_evidence(folder(tmp_path, encoding, **CSV), pack.tables)
    funds = evidence.tables["funds"]
    assert evidence.subjects.value(0, "name") == "“甲”项目"
    assert funds.value(0, "budget") == Decimal("1234.5")
    assert funds.value(0, "rate") == 93
    assert funds.value(0, "started") == date(2022, 3, 1)
    assert funds.value(0, "remark") == "多\n行"
    assert funds.cell(0, "budget") == "funds.csv [funds] B2"
    assert [f.path for f in evidence.files] == ["数据/评价对象.csv", "数据/funds.csv"]


@pytest.mark.parametrize("separator", ["\t", ";"])
def test_csv_separators(tmp_path: Path, pack: Pack, separator: str) -> None:
    texts = {"评价对象": "对象编号,对象名称\nP1,甲\n", "项目资金": "对象编号,全年预算数\nP1,5\n"}
    made = folder(tmp_path, **{n: t.replace(",", separator) for n, t in texts.items()})
    assert read_evidence(made, pack.tables).tables["funds"].value(0, "budget") == 5


def test_csv_numbers_with_units_and_many_digits(tmp_path: Path, pack: Pack) -> None:
    made = folder(tmp_path, 评价对象=CSV["评价对象"], 项目资金="全年预算数(元)\n123456789012.34\n")
    assert read_evidence(made, pack.tables).tables["funds"].value(0, "budget") == Decimal("12345678.901234")


def test_csv_problem_names_its_file(tmp_path: Path, pack: Pack) -> None:
    made = folder(tmp_path, 评价对象=CSV["评价对象"], 项目资金="全年预算数\nx\n")
    with pytest.raises(EvidenceError) as caught:
        read_evidence(made, pack.tables)
    (problem,) = caught.value.problems
    assert problem.place.file == "数据/项目资金.csv" and problem.place.row == 2


def test_csv_missing_table(tmp_path: Path, pack: Pack) -> None:
    with pytest.raises(EvidenceError) as caught:
        read_evidence(folder(tmp_path, 评价对象=CSV["评价对象"]), pack.tables)
    assert [p.code for p in caught.value.problems] == ["missing_sheet"]
    assert "文件" in caught.value.problems[0].message


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"\xff\xff\xff\x80", "csv_encoding"),
        (b"a\0b", "csv_binary"),
        (b'"' + b"x" * 200_000, "csv_broken"),
        (codecs.BOM_UTF16_LE + b"a", "csv_encoding"),
    ],
)
def test_csv_that_is_none(tmp_path: Path, pack: Pack, data: bytes, code: str) -> None:
    made = folder(tmp_path)
    (made / "评价对象.csv").write_bytes(data)
    assert refused(made, pack).code == code


def test_csv_with_a_long_cell(tmp_path: Path, pack: Pack) -> None:
    made = folder(tmp_path, 评价对象=f"对象编号,对象名称\nP1,{'甲' * 40000}\n", 项目资金=CSV["funds"])
    assert refused(made, pack).code == "cell_too_long"


def test_empty_folder(tmp_path: Path, pack: Pack) -> None:
    assert refused(folder(tmp_path), pack).code == "folder_empty"


def test_hidden_files_are_passed_over(tmp_path: Path, pack: Pack) -> None:
    made = folder(tmp_path, **CSV)
    (made / "~$评价对象.csv").write_bytes(b"\0")
    (made / "readme.txt").write_text("x")
    assert len(read_evidence(made, pack.tables).subjects) == 1


# --- Parquet ---------------------------------------------------------------------------------------------------------


def parquet(path: Path, select: str) -> None:
    import duckdb

    path.parent.mkdir(exist_ok=True)
    with duckdb.connect() as database:
        database.execute(f"COPY ({select}) TO '{path}' (FORMAT parquet)")


def test_parquet(tmp_path: Path, pack: Pack) -> None:
    made = folder(tmp_path, 评价对象=CSV["评价对象"])
    parquet(
        made / "funds.parquet",
        "SELECT 'P1' AS subject, 1234.567891::DECIMAL(18,6) AS \"全年预算数(万元)\", 0.1::DOUBLE AS executed, "
        "DATE '2022-03-01' AS started, true AS done, 7::BIGINT AS people, TIMESTAMP '2022-01-01 08:00:00' AS remark, "
        "NULL::INTEGER AS score, [1, 2] AS extra",
    )
    evidence = read_evidence(made, pack.tables)
    funds = evidence.tables["funds"]
    assert funds.value(0, "budget") == Decimal("1234.567891")
    assert funds.value(0, "executed") == Decimal("0.1")
    assert funds.value(0, "started") == date(2022, 3, 1)
    assert funds.value(0, "done") is True
    assert funds.value(0, "people") == 7
    assert funds.value(0, "score") is None
    assert funds.value(0, "remark") == "2022-01-01"
    assert [n.code for n in evidence.notes] == ["unknown_column"]
    assert evidence.files[1].path == "数据/funds.parquet"


def test_parquet_nan(tmp_path: Path, pack: Pack) -> None:
    made = folder(tmp_path, 评价对象=CSV["评价对象"])
    parquet(made / "funds.parquet", "SELECT 'P1' AS subject, 'inf'::DOUBLE AS budget, 'nan'::DOUBLE AS executed")
    with pytest.raises(EvidenceError) as caught:
        read_evidence(made, pack.tables)
    assert [p.code for p in caught.value.problems] == ["not_finite", "not_finite"]


def test_parquet_broken(tmp_path: Path, pack: Pack) -> None:
    made = folder(tmp_path, 评价对象=CSV["评价对象"])
    parquet(made / "funds.parquet", "SELECT 1 AS a")
    whole = (made / "funds.parquet").read_bytes()
    (made / "funds.parquet").write_bytes(whole[: len(whole) // 2])
    assert refused(made, pack).code == "parquet_broken"


def test_the_same_table_twice(tmp_path: Path, pack: Pack) -> None:
    made = folder(tmp_path, **CSV)
    parquet(made / "funds.parquet", "SELECT 1 AS a")
    assert refused(made, pack).code == "duplicate_source"


def test_large_parquet(tmp_path: Path, pack: Pack, monkeypatch: pytest.MonkeyPatch) -> None:
    from workbench.evidence import parquet as module

    made = folder(tmp_path, 评价对象=CSV["评价对象"])
    parquet(made / "funds.parquet", "SELECT 1 AS a")
    monkeypatch.setattr(module, "MAX_CELLS", 0)
    assert refused(made, pack).code == "sheet_too_wide"


# --- one large sheet, and LibreOffice --------------------------------------------------------------------------------


def test_wide_sheets_and_other_spellings_of_xml(tmp_path: Path) -> None:
    """More than 26 columns, quotes and prefixes as other programs write them."""
    fields = [field(f"f{i}", f"列{i}", "number") for i in range(60)]
    spec = table("t", "表", fields)
    path = write_xlsx(tmp_path / "a.xlsx", {"评价对象": subjects(), "表": [[f.title for f in fields], list(range(60))]})
    evidence = read_evidence(path, [spec])
    assert evidence.tables["t"].value(0, "f59") == 59
    assert evidence.tables["t"].cell(0, "f59") == "a.xlsx [表] BH2"


def test_date_1904(tmp_path: Path, pack: Pack) -> None:
    from xlsxwriter import Workbook

    path = tmp_path / "a.xlsx"
    with Workbook(str(path), {"date_1904": True}) as book:
        for title, rows in {"评价对象": subjects(), "项目资金": [[*FUNDS_HEAD, "开工日期"], ["P1", 1]]}.items():
            sheet = book.add_worksheet(title)
            for r, row in enumerate(rows):
                sheet.write_row(r, 0, row)
        sheet.write_datetime(1, 2, date(2022, 3, 1), book.add_format({"num_format": "yyyy-mm-dd"}))
    assert read_evidence(path, pack.tables).tables["funds"].value(0, "started") == date(2022, 3, 1)


SOFFICE = shutil.which("soffice") or shutil.which("localc") or shutil.which("libreoffice")


@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice (soffice) is not installed on this machine")
def test_libreoffice_keeps_what_the_template_says(tmp_path: Path, pack: Pack) -> None:
    from test_template import ROWS, read_back

    from workbench.evidence.template import write_workbook

    path, out = tmp_path / "基础数据.xlsx", tmp_path / "out"
    write_workbook(path, pack, ROWS, caps=[("audit", "审计发现问题")])
    profile = f"-env:UserInstallation=file://{tmp_path / 'profile'}"
    command = [str(SOFFICE), profile, "--headless", "--convert-to", "xlsx", "--outdir", str(out), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    assert read_back(out / "基础数据.xlsx", pack) == read_back(path, pack)
