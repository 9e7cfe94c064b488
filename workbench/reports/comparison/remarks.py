"""The sheet 说明: what is compared, what differs, how the columns are to be read."""

from __future__ import annotations

from collections.abc import Iterator

from workbench.analysis.comparison import Comparison
from workbench.reports.comparison import words
from workbench.reports.comparison.grid import Book, Column

READING = (
    ("自评、复核", "自评各栏为原评价,复核各栏为再评价;双方见本表上部"),
    (words.CLAIMED, "原评价绩效指标表中单位自己填写的得分;没有填写的空着,有一项没有填写的不合计"),
    ("原评价完成值(采用)", "原评价计分所用的完成值:经核实、更正的为核实、更正后的值,不一定是单位填报的值"),
    (words.COMPUTED, "原评价按计分规则计算、经评审的得分"),
    ("偏离度", "(原评价得分−复核得分)÷原评价得分×100%,正数表示复核得分较低;原评价得分为0、未评分和不适用的不计算"),
    ("差异", "复核得分−原评价得分"),
    ("差异原因", "逐项原因按全部先后次序平均分摊(Shapley值),以精确分数计算;各项之和等于差异"),
    ("尾差", "各数均取两位小数,逐项之和与合计之间相差的部分"),
    (words.causes_text(["environment"]), "佐证数据、目标与分值、计分规则、地区办法、专家评审均不能解释的部分"),
    ("表式", f"没有文件规定复核表的格式,本表为通行格式,{words.EXAMPLE}"),
)


def write_remarks(book: Book, comparison: Comparison) -> None:
    """One row per remark: its name, and what it says of each side or of both."""
    columns = [Column("项目", 20), Column("自评(原评价)", 62), Column("复核(再评价)", 62)]
    sheet = book.sheet("说明", "说明", columns, fixed=1)
    for name, old, new in words.side_rows(comparison.old, comparison.new):
        sheet.add([name, old, new])
    for name, text in _remarks(comparison):
        sheet.add_wide(name, text)


def _remarks(comparison: Comparison) -> Iterator[tuple[str, str]]:
    for difference in comparison.differences:
        text = "\n".join(difference.what) if difference.what else "相同"
        yield f"不同之处:{words.causes_text([difference.cause])}", text
    for joined in comparison.joined:
        yield "合并的原因", f"{words.causes_text(joined.causes)}不能分开:{joined.why}"
    for match in comparison.matches:
        state = "已确认" if match.confirmed else "名称相同,待确认,现按不同指标对比"
        yield "编码不同的指标", f"{match.old}→{match.new} {match.name}({state})"
    yield "差异较大的标准", words.thresholds_text(comparison)
    for note in comparison.notes:
        yield "提示", note
    for name, ids in (("只在自评", comparison.only_old), ("只在复核", comparison.only_new)):
        if ids:
            yield name, f"评价对象{'、'.join(ids)}没有对比"
    yield from READING
