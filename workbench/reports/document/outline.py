"""The outline of 绩效评价报告 (财预〔2020〕10号 附3 参考提纲): its chapters, what stands under them, and what is attached.

The one home of it: the Word template is made from it and the page follows it. （三）（四） of the second chapter and （二） of the
third are ours.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

SCORES = "评分表"
"""The part whose table can be searched and sorted on the page."""
OUTLINE: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    # (chapter, ((heading, part as templates name it), …)); a chapter of one part needs no second heading
    (
        "一、基本情况",
        (
            ("（一）项目概况", "项目概况"),
            ("（二）资金投入和使用情况", "资金投入和使用"),
            ("（三）绩效目标", "绩效目标"),
        ),
    ),
    (
        "二、绩效评价工作开展情况",
        (
            ("（一）评价目的、对象和范围", "评价目的对象和范围"),
            ("（二）评价原则、指标体系、方法和标准", "评价原则方法和标准"),
            ("（三）抽样情况", "抽样情况"),
            ("（四）评价组名单", "评价组名单"),
            ("（五）评价工作过程", "评价过程"),
        ),
    ),
    (
        "三、综合评价情况及评价结论",
        (("（一）综合评价结论", "综合评价结论"), ("（二）限级和否决情形核查", "情形核查")),
    ),
    ("四、绩效评价指标分析", (("", "指标分析"),)),
    (
        "五、主要经验及做法、存在的问题及原因分析",
        (("（一）主要经验及做法", "主要经验及做法"), ("（二）存在的问题及原因分析", "存在的问题及原因分析")),
    ),
    ("六、有关建议", (("", "有关建议"),)),
    ("七、其他需要说明的问题", (("", "其他需要说明的问题"),)),
)
ATTACHED = (SCORES, "问题清单", "意见采纳情况表", "专家意见", "问卷情况", "方法和核验说明")
"""What is attached, numbered in this order (附件1, 附件2 …); the parts are called as their headings are."""
SIGNED = "签章页"
SIGNS = ("主评人", "单位负责人")
"""Who signs a report: the lead evaluator of an institution; of a unit that evaluates itself, its head."""
INSTITUTION = "评价机构"
"""The field that is empty where a unit evaluates itself."""
LEFT_OUT = frozenset({"问题清单", "意见采纳情况表", "专家意见", "问卷情况", SIGNED})
"""What stands on sheets of its own and is left out where there is nothing in it; the numbers of the others close up."""
PARTS = (*(part for _, own in OUTLINE for _, part in own), *ATTACHED, SIGNED)
"""Every part, in order."""
HEADED = frozenset(part for _, own in OUTLINE for heading, part in own if heading)
"""Parts under a heading （一） of their own; the others stand right under their chapter's."""
MANDATORY = (*(part for _, own in OUTLINE for _, part in own), SCORES)
"""What a template must have a place for: the outline of 附3 with its 相关评分表. The other attachments an institution may keep apart."""
NOTHING = "（无）"
"""What stands under a heading whose part has nothing in it."""
NONE_OF = {
    "问题清单": "本次评价没有列入清单的问题。",
    "意见采纳情况表": "本次评价没有征求意见的记录。",
    "专家意见": "本次评价没有专家评审意见。",
    "问卷情况": "本次评价没有以问卷取得的指标。",
}
"""What stands there in a template that keeps the heading of an attachment there is nothing for."""


@dataclass(frozen=True)
class Place:
    """Where one part stands; ``heading`` is empty where the chapter's own is enough."""

    part: str
    heading: str
    anchor: str


@dataclass(frozen=True)
class Chapter:
    """A chapter with its parts in order."""

    heading: str
    anchor: str
    places: tuple[Place, ...]


def chapters(parts: Mapping[str, Sequence[object]], fields: Mapping[str, str]) -> Iterator[Chapter]:
    """The outline with its attachments; a part it does not know becomes a chapter at the end, so that nothing is lost."""
    attached = [part for part in ATTACHED if parts.get(part) or part not in LEFT_OUT]
    numbered = ((f"附件{n}　{part}", (("", part),)) for n, part in enumerate(attached, 1))
    who = SIGNS[0] if fields.get(INSTITUTION) else SIGNS[1]
    signed = [(f"{who}{SIGNED}", SIGNED)] if parts.get(SIGNED) else []
    further = ((part, (("", part),)) for part in parts if part not in PARTS)
    for n, (title, own) in enumerate(
        (*OUTLINE, *numbered, *((title, (("", part),)) for title, part in signed), *further), 1
    ):
        places = (Place(part, heading, f"c{n}-{k}") for k, (heading, part) in enumerate(own, 1))
        yield Chapter(title, f"c{n}", tuple(places))
