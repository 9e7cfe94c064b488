"""Finds the header of a sheet and says which column holds which field, in which unit."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import lru_cache

from workbench.base.errors import Place, Problem
from workbench.base.text import half_width, nearest
from workbench.evidence.log import ReadingLog
from workbench.evidence.quantity import tidy_unit, unit_factor
from workbench.evidence.raw import Cell, RawSheet, is_blank, letter_of
from workbench.scheme.pack import FieldSpec

SEARCHED_ROWS = 10
LONGEST_TITLE = 200
_MARKS = re.compile(r"[*※★☆]+$|^[*※★☆]+")
_WITH_UNIT = re.compile(r"(.+?)[(\[【]([^()\[\]【】]+)[)\]】]|(.+?)[/:,、]([^/:,、]+)")
_SHEET_UNIT = re.compile(r"(?:金额)?(?:计量)?单位[::]?(?:人民币)?([十百千万亿]*元)")


@dataclass(frozen=True)
class Located:
    """Where one field stands: column from 0, what its numbers are multiplied by (1 when as declared), and the unit they are in where
    that is another than declared."""

    column: int
    factor: Decimal = Decimal(1)
    unit: str | None = None


@dataclass
class Header:
    """The header found. ``body`` is the index of the first row after it; ``rest`` are columns nobody asked for."""

    body: int
    fields: dict[str, Located] = field(default_factory=dict)
    rest: dict[int, str] = field(default_factory=dict)


@lru_cache(maxsize=4096)
def tidy_title(text: str) -> str:
    """A header reduced to what identifies it: half-width, no white space, no asterisk.

    Every cell of the first rows is held against every field of a sheet, so the same few titles come again and again.
    """
    return _MARKS.sub("", re.sub(r"\s+", "", half_width(text)))


def header_text(spec: FieldSpec) -> str:
    """A field's header as the template writes it: ``全年预算数(万元)*``."""
    unit = spec.unit or ("%" if spec.type == "percent" else None)
    shown = f"({unit})" if unit and not tidy_title(spec.title).endswith(f"({tidy_title(unit)})") else ""
    return f"{spec.title}{shown}{'*' if spec.required else ''}"


def declared_unit(spec: FieldSpec) -> str | None:
    """The unit a field is stored in; a percent without one is in %."""
    return spec.unit or ("%" if spec.type == "percent" else None)


def _matches(title: str, spec: FieldSpec) -> str | None:
    """The unit a header gives for the field ("" when it gives none), or None when it is another field's header."""
    if title in (tidy_title(spec.title), spec.name):
        return ""
    match = _WITH_UNIT.fullmatch(title)
    if match is None:
        return None
    name, unit = (match[1], match[2]) if match[1] else (match[3], match[4])
    own = _WITH_UNIT.fullmatch(tidy_title(spec.title))
    names = {tidy_title(spec.title), spec.name} | ({own[1]} if own and own[1] else set())
    return unit if name in names else None


def _identify(title: str, specs: Sequence[FieldSpec]) -> tuple[FieldSpec, str] | None:
    found = [(spec, unit) for spec in specs if (unit := _matches(title, spec)) is not None]
    # A title that matches whole is meant before one that matches without its bracket.
    return min(found, key=lambda pair: pair[1] != "") if found else None


def _titles(rows: Sequence[Sequence[Cell]], top: int, height: int) -> list[list[str]]:
    """For every column the readings of its header, best first."""
    lower = [_text(c) for c in rows[top + height - 1]]
    if height == 1:
        return [[t] if t else [] for t in lower]
    upper = [_text(c) for c in rows[top]]
    width = max(len(lower), len(upper))
    lower += [""] * (width - len(lower))
    upper += [""] * (width - len(upper))
    readings: list[list[str]] = []
    group = ""
    for above, below in zip(upper, lower, strict=True):
        group = above or group
        readings.append([t for t in ((below, group + below) if below else (above,)) if t])
    return readings


def _text(cell: Cell) -> str:
    """A cell as a title. A long text is none, and comparing 10 MB with every field would take half a minute."""
    return tidy_title(cell) if isinstance(cell, str) and len(cell) <= LONGEST_TITLE else ""


def _locate(readings: list[list[str]], specs: Sequence[FieldSpec]) -> list[tuple[int, FieldSpec, str]]:
    found = []
    for column, titles in enumerate(readings):
        hit = next((h for t in titles if (h := _identify(t, specs)) is not None), None)
        if hit is not None:
            found.append((column, *hit))
    return found


def find_header(sheet: RawSheet, specs: Sequence[FieldSpec], log: ReadingLog) -> Header | None:
    """The header among the first rows, one or two rows high; None (and a problem) when there is none."""
    found: list[tuple[int, int, int]] = [(0, 0, 0)]
    for top in range(min(SEARCHED_ROWS, len(sheet.rows))):
        for height in (1, 2):
            if top + height <= len(sheet.rows):
                hits = len({s.name for _, s, _ in _locate(_titles(sheet.rows, top, height), specs)})
                found.append((hits, -height, -top))
    # Ties go to the single row, then to the upper one: what stands above a header may look like a part of it.
    hits, height, top = max(found, key=lambda f: f if f[0] else (0, 0, 0))
    height, top = -height, -top
    if not hits:
        log.add(_no_header(sheet, specs))
        return None
    readings = _titles(sheet.rows, top, height)
    header = Header(top + height)
    for column, spec, unit in _locate(readings, specs):
        _place(header, column, spec, unit, sheet, log)
    taken = {at.column for at in header.fields.values()}
    header.rest = {c: titles[0] for c, titles in enumerate(readings) if titles and c not in taken}
    _sheet_unit(sheet, top, readings, specs, header, log)
    _report_missing(sheet, specs, header, log)
    return header


