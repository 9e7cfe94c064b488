"""Assets of state enterprises: 1,000 enterprises with their census, accounts, objective factors, idle assets and leases."""

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
    item,
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

PACK = "asset-resource-enterprise"
WHOLE = 10_000
"""100 % in hundredths of a percent."""
STANDARDS = {
    "国有资本保值增值率": (101, 106),
    "净资产收益率": (3, 7),
    "总资产报酬率": (2, 5),
    "资产负债率基准线": (60, 65),
    "总资产周转率": (0.3, 0.6),
    "两金占流动资产比重": (35, 50),
    "研发投入强度": (1, 3),
}
UNITS = {"总资产周转率": "次"}
GAINS = ["国家追加投资", "无偿划入", "税收返还"]
LOSSES = ["无偿划出", "专项批准核销", "上缴红利"]
JUDGED = ["decision", "idle_ledger", "appraisal", "audit_clean", "accountability"]
Table = Mapping[str, Any]

# ---------------------------------------------------------------------------------------------------------------------
# Made evidence
# ---------------------------------------------------------------------------------------------------------------------


def made(n: int, seed: int) -> tuple[Table, dict[str, Table]]:
    """``n`` enterprises; some lose money, and of a few equity is negative."""
    make = Maker(seed)
    ids = np.array([f"Q{i:05d}" for i in range(n)])
    listed = {name: make.flags(0.97, n) for name in ("factors_listed", "idle_listed")}
    has = {name: make.flags(0.8, n) for name in ("has_leases", "has_transactions", "rd_relevant")}
    year = make.blanked(make.random.integers(2022, 2025, n).astype(float))
    finance = _finance(make, n)
    single = {"census": _census(make, finance), "finance": finance, "returns": _returns(make, has["has_transactions"])}
    single |= {"governance": _governance(make, n), "survey": make.survey(n, 30, 5000)}
    rows = {
        "factors": _factors(make, finance),
        "idle": _idle(make, n),
        "leases": _leases(make, has["has_leases"]),
    }
    tables = {name: {"subject": ids} | table for name, table in single.items()}
    tables |= {name: table | {"subject": ids[table["subject"]]} for name, table in rows.items()}
    sheet = make.standards(STANDARDS, range(2020, 2024))
    unit = np.array([UNITS.get(name, "%") for name in sheet["item"]])
    return {"subject": ids, "year": year} | listed | has, tables | {"benchmark_values": dict(sheet) | {"unit": unit}}


def _finance(make: Maker, n: int) -> dict[str, Any]:
    uniform = make.random.uniform
    opening = np.exp(make.random.normal(11, 1.2, n))
    closing = opening * uniform(0.9, 1.15, n)
    owed = np.where(make.random.random(n) < 0.03, uniform(1, 1.3, n), uniform(0.2, 0.85, n))
    equity, after = opening * (1 - owed), closing * (1 - owed * uniform(0.95, 1.05, n))
    share, current = uniform(0.6, 1, n), closing * uniform(0.2, 0.6, n)
    columns = {
        "assets_open": opening,
        "assets_close": closing,
        "liabilities_close": closing - after,
        "equity_open": equity,
        "equity_close": after,
        "state_open": equity * share,
        "state_close": after * share,
        "revenue": closing * uniform(0.1, 0.9, n),
        "total_profit": closing * make.random.normal(0.02, 0.03, n),
        "interest": closing * uniform(0, 0.02, n),
        "net_profit": closing * make.random.normal(0.015, 0.03, n),
        "current_assets": current,
        "receivables": current * uniform(0.1, 0.35, n),
        "inventories": current * uniform(0.1, 0.3, n),
        "rd_spending": closing * uniform(0, 0.012, n),
    }
    return {name: make.blanked(np.round(values, 2)) for name, values in columns.items()}


