"""批量运行汇总.xlsx: the counts, the failed plans with what to do, every subject, and how grades and points are distributed."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from workbench.base.errors import Problem
from workbench.base.exact import half_up
from workbench.reports.batch.charts import grade_alt, grade_chart, points_alt, points_chart
from workbench.reports.batch.distribution import Distribution, distributions
from workbench.reports.batch.rows import Heading, Line, Row, facts, lines
from workbench.reports.save import png_bytes
from workbench.reports.sheets import Cell, Column, Link, Picture, Sheet, workbook_bytes

FILE = "批量运行汇总.xlsx"
_MOST_ROWS = 1_048_000
"""Rows of a sheet, nearly."""
_SUBJECTS = (
    *(Column("序号", 6), Column("评价编号", 16), Column("评价名称", 24), Column("评价对象", 18), Column("状态", 9)),
    *(Column("得分", 8), Column("得分区间", 14), Column("等级", 10), Column("错误", 6), Column("提醒", 6)),
    *(Column("运行文件夹", 19), Column("用时(秒)", 9, places=2), Column("次数", 6), Column("指标包", 16)),
    Column("计划", 18),
)
_FAILED = (
    *(Column("序号", 6), Column("计划", 20), Column("评价编号", 12), Column("文件", 18), Column("工作表", 10)),
    *(
        Column("行", 5),
        Column("字段", 12),
        Column("问题", 28),
        Column("实际", 14),
        Column("应为", 16),
        Column("怎么办", 26),
    ),
)
_GRADES = (
    *(Column("指标包", 34), Column("等级", 14), Column("评价对象(个)", 13)),
    *(Column("其中暂定(个)", 13), Column("占比(%)", 10, places=1)),
)
_BANDS = (
    *(Column("指标包", 34), Column("得分", 16), Column("有总分(个)", 13)),
    Column("待定而区间跨到此段(个)", 22),
)


def workbook(rows: Sequence[Row], heading: Heading) -> bytes:
    """The workbook, the same bytes for the same rows in the same order."""
    found, listed, failed = distributions(rows), lines(rows), [row for row in rows if row.failed]
    sheets = [Sheet("概况", (Column("事项", 24), Column("内容", 90)), _facts(rows, heading, listed))]
    if failed:
        sheets.append(Sheet("失败的计划", _FAILED, _failures(failed)[:_MOST_ROWS], fixed=2, across=1, sifted=True))
    subjects = [_subject(n, line, heading) for n, line in enumerate(listed[:_MOST_ROWS], 1)]
    sheets.append(Sheet("评价对象", _SUBJECTS, subjects, fixed=4, across=1, sifted=True))
    if found:
        sheets.append(Sheet("等级分布", _GRADES, [row for one in found for row in _grades(one)], fixed=1))
        sheets.append(Sheet("得分分布", _BANDS, [row for one in found for row in _bands(one)], fixed=1))
        # Of the pack with the most subjects; the tables before have all of them.
        sheets.append(
            Sheet("等级分布图", (), [], picture=Picture(png_bytes(grade_chart(found[0])), grade_alt(found[0])))
        )
        sheets.append(
            Sheet("得分分布图", (), [], picture=Picture(png_bytes(points_chart(found[0])), points_alt(found[0])))
        )
    return workbook_bytes(heading.title, sheets)


def _facts(rows: Sequence[Row], heading: Heading, listed: Sequence[Line]) -> list[list[Cell]]:
    made: list[list[Cell]] = [["批次", heading.name]]
    made += [[name, text] for name, text in facts(rows, heading)]
    if any(row.verdicts for row in rows):
        made += [
            ["得分", "有未评分指标的对象没有总分,只给出得分区间,等级待定"],
            ["错误、提醒、用时", "是一次运行的,一份计划有几个评价对象的只写在第一个对象的一行"],
            ["得分分布", "每段含下限,最高一段含上限;待定的按得分区间,跨到的每一段都计一次"],
        ]
    made += [["图", "画的是评价对象最多的指标包"]] if len({r.pack for r in rows if r.verdicts}) > 1 else []
    if len(listed) > _MOST_ROWS:
        made.append(["没有列出", f"一张工作表放不下,另有{len(listed) - _MOST_ROWS}行未列出"])
    return made


def _subject(number: int, line: Line, heading: Heading) -> list[Cell]:
    row, verdict = line.row, line.verdict
    counts: list[Cell] = [row.errors, row.warnings] if line.first and not row.failed else [None, None]
    time: list[Cell] = [seconds(row), row.attempts] if line.first else [None, None]
    said: list[Cell] = [None] * 4
    if verdict is not None:
        total = Decimal(verdict.total) if verdict.total is not None else None
        said = [verdict.name or verdict.subject, total, verdict.interval, verdict.grade_text]
    return [
        *(number, row.evaluation, row.title, said[0], row.state, *said[1:], *counts),
        *(_link(row, heading), *time, row.pack, row.task),
    ]


def _link(row: Row, heading: Heading) -> Cell:
    return Link(row.folder.rpartition("/")[2], f"{heading.runs}/{row.folder}") if row.folder else None


def seconds(row: Row) -> Decimal | None:
    """The time of a run; None where nothing ran."""
    return half_up(Decimal(str(row.seconds)), 2) if row.seconds else None


def _failures(failed: Sequence[Row]) -> list[list[Cell]]:
    told = [(row, problem) for row in failed for problem in row.problems or (None,)]
    return [[number, row.task, row.evaluation, *_problem(problem)] for number, (row, problem) in enumerate(told, 1)]


def _problem(problem: Problem | None) -> list[Cell]:
    if problem is None:
        return [None, None, None, None, "没有写明原因", None, None, None]
    place = problem.place
    return [
        *(place.file, place.sheet, place.row or place.line, place.field or place.key),
        *(problem.message, problem.found, problem.expected, problem.fix),
    ]


def _grades(of: Distribution) -> list[list[Cell]]:
    return [[of.name, g.grade, g.count, g.provisional, g.share] for g in of.grades]


def _bands(of: Distribution) -> list[list[Cell]]:
    return [[of.name, b.name, b.scored, b.possible] for b in of.bands]
