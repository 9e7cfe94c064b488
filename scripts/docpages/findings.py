"""Every finding the code, the rulesets and the installed packs can write."""

from __future__ import annotations

import ast

from docpages.writing import ROOT, SEVERITIES, TEXTS, matched, page, table
from workbench.base.text import plain
from workbench.scheme.benchmarks import benchmark_checks
from workbench.scheme.findings import cited
from workbench.scheme.library import Library
from workbench.scheme.pack import BenchmarkItem, BenchmarkSheet, SurveySpec
from workbench.scheme.survey import survey_checks


def standard_checks() -> list[list[str]]:
    """Code, severity and message of each check that ``survey:`` and ``benchmarks:`` bring along."""
    item = BenchmarkItem(name="item", title="某项", unit="元")
    checks = [*survey_checks(SurveySpec()), *benchmark_checks(BenchmarkSheet(items=[item], year="year"))]
    return [[f"`{c.code}`", SEVERITIES[c.severity], c.message] for c in checks]


def written_in_code() -> dict[str, set[str]]:
    """Code of each finding the workbench itself writes → how grave it can be, in words."""
    found: dict[str, set[str]] = {}
    for path in sorted((ROOT / "workbench").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("Finding", "FindingLine"):
                # One by position, the other by name; a line copied from a finding has no text of its own here.
                said = dict(zip(("code", "severity"), node.args, strict=False))
                said |= {k.arg: k.value for k in node.keywords if k.arg in ("code", "severity")}
                code, severity = said.get("code"), said.get("severity")
                if isinstance(code, ast.Constant):
                    word = severity.value if isinstance(severity, ast.Constant) else "warning"
                    found.setdefault(code.value, set()).add(SEVERITIES[word])
    return found


def findings_page(library: Library) -> list[str]:
    """Every finding the code, the rulesets and the installed packs can write."""
    found = written_in_code()
    matched("findings", sorted(found), TEXTS["findings"])
    lines = page(
        "发现的问题:代码表",
        "“发现的问题”不改变得分,只说明需要看一眼的地方。`result.json` 的 `findings` 和 `notes` 用下列代码;"
        "`notes` 里还有读取资料时的提示(换算单位、四舍五入、缺附件等)。",
    )
    lines += table(
        ("代码", "轻重", "含义"), [[f"`{c}`", "、".join(sorted(found[c])), t] for c, t in TEXTS["findings"].items()]
    )
    lines += [
        "## 标准表的检查",
        "",
        "指标包写了 `survey:` 或 `benchmarks:` 的,自动带上下列检查;花括号处代入数字。",
        "",
        *table(("代码", "轻重", "含义"), standard_checks()),
    ]
    lines += ["## 规则集的分值要求", ""]
    rulesets = [library.ruleset(name) for name in sorted(library.rulesets)]
    checks = [
        [
            f"`{c.code}`",
            r.id,
            f"{'、'.join(c.level1)}合计不低于{plain(c.minimum)}({'、'.join(c.stages) or '各阶段'})",
            cited(c.clause),
        ]
        for r in rulesets
        for c in r.weight_checks
    ]
    lines += table(("代码", "规则集", "内容", "依据"), checks)
    for name in sorted(library.packs):
        pack = library.pack(name)
        rows = [[f"`{c.code}`", SEVERITIES[c.severity], c.message] for c in pack.checks]
        lines += [f"## 指标包 {pack.id}", "", "花括号处填入当时的数。", "", *table(("代码", "轻重", "内容"), rows)]
    return lines
