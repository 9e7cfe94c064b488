"""Where one form ends and the next begins: several stand under each other on a sheet, or one after the other in a document."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from workbench.recheck.forms.header import Header
from workbench.recheck.forms.lines import Line
from workbench.recheck.forms.money import is_money_header
from workbench.recheck.forms.vocabulary import is_title, label_of, squeezed

_ANNEX = re.compile(
    r"(附(件|表|录)?[一二三四五六七八九十\d]*[-—.\d]*[:.]?.{0,40}|表[\d一二三四五六七八九十]+.{0,30}|\(?20\d\d年?度?\)?|单位:.{1,4})"
)
_BEGINNING = ("项目名称", "主管部门", "实施单位")


@dataclass(frozen=True, slots=True)
class Segment:
    """The lines of one form, and its header with those repeated on later pages; indices into ``lines``."""

    lines: Sequence[Line]
    headers: tuple[Header, ...]


def segments(lines: Sequence[Line], headers: Sequence[Header]) -> list[Segment]:
    """The forms of a flow, each with all the lines from its title to the next title."""
    starts, groups = [0], [[headers[0]]]
    for before, header in pairwise(headers):
        start = _start(lines, before.last + 1, header.first)
        if start is None:
            groups[-1].append(header)
        else:
            starts.append(start)
            groups.append([header])
    ends = [*starts[1:], len(lines)]
    return [
        Segment(lines[start:end], tuple(_moved(header, start) for header in group))
        for start, end, group in zip(starts, ends, groups, strict=True)
    ]


def _moved(header: Header, by: int) -> Header:
    return Header(header.first - by, header.last - by, header.columns)


def _start(lines: Sequence[Line], after: int, until: int) -> int | None:
    """The first line of the form whose header stands in ``until``; None where it is the same form's next page."""
    found = next((i for i in range(after, until) if _begins(lines[i])), None)
    if found is None:
        return None
    while found > after and _leads_in(lines[found - 1]):
        found -= 1
    return found


def _begins(line: Line) -> bool:
    """Whether a form may begin here: its title, its first labels, or its money block."""
    if not line.own:
        return False
    first = line.own[0][1].text
    if len(line.own) <= 3 and any(is_title(cell.text) for _, cell in line.own):
        return True
    label = label_of(first.split(":")[0].split("：")[0])
    return label in _BEGINNING[:1] or (label in _BEGINNING and len(line.own) >= 2) or is_money_header(line)


def _leads_in(line: Line) -> bool:
    """Whether a line stands above a title: 附件2, (2022年度), or nothing at all."""
    return all(_ANNEX.fullmatch(squeezed(cell.text)) for _, cell in line.own)
