"""Tax revenue: 960 places to be judged and 40 peers that pay for the estimate of tax capacity."""

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
    column,
    elements,
    falling,
    kept,
    largest,
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

PACK = "revenue-tax"
PEERS = 40
ALL, VAT = "全部税收", "增值税"
WHOLE = 10_000
"""100 % in hundredths of a percent."""
T_95 = 2.042
"""Student's t for 30 degrees of freedom, which also stands for 31 to 39: there are 40 peers and three coefficients."""
FAR = np.log(100)
Table = Mapping[str, Any]

# ---------------------------------------------------------------------------------------------------------------------
# Made evidence
# ---------------------------------------------------------------------------------------------------------------------


def made(n: int, seed: int) -> tuple[Table, dict[str, Table]]:
    """``n`` counties and cities, most of them stated for a whole year; the last are peers with tax and economy only.

    The peers are stated for the whole year and all taxes.
    """
    make = Maker(seed)
    ids = np.array([f"C{i:05d}" for i in range(n)])
    months = make.random.choice([12, 9, 6], n, p=[0.85, 0.1, 0.05])
    months[n - PEERS :] = 12
    scope = make.codes([ALL, VAT], [0.97, 0.03], n)
    scope[n - PEERS :][scope[n - PEERS :] == VAT] = ALL
    year = make.random.integers(2022, 2025, n)
    ends = np.char.add(year.astype(str), np.select([months == 12, months == 9], ["-12-31", "-09-30"], "-06-30"))
    subjects = {
        "subject": ids,
        "role": np.where(np.arange(n) < n - PEERS, "评价对象", "参照"),
        "tax_scope": scope,
        "year": make.blanked(year.astype(float)),
        "period_end": make.blanked(ends.astype("datetime64[D]")),
    }
    economy = _economy(make, n)
    budget = _budget(make, economy, months)
    judged = n - PEERS
    single = {"decision": _decision(make, judged), "collection": _collection(make, budget["collected"][:judged])}
    single |= {"integrity": _integrity(make, judged), "survey": make.survey(judged, 1000, 60000)}
    rows = {
        "monthly": make.monthly(budget["collected"][:judged], months[:judged], "amount"),
        "adjustments": _adjustments(make, budget["collected"], judged),
        "relief": _relief(make, judged),
    }
    tables = {name: {"subject": ids} | table for name, table in (("budget", budget), ("economy", economy))}
    tables |= {name: {"subject": ids[:judged]} | table for name, table in single.items()}
    tables |= {name: table | {"subject": ids[table["subject"]]} for name, table in rows.items()}
    standards = {"税收收入占比": (70, 82), "征收成本率": (1, 1.6)}
    return subjects, tables | {"benchmark_values": make.standards(standards, range(2020, 2024))}


def _economy(make: Maker, n: int) -> Table:
    """Published in 亿元 with two decimals, so in whole hundreds of 万元."""
    population = np.round(np.exp(make.random.uniform(11.5, 14.5, n)))
    gdp = np.round(population * np.exp(make.random.normal(11.1, 0.4, n)) / 1e6) * 100
    growth = np.where(make.random.random(n) < 0.03, 1.001, make.random.uniform(0.97, 1.1, n))
    return {
        "gdp": make.blanked(gdp.copy()),
        "gdp_last": make.blanked(np.round(gdp / growth / 100) * 100),
        "nonfarm": make.blanked(np.round(gdp * make.random.uniform(0.7, 0.99, n) / 100) * 100),
        "population": make.blanked(population),
    }


