"""Write params/register/项目清单.xlsx, the register that docs/howto/batch.md runs, from the published plans of params/.

The same plans give the same bytes.

    python scripts/make_register.py [--out FOLDER]
"""

from __future__ import annotations

import argparse
import io
from datetime import UTC, date, datetime
from pathlib import Path

import xlsxwriter

from workbench.base.packed import repacked
from workbench.base.yamlio import read_yaml

ROOT = Path(__file__).resolve().parents[1]
REGISTER = Path("params/register/项目清单.xlsx")
CASES = (
    "yongde_mingliang_school_2022",
    "xiaoxian_hexi_2023",
    "tangxi_2022_commission",
    "lf_foodschool_2019_hvac",
    "qingshen_drc_2023_blank",
)
"""Published self-evaluations of one tree and without changes of weights: one template fits them all."""
COLUMNS = (
    ("评价编号", 24),
    ("项目名称", 44),
    ("被评价单位", 30),
    ("年度", 8),
    ("基准日", 12),
    ("佐证资料", 56),
    ("公开文件", 60),
    ("网址", 56),
)


def row_of(case: str) -> list[object]:
    """The cells of one published plan. Ids differ from the plan's own: the register's runs are evaluations beside them."""
    plan = read_yaml(ROOT / "params" / f"{case}.yaml").data["plan"]
    source = plan["sources"][0]
    return [
        f"qd-{plan['evaluation']}",
        plan["title"].removesuffix("绩效自评"),
        plan["parties"]["evaluated"],
        int(plan["period"].removesuffix("年度")),
        date.fromisoformat(plan["as_of"]),
        plan["evidence"],
        source["document"],
        source["url"],
    ]


def register_bytes() -> bytes:
    """The register as a workbook."""
    stream = io.BytesIO()
    options = {"in_memory": True, "default_date_format": "yyyy-mm-dd", "strings_to_urls": False}
    book = xlsxwriter.Workbook(stream, options)
    book.set_properties({"created": datetime(2024, 1, 1, tzinfo=UTC)})  # not the clock's
    head = book.add_format({"bold": True, "border": 1, "bg_color": "#E8EEF4", "valign": "vcenter"})
    sheet = book.add_worksheet("项目清单")
    for column, (title, width) in enumerate(COLUMNS):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, title, head)
    for row, case in enumerate(CASES, 1):
        sheet.write_row(row, 0, row_of(case))
    sheet.freeze_panes(1, 2)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    book.close()
    return repacked(stream.getvalue())


def main() -> None:
    """Write the register in place, or under ``--out`` in the same folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT, help="write below this folder instead of the project")
    target = parser.parse_args().out.resolve() / REGISTER
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(register_bytes())
    print(target)


if __name__ == "__main__":
    main()
