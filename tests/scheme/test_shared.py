"""``survey:`` and ``benchmarks:``: what they are written out as, the numbers that come of it, and the findings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from math import ceil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.base.errors import PackError
from workbench.evidence.standard import subjects_spec
from workbench.runs.bulk import table_from_columns
from workbench.scheme.benchmarks import benchmark_table
from workbench.scheme.library import load_pack
from workbench.scheme.pack import Pack
from workbench.scheme.shared import expanded
from workbench.scheme.survey import LEVELS, required_sample_sql, survey_table
from workbench.scoring.measures import Measures, Request
from workbench.scoring.sandbox import connect

HEAD = {
    "id": "demo",
    "version": "1.0.0",
    "api_version": 1,
    "title": "示例包",
    "object": "示例",
    "basis": [],
    "ruleset": "caiyu-2020-10",
    "indicators": [],
}
YEAR = {"name": "year", "title": "评价年度", "type": "integer"}
ITEMS = [
    {"name": "rent", "title": "单位面积租金", "unit": "元/平方米"},
    {"name": "rate", "title": "利用率", "unit": "%"},
]
Tables = Mapping[str, Mapping[str, Any]]


def pack(**declared: Any) -> Pack:
    return expanded(Pack.model_validate(HEAD | declared))


def measured(made: Pack, tables: Tables, **subjects: Any) -> Measures:
    """The measures of a pack over columns in memory; two subjects P1 and P2 unless ``subject`` says otherwise."""
    main = table_from_columns(subjects_spec(made.subject_fields), {"subject": ["P1", "P2"]} | subjects)
    given = {t.name: table_from_columns(t, tables.get(t.name, {})) for t in made.tables}
    return Measures(main, given, made.derived)


def numbers(measures: Measures, sql: str, decimals: int = 2) -> list[Decimal | None]:
    return measures.columns([Request(sql, decimals, "测试")])[0].numbers()


def found(made: Pack, measures: Measures) -> list[list[str]]:
    """Per subject the messages of the checks that hold, numbers put in."""
    rows: list[list[str]] = [[] for _ in measures.ids]
    for check in made.checks:
        shown = {n: numbers(measures, s.expr, s.decimals) for n, s in check.show.items()}
        for i, holds in enumerate(numbers(measures, check.when, 0)):
            if holds:
                words = {n: f"{v[i]}{check.show[n].unit or ''}" for n, v in shown.items()}
                rows[i].append(f"{check.code}:{check.filled(words)}")
    return rows


def codes(messages: list[str]) -> list[str]:
    return [m.partition(":")[0] for m in messages]


# ---------------------------------------------------------------------------------------------------------------------
# survey
# ---------------------------------------------------------------------------------------------------------------------

GOOD = {
    "population": 1000,
    "sampling": "分层抽样",
    "sample": 120,
    "valid": 110,
    "very_satisfied": 60,
    "fairly_satisfied": 30,
    "neutral": 12,
    "dissatisfied": 5,
    "very_dissatisfied": 3,
    "satisfied": None,
    "surveyor": "某评价机构",
    "surveyor_role": "评价机构",
}


def surveyed(**changes: Any) -> tuple[Pack, Measures]:
    made = pack(survey={})
    row = {"subject": "P1"} | GOOD | changes
    return made, measured(made, {"survey": {name: [value] for name, value in row.items()}})


def test_a_survey_is_written_out_once() -> None:
    made = pack(survey={"title": "群众满意度", "respondents": "居民"})
    assert [(t.name, t.title, t.per, t.required) for t in made.tables] == [("survey", "群众满意度", "subject", False)]
    assert [d.name for d in made.derived] == ["surveyed"]
    assert expanded(made) == made
    assert expanded(made.model_copy(update={"survey": None})) == made.model_copy(update={"survey": None})


def test_mean_and_share_of_a_survey() -> None:
    # Hand: (60×100 + 30×80 + 12×60 + 5×30 + 3×0) ÷ 110 = 9270 ÷ 110 = 84.27; satisfied 60 + 30 = 90; returns 110/120 = 91.67.
    made, measures = surveyed()
    assert numbers(measures, "surveyed.mean") == [Decimal("84.27"), None]
    assert numbers(measures, "surveyed.satisfied", 0) == [90, None]
    assert numbers(measures, "surveyed.counted", 0) == [110, None]
    assert numbers(measures, "surveyed.valid_rate") == [Decimal("91.67"), None]
    assert found(made, measures) == [[], []]


def test_the_weights_of_the_mean_are_the_packs() -> None:
    # Hand, with 100/75/50/25/0: (6000 + 2250 + 600 + 125) ÷ 110 = 8975 ÷ 110 = 81.59.
    made = pack(survey={"mean_weights": [100, 75, 50, 25, 0]})
    measures = measured(made, {"survey": {n: [v] for n, v in ({"subject": "P1"} | GOOD).items()}})
    assert numbers(measures, "surveyed.mean")[0] == Decimal("81.59")
    assert "100/75/50/25/0" in made.derived[0].columns[1].title


def test_a_blank_answer_leaves_the_mean_missing() -> None:
    _, measures = surveyed(neutral=None)
    assert numbers(measures, "surveyed.mean")[0] is None
    assert numbers(measures, "surveyed.satisfied", 0)[0] == 90
    _, measures = surveyed(fairly_satisfied=None, satisfied=88)
    assert numbers(measures, "surveyed.satisfied", 0)[0] == 88


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        # Hand: n0 = 1.96²×0.25÷0.1² = 96.04; in 1000 people 96.04 ÷ (1 + 95.04/1000) = 87.7 → 88.
        ({"valid": 87, "sample": 100, "neutral": 0, "dissatisfied": 0, "very_dissatisfied": 0, "fairly_satisfied": 27},
         ["survey_sample_small:有效问卷87份,少于按服务对象总数1000推算的最低样本量88份(置信度95%、允许误差±10%,示例,可改),结果代表性不足"]),
        ({"sample": 138}, ["survey_returns_low:问卷有效回收率79.71%(110份÷138份),低于80%(示例,可改);请补发或说明原因"]),
        ({"surveyor_role": "被评价单位"}, ["survey_by_unit_itself"]),
        ({"sampling": "便利抽样"}, ["survey_not_random"]),
        ({"sampling": "其他"}, ["survey_not_random"]),
        ({"sampling": None}, ["survey_method_missing"]),
        ({"population": None}, ["survey_method_missing"]),
        ({"surveyor_role": None}, ["survey_surveyor_missing"]),
        ({"neutral": 11}, ["survey_counts_differ:五个等次的份数合计109份,与有效份数110份不等;请核对"]),
        ({"satisfied": 91}, ["survey_counts_differ:满意份数91份,与“非常满意”“比较满意”合计90份不等"]),
        ({"sample": 109}, ["survey_counts_differ:问卷份数前后矛盾:服务对象总数1000、发放109份、有效110份、满意90份"]),
        ({"population": 115}, ["survey_counts_differ:问卷份数前后矛盾"]),
        ({"sampling": "普查"}, ["survey_counts_differ:抽样方法写普查,但只发放120份,少于服务对象总数1000;请核对"]),
    ],
)  # fmt: skip
def test_weak_surveys_are_found(changes: dict[str, Any], expected: list[str]) -> None:
    messages, nobody = found(*surveyed(**changes))
    assert [m.startswith(e) for m, e in zip(messages, expected, strict=True)] == [True] * len(expected), messages
    assert nobody == []


def test_returns_are_compared_at_the_decimals_shown() -> None:
    # Hand: 79995/100000 = 79.995 % is shown as 80.00 %; 79994 is shown as 79.99 %.
    nothing = dict.fromkeys(LEVELS)
    for valid, expected in ((79995, []), (79994, ["survey_returns_low"])):
        messages, _ = found(*surveyed(**nothing, population=10**6, sample=100_000, valid=valid))
        assert codes(messages) == expected


def cochran(people: int, margin: Decimal) -> int:
    """The formula as the book has it, in fractions."""
    from fractions import Fraction

    first = Fraction("3.8416") / 4 / (Fraction(margin) / 100) ** 2
    return ceil(first / (1 + (first - 1) / people))


@given(people=st.integers(1, 10**10), margin=st.decimals("0.5", "50", places=2))
def test_the_sample_asked_for_is_cochrans(people: int, margin: Decimal) -> None:
    sql = required_sample_sql(margin, f"CAST({people} AS BIGINT)")
    assert connect().execute(f"SELECT {sql}").fetchall() == [(cochran(people, margin),)]


@pytest.mark.parametrize(
    ("people", "margin", "expected"),
    # Hand at ±5 %: n0 = 384.16; 384.16 ÷ (1 + 383.16/1000) = 277.7 and ÷ (1 + 383.16/10000) = 369.98.
    [(1000, "5", 278), (10_000, "5", 370), (10**9, "5", 385), (100, "10", 50), (1, "10", 1)],
)
def test_known_sample_sizes(people: int, margin: str, expected: int) -> None:
    assert cochran(people, Decimal(margin)) == expected
    made = pack(survey={"margin_percent": margin})
    measures = measured(made, {"survey": {"subject": ["P1", "P2"], "population": [people, 0]}})
    assert numbers(measures, "surveyed.required_sample", 0) == [expected, None]


# ---------------------------------------------------------------------------------------------------------------------
# benchmarks
# ---------------------------------------------------------------------------------------------------------------------

ROWS = [
    ("单位面积租金", "全省平均", "某省", 2023, "21.5", "元/平方米"),
    ("单位面积租金", "全国平均", None, 2021, "30", None),
    ("单位面积租金", "全国平均", None, 2023, "32.25", "元/平方米"),
    ("单位面积租金", "全国平均", None, 2025, "40", "元/平方米"),
    ("利用率", "同类平均", "高校", 2020, "88.5", "%"),
]
COLUMNS = ("item", "scope", "region", "year", "value", "unit")


def compared(
    rows: list[tuple[Any, ...]], *, years: tuple[Any, ...] = (2024, 2022), **sheet: Any
) -> tuple[Pack, Measures]:
    made = pack(benchmarks={"items": ITEMS, "year": "year"} | sheet, subject_fields=[YEAR])
    columns = {name: [row[i] for row in rows] for i, name in enumerate(COLUMNS)}
    values = columns | {"value": [float(v) for v in columns["value"]], "source": ["统计年鉴"] * len(rows)}
    return made, measured(made, {"benchmark_values": values if rows else {}}, year=list(years))


def test_the_national_average_of_the_newest_year_is_taken() -> None:
    made, measures = compared(ROWS)
    assert numbers(measures, "benchmark.rent") == [Decimal("32.25"), Decimal("30.00")]
    assert numbers(measures, "benchmark.rent_year", 0) == [2023, 2021]
    assert numbers(measures, "benchmark.rent_scope = '全国平均' AND benchmark.rent_source = '统计年鉴'", 0) == [1, 1]
    assert numbers(measures, "benchmark.rate") == [Decimal("88.50")] * 2
    first, second = found(made, measures)
    # Hand: 2024 − 2020 = 4 years, more than 3; 2022 − 2020 = 2.
    assert first == [
        "benchmark_not_national:对标项“利用率”没有全国平均,采用的是2020年度同类平均",
        "benchmark_old:对标项“利用率”用的是2020年度的数值,比评价年度2024早3年以上(示例,可改)",
    ]
    assert codes(second) == ["benchmark_not_national"]


def test_without_a_year_the_newest_is_taken() -> None:
    made, measures = compared(ROWS, year=None)
    assert numbers(measures, "benchmark.rent") == [Decimal("40.00")] * 2
    assert "benchmark_old" not in {c.code for c in made.checks}


def test_another_scope_can_be_preferred() -> None:
    made, measures = compared(ROWS, prefer=["全省平均"])
    assert numbers(measures, "benchmark.rent") == [Decimal("21.50"), Decimal("30.00")]
    assert codes(found(made, measures)[1]) == ["benchmark_not_preferred"] * 2
    assert "依次采用:全省平均、全国平均、" in (benchmark_table(made.benchmarks).note or "")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([], ["benchmark_none"]),  # once, not for every item
        (ROWS[3:4], ["benchmark_missing"] * 2),  # the only row is of 2025, after both years
    ],
)
def test_without_a_value_nothing_is_made_up(rows: list[tuple[Any, ...]], said: list[str]) -> None:
    made, measures = compared(rows)
    assert numbers(measures, "benchmark.rent") == [None, None]
    assert [codes(m) for m in found(made, measures)] == [said, said]


def test_a_subject_without_year_is_compared_with_nothing() -> None:
    made, measures = compared(ROWS, years=(2024, None))
    assert numbers(measures, "benchmark.rent") == [Decimal("32.25"), None]
    assert codes(found(made, measures)[1]) == ["benchmark_missing"] * 2


def test_a_value_in_another_unit_is_not_taken() -> None:
    made, measures = compared([*ROWS[:2], ("单位面积租金", "全国平均", None, 2023, "3225", "分/平方米")])
    assert numbers(measures, "benchmark.rent") == [None, Decimal("30.00")]
    first = found(made, measures)[0]
    assert (
        first[0]
        == "benchmark_unit_differs:对标项“单位面积租金”2023年度的对标值不是以元/平方米为单位,没有采用;请换算后填写"
    )


def test_rows_that_compete_are_named_and_the_upper_one_is_taken() -> None:
    again = [*ROWS, (*ROWS[2][:4], "33", None)]
    made, measures = compared(again)
    assert numbers(measures, "benchmark.rent") == [Decimal("32.25"), Decimal("30.00")]
    assert "benchmark_twice" in codes(found(made, measures)[0])
    made, measures = compared([*ROWS[:1], (*ROWS[0][:2], "另一省", 2023, "25", None)])
    assert numbers(measures, "benchmark.rent")[0] == Decimal("21.50")
    assert (
        "benchmark_several:对标项“单位面积租金”2023年度同一范围有2行(地区或行业不同),采用最上面的一行;请只保留适用的"
        in (found(made, measures)[0])
    )


def test_a_quotation_mark_in_a_title_stays_text() -> None:
    made = pack(benchmarks={"items": [{"name": "a", "title": "甲'乙", "unit": "'"}]})
    row = {"item": ["甲'乙"], "scope": ["全国平均"], "year": [2020], "value": [1], "unit": ["'"], "source": ["x"]}
    assert numbers(measured(made, {"benchmark_values": row}), "benchmark.a", 0) == [1, 1]


def test_forty_items_fit_into_one_select() -> None:
    items = [{"name": f"item_number_{i}", "title": f"第{i}个对标项的名称", "unit": "元/平方米"} for i in range(40)]
    made = pack(benchmarks={"items": items})
    row = {"item": ["第39个对标项的名称"], "scope": ["其他"], "year": [2020], "value": [1], "source": ["x"]}
    assert numbers(measured(made, {"benchmark_values": row}), "benchmark.item_number_39", 0) == [1, 1]


def test_derived_tables_of_the_pack_come_after_those_it_may_read() -> None:
    own = {"name": "own", "title": "自有", "sql": "SELECT subject FROM subjects", "columns": []}
    made = pack(survey={}, benchmarks={"items": ITEMS}, derived=[own])
    assert [d.name for d in made.derived][-1] == "own"
    assert {"survey", "benchmark_values"} == {t.name for t in made.tables}
    assert expanded(made) == made


# ---------------------------------------------------------------------------------------------------------------------
# what cannot be written out
# ---------------------------------------------------------------------------------------------------------------------

TABLE = {"name": "survey", "title": "问卷", "fields": [{"name": "x", "title": "X", "type": "text"}]}
DERIVED = {"name": "benchmark", "title": "对标", "sql": "SELECT subject FROM subjects", "columns": []}


@pytest.mark.parametrize(
    ("declared", "said"),
    [
        ({"survey": {}, "tables": [TABLE]}, "表名“survey”由 survey: 自动生成,指标包不能再用"),
        ({"benchmarks": {"items": ITEMS}, "derived": [DERIVED]}, "表名“benchmark”由 benchmarks: 自动生成"),
        ({"survey": {}, "checks": [{"code": "survey_not_random", "when": "1 = 1", "message": "x"}]}, "检查编码"),
        ({"survey": {"margin_percent": "2.505"}}, "百分比至多两位小数"),
        ({"benchmarks": {"items": ITEMS, "year": "yaer"}, "subject_fields": [YEAR]}, "是否想写“year”?"),
        ({"benchmarks": {"items": ITEMS, "year": "year"}}, "请在 subject_fields 中加上这个字段"),
        ({"benchmarks": {"items": [ITEMS[0], ITEMS[0]]}}, "对标项的 title 重复"),
        ({"benchmarks": {"items": [ITEMS[0], {"name": "rent_year", "title": "年"}]}}, "rent_year"),
        ({"benchmarks": {"items": [{"name": "a" * 26, "title": "甲"}]}}, "不超过25个字符"),
    ],
)
def test_declarations_that_cannot_be_written_out(declared: dict[str, Any], said: str) -> None:
    with pytest.raises(PackError) as caught:
        pack(**declared)
    assert said in str(caught.value)


@pytest.fixture
def pack_file(tmp_path: Path) -> Callable[[str], Path]:
    def write(more: str) -> Path:
        path = tmp_path / "pack.yaml"
        head = "".join(f"  {k}: {v if v != [] else '[]'}\n" for k, v in HEAD.items())
        path.write_text(f"pack:\n{head}{more}", encoding="utf-8")
        return path

    return write


def test_a_pack_is_loaded_written_out(pack_file: Callable[[str], Path]) -> None:
    made = load_pack(pack_file("  survey: {}\n"))
    assert made.tables == [survey_table(made.survey)]  # type: ignore[arg-type]


def test_where_a_declaration_is_wrong_is_said(pack_file: Callable[[str], Path]) -> None:
    with pytest.raises(PackError, match=r"pack\.yaml 第10行 pack\.survey\.margin_percent"):
        load_pack(pack_file("  survey: {margin_percent: '0.005'}\n"))
