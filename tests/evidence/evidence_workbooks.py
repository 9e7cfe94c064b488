"""A small pack as data, and workbooks made cell by cell."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from workbench.scheme.pack import FieldSpec, TableSpec

PACK: dict[str, Any] = {
    "id": "demo",
    "version": "1.0.0",
    "api_version": 1,
    "title": "示例",
    "object": "项目支出",
    "basis": [{"document": "项目支出绩效评价管理办法", "number": "财预〔2020〕10号"}],
    "ruleset": "cy10",
    "subject_fields": [{"name": "region", "title": "地区", "type": "text"}],
    "tables": [
        {
            "name": "funds",
            "title": "项目资金",
            "per": "subject",
            "fields": [
                {
                    "name": "budget",
                    "title": "全年预算数",
                    "type": "money",
                    "unit": "万元",
                    "required": True,
                    "note": "调整后",
                },
                {"name": "executed", "title": "全年执行数", "type": "money", "unit": "万元"},
                {"name": "rate", "title": "执行率", "type": "percent", "min": 0, "max": 200},
                {"name": "people", "title": "培训人数", "type": "integer", "unit": "人"},
                {"name": "started", "title": "开工日期", "type": "date"},
                {"name": "done", "title": "是否完成", "type": "bool"},
                {"name": "kind", "title": "资金性质", "type": "code", "codes": ["中央", "地方", "自筹"]},
                {"name": "score", "title": "评分", "type": "number", "decimals": 2, "min": 0, "max": 100},
                {"name": "remark", "title": "备注", "type": "text"},
            ],
        },
        {
            "name": "payments",
            "title": "支付明细",
            "key": ["voucher"],
            "required": False,
            "fields": [
                {"name": "voucher", "title": "凭证号", "type": "text", "required": True},
                {"name": "amount", "title": "金额", "type": "money", "unit": "元", "decimals": 2, "min": -1000000},
            ],
        },
    ],
    "indicators": [
        {
            "code": "A1",
            "name": "预算执行率",
            "level1": "预算执行",
            "weight": 10,
            "proof": ["决算报表", "支付凭证"],
            "clause": {"document": "办法", "number": "财预〔2020〕10号", "clause": "第九条"},
        },
        {"code": "B1", "name": "社会效益", "level1": "效益", "weight": 90, "direction": "qualitative"},
    ],
}
SUBJECT_HEAD = ["对象编号*", "对象名称*"]
FUNDS_HEAD = ["对象编号", "全年预算数(万元)*"]


def field(name: str, title: str, type: str, **more: Any) -> FieldSpec:
    return FieldSpec.model_validate({"name": name, "title": title, "type": type, **more})


def table(name: str, title: str, fields: Sequence[FieldSpec], **more: Any) -> TableSpec:
    return TableSpec.model_validate({"name": name, "title": title, "fields": list(fields), **more})


Sheets = dict[str, list[list[Any]]]


WRITTEN = datetime(2024, 1, 1)
"""In place of now: the same rows are the same bytes, whenever they are written."""


def write_xlsx(path: Path, sheets: Sheets, *, percent: Sequence[tuple[str, int, int]] = ()) -> Path:
    """A workbook of plain cells; ``percent`` lists (sheet, row, column) to be formatted as percentages."""
    from xlsxwriter import Workbook

    with Workbook(str(path)) as book:
        book.set_properties({"created": WRITTEN})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        share = book.add_format({"num_format": "0.00%"})
        for title, rows in sheets.items():
            sheet = book.add_worksheet(title)
            for r, row in enumerate(rows):
                for c, value in enumerate(row):
                    if isinstance(value, str):
                        sheet.write_string(r, c, value)
                    elif isinstance(value, date):
                        sheet.write_datetime(r, c, value, day)
                    elif value is not None:
                        sheet.write(r, c, value, share if (title, r, c) in percent else None)
    return path


def subjects(*codes: str) -> list[list[Any]]:
    return [SUBJECT_HEAD, *[[c, f"项目{c}"] for c in codes or ("P1",)]]
