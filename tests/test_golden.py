"""result.json of real plans, byte for byte, on every supported Python.

The files under tests/golden were read by a person when they were made; `python tests/test_golden.py` writes them anew after a
change that is meant, and the difference belongs into the commit.
"""

from __future__ import annotations

import difflib
import json
from pathlib import Path

import pytest

import workbench as wb
from workbench.base.canon import canonical_json, digest_of

ROOT = Path(__file__).resolve().parents[1]
GOLDEN = Path(__file__).resolve().parent / "golden"
PLANS = [
    "huangshi_sponge_2022",
    "liangping_forestry_2022",
    "jinzhai_2023_dept",
    "qingshen_drc_2023_blank",
    "tangxi_2022_commission",
    "yongde_mingliang_school_2022",
    "training_unit_cost_lvliang_2021",
    "shandong_transition_funds",
    "state_owned_enterprises_2022",
    "tax_by_type_lintao_202402",
]
DIGESTS = GOLDEN / "digests.json"
"""SHA-256 of the results of every worked example, rates of return and regressions included, and of two long plans."""
LONG_PLANS = ["chongqing_administrative_assets_2023", "revenue_nontax_published"]


def result_bytes(plan: str) -> bytes:
    """result.json as a run writes it."""
    result = wb.open(f"params/{plan}.yaml", workspace=ROOT).result()
    return canonical_json(result.model_dump(), indent=2)


@pytest.mark.parametrize("plan", PLANS)
def test_result_is_the_same_bytes(plan):
    expected = (GOLDEN / f"{plan}.json").read_bytes()
    found = result_bytes(plan)
    lines = difflib.unified_diff(expected.decode().splitlines(), found.decode().splitlines(), "golden", "now", n=1)
    assert found == expected, "\n".join(list(lines)[:60])


def digests() -> dict[str, str]:
    """Pack id or plan → SHA-256 of the result."""
    found = {
        name: digest_of(wb.open(f"params/{name}.yaml", workspace=ROOT).result().model_dump()) for name in LONG_PLANS
    }
    for plan in sorted((ROOT / "plugins").glob("*/src/**/example/plan.yaml")):
        evaluation = wb.open(plan, workspace=plan.parents[1])
        found[evaluation.scheme.pack.id] = digest_of(evaluation.result().model_dump())
    return found


def test_long_results_give_the_same_bytes():
    assert digests() == json.loads(DIGESTS.read_text(encoding="utf-8"))


if __name__ == "__main__":
    DIGESTS.write_bytes(canonical_json(digests(), indent=2))
    for name in PLANS:
        (GOLDEN / f"{name}.json").write_bytes(result_bytes(name))
