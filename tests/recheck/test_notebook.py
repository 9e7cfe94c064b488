"""notebooks/recheck.ipynb: a reviewer decides line by line, totals follow at once, every step is kept and can be taken back."""

from __future__ import annotations

import shutil
from decimal import Decimal
from pathlib import Path

import papermill
import pytest
from small_forms import ROWS, small_form

from workbench.base.errors import FileError, ReviewError
from workbench.recheck.corrections import FILE, Corrections
from workbench.recheck.desk import Desk, open_desk
from workbench.recheck.outcome import EXECUTION
from workbench.recheck.page import RecheckPage
from workbench.recheck.work import Order, work, write
from workbench.recheck.writing.csvtables import SUMMARY
from workbench.runs.kernel import kernel_environment, transport

ROOT = Path(__file__).resolve().parents[2]
KEY, OTHER = "一.xlsx#1", "二.xlsx#1"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The results of two forms."""
    small_form(tmp_path / "自评表" / "一.xlsx")
    small_form(
        tmp_path / "自评表" / "二.xlsx", project="<b>乡村道路</b>", rows=[(*ROWS[0][:6], 50, ""), *ROWS[1:]], total=99.8
    )
    done = work(Order((tmp_path / "自评表",), tmp_path / "rechecks" / "自评表"), tmp_path, workers=1)
    write(done)
    return done.order.out


@pytest.fixture
def page(folder: Path) -> RecheckPage:
    return RecheckPage(open_desk(folder, reviewer="张三"))


def decide(page: RecheckPage, line: int, reason: str = "现场核实", **values: str) -> str:
    page.line.value = line
    page.actual.value, page.points.value = values.get("actual", ""), values.get("points", "")
    page.reason.value = reason
    page.record.click()
    return page.message.value


def test_lines_are_shown_with_what_the_rules_make_of_them(page: RecheckPage) -> None:
    assert [key for _, key in page.form.options] == [KEY, OTHER]
    assert [number for _, number in page.line.options] == [EXECUTION, 1, 2, 3]
    assert page.line.value == EXECUTION, "a line is chosen from the beginning"
    assert "建设公厕数量" in page.table.value and "24.00～30.00" in page.table.value
    assert "规则复算得分:<b>83.80～89.80(计89.80)" in page.summary.value
    assert "复核得分:<b>尚未定" in page.summary.value
    page.form.value = OTHER
    assert "<b>乡村道路" not in page.summary.value + page.findings.value
    assert "missed_but_full" not in page.findings.value and "<li>P1 自评表 G7" in page.findings.value


def test_totals_follow_at_once_and_are_kept(page: RecheckPage, folder: Path) -> None:
    assert "已记入“建设公厕数量”" in decide(page, 1, actual="30座")
    page.accept.click()
    assert "须逐项填写复核得分:“改善人居环境”" in page.message.value, "an interval is the reviewer's to decide"
    assert "复核得分:<b>尚未定" in page.summary.value
    decide(page, 2, points="28")
    assert "复核得分:<b>77.80 中" in page.summary.value
    assert "→ 复核 30座" in page.table.value
    assert "张三:现场核实" in page.table.value
    kept = Corrections.load(folder / FILE)
    assert (kept.lines[KEY, 1].actual, kept.lines[KEY, 1].reviewer) == ("30座", "张三")
    assert "已重写" in click(page, "write")
    assert "77.80" in (folder / SUMMARY).read_text("utf-8-sig")


def click(page: RecheckPage, name: str) -> str:
    getattr(page, name).click()
    return str(page.message.value)


def test_steps_are_taken_back_one_after_the_other(page: RecheckPage, folder: Path) -> None:
    assert page.undo.disabled
    decide(page, 2, points="27")
    decide(page, 2, points="26")
    page.form.value = OTHER
    decide(page, 1, points="40")
    assert page.desk.steps == 3
    click(page, "undo")
    assert page.desk.form(OTHER).choices == ()
    page.form.value = KEY
    click(page, "undo")
    assert [c.points for c in page.desk.form(KEY).choices] == [Decimal(27)]
    page.line.value = 2
    assert page.points.value == "27"
    click(page, "undo")
    assert page.undo.disabled and not Corrections.load(folder / FILE).lines


def test_a_line_is_removed(page: RecheckPage) -> None:
    decide(page, 2, points="27")
    page.line.value = 2
    click(page, "remove")
    assert page.desk.form(KEY).choices == () and page.remove.disabled


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"points": "三十"}, "不小于0的数字"),
        ({"points": "-1"}, "不小于0的数字"),
        ({"points": "1e9"}, "不小于0的数字"),
        ({"points": "50.01"}, "超过分值50"),
        ({}, "至少填一个"),
        ({"points": "3", "reason": " "}, "请填写理由"),
        ({"points": "3", "reason": "坏\x07字"}, "控制字符"),
    ],
)
def test_what_cannot_be_is_refused(page: RecheckPage, folder: Path, values: dict[str, str], told: str) -> None:
    message = decide(page, 1, **values)
    assert "没有记入" in message and told in message
    assert page.desk.form(KEY).choices == () and not (folder / FILE).exists()


def test_a_name_is_needed(folder: Path) -> None:
    desk = open_desk(folder)
    with pytest.raises(ReviewError, match="请填写复核人姓名"):
        desk.record(KEY, 1, points="3", reason="核实")


def test_points_may_be_typed_as_people_do(folder: Path) -> None:
    desk = open_desk(folder, reviewer="张三")
    desk.record(KEY, 1, points="３０．５分", reason="核实")
    assert desk.form(KEY).choices[0].points == Decimal("30.5")


def test_another_s_changes_are_not_lost(folder: Path) -> None:
    first, second = open_desk(folder, reviewer="甲"), open_desk(folder, reviewer="乙")
    first.record(KEY, 1, points="30", reason="核实")
    with pytest.raises(FileError, match="已在别处改动"):
        second.record(KEY, 2, points="20", reason="核实")
    again: Desk = open_desk(folder, reviewer="乙")
    again.record(KEY, 2, points="20", reason="核实")
    assert len(Corrections.load(folder / FILE).lines) == 2


def test_an_old_correction_that_fits_no_more_stops_nobody(folder: Path) -> None:
    text = "corrections:\n  - {form: 一.xlsx#1, indicator: 1, name: 别的, points: 3, reason: 核实, reviewer: 张三}\n"
    (folder / FILE).write_text(text, encoding="utf-8")
    desk = open_desk(folder, reviewer="李四")
    desk.record(KEY, 2, points="20", reason="核实")
    assert [c.row for c in desk.form(KEY).choices] == [2]


def test_a_folder_without_results_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="请先运行 workbench recheck"):
        open_desk(tmp_path)


def test_the_notebook_opens_in_a_real_kernel(folder: Path, tmp_path: Path) -> None:
    for name in ("params", "notebooks"):
        (tmp_path / name).mkdir(exist_ok=True)
    shutil.copy(ROOT / "notebooks" / "recheck.ipynb", tmp_path / "notebooks")
    with kernel_environment({"WORKBENCH_STAGING": "", "WORKBENCH_WORKSPACE": ""}), transport() as kernel:
        executed = papermill.execute_notebook(
            str(tmp_path / "notebooks" / "recheck.ipynb"),
            str(tmp_path / "out.ipynb"),
            parameters={"folder": "rechecks/自评表", "reviewer": "张三"},
            cwd=str(tmp_path / "notebooks"),
            progress_bar=False,
            **kernel,
        )
    outputs = [output for cell in executed["cells"] if cell["cell_type"] == "code" for output in cell["outputs"]]
    assert not [output for output in outputs if output.get("name") == "stderr"]
    (shown,) = [output["data"] for output in outputs if "data" in output]
    assert "application/vnd.jupyter.widget-view+json" in shown
