"""What was looked at, and what could not be judged and why: silence must not look like assurance."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from workbench.reports.checking.document.model import Table
from workbench.reports.checking.findings import Finding
from workbench.reports.checking.language.bands import Scale, stated_scale
from workbench.reports.checking.language.numbers import cell_number
from workbench.reports.checking.language.words import tight
from workbench.reports.checking.recognised import Recognised
from workbench.reports.checking.rules import agreement, columns, grade_columns
from workbench.reports.checking.statements.facts import TOTAL
from workbench.reports.checking.statements.stated import Stated
from workbench.reports.checking.statements.table_facts import is_whole
from workbench.reports.checking.tables import cells, money
from workbench.reports.checking.tables.money import MoneyTable
from workbench.reports.checking.tables.number_tables import number_table
from workbench.reports.checking.tables.score_model import ScoreTable
from workbench.reports.checking.tables.score_sums import doubled

_SCORED = re.compile("分|金额|万元|预算|支出|资金|执行")
_SHOWN = 5
"""Tables that are named; of more, their number is said."""


def grading(report: Recognised, said: Stated, policy: Scale, *, forced: bool) -> tuple[Scale | None, list[str]]:
    """The scale grades are judged by, None where they cannot be; and what has to be said about it."""
    scale, doubtful = stated_scale(report.document)
    if forced or (scale is None and not doubtful):
        scale = policy
    if scale is None:
        return None, ["等级:报告写有自己的等级标准,但没有把握读懂,没有核对等级(可用 --policy 指定办法)"]
    fulls = {t.total.weight.number.value for t in report.scores if is_whole(t) and t.total and t.total.weight}
    fulls |= {f.number.value for f in said.facts if (f.item, f.what) == (TOTAL, "weight")}
    own_full = scale is not policy and scale.bands[0][1] > 100 and all(full > scale.bands[0][1] for full in fulls)
    if fulls - {100} and not own_full:
        return None, ["等级:满分不是100分,没有核对等级"]
    lowered = agreement.lowered(report.document)
    return scale, ["等级:报告写有降低等级的情形,等级低于得分的不作为问题"] if lowered else []


def questions(asked: Sequence[Finding]) -> list[str]:
    """What people have to look at: numbers that do not fit by one reading where another is possible; per place and kind once."""
    by_place: dict[tuple[str, str, int], list[Finding]] = {}
    for found in asked:
        by_place.setdefault((found.rule.code, found.spot.part, found.spot.number), []).append(found)
    return [_question(found) for found in by_place.values()]


def _question(asked: Sequence[Finding]) -> str:
    first = asked[0]
    how = f"({first.how})" if first.how else ""
    more = f",同样的另有{len(asked) - 1}处" if len(asked) > 1 else ""
    said = f"{first.what}写为{first.found},按一种读法应为{first.expected}{how}{more}"
    return f"{first.spot}{said};读法没有把握,不作为问题"


def unjudged(report: Recognised, scale: Scale | None) -> Iterator[str]:
    """The tables that were not judged, or not wholly. ``scale``: None where no grade was judged."""
    if report.several:
        yield "评分表:像是不同评价对象的,表题没有写明对象的不与其他表核对"
    unread = [t.number for t in report.plain if _numeric(t) and not _looked_at(t)]
    if unread:
        yield f"{_listed(unread)}:没有认出是什么表,其中的数字没有核对"
    scored = {t.table.number for t in report.scores}
    open_sums = [t.table.number for t in report.moneys if not _is_added(t) and not _looked_at(t.table)]
    open_sums = [n for n in open_sums if n not in scored]
    if open_sums:
        yield f"{_listed(open_sums)}:看不出合计由哪些行相加,合计没有核对"
    idle = [t.table.number for t in report.moneys if not (_sums_up(t) or t.rates or _looked_at(t.table))]
    idle = [n for n in idle if n not in scored and n not in {t.table.number for t in report.subjects}]
    if idle:
        yield f"{_listed(idle)}:没有认出合计或比率,其中的金额没有在表内核对"
    # A table of one level is held against the report's others; the only one can only be held against its own total.
    alone = report.scores[0] if len(report.scores) == 1 else None
    if alone is not None and not alone.total and not alone.groups and len(alone.leaves) > 1:
        yield f"{_listed([alone.table.number])}:没有合计行,各项之和没有在表内核对"
    strange = {t.table.number for t in report.graded if scale is not None and not grade_columns.is_known(t, scale)}
    if strange:
        yield f"{_listed(sorted(strange))}:等级的写法不在所用的等级标准内,没有核对"
    unclear = [t.table.number for t in report.scores if doubled(t)]
    if unclear:
        yield f"{_listed(unclear)}:上下级指标写在同一列,分不清层级,合计没有核对"
    open_ = [t.table.number for t in report.scores if _has_gaps(t)]
    if open_:
        yield f"{_listed(open_)}:有的行没有分值或得分,含这些行的合计没有核对"


def looked_at(report: Recognised, said: Stated) -> dict[str, int]:
    """How many of each were read and recognised, by its Chinese name."""
    tables = report.document.tables
    known = {t.table.number for t in report.scores} | {t.table.number for t in report.moneys}
    by_subject = {t.table.number for t in report.subjects} | {t.table.number for t in report.graded}
    known |= by_subject
    return {
        "段落": len(report.document.paragraphs),
        "表格": len(tables),
        "评分表": len(report.scores),
        "资金表": len(report.moneys),
        "对象汇总表": len(by_subject),
        "未识别的表": len([t for t in tables if t.number not in known]),
        "文字中的得分": len(said.claims.facts),
        "文字中的等级": len(said.claims.grades),
    }


def _listed(tables: Sequence[int]) -> str:
    """“第1、2张表”; of many the first few and their number."""
    shown = "、".join(map(str, tables[:_SHOWN])) + ("等" if len(tables) > _SHOWN else "")
    return f"第{shown}{len(tables) if len(tables) > _SHOWN else ''}张表"


def _looked_at(table: Table) -> bool:
    """Whether rules for tables of any kind found something in it to hold against the rest."""
    numbers = number_table(table)
    return cells.is_told(table) or (numbers is not None and columns.is_judged(numbers))


def _is_added(table: MoneyTable) -> bool:
    """Whether a table of amounts has no total, or one that some of its rows make."""
    return not _sums_up(table) or money.is_added(table)


def _sums_up(table: MoneyTable) -> bool:
    return any(r.kind in ("sum", "subtotal") or "合计" in r.name for r in table.rows)


def _numeric(table: Table) -> bool:
    """Whether a table has a column of numbers under words of scores or money."""
    heads = [tight(c.text) for c in table.rows[0]]
    scored = [x for x, h in enumerate(heads) if _SCORED.search(h)]
    return any(sum(cell_number(row[x].text) is not None for row in table.rows[1:]) > 1 for x in scored)


def _has_gaps(table: ScoreTable) -> bool:
    """Whether an indicator has no number where others have one, in a table or level with a sum to check."""
    keys = {"weight"} if any(x.weight for x in table.leaves) else set()
    keys |= {f"points {who}" for who in table.whose}
    gaps = any({key, f"{key} blank"} & x.unread for x in table.leaves for key in keys)
    return gaps and bool(table.total or table.groups)
