"""Copies of forms as offices make them: conversations, charts, pictures, Strict OOXML, parts with strange names; what nobody touched stays."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import batches
import pytest
from docx import Document
from lxml import etree
from openpyxl import Workbook, load_workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.drawing.image import Image

from workbench.recheck.files import open_grids
from workbench.recheck.model import Spot
from workbench.recheck.outcome import Severity
from workbench.recheck.writing.annotated import annotate, copies
from workbench.recheck.writing.annotated.document import KEPT
from workbench.recheck.writing.annotated.listing import SHEET
from workbench.recheck.writing.told import AUTHOR, told

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8ffff3f0005fe02fe"
    "0def46b80000000049454e44ae426082"
)
TALKS = "http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"
H21, B2 = Spot("绩效自评表", 20, 7, "H21"), Spot("绩效自评表", 1, 1, "B2")


def copied(path: Path, *spots: Spot | None, name: str | None = None) -> bytes:
    """The annotated copy of a file, with a finding on each of the spots."""
    form = replace(batches.shared(), file=path.name)
    severities = [Severity.P0, Severity.P1, Severity.P2]
    found = [batches.found(form, "points_sum", severities[i % 3], spot) for i, spot in enumerate(spots)]
    batch = told([batches.rechecked(form, found)], (), batches.RULES)
    (copy,) = copies(batch, {form.file: path})
    made, data = annotate(copy)
    assert made == (name or f"批注/0001-{path.name}")
    return data


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        assert package.testzip() is None
        return {name: package.read(name) for name in package.namelist()}


def rebuilt(path: Path, change: Mapping[str, bytes], without: tuple[str, ...] = ()) -> None:
    """The package with parts changed or added."""
    all_ = {name: data for name, data in parts(path.read_bytes()).items() if name not in without} | dict(change)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in all_.items():
            package.writestr(name, data)


@pytest.fixture
def full(tmp_path: Path) -> Path:
    """Two sheets; the first with a chart, a picture, a merged range and somebody's comment."""
    book = Workbook()
    sheet: Any = book.active
    sheet.title = "绩效自评表"
    sheet["H21"], sheet["H22"] = 48, "=SUM(H21:H21)"
    sheet.merge_cells("A2:C3")
    sheet["H21"].comment = Comment("填报人:已核", "张三")
    sheet["D9"].comment = Comment("另一条", "李四")
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=8, min_row=21, max_row=22))
    sheet.add_chart(chart, "K2")
    sheet.add_image(Image(io.BytesIO(PIXEL)), "K20")
    book.create_sheet("附表")["A1"] = "说明"
    path = tmp_path / "全.xlsx"
    book.save(path)
    return path


def test_every_part_nobody_touched_is_as_it_was(full: Path) -> None:
    before, after = parts(full.read_bytes()), parts(copied(full, H21, B2, Spot("附表", 0, 0, "A1")))
    changed = {name for name, data in before.items() if after[name] != data}
    assert {"xl/charts/chart1.xml", "xl/media/image1.png", "xl/drawings/drawing1.xml", "docProps/core.xml"} <= set(
        before
    )
    assert not any(
        name.startswith(("xl/charts", "xl/media", "xl/drawings/drawing", "xl/theme", "docProps")) for name in changed
    )
    assert "xl/sharedStrings.xml" not in changed
    assert "xl/worksheets/sheet.xml" in after and "xl/worksheets/sheet.xml" not in before


def test_a_comment_is_added_to_that_of_somebody_else_and_the_others_stay(full: Path) -> None:
    data = copied(full, H21, B2, Spot("附表", 0, 0, "A1"))
    made = load_workbook(io.BytesIO(data))
    sheet = made["绩效自评表"]
    assert sheet["H21"].comment.text.startswith("填报人:已核\n\n[P0]") and sheet["H21"].comment.author == "张三"
    assert (sheet["D9"].comment.text, sheet["D9"].comment.author) == ("另一条", "李四")
    assert sheet["A2"].comment.author == AUTHOR, "on the cell that shows a merged range"
    assert made["附表"]["A1"].comment.text.startswith("[P2]")
    assert made.sheetnames == ["绩效自评表", "附表", SHEET]
    drawing = next(d for n, d in parts(data).items() if n.endswith(".vml") and b":Row>8</" in d)
    assert len(re.findall(rb":Row>20</", drawing)) == 1, "one box for each comment, large enough for all of it"


