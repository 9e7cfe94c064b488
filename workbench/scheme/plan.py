"""Plan (评价计划): one engagement. Which pack, ruleset, policy and evidence, and every declared change with its reason."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from workbench.base.models import DecimalText, Model
from workbench.scheme.basis import Code, DateText, Identifier, Name, Source, Stage
from workbench.scheme.pack import Indicator
from workbench.scheme.panel import Panel


class _Change(Model):
    reason: str = Field(min_length=2)
    approval: Source | None = None


class WeightChange(_Change):
    """Another weight for one indicator."""

    kind: Literal["weight"]
    indicator: Code
    value: DecimalText = Field(ge=0)


class TargetChange(_Change):
    """Another target for one indicator."""

    kind: Literal["target"]
    indicator: Code
    value: DecimalText


class DropChange(_Change):
    """An indicator taken out."""

    kind: Literal["drop"]
    indicator: Code


class AddChange(_Change):
    """An indicator put in."""

    kind: Literal["add"]
    indicator: Indicator


class BandChange(_Change):
    """The line of a grade that the policy names without giving one (吉林2025's 低)."""

    kind: Literal["band"]
    label: str
    lower: DecimalText


Change = Annotated[WeightChange | TargetChange | DropChange | AddChange | BandChange, Field(discriminator="kind")]


class Party(Model):
    """Who takes part, for the cover and the record."""

    client: str | None = None
    evaluator: str | None = None
    lead: str | None = None
    evaluated: str | None = None


class Plan(Model):
    """One engagement, as written in ``params/*.yaml`` under the single top-level key ``plan``.

    Decimals and dates are quoted text; paths are relative to the workspace.
    """

    evaluation: Identifier
    title: str
    pack: Identifier
    variant: Name | None = None
    ruleset: Identifier
    policy: Identifier
    period: str
    stage: Stage
    as_of: DateText
    evidence: str
    seed: int = Field(default=0, ge=0)
    notebook: str | None = None
    parties: Party = Party()
    sources: list[Source] = []
    notes: list[str] = []
    changes: list[Change] = []
    panel: Panel | None = None
    """The panel a review begins with; once it has begun, the ledger holds the panel."""
    experts: Annotated[Literal["counted", "ignored"], Field(exclude_if=lambda said: said == "counted")] = "counted"
    """Whether the points of a review count (计入/不计). Its data corrections hold either way; unless it says 不计 it is not
    written, so plans of earlier versions stay the same bytes."""
