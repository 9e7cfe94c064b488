"""Every installed policy: grades, caps, consequences, deadlines, quotas."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from docpages.writing import page, table
from workbench.base.text import plain
from workbench.scheme.findings import cited
from workbench.scheme.library import NATIONAL, Library
from workbench.scheme.policy import NOT_STATED, Policy


def policies_page(library: Library) -> list[str]:
    """Every installed policy: grades, caps, consequences, deadlines, quotas."""
    lines = page(
        "地区办法一览",
        f"每一项都带条款;办法没有写的显示“{NOT_STATED}”,不作推测。国家默认也没有写的,显示“未规定”。",
    )
    for name in sorted(library.policies, key=lambda n: (n != NATIONAL, n)):
        lines += _policy(library.policy(name), national=name == NATIONAL)
    return lines


def _policy(policy: Policy, *, national: bool) -> Iterator[str]:
    silent = "未规定" if national else NOT_STATED
    document = f"{policy.document.document}{f'({policy.document.number})' if policy.document.number else ''}"
    yield from (
        f"## {policy.title} {{#{policy.id}}}",
        "",
        f"编号 `{policy.id}`,版本 {policy.version};{policy.jurisdiction};{document},{policy.dated}。",
        "",
    )
    sections: list[tuple[str, Sequence[str], list[list[object]]]] = [
        ("等级", ("等级", "分数线", "条款"), _grades(policy)),
        (
            "情形(封顶、否决、措施)",
            ("代码", "情形", "后果", "条款"),
            [
                [f"`{c.code}`", c.event, f"{_effect(c.effect.kind, c.effect.grade)}:{c.effect.text}", cited(c.clause)]
                for c in policy.caps
            ],
        ),
        (
            "结果应用",
            ("看什么", "内容", "条款"),
            [[_when(c.when), c.text, cited(c.clause)] for c in policy.consequences or []],
        ),
        ("期限", ("事项", "期限", "条款"), [[d.what, d.text, cited(d.clause)] for d in policy.deadlines]),
        (
            "覆盖面与抽查",
            ("事项", "最低", "条款"),
            [
                [q.what, f"{plain(q.minimum)}{q.unit or ''}" if q.minimum is not None else "未写数字", cited(q.clause)]
                for q in policy.coverage
            ],
        ),
        ("其他要求", ("要求", "条款"), [[r.what, cited(r.clause)] for r in policy.requirements]),
    ]
    for title, head, rows in sections:
        yield from (f"### {title}", "")
        yield from table(head, rows) if rows else (f"{silent}。", "")
    yield from ("### 评审、差异与档案", "", *table(("事项", "规定"), _limits(policy, silent)))
    if policy.silent:
        yield from (f"本办法没有写:{'、'.join(policy.silent)}。", "")


def _grades(policy: Policy) -> list[list[object]]:
    names = policy.grade_names or {}
    rows: list[list[object]] = []
    if policy.bands is not None:
        reads = {"base": "不含加分的得分", "base_plus_bonus": "含加分的总分"}[policy.bands.reads]
        rows += [
            [names.get(b.label, b.label), f"≥{plain(b.lower)}(看{reads})", cited(policy.bands.clause)]
            for b in policy.bands.items
        ]
    elif names:
        rows += [[f"{word}(即“{label}”)", NOT_STATED, "只有名称"] for label, word in names.items()]
    return rows + [[g.label, g.note, cited(g.clause)] for g in policy.grades_without_line]


def _effect(kind: str, grade: str | None) -> str:
    return {"ceiling": f"等级不高于“{grade}”", "set": f"直接列为“{grade}”", "veto": "一票否决", "measure": "处理措施"}[
        kind
    ]


def _when(when: Any) -> str:
    if when.reads == "grade":
        return f"等级为{'、'.join(when.grades)}"
    return f"得分低于{plain(when.below)}" if when.reads == "score" else f"情形 `{when.cap}` 触发"


def _limits(policy: Policy, silent: str) -> list[list[object]]:
    review, kept, differs = policy.review, policy.retention, policy.large_difference
    mending = policy.rectification
    limit = review.adjust_limit_percent if review is not None else None
    source = f"({cited(review.clause)})" if review is not None and review.clause is not None else ""
    return [
        [
            "评审专家人数",
            ";".join(f"{q.text}({cited(q.clause)})" for q in review.quorum) if review and review.quorum else silent,
        ],
        ["单项调整幅度", f"不超过该项分值的{plain(limit)}%{source}" if limit is not None else silent],
        ["自评与复核差异较大", f"{differs.what}({cited(differs.clause)})" if differs is not None else silent],
        ["整改期限", f"{mending.text}({cited(mending.clause)})" if mending is not None else silent],
        ["档案保存年限", f"{kept.years}年({cited(kept.clause)})" if kept is not None else silent],
    ]
