"""The 说明 sheet: how to fill the workbook in, what the marks mean, and which document proves which indicator."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from workbench.base.text import trimmed
from workbench.evidence.headers import declared_unit
from workbench.evidence.layout import fit_row
from workbench.evidence.standard import GUIDE_TITLE
from workbench.evidence.tables import EvidenceStatus, own_fields
from workbench.scheme.basis import DIRECTION_SIGNS, Source
from workbench.scheme.pack import FieldSpec, Indicator, Pack, TableSpec
from workbench.scheme.weights import in_tree

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

TYPE_NAMES = {
    "text": "文字",
    "code": "从列表选",
    "integer": "整数",
    "number": "数字",
    "money": "金额",
    "percent": "百分数",
    "date": "日期",
    "bool": "是/否",
}
_STEPS = [
    "先填“评价对象”,每个对象一行,编号不重复;其他表用编号指明属于哪个对象,只有一个对象时可不填。",
    "表头带 * 的列必填。不要改动表头和表名,可以调整列的先后,也可以在表的上方或下方写“注:”开头的说明。",
    "没有数据请留空,不要填 0、“/”或“无”。空白表示缺失,该指标暂不计分;0 表示实际就是零。",
    "金额按表头的单位填写;也可以写“1.2亿元”“200万元”,读取时会换算并记录。",
    "百分数填 93 或 93%,不要填 0.93;确实不足 1% 的请带百分号,如 0.5%。",
    "日期填 2022-03-01、2022/3/1 或 2022年3月1日。",
    "每个指标的依据登记在“佐证清单”。只有数值而没有佐证的,只能得拟得分。",
    "指标不适用的,在“不适用申请”中写明理由、证明材料、批准人和日期;未实施不等于不适用。",
    "“情形核查”逐条核查;影响等级的情形未核查时,等级只能是暂定。",
]


_WIDTHS = (18, 26, 14, 12, 10, 60, 36)


class GuideWriter:
    """Writes the sheet from top to bottom."""

    def __init__(self, book: Workbook, formats: dict[str, Format]) -> None:
        self.sheet: Worksheet = book.add_worksheet(GUIDE_TITLE)
        self.formats, self.row = formats, 0
        self.sheet.hide_gridlines(2)
        for column, width in enumerate(_WIDTHS):
            self.sheet.set_column(column, column, width)

    def note(self, text: str) -> None:
        """A sentence over the whole width of the sheet."""
        self.sheet.merge_range(self.row, 0, self.row, len(_WIDTHS) - 1, text, self.formats["note"])
        fit_row(self.sheet, self.row, [(text, sum(_WIDTHS))])
        self.row += 1

    def line(self, *texts: str, style: str = "plain") -> None:
        """One row of texts."""
        for column, text in enumerate(texts):
            if text:
                self.sheet.write_string(self.row, column, text, self.formats[style])
        self.row += 1

    def table(self, titles: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """A small table with a header row, and a blank row after it."""
        for column, title in enumerate(titles):
            self.sheet.write_string(self.row, column, title, self.formats["head"])
        self.row += 1
        for row in rows:
            for column, text in enumerate(row):
                self.sheet.write_string(self.row, column, text, self.formats["cell"])
            fit_row(self.sheet, self.row, zip(row, _WIDTHS, strict=False))
            self.row += 1
        self.row += 1


def write_guide(
    guide: GuideWriter, pack: Pack, specs: Sequence[TableSpec], variant: str | None, caps: Sequence[tuple[str, str]]
) -> None:
    """Fills the whole 说明 sheet."""
    chosen = pack.variants.get(variant) if variant is not None else None
    guide.line(f"{pack.title} 基础数据表", style="title")
    guide.note(f"指标包 {pack.id} {pack.version};评价对象:{pack.object}" + (f";{chosen.title}" if chosen else ""))
    guide.note(f"依据:{';'.join(source_text(s) for s in pack.basis)}")
    for note in pack.notes:
        guide.note(note)
    guide.row += 1
    guide.line("一、怎样填写", style="section")
    for number, step in enumerate(_STEPS, 1):
        guide.note(f"{number}. {step}")
    guide.row += 1
    guide.line("二、图例", style="section")
    guide.line("必填列", "表头带 *,必须填写", style="required")
    guide.line("选填列", "没有数据可以留空", style="head")
    guide.row += 1
    guide.line("三、佐证状态", style="section")
    guide.table(["状态", "含义"], [[s.value, _STATUS_MEANING[s]] for s in EvidenceStatus])
    _proofs(guide, pack, variant)
    _caps(guide, caps)
    guide.line("六、字段说明", style="section")
    for spec in specs:
        if spec.per == "shared":
            guide.note(f"“{spec.title}”没有对象编号列。{spec.note or '各评价对象共用。'}")
    titles = ["表", "字段", "类型", "单位", "必填", "说明", "取值范围"]
    guide.table(titles, [_field_row(t, f) for t in specs for f in own_fields(t)])


_STATUS_MEANING = {
    EvidenceStatus.missing: "还没有资料;已填数值的得分只能是拟得分",
    EvidenceStatus.unverified: "资料已交,未核实;只能得拟得分",
    EvidenceStatus.verified: "资料与填报一致",
    EvidenceStatus.contradicted: "资料与填报不一致,以核定值为准",
    EvidenceStatus.overdue: "发过补充资料通知,期满仍未提供;按规则计零分",
}


def _proofs(guide: GuideWriter, pack: Pack, variant: str | None) -> None:
    guide.line("四、取证要求", style="section")
    trees = [v for name, v in pack.variants.items() if variant in (None, name)]
    weights = [{i.code: i.weight for i in in_tree(v, pack.indicators)} for v in trees]
    if len(trees) > 1 and any(v.weights for v in trees):
        guide.note(f"分值依次为:{'/'.join(v.title for v in trees)};—— 表示该指标树不设此指标。")
    else:
        weights = weights[:1] or [{i.code: i.weight for i in pack.indicators}]
    asked = [i for i in pack.indicators if any(i.code in w for w in weights)]
    if asked:
        titles = ["指标编码", "指标", "一级指标", "分值", "性质", "应提供的资料", "依据"]
        guide.table(titles, [_proof_row(i, [w.get(i.code) for w in weights]) for i in asked])
    if pack.indicator_sheet is not None:
        guide.note(f"“{pack.indicator_sheet.title}”表中的每个指标,请在“佐证资料”列写明资料名称,并登记到“佐证清单”。")
        guide.row += 1


def _proof_row(indicator: Indicator, weights: Sequence[Decimal | None]) -> list[str]:
    return [
        indicator.code,
        indicator.name,
        indicator.level1,
        "/".join("——" if w is None else trimmed(w) for w in weights),
        DIRECTION_SIGNS[indicator.direction],
        "、".join(indicator.proof) or "——",
        source_text(indicator.clause) if indicator.clause else "——",
    ]


def _caps(guide: GuideWriter, caps: Sequence[tuple[str, str]]) -> None:
    guide.line("五、须核查的情形", style="section")
    if caps:
        guide.table(["情形代码", "情形"], [list(c) for c in caps])
    else:
        guide.note("本办法没有规定,或评价计划中另行指定。")
        guide.row += 1


def _field_row(table: TableSpec, spec: FieldSpec) -> list[str]:
    required = "必填" if spec.required else ""
    unit = declared_unit(spec) or ""
    return [table.title, spec.title, TYPE_NAMES[spec.type], unit, required, spec.note or "", range_text(spec)]


def range_text(spec: FieldSpec) -> str:
    """A field's allowed values in words; empty when it is free."""
    if spec.codes:
        return "、".join(spec.codes)
    low, high, unit = spec.min, spec.max, declared_unit(spec) or ""
    if low is None and high is None:
        return f"≥0{unit}" if spec.type == "money" else ""
    bounds = [
        f"≥{trimmed(low)}{unit}" if low is not None else "",
        f"≤{trimmed(high)}{unit}" if high is not None else "",
    ]
    return " 且 ".join(b for b in bounds if b)


def source_text(source: Source) -> str:
    """A source as a reader cites it: 《…》(财预〔2021〕101号)第三条."""
    number = f"({source.number})" if source.number else ""
    name = source.document if source.document.startswith("《") else f"《{source.document}》"
    return f"{name}{number}{source.clause or ''}"
