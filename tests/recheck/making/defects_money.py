"""The money block: rates, amounts, units of money, the same money scored twice."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from random import Random

from defect_tools import COST, COUNTS, HUNDRED, Changed, at, met, money_at, mutation, spent
from form_facts import Facts, half_up, plain


@mutation("rate_amounts")
def rate_not_amounts(facts: Facts, rng: Random) -> Changed:
    rate = half_up(facts.first.rate - Decimal(rng.choice(("3.4", "6.15", "11"))))
    facts = facts.fund("total", rate=rate, points=half_up(facts.first.weight * rate / 100)).settled()
    return Changed(facts, money_at("rate"))


@mutation("rate_base")
def rate_over_initial(facts: Facts, rng: Random) -> Changed:
    money = facts.first
    initial = plain(money.adjusted * Decimal(rng.choice(("1.1", "1.25", "1.4"))))
    rate = half_up(money.executed / initial * 100)
    total = replace(money, initial=initial, rate=rate, points=half_up(money.weight * rate / 100))
    return Changed(replace(facts, funds=(total,)).settled(), money_at("rate"))


@mutation("rate_rounded")
def rate_cut(facts: Facts, rng: Random) -> Changed:
    facts = spent(facts, Decimal(rng.choice(("0.8637", "0.9148", "0.9286", "0.9553"))))
    rate = plain(facts.first.rate.to_integral_value())
    if rate == facts.first.rate:
        rate -= 1
    facts = facts.fund("total", rate=rate, points=half_up(facts.first.weight * rate / 100)).settled()
    return Changed(facts, money_at("rate"))


@mutation("execution_points", "points_rule", "missed_but_full")
def execution_points_rounded(facts: Facts, rng: Random) -> Changed:
    facts = spent(facts, Decimal(rng.choice(("0.8637", "0.9148", "0.9286", "0.7553"))))
    points = plain(facts.first.points.to_integral_value() + rng.choice((0, 0, 1)))
    facts = facts.fund("total", points=points).settled()
    return Changed(facts, money_at("points"))


@mutation("rate_above_100")
def rate_above_100(facts: Facts, rng: Random) -> Changed:
    facts = spent(facts, Decimal(rng.choice(("1.02", "1.0259", "1.18"))))
    return Changed(facts, money_at("rate", "executed"))


@mutation("denominator_zero", "funds_blank")
def budget_zero(facts: Facts, rng: Random) -> Changed:
    money = replace(facts.first, initial=Decimal(0), adjusted=rng.choice((Decimal(0), None)), rate=HUNDRED)
    money = replace(money, points=money.weight)
    return Changed(replace(facts, funds=(money,)).settled(), money_at("adjusted", "rate", "executed"))


@mutation("denominator_zero", "funds_sum", "funds_blank", "points_rule")
def total_row_empty(facts: Facts, rng: Random) -> Changed:
    zero = Decimal(0)
    facts = facts.fund("total", initial=zero, adjusted=zero, executed=zero, rate=zero, points=zero).settled()
    return Changed(facts, money_at("initial", "adjusted", "executed", "rate", "points"))


@mutation("unit_slip", "funds_sum")
def yuan_in_wan(facts: Facts, rng: Random) -> Changed:
    money = facts.first
    if rng.random() < 0.5:
        facts = replace(facts, funds=(replace(money, executed=plain(money.executed * 10000)),))
        return Changed(facts, money_at("executed", "rate", "adjusted"))
    fiscal = facts.funds[1]
    facts = facts.fund("fiscal", executed=plain(fiscal.executed * 10000), adjusted=plain(fiscal.adjusted * 10000))
    return Changed(facts, money_at("executed", "adjusted") + money_at("executed", "adjusted", kind="fiscal"))


@mutation("funds_sum")
def parts_not_total(facts: Facts, rng: Random) -> Changed:
    column = rng.choice(("adjusted", "executed", "initial"))
    value = getattr(facts.funds[1], column)
    facts = facts.fund("fiscal", **{column: plain(value - Decimal(rng.choice(("0.5", "3.6", "12.05"))))})
    return Changed(facts, money_at(column) + money_at(column, kind="fiscal"))


@mutation("executed_accounts")
def executed_not_accounts(facts: Facts, rng: Random) -> Changed:
    other = plain(facts.first.executed - Decimal(rng.choice(("2.5", "8.31"))))
    text = rng.choice(
        (
            "注:本项目年末决算数为{}万元。",
            "注:国库集中支付数{}万元。",
            "说明:部门决算列支{}万元。",
            "注:国库支付系统显示全年支出{}万元。",
        )
    )
    facts = replace(facts, extra=facts.extra | {"说明": text.format(other)})
    return Changed(facts)


@mutation("tiny_spending")
def tiny_spending(facts: Facts, rng: Random) -> Changed:
    for n in COUNTS:
        facts = met(facts, n)
    facts = spent(facts, Decimal(rng.choice(("0.0008", "0.02", "0.06"))))
    return Changed(facts)


@mutation("rate_noted")
def rate_in_words_differs(facts: Facts, rng: Random) -> Changed:
    other = half_up(facts.first.rate - Decimal("4.3"))
    text = rng.choice(
        (
            f"预算执行率{other}%",
            f"资金执行率为{other}%",
            f"预算执行率达到了{other}%",
            f"全年资金支出率{other}%",
            f"执行率{other}%",
        )
    )
    return Changed(replace(facts, achieved=f"{facts.achieved}{text}。"), (("achieved",),))


@mutation("execution_scored_twice")
def execution_as_quantity(facts: Facts, rng: Random) -> Changed:
    money, n = (facts.first, 0)
    share = money.executed / money.adjusted
    name = rng.choice(("项目资金支出金额", "资金使用金额", "完成投资额", "拨付资金总额", "资金支出数"))
    weight = facts.items[n].weight
    facts = facts.item(
        n,
        name=name,
        value=money.adjusted,
        unit="万元",
        actual=money.executed,
        points=half_up(weight * share),
        remark=f"资金按进度支付,完成{half_up(share * 100)}%,余款下年度支付。",
    )
    return Changed(facts.settled(), at(n, "level3", "target", "actual"))


@mutation("cost_repeats_execution", "execution_scored_twice")
def cost_as_execution(facts: Facts, rng: Random) -> Changed:
    money, n = (facts.first, COST)
    if rng.random() < 0.5:
        facts = facts.item(
            n,
            name=rng.choice(("预算执行率", "资金执行率", "资金支付率")),
            sign="≥",
            value=Decimal(50),
            unit="%",
            actual=money.rate,
        )
    else:
        facts = facts.item(
            n,
            name=rng.choice(("项目总成本", "项目总投资", "预算资金控制数", "项目成本控制在预算内", "总成本")),
            value=money.adjusted,
            unit="万元",
            actual=money.executed,
        )
    return Changed(facts.settled(), at(n, "level3", "target", "actual"))


@mutation("cost_unlike_executed")
def cost_not_executed(facts: Facts, rng: Random) -> Changed:
    money = facts.first
    facts = facts.item(
        COST,
        name=rng.choice(("项目总成本", "项目总投资")),
        value=money.adjusted,
        unit="万元",
        actual=plain(money.executed - Decimal("3.3")),
    )
    return Changed(facts.settled(), at(COST, "actual", "level3"))
