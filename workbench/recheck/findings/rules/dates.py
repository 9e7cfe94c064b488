"""Dates and years: what comes before what, and one year throughout."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from pathlib import PurePosixPath

from workbench.recheck.findings.reviewed import Reviewed, name_of, sentences, text_of
from workbench.recheck.findings.rule import Params, Seen
from workbench.recheck.model import Written
from workbench.recheck.values import TypedRow
from workbench.recheck.values.moments import moment_of

_STAGES = tuple(
    re.compile(words)
    for words in (
        r"立项|可研|勘察|设计|方案",
        r"招标|招投标|政府采购|磋商|比选|询价|采购公告",
        r"中标|合同|签约|签订|下达",
        r"开工|动工|启动|开始|进场|开班|开课|起始|实施",
        r"到货|供货",
        r"安装|调试|完工|竣工|建成|交付|交工|结束|结业|结课|终止|拨付",
        r"验收|投入使用|启用|投用|投入运行|正式运行",
        r"结算|决算|竣工审计|审计",
    )
)
_FINISHED = 5
"""The stage that 完成时间 dates where a name says nothing closer."""
_DONE = re.compile(r"完成(?:时间|时限|日期)")
_NEXT = frozenset({(1, 2), (5, 6)})
"""Stages of one thing even where only one of the two names says of what: a tender and its contract, works and their acceptance."""
_STAGE_WORDS = re.compile(
    r"(?:项目|工程|采购|货物|施工)*(?:按[时期])?(?:"
    r"立项|可研|初步|勘察|设计|方案|制定|编制|下达|实施|施工|到货|供货|安装|调试|拨付|招投标|招标|政府采购|磋商|比选|询价|采购公告|中标|合同|签约|签订|开工|动工|启动|开始|进场|开班|开课|起始"
    r"|完工|竣工|建成|交付|交工|结束|结业|结课|终止|完成|验收|投入使用|启用|投用|投入运行|正式运行|结算|决算|审计|时间|时限|日期|及时性?|率)+"
)
_DAY_TOLD = re.compile(r"(?:20\d\d年|当年|本年)?\d{1,2}月\d{1,2}[日号]")
_NEVER = re.compile(r"(?!)")
_TOLD_STAGES = (
    _NEVER,
    re.compile(r"开标|中标|招标"),
    re.compile(r"合同|签约|签订"),
    re.compile(r"开工|动工|开班|开课"),
    _STAGES[4],
    re.compile(r"完工|竣工|建成|交付|交工|结业|结课"),
    _STAGES[6],
)
"""Of the stages those that a sentence means when it dates them; 实施 and 启动 may be of anything."""
_NOT_DONE = re.compile(
    r"计划|预计|拟|应|须|原定|推迟|延[期至迟]|次年|[前至起]$|[前至起][^,。;]{0,2}$|再次|二次|重新|补充|追加|批|标段|[一二三四两]期|部分|首|其中|分别|陆续|试"
)
"""A clause that dates a plan, or one of several things."""
_FISCAL_YEAR = re.compile(r"(20\d\d)年度")
_FILE_YEAR = re.compile(r"(20\d\d)(?:年度|年)")
_ANY_YEAR = re.compile(r"(20\d\d)年")
_DOING_YEAR = re.compile(
    r"(?:^|[,。;]|在|于|我[局县市区院校]|本单位)(20\d\d)年(?![^。;]*(?:以来|基础上|需求|情况|规划|部署|精神|要求|结转|启动|立项))"
    r"(?:度|全年)?,?[^,。;起以底末初至启前后\d]{0,6}?"
    r"(?:度|计划|全年|拟|预计|举办|开展|完成|实施|建设|采购|购置|发放|培训|新建|改造|维修|资助|补助|实现|支持|保障|安排|推进)"
)
"""A year in which something is or was to be done; 2021年启动的三年行动 and 2023年以来 tell of what went before."""
_DONE_YEAR = re.compile(
    r"(?:^|[,。;])(?:完成|通过实施|实施|开展|做好|保障)(20\d\d)年(?![^。;]*(?:以来|结转|启动|立项|规划))"
    r"|(?:^|[,。;])(20\d\d)年1月?(?:-|~|至|到)12月(?![^。;]*(?:以来|结转))"
    r"|^(20\d\d)年(?:度|全年)?,?(?:为|对|向|给|共|累计)(?![^。;]*(?:以来|基础上|需求|规划|结转|启动|立项))[^,。;]{0,24}?(?:发放|完成|实施|采购|培训|资助|补助|支付|保障|开展|提供)"
)
_YEAR_LINE = re.compile(r"[(\[]?(20\d\d)年度?[)\]]?")
"""A line below the title that says nothing but the year."""
_PLANNED = re.compile(r"(20\d\d)年(?:度|计划|全年|拟|预计)(?![^。;]*(?:以来|结转|尾款|基础上|启动|立项))")


def dates_order(form: Reviewed, params: Params) -> Iterator[Seen]:
    """Tendered, contracted, begun, finished, accepted: in this order; and nothing after the day the form was filled in."""
    dated = [(t, *_stage(text_of(t.row.level3)), *span) for t in form.rows if (span := _span(form, t))]
    for first, stage, core, earliest, _ in dated:
        for second, later_stage, other, _, latest in dated:
            if latest < earliest and -1 < stage < later_stage and _of_one(core, other, stage, later_stage):
                yield _reversed(second, name_of(first.row), text_of(first.row.actual), "不早于")
    for typed, stage, core, earliest, latest in dated:
        yield from _against_sentences(form, typed, stage, core, earliest, latest)
    filled_on = _filled_on(form)
    for typed, _, _, earliest, _ in dated:
        if filled_on is not None and earliest > filled_on:
            yield _reversed(typed, "填报日期", filled_on.isoformat(), "不晚于填报日期")


def _against_sentences(
    form: Reviewed, typed: TypedRow, stage: int, core: str, earliest: date, latest: date
) -> Iterator[Seen]:
    """实际完成情况 that dates another stage of the same thing: in use on 9月20日, delivered on 11月15日."""
    for words, stages, first, last in _told_days(form):
        pairs = {core[i : i + 2] for i in range(len(core) - 1)}
        if stage < 0 or (core and not any(pair in words for pair in pairs)):
            continue
        if any(s < stage for s in stages) and latest < first:
            yield _reversed(typed, "实际完成情况", first.isoformat(), "不早于")
            return
        if any(s > stage for s in stages) and earliest > last:
            yield _reversed(typed, "实际完成情况", last.isoformat(), "不晚于")
            return


def _told_days(form: Reviewed) -> Iterator[tuple[str, list[int], date, date]]:
    """(words, stages, first and last day) of each clause that tells one day on which something was done."""
    for _, text in sentences(form.form, form.form.achieved):
        for clause in re.split(r"[,;:()]", text):
            days = _DAY_TOLD.findall(clause)
            stages = [i for i, words in enumerate(_TOLD_STAGES) if words.search(clause)]
            moment = moment_of(days[0]) if len(days) == 1 and stages and not _NOT_DONE.search(clause) else None
            span = None if moment is None else moment.span(form.form.year)
            if span is not None:
                yield clause, stages, *span


def _reversed(typed: TypedRow, other: str, day: str, how: str) -> Seen:
    told = {"other": other, "date": day}
    return Seen(typed.row.actual, "实际完成值", name_of(typed.row), f"{how}{day}", told=told)


def _span(form: Reviewed, typed: TypedRow) -> tuple[date, date] | None:
    moment = typed.actual.moment or (moment_of(text_of(typed.row.actual)) if typed.target.blank else None)
    return None if moment is None or moment.before else moment.span(form.form.year)


def _of_one(core: str, other: str, stage: int, later: int) -> bool:
    return core == other or (not (core and other) and (stage, later) in _NEXT)


@lru_cache(maxsize=4096)
def _stage(name: str) -> tuple[int, str]:
    """Which stage an indicator dates, -1 for none, and of what."""
    found = [i for i, words in enumerate(_STAGES) if words.search(name)]
    stage = found[-1] if found else _FINISHED if _DONE.search(name) else -1
    return stage, _STAGE_WORDS.sub("", name)


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
    for line in paper.notes:
        match = _YEAR_LINE.fullmatch(text_of(line))
        if match is not None and int(match[1]) != own:
            yield Seen(line, "标题", "", f"{own}年度")
    stem = PurePosixPath(paper.file).stem
    years = {int(y) for y in _FILE_YEAR.findall(stem)}
    # A form of 2022 is filled in in 2023, and many name the file by that year.
    if years and not years & {own, own + 1}:
        yield Seen(paper.title, "标题", "", f"{own}年度", f"文件名“{stem}”")
    for field, cell in (("预期目标", paper.expected), ("实际完成情况", paper.achieved)):
        told = _told_year(cell, own)
        if told:
            yield Seen(cell, field, "", f"{own}年", f"{told}……")
    filled_on = _filled_on(form)
    if filled_on is not None and filled_on.year < own:
        yield Seen(paper.labels["填报日期"], "填报日期", "", f"{own}年以后的日期")
    yield from _deadlines(form, own)


def _told_year(cell: Written | None, own: int) -> str:
    """Words by which goals or results are another year's, where they name no other year; empty for none."""
    text = text_of(cell)
    opening = _PLANNED.match(text)
    if opening is not None and int(opening[1]) != own:
        return opening[0]
    years = {int(year) for year in _ANY_YEAR.findall(text)}
    doing = _DOING_YEAR.search(text) or _DONE_YEAR.search(text)
    return doing[0].strip(",。;") if doing is not None and len(years) == 1 and own not in years else ""


def _deadlines(form: Reviewed, own: int) -> Iterator[Seen]:
    wanted = [(t, t.target.moment.year) for t in form.rows if t.target.moment is not None]
    known = [(typed, year) for typed, year in wanted if year is not None]
    for typed, year in known:
        done = typed.actual.moment.year if typed.actual.moment is not None else None
        # A deadline of next year is a plan; one that has been kept before the form was filled in is another year's form.
        if year < own or (year == done == own + 1 and all(y == year for _, y in known)):
            yield Seen(typed.row.target, "年度指标值", name_of(typed.row), f"{own}年度内的时间")
    for typed, set_for in wanted:
        moment = typed.actual.moment
        early = moment is not None and moment.year is not None and (moment.year, moment.last[0]) < (own - 1, 12)
        if early and (set_for is None or set_for >= own):
            yield Seen(typed.row.actual, "实际完成值", name_of(typed.row), f"{own}年度内的时间")
