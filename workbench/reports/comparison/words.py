"""What tables, charts, terminal and papers read out of a comparison, in the same words everywhere."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from workbench.analysis.comparison import (
    CAUSE_WORDS,
    CAUSES,
    Cause,
    Comparison,
    LineChange,
    Share,
    Side,
    SubjectChange,
)
from workbench.base.safetext import isolated
from workbench.base.text import plain
from workbench.reports.console import clip
from workbench.reports.reading import UNGRADED, number, span, total_of

OLD, NEW = "原评价", "再评价"
"""What the two sides are called wherever a form does not name them otherwise."""
CLAIMED, COMPUTED = "自评得分(单位填报)", "原评价得分(计算)"
"""The points the unit wrote, and those the first evaluation came to."""
EXAMPLE = "示例,可改"
DEVIATION = f"偏离度=({OLD}得分-{NEW}得分)÷{OLD}得分,正数表示{NEW}得分较低"
PRESENCE_WORDS = {"both": "", "added": "新增", "dropped": "删去"}
_FULL = {",": "，", ":": "：", ";": "；"}
_CHINESE = "\u3400-\u9fff“”‘’（）。、，；："
_MARKS = re.compile(f"(?<=[{_CHINESE}])[,:;]|[,:;](?=[{_CHINESE}])")
_BRACKETS = re.compile(f"(?<=[{_CHINESE}])\\(([^()]*)\\)|\\(([^()]*[{_CHINESE}][^()]*)\\)")
Block = tuple[Cause, ...]
SHORT = 16
"""Characters of a run's digest that are shown, as they name its folder."""


def short(text: str, columns: int) -> str:
    """A name inside a sentence or a heading: cut to ``columns``, and turning nothing round that stands beside it."""
    return isolated(clip(text, columns))


def signed(points: str | Decimal) -> str:
    """A difference with its sign: ``+1.66``, ``-2.00``, ``0.00``."""
    size = Decimal(points)
    return f"+{plain(size)}" if size > 0 else plain(size)


def causes_text(causes: Iterable[str]) -> str:
    """One cause, or those that were joined: “佐证数据+计分规则”."""
    return "+".join(CAUSE_WORDS[c] for c in causes)


def shares_text(shares: Sequence[Share], between: str = ";") -> str:
    """“佐证数据-3.31;目标与分值+1.66”; a share whose printed points are 0.00 is kept, for it is not nothing."""
    return between.join(f"{causes_text(s.causes)}{signed(s.points)}" for s in shares)


def blocks(subjects: Iterable[SubjectChange]) -> list[Block]:
    """The causes, joined ones together, that answer for anything in these subjects; in the order of causes."""
    found = {tuple(s.causes) for subject in subjects for line in subject.lines for s in line.shares}
    order: list[str] = [*CAUSES, "environment"]
    return sorted(found, key=lambda block: [order.index(c) for c in block])


def share_of(shares: Iterable[Share], block: Block) -> str | None:
    """Printed points of one block; None where it has no share."""
    return next((s.points for s in shares if tuple(s.causes) == block), None)


def rounding(subject: SubjectChange, block: Block) -> Decimal:
    """What the block's printed share of the whole is more than its printed shares of the lines together (尾差)."""
    lines = total_of(share_of(line.shares, block) for line in subject.lines)
    return number(share_of(subject.shares, block)) - lines


def totals_text(subject: SubjectChange) -> tuple[str, str]:
    """Both totals, or the intervals they lie in while something is unscored."""
    old = subject.old_total if subject.old_total is not None else span(*subject.old_interval)
    new = subject.new_total if subject.new_total is not None else span(*subject.new_interval)
    return old, new


def scored_sums(subject: SubjectChange) -> tuple[Decimal, Decimal]:
    """Sums of what is scored, before and after: what difference and shares speak of."""
    return total_of(x.old_points for x in subject.lines), total_of(x.new_points for x in subject.lines)


def grades_text(subject: SubjectChange) -> tuple[str, str]:
    """Both grades."""
    return subject.old_grade or UNGRADED, subject.new_grade or UNGRADED


def grade_change(subject: SubjectChange) -> str:
    """“优→良”, “优(未变)”, or “优→优(优秀),等级未变” where only the words for it differ."""
    old, new = grades_text(subject)
    if old == new:
        return f"{old},未变" if old.endswith(")") else f"{old}(未变)"
    return f"{old}→{new}" if subject.regraded else f"{old}→{new},等级未变"


def deviation_text(deviation: str | None) -> str:
    """偏离度 with its sign; a dash where the first points are 0."""
    return "—" if deviation is None else f"{deviation}%"


def large_text(subject: SubjectChange) -> str:
    """Whether the difference is 差异较大, and by what."""
    return f"是:{';'.join(subject.why_large)}" if subject.large else "否"


