"""Write the example forms of params/recheck/ from the facts kept beside them, in the layout of 财预〔2020〕10号 附1.

The facts are what published self-evaluation forms say, errors included, each with its address. The same facts give the same bytes.

    python scripts/make_recheck_forms.py [--out FOLDER]
"""

from __future__ import annotations

import argparse
import io
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from workbench.base.packed import repacked
from workbench.base.yamlio import read_yaml

ROOT = Path(__file__).resolve().parents[1]
FACTS = ROOT / "params" / "recheck" / "facts.yaml"
FORMS = ROOT / "params" / "recheck" / "自评表"
_MONEY = ("年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分")
_MONEY_KEYS = ("initial", "adjusted", "executed", "weight", "rate", "points")
_TITLES = ("一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因分析及改进措施")
_KEYS = ("level1", "level2", "name", "target", "actual", "weight", "points")
_WIDTHS = (12, 14, 30, 18, 18, 12, 10, 12, 12)


def form_bytes(facts: Mapping[str, Any]) -> bytes:
    """One form as a workbook."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    book.set_properties({"created": datetime(2024, 1, 1, tzinfo=UTC)})  # not the clock's
    cell = book.add_format({"border": 1, "text_wrap": True, "valign": "vcenter", "align": "center"})
    sheet = book.add_worksheet("自评表")
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width)
    title = book.add_format({"bold": True, "align": "center"})
    sheet.merge_range(0, 0, 0, 8, f"项目支出绩效自评表({facts['year']}年度)", title)
    sheet.merge_range(1, 0, 1, 1, "项目名称", cell)
    sheet.merge_range(1, 2, 1, 8, facts["project"], cell)
    sheet.merge_range(2, 0, 2, 1, "实施单位", cell)
    sheet.merge_range(2, 2, 2, 8, facts["unit"], cell)
    sheet.merge_range(3, 0, 4, 1, f"项目资金({facts['money_unit']})", cell)
    _money(sheet, cell, facts["funds"])
    row = _indicators(sheet, cell, facts)
    sheet.merge_range(row, 0, row, 8, f"注:数字摘自公开发布的自评表 {facts['source']}", cell)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    book.close()
    return repacked(stream.getvalue())


def _indicators(sheet: Any, cell: Any, facts: Mapping[str, Any]) -> int:
    """The table of indicators with its total row; the next free row."""
    top = 5
    for column, title in enumerate(_TITLES[:-1]):
        sheet.write(top, column, title, cell)
    sheet.merge_range(top, 7, top, 8, _TITLES[-1], cell)
    for row, item in enumerate(facts["indicators"], top + 1):
        for column, key in enumerate(_KEYS):
            _put(sheet, row, column, item.get(key), cell)
        sheet.merge_range(row, 7, row, 8, "", cell)
    end = top + 1 + len(facts["indicators"])
    sheet.merge_range(end, 0, end, 4, "总分", cell)
    sheet.write_number(end, 5, 100, cell)
    _put(sheet, end, 6, facts.get("total"), cell)
    sheet.merge_range(end, 7, end, 8, "", cell)
    return end + 1


def _money(sheet: Any, cell: Any, funds: Mapping[str, Any]) -> None:
    sheet.write(4, 2, "年度资金总额", cell)
    for column, (title, key) in enumerate(zip(_MONEY, _MONEY_KEYS, strict=True), 3):
        sheet.write(3, column, title, cell)
        _put(sheet, 4, column, funds.get(key), cell)
    sheet.write_blank(3, 2, None, cell)


def _put(sheet: Any, row: int, column: int, value: str | None, cell: Any) -> None:
    """A number as a number, as people type it; anything else as text."""
    if value is None:
        sheet.write_blank(row, column, None, cell)
    elif value.replace(".", "", 1).isdecimal():
        sheet.write_number(row, column, float(value), cell)
    else:
        sheet.write_string(row, column, value, cell)


def main() -> None:
    """Write all forms."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=FORMS)
    folder = parser.parse_args().out
    folder.mkdir(parents=True, exist_ok=True)
    for facts in read_yaml(FACTS).data["forms"]:
        (folder / facts["file"]).write_bytes(form_bytes(facts))


if __name__ == "__main__":
    main()
