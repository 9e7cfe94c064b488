"""Land revenue: counties with their parcels, costs, appropriations and months."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from hand import (
    Column,
    Hand,
    Item,
    banded,
    behind,
    benchmarked,
    cases,
    column,
    elements,
    every,
    exactly,
    falling,
    half_up,
    kept,
    largest,
    less,
    off,
    placed,
    portion,
    proportional,
    questionnaire,
    ratio,
    result,
    some,
    summed,
    sums,
    whole,
)
from making import Maker

PACK = "revenue-land"
WHOLE = 10_000
"""100 % in hundredths of a percent."""
VIOLATIONS = {"虚收空转": 500, "坐支抵顶": 300, "低价出让": 300}
"""Hundredths of points each."""
USES = {"住宅": "住宅用地单位面积价款", "商服": "商服用地单位面积价款", "工业": "工业用地单位面积价款"}
IDLE, SETTLED, EARLY = "闲置未处置", "闲置已处置", "未到期"
NET = "土地出让收益"
Table = Mapping[str, Any]

# ---------------------------------------------------------------------------------------------------------------------
# Made evidence
# ---------------------------------------------------------------------------------------------------------------------


def made(n: int, seed: int) -> tuple[Table, dict[str, Table]]:
    """``n`` counties, most of them stated for a whole year; some spend more on the land than they got for it."""
    make = Maker(seed)
    ids = np.array([f"L{i:05d}" for i in range(n)])
    months = make.random.choice([12, 9, 7], n, p=[0.85, 0.1, 0.05])
    collected = np.round(np.exp(make.random.uniform(9, 14, n)) * months / 12, 2)
    violated = make.owners(0, 1, n)
    rows = {
        "parcels": _parcels(make, collected),
        "costs": _costs(make, collected),
        "accruals": _accruals(make, collected),
        "monthly": make.monthly(collected, months, "collected"),
        "violations": {
            "subject": violated,
            "kind": make.codes(list(VIOLATIONS), [0.3, 0.3, 0.4], len(violated), blank=0),
        }
        | {"amount": np.round(make.random.uniform(1, 900, len(violated)), 2)},
    }
    names = ("plan_public", "appraised", "public_sale", "no_discount", "forecast", "linked", "cost_budgeted")
    single = {"decision": {name: make.flags(0.9, n) for name in names}, "survey": make.survey(n, 200, 20000)}
    tables = {name: {"subject": ids} | table for name, table in single.items()}
    tables |= {name: table | {"subject": ids[table["subject"]]} for name, table in rows.items()}
    sizes = ((300, 500), (400, 700), (100, 200))
    standards = make.standards(dict(zip(USES.values(), sizes, strict=True)), range(2020, 2024), "万元/公顷")
    return {"subject": ids} | _subjects(make, collected, months), tables | {"benchmark_values": standards}


def _subjects(make: Maker, collected: Any, months: Any) -> Table:
    n = len(months)
    initial = np.round(collected * 12 / months * make.random.uniform(0.7, 1.3, n), 2)
    columns = {
        "year": make.random.integers(2022, 2025, n).astype(float),
        "months": months.astype(float),
        "plan_area": np.round(collected / make.random.uniform(200, 600, n), 4),
        "plan_price": np.round(collected * make.random.uniform(0.8, 1.3, n), 2),
        "initial_budget": initial,
        "adjusted_budget": np.round(initial * make.random.uniform(0.9, 1.1, n), 2),
        "collected": collected.copy(),
        "received": np.round(collected * make.random.uniform(0.95, 1.1, n), 2),
        "rural": np.round(collected * make.random.uniform(0.02, 0.3, n), 2),
        "rural_target": make.random.choice([0.0, 30.0, 40.0, 50.0], n, p=[0.02, 0.28, 0.3, 0.4]),
    }
    return {name: make.blanked(values) for name, values in columns.items()} | {"violations_checked": make.flags(0.8, n)}


def _parcels(make: Maker, collected: Any) -> Table:
    owner = make.owners(3, 15, len(collected))
    n = len(owner)
    area = np.round(make.random.uniform(0.5, 20, n), 4)
    start = np.round(area * make.random.uniform(100, 600, n), 2)
    old = make.random.random(n) < 0.25
    sold = old | (make.random.random(n) < 0.9)
    price = np.where(sold, np.round(start * make.random.uniform(1, 1.4, n), 2), np.nan)
    due = np.where(sold, np.round(price * make.random.uniform(0.3, 1, n), 2), np.nan)
    paid = np.where(make.random.random(n) < 0.7, due, np.round(due * make.random.uniform(0, 1.01, n), 2))
    price[make.random.random(n) < 0.001] *= 10_000  # typed in yuan
    penalty = np.where(paid < due, np.round((due - paid) * 0.01, 2), 0)
    columns = {
        "start_price": start,
        "price": price,
        "due": due,
        "paid": paid,
        "paid_on_time": np.round(paid * make.random.uniform(0.8, 1, n), 2),
        "penalty_due": penalty,
        "penalty_paid": np.round(penalty * make.random.random(n), 2),
        "returned": np.where(make.random.random(n) < 0.97, 0, np.round(start * 0.05, 2)),
    }
    for values in columns.values():
        values[make.random.random(n) < 0.003] = np.nan  # a blank costs the subject its sum
    states = [EARLY, "已动工", "逾期未满一年", IDLE, SETTLED]
    return {
        "subject": owner,
        "parcel": np.array([f"宗地{i}" for i in range(n)]),
        "period": np.where(old, "以前年度", "本期"),
        "use": make.codes([*USES, "其他"], [0.4, 0.2, 0.3, 0.1], n, blank=0),
        "mode": make.codes(["拍卖", "挂牌", "协议"], [0.2, 0.7, 0.1], n, blank=0.003),
        "result": np.where(sold, "成交", "流拍"),
        "area": area,
        "build": make.codes(states, [0.4, 0.45, 0.05, 0.05, 0.05], n, blank=0.003),
    } | columns


def _costs(make: Maker, collected: Any) -> Table:
    owner = make.owners(1, 5, len(collected))
    n = len(owner)
    return {
        "subject": owner,
        "kind": make.codes(["征地和拆迁补偿", "土地开发", "土地出让业务费"], [0.5, 0.4, 0.1], n, blank=0),
        "amount": np.round(collected[owner] * make.random.normal(0.2, 0.15, n), 2),
        "parcel": make.codes(["片区甲", "片区乙"], [0.5, 0.5], n, blank=0.2),
    }


def _accruals(make: Maker, collected: Any) -> Table:
    owner = make.owners(1, 3, len(collected))
    n = len(owner)
    return {
        "subject": owner,
        "fund": np.array(["教育资金", "农田水利建设资金", "保障性安居工程资金", "其他计提"])[np.arange(n) % 4],
        "base": make.codes([NET, "土地出让收入"], [0.7, 0.3], n, blank=0),
        "rate": make.random.choice([8.0, 10.0, 12.5], n),
        "accrued": np.round(collected[owner] * make.random.uniform(0.02, 0.08, n), 2),
    }


# ---------------------------------------------------------------------------------------------------------------------
# By hand
# ---------------------------------------------------------------------------------------------------------------------


def by_hand(subjects: Table, tables: Mapping[str, Table]) -> Hand:
    """All indicators, both deductions and the total, which does not fall below nothing."""
    ids, n = subjects["subject"], len(subjects["subject"])
    own = {name: np.searchsorted(ids, table["subject"]) for name, table in tables.items() if "subject" in table}
    places = {"months": 0, "plan_area": 4}
    place = {name: column(values, places.get(name, 2)) for name, values in subjects.items() if name != "subject"}
    decision = placed(tables["decision"], own["decision"], n, dict.fromkeys(tables["decision"], 0))
    survey = placed(tables["survey"], own["survey"], n, dict.fromkeys(tables["survey"], 0))
    sales = _sales(tables["parcels"], own["parcels"], n)
    dues = _dues(tables["parcels"], own["parcels"], n)
    cost, traced, net = _cost(tables["costs"], own["costs"], place["collected"])
    accruing = _accruing(tables["accruals"], own["accruals"], place["collected"], net)
    prices = benchmarked(tables["benchmark_values"], subjects["year"], list(USES.values()))
    levels = {
        "决策": _decided(decision, place, sales),
        "征管": _collected(place, sales, dues, portion(traced, cost), *accruing),
        "收入": _revenue(
            place, sales, dues, cost, net, _months(tables["monthly"], own["monthly"], place["months"]), prices
        ),
        "效益": _benefits(place, dues, net, survey),
    }
    # Nothing found and not looked for take off the same points: none.
    lost = np.minimum(300 * dues["returns"], 900)
    lost += np.minimum(cases(own["violations"], n, tables["violations"]["kind"], VIOLATIONS), 1500)
    hand = result(levels, -lost)
    return hand._replace(low=np.maximum(hand.low, 0), high=np.maximum(hand.high, 0))


def _total(owner: Any, n: int, values: Column, rows: Any) -> Column:
    """Sum over some rows, nothing where there are none; missing where one of them is blank."""
    there = np.bincount(owner, minlength=n) > 0
    blank = np.bincount(owner, weights=rows & ~values.ok, minlength=n) > 0
    return Column(sums(owner, n, values.units, rows), there & ~blank)


def _sales(rows: Table, owner: Any, n: int) -> dict[str, Column]:
    """What was offered and sold in the period."""
    area, price, start = column(rows["area"], 4), column(rows["price"]), column(rows["start_price"])
    mode_known = np.array([m is not None for m in rows["mode"]])
    now = rows["period"] == "本期"
    sold, other = now & (rows["result"] == "成交"), rows["use"] == "其他"
    agreed = rows["mode"] == "协议"
    bidding = every(owner, n, ~sold | (mode_known & (agreed | (price.ok & start.ok))))
    bid = {
        name: Column(sums(owner, n, c.units, sold & ~agreed), bidding) for name, c in (("bid", price), ("start", start))
    }
    areas = {use: _total(owner, n, area, sold & (rows["use"] == use)) for use in USES}
    one = Column(np.ones(len(owner), dtype=np.int64), np.ones(len(owner), dtype=bool))
    return (
        bid
        | areas
        | {
            "offered": _total(owner, n, one, now),
            "sold": _total(owner, n, one, sold),
            "doubtful": _total(owner, n, one, sold & price.ok & _doubtful(area.units, price.units)),
            "failed": _total(owner, n, one, now & ~sold),
            "area": _total(owner, n, area, sold),
            "main_area": _total(owner, n, area, sold & ~other),
            "main_price": _total(owner, n, price, sold & ~other),
            "price": _total(owner, n, price, sold),
        }
    )


def _doubtful(area: Any, price: Any) -> Any:
    """Areas in 10^-4, prices in 10^-2: no price a hectare below 1 or above a million."""
    return (area <= 0) | (price > 10_000 * area) | (100 * price < area)


def _dues(rows: Table, owner: Any, n: int) -> dict[str, Any]:
    """What was due and paid, given back, and what became of the land."""
    names = ("due", "paid", "paid_on_time", "penalty_due", "penalty_paid", "returned")
    due, paid, on_time, penalty, penalty_paid, returned = (column(rows[name]) for name in names)
    area, build = column(rows["area"], 4), rows["build"]
    sold, now = rows["result"] == "成交", rows["period"] == "本期"
    built = Column(area.units, np.array([b is not None for b in build]))
    return {
        "due": summed(owner, n, due, sold & now),
        "paid": summed(owner, n, paid, sold & now),
        "on_time": summed(owner, n, on_time, sold & now),
        "old_due": _total(owner, n, due, sold & ~now),
        "old_paid": _total(owner, n, paid, sold & ~now),
        "penalty_due": summed(owner, n, penalty, sold),
        "penalty_paid": summed(owner, n, penalty_paid, sold),
        "returned": _total(owner, n, returned, sold),
        "returns": sums(owner, n, returned.units > 0),
        "sound": sums(owner, n, _above(paid, due) | _above(on_time, paid) | (now & _above(due, column(rows["price"]))))
        == 0,
        "due_area": _known_area(owner, n, built, sold, build != EARLY),
        "idle_area": _known_area(owner, n, built, sold, (build == IDLE) | (build == SETTLED)),
        "settled_area": _known_area(owner, n, built, sold, build == SETTLED),
    }


def _above(left: Column, right: Column) -> Any:
    return left.ok & right.ok & (left.units > right.units)


def _known_area(owner: Any, n: int, area: Column, sold: Any, rows: Any) -> Column:
    """Area of some of the sold parcels; missing while the state of any sold parcel is not known."""
    return Column(sums(owner, n, area.units, sold & rows), every(owner, n, area.ok | ~sold))


def _cost(rows: Table, owner: Any, collected: Column) -> tuple[Column, Column, Column]:
    """Costs, those that a parcel bears, and what is left of the revenue."""
    n, amount = len(collected.ok), column(rows["amount"])
    cost = summed(owner, n, amount)
    traced = sums(owner, n, amount.units, np.array([p is not None for p in rows["parcel"]]))
    return cost, Column(traced, cost.ok & (traced >= 0)), Column(collected.units - cost.units, cost.ok & collected.ok)


def _accruing(rows: Table, owner: Any, collected: Column, net: Column) -> tuple[Column, Column]:
    """What was set aside and what was to be, both in units of 10^-6; a net loss is nothing to set aside from."""
    n, rate = len(net.ok), column(rows["rate"])
    from_net = rows["base"] == NET
    base = np.where(from_net, np.maximum(net.units, 0)[owner], collected.units[owner])
    known = np.where(from_net, net.ok[owner], collected.ok[owner])
    done = summed(owner, n, column(rows["accrued"]))
    return Column(done.units * WHOLE, done.ok), summed(owner, n, Column(base * rate.units, known & rate.ok))


def _months(rows: Table, owner: Any, months: Column) -> Column:
    """December's share in hundredths of a percent, where every month is there."""
    n, amount = len(months.ok), column(rows["collected"]).units
    count, total = np.bincount(owner, minlength=n), sums(owner, n, amount)
    complete = months.ok & (count == months.units) & (largest(owner, n, rows["month"]) == months.units) & (total > 0)
    return ratio(Column(sums(owner, n, amount, rows["month"] == 12), complete), Column(total, complete), WHOLE)


