"""Write the evidence workbooks of the state asset plans from the published facts, a CSV table kept beside them.

The table holds amounts as published, in 亿元 or 万亿元; the sheets are filled in 万元. What was not published stays blank.
The same facts give the same bytes. (Workbooks made from facts in YAML are written by make_params.py.)

    python scripts/make_asset_params.py [--out FOLDER]
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path

from workbench.base.exact import half_up
from workbench.evidence.template import Rows, write_workbook
from workbench.plugins.manager import load_plugins
from workbench.scheme.library import Library

ROOT = Path(__file__).resolve().parents[1]
FACTS = Path("params") / "facts" / "state_assets.csv"
WAN_PER_UNIT = {"亿元": Decimal(10) ** 4, "万亿元": Decimal(10) ** 8}
LAST_DIGIT = Decimal("0.1")
"""The published amounts stop at one decimal of their unit."""
NATIONAL = "全国"
Fact = Mapping[str, str]

CHONGQING = "chongqing_administrative_assets_2023"
WHOLES = {
    "行政单位": "全市行政事业性合计",
    "事业单位": "全市行政事业性合计",
    "市级行政单位": "市级合计",
    "市级事业单位": "市级合计",
}
"""Scopes that together make up another one; the industries are only some of all."""
KINDS = {"全市行政事业性合计": "地区汇总", "市级合计": "地区汇总", "行政单位": "行政单位", "事业单位": "事业单位"}


def wan(fact: Fact, column: str) -> Decimal | None:
    """An amount in 万元; None where it was not published."""
    return Decimal(fact[column]) * WAN_PER_UNIT[fact["unit"]] if fact[column] else None


def debt_ratio(fact: Fact) -> Decimal:
    """Liabilities of assets in percent, half-up to two decimals, from the published amounts."""
    return half_up(Decimal(fact["liabilities"]) * 100 / Decimal(fact["assets"]), 2)


def chongqing(facts: Sequence[Fact]) -> Rows:
    """The sheets of the Chongqing plan: every published scope is an object, the national figures are benchmarks."""
    published = [f for f in facts if f["region"] == "重庆市"]
    ids = {fact["scope"]: f"C{number:02d}" for number, fact in enumerate(published, 1)}
    subjects, balance, register = [], [], []
    for fact in published:
        scope, subject = fact["scope"], ids[fact["scope"]]
        kind = next((kind for end, kind in KINDS.items() if scope.endswith(end)), "行业汇总")
        whole = ids.get(WHOLES.get(scope, ""))
        name = f"{fact['region']}{scope}"
        subjects.append(
            {"subject": subject, "name": name, "unit_type": kind, "year": int(fact["year"])}
            | ({"part_of": whole} if whole else {})
        )
        balance.append({"subject": subject} | _balance(fact))
        register.append({"subject": subject, "indicator": "E_DEBT"} | _proof(fact))
    return {
        "subjects": subjects,
        "balance": balance,
        "benchmark_values": _administrative_benchmarks(facts),
        "register": register,
        "cap_facts": [],
    }


def _balance(fact: Fact) -> dict[str, Decimal]:
    found = {
        "assets": wan(fact, "assets"),
        "liabilities": wan(fact, "liabilities"),
        "net_assets": wan(fact, "net_assets"),
        "published_growth": Decimal(fact["published_asset_yoy_pct"]) if fact["published_asset_yoy_pct"] else None,
        "precision": LAST_DIGIT * WAN_PER_UNIT[fact["unit"]],
    }
    return {name: value for name, value in found.items() if value is not None}


def _proof(fact: Fact) -> dict[str, str]:
    return {
        "status": "已提供未核实",
        "document": f"公开的{fact['year']}年国有资产管理情况所列资产、负债、净资产",
        "number": fact["url"],
        "source_kind": "其他数据来源",
        "evidence_kind": "说明材料",
        "method": "情况统计法",
    }


def _administrative_benchmarks(facts: Sequence[Fact]) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for fact in facts:
        if fact["region"] != NATIONAL or not fact["scope"].startswith("行政事业"):
            continue
        amounts = f"负债{fact['liabilities']}{fact['unit']}÷资产{fact['assets']}{fact['unit']}"
        rows.append(_benchmark(fact, "资产负债率", debt_ratio(fact), f"{amounts};{fact['url']}"))
        if fact["published_asset_yoy_pct"]:
            rows.append(_benchmark(fact, "资产总额增长率", Decimal(fact["published_asset_yoy_pct"]), fact["url"]))
    return rows


def _benchmark(fact: Fact, item: str, value: Decimal, source: str) -> dict[str, object]:
    scope = {"item": item, "scope": "全国平均", "region": fact["scope"], "year": int(fact["year"])}
    return scope | {"value": value, "unit": "%", "source": source}


PLANS: dict[str, tuple[str, Callable[[Sequence[Fact]], Rows]]] = {
    CHONGQING: ("asset-resource-administrative", chongqing),
}
"""Plan name → pack and what fills its sheets."""


def read_facts() -> list[dict[str, str]]:
    """The published table, one mapping per row."""
    with (ROOT / FACTS).open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def main() -> None:
    """Write the workbooks in place, or under ``--out`` in the same folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT, help="write below this folder instead of the project")
    out = parser.parse_args().out.resolve()
    library = Library.of(load_plugins(ROOT, code=False).folders)
    for name, (pack, rows_of) in PLANS.items():
        target = out / "params" / "evidence" / f"{name}.xlsx"
        target.parent.mkdir(parents=True, exist_ok=True)
        write_workbook(target, library.pack(pack), rows_of(read_facts()))
        print(target)


if __name__ == "__main__":
    main()
