"""Write the evidence workbooks of params/ and of the packs' worked examples from the facts kept beside them.

A facts file holds ``facts:`` table → rows, each field name → value, as published. The same facts give the same bytes.

    python scripts/make_params.py [--out FOLDER]
"""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path

from workbench.base.errors import EvidenceError, Place, Problem
from workbench.base.yamlio import read_yaml
from workbench.evidence.standard import workbook_specs
from workbench.evidence.template import Rows, write_workbook
from workbench.plugins.manager import load_plugins
from workbench.runs.opening import read_plan
from workbench.scheme.library import Library
from workbench.scheme.pack import Pack

ROOT = Path(__file__).resolve().parents[1]


def sources() -> dict[Path, tuple[Path, Path]]:
    """Every workbook that is made from facts: workbook → (plan, facts)."""
    found = {}
    for facts in sorted(ROOT.glob("params/facts/*.yaml")):
        found[ROOT / "params" / "evidence" / f"{facts.stem}.xlsx"] = (ROOT / "params" / facts.name, facts)
    for facts in sorted(ROOT.glob("plugins/*/src/**/example/facts.yaml")):
        found[facts.with_name("evidence.xlsx")] = (facts.with_name("plan.yaml"), facts)
    return found


def make(plan_path: Path, facts_path: Path, target: Path) -> None:
    """Write one workbook: the plan says pack, variant and policy, the facts fill the sheets."""
    plan = read_plan(plan_path, ROOT).plan
    library = Library.of(load_plugins(ROOT, code=False).folders)
    pack = library.pack(plan.pack)
    caps = [(cap.code, cap.event) for cap in library.policy(plan.policy).caps]
    target.parent.mkdir(parents=True, exist_ok=True)
    write_workbook(target, pack, read_facts(facts_path, pack), variant=plan.variant, caps=caps)


def read_facts(path: Path, pack: Pack) -> Rows:
    """The rows of a facts file, with quoted dates of date columns as dates."""
    data = read_yaml(path).data
    if not isinstance(data, dict) or list(data) != ["facts"]:
        raise EvidenceError(Problem("top_level", "事实文件顶层须只有“facts:”一个键", Place(path.name)))
    days = {spec.name: {f.name for f in spec.fields if f.type == "date"} for spec in workbook_specs(pack)}
    return {
        table: [
            {name: date.fromisoformat(v) if name in days.get(table, ()) else v for name, v in row.items()}
            for row in rows
        ]
        for table, rows in data["facts"].items()
    }


def main() -> None:
    """Write all workbooks in place, or under ``--out`` in the same folders."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT, help="write below this folder instead of the project")
    out = parser.parse_args().out.resolve()
    for workbook, (plan, facts) in sources().items():
        target = out / workbook.relative_to(ROOT)
        make(plan, facts, target)
        print(target)


if __name__ == "__main__":
    main()
