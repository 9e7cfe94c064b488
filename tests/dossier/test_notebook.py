"""What notebooks work with: ``wb.seal``, ``wb.verify``, ``wb.rerun``, ``wb.compare``, and the notebook 再评价 itself."""

from __future__ import annotations

import json
import shutil
from decimal import Decimal
from pathlib import Path
from typing import Any

import papermill
import pytest
from openpyxl import load_workbook

import workbench as wb
from workbench.base.errors import FileError, PlanError
from workbench.dossier.compare.view import ComparisonView
from workbench.dossier.notebook import compare, rerun, seal, verify
from workbench.dossier.views import VerificationView
from workbench.runs.kernel import kernel_environment, transport
from workbench.runs.sealed import origin_of
from workbench.runs.store import StoredRun

pytestmark = pytest.mark.usefixtures("warm_notebooks")
ROOT = Path(__file__).resolve().parents[2]
PLAN = "params/huangshi_sponge_2022.yaml"
ANY = "dossiers/huangshi-sponge-2022-*.dossier.zip"
CORRECTED = "params/更正.xlsx"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with a published self-evaluation (195.5 of 200 spent: 97.75 % of 20 points), saved and sealed; and the same
    workbook with 175.5 spent, which is 87.75 % and 2.00 points less.
    """
    root = tmp_path_factory.mktemp("workspace")
    for path in (PLAN, "params/evidence/huangshi_sponge_2022.xlsx", "notebooks/re_evaluation.ipynb"):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / path, root / path)
    book = load_workbook(root / "params/evidence/huangshi_sponge_2022.xlsx")
    book["项目资金"]["E2"] = 175.5
    book.save(root / CORRECTED)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root / "notebooks")  # where a notebook's kernel is: paths start at the workspace all the same
        wb.open(PLAN).save()
        seal("huangshi-sponge-2022")
    return root


@pytest.fixture
def here(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The workspace, entered as JupyterLab enters it."""
    monkeypatch.chdir(folder / "notebooks")
    return folder


# -- views ------------------------------------------------------------------------------------------------------------


def test_the_package_has_them() -> None:
    assert (wb.seal, wb.verify, wb.rerun, wb.compare) == (seal, verify, rerun, compare)


def test_sealing_says_where_and_shows_the_papers(here: Path) -> None:
    made = seal("huangshi-sponge-2022", "dossiers/另存.dossier.zip")
    assert made.path == here / "dossiers" / "另存.dossier.zip"
    assert made.path.read_bytes() == next((here / "dossiers").glob("huangshi*")).read_bytes()
    assert repr(made) == "<已封存工作档案:dossiers/另存.dossier.zip>"
    assert "委托评价合同或委托书" in made._repr_html_()


def test_verifying_says_what_is_proven_and_what_is_not(here: Path) -> None:
    found = verify(ANY)
    assert found.holds
    assert repr(found) == "<核验:各项核对成立>"
    text = str(found)
    assert text.index("得分重算\t成立") < text.index("已证明") < text.index("没有证明")
    assert "工作档案" in found._repr_html_()
    assert set(found.papers().column("有无")) == {"有", "无"}


