"""Whether two indicators tell one fact: the same figures under names that mean the same."""

from __future__ import annotations

import re
from functools import lru_cache

from workbench.recheck.findings.reviewed import second_of
from workbench.recheck.findings.rule import same_name
from workbench.recheck.values import TypedRow
from workbench.recheck.values.units import is_known, kind_of

_BRACKETED = re.compile(r"[(（][^()（）]*[)）]")
_SAID_ALIKE = (
    (re.compile(r"so2", re.I), "二氧化硫"),
    (re.compile(r"nox", re.I), "氮氧化物"),
    (re.compile(r"co2", re.I), "二氧化碳"),
    (re.compile(r"cod", re.I), "化学需氧量"),
    (re.compile(r"vocs?", re.I), "挥发性有机物"),
    (re.compile(r"nh3n?", re.I), "氨氮"),
    (re.compile(r"pm25", re.I), "细颗粒物"),
    (re.compile(r"削减|减排|减少|降低"), "减"),
    (re.compile(r"所(?:采?购置?|建|修|发放?|培训?)"), ""),
    (re.compile(r"培训班|参训|受训|参培"), "培训"),
    (re.compile(r"购置|购买|采买|添置|购入|购进|采购"), "购"),
    (re.compile(r"竣工|完工"), "完工"),
    (re.compile(r"村级"), "村"),
    (re.compile(r"公路|道路"), "路"),
    (re.compile(r"抽检|检测|检验|检查"), "检"),
    (re.compile(r"贫困|困难"), "困难"),
    (re.compile(r"老年人|老人"), "老人"),
    (re.compile(r"绿化|植树|造林"), "绿化"),
    (re.compile(r"建成|建造|建设|新建|兴建"), "建"),
    (re.compile(r"修缮|修复|维护|整修"), "维修"),
    (re.compile(r"发放|拨付|给付"), "发"),
    (re.compile(r"补贴|补助|资助|救助"), "补助"),
)
_GENERIC = re.compile(
    r"实际|完成|开展|举办|组织|举行|实施|受益|受惠|惠及|服务|覆盖|参加|参与"
    r"|(?:期|场|批|班|人|户)次|[期场批班台套件份个座处项篇条辆册株棵只间栋盏家]数|公里数|数量|总数|总量|人数|次数|户数|面积|里程|长度"
    r"|率|比例|比重|情况|指标|人员|工作|活动|年度|全年|年|的|数|量|总"
)
_AUDIENCE = re.compile(
    r"群众|居民|村民|农民|农户|牧民|市民|公众|百姓|学员|学生|儿童|老人|对象|家庭|企业|职工|残疾|困难|贫困|人口|人|户|带动|直接"
)
_PEOPLE = frozenset({"人", "人次", "户"})
_FEW, _TELLING = 2, 20
"""Characters of a core that says something; a number that two indicators hardly share by chance."""
_NAMED = 4
"""Characters of a core by which even 100 % of it is one fact."""
_ALL = 100


def same_fact(one: TypedRow, other: TypedRow) -> bool:
    """Equal target and actual, countable, under names that are the same but for general words and their order.

    Under two level-2 kinds one name may be part of the other. A percentage has to be one that is told by counting: not 100 %.
    """
    first, second = (_core(t.row.level3.text) for t in (one, other))
    shorter, longer = sorted((first, second), key=len)
    if len(shorter) < _FEW or not _same_figures(one, other):
        return False
    equal = sorted(first) == sorted(second)
    if one.target.percent:
        told = one.actual.number != _ALL and one.target.number != one.actual.number
        return equal and (told or (first == second and len(first) >= _NAMED))
    return equal or (second_of(one.row) != second_of(other.row) and shorter in longer)


def restates(benefit: TypedRow, output: TypedRow) -> bool:
    """Whether a benefit is an output once more: 补助学生735人 and 受益学生735人, or two figures alike that no target sets."""
    if same_fact(benefit, output):
        return True
    if benefit.target.percent or not _same_figures(benefit, output):
        return False
    named = _AUDIENCE.sub("", _core(benefit.row.level3.text))
    served = not named and kind_of(benefit.target.unit)[0] in _PEOPLE
    missed = benefit.actual.number != benefit.target.number and bool(benefit.target.unit)
    return served or (missed and (benefit.target.number or 0) >= _TELLING)


def _same_figures(one: TypedRow, other: TypedRow) -> bool:
    a, b = one.target, other.target
    if a.number is None or a.number != b.number or a.number <= 1 or a.percent is not b.percent:
        return False
    return one.actual.number is not None and one.actual.number == other.actual.number and _counts_alike(a.unit, b.unit)


def _counts_alike(one: str, other: str) -> bool:
    """Whether two units count the same; a unit that is not written may be any."""
    if not one or not other or {one, other} == {"人", "人次"}:
        return True
    return kind_of(one) == kind_of(other) or not (is_known(one) and is_known(other))


@lru_cache(maxsize=4096)
def _core(name: str) -> str:
    """What is left of a name without the words that any name may have."""
    plain = same_name(_BRACKETED.sub("", name))
    for words, word in _SAID_ALIKE:
        plain = words.sub(word, plain)
    return _GENERIC.sub("", plain)
