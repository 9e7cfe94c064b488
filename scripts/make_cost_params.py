"""Write the evidence workbook of the training cost plan from the published facts, a CSV table kept beside it.

The same facts give the same bytes. (Workbooks made from facts in YAML are written by make_params.py.)

    python scripts/make_cost_params.py [--out FOLDER]
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

from workbench.evidence.template import Rows, write_workbook
from workbench.plugins.manager import load_plugins
from workbench.scheme.library import Library

ROOT = Path(__file__).resolve().parents[1]
NAME = "training_unit_cost_lvliang_2021"
FACTS = Path("params") / "facts" / f"{NAME}.csv"
WORKBOOK = Path("params") / "evidence" / f"{NAME}.xlsx"
YUAN_PER_WAN = 10_000
PUBLISHED = ("C_COVER", "C_STD", "O_QLT")
"""Indicators whose numbers the page gives in full; the page is their document."""


def rows_of(facts: list[Mapping[str, str]]) -> Rows:
    """The sheets that the published table fills; what was not published stays blank."""
    subjects, items, register = [], [], []
    for number, fact in enumerate(facts, 1):
        subject = f"L{number}"
        amount = Decimal(fact["published_subsidy_wan"]) * YUAN_PER_WAN
        bonus = fact["employment_bonus_yuan_per_person"]
        subjects.append(
            {
                "subject": subject,
                "name": fact["provider"],
                "service_type": "职业技能培训补贴",
                "cost_boundary": "财政成本",
                "output_unit": "人",
                "actual_output": fact["trained"],
                "qualified_output": fact["qualified"],
                "standard_unit_cost": fact["subsidy_yuan_per_person"],
                "standard_document": "公布的每人补贴标准(文号未公布)",
                "published_cost": amount,
                "remark": f"就业奖补每人{bonus}元;就业人数未公布,未计入成本",
            }
        )
        items.append(
            {"subject": subject, "item": "补贴补助", "activity": "培训补贴", "amount": amount, "has_standard": True}
        )
        register += [
            {
                "subject": subject,
                "indicator": code,
                "status": "已提供未核实",
                "document": "公开页面所列补贴标准、培训与合格人数、补贴金额",
                "number": fact["url"],
                "source_kind": "其他数据来源",
                "evidence_kind": "说明材料",
                "method": "情况统计法",
            }
            for code in PUBLISHED
        ]
    return {"subjects": subjects, "items": items, "register": register, "cap_facts": []}


def main() -> None:
    """Write the workbook in place, or under ``--out`` in the same folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT, help="write below this folder instead of the project")
    target = parser.parse_args().out.resolve() / WORKBOOK
    with (ROOT / FACTS).open(encoding="utf-8-sig", newline="") as stream:
        facts = list(csv.DictReader(stream))
    pack = Library.of(load_plugins(ROOT, code=False).folders).pack("cost-performance")
    target.parent.mkdir(parents=True, exist_ok=True)
    write_workbook(target, pack, rows_of(facts))
    print(target)


if __name__ == "__main__":
    main()
