"""What an actual claims in words: reached, on time, in part, missed, yes, no. Anything else claims nothing that can be counted."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache

from workbench.recheck.values.quantities import prepared


class Claim(StrEnum):
    """How much of a target somebody says was reached (财预〔2020〕10号 第十六条, the three bands, and two between)."""

    ON_TIME = "按时完成"
    REACHED = "达成"
    MOSTLY = "基本达成"
    PARTLY = "部分达成"
    MISSED = "未达成"


_DO = r"(?:完成|达成|实现|达到|达标|通过|合格|落实|到位|符合|兑现|执行|开展|实施|建成|投入使用)"
_TAIL = (
    r"(?:年度|预期|预定|既定|全年|年初|本年|绩效|目标|指标|任务|工作|计划|要求|效果|标准|水平|值|数|验收|率?100%|了|的|并"
    r"|[,、。.;；!]|具有一定效果|且效果较差)*"
)
_HEAD = (
    r"(?:项目|任务|工作|目标|指标|年度|预期|本年|全年|已|均|都|全部|全面|圆满|顺利|较好|很好|超额|提前|按要求|按照要求|严格|经"
    r"|目前|已经|实际)*"
)
_TIMELY = r"(?:按时|按期|及时|如期|提前|准时|按计划|按进度|按序时进度|按照计划)"
_FORMS = (
    (Claim.ON_TIME, re.compile(rf"{_HEAD}{_TIMELY}(?:足额|全部|全额)?(?:{_DO}|发放|拨付|支付|报送|提交|竣工|完工|交付|开工|验收)?{_TAIL}")),
    (Claim.MOSTLY, re.compile(rf"{_HEAD}基本(?:上)?(?:已)?{_DO}{_TAIL}")),
    (Claim.PARTLY, re.compile(rf"{_HEAD}(?:部分(?:已)?{_DO}|{_DO}(?:了)?(?:一)?部分|(?:未|尚未|没有)(?:全部|完全|全面|全额){_DO}){_TAIL}")),
    (Claim.MISSED, re.compile(rf"{_HEAD}(?:尚未|暂未|未能|未|没有|没|不){_DO}{_TAIL}")),
    (Claim.REACHED, re.compile(rf"{_HEAD}(?:{_DO}{_TAIL})+|达")),
)  # fmt: skip
_YES = {"是", "有", "能", "对", "√", "✓", "已", "y", "yes"}
_NO = {"否", "无", "没有", "不是", "不能", "×", "✗", "x", "n", "no", "未"}
_NEGATED = re.compile(r"未|没|不|无|部分|基本|较差|一般")


@lru_cache(maxsize=4096)
def claim_of(text: str) -> Claim | None:
    """The claim that a text is, when it is nothing else; None for a description."""
    plain = prepared(text[:80])
    return next((claim for claim, form in _FORMS if plain and form.fullmatch(plain)), None)


def answer_of(text: str) -> bool | None:
    """是 or 否 as typed; None for neither."""
    plain = prepared(text[:20]).rstrip("。.;；").lower()
    return True if plain in _YES else False if plain in _NO else None


def repeats(text: str, target: str) -> bool:
    """Whether an actual says what a target in words says, and denies nothing of it: 有效提升 / 已有效提升."""
    said, wanted = (re.sub(r"[,，。.;；、]", "", prepared(t)) for t in (text, target))
    if not wanted:
        return False
    if said == wanted:
        return True
    return len(wanted) >= 2 and wanted in said and _NEGATED.search(said.replace(wanted, "", 1)) is None
