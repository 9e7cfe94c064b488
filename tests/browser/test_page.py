"""The report's page in Chromium: heard, read, searched, printed and opened on a phone, with no network and no complaint."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

sys.path.insert(0, str(Path(__file__).parents[1] / "reports"))

from page_shapes import drawings, whole
from review_shapes import record, with_review

from workbench.reports.page.page import page as page_of
from workbench.scoring.result import RunResult

ROOT = Path(__file__).resolve().parents[2]
HOSTILE = "<script>document.title='run'</script><img src=x onerror=\"document.title='run'\">\u202eםולש\u202c=cmd|' /C calc'!A0"
DESK, PHONE = {"width": 1440, "height": 900}, {"width": 375, "height": 800}
WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
Shoot = Callable[[Page, str], None]


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The public self-evaluation of 永德县明朗中学 with a review laid over it, its texts hostile."""
    golden = ROOT / "tests" / "golden" / "yongde_mingliang_school_2022.json"
    result = RunResult.model_validate_json(golden.read_bytes())
    subjects = [with_review(s) for s in result.subjects]
    result = result.model_copy(update={"subjects": subjects, "review": record()})
    report = whole(result, prose=HOSTILE)
    path = tmp_path_factory.mktemp("page") / "report.html"
    path.write_bytes(page_of(report, result, drawings(result)))
    return path


@pytest.fixture
def opened(browser: Browser, file: Path) -> Iterator[Callable[..., Page]]:
    """Opens the page in a browser of its own; whatever is asked of a network, or complained of, fails the test."""
    complaints: list[str] = []
    contexts: list[BrowserContext] = []

    def open_(size: dict[str, int], **more: Any) -> Page:
        contexts.append(browser.new_context(viewport=size, locale="zh-CN", **more))
        page = contexts[-1].new_page()
        page.on("console", lambda said: complaints.append(said.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda r: None if r.url.startswith(("file:", "data:")) else complaints.append(r.url))
        page.goto(file.as_uri())
        return page

    yield open_
    for context in contexts:
        context.close()
    assert complaints == []


def names(page: Page) -> list[str]:
    """Names of the indicators that are shown, from top to bottom."""
    return page.locator('.scores tr.indicator:visible td[data-label="三级"]').all_inner_texts()


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_no_serious_finding_of_accessibility(opened: Callable[..., Page], size: dict[str, int], shoot: Shoot) -> None:
    page = opened(size)
    page.locator(".fold").click()
    found = Axe().run(page).response["violations"]
    grave = [f"{v['id']}: {n['html']}" for v in found for n in v["nodes"] if v["impact"] in ("serious", "critical")]
    assert grave == []
    assert page.evaluate(WIDE) <= 0
    assert "绩效评价报告" in page.title()  # what the texts bring along has not run
    shoot(page, f"report-{size['width']}")


def test_the_table_is_searched_sorted_and_unfolded_by_keyboard(opened: Callable[..., Page], shoot: Shoot) -> None:
    page = opened(DESK)
    every = names(page)
    output = page.locator(".tools output")
    assert len(every) == 10 and output.inner_text() == "显示 10 项,共 10 项指标"
    assert page.locator(".more:visible").count() == 0

    page.locator(".tools select").first.focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("政策知晓率")
    assert names(page) == ["政策知晓率"] and output.inner_text() == "显示 1 项,共 10 项指标,小计和总分未列出"
    assert page.locator(".scores tr.total:visible").count() == 0
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # 恢复原样
    assert names(page) == every and page.locator(".scores tr.total:visible").count() == 1

    level = page.locator(".tools select").first
    level.select_option("效益指标")
    assert 0 < len(names(page)) < 10
    page.locator(".reset").click()

    points = page.locator('th[data-label="最终得分"] button')
    points.focus()
    page.keyboard.press("Enter")
    head = page.locator('th[data-label="最终得分"]')
    assert head.get_attribute("aria-sort") == "ascending"
    shown = page.locator('.scores tr.indicator td[data-label="最终得分"]').all_inner_texts()
    assert [float(x) for x in shown] == sorted(float(x) for x in shown)
    page.keyboard.press("Enter")
    assert head.get_attribute("aria-sort") == "descending"
    page.keyboard.press("Enter")
    assert head.get_attribute("aria-sort") is None and names(page) == every

    one = page.locator("button.one").first
    one.focus()
    page.keyboard.press("Space")
    assert one.get_attribute("aria-expanded") == "true" and page.locator(".more:visible").count() == 1
    shoot(page, "report-scores")


def test_without_scripts_it_is_a_plain_table_with_everything_in_it(opened: Callable[..., Page]) -> None:
    page = opened(DESK, java_script_enabled=False)
    assert page.locator(".scores tr.indicator:visible").count() == 10
    assert page.locator(".more:visible").count() == 10
    assert page.locator(".tools:visible").count() == 0


def sheets(paper: Path) -> list[tuple[float, float, str]]:
    """Width and height of every sheet in points, and what stands on it without its spaces."""
    found = subprocess.run(["pdftotext", "-bbox", paper, "-"], stdout=subprocess.PIPE, check=True, timeout=60).stdout
    pages = re.findall(r'<page width="([\d.]+)" height="([\d.]+)">(.*?)</page>', found.decode("utf-8"), re.DOTALL)
    return [(float(w), float(h), "".join(re.findall(r">([^<]*)</word>", inner))) for w, h, inner in pages]


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="scripts/install-system-packages.sh installs pdftotext")
def test_on_paper_every_sheet_is_a4_and_marked_and_nothing_is_left_out(
    opened: Callable[..., Page], tmp_path: Path
) -> None:
    page = opened(DESK)
    every = names(page)
    page.locator(".words").fill("政策知晓率")
    paper = tmp_path / "report.pdf"
    page.pdf(path=paper, prefer_css_page_size=True)
    found = sheets(paper)
    # A4 in points, upright, and turned for the wide table
    assert {tuple(sorted((round(w), round(h)))) for w, h, _ in found} == {(595, 842)}
    assert {w > h for w, h, _ in found} == {True, False}
    for _, _, text in found:
        assert set("征求意见稿") <= set(text)
    scores = "".join(text for w, h, text in found if w > h)
    assert all(name.split("(")[0] in scores for name in every)
    assert names(page) == ["政策知晓率"]  # what was chosen is chosen again
