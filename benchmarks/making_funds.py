"""Generated evidence of government investment funds: parent funds with all their sheets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from making import Maker

DUTIES = ("registered", "custody", "no_borrowing", "no_banned", "audited", "incentive")
METHODS = ("审计或评估", "最近一轮融资", "成本", "其他")
MERITS = ("引进重大产业项目", "培育初创期企业上市", "培育专精特新企业", "科技成果转化落地")
Table = Mapping[str, Any]


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
    tables = {"terms": _terms(make, n), "conduct": _conduct(make, n), "survey": make.survey(n, 20, 400)}
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
    due = make.random.integers(0, 13, n).astype(float)
    columns = {name: make.flags(0.9, n) for name in DUTIES}
    return columns | {"reports_due": due, "reports_timely": make.blanked(np.floor(due * make.random.random(n) ** 0.3))}


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
    """Capital is called for two to three years, distributions begin in the second; fees and some costs every year."""
    parts = [
        _flow(make, n, "实缴出资", (2, 5), (60, 900), (1000, 15000)),
        _flow(make, n, "收益分配", (0, 6), (700, 3200), (300, 9000)),
        _flow(make, n, "管理费", (2, 5), (180, 2600), (50, 400)),
        _flow(make, n, "管理费(出资人另付)", (0, 1), (180, 2600), (50, 400)),
        _flow(make, n, "其他费用", (0, 2), (60, 2600), (5, 60)),
    ]
    table = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    rows = len(table["subject"])
    table["amount"][make.random.random(rows) < 0.01] *= -1
    table["date"] = founded[table["subject"]] + table["date"].astype("timedelta64[D]")
    return table | {"currency": make.codes(["人民币", "美元"], [0.999, 0.001], rows, blank=0.5)}


def _flow(
    make: Maker, n: int, kind: str, rows: tuple[int, int], days: tuple[int, int], size: tuple[int, int]
) -> dict[str, Any]:
    owner = make.owners(*rows, n)
    amount = np.round(make.random.uniform(*size, len(owner)), 2)
    kinds = np.full(len(owner), kind, dtype=object)
    return {"subject": owner, "date": make.random.integers(*days, len(owner)), "kind": kinds, "amount": amount}


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
        "method": make.codes(list(METHODS), [0.5, 0.2, 0.2, 0.1], rows),
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
        "method": make.codes(list(METHODS), [0.5, 0.2, 0.2, 0.1], rows),
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
    return {
        "subject": owner,
        "kind": make.codes(list(MERITS), [0.25] * 4, len(owner), blank=0),
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
