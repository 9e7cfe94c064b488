"""Every rule of finding of a re-check (复核), from its catalogue."""

from __future__ import annotations

from docpages.writing import page, table
from workbench.base.text import plain
from workbench.recheck.findings import ActiveRule, all_rules
from workbench.recheck.findings.catalogue import SCOPES
from workbench.recheck.findings.rule import Parameter

_SHOWN = 4


def recheck_page() -> list[str]:
    """The catalogue as tables, by what the rules look at."""
    lines = page(
        "复核发现的问题:规则目录",
        "`workbench recheck` 按下列规则查自评表,写入 `findings.csv`、复核表和复核意见函。轻重三级:**P0** 与规则或自身相矛盾,表上即可证明;"
        "**P1** 多半有误,须单位答复;**P2** 写得弱。没有文件依据的规则和界限是实务做法,标“示例,可改”。",
        "本地可用 `--findings` 文件开关、改轻重、改参数,写法如下;写错代码或参数名会被指出。另外的规则由插件提供,"
        "见[插件与钩子](../plugins/hooks.md#workbench_recheck_rules)。",
    )
    lines += [
        "```yaml",
        "findings:",
        "  all_full: {enabled: false}",
        "  target_loose: {severity: P1, params: {percent: 150}}",
        "```",
        "",
    ]
    rules = all_rules()
    for scope, title in SCOPES.items():
        rows = [_row(rule) for rule in rules if rule.scope == scope]
        lines += [f"## {title}", "", *table(("代码", "轻重", "问题", "说法", "参数", "依据"), rows)]
    return lines


def _row(rule: ActiveRule) -> list[str]:
    params = ";".join(f"{name} = {_shown(value)}" for name, value in rule.params.values.items())
    off = "" if rule.enabled else "(默认关闭)"
    return [f"`{rule.code}`", rule.severity.value, f"{rule.title}{off}", rule.message, params, rule.source]


def _shown(value: Parameter) -> str:
    if isinstance(value, tuple):
        return f"{'、'.join(value[:_SHOWN])}{f' 等{len(value)}个词' if len(value) > _SHOWN else ''}"
    return str(value) if isinstance(value, bool) else plain(value)
