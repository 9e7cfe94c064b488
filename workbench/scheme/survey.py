"""What ``survey:`` in a pack stands for: the sheet 满意度调查, the table made from it, and the findings on weak surveys.

No regulation read fixes the size of a sample. The size asked for is that of Cochran, Sampling Techniques, 3rd ed. 1977,
4.4: n0 = t²pq/e² with t = 1.96 (95 %) and pq = 0.25, and n = n0 / (1 + (n0 − 1) / N) in a population of N, rounded up.
"""

from __future__ import annotations

from decimal import Decimal
from math import gcd

from workbench.base.text import plain, trimmed
from workbench.scheme.basis import Source
from workbench.scheme.pack import CheckSpec, ColumnSpec, Derived, FieldSpec, InputSpec, SurveySpec, TableSpec

SURVEY, SURVEYED = "survey", "surveyed"
CENSUS = "普查"
SAMPLING = [CENSUS, "简单随机抽样", "分层抽样", "整群抽样", "便利抽样", "其他"]
NOT_RANDOM = ("便利抽样", "其他")
UNIT_ITSELF = "被评价单位"
SURVEYORS = ["评价机构", "委托方", UNIT_ITSELF, "其他"]
LEVELS = {
    "very_satisfied": "非常满意份数",
    "fairly_satisfied": "比较满意份数",
    "neutral": "一般份数",
    "dissatisfied": "不太满意份数",
    "very_dissatisfied": "不满意份数",
}
"""The five answers, best first."""
COCHRAN = Source(document="Cochran, Sampling Techniques, 3rd ed. 1977", clause="4.4")
MOST_PEOPLE = 10**10
"""Populations are taken as this at most (more than mankind), so that the integer arithmetic below cannot overflow."""


def survey_table(spec: SurveySpec) -> TableSpec:
    """The evidence sheet: one row per subject, nothing required, since what is missing stays unscored."""
    fields = [
        FieldSpec(name="respondents", title="调查对象", type="text", note=f"调查了谁,如{spec.respondents}"),
        _count("population", "服务对象总数", None, "应受益或应服务的对象总数,即调查的总体"),
        FieldSpec(name="sampling", title="抽样方法", type="code", codes=SAMPLING),
        _count("sample", "发放份数", "份", "样本量"),
        _count("valid", "有效份数", "份", "收回并可用的份数,不含空白、雷同卷"),
        *(_count(name, title, "份", "五个等次要么都填,要么都不填") for name, title in LEVELS.items()),
        _count("satisfied", "满意份数", "份", "五个等次都已填写时可留空,按“非常满意”加“比较满意”计"),
        FieldSpec(name="surveyor", title="发放人", type="text", note="实际发放和回收问卷的单位或人员"),
        FieldSpec(name="surveyor_role", title="发放人身份", type="code", codes=SURVEYORS),
        FieldSpec(name="surveyed_on", title="调查日期", type="date", note="调查结束的日期"),
    ]
    note = "一个评价对象一行;没有做问卷调查的留空,不要用“无投诉”代替。"
    return TableSpec(name=SURVEY, title=spec.title, per="subject", required=False, fields=fields, note=note)


def _count(name: str, title: str, unit: str | None, note: str) -> FieldSpec:
    return FieldSpec(name=name, title=title, type="integer", unit=unit, min=Decimal(0), note=note)


def survey_derived(spec: SurveySpec) -> Derived:
    """The table ``surveyed``: satisfied answers, mean score, answers counted, sample asked for, valid returns."""
    answers = " + ".join(LEVELS)
    weighted = " + ".join(f"{name} * {plain(w)}" for name, w in zip(LEVELS, spec.mean_weights, strict=True))
    people = f"CASE WHEN population >= 1 THEN CAST(least(population, {MOST_PEOPLE}) AS BIGINT) END"
    sql = (
        "SELECT subject, coalesce(satisfied, very_satisfied + fairly_satisfied) AS satisfied, "
        "weighted / nullif(counted, 0) AS mean, counted, "
        f"{required_sample_sql(spec.margin_percent, 'people')} AS required_sample, "
        "valid / nullif(sample, 0) * 100 AS valid_rate "
        "FROM (SELECT subject, satisfied, very_satisfied, fairly_satisfied, valid, sample, "
        f"{answers} AS counted, {weighted} AS weighted, {people} AS people FROM {SURVEY})"
    )
    weights = "/".join(trimmed(w) for w in spec.mean_weights)
    columns = [
        ColumnSpec(name="satisfied", title="满意份数", type="integer", unit="份"),
        ColumnSpec(name="mean", title=f"满意度均值(五个等次按{weights}计,示例,可改)", unit="分", decimals=2),
        ColumnSpec(name="counted", title="五个等次份数合计", type="integer", unit="份"),
        ColumnSpec(name="required_sample", title="最低样本量", type="integer", unit="份"),
        ColumnSpec(name="valid_rate", title="有效回收率", type="percent", unit="%", decimals=2),
    ]
    return Derived(name=SURVEYED, title="满意度调查汇总", sql=sql, columns=columns)


