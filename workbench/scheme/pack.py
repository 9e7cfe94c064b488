"""Pack (指标包): what is judged. Static data that can be listed, linted and hashed without importing code."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Literal

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
    """One evidence sheet. Every row belongs to a subject; ``per: subject`` means at most one row for each."""

    name: Name
    title: str
    per: Literal["subject", "rows"] = "rows"
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
    """A table with one row per subject, made by one SELECT (``sql``) or by a plugin's Python derivation (``python``)."""

    name: Name
    title: str
    sql: str | None = None
    python: Identifier | None = None
    params: dict[str, Any] = {}
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
    ``value``, ``target``, ``claimed`` and ``applies`` are SQL column expressions over one row per subject.
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
    approved: bool = False
    meaning: str | None = None
    formula: str | None = None
    proof: list[str] = []
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


class Variant(Model):
    """One of the trees a pack offers: points of each level 1, and the ruleset it is meant for."""

    title: str
    level1: dict[str, DecimalText]
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
    derived: list[Derived] = []
    indicators: list[Indicator]
    bonus: ExtraBlock = ExtraBlock()
    deductions: ExtraBlock = ExtraBlock()
    checks: list[CheckSpec] = []
    notebook: str | None = None
    example: Example | None = None
