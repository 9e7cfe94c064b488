"""A browser can send what no page offers: it learns and changes nothing by that which is not its user's."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

PAPER = b"%PDF-1.7 made up"
SECRETS = ("7.77", "只有二号专家知道")
TABS = ("dialogue", "corrections", "entries", "panel", "lead", "after", "record")


@pytest.mark.parametrize("person", ["e1", "clerk", "checker", "observer", "delegate", "unit"])
def test_nobody_reads_a_colleagues_points_by_beginning_to_type_for_them(opened: Any, review: Any, person: str) -> None:
    begun = review()
    begun["e2"].opine("S1", "D1", "adjust", Decimal(SECRETS[0]), SECRETS[1])
    browser = opened(begun, person)
    sent = browser.does("detail", "piece", buffers=[PAPER], key="k", name="打分表.pdf", last=True)
    browser.does("sheet", "entry_begin", values={"expert": "e2", "scan": [sent.get("file")]})
    for tab in TABS:
        browser.does("table", "select", code="D1")
        browser.does("head", "tab", tab=tab)
        assert not any(secret in browser.text() for secret in SECRETS)


def test_who_may_not_type_for_others_is_told_so_and_written_down(opened: Any, review: Any) -> None:
    begun = review()
    browser = opened(begun, "e1")
    kept = browser.uploads("打分表.pdf", PAPER)
    assert "不由您办理" in browser.fails("sheet", "entry_begin", values={"expert": "e2", "scan": [kept]})
    assert begun.ledger.refusals()[-1].action == "entry_begin"
    assert browser.page.session.entry is None


def test_clerk_who_is_replaced_stops_typing(opened: Any, review: Any) -> None:
    begun = review()
    browser = opened(begun, "clerk")
    browser.does("sheet", "entry_begin", values={"expert": "e2", "scan": [browser.uploads("打分表.pdf", PAPER)]})
    assert "e2先生" in browser.shown["head"]["entry"]
    members = [m.model_dump() for m in begun["lead"].panel.members]
    for member in members:
        member["roles"] = ["observer"] if member["id"] == "clerk" else member["roles"]
    begun.say("lead", "panel_set", panel={"members": members})
    browser.page.look()
    assert browser.page.session.entry is None
