"""Non-tax revenue: departments and counties with their items, arrears ledger, months and what was found against them."""

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
    exactly,
    falling,
    half_up,
    item,
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

PACK = "revenue-nontax"
WHOLE = 10_000
"""100 % in hundredths of a percent."""
YUAN = 10_000
"""To a 万元."""
VIOLATIONS = {"虚收空转": 500, "过头收费": 300, "坐收坐支": 300, "票据违规": 100}
"""Hundredths of points each."""
NOW = "本年应收"
Table = Mapping[str, Any]

# ---------------------------------------------------------------------------------------------------------------------
# Made evidence
# ---------------------------------------------------------------------------------------------------------------------


def made(n: int, seed: int) -> tuple[Table, dict[str, Table]]:
    """``n`` collecting bodies, most of them stated for a whole year; a few refund more than they collect."""
    make = Maker(seed)
    ids = np.array([f"N{i:05d}" for i in range(n)])
    months = make.random.choice([12, 9, 7], n, p=[0.85, 0.1, 0.05])
    collected = np.round(np.exp(make.random.uniform(7, 12, n)) * months / 12, 2)
    single = {"decision": _decision(make, n), "collection": _collection(make, collected), "benefit": _benefit(make, n)}
    single |= {"survey": make.survey(n, 200, 20000)}
    violated = make.owners(0, 1, n)
    rows = {
        "items": _items(make, collected),
        "monthly": make.monthly(collected, months, "collected"),
        "dues": _dues(make, collected),
        "violations": {"subject": violated, "kind": make.codes(list(VIOLATIONS), [0.25] * 4, len(violated), blank=0)}
        | {"amount": np.round(make.random.uniform(1, 90, len(violated)), 2)},
    }
    tables = {name: {"subject": ids} | table for name, table in single.items()}
    tables |= {name: table | {"subject": ids[table["subject"]]} for name, table in rows.items()}
    standards = make.standards({"非税收入占一般公共预算收入比重": (20, 35)}, range(2020, 2024))
    return {"subject": ids} | _subjects(make, collected, months), tables | {"benchmark_values": standards}


def _subjects(make: Maker, collected: Any, months: Any) -> Table:
    n = len(months)
    initial = np.round(collected * 12 / months * make.random.uniform(0.8, 1.2, n), 2)
    refunds = np.where(make.random.random(n) < 0.005, -1, 1)
    columns = {
        "year": make.random.integers(2022, 2025, n).astype(float),
        "months": months.astype(float),
        "initial_budget": initial,
        "adjusted_budget": np.round(initial * make.random.uniform(0.95, 1.05, n), 2),
        "collected": collected * refunds,
        "general_revenue": np.round(collected / make.random.uniform(0.1, 0.6, n), 2),
        "gdp_growth": np.round(make.random.uniform(-2, 9, n), 1),
    }
    return {name: make.blanked(values) for name, values in columns.items()} | {"violations_checked": make.flags(0.8, n)}


def _decision(make: Maker, n: int) -> Table:
    names = ("basis_complete", "standard_kept", "published", "reviewed", "forecast", "linked", "no_quota")
    return {name: make.flags(0.85, n) for name in names}


def _collection(make: Maker, collected: Any) -> Table:
    n = len(collected)
    received = np.round(collected * make.random.uniform(0.9, 1.1, n), 2)
    checked = make.random.integers(0, 300, n).astype(float)
    eligible = np.where(make.random.random(n) < 0.3, 0, np.round(make.random.uniform(5, 900, n), 2))
    enjoyed = np.round(eligible * make.random.uniform(0.8, 1.1, n), 2)
    columns = {
        "received": received,
        "remitted_on_time": np.round(received * make.random.uniform(0.8, 1.003, n), 2),
        "electronic": np.round(received * make.random.uniform(0.6, 1.004, n), 2),
        "bills_amount": np.round(received * make.random.uniform(0.9, 1.1, n), 2),
        "bills_checked": checked,
        "bills_faulty": np.floor(checked * make.random.uniform(0, 0.2, n) + (make.random.random(n) < 0.005) * 400),
        "cost": np.round(collected * make.random.uniform(0.002, 0.06, n), 2),
        "relief_eligible": eligible,
        "relief_enjoyed": enjoyed,
        "relief_on_time": np.round(enjoyed * make.random.uniform(0.7, 1.003, n), 2),
    }
    return {name: make.blanked(values) for name, values in columns.items()}