def changed(line: LineChange) -> bool:
    """Whether anything about a line differs: points, shares, value, target, weight, or that it is there at all."""
    pairs = (
        (line.old_value, line.new_value),
        (line.old_target, line.new_target),
        (line.old_weight, line.new_weight),
        (line.old_status, line.new_status),
    )
    return bool(number(line.difference) or line.shares) or line.presence != "both" or any(a != b for a, b in pairs)


def pair(old: str | None, new: str | None, between: str = "→") -> str:
    """Both values where they differ, one where they are equal, a dash where there is none."""
    if old == new:
        return isolated(new) if new else "—"
    return f"{isolated(old) if old else '—'}{between}{isolated(new) if new else '—'}"


def line_name(line: LineChange) -> str:
    """The name of a line, with what happened to it: “资金到位率(新增)”, “满意度(原编码I03)”."""
    notes = [PRESENCE_WORDS[line.presence], f"原编码{line.old_code}" if line.old_code else ""]
    said = "、".join(n for n in notes if n)
    return f"{isolated(line.name)}({said})" if said else isolated(line.name)


def weight_text(line: LineChange) -> str:
    """Full points, both where they differ."""
    return pair(line.old_weight, line.new_weight)


def points_text(points: str, status: str | None, weight: str | None, presence: bool) -> str:
    """Points of one side; an indicator that has none says why instead of 0."""
    if not presence:
        return "—"
    return status if status in ("未评分", "不适用") and weight is not None else points


def old_points(line: LineChange) -> str:
    """Points before, or why there are none."""
    return points_text(line.old_points, line.old_status, line.old_weight, line.presence != "added")


def new_points(line: LineChange) -> str:
    """Points after, or why there are none."""
    return points_text(line.new_points, line.new_status, line.new_weight, line.presence != "dropped")


def no_points(line: LineChange) -> bool:
    """Whether the second evaluation left an indicator unscored: its weight is no part of what is scored."""
    return line.new_status == "未评分" and line.presence != "dropped"


def claimed_total(lines: Iterable[LineChange]) -> Decimal | None:
    """What the unit claimed for these lines together; None unless it claimed points for every indicator of the first evaluation."""
    claimed = [x.old_claimed for x in lines if x.kind == "indicator" and x.presence != "added"]
    return total_of(claimed) if claimed and None not in claimed else None


def claimed_text(subject: SubjectChange) -> str:
    """What the unit claimed in all; a dash where it did not claim points for everything."""
    found = claimed_total(subject.lines)
    return "—" if found is None else plain(found)


def any_claimed(subject: SubjectChange) -> bool:
    """Whether the unit wrote points of its own at all."""
    return any(x.old_claimed is not None for x in subject.lines)


def formal(text: str) -> str:
    """A sentence with the punctuation of running Chinese text, as papers have it: half-width marks beside Chinese become full-width."""
    text = _BRACKETS.sub(lambda m: f"（{m[1] or m[2] or ''}）", text)
    return _MARKS.sub(lambda m: _FULL[m[0]], text)


def moved_most(comparison: Comparison, most: int) -> list[SubjectChange]:
    """The subjects in which anything differs, those whose points moved most first, at most so many."""
    moved = [s for s in comparison.subjects if any(map(changed, s.lines)) or s.large]
    return sorted(moved, key=lambda s: -abs(number(s.difference)))[:most]


def side_rows(old: Side, new: Side) -> Iterator[tuple[str, str, str]]:
    """What the two sides are: a name, and what it is on each."""
    yield "来源", old.source, new.source
    yield "评价名称", old.title, new.title
    yield "评价编号", old.evaluation, new.evaluation
    yield "评价期间、阶段", f"{old.period},{old.stage}", f"{new.period},{new.stage}"
    yield "评价基准日", old.as_of, new.as_of
    yield "指标包", f"{old.pack.id} {old.pack.version}", f"{new.pack.id} {new.pack.version}"
    yield "计分规则集", f"{old.ruleset.id} {old.ruleset.version}", f"{new.ruleset.id} {new.ruleset.version}"
    yield "地区办法", f"{old.policy.id} {old.policy.version}", f"{new.policy.id} {new.policy.version}"
    yield "计分程序版本", old.engine.version, new.engine.version
    yield "运行", old.run[:SHORT], new.run[:SHORT]
    yield "专家评审", old.phase or "无评审", new.phase or "无评审"
    yield "评审台账校验值", old.ledger_head[:SHORT] or "无评审", new.ledger_head[:SHORT] or "无评审"
    if new.parent is not None:
        yield f"{NEW}所依据的运行", "", new.parent[:SHORT] + ("(即原评价)" if new.parent == old.run else "")


def thresholds_text(comparison: Comparison) -> str:
    """When a difference is 差异较大, with the remark that no notice gives the number."""
    limits = comparison.thresholds
    percent = f",或偏离度达到{limits.percent}%" if limits.percent is not None else ""
    return f"差异较大:得分相差达到{limits.points}分{percent},或等级改变。各项文件未规定数值,此为{EXAMPLE}"
