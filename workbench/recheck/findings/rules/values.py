"""Target and actual of an indicator: blank, copied, of another type, beyond what can be, too easy."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from workbench.base.text import trimmed
from workbench.recheck.findings.reviewed import SATISFACTION, Reviewed, filled, name_of, second_of, sentences, text_of
from workbench.recheck.findings.rule import Params, Seen
from workbench.recheck.values import Says, Sign, TypedRow
from workbench.recheck.values.units import is_known, is_percent, kind_of

_FULL = Decimal(100)
_UNASKED = re.compile(r"(?:未|没有)(?:开展|进行|组织|发放|做)[^,。]{0,8}(?:满意度|问卷|调查)")
_ADDED = re.compile(r"已经?|均|全部|全面|完成了?|实现了?|达到了?|确保|预计|计划|拟|将|力争|通过|[\W_]")


def actual_blank(form: Reviewed, params: Params) -> Iterator[Seen]:
    """An indicator with a target or a weight has an actual."""
    for typed in form.rows:
        cell = typed.row.actual
        if cell is not None and cell.blank and (not typed.target.blank or typed.target.numeric or typed.weight):
            yield Seen(cell, "实际完成值", name_of(typed.row), "填写完成值")


def target_blank(form: Reviewed, params: Params) -> Iterator[Seen]:
    """Something reached or scored was to be reached in a certain measure."""
    for typed in form.rows:
        cell = typed.row.target
        if cell is not None and cell.blank and not typed.target.numeric and (typed.points or not typed.actual.blank):
            yield Seen(cell, "年度指标值", name_of(typed.row), "填写指标值")


def target_in_name(form: Reviewed, params: Params) -> Iterator[Seen]:
    """The target stands in the name of the indicator only."""
    for typed in form.rows:
        if typed.target.from_name:
            cell = typed.row.target or typed.row.level3
            yield Seen(cell, "年度指标值", name_of(typed.row), typed.target.shown, "空白")


def actual_signed(form: Reviewed, params: Params) -> Iterator[Seen]:
    """≥95% typed as the result: a demand where a measured number belongs."""
    for typed in form.rows:
        if typed.actual.signed:
            yield Seen(typed.row.actual, "实际完成值", name_of(typed.row), "实测数或实际日期")


def actual_copied(form: Reviewed, params: Params) -> Iterator[Seen]:
    """A target in words taken over as the actual."""
    for typed in form.rows:
        wanted, said = text_of(typed.row.target), text_of(typed.row.actual)
        if (
            said == wanted
            and len(said) >= params.number("length")
            and not typed.target.numeric
            and not typed.actual.signed
        ):
            yield Seen(typed.row.actual, "实际完成值", name_of(typed.row), "写明实际完成的内容")


def all_as_target(form: Reviewed, params: Params) -> Iterator[Seen]:
    """Every number reached is exactly the number that was wanted."""
    numbers = [t for t in form.rows if t.target.numeric and t.actual.number is not None and not t.target.percent]
    if len(numbers) >= params.number("rows") and all(t.actual.number == t.target.number for t in numbers):
        yield Seen(numbers[0].row.actual, "实际完成值", "", "按实际统计填写", f"{len(numbers)}项完成值与指标值完全相同")


def actual_type(form: Reviewed, params: Params) -> Iterator[Seen]:
    """A number was wanted, and words answer."""
    for typed in form.rows:
        actual = typed.actual
        worded = actual.says is Says.CLAIM or (
            actual.says in (Says.WORDS, Says.ANSWER) and not re.search(r"\d", actual.text)
        )
        if typed.target.numeric and worded and not actual.told and second_of(typed.row) != SATISFACTION:
            expected = f"与指标值{typed.target.shown}可比的数"
            yield Seen(
                typed.row.actual, "实际完成值", name_of(typed.row), expected, told={"target": typed.target.shown}
            )


def value_doubt(form: Reviewed, params: Params) -> Iterator[Seen]:
    """A percent sign lost, a rise beside a fall: target and actual cannot both be right."""
    for typed in form.rows:
        if typed.actual.says is Says.WORDS and typed.actual.told and not _other_kind(typed):
            told = {"told": ";".join(typed.actual.told)}
            yield Seen(
                typed.row.actual, "实际完成值", name_of(typed.row), f"与指标值{typed.target.shown}口径一致", told=told
            )


def unit_differs(form: Reviewed, params: Params) -> Iterator[Seen]:
    """Persons were wanted, person-times are told."""
    for typed in form.rows:
        wanted, said = typed.target.unit, typed.actual.unit
        if _other_kind(typed) and is_known(wanted) and is_known(said) and kind_of(wanted)[0] and kind_of(said)[0]:
            yield Seen(typed.row.actual, "实际完成值", name_of(typed.row), f"以“{wanted}”计的数", told={"unit": said})


def _other_kind(typed: TypedRow) -> bool:
    """Whether the actual is in a unit that says nothing about the target's."""
    wanted, said = typed.target.unit, typed.actual.unit
    return bool(wanted and said) and typed.actual.says is Says.WORDS and kind_of(wanted)[0] != kind_of(said)[0]


