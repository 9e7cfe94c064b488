"""Natural resources: 1,000 counties with their resources in units of their own, accounts, idle land, dues and ecology."""

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
    every,
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

PACK = "asset-resource-natural"
WHOLE = 10_000
"""100 % in hundredths of a percent."""
QUANTITY = 4
"""Decimals of quantities."""
STANDARDS = {"土地供应率": (55, 75), "单位建设用地二三产业增加值": (150, 260), "万元GDP用水量": (40, 70)}
UNITS = {"单位建设用地二三产业增加值": "万元/公顷", "万元GDP用水量": "立方米/万元"}
KINDS = {"耕地": "公顷", "林地": "公顷", "建设用地": "公顷", "湿地": "公顷", "水资源": "亿立方米", "矿产资源": "万吨"}
FEES = ("国有土地使用权出让收入", "矿业权出让收益", "水资源税费", "海域使用金")
COVERED = ("国有建设用地", "国有农用地", "国有森林", "海域")
JUDGED = ("report", "duty_list", "monitoring", "appraisal")
Table = Mapping[str, Any]

# ---------------------------------------------------------------------------------------------------------------------
# Made evidence
# ---------------------------------------------------------------------------------------------------------------------


def made(n: int, seed: int) -> tuple[Table, dict[str, Table]]:
    """``n`` counties; some write a quantity in mu, and a few accounts do not close."""
    make = Maker(seed)
    ids = np.array([f"N{i:05d}" for i in range(n)])
    told = {"idle_listed": make.flags(0.97, n), "has_forest": make.flags(0.9, n)}
    told |= {"has_mining": make.flags(0.7, n), "has_sea": make.flags(0.2, n)}
    year = make.blanked(make.random.integers(2022, 2025, n).astype(float))
    single = {"land": _land(make, n), "ecology": _ecology(make, n), "survey": make.survey(n, 300, 90000)}
    single["governance"] = {name: make.flags(0.9, n) for name in JUDGED}
    rows = _resources(make, told["has_forest"])
    rows |= {"idle_land": _idle_land(make, n), "dues": _dues(make, told), "paid_use": _paid_use(make, n)}
    tables = {name: {"subject": ids} | table for name, table in single.items()}
    tables |= {name: table | {"subject": ids[table["subject"]]} for name, table in rows.items()}
    sheet = make.standards(STANDARDS, range(2020, 2024))
    unit = np.array([UNITS.get(name, "%") for name in sheet["item"]])
    return {"subject": ids, "year": year} | told, tables | {"benchmark_values": dict(sheet) | {"unit": unit}}