def _budget(make: Maker, economy: Table, months: Any) -> Table:
    n = len(months)
    gdp = np.where(np.isnan(economy["gdp"]), 3e6, economy["gdp"])
    collected = np.round(gdp * make.random.uniform(0.03, 0.1, n) * months / 12, 2)
    initial = np.round(collected * 12 / months * make.random.uniform(0.88, 1.12, n), 2)
    columns = {
        "budget_initial": initial,
        "budget_adjusted": np.round(initial * make.random.uniform(0.97, 1.03, n), 2),
        "collected": collected.copy(),
        "last_collected": np.round(collected / make.random.uniform(0.85, 1.15, n), 2),
        "general_revenue": np.round(collected / make.random.uniform(0.5, 0.9, n), 2),
        "growth_goal": np.round(make.random.uniform(2, 8, n), 1),
    }
    columns["collected"][0] *= 10_000  # one place in yuan: its effort is out of reach
    columns["collected"][1:3] *= -1  # refunds above receipts
    return {name: make.blanked(values) for name, values in columns.items()} | {
        "adjustments_checked": make.flags(0.95, n)
    }


def _decision(make: Maker, n: int) -> Table:
    names = ("lawful", "reasoned", "published", "reviewed", "forecast", "linked", "approved", "no_quota")
    goals = {"jobs_goal": make.numbers(1, 4, n), "investment_goal": make.numbers(0.5, 3, n)}
    goals["jobs_goal"][make.random.random(n) < 0.01] = 0
    return {name: make.flags(0.85, n) for name in names} | goals


def _collection(make: Maker, collected: Any) -> Table:
    n = len(collected)
    due = np.where(np.isnan(collected), 1000, np.round(collected * make.random.uniform(1, 1.1, len(collected)), 2))
    fresh = np.where(make.random.random(n) < 0.1, 0, np.round(due * make.random.uniform(0, 0.05, n), 2))
    old = np.where(make.random.random(n) < 0.15, 0, np.round(due * make.random.uniform(0, 0.1, n), 2))
    columns = {
        "due": due,
        "due_paid": np.round(due * make.random.uniform(0.92, 1.001, n), 2),
        "new_arrears": fresh,
        "new_cleared": np.round(fresh * make.random.uniform(0, 1.02, n), 2),
        "old_arrears": old,
        "old_cleared": np.round(old * make.random.uniform(0, 0.5, n), 2),
        "cost": np.round(due * make.random.uniform(0.008, 0.03, n), 2),
        "organised": np.round(due * make.random.uniform(1.2, 1.8, n), 2),
    }
    return {name: make.blanked(values) for name, values in columns.items()}


def _integrity(make: Maker, n: int) -> Table:
    return {name: make.counts(0.15, n) for name in ("hollow", "overlevied", "unlisted")}


def _adjustments(make: Maker, collected: Any, judged: int) -> Table:
    owner = make.owners(0, 4, judged)
    size = np.where(np.isnan(collected), 1000, collected)[owner]
    return {
        "subject": owner,
        "side": make.codes(["本期", "上年同期"], [0.7, 0.3], len(owner), blank=0),
        "kind": make.codes(["政策性因素", "一次性收入", "体制或级次调整"], [0.4, 0.4, 0.2], len(owner), blank=0),
        "amount": np.round(size * make.random.normal(0.02, 0.03, len(owner)), 2),
        "document": make.codes(["文件(虚构)"], [1], len(owner), blank=0.1),
    }


def _relief(make: Maker, judged: int) -> Table:
    owner = make.owners(1, 4, judged)
    n = len(owner)
    eligible = make.random.integers(20, 3000, n).astype(float)
    amount = np.round(make.random.uniform(100, 20000, n), 2)
    columns = {
        "eligible": eligible,
        "enjoyed": np.floor(eligible * make.random.uniform(0.9, 1.002, n)),
        "amount": amount,
        "on_time": np.round(amount * make.random.uniform(0.85, 1.001, n), 2),
        "jobs": make.random.integers(0, 500, n).astype(float),
        "investment": np.round(amount * make.random.uniform(0, 4, n), 2),
    }
    return {"subject": owner, "policy": np.array([f"政策{i}" for i in range(n)])} | {
        name: make.blanked(values) for name, values in columns.items()
    }


# ---------------------------------------------------------------------------------------------------------------------
# By hand
# ---------------------------------------------------------------------------------------------------------------------


