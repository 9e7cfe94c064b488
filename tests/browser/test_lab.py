"""What a person sees who opens a workspace with ``workbench lab``."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

import workbench as wb
from workbench.runs.creation import create_workspace
from workbench.runs.engine import run_plan

ROOT = Path(__file__).resolve().parents[2]
PLAN = "params/huangshi_sponge_2022.yaml"
TOAST = ".Toastify__toast"
FAILED = '[data-mime-type="application/vnd.jupyter.stderr"]'
"""What JupyterLab shows an error of a cell in, and what was written to stderr."""
FRAME = ".jp-WindowedPanel-outer"


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    folder = tmp_path / "workspace"
    for name in ("params", "notebooks"):
        shutil.copytree(ROOT / name, folder / name)
    return folder


def files(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def seen(lab: Any, page: Any) -> dict[str, Any]:
    """Everything on the way from the top of the notebook to its end; cells out of sight are not in the page."""
    found: dict[str, Any] = {"text": "", "failed": 0, "images": {}, "tables": []}
    frame = page.locator(FRAME)
    top, shown = 0, 0
    while True:
        frame.evaluate("(e, y) => e.scrollTo(0, y)", top)
        page.wait_for_timeout(250)
        assert not page.locator(f"{TOAST}:visible").count()
        shown += 1
        lab.shoot(page, f"lab-{shown:02}")
        found["text"] += "\n".join(page.locator(".jp-OutputArea-output").all_inner_texts())
        found["failed"] += page.locator(FAILED).count()
        images = "all => all.map(e => [e.src, e.naturalWidth, e.getBoundingClientRect().width])"
        found["images"] |= {i[0]: i[1:] for i in page.locator(".jp-OutputArea-output img").evaluate_all(images)}
        widths = "all => all.map(e => [e.offsetWidth, e.closest('.jp-OutputArea-output').clientWidth])"
        found["tables"] += page.locator(".jp-OutputArea-output table").evaluate_all(widths)
        here, inside, whole = frame.evaluate("e => [e.scrollTop, e.clientHeight, e.scrollHeight]")
        if here + inside >= whole - 2 or shown == 20:
            return found
        top = here + inside - 60


def test_notebook_runs_in_jupyterlab_and_saves_what_a_run_saves(lab: Any, workspace: Path, tmp_path: Path) -> None:
    expected = run_plan(workspace / PLAN, workspace=workspace, out=tmp_path / "runs").folder
    saved = workspace / "runs" / expected.parent.name / expected.name
    with lab(workspace) as running:
        page = running.open("notebooks/self_evaluation.ipynb")
        running.run_all(page)
        page.wait_for_selector(f':text("已保存"), {FAILED}')
        found = seen(running, page)

    assert found["failed"] == 0, found["text"]
    assert running.complaints == []
    assert f"已保存:runs/{expected.parent.name}/{expected.name}" in found["text"]
    for text in ("评分表", "99.55", "20×97.75%=19.55", "等级:优(暂定)", "发现的问题"):
        assert text in found["text"]
    assert len(found["images"]) == 4
    assert all(pixels > width == 768 for pixels, width in found["images"].values())
    assert len(found["tables"]) >= 6
    assert all(table <= room for table, room in found["tables"])
    assert (saved / "result.json").read_bytes() == (expected / "result.json").read_bytes()
    assert files(saved / "figures") == files(expected / "figures")


def test_new_workspace_opens_and_says_what_is_missing(lab: Any, tmp_path: Path) -> None:
    made = create_workspace(
        pack="self-evaluation",
        name="demo-2026",
        folder=tmp_path / "demo-2026",
        title=None,
        variant=None,
        policy="national-default",
        as_of="2026-12-31",
    )
    with lab(made.folder) as running:
        page = running.open("notebooks/self_evaluation.ipynb")
        running.run_all(page)
        message = page.locator(FAILED).inner_text()
        page.locator(FRAME).evaluate("e => e.scrollTo(0, 0)")
        running.shoot(page, "lab-empty-workbook")
        assert not page.locator(f"{TOAST}:visible").count()
        plan = page.locator(".jp-CodeCell .cm-content").first.inner_text()

    assert 'plan = "params/demo-2026.yaml"' in plan
    assert message.splitlines() == [
        "佐证资料有误(共1处):",
        "  1. params/evidence/demo-2026.xlsx [评价对象]:没有评价对象。请至少填写一行对象编号和对象名称",
    ]
    assert running.complaints == []


@pytest.mark.parametrize("plan", ["huangshi_sponge_2022", "training_unit_cost_lvliang_2021"])
def test_tables_fit_a_page_of_a_laptop(browser: Any, plan: str) -> None:
    """1440 points wide, less JupyterLab's side bar and prompts: no table is cut off, sentences are not a thin strip."""
    evaluation = wb.open(f"params/{plan}.yaml", workspace=ROOT)
    tables = [
        *(evaluation.overview(), evaluation.evidence_overview(), evaluation.comparison()),
        *(evaluation.measures(), evaluation.scores(), evaluation.verdict(), evaluation.caps(), evaluation.findings()),
    ]
    page = browser.new_page(viewport={"width": 1000, "height": 900})
    page.set_content(f'<body style="margin:0;width:985px">{"".join(t.html() for t in tables)}</body>')
    widths = page.locator("table").evaluate_all("all => all.map(e => e.offsetWidth)")
    sentences = page.locator("table").nth(4).locator("td:last-child").first.evaluate("e => e.offsetWidth")
    page.close()
    assert len(widths) == len(tables)
    assert max(widths) <= 985
    assert sentences >= 180
