"""Analyses (分析表): the tables of a pack that explain instead of scoring, made exact once and kept as texts.

A SELECT runs over the evidence tables, ``subjects`` and the derived tables, in the locked engine of the measures; a
``python`` analysis is a plugin's derivation that may give any number of rows. Numbers are rounded half-up to the column's
decimals; a missing value stays null.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from workbench.base.errors import ExpressionError, Place, Problem, shorten
from workbench.base.exact import half_up
from workbench.base.text import plain, suggest
from workbench.scheme.pack import AnalysisSpec, ColumnSpec
from workbench.scheme.scheme import Scheme
from workbench.scheme.selects import parse_select
from workbench.scoring.engine import SHOWN_ERROR
from workbench.scoring.measures import Measures, as_decimal, as_value
from workbench.scoring.result import AnalysisResult, Cell, DerivationRef
from workbench.scoring.sandbox import limited
from workbench.scoring.scorecard import Scorecard

DECIMALS = 2
"""Of a numeric column that names none (an integer has none)."""
MOST_ROWS = 50_000
"""An analysis is read by people; a table beyond this is a mistake in its joins."""
NUMERIC = frozenset({"number", "money", "percent", "integer"})
_ENGINE_TYPES = {"text": ("VARCHAR",), "date": ("DATE",), "bool": ("BOOLEAN",)}
_ENGINE_NUMBERS = ("DECIMAL", "DOUBLE", "FLOAT", "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UBIGINT")
_ENGINE_NULL = '"NULL"'
_WORDS = {"text": "文字", "date": "日期", "bool": "是否"}


@dataclass(frozen=True)
class Raw:
    """What an analysis yields before its values are made exact: rows of subject and declared columns."""

    rows: list[tuple[Any, ...]]
    sources: list[str]


def analyse(card: Scorecard) -> list[AnalysisResult]:
    """Every analysis of the scheme's pack over all subjects, in the pack's order.

    Raises:
        ExpressionError: a SELECT is not allowed or fails, a declared column lacks, has another type or names a subject
            that does not exist, or a plugin's derivation fails.
    """
    scored = [name for name, peer in zip(card.measures.ids, card.peers, strict=True) if not peer]
    return [_analysed(spec, card.measures, set(scored)) for spec in card.scheme.pack.analyses]


def derivations_used(scheme: Scheme, measures: Measures) -> list[DerivationRef]:
    """The plugins' calculations the scheme's derived tables and analyses name, by name."""
    named = {d.python or "" for d in scheme.pack.derived} | {a.python or "" for a in scheme.pack.analyses}
    found = [measures.derivations[name] for name in sorted(named) if name in measures.derivations]
    return [DerivationRef(name=d.name, version=d.version, distribution=d.distribution) for d in found]


def completed(column: ColumnSpec) -> ColumnSpec:
    """The column with the decimals its numbers are kept with."""
    if column.type not in NUMERIC:
        return column.model_copy(update={"decimals": None})
    default = 0 if column.type == "integer" else DECIMALS
    return column.model_copy(update={"decimals": default if column.decimals is None else column.decimals})


def fetch(spec: AnalysisSpec, measures: Measures) -> Raw:
    """The rows of one analysis as the engine or the plugin gives them. Raises ExpressionError."""
    if spec.sql is not None:
        return _selected(spec, spec.sql, measures)
    return _calculated(spec, measures)


def _analysed(spec: AnalysisSpec, measures: Measures, scored: set[str]) -> AnalysisResult:
    raw, known, place = fetch(spec, measures), set(measures.ids), _place(spec)
    columns = [completed(c) for c in spec.columns]
    rows: list[list[Cell]] = []
    for subject, *values in raw.rows:
        if subject not in known:
            message = f"分析表“{spec.title}”给出了不存在的对象编号"
            fix = "subject 列须是“评价对象”表中的对象编号"
            raise ExpressionError(
                Problem("analysis_subject", message, place, "空" if subject is None else str(subject), fix=fix)
            )
        if spec.per == "all" or subject in scored:
            rows.append([subject, *(_cell(spec, c, v) for c, v in zip(columns, values, strict=True))])
    return AnalysisResult(
        name=spec.name,
        title=spec.title,
        per=spec.per,
        note=spec.note,
        sources=raw.sources,
        columns=columns,
        rows=rows,
    )


def _place(spec: AnalysisSpec) -> Place:
    return Place(key=f"analyses {spec.name}")


def _selected(spec: AnalysisSpec, sql: str, measures: Measures) -> Raw:
    place, connection = _place(spec), measures.engine.connection
    select = parse_select(sql, measures.engine.readable(), place)
    measures.engine.require(select.tables)
    with limited(connection, f"分析表“{spec.title}”"):
        connection.execute(select.sql)
        types = {str(d[0]): str(d[1]) for d in connection.description or []}
        _check_columns(spec, types)
        rows = connection.fetchmany(MOST_ROWS + 1)
    _check_size(spec, len(rows))
    order = [list(types).index(name) for name in ("subject", *(c.name for c in spec.columns))]
    return Raw([tuple(row[i] for i in order) for row in rows], _titles(select.tables, measures))


def _titles(names: Iterable[str], measures: Measures) -> list[str]:
    """Titles of the sheets behind some tables, those behind derived tables too; the list of subjects says nothing."""
    found: list[str] = []
    for name in names:
        table = measures.tables.get(name)
        tables = measures.engine.sources_of(name) if table is None else [table]
        found += [t.spec.title for t in tables if t is not measures.subjects]
    return list(dict.fromkeys(found))


def _check_columns(spec: AnalysisSpec, types: dict[str, str]) -> None:
    _check_present(spec, list(types))
    for column in spec.columns:
        found = types[column.name]
        numeric = column.type in NUMERIC
        fits = found.startswith(_ENGINE_NUMBERS) if numeric else found in _ENGINE_TYPES[column.type]
        # A list of numbers begins with their type too.
        if found != _ENGINE_NULL and (not fits or found.endswith("]")):
            raise ExpressionError(_wrong_type(spec, column, found))


def _check_present(spec: AnalysisSpec, have: Sequence[str]) -> None:
    missing = [name for name in ("subject", *(c.name for c in spec.columns)) if name not in have]
    if missing:
        message = f"分析表“{spec.title}”没有声明的列:{'、'.join(missing)}"
        fix = suggest(missing[0], have)
        raise ExpressionError(Problem("analysis_columns", message, _place(spec), fix=fix))


def _check_size(spec: AnalysisSpec, rows: int) -> None:
    if rows > MOST_ROWS:
        message = f"分析表“{spec.title}”超过{MOST_ROWS}行"
        fix = "请检查连接条件(漏写时会把所有行两两相配),或先汇总"
        raise ExpressionError(Problem("analysis_rows", message, _place(spec), fix=fix))


def _wrong_type(spec: AnalysisSpec, column: ColumnSpec, found: str) -> Problem:
    message = f"分析表“{spec.title}”的列“{column.title}”类型不对"
    expected = _WORDS.get(column.type, "数字")
    fix = "请改列的 type,或在 SQL 中用 CAST 转换"
    return Problem("analysis_type", message, _place(spec), found, expected, fix)


def _calculated(spec: AnalysisSpec, measures: Measures) -> Raw:
    derivation = measures.derivations.get(spec.python or "")
    if derivation is None:
        fix = suggest(spec.python or "", measures.derivations)
        message = "分析表需要的计算程序没有安装"
        raise ExpressionError(Problem("derivation_missing", message, _place(spec), found=spec.python, fix=fix))
    try:
        columns = {str(k): list(v) for k, v in measures.engine.derive(derivation, spec.params).items()}
        rows = [] if not columns else _zipped(spec, columns)
    except ExpressionError:
        raise
    except Exception as error:  # the seam to foreign code: whatever it does wrong bears its name
        what = f"计算程序“{derivation.name}”({derivation.distribution} {derivation.version})出错"
        fix = f"{type(error).__name__}:{shorten(error, SHOWN_ERROR)};请联系该插件的作者"
        raise ExpressionError(Problem("derivation_failed", what, _place(spec), fix=fix)) from error
    _check_size(spec, len(rows))
    return Raw(rows, _titles(spec.reads or measures.tables, measures))


def _zipped(spec: AnalysisSpec, columns: dict[str, list[Any]]) -> list[tuple[Any, ...]]:
    _check_present(spec, list(columns))
    return list(zip(columns["subject"], *(columns[c.name] for c in spec.columns), strict=True))


def _cell(spec: AnalysisSpec, column: ColumnSpec, raw: Any) -> Cell:
    """One value as the result keeps it."""
    if raw is None:
        return None
    if column.type == "bool" and isinstance(raw, (bool, np.bool_)):
        return bool(raw)
    if column.type == "date" and isinstance(raw, date):
        return raw.isoformat()[:10]
    if column.type == "text" and isinstance(raw, str):
        return raw
    if column.decimals is None or isinstance(raw, (bool, np.bool_, str, date)):
        raise ExpressionError(_wrong_type(spec, column, f"{raw}({type(raw).__name__})"))
    return _number(spec, column, column.decimals, raw)


def _number(spec: AnalysisSpec, column: ColumnSpec, decimals: int, raw: Any) -> str | None:
    try:
        number = as_decimal(as_value(raw))
    except (TypeError, ValueError, OverflowError):  # a plugin's own kind of number, or Decimal("NaN")
        raise ExpressionError(_wrong_type(spec, column, f"{raw}({type(raw).__name__})")) from None
    return None if number is None else plain(half_up(number, decimals))
