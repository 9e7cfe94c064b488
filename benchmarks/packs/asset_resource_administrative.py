"""Assets of administrative units: 1,000 units with their asset kinds, property, leases, allocation and income."""

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
    placed,
    proportional,
    questionnaire,
    ratio,
    result,
    summed,
    sums,
    whole,
)
from making import Maker

PACK = "asset-resource-administrative"
WHOLE = 10_000
"""100 % in hundredths of a percent."""
NOT_FIXED = ("无形资产", "公共基础设施", "其他")
KINDS = ("土地", "房屋和构筑物", "车辆", "通用设备", "专用设备", "家具和用具", "文物和陈列品", "图书和档案", *NOT_FIXED)
ALLOTTED = {"台式计算机": "通用办公设备", "打印机": "通用办公设备", "办公桌": "办公家具", "公务用车": "公务用车"}
SALE = "资产处置"
STANDARDS = {"固定资产利用率": (90, 98), "资产闲置率": (4, 9), "出租收益率": (2, 6), "资产负债率": (15, 40)}
Table = Mapping[str, Any]

# ---------------------------------------------------------------------------------------------------------------------
# Made evidence
# ---------------------------------------------------------------------------------------------------------------------


def made(n: int, seed: int) -> tuple[Table, dict[str, Table]]:
    """``n`` administrative units; a few list what they say they have not."""
    make = Maker(seed)
    ids = np.array([f"U{i:05d}" for i in range(n)])
    staff = np.where(make.random.random(n) < 0.01, 0, make.random.integers(5, 400, n)).astype(float)
    has = {f"has_{what}": make.flags(0.85, n) for what in ("property", "leases", "disposals", "shareable")}
    year = make.blanked(make.random.integers(2022, 2025, n).astype(float))
    kinds = _kinds(make, n, has["has_shareable"])
    book = np.bincount(kinds["subject"], weights=kinds["value"], minlength=n)
    single = {"balance": _balance(make, book), "revival": _revival(make, n), "office": _office(make, staff)}
    single |= {"basics": _flags(make, n, ["allocation", "use", "disposal", "income", "counting", "duty"], "rule_")}
    single |= {"daily": _daily(make, has["has_disposals"]), "survey": make.survey(n, 30, 3000)}
    rows = {
        "kinds": kinds,
        "properties": _properties(make, n, has["has_property"]),
        "allocation": _allocation(make, n),
        "leases": _leases(make, n, has["has_leases"]),
        "income": _income(make, n),
    }
    tables = {name: {"subject": ids} | table for name, table in single.items()}
    tables |= {name: table | {"subject": ids[table["subject"]]} for name, table in rows.items()}
    tables["benchmark_values"] = make.standards(STANDARDS, range(2020, 2024))
    return {"subject": ids, "year": year, "staff": make.blanked(staff)} | has, tables


def _owners(make: Maker, low: int, high: int, has: Any) -> Any:
    """Rows of the units that have the thing or do not say, and of a few that say they have not."""
    owner = make.owners(low, high, len(has))
    return owner[(has[owner] != 0) | (make.random.random(len(owner)) < 0.02)]


def _kinds(make: Maker, n: int, has_shareable: Any) -> Table:
    """Five to eight kinds a unit, each split into use, lease, idle and pending."""
    owner = np.repeat(np.arange(n), make.random.integers(5, 9, n))
    place = np.arange(len(owner)) - np.searchsorted(owner, owner)
    m = len(owner)
    value = np.round(np.exp(make.random.normal(6, 1.5, m)), 2)
    leased, idle, pending = (np.round(value * make.random.uniform(0, top, m), 2) for top in (0.15, 0.3, 0.02))
    idle *= make.random.random(m) < 0.5
    cards = make.random.integers(1, 900, m).astype(float)
    counted = np.floor(cards * make.random.uniform(0.8, 1, m))
    lendable = np.where((make.random.random(m) < 0.2) & (has_shareable[owner] != 0), np.round(value * 0.3, 2), np.nan)
    columns = {
        "own_use": np.round(value - leased - idle - pending, 2),
        "leased": leased,
        "idle": idle,
        "pending": pending,
        "counted": np.where(counted == cards, value, np.round(value * counted / cards, 2)),
        "cards": cards,
        "cards_counted": counted,
        "cards_matched": counted - make.random.poisson(0.5, m).clip(0, counted),
        "shared": np.round(lendable * make.random.uniform(0.3, 1, m), 2),
    }
    columns = {name: make.blanked(values) for name, values in columns.items()}
    return {"subject": owner, "kind": np.array(KINDS)[place], "value": value, "shareable": lendable} | columns