def by_hand(subjects: Table, tables: Mapping[str, Table]) -> Hand:
    """All indicators, the deduction and the total, which does not fall below nothing."""
    ids, n = subjects["subject"], len(subjects["subject"])
    own = {name: np.searchsorted(ids, table["subject"]) for name, table in tables.items() if "subject" in table}
    month = subjects["period_end"].astype("datetime64[M]").astype(np.int64) % 12 + 1
    month = Column(np.where(np.isnat(subjects["period_end"]), 0, month), ~np.isnat(subjects["period_end"]))
    counts = {"gdp": 0, "gdp_last": 0, "nonfarm": 0, "population": 0, "hollow": 0, "overlevied": 0, "unlisted": 0}
    flags = {name: 0 for name in tables["decision"] if not name.endswith("_goal")} | {"adjustments_checked": 0}
    money = {
        name: placed(tables[name], own[name], n, counts | flags)
        for name in ("budget", "economy", "decision", "collection", "integrity")
    }
    same = _same(tables["adjustments"], own["adjustments"], n)
    relief = _relieved(tables["relief"], own["relief"], n)
    standards = benchmarked(tables["benchmark_values"], subjects["year"], ("税收收入占比", "征收成本率"))
    share, cost = standards.values()
    survey = placed(tables["survey"], own["survey"], n, dict.fromkeys(tables["survey"], 0))
    peers, all_taxes = subjects["role"] == "参照", subjects["tax_scope"] != VAT
    # What the peers are not stated for is not to be compared with them.
    alike = all_taxes & (~month.ok | (month.units == 12))
    levels = {
        "决策": _decided(money["decision"], money["budget"], month),
        "征管": _collected(money, _months(tables["monthly"], own["monthly"], n), month, relief, cost),
        "收入": _revenue(money, same, share, all_taxes, _effort(money, peers, alike)),
        "效益": _benefit(money["decision"], relief, survey),
    }
    cases = [money["integrity"][name] for name in ("hollow", "overlevied", "unlisted")]
    lost = np.minimum(sum(each * c.units for each, c in zip((300, 300, 200), cases, strict=True)), 1000)
    hand = result(levels, -np.where(np.logical_and.reduce([c.ok for c in cases]), lost, 0))
    return hand._replace(low=np.maximum(hand.low, 0), high=np.maximum(hand.high, 0))


def _decided(decision: Mapping[str, Column], budget: Mapping[str, Column], month: Column) -> dict[str, Item]:
    names = list(decision)
    collected, full = budget["collected"], ~month.ok | (month.units == 12)
    year = month.ok & full
    bias = {name: off(kept(collected, year), budget[name]) for name in ("budget_initial", "budget_adjusted")}
    initial, adjusted = bias.values()
    return {
        "D_POLICY": elements(400, [decision[name] for name in names[:4]]),
        "D_GOAL": elements(400, [decision[name] for name in names[4:8]]),
        "D_BIAS": falling(400, np.abs(initial.units) - 300, (2, 5), initial.ok, full),
        "D_ADJUST": falling(300, np.abs(adjusted.units) - 100, (1, 2), adjusted.ok, full),
    }


def _months(rows: Table, owner: Any, n: int) -> tuple[Any, Any, Any, Any, Any]:
    """How many months a subject has, the last one, their total, December, and the distances from the mean times months."""
    amount = column(rows["amount"]).units
    count, total = np.bincount(owner, minlength=n), sums(owner, n, amount)
    spread = sums(owner, n, np.abs(count[owner] * amount - total[owner]))
    return count, largest(owner, n, rows["month"]), total, sums(owner, n, amount, rows["month"] == 12), spread


