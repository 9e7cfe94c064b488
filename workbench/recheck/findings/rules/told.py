"""What 实际完成情况 tells in sentences of single indicators: 举办培训13期, 合格率97.2%."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from workbench.recheck.findings.reviewed import Reviewed, sentences, text_of
from workbench.recheck.values import TypedRow
from workbench.recheck.values.quantities import Found, quantities
from workbench.recheck.values.units import PLAIN_COUNTS, UNIT, converted, is_percent, kind_of, power_of

_SHORTEST = 3
"""Characters of the shortest name that is looked for as it stands."""
_PAIR, _CLEAR = 2, 4
_AMOUNT = re.compile(
    rf"(?:为|达到|达|是|共计?|:|了)*(?P<told>\d+(?:\.\d+)?(?P<unit>{UNIT})?)(?P<next>[\u4e00-\u9fff])?"
)
_CLAUSE = re.compile(r"[,。;:、\n()]|以及|并且")
_PART = re.compile(r"[,。;:\n()]|以及|并且")
_ELSE = re.compile(
    r"其中|上半年|下半年|季度|每|平均|[人户亩次餐月日年生村校台车]均|标准|计划|目标|预期|上年|去年|较|同比|增加|增长|增幅|提高|提升|下降|降低|减少|全[市县省国区]|第|约|近|余|至少|超过|以上|左右|累计|截至|20\d\d年"
    r"|未|没有|尚|暂缓|停工|取消|推迟|延期|滞后|剩余|结转|退出|缺口|仍有|不合格|不达标|除"
)
"""A clause with one of these tells of a part, of another time, of a plan or of what was not done."""
_PER = re.compile(r"标准|单价|[人户亩次餐月日年生村校台车]均|平均|每|单位成本|^单[^位据]|/")
"""An indicator of this kind is told per head or piece, never by a total."""
_QUALIFIER = re.compile(
    r"首次|一次|按[期时]|及时|线[上下]|新增|困难|贫困|脱贫|重点|残疾|优秀|[高中初][级层]|骨干|[男女老]|学前|义务|本级|[省市县]级|国家级"
)
"""A word that parts one indicator from another one of the same noun: it stands on both sides or on neither."""
_DONE_TO = tuple(
    re.compile(words)
    for words in (
        r"新建|建成|建设",
        r"购置|购买|采购",
        r"维修|维护|养护|修缮",
        r"改造|改建|扩建|更新|更换",
        r"租[用赁]",
        r"拆除|清[理淤]",
    )
)
"""What is done to a thing: 新建 and 维修 lamps are not the same lamps."""
_GENERAL = re.compile(
    r"[的均已共总使]|全年|本年|年度|实际|总体|整体|项目|人员|群众|对象|服务|调查|问卷|验收|实现|达到?|完成|工作|各类?|所有|以及|并且?|且|其|后|经|[、\d.()第章]"
)
_YEARS = re.compile(r"以来|至今|历年|历时|累计")
_RATIO = re.compile(r"[\u4e00-\u9fff]{2}[率度]$")
_LETTERS = re.compile(r"[^\u4e00-\u9fff]")
_EVERYWHERE = frozenset(
    {"完成", "开展", "组织", "举办", "实施", "项目", "工作", "数量", "全年", "服务", "人次", "人数", "年度", "次数"}
)


@dataclass(frozen=True, slots=True)
class _Clause:
    """A few words, the list they stand in (月均8人、63人 is monthly altogether), and all that is told."""

    text: str
    part: str
    said: str


@dataclass(frozen=True, slots=True)
class Told:
    """An indicator, the words that tell its number, and the number in its unit with half of its last place."""

    typed: TypedRow
    words: str
    number: Decimal
    half: Decimal

    def agrees(self, actual: Decimal) -> bool:
        """Whether the number is the actual, the one rounded as it is told or the other as it is written: 314218人 and 31.42万人."""
        places, own = int(actual.as_tuple().exponent), Decimal(0)
        if places < 0 and power_of(self.typed.target.unit) > 1:
            own = Decimal(1).scaleb(places) / 2
        return abs(actual - self.number) <= max(self.half, own)


def told_of(form: Reviewed) -> list[Told]:
    """The indicators whose number is told once, beyond doubt about which is meant."""
    rows = [t for t in form.rows if _comparable(t)]
    told = [text for _, text in sentences(form.form, form.form.achieved) if not _YEARS.search(text)] if rows else []
    clauses = [_Clause(c, part, text) for text in told for part in _PART.split(text) for c in _CLAUSE.split(part)]
    found = []
    for typed in rows:
        one = _by_name(typed, "。".join(told)) or _by_kind(typed, form.rows, clauses)
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
    stated = []
    for found in re.finditer(re.escape(name), said):
        before, after = _CLAUSE.split(said[: found.start()])[-1], said[found.end() :]
        match = _AMOUNT.match(after)
        if match and not _GENERAL.sub("", before) and not _elsewhere(before + _CLAUSE.split(after)[0], name):
            stated.append(match)
    if len(stated) != 1 or not _of_its_unit(stated[0], typed):
        return None
    words = stated[0][0] if stated[0]["unit"] is None else stated[0][0].removesuffix(stated[0]["next"] or "")
    return _told(typed, f"{name}{words}", list(quantities(stated[0]["told"])))


def _elsewhere(clause: str, name: str) -> bool:
    return any(word[0] not in name for word in _ELSE.finditer(clause))


def _of_its_unit(match: re.Match[str], typed: TypedRow) -> bool:
    """Whether a number behind the name is in the indicator's unit: 采购设备3批 tells no pieces."""
    unit, wanted = match["unit"], typed.target.unit
    if unit is None:
        return match["next"] is None
    return (
        unit == wanted
        or not wanted
        or (kind_of(unit)[0] == kind_of(wanted)[0] and kind_of(unit)[0] not in PLAIN_COUNTS)
    )