def _census(make: Maker, finance: Table) -> Table:
    assets = np.where(np.isnan(finance["assets_close"]), 50000, finance["assets_close"])
    n = len(assets)
    due = np.round(assets * make.random.uniform(0.3, 0.8, n), 2)
    counted = np.round(due * make.random.uniform(0.8, 1.05, n).clip(None, 1), 2)
    titles, firms = make.random.integers(0, 60, n), make.random.integers(1, 20, n)
    columns = {
        "due_value": due,
        "counted_value": counted,
        "matched_value": np.round(counted * make.random.uniform(0.9, 1.02, n).clip(None, 1), 2),
        "titles_due": titles.astype(float),
        "titles_done": np.floor(titles * make.random.random(n) ** 0.2),
        "registrations_due": firms.astype(float),
        "registrations_done": np.floor(firms * make.random.random(n) ** 0.1),
    }
    return {name: make.blanked(values) for name, values in columns.items()}


def _returns(make: Maker, has_transactions: Any) -> Table:
    n = len(has_transactions)
    due, listing = (np.round(make.random.uniform(50, most, n), 2) for most in (3000, 20000))
    columns = {"due": due, "paid": np.round(due * make.random.uniform(0.6, 1.02, n), 2)}
    listing[(has_transactions == 0) & (make.random.random(n) < 0.98)] = 0
    columns |= {"listing_due": listing, "listing_done": np.round(listing * make.random.uniform(0.5, 1, n), 2)}
    return {name: make.blanked(values) for name, values in columns.items()}


def _governance(make: Maker, n: int) -> Table:
    found = make.random.poisson(2, n).astype(float)
    columns = {"issues_found": found, "issues_fixed": np.floor(found * make.random.random(n) ** 0.3)}
    return {name: make.flags(0.9, n) for name in JUDGED} | {k: make.blanked(v) for k, v in columns.items()}


def _factors(make: Maker, finance: Table) -> Table:
    owner = make.owners(0, 4, len(finance["equity_open"]))
    m = len(owner)
    gains = make.random.random(m) < 0.5
    equity = np.where(np.isnan(finance["equity_open"]), 20000, np.abs(finance["equity_open"]))[owner]
    return {
        "subject": owner,
        "factor": np.where(gains, make.random.choice(GAINS, m), make.random.choice(LOSSES, m)),
        "effect": np.where(gains, "增加", "减少"),
        "amount": np.round(equity * make.random.uniform(0, 0.03, m), 2),
        "document": make.codes(["批复(虚构)"], [1], m),
    }


def _idle(make: Maker, n: int) -> Table:
    owner = make.owners(0, 9, n)
    m = len(owner)
    original = np.round(np.exp(make.random.normal(4.5, 1.2, m)), 2)
    return {
        "subject": owner,
        "asset": np.array([f"资产{i}" for i in range(m)]),
        "kind": make.codes(["房屋", "土地", "设备", "其他实物"], [0.4, 0.2, 0.3, 0.1], m, blank=0),
        "state": make.codes(["闲置", "低效"], [0.7, 0.3], m, blank=0),
        "area": make.numbers(50, 9000, m),
        "original": original,
        "net": np.round(original * make.random.random(m), 2),
        "at_opening": (make.random.random(m) < 0.7).astype(float),
        "revived": (make.random.random(m) < 0.4).astype(float),
        "route": make.codes(["自用", "调剂", "共享", "出租", "处置"], [0.2] * 5, m),
        "worth": make.numbers(1, 400, m),
    }


def _leases(make: Maker, has: Any) -> Table:
    owner = make.owners(1, 6, len(has))
    owner = owner[(has[owner] != 0) | (make.random.random(len(owner)) < 0.02)]
    m = len(owner)
    market = np.round(make.random.uniform(5, 300, m), 2)
    rent = np.round(market * make.random.uniform(0.6, 1.1, m), 2)
    return {
        "subject": owner,
        "asset": np.array([f"出租{i}" for i in range(m)]),
        "contract_rent": rent,
        "market_rent": make.blanked(market),
        "due_rent": rent,
        "received_rent": np.round(rent * make.random.uniform(0.7, 1, m), 2),
        "open_bidding": make.flags(0.8, m),
    }


# ---------------------------------------------------------------------------------------------------------------------
# By hand
# ---------------------------------------------------------------------------------------------------------------------


