"""Report, page and score table of one run: whatever stands in its evidence is only text in them."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from docx import Document
from docx.oxml.ns import qn
from openpyxl import load_workbook

from workbench.reports.document.bundle import in_word as report_word
from workbench.reports.document.bundle import report_files
from workbench.reports.document.content import content
from workbench.reports.document.texts import Texts
from workbench.runs.opening import open_computed
from workbench.runs.reporting import report_source
from workbench.runs.store import StoredRun, run_folder

FORMULA = "=cmd|' /C calc'!A0"
MARKUP = "<script>document.title='run'</script>&lt;b&gt;{{ 总分 }}{% raw %}</table>"
CONTROL = "起\x07\x1b[31m止"
SEEN_CONTROL = "起[U+0007][U+001B][31m止"
LONG = "逐项核对" * 1250
"""5,000 characters."""


def test_what_stands_in_the_evidence_is_text_everywhere(workspace: Callable[..., Path]):
    made = hostile(workspace({"产出指标": 4, "效益指标": 1, "满意度指标": 1}))
    in_word(made[".docx"])
    on_the_page(made[".html"])
    in_the_workbook(made[".xlsx"])


def hostile(root: Path) -> dict[str, bytes]:
    """Report, page and score table of a run whose evidence holds all of it, in names of indicators and of papers."""
    book = load_workbook(root / "params" / "基础数据.xlsx")
    for sheet, cell, text in (
        ("绩效指标", "C2", FORMULA),
        ("绩效指标", "C3", MARKUP),
        ("绩效指标", "C4", LONG),
        ("佐证清单", "C2", LONG),
        ("佐证清单", "C3", CONTROL.replace("\x07", "_x0007_").replace("\x1b", "_x001B_")),
    ):
        book[sheet][cell].value = text
        book[sheet][cell].data_type = "s"
    book.save(root / "params" / "基础数据.xlsx")
    evaluation = open_computed("params/plan.yaml", workspace=root)
    evaluation.save()
    source = report_source(StoredRun(run_folder(evaluation)))
    made = content(source, Texts())
    files = dict(report_files(source, made, report_word(made)))
    return {Path(name).suffix: data for name, data in files.items() if name.startswith(("评价报告", "评分表"))}


def in_word(data: bytes) -> None:
    document = Document(io.BytesIO(data))
    text = "\n".join("".join(t.text or "" for t in p.iter(qn("w:t"))) for p in document.element.body.iter(qn("w:p")))
    assert all(said in text for said in (FORMULA, MARKUP, LONG))
    fields = [field.get(qn("w:instr")).split()[0] for field in document.element.body.iter(qn("w:fldSimple"))]
    assert set(fields) <= {"SEQ", "PAGE", "PAGEREF"} and not list(document.element.body.iter(qn("w:instrText")))


class Tags(HTMLParser):
    """Names of tags, attributes that run something, and the text outside scripts and styles."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.handlers: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.handlers += [name for name, _ in attrs if name.startswith("on")]

    def handle_data(self, data: str) -> None:
        self.text += data if self.cdata_elem is None else ""


def on_the_page(data: bytes) -> None:
    page = Tags()
    page.feed(data.decode("utf-8"))
    assert page.tags.count("script") == 1 and page.handlers == []
    for text in (FORMULA, MARKUP, LONG, SEEN_CONTROL):
        assert text in page.text
    assert not re.search(r"[\x00-\x08\x0b-\x1f]", page.text)


def in_the_workbook(data: bytes) -> None:
    book = load_workbook(io.BytesIO(data))
    cells: list[Any] = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    texts = {str(cell.value) for cell in cells if cell.data_type == "s"}
    for text in (FORMULA, MARKUP, LONG, SEEN_CONTROL):
        assert any(text in said for said in texts), text[:40]
    assert not [cell.coordinate for cell in cells if cell.data_type == "f" and "cmd" in str(cell.value)]
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        assert not [name for name in parts.namelist() if "externalLink" in name]
