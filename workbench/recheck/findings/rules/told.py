"""What 实际完成情况 tells in sentences of single indicators: 举办培训13期, 合格率97.2%."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from workbench.recheck.findings.reviewed import Reviewed, sentences, text_of
from workbench.recheck.values import TypedRow
from workbench.recheck.values.quantities import Found, quantities
from workbench.recheck.values.units import PLAIN_COUNTS, converted, is_percent, kind_of

_SHORTEST = 3
"""Characters of the shortest name that is looked for as it stands."""
_PAIR, _CLEAR = 2, 4
_AMOUNT = re.compile(
    r"(?:为|达到|达|是|共计?|:|了)*(\d+(?:\.\d+)?(?:%|[万亿]?(?:平方米|公里|人次|立方米|[个项座处人名户次场期亩吨米元件套台]))?)"
)
_CLAUSE = re.compile(r"[,。;:、\n()]|以及|并且")
_ELSE = re.compile(
    r"其中|上半年|下半年|季度|每|平均|人均|计划|目标|预期|上年|去年|较|同比|增加|增长|增幅|提高|提升|下降|降低|减少|全[市县省国区]|第|约|近|余|至少|超过|以上|左右|累计|截至|20\d\d年"
)
"""A clause with one of these tells of a part, of another time or of a plan."""
_YEARS = re.compile(r"以来|至今|历年|历时|累计")
_RATIO = re.compile(r"[\u4e00-\u9fff]{2}[率度]$")
_LETTERS = re.compile(r"[^\u4e00-\u9fff]")
_EVERYWHERE = frozenset(
    {"完成", "开展", "组织", "举办", "实施", "项目", "工作", "数量", "全年", "服务", "人次", "人数", "年度", "次数"}
)


@dataclass(frozen=True, slots=True)
class Told:
    """An indicator, the words that tell its number, and the number in its unit with half of its last place."""

    typed: TypedRow
    words: str
    number: Decimal
    half: Decimal

    def agrees(self, actual: Decimal) -> bool:
        """Whether the number is the actual, rounded as it is told."""
        return abs(actual - self.number) <= self.half


def told_of(form: Reviewed) -> list[Told]:
    """The indicators whose number is told once, beyond doubt about which is meant."""
    rows = [t for t in form.rows if _comparable(t)]
    told = [text for _, text in sentences(form.form, form.form.achieved) if not _YEARS.search(text)] if rows else []
    said, clauses = "。".join(told), [c for text in told for c in _CLAUSE.split(text) if c]
    found = []
    for typed in rows:
        one = _by_name(typed, said) or _by_kind(typed, rows, clauses)
        if one is not None:
            found.append(one)
    return found


def _comparable(typed: TypedRow) -> bool:
    actual = typed.actual
    return actual.number is not None and actual.high is None and not actual.rough and actual.share is None


def _by_name(typed: TypedRow, said: str) -> Told | None:
    """The name as it stands, and a number right behind it."""
    name = text_of(typed.row.level3)
    if len(name) < _SHORTEST or name not in said:
        return None
    stated = [m for part in said.split(name)[1:] if (m := _AMOUNT.match(part))]
    if len(stated) != 1:
        return None
    return _told(typed, f"{name}{stated[0][0]}", list(quantities(stated[0][1])))


def _by_kind(typed: TypedRow, rows: list[TypedRow], clauses: list[str]) -> Told | None:
    """The only number in the indicator's unit, in a clause that speaks of this indicator alone.

    Of the only indicator in its unit two characters of the name tell, of one among several four.
    """
    if not typed.target.unit:
        return None
    alike = [t for t in rows if _alike(t, typed)]
    length = _PAIR if len(alike) == 1 else _CLEAR
    told = [
        (clause, found)
        for clause in clauses
        for found in _of_kind(clause, typed)
        if len(alike) == 1 or _speaks_of(clause, typed, length)
    ]
    if len(told) != 1 or [t for t in alike if _speaks_of(told[0][0], t, length)] != [typed]:
        return None
    return _told(typed, told[0][0], [told[0][1]])


def _alike(one: TypedRow, other: TypedRow) -> bool:
    """Whether two indicators may be told by one number: of one unit; percentages besides of one noun (合格率)."""
    if kind_of(one.target.unit)[0] != kind_of(other.target.unit)[0]:
        return False
    return not other.target.percent or _noun(one) == _noun(other)


def _noun(typed: TypedRow) -> str:
    match = _RATIO.search(text_of(typed.row.level3).split("(")[0])
    return match[0] if match else ""


def _of_kind(clause: str, typed: TypedRow) -> Iterator[Found]:
    kind, name = kind_of(typed.target.unit)[0], text_of(typed.row.level3)
    if any(word[0] not in name for word in _ELSE.finditer(clause)):
        return
    if typed.target.percent and (not _noun(typed) or _noun(typed) not in clause):
        return
    for found in quantities(clause):
        if found.unit and (
            found.unit == typed.target.unit or (kind_of(found.unit)[0] == kind and kind not in PLAIN_COUNTS)
        ):
            yield found


def _speaks_of(clause: str, typed: TypedRow, length: int) -> bool:
    """Whether a clause has so many characters of the name, one after the other."""
    if is_percent(typed.target.unit):
        return True
    name = _LETTERS.sub("", text_of(typed.row.level3))
    parts = {name[i : i + length] for i in range(len(name) - length + 1)} - _EVERYWHERE
    return any(part in clause for part in parts)


def _told(typed: TypedRow, words: str, found: list[Found]) -> Told | None:
    if len(found) != 1 or found[0].sign or found[0].rough or found[0].high is not None:
        return None
    one = found[0]
    unit = one.unit or typed.target.unit
    number = converted(one.number, unit, typed.target.unit)
    places = Decimal(1).scaleb(int(one.number.as_tuple().exponent)) / 2
    half = converted(places, unit, typed.target.unit)
    exact = one.number == one.number.to_integral_value() and unit == typed.target.unit
    return None if number is None or half is None else Told(typed, words, number, Decimal(0) if exact else half)
