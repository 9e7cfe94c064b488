"""Cost performance: 1,000 objects of one kind of service with their items, shared cost and comparable items."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from hand import (
    UNSCORED,
    Column,
    Hand,
    Item,
    banded,
    behind,
    benchmarked,
    column,
    elements,
    every,
    exactly,
    falling,
    half_up,
    item,
    placed,
    proportional,
    questionnaire,
    ratio,
    result,
    sums,
    whole,
)
from making import Maker

PACK = "cost-performance"
WHOLE = 10_000
"""100 % in hundredths of a percent."""
REFERENCE = "参照"
ITEMS = ("人工", "材料", "设备折旧", "外包", "管理分摊", "补贴补助", "其他")
STANDARDS = {"单位成本": (45, 55), "人均运行成本": (4500, 5500), "物均运行成本": (900, 1100)}
RULES = ("accounting_rules", "standards_used", "price_inquiry", "cost_review")
KIND = {"service_type": "物业", "output_unit": "平方米", "cost_boundary": "全成本", "accounting_basis": "权责发生制"}
"""What makes objects comparable; the same for all that say it."""
FLAGS = {"targets_met": 0.8, "per_head": 0.9, "per_object": 0.8, "environment_relevant": 0.7}
"""Questions answered yes or no, and how often yes."""
FACTORS = ("scale_factor", "economy_factor", "price_factor")
BANDS = {"quota": [(300, 80), (500, 60), (1000, 30)], "others": [(200, 80), (500, 60), (1000, 30)]}
"""Deviation from a standard up to which a share of the points is given, in hundredths of a percent."""
Table = Mapping[str, Any]

# Made evidence --------------------------------------------------------------------------------------------------------


def made(n: int, seed: int) -> tuple[Table, dict[str, Table]]:
    """``n`` objects, a few of them references that give nothing but a unit cost."""
    make = Maker(seed)
    ids = np.array([f"C{i:05d}" for i in range(n)])
    reference = make.random.random(n) < 0.03
    output = np.round(make.random.uniform(2_000, 60_000, n), 2)
    cost = np.round(output * make.random.uniform(40, 62, n), 2)
    subjects = _stated(make, n) | _outputs(make, output) | _amounts(make, output, cost)
    subjects["role"] = np.where(reference, REFERENCE, "评价对象").astype(object)
    subjects["peer_unit_cost"] = np.where(reference, np.round(make.random.uniform(42, 60, n), 2), np.nan)
    single = {"control": {name: make.flags(0.85, n) for name in RULES}, "effect": _effect(make, n)}
    single["survey"] = make.survey(n, 50, 5000)
    shared, drivers = _shared(make, n, float(cost.mean()))
    rows = {"items": _items(make, cost, reference), "drivers": drivers, "comparable": _comparable(make, n)}
    tables = {name: {"subject": ids} | table for name, table in single.items()}
    tables |= {name: table | {"subject": ids[table["subject"]]} for name, table in rows.items()}
    standards = dict(make.standards(STANDARDS, range(2020, 2024)))
    standards["unit"] = np.full(len(standards["item"]), "元")
    return {"subject": ids} | subjects, tables | {"shared_costs": shared, "benchmark_values": standards}


def _stated(make: Maker, n: int) -> dict[str, Any]:
    found: dict[str, Any] = {name: make.codes([text], [1], n, blank=0.01) for name, text in KIND.items()}
    found |= {name: make.flags(chance, n) for name, chance in FLAGS.items()}
    found["year"] = make.blanked(make.random.integers(2022, 2025, n).astype(float))
    found["scale_factor"] = np.round(make.random.uniform(0.8, 1.3, n), 4)  # nobody leaves it out: it is used
    return found | {"economy_factor": make.numbers(0.8, 1.2, n, 4)}


def _outputs(make: Maker, output: Any) -> dict[str, Any]:
    uniform, n = make.random.uniform, len(output)
    return {
        "planned_output": make.blanked(np.round(output * uniform(0.9, 1.2, n), 2)),
        "actual_output": make.blanked(output.copy()),
        "qualified_output": make.blanked(np.round(output * uniform(0.85, 1.0, n), 2)),
        "on_time_output": make.blanked(np.round(output * uniform(0.6, 1.0, n), 2)),
        "quality_target": np.where(make.random.random(n) < 0.5, 95.0, np.nan),
    }


def _amounts(make: Maker, output: Any, cost: Any) -> dict[str, Any]:
    uniform, n = make.random.uniform, len(output)
    persons, objects = np.floor(cost / uniform(4000, 6000, n)), np.round(cost / uniform(800, 1200, n), 2)
    found = {
        "spending": np.round(cost * uniform(0.95, 1.1, n), 2),
        "budget_cost": np.round(cost * uniform(0.97, 1.15, n), 2),
        "unit_cost_target": np.round(uniform(45, 60, n), 2),
        "standard_unit_cost": np.round(uniform(45, 60, n), 2),
        "previous_unit_cost": np.round(cost / output * uniform(0.92, 1.08, n), 2),
        "price_index": np.round(uniform(98, 104, n), 2),
        "persons": persons,
        "previous_head_cost": np.round(cost / persons * uniform(0.95, 1.08, n), 2),
        "objects": objects,
        "previous_object_cost": np.round(cost / objects * uniform(0.95, 1.08, n), 2),
    }
    for name in ("spending", "unit_cost_target", "standard_unit_cost"):
        found[name][make.random.random(n) < 0.003] = 0  # as some people write what they have not
    found = {name: make.blanked(values) for name, values in found.items()}
    return found | {"reduction_target": np.where(make.random.random(n) < 0.5, np.round(uniform(2, 8, n), 2), np.nan)}


def _effect(make: Maker, n: int) -> Table:
    due = np.round(make.random.uniform(20, 400, n))
    return {
        "social_events": make.counts(0.5, n),
        "environment_events": make.counts(0.3, n),
        "service_due": make.blanked(due),
        "service_met": np.floor(due * make.random.uniform(0.5, 1.0, n)),
        "economic_degree": make.numbers(50, 100, n),
        "environment_degree": make.numbers(50, 100, n),
    }


def _items(make: Maker, cost: Any, reference: Any) -> Table:
    owner = make.owners(5, 10, len(cost))
    owner = owner[~reference[owner]]
    rows, share = len(owner), 1 / np.bincount(owner, minlength=len(cost)).clip(1)
    amount = np.round(cost[owner] * share[owner] * make.random.uniform(0.7, 1.3, rows), 2)
    amount[make.random.random(rows) < 0.01] *= -1
    return {
        "subject": owner,
        "item": make.codes(ITEMS, [0.3, 0.15, 0.1, 0.25, 0.1, 0.05, 0.05], rows, blank=0),
        "activity": make.codes(["日常保洁", "设备维护"], [0.5, 0.5], rows),
        "amount": amount,
        "driver": make.codes(["按面积"], [1], rows, blank=0.5),
        "has_standard": np.where(make.random.random(rows) < 0.003, np.nan, make.random.random(rows) < 0.8),
        "voucher": np.array([f"凭证{i}" for i in range(rows)]),
    }


def _shared(make: Maker, n: int, cost: float) -> tuple[Table, Table]:
    """One pool for every three objects, six objects in a pool; one driver in a hundred names none of them."""
    pools = n // 3
    names = np.array([f"公共成本{i:05d}" for i in range(pools)])
    amount = np.round(make.random.uniform(0.05, 0.3, pools) * cost, 2)
    amount[make.random.random(pools) < 0.02] *= -1
    standard = np.where(make.random.random(pools) < 0.01, np.nan, make.random.random(pools) < 0.7)
    owner = np.repeat(np.arange(pools), 6)
    subject = (owner * 3 + np.tile(np.arange(6), pools) ** 2) % n
    quantity = np.round(make.random.uniform(10, 5000, len(owner)), 2)
    quantity[make.random.random(len(owner)) < 0.02] = 0
    stray = make.random.random(len(owner)) < 0.01
    pool = np.where(stray, "没有的公共成本", names[owner])
    shared = {"pool": names, "driver": make.codes(["工时"], [1], pools), "amount": amount, "has_standard": standard}
    return shared, {"subject": subject, "pool": pool, "quantity": make.blanked(quantity)}


def _comparable(make: Maker, n: int) -> Table:
    owner = make.owners(3, 6, n)
    rows = len(owner)
    price, quantity = make.random.uniform(20, 9000, rows), np.round(make.random.uniform(1, 500, rows), 2)
    found = {
        "previous_quantity": np.round(quantity * make.random.uniform(0.9, 1.1, rows), 2),
        "previous_unit_cost": np.round(price, 4),
        "price_index": np.round(make.random.uniform(98, 105, rows), 2),
        "quantity": quantity,
        "unit_cost": np.round(price * make.random.uniform(0.85, 1.08, rows), 4),
    }
    found = {name: make.blanked(values) for name, values in found.items()}
    names = np.array([f"项目{i}" for i in range(rows)])
    return found | {"subject": owner, "item": names, "comparable": make.flags(0.8, rows)}


# By hand --------------------------------------------------------------------------------------------------------------


def by_hand(subjects: Table, tables: Mapping[str, Table]) -> Hand:
    """All indicators and the total."""
    ids = subjects["subject"]
    n = len(ids)
    own = {name: np.searchsorted(ids, table["subject"]) for name, table in tables.items() if "subject" in table}
    texts = {name: subjects[name] for name in ("role", *KIND)}
    numbers = {name: values for name, values in subjects.items() if name not in texts}
    facts = placed(numbers, np.arange(n), n, dict.fromkeys(FACTORS, 4) | dict.fromkeys(FLAGS, 0))
    facts |= {name: Column(np.full(n, 10_000), np.zeros(n, dtype=bool)) for name in FACTORS if name not in facts}
    allocated = _allocated(tables["shared_costs"], tables["drivers"], own["drivers"], n)
    total, covered = _collected(tables["items"], own["items"], n, allocated)
    standards = benchmarked(tables["benchmark_values"], subjects["year"], list(STANDARDS))
    peers = _peers(texts, facts, total)
    effect = placed(tables["effect"], own["effect"], n, {"social_events": 0, "environment_events": 0})
    survey = placed(tables["survey"], own["survey"], n, dict.fromkeys(tables["survey"], 0))
    levels = {
        "成本指标": _comparisons(facts, total, standards, peers) | _costs(facts, tables, own, total, covered, effect),
        "产出指标": _outputs_scored(facts),
        "效益指标": _effects(effect, facts),
        "满意度指标": {"M_SAT": questionnaire(1000, survey, [(9000, 100), (8000, 80), (6000, 50)])},
    }
    return result(levels)


def _allocated(shared: Table, drivers: Table, owner: Any, n: int) -> tuple[Column, Column]:
    """What each object bears of the pools, and the part of it with a standard (cents, by largest remainder)."""
    order = np.argsort(shared["pool"])
    spot = np.minimum(np.searchsorted(shared["pool"], drivers["pool"], sorter=order), len(order) - 1)
    pool = order[spot]
    known = shared["pool"][pool] == drivers["pool"]
    pool, owner, quantity = pool[known], owner[known], column(drivers["quantity"][known])
    pools = len(order)
    cents, standard = column(shared["amount"]).units, column(shared["has_standard"], 0)
    ready = np.bincount(pool, weights=~quantity.ok, minlength=pools) == 0
    base = np.where(ready, sums(pool, pools, quantity.units), 0)
    share, rest = np.divmod(np.abs(cents)[pool] * quantity.units, np.maximum(base, 1)[pool])
    left = np.where(base > 0, np.abs(cents) - sums(pool, pools, share), 0)
    ranked = np.lexsort((np.arange(len(pool)), -rest, pool))
    rank = np.arange(len(pool)) - np.searchsorted(pool[ranked], pool[ranked])
    share[ranked] += rank < left[pool[ranked]]
    share = np.where(base[pool] > 0, share, 0) * np.sign(cents)[pool]
    mine = np.bincount(owner, weights=~ready[pool], minlength=n) == 0
    said = mine & (np.bincount(owner, weights=~standard.ok[pool], minlength=n) == 0)
    with_standard = sums(owner, n, share, standard.units[pool] == 1)
    return Column(sums(owner, n, share), mine), Column(with_standard, said)


def _collected(rows: Table, owner: Any, n: int, allocated: tuple[Column, Column]) -> tuple[Column, Column]:
    """Collected cost where it is positive, and the part of it with a standard, in cents."""
    amount, standard = column(rows["amount"]), column(rows["has_standard"], 0)
    total = sums(owner, n, amount.units) + allocated[0].units
    there = (np.bincount(owner, minlength=n) > 0) & allocated[0].ok & (total > 0)
    covered = sums(owner, n, amount.units, standard.units == 1) + allocated[1].units
    return Column(total, there), Column(covered, every(owner, n, standard.ok) & allocated[1].ok)


def _peers(texts: Mapping[str, Any], facts: Mapping[str, Column], total: Column) -> dict[str, Column]:
    """Unit cost on a common footing, and what the others need for a head and an object at the level of one's own place."""
    said = np.logical_and.reduce([np.array([v is not None for v in texts[name]], dtype=bool) for name in KIND])
    output, own_price = facts["qualified_output"], facts["peer_unit_cost"]
    named = (texts["role"] == REFERENCE) & own_price.ok & ~total.ok
    positive = output.ok & (output.units > 0)
    volume = np.where(positive, output.units, 100)
    cost = np.where(named, half_up(own_price.units * volume, 100), total.units) / 100
    alike = said & (named | (total.ok & positive))
    factor, region = np.ones(len(said)), np.ones(len(said))
    for name in FACTORS:
        value = np.where(facts[name].ok, facts[name].units, 10_000) / 10_000
        region = region * value
        factor = factor * (value if facts[name].ok[alike].all() else 1)
    unit = np.where(alike, cost / (volume / 100 * factor), 0)
    weighed = {}
    for kind, count in (("head", "persons"), ("object", "objects")):
        use = facts[f"per_{kind}"]
        amount = facts[count]
        used = alike & amount.ok & (amount.units > 0) & ((use.units == 1) | ~use.ok) & (total.ok | positive)
        above = np.where(used, cost / factor, 0)
        below = np.where(used, amount.units, 0)
        rest = below.sum() - below
        worth = (above.sum() - above) / np.maximum(rest, 1) * 100 * factor
        weighed[kind] = Column(_cents(worth), alike & (rest > 0))
    return {"unit": Column(_cents(unit), alike), "region": Column(region, np.ones(len(said), dtype=bool))} | weighed


