"""Two evaluations brought to one numbering, and taken apart into the causes a difference may have."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from workbench.analysis.comparison import Cause
from workbench.base.text import plain
from workbench.evidence.indicators import WIDE_NAME
from workbench.evidence.tables import Evidence, Table
from workbench.runs.evaluation import Evaluation
from workbench.scheme.pack import Indicator
from workbench.scheme.plan import BandChange
from workbench.scheme.scheme import Scheme
from workbench.scoring.adjustments import Adjustment
from workbench.scoring.derivations import Derivation
from workbench.scoring.kinds import RuleKind

TARGET_FIELDS = ("name", "level1", "level2", "weight", "direction", "target", "target_text")
"""What of an indicator is 目标与分值; the rest is how it is scored."""
TARGET_COLUMNS = ("_target", "_start")
"""Endings of the columns of a 绩效指标 sheet that are targets, not data."""
_NUMBERED = re.compile(rf"\b{WIDE_NAME}\.i\d+_")
_SCORING_PARTS = ("derived", "tables", "subject_fields", "bonus", "deductions", "survey", "benchmarks")


@dataclass(frozen=True)
class Mixable:
    """One evaluation, ready to be mixed with another.

    Attributes:
        scheme: as frozen; its tree has the codes and columns both sides share.
        evidence: corrected, with the 绩效指标 sheet as one wide table.
        from_sheet: codes of indicators that come from a 绩效指标 sheet.
        parts: cause → what it consists of; equal parts are no cause.
    """

    evaluation: Evaluation
    scheme: Scheme
    evidence: Evidence
    adjustments: Sequence[Adjustment]
    kinds: Mapping[str, RuleKind[Any]]
    derivations: Mapping[str, Derivation]
    from_sheet: frozenset[str]
    parts: Mapping[Cause, object]

    @cached_property
    def indicators(self) -> dict[str, Indicator]:
        """The tree by code."""
        return {i.code: i for i in self.scheme.tree}

    @cached_property
    def subjects(self) -> list[str]:
        """Ids of the evaluated subjects."""
        return [s.id for s in self.evaluation.subjects]


def mixable(old: Evaluation, new: Evaluation, renamed: Mapping[str, str]) -> tuple[Mixable, Mixable]:
    """Both evaluations in the codes of the second. ``renamed``: code in the first → code in the second."""
    trees = [[_recoded(i, renamed) for i in old.scheme.tree], list(new.scheme.tree)]
    sheets = [frozenset(i.code for i in tree if _is_from_sheet(i)) for tree in trees]
    order = list(dict.fromkeys(i.code for tree in trees for i in tree if i.code in sheets[0] | sheets[1]))
    numbers = {code: n for n, code in enumerate(order, 1)}
    shared = {i.code for i in trees[0]} & {i.code for i in trees[1]}
    first = _side(old, trees[0], sheets[0], numbers, shared, renamed)
    return first, _side(new, trees[1], sheets[1], numbers, shared, {})


def _side(
    evaluation: Evaluation,
    tree: Sequence[Indicator],
    from_sheet: frozenset[str],
    numbers: Mapping[str, int],
    shared: set[str],
    renamed: Mapping[str, str],
) -> Mixable:
    columns = {_prefix(i): f"i{numbers[i.code]:02d}_" for i in tree if i.code in from_sheet}
    numbered = [_renumbered(i, numbers) if i.code in from_sheet else i for i in tree]
    scheme = evaluation.scheme
    ruled = zip(scheme.indicators, numbered, strict=True)
    scheme = replace(scheme, indicators=tuple(replace(r, item=i) for r, i in ruled))
    evidence = _evidence(evaluation.evidence, columns, renamed)
    adjustments = evaluation.carried.adjustments if evaluation.carried is not None else []
    adjustments = [replace(a, indicator=renamed.get(a.indicator, a.indicator)) for a in adjustments]
    plugins = evaluation.plugins
    parts = _parts(scheme, evidence, adjustments, from_sheet, shared)
    parts["rules"] = [parts["rules"], [(d.name, d.version) for d in plugins.derivations.values() if _used(d, scheme)]]
    return Mixable(evaluation, scheme, evidence, adjustments, plugins.kinds, plugins.derivations, from_sheet, parts)


def _used(derivation: Derivation, scheme: Scheme) -> bool:
    return derivation.name in {d.python for d in scheme.pack.derived}


def _is_from_sheet(indicator: Indicator) -> bool:
    return (indicator.value or "").startswith(f"{WIDE_NAME}.")


def _prefix(indicator: Indicator) -> str:
    """``i03_`` of an indicator of the sheet."""
    return (indicator.value or "").removeprefix(f"{WIDE_NAME}.").partition("_")[0] + "_"


def _recoded(indicator: Indicator, renamed: Mapping[str, str]) -> Indicator:
    return indicator.model_copy(update={"code": renamed.get(indicator.code, indicator.code)})


def _renumbered(indicator: Indicator, numbers: Mapping[str, int]) -> Indicator:
    """A sheet's indicator with the columns of the common numbering."""
    start = f"{WIDE_NAME}.i{numbers[indicator.code]:02d}_"
    exprs = {
        name: _NUMBERED.sub(start, e) for name in ("value", "target", "claimed") if (e := getattr(indicator, name))
    }
    inputs = {n: s.model_copy(update={"expr": _NUMBERED.sub(start, s.expr)}) for n, s in indicator.inputs.items()}
    return indicator.model_copy(update={**exprs, "inputs": inputs})


