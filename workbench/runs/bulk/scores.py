"""Bulk scoring: a table of subjects in memory, no notebook, no sentences. Values, points and branches as columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from workbench.base.errors import EvidenceError, Problem
from workbench.base.text import suggest
from workbench.evidence.standard import subjects_spec
from workbench.evidence.tables import Evidence, Table
from workbench.plugins.manager import Plugins
from workbench.runs.bulk.columns import table_from_columns
from workbench.runs.sealed import load_sources
from workbench.runs.workspace import find_workspace
from workbench.scheme.library import NATIONAL, Library
from workbench.scheme.pack import Pack, TableSpec
from workbench.scheme.plan import Plan
from workbench.scheme.scheme import Scheme, freeze
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


@dataclass(frozen=True)
class Scale:
    """What subjects are scored by: a frozen scheme, and the rule kinds and derivations that are installed."""

    scheme: Scheme
    plugins: Plugins

    @property
    def pack(self) -> Pack:
        """The pack as it was loaded: its tables say what may be given."""
        return self.scheme.pack

    def tables(self, given: Iterable[str]) -> Sequence[TableSpec]:
        """The pack's tables. Raises WorkbenchError where one is given that is none of them."""
        names = [t.name for t in self.pack.tables]
        unknown = [name for name in given if name not in names]
        if unknown:
            told = (Problem("unknown_table", "指标包没有这个表", found=n, fix=suggest(n, names)) for n in unknown)
            raise EvidenceError(told)
        return self.pack.tables

    def scores(self, subjects: Table, tables: dict[str, Table]) -> BulkScores:
        """Score these subjects by these tables, one for each table of the pack."""
        card = score_columns(self.scheme, Evidence(subjects, tables), self.plugins.kinds, self.plugins.derivations)
        return BulkScores(card, total(card))


def scale_of(pack: str, variant: str | None, ruleset: str | None, policy: str, workspace: Path | None) -> Scale:
    """Load what subjects are to be scored by. Raises as :func:`score` does."""
    plugins = load_sources(workspace or find_workspace(), recording=False)
    library = Library.of(plugins.folders)
    loaded = library.pack(pack)
    tree = loaded.variants.get(variant or "")
    plan = _plan(loaded, variant, ruleset or (tree and tree.ruleset) or loaded.ruleset, policy)
    scheme = freeze(
        plan, loaded, library.ruleset(plan.ruleset), library.policy(policy), library.policy(NATIONAL), plugins.kinds
    )
    return Scale(scheme, plugins)


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
        EvidenceError: a table or column the pack does not know, or text where a number belongs.
        SchemeError: the tree is not named, or is none of the pack's.
    """
    scale = scale_of(pack, variant, ruleset, policy, workspace)
    main = table_from_columns(subjects_spec(scale.pack.subject_fields), subjects)
    others = tables or {}
    given = {t.name: table_from_columns(t, others.get(t.name, {})) for t in scale.tables(others)}
    return scale.scores(main, given)


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