def _no_header(sheet: RawSheet, specs: Sequence[FieldSpec]) -> Problem:
    first = next((r for r in sheet.rows if not all(is_blank(c) for c in r)), [])
    return Problem(
        "header_not_found",
        f"前{SEARCHED_ROWS}行里找不到表头",
        Place(sheet.file, sheet.title),
        found="、".join(str(c) for c in first if not is_blank(c)) or "空表",
        expected="、".join(header_text(s) for s in specs if s.required) or header_text(specs[0]),
        fix="请用 workbench template 生成的模板,不要改动表头",
    )


def _place(header: Header, column: int, spec: FieldSpec, unit: str, sheet: RawSheet, log: ReadingLog) -> None:
    place = Place(sheet.file, sheet.title, header.body, spec.title)
    if spec.name in header.fields:
        first = letter_of(header.fields[spec.name].column)
        text = f"{first}列和{letter_of(column)}列的表头相同"
        log.add(Problem("duplicate_header", text, place, found=spec.title, fix="请只保留一列"))
        return
    factor = unit_factor(unit, declared_unit(spec)) if spec.numeric else Decimal(1)
    if factor is None and not spec.unit:
        factor = Decimal(1)
    if factor is None:
        log.add(_wrong_unit(place, spec, unit))
        factor = Decimal(1)
    elif factor != 1:
        log.add(_converted(place, spec, unit, "表头"))
    header.fields[spec.name] = Located(column, factor, tidy_unit(unit) if factor != 1 else None)


def _wrong_unit(place: Place, spec: FieldSpec, unit: str) -> Problem:
    return Problem(
        "header_unit",
        "表头的单位与规定的不同,且无法换算",
        place,
        found=unit,
        expected=spec.unit,
        fix=f"请把数据换算成{spec.unit}后填写,表头写“{header_text(spec)}”",
    )


def _converted(place: Place, spec: FieldSpec, unit: str, where: str) -> Problem:
    text = f"{where}单位为{tidy_unit(unit)},已全部换算为{declared_unit(spec)}"
    return Problem("unit_converted", text, place, found=unit, expected=declared_unit(spec), severity="info")


def _sheet_unit(
    sheet: RawSheet,
    top: int,
    readings: list[list[str]],
    specs: Sequence[FieldSpec],
    header: Header,
    log: ReadingLog,
) -> None:
    """A “单位:元” above the table holds for every money column whose own header names no unit."""
    above = [tidy_title(c) for row in sheet.rows[:top] for c in row if isinstance(c, str)]
    unit = next((m[1] for text in above if (m := _SHEET_UNIT.search(text))), None)
    if unit is None:
        return
    for spec in specs:
        at = header.fields.get(spec.name)
        if spec.type != "money" or at is None or any(_matches(t, spec) for t in readings[at.column]):
            continue
        factor = unit_factor(unit, spec.unit)
        if factor is not None and factor != 1:
            header.fields[spec.name] = Located(at.column, factor, tidy_unit(unit))
            log.add(_converted(Place(sheet.file, sheet.title, top + 1, spec.title), spec, unit, "表上方注明的"))


def _report_missing(sheet: RawSheet, specs: Sequence[FieldSpec], header: Header, log: ReadingLog) -> None:
    place = Place(sheet.file, sheet.title, header.body)
    spare = dict(header.rest)
    for spec in specs:
        if spec.name in header.fields or not spec.required:
            continue
        near = nearest(tidy_title(spec.title), spare.values())
        spare = {c: t for c, t in spare.items() if t != near}
        log.add(_missing(replace(place, field=spec.title), spec, near))
    absent = [s.title for s in specs if s.name not in header.fields]
    known = {s.title for s in specs}
    for column, title in spare.items():
        where = Place(sheet.file, sheet.title, header.body, title)
        near = None if title in known else nearest(title, absent)
        if near is not None:
            # Read over, a mistyped header would leave a whole column missing.
            message = f"{letter_of(column)}列的表头不在模板里,像是写错了"
            fix = f"是否就是“{near}”?请改表头;确是别的内容请换一个不相近的表头"
            log.add(Problem("header_typo", message, where, found=title, expected=f"“{near}”", fix=fix))
            continue
        message = f"{letter_of(column)}列不在模板里,没有读取"
        log.add(Problem("unknown_column", message, where, fix="如不需要可不理会", severity="warning"))


def _missing(place: Place, spec: FieldSpec, near: str | None) -> Problem:
    wanted = header_text(spec)
    fix = f"表里的“{near}”是否就是它?请把表头改为“{wanted}”" if near else f"请加上表头为“{wanted}”的一列"
    return Problem("missing_header", "缺少必填的列", place, found=near, expected=f"“{wanted}”", fix=fix)