def _benefit(make: Maker, n: int) -> Table:
    free, before = make.random.random(n) < 0.03, make.random.random(n) < 0.02
    fees = np.where(free, 0, np.round(make.random.uniform(10, 5000, n), 2))
    payers = np.where(free, 0, make.random.integers(0, 2000, n)).astype(float)
    special = np.where(make.random.random(n) < 0.2, 0, np.round(make.random.uniform(10, 3000, n), 2))
    columns = {
        "enterprise_fees": fees,
        "enterprises": payers,
        "previous_enterprise_fees": np.where(before, 90, np.round(fees * make.random.uniform(0.85, 1.15, n), 2)),
        "previous_enterprises": np.round(payers * make.random.uniform(0.9, 1.1, n)),
        "special_income": special,
        "special_used": np.round(special * make.random.uniform(0.7, 1.003, n), 2),
        "policy_degree": np.round(make.random.uniform(30, 101, n), 1),
    }
    return {name: make.blanked(values) for name, values in columns.items()}


def _items(make: Maker, collected: Any) -> Table:
    owner = make.owners(2, 10, len(collected))
    n = len(owner)
    amount = np.round(collected[owner] * make.random.normal(0.15, 0.06, n), 2)
    columns = {
        "previous": np.round(amount / make.random.uniform(0.8, 1.2, n), 2),
        "one_off": np.where(make.random.random(n) < 0.8, 0, np.round(amount * make.random.random(n), 2)),
        "previous_one_off": np.where(make.random.random(n) < 0.8, 0, np.round(amount * make.random.random(n), 2)),
        "policy": np.where(make.random.random(n) < 0.8, 0, np.round(amount * make.random.normal(0, 0.1, n), 2)),
    }
    for values in columns.values():
        values[make.random.random(n) < 0.004] = np.nan  # a blank costs the subject its sum
    listed = (make.random.random(n) < 0.97).astype(float)
    listed[make.random.random(n) < 0.004] = np.nan
    return {
        "subject": owner,
        "item": np.array([f"项目{i}" for i in range(n)]),
        "amount": amount,
        "listed": listed,
    } | columns


def _dues(make: Maker, collected: Any) -> Table:
    owner = make.owners(1, 6, len(collected))
    n = len(owner)
    due = np.round(collected[owner] * make.random.uniform(0.05, 0.3, n), 2)
    on_time = np.round(due * make.random.uniform(0.6, 1, n), 2)
    age = make.codes([NOW, "1年以内", "1至2年", "3年以上"], [0.6, 0.2, 0.1, 0.1], n, blank=0)
    columns = {
        "due": due,
        "relieved": np.where(make.random.random(n) < 0.9, 0, np.round(due * 0.03, 2)),
        "on_time": np.where(age == NOW, on_time, np.nan),
        "later": np.round((due - on_time) * make.random.uniform(0, 1.02, n), 2),
    }
    for name in ("due", "relieved", "later"):
        columns[name][make.random.random(n) < 0.004] = np.nan
    return {"subject": owner, "item": np.array([f"项目{i}" for i in range(n)]), "age": age} | columns


# ---------------------------------------------------------------------------------------------------------------------
# By hand
# ---------------------------------------------------------------------------------------------------------------------


def by_hand(subjects: Table, tables: Mapping[str, Table]) -> Hand:
    """All indicators, both deductions and the total, which does not fall below nothing."""
    ids, n = subjects["subject"], len(subjects["subject"])
    own = {name: np.searchsorted(ids, table["subject"]) for name, table in tables.items() if "subject" in table}
    place = {
        name: column(values, 0 if name == "months" else 2) for name, values in subjects.items() if name != "subject"
    }
    decision = placed(tables["decision"], own["decision"], n, dict.fromkeys(tables["decision"], 0))
    taken = placed(tables["collection"], own["collection"], n, {"bills_checked": 0, "bills_faulty": 0})
    benefit = placed(tables["benefit"], own["benefit"], n, {"enterprises": 0, "previous_enterprises": 0})
    survey = placed(tables["survey"], own["survey"], n, dict.fromkeys(tables["survey"], 0))
    items = _summed_items(tables["items"], own["items"], n)
    (share,) = benchmarked(tables["benchmark_values"], subjects["year"], ("非税收入占一般公共预算收入比重",)).values()
    levels = {
        "决策": _decided(decision, place, items),
        "征管": _collected(taken, place["collected"], _summed_dues(tables["dues"], own["dues"], n)),
        "收入": _revenue(place, taken, items, _months(tables["monthly"], own["monthly"], place["months"]), share),
        "效益": _benefits(benefit, survey),
    }
    # Nothing found and not looked for take off the same points: none.
    lost = np.minimum(500 * items["unlisted"], 1000)
    lost += np.minimum(cases(own["violations"], n, tables["violations"]["kind"], VIOLATIONS), 1500)
    hand = result(levels, -lost)
    return hand._replace(low=np.maximum(hand.low, 0), high=np.maximum(hand.high, 0))


