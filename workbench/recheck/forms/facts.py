"""What a form says about itself around its blocks: title, kind, year, money unit."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from workbench.recheck.forms.labels import inline
from workbench.recheck.forms.lines import Line
from workbench.recheck.forms.money import is_money_header
from workbench.recheck.forms.vocabulary import is_strip, is_title, is_whole, label_of, squeezed
from workbench.recheck.model import FormKind, Written

_YEAR = re.compile(r"(20\d\d)(?:年度?|-|$)")
_YEAR_ALONE = re.compile(r"[(\[]?(20\d\d)年度?[)\]]?|[(\[](20\d\d)[)\]]")
_CHINESE_YEAR = re.compile(r"[二2][〇○零OoО0][一二三四五六七八九〇○零]{2}年")
_DIGITS = str.maketrans("〇○零OoО一二三四五六七八九", "000000123456789")
_UNIT = re.compile(
    r"[(\[](?:金额)?(?:单位)?[:]?(?:人民币)?(万元|亿元|千元|元)[)\]]|单位[:](?:人民币)?(万元|亿元|千元|元)"
)
ABOVE_TITLE = 3
"""Lines above a title that belong to its form: 附件2, 报表编号, 单位名称."""
_FIRST_LABELS = ("项目名称", "主管部门", "实施单位", "单位名称")
_WHOLE_LABELS = ("年度主要任务", "年度履职目标", "年度主要任务完成情况")


def title_of(lines: Sequence[Line]) -> Written:
    """The title of the form; what is written first where nothing is called a form; blank where that is a label."""
    first = next(cell for line in lines for _, cell in line.own)
    found = _titled(lines)
    if found is None and (label_of(first.text) or is_strip(first.text) or inline(first, paragraph=False)):
        return replace(first, text="", number=None, percent=False)
    return found[1] if found is not None else first


def head_of(lines: Sequence[Line]) -> Sequence[Line]:
    """The lines of the head: from a little above its title, which may stand below the pages of a report."""
    found = _titled(lines)
    return lines[max(0, found[0] - ABOVE_TITLE) :] if found is not None else lines


def _titled(lines: Sequence[Line]) -> tuple[int, Written] | None:
    """Line and cell of the last title before the first label; of the first one where all stand below it."""
    found: tuple[int, Written] | None = None
    begun = False
    for index, line in enumerate(lines):
        title = next((cell for _, cell in line.own if is_title(cell.text)), None)
        if title is not None and (found is None or not begun):
            found = index, title
        begun = begun or is_money_header(line) or any(label_of(cell.text) in _FIRST_LABELS for _, cell in line.own)
        if begun and found is not None:
            break
    return found


def kind_of(lines: Sequence[Line]) -> FormKind:
    """What is evaluated, by the title above the indicator table; without one, by the labels of the head."""
    found = _titled(lines)
    if found is not None:
        return FormKind.DEPARTMENT if is_whole(found[1].text) else FormKind.PROJECT
    texts = [cell.text for line in lines for _, cell in line.own if len(cell.text) <= 40]
    if any(label_of(text) == "项目名称" for text in texts):
        return FormKind.PROJECT
    return FormKind.DEPARTMENT if any(squeezed(text) in _WHOLE_LABELS for text in texts) else FormKind.PROJECT


def year_of(lines: Sequence[Line], title: Written, labels: Mapping[str, Written]) -> int | None:
    """The year the form is for: of its title, of a line of its own, or of its label; never of a project's name."""
    alone = (
        _YEAR_ALONE.fullmatch(squeezed(cell.text)) for line in lines for _, cell in line.own if len(cell.text) < 12
    )
    found = _year_in(title.text) or next((int(m[1] or m[2]) for m in alone if m), None)
    if found is None and "评价年度" in labels:
        match = re.search(r"20\d\d", squeezed(labels["评价年度"].text))
        found = int(match[0]) if match else None
    return found or next(
        (
            year
            for line in lines
            for _, c in line.own
            if _CHINESE_YEAR.search(c.text[:20]) and (year := _year_in(c.text))
        ),
        None,
    )


def _year_in(text: str) -> int | None:
    whole = squeezed(text)
    chinese = _CHINESE_YEAR.search(whole)
    if chinese is not None:
        whole = chinese[0].translate(_DIGITS).replace("二", "2")
    found = _YEAR.search(whole)
    return int(found[1]) if found else None


def money_unit_of(lines: Sequence[Line]) -> str | None:
    """万元 or 元, as the money block says, else as the head says; None where nothing does."""
    near: list[str] = []
    far: list[str] = []
    for line in lines:
        close = is_money_header(line)
        for _, cell in line.own:
            if "元" in cell.text and len(cell.text) < 60 and (found := _UNIT.search(squeezed(cell.text))):
                money = close or "资金" in cell.text or "预算" in cell.text
                (near if money else far).append(found[1] or found[2])
    return next(iter([*near, *far]), None)