def required_sample_sql(margin_percent: Decimal, people: str) -> str:
    """Cochran's sample size at 95 % and ± ``margin_percent`` as one integer quotient, rounded up.

    With n0 = 9604/m² (1.96² · 0.25 · 100²) and m² = p/q the size is 9604·q·N / (p·N + 9604·q − p).
    """
    hundredths = int(margin_percent * 100)
    square, scale = hundredths**2, 10**4
    shared = gcd(9604 * scale, square)
    top, side = 9604 * scale // shared, square // shared
    below = f"({side} * {people} + {top - side})"
    return f"({top} * {people} + {below} - 1) // {below}"


def survey_checks(spec: SurveySpec) -> list[CheckSpec]:
    """The findings on a survey that proves little. None of them changes a score."""
    return [_too_small(spec), _few_returns(spec), *_weak_method(), *_contradictions()]


def _shown(**exprs: str) -> dict[str, InputSpec]:
    """Counts for a message: ``population`` without unit, all others in 份."""
    return {
        name: InputSpec(expr=expr, title=name, unit=None if name == "population" else "份", decimals=0)
        for name, expr in exprs.items()
    }


def _too_small(spec: SurveySpec) -> CheckSpec:
    stated = f"置信度95%、允许误差±{trimmed(spec.margin_percent)}%,示例,可改"
    return CheckSpec(
        code="survey_sample_small",
        when="survey.valid < surveyed.required_sample",
        message=f"有效问卷{{valid}},少于按服务对象总数{{population}}推算的最低样本量{{required}}({stated}),结果代表性不足",
        show=_shown(valid="survey.valid", population="survey.population", required="surveyed.required_sample"),
        clause=COCHRAN,
    )


def _few_returns(spec: SurveySpec) -> CheckSpec:
    """Compared at the two decimals that are shown: below 79.995 % is shown as less than 80 %."""
    limit = spec.minimum_valid_percent
    show = _shown(valid="survey.valid", sample="survey.sample")
    show["rate"] = InputSpec(expr="surveyed.valid_rate", title="rate", unit="%", decimals=2)
    return CheckSpec(
        code="survey_returns_low",
        when=f"survey.valid * 100 < survey.sample * {plain(limit - Decimal('0.005'))}",
        message=f"问卷有效回收率{{rate}}({{valid}}÷{{sample}}),低于{trimmed(limit)}%(示例,可改);请补发或说明原因",
        show=show,
    )


def _weak_method() -> list[CheckSpec]:
    sampled = "survey.valid IS NOT NULL"
    return [
        CheckSpec(
            code="survey_by_unit_itself",
            when=f"survey.surveyor_role = '{UNIT_ITSELF}'",
            message="问卷由被评价单位自行发放,结果不独立;请由评价机构或委托方发放,或电话回访部分对象核实",
        ),
        CheckSpec(
            code="survey_not_random",
            when="survey.sampling IN (" + ", ".join(f"'{s}'" for s in NOT_RANDOM) + ")",
            message="问卷没有采用随机抽样,结果不能推及全部服务对象;报告中须写明局限",
        ),
        CheckSpec(
            code="survey_method_missing",
            when=f"{sampled} AND (survey.sampling IS NULL OR survey.population IS NULL)",
            message="满意度调查没有写明服务对象总数或抽样方法,无法判断代表性;请补填",
        ),
        CheckSpec(
            code="survey_surveyor_missing",
            when=f"{sampled} AND (survey.surveyor IS NULL OR survey.surveyor_role IS NULL)",
            message="满意度调查没有写明发放人及其身份,无法判断独立性;请补填",
        ),
    ]


def _contradictions() -> list[CheckSpec]:
    return [
        CheckSpec(
            code="survey_counts_differ",
            when="surveyed.counted <> survey.valid",
            message="五个等次的份数合计{counted},与有效份数{valid}不等;请核对",
            show=_shown(counted="surveyed.counted", valid="survey.valid"),
        ),
        CheckSpec(
            code="survey_counts_differ",
            when="survey.satisfied <> survey.very_satisfied + survey.fairly_satisfied",
            message="满意份数{satisfied},与“非常满意”“比较满意”合计{both}不等,已采用所填的满意份数;请核对",
            show=_shown(satisfied="survey.satisfied", both="survey.very_satisfied + survey.fairly_satisfied"),
        ),
        CheckSpec(
            code="survey_counts_differ",
            when="survey.valid > survey.sample OR survey.sample > survey.population OR surveyed.satisfied > survey.valid",
            message="问卷份数前后矛盾:服务对象总数{population}、发放{sample}、有效{valid}、满意{satisfied},应依次不增;请核对",
            show=_shown(
                population="survey.population",
                sample="survey.sample",
                valid="survey.valid",
                satisfied="surveyed.satisfied",
            ),
            severity="error",
        ),
        CheckSpec(
            code="survey_counts_differ",
            when=f"survey.sampling = '{CENSUS}' AND survey.sample < survey.population",
            message="抽样方法写普查,但只发放{sample},少于服务对象总数{population};请核对",
            show=_shown(sample="survey.sample", population="survey.population"),
        ),
    ]
