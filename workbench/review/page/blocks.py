"""Blocks: what a tab is made of. Plain dictionaries that the browser draws; every text in them becomes a text node there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Block = dict[str, Any]
Option = tuple[str, str]
"""Value and word of a choice."""


def text(words: str, tone: str | None = None, *, heading: bool = False) -> Block:
    """A paragraph (``tone``: warn, good or quiet) or a heading."""
    return {"kind": "text", "text": words, "tone": tone, "heading": heading}


def facts(items: Sequence[tuple[str, str]]) -> Block:
    """Labels with values."""
    return {"kind": "facts", "items": [list(i) for i in items]}


def table(key: str, columns: Sequence[tuple[str, str]], rows: Sequence[Mapping[str, Any]], empty: str) -> Block:
    """A table; columns are (title, ``number`` or empty), rows have ``id``, ``cells`` and perhaps ``buttons``."""
    return {"kind": "table", "key": key, "columns": [list(c) for c in columns], "rows": list(rows), "empty": empty}


def records(items: Sequence[Block], empty: str) -> Block:
    """Things people said, one below the other."""
    return {"kind": "records", "records": list(items), "empty": empty}


def record(number: int, who: str, at: str, words: str, notes: Sequence[str] = (), **more: Any) -> Block:
    """One thing somebody said; ``more`` may hold files, buttons, records and forms."""
    return {"id": str(number), "who": who, "at": at, "text": words, "notes": list(notes), **more}


def group(key: str, title: str, blocks: Sequence[Block], *, open_: bool = True, badge: int = 0) -> Block:
    """Blocks that fold away under a title."""
    return {"kind": "group", "key": key, "title": title, "open": open_, "badge": badge, "blocks": list(blocks)}


def form(
    key: str,
    title: str,
    act: str,
    fields: Sequence[Block],
    button: str,
    *,
    args: Mapping[str, Any] | None = None,
    hint: str | None = None,
    sure: str | None = None,
    folded: bool = False,
) -> Block:
    """Inputs that are sent together. ``sure`` is what the button says before it acts, for steps that cannot be undone."""
    return {
        "kind": "form",
        "key": key,
        "title": title,
        "act": act,
        "fields": list(fields),
        "button": button,
        "args": dict(args or {}),
        "hint": hint,
        "sure": sure,
        "folded": folded,
    }


def button(words: str, act: str, args: Mapping[str, Any], *, sure: str | None = None) -> Block:
    """A button beside a line or a record."""
    return {"text": words, "act": act, "args": dict(args), "sure": sure}


def line(name: str, label: str, value: str = "", **more: Any) -> Block:
    """An input of one line; ``more``: hint, placeholder, required, width."""
    return {"type": "text", "name": name, "label": label, "value": value, **more}


def area(name: str, label: str, value: str = "", *, required: bool = True, rows: int = 3, **more: Any) -> Block:
    """An input of several lines."""
    return {"type": "area", "name": name, "label": label, "value": value, "required": required, "rows": rows, **more}


def select(name: str, label: str, options: Sequence[Option], value: str | None = None, **more: Any) -> Block:
    """One of several; the first when no value is given."""
    listed = [list(o) for o in options]
    return {"type": "select", "name": name, "label": label, "options": listed, "value": value, **more}


def check(name: str, label: str, value: bool = False, **more: Any) -> Block:
    """Yes or no."""
    return {"type": "check", "name": name, "label": label, "value": value, **more}


def checks(name: str, label: str, options: Sequence[Option], value: Sequence[str] = (), **more: Any) -> Block:
    """Any of several."""
    listed = [list(o) for o in options]
    return {"type": "checks", "name": name, "label": label, "options": listed, "value": list(value), **more}


def files(name: str, label: str, **more: Any) -> Block:
    """Files to hand in."""
    return {"type": "files", "name": name, "label": label, "value": [], **more}
