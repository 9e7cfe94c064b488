"""Pack (指标包): what is judged. Static data that can be listed, linted and hashed without importing code."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Literal, get_args

from pydantic import Field

from workbench.base.errors import Severity
from workbench.base.models import DecimalText, Model
from workbench.scheme.basis import Code, Direction, Identifier, Name, Source, Version

API_VERSION = 1
"""The pack format this version understands (the plugin interface has its own: workbench.plugins.specs)."""

FieldType = Literal["text", "code", "integer", "number", "money", "percent", "date", "bool"]

DEFAULT_DECIMALS: dict[str, int] = {"integer": 0, "number": 4, "money": 6, "percent": 4}


class FieldSpec(Model):
    """One column of an evidence table.

    ``title`` is the Chinese header; ``unit`` the unit values are stored in (money: 元, 万元 or 亿元); a percent is stored
    as 93 for 93 %. ``min`` and ``max`` bound what is plausible, in that unit.
    """

    name: Name
    title: str
    type: FieldType
    unit: str | None = None
    decimals: int | None = Field(default=None, ge=0, le=6)
    required: bool = False
    min: DecimalText | None = None
    max: DecimalText | None = None
    codes: list[str] | None = None
    note: str | None = None

    @property
    def places(self) -> int:
        """Decimals the field is stored with."""
        return self.decimals if self.decimals is not None else DEFAULT_DECIMALS.get(self.type, 0)

    @property
    def numeric(self) -> bool:
        """Whether the field holds numbers."""
        return self.type in DEFAULT_DECIMALS


class TableSpec(Model):
    """One evidence sheet.

    Every row belongs to a subject; ``per: subject`` means at most one row for each. ``per: shared`` rows belong to no
    subject: what all of them are measured by (benchmarks, price indices).
    """

    name: Name
    title: str
    per: Literal["subject", "rows", "shared"] = "rows"
    key: list[Name] = []
    fields: list[FieldSpec]
    required: bool = True
    note: str | None = None


class ColumnSpec(Model):
    """A column a derived table yields."""

    name: Name
    title: str
    type: Literal["number", "money", "percent", "integer", "text", "date", "bool"] = "number"
    unit: str | None = None
    decimals: int | None = Field(default=None, ge=0, le=6)


class Derived(Model):
    """A table with one row per subject, made by one SELECT (``sql``) or by a plugin's Python derivation (``python``).

    ``reads``: the evidence tables a Python derivation reads, where values of it come from; all of them when left out.
    """

    name: Name
    title: str
    sql: str | None = None
    python: Identifier | None = None
    params: dict[str, Any] = {}
    reads: list[Name] = []
    columns: list[ColumnSpec]


class RuleRef(Model):
    """A rule kind with its parameters; the kind's own typed model checks them."""

    kind: Name
    params: dict[str, Any] = {}
    example: bool = False
    clause: Source | None = None


class InputSpec(Model):
    """A further measure a rule needs beside value and target."""

    expr: str
    title: str
    unit: str | None = None
    decimals: int = Field(default=2, ge=0, le=6)


class Indicator(Model):
    """A level-3 indicator: what is measured, what it is worth and which evidence proves it.

    ``judged`` names the class a ruleset turns into a rule; ``rule`` fixes the rule in the pack instead.
    ``value``, ``target``, ``claimed``, ``applies`` and ``provisional`` are SQL column expressions over one row per
    subject. Where ``provisional`` is true the points stay 拟得分 even with verified evidence: what they rest on (a
    stocktaking, an audit) has not been done. ``over_100``: more than 100 % is nothing odd (farmland above its target).
    ``responsible`` names who answers for the result (责任主体).
    """

    code: Code
    name: str
    level1: str
    level2: str | None = None
    weight: DecimalText = Field(ge=0)
    direction: Direction = "gte"
    unit: str | None = None
    decimals: int = Field(default=2, ge=0, le=6)
    judged: Name | None = None
    rule: RuleRef | None = None
    value: str | None = None
    target: str | None = None
    target_text: str | None = None
    inputs: dict[Name, InputSpec] = {}
    claimed: str | None = None
    applies: str | None = None
    provisional: str | None = None
    approved: bool = False
    over_100: bool = False
    meaning: str | None = None
    formula: str | None = None
    proof: list[str] = []
    responsible: str | None = None
    clause: Source | None = None
    example: bool = False


class Extra(Model):
    """A bonus or deduction item outside the base points; ``limit`` is the most it can add or take."""

    code: Code
    name: str
    limit: DecimalText = Field(gt=0)
    unit: str | None = None
    decimals: int = Field(default=2, ge=0, le=6)
    rule: RuleRef
    value: str | None = None
    inputs: dict[Name, InputSpec] = {}
    clause: Source | None = None
    example: bool = False


class ExtraBlock(Model):
    """The bonus block (``cap``: at most this much in all) or the deduction block (``floor``: total not below it)."""

    cap: DecimalText | None = None
    floor: DecimalText | None = None
    items: list[Extra] = []
    clause: Source | None = None
    example: bool = False


class CheckSpec(Model):
    """A finding the pack looks for: ``when`` is true → ``message``, whose {names} are the ``show`` expressions."""

    code: Name
    when: str
    message: str
    show: dict[Name, InputSpec] = {}
    severity: Severity = "warning"
    indicator: Code | None = None
    clause: Source | None = None

    def filled(self, words: Mapping[str, str]) -> str:
        """The message with {names} put in. Not ``str.format``, whose {a.b} and {a:>9999999999} are a program of their own."""
        return re.sub(r"\{(\w+)\}", lambda m: words.get(m[1], m[0]), self.message)