def _balance(make: Maker, book: Any) -> Table:
    assets = np.round(book * make.random.uniform(1, 1.6, len(book)), 2)
    off = np.where(make.random.random(len(book)) < 0.6, 0, make.random.normal(0, 0.01, len(book)))
    columns = {"assets": assets, "liabilities": np.round(assets * make.random.uniform(0, 0.7, len(book)), 2)}
    columns["ledger_value"] = np.round(book * (1 + off), 2)
    return {name: make.blanked(values) for name, values in columns.items()}


def _revival(make: Maker, n: int) -> Table:
    columns = {}
    for name, most in (("area", 8000), ("value", 5000)):
        opening = np.round(make.random.uniform(0, most, n) * (make.random.random(n) < 0.8), 2)
        columns[f"opening_{name}"] = opening
        columns[f"revived_{name}"] = np.round(opening * make.random.random(n), 2)
    return {name: make.blanked(values) for name, values in columns.items()}


def _office(make: Maker, staff: Any) -> Table:
    approved = np.round(staff * make.random.uniform(8, 12, len(staff)), 2)
    area = np.round(approved * make.random.uniform(0.8, 1.15, len(staff)), 2)
    return {"area": make.blanked(area), "approved_area": make.blanked(approved)}


def _flags(make: Maker, n: int, names: list[str], prefix: str = "") -> dict[str, Any]:
    return {prefix + name: make.flags(0.9, n) for name in names}


def _daily(make: Maker, has_disposals: Any) -> Table:
    n = len(has_disposals)
    disposals = make.random.poisson(3, n) * (has_disposals != 0).astype(float)
    found = make.random.poisson(2, n).astype(float)
    columns = {
        "disposals": disposals,
        "disposals_irregular": np.floor(disposals * make.random.random(n) ** 4),
        "issues_found": found,
        "issues_fixed": np.floor(found * make.random.random(n) ** 0.3),
    }
    flags = _flags(make, n, ["cards_timely", "reconciled", "handover", "maintained", "reported"])
    return flags | {name: make.blanked(v) for name, v in columns.items()} | {"violations": make.counts(0.3, n)}


def _properties(make: Maker, n: int, has: Any) -> Table:
    owner = _owners(make, 1, 8, has)
    states = ["已办证", "正在办理", "未办证", "不需办证"]
    return {
        "subject": owner,
        "property": np.array([f"房地{i}" for i in range(len(owner))]),
        "kind": make.codes(["办公用房", "业务用房", "其他房屋", "土地"], [0.3, 0.3, 0.2, 0.2], len(owner), blank=0),
        "area": make.numbers(50, 9000, len(owner)),
        "title": make.codes(states, [0.8, 0.08, 0.07, 0.05], len(owner), blank=0),
    }


def _allocation(make: Maker, n: int) -> Table:
    """Every item in each of one to four using units."""
    unit = np.repeat(np.arange(n), make.random.integers(1, 5, n))
    owner = np.repeat(unit, len(ALLOTTED))
    m = len(owner)
    wanted = make.random.integers(0, 40, m)
    actual = (wanted + np.rint(make.random.normal(0, 3, m))).clip(0)
    prices = np.tile([5000.0, 1800.0, 2500.0, 180000.0], len(unit))
    blank = make.random.random((3, m)) < 0.005
    return {
        "subject": owner,
        "using_unit": np.repeat(np.array([f"科室{i}" for i in range(len(unit))]), len(ALLOTTED)),
        "item": np.tile(np.array(list(ALLOTTED)), len(unit)),
        "class": np.tile(np.array(list(ALLOTTED.values())), len(unit)),
        "standard_quantity": np.where(blank[0], np.nan, wanted),
        "actual_quantity": np.where(blank[1], np.nan, actual),
        "standard_price": np.where(blank[2], np.nan, prices),
    }


