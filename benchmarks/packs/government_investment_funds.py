"""Government investment funds: the tree of market-oriented parent funds, which leaves no indicator out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyxirr
from hand import (
    Column,
    Hand,
    Item,
    banded,
    column,
    elements,
    every,
    falling,
    largest,
    placed,
    proportional,
    questionnaire,
    ratio,
    result,
    summed,
    sums,
    whole,
)
from making_funds import DUTIES, Table, made

PACK = "government-investment-funds"
VARIANT = "market_parent"
METHODS = {"审计或评估": 10, "最近一轮融资": 8, "成本": 5, "其他": 0}
"""Tenths of a valuation that count as reliable."""
MERITS = {
    "引进重大产业项目": (200, 400),
    "培育初创期企业上市": (200, 400),
    "培育专精特新企业": (100, 300),
    "科技成果转化落地": (100, 300),
}
"""Points each and at most, in hundredths."""
__all__ = ["PACK", "VARIANT", "by_hand", "made"]

DATELESS = np.iinfo(np.int64).min
WHOLE = 10_000
"""100 % in hundredths of a percent."""
RATES = np.expm1(np.linspace(np.log(1e-4), np.log(101), 400))
"""From -99.99 % to 10000 %: where the net present value of flows with several changes of sign is looked at."""


def by_hand(subjects: Table, tables: Mapping[str, Table]) -> Hand:
    """All indicators, the bonus and the total."""
    ids = subjects["subject"]
    n = len(ids)
    own = {name: np.searchsorted(ids, table["subject"]) for name, table in tables.items()}
    stated, nav = _stated(tables["nav"], own["nav"], n)
    terms = placed(tables["terms"], own["terms"], n, {})
    conduct = placed(tables["conduct"], own["conduct"], n, dict.fromkeys(tables["conduct"], 0))
    survey = placed(tables["survey"], own["survey"], n, dict.fromkeys(tables["survey"], 0))
    capital = _capital(tables["commitments"], own["commitments"], n, stated)
    cash = _cash(tables["flows"], own["flows"], n, stated)
    book = _book(tables["holdings"], own["holdings"], n)
    pool = _pool(tables["subfunds"], own["subfunds"], n)
    invest = _invest(book, pool)
    aims = _aims(tables["goals"], own["goals"], n)
    published = _leverage(tables["published"], own["published"], n)
    rate = _rates(tables["flows"], own["flows"], n, stated, nav)
    levels = {
        "政策性": _policy(terms, capital, book, pool, aims, published),
        "合规性": _compliance(conduct, survey, terms, capital, cash, book, invest),
        "业绩性": _performance(subjects["fund_phase"], terms, cash, invest, nav, rate),
    }
    return result(levels, _bonus(tables["merits"], own["merits"], n))


def _known(values: Any) -> Any:
    return np.array([v is not None for v in values], dtype=bool)


def _stated(nav: Table, owner: Any, n: int) -> tuple[Any, Column]:
    """Day of the newest net value (``DATELESS`` without one) and the value."""
    known = ~np.isnat(nav["date"]) & ~np.isnan(nav["nav"])
    days, owner, amounts = nav["date"][known].astype(np.int64), owner[known], column(nav["nav"][known]).units
    stated = np.full(n, DATELESS)
    np.maximum.at(stated, owner, days)
    newest = days == stated[owner]
    return stated, Column(sums(owner[newest], n, amounts[newest]), stated != DATELESS)


def _capital(rows: Table, owner: Any, n: int, stated: Any) -> dict[str, Column]:
    committed, paid = column(rows["committed"]), column(rows["paid"])
    fiscal, social = rows["nature"] == "财政资金", rows["nature"] == "社会资本"
    all_paid = every(owner, n, paid.ok)
    due_known = ~np.isnat(rows["due_date"])
    due = social & due_known & (rows["due_date"].astype(np.int64) <= stated[owner])
    dated = every(owner, n, ~social | (due_known & paid.ok & (stated[owner] != DATELESS)))
    met = np.minimum(paid.units, committed.units)
    there = np.bincount(owner, minlength=n) > 0
    return {
        "total": Column(sums(owner, n, committed.units), there),
        "fiscal": Column(sums(owner, n, committed.units, fiscal), there),
        "total_paid": summed(owner, n, paid),
        "fiscal_paid": Column(sums(owner, n, paid.units, fiscal), all_paid),
        "due": Column(sums(owner, n, committed.units, due), dated),
        "met": Column(sums(owner, n, met, due), dated),
    }


def _cash(rows: Table, owner: Any, n: int, stated: Any) -> dict[str, Column]:
    amount, kind, day = column(rows["amount"]).units, rows["kind"], rows["date"].astype(np.int64)
    home = ~_known(rows["currency"]) | (rows["currency"] == "人民币")
    ok = every(owner, n, home) & (stated != DATELESS)
    early = day <= stated[owner]
    called, beside = kind == "实缴出资", kind == "管理费(出资人另付)"
    fee, cost = kind == "管理费", kind == "其他费用"
    chosen = {
        "paid_in": (called | beside) & early,
        "called": called & early,
        "aged": called & (stated[owner] - day > 365),
        "distributed": (kind == "收益分配") & early,
        "fees": (fee | beside) & early,
        "expenses": (fee | cost) & early,
    }
    found = {name: Column(sums(owner, n, amount, which), ok) for name, which in chosen.items()}
    for name in ("paid_in", "called"):  # less than nothing paid in is no denominator
        found[name] = Column(found[name].units, ok & (found[name].units >= 0))
    found["fees"] = Column(found["fees"].units, ok & (sums(owner, n, fee | beside) > 0))
    return found


def _reliable(rows: Table, units: Any) -> Any:
    """Valuations in tenths of hundredths, discounted by how they were made."""
    return units * np.select([rows["method"] == m for m in METHODS], list(METHODS.values()), 0)


def _book(rows: Table, owner: Any, n: int) -> dict[str, Any]:
    cost, value, crowd = (column(rows[name]) for name in ("cost", "valuation", "crowd"))
    agreed, exited, managed = (column(rows[name], 0) for name in ("agreed", "exited", "managed"))
    traits = [column(rows[name], 0) for name in ("early", "small", "hard_tech")]
    direct, gone = ~_known(rows["via"]), exited.units == 1
    young = (traits[0].units | traits[1].units | traits[2].units) == 1
    young_known = young | (traits[0].ok & traits[1].ok & traits[2].ok)
    held = exited.ok & ~gone
    valued = every(owner, n, exited.ok & (~direct | gone | (value.ok & _known(rows["method"]))))
    there = np.bincount(owner, minlength=n) > 0
    name = np.unique(rows["project"], return_inverse=True)[1]
    project = np.unique((owner * (name.max() + 1) + name)[direct], return_inverse=True)[1]
    by_project = np.bincount(project, weights=cost.units[direct]).astype(np.int64)
    return {
        "there": there,
        "direct": sums(owner, n, cost.units, direct),
        "cost": Column(sums(owner, n, cost.units), there),
        "agreed": Column(sums(owner, n, cost.units, agreed.units == 1), every(owner, n, agreed.ok)),
        "young": Column(sums(owner, n, cost.units, young), every(owner, n, young_known)),
        "crowd": summed(owner, n, crowd),
        "exited": Column(sums(owner, n, cost.units, direct & gone), every(owner, n, ~direct | exited.ok)),
        "open": Column(sums(owner, n, ~gone), every(owner, n, exited.ok)),
        "managed": Column(
            sums(owner, n, held & (managed.units == 1)), every(owner, n, exited.ok & (gone | managed.ok))
        ),
        "value": Column(sums(owner, n, value.units, direct & held), valued),
        "reliable": Column(sums(owner, n, _reliable(rows, value.units), direct & held), valued),
        "largest": largest(owner[direct], n, by_project[project]),
    }


def _pool(rows: Table, owner: Any, n: int) -> dict[str, Any]:
    paid, total, exited, value = (column(rows[name]) for name in ("paid", "total_paid", "exited_cost", "valuation"))
    valued = every(owner, n, value.ok & _known(rows["method"]))
    there = np.bincount(owner, minlength=n) > 0
    return {
        "there": there,
        "paid": Column(sums(owner, n, paid.units), there),
        "total_paid": summed(owner, n, total),
        "exited": summed(owner, n, exited),
        "value": Column(sums(owner, n, value.units), valued),
        "reliable": Column(sums(owner, n, _reliable(rows, value.units)), valued),
        "largest": largest(owner, n, paid.units),
    }


def _invest(book: Mapping[str, Any], pool: Mapping[str, Any]) -> dict[str, Column]:
    """Direct projects and sub-funds together; a kind a fund has none of is not missing."""
    some = book["there"] | pool["there"]
    found = {
        name: Column(
            book[name].units + pool[name].units,
            some & (book[name].ok | ~book["there"]) & (pool[name].ok | ~pool["there"]),
        )
        for name in ("exited", "value", "reliable")
    }
    found["total"] = Column(book["direct"] + pool["paid"].units, some)
    return found | {"largest": Column(np.maximum(book["largest"], pool["largest"]), some)}


def _aims(rows: Table, owner: Any, n: int) -> dict[str, Column]:
    target, actual = column(rows["target"]), column(rows["actual"])
    known = target.ok & actual.ok
    count = np.bincount(owner, minlength=n)
    found = {
        "met": Column(sums(owner, n, actual.units >= target.units), every(owner, n, known)),
        "count": Column(count, count > 0),
    }
    for name, kind in (("jobs", "带动就业"), ("tax", "税收贡献")):
        of_kind = rows["kind"] == kind
        ok = every(owner, n, ~of_kind | known) & (sums(owner, n, of_kind) > 0)
        found[name] = Column(sums(owner, n, actual.units, of_kind), ok)
        found[f"{name}_target"] = Column(sums(owner, n, target.units, of_kind), ok)
    return found


def _leverage(rows: Table, owner: Any, n: int) -> Column:
    """Published social capital per published investment, of the one row that is no part of another."""
    top = ~_known(rows["part_of"])
    leveraged, invested = column(rows["leveraged"][top]), column(rows["invested"][top])
    one = every(owner[top], n, leveraged.ok & invested.ok) & (np.bincount(owner[top], minlength=n) == 1)
    above, below = sums(owner[top], n, leveraged.units), sums(owner[top], n, invested.units)
    return ratio(Column(above, one), Column(below, one), 100)


def _rates(rows: Table, owner: Any, n: int, stated: Any, nav: Column) -> Column:
    """Rate of return to the investors in hundredths of a percent; missing where there is not exactly one in range."""
    kind = rows["kind"]
    signs = np.select([kind == "收益分配", (kind == "实缴出资") | (kind == "管理费(出资人另付)")], [1, -1], 0)
    foreign = _known(rows["currency"]) & (rows["currency"] != "人民币")
    ok = nav.ok & (sums(owner, n, foreign) == 0) & (sums(owner, n, signs != 0) > 0)
    days = rows["date"].astype(np.int64)
    kept = (signs != 0) & ok[owner] & (days <= stated[owner])
    funds = np.flatnonzero(ok)
    owner = np.concatenate([owner[kept], funds])
    days = np.concatenate([days[kept], stated[funds]])
    units = np.concatenate([(signs * column(rows["amount"]).units)[kept], nav.units[funds]])
    key, spot = np.unique(owner * 100_000 + days, return_inverse=True)
    net = np.bincount(spot, weights=units)
    key, net = key[net != 0], net[net != 0]
    owner, days = key // 100_000, key % 100_000
    starts = np.searchsorted(owner, np.arange(n + 1))
    turns = np.bincount(owner[1:], weights=(owner[1:] == owner[:-1]) & ((net[1:] > 0) != (net[:-1] > 0)), minlength=n)
    found = np.full(n, np.nan)
    for fund in np.flatnonzero(turns):
        part = slice(starts[fund], starts[fund + 1])
        if turns[fund] == 1 or _one_rate(days[part], net[part]):
            found[fund] = pyxirr.xirr(days[part].astype("datetime64[D]"), net[part], silent=True)
    known = (found > RATES[0]) & (found < RATES[-1])
    units = np.floor(np.abs(np.where(known, found, 0)) * WHOLE + 0.5 + 1e-9)
    return Column(np.where(found < 0, -units, units).astype(np.int64), known)


def _one_rate(days: Any, net: Any) -> bool:
    """Whether the net present value changes its sign once between -99.99 % and 10000 %."""
    worth = (net * (1 + RATES)[:, None] ** (-(days - days[0]) / 365)).sum(axis=1)
    return int(((worth[1:] > 0) != (worth[:-1] > 0)).sum()) == 1


def _policy(terms: Any, capital: Any, book: Any, pool: Any, aims: Any, published: Column) -> dict[str, Item]:
    full = whole(len(book["there"]))
    agreed = Column(np.where(terms["field_share"].ok, terms["field_share"].units, WHOLE), full.ok)
    crowd = ratio(book["crowd"], book["cost"], 100)
    multiple = Column(*(np.where(book["there"], a, b) for a, b in zip(crowd, published, strict=True)))
    lever = terms["leverage"]
    return {
        "P_FIELD": proportional(800, ratio(book["agreed"], book["cost"], WHOLE), agreed),
        "P_EARLY": proportional(500, ratio(book["young"], book["cost"], WHOLE), terms["early_share"]),
        "P_LEV_C": proportional(400, ratio(capital["total"], capital["fiscal"], 100), lever),
        "P_LEV_P": proportional(400, ratio(capital["total_paid"], capital["fiscal_paid"], 100), lever),
        "P_LEV_Q": proportional(500, ratio(pool["total_paid"], pool["paid"], 100), lever),
        "P_SOC": proportional(500, ratio(capital["met"], capital["due"], WHOLE), full),
        "P_CROWD": proportional(400, multiple, terms["crowd"]),
        "P_GOAL": proportional(300, ratio(aims["met"], aims["count"], WHOLE), full),
        "P_JOB": proportional(200, ratio(aims["jobs"], aims["jobs_target"], WHOLE), full),
        "P_TAX": proportional(200, ratio(aims["tax"], aims["tax_target"], WHOLE), full),
    }


def _compliance(
    conduct: Any, survey: Any, terms: Any, capital: Any, cash: Any, book: Any, invest: Any
) -> dict[str, Item]:
    full = whole(len(book["there"]))
    fees = ratio(cash["fees"], terms["fee_cap"], WHOLE)
    share, cap = ratio(invest["largest"], capital["total"], WHOLE), terms["concentration"]
    begun = -(-(share.units - cap.units) // 100)
    reports = ratio(conduct["reports_timely"], conduct["reports_due"], WHOLE)
    all_sold = book["open"].ok & (book["open"].units == 0)
    total, exited = invest["total"], invest["exited"]
    all_out = total.ok & exited.ok & (total.units == exited.units)
    return {
        "K_RULE": elements(500, [conduct[name] for name in DUTIES]),
        "K_FEE": banded(300, fees, [(10000, 100), (10500, 50)], lower=True),
        "K_CONC": falling(300, begun, (50, 1), share.ok & cap.ok),
        "K_DISC": proportional(300, reports, full),
        "K_POST": proportional(300, ratio(book["managed"], book["open"], WHOLE), full, ~all_sold),
        "K_VAL": proportional(300, ratio(invest["reliable"], invest["value"], WHOLE // 10), full, ~all_out),
        "K_SAT": questionnaire(200, survey, [(9000, 100), (8000, 80), (6000, 50)]),
    }


def _performance(phase: Any, terms: Any, cash: Any, invest: Any, nav: Column, rate: Column) -> dict[str, Item]:
    told, late = _known(phase), phase != "投资期"
    idle = np.maximum(cash["aged"].units - invest["total"].units - cash["expenses"].units, 0)
    idle_share = ratio(Column(idle, cash["aged"].ok & invest["total"].ok), cash["called"], WHOLE)
    worth = Column(cash["distributed"].units + nav.units, cash["distributed"].ok & nav.ok & told)
    back = Column(cash["distributed"].units, cash["distributed"].ok & told)
    out = Column(invest["exited"].units, invest["exited"].ok & told)
    return {
        "R_PROG": proportional(900, ratio(invest["total"], cash["called"], WHOLE), terms["progress"]),
        "R_IDLE": banded(
            700, idle_share, [(1000, 100), (2000, 80), (3000, 60), (5000, 30)], phase != "清算期", lower=True
        ),
        "R_DPI": banded(500, ratio(back, cash["paid_in"], 100), [(100, 100), (80, 80), (50, 60), (30, 30)], late),
        "R_TVPI": banded(400, ratio(worth, cash["paid_in"], 100), [(150, 100), (120, 80), (100, 60), (80, 30)], late),
        "R_IRR": proportional(600, Column(rate.units, rate.ok & told), terms["hurdle"], late),
        "R_EXIT": proportional(500, ratio(out, invest["total"], WHOLE), terms["exit_share"], late),
    }


def _bonus(rows: Table, owner: Any, n: int) -> Any:
    proved = _known(rows["document"])
    added = [
        np.minimum(each * sums(owner, n, proved & (rows["kind"] == kind)), most)
        for kind, (each, most) in MERITS.items()
    ]
    return np.minimum(sum(added), 1000)
