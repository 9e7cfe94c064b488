"""The field's ways of saying whose score it is, of which year, that it is the whole, and what grade it earns."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from workbench.reports.checking.language.bands import LABELS, LETTERS

SENTENCE = re.compile(r"[^。；;!?！？\n]+")
"""What is read as one claim."""
FULL_STOP = re.compile(r"[^。!?！？\n]+")
"""A sentence with its semicolons: amounts and their rate may stand on both sides of one."""
MAX_SENTENCE = 1200
"""A longer stretch without a full stop is no sentence that claims something."""
WHO = "单位自评|自评|复核|再评价|原评价|初评|抽查|专家|部门评价|财政评价"
_WHOSE = {"单位自评": "自评"}
_MODIFIER = "绩效|项目|资金|政策|综合|总体|整体|最终|评价|总|本次|支出|考核|实际|汇总|加权|评定"
TOTAL_SAID = re.compile(
    rf"(?P<who>(?:{WHO})?)(?:的)?(?P<kind>(?:(?:{_MODIFIER}){{0,6}}"
    r"(?:综合|总体|整体|最终|评价|绩效|考核|总)(?:得分|评分|分数|成绩)|(?:项目|政策|资金)(?:支出)?(?:得分|评分)"
    r"|总分(?!值)|(?:总评|(?:评价组|专家组|评审组)?(?:打分|评分)结果)(?=[为是:\s]*\d)|(?:综合(?:评定|评价)(?:结果|结论)?|评价(?:结果|结论))(?=[为是:]\s*\d)|合计|总计|共计))(?:结果|合计|共计|情况)?"
)
PLAIN_TOTAL = re.compile(rf"(?P<who>(?:{WHO}))(?P<kind>得分|评分|得(?=\d))")
PROJECT_GOT = re.compile(
    r"(?P<who>)(?P<kind>(?:^|(?<=[\s,，:：、]))[本该]项目(?:综合|最终|实际|共|评价|绩效评价){0,2}得(?=\d))"
)
"""“本项目得97.2分”."""
STRONG = re.compile("综合|评价结[果论]|总得分|总评|绩效评价|项目.*评价|自评|复核|再评价|原评价")
"""Words for the whole alone; 总分, 最终得分, 评价得分 and 项目得分 are also said of a single indicator."""
NOT_WHOLE = re.compile("满意度|问卷|调查|专家|各|单项|指标|类|平均|部分|小计|一级|二级|决策|过程|产出|效益|个人|权重$")
"""“满意度综合得分” and “各项目总分” are other things."""
OTHERS = re.compile(
    r"平均|均分|同类|全省|全市|全县|全区|最高|最低|由[^,，]{0,12}(?:变|调|降|升|提)|假设|假如|若不|如不|如无|应为|应得|本应|力争|预期|预计|应达"
)
"""Somebody else's score, or none that was reached."""
OTHER_SCHEME = re.compile("评标|招标|投标|竞争|信用|考试|测验|入围|录取|(?:日常|月度|季度|年度|年终)考核")
"""Words beside the points of another scheme than this evaluation's."""
TIME = re.compile(
    r"(?P<compared>(?:较之?|比|与|同|和|低于|高于|相较于?|相比于?)\s*)?(?P<when>20\d\d(?=\s*年(?!\s*\d{1,2}月|\s*[至\-—~]))"
    "|上一?年|去年|前[一二两三]年|上[两二三]年|近[两二三]年|往年|历年|历史|以前年度|此前|上期|上次|前次|首次|上一?(?:周期|轮)|同期|(?P<own>本年|当年|今年|本次|此次))(?:年?度)?"
)
_MOVES = re.compile("提|增|升|降|减|高|低|多|少|[,，;；]")
BEFORE = "上年"
"""The year before, where the report does not say which."""
NEUTRAL = re.compile(
    r"20\d\d年?度?|[(][^()]*[)]|经过?|综合|评价|评定|评审|评估|考核|打分|本次|该|本|此|其中|其|项目|资金|政策|绩效|部门|单位|整体|支出|最终|因此|综上|所述|上述|以上"
    r"|评分|结果|根据|按照|依据|认定|最后|总体|评价组|专家组?|认为|显示|得出|计算|汇总|后|得|的|在|为|是|和|及|共|分|年度|财政|自评|复核|情况|指标|体系|[\s\d.%“”\"《》]"
)
_LONGEST_NAME = 40
SUPPOSED = re.compile(
    "直接(?:评|定|认定)为|一律|凡|(?:存在|出现|发生)[^。]{0,30}的[,，]|原则上|优先(?:保障|安排|支持|予以)|[予给]以(?:优先|通报|约谈|奖励)"
    "|(?:^|[,，])(?:如果?|若|假如|对于|对(?![照比]))[^,，。]{0,16}(?:等级|等次|结果|结论|评价|评定)"
)
"""What a rule provides for, not what was given."""
_NOT_LETTER = r"(?!\s*[(]\s*[“\"]?[优良中差])"
"""“B级(良)”: the word counts."""
_L = "|".join(f"{label}{_NOT_LETTER}" if label in LETTERS else label for label in LABELS)
_IN = rf"[“\"「『‘【]?(?P<label>{_L})"
_OUT = rf"(?=[”\"」』’】级等档区类,，。；;、\s(（)）及和并且]|$)(?![”\"]?[、/]\s*[“\"]?(?:{_L}))"
_COUNTED = re.compile(
    r"[”\"」』’】]?(?:等级|等次|等|级|档)?(?:的)?(?:项目|单位|部门|资金|对象|指标)?(?:共|有|为|的|共有|数量)?\s*\d+\s*[个家项所名户份]"
)
"""Behind a grade that is one of a distribution (“评为优的项目3个”)."""
_GRADE = re.compile(
    rf"(?:等级|级别|等次|评级|档次|评价结果|评价结论|评定结果|结论|结果|评定|被?评为|定为|认定为|属于?|处[于在]|列[为入]|归[为入]|落[在入]|位于|得分)"
    rf"(?:评定|认定|确定|级别)?(?:结果)?(?:为|是|:|达到|属于|属|列为|在|于)*\s*{_IN}{_OUT}"
    rf"|(?:为|达到?|获得?|获评)\s*[“\"「『‘]?(?P<rated>{_L})[”\"」』’]?(?:等级|级|等次|档次?)"
)
_BRACKETED = re.compile(
    rf"(?:分|[A-D]级)\s*[(]\s*[“\"]?(?P<label>{_L})[”\"]?\s*(?:等级|等次|等|级|档)?\s*[)]"
    rf"|分\s*[,，、]\s*[“\"]?(?P<rated>{_L})[”\"]?(?=\s*(?:[。；;,，]|$))"
)


