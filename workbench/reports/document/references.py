"""What ``{{ }}`` in the analyst's texts can name: the result's values by their Chinese names, as printed.

Points have no unit (``85.30``); rates and values have theirs (``96.75%``), as the score table shows them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from workbench.base.text import plain
from workbench.reports import reading
from workbench.reports.document.blocks import DRAFT
from workbench.reports.document.pieces import Names
from workbench.reports.document.shown import DAY, GRADE_NOTE, coverage, fields, grade_note, lost_text, total_rate
from workbench.reports.document.source import ReportSource
from workbench.reports.document.texts import Report
from workbench.reports.reading import number
from workbench.reports.reviewing import computed_total
from workbench.scoring.result import STATUS_WORDS, IndicatorResult, LevelResult, SubjectResult

_INDICATOR: Mapping[str, Callable[[IndicatorResult], str]] = {
    "名称": lambda i: i.name,
    "分值": lambda i: i.weight,
    "得分": reading.points_text,
    "计算得分": lambda i: i.computed or "—",
    "失分": lost_text,
    "指标值": reading.target_text,
    "完成值": reading.value_text,
    "状态": lambda i: STATUS_WORDS[i.status],
    "佐证状态": lambda i: i.evidence_status,
    "评分说明": lambda i: i.explanation,
    "责任主体": lambda i: i.responsible or "—",
}
_LEVEL: Mapping[str, Callable[[LevelResult], str]] = {
    "名称": lambda v: v.name,
    "分值": lambda v: v.weight,
    "得分": reading.level_points_text,
    "得分率": lambda v: reading.rate_text(v) or "—",
}
_SUBJECT: Mapping[str, Callable[[SubjectResult], str]] = {
    "名称": lambda s: s.name,
    "总分": reading.total_text,
    "满分": lambda s: plain(reading.full_points(s)),
    "得分率": lambda s: total_rate(s) or "—",
    "等级": lambda s: s.grade or reading.UNGRADED,
    GRADE_NOTE: grade_note,
    "加分": lambda s: plain(reading.extras(s, "bonus")),
    "扣分": lambda s: plain(abs(reading.extras(s, "deductions"))),
    "评审前总分": lambda s: computed_total(s) or reading.total_text(s),
}
_PARTS = ("一级", "指标")
_T = TypeVar("_T", IndicatorResult, LevelResult)


def names_of(source: ReportSource, report: Report) -> Names:
    """Everything the texts of a report can name. With several subjects points are asked of one of them."""
    common = fields(source, report, edition=DRAFT)
    plain_fields = [name for name in common if name not in ("总分", "满分", "等级", GRADE_NOTE, "稿次")]
    inner: dict[str, Names] = {"对象": _subjects(source), "事实": _facts(report), "范围": _scope(report)}
    one = None if source.several else _subject(source.subject)

    def answer(name: str) -> str | Names:
        if name in inner:
            return inner[name]
        return one.answer(name) if one is not None and name in one.known else common[name]

    known = [*(one.known if one is not None else ()), *plain_fields, *inner]
    asked = {} if one is not None else {name: _ask_of(source, name) for name in (*_SUBJECT, *_PARTS)}
    asked["计算日"] = f"现在叫“{DAY}”,请改写为 {{{{ {DAY} }}}}"  # what texts of earlier versions say
    return Names("报告", list(dict.fromkeys(known)), answer, elsewhere=asked)


def _ask_of(source: ReportSource, name: str) -> str:
    return f'本次评价有多个对象,请写明哪一个,如 对象["{source.subject.id}"].{name}'


def _subjects(source: ReportSource) -> Names:
    found = {s.id: s for s in source.result.subjects}
    return Names("评价对象", list(found), lambda name: _subject(found[name]), "请用评价对象的编号")


def _subject(subject: SubjectResult) -> Names:
    levels = {v.name: v for v in subject.levels}
    indicators = {i.code: i for i in subject.indicators}
    parts = {
        "一级": Names("一级指标", list(levels), lambda name: _of("一级指标", _LEVEL, levels[name])),
        "指标": Names("指标", list(indicators), lambda code: _of("指标", _INDICATOR, indicators[code]), "请用指标编码"),
    }
    return Names(
        "评价对象",
        [*_SUBJECT, *_PARTS],
        lambda name: parts[name] if name in parts else _SUBJECT[name](subject),
    )


def _of(noun: str, fields_of: Mapping[str, Callable[[_T], str]], thing: _T) -> Names:
    return Names(noun, list(fields_of), lambda name: fields_of[name](thing))


def _facts(report: Report) -> Names:
    return Names(
        "事实(report.yaml 的 facts)",
        list(report.facts),
        lambda name: f"{report.facts[name].value}{report.facts[name].unit}",
        "请在 report.yaml 的 facts 中写明数值、单位和来源",
    )


def _scope(report: Report) -> Names:
    found = dict(_scope_values(report))
    return Names("范围(report.yaml 的 scope)", list(found), found.__getitem__)


def _scope_values(report: Report) -> Sequence[tuple[str, str]]:
    scope = report.scope
    values: list[tuple[str, str]] = []
    if scope.subjects is not None:
        drawn = scope.subjects
        values += [("总数", f"{plain(drawn.all)}{drawn.unit}"), ("抽取数", f"{plain(drawn.sampled)}{drawn.unit}")]
        values += [("现场数", f"{plain(drawn.visited)}{drawn.unit}")] if drawn.visited is not None else []
        values += [("抽样覆盖率", coverage(drawn.sampled, drawn.all))]
    if scope.money is not None:
        money = scope.money
        values += [("资金总额", f"{plain(money.all)}{money.unit}"), ("涉及资金", f"{plain(money.covered)}{money.unit}")]
        values += [("资金覆盖率", coverage(money.covered, money.all))]
    return values


def known_points(subject: SubjectResult) -> set[str]:
    """Every number of points a subject's result states, for telling a typed one that is none of them."""
    found = {subject.total, *subject.interval, plain(reading.full_points(subject))}
    found |= {x for v in subject.levels for x in (v.weight, v.points, v.low, v.high, v.applicable)}
    for i in subject.indicators:
        found |= {i.weight, i.final, i.computed, i.low, i.high}
        review = i.review
        found |= {review.merged, review.revised, *(e.points for e in review.experts)} if review is not None else set()
    found |= {x.points for x in (*subject.bonus, *subject.deductions)} | {step.points for step in subject.steps}
    found |= {subject.computed.total, *subject.computed.interval} if subject.computed is not None else set()
    lost = {plain(loss.lost) for loss in reading.losses(subject)}
    return {x for x in found if x is not None} | lost


def known_rates(subject: SubjectResult) -> set[str]:
    """Every 得分率 a subject's result gives, in percent."""
    rates = {plain(x) for r in reading.level_rates(subject) for x in (r.low, r.high)}
    rates |= {plain(x) for r in reading.level2_rates(subject) for x in (r.low, r.high)}
    rates |= {plain(reading.share(number(i.final), number(i.weight))) for i in subject.indicators if i.final}
    total = total_rate(subject)
    return rates | ({total.removesuffix("%")} if total else set())