def test_a_changed_dossier_does_not_hold(here: Path, tmp_path: Path) -> None:
    data = bytearray(next((here / "dossiers").glob("huangshi*")).read_bytes())
    data[len(data) // 2] ^= 1
    (tmp_path / "坏.dossier.zip").write_bytes(data)
    found = verify(tmp_path / "坏.dossier.zip")
    assert not found.holds
    assert "不符之处" in str(found)


def test_sentences_of_a_dossier_are_no_markup(here: Path) -> None:
    found = verify(ANY).found
    changed = found.model_copy(update={"proven": ["<script>alert(1)</script>"]})
    assert "<script>" not in VerificationView(changed)._repr_html_()


def test_equal_runs_differ_in_nothing(here: Path) -> None:
    found = compare(ANY, "huangshi-sponge-2022")
    assert found.moved == []
    assert found.summary().column("差异") == ["0.00"]
    assert [row[1] for row in found.differences().rows] == ["相同"] * 5


def test_a_threshold_is_an_exact_number(here: Path) -> None:
    found = compare(ANY, "huangshi-sponge-2022", points=5, percent=Decimal("2.5"))
    assert (found.comparison.thresholds.points, found.comparison.thresholds.percent) == ("5", "2.5")
    for given in (2.5, True, "多", -1):
        with pytest.raises(PlanError, match="points 须为不小于 0 的数"):
            compare(ANY, "huangshi-sponge-2022", points=given)  # type: ignore[arg-type]  # what a notebook may say


def test_papers_that_were_filled_in_stay_and_others_go_beside_them(here: Path, tmp_path: Path) -> None:
    first = compare(ANY, "huangshi-sponge-2022")
    first.save(tmp_path / "再评价", beside=True)
    (tmp_path / "再评价" / "再评价报告.docx").write_bytes(b"filled in")
    for _ in range(2):
        assert "再评价-2" in repr(first.save(tmp_path / "再评价", beside=True))
    other = ComparisonView(first.comparison, "各项核对成立。")
    assert "再评价-3" in repr(other.save(tmp_path / "再评价", beside=True))
    assert (tmp_path / "再评价" / "再评价报告.docx").read_bytes() == b"filled in"
    assert len(list(tmp_path.iterdir())) == 3


# -- which dossier ----------------------------------------------------------------------------------------------------


def test_no_dossier_says_how_to_get_one(here: Path) -> None:
    with pytest.raises(FileError, match="workbench seal"):
        verify("dossiers/没有.dossier.zip")


def test_several_dossiers_are_no_dossier(here: Path, tmp_path: Path) -> None:
    for name in ("甲.dossier.zip", "乙.dossier.zip"):
        (tmp_path / name).write_bytes(b"")
    with pytest.raises(FileError, match=r"乙\.dossier\.zip"):
        verify(tmp_path / "*.dossier.zip")


def test_experts_are_kept_dropped_or_new(here: Path) -> None:
    with pytest.raises(PlanError, match="沿用"):
        rerun(ANY, experts="none")  # type: ignore[arg-type]  # what a notebook may say


# -- the notebook -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def executed(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The notebook of this project, run from top to bottom by papermill with a corrected workbook."""
    with kernel_environment({"WORKBENCH_STAGING": "", "WORKBENCH_WORKSPACE": ""}), transport() as kernel:
        return papermill.execute_notebook(
            str(folder / "notebooks" / "re_evaluation.ipynb"),
            str(tmp_path_factory.mktemp("executed") / "out.ipynb"),
            parameters={"evidence": CORRECTED},
            cwd=str(folder / "notebooks"),
            progress_bar=False,
            **kernel,
        )


def outputs(executed: Any, cell: str) -> list[Any]:
    return [o for c in executed["cells"] if c.get("id") == cell for o in c["outputs"]]


def html(executed: Any, cell: str) -> str:
    return "".join(o["data"].get("text/html", "") for o in outputs(executed, cell))


def test_the_notebook_verifies_and_runs_again(executed: Any) -> None:
    assert "已证明" in html(executed, "verify")
    assert "完全一致" in html(executed, "rerun")
    assert not [o for c in executed["cells"] for o in c.get("outputs", []) if o.get("name") == "stderr"]


def test_the_notebook_says_why_the_score_moved(executed: Any) -> None:
    assert "97.75%→87.75%" in html(executed, "lines")
    assert "佐证数据" in html(executed, "shares")
    assert "-2.00" in html(executed, "shares")
    assert [n for o in outputs(executed, "shares") + outputs(executed, "by-line") for n in o["data"]].count(
        "image/png"
    ) == 2
    assert "再评价更正了佐证资料" in html(executed, "judgement")


def test_the_notebook_writes_the_papers_into_the_new_workspace(executed: Any, folder: Path) -> None:
    (paper,) = (folder / "reruns").glob("*/再评价/再评价报告.docx")
    workspace = paper.parents[1]
    origin = origin_of(workspace)
    assert origin is not None
    assert origin.changed == ["evidence"]
    (run,) = (workspace / "runs" / "huangshi-sponge-2022").iterdir()
    result = StoredRun(run).result()
    assert (result.parent, result.subjects[0].total) == (origin.run, "97.55")
    written = json.loads((paper.parent / "comparison.json").read_text(encoding="utf-8"))
    assert written["new"]["parent"] == written["old"]["run"]


def test_another_correction_is_another_workspace(executed: Any, here: Path) -> None:
    """The name of the file says nothing: what was put in decides."""
    book = load_workbook(here / CORRECTED)
    book["项目资金"]["E2"] = 165.5
    book.save(here / "params" / "再更正.xlsx")
    (here / "params" / "再更正.xlsx").replace(here / CORRECTED)
    again = rerun(ANY, evidence=CORRECTED)
    assert again.found.outcome.result.subjects[0].total == "96.55"
    assert len(list((here / "reruns").glob("*-evidence-*"))) == 2
    sealed = seal(again, "dossiers/再评价.dossier.zip")
    assert verify(sealed.path).holds
    assert compare(ANY, sealed.path).shares().column("得分变化") == ["-3.00", "-3.00"]


def test_its_code_cells_are_short() -> None:
    notebook = json.loads((ROOT / "notebooks" / "re_evaluation.ipynb").read_text(encoding="utf-8"))
    code = [c for c in notebook["cells"] if c["cell_type"] == "code" and not c["metadata"].get("tags")]
    assert max(len([line for line in c["source"] if line.strip()]) for c in code) <= 3
    prose = [c["cell_type"] for c in notebook["cells"]]
    assert prose[0] == "markdown"
    assert "".join(prose).count("markdown") >= 9
