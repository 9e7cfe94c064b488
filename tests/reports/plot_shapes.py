"""Declared charts over analyses built by hand: the data each kind must be able to show."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from workbench.scheme.pack import ChartSpec, ColumnSpec
from workbench.scoring.result import AnalysisResult, Cell

Made = tuple[ChartSpec, AnalysisResult]
LONG = "县级医疗集团下属乡镇卫生院房屋建筑物、大型医用设备及信息化系统折旧与日常维修维护支出(含以前年度结转)"


def column(name: str, title: str, type: str = "money", unit: str | None = "万元", decimals: int = 2) -> ColumnSpec:
    words = type in ("text", "bool", "date")
    return ColumnSpec(
        name=name, title=title, type=type, unit=None if words else unit, decimals=None if words else decimals
    )


def made(kind: str, columns: Sequence[ColumnSpec], rows: Sequence[Sequence[Cell]], **more: Any) -> Made:
    """A chart of ``kind`` over ``rows``, each beginning with its subject; columns take the roles they are named by."""
    per = more.pop("per", "subject")
    names = [c.name for c in columns]
    roles = {r: r for r in ("label", "x", "total", "reference", "low", "high") if r in names}
    chart = {"name": "own", "title": "成本构成", "kind": kind, "analysis": "table"} | roles
    chart |= {"values": [n for n in names if n not in roles]} | more
    analysis = AnalysisResult(
        name="table",
        title="成本构成表",
        per=per,
        note=None,
        sources=["成本明细", "价格指数"],
        columns=list(columns),
        rows=[list(r) for r in rows],
    )
    return ChartSpec.model_validate(chart), analysis


LABEL = column("label", "成本项目", "text")
COST = column("cost", "成本")
BEFORE = column("before", "上年成本")
TOTAL = column("total", "是否合计", "bool")
MARKS = [column("reference", "定额标准"), column("low", "下限"), column("high", "上限")]


def waterfall() -> Made:
    rows = [
        ["P01", "上年成本", "1180.50", True],
        ["P01", "价格影响", "23.61", False],
        ["P01", "数量影响", "-60.20", False],
        ["P01", "结构影响", "0.00", None],
        ["P01", "本年成本", "1143.91", True],
    ]
    return made("waterfall", [LABEL, COST, TOTAL], rows, note="价格、数量、结构影响之和等于总差异。")


def waterfall_without_levels() -> Made:
    rows = [["P01", n, v] for n, v in (("人工", "320.00"), ("材料", "150.25"), (LONG, "80.40"), ("折旧", None))]
    return made("waterfall", [LABEL, COST], rows)


def waterfall_negative() -> Made:
    rows = [["P01", "期初", "-100.00", True], ["P01", "投入", "-250.00", False], ["P01", "收回", "80.00", False]]
    return made("waterfall", [LABEL, COST, TOTAL], rows)


def waterfall_with_a_gap() -> Made:
    rows = [["P01", "计划", "100.00", True], ["P01", "节约", "-20.00", False], ["P01", "实际", "79.00", True]]
    return made("waterfall", [LABEL, COST, TOTAL], rows)


def waterfall_of_many() -> Made:
    rows = [
        ["P01", f"第{i}项:{LONG if i % 7 == 0 else '日常支出'}", f"{(-1) ** i * i}.50", False] for i in range(1, 61)
    ]
    return made("waterfall", [LABEL, COST, TOTAL], rows)


def waterfall_beyond_the_sheet() -> Made:
    rows = [["P01", f"第{i}项", "1.00", False] for i in range(1, 301)]
    return made("waterfall", [LABEL, COST, TOTAL], [*rows, ["P01", "实际", "300.00", True]])


def bars() -> Made:
    rows = [["P01", "甲小区", "12.50"], ["P01", "乙小区", "-3.20"], ["P01", "丙小区", None]]
    return made("bars", [LABEL, COST], rows)


def bars_side_by_side() -> Made:
    rows = [
        ["P02", "第二中学", "13.20", "12.00", "11.00", "13.00"],
        ["P01", "第一中学", "11.40", "12.00", "11.00", "13.00"],
        ["R01", "邻县中学(参照)", "12.90", None, None, None],
        ["R02", LONG, "9.75", "12.00", "10.40", None],
    ]
    return made("bars", [LABEL, COST, *MARKS], rows, per="all")


def bars_of_three_series() -> Made:
    series = [LABEL, BEFORE, COST, column("target", "目标成本")]
    rows = [
        ["P01", "人工", "10.00", "12.00", "11.00"],
        ["P01", "材料", None, "-2.00", "3.00"],
        ["P02", "外", "1", "2", "3"],
    ]
    return made("bars", series, rows, per="all")


def bars_of_many() -> Made:
    rows = [["P01", f"第{i}处闲置资产", f"{i * 3}.00"] for i in range(60)]
    return made("bars", [LABEL, COST], rows)


def bars_beyond_the_sheet() -> Made:
    return made("bars", [LABEL, COST], [["P01", f"第{i}处", "1.00"] for i in range(400)])


def bars_huge() -> Made:
    rows = [["P01", "土地", "987654321098765432.10"], ["P01", "设备", "-0.01"], ["P01", "无", "0.00"]]
    return made("bars", [LABEL, COST], rows)


def bars_tiny() -> Made:
    columns = [LABEL, column("cost", "单位成本", decimals=6)]
    return made("bars", columns, [["P01", "甲", "0.000001"], ["P01", "乙", "0.000003"]])


def bars_zero() -> Made:
    return made("bars", [LABEL, COST], [["P01", "甲", "0.00"]])


def stack() -> Made:
    columns = [LABEL, *(column(f"v{i}", t) for i, t in enumerate(["人工", "材料", "折旧", "外包", "管理分摊", "调整"]))]
    rows = [
        ["P01", "本对象", "320.00", "150.25", "80.40", "45.00", "12.00", "-30.00"],
        ["R01", "邻县(参照)", "280.00", None, "95.10", "60.00", "14.50", None],
    ]
    return made("stack", columns, rows, per="all")


def stack_of_one() -> Made:
    return made("stack", [LABEL, COST, BEFORE], [["P01", LONG, "1.00", "2.00"]])


YEAR = column("x", "年度", "integer", None, 0)
DAY = column("x", "日期", "date")
FLOW = column("flow", "累计净现金流")
VALUE = column("value", "净值")


def lines() -> Made:
    flows = ["-100.00", "-260.50", "-310.00", "-180.00", "40.25"]
    values = ["90.00", "230.00", None, "240.00", "120.00"]
    rows = [["P01", str(2019 + i), f, v] for i, (f, v) in enumerate(zip(flows, values, strict=True))]
    return made("lines", [YEAR, FLOW, VALUE], rows)


def lines_by_date() -> Made:
    days = ["2023-01-31", "2023-03-31", "2023-06-30", "2023-09-30", "2023-12-31"]
    rates = ["5.10", "21.40", "47.85", "70.20", "101.30"]
    times = ["8.33", "25.00", "50.00", "75.00", "100.00"]
    columns = [DAY, column("rate", "累计完成率", "percent", "%"), column("reference", "时间进度", "percent", "%")]
    return made("lines", columns, [["P01", *r] for r in zip(days, rates, times, strict=True)])


def lines_with_a_band() -> Made:
    rows = [["P01", str(x), f"{x * 2}.00", f"{x * 2 + 1}.00", f"{x}.00", f"{x * 3}.00"] for x in range(1, 60)]
    return made("lines", [YEAR, FLOW, *MARKS], rows)


def lines_side_by_side() -> Made:
    rows = [
        [s, f"{s}号", str(y), f"{(n + 1) * (y - 2015)}.00"]
        for n, s in enumerate(["P02", "P01", "R01"])
        for y in range(2016, 2024)
    ]
    return made("lines", [column("label", "名称", "text"), YEAR, FLOW], rows, per="all")


def lines_of_one_point() -> Made:
    return made("lines", [DAY, FLOW, VALUE], [["P01", "2024-05-06", "1.00", "1.00"]])


def lines_flat() -> Made:
    return made("lines", [YEAR, FLOW], [["P01", str(y), "5.00"] for y in (2021, 2022, 2023)])


def lines_huge() -> Made:
    return made("lines", [YEAR, FLOW], [["P01", "1", "123456789012345678.00"], ["P01", "2", "-9876543210.00"]])


CAPACITY = column("x", "税收能力", "money", "亿元")
EFFORT = column("effort", "实际税收", "money", "亿元")


def scatter() -> Made:
    rows = []
    for i in range(12):
        x = 20 + i * 7
        rows.append(
            [f"R{i}", f"第{i}县", f"{x}.00", f"{x + (-1) ** i * 6}.50", f"{x}.00", f"{x - 8}.00", f"{x + 8}.00"]
        )
    rows.append(["P01", "本县", "60.00", "75.00", "60.00", "52.00", "68.00"])
    return made("scatter", [LABEL, CAPACITY, EFFORT, *MARKS], rows, per="all")


def scatter_crowded() -> Made:
    rows = [[f"R{i}", f"{LONG[:8]}{i}", f"{50 + i % 5}.00", f"{30 + i % 3}.00"] for i in range(60)]
    return made("scatter", [LABEL, CAPACITY, EFFORT], [*rows, ["P01", "本县", "51.00", "31.00"]], per="all")


def scatter_of_one() -> Made:
    return made(
        "scatter", [LABEL, CAPACITY, EFFORT], [["P01", "本县", "5.00", "0.00"], ["R1", "无数", None, "2.00"]], per="all"
    )


def scatter_by_date() -> Made:
    rows = [["P01", f"第{i}宗地", f"20{20 + i}-0{i + 1}-15", f"{i}.00"] for i in range(4)]
    return made("scatter", [LABEL, DAY, EFFORT], rows)


def _all_null(shape: Callable[[], Made]) -> Made:
    chart, analysis = shape()
    keep = {0} | {1 + [c.name for c in analysis.columns].index(n) for n in (chart.label, chart.x) if n is not None}
    rows = [[cell if i in keep else None for i, cell in enumerate(row)] for row in analysis.rows]
    return chart, analysis.model_copy(update={"rows": rows})


def _no_rows(shape: Callable[[], Made]) -> Made:
    chart, analysis = shape()
    return chart, analysis.model_copy(update={"rows": []})


def _hostile() -> Made:
    rows = [["P01", "成本 $x^2$ 与 <b>预算</b> 😀。换行\n第二行", "1.00"], ["P01", "", "2.00"], ["P01", None, "3.00"]]
    return made("bars", [LABEL, COST], rows, title="“甲”<script>alert(1)</script>", note="说明 100%。")


PLAIN: dict[str, Callable[[], Made]] = {
    f.__name__: f
    for f in (
        *(waterfall, waterfall_without_levels, waterfall_negative, waterfall_with_a_gap, waterfall_of_many),
        *(waterfall_beyond_the_sheet, bars, bars_side_by_side, bars_of_three_series, bars_of_many),
        *(bars_beyond_the_sheet, bars_huge, bars_tiny, bars_zero, stack, stack_of_one, lines, lines_by_date),
        *(lines_with_a_band, lines_side_by_side, lines_of_one_point, lines_flat, lines_huge),
        *(scatter, scatter_crowded, scatter_of_one, scatter_by_date),
    )
}
EMPTY: dict[str, Callable[[], Made]] = {
    f"{name}_{what}": lambda make=make, shape=PLAIN[name]: make(shape)
    for name in ("waterfall", "bars_side_by_side", "stack", "lines", "scatter")
    for what, make in (("all_null", _all_null), ("no_rows", _no_rows))
}
SHAPES = PLAIN | EMPTY | {"hostile": _hostile}