def _leases(make: Maker, n: int, has: Any) -> Table:
    owner = _owners(make, 1, 4, has)
    m = len(owner)
    area, rent = np.round(make.random.uniform(20, 3000, m), 2), np.round(make.random.uniform(8, 90, m), 2)
    months = make.random.integers(1, 13, m).astype(float)
    due = np.round(area * rent * months / 10000 * make.random.uniform(0.6, 1.2, m), 2)
    received = np.round(due * make.random.uniform(0.7, 1, m), 2)
    columns = {
        "area": area,
        "months": months,
        "market_rent": rent,
        "contract_rent": due,
        "received": received,
        "costs": np.round(received * make.random.uniform(0, 1.1, m), 2),
        "value": np.round(area * make.random.uniform(0.1, 0.6, m), 2),
    }
    ids = np.array([f"合同{i}" for i in range(m)])
    return {"subject": owner, "asset": ids, "contract": ids} | {k: make.blanked(v) for k, v in columns.items()}


def _income(make: Maker, n: int) -> Table:
    sources = np.array(["出租出借", "对外投资", "其他有偿使用", SALE])
    owner = np.repeat(np.arange(n), len(sources))
    m = len(owner)
    due = np.round(make.random.uniform(0, 300, m) * (make.random.random(m) < 0.8), 2)
    paid = np.round(due * make.random.uniform(0.7, 1, m), 2)
    kept = make.random.random(m) < 0.7
    rows = {"subject": owner, "source": np.tile(sources, n), "due": make.blanked(due), "paid": make.blanked(paid)}
    return {name: values[kept] for name, values in rows.items()}


# ---------------------------------------------------------------------------------------------------------------------
# By hand
# ---------------------------------------------------------------------------------------------------------------------


def by_hand(subjects: Table, tables: Mapping[str, Table]) -> Hand:
    """All indicators, the deduction and the total, which does not fall below nothing."""
    ids, n = subjects["subject"], len(subjects["subject"])
    own = {name: np.searchsorted(ids, table["subject"]) for name, table in tables.items() if "subject" in table}
    counts = {"disposals": 0, "disposals_irregular": 0, "issues_found": 0, "issues_fixed": 0, "violations": 0}
    units = dict.fromkeys(("balance", "revival", "office"), 2) | {"basics": 0, "daily": 0, "survey": 0}
    sheets = {name: placed(tables[name], own[name], n, dict.fromkeys(tables[name], d)) for name, d in units.items()}
    told = {name: column(subjects[name], 0) for name in subjects if name.startswith("has_")}
    staff = column(subjects["staff"], 0)
    rows = {name: (tables[name], own[name], n) for name in ("kinds", "properties", "allocation", "leases", "income")}
    book, rent, income = _book(*rows["kinds"]), _rented(*rows["leases"]), _remitted(*rows["income"])
    standards = benchmarked(tables["benchmark_values"], subjects["year"], tuple(STANDARDS))
    leased, sold = _told(told["has_leases"], rent["there"]), _sold(told, income, sheets["daily"])
    levels = {
        "基础管理": _basis(book, rows["properties"], told["has_property"], sheets),
        "日常管理": _allotted(*rows["allocation"], staff, sheets["office"]) | _yields(rent, income, told, leased, sold),
        "资产效率": _efficiency(book, rent, standards, sheets, leased, told["has_shareable"]),
    }
    levels["日常管理"] |= _daily_points(sheets["daily"], sold, list(counts))
    violations = sheets["daily"]["violations"]
    hand = result(levels, -np.where(violations.ok, np.minimum(200 * violations.units, 1000), 0))
    return hand._replace(low=np.maximum(hand.low, 0), high=np.maximum(hand.high, 0))


def _told(has: Column, seen: Any) -> Any:
    """Where an indicator applies: unless the unit says no and nothing is seen of it."""
    return ~has.ok | (has.units == 1) | seen