def test_looks_and_values_of_cells_stay_but_for_the_fill(full: Path) -> None:
    old, new = load_workbook(full)["绩效自评表"], load_workbook(io.BytesIO(copied(full, H21)))["绩效自评表"]
    for row in old.iter_rows():
        for cell in row:
            now = new[cell.coordinate]
            assert (now.value, now.number_format) == (cell.value, cell.number_format)
            assert (repr(now.font), repr(now.border)) == (repr(cell.font), repr(cell.border))
            assert repr(now.fill) == repr(cell.fill) or cell.coordinate == "H21"
    assert new["H21"].fill.fgColor.rgb == "FFF4B6A6"


def test_the_copy_is_read_as_the_original_is(full: Path, tmp_path: Path) -> None:
    copy = tmp_path / "副本.xlsx"
    copy.write_bytes(copied(full, H21, B2))
    before, after = open_grids(full, "a"), open_grids(copy, "a")
    assert [grid.title for grid in after] == [*(grid.title for grid in before), SHEET]


def test_a_remark_on_a_conversation_is_an_answer_in_it(full: Path) -> None:
    talk = f'<ThreadedComments xmlns="{TALKS}"><threadedComment ref="H21" id="{{A}}" personId="{{P}}"><text>为什么?</text></threadedComment></ThreadedComments>'
    rels = parts(full.read_bytes())["xl/worksheets/_rels/sheet1.xml.rels"].decode()
    kind = "http://schemas.microsoft.com/office/2017/10/relationships/threadedComment"
    link = f'<Relationship Id="rId99" Type="{kind}" Target="../threadedComments/threadedComment1.xml"/>'
    types = parts(full.read_bytes())["[Content_Types].xml"].decode()
    kind = '<Override PartName="/xl/threadedComments/threadedComment1.xml" ContentType="application/vnd.ms-excel.threadedcomments+xml"/>'
    rebuilt(
        full,
        {
            "xl/threadedComments/threadedComment1.xml": talk.encode(),
            "xl/worksheets/_rels/sheet1.xml.rels": rels.replace("</Relationships>", f"{link}</Relationships>").encode(),
            "[Content_Types].xml": types.replace("</Types>", f"{kind}</Types>").encode(),
        },
    )
    made = parts(copied(full, H21, B2))
    first, answer = etree.fromstring(made["xl/threadedComments/threadedComment1.xml"])
    assert (answer.get("ref"), answer.get("parentId")) == ("H21", first.get("id"))
    (person,) = etree.fromstring(made["xl/persons/person.xml"])
    assert (person.get("displayName"), person.get("id")) == (AUTHOR, answer.get("personId"))
    assert b"/xl/persons/person.xml" in made["xl/_rels/workbook.xml.rels"]


def test_parts_lie_where_the_package_says_and_cells_need_no_names(tmp_path: Path) -> None:
    book = Workbook()
    book.active.title = "绩效自评表"  # type: ignore[union-attr]
    path = tmp_path / "别处.xlsx"
    book.save(path)
    old = parts(path.read_bytes())
    sheet = (
        b'<?xml version="1.0"?><x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:sheetData>'
        b'<x:row spans="1:1"><x:c t="inlineStr"><x:is><x:t>a</x:t></x:is></x:c></x:row>'
        b'<x:row r="4"><x:c r="D4"><x:v>1</x:v></x:c></x:row></x:sheetData><x:pageMargins left="1" right="1" top="1" bottom="1" '
        b'header="0" footer="0"/><x:extLst/></x:worksheet>'
    )
    rels = old["xl/_rels/workbook.xml.rels"].replace(b"worksheets/sheet1.xml", b"Seiten/Blatt.xml")
    types = old["[Content_Types].xml"].replace(b"worksheets/sheet1.xml", b"Seiten/Blatt.xml")
    new = {"xl/Seiten/Blatt.xml": sheet, "xl/_rels/workbook.xml.rels": rels, "[Content_Types].xml": types}
    rebuilt(path, new, ("xl/worksheets/sheet1.xml",))
    spots = (Spot("绩效自评表", 0, 1, "B1"), Spot("绩效自评表", 3, 1, "B4"), Spot("绩效自评表", 2, 0, "A3"))
    data = copied(path, *spots, Spot("没有的表", 0, 0, "A1"))
    root = etree.fromstring(parts(data)["xl/Seiten/Blatt.xml"])
    assert [c.get("r") for c in root.iter("{*}c")] == [None, "B1", "A3", "B4", "D4"]
    assert [etree.QName(e).localname for e in root] == ["sheetData", "pageMargins", "legacyDrawing", "extLst"]
    assert {
        c.coordinate for row in load_workbook(io.BytesIO(data))["绩效自评表"].iter_rows() for c in row if c.comment
    } == {
        "B1",
        "A3",
        "B4",
    }


