"""Dates, years, signatures: the form as a document."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import PurePosixPath

from workbench.base.text import trimmed
from workbench.recheck.findings.reviewed import PROMPT, Reviewed, name_of, sentences, text_of
from workbench.recheck.findings.rule import Params, Seen
from workbench.recheck.values import TypedRow, actual_of
from workbench.recheck.values.moments import moment_of

_NAMING = 4
"""Characters of the shortest name of an indicator that is looked for in a text."""
_AMOUNT = r"\d+(?:\.\d+)?(?:%|[万亿]?(?:[个项座处人名户次场期亩吨米元件套台]|平方米|公里|人次|立方米))?"
_STAGES = ("开工|启动|开始|进场", "完工|竣工|建成|交付|完成时间|完成时限|完成日期", "验收")
_STAGE_WORDS = re.compile(
    r"(?:项目|工程)?(?:按[时期])?(?:开工|启动|开始|进场|完工|竣工|建成|交付|完成|验收|时间|时限|日期|及时性?|率)+"
)
_FISCAL_YEAR = re.compile(r"(20\d\d)年度")
_OPENING_YEAR = re.compile(r"(20\d\d)年(?:度|计划|全年|拟|预计)")
_FILE_YEAR = re.compile(r"(20\d\d)(?:年度|年)")
_SCORED = re.compile(
    r"(?:自评(?:总|综合)?(?:得分|分数|评分|得)|自评总分|综合得分|自评分|总得分)(?:为|是|达|共)?:?(\d{1,3}(?:\.\d+)?)分"
)


def dates_order(form: Reviewed, params: Params) -> Iterator[Seen]:
    """Begun, finished, accepted: in this order; and nothing after the day the form was filled in."""
    dated = [(t, stage, core, *span) for t in form.rows if (span := _span(form, t)) for stage, core in [_stage(t)]]
    for first, stage, core, earliest, _ in dated:
        for second, later_stage, other, _, latest in dated:
            if -1 < stage < later_stage and core == other and latest < earliest:
                told = {"other": name_of(first.row), "date": text_of(first.row.actual)}
                yield Seen(
                    second.row.actual,
                    "实际完成值",
                    name_of(second.row),
                    f"不早于{text_of(first.row.actual)}",
                    told=told,
                )
    filled_on = _filled_on(form)
    for typed, _, _, earliest, _ in dated:
        if filled_on is not None and earliest > filled_on:
            told = {"other": "填报日期", "date": filled_on.isoformat()}
            yield Seen(
                typed.row.actual, "实际完成值", name_of(typed.row), f"不晚于填报日期{filled_on.isoformat()}", told=told
            )


def _span(form: Reviewed, typed: TypedRow) -> tuple[date, date] | None:
    moment = typed.actual.moment
    return None if moment is None or moment.before else moment.span(form.form.year)


def _stage(typed: TypedRow) -> tuple[int, str]:
    """Which stage an indicator dates, -1 for none, and of what."""
    name = text_of(typed.row.level3)
    found = [i for i, words in enumerate(_STAGES) if re.search(words, name)]
    return (found[-1] if found else -1), _STAGE_WORDS.sub("", name)


def _filled_on(form: Reviewed) -> date | None:
    moment = moment_of(text_of(form.form.labels.get("填报日期")))
    span = moment.span(moment.year) if moment is not None and moment.year is not None else None
    return None if span is None else span[1]


def year_mismatch(form: Reviewed, params: Params) -> Iterator[Seen]:
    """Title, head, goals, file name and dates speak of one year."""
    own, paper = form.form.year, form.form
    for field, cell in (("标题", paper.title), ("项目名称", paper.project), ("评价年度", paper.labels.get("评价年度"))):
        years = {int(y) for y in re.findall(r"20\d\d" if field == "评价年度" else _FISCAL_YEAR, text_of(cell))}
        if len(years) > 1 or (field != "项目名称" and years and own is not None and own not in years):
            yield Seen(cell, field, "", f"{own or min(years)}年度")
            return
    if own is not None:
        yield from _years_elsewhere(form, own)


def _years_elsewhere(form: Reviewed, own: int) -> Iterator[Seen]:
    paper = form.form
    stem = PurePosixPath(paper.file).stem
    years = {int(y) for y in _FILE_YEAR.findall(stem)}
    # A form of 2022 is filled in in 2023, and many name the file by that year.
    if years and not years & {own, own + 1}:
        yield Seen(paper.title, "标题", "", f"{own}年度", f"文件名“{stem}”")
    for field, cell in (("预期目标", paper.expected), ("实际完成情况", paper.achieved)):
        opening = _OPENING_YEAR.match(text_of(cell))
        if opening is not None and int(opening[1]) != own:
            yield Seen(cell, field, "", f"{own}年", f"{opening[0]}……")
    filled_on = _filled_on(form)
    if filled_on is not None and filled_on.year < own:
        yield Seen(paper.labels["填报日期"], "填报日期", "", f"{own}年以后的日期")
    wanted = [
        (t, t.target.moment.year) for t in form.rows if t.target.moment is not None and t.target.moment.year is not None
    ]
    for typed, year in wanted:
        done = typed.actual.moment.year if typed.actual.moment is not None else None
        # A deadline of next year is a plan; one that has been kept before the form was filled in is another year's form.
        if year < own or (year == done == own + 1 and all(y == year for _, y in wanted)):
            yield Seen(typed.row.target, "年度指标值", name_of(typed.row), f"{own}年度内的时间")


def total_noted(form: Reviewed, params: Params) -> Iterator[Seen]:
    """A sentence of the form that names 自评得分 names the one of the table."""
    total, paper = form.total, form.form
    cells = (paper.achieved, *paper.notes, paper.labels.get("评价结论"), paper.labels.get("自评报告"))
    for cell, text in sentences(paper, *cells):
        for stated in _SCORED.findall(text):
            if total is not None and abs(Decimal(stated) - total) > params.number("tolerance"):
                yield Seen(cell, "文字说明", "", f"{trimmed(total)}分", f"自评得分{stated}分")
                return


def achieved_differs(form: Reviewed, params: Params) -> Iterator[Seen]:
    """实际完成情况 that names an indicator with a number names its actual."""
    said = text_of(form.form.achieved)
    for typed in form.rows:
        name, actual = text_of(typed.row.level3), typed.actual
        if actual.number is None or actual.high is not None or actual.rough or len(name) < _NAMING or name not in said:
            continue
        stated = re.findall(rf"{re.escape(name)}(?:为|达到|达|是|共计?|:)?({_AMOUNT})", said)
        numbers = [actual_of(text, typed.target, text_of(typed.row.unit)).number for text in stated]
        if len(numbers) == 1 and numbers[0] is not None and numbers[0] != actual.number:
            shown = f"{trimmed(actual.number)}{typed.target.unit}"
            yield Seen(form.form.achieved, "实际完成情况", name_of(typed.row), shown, f"“{name}”{stated[0]}")


def prompt_left(form: Reviewed, params: Params) -> Iterator[Seen]:
    """What the template asks for still stands where the answer belongs: (200字以内)."""
    paper = form.form
    cells = [("预期目标", paper.expected), ("实际完成情况", paper.achieved), *paper.labels.items()]
    cells += [("偏差原因分析及改进措施", typed.row.remark) for typed in form.rows]
    for field, cell in cells:
        if PROMPT.search(text_of(cell)):
            yield Seen(cell, field, "", "填写内容")


def signature_missing(form: Reviewed, params: Params) -> Iterator[Seen]:
    """Who is to sign has signed; a form without such a line is not asked."""
    blank = [
        (name, cell)
        for name in params.words("labels")
        if (cell := form.form.labels.get(name)) is not None and cell.blank
    ]
    if blank:
        yield Seen(blank[0][1], "签字", "", "签字", f"{'、'.join(name for name, _ in blank)}空白")
