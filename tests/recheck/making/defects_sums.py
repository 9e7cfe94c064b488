"""Sums, totals and grades that do not follow from the rows; weights and points that are missing or no numbers."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from random import Random

from defect_tools import BENEFITS, HUNDRED, RATES, Changed, at, money_at, mutation, stated, weighing
from form_facts import Facts


@mutation("weights_sum")
def weights_not_100(facts: Facts, rng: Random) -> Changed:
    n = rng.choice(BENEFITS)
    facts = weighing(facts, n, facts.items[n].weight - rng.choice((2, 3, 4)))
    facts = replace(facts, total_weight=rng.choice((HUNDRED, None)))
    return Changed(facts.settled())


@mutation("points_sum")
def points_not_total(facts: Facts, rng: Random) -> Changed:
    total = facts.total - Decimal(rng.choice(("0.5", "1", "2.2", "5")))
    return Changed(stated(facts, total), (("total",),))


@mutation("total_above_parts")
def total_above_100(facts: Facts, rng: Random) -> Changed:
    return Changed(stated(facts, HUNDRED + rng.randint(1, 9)), (("total",),))


@mutation("total_above_parts")
def total_above_parts(facts: Facts, rng: Random) -> Changed:
    n = rng.choice(RATES)
    facts = stated(facts.item(n, points=None), facts.total + Decimal("0.4"))
    facts = replace(facts, total=max(facts.total, facts.settled().total + facts.items[n].weight + 1))
    return Changed(facts, (("total",),))


@mutation("points_above_weight")
def points_above_weight(facts: Facts, rng: Random) -> Changed:
    n = rng.choice((*RATES, *BENEFITS))
    facts = facts.item(n, points=facts.items[n].weight + rng.choice((1, 2, 5))).settled()
    return Changed(facts, at(n, "points"))


@mutation("grade_score")
def grade_not_score(facts: Facts, rng: Random) -> Changed:
    other = [grade for grade in "优良中" if grade != facts.grade]
    return Changed(replace(facts, grade=rng.choice(other)), (("grade",),))


@mutation("level1_stated")
def level1_not_rows(facts: Facts, rng: Random) -> Changed:
    facts = replace(facts, extra=facts.extra | {"分:效益指标": str(rng.choice((20, 25, 35)))})
    keys = tuple(("item", n + 1, "level1") for n in BENEFITS)
    return Changed(facts, keys, layout="weighted")


@mutation("number_unreadable")
def points_in_words(facts: Facts, rng: Random) -> Changed:
    n = rng.choice(RATES)
    return Changed(facts.item(n, points="满分"), at(n, "points"))


@mutation("points_blank")
def points_blank(facts: Facts, rng: Random) -> Changed:
    n = rng.choice((*RATES, *BENEFITS))
    return Changed(facts.item(n, points=None).settled(), at(n, "points"))


@mutation("weight_blank")
def weight_blank(facts: Facts, rng: Random) -> Changed:
    n = rng.choice(BENEFITS)
    return Changed(facts.item(n, weight=None), at(n, "weight"))


@mutation("fund_part_points")
def part_with_points(facts: Facts, rng: Random) -> Changed:
    money = facts.first
    facts = facts.fund("fiscal", weight=money.weight, points=money.points)
    return Changed(facts, money_at("points", "weight", kind="fiscal"), layout="official")
