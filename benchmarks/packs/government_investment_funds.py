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
    every,
    half_up,
    item,
    largest,
    proportional,
    ratio,
    result,
    sums,
)

PACK = "government-investment-funds"
VARIANT = "market_parent"
BLANK = 0.02
Table = Mapping[str, Any]

# ---------------------------------------------------------------------------------------------------------------------
# Made evidence
# ---------------------------------------------------------------------------------------------------------------------


class Maker:
    """Random columns with blanks."""

    def __init__(self, seed: int) -> None:
        self.random = np.random.default_rng(seed)

    def numbers(self, low: float, high: float, n: int, decimals: int = 2) -> Any:
        """Numbers, some missing."""
        return self.blanked(np.round(self.random.uniform(low, high, n), decimals))

    def flags(self, chance: float, n: int) -> Any:
        """1 and 0, some missing."""
        return self.blanked((self.random.random(n) < chance).astype(float))

    def codes(self, choices: list[str], chances: list[float], n: int, blank: float = BLANK) -> Any:
        """Texts, some missing."""
        found = self.random.choice(np.array(choices, dtype=object), n, p=chances)
        found[self.random.random(n) < blank] = None
        return found

    def blanked(self, values: Any) -> Any:
        """The values with some of them missing."""
        values[self.random.random(len(values)) < BLANK] = "NaT" if values.dtype.kind == "M" else np.nan
        return values

    def owners(self, low: int, high: int, n: int) -> Any:
        """Which of ``n`` subjects each row of a table belongs to: ``low`` to ``high`` rows each, in mixed order."""
        rows = np.repeat(np.arange(n), self.random.integers(low, high + 1, n))
        return self.random.permutation(rows)


def made(n: int, seed: int) -> tuple[Table, dict[str, Table]]:
    """``n`` parent funds, founded 2016 to 2021, stated at the end of 2023 or 2024."""
    make = Maker(seed)
    ids = np.array([f"F{i:05d}" for i in range(n)])
    founded = np.datetime64("2016-01-01") + make.random.integers(0, 2000, n).astype("timedelta64[D]")
    subjects = {
        "subject": ids,
        "orientation": make.codes(["市场化"], [1], n),
        "fund_level": make.codes(["母基金"], [1], n),
        "fund_phase": make.codes(["投资期", "退出期", "延长期", "清算期"], [0.3, 0.5, 0.15, 0.05], n),
        "established": founded,
    }
    tables = {"terms": _terms(make, n), "conduct": _conduct(make, n), "survey": _survey(make, n)}
    rows = {
        "commitments": _commitments(make, n, founded),
        "flows": _flows(make, n, founded),
        "nav": _values(make, n, founded),
        "holdings": _holdings(make, n, founded),
        "subfunds": _subfunds(make, n),
        "goals": _goals(make, n),
        "merits": _merits(make, n),
        "published": _published(make, n),
    }
    tables = {name: {"subject": ids} | table for name, table in tables.items()}
    tables |= {name: table | {"subject": ids[table["subject"]]} for name, table in rows.items()}
    return subjects, tables


def _terms(make: Maker, n: int) -> Table:
    percents = {
        "field_share": 80,
        "early_share": 40,
        "progress": 80,
        "exit_share": 30,
        "hurdle": 6,
        "concentration": 20,
    }
    columns = {name: make.numbers(0.6 * size, 1.2 * size, n) for name, size in percents.items()}
    columns |= {name: make.numbers(1, 4, n) for name in ("leverage", "crowd", "local_multiple")}
    return columns | {"fee_cap": make.numbers(500, 4000, n)}


def _conduct(make: Maker, n: int) -> Table:
    names = ("registered", "custody", "no_borrowing", "no_banned", "audited", "incentive")
    due = make.random.integers(0, 13, n).astype(float)
    columns = {name: make.flags(0.9, n) for name in names}
    return columns | {"reports_due": due, "reports_timely": make.blanked(np.floor(due * make.random.random(n) ** 0.3))}


