"""How a part speaks with its browser: changes only, numbered, and nothing a user sends brings it down."""

from __future__ import annotations

import copy
import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from workbench.review.page.part import changes

LEAVES = st.none() | st.booleans() | st.integers() | st.text() | st.lists(st.text(), max_size=3)
CONTENT = st.dictionaries(
    st.text(max_size=3),
    st.recursive(LEAVES, lambda inner: st.dictionaries(st.text(max_size=3), inner, max_size=4), max_leaves=8),
)


def applied(content: dict[str, Any], changed: list[list[Any]]) -> dict[str, Any]:
    """What dom.js does with changes."""
    content = copy.deepcopy(content)
    for path, *value in changed:
        target = content
        for key in path[:-1]:
            target = target[key]
        if value:
            target[path[-1]] = value[0]
        else:
            del target[path[-1]]
    return content


@given(CONTENT, CONTENT)
def test_changes_turn_the_one_into_the_other(old: dict[str, Any], new: dict[str, Any]) -> None:
    found = list(changes(old, new))
    assert applied(old, json.loads(json.dumps(found))) == new
    assert list(changes(new, new)) == []


def test_one_changed_cell_sends_one_cell() -> None:
    old = {"rows": {"A": {"mine": None, "name": "甲"}, "B": {"mine": None}}, "selected": "A"}
    new = {"rows": {"A": {"mine": "8.00", "name": "甲"}, "B": {"mine": None}}, "selected": "A"}
    assert list(changes(old, new)) == [[["rows", "A", "mine"], "8.00"]]


def test_page_is_few_widgets_and_each_opens_with_what_it_shows_now(opened: Any, review: Any) -> None:
    from ipywidgets.widgets.widget import _instances

    begun, before_it = review(), set(_instances)
    browser = opened(begun, "e1")
    assert len(set(_instances) - before_it) < 60
    before = browser.part("table").get_state()["shown"]
    browser.does("detail", "opine", code="P1", choice="agree", points="", reason="")
    after = browser.part("table").get_state()["shown"]
    assert before["content"]["rows"]["P1"]["mine"] is None
    assert after["content"]["rows"]["P1"]["mine"] == "18.70"
    assert after["n"] == before["n"] + 1


def test_browser_that_missed_a_message_gets_everything(opened: Any, review: Any) -> None:
    browser = opened(review(), "e1")
    part = browser.part("table")
    part._handle_msg({"content": {"data": {"method": "custom", "content": {"do": "again"}}}, "buffers": []})
    assert [m["whole"] for m in browser.customs("table")] == [part.content]


def test_what_no_page_sends_is_refused_in_words_or_ignored(opened: Any, review: Any) -> None:
    begun = review()
    browser = opened(begun, "e1")
    head = begun.ledger.head()
    for content in (
        "text",
        None,
        5,
        [],
        {},
        {"do": None},
        {"do": "__class__"},
        {"do": "opine"},
        {"do": "select", "code": {"a": 1}},
    ):
        browser.part("detail")._handle_msg(
            {"content": {"data": {"method": "custom", "content": content}}, "buffers": []}
        )
    for what in (
        "withdraw",
        "panel_save",
        "merge",
        "sign_off",
        "correct_proof",
        "finalised",
        "entry_checked",
        "submit",
        "reply",
    ):
        assert browser.fails("head", what, event="1", values={"reason": "x" * 30_000})
    assert begun.ledger.head() == head
    assert "现在不能" not in browser.text()


def test_failure_of_the_page_itself_is_one_sentence(opened: Any, review: Any, caplog: Any) -> None:
    browser = opened(review(), "e1")
    browser.part("detail").actions["opine"] = lambda request: {}["nothing"]  # a bug of ours
    assert browser.fails("detail", "opine").startswith("页面内部出错,这次操作没有生效")
    assert "Traceback" in caplog.text and "Traceback" not in browser.text()
