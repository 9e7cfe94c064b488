"""The words tables and texts use for the same thing: names of indicators, of columns, of rows."""

from __future__ import annotations

import re
from typing import Literal

from workbench.reports.checking.language.numbers import Number, cell_number, folded
from workbench.reports.checking.language.remembered import remembered

Role = Literal["name", "weight", "points", "rate", "lost", "grade", "difference", "target", "done", "other"]

_SPACE = re.compile(r"\s+")
_CODE = re.compile(
    r"^(?:[（(][一二三四五六七八九十\d]+[)）]|[一二三四五六七八九十]+[、.]|[A-Za-z]{1,3}\d{1,4}(?:[-.]\d+)*[、.:]?|\d+(?:\.\d+)*[、.．)]|[①-⑳★*※])"
)
_EMBEDDED = re.compile(r"[(（](?:满分|分值|权重|共)?:?(?P<number>\d+(?:\.\d+)?)\s*(?:分|%)?[)）]$")
_LEVEL_ENDS = re.compile(r"(?:一级|二级)?(?:类?指标|类|维度|部分|方面)$")
_LEVEL_STARTS = re.compile(r"^(?:项目|绩效|部门|资金(?!管理|投入))(?=\S{2})")
LEVEL_NAMES = ("决策", "过程", "产出", "效益", "效果", "成本", "满意度", "预算执行率", "预算执行", "投入", "管理")
"""Level 1 of the frameworks in use (财预〔2020〕10号, 财预〔2013〕53号, 财预〔2021〕101号)."""

TOTAL = re.compile(
    r"(?:合计|总计|总分|总得分|合计得分|得分合计|总评分|综合得分|评价总分|总分合计|合计总分|自评总分|评价得分合计|最终得分|总分值)(?:[(（]\d+分?[)）])?"
)
BASE = re.compile(r"(?:基础|基本)(?:得)?分(?:合计|小计)?")
"""The sum of all indicators before bonus and deductions."""
SUBTOTAL = re.compile(r"(?P<name>.*?)(?:已评分)?小计(?:[(（]\d+(?:\.\d+)?分?[)）])?")
NAMED_SUM = re.compile(r"(?P<name>.+?)(?:项目?|得分|分值)*(?:合计|小计|共计)(?:[(（]\d+(?:\.\d+)?分?[)）])?")
"""“政策性合计”: the sum of what it names, an indicator never."""
ALL_ABOVE = re.compile(r"(?:绩效|评价|各项|全部|三级|二级|一级|以上|上述|自评)*(?:指标|各项|以上|上述)")
"""What a sum names that is of all indicators above it."""
BONUS = re.compile(r"^(?:政策)?(?:加分|附加分|奖励加?分)")
DEDUCTION = re.compile(r"^(?:扣分|减分|扣减|负面清单|倒扣)")
RESCALED = re.compile("折算|还原")
PART_OF = re.compile(r"^其中(?:[:：]|$|.)")