def _decided(
    decision: Mapping[str, Column], place: Mapping[str, Column], sales: Mapping[str, Column]
) -> dict[str, Item]:
    names, full = list(decision), ~place["months"].ok | (place["months"].units == 12)
    area, price = ratio(sales["area"], place["plan_area"], WHOLE), ratio(sales["price"], place["plan_price"], WHOLE)
    in_year = place["months"].ok & full
    initial, adjusted = (off(place["collected"], place[f"{name}_budget"]) for name in ("initial", "adjusted"))
    return {
        "D_POLICY": elements(400, [decision[name] for name in names[:4]]),
        "D_TARGET": elements(300, [decision[name] for name in names[4:]]),
        "D_AREA": falling(400, np.abs(area.units - WHOLE) - 1000, (1, 20), area.ok & in_year, full),
        "D_PRICE": falling(300, np.abs(price.units - WHOLE) - 1000, (1, 20), price.ok & in_year, full),
        "D_INIT": falling(300, np.abs(initial.units) - 1000, (1, 20), initial.ok & in_year, full),
        "D_ADJ": falling(300, np.abs(adjusted.units) - 500, (1, 10), adjusted.ok & in_year, full),
    }


def _collected(
    place: Mapping[str, Column],
    sales: Mapping[str, Column],
    dues: Mapping[str, Any],
    traced: Column,
    accrued: Column,
    accruable: Column,
) -> dict[str, Item]:
    full = whole(len(traced.ok))
    due, sold = kept(dues["due"], dues["sound"]), some(sales["sold"])
    owed = ratio(less(due, dues["paid"]), due, WHOLE)
    penalty = ratio(dues["penalty_paid"], dues["penalty_due"], WHOLE)
    old = ratio(dues["old_paid"], kept(dues["old_due"], dues["sound"]), WHOLE)
    return {
        "M_DUE": banded(700, owed, [(0, 100), (500, 80), (1000, 60), (2000, 30)], sold, lower=True),
        "M_TIMELY": proportional(500, ratio(dues["on_time"], due, WHOLE), full, sold),
        "M_PENALTY": proportional(300, penalty, full, some(dues["penalty_due"])),
        "M_TREASURY": exactly(600, ratio(place["collected"], place["received"], WHOLE)),
        "M_OLD": banded(400, old, [(5000, 100), (3000, 80), (1000, 50)], some(dues["old_due"])),
        "M_COST": proportional(400, traced, full),
        "M_ACCRUE": exactly(600, ratio(accrued, accruable, WHOLE), some(accruable)),
    }


