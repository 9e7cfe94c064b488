"""Templates out: the workbook an analyst fills in, empty or filled, the same bytes every time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.base.errors import EvidenceError, FileError, Place, Problem
from workbench.base.text import plain, suggest, trimmed
from workbench.evidence.guide import GuideWriter, range_text, write_guide
from workbench.evidence.headers import declared_unit, header_text
from workbench.evidence.layout import ROW_PIXELS, WIDEST, fit_row, pages_across, units
from workbench.evidence.lists import CodeLists, choice_of
from workbench.evidence.raw import MAX_CELL_CHARACTERS
from workbench.evidence.standard import CAP_FACTS, CODES_TITLE, RESERVED_TITLES, SUBJECTS, UNCHECKED, workbook_specs
from workbench.evidence.tables import SUBJECT, own_fields
from workbench.scheme.pack import FieldSpec, Pack, TableSpec

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

Rows = Mapping[str, Sequence[Mapping[str, object]]]
"""Table name -> rows, each field name -> value."""

CREATED = datetime(2020, 1, 1)
"""Creation date in the file's properties: fixed, so that the same content gives the same bytes."""
VALIDATED_ROWS = 1000
"""Rows below the header that get drop-downs and checks, beyond those filled."""
EXCEL_DIGITS = 15
_BAD_TITLE = frozenset("[]:*?/\\'")
_FONT = "微软雅黑"
_FORMATS: dict[str, dict[str, object]] = {
    "plain": {"font_name": _FONT, "font_size": 10, "valign": "vcenter"},
    "note": {"font_name": _FONT, "font_size": 10, "valign": "vcenter", "text_wrap": True},
    "title": {"font_name": _FONT, "font_size": 16, "bold": True},
    "section": {"font_name": _FONT, "font_size": 12, "bold": True},
    "head": {
        "font_name": _FONT,
        "font_size": 10,
        "bold": True,
        "bg_color": "#DDEBF7",
        "border": 1,
        "text_wrap": True,
        "valign": "vcenter",
    },
    "required": {
        "font_name": _FONT,
        "font_size": 10,
        "bold": True,
        "bg_color": "#FCE4D6",
        "border": 1,
        "text_wrap": True,
        "valign": "vcenter",
    },
    "cell": {"font_name": _FONT, "font_size": 10, "border": 1, "text_wrap": True, "valign": "vcenter"},
}


def write_template(pack: Pack, path: Path, *, variant: str | None = None, caps: Sequence[tuple[str, str]] = ()) -> None:
    """Writes the empty workbook of a pack.

    Args:
        variant: which of the pack's trees it is for; all of them when None.
        caps: the policy's circumstances to check, as (code, text); each becomes a line of 情形核查 marked 未核查.

    Raises:
        EvidenceError: the pack's titles do not fit a workbook, or the variant is unknown.
        FileError: the file cannot be written.
    """
    write_workbook(path, pack, {}, variant=variant, caps=caps)


