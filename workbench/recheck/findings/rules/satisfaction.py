"""Satisfaction: whether anybody was asked, who was, and whether a number came of it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from workbench.recheck.findings.reviewed import SATISFACTION, Reviewed, filled, name_of, sentences, text_of
from workbench.recheck.findings.rule import Params, Seen
from workbench.recheck.values import Says

_UNASKED = re.compile(
    r"(?:未|没有|没)(?:能)?(?:开展|进行|组织|发放|做|收集|征求|安排|采集|实施)[^,。;]{0,8}(?:满意度|问卷|调查|测评|意见)"
    r"|(?:没有|无|缺少|缺)(?:满意度|相关)?(?:调查)?(?:问卷|调查表|测评表|测评)(?!对象|样本)"
)
_QUIET = re.compile(
    r"(?:无|没有|未(?:收到|接到|发生|出现|发现)|零|0)[^,。;]{0,6}(?:投诉|举报|信访|上访|差评|负面|不满)|视同满意|视为满意|默认满意|据了解"
    r"|(?:群众|对象|居民|村民|学生|家长|企业|各方)(?:均|都)?(?:无|没有)(?:任何)?意见"
    r"|(?:无|没有)[^,。;]{0,4}反映(?:问题|意见|不)"
    r"|凭[^,。;]{0,4}(?:了解|经验|印象|感觉|估计|判断)|(?:不涉及|未涉及|无需)[^,。;]{0,4}(?:满意度|问卷)?调查"
)
_ASKED = re.compile(
    r"(?:问卷|调查|测评|回访|评价器)[^,。;]{0,10}\d[\d.]*万?[份人户名条张]|\d+[份人户名条张][^,。;]{0,4}(?:问卷|调查|测评|回访)"
)
_RATED = re.compile(r"由[^,。;]{0,4}(?:领导|本单位|单位|科室|内部|自行)[^,。;]{0,4}(?:打分|评分|评定)")
_STAFF = re.compile(
    r"^(?:项目|实施|主管|承办|所属|管理)*(?:[本我该](?:单位|部门|机关|系统|局|中心|院|校|站|所|馆|委|办|处|科|队|社|公司)|单位|部门|科室|办公室|机关|内部|全体|本级|全?[局院所站馆委处]内?|中心|项目组|项目办)"
    r"(?:内部|全体|在职|相关|项目)*(?:人员|职工|员工|干部|教职工|工作人员|同志|医护人员)|^(?:局|院)?机关各(?:科室|处室|部门)"
)


def satisfaction_no_survey(form: Reviewed, params: Params) -> Iterator[Seen]:
    """Points for satisfaction that nobody was asked about: the form says so, or takes silence for consent."""
    rows = [t for t in form.of_level(SATISFACTION) if t.points != 0]
    for typed in rows:
        said = f"{text_of(typed.row.actual)}。{text_of(typed.row.remark)}"
        found = params.pattern("words").search(said) or _UNASKED.search(said) or _QUIET.search(said)
        worded = typed.actual.says in (Says.CLAIM, Says.WORDS, Says.ANSWER) and not re.search(r"\d", said)
        if (found and not _asked(form, said, found[0])) or (worded and typed.target.numeric and not typed.actual.told):
            cell = typed.row.remark if found and found[0] in text_of(typed.row.remark) else typed.row.actual
            yield Seen(cell, "满意度", name_of(typed.row), "调查得出的满意度")
    for cell, text in sentences(form.form, form.form.achieved, *form.form.notes) if rows else ():
        if found := _UNASKED.search(text):
            yield Seen(cell, "满意度", name_of(rows[0].row), "调查得出的满意度", found[0])


def _asked(form: Reviewed, said: str, found: str) -> bool:
    """Whether silence is told beside a survey, not in its place."""
    return _QUIET.search(found) is not None and _ASKED.search(f"{said}。{text_of(form.form.achieved)}") is not None


def satisfaction_own_staff(form: Reviewed, params: Params) -> Iterator[Seen]:
    """Those who spent the money rate it themselves."""
    for typed in form.of_level(SATISFACTION):
        called = text_of(typed.row.level3)
        name = params.pattern("names").search(called) or _STAFF.search(called)
        texts = f"{text_of(typed.row.actual)}。{text_of(typed.row.remark)}"
        said = params.pattern("words").search(texts) or _RATED.search(texts)
        if name or said:
            yield Seen(typed.row.level3 if name else typed.row.actual, "满意度", name_of(typed.row), "由服务对象评价")


def satisfaction_staff_asked(form: Reviewed, params: Params) -> Iterator[Seen]:
    """Staff are asked, and nobody says whose: of a canteen they are those who are served."""
    for typed in form.of_level(SATISFACTION):
        if params.pattern("names").search(text_of(typed.row.level3)):
            yield Seen(typed.row.level3, "满意度", name_of(typed.row), "由服务对象评价")


def satisfaction_words(form: Reviewed, params: Params) -> Iterator[Seen]:
    """Satisfaction without a number: 满意 / 完成."""
    for typed in form.of_level(SATISFACTION):
        if (
            not typed.target.numeric
            and filled(typed.row.target)
            and filled(typed.row.actual)
            and typed.actual.share is None
        ):
            yield Seen(typed.row.actual, "满意度", name_of(typed.row), "满意度百分比")


def satisfaction_source(form: Reviewed, params: Params) -> Iterator[Seen]:
    """Nothing in the form tells how satisfaction was surveyed."""
    rows = [t for t in form.of_level(SATISFACTION) if t.actual.number is not None]
    cells = [form.form.achieved, *form.form.notes, *form.form.labels.values()]
    texts = [text_of(cell) for cell in cells] + [text_of(t.row.remark) + text_of(t.row.actual) for t in rows]
    if rows and not any(params.pattern("words").search(text) for text in texts):
        yield Seen(rows[0].row.actual, "满意度", name_of(rows[0].row), "写明调查方式、样本数和问卷回收数")
