"""Panel (评审组): who reviews, what each one is assigned, and how their numbers become one. Declared in the plan or on the page.

财监〔2021〕4号 asks for a lead evaluator (主评人) who signs; no document fixes how experts' points merge, so the rule is chosen
here, recorded with every merge and shown in every report.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from pydantic import Field, model_validator

from workbench.base.models import DecimalText, Model
from workbench.scheme.basis import Identifier

Role = Literal["lead", "expert", "analyst", "clerk", "checker", "delegate", "reviewer", "unit", "observer"]
ROLE_WORDS: dict[Role, str] = {
    "lead": "主评人",
    "expert": "评审专家",
    "analyst": "评价人员",
    "clerk": "代录人",
    "checker": "代录复核人",
    "delegate": "人大代表、政协委员",
    "reviewer": "内部审核人",
    "unit": "被评价单位",
    "observer": "财政部门",
}
Specialty = Literal["业务", "财务", "管理"]
MergeRule = Literal["mean", "trimmed_mean", "median", "weighted_mean", "consensus"]
MERGE_WORDS: dict[MergeRule, str] = {
    "mean": "算术平均",
    "trimmed_mean": "去掉一个最高分和一个最低分后平均(不足5人时算术平均)",
    "median": "中位数",
    "weighted_mean": "按专家权重加权平均",
    "consensus": "一致意见(全部专家给出同一得分)",
}


class Conflict(Model):
    """A declared conflict of interest (回避): with one subject, one indicator, or the whole evaluation when both are null."""

    subject: str | None = None
    indicator: str | None = None
    reason: str = Field(min_length=2)


class Member(Model):
    """A person in the panel. ``indicators`` are codes or names of level-1 indicators; empty means all of them."""

    id: Identifier
    name: str = Field(min_length=1)
    roles: list[Role] = Field(min_length=1)
    specialty: Specialty | None = None
    organisation: str | None = None
    title: str | None = None
    weight: DecimalText = Field(default=Decimal(1), gt=0)
    indicators: list[str] = []
    conflicts: list[Conflict] = []
    login: str | None = None
    """The user's name at a JupyterHub, where that is the identity."""


class Panel(Model):
    """Members, and how the panel works.

    ``blind``: nobody sees a colleague's points before everyone has submitted the round. ``hide_computed``: experts do not
    see the computed points of qualitative indicators before they submit. ``quorum``: counted opinions an indicator needs;
    the policy's number when null.
    """

    members: list[Member] = Field(min_length=1)
    merge: MergeRule = "mean"
    quorum: int | None = Field(default=None, ge=1)
    blind: bool = True
    hide_computed: bool = False

    @model_validator(mode="after")
    def _consistent(self) -> Panel:
        ids = [m.id for m in self.members]
        if len(set(ids)) != len(ids):
            raise ValueError("评审组成员的编号不得重复")
        if sum("lead" in m.roles for m in self.members) != 1:
            raise ValueError("评审组须有且只有一名主评人(roles 含 lead)")
        if any("reviewer" in m.roles and {"lead", "analyst"} & set(m.roles) for m in self.members):
            raise ValueError("内部审核人不得是主评人或评价人员")
        return self

    @property
    def lead(self) -> Member:
        """The lead evaluator (主评人)."""
        return next(m for m in self.members if "lead" in m.roles)

    def member(self, person: str) -> Member | None:
        """A member by id, or None."""
        return next((m for m in self.members if m.id == person), None)

    def having(self, role: Role) -> list[Member]:
        """Members who hold a role, in the declared order."""
        return [m for m in self.members if role in m.roles]
