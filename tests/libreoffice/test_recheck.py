"""What a re-check writes, in LibreOffice: a copy has its comments and still its chart, a letter is drawn whole."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment

from workbench.recheck.model import Form, FormKind, Spot, Written
from workbench.recheck.outcome import Finding, Rechecked, Severity
from workbench.recheck.writing.annotated import annotate, copies
from workbench.recheck.writing.letters import letter
from workbench.recheck.writing.told import Batch, RuleNote, told

RULES = {"points_sum": RuleNote("得分合计不符", "财预〔2020〕10号 附1")}
UNIT = "某县水利局"


def batch() -> Batch:
    """A form with findings on a cell that has a comment, on one that has none, and on none."""
    spots = (Spot("自评表", 2, 1, "B3"), Spot("自评表", 9, 3, "D10"), None)
    found = tuple(
        Finding("机井.xlsx", 1, "points_sum", Severity.P0, s, "得分", "", "100", "97.93", "各项得分合计97.93", "请核对")
        for s in spots
    )
    title, unit = (Written(text, Spot("自评表", 0, 0, "A1")) for text in ("项目支出绩效自评表", UNIT))
    form = Form("机井.xlsx", 1, FormKind.PROJECT, "", title, unit=unit)
    return told([Rechecked(form, "10号", (), None, None, None, found)], (), RULES)


def original(path: Path) -> Path:
    """A sheet with numbers, a chart of them and a comment."""
    book = Workbook()
    sheet: Any = book.active
    sheet.title = "自评表"
    sheet["B2"], sheet["B3"] = 40, 60
    sheet["B3"].comment = Comment("填报人:已核", "张三")
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=2, min_row=2, max_row=3))
    sheet.add_chart(chart, "F2")
    book.save(path)
    return path


def test_a_copy_opens_with_comments_and_chart(convert: Callable[[list[Path], str], Path], tmp_path: Path) -> None:
    (copy,) = copies(batch(), {"机井.xlsx": original(tmp_path / "机井.xlsx")})
    path = tmp_path / "copy.xlsx"
    path.write_bytes(annotate(copy)[1])
    text = (convert([path], "fods") / "copy.fods").read_text(encoding="utf-8")
    notes = [
        re.sub(r"<[^>]+>|\s", "", note) for note in re.findall(r"<office:annotation.*?</office:annotation>", text, re.S)
    ]
    assert len(notes) == 2 and all("[P0]得分合计不符" in note for note in notes)
    assert sum("填报人:已核" in note for note in notes) == 1
    assert 'draw:name="Chart 1"' in text or "chart:chart" in text
    assert text.count('table:name="复核意见"') == 1


def test_a_letter_is_drawn_whole(
    convert: Callable[[list[Path], str], Path],
    keep: Callable[[Path, str], Path],
    undrawn: Callable[[Path], set[str]],
    tmp_path: Path,
) -> None:
    path = tmp_path / "letter.docx"
    path.write_bytes(letter(batch(), UNIT, batch().forms))
    pdf = convert([path], "pdf") / "letter.pdf"
    assert list(keep(pdf, "recheck-letter").glob("page*.png"))
    text = subprocess.run(
        ["pdftotext", "-layout", pdf, "-"], stdout=subprocess.PIPE, check=True, encoding="utf-8"
    ).stdout
    flat = re.sub(r"\s", "", text)
    for said in ("绩效自评表复核意见函", f"{UNIT}：", "第十九条", "第二十条", "自评表B3", "你单位反馈", "第1页共"):
        assert said in flat
    assert not undrawn(pdf)
