"""The title on the cover: parted into lines of about one length, each of whole words, where it is longer than a line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt

from workbench.base.lines import width
from workbench.base.safetext import safe

if TYPE_CHECKING:
    from docx.document import Document

_SIZE = Pt(22)
"""Of a title whose style says nothing (GB/T 9704-2012 7.3.1: 2号)."""
_WHOLE = re.compile(
    r"[!-~]+(?:年度|年|月)?|绩效(?:自评|评价|评估|监控)?报告|(?:自评|评价|评估)报告|绩效(?:自评|评价|评估|监控)|项目|资金|专项|建设|管理"
    r"|[一二三四五六七八九十百]+年|.[）」”、，]?",
    re.DOTALL,
)
"""What is not parted: numbers with their year, words most titles end with, a character with the mark behind it."""
_ENDS, _GOOD = re.compile(r"(?:年度|年|月|项目|资金|专项|建设|管理|[）」”、，的])$"), 8
"""Good ends of a line, and how many columns more uneven the lines may be for one."""


def part(document: Document, title: str, room: float) -> None:
    """Part the title into lines wherever it stands alone in a paragraph of the style Title; ``room`` is the width in mm."""
    size = document.styles["Title"].font.size or _SIZE
    lines = balanced(safe(title), int(room / size.mm))
    if len(lines) < 2:
        return
    for paragraph in document.paragraphs:
        if paragraph.style is not None and paragraph.style.name == "Title" and paragraph.text == safe(title):
            _write(paragraph._p, lines)


def _write(paragraph: Any, lines: list[str]) -> None:
    first, *others = paragraph.iter(qn("w:t"))
    for other in others:
        other.getparent().remove(other)
    first.text = lines[0]
    for line in lines[1:]:
        mark, text = OxmlElement("w:br"), OxmlElement("w:t")
        text.text = line
        first.addnext(mark)
        mark.addnext(text)
        first = text


def balanced(title: str, across: int) -> list[str]:
    """The title in as few lines of at most ``across`` Chinese characters as it takes, parted where they come out most even."""
    count = -(-width(title) // (2 * across))
    if count < 2:
        return [title]
    pieces = _WHOLE.findall(title)
    ends = [sum(map(width, pieces[: n + 1])) for n in range(len(pieces))]
    found, start = [], 0
    for line in range(1, count):
        aim = ends[-1] * line / count
        after = range(start, len(pieces) - 1)
        if not after:
            break
        fits = [n for n in after if max(ends[n] - (ends[start - 1] if start else 0), ends[-1] - ends[n]) <= 2 * across]
        end = min(fits or after, key=lambda n: (abs(ends[n] - aim) - _GOOD * bool(_ENDS.search(pieces[n])), n))
        found.append("".join(pieces[start : end + 1]))
        start = end + 1
    return [*found, "".join(pieces[start:])]
