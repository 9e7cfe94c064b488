"""Files that are refused, each by name; and files that only look like them and are read."""

from __future__ import annotations

import os
import re
import struct
import zipfile
from pathlib import Path

import pytest
from form_files import (
    OLE,
    compound,
    document,
    linked,
    p,
    r,
    refusal,
    rezip,
    small_document,
    small_workbook,
    tbl,
    tc,
    texts,
    tr,
    workbook,
    zip_bytes,
)
from xlsxwriter import Workbook as Writer

from workbench.base.office import word
from workbench.recheck.files import cells, open_file

REMOTE = ["https://evil.example/t.dotm", r"\\10.0.0.1\s\t.dotm", "file://server/t.dotm", "file:////server/share/t.dotm"]
LOCAL = [r"C:\Users\a\Normal.dotm", "file:///C:\\Users\\a\\Normal.dotm", "Normal.dotm"]


# What a file is ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "data", "code", "said"),
    [
        ("a.xlsx", b"", "file_empty", "0 字节"),
        (
            "a.xls",
            b"<html xmlns:x='urn:schemas-microsoft-com:office:excel'><table><tr><td>1</td></table>",
            "file_not_office",
            "网页",
        ),
        ("a.xls", b"\xef\xbb\xbf\n <!DOCTYPE html><body>", "file_not_office", "网页"),
        ("a.xls", "<meta charset=gbk><TABLE><tr>".encode("utf-16"), "file_not_office", "网页"),
        (
            "a.xls",
            b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook/>',
            "file_not_office",
            "XML 表格",
        ),
        ("a.doc", b"{\\rtf1\\ansi", "file_not_office", "RTF"),
        ("a.doc", b"MIME-Version: 1.0\r\n", "file_not_office", "MHT"),
        ("a.xlsx", b"name,score\n", "file_not_office", "不认识"),
        ("a.xlsx", bytes(5000), "file_damaged", "空字节"),
        ("a.xlsx", b"PK\x05\x06" + bytes(18), "file_damaged", "损坏"),
        ("a.zip", zip_bytes({"a.txt": b"x"}), "file_truncated", "损坏"),
        ("a.pdf", b"%PDF-1.7\nnothing", "file_truncated", "损坏"),
        ("a.xls", OLE + bytes(100), "file_truncated", "损坏"),
        ("a.xls", OLE + b"\xff" * 5000, "file_truncated", "损坏"),
    ],
)
def test_other_contents(tmp_path: Path, name: str, data: bytes, code: str, said: str) -> None:
    (tmp_path / name).write_bytes(data)
    problem = refusal(tmp_path / name)
    assert problem.code == code and said in problem.message


def test_missing_folder_loop_and_long_path(tmp_path: Path) -> None:
    (tmp_path / "夹").mkdir()
    (tmp_path / "环.xlsx").symlink_to(tmp_path / "环.xlsx")
    (tmp_path / "断.xlsx").symlink_to(tmp_path / "没有.xlsx")
    assert refusal(tmp_path / "没有.xlsx").code == "file_missing"
    assert refusal(tmp_path / "断.xlsx").code == "file_missing"
    assert refusal(tmp_path / "夹").code == "not_a_file"
    assert "互相指向" in refusal(tmp_path / "环.xlsx").message
    assert "太长" in refusal(tmp_path / ("长" * 300 + ".xlsx")).message
    assert refusal(Path("a\0b"), "a").code == "file_unreadable"


def test_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.xlsx")
    assert refusal(tmp_path / "a.xlsx").code == "not_a_file"


