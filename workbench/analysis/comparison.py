"""Comparison (再评价对比): what differs between two results of the same subjects, and which cause answers for how much."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from workbench.base.models import Model
from workbench.scoring.result import Engine, Number, PackRef, VersionRef

SCHEMA_VERSION = "1.0.0"
THRESHOLD_PATTERN = r"[0-9]{1,9}(\.[0-9]{1,9})?"
"""How a threshold is written: a number not below 0."""

Cause = Literal["data", "targets", "rules", "policy", "experts", "environment"]
CAUSES: tuple[Cause, ...] = ("data", "targets", "rules", "policy", "experts")
"""What can be put into a result one by one. The environment is what they do not explain."""
CAUSE_WORDS: dict[str, str] = {
    "data": "佐证数据",
    "targets": "目标与分值",
    "rules": "计分规则",
    "policy": "地区办法",
    "experts": "专家评审",
    "environment": "运行环境",
}

Exact = Annotated[str, Field(pattern=r"^-?\d+(/\d+)?$")]
"""A fraction in lowest terms: ``-1/3``, ``2``."""


class Side(Model):
    """One of the two results. ``source``: the run folder's or dossier's name; ``phase``: of its review, None without one."""

    source: str
    evaluation: str
    title: str
    period: str
    stage: str
    as_of: str
    run: str
    parent: str | None
    pack: PackRef
    ruleset: VersionRef
    policy: VersionRef
    engine: Engine
    ledger_head: str
    phase: str | None = None


class Difference(Model):
    """How one cause differs between the two: ``what`` in words; empty where it is the same."""

    cause: Cause
    what: list[str]


class Joined(Model):
    """Causes that cannot be separated, because a mixture of them cannot be computed; ``why`` in one sentence."""

    causes: list[Cause]
    why: str


class Share(Model):
    """What one cause (or several joined) answers for. ``points`` as printed: printed shares add up to the printed difference."""

    causes: list[Cause]
    points: Number
    exact: Exact


LineKind = Literal["indicator", "rescaled", "bonus", "bonus_cap", "deduction", "floor"]
Presence = Literal["both", "added", "dropped"]


class LineChange(Model):
    """One addend of the total before and after: an indicator, a 折算 of a level 1, a bonus or deduction item, a cap or floor.

    Points are those that count in the total: 0 where unscored or not applicable, and ``*_status`` says which. ``shares`` add up
    to ``difference``. ``old_code`` where a confirmed mapping matched an indicator of another code. ``old_claimed``: the points
    the unit gave itself in the first evaluation, where it wrote any.
    """

    kind: LineKind
    code: str
    name: str
    level1: str | None = None
    level2: str | None = None
    presence: Presence = "both"
    old_code: str | None = None
    direction: str | None = None
    unit: str | None = None
    old_target: str | None = None
    new_target: str | None = None
    old_weight: Number | None = None
    new_weight: Number | None = None
    old_value: str | None = None
    new_value: str | None = None
    old_status: str | None = None
    new_status: str | None = None
    old_claimed: Number | None = None
    old_points: Number
    new_points: Number
    difference: Number
    deviation: Number | None = None
    """(old − new) / old × 100, two decimals; None where the old points are 0 or a side has none."""
    shares: list[Share]
    remark: str | None = None
    """The new result's explanation (评分说明), for the 备注(扣分原因) column."""


class CapChange(Model):
    """A cap, veto or event of the policy whose state differs; None where that side's policy does not have it."""

    rule: str
    text: str
    old: str | None
    new: str | None
    clause: str


class SubjectChange(Model):
    """One subject before and after.

    ``difference`` and the shares speak of the sum of what is scored; it is the difference of the totals wherever both are
    complete (``complete``). ``deviation``: (old − new) / old × 100. Grades are in words (“良(暂定)”); ``regraded`` says whether the
    grade itself is another, not only what a policy calls it. ``large``: 差异较大 by a threshold or a changed grade, and
    ``why_large`` says which.
    """

    id: str
    name: str
    complete: bool
    old_total: Number | None
    new_total: Number | None
    old_interval: list[Number] = Field(min_length=2, max_length=2)
    new_interval: list[Number] = Field(min_length=2, max_length=2)
    difference: Number
    deviation: Number | None
    old_grade: str | None
    new_grade: str | None
    regraded: bool
    large: bool
    why_large: list[str]
    shares: list[Share]
    alone: list[Share]
    """One change at a time: the change of the total when only this is put into the first result. Need not add up."""
    lines: list[LineChange]
    caps: list[CapChange]
    old_consequences: list[str]
    new_consequences: list[str]
    main_reasons: str
    """The lines that moved most, in words (主要原因)."""


class Thresholds(Model):
    """When a difference is 差异较大. No notice gives a number: 示例,可改."""

    points: Number = "10"
    percent: Number | None = None


class Match(Model):
    """An indicator of the first result matched with one of another code in the second: by a confirmed mapping, or proposed by name."""

    old: str
    new: str
    name: str
    confirmed: bool


class Comparison(Model):
    """``comparison.json``: two results side by side and the difference attributed."""

    schema_version: str = SCHEMA_VERSION
    old: Side
    new: Side
    differences: list[Difference]
    joined: list[Joined]
    thresholds: Thresholds
    matches: list[Match]
    subjects: list[SubjectChange]
    only_old: list[str]
    only_new: list[str]
    notes: list[str]
