"""批量运行汇总.xlsx: the counts, the failed plans with what to do, every subject, and how grades and points are distributed."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from workbench.base.errors import Problem
from workbench.base.exact import half_up
from workbench.reports.batch.charts import (
    grade_alt,
    grade_chart,
    grades_drawn,
    points_alt,
    points_chart,
    points_drawn,
)
from workbench.reports.batch.distribution import Distribution, distributions
from workbench.reports.batch.rows import Heading, Line, Row, facts, lines
from workbench.reports.save import png_bytes
from workbench.reports.sheets import Cell, Column, Link, Picture, Sheet, workbook_bytes

FILE = "批量运行汇总.xlsx"
_MOST_ROWS = 1_048_000
"""Rows of a sheet, nearly."""
_SUBJECTS = (
    *(
        Column("评价编号", 18),
        Column("评价名称", 30),
        Column("评价对象", 20),
        Column("得分", 8),
        Column("得分区间", 14),
    ),
    *(Column("等级", 11), Column("状态", 9), Column("错误", 6), Column("提醒", 6), Column("运行文件夹", 19)),
    *(
        Column("用时(秒)", 9, places=2),
        Column("次数", 6),
        Column("指标包", 28),
        Column("计划", 32),
        Column("被评价单位", 22),
    ),
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
    *(Column("指标包", 60), Column("等级", 14), Column("评价对象(个)", 13)),
    *(Column("其中暂定(个)", 13), Column("占比(%)", 10, places=1)),
)
_BANDS = (
    *(Column("指标包", 60), Column("得分", 16), Column("有总分(个)", 13)),
    Column("待定而区间跨到此段(个)", 22),
)


def workbook(rows: Sequence[Row], heading: Heading) -> bytes:
    """The workbook, the same bytes for the same rows in the same order."""
    found, listed, failed = distributions(rows), lines(rows), [row for row in rows if row.failed]
    told = _facts(rows, heading, listed) + _drawn(found)
    sheets = [Sheet("概况", (Column("事项", 24), Column("内容", 90)), told)]
    if failed:
        sheets.append(Sheet("失败的计划", _FAILED, _failures(failed)[:_MOST_ROWS], fixed=2, across=1, sifted=True))
    subjects = [_subject(line, heading) for line in listed[:_MOST_ROWS]]
    # Two pages across: what people read is on the first, in letters as large as elsewhere.
    sheets.append(Sheet("评价对象", _SUBJECTS, subjects, fixed=2, across=2, sifted=True))
    if found:
        sheets.append(Sheet("等级分布", _GRADES, [row for one in found for row in _grades(one)], fixed=1))
        sheets.append(Sheet("得分分布", _BANDS, [row for one in found for row in _bands(one)], fixed=1))
        sheets += _pictures(found[0])
    return workbook_bytes(heading.title, sheets)


def _pictures(of: Distribution) -> list[Sheet]:
    """Of the pack with the most totals; the tables before have all of them."""
    made = []
    if grades_drawn(of):
        made.append(Sheet("等级分布图", (), [], picture=Picture(png_bytes(grade_chart(of)), grade_alt(of))))
    if points_drawn(of):
        made.append(Sheet("得分分布图", (), [], picture=Picture(png_bytes(points_chart(of)), points_alt(of))))
    return made


def _facts(rows: Sequence[Row], heading: Heading, listed: Sequence[Line]) -> list[list[Cell]]:
    made: list[list[Cell]] = [["批次", heading.name]]
    made += [[name, text] for name, text in facts(rows, heading)]
    if any(row.verdicts for row in rows):
        made += [
            ["得分", "有未评分指标的对象没有总分,只给出得分区间,等级待定"],
            [
                "错误、提醒、用时",
                "是一次运行的,一份计划有几个评价对象的只写在第一个对象的一行;没有变化的这次没有运行,不写用时",
            ],
            [
                "得分分布",
                "从有总分的最高一段到最低一段,每段含下限,最高一段含上限;待定的按得分区间,跨到的每一段都计一次,区间也可能伸到各段之外",
            ],
        ]
    if len(listed) > _MOST_ROWS:
        made.append(["没有列出", f"一张工作表放不下,另有{len(listed) - _MOST_ROWS}行未列出"])
    return made


def _drawn(found: Sequence[Distribution]) -> list[list[Cell]]:
    """Which pack is drawn, where there are several and there is a picture."""
    if len(found) < 2 or not (grades_drawn(found[0]) or points_drawn(found[0])):
        return []
    return [["图", f"画的是有总分的对象最多的指标包:{found[0].name}"]]


def _subject(line: Line, heading: Heading) -> list[Cell]:
    row, verdict = line.row, line.verdict
    counts: list[Cell] = [row.errors, row.warnings] if line.first and not row.failed else [None, None]
    time: list[Cell] = [seconds(row), row.attempts] if line.first else [None, None]
    said: list[Cell] = [None] * 4
    if verdict is not None:
        total = Decimal(verdict.total) if verdict.total is not None else None
        said = [verdict.name or verdict.subject, total, verdict.interval, verdict.grade_text]
    return [
        *(row.evaluation, row.title, *said, row.state, *counts),
        *(_link(row, heading), *time, row.pack, row.task, row.evaluated or None),
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