def _summed_items(rows: Table, owner: Any, n: int) -> dict[str, Any]:
    money = {name: column(rows[name]) for name in ("amount", "previous", "one_off", "previous_one_off", "policy")}
    listed = column(rows["listed"], 0)
    amount, previous, once, previous_once, policy = money.values()
    known = previous.ok & once.ok & previous_once.ok & policy.ok
    return {
        "count": summed(owner, n, Column(np.ones(len(owner), dtype=np.int64), amount.ok)),
        "amount": summed(owner, n, amount),
        "one_off": summed(owner, n, once),
        "like": summed(owner, n, Column(amount.units - once.units - policy.units, known)),
        "like_base": summed(owner, n, Column(previous.units - previous_once.units, known)),
        "listed": summed(owner, n, listed),
        "unlisted": sums(owner, n, listed.ok & (listed.units == 0)),
    }


def _summed_dues(rows: Table, owner: Any, n: int) -> dict[str, Column]:
    """Sums over this year's dues and over old arrears, each missing where a row of its kind is not filled in."""
    due, relieved, on_time, later = (column(rows[name]) for name in ("due", "relieved", "on_time", "later"))
    now = rows["age"] == NOW
    filled = due.ok & relieved.ok & later.ok & (on_time.ok | ~now)
    net = due.units - relieved.units
    parts = {
        "payable": (net, now),
        "paid": (on_time.units + later.units, now),
        "formed": (net - on_time.units, now),
        "new_cleared": (later.units, now),
        "old_due": (net, ~now),
        "old_cleared": (later.units, ~now),
    }
    return {name: summed(owner, n, Column(units, filled), which) for name, (units, which) in parts.items()}


def _months(rows: Table, owner: Any, months: Column) -> tuple[Column, Column, Column]:
    """Total, December and the distances from the mean times months; known where every month is there."""
    n, amount = len(months.ok), column(rows["collected"]).units
    count, total = np.bincount(owner, minlength=n), sums(owner, n, amount)
    complete = months.ok & (count == months.units) & (largest(owner, n, rows["month"]) == months.units) & (total > 0)
    spread = sums(owner, n, np.abs(months.units[owner] * amount - total[owner]))
    december = sums(owner, n, amount, rows["month"] == 12)
    return tuple(Column(units, complete) for units in (total, december, spread))


def _decided(decision: Mapping[str, Column], place: Mapping[str, Column], items: Mapping[str, Any]) -> dict[str, Item]:
    names, full = list(decision), ~place["months"].ok | (place["months"].units == 12)
    listed = ratio(items["listed"], items["count"], WHOLE)
    year = kept(place["collected"], place["months"].ok & full)
    initial, adjusted = (off(year, place[f"{name}_budget"]) for name in ("initial", "adjusted"))
    return {
        "D_LIST": proportional(600, listed, whole(len(full))),
        "D_BASIS": elements(400, [decision[name] for name in names[:4]]),
        "D_TARGET": _target(*(decision[name] for name in names[4:])),
        "D_INIT": falling(400, np.abs(initial.units) - 500, (1, 10), initial.ok, full),
        "D_ADJ": falling(300, np.abs(adjusted.units) - 200, (1, 4), adjusted.ok, full),
    }


def _target(forecast: Column, linked: Column, no_quota: Column) -> Item:
    """40, 40 and 20 % of three points; nothing at all where quotas were given out."""
    points = np.where(no_quota.units == 1, 120 * (forecast.units + linked.units) + 60, 0)
    most = 120 * (np.where(forecast.ok, forecast.units, 1) + np.where(linked.ok, linked.units, 1)) + 60
    known = forecast.ok & linked.ok & no_quota.ok
    return item(300, points, known, low=points, high=np.where(no_quota.ok & (no_quota.units == 0), 0, most))


