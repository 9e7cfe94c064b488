"""The tables of a run: evidence, measures, scores, verdict, checked facts, findings, comparison."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal

from workbench.base.text import plain
from workbench.reports import reading
from workbench.reports.reading import number, total_of
from workbench.reports.reviewing import computed_total, expert_points, merged_text
from workbench.reports.table import RowKind, Table
from workbench.scheme.basis import EXAMPLE_LABEL
from workbench.scoring.result import (
    SEVERITY_WORDS,
    STATUS_WORDS,
    CapState,
    EvidenceRef,
    ExtraResult,
    FindingLine,
    IndicatorResult,
    LevelResult,
    RunResult,
    SubjectResult,
)

STEP_WORDS = {
    "level1": "一级指标",
    "rescaled": "不适用折算",
    "base": "基础分",
    "bonus": "加分",
    "deductions": "扣分",
    "total": "总分",
    "grade": "等级",
    "cap": "等级上限",
    "veto": "一票否决",
    "consequence": "结果应用",
    "incomplete": "未完成",
}
_SEVERITY_ORDER = {"error": 0, "warning": 1, "info": 2}
_IN_FILE = re.compile(r" (?=\[|第\d)")
"""Between the file of a place and what follows."""
FINAL = "最终得分"
"""The name of the column of points where there are others beside them."""
_NUMBERS = frozenset({"分值", "指标值", "完成值", "计算得分", "得分", FINAL, "得分率", "分数", "总分", "结果", "序号"})


def label(indicator: IndicatorResult) -> str:
    """Name of an indicator; one whose weight no source fixes says so."""
    return f"{indicator.name}({EXAMPLE_LABEL})" if indicator.example else indicator.name


def evidence_table(result: RunResult) -> Table:
    """佐证清单: every indicator of every subject, its status, and line by line what it rests on and where that stands."""
    file = only_file(result)
    several = len(result.subjects) > 1
    rows = []
    for subject in result.subjects:
        for i in subject.indicators:
            found = "\n".join(ref_text(ref, file) for ref in i.evidence) or "—"
            rows.append([*([subject.name] if several else []), i.code, i.name, i.weight, i.evidence_status, found])
    columns = ["指标编码", "指标", "分值", "佐证状态", "数据或资料及其位置"]
    caption = f"{result.title}:佐证资料" + (f"({file})" if file else "")
    return Table(caption, [*(["评价对象"] if several else []), *columns], rows, numeric=_NUMBERS)


def only_file(result: RunResult) -> str:
    """The file all evidence stands in, to be said once; empty when there are several."""
    places = {ref.place for s in result.subjects for i in s.indicators for ref in i.evidence}
    files = {_IN_FILE.split(place, maxsplit=1)[0] for joined in places for place in joined.split(";")}
    return files.pop() if len(files) == 1 else ""


def ref_text(ref: EvidenceRef, file: str) -> str:
    place = ref.place.replace(f"{file} ", "") if file else ref.place
    proof = "、".join(x for x in (ref.status, f"附件 {ref.sha256[:12]}" if ref.sha256 else "") if x)
    return f"{ref.document or ref.title} {place}" + (f"({proof})" if proof else "")


def measures_table(subject: SubjectResult) -> Table:
    """指标值 of a subject: the formula, the formula with the numbers put in, and what comes out."""
    rows = [[i.code, i.name, i.formula or "—", i.substituted or "—", reading.value_text(i)] for i in subject.indicators]
    return Table(f"{subject.name}:指标计算", ["指标编码", "指标", "公式", "代入数字", "结果"], rows, numeric=_NUMBERS)


class _Scores:
    """Rows of the score table, collected from top to bottom; with a review, computed and experts' points beside the final ones."""

    def __init__(self, reviewed: bool) -> None:
        points = ("计算得分", "专家得分", "汇总得分", FINAL) if reviewed else ("得分",)
        self.columns = ["一级", "二级", "三级", "分值", "指标值", "完成值", *points, "得分率", "状态", "评分说明"]
        self.rows: list[list[str]] = []
        self.kinds: list[RowKind] = []

    def add(self, kind: RowKind, **cells: str) -> None:
        cells[FINAL] = cells.get("得分", "")
        self.rows.append([cells.get(c, "") for c in self.columns])
        self.kinds.append(kind)


def score_table(subject: SubjectResult) -> Table:
    """评分表: indicators, a subtotal per level 1 with its 折算, bonus and deductions, and the total."""
    scores = _Scores(subject.computed is not None)
    for level in subject.levels:
        items = reading.members(subject, level.name)
        for indicator in items:
            _indicator_row(scores, indicator)
        _level_rows(scores, level, items)
    if subject.bonus or subject.deductions:
        _extra_rows(scores, subject)
    full, total = reading.full_points(subject), reading.total_text(subject)
    rate = f"{plain(reading.share(number(subject.total), full))}%" if subject.total is not None and full else ""
    scores.add(
        "total",
        一级="总分",
        分值=plain(full),
        计算得分=computed_total(subject) or "",
        得分=total,
        得分率=rate,
        状态="" if subject.complete else "未完成",
        评分说明=f"等级:{reading.grade_text(subject)}",
    )
    return Table(f"{subject.name}:评分表", scores.columns, scores.rows, scores.kinds, _NUMBERS)


def _indicator_row(scores: _Scores, indicator: IndicatorResult) -> None:
    review = indicator.review
    scores.add(
        "plain",
        一级=indicator.level1,
        二级=indicator.level2 or "",
        三级=label(indicator) + (f"\n责任主体:{indicator.responsible}" if indicator.responsible else ""),
        分值=indicator.weight,
        指标值=reading.target_text(indicator),
        完成值=reading.value_text(indicator),
        计算得分=indicator.computed or "—",
        专家得分=expert_points(review, "\n") if review is not None else "",
        汇总得分=merged_text(review) if review is not None else "",
        得分=reading.points_text(indicator),
        状态=STATUS_WORDS[indicator.status],
        评分说明=indicator.explanation,
    )