def _revenue(
    place: Mapping[str, Column],
    sales: Mapping[str, Column],
    dues: Mapping[str, Column],
    cost: Column,
    net: Column,
    december: Column,
    prices: Mapping[str, Column],
) -> dict[str, Item]:
    months, collected = place["months"], place["collected"]
    adjusted, initial = place["adjusted_budget"], place["initial_budget"]
    planned = Column(np.where(adjusted.ok, adjusted.units, initial.units), adjusted.ok | initial.ok)
    done, time = ratio(collected, planned, WHOLE), half_up(months.units * WHOLE, 12)
    taking = kept(collected, collected.units >= 0)
    real = ratio(less(taking, dues["returned"]), taking, WHOLE)
    premium = ratio(less(sales["bid"], sales["start"]), sales["start"], WHOLE)
    failed = ratio(sales["failed"], sales["offered"], WHOLE)
    unit = ratio(sales["main_price"], kept(sales["main_area"], sales["doubtful"].units == 0), WHOLE)
    priced = some(sales["main_area"]) | (sales["doubtful"].units > 0)
    full = ~months.ok | (months.units == 12)
    return {
        "R_TIME": falling(400, np.abs(done.units - time) - 1000, (1, 10), done.ok & months.ok),
        "R_DEC": banded(300, december, [(1500, 100), (2000, 80), (3000, 50), (4000, 20)], full, lower=True),
        "R_REAL": proportional(500, real, whole(len(real.ok))),
        "R_NET": banded(
            700, ratio(kept(net, cost.units >= 0), taking, WHOLE), [(4000, 100), (3000, 80), (2000, 60), (1000, 30)]
        ),
        "R_PREMIUM": falling(300, np.abs(premium.units - 1500) - 1000, (1, 10), premium.ok, some(sales["sold"])),
        "R_FAIL": banded(
            400, failed, [(0, 100), (1000, 80), (2000, 50), (3000, 20)], some(sales["offered"]), lower=True
        ),
        "R_UNIT": behind(400, unit, _standard(sales, prices), [(1000, 80), (2000, 60), (4000, 30)], priced),
    }


