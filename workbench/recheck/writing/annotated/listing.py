"""A sheet of ours at the end of a copy: every remark, those about no cell too."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from xml.sax.saxutils import escape

from lxml import etree

from workbench.base.safetext import safe
from workbench.recheck.files.cells import cell_name
from workbench.recheck.writing.annotated.comments import spelt
from workbench.recheck.writing.annotated.patching import Patch, child, space
from workbench.recheck.writing.annotated.remarks import COLOURS, Remark
from workbench.recheck.writing.annotated.styles import Styles
from workbench.recheck.writing.look import height

SHEET = "复核意见"
KEPT = (
    "本文件是原件的批注副本,原件没有改动。底色、批注和本表是复核加上的;数值、公式、格式、图表等都是原件的,没有改动。"
    "原件有电子签名的,签名在副本上不再有效。"
)
_HEAD = ("级别", "位置", "问题", "所写", "应为", "说明", "建议", "依据")
_WIDTHS = (6, 18, 22, 24, 24, 48, 30, 24)
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"


def add_list(patch: Patch, styles: Styles, remarks: Sequence[Remark]) -> None:
    """Add the sheet to the workbook. Raises ValueError for a workbook without sheets."""
    sheets = child(patch.main, "sheets")
    if sheets is None:
        raise ValueError("a workbook without sheets")
    data = _sheet(space(patch.main)[1:-1], styles, remarks).encode()
    part = patch.add("xl/worksheets/sheet", ".xml", data, _KIND)
    about = {"name": _free(sheets), "sheetId": str(max((int(e.get("sheetId", 0)) for e in sheets), default=0) + 1)}
    about[f"{{{patch.relations}}}id"] = patch.relate(patch.package.main, "worksheet", part)
    etree.SubElement(sheets, f"{space(sheets)}sheet", about, nsmap={"r": patch.relations})


def _free(sheets: Any) -> str:
    taken = {e.get("name", "").casefold() for e in sheets}
    return next(n for n in (SHEET, *(f"{SHEET}{i}" for i in range(1, len(taken) + 2))) if n not in taken)


def _sheet(own: str, styles: Styles, remarks: Sequence[Remark]) -> str:
    bold, plain = styles.listed(bold=True), styles.listed()
    rows = [_row(0, [KEPT], [plain], 'ht="34" customHeight="1"')]
    rows.append(_row(1, _HEAD, [bold] * len(_HEAD), 'ht="20" customHeight="1"'))
    for number, r in enumerate(remarks, 2):
        texts = (r.severity.value, r.place, r.title, r.found, r.expected, r.message, r.suggestion, r.source)
        looks = [styles.listed(COLOURS[r.severity]), *[plain] * (len(texts) - 1)]
        rows.append(_row(number, texts, looks, f'ht="{height(texts, _WIDTHS):g}" customHeight="1"'))
    widths = "".join(f'<col min="{n}" max="{n}" width="{w}" customWidth="1"/>' for n, w in enumerate(_WIDTHS, 1))
    view = '<pane ySplit="2" topLeftCell="A3" activePane="bottomLeft" state="frozen"/>'
    return (
        f'<worksheet xmlns="{own}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
        f'<sheetViews><sheetView workbookViewId="0">{view}</sheetView></sheetViews><cols>{widths}</cols>'
        f"<sheetData>{''.join(rows)}</sheetData>"
        f'<mergeCells count="1"><mergeCell ref="A1:{cell_name(0, len(_HEAD) - 1)}"/></mergeCells>'
        '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/></worksheet>'
    )


def _row(number: int, texts: Sequence[str], looks: Sequence[int], more: str = "") -> str:
    # Texts in the cells themselves: whatever one begins with, it is no formula, and the table of strings stays as it is.
    cells = (
        f'<c r="{cell_name(number, at)}" s="{look}" t="inlineStr"><is><t xml:space="preserve">'
        f"{escape(spelt(safe(text)))}</t></is></c>"
        for at, (text, look) in enumerate(zip(texts, looks, strict=True))
    )
    return f'<row r="{number + 1}" {more}>{"".join(cells)}</row>'
