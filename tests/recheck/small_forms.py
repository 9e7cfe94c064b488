"""Small self-evaluation forms as workbooks, in the layout of 财预〔2020〕10号 附1, for tests of the command."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

ROWS = (
    ("产出指标", "数量指标", "建设公厕数量", "≥50座", "40座", 50, 40, "用地未落实"),
    ("效益指标", "社会效益指标", "改善人居环境", "有效改善", "达成预期指标", 30, 30, ""),
    ("满意度指标", "服务对象满意度指标", "群众满意度", "≥90%", "95%", 10, 10, ""),
)
"""Points that follow from the rules: 40, an interval of 24 to 30, 10; with 预算执行率 100 points at 98 %: 9.80."""
TITLES = ("一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因分析及改进措施")
MONEY = ("", "", "年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分")


def small_form(
    path: Path,
    project: str = "农村公厕建设",
    *,
    unit: str = "某县农业农村局",
    rows: Sequence[Sequence[Any]] = ROWS,
    money: Sequence[Any] = (100, 100, 98, 10, "98%", 9.8),
    total: Any = 89.8,
    titles: Sequence[str] = TITLES,
) -> Path:
    """Write one form."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("自评表")
        sheet.merge_range(0, 0, 0, 7, "项目支出绩效自评表(2022年度)")
        sheet.write_row(1, 0, ["项目名称", project])
        sheet.write_row(2, 0, ["实施单位", unit])
        sheet.write_row(3, 0, ["项目资金(万元)", *MONEY[1:]])
        sheet.write_row(4, 0, ["", "年度资金总额", *money])
        sheet.write_row(5, 0, titles)
        for number, row in enumerate(rows, 6):
            sheet.write_row(number, 0, row)
        end = 6 + len(rows)
        sheet.write_row(end, 0, ["总分", "", "", "", "", 100, total])
    return path
