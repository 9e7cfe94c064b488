"""docs/howto/batch.md: what it shows can be run as it stands, and the register it begins with is made from the published plans."""

from __future__ import annotations

import re
import sys
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import yaml

from workbench.runs.batch.planned import Wanted, plan_batch

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/howto/batch.md").read_text(encoding="utf-8")
YAML = re.findall(r"^```yaml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
EXAMPLE = ROOT / "params/register"


def register_shown(title: str) -> list[list[Any]]:
    """The rows of the table that begins with these columns; whole numbers as numbers."""
    found = re.search(rf"^{re.escape(title)}.*\n\|[-|]+\n((?:\|.*\n)+)", PAGE, re.MULTILINE)
    assert found is not None
    lines = [found[0].splitlines()[0], *found[1].splitlines()]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [[int(c) if c.isdigit() else c for c in row] for row in cells]


def test_the_register_shipped_is_made_from_the_published_plans() -> None:
    sys.path.insert(0, str(ROOT / "scripts"))
    try:
        from make_register import REGISTER, register_bytes
    finally:
        sys.path.pop(0)
    made, again = register_bytes(), register_bytes()
    assert made == again

    def members(data: bytes) -> dict[str, bytes]:  # another zlib packs the same sheets into other bytes
        with zipfile.ZipFile(BytesIO(data)) as book:
            return {name: book.read(name) for name in book.namelist()}

    assert members((ROOT / REGISTER).read_bytes()) == members(made)


def test_the_example_can_be_run_and_is_as_the_page_shows_it() -> None:
    planned = plan_batch(Wanted(("params/register/项目清单.xlsx",), "params/register/模板.yaml"), ROOT)
    assert planned.name == "params_register_项目清单" and f"--batch {planned.name}" in PAGE
    assert len(planned.tasks) == 5 and not planned.refused
    assert all((ROOT / task.plan["evidence"]).is_file() for task in planned.tasks)  # type: ignore[index]
    template = yaml.safe_load((EXAMPLE / "模板.yaml").read_text(encoding="utf-8"))
    assert yaml.safe_load(YAML[0]) == template


def test_the_pack_whose_evidence_is_one_row_scores_as_shown(
    workspace: Path, command: Any, sheet: Any, quick: None
) -> None:
    (workspace / "packs/culverts/pack.yaml").write_text(YAML[1], "utf-8")
    (workspace / "涵洞模板.yaml").write_text(YAML[2], "utf-8")
    sheet(register_shown("| 评价编号 | 项目名称 | 被评价单位 | 预算数"), "涵洞清单.xlsx")
    told = command.json("涵洞清单.xlsx", "--template", "涵洞模板.yaml", "--workers", "1")
    # 80 ÷ 100 × 10 + 90; 10 + 1 ÷ 2 × 90 (财预〔2020〕10号: points in proportion to what was done)
    assert [p["verdicts"][0]["total"] for p in told["plans"]] == ["98.00", "55.00"]
    assert [p["evaluated"] for p in told["plans"]] == ["交通局", "水务局"]
