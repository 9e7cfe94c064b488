"""复核表.xlsx: 汇总, 问题清单, and a sheet to print for every form. Texts are texts, numbers plain: no cell is a formula."""

from __future__ import annotations

import io
from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from workbench.base.packed import FIXED, repacked
from workbench.base.safetext import safe
from workbench.base.text import plain
from workbench.recheck.outcome import Finding
from workbench.recheck.writing.formsheet import write_form
from workbench.recheck.writing.look import Look
from workbench.recheck.writing.rows import Cell
from workbench.recheck.writing.told import AUTHOR, Batch, Told, place_of

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

NAME, FILE = "复核表", "复核表.xlsx"
SUMMARY, FINDINGS, NOTES = "汇总", "问题清单", "说明"
VOLUME = 200
"""Forms of one workbook: with more sheets nobody finds one, and it takes long to open."""
_SUMMARY = (
    *(("序号", 6), ("项目", 30), ("单位", 22), ("自评得分", 9), ("规则复算得分(区间)", 13), ("复核得分", 9)),
    *(
        ("偏差(复核-自评)", 10),
        ("偏离度(%)(自评偏高为正)", 12),
        ("自评等级", 8),
        ("复核等级", 8),
        ("问题数", 7),
        ("主要原因", 52),
    ),
)
_FINDINGS = (
    *(("序号", 6), ("项目", 18), ("单位", 14), ("级别", 6), ("问题", 15), ("位置", 13), ("指标", 14)),
    *(("所写", 16), ("应为", 16), ("说明", 34), ("建议", 24), ("依据", 20), ("代码", 20), ("文件", 26)),
)
_PRINTED = 12
"""Columns of the list of findings that are printed: a code and a file name serve on screen only."""
_TEXT_COLUMNS = frozenset(
    {
        *("项目", "单位", "主要原因", "问题", "位置", "指标", "所写", "应为", "说明", "建议", "依据", "代码", "文件"),
        *("事项", "内容"),
    }
)
_MOST_ROWS = 1_048_000
"""Rows of a sheet, nearly; findings.csv has them all."""


def volumes(batch: Batch) -> list[tuple[Told, ...]]:
    """The forms of each further workbook; none where one workbook has all of them."""
    parts = [batch.forms[i : i + VOLUME] for i in range(0, len(batch.forms), VOLUME)]
    return parts if len(parts) > 1 else []


def workbook(batch: Batch) -> bytes:
    """复核表.xlsx: with the sheets of all forms, or leading to the volumes that have them."""
    parts = volumes(batch)
    if not parts:
        return _book(batch, batch.forms, {told.number: "" for told in batch.forms})
    return _book(batch, (), {told.number: volume_name(part) for part in parts for told in part})


def volume_name(part: Sequence[Told]) -> str:
    """``复核表-0001至0200.xlsx``."""
    return f"{NAME}-{part[0].number:04}至{part[-1].number:04}.xlsx"


def _book(batch: Batch, forms: Sequence[Told], files: dict[int, str]) -> bytes:
    with _Made(f"{NAME} {batch.title}".strip()) as made:
        look = Look(made.book)
        _summary(look, made.book.add_worksheet(SUMMARY), batch, files)
        _findings(look, made.book.add_worksheet(FINDINGS), batch)
        _notes(look, made.book.add_worksheet(NOTES), batch)
        for told in forms:
            write_form(look, made.book.add_worksheet(sheet_name(told)), told, batch, f"internal:'{SUMMARY}'!A1")
    return made.data


def volume(batch: Batch) -> bytes:
    """The volume over these forms."""
    with _Made(f"{NAME} {batch.title}".strip()) as made:
        look = Look(made.book)
        for told in batch.forms:
            back = f"external:{FILE}#'{SUMMARY}'!A1"
            write_form(look, made.book.add_worksheet(sheet_name(told)), told, batch, back)
    return made.data


