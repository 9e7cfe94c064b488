"""Ruleset (计分规则集): the way one document turns a value into points. Every score names it."""

from __future__ import annotations

from pydantic import Field

from workbench.base.models import DecimalText, Model
from workbench.scheme.basis import Identifier, Name, Source, Version
from workbench.scheme.pack import RuleRef


class WeightCheck(Model):
    """Level-1 names that together have at least ``minimum`` points, in the stages named (all when empty).

    The document says 原则上, so breaking it is a finding, not an error.
    """

    code: Name
    level1: list[str]
    minimum: DecimalText
    stages: list[str] = []
    clause: Source


class Reallocation(Model):
    """Where a level 1's points go when all of it is inapplicable (101号: satisfaction's 10 go to 效益)."""

    level1: str
    to: str
    clause: Source


class LateEvidence(Model):
    """The named rule for evidence not supplied in time after a recorded notice: points are 0."""

    title: str
    clause: Source | None = None
    example: bool = True


class Ruleset(Model):
    """Value to points, treatment of missing evidence, decimals.

    ``classes`` maps what an indicator is judged as (quantitative, qualitative, …) to a rule kind with parameters.
    """

    id: Identifier
    version: Version
    title: str
    document: Source
    points_decimals: int = Field(default=2, ge=0, le=4)
    classes: dict[Name, RuleRef]
    late_evidence: LateEvidence
    reallocations: list[Reallocation] = []
    weight_checks: list[WeightCheck] = []
    not_applicable_share: DecimalText = Field(ge=0, le=100)
    notes: list[str] = []
