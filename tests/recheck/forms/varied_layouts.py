"""Layouts of self-evaluation forms that differ from the official one in one thing each; figures made up."""

from __future__ import annotations

from drawn_grids import drawn

N = ""
LEVELS = ["一级指标", "二级指标", "三级指标"]


def head(width, year="(2022年度)"):
    """Title, year, labels, money and goals of the official form, for a table of ``width`` (at least 8) columns."""
    fill = ["<"] * (width - 8)
    return [
        ["项目支出绩效自评表", *["<"] * (width - 1)],
        [year, *["<"] * (width - 1)],
        ["项 目 名 称", "<", "农村公路养护", *"<<<", "<", "<", *fill],
        ["主管部门", "<", "甲县交通运输局", "<", "实施单位", "<", "甲县公路站", "<", *fill],
        ["项目资金\n(万元)", N, "年初预算数", "全年预算数", "全年执行数", "分 值", "执行率", "得　分", *fill],
        ["^", "年度资金总额", 100, 120, 96, 10, "80%", 8, *fill],
        ["^", "其中:当年财政拨款", 80, 100, 80, "—", "80%", "—", *fill],
        ["^", "上年结转资金", 20, 20, 16, "—", "80%", "—", *fill],
        ["年度总体目标", "预期目标", "<", "<", "实际完成情况", "<", "<", "<", *fill],
        ["^", "养护公路50公里", "<", "<", "养护公路48公里", "<", "<", "<", *fill],
    ]


INDICATORS = [
    ["产出指标", "数量指标", "养护里程", "≥50公里", "48公里", 20, 19.2, "雨季停工"],
    ["^", "质量指标", "验收合格率", "100%", "100%", 15, 15, N],
    ["^", "时效指标", "完工及时率", "≥95%", "100%", 15, 15, N],
    ["效益指标", "社会效益指标", "通行能力", "有效提升", "有效提升", 30, 28, N],
    ["满意度指标", "服务对象满意度", "群众满意度", "≥90%", "92%", 10, 10, N],
]
TITLES = [*LEVELS, "年度指标值", "实际完成值", "分值", "得分", "偏差原因分析及改进措施"]
TOTAL = ["总 分", "<", "<", "<", "<", 100, 95.2, N]


def plain(**options):
    """The form all others are compared with."""
    return drawn([*head(8), TITLES, *INDICATORS, TOTAL], **options)


def other_order():
    """Points before values, sign and unit in columns of their own, evidence and standard as extra columns."""
    titles = [
        "序号",
        *LEVELS,
        "指标性质",
        "指标值",
        "计量单位",
        "分值",
        "评分标准",
        "完成值",
        "完成率",
        "得分",
        "佐证资料",
        "备注",
    ]
    signs = [("≥", 50, "公里"), ("=", 100, "%"), ("≥", 95, "%"), ("定性", "有效提升", N), ("≥", 90, "%")]
    rows = [
        [i, one, two, three, *sign, weight, "按比例", actual, N, points, "附件1", remark]
        for i, ((one, two, three, _, actual, weight, points, remark), sign) in enumerate(
            zip(INDICATORS, signs, strict=True), 1
        )
    ]
    return drawn([*head(14), titles, *rows, ["合计", *"<<<<<<", 100, N, N, N, 95.2, N, N]])


def shared_weight():
    """Several indicators below one merged 分值 and 得分."""
    rows = [list(row) for row in INDICATORS]
    rows[1][5:7] = ["^", "^"]
    rows[0][5:7] = [35, 34]
    return drawn([*head(8), TITLES, *rows, TOTAL])


def unmerged_levels():
    """Levels written once, blank below."""
    rows = [[N if cell == "^" else cell for cell in row] for row in INDICATORS]
    return drawn([*head(8), TITLES, *rows, TOTAL])


def headings():
    """Level 1 as a heading over the whole width, no column for it."""
    rows = [TITLES[1:]]
    for row in INDICATORS:
        if row[0] != "^":
            rows.append([f"{row[0]}", *["<"] * 6])
        rows.append(row[1:])
    return drawn([*[r[:7] for r in head(8)], *rows, ["合计", "<", "<", "<", 100, 95.2, N]])


