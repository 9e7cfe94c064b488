"""Where a draw's numbers come from: the policy's quota with its clause, or the user where the notice gives none."""

from __future__ import annotations

from collections.abc import Sequence

from workbench.analysis.certificate import PolicyRef
from workbench.analysis.sampling import Ask, Counts
from workbench.base.errors import Problem, SamplingError
from workbench.base.text import trimmed
from workbench.scheme.findings import cited
from workbench.scheme.policy import Policy, Quota


def asked(policy: Policy | None, code: str | None, given: Sequence[Ask]) -> list[Ask]:
    """The quotas of a draw: the policy's, raised where the user asks for more, and the user's own.

    Args:
        policy: the jurisdiction's notice, if one is to be followed.
        code: which of its quotas (``policy.coverage``); it may be left out where only one is to draw by.
        given: the user's numbers, at most one of each kind.

    Raises:
        SamplingError: no number at all, an unknown quota, or less than the notice demands.
    """
    if policy is None:
        if not given:
            fix = "请用 --size、--rate 或 --money-share 写明抽多少,或用 --policy 和 --quota 选用办法的规定"
            raise SamplingError(Problem("no_quota", "没有写明抽取多少", fix=fix))
        return list(given)
    quota = _chosen(policy, code)
    if quota.minimum is None:
        return _named_only(quota, given)
    counts = _counts(quota)
    own = next((a for a in given if a.counts == counts), None)
    demanded = _cited(Ask(counts=counts, minimum=quota.minimum, origin="办法"), quota)
    if own is None:
        return [demanded, *given]
    if own.minimum < quota.minimum:
        message = f"低于办法规定的“{quota.what}”"
        expected = f"不低于{trimmed(quota.minimum)}({cited(quota.clause)})"
        raise SamplingError(Problem("below_policy", message, found=trimmed(own.minimum), expected=expected))
    raised = demanded if own.minimum == quota.minimum else _cited(own, quota)
    return [raised if a is own else a for a in given]


def _chosen(policy: Policy, code: str | None) -> Quota:
    known = {q.code: q for q in _drawn_by(policy)}
    if code is None and len(known) == 1:
        return next(iter(known.values()))
    if code in known:
        return known[code]
    if not known:
        fix = "请去掉 --policy,用 --size、--rate 或 --money-share 自行设定"
        raise SamplingError(Problem("no_quota", f"“{policy.title}”没有可用于抽取项目的规定", fix=fix))
    choice = ";".join(f"{q.code}({q.what})" for q in known.values())
    message = "办法里没有这项抽取规定" if code else "办法有几项抽取规定,请用 --quota 写明按哪一项"
    raise SamplingError(Problem("unknown_quota", message, found=code, expected=choice))


def _named_only(quota: Quota, given: Sequence[Ask]) -> list[Ask]:
    if not given:
        message = f"办法没有写数字:{quota.what}({cited(quota.clause)})"
        fix = "请用 --rate 项目比例、--size 个数或 --money-share 资金比例自行设定;证书会写明是用户设定"
        raise SamplingError(Problem("quota_without_number", message, fix=fix))
    return [_cited(a, quota) for a in given]


def _counts(quota: Quota) -> Counts:
    if quota.draws == "money":
        return "资金比例"
    return "项目比例" if quota.unit == "%" else "个数"


def _cited(ask: Ask, quota: Quota) -> Ask:
    """The same number under the notice's name and clause; what the notice wants of each department stays so."""
    per_department = ask.per_department or quota.within == "department"
    named = {"code": quota.code, "what": quota.what, "clause": quota.clause, "per_department": per_department}
    return ask.model_copy(update=named)


def unfounded(asks: Sequence[Ask], policy: PolicyRef | None) -> list[Problem]:
    """Quotas of a certificate that are said to be a notice's without saying of which notice, or which of its quotas."""
    problems = []
    for ask in asks:
        if policy is None and (ask.code or _claims_notice(ask)):
            message = "名额称依据办法,证书却没有写明是哪个办法"
            problems.append(Problem("quota_without_policy", message, found=ask.text))
        elif policy is not None and ask.code is None and _claims_notice(ask):
            message = f"名额称依据办法“{policy.id}”,却没有写明是其中哪一项"
            problems.append(Problem("quota_without_code", message, found=ask.text))
    return problems


def _claims_notice(ask: Ask) -> bool:
    return ask.origin == "办法" or ask.what is not None or ask.clause is not None


def against_policy(asks: Sequence[Ask], policy: Policy) -> list[Problem]:
    """Where quotas that are said to be the policy's are not what it says, or none is."""
    problems = []
    if all(ask.code is None for ask in asks):
        found = "、".join(ask.text for ask in asks)
        message = f"证书写明按办法“{policy.title}”抽取,但没有一项名额取自该办法"
        expected = ";".join(_demand(q) for q in _drawn_by(policy))
        problems.append(Problem("no_quota_of_policy", message, found=found, expected=expected or None))
    for ask in asks:
        if ask.code is None:
            continue
        quota = next((q for q in _drawn_by(policy) if q.code == ask.code), None)
        if quota is None:
            message = f"名额依据“{ask.code}”在办法“{policy.title}”{policy.version}里没有"
            problems.append(Problem("quota_not_in_policy", message))
        elif not _follows(ask, quota):
            expected = f"{quota.what}({cited(quota.clause)})"
            problems.append(Problem("quota_differs", "名额与所引办法的规定不符", found=ask.text, expected=expected))
    return problems


def _follows(ask: Ask, quota: Quota) -> bool:
    if (ask.clause, ask.what) != (quota.clause, quota.what):
        return False
    if quota.within == "department" and not ask.per_department:
        return False
    if ask.origin == "办法":
        return quota.minimum == ask.minimum and _counts(quota) == ask.counts
    return quota.minimum is None or (_counts(quota) == ask.counts and ask.minimum >= quota.minimum)


def misnamed(ref: PolicyRef, policy: Policy) -> list[Problem]:
    """Where a certificate calls the policy of this version by another title."""
    if ref.version != policy.version or ref.title == policy.title:
        return []
    return [Problem("policy_misnamed", "证书写的办法名称与该办法不符", found=ref.title, expected=f"“{policy.title}”")]


def standing(asks: Sequence[Ask], policy: Policy) -> list[str]:
    """What each quota of a draw has to do with the policy, and what the policy asks for that no quota answers.

    Args:
        asks: quotas in which :func:`unfounded` and :func:`against_policy` find nothing.
    """
    quotas = {q.code: q for q in _drawn_by(policy)}
    lines = []
    for ask in asks:
        quota = quotas.get(ask.code or "")
        if quota is None:
            lines.append(f"{ask.text}:用户设定,不是该办法的名额")
        elif quota.minimum is None:
            lines.append(f"{ask.text}:{quota.code},办法没有写数字,数字是用户设定的({cited(quota.clause)})")
        else:
            lines.append(f"{ask.text}:{quota.code},名额与该办法的规定相符({cited(quota.clause)})")
    answered = {ask.code for ask in asks}
    return lines + [f"本次没有对应的名额:{_demand(q)}" for q in quotas.values() if q.code not in answered]


def _drawn_by(policy: Policy) -> list[Quota]:
    return [q for q in policy.coverage if q.draws is not None]


def _demand(quota: Quota) -> str:
    """``KEY_EVALUATION(财政重点绩效评价项目数,不少于10个项目)``."""
    number = "没有写数字"
    if quota.minimum is not None:
        within = quota.within == "department"
        number = Ask(counts=_counts(quota), minimum=quota.minimum, per_department=within).text
    return f"{quota.code}({quota.what},{number})"
