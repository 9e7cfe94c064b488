"""Write the documentation pages that are made from code: rules, result and pack fields, policies, findings, commands.

Chinese meanings of parameters and fields stand in ``docs/texts.yaml``; one that lacks there, or stands there for nothing,
stops the generator. ``tests/docs/test_generated.py`` fails when a committed page is not what this script makes.

    python scripts/make_docs.py [--out FOLDER]
"""

from __future__ import annotations

import argparse
import ast
import types
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin

import numpy as np
import yaml
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from workbench.base.exact import Exact, from_units, to_units
from workbench.base.text import plain, trimmed
from workbench.evidence.tables import EvidenceStatus
from workbench.plugins.manager import load_plugins
from workbench.scheme import expressions, selects
from workbench.scheme.benchmarks import benchmark_checks
from workbench.scheme.findings import cited
from workbench.scheme.library import NATIONAL, Library
from workbench.scheme.pack import BenchmarkItem, BenchmarkSheet, Pack, SurveySpec
from workbench.scheme.policy import NOT_STATED, Policy
from workbench.scheme.survey import survey_checks
from workbench.scoring.kinds import Case, Inputs, RuleKind
from workbench.scoring.result import STATUS_WORDS, RunResult

ROOT = Path(__file__).resolve().parents[1]
TEXTS: dict[str, Any] = yaml.safe_load((ROOT / "docs" / "texts.yaml").read_text(encoding="utf-8"))
MADE = "<!-- 本页由 scripts/make_docs.py 生成,请勿手改。 -->"
SIMPLE = {str: "文字", int: "整数", bool: "true/false", Decimal: "数字"}
BOUNDS = {"ge": "≥", "gt": ">", "le": "≤", "lt": "<"}
SEVERITIES = {"error": "错误", "warning": "提醒", "info": "说明"}


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> list[str]:
    """A Markdown table and the blank line after it."""
    lines = [list(head), ["---"] * len(head), *([_cell(c) for c in row] for row in rows)]
    return [*("| " + " | ".join(map(str, line)) + " |" for line in lines), ""]


def _cell(content: object) -> str:
    text = " ".join(str(content).split())
    # Inside back quotes Markdown takes both signs as they are.
    return text if "`" in text else text.replace("|", "\\|").replace("<", "&lt;") or " "


def page(title: str, *intro: str) -> list[str]:
    """The head of a generated page."""
    return [MADE, "", f"# {title}", "", *(line for text in intro for line in (text, ""))]


# ---------------------------------------------------------------------------------------------------------------------
# fields of typed models
# ---------------------------------------------------------------------------------------------------------------------


def type_text(annotation: Any) -> str:
    """A field's type in words."""
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is Literal:
        return "、".join(f"`{choice}`" for choice in inner)
    if origin in (Union, types.UnionType):
        return type_text(next(t for t in inner if t is not type(None)))
    if origin is list:
        return f"列表:{type_text(inner[0])}"
    if origin is dict:
        return f"键值表:{type_text(inner[1])}"
    if hasattr(annotation, "__metadata__"):
        return type_text(inner[0])
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return "一组设置"
    return SIMPLE.get(annotation, "任意")


def bounds_text(info: FieldInfo) -> str:
    """“≥0,<100” of a field's limits."""
    found = [
        f"{sign}{trimmed(Decimal(str(v)))}"
        for m in info.metadata
        for n, sign in BOUNDS.items()
        if (v := getattr(m, n, None)) is not None
    ]
    found += [f"至少{m.min_length}项" for m in info.metadata if getattr(m, "min_length", None)]
    return ",".join(found)


def default_text(info: FieldInfo) -> str:
    """必填, or the default as it would be written in YAML."""
    if info.is_required():
        return "必填"
    default = info.get_default(call_default_factory=True)
    if isinstance(default, Decimal):
        return trimmed(default)
    if isinstance(default, bool):
        return str(default).lower()
    if default is None or default in ([], {}):
        return "空"
    if isinstance(default, BaseModel):
        return "空" if default == type(default)() else "见代码"
    if isinstance(default, list) and isinstance(default[0], BaseModel):
        return ";".join("、".join(str(v) for v in item.model_dump().values()) for item in default)
    return "、".join(map(str, default)) if isinstance(default, list) else f"`{default}`"