def _collected(
    money: Mapping[str, Mapping[str, Column]], months: Any, month: Column, relief: Table, cost: Column
) -> dict[str, Item]:
    budget, taken = money["budget"], money["collection"]
    adjusted, initial = budget["budget_adjusted"], budget["budget_initial"]
    planned = Column(np.where(adjusted.ok, adjusted.units, initial.units), adjusted.ok | initial.ok)
    # Collected over planned less months over twelve, on one denominator.
    ahead = Column(
        12 * budget["collected"].units - month.units * planned.units, budget["collected"].ok & planned.ok & month.ok
    )
    ahead = ratio(ahead, Column(12 * planned.units, planned.ok), WHOLE)
    count, last, total, december, spread = months
    complete = month.ok & (count == month.units) & (last == month.units) & (total >= 0)
    even = ratio(Column(2 * count * total - spread, complete), Column(2 * count * total, complete), WHOLE)
    twelve = (count == 12) & (total >= 0)
    december = ratio(Column(december, twelve), Column(total, twelve), WHOLE)
    due = portion(taken["due_paid"], taken["due"])
    fresh, old = (portion(taken[f"{age}_cleared"], taken[f"{age}_arrears"]) for age in ("new", "old"))
    spent = ratio(taken["cost"], taken["organised"], WHOLE)
    enjoyed = ratio(relief["enjoyed"], relief["eligible"], WHOLE)
    timely = ratio(relief["on_time"], relief["amount"], WHOLE)
    return {
        "T_PROGRESS": falling(400, -ahead.units, (2, 5), ahead.ok),
        "T_EVEN": banded(300, even, [(9000, 100), (8500, 80), (8000, 50)]),
        "T_DECEMBER": banded(
            300, december, [(1000, 100), (1200, 70), (1500, 40)], ~month.ok | (month.units == 12), lower=True
        ),
        "T_DUE": falling(600, 9800 - due.units, (3, 5), due.ok),
        "T_NEW": proportional(300, fresh, whole(len(month.ok)), some(taken["new_arrears"])),
        "T_OLD": banded(300, old, [(3000, 100), (2000, 80), (1000, 50)], some(taken["old_arrears"])),
        "T_COST": behind(400, spent, cost, [(1000, 80), (2000, 60), (5000, 30)], lower=True),
        "T_RELIEF": falling(500, 9800 - enjoyed.units, (1, 2), enjoyed.ok),
        "T_TIMELY": falling(400, WHOLE - timely.units, (1, 5), timely.ok),
    }


def _same(rows: Table, owner: Any, n: int) -> dict[str, Any]:
    """Amounts to be taken out of either period, and this period's one-off revenue; only documented ones count."""
    amount = column(rows["amount"]).units
    proved = np.array([d is not None for d in rows["document"]])
    now = proved & (rows["side"] == "本期")
    return {
        "now": sums(owner, n, amount, now),
        "before": sums(owner, n, amount, proved & ~now),
        "one_off": sums(owner, n, amount, now & (rows["kind"] == "一次性收入")),
    }


def _relieved(rows: Table, owner: Any, n: int) -> dict[str, Column]:
    """Sums over the policies of a subject, missing where one of them is blank or a part is above its whole."""
    places = {"eligible": 0, "enjoyed": 0, "amount": 2, "on_time": 2, "jobs": 0, "investment": 2}
    found = {name: column(rows[name], decimals) for name, decimals in places.items()}
    sums_of = {name: summed(owner, n, c) for name, c in found.items()}
    for part, full in (("enjoyed", "eligible"), ("on_time", "amount")):
        known = found[part].ok & found[full].ok
        over = sums(owner, n, known & (found[part].units > found[full].units)) > 0
        sums_of[part] = kept(sums_of[part], ~over)
    return sums_of


