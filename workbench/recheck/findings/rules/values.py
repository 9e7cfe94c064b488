"""Target and actual of an indicator: blank, copied, of another type, beyond what can be, too easy."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from workbench.base.text import trimmed
from workbench.recheck.findings.reviewed import SATISFACTION, Reviewed, filled, name_of, second_of, text_of
from workbench.recheck.findings.rule import Params, Seen
from workbench.recheck.findings.rules.money import amount_slip
from workbench.recheck.values import Says, Sign, Target, TypedRow
from workbench.recheck.values.claims import Claim, claim_of
from workbench.recheck.values.quantities import Found, quantities
from workbench.recheck.values.targets import named_quantity
from workbench.recheck.values.units import COUNTED, is_known, is_percent, kind_of

_FULL = Decimal(100)
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
        told = typed.target.numeric or _named(typed) is not None
        if cell is not None and cell.blank and not told and (typed.points or not typed.actual.blank):
            yield Seen(cell, "年度指标值", name_of(typed.row), "填写指标值")


def target_in_name(form: Reviewed, params: Params) -> Iterator[Seen]:
    """The target stands in the name of the indicator only."""
    for typed in form.rows:
        named = _named(typed)
        if named is not None:
            cell = typed.row.target or typed.row.level3
            sign = Sign(named.sign).shown if named.sign else ""
            expected = f"{sign}{trimmed(named.number)}{named.unit}"
            yield Seen(cell, "年度指标值", name_of(typed.row), expected, typed.target.text or "空白")


def _named(typed: TypedRow) -> Found | None:
    """The number in a name whose own target is blank, or says no more than that it is to be done."""
    unset = typed.target.blank or claim_of(typed.target.text) is not None
    return named_quantity(typed.row.level3.text) if unset and (filled(typed.row.actual) or typed.weight) else None


def actual_signed(form: Reviewed, params: Params) -> Iterator[Seen]:
    """≥95% typed as the result: a demand where a measured number belongs."""
    for typed in form.rows:
        if typed.actual.signed:
            yield Seen(typed.row.actual, "实际完成值", name_of(typed.row), "实测数或实际日期")


def actual_rough(form: Reviewed, params: Params) -> Iterator[Seen]:
    """95%左右, 500余人: nobody has counted."""
    for typed in form.rows:
        actual = typed.actual
        if actual.rough and actual.high is None and actual.number is not None:
            yield Seen(typed.row.actual, "实际完成值", name_of(typed.row), "统计得出的确数")


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
    """A number was wanted, and words answer; a count, and a percentage; a day, and a count."""
    for typed in form.rows:
        target = typed.target
        if _worded(typed) or _percent_apart(typed):
            expected = f"与指标值{target.shown}可比的数"
        elif target.sign is Sign.DEADLINE and _counted(typed):
            expected = "完成日期"
        else:
            continue
        yield Seen(typed.row.actual, "实际完成值", name_of(typed.row), expected, told={"target": target.shown})


def _worded(typed: TypedRow) -> bool:
    actual = typed.actual
    words = actual.says in (Says.WORDS, Says.ANSWER) and not re.search(r"\d", actual.text)
    in_time = actual.claim is Claim.ON_TIME and typed.target.recurring
    told = actual.told or in_time or second_of(typed.row) == SATISFACTION
    return typed.target.numeric and not told and (words or actual.says is Says.CLAIM)


def _percent_apart(typed: TypedRow) -> bool:
    """Whether one of the two is a percentage and the other counts things. 完成率95% of 12 things is told as a share."""
    wanted, said = typed.target.unit, typed.actual.unit
    if not wanted or not said or typed.actual.says not in (Says.WORDS, Says.SHARE) or typed.actual.signed:
        return False
    bare = [f for f in quantities(typed.actual.text) if f.whole]
    return (
        bool(bare)
        and is_percent(wanted) is not is_percent(said)
        and kind_of(wanted if is_percent(said) else said)[0] in COUNTED
    )


def _counted(typed: TypedRow) -> bool:
    """Whether an actual is so many things and nothing else."""
    found = quantities(typed.actual.text) if typed.actual.says is Says.WORDS else ()
    return len(found) == 1 and found[0].whole and kind_of(found[0].unit)[0] in COUNTED


def value_doubt(form: Reviewed, params: Params) -> Iterator[Seen]:
    """A percent sign lost, a rise beside a fall: target and actual cannot both be right."""
    for typed in form.rows:
        doubtful = typed.actual.says is Says.WORDS and typed.actual.told and not _other_kind(typed)
        if doubtful and amount_slip(typed) is None:
            told = {"told": ";".join(typed.actual.told)}
            yield Seen(
                typed.row.actual, "实际完成值", name_of(typed.row), f"与指标值{typed.target.shown}口径一致", told=told
            )


def unit_differs(form: Reviewed, params: Params) -> Iterator[Seen]:
    """Persons were wanted, person-times are told."""
    for typed in form.rows:
        wanted, said = typed.target.unit, typed.actual.unit
        if (
            _other_kind(typed)
            and not _percent_apart(typed)
            and is_known(wanted)
            and is_known(said)
            and kind_of(wanted)[0]
            and kind_of(said)[0]
        ):
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
        if share > params.number(
            "small_percent" if _small(target, params.number("small")) else "percent"
        ) and not filled(typed.row.remark):
            expected = "说明原因;指标值明显偏低的按偏离度调减分值"
            yield Seen(
                typed.row.actual,
                "实际完成值",
                name_of(typed.row),
                expected,
                told={"share": f"{trimmed(round(share, 2))}%", "target": target.shown},
            )


def _small(target: Target, limit: Decimal) -> bool:
    """Whether one more of a few things, or one point more of a few per cent, is a large share by itself."""
    kind, factor = kind_of(target.unit)
    return (
        target.number is not None
        and Fraction(target.number) * factor < limit
        and (kind in COUNTED or target.percent or not kind)
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
