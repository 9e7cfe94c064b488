"""Bulk scoring: a table of subjects in memory, no notebook, no sentences. Values, points and branches as columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from workbench.base.errors import EvidenceError, Place, Problem
from workbench.base.exact import Exact, narrow
from workbench.base.text import suggest
from workbench.evidence.standard import subjects_spec
from workbench.evidence.tables import Column, Evidence, Table, empty_column
from workbench.runs.sealed import load_sources
from workbench.runs.workspace import find_workspace
from workbench.scheme.library import NATIONAL, Library
from workbench.scheme.pack import FieldSpec, Pack, TableSpec
from workbench.scheme.plan import Plan
from workbench.scheme.scheme import freeze
from workbench.scoring.scorecard import Scorecard
from workbench.scoring.scorecard import score as score_columns
from workbench.scoring.totals import NO_GRADE, Totals, total

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class BulkScores:
    """Scorecard and totals of many subjects; arrays of shape (n,), points in units of 10^-decimals."""

    card: Scorecard
    totals: Totals

    def to_frame(self) -> pd.DataFrame:
        """Value, points and branch of every indicator, and the totals, one row per subject (floats for analysis only)."""
        import pandas as pd

        scale = 10.0**self.card.decimals
        columns: dict[str, Any] = {}
        for scores in self.card.indicators:
            value = scores.inputs.value
            if value is not None:
                numbers = value.units.astype(float) / 10.0**value.decimals
                columns[f"{scores.code}_value"] = np.where(value.valid, numbers, np.nan)
            columns[f"{scores.code}_points"] = np.where(scores.settled, scores.final.astype(float) / scale, np.nan)
            columns[f"{scores.code}_branch"] = scores.branch
        labels = np.array([*(b.label for b in self.card.scheme.bands.items), None], dtype=object)
        columns["total_low"] = self.totals.low.astype(float) / scale
        columns["total_high"] = self.totals.high.astype(float) / scale
        columns["grade"] = labels[np.where(self.totals.grade == NO_GRADE, -1, self.totals.grade)]
        return pd.DataFrame(columns, index=pd.Index(self.card.measures.ids, name="subject"))


def score(
    pack: str,
    subjects: Mapping[str, Any] | pd.DataFrame,
    *,
    tables: Mapping[str, Mapping[str, Any] | pd.DataFrame] | None = None,
    variant: str | None = None,
    ruleset: str | None = None,
    policy: str = NATIONAL,
    workspace: Path | None = None,
) -> BulkScores:
    """Score a table of subjects by a pack without indicator sheet.

    Args:
        pack: id of an installed pack.
        subjects: columns by field name; ``subject`` (ids) is made up when absent. NaN and None are missing.
        tables: the pack's other tables, in the same form, each with a ``subject`` column unless it is shared.
        variant: which of the pack's trees; to be named when it offers any.
        ruleset: that of the tree or the pack when None.
        workspace: whose ``packs/`` load too; found from the current folder when None.

    Raises:
        EvidenceError: a column the pack does not know, or text where a number belongs.
        SchemeError: the tree is not named, or is none of the pack's.
    """
    plugins = load_sources(workspace or find_workspace(), recording=False)
    library = Library.of(plugins.folders)
    loaded = library.pack(pack)
    tree = loaded.variants.get(variant or "")
    plan = _plan(loaded, variant, ruleset or (tree and tree.ruleset) or loaded.ruleset, policy)
    scheme = freeze(
        plan, loaded, library.ruleset(plan.ruleset), library.policy(policy), library.policy(NATIONAL), plugins.kinds
    )
    main = table_from_columns(subjects_spec(loaded.subject_fields), subjects)
    given = {t.name: table_from_columns(t, (tables or {}).get(t.name, {})) for t in loaded.tables}
    card = score_columns(scheme, Evidence(main, given), plugins.kinds, plugins.derivations)
    return BulkScores(card, total(card))


def _plan(pack: Pack, variant: str | None, ruleset: str, policy: str) -> Plan:
    """The plan a scheme needs; nothing of it but the four names reaches the scores."""
    return Plan(
        evaluation="bulk",
        title=pack.title,
        pack=pack.id,
        variant=variant,
        ruleset=ruleset,
        policy=policy,
        period="—",
        stage="自评",
        as_of="1970-01-01",
        evidence="—",
    )


def table_from_columns(spec: TableSpec, data: Mapping[str, Any] | pd.DataFrame) -> Table:
    """A typed table from arrays in memory: numbers become exact with the field's decimals."""
    names = list(data.keys())
    n = len(data[names[0]]) if names else 0
    fields = {f.name: f for f in spec.fields}
    columns: dict[str, Column] = {}
    for name in names:
        if name not in fields and (name != "subject" or spec.per == "shared"):
            fix = suggest(name, fields)
            raise EvidenceError(Problem("unknown_column", "表中没有这个字段", Place(sheet=spec.title), name, fix=fix))
        columns[name] = _column(spec, fields.get(name), np.asarray(data[name]))
    if spec.per != "shared" and "subject" not in columns:
        columns["subject"] = np.array(list(map(str, range(1, n + 1))), dtype=object)
    for name, field in fields.items():
        columns.setdefault(name, empty_column(field, n))
    return Table(spec, "内存", spec.title, np.arange(n, dtype=np.int64) + 1, {}, columns)


def _column(spec: TableSpec, field: FieldSpec | None, values: Any) -> Column:
    if field is None or field.type in ("text", "code"):
        texts = [None if v is None or v != v else str(v) for v in values.tolist()]
        _refuse_unknown_codes(spec, field, texts)
        return np.array(texts, dtype=object)
    if values.dtype.kind in "uib":
        # Unsigned 64 bits may hold more than int64: those become Python integers.
        units = narrow(values.astype(object)) if values.dtype == np.uint64 else values.astype(np.int64)
        return Exact(units, 0, np.ones(len(units), dtype=bool)).rescale(field.places)
    try:
        if field.type == "date":
            days = values.astype("datetime64[D]")  # text as 2022-03-01, date objects, pandas' own times
            valid = ~np.isnat(days)
            return Exact(np.where(valid, days.astype(np.int64), 0), 0, valid)
        if values.dtype.kind == "M":
            raise TypeError("a date where a number belongs")
        return Exact.from_floats(values.astype(np.float64), field.places)
    except (TypeError, ValueError) as error:
        place = Place(sheet=spec.title, field=field.title)
        if field.type == "date":
            raise EvidenceError(
                Problem("date_unknown", "日期无法识别", place, expected="日期,如 2022-03-01")
            ) from error
        raise EvidenceError(Problem("not_a_number", "数字字段中有文字或日期", place, expected="数字")) from error


def _refuse_unknown_codes(spec: TableSpec, field: FieldSpec | None, texts: list[str | None]) -> None:
    if field is None or field.codes is None:
        return
    unknown = sorted({t for t in texts if t is not None}.difference(field.codes))
    if unknown:
        place = Place(sheet=spec.title, field=field.title)
        fix = suggest(unknown[0], field.codes)
        raise EvidenceError(Problem("unknown_code", "不在代码表里", place, unknown[0], "、".join(field.codes), fix))
