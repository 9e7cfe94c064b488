"""Policy (地区办法): grades, caps, vetoes, consequences, deadlines and quotas of one jurisdiction.

What a notice does not say stays null and is shown as 本办法未规定,按国家默认. Nothing is invented.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from workbench.base.models import DecimalText, Model
from workbench.scheme.basis import Code, Identifier, Source, Stage, Version

NOT_STATED = "本办法未规定,按国家默认"


class Band(Model):
    """A grade and the lowest total that earns it (inclusive)."""

    label: str
    lower: DecimalText


class Bands(Model):
    """Grade bands from best to worst; ``reads`` says which score they look at."""

    reads: Literal["base", "base_plus_bonus"]
    items: list[Band] = Field(min_length=1)
    clause: Source

    @model_validator(mode="after")
    def _descending(self) -> Bands:
        lowers = [b.lower for b in self.items]
        if lowers != sorted(lowers, reverse=True) or len(set(lowers)) != len(lowers):
            raise ValueError("等级分数线须从高到低且不重复")
        return self


class NamedGrade(Model):
    """A grade the notice names without giving its line; the user must set one before it can be used."""

    label: str
    after: str
    clause: Source
    note: str


class Effect(Model):
    """What a triggered cap does.

    ``ceiling``: grade not better than ``grade``; ``set``: grade becomes ``grade``; ``veto``: one-vote veto, the notice
    names no grade; ``measure``: a consequence only.
    """

    kind: Literal["ceiling", "set", "veto", "measure"]
    grade: str | None = None
    text: str

    @model_validator(mode="after")
    def _grade_given(self) -> Effect:
        if (self.kind in ("ceiling", "set")) != (self.grade is not None):
            raise ValueError("ceiling、set 必须写 grade,其他不得写")
        return self


class Cap(Model):
    """A fact, checked outside the score, that limits or replaces the grade."""

    code: Code
    event: str
    effect: Effect
    clause: Source


class Trigger(Model):
    """What a consequence reads: the final grade, the score's own grade, the score, or a cap's state."""

    reads: Literal["grade", "score", "cap"]
    grades: list[str] | None = None
    below: DecimalText | None = None
    cap: Code | None = None

    @model_validator(mode="after")
    def _one_condition(self) -> Trigger:
        needed = {"grade": self.grades, "score": self.below, "cap": self.cap}[self.reads]
        if needed is None or sum(x is not None for x in (self.grades, self.below, self.cap)) != 1:
            raise ValueError("reads 与条件不匹配(grade→grades,score→below,cap→cap)")
        return self


class Consequence(Model):
    """What follows for money or people, and what it reads. Shown, never executed."""

    code: Code
    when: Trigger
    text: str
    clause: Source


class Deadline(Model):
    """A date the notice sets. ``date`` is MM-DD when the notice fixes a day; ``text`` says it in words."""

    code: Code
    what: str
    text: str
    date: str | None = Field(default=None, pattern=r"^\d{2}-\d{2}$")
    clause: Source


class Quota(Model):
    """A coverage or sampling number: at least ``minimum`` of ``unit``; null minimum: named, no number given.

    ``draws``: what it counts when projects are drawn to reach it (see ``workbench sample``), null where it is nothing to draw
    by; ``within``: it holds for each department by itself, null for all projects together.
    """

    code: Code
    what: str
    minimum: DecimalText | None = None
    unit: str | None = None
    draws: Literal["projects", "money"] | None = None
    within: Literal["department"] | None = None
    clause: Source


class Requirement(Model):
    """A condition of entry, publication, accountability and the like, kept for display."""

    code: Code
    what: str
    clause: Source


class StageQuorum(Model):
    """How many experts have to judge each indicator in an evaluation of one stage."""

    stage: Stage
    minimum: int = Field(ge=1)
    clause: Source
    example: bool = False
    """Our default, fixed by no document for this jurisdiction (示例,可改)."""

    @property
    def text(self) -> str:
        """``事前评估:每项指标的评审专家不少于5人(示例,可改)``."""
        return f"{self.stage}:每项指标的评审专家不少于{self.minimum}人{'(示例,可改)' if self.example else ''}"


class ReviewLimits(Model):
    """Limits on expert review.

    ``adjust_limit_percent``: the widest adjustment of one indicator, in percent of its full points; ``free_points``: whether
    experts may propose points only where the rule leaves room for judgement, or on every indicator.
    """

    quorum: list[StageQuorum] = []
    adjust_limit_percent: DecimalText | None = Field(default=None, ge=0, le=100)
    free_points: Literal["judged", "all"] = "judged"
    clause: Source | None = None

    @model_validator(mode="after")
    def _once(self) -> ReviewLimits:
        stages = [q.stage for q in self.quorum]
        if len(set(stages)) != len(stages):
            raise ValueError("同一评价阶段的评审专家人数写了两次")
        return self

    def minimum(self, stage: str) -> int | None:
        """Experts an evaluation of this stage needs, or None when nothing says so."""
        return next((q.minimum for q in self.quorum if q.stage == stage), None)


class Retention(Model):
    """How long an evaluation dossier must be kept."""

    years: int
    clause: Source


class Rectification(Model):
    """Days in which problems have to be put right; ``since`` says from what on. Null: the notice gives no number."""

    days: int = Field(ge=1)
    since: str
    clause: Source

    @property
    def text(self) -> str:
        """``收到评价结果之日起60日内``."""
        return f"{self.since}起{self.days}日内"


class Policy(Model):
    """One jurisdiction's rules as data; every value with its clause."""

    id: Identifier
    version: Version
    title: str
    jurisdiction: str
    document: Source
    dated: str
    bands: Bands | None = None
    grade_names: dict[str, str] | None = None
    grades_without_line: list[NamedGrade] = []
    caps: list[Cap] = []
    consequences: list[Consequence] | None = None
    deadlines: list[Deadline] = []
    coverage: list[Quota] = []
    requirements: list[Requirement] = []
    large_difference: Quota | None = None
    review: ReviewLimits | None = None
    retention: Retention | None = None
    rectification: Rectification | None = None
    silent: list[str] = []