_CLASS = re.compile(
    rf"[”\"』」’】]?\s*(?:等级|等次|等|级|档次?)?[”\"』」’】]?\s*"
    rf"(?:的(?!(?:最终|总体|综合|评价|绩效|评定|考核)*(?:结论|结果|等级|等次|意见|成绩))|者|时|及其?以[上下]|以[上下]|[、/和或及与]?\s*[“\"『「‘【](?:{_L}))"
)
"""Behind a grade that a rule speaks of (“结果为优的下年度优先安排”)."""
_BAND = re.compile(
    r"[”\"』」’】]?\s*(?:等级|等次|等|级|档次?)?[”\"』」’】]?\s*"
    r"[(:]?\s*(?:综合|评价|总)?(?:得分|评分|分数|总分|分值|分)?[为在是]?\s*(?:[≥≤<>\[]|不[低高少]于|[大小]于|[高低]于|\d+(?:\.\d+)?\s*分?\s*(?:[(]不?含[^()]{0,4}[)])?\s*分?\s*(?:[-~—–至到≤<>]|及?其?以[上下]))"
)
"""Behind a grade with the points it is for, as in a scale (“优(得分≥90)”)."""


@dataclass(frozen=True)
class GradeSaid:
    """A grade in a sentence, and where; ``banded``: the points it is for stand behind it, as in a scale."""

    label: str
    start: int
    end: int
    banded: bool = False


def whose(text: str) -> str:
    """Whose points they are, where the words say so."""
    match = re.search("公布|填报|拟得分|计算|汇总", text) or re.search(WHO, text)
    return normal(match[0]) if match else ""


def normal(who: str) -> str:
    """One word for each: 单位自评 is 自评."""
    return _WHOSE.get(who, who)


def grades_in(sentence: str) -> list[GradeSaid]:
    """Every grade a folded sentence gives."""
    found: Iterator[re.Match[str]] = iter([*_GRADE.finditer(sentence), *_BRACKETED.finditer(sentence)])
    made = {}
    for match in found:
        name = "label" if match["label"] else "rated"
        if _COUNTED.match(sentence, match.end(name)) or _CLASS.match(sentence, match.end(name)):
            continue
        made[match.start(name)] = GradeSaid(
            match[name], match.start(), match.end(), banded=bool(_BAND.match(sentence, match.end(name)))
        )
    return [made[at] for at in sorted(made)]


def year_of(sentence: str, at: int) -> str:
    """The other year the words before ``at`` put a number into; empty where they name none.

    “较上年提高3分” does not move what follows into the year before; “较上年的86.5分” does so for that number.
    """
    when = ""
    for match in TIME.finditer(sentence, 0, at):
        if match["compared"] and _MOVES.search(sentence[match.end() : at]):
            continue
        when = "" if match["own"] else match["when"] if match["when"].isdecimal() else BEFORE
    return when


def undated(words: str) -> str:
    """Words without what they say of another year; years with a number stay."""
    return TIME.sub(lambda m: m[0] if m["when"].isdecimal() else "", words)


def named_before(sentence: str, at: int) -> str:
    """Whose score it is where the words right before it name somebody: “甲项目” of “经评价,甲项目综合得分87分”."""
    words = re.split("[,，、;；:]", sentence[:at])[-1]
    name = NEUTRAL.sub("", undated(words))
    return "" if len(name) > _LONGEST_NAME else name


def clause_before(sentence: str, at: int) -> str:
    """The words of the clause up to ``at``."""
    return re.split("[,，、;；]", sentence[:at])[-1]
