"""Evaluation workbench (绩效评价工作台).

``import workbench as wb; evaluation = wb.open("params/….yaml")`` is all a notebook needs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from workbench.dossier.notebook import compare as compare
    from workbench.dossier.notebook import rerun as rerun
    from workbench.dossier.notebook import seal as seal
    from workbench.dossier.notebook import verify as verify
    from workbench.recheck.page import show_recheck as show_recheck
    from workbench.runs.batch.notebook import batch as batch
    from workbench.runs.batch.notebook import batch_async as batch_async
    from workbench.runs.bulk import score as score
    from workbench.runs.bulk import score_to_parquet as score_to_parquet
    from workbench.runs.opening import open_plan as open
    from workbench.runs.reviewing import review as show_review

__all__ = [
    "batch",
    "batch_async",
    "compare",
    "open",
    "rerun",
    "review",
    "score",
    "score_to_parquet",
    "seal",
    "show_recheck",
    "show_review",
    "verify",
]


def __getattr__(name: str) -> Any:
    # Imported on first use: `workbench --help` must not pay for numpy and the engine.
    if name == "open":
        from workbench.runs.opening import open_plan

        return open_plan
    if name in ("compare", "rerun", "seal", "verify"):
        from workbench.dossier import notebook

        return getattr(notebook, name)
    if name in ("batch", "batch_async"):
        from workbench.runs.batch import notebook as batches

        return getattr(batches, name)
    if name in ("score", "score_to_parquet"):
        from workbench.runs import bulk

        return getattr(bulk, name)
    if name == "show_recheck":
        from workbench.recheck.page import show_recheck

        return show_recheck
    if name == "show_review":
        from workbench.runs.reviewing import review

        return review
    if name == "review":
        from importlib import import_module

        return import_module("workbench.review")  # a package that can be called
    raise AttributeError(f"module 'workbench' has no attribute {name!r}")
