"""Rows of invented batches, from none to ten thousand."""

from __future__ import annotations

from workbench.base.errors import Place, Problem
from workbench.reports.batch.rows import Heading, Row, RowVerdict

HEADING = Heading("2026年部门项目", 6)
PROBLEM = Problem(
    "bad_number",
    "不是数字",
    Place("params/evidence/水利.xlsx", "项目收支", 12, "执行数"),
    found="约三百万",
    expected="数字,单位万元",
    fix="请填写数字",
)
ROWS = (
    Row(
        *("项目库.xlsx 第2行", "已运行", False, "slj-2026", "农田水利设施维修养护", "slj-2026/0123456789abcdef", "project-101"),
        (RowVerdict("p1", "某县水利局", "93.50", "93.50", "93.50", "优"),),
        *(0, 2, 1.234),
    ),
    Row(
        *("项目库.xlsx 第3行", "没有变化", False, "jtj-2026", "农村公路养护", "jtj-2026/123456789abcdef0", "project-101"),
        (
            RowVerdict("a", "东乡养护站", "81.00", "81.00", "81.00", "良", True),
            RowVerdict("b", "西乡养护站", None, "52.00", "88.50", None),
        ),
        *(1, 0, 2.0, 2),
    ),
    Row(
        *("项目库.xlsx 第4行", "失败", True, "wjj-2026", "乡镇卫生院设备购置"),
        problems=(PROBLEM, Problem("no_table", "缺少工作表", Place("params/evidence/卫生.xlsx"), fix="请按模板补上“满意度”")),
    ),
    Row(
        *("项目库.xlsx 第5行", "已运行", False, "bm-2026", "部门整体支出", "bm-2026/23456789abcdef01", "department-101"),
        (RowVerdict("d", "某县民政局", "100.00", "100.00", "100.00", None),),
        *(0, 0, 0.5),
    ),
    Row("项目库.xlsx 第6行", "失败", True, problems=(Problem("died", "运行这份计划的进程意外终止", fix="可能是内存不足"),)),
)  # fmt: skip
GRADES = ("优", "良", "中", "差")


def many(count: int, failed: int = 0) -> list[Row]:
    """So many plans of as many subjects; the last ``failed`` of them failed."""
    made = [
        Row(
            *(f"项目库.xlsx 第{n + 2}行", "已运行" if n % 3 else "没有变化", False, f"xm-2026-{n:05}"),
            *(f"某某县{n}号乡镇农村人居环境整治项目", f"xm-2026-{n:05}/{n:016x}", f"project-101-{n % 3}"),
            (_verdict(n),),
            *(n % 2, n % 5, 0.9 + n % 7 / 10),
        )
        for n in range(count - failed)
    ]  # fmt: skip
    rest = range(count - failed, count)
    return made + [Row(f"项目库.xlsx 第{n + 2}行", "失败", True, f"xm-2026-{n:05}", problems=(PROBLEM,)) for n in rest]


def _verdict(n: int) -> RowVerdict:
    name, points = f"某某县{n % 97}号乡镇人民政府", f"{55 + n % 46}.{n % 100:02}"
    if n % 46 == 45:
        points = "100.00"
    if n % 11 == 0:
        return RowVerdict("p1", name, None, f"{40 + n % 20}.00", f"{60 + n % 41}.00", None)
    grade = GRADES[(float(points) < 90) + (float(points) < 80) + (float(points) < 60)]
    return RowVerdict("p1", name, points, points, points, grade, n % 13 == 0)