class AnalysisSpec(Model):
    """A table that explains instead of scoring (分析表): cost structure, idle assets, growth by tax.

    One SELECT over the evidence and derived tables, or a plugin's Python derivation, yields a ``subject`` column and the
    declared ones, in the order to be shown. ``per: subject`` rows are read one subject at a time; ``per: all`` rows stand
    side by side, 参照 included. ``reads``: the evidence tables a Python derivation reads; all of them when left out.
    """

    name: Name
    title: str
    per: Literal["subject", "all"] = "subject"
    sql: str | None = None
    python: Identifier | None = None
    params: dict[str, Any] = {}
    reads: list[Name] = []
    columns: list[ColumnSpec] = Field(min_length=1)
    note: str | None = None


class ChartSpec(Model):
    """A chart of one analysis; the fields name its columns.

    Attributes:
        label: what each bar, step or dot is called; x: where it stands (lines, scatter: a number or date).
        values: what is drawn, one series each; waterfall and scatter draw one.
        total: yes/no column of a waterfall, its rows are levels reached instead of steps.
        reference: what each row is compared with (bars: a mark; scatter and lines: a dashed line).
        low, high: ends of an interval around the reference or the value.
    """

    name: Name
    title: str
    kind: Literal["waterfall", "bars", "stack", "lines", "scatter"]
    analysis: Name
    label: Name | None = None
    x: Name | None = None
    values: list[Name] = Field(min_length=1)
    total: Name | None = None
    reference: Name | None = None
    low: Name | None = None
    high: Name | None = None
    note: str | None = None


class SurveySpec(Model):
    """Adds the standard sheet 满意度调查, its derived table ``surveyed`` and the findings on weak surveys.

    ``mean_weights``: points of the five answers in the mean (均值法), from 非常满意 to 不满意; no source fixes them.
    """

    title: str = "满意度调查"
    respondents: str = "服务对象"
    minimum_valid_percent: DecimalText = Field(default=Decimal(80), gt=0, le=100)
    margin_percent: DecimalText = Field(default=Decimal(10), gt=0, lt=100)
    mean_weights: list[DecimalText] = Field(
        default=[Decimal(100), Decimal(80), Decimal(60), Decimal(30), Decimal(0)], min_length=5, max_length=5
    )


class BenchmarkItem(Model):
    """One quantity others are compared with; ``title`` is how the 对标值 sheet names it."""

    name: Name
    title: str
    unit: str | None = None
    decimals: int = Field(default=2, ge=0, le=4)


BenchmarkScope = Literal["全国平均", "全省平均", "同类平均", "行业平均", "规定标准", "其他"]
BENCHMARK_SCOPES: tuple[BenchmarkScope, ...] = get_args(BenchmarkScope)


class BenchmarkSheet(Model):
    """Adds the standard sheet 对标值 and the derived table ``benchmark``, which holds the value chosen for each item.

    ``prefer``: which scope is taken before which (吉政发〔2025〕11号 任务11: 对标全国平均水平). ``year``: a subject field;
    the newest value not after that year is taken, without it the newest. A value more than ``old_after_years`` before
    that year is a finding; no source fixes the number.
    """

    items: list[BenchmarkItem] = Field(min_length=1)
    prefer: list[BenchmarkScope] = list(BENCHMARK_SCOPES)
    year: Name | None = None
    old_after_years: int = Field(default=3, ge=0)


class WeightRange(Model):
    """What a source allows a level 1 to weigh, both ends included; a scheme outside is a finding."""

    level1: str
    low: DecimalText
    high: DecimalText
    clause: Source


class Variant(Model):
    """One of the trees a pack offers: points of each level 1, and the ruleset it is meant for.

    ``weights``: points of indicators that weigh differently in this tree; 0 leaves the indicator out.
    """

    title: str
    level1: dict[str, DecimalText]
    weights: dict[Code, DecimalText] = {}
    ruleset: Identifier | None = None
    clause: Source | None = None


class IndicatorSheet(Model):
    """Says that level-3 indicators are read from the workbook's 绩效指标 sheet (they differ from project to project)."""

    title: str = "绩效指标"
    level2: dict[str, list[str]] = {}
    satisfaction: list[str] = []
    note: str | None = None


class Example(Model):
    """The pack's worked example: a plan, and the expected scores worked out by hand in ``document``."""

    plan: str
    expected: str
    document: str


class Pack(Model):
    """The whole indicator pack."""

    id: Identifier
    version: Version
    api_version: int
    title: str
    object: str
    basis: list[Source]
    notes: list[str] = []
    ruleset: Identifier
    variants: dict[Name, Variant] = {}
    subject_fields: list[FieldSpec] = []
    tables: list[TableSpec] = []
    indicator_sheet: IndicatorSheet | None = None
    survey: SurveySpec | None = None
    benchmarks: BenchmarkSheet | None = None
    derived: list[Derived] = []
    indicators: list[Indicator]
    bonus: ExtraBlock = ExtraBlock()
    deductions: ExtraBlock = ExtraBlock()
    weight_ranges: list[WeightRange] = []
    checks: list[CheckSpec] = []
    analyses: list[AnalysisSpec] = []
    charts: list[ChartSpec] = []
    notebook: str | None = None
    example: Example | None = None
