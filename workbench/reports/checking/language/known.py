"""The words a sentence may consist of when its numbers are held against others with certainty.

A sentence can qualify a number in ways no list of exceptions ever completes: 上一采暖季, 两年合计, 加权, 核减后, 建议收回. So it is turned
round: what is left of a clause without the words known here is something that may give it another reading, unless the cover
has it too. Then what does not fit is a question to people.
"""

from __future__ import annotations

import re

from workbench.reports.checking.document.model import Document
from workbench.reports.checking.language.numbers import closed

_UNITS = "万元|亿元|元|平方米|公里|人次|户次|羽次|米|亩|份|户|人|张|个|项|处|座|台|套|吨|次|家|名|所|条|件|村|分|%"
_NUMBER = rf"-?\d+(?:,\d{{3}})*(?:\.\d+)?\s*(?:[万亿]?(?:{_UNITS})(?:/\d+(?:\.\d+)?分)?)?"
_YEAR = r"20\d\d年(?:度)?"
_UNTIL = rf"截[至止](?:到)?(?:20\d\d)?年?度?(?:年?底|年?末|12月(?:底|末|31日)|目前|报告日|评价基准日)|(?:20\d\d年)?年?(?:底|末)|{_YEAR}(?:底|末)"
_SUBJECT = (
    "本项目|该项目|此项目|项目|政策|专项|资金|经费|款|本次|此次|我局|我镇|我单位|我街道|本级|部门|单位|整体|支出|财政|评价组|评价小组|"
    "评价工作组|专家组|该基金|基金"
)
_SCORED = (
    "绩效|评价|自评|复核|再评价|综合|总体|最终|考核|评定|评审|评议|评估|评|总|得分率|得分|评分|打分|分数|分值|成绩|结果|结论|等级|等次|"
    "级别|属于|达到|标准分|权重|满分|扣减|扣分|扣|失分|实得|得|未扣分|指标|一级|二级|三级|类|部分|方面|维度|由|构成|占比|各"
)
_FUNDS = (
    "人民币|兑付|决算|涉及|已支(?:付|出)?|预算|批复|下达|安排|拨付|到位|实际|投资|计划|执行|支付|支出|使用|支用|开支|列支|收入|收到|结余|余额|剩余|未支付|未使用|已使用|已|"
    "年初|全年|年度|当年|本年|本年度|总额|总金额|金额|总|数|额|共计|合计|共|执行率|支付率|到位率|使用率|支出率|率|比例|进度|完成"
)
_POLLED = (
    "发放|发出|回收|收回|有效|问卷|调查|剔除|无效|线上|线下|满意度|满意|表示|及以上|回复|企业|群众|服务对象|受益对象"
)
_PLANNED = "目标|任务|设定|年末|应|既定|值|实发|实收"
_LINKS = "关于|鉴于|综上|对照|经|该|本|其|此|也|均|则|即|为|是|达到?|于|的|了|在|和|及|与|按|以"
_KNOWN = re.compile(
    "|".join((_UNTIL, _YEAR, _NUMBER, _SUBJECT, _SCORED, _FUNDS, _POLLED, _PLANNED, _LINKS))
    + r"|[(]?[一二三四五六七八九十]{1,2}[)、.]|[\s,，、;；:：().“”\"《》【】]"
)
_SOURCE = r"(?:中央|省|市|州|县|区|乡|镇|地方|上级|本级|级|财政|专项|债券|补助|配套|自筹|其他|资金|投入|拨款|预算|安排|一般公共)+"
_BY_SOURCE = re.compile(
    rf"[,，(]?\s*其中[:：]?(?:{_SOURCE}[\d.,]+[万亿]?元[、,，和及]?)+[)]?|[(](?:{_SOURCE}[\d.,]+[万亿]?元[、,，和及]?)+[)]"
)
"""Where an amount's sources are listed right behind it."""
_CLAUSE = re.compile(r"[,，、;；。:：(]")
_CHAPTER = re.compile(r"[一二三四五六七八九十]+、|第[一二三四五六七八九十]+[章部]|目\s*录|前\s*言|摘\s*要")
_NUMBERED = re.compile(r"^\s*[(（]?[\d一二三四五六七八九十]{1,3}[)）、.．]\s*")
_BEGINS = re.compile(r"[:：,，。;；\d]|(?<=项目)(?=[\u4e00-\u9fff])")
"""Where the words end that may say what a paragraph is about."""
_OBJECT = re.compile("项目|工程|资金|专项|补助|[局镇乡县区]$")
_LINES = 12
_QUALIFIED = re.compile(
    "其中|平均|加权|上一|上年|上季|上月|上期|上轮|去年|前|次年|下一?年|同期|建议|拟|核减|调整|季|月|期|[两二三四五]年|其余|部分|除|不含|含|原|首|末次|另|若|如|约"
)
"""Never part of the name of what is counted."""


class Known:
    """What is left of words when those of the field and those on the cover are taken away.

    Args:
        cover: what stands on the cover.
    """

    def __init__(self, cover: str) -> None:
        self._cover = cover

    def rest(self, words: str) -> list[str]:
        """The stretches that may give the words another reading."""
        left = _KNOWN.sub("|", _BY_SOURCE.sub("", words))
        return [w for w in left.split("|") if w and not (len(w) > 1 and w in self._cover)]

    def plain(self, words: str) -> bool:
        """Whether nothing is left."""
        return not self.rest(words)

    def begins_plainly(self, paragraph: str) -> bool:
        """Whether the first words of a paragraph name nothing else it may be about (“1.河道清淤项目:…”)."""
        text = _NUMBERED.sub("", closed(paragraph))
        ends = _BEGINS.search(text)
        lead = text[: ends.start()] if ends else text
        heads = ends is not None and ends[0] in (":", "：")
        return not (heads or _OBJECT.search(lead)) or self.plain(lead.replace("累计", ""))

    def one_thing(self, *words: str) -> bool:
        """Whether words name the same thing, or only one of them names any; none of them qualifies it."""
        things = {"".join(self.rest(w)) for w in words} - {""}
        return len(things) <= 1 and not any(_QUALIFIED.search(t) for t in things)


def known(document: Document) -> Known:
    """The words of a document that leave no other reading."""
    return Known("".join(cover(document)))


def cover(document: Document) -> list[str]:
    """The lines before the first sentence or chapter."""
    lines: list[str] = []
    for paragraph in document.paragraphs[:_LINES]:
        if "。" in paragraph.text or _CHAPTER.match(paragraph.text.strip()):
            break
        lines.append(closed(paragraph.text))
    return lines


def stretch(text: str, start: int, end: int) -> str:
    """The words from the beginning of the clause ``start`` stands in up to ``end``."""
    begins = max((m.end() for m in _CLAUSE.finditer(text, 0, start)), default=0)
    return text[begins:end]
