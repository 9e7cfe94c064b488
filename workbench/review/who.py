"""Who may do what, when: one table that both the page's buttons and the ledger's door read."""

from __future__ import annotations

from dataclasses import dataclass

from workbench.base.errors import Problem
from workbench.review.state import PHASE_WORDS, Phase
from workbench.scheme.panel import ROLE_WORDS, Member, Role


@dataclass(frozen=True)
class Door:
    """Roles that may send a kind of event, and the phases in which it can happen."""

    roles: tuple[Role, ...]
    phases: tuple[Phase, ...] = ("open",)


DOORS: dict[str, Door] = {
    "panel_set": Door(("lead",), ("open", "signed", "consultation")),
    "round_opened": Door(("lead",)),
    "opinion": Door(("expert", "clerk")),
    "withdrawal": Door(("expert", "clerk")),
    "entry_checked": Door(("checker",)),
    "submission": Door(("expert", "clerk")),
    "statement": Door(("expert", "lead", "delegate"), ("open", "signed")),
    "inquiry": Door(("lead", "expert"), ("open", "consultation")),
    "answer": Door(("unit", "lead", "analyst"), ("open", "consultation")),
    "challenge": Door(("expert", "lead")),
    "challenge_rejected": Door(("lead",)),
    "correction": Door(("lead",), ("open", "consultation")),
    "correction_revoked": Door(("lead",)),
    "merge": Door(("lead",)),
    "sign_off": Door(("lead",)),
    "reopening": Door(("lead",), ("signed", "final")),
    "draft_issued": Door(("lead",), ("signed", "consultation")),
    "comment": Door(("lead", "analyst", "unit"), ("consultation",)),
    "reply": Door(("lead",), ("consultation",)),
    "revision": Door(("lead",), ("consultation",)),
    "internal_review": Door(("reviewer",), ("consultation",)),
    "finalised": Door(("lead",), ("consultation",)),
}
CLOSED_FIX: dict[Phase, str] = {
    "open": "请先完成评审并由主评人签字",
    "signed": "确需修改的,由主评人说明理由后重新开启评审",
    "consultation": "征求意见后,得分只能凭已采纳的意见或佐证调整",
    "final": "确需修改的,由主评人说明理由后重新开启",
}


def can(member: Member, phase: Phase) -> frozenset[str]:
    """Kinds of events a member may send in this phase, as far as role and phase decide."""
    return frozenset(
        kind for kind, door in DOORS.items() if phase in door.phases and set(door.roles) & set(member.roles)
    )


def door_problems(kind: str, member: Member, phase: Phase) -> list[Problem]:
    """Why role or phase keep a member from sending this kind of event."""
    door, problems = DOORS[kind], []
    if not set(door.roles) & set(member.roles):
        problems.append(role_problem(member, *door.roles))
    if phase not in door.phases:
        wanted = "、".join(PHASE_WORDS[p] for p in door.phases)
        message = "现在不能办理这一步"
        problems.append(
            Problem("wrong_phase", message, found=PHASE_WORDS[phase], expected=wanted, fix=CLOSED_FIX[phase])
        )
    return problems


def role_problem(member: Member, *roles: Role) -> Problem:
    """It is not for this member to do."""
    words = "、".join(ROLE_WORDS[r] for r in roles)
    mine = "、".join(ROLE_WORDS[r] for r in member.roles)
    return Problem("wrong_role", "这一步不由您办理", found=mine, expected=words)