def _revenue(
    money: Mapping[str, Mapping[str, Column]], same: Mapping[str, Any], share: Column, all_taxes: Any, effort: Column
) -> dict[str, Item]:
    budget, economy = money["budget"], money["economy"]
    now, before, checked = budget["collected"], budget["last_collected"], budget["adjustments_checked"]
    checked = checked.ok & (checked.units == 1)
    base = before.units - same["before"]
    grown = Column(now.units - same["now"] - base, now.ok & before.ok & checked & (base > 0))
    growth = ratio(grown, Column(base, before.ok), WHOLE)
    goal = budget["growth_goal"]
    elastic = _elasticity(now, before, economy["gdp"], economy["gdp_last"])
    taking = kept(now, now.units >= 0)
    once = ratio(Column(same["one_off"], checked), taking, WHOLE)
    quality = ratio(taking, budget["general_revenue"], WHOLE)
    return {
        "R_COMPARABLE": falling(700, goal.units - growth.units, (7, 10), growth.ok & goal.ok),
        "R_ELASTIC": falling(500, np.abs(elastic.units - 100) - 20, (5, 1), elastic.ok),
        "R_EFFORT": banded(600, effort, [(10000, 100), (9500, 90), (9000, 75), (8000, 50)]),
        "R_SHARE": behind(600, quality, share, [(500, 80), (1000, 60), (2000, 30)], all_taxes),
        "R_ONCE": banded(600, once, [(200, 100), (500, 80), (1000, 50)], lower=True),
    }


def _elasticity(now: Column, before: Column, gdp: Column, gdp_before: Column) -> Column:
    """Growth of tax over growth of GDP in hundredths; GDP must have moved by half a percent."""
    moved = gdp.units - gdp_before.units
    ok = now.ok & before.ok & gdp.ok & gdp_before.ok & (before.units > 0) & (gdp.units > 0) & (gdp_before.units > 0)
    ok &= (200 * np.abs(moved) >= gdp_before.units) & (moved != 0)
    top = Column(np.where(ok, (now.units - before.units) * gdp_before.units, 0), ok)
    return ratio(top, Column(np.where(ok, before.units * moved, 1), ok), 100)


def _effort(money: Mapping[str, Mapping[str, Column]], peers: Any, alike: Any) -> Column:
    """Actual over estimated tax per head in hundredths of a percent; least squares on the peers, in logarithms."""
    tax = money["budget"]["collected"]
    gdp, nonfarm, people = (money["economy"][name] for name in ("gdp", "nonfarm", "population"))
    known = np.logical_and.reduce([c.ok & (c.units > 0) for c in (tax, gdp, nonfarm, people)])
    known &= nonfarm.units <= gdp.units
    top = [np.where(known, c.units, 1) for c in (tax, gdp, nonfarm, people)]
    log = np.log(top[0] * 100 / top[3])
    design = np.stack([np.ones(len(log)), np.log(top[1] * 10_000 / top[3]), top[2] / top[1]], axis=1)
    rows = known & peers
    inverse = np.linalg.inv(design[rows].T @ design[rows])
    b = inverse @ design[rows].T @ log[rows]
    rest = log[rows] - design[rows] @ b
    sigma = np.sqrt(rest @ rest / (rows.sum() - 3))
    fitted = design @ b
    reach = T_95 * sigma * np.sqrt(1 + np.einsum("ij,jk,ik->i", design, inverse, design))
    near = (fitted - reach >= log[rows].min() - FAR) & (fitted + reach <= log[rows].max() + FAR)
    rate = np.floor(np.exp(log - fitted) * WHOLE + 0.5).astype(np.int64)
    return Column(np.where(known, rate, 0), known & near & alike)


def _benefit(
    decision: Mapping[str, Column], relief: Mapping[str, Column], survey: Mapping[str, Column]
) -> dict[str, Item]:
    jobs = ratio(relief["jobs"], relief["amount"], 1_000_000)
    investment = ratio(relief["investment"], relief["amount"], 100)
    goals = [
        goal._replace(ok=goal.ok & (goal.units != 0)) for goal in (decision["jobs_goal"], decision["investment_goal"])
    ]
    return {
        "B_JOBS": proportional(500, jobs, goals[0]),
        "B_INVEST": proportional(500, investment, goals[1]),
        "M_SAT": questionnaire(1000, survey, [(9000, 100), (8000, 80), (6000, 50)]),
    }