_NAME = re.compile(
    r"^(?:[一二三四五1-5]级(?:指标|类)?(?:名称)?(?:[(](?:分值|权重|满分|分)[)])?|(?:基础|共性|个性|评分|考评|考核)指标|(?:评价|考核|绩效)?指标(?:名称|体系)?|评价(?:内容|维度|项目|类别|要点)|考核(?:内容|项目|类别|要点)|评估(?:内容|维度|项目|指标)|指标内容|类别|维度|指标类别)$"
)
_WEIGHT = re.compile(
    r"^(?:[一二三四]级)?(?:指标|标准|设定|评价|考核|规定|目标|权重)*(?:分值|权重|满分值?|标准分值?|权重分值?|基准分|应得分|总分值)(?:[(（](?:分|%|权重|分值|满分)?\d*分?[)）])?$"
)
_WHOSE = (
    "单位自评|自评|本年度?|上一?年度?|去年|平均|复核|再评价|原评价|初评|评价|抽查|考核|考评|测评|评估|实际|最终|核定|计算|汇总|专家组?|评价组|绩效|综合|项目"
    r"|财政评价|部门评价|评审后?|复评|审核|单项|指标|评价实际|加权|[\u4e00-\u9fff]{2,6}评价"
)
_POINTS = re.compile(
    rf"^(?:(?P<who>{_WHOSE})?(?:得分(?:值|情况|结果)?|实得分|评分|打分|评定分)|(?P<short>{_WHOSE})分)(?P<note>[(（].*[)）])?$"
)
_SAME_WHO = {"单位自评": "自评", "评价组": "评价", "评审后": "评审", "专家组": "专家"}
_RATE = re.compile(
    r"^(?:指标|分值|综合|平均|本年度?|评价|再评价|复核|复评|抽查|核定|财政评价|部门评价|最终)?得分(?:率|占比|比例|比率)(?:[(（]%[)）])?$"
)
_LOST = re.compile(r"^(?:扣分|失分|扣减分|扣减分值|扣分值|失分值|丢分)(?:[(（]分[)）])?$")
_GRADE = re.compile(r"^(?:评价|绩效|评定|评价结果|自评|绩效评价|综合|考核|评价结论)?(?:等级|级别|等次|评级)$")
_DIFFERENCE = re.compile(
    r"^(?:得分|评分|分值)?(?:差异|偏差|差值|分差|相差|偏差分|核减|核减分|核减分值|核减值|调整分值?|增减分值?|增减变化)(?:[(（]分[)）])?$"
)
_TARGET = re.compile(r"^(?:年度|全年|预期|计划|绩效)*(?:指标值|目标值)$")
_DONE = re.compile(r"^(?:年度|全年|实际)*完成(?:指标)?值$")
_PLAIN_ROLES: tuple[tuple[Role, re.Pattern[str]], ...] = (
    ("rate", _RATE),
    ("lost", _LOST),
    ("grade", _GRADE),
    ("difference", _DIFFERENCE),
    ("target", _TARGET),
    ("done", _DONE),
)
_LEVEL = re.compile(r"^([一二三四五1-5])级")
FORMER = ("自评", "初评", "原评价", "公布", "填报", "上年", "上年度", "上一年", "上一年度", "去年")
"""Whose points stand beside the report's own."""
MAIN_POINTS = (
    "最终",
    "",
    "评价",
    "复核",
    "再评价",
    "核定",
    "实际",
    "综合",
    "绩效",
    "评审",
    "财政评价",
    "部门评价",
)


@remembered
def tight(text: str) -> str:
    """Folded, without any white space."""
    return _SPACE.sub("", folded(text))


def embedded(text: str) -> Number | None:
    """The full points written behind a name: “决策（20分）”."""
    match = _EMBEDDED.search(tight(text))
    return cell_number(match["number"]) if match else None


@remembered
def item_name(text: str) -> str:
    """A name without its code, numbering and the points behind it."""
    name = _EMBEDDED.sub("", tight(text))
    while True:
        shorter = _CODE.sub("", name, count=1)
        if shorter in ("", name):
            return name
        name = shorter


@remembered
def level_name(text: str) -> str:
    """The name of a level as everybody writes it: “A 项目决策指标（20分）” is “决策”."""
    name = item_name(text)
    name = _LEVEL_ENDS.sub("", name) or name
    shorter = _LEVEL_STARTS.sub("", name)
    # “A决策”: a letter is a code only before a name everybody knows.
    return next((n for n in (shorter, re.sub("^[A-Z]", "", name)) if n in LEVEL_NAMES), name)


def role_of(header: str) -> tuple[Role, str]:
    """What a column holds, and whose points they are; ``other`` for everything that is not certain."""
    text = tight(header)
    for role, pattern in _PLAIN_ROLES:
        if pattern.match(text):
            return role, ""
    if _WEIGHT.match(text):
        return "weight", ""
    points = _POINTS.match(text)
    if points:
        who = points["who"] or points["short"] or ""
        return "points", _SAME_WHO.get(who, who)
    return ("name", "") if _NAME.match(text) else ("other", "")


def level_of(header: str) -> int | None:
    """1 for “一级指标”; None where the header does not say."""
    match = _LEVEL.match(tight(header))
    return None if match is None else ("一二三四五".find(match[1]) + 1) or int(match[1])
