"""Grade bands: those a report states itself, in words or in a table; else the policy's."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from workbench.reports.checking.model import Document
from workbench.reports.checking.numbers import folded, numbers

LABELS = ("优秀", "良好", "中等", "一般", "较差", "合格", "不合格", "优", "良", "中", "差")
"""Labels in use, longer ones first."""
_SAME = {"优秀": "优", "良好": "良", "中等": "中", "一般": "中", "较差": "差"}
_LABEL = re.compile("|".join(LABELS))
_CHUNK = re.compile(r"[,，、;；。\n|]")
_BELOW = re.compile("以下|不足|不满|低于|小于|<")
_SCALE = re.compile("分|[-~—至≤≥<>]|以[上下]")
_ABOUT = re.compile("等级|级|档|评定|评价结果|评分|得分|分数")
_FEWEST = 3


@dataclass(frozen=True)
class Scale:
    """Labels from best to worst with the lowest total each is for (inclusive), and where that is written."""

    bands: Sequence[tuple[str, Decimal]]
    source: str

    def of(self, total: Decimal) -> str:
        """The label a total earns."""
        return next((label for label, lower in self.bands if total >= lower), self.bands[-1][0])

    def known(self, label: str) -> str | None:
        """The scale's own word for a label; None for a label it does not have."""
        own = [name for name, _ in self.bands]
        if label in own:
            return label
        wanted = _SAME.get(label, label)
        found = [name for name in own if _SAME.get(name, name) == wanted]
        return found[0] if len(found) == 1 else None

    def rank(self, label: str) -> int:
        """0 for the best."""
        return [name for name, _ in self.bands].index(label)

    def text(self) -> str:
        """“优≥90、良≥80、…”."""
        return "、".join(f"{label}≥{lower}" for label, lower in self.bands[:-1]) + f"、{self.bands[-1][0]}"


def policy_scale(items: Iterable[tuple[str, Decimal]], title: str) -> Scale:
    """The scale of a policy."""
    return Scale(list(items), title)


def stated_scale(document: Document) -> tuple[Scale | None, bool]:
    """The scale the report itself states, and whether one is stated that could not be read with certainty."""
    texts = [(p.text, f"第{p.number}段") for p in document.paragraphs]
    texts += [
        ("|".join(_row_text(r) for r in t.rows), f"第{t.number}张表") for t in document.tables if len(t.rows) <= 8
    ]
    found: list[Scale] = []
    doubtful = False
    for text, place in texts:
        plain = folded(text)
        if len(set(_LABEL.findall(plain))) < _FEWEST or not _ABOUT.search(plain) or not _SCALE.search(plain):
            continue
        bands = _bands(plain)
        if bands is not None:
            found.append(Scale(bands, f"报告{place}"))
        elif len({f.number.value for f in numbers(plain) if 50 <= f.number.value <= 100}) >= _FEWEST:
            doubtful = True
    lines = {tuple(lower for _, lower in s.bands) for s in found}
    if len(lines) > 1:
        return None, True
    return (found[0], False) if found else (None, doubtful)


def _row_text(row: Sequence[object]) -> str:
    seen: dict[int, str] = {id(c): getattr(c, "text", "") for c in row}
    return " ".join(seen.values()).replace("\n", " ").replace("、", "/")


def _bands(text: str) -> list[tuple[str, Decimal]] | None:
    """Label and lowest total of each chunk that has one label; None unless they come out in order."""
    lows: dict[str, Decimal] = {}
    for chunk in _CHUNK.split(text):
        labels = set(_LABEL.findall(chunk))
        values = [f.number.value for f in numbers(chunk) if 0 <= f.number.value <= 150]
        if len(labels) != 1 or not values or len(values) > 4:
            continue
        [label] = labels
        below = len(set(values)) == 1 and _BELOW.search(chunk)
        low = Decimal(0) if below else min(values)
        if lows.setdefault(label, low) != low:
            return None
    return _ordered(lows)


def _ordered(lows: Mapping[str, Decimal]) -> list[tuple[str, Decimal]] | None:
    bands = sorted(lows.items(), key=lambda item: -item[1])
    order = ["优", "良", "中", "合格", "差", "不合格"]
    names = [_SAME.get(label, label) for label, _ in bands]
    known = [order.index(n) for n in names if n in order]
    lowers = [low for _, low in bands]
    if len(bands) < _FEWEST or known != sorted(known) or len(set(names)) < len(names) or len(set(lowers)) < len(lowers):
        return None
    return bands if lowers[-1] == 0 else [*bands[:-1], (bands[-1][0], Decimal(0))] if len(bands) > _FEWEST else None