def _evidence(evidence: Evidence, columns: Mapping[str, str], renamed: Mapping[str, str]) -> Evidence:
    """The evidence in the common numbering and codes; where its values stand is not asked for any more."""
    tables = dict(evidence.tables)
    if WIDE_NAME in tables:
        tables[WIDE_NAME] = _renamed_columns(tables[WIDE_NAME], columns)
    proofs = [replace(p, indicator=renamed.get(p.indicator, p.indicator)) for p in evidence.proofs]
    waivers = [replace(w, indicator=renamed.get(w.indicator, w.indicator)) for w in evidence.waivers]
    return replace(evidence, tables=tables, proofs=proofs, waivers=waivers, files=[], notes=[])


def _renamed_columns(table: Table, columns: Mapping[str, str]) -> Table:
    def name(old: str) -> str:
        prefix = old.partition("_")[0] + "_"
        return columns.get(prefix, prefix) + old.removeprefix(prefix) if prefix in columns else old

    fields = [f.model_copy(update={"name": name(f.name)}) for f in table.spec.fields]
    spec = table.spec.model_copy(update={"fields": fields})
    renamed = {name(n): c for n, c in table.columns.items()}
    return replace(table, spec=spec, columns=renamed, letters={}, cell_rows={}, corrected={})


def only_columns(table: Table, *, targets: bool) -> Table:
    """The 绩效指标 sheet's wide table with its target columns alone, or without them."""
    fields = [f for f in table.spec.fields if f.name.endswith(TARGET_COLUMNS) == targets]
    kept = {"subject", *(f.name for f in fields)}
    spec = table.spec.model_copy(update={"fields": fields})
    return replace(table, spec=spec, columns={n: c for n, c in table.columns.items() if n in kept})


def _parts(
    scheme: Scheme,
    evidence: Evidence,
    adjustments: Sequence[Adjustment],
    from_sheet: frozenset[str],
    shared: set[str],
) -> dict[Cause, object]:
    wide, data, written = evidence.tables.get(WIDE_NAME), evidence, ""
    if wide is not None:
        data = replace(evidence, tables=evidence.tables | {WIDE_NAME: only_columns(wide, targets=False)})
        written = Evidence(only_columns(wide, targets=True), {}).digest
    declared = [i for i in scheme.tree if i.code not in from_sheet]
    return {
        "data": [data.digest, scheme.plan.as_of],
        "targets": [
            written,
            [i.model_dump(include=set(TARGET_FIELDS) | {"code"}) for i in declared],
            [i.model_dump(exclude={"decimals"}) for i in scheme.tree if i.code in from_sheet],
        ],
        "rules": [
            {name: getattr(scheme.pack, name) for name in _SCORING_PARTS},
            scheme.ruleset.model_dump(exclude={"version"}),
            [i.model_dump(exclude=set(TARGET_FIELDS)) for i in sorted(declared, key=_code) if i.code in shared],
        ],
        "policy": [
            scheme.policy.model_dump(exclude={"version"}),
            scheme.national.model_dump(exclude={"version"}),
            [c.model_dump() for c in scheme.plan.changes if isinstance(c, BandChange)],
        ],
        "experts": sorted((a.subject, a.indicator, plain(a.points)) for a in adjustments),
    }


def _code(indicator: Indicator) -> str:
    return indicator.code