def by_hand(subjects: Table, tables: Mapping[str, Table]) -> Hand:
    """All indicators and the total."""
    ids, n = subjects["subject"], len(subjects["subject"])
    own = {name: np.searchsorted(ids, table["subject"]) for name, table in tables.items() if "subject" in table}
    counts = ("titles_due", "titles_done", "registrations_due", "registrations_done", "issues_found", "issues_fixed")
    whole_numbers = dict.fromkeys((*counts, *JUDGED, *tables["survey"]), 0)
    sheets = {
        name: placed(tables[name], own[name], n, whole_numbers)
        for name in ("census", "finance", "returns", "governance", "survey")
    }
    told = {name: column(values, 0) for name, values in subjects.items() if name not in ("subject", "year")}
    standards = benchmarked(tables["benchmark_values"], subjects["year"], tuple(STANDARDS))
    finance, census, returns = sheets["finance"], sheets["census"], sheets["returns"]
    kept = _kept(finance, _factor(tables["factors"], own["factors"], told["factors_listed"]))
    idle = _idle_total(tables["idle"], own["idle"], told["idle_listed"])
    rent = _rent(tables["leases"], own["leases"], n)
    levels = {
        "资产底数": _census_points(census),
        "资本效益": _capital(finance, kept, standards),
        "使用效率": _use(finance, census, idle, rent, told, standards),
        "盘活与收益上缴": _revived(idle, returns, told),
        "资产治理": _governed(sheets["governance"]),
        "满意度": {"M_SAT": questionnaire(500, sheets["survey"], [(9000, 100), (8000, 80), (6000, 50)])},
    }
    return result(levels)


def _factor(rows: Table, owner: Any, listed: Column) -> Column:
    """What the objective factors add to equity, less what they take from it; known where the list is complete."""
    signs = np.where(rows["effect"] == "增加", 1, -1)
    units = sums(owner, len(listed.ok), signs * column(rows["amount"]).units)
    return Column(units, listed.units == 1)


def _idle_total(rows: Table, owner: Any, listed: Column) -> dict[str, Column]:
    original = column(rows["original"]).units
    opening, revived = rows["at_opening"] == 1, rows["revived"] == 1
    chosen = {"opening": opening, "revived": opening & revived, "closing": ~revived}
    n = len(listed.ok)
    return {name: Column(sums(owner, n, original, which), listed.units == 1) for name, which in chosen.items()}


def _rent(rows: Table, owner: Any, n: int) -> dict[str, Column]:
    names = ("contract_rent", "market_rent", "due_rent", "received_rent")
    found = {name: column(rows[name]) for name in names}
    # What one tenant pays beyond the rent does not settle what another owes.
    due, received = found["due_rent"], found["received_rent"]
    found["received_rent"] = Column(np.minimum(received.units, due.units), received.ok)
    return {name: summed(owner, n, values) for name, values in found.items()}


def _kept(finance: Mapping[str, Column], factor: Column) -> Column:
    """State equity at the close without objective factors, in percent of that at the opening, where that is positive."""
    opening, closing = finance["state_open"], finance["state_close"]
    own = Column(closing.units - factor.units, closing.ok & factor.ok & (opening.units > 0))
    return ratio(own, opening, WHOLE)


def _plus(left: Column, right: Column) -> Column:
    return Column(left.units + right.units, left.ok & right.ok)


def _census_points(census: Mapping[str, Column]) -> dict[str, Item]:
    pairs = {
        "A_COUNT": (500, "counted_value", "due_value"),
        "A_MATCH": (500, "matched_value", "counted_value"),
        "A_TITLE": (400, "titles_done", "titles_due"),
        "A_REG": (400, "registrations_done", "registrations_due"),
    }
    full, due = whole(len(census["due_value"].ok)), census["titles_due"]
    applies = {"A_TITLE": ~due.ok | (due.units > 0)}
    return {
        code: proportional(weight, ratio(census[top], census[bottom], WHOLE), full, applies.get(code))
        for code, (weight, top, bottom) in pairs.items()
    }


def _capital(finance: Mapping[str, Column], kept: Column, standards: Mapping[str, Column]) -> dict[str, Item]:
    preserved, roe, roa, line = (standards[name] for name in list(STANDARDS)[:4])
    equity = _plus(finance["equity_open"], finance["equity_close"])
    profit = Column(finance["net_profit"].units, finance["net_profit"].ok & (equity.units > 0))
    before = _plus(finance["total_profit"], finance["interest"])
    assets = _plus(finance["assets_open"], finance["assets_close"])
    bands = [(1000, 80), (3000, 50), (6000, 20)]
    return {
        "B_KEEP": _preservation(kept, preserved),
        "B_ROE": behind(700, ratio(profit, equity, 2 * WHOLE), roe, bands),
        "B_ROA": behind(600, ratio(before, assets, 2 * WHOLE), roa, bands),
        "B_LEV": _leverage(finance["liabilities_close"], finance["assets_close"], line),
    }