@pytest.mark.parametrize("make", [small_workbook, small_document])
def test_cut_off_anywhere(tmp_path: Path, make) -> None:
    data = make(tmp_path / "whole").read_bytes()
    for cut in (4, 30, len(data) // 2, len(data) - 30, len(data) - 1):
        (tmp_path / "a").write_bytes(data[:cut])
        assert refusal(tmp_path / "a").code in ("file_truncated", "file_damaged")


@pytest.mark.parametrize("make", [small_workbook, small_document])
def test_damaged_parts(tmp_path: Path, make) -> None:
    whole = make(tmp_path / "a").read_bytes()
    for at in range(40, len(whole), len(whole) // 60):
        (tmp_path / "b").write_bytes(whole[:at] + bytes([whole[at] ^ 0x55]) + whole[at + 1 :])
        try:
            open_file(tmp_path / "b", "b")
        except Exception as error:
            assert type(error).__name__ == "FileError"


def test_no_form_in_it(tmp_path: Path) -> None:
    assert refusal(workbook(tmp_path / "a.xlsx", lambda s: None)).code == "file_blank"
    assert refusal(document(tmp_path / "a.docx", p("只有文字"))).code == "file_blank"


# Macros, passwords, programs -----------------------------------------------------------------------------------------


def test_macros_by_content(tmp_path: Path) -> None:
    for name, make, part in (("a.xlsx", small_workbook, "xl"), ("a.docx", small_document, "word")):
        problem = refusal(rezip(make(tmp_path / name), lambda n, d: d, {f"{part}/vbaProject.bin": b"x"}))
        assert problem.code == "file_macros" and "另存" in (problem.fix or "")
        renamed = rezip(make(tmp_path / name), _macro_type)
        assert refusal(renamed).code == "file_macros"
        other_name = rezip(make(tmp_path / name), lambda n, d: d, {f"{part}/m.bin": b"x"})
        main = "xl/workbook.xml" if part == "xl" else "word/document.xml"
        assert refusal(linked(other_name, main, "vbaProject", "m.bin", external=False)).code == "file_macros"
    assert (
        refusal(rezip(small_workbook(tmp_path / "b.xlsx"), lambda n, d: d, {"xl/macrosheets/sheet1.xml": b"<x/>"})).code
        == "file_macros"
    )


def _macro_type(name: str, data: bytes) -> bytes:
    data = data.replace(b"openxmlformats-officedocument.spreadsheetml.sheet.main", b"ms-excel.sheet.macroEnabled.main")
    return data.replace(
        b"openxmlformats-officedocument.wordprocessingml.document.main", b"ms-word.document.macroEnabled.main"
    )


def test_binary_workbook(tmp_path: Path) -> None:
    kind = b"application/vnd.ms-excel.sheet.binary.macroEnabled.main"
    old = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    path = rezip(small_workbook(tmp_path / "a.xlsb"), lambda n, d: d.replace(old, kind))
    assert refusal(path).code in ("file_xlsb", "file_macros")


def test_passwords(tmp_path: Path) -> None:
    """Office puts an encrypted xlsx or docx into a compound file with the stream EncryptedPackage."""
    for name in ("a.xlsx", "a.docx"):
        problem = refusal(compound(tmp_path / name, "EncryptedPackage", "EncryptionInfo"))
        assert problem.code == "file_encrypted" and "密码" in problem.message
    word = bytes(10) + struct.pack("<H", 0x100)
    assert refusal(compound(tmp_path / "a.doc", "WordDocument", body=word)).code == "file_encrypted"
    biff = struct.pack("<HHHH12x", 0x809, 16, 0x600, 5) + struct.pack("<HH6x", 0x2F, 6)
    assert refusal(compound(tmp_path / "a.xls", "Workbook", body=biff)).code == "file_encrypted"


def test_old_files_by_name(tmp_path: Path) -> None:
    assert "Word" in refusal(compound(tmp_path / "a.doc", "WordDocument")).message
    assert refusal(compound(tmp_path / "b.doc", "WordDocument", "Macros")).code == "file_macros"
    assert refusal(compound(tmp_path / "a.et", "ETData")).code == "file_old_format"
    assert refusal(compound(tmp_path / "a.xls", "Workbook", "_VBA_PROJECT_CUR")).code == "file_macros"
    assert refusal(compound(tmp_path / "b.xls", "Workbook", "MBD0001")).code == "file_embedded"
    old = struct.pack("<HHHH12x", 0x809, 16, 0x500, 5)
    assert "97" in refusal(compound(tmp_path / "c.xls", "Book", body=old)).message


def test_chain_of_sectors_in_a_circle(tmp_path: Path) -> None:
    path = compound(tmp_path / "a.xls", "Workbook")
    data = bytearray(path.read_bytes())
    data[512 + 4 * 5 : 512 + 4 * 6] = struct.pack("<I", 3)
    path.write_bytes(data)
    assert refusal(path).code == "file_truncated"


def test_external_workbook_of_an_old_file(tmp_path: Path) -> None:
    def record(kind: int, body: bytes) -> bytes:
        return struct.pack("<HH", kind, len(body)) + body

    name = b"\1C:\\a.xls"
    start = record(0x809, struct.pack("<HH12x", 0x600, 5))
    own = record(0x1AE, struct.pack("<HH", 1, 0x0401))
    book = record(0x1AE, struct.pack("<HHB", 1, len(name), 0) + name)
    problem = refusal(compound(tmp_path / "a.xls", "Workbook", body=start + own + book + record(0x0A, b"")))
    assert problem.code == "file_external" and "a.xls" in (problem.found or "")
    macro = record(0x85, struct.pack("<IBBBB", 0, 0, 1, 1, 0) + b"m")
    assert (
        refusal(compound(tmp_path / "b.xls", "Workbook", body=start + macro + record(0x0A, b""))).code == "file_macros"
    )


# Links ---------------------------------------------------------------------------------------------------------------


def test_external_workbook_is_named(tmp_path: Path) -> None:
    path = linked(
        small_workbook(tmp_path / "a.xlsx"), "xl/workbook.xml", "externalLink", "externalLinks/e.xml", external=False
    )
    path = linked(path, "xl/externalLinks/e.xml", "externalLinkPath", "file:///D:/budget.xlsx")
    problem = refusal(path)
    assert (
        problem.code == "file_external"
        and problem.found == "file:///D:/budget.xlsx"
        and "断开链接" in (problem.fix or "")
    )


@pytest.mark.parametrize("kind", ["connections", "queryTable", "oleObject"])
def test_data_from_elsewhere(tmp_path: Path, kind: str) -> None:
    path = linked(small_workbook(tmp_path / "a.xlsx"), "xl/workbook.xml", kind, "x.xml", external=False)
    assert refusal(path).code in ("file_external", "file_embedded")


@pytest.mark.parametrize(
    "kind", ["oleObject", "aFChunk", "subDocument", "mailMergeSource", "frame", "package", "unknownKind"]
)
def test_document_with_data_from_elsewhere(tmp_path: Path, kind: str) -> None:
    assert (
        refusal(linked(small_document(tmp_path / "a.docx"), "word/document.xml", kind, "https://a.example/x")).code
        == "file_external"
    )


@pytest.mark.parametrize("target", REMOTE)
def test_template_on_the_net(tmp_path: Path, target: str) -> None:
    path = linked(small_document(tmp_path / "a.docx"), "word/settings.xml", "attachedTemplate", target)
    assert refusal(path).code == "file_external"


@pytest.mark.parametrize("target", LOCAL)
def test_template_on_somebodys_disk_is_harmless(tmp_path: Path, target: str) -> None:
    assert open_file(
        linked(small_document(tmp_path / "a.docx"), "word/settings.xml", "attachedTemplate", target), "a.docx"
    ).grids


@pytest.mark.parametrize("kind", ["hyperlink", "image"])
def test_links_to_click_on_and_pasted_pictures_are_harmless(tmp_path: Path, kind: str) -> None:
    for path in (small_document(tmp_path / "a.docx"), small_workbook(tmp_path / "a.xlsx")):
        main = "word/document.xml" if path.suffix == ".docx" else "xl/worksheets/sheet1.xml"
        assert open_file(linked(path, main, kind, "http://www.mof.gov.cn/"), path.name).grids


def test_formulas_that_fetch(tmp_path: Path) -> None:
    for formula in ("cmd|'/c calc'!A1", '_xlfn.WEBSERVICE("http://a.example")', 'RTD("x",,"y")'):
        with Writer(str(tmp_path / "a.xlsx")) as book:
            book.add_worksheet("自评表").write_formula("B2", f"={formula}", value=1)
        problem = refusal(tmp_path / "a.xlsx")
        assert problem.code in ("file_dde", "file_external") and "B2" in (problem.found or "")


def _field(*codes: str) -> str:
    pieces = "".join(f"<w:r><w:instrText>{c}</w:instrText></w:r>" for c in codes)
    mark = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'.format
    return f"<w:p>{mark('begin')}{pieces}{mark('separate')}{r('1')}{mark('end')}</w:p>"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (_field(" DDEAUTO c:\\cmd.exe "), "file_dde"),
        (_field(" D", "DE", "AUTO x"), "file_dde"),
        ('<w:p><w:fldSimple w:instr="dde x y"/></w:p>', "file_dde"),
        (
            _field(" ").replace("</w:instrText></w:r>", "</w:instrText></w:r>" + _field("QUOTE 68 68")[5:-6], 1),
            "file_dde",
        ),
        (_field(" INCLUDETEXT c:\\x.docx"), "file_external"),
        (_field(" LINK Excel.Sheet.12 c:\\x.xlsx"), "file_external"),
    ],
)
def test_fields_that_fetch(tmp_path: Path, body: str, code: str) -> None:
    assert refusal(document(tmp_path / "a.docx", tbl(tr(tc(body), "x")))).code == code


