"""Reasons and opinions that try something come out as plain text, in Word, in Excel, and after LibreOffice has read both."""

from __future__ import annotations

import io
import re
import subprocess
import zipfile

import pytest
from lxml import etree
from openpyxl import load_workbook

from workbench.base.safetext import safe
from workbench.reports.papers.ballot import ballot
from workbench.reports.papers.minutes import statements
from workbench.reports.papers.outcome import results
from workbench.reports.papers.workbook import workbook
from workbench.scoring.result import ReviewNote

HOSTILE = {
    "script": "<script>alert('x')</script> & <b>粗</b>",
    "right_to_left": "\u202e倒 عربي עברית\u2069 尾",
    "emoji": "表情😀👩‍👩‍👧 𠮷",
    "formula": "=1+1",
    "link": '=HYPERLINK("http://example.invalid","点")',
    "command": "+cmd|' /C calc'!A0",
    "at": "@SUM(A1)",
    "minus": "-2+3",
    "full_width": "＝1+1",
    "controls": "控制\x00\x01\x1b\ufffe\ud800\x85符",
    "lines": "第一行\r\n第二行\u2028第三行\t列",
    "escape": "_x0041_ %s {0} $1 &P",
    "long": "长" * 9_999 + "尾",
}


@pytest.fixture
def files(wide, review) -> dict[str, bytes]:
    """A review of six subjects in which every hostile text is a reason and an opinion."""
    notes = [
        ReviewNote(event=n, kind="expert_statement", by="李建国", at="2026-11-22T16:30:00.000Z", text=text)
        for n, text in enumerate(HOSTILE.values(), 40)
    ]
    made = review(wide, list(HOSTILE.values()), notes=notes)
    return {"results.docx": results(made), "opinions.docx": statements(made), "review.xlsx": workbook(made)}


def cells(data):
    return [
        c for sheet in load_workbook(io.BytesIO(data)) for row in sheet.iter_rows() for c in row if c.value is not None
    ]


def test_every_reason_is_text_in_word_and_excel(files, texts):
    said, told = texts(files["results.docx"]), texts(files["opinions.docx"])
    written = cells(files["review.xlsx"])
    for text in HOSTILE.values():
        assert safe(text) in said and safe(text) in told
        found = [c for c in written if c.value == safe(text)]
        assert {c.parent.title for c in found} == {"专家意见", "过程"}
        assert {c.data_type for c in found} == {"s"}


def test_no_file_holds_markup_of_theirs(files):
    for data in files.values():
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for name in archive.namelist():
                if name.endswith(".xml"):
                    tags = {etree.QName(e).localname for e in etree.fromstring(archive.read(name)).iter(etree.Element)}
                    assert not tags & {"script", "hyperlink", "f"}, name


def words(paper):
    """Page by page: its size, and every word with its box in points."""
    xml = subprocess.run(["pdftotext", "-bbox", paper, "-"], stdout=subprocess.PIPE, check=True, timeout=60).stdout
    pages = etree.fromstring(xml, etree.XMLParser(recover=True, huge_tree=True)).iterfind(".//{*}page")
    for page in pages:
        yield (
            (float(page.get("width")), float(page.get("height"))),
            [(float(w.get("xMin")), float(w.get("xMax")), w.text or "") for w in page.iterfind("{*}word")],
        )


def test_libreoffice_shows_every_text_and_every_column_on_paper(files, wide, review, convert, tmp_path):
    """One test for all, because LibreOffice is slow; slowest with a sheet of long texts, which is only read again."""
    made = files | {"ballot.docx": ballot(wide, wide.panel.member("e1")), "record.xlsx": workbook(review(wide))}
    for name, data in made.items():
        (tmp_path / name).write_bytes(data)
    papers = convert([tmp_path / name for name in made if name != "review.xlsx"], "pdf")
    for name, least in (("ballot", 8), ("results", 20), ("opinions", 5), ("record", 5)):
        pages = list(words(papers / f"{name}.pdf"))
        assert len(pages) >= least, name
        check_pages(name, pages)
    check_texts("".join(t for _, found in words(papers / "opinions.pdf") for *_, t in found))
    again = cells((convert([tmp_path / "review.xlsx"], "xlsx") / "review.xlsx").read_bytes())
    assert {safe(t) for t in HOSTILE.values()} <= {c.value for c in again}
    assert "f" not in {c.data_type for c in again}


def check_pages(name, pages):
    for number, ((width, height), found) in enumerate(pages, 1):
        assert {round(width), round(height)} == {595, 842}, name
        assert all(left >= 0 and right <= width for left, right, _ in found), (name, number)
        said = "".join(text for *_, text in found)
        assert f"第{number}页共{len(pages)}页" in said, (name, number)
        if name == "ballot" and "代录栏" not in said:
            assert all(title in said for title in ("编码", "佐证状态", "评定得分", "引用佐证")), number


def check_texts(said):
    for text in ("script", "formula", "link", "at", "controls", "escape"):
        assert re.sub(r"\s", "", safe(HOSTILE[text])).replace("'", "’") in said.replace("'", "’"), text
    assert said.count("长") >= 9_999