def share_above_100(form: Reviewed, params: Params) -> Iterator[Seen]:
    """A share of a whole is no more than the whole: 合格率 105%."""
    for typed in form.rows:
        name = re.split(r"\(", text_of(typed.row.level3), maxsplit=1)[0]
        if not params.pattern("names").search(name) or params.pattern("except").search(name):
            continue
        for field, cell, number, unit in (
            ("年度指标值", typed.row.target, typed.target.number, typed.target.unit),
            ("实际完成值", typed.row.actual, typed.actual.number, typed.actual.unit or typed.target.unit),
        ):
            if number is not None and number > _FULL and is_percent(unit):
                yield Seen(cell, field, name_of(typed.row), "不超过100%")


def target_loose(form: Reviewed, params: Params) -> Iterator[Seen]:
    """An actual far above its target, and not a word about it (第十六条: 要分析原因)."""
    for typed in form.rows:
        target, actual = typed.target, typed.actual
        up = target.sign is Sign.GTE or (target.sign is Sign.EQ and target.leaning is Sign.GTE)
        if not up or not target.number or target.number < 0 or actual.number is None or form.explained:
            continue
        share = actual.number / target.number * 100
        if share > params.number("percent") and not filled(typed.row.remark):
            expected = "说明原因;指标值明显偏低的按偏离度调减分值"
            yield Seen(
                typed.row.actual,
                "实际完成值",
                name_of(typed.row),
                expected,
                told={"share": f"{trimmed(round(share, 2))}%", "target": target.shown},
            )


def achieved_copied(form: Reviewed, params: Params) -> Iterator[Seen]:
    """实际完成情况 is 预期目标 once more."""
    wanted, said = text_of(form.form.expected), text_of(form.form.achieved)
    if len(wanted) < params.number("length"):
        return
    if said == wanted or (said and _ADDED.sub("", said) == _ADDED.sub("", wanted)):
        yield Seen(form.form.achieved, "实际完成情况", "", "写明实际完成的数量、质量、时间和效果")


def achieved_blank(form: Reviewed, params: Params) -> Iterator[Seen]:
    """A goal that was set has its result."""
    cell = form.form.achieved
    if filled(form.form.expected) and cell is not None and cell.blank and form.total is not None:
        yield Seen(cell, "实际完成情况", "", "写明实际完成情况")


# ---------------------------------------------------------------------------------------------------------------------
# satisfaction
# ---------------------------------------------------------------------------------------------------------------------


def satisfaction_no_survey(form: Reviewed, params: Params) -> Iterator[Seen]:
    """Points for satisfaction that nobody was asked about: the form says so, or takes silence for consent."""
    rows = [t for t in form.of_level(SATISFACTION) if t.points != 0]
    for typed in rows:
        said = f"{text_of(typed.row.actual)}。{text_of(typed.row.remark)}"
        found = params.pattern("words").search(said) or _UNASKED.search(said)
        worded = typed.actual.says in (Says.CLAIM, Says.WORDS, Says.ANSWER) and not re.search(r"\d", said)
        if found or (worded and typed.target.numeric and not typed.actual.told):
            cell = typed.row.remark if found and found[0] in text_of(typed.row.remark) else typed.row.actual
            yield Seen(cell, "满意度", name_of(typed.row), "调查得出的满意度")
    for cell, text in sentences(form.form, form.form.achieved, *form.form.notes) if rows else ():
        if found := _UNASKED.search(text):
            yield Seen(cell, "满意度", name_of(rows[0].row), "调查得出的满意度", found[0])


def satisfaction_own_staff(form: Reviewed, params: Params) -> Iterator[Seen]:
    """Those who spent the money rate it themselves."""
    for typed in form.of_level(SATISFACTION):
        name = params.pattern("names").search(text_of(typed.row.level3))
        said = params.pattern("words").search(f"{text_of(typed.row.actual)}。{text_of(typed.row.remark)}")
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
