"""Which way a target points: what 指标性质 says, what the text says, and what follows from the kind of indicator."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache

from workbench.base.text import half_width


class Sign(StrEnum):
    """How an actual is held against a target."""

    GTE = "gte"
    LTE = "lte"
    EQ = "eq"
    BETWEEN = "between"
    QUALITATIVE = "qualitative"
    YES_NO = "yes_no"
    DEADLINE = "deadline"
    UNKNOWN = "unknown"
    """There is a number, and nobody wrote whether more or less is better."""

    @property
    def shown(self) -> str:
        """As forms write it."""
        return _SHOWN.get(self, "")


_SHOWN = {
    Sign.GTE: "≥",
    Sign.LTE: "≤",
    Sign.EQ: "=",
    Sign.BETWEEN: "区间",
    Sign.QUALITATIVE: "定性",
    Sign.YES_NO: "是否",
}
_COLUMN = (
    (Sign.QUALITATIVE, re.compile(r"定性.*")),
    (Sign.GTE, re.compile(r"[≥≧⩾>]=?|=>|正向(指标)?|正指标|大于(或?等于)?|不[低少小]于|越大越好")),
    (Sign.LTE, re.compile(r"[≤≦⩽<]=?|=<|(反|逆|负)向(指标)?|[反逆]指标|小于(或?等于)?|不[高多大]于|不超过|越小越好")),
    (Sign.EQ, re.compile(r"==?|等于")),
    (Sign.BETWEEN, re.compile(r"区间|范围|两端")),
    (Sign.YES_NO, re.compile(r"是否|是/否|判断")),
    (Sign.DEADLINE, re.compile(r"时限|时间|期限")),
)
_BAD = re.compile(
    r"死亡|伤亡|事故|投诉|超标|差错|失误|违规|违纪|违法|发病|感染|流失|辍学|失业|空置|闲置|逾期|超期|缺陷|返工|受害|成灾|案发|上访|信访|拖欠|故障|误报|漏报|漏检"
)
_MENDED = re.compile(
    r"处理|整改|办结|查处|响应|化解|销号|回复|答复|调解|处置|救治|治愈|排查|修复|结案|满意|及时|完成|培训|演练|宣传|检查|覆盖|登记|受理|解决|达标|合格|盘活|利用|清理|追缴|防治"
)
_COUNTED = re.compile(r"(率|次数|起数|人数|件数|例数|数量|数|次|量|比例|面积|事故|投诉|差错)$")
_NOT_DONE = re.compile(
    r"(?:不|未|非)(?:合格|达标|及格|完成|完工|竣工|通过|规范|准确|及时|到位|良|满意|符合|落实|发放|整改|办结|覆盖)"
    r"(?:产品|样品|项目|标段|案件|事项|信息)?(?:比例|占比|比率|率|数量?|个数|批次|起数|件数|次数)$"
)
"""What is counted is what was not done: 不合格率, 未完工项目数."""
_DONE_SHARE = re.compile(
    r"(?:完成|完工|竣工|合格|达标|优[良质秀]|及时|准确|到位|覆盖|落实|按[期时]|准时|验收|通过|满意|整改|办结|成活|到岗|参保|入学|就业|普及|签约|知晓"
    r"|响应|开工|兑现|发放|公开|巩固|保证|处置|处理|利用|回收|绿化|稳定|完好|受益|一致|符合)[^未不超]{0,4}(?:比例|比重|占比|比率|比)$"
)
"""A share of what is to be done: more of it is better, though it is called 比例."""
_KEPT_OPEN = re.compile(r"(?:开放|优良|达标|运行|值守|值班|在岗|供水|供暖|展出|开馆)(?:天数|时长|小时数|日数)$")
_OPEN = re.compile(
    r"变动|变化|调整|偏差|偏离|控制|结转|结余|占比|比重|比例|负债|债务|能耗|耗|排放|下降|降低|降幅|减少|压减|节约|节省|节支|时间|时长|周期|天数|期限|工期|成本|费用|支出|价格|单价|强度|浓度|赤字|波动|等级|级别|名次|排名|位次|等次"
)
_UP, _DOWN = re.compile(r"增长|增加|上升|提高|提升|增幅"), re.compile(r"下降|降低|减少|压减|降幅|下调")
_COST = re.compile(r"成本")
_SAVED = re.compile(r"节约|节省|节支|降低|下降|压减|减少|效益|收入|控制率")
_GOOD_COST = re.compile(r"达标|准确|合规|到位|完成|执行率|及时|覆盖|符合")


@lru_cache(maxsize=256)
def sign_of(text: str) -> Sign | None:
    """What a cell of the column 指标性质 says; None for nothing or for what is no direction (定量)."""
    plain = re.sub(r"\s+", "", half_width(text)).strip("()[]“”\"'")
    return next((sign for sign, pattern in _COLUMN if pattern.fullmatch(plain)), None)


def names_harm(name: str) -> bool:
    """Whether the indicator counts what must not happen: 事故, 投诉, 死亡, and not how it is dealt with."""
    return _NOT_DONE.search(name) is not None or (_BAD.search(name) is not None and _MENDED.search(name) is None)


def stays_open(name: str) -> bool:
    """Whether the indicator counts days or hours of which more are better: 免费开放天数."""
    return _KEPT_OPEN.search(re.sub(r"[(（].*$", "", name.strip())) is not None


def trend_of(text: str) -> int:
    """1 where a text tells of an increase, -1 of a decrease, 0 of neither or both."""
    return (_UP.search(text) is not None) - (_DOWN.search(text) is not None)


def default_sign(name: str, levels: str, zero: bool) -> Sign:
    """The direction of a number written without a sign. UNKNOWN unless it is certain.

    Args:
        name: the indicator. levels: level 1 and 2, as one text.
        zero: the target is 0, which more than can always reach.
    """
    plain = re.sub(r"[\s(（].*$", "", name.strip())
    bad = names_harm(plain)
    if bad and (_NOT_DONE.search(plain) or not _OPEN.search(plain)):
        return Sign.LTE if zero or _COUNTED.search(plain) else Sign.UNKNOWN
    if zero:
        return Sign.UNKNOWN
    if _COST.search(levels):
        if _GOOD_COST.search(plain):
            return Sign.GTE
        return Sign.UNKNOWN if _SAVED.search(plain) else Sign.LTE
    if _DONE_SHARE.search(plain) and not bad:
        return Sign.GTE
    return Sign.UNKNOWN if bad or _OPEN.search(plain) else Sign.GTE
