"""The sheet of an on-site check (真实性核查表): its columns, its lines as typed values, and what a confirmation needs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Literal, cast

from workbench.analysis.classing import Compared, ProofState
from workbench.analysis.printed import LISTED, PRINTED_CLAIMS, Printed, disagreements, printed_in
from workbench.analysis.projects import text_at
from workbench.analysis.values import Refused, amount, is_percent, value_of
from workbench.base.errors import Place, Problem, RegisterError
from workbench.evidence.reader import read_sheets
from workbench.evidence.standard import SIGNS
from workbench.evidence.tables import Table
from workbench.scheme.pack import FieldSpec, TableSpec

Confirmed = Literal["笔误", "口径差异", "佐证不足", "虚报", "无异议"]
CONFIRMED: list[Confirmed] = ["笔误", "口径差异", "佐证不足", "虚报", "无异议"]
PROOF_STATES: list[ProofState] = ["有佐证", "佐证不足", "未提供"]
UNTRUE: Confirmed = "虚报"
PROVEN: ProofState = "有佐证"
ADVICE = "请使用 workbench sample 写出的“真实性核查表”填写,不要改动表头"
_COMPUTED = "由 workbench truth 计算,程序不读取"
HUNDRED = Decimal(100)


def _text(name: str, title: str, note: str | None = None) -> FieldSpec:
    return FieldSpec(name=name, title=title, type="text", note=note)


CHECK = TableSpec(
    name="check",
    title="真实性核查表",
    per="shared",
    key=["project", "indicator"],
    fields=[
        FieldSpec(name="project", title="项目编号", type="text", required=True),
        _text("name", "项目名称"),
        _text("indicator", "三级指标"),
        FieldSpec(name="direction", title="指标性质", type="code", codes=list(SIGNS)),
        _text("target", "年度指标值"),
        _text("unit", "计量单位"),
        _text("claimed", "自评值", "自评表里的实际完成值,照抄"),
        _text("verified", "核查值", "现场核实的实际完成值"),
        _text("difference", "差异", _COMPUTED),
        FieldSpec(name="proof", title="佐证情况", type="code", codes=list(PROOF_STATES)),
        _text("document", "佐证材料", "名称、文号或编号"),
        _text("other", "另一口径的值", "按单位采用的口径算出的值,如有"),
        _text("basis", "口径说明", "核查人认为是口径不同的,写明是什么口径"),
        _text("proposed", "建议分类", _COMPUTED),
        _text("ground", "建议理由", _COMPUTED),
        _text("remark", "备注"),
        _text("statement", "陈述申辩", "单位的意见;放弃的写“放弃”"),
        FieldSpec(name="heard_on", title="陈述申辩日期", type="date"),
        FieldSpec(name="confirmed", title="财政确认", type="code", codes=list(CONFIRMED)),
        _text("confirmer", "确认人"),
        FieldSpec(name="confirmed_on", title="确认日期", type="date"),
        _text("decision", "确认文件", "名称及文号,重新评价时作为情形核查的依据"),
    ],
    note="一行一个指标。没有用到的空行可以保留。",
)


@dataclass(frozen=True)
class Line:
    """One indicator of one project as checked; texts as written. ``row``: where it stands in the sheet."""

    project: str
    name: str | None
    indicator: str
    direction: str
    target: str | None
    unit: str | None
    claimed: str
    verified: str | None
    other: str | None
    compared: Compared
    document: str | None
    remark: str | None
    statement: str | None
    heard_on: date | None
    confirmed: Confirmed | None
    confirmer: str | None
    confirmed_on: date | None
    decision: str | None
    row: int

    @property
    def filled(self) -> bool:
        """Whether anybody has written down what was found: lines printed from the register alone say nothing."""
        return any((self.verified, self.compared.proof, self.other, self.compared.basis, self.confirmed))


@dataclass(frozen=True)
class Checked:
    """All lines of a filled sheet, and what is noteworthy about them. ``untouched``: id and name of projects without any.

    ``printed``: what the workbook says was drawn; the sheet agrees with it.
    """

    lines: list[Line]
    untouched: list[tuple[str, str | None]]
    file: str
    notes: list[Problem]
    printed: Printed


def read_check(path: Path) -> Checked:
    """Reads a filled 真实性核查表; lines in which nothing was filled in are passed over.

    Raises:
        FileError: the file cannot be read.
        RegisterError: with every problem found: values that are no numbers, confirmations before a hearing, projects or
            claims that are not those drawn and printed, and so on; or nothing was filled in at all.
    """
    sheets = read_sheets(path, [CHECK, LISTED, PRINTED_CLAIMS], ADVICE, RegisterError)
    table, *drawn = (sheets.tables[spec.name] for spec in (CHECK, LISTED, PRINTED_CLAIMS))
    reading = _Reading(table)
    lines = [line for i in range(len(table)) if (line := reading.line(i)) is not None]
    reading.compare(*drawn)
    if reading.problems:
        raise RegisterError(reading.problems)
    if not any(line.filled for line in lines):
        place, message = Place(table.file, table.sheet), "核查表还没有填写,没有写出核查结果"
        fix = "请到现场核查后,逐个指标填写“核查值”“佐证情况”“佐证材料”(没有印好指标的,先填三级指标、指标性质和自评值),再执行一次"
        raise RegisterError(Problem("nothing_checked", message, place, fix=fix))
    # The workbook of results is read again after finance has filled it in; its other sheets are meant to be there.
    # Of the list only the projects are read, its other columns are not amiss.
    notes = [
        n for n in sheets.notes if n.code != "unknown_sheet" and (n.place is None or n.place.sheet != LISTED.title)
    ]
    untouched = _untouched(table, {line.project for line in lines})
    return Checked(lines, untouched, table.file, notes + reading.warnings, printed_in(*drawn))


def _untouched(table: Table, filled: set[str]) -> list[tuple[str, str | None]]:
    found = {text_at(table, i, "project") or "": text_at(table, i, "name") for i in range(len(table))}
    return [(project, name) for project, name in found.items() if project not in filled]


class _Reading:
    """One pass over the sheet."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.problems: list[Problem] = []
        self.warnings: list[Problem] = []

    def compare(self, listed: Table, claims: Table) -> None:
        """Hold the sheet against what was drawn and printed."""
        for problem in disagreements(self.table, listed, claims):
            (self.warnings if problem.severity == "warning" else self.problems).append(problem)

    def line(self, i: int) -> Line | None:
        text = {f.name: text_at(self.table, i, f.name) for f in CHECK.fields if f.type in ("text", "code")}
        if not any(text[n] for n in ("indicator", "claimed", "verified", "proof", "confirmed")):
            return None
        for name in ("indicator", "direction", "claimed"):
            if text[name] is None:
                self._refuse(i, name, "required_blank", "这一行填了内容,但缺少这一项", None, "请补填;不用的行请清空")
        heard, confirmed_on = (cast("date | None", self.table.value(i, n)) for n in ("heard_on", "confirmed_on"))
        line = Line(
            project=text["project"] or "",
            name=text["name"],
            indicator=text["indicator"] or "",
            direction=text["direction"] or "",
            target=text["target"],
            unit=text["unit"],
            claimed=text["claimed"] or "",
            verified=text["verified"],
            other=text["other"],
            compared=self._compared(i, text),
            document=text["document"],
            remark=text["remark"],
            statement=text["statement"],
            heard_on=heard,
            confirmed=cast("Confirmed | None", text["confirmed"]),
            confirmer=text["confirmer"],
            confirmed_on=confirmed_on,
            decision=text["decision"],
            row=self.table.row_of(i, "project"),
        )
        self._check_confirmation(i, line)
        return line

    def _compared(self, i: int, text: dict[str, str | None]) -> Compared:
        sign = SIGNS.get(text["direction"] or "", "")
        claimed, verified = self._value(i, "claimed", sign, text), self._value(i, "verified", sign, text)
        return Compared(
            claimed=claimed,
            verified=verified,
            claimed_text=text["claimed"] or "",
            verified_text=text["verified"],
            proof=cast("ProofState | None", text["proof"]),
            worse=_worse(sign, claimed, verified, amount(text["target"], text["unit"])),
            other=self._value(i, "other", sign, text),
            basis=text["basis"],
            unit=text["unit"],
            counted=sign not in ("deadline", "yes_no"),
        )

    def _value(self, i: int, name: str, sign: str, text: dict[str, str | None]) -> Decimal | None:
        """A value as a number; None when it is blank, in words where words are meant, or refused."""
        written = text[name]
        if written is None or sign == "":
            return None
        value = value_of(written, sign, text["unit"])
        if isinstance(value, Refused):
            self._refuse(i, name, value.code, value.message, written, value.fix, value.expected)
            return None
        if name == "verified" and value is not None and value > HUNDRED and is_percent(written, text["unit"]):
            fix = "满意度、比率一般不超过100%;确属完成率等可以超过的,不必处理"
            message = "核查值超过100%"
            self.warnings.append(self._problem(i, name, "over_hundred", message, written, fix, None, warn=True))
        return value

    def _check_confirmation(self, i: int, line: Line) -> None:
        if line.confirmed is None:
            return
        for name, value in (("confirmer", line.confirmer), ("confirmed_on", line.confirmed_on)):
            if value is None:
                self._refuse(
                    i, name, "confirmation_incomplete", "填了财政确认,缺少这一项", None, "请补填确认人和确认日期"
                )
        if line.confirmed != UNTRUE:
            return
        for name, value in (("statement", line.statement), ("heard_on", line.heard_on)):
            if value is None:
                fix = "请先听取被核查单位的陈述申辩并记录;单位放弃的写“放弃”及日期"
                self._refuse(i, name, "confirmed_unheard", "未经陈述申辩,不能确认为虚报", None, fix)
        if line.heard_on and line.confirmed_on and line.confirmed_on < line.heard_on:
            found = line.confirmed_on.isoformat()
            expected = f"不早于{line.heard_on.isoformat()}"
            self._refuse(
                i, "confirmed_on", "confirmed_early", "确认日期早于陈述申辩", found, "请核对两个日期", expected
            )

    def _refuse(
        self, i: int, name: str, code: str, message: str, found: str | None, fix: str, expected: str | None = None
    ) -> None:
        self.problems.append(self._problem(i, name, code, message, found, fix, expected))

    def _problem(
        self,
        i: int,
        name: str,
        code: str,
        message: str,
        found: str | None,
        fix: str,
        expected: str | None,
        *,
        warn: bool = False,
    ) -> Problem:
        place = Place(self.table.file, self.table.sheet, int(self.table.rows[i]), self.table.field_spec(name).title)
        return Problem(code, message, place, found, expected, fix, "warning" if warn else "error")


def _worse(sign: str, claimed: Decimal | None, verified: Decimal | None, target: Decimal | None) -> bool | None:
    """Whether the verified value is the worse one, by the indicator's nature; None when that cannot be told."""
    if claimed is None or verified is None:
        return None
    if sign == "eq":
        return None if target is None else abs(verified - target) > abs(claimed - target)
    return verified > claimed if sign in ("lte", "deadline") else verified < claimed
