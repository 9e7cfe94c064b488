"""Honest ways of filling in a form that look unusual and are right: no finding of P0 or P1 may come of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from random import Random

from defect_tools import BENEFITS, COST, COUNTS, HUNDRED, RATES, SATISFACTION, TIME, met, missed
from form_facts import Facts, half_up, plain

Habit = Callable[[Facts, Random], Facts]
HABITS: dict[str, Habit] = {}


def habit(function: Habit) -> Habit:
    """Keeps the function under its name."""
    HABITS[function.__name__] = function
    return function


@habit
def words_behind_numbers(facts: Facts, rng: Random) -> Facts:
    item = facts.items[0]
    return facts.item(0, actual=f"完成{item.actual}{item.unit}")


@habit
def detail_in_brackets(facts: Facts, rng: Random) -> Facts:
    item = facts.items[1]
    part = plain((item.actual / 3).to_integral_value())
    return facts.item(1, actual=f"{item.actual}{item.unit}(其中下半年{part}{item.unit})")


@habit
def goals_in_ten_thousands(facts: Facts, rng: Random) -> Facts:
    wan = Decimal(rng.randint(12, 95)) / 10
    actual = plain(wan * 10000 + rng.randint(0, 900))
    item = facts.items[2]
    return facts.item(
        2, name="惠及群众人数", unit="", value=f"≥{wan}万人", actual=f"{actual}人", points=item.weight, remark=""
    )


@habit
def chinese_numerals(facts: Facts, rng: Random) -> Facts:
    weight = facts.items[0].weight
    return facts.item(
        0,
        name="召开调度会次数",
        unit="",
        value=rng.choice(("不少于四次", "至少四次")),
        actual="五次",
        points=weight,
        remark="",
    )


@habit
def range_as_target(facts: Facts, rng: Random) -> Facts:
    weight = facts.items[1].weight
    return facts.item(1, name="扶持示范户数量", unit="", value="10-20户", actual="16户", points=weight, remark="")


@habit
def no_accidents(facts: Facts, rng: Random) -> Facts:
    sign, value, actual = rng.choice(
        (("=", Decimal(0), Decimal(0)), ("≤", Decimal(3), Decimal(1)), ("≤", Decimal(1), Decimal(0)))
    )
    name = rng.choice(("安全生产事故起数", "群众有效投诉次数"))
    unit = "起" if name.startswith("安全") else "次"
    return facts.item(RATES[0], name=name, sign=sign, value=value, unit=unit, actual=actual)


@habit
def beyond_target_with_reason(facts: Facts, rng: Random) -> Facts:
    item = facts.items[0]
    actual = plain(item.value * rng.choice((2, 3)))
    why = f"上级追加任务{actual - item.value}{item.unit},完成数超过年初目标。"
    return facts.item(0, actual=actual, points=item.weight, remark=why)


@habit
def partly_reached(facts: Facts, rng: Random) -> Facts:
    n = rng.choice(BENEFITS)
    weight = facts.items[n].weight
    share = Decimal(rng.choice((65, 70, 75))) / 100
    return facts.item(
        n, actual="部分达成预期指标并具有一定效果", points=half_up(weight * share),
        remark="设施建成时间较短,受益范围尚未覆盖两个偏远乡镇,扩面工作列入下年度。",
    )  # fmt: skip


@habit
def nothing_to_remark(facts: Facts, rng: Random) -> Facts:
    word = rng.choice(("无", "无偏差", "—", "已完成"))
    items = [replace(x, remark=x.remark or word) for x in facts.items]
    return replace(facts, items=tuple(items))


@habit
def within_months(facts: Facts, rng: Random) -> Facts:
    return facts.item(
        TIME, name="项目建设工期", sign="≤", value=Decimal(12), unit="个月", actual=Decimal(rng.randint(8, 12))
    )


@habit
def on_time_in_words(facts: Facts, rng: Random) -> Facts:
    value, actual = rng.choice(
        (("按时完成", "按时完成"), ("及时", "及时"), ("12月31日前", "12月10日"), ("每季度末", "已按季度完成"))
    )
    return facts.item(TIME, value=value, actual=actual)


@habit
def timely_rate(facts: Facts, rng: Random) -> Facts:
    return facts.item(TIME, name="任务完成及时率", sign="=", value=HUNDRED, unit="%", actual=HUNDRED)


@habit
def plan_overfulfilled(facts: Facts, rng: Random) -> Facts:
    return facts.item(
        RATES[1], name="年度任务完成率", value=HUNDRED, actual=Decimal(rng.choice(("103.5", "108", "112")))
    )


@habit
def growth(facts: Facts, rng: Random) -> Facts:
    return facts.item(
        BENEFITS[0], name="受益农户收入增长率", sign="≥", value=Decimal(5), unit="%", actual=Decimal("6.2")
    )


@habit
def half_points(facts: Facts, rng: Random) -> Facts:
    one, other = (facts.items[n].weight for n in RATES)
    facts = facts.item(RATES[0], weight=one + Decimal("0.5"), points=one + Decimal("0.5"))
    return facts.item(RATES[1], weight=other - Decimal("0.5"), points=other - Decimal("0.5"))


@habit
def one_decimal(facts: Facts, rng: Random) -> Facts:
    """Points of a missed target rounded to one decimal."""
    facts = missed(facts, COUNTS[2], rng)
    return facts.item(COUNTS[2], points=half_up(facts.items[COUNTS[2]].points, Decimal("0.1")))


@habit
def empty_rows_of_money(facts: Facts, rng: Random) -> Facts:
    rows = [replace(f, initial=None, adjusted=None, executed=None) if f.adjusted == 0 else f for f in facts.funds]
    return replace(facts, funds=tuple(rows))


@habit
def only_the_total_of_money(facts: Facts, rng: Random) -> Facts:
    return replace(facts, funds=facts.funds[:1])


@habit
def budget_cut_during_the_year(facts: Facts, rng: Random) -> Facts:
    money = replace(facts.first, initial=plain(facts.first.adjusted * 2))
    return replace(facts, funds=(money,))


@habit
def no_initial_budget(facts: Facts, rng: Random) -> Facts:
    """Money added during the year: 年初预算数 is 0."""
    return replace(facts, funds=tuple(replace(f, initial=Decimal(0)) for f in facts.funds))


@habit
def last_year_mentioned(facts: Facts, rng: Random) -> Facts:
    text = f"注:{facts.year - 1}年度该项目自评得分{rng.randint(85, 99)}分,预算执行率{rng.randint(80, 99)}%。"
    return replace(facts, extra=facts.extra | {"说明": text})


@habit
def the_same_in_words(facts: Facts, rng: Random) -> Facts:
    money = facts.first
    text = f"项目全年预算{money.adjusted}万元,支出{money.executed}万元,预算执行率{money.rate}%。"
    return replace(facts, achieved=f"{facts.achieved}{text}")


@habit
def rounded_in_words(facts: Facts, rng: Random) -> Facts:
    rate = half_up(facts.first.rate, Decimal("0.1"))
    return replace(facts, achieved=f"{facts.achieved}预算执行率{rate}%,其余任务全部完成。")


@habit
def surveyed_in_the_cell(facts: Facts, rng: Random) -> Facts:
    item = facts.items[SATISFACTION]
    return facts.item(SATISFACTION, actual=f"{item.actual}%", remark=f"抽样调查,{item.remark}")


@habit
def nobody_complained_but_surveyed(facts: Facts, rng: Random) -> Facts:
    item = facts.items[SATISFACTION]
    return facts.item(SATISFACTION, remark=f"{item.remark}全年无有效投诉。")


@habit
def several_things_in_one_target(facts: Facts, rng: Random) -> Facts:
    return facts.item(BENEFITS[1], value="制度健全,执行到位", actual="已建立制度3项并执行到位")


@habit
def consistent_parts(facts: Facts, rng: Random) -> Facts:
    facts = met(facts, 0)
    item = facts.items[0]
    half = plain((item.actual / 2).to_integral_value())
    wanted = plain((item.value / 2).to_integral_value())
    parts = (
        (f"其中:上半年{item.name}", wanted, half),
        (f"其中:下半年{item.name}", plain(item.value - wanted), plain(item.actual - half)),
    )
    return facts.item(0, parts=parts)


@habit
def shared_points(facts: Facts, rng: Random) -> Facts:
    """Two quantities that were both reached share one weight."""
    facts = met(met(facts, 0), 1)
    weight = facts.items[0].weight + facts.items[1].weight
    for n in (0, 1):
        facts = facts.item(n, weight=weight, points=weight, together=1, remark="")
    return facts


@habit
def unsigned_printout(facts: Facts, rng: Random) -> Facts:
    """A form without lines for signatures."""
    kept = {k: v for k, v in facts.extra.items() if k in ("项目负责人", "联系电话")}
    return replace(facts, extra=kept)


@habit
def cost_saved_by_tender(facts: Facts, rng: Random) -> Facts:
    item = facts.items[COST]
    return facts.item(
        COST, actual=plain((item.value * Decimal("0.6")).to_integral_value()), remark="公开招标节约资金。"
    )


@habit
def controlled_at_or_below(facts: Facts, rng: Random) -> Facts:
    return facts.item(COST, name="预算控制率", sign="≤", value=HUNDRED, unit="%", actual=Decimal(rng.randint(88, 100)))


@habit
def completed_in_percent(facts: Facts, rng: Random) -> Facts:
    return facts.item(RATES[0], value="全部合格", sign="定性", unit="", actual="全部合格")


def with_habit(facts: Facts, number: int) -> Facts:
    """With one of the habits, in turn."""
    return list(HABITS.values())[number % len(HABITS)](facts, Random(f"习惯 {number}")).settled()
