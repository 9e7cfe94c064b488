"""The indicator table as the browser gets it: one entry per indicator, sums per level 1."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from workbench.review.page import wording
from workbench.review.page.part import Content
from workbench.review.page.session import Session, is_unjudged
from workbench.review.views import FLAG_WORDS, STATUS_WORDS, Flag, Heading, Row

FILTERS: tuple[Flag, ...] = ("unjudged", "far", "weak_evidence")

_SHORT: dict[Flag, str] = {
    "stale": "须重评",
    "far": "相差较大",
    "weak_evidence": "佐证不足",
    "unscored": "未评分",
    "no_quorum": "意见不足",
    "spread": "分歧较大",
    "challenged": "有质疑",
    "not_applied": "已不适用",
}
"""Flags in the width of a column; what is unjudged stands in the column beside."""


def table_content(session: Session, heading: Heading, rows: Sequence[Row]) -> Content:
    """Everything the table shows, the selected row included."""
    blind = heading.current is None and heading.computed is None
    lines = {r.code: _line(r, blind) for r in rows}
    counts = {name: sum(name in line["filters"] for line in lines.values()) for name in FILTERS}
    return {
        "columns": _columns(session, blind),
        "hidden": session.desk.hidden,
        "order": list(lines),
        "rows": lines,
        "levels": _levels(rows),
        "counts": {"all": len(lines), **counts},
        "selected": session.selected,
    }


def _columns(session: Session, blind: bool) -> list[list[str]]:
    mine = "代录" if session.entry else "我的"
    titles = ["指标", "分值", "实际值", "佐证", "计算得分", mine, "评审组", "状态", "提示"]
    keys = ["name", "weight", "value", "evidence", "computed", "mine", "panel", "status", "flags"]
    notes = {"panel": session.desk.hidden} if blind else {}
    return [[key, title, notes.get(key, "")] for key, title in zip(keys, titles, strict=True)]


def _line(row: Row, blind: bool) -> dict[str, Any]:
    return {
        "level1": row.level1,
        "level2": row.level2,
        "name": row.name,
        "weight": wording.points(row.weight),
        "value": row.value,
        "evidence": row.evidence_status,
        "computed": wording.points(row.computed),
        "computed_hidden": row.computed_hidden,
        "mine": wording.points(row.mine),
        "panel": wording.points(row.panel),
        "panel_hidden": blind and row.panel is None,
        "status": row.status,
        "status_word": STATUS_WORDS[row.status],
        "flags": [[f, FLAG_WORDS[f], _SHORT[f]] for f in row.flags if f in _SHORT],
        "filters": _filters(row),
    }


def _filters(row: Row) -> list[str]:
    found: list[str] = [f for f in FILTERS[1:] if f in row.flags]
    return [*found, "unjudged"] if is_unjudged(row) or row.status == "unjudged" else found


def _levels(rows: Sequence[Row]) -> dict[str, dict[str, str | None]]:
    """Per level 1: full points, and sums of the points that are all known."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row.level1, []).append(row)
    return {level: _sums(members) for level, members in groups.items()}


def _sums(rows: Sequence[Row]) -> dict[str, str | None]:
    asked = [r for r in rows if r.status != "not_assigned"]
    done = sum(not is_unjudged(r) and r.status != "unjudged" for r in asked)
    return {
        "done": f"已评{done}/{len(asked)}项" if asked else f"{len(rows)}项",
        "weight": wording.added(r.weight for r in rows),
        "computed": wording.added(r.computed for r in rows),
        "mine": wording.added(r.mine for r in rows),
        "panel": wording.added(r.panel for r in rows),
    }