def _by_kind(typed: TypedRow, rows: Sequence[TypedRow], clauses: list[_Clause]) -> Told | None:
    """The only number in the indicator's unit, in a clause that speaks of this indicator alone.

    Of the only indicator in its unit two characters of the name tell, of one among several four.
    """
    if not typed.target.unit:
        return None
    alike = [t for t in rows if _alike(t, typed)]
    length = _PAIR if len(alike) == 1 else _CLEAR
    told = [
        (clause.text, found)
        for clause in clauses
        for found in _of_kind(clause, typed)
        if len(alike) == 1 or _speaks_of(clause.text, typed, length)
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


def _of_kind(told: _Clause, typed: TypedRow) -> Iterator[Found]:
    clause, kind, name = told.text, kind_of(typed.target.unit)[0], text_of(typed.row.level3)
    if _elsewhere(told.part, name) or not _same_qualifiers(clause, name) or not _told_alike(clause, typed):
        return
    if typed.target.percent and not _of_noun(told, typed):
        return
    for found in quantities(clause):
        if found.unit and (
            found.unit == typed.target.unit or (kind_of(found.unit)[0] == kind and kind not in PLAIN_COUNTS)
        ):
            yield found


def _same_qualifiers(clause: str, name: str) -> bool:
    """Whether what parts an indicator from its like (15秒, 新增, 线上) stands in both or in neither."""
    numbers = set(re.findall(r"\d+", name))
    done, meant = ({i for i, words in enumerate(_DONE_TO) if words.search(text)} for text in (clause, name))
    if done and meant and not done & meant:
        return False
    return numbers <= set(re.findall(r"\d+", clause)) and set(_QUALIFIER.findall(clause)) == set(
        _QUALIFIER.findall(name)
    )


def _told_alike(clause: str, typed: TypedRow) -> bool:
    """Whether a clause tells an amount per head where the indicator is one."""
    per_head = _PER.search(text_of(typed.row.level3)) or "/" in text_of(typed.row.target)
    return not per_head or _PER.search(clause) is not None


def _of_noun(clause: _Clause, typed: TypedRow) -> bool:
    """Whether a clause tells the rate of what the indicator is about, and of nothing else.

    A bare 合格率 is that of the indicator where the sentence speaks of it; everybody is asked for a bare 满意度.
    """
    noun, name = _noun(typed), text_of(typed.row.level3)
    if not noun or noun not in clause.text:
        return False
    about = _GENERAL.sub("", clause.text[: clause.text.rindex(noun)])
    if about or "满意" in noun:
        return all(letter in name for letter in about)
    whose = name.split(noun)[0]
    return not whose or any(whose[i : i + _PAIR] in clause.said for i in range(len(whose) - 1))


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