def _survey(make: Maker, n: int) -> Table:
    population = make.random.integers(20, 400, n).astype(float)
    sample = np.floor(population * make.random.uniform(0.3, 1.05, n))
    valid = np.floor(sample * make.random.uniform(0.7, 1, n))
    very, fairly = (
        np.floor(valid * make.random.uniform(0.4, 0.7, n)),
        np.floor(valid * make.random.uniform(0.1, 0.3, n)),
    )
    given = make.random.random(n) < 0.5
    columns = {"population": population, "sample": sample, "valid": valid, "very_satisfied": very}
    columns |= {"fairly_satisfied": fairly, "satisfied": np.where(given, very + fairly, np.nan)}
    return {name: make.blanked(values) for name, values in columns.items()}


def _commitments(make: Maker, n: int, founded: Any) -> Table:
    owner = make.owners(3, 6, n)
    committed = np.round(make.random.uniform(500, 20000, len(owner)), 2)
    paid = np.where(
        make.random.random(len(owner)) < 0.7, committed, np.round(committed * make.random.random(len(owner)), 2)
    )
    return {
        "subject": owner,
        "investor": np.array([f"出资人{i}" for i in range(len(owner))]),
        "nature": make.codes(["财政资金", "国有资本", "社会资本"], [0.4, 0.2, 0.4], len(owner), blank=0),
        "committed": committed,
        "paid": make.blanked(paid),
        "due_date": make.blanked(founded[owner] + make.random.integers(30, 2500, len(owner)).astype("timedelta64[D]")),
    }


def _flows(make: Maker, n: int, founded: Any) -> Table:
    """Capital is called for two to four years, distributions begin in the third; a fee and some cost every year."""
    calls, back, fees, costs = make.owners(2, 5, n), make.owners(0, 6, n), make.owners(2, 6, n), make.owners(0, 2, n)
    owner = np.concatenate([calls, back, fees, costs])
    ends = {
        "实缴出资": (calls, 60, 900),
        "收益分配": (back, 700, 3200),
        "fee": (fees, 180, 2600),
        "其他费用": (costs, 60, 2600),
    }
    days = np.concatenate([make.random.integers(low, high, len(rows)) for rows, low, high in ends.values()])
    sizes = np.concatenate(
        [
            make.random.uniform(*size, len(rows))
            for rows, size in zip(
                (calls, back, fees, costs), ((1000, 15000), (300, 9000), (50, 400), (5, 60)), strict=True
            )
        ]
    )
    kinds = np.concatenate([np.full(len(rows), kind, dtype=object) for kind, (rows, _, _) in ends.items()])
    fee = kinds == "fee"
    kinds[fee] = make.codes(["管理费", "管理费(出资人另付)"], [0.85, 0.15], int(fee.sum()), blank=0)
    sizes[make.random.random(len(owner)) < 0.01] *= -1
    return {
        "subject": owner,
        "date": founded[owner] + days.astype("timedelta64[D]"),
        "kind": kinds,
        "amount": np.round(sizes, 2),
        "currency": make.codes(["人民币", "美元"], [0.999, 0.001], len(owner), blank=0.5),
    }


def _values(make: Maker, n: int, founded: Any) -> Table:
    years = np.repeat(np.arange(2020, 2025), n)
    owner = np.tile(np.arange(n), 5)
    date = (np.char.add(years.astype(str), "-12-31")).astype("datetime64[D]")
    kept = (date > founded[owner] + np.timedelta64(400, "D")) & ((years < 2024) | (make.random.random(5 * n) < 0.6))
    nav = make.blanked(np.round(make.random.uniform(1000, 40000, 5 * n), 2))
    return {"subject": owner[kept], "date": make.blanked(date[kept]), "nav": nav[kept]}