def _cents(amount: Any) -> Any:
    """Floats half-up to the cent."""
    return np.floor(amount * 100 + 0.5 + 1e-7).astype(np.int64)


def _comparisons(facts: Any, total: Column, standards: Any, peers: Any) -> dict[str, Item]:
    """Unit cost and running cost against target, quota, last year, peers and the benchmark."""
    index, region = facts["price_index"], peers["region"].units
    unit = ratio(total, facts["qualified_output"], 100)
    local = {name: Column(_cents(c.units / 100 * region), c.ok) for name, c in standards.items()}
    found = {
        "C_UNIT": _at_most(500, unit, facts["unit_cost_target"]),
        "C_STD": behind(600, unit, facts["standard_unit_cost"], BANDS["quota"], lower=True),
        "C_HIST": behind(400, unit, _repriced(facts["previous_unit_cost"], index), BANDS["others"], lower=True),
        "C_PEER": _in_range(400, peers["unit"]),
        "C_BENCH": behind(300, unit, local["单位成本"], BANDS["others"], lower=True),
    }
    for code, kind, count, title, weights in (
        ("C_HEAD", "head", "persons", "人均运行成本", (160, 120, 120)),
        ("C_OBJ", "object", "objects", "物均运行成本", (120, 90, 90)),
    ):
        value = ratio(total, facts[count], 100)
        lines = (_repriced(facts[f"previous_{kind}_cost"], index), peers[kind], local[title])
        parts = [behind(w, value, x, BANDS["others"], lower=True) for w, x in zip(weights, lines, strict=True)]
        found[code] = _parts(parts, _not_no(facts[f"per_{kind}"]))
    return found


