"""The browser's side: nothing there parses HTML, asks another server, or lacks a handle for tests."""

from __future__ import annotations

import re

import pytest

from workbench.review.page.part import STATIC, script, stylesheet

SCRIPTS = sorted(path.name for path in STATIC.glob("*.js"))


@pytest.mark.parametrize("name", SCRIPTS)
def test_text_never_becomes_markup(name: str) -> None:
    source = (STATIC / name).read_text(encoding="utf-8")
    for word in (
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "eval(",
        "Function(",
        "srcdoc",
        "DOMParser",
    ):
        assert word not in source
    addresses = re.findall(r"https?://[^\"' ]+", source)
    assert [a for a in addresses if a != "http://www.w3.org/2000/svg"] == []


def test_every_script_is_used_and_one_module() -> None:
    modules = [
        script("drawHead", "head.js"),
        script("drawTable", "table.js"),
        script("drawDetail", "form.js", "detail.js"),
        script("drawSheet", "sheet.js"),
    ]
    for module in modules:
        assert module.count("export default") == 1
        assert len(module) < 40_000
    assert set(SCRIPTS) == {"dom.js", "head.js", "table.js", "form.js", "detail.js", "sheet.js"}


def test_style_loads_nothing() -> None:
    assert "url(" not in stylesheet() and "@import" not in stylesheet()
    assert ":focus-visible" in stylesheet() and "tabular-nums" in stylesheet()
