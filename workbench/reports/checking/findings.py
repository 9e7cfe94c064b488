"""What the checker can find: each kind of contradiction declared once, with its severity and where the demand comes from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from workbench.base.errors import Severity
from workbench.reports.checking.document.model import Spot

QUALITY = "报告质量评分表计算项(每处错误扣0.3分)"
"""A published score sheet for institutions' reports: 0.3 off for each wrong score, wrong total, grade that does not fit."""
TRUE = "财监〔2021〕4号第十八条(报告须真实、准确)"
FORM = "财预〔2020〕10号附1、附3"
GRADES = "财预〔2020〕10号第十八条或报告所列等级标准"


@dataclass(frozen=True, slots=True)
class Rule:
    """A kind of contradiction."""

    code: str
    title: str
    severity: Severity
    source: str


RULES = (
    Rule("points_sum", "总分不等于各项得分之和", "error", QUALITY),
    Rule("points_level", "小计不等于下级得分之和", "error", QUALITY),
    Rule("weight_sum", "分值合计不等于各项分值之和", "error", QUALITY),
    Rule("weight_level", "上级分值不等于下级分值之和", "error", QUALITY),
    Rule("weight_full", "分值合计不等于满分", "error", FORM),
    Rule("points_over", "得分超过分值", "error", QUALITY),
    Rule("rate", "得分率不等于得分除以分值", "error", QUALITY),
    Rule("lost", "扣分不等于分值减得分", "error", QUALITY),
    Rule("difference", "差异不等于两次得分之差", "error", QUALITY),
    Rule("rescaled", "折算结果与算式不符", "error", QUALITY),
    Rule("arithmetic", "算式的结果不对", "error", QUALITY),
    Rule("grade", "等级与得分不符", "error", GRADES),
    Rule("grade_twice", "前后所写的等级不一致", "error", TRUE),
    Rule("total_twice", "前后所写的总分不一致", "error", TRUE),
    Rule("stated_twice", "前后所写的同一项数字不一致", "error", TRUE),
    Rule("row_words", "表中的数与同一行文字所写的不一致", "error", TRUE),
    Rule("text_sum", "文字所列各项之和不等于总分", "error", QUALITY),
    Rule("row_sum", "各项得分之和不等于该行总分", "error", QUALITY),
    Rule("table_sum", "表中的合计、差额或平均数与各项不符", "error", TRUE),
    Rule("table_rate", "表中的比率与同一行的数不符", "error", TRUE),
    Rule("money_sum", "金额合计不等于各项之和", "error", TRUE),
    Rule("money_rate", "比率与金额不符", "error", TRUE),
    Rule("text_rate", "文字中的比率与数字不符", "error", TRUE),
    Rule("text_difference", "文字中的增减数不等于两数之差", "error", TRUE),
    Rule("money_twice", "前后所写的同一金额不一致", "error", TRUE),
    Rule("count", "所写个数与实际列出的不符", "warning", TRUE),
)
BY_CODE = {rule.code: rule for rule in RULES}


@dataclass(frozen=True)
class Finding:
    """One contradiction.

    Attributes:
        found: what stands there; expected: what follows from the rest; how: the sum written out.
        against: the other place, where two places contradict one another.
        certain: no other reading of the table or sentence is left; else it is a question to people and no alarm.
    """

    rule: Rule
    spot: Spot
    what: str
    found: str
    expected: str
    how: str = ""
    against: Spot | None = None
    certain: bool = True

    def sentence(self) -> str:
        """All of it as one line."""
        how = f"({self.how})" if self.how else ""
        if self.against is not None and self.rule.code.endswith("_twice"):
            # Neither place is known to be the right one.
            return f"{self.rule.title}:{self.what}此处为{self.found},{self.against}为{self.expected}{how}"
        against = f",见{self.against}" if self.against is not None else ""
        return f"{self.rule.title}:{self.what}写为{self.found},应为{self.expected}{how}{against}"


def finding(
    code: str, spot: Spot, what: str, found: object, expected: object, how: str = "", against: Spot | None = None
) -> Finding:
    """A finding under the rule of that code."""
    return Finding(BY_CODE[code], spot, what, str(found), str(expected), how, against)


def by_reading(found: Sequence[Finding], held: int) -> Iterator[Finding]:
    """What follows from one way to read a structure: contradictions only where that reading is borne out, else questions.

    A planted or a mistaken number is one cell. A reading that fails more often than it holds is wrong itself.

    Args:
        held: how often the same reading holds elsewhere in the table.
    """
    borne_out = len(found) <= max(held, 1)
    yield from found if borne_out else map(asked, found)


def asked(found: Finding) -> Finding:
    """The same as a question."""
    return replace(found, certain=False)


def when(sure: bool, found: Finding) -> Finding:
    """A finding where what it rests on leaves no other reading, else the question."""
    return found if sure else asked(found)


RECOGNISED = ("评分表", "资金表", "对象汇总表", "文字中的得分", "文字中的等级")
"""Counts of what rules look at."""


@dataclass
class Findings:
    """What was found in a report, and what was looked at.

    Attributes:
        counts: how many of each were read and recognised, by its Chinese name.
        unjudged: what could not be judged and why; questions: what does not fit by a reading that is not the only one.
    """

    file: str
    found: Sequence[Finding] = ()
    counts: dict[str, int] = field(default_factory=dict)
    unjudged: list[str] = field(default_factory=list)
    questions: list[str] = field(default_factory=list)

    @property
    def judged(self) -> bool:
        """Whether anything was recognised that could be judged."""
        return any(self.counts.get(name) for name in RECOGNISED)