def _book(rows: Table, owner: Any, n: int) -> dict[str, Column]:
    value, lent, shareable = column(rows["value"]), column(rows["shared"]), column(rows["shareable"])
    counted, fixed = column(rows["counted"]), ~np.isin(rows["kind"], NOT_FIXED)
    own_use, leased, idle = (column(rows[name]) for name in ("own_use", "leased", "idle"))
    used = Column(own_use.units + leased.units, own_use.ok & leased.ok)
    found = {name: summed(owner, n, column(rows[name], 0)) for name in ("cards_counted", "cards_matched")}
    return found | {
        "value": summed(owner, n, value),
        # More counted or shared than there is does not make up for another kind.
        "counted": summed(owner, n, Column(np.minimum(counted.units, value.units), counted.ok)),
        "fixed": summed(owner, n, value, fixed),
        "used": summed(owner, n, used, fixed),
        "idle": summed(owner, n, idle, fixed),
        "shareable": summed(owner, n, shareable, shareable.ok),
        "shared": summed(owner, n, Column(np.minimum(lent.units, shareable.units), lent.ok), shareable.units > 0),
    }


def _rented(rows: Table, owner: Any, n: int) -> dict[str, Any]:
    names = ("contract_rent", "area", "months", "market_rent", "received", "costs", "value")
    contract, area, months, rent, received, costs, value = (column(rows[name]) for name in names)
    market = Column(area.units * months.units * rent.units, area.ok & months.ok & rent.ok)
    return {
        "there": np.bincount(owner, minlength=n) > 0,
        "contracted": summed(owner, n, contract),
        "market": summed(owner, n, market),
        "earned": summed(owner, n, Column(received.units - costs.units, received.ok & costs.ok)),
        "value": summed(owner, n, value),
    }


def _remitted(rows: Table, owner: Any, n: int) -> dict[str, Column]:
    due, paid, sale = column(rows["due"]), column(rows["paid"]), rows["source"] == SALE
    both = due.ok & paid.ok
    # What one source pays beyond its due does not settle what another owes.
    settled = np.minimum(paid.units, due.units)
    return {
        "use_due": summed(owner, n, Column(due.units, both), ~sale),
        "use_paid": summed(owner, n, Column(settled, both), ~sale),
        "sale_due": summed(owner, n, due, sale),
        "sale_paid": summed(owner, n, paid, sale),
    }


def _basis(book: Mapping[str, Column], properties: tuple[Any, ...], has: Column, sheets: Any) -> dict[str, Item]:
    rows, owner, n = properties
    entries = np.bincount(owner, minlength=n)
    due, done = sums(owner, n, rows["title"] != "不需办证"), sums(owner, n, rows["title"] == "已办证")
    titled = ratio(Column(done, entries > 0), Column(due, entries > 0), WHOLE)
    ledger = sheets["balance"]["ledger_value"]
    gap = Column(np.abs(book["value"].units - ledger.units), book["value"].ok & ledger.ok)
    off = ratio(gap, ledger, WHOLE)
    matched = ratio(book["cards_matched"], book["cards_counted"], WHOLE)
    return {
        "B_COUNT": proportional(600, ratio(book["counted"], book["value"], WHOLE), whole(n)),
        "B_MATCH": falling(500, WHOLE - matched.units, (1, 2), matched.ok),
        "B_TITLE": proportional(500, titled, whole(n), _told(has, entries > 0) & ((entries == 0) | (due > 0))),
        "B_BOOK": falling(300, off.units, (1, 1), off.ok),
        "B_RULES": elements(600, list(sheets["basics"].values())),
    }


def _allotted(rows: Table, owner: Any, n: int, staff: Column, office: Mapping[str, Column]) -> dict[str, Item]:
    """Over and short in money at the price limits, by unit and item; general equipment and office area per head."""
    wanted, actual = column(rows["standard_quantity"], 0), column(rows["actual_quantity"], 0)
    price, general = column(rows["standard_price"]), rows["class"] == "通用办公设备"
    full, gap = wanted.ok & actual.ok & price.ok, actual.units - wanted.units
    standard = summed(owner, n, Column(wanted.units * price.units, full))
    over = ratio(summed(owner, n, Column(np.maximum(gap, 0) * price.units, full)), standard, WHOLE)
    short = ratio(summed(owner, n, Column(np.maximum(-gap, 0) * price.units, full)), standard, WHOLE)
    heads, norm = (ratio(summed(owner, n, x, general), staff, 100) for x in (actual, wanted))
    area, approved = ratio(office["area"], staff, 1), ratio(office["approved_area"], staff, 1)
    return {
        "D_OVER": falling(400, over.units, (1, 5), over.ok),
        "D_SHORT": falling(400, short.units, (1, 5), short.ok),
        "D_EQUIP": falling(400, np.abs(heads.units - norm.units) - 10, (10, 1), heads.ok & norm.ok),
        "D_OFFICE": behind(300, area, approved, [(500, 80), (1000, 50)], lower=True),
    }