def test_strict_ooxml_is_answered_in_its_own_names(full: Path) -> None:
    spaces = {
        b"http://schemas.openxmlformats.org/spreadsheetml/2006/main": b"http://purl.oclc.org/ooxml/spreadsheetml/main",
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships": b"http://purl.oclc.org/ooxml/officeDocument/relationships",
    }
    strict = {}
    for name, data in parts(full.read_bytes()).items():
        for one, other in spaces.items():
            data = data.replace(one, other)
        strict[name] = data
    rebuilt(full, strict)
    made = parts(copied(full, B2, Spot("附表", 0, 0, "A1")))
    ours = [data for name, data in made.items() if name not in strict or data != strict[name]]
    assert ours and not any(one in data for data in ours for one in spaces)


def test_a_workbook_without_styles_gets_some(full: Path) -> None:
    old = parts(full.read_bytes())
    sheets = {n: re.sub(rb' s="\d+"', b"", data) for n, data in old.items() if n.startswith("xl/worksheets/sheet")}
    rels = re.sub(rb"<Relationship [^>]*styles\.xml[^>]*/>", b"", old["xl/_rels/workbook.xml.rels"])
    types = re.sub(rb"<Override [^>]*styles\.xml[^>]*/>", b"", old["[Content_Types].xml"])
    changed = {"xl/_rels/workbook.xml.rels": rels, "[Content_Types].xml": types, **sheets}
    rebuilt(full, changed, ("xl/styles.xml",))
    assert load_workbook(io.BytesIO(copied(full, H21)))["绩效自评表"]["H21"].fill.fgColor.rgb == "FFF4B6A6"


@pytest.mark.parametrize(
    ("part", "data"),
    [
        ("xl/drawings/commentsDrawing1.vml", b"\xff\xfe<\0x\0"),
        ("xl/comments/comment1.xml", b"<comments/>"),
        ("xl/styles.xml", b"<styleSheet"),
        ("xl/worksheets/sheet1.xml", b"<worksheet/>"),
    ],
)
def test_what_does_not_hold_together_gets_a_list(full: Path, part: str, data: bytes) -> None:
    assert part in parts(full.read_bytes())
    rebuilt(full, {part: data})
    assert parts(copied(full, H21, name="批注/0001-全-问题清单.xlsx"))


def test_a_text_that_looks_like_an_escape_stays_what_it_is(full: Path) -> None:
    form = replace(batches.shared(), file=full.name)
    batch = told([batches.rechecked(form, [batches.found(form, spot=H21, message="代码_x0041_")])], (), batches.RULES)
    (copy,) = copies(batch, {form.file: full})
    made = parts(annotate(copy)[1])
    assert "代码_x005F_x0041_".encode() in made["xl/comments/comment1.xml"]
    assert "代码_x005F_x0041_".encode() in made["xl/worksheets/sheet.xml"]


def test_a_document_keeps_its_parts_and_comments_and_says_what_it_is(tmp_path: Path) -> None:
    document = Document()
    document.add_picture(io.BytesIO(PIXEL))
    table = document.add_table(2, 2)
    run = table.cell(0, 0).paragraphs[0].add_run("48")
    document.add_comment([run], "填报人:已核", "张三", "张")
    path = tmp_path / "机井.docx"
    document.save(str(path))
    before, data = (
        parts(path.read_bytes()),
        copied(path, Spot("表1", 0, 0, "第1行第1列"), Spot("表1", 1, 1, "第2行第2列")),
    )
    after = parts(data)
    assert {name for name, one in before.items() if after[name] != one} == {"word/document.xml", "word/comments.xml"}
    made = Document(io.BytesIO(data))
    own, *ours = [(comment.author, comment.text) for comment in made.comments]
    assert own == ("张三", "填报人:已核") and [author for author, _ in ours] == [AUTHOR] * 3
    assert ours[-1][1] == KEPT, "a copy says that it is one"
    assert len({comment.comment_id for comment in made.comments}) == 4
    assert [cell.text for row in made.tables[0].rows for cell in row.cells] == ["48", "", "", ""]
