"""A whole report over a result, its texts invented: every kind of block, every part of the outline."""

from __future__ import annotations

from collections.abc import Mapping

from workbench.reports import reading
from workbench.reports.document.blocks import Block, Content, Grid, Heading, Paragraph, Picture, Span, paragraph
from workbench.reports.gallery import gallery
from workbench.reports.papers.grid import Column, Line
from workbench.reports.save import png_bytes, svg_bytes
from workbench.reports.tables import score_table
from workbench.scoring.result import RunResult

PROSE = "项目按批复的实施方案推进,主管部门组织了两次现场督导,建设内容、资金拨付和验收资料齐全。"


def whole(result: RunResult, *, edition: str = "征求意见稿", prose: str = PROSE, drawn: bool = True) -> Content:
    """The report on a result; ``prose`` stands wherever an analyst writes."""
    charts = list(gallery(result)) if drawn else []
    parts: dict[str, list[Block]] = {
        name: [paragraph(prose), paragraph(f"(1){prose}", "item"), paragraph(prose, "note")]
        for name in ("项目概况", "绩效目标", "评价目的对象和范围", "评价原则方法和标准", "评价过程", "主要经验及做法")
    }
    parts["资金投入和使用"] = [paragraph(prose), _money()]
    parts["评价组名单"] = [
        Grid("评价组名单", [Column("姓名", 2), Column("职称", 3), Column("分工", 5)], [Line(["王敏", "会计师", prose])])
    ]
    parts["综合评价结论"] = [
        Paragraph((Span("本项目"), Span(f"得{reading.total_text(s)}分", bold=True), Span(f",{s.name}。")))
        for s in result.subjects
    ]
    parts["综合评价结论"] += [Picture(c.name, c.title, c.alt) for c in charts]
    parts["指标分析"] = [
        block
        for n, level in enumerate(result.subjects[0].levels, 1)
        for block in (
            Heading(f"（{'一二三四五六七八九十'[(n - 1) % 10]}）{level.name}情况"),
            paragraph(prose),
            Heading("1.得分情况", 3),
            paragraph(f"得{reading.level_points_text(level)}分。"),
        )
    ]
    parts["有关建议"] = [Heading("1.加强预算管理", 3), paragraph(prose)]
    parts["评分表"] = [_scores(result, n) for n in range(len(result.subjects))]
    parts["方法和核验说明"] = [paragraph(f"资料校验值{result.evidence_digest}")]
    fields = {
        "项目名称": result.title,
        "委托方": "某某市财政局",
        "评价机构": "某某咨询有限公司",
        "主评人": "王敏",
        "评价年度": result.period,
        "总分": reading.total_text(result.subjects[0]),
        "等级": reading.grade_text(result.subjects[0]),
        "运行": "ab" * 32,
        "稿次": edition,
    }
    return Content(
        f"{result.title}绩效评价报告",
        fields,
        parts,
        edition,  # type: ignore[arg-type]
        pictures={c.name: png_bytes(c.draw()) for c in charts},
    )


def drawings(result: RunResult) -> dict[str, bytes]:
    """The charts of a result as SVG."""
    return {c.name: svg_bytes(c.draw(), c.alt) for c in gallery(result)}


def with_parts(content: Content, parts: Mapping[str, list[Block]]) -> Content:
    """The report with these parts put in or changed."""
    return Content(content.title, content.fields, {**content.parts, **parts}, content.edition, (), content.pictures)


def _money() -> Grid:
    columns = [Column("资金来源", 4), Column("预算数", 2, "right"), Column("执行数", 2, "right")]
    lines = [
        Line(["一、财政资金"], "group"),
        Line(["中央\n省级", "120.00", "118.50"]),
        Line(["合计", "120.00", "118.50"], "total"),
    ]
    return Grid("资金投入和使用情况表", columns, lines, note="单位:万元")


def _scores(result: RunResult, n: int) -> Grid:
    table = score_table(result.subjects[n])
    kinds = {"plain": "plain", "subtotal": "group", "total": "total"}
    lines = [
        Line(row if kind != "subtotal" else ["".join(row)], kinds[kind])  # type: ignore[arg-type]
        for row, kind in zip(table.rows, table.kinds, strict=True)
    ]
    return Grid("评分表", [Column(c, 1) for c in table.columns], lines, wide=True, note="示例权重,可改")
