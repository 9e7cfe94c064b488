"""批量运行汇总 in Chromium: sorted, filtered, heard, opened on a phone, with no network and no complaint."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

sys.path.insert(0, str(Path(__file__).parents[1] / "reports" / "batch"))

from batch_rows import HEADING, ROWS, many

from workbench.reports.batch import Heading, Row, summary_page

POINTS = ".scores tbody td:nth-child(4)"
OUTSIDE = """[...document.querySelectorAll('h1, .headline, .scores, .tools, .tools label, .scroll, figure')]
    .filter((one) => one.offsetParent && (one.getBoundingClientRect().left < 0 || one.getBoundingClientRect().right > innerWidth))
    .map((one) => one.className || one.tagName)"""
"""What is cut off at an edge: nobody can scroll to the left of a page."""


@pytest.fixture
def page(browser: Browser, tmp_path: Path) -> Iterator[Page]:
    """An empty page; whatever is asked of a network, or complained of, fails the test."""
    complaints: list[str] = []
    opened = browser.new_page(viewport={"width": 1440, "height": 900})
    opened.on("console", lambda said: complaints.append(said.text))
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("request", lambda r: None if r.url.startswith(("file:", "data:")) else complaints.append(r.url))
    yield opened
    opened.close()
    assert complaints == []


def show(page: Page, folder: Path, rows: list[Row], heading: Heading = HEADING) -> None:
    (folder / "page.html").write_bytes(summary_page(rows, heading))
    page.goto((folder / "page.html").as_uri())


def test_it_is_filtered_and_sorted(page: Page, tmp_path: Path) -> None:
    show(page, tmp_path, list(ROWS))
    page.get_by_role("button", name="得分").click()
    # An interval by its lower end, what has no points last.
    assert page.locator(POINTS).all_text_contents() == ["52.00—88.50", "81.00", "93.50", "100.00", "", ""]
    page.get_by_label("状态", exact=True).select_option("没有变化")
    page.get_by_label("等级", exact=True).select_option("良")  # which is shown as 良(暂定)
    assert page.locator(POINTS).all_text_contents() == ["81.00"]
    assert page.locator(".scores output").text_content() == "符合 1 行,共 6 行;显示 1 行"
    page.get_by_role("button", name="恢复原样").click()
    page.get_by_label("查找").fill("养护 西乡")
    assert page.locator(POINTS).all_text_contents() == ["52.00—88.50"]


def test_many_rows_are_shown_by_and_by_and_all_are_printed(page: Page, tmp_path: Path) -> None:
    show(page, tmp_path, many(700), Heading("七百", 700))
    assert page.locator(".scores tbody tr").count() == 300
    page.get_by_role("button", name="再显示一些").press("Enter")
    assert page.locator(".scores tbody tr").count() == 600
    assert page.evaluate("[...document.querySelector('.scores tbody').rows].indexOf(document.activeElement)") == 300
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator(".scores tbody tr").count() == 700


def test_nothing_is_wrong_for_those_who_hear_it_and_it_fits_a_phone(page: Page, tmp_path: Path) -> None:
    show(page, tmp_path, list(ROWS))
    assert Axe().run(page).violations_count == 0
    page.set_viewport_size({"width": 375, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    label = page.evaluate("getComputedStyle(document.querySelector('.scores td'), '::before').content")
    assert label == '"评价编号："'
    for width in (360, 600, 719, 721, 800, 1024, 1119, 1120, 1280, 1366, 1439, 1440, 1920):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate(OUTSIDE) == [], width
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0, width
    page.set_viewport_size({"width": 375, "height": 800})
    assert Axe().run(page).violations_count == 0