def _sold(told: Mapping[str, Column], income: Mapping[str, Column], daily: Mapping[str, Column]) -> Any:
    """Units that dispose of assets, or may."""
    return _told(told["has_disposals"], _some(income["sale_due"]) | _some(daily["disposals"]))


def _some(amount: Column) -> Any:
    return amount.ok & (amount.units > 0)


def _none(*amounts: Column) -> Any:
    return np.logical_and.reduce([a.ok & (a.units == 0) for a in amounts])


def _yields(rent: Any, income: Any, told: Any, leased: Any, sold: Any) -> dict[str, Item]:
    n = len(leased)
    contracted, market = rent["contracted"], rent["market"]
    # 万元 in hundredths over 元 in millionths.
    compared = ratio(contracted, market, 10**12)
    due, paid, sale_due, sale_paid = (income[name] for name in ("use_due", "use_paid", "sale_due", "sale_paid"))
    used = _told(told["has_leases"], rent["there"] | _some(due)) & ~_none(due, paid)
    return {
        "D_RENT": proportional(300, compared, whole(n), leased),
        "D_REMIT": proportional(300, ratio(paid, due, WHOLE), whole(n), used),
        "D_SALE": proportional(300, ratio(sale_paid, sale_due, WHOLE), whole(n), sold & ~_none(sale_due, sale_paid)),
    }


def _daily_points(daily: Mapping[str, Column], sold: Any, counts: list[str]) -> dict[str, Item]:
    irregular, found, fixed = (daily[name] for name in ("disposals_irregular", "issues_found", "issues_fixed"))
    clean = found.ok & (found.units == 0)
    mended = ratio(fixed, found, WHOLE)
    mended = Column(np.where(clean, WHOLE, mended.units), clean | mended.ok)
    return {
        "D_PROC": falling(300, irregular.units, (100, 1), irregular.ok, sold),
        "D_DAILY": elements(500, [flag for name, flag in daily.items() if name not in counts]),
        "D_ISSUES": proportional(300, mended, whole(len(sold))),
    }


def _efficiency(book: Any, rent: Any, standards: Any, sheets: Any, leased: Any, has: Column) -> dict[str, Item]:
    used, idle, earned, debt = standards.values()
    balance, revival = sheets["balance"], sheets["revival"]
    revived = {name: ratio(revival[f"revived_{name}"], revival[f"opening_{name}"], WHOLE) for name in ("area", "value")}
    some = {name: ~_none(revival[f"opening_{name}"]) for name in revived}
    bands, worse = [(8000, 100), (6000, 80), (4000, 60), (2000, 30)], [(1000, 80), (2000, 60), (5000, 30)]
    shared = ratio(book["shared"], book["shareable"], WHOLE)
    return {
        "E_USE": behind(600, ratio(book["used"], book["fixed"], WHOLE), used, [(200, 80), (500, 60), (1000, 30)]),
        "E_IDLE": behind(500, ratio(book["idle"], book["fixed"], WHOLE), idle, worse, lower=True),
        "E_REVIVE_A": banded(500, revived["area"], bands, some["area"]),
        "E_REVIVE_V": banded(500, revived["value"], bands, some["value"]),
        "E_YIELD": behind(
            600, ratio(rent["earned"], rent["value"], WHOLE), earned, [(1000, 80), (2000, 60), (3000, 40)], leased
        ),
        "E_DEBT": behind(400, ratio(balance["liabilities"], balance["assets"], WHOLE), debt, worse, lower=True),
        "E_SHARE": proportional(400, shared, whole(len(leased)), _told(has, _some(book["shareable"]))),
        "M_SAT": questionnaire(500, sheets["survey"], [(9000, 100), (8000, 80), (6000, 50)]),
    }