@pytest.mark.parametrize(
    "word", ["PAGE", "REF _Toc1", 'INCLUDEPICTURE "http://a.example/x.png"', "DATE", "MERGEFIELD a"]
)
def test_ordinary_fields_are_harmless(tmp_path: Path, word: str) -> None:
    path = document(tmp_path / "a.docx", tbl(tr(tc(_field(f" {word} ")), "x")))
    assert list(texts(open_file(path, "a.docx").grids[0]).values()) == ["1", "x"]


# Bombs ---------------------------------------------------------------------------------------------------------------


def test_zip_bombs(tmp_path: Path) -> None:
    bomb = bytes(20 * 1024**2)
    for make, part in ((small_workbook, "xl/worksheets/sheet1.xml"), (small_document, "word/document.xml")):
        assert refusal(rezip(make(tmp_path / "a"), lambda n, d, part=part: bomb if n == part else d)).code == "zip_bomb"
        assert refusal(rezip(make(tmp_path / "a"), lambda n, d: d, {"media/a.bin": bomb})).code == "zip_bomb"
        assert (
            refusal(rezip(make(tmp_path / "a"), lambda n, d: d, {"media/a.zip": zip_bytes({"b": bomb})})).code
            == "zip_nested"
        )


def test_part_that_unpacks_to_more_than_it_says(tmp_path: Path) -> None:
    path = rezip(
        small_workbook(tmp_path / "a.xlsx"), lambda n, d: d + b" " * 9_000_000 if n.endswith("sheet1.xml") else d
    )
    data = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        size = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    at = [m.start() for m in re.finditer(re.escape(struct.pack("<I", size)), data)]
    for i in at:
        data[i : i + 4] = struct.pack("<I", 1000)
    path.write_bytes(data)
    assert refusal(path).code in ("file_truncated", "zip_too_large", "zip_overlap")