def split_target():
    """One merged title 年度指标值 over sign, number and unit."""
    titles = [*LEVELS, "年度指标值", "<", "<", "实际完成值", "分值", "得分", "偏差原因"]
    values = [("≥", 50, "公里"), ("=", 100, "%"), ("≥", 95, "%"), (N, "有效提升", N), ("≥", 90, "%")]
    rows = [[*row[:3], *value, row[4], row[5], row[6], row[7]] for row, value in zip(INDICATORS, values, strict=True)]
    return drawn([*head(10), titles, *rows])


def worded_total():
    """总分 in words, grade with it."""
    return drawn([*head(8), TITLES, *INDICATORS, ["总分:95.2分,等级:优", *"<<<<<<<"]])


def totals_of_two_ranks():
    """合计 of the indicators, then 总分 of all, with 小计 below each level 1."""
    small = [["小计", "<", "<", "<", "<", 50, 49.2, N], ["小计", "<", "<", "<", "<", 30, 28, N]]
    rows = [*INDICATORS[:3], small[0], INDICATORS[3], small[1], INDICATORS[4]]
    last = [["合计", "<", "<", "<", "<", 90, 87.2, N], ["自评总分", "<", "<", "<", "<", 100, 95.2, "优"]]
    return drawn([*head(8), TITLES, *rows, *last])


def inline_labels():
    """Label and value in one cell."""
    rows = [
        ["表一", *"<<<<<<<"],
        ["2022年度项目绩效自评表", *"<<<<<<<"],
        ["项目名称:农村公路养护", *"<<<<<<<"],
        ["主管部门:甲县交通运输局   实施单位:甲县公路站   单位:万元", *"<<<<<<<"],
        ["全年预算数", 120, "全年执行数", 96, "执行率", "80%", "得分", 8],
        ["预期目标", "养护公路50公里", *"<<<<<<"],
        ["实际完成情况", "养护公路48公里", *"<<<<<<"],
        TITLES,
        *INDICATORS,
        TOTAL,
        ["填报人:张三", "<", "审核人:李四", "<", "单位负责人(签字):王五", "<", "填报日期:2023年3月1日", "<"],
        ["注:本表一式两份", *"<<<<<<<"],
    ]
    return drawn(rows)


def repeated():
    """The titles again on the next page."""
    return drawn([*head(8), TITLES, *INDICATORS[:3], TITLES, *INDICATORS[3:], TOTAL])


def stacked():
    """Three forms below each other, the second of another year, with annex lines between."""
    return drawn(
        [
            *head(8), TITLES, *INDICATORS, TOTAL, [N] * 8,
            ["附件2", *[N] * 7], *head(8, "(2021年度)"), TITLES, *INDICATORS[:2], TOTAL, ["填报人:", "张三", *[N] * 6],
            *head(8)[2:], TITLES, *INDICATORS[3:], TOTAL,
        ]
    )  # fmt: skip


def execution_row():
    """预算执行率 as a row of the table, without level 3; no points in the money block."""
    money = [
        ["项目资金(万元)", N, "年初预算数", "全年预算数", "全年执行数", "执行率", "<", "<"],
        ["^", "合计", 100, 120, 96, "80%", "<", "<"],
    ]
    rows = [*head(8)[:4], *money, TITLES, ["预算执行率", "<", "<", "100%", "80%", 10, 8, N], *INDICATORS]
    return drawn([*rows, TOTAL])


def transfer():
    """绩效目标自评表 of transfer payments: neither 分值 nor 得分."""
    titles = [*LEVELS, "年度指标值", "全年完成值", "未完成原因和改进措施"]
    rows = [[*row[:5], row[7]] for row in INDICATORS]
    money = [
        ["资金情况(万元)", N, N, "全年预算数(A)", "全年执行数(B)", "执行率(B/A)"],
        ["^", "年度资金总额:", "<", 120, 96, "80%"],
        ["^", "其中:中央财政资金", "<", 100, 80, "80%"],
        ["^", "地方资金", "<", 20, 16, "80%"],
    ]
    top = [
        ["转移支付区域(项目)绩效目标自评表", *"<<<<<"],
        ["(2022年度)", *"<<<<<"],
        ["转移支付(项目)名称", "<", "车辆购置税收入补助", *"<<<"],
        ["中央主管部门", "<", "交通运输部", *"<<<"],
        ["地方主管部门", "<", "甲省交通运输厅", "资金使用单位", "<", "甲县公路站"],
    ]
    return drawn([*top, *money, titles, *rows, ["说明", "无", *"<<<<"]])