def _collected(taken: Mapping[str, Column], collected: Column, dues: Mapping[str, Column]) -> dict[str, Item]:
    full = whole(len(collected.ok))
    received, checked, eligible = taken["received"], taken["bills_checked"], taken["relief_eligible"]
    sound = less(checked, taken["bills_faulty"])
    sound = kept(sound, sound.units >= 0)
    formed, old = dues["formed"], dues["old_due"]
    cost = ratio(taken["cost"], kept(collected, collected.units >= 0), WHOLE)
    return {
        "M_PAID": exactly(600, ratio(dues["paid"], dues["payable"], WHOLE)),
        "M_ONTIME": proportional(500, portion(taken["remitted_on_time"], received), full),
        "M_NEW": proportional(300, portion(dues["new_cleared"], formed), full, ~formed.ok | (formed.units != 0)),
        "M_OLD": banded(
            300,
            portion(dues["old_cleared"], old),
            [(5000, 100), (3000, 80), (1000, 50)],
            ~old.ok | (old.units != 0),
        ),
        "M_ELEC": proportional(400, portion(taken["electronic"], received), full),
        "M_BILL": proportional(400, ratio(sound, checked, WHOLE), full),
        "M_RELIEF": exactly(400, ratio(taken["relief_enjoyed"], eligible, WHOLE), some(eligible)),
        "M_TIMELY": proportional(300, portion(taken["relief_on_time"], taken["relief_enjoyed"]), full, some(eligible)),
        "M_COST": banded(300, cost, [(100, 100), (200, 80), (300, 60), (500, 30)], lower=True),
    }


def _revenue(
    place: Mapping[str, Column],
    taken: Mapping[str, Column],
    items: Mapping[str, Any],
    monthly: tuple[Column, Column, Column],
    share: Column,
) -> dict[str, Item]:
    months, collected, growth = place["months"], place["collected"], place["gdp_growth"]
    adjusted, initial = place["adjusted_budget"], place["initial_budget"]
    planned = Column(np.where(adjusted.ok, adjusted.units, initial.units), adjusted.ok | initial.ok)
    done, time = ratio(collected, planned, WHOLE), half_up(months.units * WHOLE, 12)
    total, december, spread = monthly
    twice = 2 * months.units * total.units
    even = ratio(Column(twice - spread.units, total.ok), Column(twice, total.ok), WHOLE)
    base = items["like_base"]
    like = off(items["like"], kept(base, base.units >= 0))
    amount = items["amount"]
    once = ratio(items["one_off"], kept(amount, amount.units > 0), WHOLE)
    quality = portion(kept(collected, collected.units >= 0), place["general_revenue"])
    full = ~months.ok | (months.units == 12)
    return {
        "R_TIME": falling(500, np.abs(done.units - time) - 500, (1, 5), done.ok & months.ok),
        "R_DEC": banded(
            400, ratio(december, total, WHOLE), [(1000, 100), (1500, 80), (2000, 50), (2500, 20)], full, lower=True
        ),
        "R_EVEN": banded(400, even, [(9000, 100), (8000, 80), (7000, 50), (6000, 20)]),
        "R_GROW": falling(500, np.abs(like.units - growth.units) - 500, (1, 4), like.ok & growth.ok),
        "R_ONEOFF": banded(400, once, [(1000, 100), (2000, 80), (3000, 50), (4000, 20)], lower=True),
        "R_SHARE": behind(500, quality, share, [(1000, 80), (3000, 60), (6000, 30)], lower=True),
        "R_TRUE": exactly(300, ratio(taken["bills_amount"], taken["received"], WHOLE)),
    }


def _benefits(benefit: Mapping[str, Column], survey: Mapping[str, Column]) -> dict[str, Item]:
    now, before = (
        ratio(benefit[f"{when}enterprise_fees"], benefit[f"{when}enterprises"], YUAN) for when in ("", "previous_")
    )
    fees, payers, fees_before = (
        benefit[name] for name in ("enterprise_fees", "enterprises", "previous_enterprise_fees")
    )
    none = fees.ok & payers.ok & (fees.units == 0) & (payers.units == 0)
    now = Column(np.where(none, 0, now.units), now.ok | none)
    any_fees = ~(fees.ok & fees_before.ok & (fees.units == 0) & (fees_before.units == 0))
    special, degree = benefit["special_income"], benefit["policy_degree"]
    judged = degree.ok & (degree.units <= WHOLE)
    return {
        "B_BURDEN": behind(400, now, before, [(500, 80), (1000, 50)], any_fees, lower=True),
        "B_USE": proportional(
            300,
            portion(benefit["special_used"], special),
            whole(len(special.ok)),
            some(special),
        ),
        "B_POLICY": item(300, half_up(300 * degree.units, WHOLE), judged),
        "B_SAT": questionnaire(500, survey, [(9000, 100), (8000, 80), (6000, 50)]),
    }