def _holdings(make: Maker, n: int, founded: Any) -> Table:
    owner = make.owners(0, 12, n)
    rows = len(owner)
    via = make.codes(["子基金甲", "子基金乙"], [0.5, 0.5], rows, blank=0.4)
    exited = make.flags(0.3, rows)
    return {
        "subject": owner,
        "project": np.array([f"项目{i % 7}" for i in range(rows)]),
        "via": via,
        "agreed": make.flags(0.85, rows),
        "invested_on": founded[owner] + make.random.integers(90, 2000, rows).astype("timedelta64[D]"),
        "cost": np.round(make.random.uniform(100, 6000, rows), 2),
        "exited": exited,
        "proceeds": make.numbers(0, 5000, rows),
        "valuation": np.where(exited == 1, np.nan, make.numbers(0, 9000, rows)),
        "method": make.codes(["审计或评估", "最近一轮融资", "成本", "其他"], [0.5, 0.2, 0.2, 0.1], rows),
        "early": make.flags(0.3, rows),
        "small": make.flags(0.4, rows),
        "hard_tech": make.flags(0.5, rows),
        "local": make.flags(0.5, rows),
        "crowd": make.numbers(0, 12000, rows),
        "decided": make.flags(0.97, rows),
        "managed": make.flags(0.9, rows),
        "exemption": make.codes(["已认定", "认定中"], [0.5, 0.5], rows, blank=0.95),
    }


def _subfunds(make: Maker, n: int) -> Table:
    owner = make.owners(0, 4, n)
    rows = len(owner)
    paid = np.round(make.random.uniform(500, 6000, rows), 2)
    return {
        "subject": owner,
        "fund": np.array([f"子基金{i}" for i in range(rows)]),
        "committed": paid,
        "paid": paid,
        "total_paid": make.blanked(np.round(paid * make.random.uniform(1, 5, rows), 2)),
        "exited_cost": make.blanked(np.round(paid * make.random.uniform(-0.5, 1, rows).clip(0), 2)),
        "valuation": make.numbers(0, 8000, rows),
        "method": make.codes(["审计或评估", "最近一轮融资", "成本", "其他"], [0.5, 0.2, 0.2, 0.1], rows),
    }


def _goals(make: Maker, n: int) -> Table:
    owner = make.owners(2, 5, n)
    return {
        "subject": owner,
        "goal": np.array([f"目标{i}" for i in range(len(owner))]),
        "kind": make.codes(["带动就业", "税收贡献", "产业规模"], [0.4, 0.4, 0.2], len(owner), blank=0),
        "target": make.numbers(100, 2000, len(owner)),
        "actual": make.numbers(60, 2500, len(owner)),
        "document": make.codes(["证明(虚构)"], [1], len(owner)),
    }


def _merits(make: Maker, n: int) -> Table:
    owner = make.owners(0, 4, n)
    kinds = ["引进重大产业项目", "培育早期企业上市", "培育专精特新企业", "科技成果转化落地"]
    return {
        "subject": owner,
        "kind": make.codes(kinds, [0.25] * 4, len(owner), blank=0),
        "name": np.array([f"事项{i}" for i in range(len(owner))]),
        "document": make.codes(["文件(虚构)"], [1], len(owner), blank=0.1),
    }


def _published(make: Maker, n: int) -> Table:
    owner = np.flatnonzero(make.random.random(n) < 0.2)
    scope = np.array(["合计", "甲类", "乙类"], dtype=object)
    invested = np.round(make.random.uniform(10, 90, 3 * len(owner)), 2)
    return {
        "subject": np.repeat(owner, 3),
        "scope": np.tile(scope, len(owner)),
        "part_of": np.tile(np.array([None, "合计", "合计"], dtype=object), len(owner)),
        "invested": make.blanked(invested),
        "leveraged": make.blanked(np.round(invested * make.random.uniform(1, 5, 3 * len(owner)), 2)),
    }


# ---------------------------------------------------------------------------------------------------------------------
# By hand
# ---------------------------------------------------------------------------------------------------------------------

