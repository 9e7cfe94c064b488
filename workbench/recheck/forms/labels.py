"""Labels of head and foot with what is written right of them, or after a colon in the same cell."""

from __future__ import annotations

import re
from collections.abc import Sequence

from workbench.recheck.forms.lines import Line, Used, part_of
from workbench.recheck.forms.vocabulary import bare, is_note, is_strip, label_of
from workbench.recheck.model import Written

_COLON = re.compile(r"[:：]")
_GAP = re.compile(r"[ \u3000\t]{2,}|\n")
_PIECE = re.compile(r"([^\s:：,，;；。][^:：,，;；。\n]{0,18}?)\s*[:：]")
_SIGNED = re.compile(r"(签字|签章|盖章|签名|公章)")
_MONEY_UNITS = ("元", "千元", "万元", "亿元", "人民币万元", "人民币元")
UNKNOWN_LABEL = 12
"""Characters of the longest text before a colon that counts as a label although nobody knows it."""


def read_labels(lines: Sequence[Line], used: Used) -> dict[str, Written]:
    """Usual name → what is written; the first of a name stays, another one of the same name gets a number."""
    found: dict[str, Written] = {}
    for line in lines:
        own = [(column, cell) for column, cell in line.own if cell not in used]
        skip: Written | None = None
        for index, (column, cell) in enumerate(own):
            if cell is skip or (is_note(cell.text) and label_of(cell.text) is None):
                continue
            following = own[index + 1 :]
            pieces = inline(cell, paragraph=line.grid is None or len(own) == 1)
            if pieces:
                used.add(cell)
                skip = _after_colon(pieces, following, found, used)
            elif (label := label_of(cell.text)) is not None and line.grid is not None:
                skip = _beside(line, column, cell, following, used)
                _keep(found, label, skip)
    return found


def _beside(line: Line, column: int, label: Written, following: Sequence[tuple[int, Written]], used: Used) -> Written:
    """The cell right of a label; a blank one where the next label follows, or nothing does."""
    used.add(label)
    if following and _is_value(following[0][1]):
        used.add(following[0][1])
        return following[0][1]
    after = column + 1
    while after < line.width - 1 and line.home(after) == line.home(column):
        after += 1
    return line.cell(min(after, line.width - 1)) if after < line.width else part_of(label, "")


def _is_value(cell: Written) -> bool:
    return label_of(cell.text) is None and not is_strip(cell.text) and not inline(cell, paragraph=False)


def _after_colon(
    pieces: Sequence[tuple[str, Written]],
    following: Sequence[tuple[int, Written]],
    found: dict[str, Written],
    used: Used,
) -> Written | None:
    """Keep the pieces of one cell; “填报人:” with nothing after it takes the next cell."""
    taken: Written | None = None
    for label, value in pieces:
        if not value.text and len(pieces) == 1 and following and _is_value(following[0][1]):
            value = taken = following[0][1]
            used.add(taken)
        _keep(found, label, value)
    return taken


def _keep(found: dict[str, Written], label: str, value: Written) -> None:
    """A blank gives way to what is written; a second value is kept under a number."""
    if label == "填报单位" and value.text in _MONEY_UNITS:
        label = "金额单位"
    if label not in found or not found[label].text:
        found[label] = value
    elif value.text:
        number = 2
        while f"{label}{number}" in found:
            number += 1
        found[f"{label}{number}"] = value


def inline(cell: Written, *, paragraph: bool) -> list[tuple[str, Written]]:
    """Labels and values inside one cell: “单位名称:甲局  填报日期:2023年4月”. Empty for a text that has no known label.

    In a ``paragraph`` labels nobody knows count too where a known one stands beside them.
    """
    text = cell.text
    if not _COLON.search(text[:200]) or len(text) > 400:
        return []
    marks = [m for m in _PIECE.finditer(text) if label_of(_last_words(m[1])) is not None]
    first = _PIECE.match(text)
    if first is not None and (not marks or marks[0].start() > 0) and _is_label(first[1]):
        marks.insert(0, first)
    if not marks or (marks[0].start() > 0 and not paragraph and not _GAP.search(text[: marks[0].end()])):
        return []
    pieces = []
    ends = [_label_start(m) for m in marks[1:]] + [len(text)]
    for mark, end in zip(marks, ends, strict=True):
        name = _last_words(mark[1])
        pieces.append((label_of(name) or bare(name), part_of(cell, text[mark.end() : end].strip())))
    before = text[: _label_start(marks[0])].strip()
    return [*pieces, ("其他", part_of(cell, before))] if before else pieces


def _is_label(text: str) -> bool:
    return len(text.strip()) <= UNKNOWN_LABEL and _SIGNED.search(text) is not None


def _last_words(text: str) -> str:
    """What stands right before a colon, after the last wide gap."""
    return _GAP.split(text)[-1].strip() if label_of(text) is None else text


def _label_start(mark: re.Match[str]) -> int:
    return mark.start() + mark[1].rfind(_last_words(mark[1]))


def use_strips(lines: Sequence[Line], used: Used) -> None:
    """Texts that only say which block stands beside them carry nothing."""
    for line in lines:
        used.add(*(cell for _, cell in line.own if is_strip(cell.text)))
