"""Panel (评审组): who reviews, what each one is assigned, and how their numbers become one. Declared in the plan or on the page.

财监〔2021〕4号 asks for a lead evaluator (主评人) who signs; no document fixes how experts' points merge, so the rule is chosen
here, recorded with every merge and shown in every report.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, model_validator

from workbench.base.errors import Place, Problem
from workbench.base.models import PRINTABLE, DecimalText, Model
from workbench.base.text import suggest
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
SYSTEM = "system"
"""Who acts where nobody decides: a review is opened with the plan's panel."""
Specialty = Literal["业务", "财务", "管理"]
Name = Annotated[str, Field(min_length=1, max_length=100), PRINTABLE]
"""Of a person or an organisation."""
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
    reason: Annotated[str, Field(min_length=2, max_length=1000), PRINTABLE]


class Member(Model):
    """A person in the panel. ``indicators`` are codes or names of level-1 indicators; empty means all of them."""

    id: Identifier
    name: Name
    roles: list[Role] = Field(min_length=1)
    specialty: Specialty | None = None
    organisation: Name | None = None
    title: Name | None = None
    weight: DecimalText = Field(default=Decimal(1), gt=0)
    indicators: list[str] = []
    conflicts: list[Conflict] = []
    login: Name | None = None
    """The user's name at a JupyterHub, where that is the identity."""


class Panel(Model):
    """Members, and how the panel works.

    ``blind``: nobody sees a colleague's points before everyone has submitted the round. ``hide_computed``: experts do not
    see the computed points of qualitative indicators before they submit. ``quorum``: counted opinions an indicator needs,
    where the panel asks for more than the policy does.
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
        if SYSTEM in ids:  # what the program records would seem to be theirs
            raise ValueError(f"评审组成员的编号不得为 {SYSTEM}(由程序使用)")
        if sum("lead" in m.roles for m in self.members) != 1:
            raise ValueError("评审组须有且只有一名主评人(roles 含 lead)")
        if any("reviewer" in m.roles and {"lead", "analyst"} & set(m.roles) for m in self.members):
            raise ValueError("内部审核人不得是主评人或评价人员")
        if any("unit" in m.roles and len(set(m.roles)) > 1 for m in self.members):
            raise ValueError("被评价单位的人员须回避,不得在评审组中另任他职")
        logins = [m.login or m.id for m in self.members]
        if len(set(logins)) != len(logins):
            raise ValueError("评审组成员的平台用户名(login)不得重复,也不得与他人的编号相同")
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


def panel_problems(
    panel: Panel, codes: Sequence[str], level1: Sequence[str], subjects: Sequence[str], key: str
) -> list[Problem]:
    """What the panel names that the evaluation does not have.

    Args:
        codes, level1: what may be assigned. subjects: ids of the evaluated subjects.
        key: where the panel stands, for the places of problems.
    """
    problems = []
    for n, member in enumerate(panel.members):
        at = f"{key}.members[{n}]"
        who = f"评审组成员“{member.name}”"
        for i, name in enumerate(member.indicators):
            if name not in codes and name not in level1:
                place, fix = Place(key=f"{at}.indicators[{i}]"), suggest(name, [*codes, *level1])
                text = f"{who}分派的指标不在评价方案中"
                problems.append(Problem("unknown_indicator", text, place, name, "指标编码或一级指标名称", fix))
        for i, conflict in enumerate(member.conflicts):
            place = Place(key=f"{at}.conflicts[{i}]")
            if conflict.indicator is not None and conflict.indicator not in codes:
                text, fix = f"{who}回避的指标不在评价方案中", suggest(conflict.indicator, codes)
                problems.append(Problem("unknown_indicator", text, place, conflict.indicator, "指标编码", fix))
            if conflict.subject is not None and conflict.subject not in subjects:
                text, fix = f"{who}回避的评价对象不在本次评价中", suggest(conflict.subject, subjects)
                problems.append(Problem("unknown_subject", text, place, conflict.subject, "对象编号", fix))
    return problems