def _resources(make: Maker, forest: Any) -> dict[str, Table]:
    """The base and the account of one to two items of every kind of resource a county has."""
    uniform, n = make.random.uniform, len(forest)
    owner = np.repeat(np.arange(n), 2 * len(KINDS))
    place = np.tile(np.arange(2 * len(KINDS)), n)
    kept = (place % 2 == 0) & (make.random.random(len(owner)) < 0.9) | (make.random.random(len(owner)) < 0.1)
    kept &= (np.array(list(KINDS))[place // 2] != "林地") | _there(make, forest, owner)
    owner, place = owner[kept], place[kept]
    m = len(owner)
    key = {
        "subject": owner,
        "kind": np.array(list(KINDS))[place // 2],
        "item": np.where(place % 2, "其他", "主要"),
        "unit": np.where(make.random.random(m) < 0.01, "亩", np.array(list(KINDS.values()))[place // 2]),
    }
    size = np.round(np.exp(make.random.normal(8, 1.5, m)), QUANTITY)
    surveyed = np.round(size * uniform(0.8, 1.1, m).clip(None, 1), QUANTITY)
    base = {
        "due": size.copy(),
        "surveyed": surveyed,
        "matched": np.round(surveyed * uniform(0.9, 1.02, m), QUANTITY),
        "register_due": size.copy(),
        "registered": np.round(size * uniform(0.5, 1.1, m).clip(None, 1), QUANTITY),
    }
    more, less = (np.round(size * uniform(0, 0.02, m), QUANTITY) for _ in range(2))
    off = np.where(make.random.random(m) < 0.95, 0, make.random.normal(0, 5, m))
    account = {"opening": size, "increase": more, "decrease": less, "closing": size + more - less + off}
    # A target in mu beside hectares is one slip in fifty.
    account["target"] = size * uniform(0.97, 1.02, m) * np.where(make.random.random(m) < 0.02, 15, 1)
    numbers = {"base": base, "account": account}
    return {
        name: key | {k: _rare(make, np.round(v, QUANTITY)) for k, v in columns.items()}
        for name, columns in numbers.items()
    }


def _there(make: Maker, has: Any, owner: Any) -> Any:
    """Rows of the counties that have the thing or do not say, and of a few that say they have not."""
    return (has[owner] != 0) | (make.random.random(len(owner)) < 0.02)


def _rare(make: Maker, values: Any) -> Any:
    """One blank in two hundred, or of twelve rows one would nearly always be blank."""
    return np.where(make.random.random(len(values)) < 0.005, np.nan, values)


def _land(make: Maker, n: int) -> Table:
    uniform = make.random.uniform
    approved, plan, pending = (np.round(uniform(20, most, n), QUANTITY) for most in (900, 300, 400))
    pending[make.random.random(n) < 0.1] = 0
    illegal = np.round(uniform(0, 40, n) * (make.random.random(n) < 0.7), QUANTITY)
    built = np.round(uniform(2000, 30000, n), QUANTITY)
    columns = {
        "approved": approved,
        "supplied": approved * uniform(0.3, 1, n),
        "plan_area": plan,
        "supplied_year": plan * uniform(0.6, 1.3, n),
        "pending_open": pending,
        "pending_done": pending * uniform(0, 0.5, n),
        "construction": built,
        "value_added": built * uniform(60, 400, n) / 10000,
        "illegal_due": illegal,
        "illegal_done": illegal * uniform(0.5, 1.1, n).clip(None, 1),
    }
    return {name: make.blanked(np.round(values, QUANTITY)) for name, values in columns.items()}


def _ecology(make: Maker, n: int) -> Table:
    uniform = make.random.uniform
    cap, gdp = uniform(0.5, 8, n), uniform(80, 1500, n)
    restore = uniform(0, 300, n) * (make.random.random(n) < 0.8)
    owed = np.round(uniform(0, 2000, n) * (make.random.random(n) < 0.5), 2)
    columns = {"water_used": cap * uniform(0.8, 1.08, n), "water_cap": cap, "gdp": gdp}
    columns |= {"restore_due": restore, "restored": restore * uniform(0.4, 1.1, n).clip(None, 1)}
    columns = {name: make.blanked(np.round(values, QUANTITY)) for name, values in columns.items()}
    paid = np.round(owed * uniform(0.5, 1, n), 2)
    return columns | {"compensation_due": make.blanked(owed), "compensation_paid": make.blanked(paid)}


def _idle_land(make: Maker, n: int) -> Table:
    owner = make.owners(0, 9, n)
    m = len(owner)
    return {
        "subject": owner,
        "parcel": np.array([f"宗地{i}" for i in range(m)]),
        "area": np.round(make.random.uniform(0.1, 15, m), QUANTITY),
        "cause": make.codes(["政府原因", "企业原因"], [0.5, 0.5], m),
        "disposed": (make.random.random(m) < 0.4).astype(float),
        "route": make.codes(["自用", "调剂", "处置"], [0.4, 0.3, 0.3], m),
        "worth": make.numbers(10, 4000, m),
    }


def _dues(make: Maker, told: Mapping[str, Any]) -> Table:
    """One to three payers of every fee a county collects; some pay more than is due."""
    n = len(told["has_sea"])
    owner = np.repeat(np.arange(n), 3 * len(FEES))
    place = np.tile(np.arange(3 * len(FEES)), n)
    kept = (place % 3 == 0) | (make.random.random(len(owner)) < 0.4)
    for fee, name in (("矿业权出让收益", "has_mining"), ("海域使用金", "has_sea")):
        kept &= (np.array(FEES)[place // 3] != fee) | _there(make, told[name], owner)
    owner, place = owner[kept], place[kept]
    due = np.round(np.exp(make.random.normal(7, 1.2, len(owner))), 2)
    return {
        "subject": owner,
        "fee": np.array(FEES)[place // 3],
        "item": np.array([f"缴款人{i}" for i in range(len(owner))]),
        "due": due,
        "paid": np.round(due * make.random.uniform(0.6, 1.05, len(owner)), 2),
        "deferred": make.numbers(0, 100, len(owner)),
        "document": make.codes(["文件(虚构)"], [1], len(owner), blank=0.3),
    }


def _paid_use(make: Maker, n: int) -> Table:
    owner = np.repeat(np.arange(n), len(COVERED))
    m = len(owner)
    due = np.round(make.random.uniform(10, 9000, m), QUANTITY)
    paid = np.round(due * make.random.uniform(0.3, 1.1, m).clip(None, 1), QUANTITY)
    rows = {"subject": owner, "kind": np.tile(np.array(COVERED), n), "unit": np.full(m, "公顷")}
    rows |= {"due_quantity": _rare(make, due), "paid_quantity": _rare(make, paid)}
    kept = make.random.random(m) < 0.8
    return {name: values[kept] for name, values in rows.items()}


# ---------------------------------------------------------------------------------------------------------------------
# By hand
# ---------------------------------------------------------------------------------------------------------------------


def by_hand(subjects: Table, tables: Mapping[str, Table]) -> Hand:
    """All indicators and the total."""
    ids, n = subjects["subject"], len(subjects["subject"])
    own = {name: np.searchsorted(ids, table["subject"]) for name, table in tables.items() if "subject" in table}
    decimals = {
        "land": dict.fromkeys(tables["land"], QUANTITY),
        "ecology": {name: QUANTITY for name in tables["ecology"] if not name.startswith("compensation")},
        "governance": dict.fromkeys(JUDGED, 0),
        "survey": dict.fromkeys(tables["survey"], 0),
    }
    sheets = {name: placed(tables[name], own[name], n, places) for name, places in decimals.items()}
    told = {name: column(values, 0) for name, values in subjects.items() if name not in ("subject", "year")}
    standards = benchmarked(tables["benchmark_values"], subjects["year"], tuple(STANDARDS))
    land, ecology = sheets["land"], sheets["ecology"]
    account = _account(tables["account"], own["account"], n)
    levels = {
        "资源底数": _base(tables["base"], own["base"], n, account),
        "保有与管控": _held(account, land, ecology, told["has_forest"]),
        "利用效率": _use(land, ecology, _idle(tables["idle_land"], own["idle_land"], told["idle_listed"]), standards),
        "有偿使用与收益": _paid(tables, own, n, told),
        "生态与履职": _duties(ecology, sheets["governance"]),
        "满意度": {"M_SAT": questionnaire(400, sheets["survey"], [(9000, 100), (8000, 80), (6000, 50)])},
    }
    return result(levels)


def _mean_rate(rows: Table, owner: Any, n: int, top: str, bottom: str) -> Column:
    """Mean of the rates of all rows, each rounded first and not above 100 %; missing where one of them is."""
    above, below = column(rows[top], QUANTITY), column(rows[bottom], QUANTITY)
    rate = ratio(Column(np.minimum(above.units, below.units), above.ok), below, WHOLE)
    return ratio(summed(owner, n, rate), Column(np.bincount(owner, minlength=n), np.ones(n, dtype=bool)), 1)


def _base(rows: Table, owner: Any, n: int, account: Mapping[str, Column]) -> dict[str, Item]:
    rates = {"A_SURVEY": (500, "surveyed", "due"), "A_REG": (600, "registered", "register_due")}
    rates["A_MATCH"] = (400, "matched", "surveyed")
    found = {
        code: proportional(weight, _mean_rate(rows, owner, n, top, bottom), whole(n))
        for code, (weight, top, bottom) in rates.items()
    }
    return found | {"A_BAL": proportional(400, ratio(account["balanced"], account["count"], WHOLE), whole(n))}


def _account(rows: Table, owner: Any, n: int) -> dict[str, Column]:
    names = ("opening", "increase", "decrease", "closing", "target")
    opening, more, less, closing, target = (column(rows[name], QUANTITY) for name in names)
    gap = opening.units + more.units - less.units - closing.units
    known = opening.ok & more.ok & less.ok & closing.ok
    count, there = np.bincount(owner, minlength=n), np.bincount(owner, minlength=n) > 0
    found = {"count": Column(count, there), "balanced": summed(owner, n, Column(np.abs(gap) <= 100, known))}
    aimed = sums(owner, n, (rows["kind"] == "林地") & target.ok & (target.units > 0))
    found["aimed woods"] = Column(aimed, there)
    mixed = _other_unit(opening, closing) | _far_apart(target, closing)
    _, unit = np.unique(rows["unit"], return_inverse=True)
    for kind in ("耕地", "林地"):
        chosen = rows["kind"] == kind
        one = _one_value(owner, n, unit, chosen) & every(owner, n, ~chosen | (closing.ok & target.ok & ~mixed))
        for name, amount in (("closing", closing), ("target", target)):
            found[f"{kind} {name}"] = Column(sums(owner, n, amount.units, chosen), one)
    return found


def _one_value(owner: Any, n: int, codes: Any, rows: Any) -> Any:
    """Subjects whose chosen rows all have one code, and that have such rows."""
    pairs = np.unique(owner[rows] * (codes.max() + 1) + codes[rows]) // (codes.max() + 1)
    return np.bincount(pairs, minlength=n) == 1


def _far_apart(left: Column, right: Column) -> Any:
    """Fourteen times or more, which is another unit rather than a change."""
    low, high = np.minimum(left.units, right.units), np.maximum(left.units, right.units)
    return left.ok & right.ok & (low > 0) & (high >= 14 * low)


def _other_unit(left: Column, right: Column) -> Any:
    """Far apart by about fifteen, or by about a hundred and more."""
    low, high = np.minimum(left.units, right.units), np.maximum(left.units, right.units)
    return _far_apart(left, right) & ((high <= 16 * low) | (high >= 90 * low))


def _held(
    account: Mapping[str, Column], land: Mapping[str, Column], ecology: Mapping[str, Column], forest: Column
) -> dict[str, Item]:
    farm, wood = (ratio(account[f"{kind} closing"], account[f"{kind} target"], WHOLE) for kind in ("耕地", "林地"))
    water = ratio(ecology["water_used"], ecology["water_cap"], WHOLE)
    mended = ratio(land["illegal_done"], land["illegal_due"], WHOLE)
    wooded = _unless_no(forest) | (account["aimed woods"].units > 0)
    return {
        "B_FARM": falling(600, WHOLE - farm.units, (3, 1), farm.ok),
        "B_WOOD": falling(500, WHOLE - wood.units, (5, 2), wood.ok, wooded),
        "B_WATER": falling(400, water.units - WHOLE, (1, 1), water.ok),
        "B_LAW": proportional(400, mended, whole(len(mended.ok)), _unless_none(land["illegal_due"])),
    }


def _unless_no(said: Column) -> Any:
    return ~said.ok | (said.units != 0)


def _unless_none(amount: Column) -> Any:
    return ~amount.ok | (amount.units > 0)


def _idle(rows: Table, owner: Any, listed: Column) -> dict[str, Column]:
    area, n = column(rows["area"], QUANTITY).units, len(listed.ok)
    known = listed.units == 1
    disposed = sums(owner, n, area, rows["disposed"] == 1)
    return {"area": Column(sums(owner, n, area), known), "disposed": Column(disposed, known)}


def _use(
    land: Mapping[str, Column],
    ecology: Mapping[str, Column],
    idle: Mapping[str, Column],
    standards: Mapping[str, Column],
) -> dict[str, Item]:
    supply, built, water = standards.values()
    pending = ratio(land["pending_done"], land["pending_open"], WHOLE)
    plan = ratio(land["supplied_year"], land["plan_area"], WHOLE)
    disposed = ratio(idle["disposed"], idle["area"], WHOLE)
    supplied = ratio(land["supplied"], land["approved"], WHOLE)
    # 亿元 in 万元, and two decimals.
    yielded, used = (ratio(a, b, 10**6) for a, b in _per_unit(land, ecology))
    bands = [(1000, 80), (3000, 50), (6000, 20)]
    return {
        "C_SUPPLY": behind(400, supplied, supply, [(500, 80), (1500, 50), (3000, 20)]),
        "C_PEND": banded(400, pending, [(2500, 100), (1500, 70), (500, 40)], _unless_none(land["pending_open"])),
        "C_PLAN": falling(300, np.abs(plan.units - WHOLE) - 500, (1, 10), plan.ok),
        "C_IDLE": banded(500, disposed, [(5000, 100), (3000, 70), (1500, 40)], _unless_none(idle["area"])),
        "C_YIELD": behind(500, yielded, built, bands),
        "C_WATERGDP": behind(300, used, water, bands[:2], lower=True),
    }


def _per_unit(land: Mapping[str, Column], ecology: Mapping[str, Column]) -> tuple[tuple[Column, Column], ...]:
    return (land["value_added"], land["construction"]), (ecology["water_used"], ecology["gdp"])


def _paid(tables: Mapping[str, Table], own: Mapping[str, Any], n: int, told: Mapping[str, Column]) -> dict[str, Item]:
    rows, owner, full = tables["dues"], own["dues"], whole(n)
    due, paid = column(rows["due"]), column(rows["paid"])
    # What one payer pays beyond the due does not settle what another owes.
    paid = Column(np.minimum(paid.units, due.units), paid.ok)
    items = {
        "D_PAID": proportional(
            400, _mean_rate(tables["paid_use"], own["paid_use"], n, "paid_quantity", "due_quantity"), full
        )
    }
    weights = {"D_LAND": 500, "D_MINE": 600, "D_WATER": 400, "D_SEA": 300}
    owed = {code: sums(owner, n, due.units, rows["fee"] == fee) > 0 for code, fee in zip(weights, FEES, strict=True)}
    applies = {
        code: _unless_no(told[name]) | owed[code] for code, name in (("D_MINE", "has_mining"), ("D_SEA", "has_sea"))
    }
    for (code, weight), fee in zip(weights.items(), FEES, strict=True):
        of_fee = rows["fee"] == fee
        rate = ratio(summed(owner, n, paid, of_fee), summed(owner, n, due, of_fee), WHOLE)
        items[code] = proportional(weight, rate, full, applies.get(code))
    return items


def _duties(ecology: Mapping[str, Column], governance: Mapping[str, Column]) -> dict[str, Item]:
    pairs = {"E_RESTORE": ("restored", "restore_due"), "E_COMP": ("compensation_paid", "compensation_due")}
    full = whole(len(ecology["gdp"].ok))
    items = {
        code: proportional(400, ratio(ecology[top], ecology[bottom], WHOLE), full, _unless_none(ecology[bottom]))
        for code, (top, bottom) in pairs.items()
    }
    return items | {"E_GOV": elements(400, [governance[name] for name in JUDGED])}