DATELESS = np.iinfo(np.int64).min
RELIABILITY = {"审计或评估": 10, "最近一轮融资": 8, "成本": 5}
"""Tenths."""
WHOLE = 10_000
"""100 % in hundredths of a percent."""
RATES = np.expm1(np.linspace(np.log(1e-4), np.log(101), 400))
"""Where the net present value of flows with several changes of sign is looked at."""


def by_hand(subjects: Table, tables: Mapping[str, Table]) -> Hand:
    """All indicators, the bonus and the total."""
    ids = subjects["subject"]
    n = len(ids)
    own = {name: np.searchsorted(ids, table["subject"]) for name, table in tables.items()}
    stated, nav = _stated(tables["nav"], own["nav"], n)
    terms = {name: column(values) for name, values in tables["terms"].items() if name != "subject"}
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
        "合规性": _compliance(tables, terms, capital, cash, book, invest),
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
        "total_paid": Column(sums(owner, n, paid.units), all_paid),
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
    return {name: Column(sums(owner, n, amount, which), ok) for name, which in chosen.items()}


def _reliable(rows: Table, units: Any) -> Any:
    """Valuations in tenths of hundredths, discounted by how they were made."""
    return units * np.select([rows["method"] == m for m in RELIABILITY], list(RELIABILITY.values()), 0)


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
    _, project = np.unique(
        np.stack([owner, np.array([int(p[2:]) for p in rows["project"]])])[:, direct], axis=1, return_inverse=True
    )
    by_project = sums(project, int(project.max()) + 1, cost.units[direct])
    return {
        "there": there,
        "direct": sums(owner, n, cost.units, direct),
        "cost": Column(sums(owner, n, cost.units), there),
        "agreed": Column(sums(owner, n, cost.units, agreed.units == 1), every(owner, n, agreed.ok)),
        "young": Column(sums(owner, n, cost.units, young), every(owner, n, young_known)),
        "crowd": Column(sums(owner, n, crowd.units), every(owner, n, crowd.ok)),
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
        "total_paid": Column(sums(owner, n, total.units), every(owner, n, total.ok)),
        "exited": Column(sums(owner, n, exited.units), every(owner, n, exited.ok)),
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
    """Rate of return to the investors in hundredths of a percent; missing where there is not exactly one."""
    signs = np.select(
        [rows["kind"] == "收益分配", np.isin(rows["kind"], ["实缴出资", "管理费(出资人另付)"])], [1, -1], 0
    )
    foreign = np.bincount(
        owner, weights=(signs != 0) & _known(rows["currency"]) & (rows["currency"] != "人民币"), minlength=n
    )
    ok = nav.ok & (foreign == 0) & (np.bincount(owner, weights=signs != 0, minlength=n) > 0)
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
    known = ~np.isnan(found)
    units = np.floor(np.abs(np.where(known, found, 0)) * WHOLE + 0.5 + 1e-9)
    return Column(np.where(found < 0, -units, units).astype(np.int64), known)


def _one_rate(days: Any, net: Any) -> bool:
    """Whether the net present value changes its sign once between -99.99 % and 10000 %."""
    worth = (net * (1 + RATES)[:, None] ** (-(days - days[0]) / 365)).sum(axis=1)
    return int(((worth[1:] > 0) != (worth[:-1] > 0)).sum()) == 1


def _policy(terms: Any, capital: Any, book: Any, pool: Any, aims: Any, published: Column) -> dict[str, Item]:
    n = len(book["there"])
    whole = Column(np.full(n, WHOLE), np.ones(n, dtype=bool))
    share = terms["field_share"]
    crowd = ratio(book["crowd"], book["cost"], 100)
    multiple = Column(*(np.where(book["there"], a, b) for a, b in zip(crowd, published, strict=True)))
    lever = terms["leverage"]
    return {
        "P_FIELD": proportional(
            800,
            ratio(book["agreed"], book["cost"], WHOLE),
            Column(np.where(share.ok, share.units, WHOLE), whole.ok),
        ),
        "P_EARLY": proportional(500, ratio(book["young"], book["cost"], WHOLE), terms["early_share"]),
        "P_LEV_C": proportional(400, ratio(capital["total"], capital["fiscal"], 100), lever),
        "P_LEV_P": proportional(400, ratio(capital["total_paid"], capital["fiscal_paid"], 100), lever),
        "P_LEV_Q": proportional(500, ratio(pool["total_paid"], pool["paid"], 100), lever),
        "P_SOC": proportional(500, ratio(capital["met"], capital["due"], WHOLE), whole),
        "P_CROWD": proportional(400, multiple, terms["crowd"]),
        "P_GOAL": proportional(300, ratio(aims["met"], aims["count"], WHOLE), whole),
        "P_JOB": proportional(200, ratio(aims["jobs"], aims["jobs_target"], WHOLE), whole),
        "P_TAX": proportional(200, ratio(aims["tax"], aims["tax_target"], WHOLE), whole),
    }


def _compliance(tables: Any, terms: Any, capital: Any, cash: Any, book: Any, invest: Any) -> dict[str, Item]:
    conduct = tables["conduct"]
    n = len(book["there"])
    whole = Column(np.full(n, WHOLE), np.ones(n, dtype=bool))
    share, cap = ratio(invest["largest"], capital["total"], WHOLE), terms["concentration"]
    steps = -(-np.maximum(share.units - cap.units, 0) // 100)
    reports = ratio(column(conduct["reports_timely"], 0), column(conduct["reports_due"], 0), WHOLE)
    all_sold = book["open"].ok & (book["open"].units == 0)
    total, exited = invest["total"], invest["exited"]
    all_out = total.ok & exited.ok & (total.units == exited.units)
    return {
        "K_RULE": _elements(conduct),
        "K_FEE": banded(300, ratio(cash["fees"], terms["fee_cap"], WHOLE), [(10000, 100), (10500, 50)], lower=True),
        "K_CONC": item(300, np.maximum(300 - 50 * steps, 0), share.ok & cap.ok),
        "K_DISC": proportional(300, reports, whole),
        "K_POST": proportional(300, ratio(book["managed"], book["open"], WHOLE), whole, ~all_sold),
        "K_VAL": proportional(300, ratio(invest["reliable"], invest["value"], WHOLE // 10), whole, ~all_out),
        "K_SAT": _satisfaction(tables["survey"]),
    }


def _elements(conduct: Table) -> Item:
    flags = [
        column(values, 0)
        for name, values in conduct.items()
        if name not in ("subject", "reports_due", "reports_timely")
    ]
    yes, known = sum(f.units for f in flags), np.logical_and.reduce([f.ok for f in flags])
    most = sum(np.where(f.ok, f.units, 1) for f in flags)
    points = half_up(500 * yes, 6)
    return item(500, points, known, low=points, high=half_up(500 * most, 6))


def _satisfaction(survey: Table) -> Item:
    counts = {name: column(values, 0) for name, values in survey.items() if name != "subject"}
    people, sample, valid, given = (counts[name] for name in ("population", "sample", "valid", "satisfied"))
    very, fairly = counts["very_satisfied"], counts["fairly_satisfied"]
    satisfied = np.where(given.ok, given.units, very.units + fairly.units)
    known = people.ok & sample.ok & valid.ok & (given.ok | (very.ok & fairly.ok))
    fitting = (
        (valid.units > 0) & (valid.units <= sample.units) & (sample.units <= people.units) & (satisfied <= valid.units)
    )
    level = ratio(Column(satisfied, known & fitting), valid, WHOLE)
    return banded(200, level, [(9000, 100), (8000, 80), (6000, 50)])


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
    prices = {
        "引进重大产业项目": (200, 400),
        "培育早期企业上市": (200, 400),
        "培育专精特新企业": (100, 300),
        "科技成果转化落地": (100, 300),
    }
    added = [
        np.minimum(each * sums(owner, n, proved & (rows["kind"] == kind)), limit)
        for kind, (each, limit) in prices.items()
    ]
    return np.minimum(sum(added), 1000)
