"""The catalogue of rule kinds; every sentence in it is what the kind itself says of a sample."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import yaml

from docpages.fields import bounds_text, default_text, flat_fields, type_text
from docpages.writing import TEXTS, matched, page, table
from workbench.base.exact import Exact, from_units, to_units
from workbench.scoring.kinds import CALLED, Case, Inputs, RuleKind, Terms


def rules_page(kinds: Mapping[str, RuleKind[Any]]) -> list[str]:
    """The rule catalogue, in the order of the texts."""
    matched("rules", list(kinds), TEXTS["rules"])
    kinds = {name: kinds[name] for name in TEXTS["rules"]}
    lines = page(
        "计分规则目录",
        f"现有 {len(kinds)} 种计分规则。规则是“值怎样变成分”的一种算法;参数由规则集或指标包给定。已发布的规则不改变含义,要更正就出新版本,结果里写明版本。",
        "每种规则末尾的规则说明(评审页和评审手册显示的文字)和例句由该规则实际写出。"
        "参数中的“%”都写成百分数:60 表示 60%。没有文件依据的参数请在指标包里标 `example: true`,报告会显示“示例权重,可改”。",
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
    yield from (f"评审:{_judged_text(kind)}", "")
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


def _judged_text(kind: RuleKind[Any]) -> str:
    if kind.judged is None:
        return "按事实计分;专家有异议的质疑数据、佐证或分支,由数据更正重新计分。"
    return "含判断(合成规则看其内层规则),专家可直接提出得分。"


def _sample(kind: RuleKind[Any], sample: Mapping[str, Any]) -> Iterator[str]:
    written = {"kind": kind.name} | ({"params": sample["params"]} if sample.get("params") else {})
    text = yaml.safe_dump({"rule": written}, allow_unicode=True, sort_keys=False, default_flow_style=None, width=110)
    yield from ("例:", "", "```yaml", *text.strip().splitlines(), "```", "")
    yield from (f"规则说明:{sample_description(kind, sample)}。", "", f"> {sample_sentence(kind, sample)}", "")


def sample_description(kind: RuleKind[Any], sample: Mapping[str, Any]) -> str:
    """The rule in words for a sample's indicator."""
    own = {name: _number(sample[name]) for name in CALLED if name in sample}
    extra = {name: Decimal(text) for name, text in sample.get("extra", {}).items()}
    terms = Terms(
        weight=Decimal(sample["weight"]),
        decimals=2,
        direction=sample.get("direction", "gte"),
        titles={name: CALLED[name] for name in own} | sample.get("titles", {}),
        units=dict.fromkeys([*CALLED, *extra], sample.get("unit")) | sample.get("units", {}),
        numbers={name: number for name, number in (own | extra).items() if name != "value"},
    )
    return kind.described(terms, kind.params.model_validate(sample.get("params") or {}))


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