class _Made:
    """A workbook in the making; ``data`` once it is closed."""

    book: Workbook
    data: bytes

    def __init__(self, title: str) -> None:
        from xlsxwriter import Workbook

        self._stream = io.BytesIO()
        options = {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        self.book = Workbook(self._stream, options)
        self.book.set_properties({"title": safe(title)[:250], "author": AUTHOR, "created": FIXED})

    def __enter__(self) -> _Made:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is None:
            self.book.close()
            self.data = repacked(self._stream.getvalue())


def sheet_name(told: Told) -> str:
    """``0012 道路维修``: unique by its number, legal, short enough; everything else about a name is a reader's help only."""
    name = "".join(c for c in safe(told.project) if c.isalnum() or c in "-_()（）·、 ")
    return f"{told.number:04} {name[:20]}".strip()


def _summary(look: Look, sheet: Worksheet, batch: Batch, files: dict[int, str]) -> None:
    rows = [_summary_row(told) for told in batch.forms]
    look.table(sheet, _SUMMARY, rows, fixed=2, texts=_TEXT_COLUMNS, title=batch.title)
    for at, told in enumerate(batch.forms, 1):
        file = files[told.number]
        target = f"external:{file}#" if file else "internal:"
        # Not on the name: LibreOffice does not wrap a link.
        sheet.write_url(at, 0, f"{target}'{sheet_name(told)}'!A1", look.link)
        sheet.write_number(at, 0, told.number, look.link)


def _summary_row(told: Told) -> list[Cell]:
    one = told.one
    points: list[Cell] = [told.own, told.recomputed if one.low != one.high else one.total, one.decided]
    found = Decimal(len(one.findings))
    grades: list[Cell] = [one.self_grade, one.grade]
    return [
        None,
        told.project,
        told.unit,
        *points,
        told.difference,
        told.deviation,
        *grades,
        found,
        told.reason,
    ]


def _findings(look: Look, sheet: Worksheet, batch: Batch) -> None:
    pairs: list[tuple[Told | None, Finding]] = [(told, f) for told in batch.forms for f in told.one.findings]
    pairs += [(None, finding) for finding in batch.loose]
    rows = [_finding_row(batch, n, told, f) for n, (told, f) in enumerate(pairs[:_MOST_ROWS], 1)]
    look.table(sheet, _FINDINGS, rows, fixed=2, texts=_TEXT_COLUMNS, title=batch.title)
    sheet.print_area(0, 0, max(1, len(rows)), _PRINTED - 1)


def _finding_row(batch: Batch, number: int, told: Told | None, f: Finding) -> list[Cell]:
    who: list[Cell] = ["", ""] if told is None else [told.project, told.unit]
    where: list[Cell] = [f.severity.value, batch.title_of(f.code), place_of(f), f.indicator or f.field]
    what: list[Cell] = [f.found, f.expected, f.message, f.suggestion, batch.source_of(f.code), f.code, f.file]
    return [Decimal(number), *who, *where, *what]


def _notes(look: Look, sheet: Worksheet, batch: Batch) -> None:
    rows: list[list[Cell]] = [
        ["计分规则", batch.ruleset or "—"],
        [
            "规则复算得分",
            "按计分规则,由表中的指标值、完成值和分值复算;规则只能给出范围的(如定性指标)写成区间,由复核人员选定",
        ],
        ["规则复算总分", "各项之和;区间内取自评得分,自评得分在区间外的取最近的一端"],
        ["没有复算总分", "有一项不能复算的,总分空着,“主要原因”写明是哪些项、为什么"],
        ["部门整体支出", "部门整体支出自评表没有项目名称,以单位名称为项目,按单位与项目清单、批复目标对照"],
        ["复核得分", "复核人员逐项核定后才有;没有佐证,只有复算"],
        ["复核等级", "按复核得分定,没有复核得分的空着;复算等级见各表的合计行,区间跨两个等级的不定"],
        ["偏差", "复核得分-自评得分;尚无复核得分的,用规则复算得分"],
        [
            "偏离度",
            "(自评得分-复核得分)÷自评得分,自评偏高为正,与偏差方向相反;指标和项目同一口径;尚无复核得分的,用规则复算得分",
        ],
        ["指标性质、计量单位", "表中没有这两列的,从指标值的文字读出;括号里的性质表中没有写,由指标的类型推定"],
        ["级别", "P0 自相矛盾或违反规定,从表中即可证明;P1 很可能有误,须由填报单位说明;P2 填写质量问题"],
        ["数字", f"都是结果的数字,不是公式;共{len(batch.forms)}张自评表,{plain(Decimal(len(batch.findings)))}个问题"],
    ]
    rows += [["未能读取", f"{p.place.file if p.place else ''}：{p.message}"] for p in batch.refused]
    look.table(sheet, (("事项", 16), ("内容", 100)), rows, fixed=0, texts=_TEXT_COLUMNS, title=batch.title)
