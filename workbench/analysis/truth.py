"""On-site truth check (真实性核查): what is proposed, what finance has confirmed, and whether that triggers the policy's veto."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from workbench.analysis.checksheet import PROVEN, UNTRUE, Checked, Line
from workbench.analysis.classing import Limits, Proposal, propose
from workbench.analysis.printed import Printed
from workbench.base.errors import Problem, SamplingError
from workbench.base.text import suggest, trimmed
from workbench.evidence.dates import date_text
from workbench.evidence.standard import CLEAR, TRIGGERED, UNCHECKED
from workbench.scheme.policy import Cap, Consequence, Policy

UNTRUE_CAP = "FALSE_SELF_EVALUATION"
"""Code under which built-in policies keep 自评结果真实性存在问题."""
AWAITING = "待确认,不触发"
CONTRADICTED = "财政确认与核查数不符,请复核"
INCOMPLETE = "财政确认为虚报,依据不全"
CORRECTION = "不触发一票否决:没有更差的核查值,虚报的确认没有依据。核查值写错的请更正核查值,确认有误的请改“财政确认”"


@dataclass(frozen=True)
class Judged:
    """One line with what is proposed for it."""

    line: Line
    proposal: Proposal

    @property
    def unchecked(self) -> bool:
        """Whether nobody has checked the line: without a verified value a confirmation rests on nothing either."""
        return self.proposal.kind == "未核查" and (self.line.verified is None or self.line.confirmed is None)

    @property
    def contradicted(self) -> bool:
        """Whether finance has confirmed untruth although no worse value was verified; such a veto would have no ground."""
        c = self.line.compared
        return self.line.confirmed == UNTRUE and (self.line.verified is None or c.equal or c.worse is False)

    @property
    def lacking(self) -> list[str]:
        """What a confirmed untruth still needs before it may trigger anything: proof of the worse value, the document deciding it.

        A veto takes money back and calls people to account; it cannot rest on a value nobody has proven.
        """
        if self.line.confirmed != UNTRUE or self.contradicted:
            return []
        proof = self.line.compared.proof
        unproven = [f"佐证(佐证情况现为“{proof or '空白'}”,须为“{PROVEN}”)"] * (proof != PROVEN)
        return unproven + ["确认文件"] * (self.line.decision is None)

    @property
    def settled(self) -> bool:
        """Whether nothing is left to decide: the values agree, or finance has confirmed a class on complete grounds."""
        if self.unchecked or self.contradicted or self.lacking:
            return False
        return self.line.confirmed is not None or self.proposal.kind == "一致"

    @property
    def waiting(self) -> bool:
        """Whether the line was checked and finance still has to decide, or to give what its decision lacks."""
        return not self.unchecked and not self.settled

    @property
    def untrue(self) -> bool:
        """Whether finance has confirmed that the claim is untrue, and a worse value was verified and proven."""
        return self.line.confirmed == UNTRUE and not self.contradicted and not self.lacking

    @property
    def outcome(self) -> str:
        """What holds now: the confirmed class, 一致, 未核查, or what is awaited or lacking."""
        if self.contradicted:
            return CONTRADICTED
        if self.lacking:
            return f"须补{'、'.join(self.lacking)},不触发"
        if self.unchecked:
            return "未核查"
        if self.line.confirmed is not None:
            return f"确认为{self.line.confirmed}" if self.line.confirmed != "无异议" else "确认无异议"
        return "一致" if self.proposal.kind == "一致" else AWAITING

    @property
    def difference(self) -> str:
        """Verified less claimed: ``-12``, ``晚5天``; empty where there is nothing to subtract."""
        c = self.line.compared
        if c.claimed is None or c.verified is None or self.line.direction == "是否":
            return ""
        by = c.verified - c.claimed
        if self.line.direction == "时限":
            return f"{'晚' if by > 0 else '早'}{trimmed(abs(by))}天" if by else "0天"
        return f"{'+' if by > 0 else ''}{trimmed(by)}"


@dataclass(frozen=True)
class ProjectState:
    """What the check says of one project: 触发, 已核查未触发 or 未核查, and the lines it rests on."""

    project: str
    name: str | None
    state: str
    judged: list[Judged]

    @property
    def untrue(self) -> list[Judged]:
        """Lines confirmed as untrue."""
        return [j for j in self.judged if j.untrue]

    @property
    def waiting(self) -> list[Judged]:
        """Lines that were checked and that finance still has to decide on."""
        return [j for j in self.judged if j.waiting]

    @property
    def unchecked(self) -> list[Judged]:
        """Lines nobody has checked."""
        return [j for j in self.judged if j.unchecked]


@dataclass(frozen=True)
class Verdict:
    """The whole check. ``cap`` is the policy's veto, None when no policy or one without a veto was given.

    ``printed``: what was printed for the check when the projects were drawn.
    """

    judged: list[Judged]
    projects: list[ProjectState]
    policy: Policy | None
    cap: Cap | None
    printed: Printed

    @property
    def contradicted(self) -> list[Judged]:
        """Lines where what finance has confirmed and what was verified do not agree."""
        return [j for j in self.judged if j.contradicted]

    @property
    def incomplete(self) -> list[Judged]:
        """Lines confirmed as untrue on incomplete grounds."""
        return [j for j in self.judged if j.lacking]

    @property
    def consequences(self) -> list[Consequence]:
        """What the policy has follow from its veto."""
        if self.policy is None or self.cap is None:
            return []
        return [c for c in self.policy.consequences or [] if c.when.reads == "cap" and c.when.cap == self.cap.code]


def judge(checked: Checked, limits: Limits, policy: Policy | None, cap: str | None = None) -> Verdict:
    """Propose a class for every line and say what confirmed untruths trigger.

    Args:
        cap: code of the policy's circumstance for untrue self-evaluations; needed only where a policy has several vetoes.

    Raises:
        SamplingError: the policy has no such circumstance, or several and none was named.
    """
    judged = [Judged(line, propose(line.compared, limits)) for line in checked.lines]
    groups: dict[str, list[Judged]] = {}
    for one in judged:
        groups.setdefault(one.line.project, []).append(one)
    projects = [
        ProjectState(project, next((j.line.name for j in group if j.line.name), None), _state(group), group)
        for project, group in groups.items()
    ] + [ProjectState(project, name, UNCHECKED, []) for project, name in checked.untouched]
    return Verdict(judged, projects, policy, _veto(policy, cap), checked.printed)


def _state(group: Sequence[Judged]) -> str:
    if any(j.untrue for j in group):
        return TRIGGERED
    return CLEAR if all(j.settled for j in group) else UNCHECKED


def _veto(policy: Policy | None, code: str | None) -> Cap | None:
    if policy is None:
        return None
    caps = {c.code: c for c in policy.caps}
    if code is not None:
        if code not in caps:
            raise SamplingError(Problem("unknown_cap", "办法里没有这个情形", found=code, fix=suggest(code, caps)))
        return caps[code]
    vetoes = [c for c in policy.caps if c.effect.kind == "veto"]
    if len(vetoes) > 1 and UNTRUE_CAP not in caps:
        choice = ";".join(f"{c.code}({c.event})" for c in vetoes)
        raise SamplingError(Problem("several_vetoes", "办法有几种一票否决,请用 --cap 写明哪一种", expected=choice))
    return caps.get(UNTRUE_CAP) or next(iter(vetoes), None)


def grounds(state: ProjectState) -> str:
    """For 备注 of 情形核查: why a project is vetoed (both values, who confirmed it when), or what its check waits for.

    A project that waits for finance stays 未核查 there, the only one of the three states that keeps a grade provisional.
    """
    if state.state == UNCHECKED and any(j.line.filled for j in state.judged):
        incomplete = [j for j in state.waiting if j.lacking]
        waiting, unchecked = len(state.waiting) - len(incomplete), len(state.unchecked)
        left = [f"{waiting}项指标待财政确认"] * bool(waiting) + [f"{unchecked}项指标未核查"] * bool(unchecked)
        left += [f"“{j.line.indicator}”确认为虚报,须补{'、'.join(j.lacking)}" for j in incomplete]
        return f"已现场核查,{','.join(left)};此前等级暂定"
    parts = []
    for j in state.untrue:
        when = j.line.confirmed_on.isoformat() if j.line.confirmed_on else ""
        values = f"自评值{_shown(j, claimed=True)},核查值{_shown(j, claimed=False)}"
        parts.append(f"“{j.line.indicator}”{values},{j.line.confirmer or ''}{when}确认为虚报")
    return ";".join(parts)


def _shown(judged: Judged, *, claimed: bool) -> str:
    line = judged.line
    number = line.compared.claimed if claimed else line.compared.verified
    if line.direction == "时限" and number is not None:
        return date_text(number)
    text = line.claimed if claimed else line.verified or "未填"
    return text if line.unit is None or text.endswith(line.unit) or number is None else f"{text}{line.unit}"
