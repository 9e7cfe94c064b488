"""Pages about files: the fields of typed models, each with its type, default and meaning."""

from __future__ import annotations

import types
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from docpages.writing import TEXTS, matched, page, table
from workbench.base.text import trimmed
from workbench.evidence.tables import EvidenceStatus
from workbench.scheme.pack import Pack
from workbench.scheme.panel import MERGE_WORDS, ROLE_WORDS, Panel
from workbench.scoring.result import STATUS_WORDS, RunResult

SIMPLE = {str: "文字", int: "整数", bool: "true/false", Decimal: "数字"}
BOUNDS = {"ge": "≥", "gt": ">", "le": "≤", "lt": "<"}


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
    unit = "字" if info.annotation is str else "项"
    found += [f"至少{m.min_length}{unit}" for m in info.metadata if getattr(m, "min_length", None)]
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


def panel_page() -> list[str]:
    """Fields of ``panel:`` in a plan, with what each role and merge rule is called."""
    lines = page(
        "评审组(panel)字段表",
        "写在评价计划的 `panel:` 下,也可由主评人在评审页的“评审组”中填写;`workbench schema plan` 输出同样内容的 JSON Schema。"
        "写法举例见[专家评审](../howto/review.md)。",
    )
    lines += model_tables("panel", Panel, defaults=True)
    roles = TEXTS["panel_roles"]
    matched("panel_roles", list(ROLE_WORDS), roles)
    rows = [[f"`{role}`", word, roles[role]] for role, word in ROLE_WORDS.items()]
    lines += ["## 角色(roles)", "", *table(("写法", "显示为", "做什么"), rows)]
    rules = [[f"`{rule}`", word] for rule, word in MERGE_WORDS.items()]
    lines += [
        "## 汇总办法(merge)",
        "",
        "没有文件规定专家得分怎样合成,都是示例,可改;用了哪一种,每次汇总都记入台账和结果。",
        "",
    ]
    return [*lines, *table(("写法", "含义"), rules)]
