"""The lead's panel tab where something else moves meanwhile: another window, a person who leaves, several subjects."""

from __future__ import annotations

from typing import Any


def drops(browser: Any, member: str) -> list[str]:
    browser.sends("panel_remove", member=member)
    return list(browser.sends("panel_save", reason="另有安排").get("problems", ()))


def test_what_another_window_saved_is_not_overwritten(opened: Any, review: Any) -> None:
    begun = review()
    here, there = opened(begun, "lead"), opened(begun, "lead")
    here.sends("panel_remove", member="e1")
    assert drops(there, "e2") == []
    assert "已在别处" in "".join(here.sends("panel_save", reason="另有安排")["problems"])
    assert begun["lead"].panel.member("e1") is not None and begun["lead"].panel.member("e2") is None
    here.sends("panel_drop")
    assert drops(here, "e1") == []


def test_whose_id_is_taken_away_is_locked_out(opened: Any, review: Any) -> None:
    """An id is what a session stands for: whoever is given it next must not share it with its former bearer."""
    begun, revoked = review(), list[str]()

    def revoke(member: str) -> int:
        revoked.append(member)
        return 1

    browser = opened(begun, "lead", revoke=revoke)
    browser.does("head", "tab", tab="panel")
    browser.sends("panel_member", edited="e1", id="e1", name="接任者", roles=["expert"])
    browser.sends("panel_member", edited="e3", id="e3", name="e3先生", roles=["expert"], weight="2")
    assert drops(browser, "e2") == []
    assert revoked == ["e1", "e2"]
    assert "已收回e1先生、e2先生的链接" in str(browser.shown["sheet"]["blocks"]["locked_out"])


def test_conflict_with_one_subject_stays_one_with_that_subject(
    opened: Any, review: Any, panel_of: Any, member: Any
) -> None:
    conflicts = [{"subject": "S2", "indicator": i, "reason": "曾在该校任职"} for i in (None, "B1")]
    begun = review(panel_of([member("e1", conflicts=conflicts), member("e2")]), both=True)
    browser = opened(begun, "lead")
    browser.does("head", "tab", tab="panel")
    browser.sends("panel_edit", member="e1")
    fields = browser.shown["sheet"]["blocks"]["member"]["blocks"][0]["fields"]
    filled = {f["name"]: f["value"] for f in fields}
    assert filled["conflicts"] == "S2/全部:曾在该校任职\nS2/B1:曾在该校任职"
    browser.sends("panel_member", **filled, edited="e1")
    assert "problems" not in browser.sends("panel_save")
    assert [c.model_dump() for c in begun["lead"].panel.member("e1").conflicts] == conflicts


def test_words_of_who_has_left_keep_their_name(opened: Any, review: Any) -> None:
    begun = review()
    begun.say("e1", "challenge", subject="S1", indicator="P1", about="value", text="数值有误")
    browser = opened(begun, "lead")
    assert drops(browser, "e1") == []
    browser.does("head", "tab", tab="dialogue")
    assert "e1先生" in str(browser.shown["sheet"]["blocks"]["challenges"])
