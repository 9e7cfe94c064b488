"""What ``benchmarks:`` in a pack stands for: the sheet 对标值, the value chosen for each subject, and the findings on it.

吉政发〔2025〕11号 任务11 asks to compare with the national average first; year, scope, source and unit stand beside every value.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from workbench.base.text import plain, trimmed
from workbench.scheme.expressions import literal
from workbench.scheme.pack import (
    BENCHMARK_SCOPES,
    BenchmarkItem,
    BenchmarkScope,
    BenchmarkSheet,
    CheckSpec,
    ColumnSpec,
    Derived,
    FieldSpec,
    InputSpec,
    TableSpec,
)

VALUES, CHOSEN, CHECKED = "benchmark_values", "benchmark", "benchmark_checks"
PARTS = ("scope", "year", "source")
"""What stands beside each value: columns NAME_scope, NAME_year, NAME_source."""
LONGEST_NAME = 32 - len("_source")
_LARGEST = Decimal(10) ** 11
_YEARS = (Decimal(1949), Decimal(2199))


def benchmark_table(sheet: BenchmarkSheet) -> TableSpec:
    """The evidence sheet, shared by all subjects: one row a published value."""
    fields = [
        FieldSpec(name="item", title="对标项", type="code", codes=[i.title for i in sheet.items], required=True),
        FieldSpec(name="scope", title="范围", type="code", codes=list(BENCHMARK_SCOPES), required=True),
        FieldSpec(name="region", title="地区或行业", type="text", note="全国平均可留空"),
        _year_field(),
        _value_field(),
        FieldSpec(name="unit", title="单位", type="text", note=_units_note(sheet)),
        FieldSpec(name="source", title="来源", type="text", required=True, note="文件、年鉴或网页的名称及页码、网址"),
    ]
    note = f"各评价对象共用,一行一个公布值;依次采用:{'、'.join(preference(sheet))}。"
    return TableSpec(name=VALUES, title="对标值", per="shared", required=False, fields=fields, note=note)


def _year_field() -> FieldSpec:
    low, high = _YEARS
    note = "数值所属年度,不是公布年度"
    return FieldSpec(name="year", title="年度", type="integer", required=True, min=low, max=high, note=note)


def _value_field() -> FieldSpec:
    # Beyond this the engine overflows in a formula, where no message could name the cell.
    note = "按对标项规定的单位填写"
    return FieldSpec(name="value", title="数值", type="number", required=True, min=-_LARGEST, max=_LARGEST, note=note)


def _units_note(sheet: BenchmarkSheet) -> str:
    told = ";".join(f"{i.title}:{i.unit}" for i in sheet.items if i.unit)
    return f"与规定单位不同的不采用。{told}" if told else "与规定单位不同的不采用"


def preference(sheet: BenchmarkSheet) -> list[BenchmarkScope]:
    """All scopes, those the pack prefers first."""
    return list(dict.fromkeys([*sheet.prefer, *BENCHMARK_SCOPES]))


def benchmark_derived(sheet: BenchmarkSheet) -> list[Derived]:
    """``benchmark`` with the chosen value of every item, and the helper table behind two of the findings."""
    return [_chosen(sheet), _checked(sheet)]


def _chosen(sheet: BenchmarkSheet) -> Derived:
    """A value in another unit is not taken: comparing with it would be worse than not comparing."""
    picked, columns = [], []
    for k, item in enumerate(sheet.items, 1):
        picked.append(f"max(CASE WHEN k = {k} AND fits THEN value END) AS {item.name}")
        picked += [f"max(CASE k WHEN {k} THEN {part} END) AS {item.name}_{part}" for part in PARTS]
        columns.append(ColumnSpec(name=item.name, title=item.title, unit=item.unit, decimals=item.decimals))
        columns += [
            ColumnSpec(name=f"{item.name}_scope", title=f"{item.title}的范围", type="text"),
            ColumnSpec(name=f"{item.name}_year", title=f"{item.title}的年度", type="integer"),
            ColumnSpec(name=f"{item.name}_source", title=f"{item.title}的来源", type="text"),
        ]
    sql = _per_subject(sheet, picked, [c.name for c in columns])
    return Derived(name=CHOSEN, title="对标值", sql=sql, columns=columns)


def _checked(sheet: BenchmarkSheet) -> Derived:
    picked, columns = [], []
    for k, item in enumerate(sheet.items, 1):
        for name, source, title in (("rows", "alike", "同范围同年度的行数"), ("twice", "equal", "完全重复的行数")):
            picked.append(f"max(CASE k WHEN {k} THEN {source} END) AS {name}_{k}")
            columns.append(ColumnSpec(name=f"{name}_{k}", title=f"{item.title}{title}", type="integer"))
    filled = f"(SELECT count(b.value) FROM {VALUES} b) AS filled"
    sql = _per_subject(sheet, picked, [c.name for c in columns], filled)
    columns.append(ColumnSpec(name="filled", title="对标值行数", type="integer"))
    return Derived(name=CHECKED, title="对标值核对", sql=sql, columns=columns)


def _per_subject(sheet: BenchmarkSheet, picked: list[str], names: list[str], *more: str) -> str:
    """The chosen rows turned into one row per year of the subjects, and that handed to each subject."""
    years, on = "", ""
    if sheet.year is not None:
        years = f"JOIN (SELECT DISTINCT {sheet.year} AS for_year FROM subjects) y ON b.year <= y.for_year"
        on = f"LEFT JOIN _bench p ON p.for_year = s.{sheet.year}"
    group = "for_year" if sheet.year is not None else ""
    return (
        f"WITH _bench_rows AS ({_ranked(sheet, years, group)}), "
        f"_bench AS (SELECT {', '.join([*([group] if group else []), *picked])} FROM _bench_rows WHERE place = 1"
        f"{' GROUP BY for_year' if group else ''}) "
        f"SELECT {', '.join(['s.subject', *(f'p.{n}' for n in names), *more])} "
        f"FROM subjects s {on or 'CROSS JOIN _bench p'}"
    )


def _ranked(sheet: BenchmarkSheet, years: str, group: str) -> str:
    """Every row with the number of its item, whether its unit fits, and its place among those of the item."""
    items = " ".join(f"WHEN {literal(item.title)} THEN {k}" for k, item in enumerate(sheet.items, 1))
    units = " ".join(f"WHEN {literal(i.title)} THEN {literal(i.unit)}" for i in sheet.items if i.unit is not None)
    wanted = f"CASE b.item {units} END" if units else "NULL"
    scopes = " ".join(f"WHEN {literal(scope)} THEN {k}" for k, scope in enumerate(preference(sheet), 1))
    own = f"y.{group}, " if group else ""
    return (
        f"SELECT {own}b.scope, b.year, b.source, b.value, CASE b.item {items} END AS k, "
        f"coalesce(b.unit = {wanted}, TRUE) AS fits, "
        f"row_number() OVER (PARTITION BY {own}b.item ORDER BY CASE b.scope {scopes} END, b.year DESC, b._row) AS place, "
        f"count(*) OVER (PARTITION BY {own}b.item, b.scope, b.year) AS alike, "
        f"count(*) OVER (PARTITION BY {own}b.item, b.scope, b.year, b.region) AS equal "
        f"FROM {VALUES} b {years}"
    )


def benchmark_checks(sheet: BenchmarkSheet) -> list[CheckSpec]:
    """The findings on the chosen values, item by item; a sheet nobody filled in is said once."""
    none = CheckSpec(
        code="benchmark_none",
        when=f"{CHECKED}.filled = 0",
        message="“对标值”表没有填写,与对标值比较的指标不评分;请补填并写明年度、范围和来源",
    )
    return [none] + [check for k, item in enumerate(sheet.items, 1) for check in _item_checks(sheet, item, k)]


def _item_checks(sheet: BenchmarkSheet, item: BenchmarkItem, k: int) -> Iterator[CheckSpec]:
    value = f"{CHOSEN}.{item.name}"
    named = f"对标项“{item.title}”"
    until = "不晚于评价年度的" if sheet.year is not None else ""
    yield CheckSpec(
        code="benchmark_missing",
        when=f"{value}_scope IS NULL AND {CHECKED}.filled > 0",
        message=f"{named}没有{until}对标值,与其比较的指标不评分;请在“对标值”表补填",
    )
    yield CheckSpec(
        code="benchmark_unit_differs",
        when=f"{value} IS NULL AND {value}_scope IS NOT NULL",
        message=f"{named}{{year}}年度的对标值不是以{item.unit}为单位,没有采用;请换算后填写",
        show={"year": _year(item)},
        severity="error",
    )
    first, *others = preference(sheet)
    for scope in others:
        yield CheckSpec(
            code="benchmark_not_national" if first == "全国平均" else "benchmark_not_preferred",
            when=f"{value}_scope = {literal(scope)}",
            message=f"{named}没有{first},采用的是{{year}}年度{scope}",
            show={"year": _year(item)},
            severity="info",
        )
    yield CheckSpec(
        code="benchmark_twice",
        when=f"{CHECKED}.twice_{k} > 1",
        message=f"{named}的同一数值(范围、地区、年度都相同)填了不止一行,采用最上面的一行;请删去重复的行",
    )
    yield CheckSpec(
        code="benchmark_several",
        when=f"{CHECKED}.rows_{k} > {CHECKED}.twice_{k}",
        message=f"{named}{{year}}年度同一范围有{{rows}}行(地区或行业不同),采用最上面的一行;请只保留适用的",
        show={"year": _year(item), "rows": InputSpec(expr=f"{CHECKED}.rows_{k}", title="rows", decimals=0)},
    )
    if sheet.year is not None:
        yield _old(sheet, item, sheet.year)


def _old(sheet: BenchmarkSheet, item: BenchmarkItem, year: str) -> CheckSpec:
    limit = trimmed(Decimal(sheet.old_after_years))
    return CheckSpec(
        code="benchmark_old",
        when=f"{year} - {CHOSEN}.{item.name}_year > {plain(Decimal(sheet.old_after_years))}",
        message=f"对标项“{item.title}”用的是{{year}}年度的数值,比评价年度{{own}}早{limit}年以上(示例,可改)",
        show={"year": _year(item), "own": InputSpec(expr=year, title="own", decimals=0)},
    )


def _year(item: BenchmarkItem) -> InputSpec:
    return InputSpec(expr=f"{CHOSEN}.{item.name}_year", title="year", decimals=0)
