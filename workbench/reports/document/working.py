"""Parts one and two of the report: the analyst's chapters, with what can be computed beside them (体系、标准、抽样、名单)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from workbench.base.text import plain
from workbench.reports.document.blocks import Block, Grid, paragraph
from workbench.reports.document.shown import DAY, coverage, day, ended, typeset
from workbench.reports.document.source import ReportSource
from workbench.reports.document.texts import Drawn, GroupMember, Money, Scope
from workbench.reports.papers.grid import Column, Line
from workbench.scheme.basis import Source
from workbench.scheme.findings import cited
from workbench.scheme.plan import AddChange, BandChange, Change, DropChange, TargetChange, WeightChange
from workbench.scheme.policy import NOT_STATED

NAMED = 8
"""Subjects named in a sentence; all of them stand in the tables."""
_ACTIONS = {
    "weight": "调整分值",
    "target": "调整指标值",
    "drop": "取消指标",
    "add": "增加指标",
    "band": "确定等级分数线",
}


def object_and_scope(source: ReportSource, scope: Scope) -> Iterator[Block]:
    """评价对象和范围 as the plan and the result have them, then what the analyst says of the range."""
    result = source.result
    names = [s.name for s in result.subjects]
    listed_names = f"{'、'.join(names[:NAMED])}{f'等{len(names)}个' if len(names) > NAMED else ''}"
    yield paragraph(
        f"评价对象为{listed_names}。评价期间为{result.period}，评价阶段为{result.stage}，{DAY}为{day(result.as_of)}。"
    )
    if scope.text:
        yield paragraph(ended(scope.text))


def system_and_standards(source: ReportSource) -> Iterator[Block]:
    """评价指标体系, 计分规则 and 评价标准, each with its document, and every change the plan declares."""
    subject = source.subject
    levels = f"{len(subject.levels)}项一级指标、{len(subject.indicators)}项三级指标"
    basis = _basis(source.pack.basis if source.pack is not None else [])
    yield paragraph(f"评价指标体系采用{typeset(source.pack_title)}，共{levels}，完整的评分表见附件。{basis}")
    rules = _document(source.ruleset.document if source.ruleset is not None else None, source.ruleset_title)
    yield paragraph(
        f"计分采用{typeset(source.ruleset_title)}{rules}。得分由程序按佐证资料和计分规则计算，每项得分均附计算说明。"
    )
    yield paragraph(_bands(source))
    changes = list(source.plan.changes)
    if changes:
        columns = [Column("事项", 2), Column("指标", 3), Column("调整后", 2), Column("理由", 6), Column("批准文件", 3)]
        yield Grid("评价方案的调整", columns, [Line(_change(source, c)) for c in changes])
    for note in source.plan.notes:
        yield paragraph(f"说明：{ended(note)}", "note")


def _basis(sources: Sequence[Source]) -> str:
    names = [typeset(n) for n in (cited(s) for s in sources) if n]
    return f"编制依据：{'；'.join(names)}。" if names else ""


def _document(document: Source | None, title: str) -> str:
    """What a ruleset goes by; nothing where its title says so."""
    name = cited(document) if document is not None else None
    return f"，依据{typeset(name)}" if name and name not in title else ""


def _bands(source: ReportSource) -> str:
    """The lines of the grades, read of the policy, or of the national default where it states none."""
    policy = source.policy
    bands = policy.bands if policy is not None else None
    note = ""
    if policy is not None and bands is None and source.national is not None:
        bands, note = source.national.bands, f"（{NOT_STATED}）"
    if bands is None:
        return f"等级按{typeset(source.policy_title)}评定，分数线见评分汇总与等级确定过程。"
    set_here = {c.label: c.lower for c in source.plan.changes if isinstance(c, BandChange)}
    lines = [(b.label, set_here.pop(b.label, b.lower)) for b in bands.items]
    lines = sorted([*lines, *set_here.items()], key=lambda x: -x[1])
    said = "、".join(f"{plain(lower)}分及以上为“{label}”" for label, lower in lines if lower > 0)
    lowest = f"，以下为“{lines[-1][0]}”" if lines[-1][1] <= Decimal(0) else ""
    return (
        f"等级按{typeset(source.policy_title)}评定{note}：{said}{lowest}（依据{typeset(cited(bands.clause) or '')}）。"
    )


def _change(source: ReportSource, change: Change) -> list[str]:
    approval = typeset(cited(change.approval) or "—")
    return [_ACTIONS[change.kind], _changed(source, change), _now(change), change.reason, approval]


def _changed(source: ReportSource, change: Change) -> str:
    """What a change is about, by name where the result has it."""
    if isinstance(change, BandChange):
        return f"等级“{change.label}”"
    if isinstance(change, AddChange):
        return change.indicator.name
    known = {i.code: i.name for s in source.result.subjects for i in s.indicators}
    known |= {i.code: i.name for i in (source.pack.indicators if source.pack is not None else [])}
    return known.get(change.indicator, change.indicator)


def _now(change: Change) -> str:
    match change:
        case WeightChange() | TargetChange():
            return plain(change.value)
        case BandChange():
            return f"{plain(change.lower)}分"
        case AddChange():
            return f"{plain(change.indicator.weight)}分"
        case DropChange():
            return "—"


def sampling(scope: Scope) -> Iterator[Block]:
    """抽样情况: how many there are, were drawn and visited, and the share of each and of the money."""
    if scope.not_sampled:
        yield paragraph(ended(scope.not_sampled))
    if scope.sampling:
        yield paragraph(ended(scope.sampling))
    if scope.subjects is not None:
        yield paragraph(_drawn(scope.subjects))
    if scope.money is not None:
        yield paragraph(_money(scope.money))


def _drawn(drawn: Drawn) -> str:
    share = coverage(drawn.sampled, drawn.all)
    text = f"评价对象共{plain(drawn.all)}{drawn.unit}，抽取{plain(drawn.sampled)}{drawn.unit}，抽样覆盖率{share}"
    if drawn.visited is None:
        return f"{text}。"
    on_site = coverage(drawn.visited, drawn.all)
    return f"{text}；其中现场评价{plain(drawn.visited)}{drawn.unit}，占全部的{on_site}。"


def _money(money: Money) -> str:
    share = coverage(money.covered, money.all)
    return f"资金总额{plain(money.all)}{money.unit}，抽样涉及{plain(money.covered)}{money.unit}，资金覆盖率{share}。"


def group(members: Sequence[GroupMember], lead: str) -> list[Block]:
    """评价组名单."""
    if not members:
        return []
    columns = [Column("序号", 1, "center"), Column("姓名", 2, "center"), Column("职称、资格", 4), Column("分工", 5)]
    lines = [
        Line([str(n), m.name, m.title or "—", m.duty or ("主评人" if m.name == lead else "—")])
        for n, m in enumerate(members, 1)
    ]
    return [Grid("评价组名单", columns, lines)]
