"""One line of the 绩效指标 sheet: its target, actual and claimed score as numbers, read by the indicator's 性质."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import cast

from workbench.base.errors import Place, Problem
from workbench.base.text import half_width, trimmed
from workbench.evidence import dates
from workbench.evidence.log import ReadingLog
from workbench.evidence.numbers import MOST_DIGITS, most_whole_digits
from workbench.evidence.quantity import Quantity, not_finite, parse_quantity, tidy_unit, unit_factor
from workbench.evidence.standard import SIGNS
from workbench.evidence.tables import EPOCH, SUBJECT, Table
from workbench.scheme.basis import Direction

_YES, _NO = ("是", "有", "√", "达标", "1"), ("否", "无", "×", "未达标", "0")
MOST_DECIMALS = 6
_WHOLE_DIGITS = most_whole_digits(MOST_DECIMALS)


@dataclass
class SheetRow:
    """What one line says. Numbers are in ``unit``; dates are days since 1970-01-01; None is missing."""

    index: int
    subject: str
    code: str
    level1: str
    level2: str | None
    name: str
    direction: Direction
    weight: Decimal
    unit: str | None
    target_text: str | None
    target: Decimal | None
    actual: Decimal | None
    start: Decimal | None
    claimed: Decimal | None
    proof: str | None


class RowReader:
    """Reads line after line of one sheet and tells what cannot be read."""

    def __init__(self, table: Table, log: ReadingLog) -> None:
        self.table, self.log = table, log

    def read(self, i: int, code: str) -> SheetRow:
        """Line ``i`` under an indicator code."""
        direction = cast(Direction, SIGNS[self._text(i, "direction") or "≥"])
        target_text, actual_text = self._text(i, "target"), self._text(i, "actual")
        unit = self._unit(i, direction, target_text)
        target = actual = start = None
        if direction in ("gte", "lte", "eq"):
            target, actual = self._numbers(i, direction, unit)
        elif direction == "qualitative":
            actual = self._number(i, "degree")
        elif direction == "yes_no":
            actual = self._yes_no(i, target_text, actual_text)
        else:
            target = self._day(i, "target", target_text, dates.parse_deadline)
            actual = self._day(i, "actual", actual_text, dates.parse_date)
            start = self._start(i)
        self._check_degree(i, direction)
        return SheetRow(
            index=i,
            subject=self._text(i, SUBJECT.name) or "",
            code=code,
            level1=self._text(i, "level1") or "",
            level2=self._text(i, "level2"),
            name=self._text(i, "name") or "",
            direction=direction,
            weight=self._number(i, "weight") or Decimal(0),
            unit=unit,
            target_text=target_text,
            target=target,
            actual=actual,
            start=start,
            claimed=self._number(i, "claimed"),
            proof=self._text(i, "proof"),
        )

    def refuse(
        self, i: int, name: str, code: str, message: str, fix: str, found: str | None, expected: str | None = None
    ) -> None:
        """Records that a cell of line ``i`` cannot be accepted."""
        self.log.add(Problem(code, message, self._place(i, name), found, expected, fix))

    def warn(self, i: int, name: str, code: str, message: str, fix: str, found: str) -> None:
        """Records that a cell of line ``i`` is odd, although it can be used."""
        self.log.add(Problem(code, message, self._place(i, name), found, fix=fix, severity="warning"))

    def _place(self, i: int, name: str) -> Place:
        row, title = self.table.row_of(i, name), self.table.field_spec(name).title
        return Place(self.table.file, self.table.sheet, row, title, self.table.corrected.get((name, i)))

    def _text(self, i: int, name: str) -> str | None:
        return cast("str | None", self.table.value(i, name))

    def _number(self, i: int, name: str) -> Decimal | None:
        return cast("Decimal | None", self.table.value(i, name))

    def _unit(self, i: int, direction: str, target: str | None) -> str | None:
        """计量单位 as written; when blank, the unit the target was written with (≥95%, 266米)."""
        written = self._text(i, "unit")
        if written is not None:
            return tidy_unit(written)
        quantity = parse_quantity(target or "") if direction in ("gte", "lte", "eq") else None
        if quantity is None:
            return None
        # “%左右” is a percentage like any other: 0.93 in it is asked about.
        return "%" if quantity.unit.startswith("%") else quantity.unit or None

    def _numbers(self, i: int, direction: str, unit: str | None) -> tuple[Decimal | None, Decimal | None]:
        target, actual = self._quantity(i, "target"), self._quantity(i, "actual")
        if target is not None and target.sign not in ("", direction):
            fix = "请让“指标性质”与指标值前的符号一致"
            self.refuse(i, "target", "target_sign", "指标值的符号与指标性质不一致", fix, self._text(i, "target"))
        if actual is not None and actual.sign:
            fix = "请填实际达到的数,如 96.3;符号只写在年度指标值里"
            self.refuse(
                i, "actual", "actual_not_a_number", "实际完成值应为实际数,不能带比较符号", fix, self._text(i, "actual")
            )
            actual = None
        planned, done = self._in_unit(i, "target", target, unit), self._in_unit(i, "actual", actual, unit)
        if unit == "%":
            self._check_fraction(i, direction, (target, planned), (actual, done))
        return planned, done

    def _quantity(self, i: int, name: str) -> Quantity | None:
        text = self._text(i, name)
        if text is None:
            return None
        if not_finite(text):
            self.refuse(i, name, "not_finite", "不是有限的数", "请检查公式和除数;没有数据请留空", text, "数字")
            return None
        quantity = parse_quantity(text)
        if quantity is None:
            fix = "请只填数字和单位;定性的把指标性质改为“定性”,没有数据请留空"
            self.refuse(i, name, "not_a_number", "定量指标应填数字", fix, text, "数字,如 95 或 95%")
        elif len(quantity.number.as_tuple().digits) > MOST_DIGITS or abs(quantity.number) >= 10**_WHOLE_DIGITS:
            self.refuse(
                i,
                name,
                "number_too_large",
                "数值太大或位数太多",
                "请核对是否多填了位数",
                text,
                f"整数部分{_WHOLE_DIGITS}位以内的数",
            )
            return None
        return quantity

    def _in_unit(self, i: int, name: str, quantity: Quantity | None, unit: str | None) -> Decimal | None:
        if quantity is None:
            return None
        factor = Decimal(1) if not quantity.unit else unit_factor(quantity.unit, unit) if unit else None
        if factor is None:
            text = self._text(i, name)
            fix = f"请换算成{unit}后填写" if unit else "请在“计量单位”列写明单位"
            self.refuse(i, name, "unit_mismatch", "单位与计量单位不同,且无法换算", fix, text, unit)
            return None
        number = quantity.number * factor
        if factor != 1:
            message = f"“{self._text(i, name)}”已换算为{trimmed(number)}{unit}"
            found = self._text(i, name)
            self.log.add(Problem("unit_converted", message, self._place(i, name), found, unit, severity="info"))
        return number

    def _check_fraction(
        self,
        i: int,
        direction: str,
        target: tuple[Quantity | None, Decimal | None],
        actual: tuple[Quantity | None, Decimal | None],
    ) -> None:
        """A bare number in (0, 1] beside a target in percent may be a fraction: the writer has to say."""
        planned = target[1]
        if _bare_fraction(*target) and direction != "lte":
            self._refuse_fraction(i, "target", planned or Decimal(0))
        if _bare_fraction(*actual) and planned is not None and planned > 1:
            self._refuse_fraction(i, "actual", actual[1] or Decimal(0))

    def _refuse_fraction(self, i: int, name: str, number: Decimal) -> None:
        shown = trimmed(number * 100)
        fix = f"若为{shown}%,请填 {shown}%;若确为{trimmed(number)}%,请填“{trimmed(number)}%”"
        self.refuse(i, name, "percent_fraction", "百分数疑似以小数填写", fix, self._text(i, name), "如 95 或 95%")

    def _yes_no(self, i: int, target: str | None, actual: str | None) -> Decimal | None:
        if target is not None and half_width(target) in _NO:
            fix = "请改写指标名称,使“是”表示达标"
            self.refuse(i, "target", "yes_no_target", "是否指标的目标应为“是”", fix, target, "是")
        if actual is None:
            return None
        word = half_width(actual)
        if word in _YES or word in _NO:
            return Decimal(int(word in _YES))
        self.refuse(
            i, "actual", "bool_unknown", "是否指标应填是或否", "请填“是”或“否”;没有数据请留空", actual, "是 或 否"
        )
        return None

    def _day(self, i: int, name: str, text: str | None, parse: Callable[[str], date | None]) -> Decimal | None:
        if text is None:
            return None
        day = parse(text)
        if day is not None:
            return Decimal((day - EPOCH).days)
        code = "date_month_only" if dates.is_month(text) else "date_unknown"
        message = "日期缺少日" if code == "date_month_only" else "时限指标应填日期"
        self.refuse(i, name, code, message, "请写到日;没有数据请留空", text, dates.FORMS)
        return None

    def _start(self, i: int) -> Decimal | None:
        day = cast("date | None", self.table.value(i, "start"))
        return None if day is None else Decimal((day - EPOCH).days)

    def _check_degree(self, i: int, direction: str) -> None:
        degree = self._number(i, "degree")
        if degree is not None and direction != "qualitative":
            fix = "请清空此格,或把指标性质改为“定性”"
            self.refuse(i, "degree", "degree_unused", "评定比例只用于定性指标", fix, f"{trimmed(degree)}%")


def _bare_fraction(quantity: Quantity | None, number: Decimal | None) -> bool:
    return quantity is not None and number is not None and not quantity.unit and 0 < number <= 1
