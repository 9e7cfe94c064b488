"""The head of an evaluation: what is judged, by which pack, rules and policy, on which evidence."""

from __future__ import annotations

from collections.abc import Sequence

from workbench.reports.table import Table
from workbench.scheme.findings import cited
from workbench.scheme.plan import Plan
from workbench.scheme.policy import NOT_STATED, Policy
from workbench.scheme.scheme import Scheme
from workbench.scoring.result import RunResult


def overview_table(result: RunResult, scheme: Scheme, files: Sequence[str]) -> Table:
    """项 / 内容 rows for the top of a notebook or page."""
    plan = scheme.plan
    lines = "、".join(f"{b.label}≥{b.lower}" for b in scheme.bands.items)
    rows = [
        ["评价名称", result.title],
        ["评价期间与阶段", f"{result.period} {result.stage},基准日 {result.as_of}"],
        ["评价对象", "、".join(s.name for s in result.subjects[:8]) + (" 等" if len(result.subjects) > 8 else "")],
        ["指标包", f"{scheme.pack.title}({result.pack.id} {result.pack.version})"],
        ["指标树", scheme.variant.title if scheme.variant else "—"],
        ["计分规则集", f"{scheme.ruleset.title}({result.ruleset.id} {result.ruleset.version})"],
        ["地区办法", f"{scheme.policy.title}({result.policy.id} {result.policy.version})"],
        ["等级", f"{lines};依据{cited(scheme.bands.clause)}"],
        ["佐证资料", "、".join(files)],
    ]
    rows += [[word, name] for word, name in _parties(plan) if name]
    rows += [["计算程序", f"{d.name} {d.version}({d.distribution})"] for d in result.derivations]
    rows += [["数据来源", " ".join(x for x in (s.document, s.url) if x)] for s in plan.sources]
    rows += [["说明", note] for note in plan.notes]
    rows += [["提示", note.message] for note in result.notes]
    return Table("评价概况", ["项", "内容"], rows)


def _parties(plan: Plan) -> list[tuple[str, str | None]]:
    who = plan.parties
    return [("委托方", who.client), ("评价机构", who.evaluator), ("主评人", who.lead), ("被评价单位", who.evaluated)]


def requirements_table(policy: Policy, national: Policy) -> Table:
    """What the policy asks for beside grades and consequences (设立依据、公开、评审专家人数), each with its clause."""
    rows = [[need.what, cited(need.clause) or "—"] for need in policy.requirements]
    note = "" if policy.review is not None or policy.id == national.id else f"({NOT_STATED})"
    limits = policy.review or national.review
    rows += [[f"{q.text}{note}", cited(q.clause) or "—"] for q in (limits.quorum if limits else [])]
    mending = policy.rectification
    rows += [[f"整改期限:{mending.text}", cited(mending.clause) or "—"]] if mending is not None else []
    return Table(f"{policy.title}:其他要求", ["要求", "依据条款"], rows, empty="(本办法没有其他要求)")
