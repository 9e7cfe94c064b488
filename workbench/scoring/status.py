"""Status codes of one indicator of one subject, as bulk arrays hold them."""

from __future__ import annotations

from workbench.scoring.result import Status

STATUS: tuple[Status, ...] = ("scored", "provisional", "unscored", "zero_by_rule", "not_applicable")
SCORED, PROVISIONAL, UNSCORED, ZERO, NOT_APPLICABLE = range(5)
