"""The tree of indicators: levels that lack, are mixed or do not fit, and indicators that say the same."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal

from workbench.recheck.findings.reviewed import (
    BENEFIT,
    COST,
    OUTPUT,
    QUALITY,
    QUANTITY,
    SATISFACTION,
    TIME,
    Reviewed,
    first_of,
    name_of,
    second_of,
    text_of,
)
from workbench.recheck.findings.rule import Params, Seen, same_name
from workbench.recheck.findings.rules import facts
from workbench.recheck.model import FormKind
from workbench.recheck.values import Sign, TypedRow
from workbench.recheck.values.directions import names_harm

_SAVING = re.compile(r"率$|节约|节省|节支|降低|下降|压减|减少|控制率|达标|准确|合规|到位|覆盖|符合|完成")
_COUNTS = re.compile(
    r"(?:人数|人次|户数|户次|次数|场次|场数|期数|个数|件数|台数|套数|座数|处数|数量|面积|里程|公里数|长度|条数|篇数|册数|家数|份数|批次|棵数|株数)$"
)
"""An indicator of quantity by its name, in a form that writes no levels."""
_FITS = {
    QUANTITY: re.compile(
        r"(?:贷款|担保|保险|保费|赔付|交易|销售|融资|投资|签约|追[缴回赃]|挽回|清欠|化债|征收|入库|捐|引资|减[税免]|增[收值]|发放|兑[付现]|稳岗|返还)[^率]*额$"
    ),
    QUALITY: re.compile(
        r"合格|达标|优[秀良质胜]|奖|精品|差错|缺陷|问题|投诉|事故|返工|通过|认证|一次|规范|标准|等级|以上|获|有效|准确|不良|违规|持证|取证|上岗|就业|[毕结]业|录取|考取|及格|晋升"
    ),
    TIME: re.compile(
        r"按[时期]|及时|准时|如期|提前|时[限间效]|期限|[日天时年月周][内前底]|\d[日天月时]|当[日月年天期季]|周期|频[次率]|每[个月季年日周]|延|滞后|迟"
    ),
}
"""What makes a name one of its level though it is called like another's: 及时办结件数 under 时效, 发放贷款金额 under 数量."""


def mixed_trees(form: Reviewed, params: Params) -> Iterator[Seen]:
    """成本指标 is a level-2 of 产出 (10号) or a level-1 of its own (101号), not both."""
    inside = [t for t in form.rows if first_of(t.row) == OUTPUT and second_of(t.row) == COST]
    beside = [t for t in form.rows if first_of(t.row) == COST]
    if inside and beside:
        yield Seen(inside[0].row.level2, "二级指标", name_of(inside[0].row), "成本指标只设在一处")


def missing_quality(form: Reviewed, params: Params) -> Iterator[Seen]:
    """A complete form has indicators of quality."""
    yield from _missing(form, QUALITY)


def missing_time(form: Reviewed, params: Params) -> Iterator[Seen]:
    """A complete form of 10号 has indicators of time; 101号 does not demand them."""
    if not any(first_of(t.row) == COST for t in form.rows):
        yield from _missing(form, TIME)


def missing_quantity(form: Reviewed, params: Params) -> Iterator[Seen]:
    """A complete form has indicators of quantity."""
    yield from _missing(form, QUANTITY)


def missing_benefit(form: Reviewed, params: Params) -> Iterator[Seen]:
    """A complete form has indicators of benefit."""
    if _official(form) and not form.of_level(BENEFIT) and not any(first_of(t.row) == BENEFIT for t in form.rows):
        yield Seen(form.rows[-1].row.level1, "一级指标", "", "设置效益指标", "没有效益指标")


def _missing(form: Reviewed, kind: str) -> Iterator[Seen]:
    output = [t for t in form.rows if first_of(t.row) == OUTPUT]
    if not _official(form) or not output or any(not second_of(t.row) for t in output):
        return
    if not any(second_of(t.row) == kind for t in output):
        yield Seen(output[0].row.level2, "二级指标", "", f"设置{kind}指标", f"没有{kind}指标")


def _official(form: Reviewed) -> bool:
    """Whether the form is a whole one of a project with the levels of 10号 or 101号."""
    known = all(first_of(t.row) for t in form.rows)
    return (
        form.form.kind is FormKind.PROJECT
        and form.complete
        and known
        and any(first_of(t.row) == OUTPUT for t in form.rows)
    )


def level_mismatch(form: Reviewed, params: Params) -> Iterator[Seen]:
    """An indicator of another kind than its level 2: 支付率 under 数量."""
    lists = {
        QUANTITY: "quantity",
        QUALITY: "quality",
        TIME: "time",
        COST: "cost",
        BENEFIT: "benefit",
        SATISFACTION: "satisfaction",
    }
    for typed in form.rows:
        kind, name = second_of(typed.row), _head(typed)
        if not kind or (kind in _FITS and _FITS[kind].search(name)):
            continue
        if params.pattern(lists[kind]).search(name) and (name.endswith("率") or not names_harm(name)):
            yield Seen(
                typed.row.level3,
                "三级指标",
                name_of(typed.row),
                "归入与内容相符的二级指标",
                told={"level": text_of(typed.row.level2)},
            )


