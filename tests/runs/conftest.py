"""A workspace made on the spot: one self-evaluation with attachments, as small or as long as a test wants it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

LINES = {"产出指标": ("数量指标", 50), "效益指标": ("社会效益指标", 30), "满意度指标": ("服务对象满意度指标", 10)}
"""Level 1 of 财预〔2020〕10号 第十三条 beside 预算执行率 10: a level 2 of each, and its points."""
HEAD = [
    "一级指标*",
    "二级指标",
    "三级指标*",
    "指标性质*",
    "年度指标值",
    "计量单位",
    "分值(分)*",
    "实际完成值",
    "评定比例(%)",
]
REPORT = "附件/决算报表.txt"


def lines(counts: dict[str, int]) -> list[list[Any]]:
    """So many indicators of each level 1; the first of 效益指标 is 定性, all others are reached to 92 %."""
    rows: list[list[Any]] = [HEAD]
    for level1, count in counts.items():
        level2, points = LINES[level1]
        for n in range(1, count + 1):
            judged = level1 == "效益指标" and n == 1
            shown = ["定性", "有效", None] if judged else ["≥", "100", "%"]
            found = [None, 92] if judged else ["92", None]
            rows.append([level1, level2, f"{level1}{n}", *shown, points / count, *found])
    return rows


@pytest.fixture
def workspace(tmp_path: Path) -> Callable[..., Path]:
    """``workspace({"产出指标": 2, …})``: a folder with ``params/plan.yaml``, its workbook and an attachment; I01, I02, …"""

    def make(counts: dict[str, int] | None = None, **plan: Any) -> Path:
        from xlsxwriter import Workbook

        sheets = {
            "评价对象": [["对象编号*", "对象名称*"], ["P01", "营养改善计划"]],
            "项目资金": [["资金类别*", "全年预算数(万元)", "全年执行数(万元)"], ["年度资金总额", 200, 184]],
            "绩效指标": lines(counts or {"产出指标": 2, "效益指标": 2, "满意度指标": 1}),
            "佐证清单": [
                ["指标编码*", "佐证状态", "资料名称", "附件文件"],
                ["I01", "核实一致", "决算报表", REPORT],
                ["I02", "已提供未核实", "验收单", None],
            ],
        }
        folder = tmp_path / "params"
        (folder / REPORT).parent.mkdir(parents=True)
        (folder / REPORT).write_text("全年执行数184万元", encoding="utf-8")
        with Workbook(str(folder / "基础数据.xlsx")) as book:
            for title, rows in sheets.items():
                sheet = book.add_worksheet(title)
                for r, row in enumerate(rows):
                    for c, cell in enumerate(row):
                        sheet.write(r, c, cell)
        content = {
            "evaluation": "demo",
            "title": "示例",
            "pack": "self-evaluation",
            "variant": "caiyu10",
            "ruleset": "caiyu-2020-10",
            "policy": "national-default",
            "period": "2023年度",
            "stage": "自评",
            "as_of": "2023-12-31",
            "evidence": "params/基础数据.xlsx",
        }
        (folder / "plan.yaml").write_text(
            yaml.safe_dump({"plan": content | plan}, allow_unicode=True), encoding="utf-8"
        )
        return tmp_path

    return make