def _repriced(last_year: Column, index: Column) -> Column:
    return Column(half_up(last_year.units * index.units, WHOLE), last_year.ok & index.ok)


def _not_no(flag: Column) -> Any:
    """Where the question was not answered with no."""
    return ~(flag.ok & (flag.units == 0))


def _at_most(weight: int, value: Column, target: Column) -> Item:
    """Weight × target / value, full up to the target; a target of nothing is none."""
    reached = value.units <= target.units
    points = half_up(weight * target.units, np.maximum(value.units, 1))
    return item(weight, np.where(reached, weight, points), value.ok & target.ok & (target.units != 0))


def _in_range(weight: int, value: Column) -> Item:
    """Weight × distance to the highest over the range of all values."""
    low, high = value.units[value.ok].min(), value.units[value.ok].max()
    return item(weight, half_up(weight * (high - value.units), high - low), value.ok)


def _parts(parts: list[Item], applies: Any) -> Item:
    """The sum of the parts; while one is open, from the points of the others to what it may still give."""
    done = np.logical_and.reduce([p.units != UNSCORED for p in parts])
    low, high = sum(p.low for p in parts), sum(p.high for p in parts)
    return item(sum(p.weight for p in parts), low, done, applies, low, high)


def _costs(facts: Any, tables: Any, own: Any, total: Column, covered: Column, effect: Any) -> dict[str, Item]:
    """Collection, coverage, reduction, saving, control and what is done to others."""
    n = len(total.units)
    control = placed(tables["control"], own["control"], n, dict.fromkeys(RULES, 0))
    social, nature = effect["social_events"], effect["environment_events"]
    return {
        "C_COLLECT": exactly(500, ratio(total, facts["spending"], WHOLE)),
        "C_COVER": proportional(300, ratio(covered, total, WHOLE), whole(n)),
        "C_LIKE": _reduced(tables["comparable"], own["comparable"], n, facts["reduction_target"]),
        "C_SAVE": _saved(facts),
        "C_CTRL": elements(200, [control[name] for name in RULES]),
        "S_COST": falling(200, social.units, (50, 1), social.ok),
        "E_COST": falling(200, nature.units, (100, 1), nature.ok, _not_no(facts["environment_relevant"])),
    }