def tasks():
    """整体支出 with a list of tasks that carries the money and its points."""
    rows = [
        ["2022年度部门整体支出绩效自评表", *"<<<<<<<"],
        ["部门(单位)名称", "<", "甲县交通运输局", *"<<<<<"],
        ["年度主要任务", "任务名称", "完成情况", "预算数(万元)", "执行数(万元)", "分值", "执行率", "得分"],
        ["^", "公路养护", "已完成", 120, 96, N, "80%", N],
        ["^", "桥梁检测", "已完成", 80, 80, N, "100%", N],
        ["^", "金额合计", N, 200, 176, 10, "88%", 8.8],
        ["年度总体目标", "预期目标", "<", "<", "实际完成情况", "<", "<", "<"],
        ["^", "保障通行", "<", "<", "通行有保障", "<", "<", "<"],
        TITLES,
        ["履职效能", *INDICATORS[0][1:]],
        *INDICATORS[1:],
        TOTAL,
    ]
    return drawn(rows)


def hunan():
    """整体支出 with incomes and kinds of spending in words below the amounts."""
    rows = [
        ["附件3", *[N] * 7],
        ["2022年度部门整体支出绩效自评表", *"<<<<<<<"],
        ["省级预算部门名称", "<", "甲省档案馆", *"<<<<<"],
        ["年度预算申请\n(万元)", N, "年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分"],
        ["^", "年度资金总额", 100, 120, 96, 10, "80%", 8],
        ["^", "按收入性质分:", "<", "<", "按支出性质分:", "<", "<", "<"],
        ["^", "其中:一般公共预算:120", "<", "<", "其中:基本支出:70", "<", "<", "<"],
        ["^", "政府性基金拨款:0", "<", "<", "项目支出:50", "<", "<", "<"],
        ["年度总体目标", "预期目标", "<", "<", "实际完成情况", "<", "<", "<"],
        ["^", "保障运转", "<", "<", "运转正常", "<", "<", "<"],
        TITLES,
        *INDICATORS,
        TOTAL,
        ["填表人: 张三   填报日期: 2023.3.1   联系电话: 0731-8888   单位负责人签字: ", *"<<<<<<<"],
    ]
    return drawn(rows)


def blank_form():
    """附1 with nothing filled in."""
    rows = [
        ["附1", *[N] * 7],
        ["项目支出绩效自评表", *"<<<<<<<"],
        ["(    年度)", *"<<<<<<<"],
        ["项目名称", "<", N, *"<<<<<"],
        ["主管部门", "<", N, "<", "实施单位", "<", N, "<"],
        ["项目资金\n(万元)", N, "年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分"],
        ["^", "年度资金总额", N, N, N, 10, N, N],
        ["^", "其中:当年财政拨款", N, N, N, "—", N, "—"],
        ["年度总体目标", "预期目标", "<", "<", "实际完成情况", "<", "<", "<"],
        ["^", N, "<", "<", N, "<", "<", "<"],
        TITLES,
        ["产出指标", "数量指标", "指标1:", N, N, N, N, N],
        ["^", "^", "指标2:", N, N, N, N, N],
        ["^", "^", "……", N, N, N, N, N],
        ["效益指标", "经济效益指标", "指标1:", N, N, N, N, N],
        ["总分", "<", "<", "<", "<", 100, N, N],
    ]
    return drawn(rows)


def transposed():
    """Kinds of money as columns, amounts as rows."""
    money = [
        ["资金情况(万元)", "<", "合计", "财政拨款", "上年结转", "其他资金", "<", "<"],
        ["年初预算数", "<", 100, 80, 20, 0, "<", "<"],
        ["全年预算数", "<", 120, 100, 20, 0, "<", "<"],
        ["全年执行数", "<", 96, 80, 16, 0, "<", "<"],
        ["执行率", "<", "80%", "80%", "80%", N, "<", "<"],
    ]
    return drawn([*head(8)[:4], *money, TITLES, *INDICATORS, TOTAL])


ALL = {
    name: build
    for name, build in globals().items()
    if callable(build) and getattr(build, "__module__", "") == __name__ and name != "head"
}
