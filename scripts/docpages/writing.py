"""What all generated pages share: their Chinese texts, tables, and the check that no text lacks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
TEXTS: dict[str, Any] = yaml.safe_load((ROOT / "docs" / "texts.yaml").read_text(encoding="utf-8"))
MADE = "<!-- 本页由 scripts/make_docs.py 生成,请勿手改。 -->"
SEVERITIES = {"error": "错误", "warning": "提醒", "info": "说明"}


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> list[str]:
    """A Markdown table and the blank line after it."""
    lines = [list(head), ["---"] * len(head), *([_cell(c) for c in row] for row in rows)]
    return [*("| " + " | ".join(map(str, line)) + " |" for line in lines), ""]


def _cell(content: object) -> str:
    text = " ".join(str(content).split())
    # Inside back quotes Markdown takes both signs as they are.
    return text if "`" in text else text.replace("|", "\\|").replace("<", "&lt;") or " "


def page(title: str, *intro: str) -> list[str]:
    """The head of a generated page."""
    return [MADE, "", f"# {title}", "", *(line for text in intro for line in (text, ""))]


def matched(what: str, needed: Sequence[str], texts: Mapping[str, str]) -> None:
    """Stop when a text lacks or stands for nothing."""
    for name in needed:
        if name not in texts:
            raise SystemExit(f"docs/texts.yaml: {what} lacks {name}")
    for name in texts:
        if name not in needed:
            raise SystemExit(f"docs/texts.yaml: {what} has {name}, which no longer exists")
