"""复核看板 in Chromium: sorted, filtered, heard, opened on a phone, with no network and no complaint; its forms mean harm."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

sys.path.insert(0, str(Path(__file__).parents[1] / "recheck"))
sys.path.insert(0, str(Path(__file__).parents[1] / "recheck" / "writing"))

import batches

from workbench.recheck.writing.dashboard.page import page as page_of

DIFFERENCES = ".scores tbody tr:visible td[data-label='偏差']"


@pytest.fixture
def page(browser: Browser, tmp_path: Path) -> Iterator[Page]:
    """The page of five forms; whatever is asked of a network, or complained of, fails the test."""
    (tmp_path / "page.html").write_bytes(page_of(batches.batch()))
    complaints: list[str] = []
    opened = browser.new_page(viewport={"width": 1440, "height": 900})
    opened.on("console", lambda said: complaints.append(said.text))
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("dialog", lambda dialog: complaints.append(dialog.message))
    opened.on("request", lambda r: None if r.url.startswith(("file:", "data:")) else complaints.append(r.url))
    opened.goto((tmp_path / "page.html").as_uri())
    yield opened
    opened.close()
    assert complaints == []


def test_the_table_is_sorted_by_numbers_and_filtered(page: Page) -> None:
    page.get_by_role("button", name="偏差").click()
    # Forms without a difference stand last, whichever way.
    assert page.locator(DIFFERENCES).all_text_contents()[2:] == ["", "", ""]
    assert page.locator(DIFFERENCES).all_text_contents()[:2] == ["-30.00", "-9.07"]
    page.get_by_role("button", name="偏差").click()
    assert page.locator(DIFFERENCES).all_text_contents()[:2] == ["-9.07", "-30.00"]
    page.get_by_label("有此级别的问题").select_option("P2")
    assert page.locator(".scores output").text_content() == "显示 1 张,共 5 张"
    page.get_by_role("button", name="恢复原样").click()
    page.get_by_label("查找").fill("农田 机井缺")
    assert page.locator(".scores tbody tr:visible").count() == 0
    page.get_by_label("查找").fill("农田 水利")
    assert page.locator(".scores tbody tr:visible").count() == 1


def test_every_unit_can_be_chosen_whatever_it_is_called(page: Page) -> None:
    for unit in page.locator("#unit option").all()[1:]:
        page.get_by_label("单位", exact=True).select_option(unit.get_attribute("value") or unit.text_content())
        assert page.locator(".scores tbody tr:visible").count() == 1


def test_nothing_is_wrong_for_those_who_hear_it_and_it_fits_a_phone(page: Page) -> None:
    assert Axe().run(page).violations_count == 0
    page.set_viewport_size({"width": 375, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    assert page.title() == "某县2022年度自评复核 自评复核看板"
