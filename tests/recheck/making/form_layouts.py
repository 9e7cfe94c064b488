"""Layouts in which the same form may be drawn, modelled on 财预〔2020〕10号 附1 and on what units and places make of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from form_canvas import Canvas
from form_facts import Facts

OFFICIAL = {
    "number": "序号", "level1": "一级指标", "level2": "二级指标", "level3": "三级指标", "sign": "指标性质",
    "target": "年度指标值", "unit": "计量单位", "actual": "实际完成值", "weight": "分值", "points": "得分",
    "remark": "偏差原因分析及改进措施", "proof": "佐证材料", "standard": "评分标准",
}  # fmt: skip
MONEY = {
    "initial": "年初预算数",
    "adjusted": "全年预算数",
    "executed": "全年执行数",
    "weight": "分值",
    "rate": "执行率",
    "points": "得分",
}
"""Titles of the official form, by what the columns hold."""


@dataclass(frozen=True)
class Layout:
    """How a form looks.

    Attributes:
        columns: of the indicators, in order; titles, money_titles: words other than the official ones.
        strip: a merged 绩效指标 stands at the left; merged: equal levels are one cell; level_points: 产出指标(50分).
        inline: label and value in one cell; spaced: 项 目 名 称; broken: titles over two lines.
        percent: ``text`` 97.75%, ``format`` a number in a percent format, ``number`` 97.75 under 执行率(%).
        units: the unit stands behind the actual value; typed: weights and points are text.
        total: words of the total row; ``head`` for a line in the head, ``words`` for 总分:98分 in one cell.
        every: rows after which the header is repeated.
        dash: what stands in cells that carry nothing.
        wide: brackets, colons and commas are full-width; suffix: weights and points are 10分.
        apart: head, money and indicators are tables of their own.
        rowed: 预算执行率 stands among the indicators, the money block has amounts only.
    """

    name: str
    columns: tuple[str, ...] = ("level1", "level2", "level3", "target", "actual", "weight", "points", "remark")
    titles: dict[str, str] = field(default_factory=dict)
    money_titles: dict[str, str] = field(default_factory=dict)
    strip: bool = True
    merged: bool = True
    level_points: bool = False
    inline: bool = False
    spaced: bool = False
    broken: bool = False
    percent: str = "text"
    units: bool = True
    typed: bool = False
    points_form: str = ""
    total: str = "总分"
    every: int = 0
    dash: str = ""
    yuan: bool = False
    year_in_title: bool = False
    signed_below: bool = True
    notes: tuple[str, ...] = ()
    wide: bool = False
    suffix: bool = False
    apart: bool = False
    rowed: bool = False


LAYOUTS = (
    Layout(
        "official", dash="—", wide=True, broken=True,
        notes=("注:1.得分一档最高不能超过该指标分值上限。", "2.定量指标完成数汇总时按资金额度加权平均。"),
    ),
    Layout(
        "reordered",
        columns=(
            "number", "level1", "level2", "level3", "sign", "target", "unit", "weight", "actual", "points", "remark",
        ),
        titles={"target": "指标值", "actual": "全年完成值", "weight": "权重", "points": "自评得分", "remark": "备注"},
        strip=False, merged=False, percent="format", units=False, total="合计", points_form="0.00", year_in_title=True,
    ),
    Layout(
        "weighted",
        columns=("level1", "level2", "level3", "weight", "target", "actual", "points", "remark", "proof"),
        titles={"target": "目标值", "actual": "完成值", "remark": "未完成原因分析及改进措施"},
        money_titles={"adjusted": "全年预算数(A)", "executed": "全年执行数(B)", "rate": "执行率(B/A)"},
        level_points=True, total="总计", dash="-", percent="format",
    ),
    Layout(
        "inline", inline=True, spaced=True, broken=True, total="words", typed=True, suffix=True, signed_below=False,
        wide=True,
    ),
    Layout(
        "paged",
        titles={"target": "年初目标值", "actual": "全年实际完成值", "remark": "偏差原因及改进措施"},
        every=6, yuan=True, percent="number", total="合计", broken=True, spaced=True,
    ),
    Layout(
        "head",
        columns=("level1", "level2", "level3", "weight", "standard", "target", "actual", "points", "remark"),
        titles={"level3": "指标名称", "points": "实际得分", "remark": "备注"},
        strip=False, total="head", points_form="0.0#", dash="/", year_in_title=True, wide=True,
    ),
    Layout(
        "apart",
        columns=("level1", "level2", "level3", "sign", "target", "unit", "actual", "weight", "points", "remark"),
        titles={"target": "目标值", "actual": "实际完成", "remark": "未完成原因"},
        strip=False, apart=True, total="合计", dash="—", wide=True, typed=True, units=False,
    ),
    Layout("rowed", rowed=True, strip=False, total="总分", percent="format", titles={"actual": "实际完成指标值"}),
)  # fmt: skip
BY_NAME = {layout.name: layout for layout in LAYOUTS}


def drawn(forms: Sequence[Facts], layout: Layout, paper: str, how: str = "alone") -> list[Canvas]:
    """Forms in one file: ``alone``, ``stacked`` under each other in one sheet, or on ``sheets`` behind a cover."""
    from form_pen import Pen

    canvases = [_cover(), _instructions()] if how == "sheets" and paper == "xlsx" else []
    row = 0
    for number, facts in enumerate(forms, 1):
        if paper == "docx":
            canvases.append(Canvas(f"表{len(canvases) + 1}"))
            row = 0
        elif how == "stacked" and canvases:
            row += 2
        else:
            canvases.append(Canvas("自评表" if len(forms) == 1 else f"自评表{number}"))
            row = 0
        pen = Pen(layout, facts, number, canvases, row, paper)
        pen.draw()
        row = pen.row
    return [canvas.widened() for canvas in canvases] if layout.wide else canvases


def _cover() -> Canvas:
    canvas = Canvas("封面")
    canvas.put(3, 1, "项目支出绩效自评材料", width=6)
    canvas.put(8, 1, "编报单位(盖章):")
    canvas.put(9, 1, "编报时间:")
    return canvas


def _instructions() -> Canvas:
    canvas = Canvas("填表说明")
    for row, text in enumerate(
        ("填表说明", "一、本表由项目实施单位填写。", "二、分值合计为100分。", "三、未完成的指标须说明原因。")
    ):
        canvas.put(row, 0, text)
    return canvas