def _head(typed: TypedRow) -> str:
    """The name without its unit, sign and number: 验收合格率(%), 培训人数≥200人."""
    return re.split(r"[(≥≤=><]", text_of(typed.row.level3), maxsplit=1)[0]


def quantity_lte(form: Reviewed, params: Params) -> Iterator[Seen]:
    """A quantity of output that is to stay below something."""
    unsorted = [t for t in form.rows if not first_of(t.row) and not second_of(t.row) and _COUNTS.search(_head(t))]
    for typed in (*form.of_level(QUANTITY), *unsorted):
        written = typed.target.written and typed.target.sign is Sign.LTE
        if written and not params.pattern("allowed").search(name_of(typed.row)) and not names_harm(name_of(typed.row)):
            yield Seen(typed.row.target, "年度指标值", name_of(typed.row), "≥", typed.target.shown)


def cost_gte(form: Reviewed, params: Params) -> Iterator[Seen]:
    """A cost that is to be at least so much."""
    for typed in form.of_level(COST):
        written = typed.target.written and typed.target.sign is Sign.GTE
        if written and not _SAVING.search(name_of(typed.row)):
            yield Seen(typed.row.target, "年度指标值", name_of(typed.row), "≤", typed.target.shown)


def sign_conflict(form: Reviewed, params: Params) -> Iterator[Seen]:
    """指标性质 or 计量单位 says something else than the target itself."""
    for typed in form.typed:
        if typed.target.told:
            yield Seen(
                typed.row.target,
                "年度指标值",
                name_of(typed.row),
                "三栏一致",
                told={"told": ";".join(typed.target.told)},
            )


def duplicate_indicator(form: Reviewed, params: Params) -> Iterator[Seen]:
    """The same indicator with the same target twice."""
    seen: dict[tuple[str, str], TypedRow] = {}
    for typed in form.rows:
        name = same_name(typed.row.level3.text)
        first = seen.setdefault((name, text_of(typed.row.target)), typed)
        if first is not typed and name:
            yield Seen(
                typed.row.level3, "三级指标", name_of(typed.row), "同一指标只计一次分", told={"other": _place(first)}
            )


def benefit_restates_output(form: Reviewed, params: Params) -> Iterator[Seen]:
    """A benefit that is an output once more: 补助学生735人, 受益学生735人."""
    outputs = [t for t in form.rows if second_of(t.row) in (QUANTITY, QUALITY, TIME)]
    for benefit in form.of_level(BENEFIT):
        yield from _told_again(benefit, outputs, facts.restates, "反映产出带来的变化")


def same_fact(form: Reviewed, params: Params) -> Iterator[Seen]:
    """The same fact scored twice: under two levels of 产出, or under names that differ by a general word."""
    outputs = [t for t in form.rows if second_of(t.row) in (QUANTITY, QUALITY, TIME, COST)]
    for index, later in enumerate([*outputs, *form.of_level(BENEFIT)]):
        others = outputs[:index] if index < len(outputs) else form.of_level(BENEFIT)[: index - len(outputs)]
        yield from _told_again(later, others, facts.same_fact, "同一事项只计一次分")


def _told_again(
    row: TypedRow, others: Iterable[TypedRow], alike: Callable[[TypedRow, TypedRow], bool], expected: str
) -> Iterator[Seen]:
    """That a row is the first of the others it is like, once more."""
    first = next((other for other in others if alike(row, other) and _distinct(row, other)), None)
    if first is not None:
        yield Seen(row.row.level3, "三级指标", name_of(row.row), expected, told={"other": _place(first)})


def _distinct(one: TypedRow, other: TypedRow) -> bool:
    """Not simply the same row twice, which is told as such."""
    same = same_name(one.row.level3.text) == same_name(other.row.level3.text)
    return not (same and text_of(one.row.target) == text_of(other.row.target))


def _place(typed: TypedRow) -> str:
    return f"“{name_of(typed.row)}”({typed.row.level3.spot.cell})"


def parts_sum(form: Reviewed, params: Params) -> Iterator[Seen]:
    """The sub-items of an indicator (★, 其中) do not come to more than the indicator."""
    main: TypedRow | None = None
    parts: list[TypedRow] = []
    for typed in (*form.typed, None):
        if typed is not None and typed.row.part:
            parts.append(typed)
            continue
        if main is not None and len(parts) > 1:
            yield from _parts_seen(main, parts, params.number("tolerance"))
        main, parts = typed, []


def _parts_seen(main: TypedRow, parts: list[TypedRow], tolerance: Decimal) -> Iterator[Seen]:
    numbers = [p.actual.number for p in parts]
    units = {p.target.unit for p in parts} | {main.target.unit}
    if main.actual.number is None or None in numbers or len(units) > 1 or main.target.percent:
        return
    total = sum((n for n in numbers if n is not None), Decimal(0))
    if total > main.actual.number + tolerance:
        yield Seen(main.row.actual, "实际完成值", name_of(main.row), f"分项之和{total}")