def write_workbook(
    path: Path,
    pack: Pack,
    rows: Rows,
    *,
    variant: str | None = None,
    caps: Sequence[tuple[str, str]] = (),
) -> None:
    """Writes the workbook of a pack with rows filled in (table name -> rows as field name -> value).

    Numbers go in as numbers (as text where a spreadsheet's 15 digits are too few), dates as dates, everything else as
    text that no spreadsheet takes for a formula. Reading the file gives the same values. Raises as write_template.
    """
    from xlsxwriter import Workbook
    from xlsxwriter.exceptions import XlsxWriterException

    specs = workbook_specs(pack)
    _check(specs, pack, rows, variant)
    options = {
        "in_memory": True,
        "default_row_height": ROW_PIXELS,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    try:
        with Workbook(str(path), options) as book:
            book.set_properties({"title": f"{pack.title} 基础数据表", "author": "workbench", "created": CREATED})
            _Writer(book, pack, variant, caps).write(specs, rows)
    except (OSError, XlsxWriterException) as error:
        problem = Problem(
            "file_not_written", f"工作簿写不出来({error})", Place(path.as_posix()), fix="请检查文件夹和权限"
        )
        raise FileError(problem) from None


def _check(specs: Sequence[TableSpec], pack: Pack, rows: Rows, variant: str | None) -> None:
    problems = [_title_problem(s) for s in specs if not _title_fits(s.title)]
    titles = [s.title for s in specs]
    problems += [
        Problem("sheet_title", "工作表重名", found=t, fix="请给表起不同的名称") for t in titles if titles.count(t) > 1
    ]
    if variant is not None and variant not in pack.variants:
        problems.append(
            Problem("unknown_variant", "指标包没有这个方案", found=variant, fix=suggest(variant, pack.variants))
        )
    known = {s.name: [f.name for f in own_fields(s)] for s in specs}
    for table, records in rows.items():
        if table not in known:
            problems.append(Problem("unknown_table", "指标包没有这张表", found=table, fix=suggest(table, known)))
            continue
        for name in sorted({n for record in records for n in record} - set(known[table])):
            fix = suggest(name, known[table])
            problems.append(Problem("unknown_field", "表里没有这个字段", Place(sheet=table), found=name, fix=fix))
    if problems:
        raise EvidenceError(problems)


def _title_fits(title: str) -> bool:
    return 0 < len(title) <= 31 and not _BAD_TITLE & set(title) and title not in RESERVED_TITLES


def _title_problem(spec: TableSpec) -> Problem:
    fix = "表名限31个字,不能含 []:*?/\\',也不能叫说明或代码表"
    return Problem("sheet_title", "表名不能用作工作表名", Place(sheet=spec.name), found=spec.title, fix=fix)


class _Writer:
    """One workbook being written."""

    def __init__(self, book: Workbook, pack: Pack, variant: str | None, caps: Sequence[tuple[str, str]]) -> None:
        self.book, self.pack, self.variant, self.caps = book, pack, variant, caps
        self.formats: dict[str, Format] = {n: book.add_format(f) for n, f in _FORMATS.items()}
        self.numbers: dict[str, Format] = {}
        self.lists = CodeLists()
        self.pages: dict[str, int] = {}
        """Sheet -> pages side by side on paper, where it is not one."""

    def write(self, specs: Sequence[TableSpec], rows: Rows) -> None:
        write_guide(GuideWriter(self.book, self.formats), self.pack, specs, self.variant, self.caps)
        for spec in specs:
            records = rows.get(spec.name, ())
            if spec.name == CAP_FACTS.name and spec.name not in rows:
                records = [{"cap": code, "event": text, "state": UNCHECKED} for code, text in self.caps]
            self._table(spec, records)
        self.pages[CODES_TITLE] = pages_across(self.lists.write(self.book, self.formats["head"], self.formats["cell"]))
        for sheet in self.book.worksheets():
            _print_setup(sheet, self.pack.title, self.pages.get(sheet.get_name(), 1))

    def _table(self, spec: TableSpec, records: Sequence[Mapping[str, object]]) -> None:
        sheet = self.book.add_worksheet(spec.title)
        sheet.freeze_panes(1, 1)
        sheet.set_row(0, 32)
        fields = own_fields(spec)
        widths = [_width(field, records) for field in fields]
        self.pages[spec.title] = pages_across(sum(widths), repeated=widths[0])
        for row, record in enumerate(records, 1):
            texts = ["" if f.numeric else str(record.get(f.name, "")) for f in fields]
            fit_row(sheet, row, zip(texts, widths, strict=True))
        for column, field in enumerate(fields):
            style = self._style(field)
            title = header_text(field)
            sheet.set_column(column, column, widths[column], style)
            sheet.write_string(0, column, title, self.formats["required" if field.required else "head"])
            hint = _hint(field)
            if hint:
                sheet.write_comment(0, column, hint, {"author": "workbench", "x_scale": 1.6})
            self._validate(sheet, spec, field, column, len(records) + VALIDATED_ROWS)
            for row, record in enumerate(records, 1):
                _write_cell(sheet, row, column, field, record.get(field.name), style)

    def _style(self, field: FieldSpec) -> Format:
        code = _number_format(field)
        if code not in self.numbers:
            self.numbers[code] = self.book.add_format(
                {"font_name": _FONT, "font_size": 10, "num_format": code, "valign": "vcenter", "text_wrap": code == "@"}
            )
        return self.numbers[code]

    def _validate(self, sheet: Worksheet, table: TableSpec, field: FieldSpec, column: int, last: int) -> None:
        rule = self._rule(table, field)
        if rule is None:
            return
        expected = range_text(field) or _TYPE_HINT.get(field.type, "列表中的值")
        message = f"“{field.title}”应为{expected}"
        rule |= {"error_title": "填写有误", "error_message": message[:255]}
        sheet.data_validation(1, column, last, column, rule)

    def _rule(self, table: TableSpec, field: FieldSpec) -> dict[str, object] | None:
        choice = choice_of(table, field, self.pack, self.variant, self.caps)
        if choice is not None:
            reference = self.lists.reference(choice.title, choice.codes, choice.meanings)
            return {"validate": "list", "source": reference}
        if field.name == SUBJECT.name and table.name != SUBJECTS.name:
            return {"validate": "list", "source": f"='{SUBJECTS.title}'!$A$2:$A${VALIDATED_ROWS + 1}"}
        if field.type == "date":
            return {
                "validate": "date",
                "criteria": "between",
                "minimum": date(1949, 10, 1),
                "maximum": date(2199, 12, 31),
            }
        if field.numeric:
            kind = "integer" if field.type == "integer" else "decimal"
            low = field.min if field.min is not None else Decimal(0 if field.type == "money" else -(10**14))
            high = field.max if field.max is not None else Decimal(10**14)
            # A warning, not a stop: “1.2亿元” and “93%” are read too.
            limits: dict[str, object] = {"minimum": _bound(low), "maximum": _bound(high)}
            return {"validate": kind, "criteria": "between", "error_type": "warning"} | limits
        return None


_TYPE_HINT = {
    "date": "日期,如 2022-03-01",
    "integer": "整数",
    "number": "数字",
    "money": "金额",
    "percent": "如 93 或 93%",
}


def _bound(number: Decimal) -> int | float:
    return int(number) if number == number.to_integral_value() else float(number)


def _hint(field: FieldSpec) -> str:
    unit = declared_unit(field)
    parts = [field.note or "", f"单位:{unit}" if unit else "", f"取值:{range_text(field)}" if range_text(field) else ""]
    return "\n".join(p for p in parts if p)


def _width(field: FieldSpec, records: Sequence[Mapping[str, object]]) -> float:
    """Room for the header and for what is filled in, up to a limit from which texts are wrapped."""
    room = 6 if field.numeric else 2  # separators and decimals of a number
    filled = max((units(str(r[field.name])) for r in records if r.get(field.name) is not None), default=0)
    least = {"text": 16, "code": 14, "date": 12}.get(field.type, 12)
    return min(WIDEST, max(least, units(header_text(field)) + 2, filled + room))


def _number_format(field: FieldSpec) -> str:
    """Text cells stay text (001, 1-2); percent cells stay General, where a spreadsheet marks a typed 93% as percent."""
    if field.type in ("text", "code", "bool"):
        return "@"
    if field.type == "date":
        return "yyyy-mm-dd"
    if field.type == "percent":
        return "General"
    fixed = min(field.places, 2)
    return "#,##0" + (f".{'0' * fixed}{'#' * (field.places - fixed)}" if field.places else "")


def _write_cell(sheet: Worksheet, row: int, column: int, field: FieldSpec, value: object, style: Format) -> None:
    if value is None or value == "":
        return
    if isinstance(value, bool):
        sheet.write_string(row, column, "是" if value else "否", style)
    elif isinstance(value, date) and field.type == "date":
        sheet.write_datetime(row, column, datetime(value.year, value.month, value.day), style)
    elif field.numeric and (number := _as_number(value)) is not None:
        _write_number(sheet, row, column, field, number, style)
    else:
        _write_text(sheet, row, column, field, value, style)


def _as_number(value: object) -> Decimal | None:
    try:
        number = Decimal(repr(value) if isinstance(value, float) else str(value))
    except ArithmeticError:
        return None
    return number if number.is_finite() else None


def _write_number(sheet: Worksheet, row: int, column: int, field: FieldSpec, number: Decimal, style: Format) -> None:
    digits = len(number.normalize().as_tuple().digits)
    if field.type == "percent" and 0 < abs(number) <= 1 and not (field.max is not None and field.max <= 1):
        # Without its sign the reader could not tell 0.5 % from 50 %.
        sheet.write_string(row, column, f"{trimmed(number)}%", style)
    elif digits > EXCEL_DIGITS:
        sheet.write_string(row, column, plain(number), style)
    else:
        sheet.write_number(row, column, float(number), style)


def _write_text(sheet: Worksheet, row: int, column: int, field: FieldSpec, value: object, style: Format) -> None:
    text = trimmed(value) if isinstance(value, Decimal) else str(value)
    if len(text) > MAX_CELL_CHARACTERS:
        place = Place(sheet=sheet.get_name(), row=row + 1, field=field.title)
        fix = "请把长文放到附件"
        raise EvidenceError(Problem("cell_too_long", f"文字超过{MAX_CELL_CHARACTERS}个字", place, fix=fix))
    sheet.write_string(row, column, text, style)


def _print_setup(sheet: Worksheet, title: str, pages: int) -> None:
    sheet.set_paper(9)  # A4
    sheet.set_landscape()
    sheet.set_margins(left=0.4, right=0.4)
    sheet.fit_to_pages(pages, 0)
    if sheet.get_name() not in RESERVED_TITLES:
        sheet.hide_gridlines(0)  # on paper too, where rows of wrapped text would else run together
        sheet.repeat_rows(0)
        if pages > 1:
            sheet.repeat_columns(0)
    sheet.set_header(f"&L{title.replace('&', '&&')}&R&A")
    sheet.set_footer("&C第 &P 页 共 &N 页")
