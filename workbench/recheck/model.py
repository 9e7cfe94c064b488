"""What a self-evaluation form (绩效自评表) says, each statement with its place: the contract between reading and checking.

Nothing in here has been judged or corrected. The form is that of 财预〔2020〕10号 附1 and its local variants; a statement the
form does not make is None, a cell that is there but blank is a :class:`Written` with empty text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from workbench.base.errors import Problem


class FormKind(StrEnum):
    """What is evaluated: one project, or a whole department (部门整体支出)."""

    PROJECT = "项目支出"
    DEPARTMENT = "部门整体支出"


class FundKind(StrEnum):
    """Rows of the money block (财预〔2020〕10号 附1): only the total carries points."""

    TOTAL = "年度资金总额"
    FISCAL = "当年财政拨款"
    CARRIED = "上年结转资金"
    OTHER = "其他资金"
    PART = "其中"
    """A row of a local form that is none of these: 中央资金, 自筹, 基本支出 …"""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where something is written.

    Attributes:
        sheet: title of the worksheet; 表1, 表2 … of a Word file; 第1页表1 … of a PDF.
        row, column: from 0, in the grid of the sheet, top left of a merged range.
        cell: as a person finds it: ``D7`` in a workbook, ``第7行第4列`` elsewhere.
    """

    sheet: str
    row: int
    column: int
    cell: str


@dataclass(frozen=True, slots=True)
class Written:
    """The content of one cell, or of a labelled part of one.

    Attributes:
        text: as a person sees it, without white space around it: ``≥95%``, ``79.27%`` (also where the workbook holds 0.7927 in a
            percent format), ``3.00``; empty for a blank cell.
        spot: where it stands.
        number: exactly what the file holds where the cell is a number and nothing else (0.7927 × 100 for a percent cell).
        percent: ``number`` is a percentage.
        error: the cell shows an error, or a formula nobody has calculated.
    """

    text: str
    spot: Spot
    number: Decimal | None = None
    percent: bool = False
    error: bool = False

    @property
    def blank(self) -> bool:
        """Whether nothing is written, or only a dash."""
        return self.text.strip("-—–/／ 　") == ""


@dataclass(frozen=True, slots=True)
class FundRow:
    """One row of the money block. ``rate`` and ``points`` as written; ``weight`` is the 分值 of 执行率 (10 or 20)."""

    kind: FundKind
    name: Written
    initial: Written | None = None
    adjusted: Written | None = None
    executed: Written | None = None
    weight: Written | None = None
    rate: Written | None = None
    points: Written | None = None


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """One level-3 indicator.

    Attributes:
        number: position in the form, from 1.
        group: rows with the same number share one 分值 and 得分 (a merged cell over several indicators).
        part: a sub-item (★, 其中) that carries no points of its own.
        sign, unit: 指标性质 and 计量单位 where the form has columns for them.
        remark: 偏差原因分析及改进措施, 备注.
    """

    number: int
    group: int
    level1: Written | None
    level2: Written | None
    level3: Written
    target: Written | None = None
    actual: Written | None = None
    weight: Written | None = None
    points: Written | None = None
    remark: Written | None = None
    sign: Written | None = None
    unit: Written | None = None
    part: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """One self-evaluation form.

    Attributes:
        file: path as given, with forward slashes; number: the how-manieth form in that file, from 1.
        shape: digest of the layout (titles of the columns and their order), by which a mapping is remembered.
        year: the year the form says it is for; money_unit: 万元 or 元, None where it does not say.
        labels: further cells of the head and foot by their usual name: 主管部门, 实施单位, 项目负责人, 联系电话, 填报人, 填报日期 …
        funds, indicators: in the order of the form.
        expected, achieved: 预期目标 and 实际完成情况.
        total_weight, total_points, grade: of the total row.
        notes: paragraphs and cells that belong to no part of the form.
    """

    file: str
    number: int
    kind: FormKind
    shape: str
    title: Written
    project: Written | None = None
    department: Written | None = None
    unit: Written | None = None
    year: int | None = None
    money_unit: str | None = None
    labels: Mapping[str, Written] = field(default_factory=dict)
    funds: tuple[FundRow, ...] = ()
    expected: Written | None = None
    achieved: Written | None = None
    indicators: tuple[IndicatorRow, ...] = ()
    total_weight: Written | None = None
    total_points: Written | None = None
    grade: Written | None = None
    notes: tuple[Written, ...] = ()

    @property
    def key(self) -> str:
        """How corrections, mappings and output files name the form."""
        return f"{self.file}#{self.number}"

    def fund(self, kind: FundKind) -> FundRow | None:
        """The first row of a kind."""
        return next((row for row in self.funds if row.kind == kind), None)


@dataclass(frozen=True, slots=True)
class Question:
    """What cannot be read with certainty. Asked through the mapping file, never guessed.

    Attributes:
        code: ``columns``, ``header``, ``fund_row``, ``level``, …
        choices: what may be answered; the first is what the reader would have taken.
        subject: what the answer is filed under in the mapping: title of a column, name of a row or of a level.
    """

    file: str
    shape: str
    code: str
    text: str
    spot: Spot | None
    choices: tuple[str, ...] = ()
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A form that is there and cannot be read before its questions are answered; project and unit are empty where not found."""

    file: str
    project: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """What one file gave. A form whose questions have to be answered first is not in ``forms`` but ``waiting``.

    ``notices`` tell what a person should know about the file: hidden sheets, a wrong suffix, tracked changes.
    """

    file: str
    sha256: str
    forms: tuple[Form, ...] = ()
    questions: tuple[Question, ...] = ()
    notices: tuple[Problem, ...] = ()
    waiting: tuple[Waiting, ...] = ()
