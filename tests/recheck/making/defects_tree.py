"""Levels, weights of levels, indicators in the wrong place, twice, or with the wrong sign."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from random import Random

from defect_tools import BENEFITS, COST, COUNTS, RATES, TIME, Changed, at, met, mutation, weighing, without
from form_facts import Facts, half_up


@mutation("level1_weights")
def level1_changed(facts: Facts, rng: Random) -> Changed:
    facts = weighing(facts, BENEFITS[1], Decimal(2))
    moved = Decimal(30) - sum((facts.items[n].weight for n in BENEFITS), Decimal(0))
    facts = weighing(facts, RATES[0], facts.items[RATES[0]].weight + moved)
    return Changed(facts.settled())


@mutation("mixed_trees")
def trees_mixed(facts: Facts, rng: Random) -> Changed:
    item = facts.items[COST]
    own = replace(
        item,
        level1="成本指标",
        level2="经济成本指标",
        name="单位管理成本",
        weight=Decimal(2),
        points=Decimal(2),
        value=Decimal(500),
        actual=Decimal(480),
    )
    facts = weighing(facts, COST, item.weight - 2)
    items = (own, *facts.items) if rng.random() < 0.5 else (*facts.items[:7], own, *facts.items[7:])
    return Changed(replace(facts, items=items).settled())


@mutation("missing_quality")
def no_quality(facts: Facts, rng: Random) -> Changed:
    return Changed(without(facts, *RATES, to=COST))


@mutation("missing_time")
def no_time(facts: Facts, rng: Random) -> Changed:
    return Changed(without(facts, TIME, to=COST))


@mutation("missing_benefit")
def no_benefit(facts: Facts, rng: Random) -> Changed:
    return Changed(without(facts, *BENEFITS, to=RATES[0]))


@mutation("level_mismatch", "execution_scored_twice")
def wrong_level2(facts: Facts, rng: Random) -> Changed:
    n, name = rng.choice(
        (
            (0, "资金支付率"),
            (0, "工程验收合格率"),
            (3, "任务完成及时率"),
            (3, "资金拨付及时率"),
            (1, "设备验收合格率"),
            (0, "群众满意度"),
            (3, "村民满意度"),
            (0, "成本节约率"),
            (3, "资金到位及时率"),
            (1, "资金使用合规率"),
        )
    )
    facts = facts.item(
        n, name=name, sign="≥", value=Decimal(95), unit="%", actual=Decimal(99), points=facts.items[n].weight, remark=""
    )
    return Changed(facts.settled(), at(n, "level3", "level2"))


@mutation("duplicate_indicator")
def indicator_twice(facts: Facts, rng: Random) -> Changed:
    n = rng.choice((1, 2))
    first = facts.items[0]
    weight = facts.items[n].weight
    copied = replace(first, weight=weight, points=half_up(weight * first.points / first.weight))
    items = [copied if i == n else x for i, x in enumerate(facts.items)]
    return Changed(replace(facts, items=tuple(items)).settled(), at(n, "level3"))


@mutation("same_fact", "level_mismatch")
def fact_twice(facts: Facts, rng: Random) -> Changed:
    facts, n = (met(facts, 0), rng.choice(RATES))
    first = facts.items[0]
    name = rng.choice(("完成{}", "实际{}", "{}完成情况", "全年{}", "已完成的{}")).format(first.name)
    facts = facts.item(n, name=name, sign="≥", value=first.value, unit=first.unit, actual=first.actual)
    return Changed(facts.settled(), at(n, "level3"))


@mutation("benefit_restates_output", "duplicate_indicator")
def benefit_as_output(facts: Facts, rng: Random) -> Changed:
    facts, n = (met(facts, 0), rng.choice(BENEFITS))
    first = facts.items[0]
    name = rng.choice(("{}", "完成{}", "受益的{}", "全县{}")).format(first.name)
    facts = facts.item(n, name=name, sign="≥", value=first.value, unit=first.unit, actual=first.actual)
    return Changed(facts.settled(), at(n, "level3"))


@mutation("quantity_lte")
def quantity_lte(facts: Facts, rng: Random) -> Changed:
    n = rng.choice(COUNTS)
    item = facts.items[n]
    facts = facts.item(n, sign="≤", actual=item.value, points=item.weight, remark="").settled()
    return Changed(facts, at(n, "target", "sign"))


@mutation("cost_gte")
def cost_gte(facts: Facts, rng: Random) -> Changed:
    item = facts.items[COST]
    facts = facts.item(COST, sign="≥", actual=item.value).settled()
    return Changed(facts, at(COST, "target", "sign"))


@mutation("sign_conflict")
def signs_disagree(facts: Facts, rng: Random) -> Changed:
    n = rng.choice(RATES)
    facts = facts.item(n, sign="≤", value=f"≥{facts.items[n].value}")
    return Changed(facts, at(n, "target", "sign"), layout="reordered")