def _preservation(kept: Column, standard: Column) -> Item:
    """60 % for preservation as such, 40 % for standing up to the benchmark."""
    own = banded(600, kept, [(10000, 100), (9800, 60), (9500, 30)])
    beside = behind(400, kept, standard, [(100, 80), (300, 50), (500, 20)])
    low, high = own.low + beside.low, own.high + beside.high
    return item(1000, low, kept.ok & standard.ok, low=low, high=high)


def _leverage(debts: Column, assets: Column, line: Column) -> Item:
    """The lower of two: the distance from the line on either side, and how far above the line."""
    level = ratio(debts, assets, WHOLE)
    above = ratio(Column(debts.units * WHOLE - line.units * assets.units, level.ok & line.ok), assets, 1)
    off = falling(700, np.abs(level.units - line.units) - 1500, (1, 5), above.ok)
    warned = banded(700, above, [(500, 100), (1000, 50)], lower=True)
    return item(700, np.minimum(off.units, warned.units), above.ok)


def _use(
    finance: Mapping[str, Column], census: Any, idle: Any, rent: Any, told: Any, standards: Mapping[str, Column]
) -> dict[str, Item]:
    turnover, two, rd = (standards[name] for name in list(STANDARDS)[4:])
    assets = _plus(finance["assets_open"], finance["assets_close"])
    funds = _plus(finance["receivables"], finance["inventories"])
    # A unit that says no and lists contracts all the same is scored.
    bands, leased = [(1000, 80), (3000, 50)], _unless_no(told["has_leases"]) | rent["contract_rent"].ok
    received = ratio(rent["received_rent"], rent["due_rent"], WHOLE)
    closing = ratio(idle["closing"], census["due_value"], WHOLE)
    compared = ratio(rent["contract_rent"], rent["market_rent"], WHOLE)
    spent = ratio(finance["rd_spending"], finance["revenue"], WHOLE)
    return {
        "C_IDLE": banded(500, closing, [(200, 100), (500, 70), (1000, 40)], lower=True),
        "C_TURN": behind(300, ratio(finance["revenue"], assets, 200), turnover, bands),
        "C_TWO": behind(400, ratio(funds, finance["current_assets"], WHOLE), two, bands, lower=True),
        "C_RD": behind(300, spent, rd, bands, _unless_no(told["rd_relevant"])),
        "C_RENTM": banded(400, compared, [(9500, 100), (8500, 70), (7000, 40)], leased),
        "C_RENTC": proportional(400, received, whole(len(leased)), leased),
    }


def _unless_no(said: Column) -> Any:
    return ~said.ok | (said.units != 0)


def _revived(idle: Any, returns: Mapping[str, Column], told: Any) -> dict[str, Item]:
    some = ~(idle["opening"].ok & (idle["opening"].units == 0))
    paid, listed = ratio(returns["paid"], returns["due"], WHOLE), returns["listing_done"]
    asked = returns["listing_due"]
    full, moved = whole(len(some)), _unless_no(told["has_transactions"]) | (asked.ok & (asked.units > 0))
    revived = ratio(idle["revived"], idle["opening"], WHOLE)
    return {
        "D_REV": banded(700, revived, [(5000, 100), (3000, 70), (1000, 40)], some),
        "D_PAY": proportional(600, paid, full),
        "D_LIST": proportional(300, ratio(listed, returns["listing_due"], WHOLE), full, moved),
    }


def _governed(governance: Mapping[str, Column]) -> dict[str, Item]:
    found, fixed = governance["issues_found"], governance["issues_fixed"]
    mended = ratio(fixed, found, WHOLE)
    return {
        "E_GOV": elements(500, [governance[name] for name in JUDGED]),
        "E_FIX": proportional(300, mended, whole(len(found.ok)), ~found.ok | (found.units > 0)),
    }