def _reduced(rows: Table, owner: Any, n: int, target: Column) -> Item:
    """Reduction at equal content and prices; this year's cost in millionths, last year's in units of 10^-10."""
    alike = column(rows["comparable"], 0)
    quantity, index = column(rows["quantity"]), column(rows["price_index"])
    now, before = column(rows["unit_cost"], 4), column(rows["previous_unit_cost"], 4)
    yes = alike.units == 1
    known = now.ok & before.ok & quantity.ok & index.ok
    ok = every(owner, n, alike.ok & (~yes | known)) & (sums(owner, n, yes) > 0)
    actual, expected = np.zeros(n, dtype=np.int64), np.zeros(n, dtype=np.int64)
    np.add.at(actual, owner, np.where(yes, now.units * quantity.units, 0))
    np.add.at(expected, owner, np.where(yes, before.units * index.units * quantity.units, 0))
    ok &= expected > 0
    # Python integers: the products have more digits than 64 bits hold.
    wide, spent = (np.where(ok, x, 1).astype(object) for x in (expected, actual * WHOLE))
    gain = (wide - spent) * WHOLE
    size = ((2 * abs(gain) + wide) // (2 * wide)).astype(np.int64)
    rate = Column(np.where(gain < 0, -size, size), ok)
    return proportional(400, rate, Column(np.where(target.ok, target.units, 1000), np.ones(n, dtype=bool)))


def _saved(facts: Any) -> Item:
    """Saving against the plan; nothing where output or quality fell short, open where nobody says."""
    planned, actual, good = (facts[name] for name in ("planned_output", "actual_output", "qualified_output"))
    goal, met = facts["quality_target"], facts["targets_met"]
    short = actual.ok & planned.ok & (actual.units < planned.units)
    poor = good.ok & goal.ok & actual.ok & (good.units * WHOLE < goal.units * actual.units)
    closed = short | poor | (met.ok & (met.units == 0))
    opened = ~closed & met.ok
    budget, spent = facts["budget_cost"], facts["spending"]
    rate = ratio(Column(budget.units - spent.units, budget.ok & spent.ok & (spent.units != 0)), budget, WHOLE)
    saved = banded(300, rate, [(500, 100), (200, 80), (0, 60)])
    points = np.where(closed, 0, saved.units)
    low = np.where(opened, saved.low, 0)
    return item(300, points, closed | (opened & rate.ok), low=low, high=saved.high)


def _with_pass(weight: int, value: Column, target: Column) -> Item:
    """Nothing up to 60 % of the target, from there in proportion."""
    over, span = 5 * value.units - 3 * target.units, 2 * np.maximum(target.units, 1)
    points = half_up(weight * np.maximum(over, 0), span)
    reached = value.units >= target.units
    return item(weight, np.where(reached, weight, points), value.ok & target.ok & (reached | (target.units > 0)))


def _outputs_scored(facts: Any) -> dict[str, Item]:
    planned, actual, goal = facts["planned_output"], facts["actual_output"], facts["quality_target"]
    full = whole(len(planned.units))
    quality = Column(np.where(goal.ok, goal.units, WHOLE), full.ok)
    return {
        "O_QTY": _with_pass(1000, ratio(actual, planned, WHOLE), full),
        "O_QLT": _with_pass(1000, ratio(facts["qualified_output"], actual, WHOLE), quality),
        "O_TIME": _with_pass(500, ratio(facts["on_time_output"], planned, WHOLE), full),
    }


def _effects(effect: Mapping[str, Column], facts: Any) -> dict[str, Item]:
    eco, env = effect["economic_degree"], effect["environment_degree"]
    met = ratio(effect["service_met"], effect["service_due"], WHOLE)
    return {
        "B_ECO": item(400, half_up(400 * eco.units, WHOLE), eco.ok),
        "B_SOC": _with_pass(700, met, whole(len(met.units))),
        "B_ENV": item(400, half_up(400 * env.units, WHOLE), env.ok, _not_no(facts["environment_relevant"])),
    }