def test_parts_that_share_their_bytes(tmp_path: Path) -> None:
    path = small_workbook(tmp_path / "a.xlsx")
    data = path.read_bytes()
    end = data.rindex(b"PK\x05\x06")
    start = struct.unpack("<I", data[end + 16 : end + 20])[0]
    count = struct.unpack("<H", data[end + 10 : end + 12])[0]
    first = data[start : start + 46 + sum(struct.unpack("<HHH", data[start + 28 : start + 34]))]
    twin = first[:46] + first[46:47].swapcase().replace(first[46:47], b"Z") + first[47:]
    twin = twin[:46] + b"Z" + twin[47:]
    directory = data[start:end] + twin
    tail = struct.pack("<4HIIH", 0, 0, count + 1, count + 1, len(directory), start, 0)
    path.write_bytes(data[:start] + directory + b"PK\x05\x06" + tail)
    assert refusal(path).code == "zip_overlap"


@pytest.mark.parametrize("large", [False, True])
def test_directory_without_end(tmp_path: Path, large: bool) -> None:
    """Also where the true numbers stand in the record for large archives, and the ordinary one understates them."""
    entries = 70_000
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        archive.writestr("[Content_Types].xml", "x")
    data = (tmp_path / "a.xlsx").read_bytes()
    end = data.rindex(b"PK\x05\x06")
    count = 1 if large else 0xFFF0
    head = data[:end]
    if large:
        record = b"PK\x06\x06" + struct.pack("<QHHIIQQQQ", 44, 45, 45, 0, 0, entries, entries, 50, 100)
        head += record + b"PK\x06\x07" + struct.pack("<IQI", 0, end, 1)
    (tmp_path / "a.xlsx").write_bytes(head + b"PK\x05\x06" + struct.pack("<4HIIH", 0, 0, count, count, 50, 100, 0))
    assert refusal(tmp_path / "a.xlsx").code == "zip_too_many"


def test_path_out_of_the_zip_and_same_name(tmp_path: Path) -> None:
    for name in ("../evil.xml", "/etc/x", "C:/x"):
        assert refusal(rezip(small_workbook(tmp_path / "a.xlsx"), lambda n, d: d, {name: b"x"})).code == "zip_path"
    twice = rezip(small_workbook(tmp_path / "a.xlsx"), lambda n, d: d, {"XL/WORKBOOK.xml": b"x"})
    assert refusal(twice).code == "zip_overlap"


BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("make", "part"),
    [
        (small_workbook, "xl/worksheets/sheet1.xml"),
        (small_workbook, "xl/styles.xml"),
        (small_workbook, "docProps/app.xml"),
        (small_workbook, "xl/_rels/workbook.xml.rels"),
        (small_workbook, "[Content_Types].xml"),
        (small_document, "word/document.xml"),
        (small_document, "word/numbering.xml"),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities(tmp_path: Path, make, part: str, encoding: str) -> None:
    def change(name: str, data: bytes) -> bytes:
        if name != part:
            return data
        start = data.index(b"?>") + 2 if data.startswith(b"<?xml") else 0
        return (BOMB + data[start:]).decode().encode(encoding)

    assert refusal(rezip(make(tmp_path / "a"), change)).code == "file_entities"


def test_huge_dimensions(tmp_path: Path) -> None:
    with Writer(str(tmp_path / "a.xlsx")) as book:
        sheet = book.add_worksheet("自评表")
        sheet.write(0, 0, "x")
        sheet.write(1048575, 16383, "y")
    problem = refusal(tmp_path / "a.xlsx")
    assert (problem.code, problem.place.sheet) == ("sheet_too_wide", "自评表")

    def far(name: str, data: bytes) -> bytes:
        data = re.sub(rb"<dimension [^>]*/>", b"", data)
        return data.replace(b'r="E3"', b'r="ZZZ9999999"') if name.endswith("sheet1.xml") else data

    assert refusal(rezip(small_workbook(tmp_path / "b.xlsx"), far)).code == "sheet_too_wide"
    declared = re.compile(rb'<dimension ref="[^"]*"')
    lying = rezip(small_workbook(tmp_path / "c.xlsx"), lambda n, d: declared.sub(b'<dimension ref="A1:XFD1048576"', d))
    assert refusal(lying).code == "sheet_too_wide"


@pytest.mark.parametrize("extent", ["A1:K1048576", "A1:XFD60", "A1:IV65536"])
def test_formatted_rows_and_columns_are_harmless(tmp_path: Path, extent: str) -> None:
    declared = re.compile(rb'<dimension ref="[^"]*"')
    path = rezip(
        small_workbook(tmp_path / "c.xlsx"), lambda n, d: declared.sub(f'<dimension ref="{extent}"'.encode(), d)
    )
    assert open_file(path, "c.xlsx").grids[0].height == 3


def test_merged_ranges_without_end(tmp_path: Path) -> None:
    whole = b'<mergeCell ref="A1:XFD1048576"/>'
    merges = b"<mergeCells>" + whole * 5000 + b"</mergeCells>"
    path = rezip(small_workbook(tmp_path / "a.xlsx"), lambda n, d: d.replace(b"</sheetData>", b"</sheetData>" + merges))
    assert refusal(path).code == "merged_overlap"
    one = b"<mergeCells>" + whole + b"</mergeCells>"
    path = rezip(small_workbook(tmp_path / "a.xlsx"), lambda n, d: d.replace(b"</sheetData>", b"</sheetData>" + one))
    assert open_file(path, "a.xlsx").grids[0].width == 5


def test_xml_without_end(tmp_path: Path) -> None:
    tags = b"<a/>" * 1_600_000 + bytes(b % 64 + 32 for b in os.urandom(200_000)).replace(b"<", b"").replace(b"&", b"")
    path = rezip(small_workbook(tmp_path / "a.xlsx"), lambda n, d: d.replace(b"<sheetData>", tags + b"<sheetData>"))
    assert refusal(path).code == "xml_too_large"
    deep = b"<a>" * 20_000 + b"</a>" * 20_000
    path = rezip(small_workbook(tmp_path / "a.xlsx"), lambda n, d: d.replace(b"<sheetData>", deep + b"<sheetData>"))
    assert open_file(path, "a.xlsx").grids
    wide = document(tmp_path / "a.docx", tbl(tr(tc("x", '<w:gridSpan w:val="99999"/>'))))
    assert refusal(wide).code == "table_too_wide"
    assert refusal(document(tmp_path / "a.docx", tbl(tr("字" * 40_000)))).code == "cell_too_long"


def test_more_cells_than_any_forms(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cells, "MAX_CELLS", 2000)
    monkeypatch.setattr(word, "MAX_CELLS", 2000)
    path = workbook(tmp_path / "a.xlsx", lambda s: [s.append([1] * 10) for _ in range(400)])
    assert refusal(path).code == "sheet_too_large"
    rows = [tr(*["x"] * 10)] * 400
    assert refusal(document(tmp_path / "a.docx", tbl(*rows))).code == "sheet_too_large"
