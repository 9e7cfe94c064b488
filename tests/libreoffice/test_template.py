"""The evidence workbooks in LibreOffice: on paper nothing is cut or too small, and saving them there changes nothing."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from workbench.evidence.reader import read_evidence
from workbench.evidence.template import write_template
from workbench.plugins.manager import load_plugins
from workbench.reports.style import text_width, wrap
from workbench.scheme.library import Library
from workbench.scheme.pack import Pack

ROOT = Path(__file__).resolve().parents[2]
LIBRARY = Library.of(load_plugins(None, code=False).folders)
CAPS = [(cap.code, cap.event) for cap in LIBRARY.policy("jilin-2025").caps]
PACKS = ["self-evaluation", "cost-performance"]
TREES = [(name, tree) for name in PACKS for tree in (*LIBRARY.pack(name).variants, None)]
PRINTED = ["self-evaluation-caiyu10", "cost-performance-all", *(f"{name}-example" for name in PACKS)]
A4 = (841.89, 595.3)
FONT_POINTS, LINE_POINTS = 10, 14.5
SMALLEST = 7.5
"""Height in points of the smallest word on paper, line spacing of the font included."""
Convert = Callable[[list[Path], str], Path]


def said(*command: str | Path) -> str:
    return subprocess.run(command, stdout=subprocess.PIPE, check=True, encoding="utf-8", timeout=60).stdout


def example(name: str) -> Path:
    (path,) = (ROOT / "plugins" / name).glob("src/*/example/evidence.xlsx")
    return path


# ---------------------------------------------------------------------------------------------------------------------
# on paper
# ---------------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def workbooks(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The empty workbook of every pack and tree, and the filled ones of the worked examples."""
    folder = tmp_path_factory.mktemp("workbooks")
    made = {}
    for name, tree in TREES:
        path = folder / f"{name}-{tree or 'all'}.xlsx"
        write_template(LIBRARY.pack(name), path, variant=tree, caps=CAPS)
        made[path.stem] = path
    for name in PACKS:
        made[f"{name}-example"] = Path(shutil.copy(example(name), folder / f"{name}-example.xlsx"))
    return made


def cells(path: Path) -> Iterator[tuple[str, str, float, float]]:
    """Where, text, width in points and height in points of every cell with a text."""
    for sheet in load_workbook(path):
        merged = {area.coord.split(":")[0]: area for area in sheet.merged_cells.ranges}
        for row in sheet.iter_rows():
            for cell in row:
                if not isinstance(cell.value, str):
                    continue
                area = merged.get(cell.coordinate)
                last = area.max_col if area else cell.column
                width = sum(column_points(sheet, n) for n in range(cell.column, last + 1))
                height = sheet.row_dimensions[cell.row].height or sheet.sheet_format.defaultRowHeight
                yield f"{sheet.title}!{cell.coordinate}", cell.value, width, height


def column_points(sheet: Any, number: int) -> float:
    """Columns of equal width stand in the file as one range."""
    (width,) = (d.width for d in sheet.column_dimensions.values() if d.min <= number <= d.max)
    return float(width) * 7 * 0.75


TEMPLATES = [f"{name}-{tree or 'all'}" for name, tree in TREES] + [f"{name}-example" for name in PACKS]


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_text_has_room(name: str, workbooks: dict[str, Path]) -> None:
    """Measured with a font as wide as the one the workbook names; titles may run on over the empty cells beside them."""
    for where, text, width, height in cells(workbooks[name]):
        if where.startswith("说明!A") and len(text) < 30:
            continue
        lines = sum(len(wrap(line, width - 4, FONT_POINTS)) for line in text.splitlines())
        assert lines * LINE_POINTS <= height, (where, text)
        assert all(text_width(w, FONT_POINTS) <= width for w in re.findall(r"[!-~]+", text) if len(w) < 30), where


def test_paper_is_a4_with_chinese_letters_of_readable_size(convert: Convert, workbooks: dict[str, Path]) -> None:
    """One test for all, because LibreOffice is slow; the packs' trees differ in their lists only."""
    papers = convert([workbooks[name] for name in PRINTED], "pdf")
    for name in PRINTED:
        check_paper(papers / f"{name}.pdf", load_workbook(workbooks[name], read_only=True).sheetnames)


def check_paper(paper: Path, sheets: list[str]) -> None:
    sizes = re.findall(r"size:\s+([\d.]+) x ([\d.]+) pts \(A4\)", said("pdfinfo", "-f", "1", "-l", "99", paper))
    assert sizes, paper
    assert all((round(float(w)), round(float(h))) == (round(A4[0]), round(A4[1])) for w, h in sizes), paper
    fonts = [line.split() for line in said("pdffonts", paper).splitlines()[2:]]
    assert any(f[0].endswith("NotoSansSC-Regular") for f in fonts), (paper, fonts)
    assert all(f[-5] == "yes" for f in fonts), (paper, "every font is embedded")
    words = re.findall(
        r'yMin="([\d.]+)" xMax="[\d.]+" yMax="([\d.]+)">([^<]+)<', said("pdftotext", "-bbox", paper, "-")
    )
    assert min(float(bottom) - float(top) for top, bottom, _ in words) >= SMALLEST, paper
    printed = "".join(text for *_, text in words)
    assert all(sheet in printed for sheet in sheets), paper
    assert "第1页" in printed and "怎样填写" in printed, paper


# ---------------------------------------------------------------------------------------------------------------------
# saved by LibreOffice
# ---------------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def saved(convert: Convert, workbooks: dict[str, Path]) -> Path:
    return convert([workbooks[f"{name}-example"] for name in PACKS], "xlsx")


def content(path: Path, pack: Pack) -> dict[str, Any]:
    """Everything read from a workbook, with the cell it came from."""
    evidence = read_evidence(
        path,
        pack.tables,
        subject_fields=pack.subject_fields,
        indicator_sheet=pack.indicator_sheet or False,
        name="evidence.xlsx",
    )
    tables = {"subjects": evidence.subjects} | evidence.tables
    values = {name: [{f: t.value(i, f) for f in t.columns} for i in range(len(t))] for name, t in tables.items()}
    return values | {"proofs": evidence.proofs, "waivers": evidence.waivers, "caps": evidence.cap_facts}


def rules(path: Path) -> dict[str, dict[str, Any]]:
    """Sheet → first cell → what may be entered there."""
    return {
        sheet.title: {
            str(v.sqref).split(":")[0]: (v.type, plain(v.formula1), v.type != "list" and plain(v.formula2), v.error)
            for v in sheet.data_validations.dataValidation
        }
        for sheet in load_workbook(path)
    }


def plain(formula: str | None) -> str:
    return (formula or "").replace("'", "").replace("$", "").removeprefix("=")


@pytest.mark.parametrize("name", PACKS)
def test_saving_changes_no_value(name: str, saved: Path, workbooks: dict[str, Path]) -> None:
    pack = LIBRARY.pack(name)
    before = content(workbooks[f"{name}-example"], pack)
    assert before["subjects"] and before["proofs"]
    assert content(saved / f"{name}-example.xlsx", pack) == before


@pytest.mark.parametrize("name", PACKS)
def test_lists_and_checks_survive(name: str, saved: Path, workbooks: dict[str, Path]) -> None:
    before, after = rules(workbooks[f"{name}-example"]), rules(saved / f"{name}-example.xlsx")
    assert sum(map(len, before.values())) > 20
    assert after == before