def model_in(annotation: Any) -> type[BaseModel] | None:
    """The model inside an annotation such as ``list[Part] | None``."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((m for inner in get_args(annotation) if (m := model_in(inner)) is not None), None)


def flat_fields(model: type[BaseModel], prefix: str = "") -> Iterator[tuple[str, FieldInfo]]:
    """Fields of a model with those of the models inside it, as ``bands[].at``."""
    for name, info in model.model_fields.items():
        yield prefix + name, info
        inner = model_in(info.annotation)
        if inner is not None:
            many = "[]" if "list" in str(info.annotation) else ""
            yield from flat_fields(inner, f"{prefix}{name}{many}.")


def all_models(model: type[BaseModel], seen: list[type[BaseModel]] | None = None) -> list[type[BaseModel]]:
    """A model and every model it is made of, in order of appearance."""
    seen = [] if seen is None else seen
    if model not in seen:
        seen.append(model)
        for info in model.model_fields.values():
            inner = model_in(info.annotation)
            if inner is not None:
                all_models(inner, seen)
    return seen


def matched(what: str, needed: Sequence[str], texts: Mapping[str, str]) -> None:
    """Stop when a text lacks or stands for nothing."""
    for name in needed:
        if name not in texts:
            raise SystemExit(f"docs/texts.yaml: {what} lacks {name}")
    for name in texts:
        if name not in needed:
            raise SystemExit(f"docs/texts.yaml: {what} has {name}, which no longer exists")


def model_tables(kind: str, root: type[BaseModel], *, defaults: bool) -> Iterator[str]:
    """One section and table for every model inside ``root``."""
    texts = TEXTS[kind]
    models = all_models(root)
    order = [next(m for m in models if m.__name__ == name) for name in texts if name in {m.__name__ for m in models}]
    matched(kind, [m.__name__ for m in models], texts)
    for model in order:
        meanings = {k: v for k, v in texts[model.__name__].items() if k != "_title"}
        matched(f"{kind} {model.__name__}", list(model.model_fields), meanings)
        yield from (f"## {texts[model.__name__]['_title']}", "")
        rows: list[list[object]] = []
        for name, info in model.model_fields.items():
            shown = ",".join(x for x in (type_text(info.annotation), bounds_text(info)) if x)
            empty = "" if defaults else ("可为空" if type(None) in get_args(info.annotation) else "")
            rows.append([f"`{name}`", shown, default_text(info) if defaults else empty, meanings[name]])
        yield from table(("字段", "类型", "默认" if defaults else "空值", "含义"), rows)


# ---------------------------------------------------------------------------------------------------------------------
# pages
# ---------------------------------------------------------------------------------------------------------------------


def rules_page(kinds: Mapping[str, RuleKind[Any]]) -> list[str]:
    """The rule catalogue, in the order of the texts."""
    matched("rules", list(kinds), TEXTS["rules"])
    kinds = {name: kinds[name] for name in TEXTS["rules"]}
    lines = page(
        "计分规则目录",
        f"现有 {len(kinds)} 种计分规则。规则是“值怎样变成分”的一种算法;参数由规则集或指标包给定。已发布的规则不改变含义,要更正就出新版本,结果里写明版本。",
        "每种规则末尾的例句由该规则实际算出。参数中的“%”都写成百分数:60 表示 60%。没有文件依据的参数请在指标包里标 `example: true`,报告会显示“示例权重,可改”。",
    )
    lines += table(
        ("名称", "中文名", "一句话"), [[f"[`{k.name}`](#{k.name})", k.title, k.summary] for k in kinds.values()]
    )
    for kind in kinds.values():
        lines += _rule(kind)
    return lines


def _rule(kind: RuleKind[Any]) -> Iterator[str]:
    texts = TEXTS["rules"][kind.name]
    yield from (f"## {kind.title} `{kind.name}` {{#{kind.name}}}", "", kind.summary, "")
    yield from (f"版本 {kind.version}。依据:{';'.join(kind.sources)}。", "")
    fields = dict(flat_fields(kind.params))
    matched(f"rules.{kind.name}.params", list(fields), texts["params"])
    if fields:
        rows = [
            [
                f"`{name}`",
                ",".join(x for x in (type_text(i.annotation), bounds_text(i)) if x),
                default_text(i),
                texts["params"][name],
            ]
            for name, i in fields.items()
        ]
        yield from table(("参数", "类型", "默认", "含义"), rows)
    else:
        yield from ("没有参数。", "")
    inputs = {n: TEXTS["inputs"][n] for n in kind.needs if n in TEXTS["inputs"]} | texts.get("inputs", {})
    needed = [f"`{name}` {meaning}" + ("(必需)" if name in kind.needs else "") for name, meaning in inputs.items()]
    otherwise = "由参数决定" if fields else "无"
    yield from (f"需要的数据:{';'.join(needed) or otherwise}。", "")
    yield from table(("分支", "含义"), [[f"`{name}`", meaning] for name, meaning in kind.branches.items()])
    yield from _sample(kind, texts["sample"])


def _sample(kind: RuleKind[Any], sample: Mapping[str, Any]) -> Iterator[str]:
    written = {"kind": kind.name} | ({"params": sample["params"]} if sample.get("params") else {})
    text = yaml.safe_dump({"rule": written}, allow_unicode=True, sort_keys=False, default_flow_style=None, width=110)
    yield from ("例:", "", "```yaml", *text.strip().splitlines(), "```", "")
    yield from (f"> {sample_sentence(kind, sample)}", "")


def sample_sentence(kind: RuleKind[Any], sample: Mapping[str, Any]) -> str:
    """What the kind itself says of a sample."""
    params = kind.params.model_validate(sample.get("params") or {})
    numbers = {name: _number(sample[name]) for name in ("value", "target") if name in sample}
    extra = {name: Decimal(text) for name, text in sample.get("extra", {}).items()}
    others = [Decimal(x) for x in sample.get("peers", [])]
    columns = {
        n: Exact.from_decimals([x, *(others if n == "value" else [x] * len(others))], 2) for n, x in numbers.items()
    }
    size = 1 + len(others)
    weight, direction = Decimal(sample["weight"]), sample.get("direction", "gte")
    inputs = Inputs(
        weight=to_units(weight, 2),
        decimals=2,
        direction=direction,
        peers=np.arange(size) > 0,
        extra={n: Exact.from_decimals([x] * size, 2) for n, x in extra.items() if n in _read(kind, sample)},
        **columns,
    )
    points = kind.score(inputs, params)
    context = kind.context(inputs, params, 0) if kind.context is not None else {}
    case = Case(
        name=sample["name"],
        weight=weight,
        points=from_units(points.units[0], 2) if points.scored[0] else None,
        branch=kind.branch_name(int(points.branch[0])),
        direction=direction,
        unit=sample.get("unit"),
        extra=extra | dict(context),
        extra_titles=sample.get("titles", {}),
        extra_units=sample.get("units", {}),
        **numbers,
    )
    return kind.explain(case, params)


def _read(kind: RuleKind[Any], sample: Mapping[str, Any]) -> set[str]:
    """Inputs of a sample that the rule reads; the place among peers only serves the sentence."""
    return set(sample.get("extra", {})) - ({"rank"} if kind.name == "rank_tiers" else set())


def _number(text: str) -> Decimal:
    return Decimal((date.fromisoformat(text) - date(1970, 1, 1)).days) if text.count("-") == 2 else Decimal(text)


def result_page() -> list[str]:
    """Fields of result.json."""
    lines = page(
        "result.json 字段表",
        '得分、总分和数值都是文字形式的十进制数,如 `"97.93"`,不经过浮点数。`workbench schema result` 输出同样内容的 JSON Schema。',
    )
    lines += ["## 状态", "", *table(("得分状态", "显示为"), [[f"`{k}`", v] for k, v in STATUS_WORDS.items()])]
    lines += table(("佐证状态",), [[s.value] for s in EvidenceStatus])
    return [*lines, *model_tables("result", RunResult, defaults=False)]


def pack_page() -> list[str]:
    """Fields of pack.yaml, and what expressions may say."""
    lines = page(
        "pack.yaml 字段表",
        "数字可直接写,也可加引号;小数建议加引号。不认识的字段会被拒绝并提示最接近的写法。`workbench schema pack` 输出同样内容的 JSON Schema。",
    )
    return [*lines, *model_tables("pack", Pack, defaults=True)]


def expressions_page() -> list[str]:
    """The allow-lists of formulas and of derived SQL."""

    def listed(names: Iterator[str] | frozenset[str]) -> str:
        return "、".join(f"`{name}`" for name in sorted(names))

    lines = page(
        "公式与汇总 SQL 允许的写法",
        "公式由 DuckDB 的语法解析器读成语法树,只放行下列写法,其余一律拒绝。不能读文件、联网、看时钟、取随机数,也不能建表或改设置。",
        f"一条公式不超过 {expressions.MAX_LENGTH} 字,一条汇总 SQL 不超过 {selects.MAX_SELECT_LENGTH} 字。",
    )
    comparisons = "、".join(f"`{x}`" for x in ("=", "<>", "<", "<=", ">", ">=", "BETWEEN"))
    logic = "、".join(f"`{x}`" for x in ("AND", "OR", "NOT", "IN", "IS NULL", "IS NOT NULL", "COALESCE", "CASE WHEN"))
    rows = [
        ["四则运算", listed(expressions.ARITHMETIC)],
        ["函数", listed(expressions.SCALAR - expressions.ARITHMETIC)],
        ["比较", comparisons],
        ["逻辑与空值", logic],
        ["类型转换 CAST", listed(expressions.CAST_TYPES)],
    ]
    lines += [
        "## 公式(value、target、inputs、applies、when)",
        "",
        "写一个列表达式,一个对象得一个值。",
        "",
        *table(("种类", "允许"), rows),
    ]
    rows = [
        ["公式允许的一切", "同上"],
        ["汇总函数", listed(expressions.AGGREGATE)],
        ["窗口函数", listed(expressions.WINDOW)],
        ["不许用的名字(时钟、会话)", listed(selects.CLOCK_AND_SESSION)],
    ]
    lines += [
        "## 汇总 SQL(derived.sql)",
        "",
        "一条 SELECT,只能读本指标包的表;可以连接、子查询、WITH、UNION,不能写 `*`,不能抽样。",
        "",
    ]
    return [*lines, *table(("种类", "内容"), rows)]


def standard_checks() -> list[list[str]]:
    """Code, severity and message of each check that ``survey:`` and ``benchmarks:`` bring along."""
    item = BenchmarkItem(name="item", title="某项", unit="元")
    checks = [*survey_checks(SurveySpec()), *benchmark_checks(BenchmarkSheet(items=[item], year="year"))]
    return [[f"`{c.code}`", SEVERITIES[c.severity], c.message] for c in checks]


def findings_page(library: Library) -> list[str]:
    """Every finding the code, the rulesets and the installed packs can write."""
    found: dict[str, set[str]] = {}
    for path in sorted((ROOT / "workbench").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and getattr(node.func, "id", "") == "Finding"
                and isinstance(node.args[0], ast.Constant)
            ):
                severity = node.args[1].value if isinstance(node.args[1], ast.Constant) else "warning"
                found.setdefault(node.args[0].value, set()).add(SEVERITIES[severity])
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
    experts = review.min_experts if review is not None else None
    limit = review.adjust_limit_percent if review is not None else None
    source = f"({cited(review.clause)})" if review is not None and review.clause is not None else ""
    return [
        ["评审专家人数", f"不少于{experts}人{source}" if experts is not None else silent],
        ["单项调整幅度", f"不超过该项分值的{plain(limit)}%{source}" if limit is not None else silent],
        ["自评与复核差异较大", f"{differs.what}({cited(differs.clause)})" if differs is not None else silent],
        ["档案保存年限", f"{kept.years}年({cited(kept.clause)})" if kept is not None else silent],
    ]


def commands_page() -> list[str]:
    """Help of every command."""
    from typer.main import get_command
    from typer.testing import CliRunner

    from workbench.cli.app import application

    lines = page(
        "命令与退出码",
        "每条命令都可以加 `--help`。带 `--json` 的命令把结果写成 JSON,供别的程序读取。",
        "以下是各命令的帮助原文。",
    )
    codes = [
        [0, "完成(资料不齐也算完成,输出会说明)"],
        [1, "程序内部错误"],
        [2, "输入有误:计划、工作簿、指标包或命令写法"],
        [3, "笔记本执行失败"],
        [4, "检查做完了,答案是“不通过”(`packs lint`、`doctor`、`show` 核对文件)"],
        [130, "被用户中断"],
    ]
    lines += ["## 退出码", "", *table(("退出码", "含义"), codes)]
    runner = CliRunner(env={"COLUMNS": "80", "TERMINAL_WIDTH": "80"})
    for path in _paths(get_command(application())):
        shown = runner.invoke(application(), [*path, "--help"], prog_name="workbench").stdout.rstrip()
        lines += [f"## {' '.join(['workbench', *path])}", "", "```text", shown, "```", ""]
    return lines


def _paths(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    yield path
    children = getattr(command, "commands", {})
    for name in children if path else sorted(children, key=_command_order):
        yield from _paths(children[name], (*path, name))


def _command_order(name: str) -> tuple[int, str]:
    from workbench.cli.chinese import ORDER

    return (ORDER.index(name) if name in ORDER else len(ORDER), name)


def pages() -> dict[str, str]:
    """Every generated page: path below docs/ → text."""
    plugins = load_plugins(None)
    library = Library.of(plugins.folders)
    own = {name: kind for name, kind in plugins.kinds.items() if kind.distribution == "workbench"}
    made = {
        "rules.md": rules_page(own),
        "reference/result-fields.md": result_page(),
        "reference/pack-fields.md": pack_page(),
        "reference/expressions.md": expressions_page(),
        "reference/findings.md": findings_page(library),
        "reference/policy-tables.md": policies_page(library),
        "howto/commands.md": commands_page(),
    }
    return {name: "\n".join(lines).rstrip() + "\n" for name, lines in made.items()}


def main() -> None:
    """Write the pages in place, or under ``--out``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "docs", help="write below this folder instead of docs/")
    out = parser.parse_args().out
    for name, text in pages().items():
        target = out / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8", newline="\n")
        print(target)


if __name__ == "__main__":
    main()