def _level_rows(scores: _Scores, level: LevelResult, items: list[IndicatorResult]) -> None:
    """The subtotal of what applies; where that is not the whole level, a second line brings it to full points."""
    summed, applicable = reading.final_sum(items), total_of(i.weight for i in items if i.status != "not_applicable")
    reached = reading.level_points_text(level)
    if summed == reached and applicable == number(level.weight):
        scores.add(
            "subtotal", 一级=level.name, 二级="小计", 分值=level.weight, 得分=reached, 得分率=reading.rate_text(level)
        )
        return
    if applicable:
        scores.add("subtotal", 一级=level.name, 二级="小计", 分值=plain(applicable), 得分=summed)
    note = f"适用部分{summed}/{plain(applicable)} → {reached}/{level.weight}" if applicable else "本级指标均不适用"
    scores.add(
        "subtotal",
        一级=level.name,
        二级="折算",
        分值=level.weight,
        得分=reached,
        得分率=reading.rate_text(level),
        评分说明=note,
    )


def _extra_rows(scores: _Scores, subject: SubjectResult) -> None:
    low = total_of(v.points if v.points is not None else v.low for v in subject.levels)
    high = total_of(v.points if v.points is not None else v.high for v in subject.levels)
    full = plain(reading.full_points(subject))
    scores.add("subtotal", 一级="基础分", 分值=full, 得分=reading.span(plain(low), plain(high)))
    for word, step, items in (("加分", "bonus", subject.bonus), ("扣分", "deductions", subject.deductions)):
        sign = "+" if step == "bonus" else "−"
        for item in items:
            _extra_row(scores, word, sign, item)
        counted = reading.extras(subject, step)
        if items and abs(counted) != abs(total_of(i.points for i in items)):
            scores.add("subtotal", 一级=word, 二级="合计", 得分=_signed(abs(counted), sign), 评分说明="按合计限额计入")


def _signed(size: Decimal, sign: str) -> str:
    return f"{sign}{plain(size)}" if size else plain(size)


def _extra_row(scores: _Scores, word: str, sign: str, item: ExtraResult) -> None:
    points = _signed(abs(number(item.points)), sign) if item.points is not None else "待定"
    scores.add(
        "plain",
        一级=word,
        三级=item.name,
        分值=f"限{item.limit}",
        完成值=item.value or "—",
        计算得分=points,  # no expert moves it
        得分=points,
        状态=item.state,
        评分说明=item.explanation,
    )


def verdict_table(subject: SubjectResult) -> Table:
    """评价结论: every step from points to grade and consequence."""
    rows = [[str(i), STEP_WORDS[line.step], line.text, line.points or ""] for i, line in enumerate(subject.steps, 1)]
    grade = f"{subject.name}:评价结论({reading.total_text(subject)} 分,{reading.grade_text(subject)})"
    return Table(grade, ["序号", "步骤", "说明", "分数"], rows, numeric=_NUMBERS)


def caps_table(subject: SubjectResult) -> Table:
    """情形核查: each cap and veto of the policy, what was found, and what it does."""
    rows = [[c.text, c.state, effect_text(c), c.clause, c.document or "—", c.date or "—"] for c in subject.caps]
    columns = ["情形", "核查结果", "影响", "依据条款", "核查文件", "文件日期"]
    return Table(f"{subject.name}:情形核查", columns, rows, empty="(本办法没有规定须核查的情形)")


def effect_text(cap: CapState) -> str:
    """The effect in words; what it does to the grade is added where the words do not name the grade."""
    if not cap.grade or cap.grade in cap.effect:
        return cap.effect
    return f"{cap.effect}({'最高为' if cap.kind == 'ceiling' else '定为'}“{cap.grade}”)"


def by_severity(findings: Iterable[FindingLine]) -> list[FindingLine]:
    """Findings, the gravest first, otherwise in the order of the result."""
    return sorted(findings, key=lambda f: _SEVERITY_ORDER[f.severity])


def findings_table(subject: SubjectResult) -> Table:
    """发现的问题 of a subject and its indicators, the gravest first."""
    names = {i.code: i.name for i in subject.indicators}
    rows = [
        [
            SEVERITY_WORDS[f.severity],
            names.get(f.indicator or "", f.indicator or "—"),
            f.message,
            f.clause or "—",
        ]
        for f in by_severity(subject.findings)
    ]
    columns = ["程度", "指标", "内容", "依据"]
    return Table(f"{subject.name}:发现的问题", columns, rows, empty="(未发现问题)")


def compare_table(result: RunResult) -> Table:
    """All subjects side by side: points per level 1, total, grade. 参照 rows are no subjects and are not shown."""
    names = list(dict.fromkeys(level.name for s in result.subjects for level in s.levels))
    rows = []
    for subject in result.subjects:
        reached = {level.name: f"{reading.level_points_text(level)}/{level.weight}" for level in subject.levels}
        cells = [reached.get(name, "—") for name in names]
        state = "已完成" if subject.complete else f"缺{len(reading.awaiting(subject))}项"
        rows.append([subject.name, *cells, reading.total_text(subject), reading.grade_text(subject), state])
    columns = ["评价对象", *names, "总分", "等级", "完成情况"]
    return Table(f"{result.title}:评价对象对比", columns, rows, numeric=_NUMBERS | set(names))