def _standard(sales: Mapping[str, Column], prices: Mapping[str, Column]) -> Column:
    """The standards of the uses, each as heavy as its area."""
    parts = [(sales[use], prices[title]) for use, title in USES.items()]
    worth = sum(area.units * price.units for area, price in parts)
    known = np.logical_and.reduce([price.ok | (area.units == 0) for area, price in parts])
    return ratio(Column(worth, known), sales["main_area"], 1)


def _benefits(
    place: Mapping[str, Column], dues: Mapping[str, Column], net: Column, survey: Mapping[str, Column]
) -> dict[str, Item]:
    target = place["rural_target"]
    idle, settled = dues["idle_area"], ratio(dues["settled_area"], dues["idle_area"], WHOLE)
    return {
        "B_RURAL": proportional(500, ratio(place["rural"], net, WHOLE), kept(target, target.units != 0), some(net)),
        "B_IDLE": banded(
            400,
            ratio(idle, dues["due_area"], WHOLE),
            [(0, 100), (500, 80), (1000, 50), (2000, 20)],
            some(dues["due_area"]),
            lower=True,
        ),
        "B_DISPOSE": proportional(200, settled, whole(len(idle.ok)), some(idle)),
        "B_SAT": questionnaire(400, survey, [(9000, 100), (8000, 80), (6000, 50)]),
    }
