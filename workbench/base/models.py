"""Typed models: strict pydantic whose errors come out as Chinese problems with file, line and nearest match."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, TypeVar, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, PlainSerializer, ValidationError, WithJsonSchema

from workbench.base.errors import Place, Problem, WorkbenchError
from workbench.base.text import plain, suggest
from workbench.base.yamlio import YamlDocument


def _decimal(value: object) -> object:
    """Whole numbers and quoted decimals become Decimal; floats are left for strict mode to refuse."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int):
        return Decimal(value)
    if isinstance(value, str):
        try:
            number = Decimal(value.strip())
        except ArithmeticError:
            return value
        return number if number.is_finite() else value
    return value


DecimalText = Annotated[
    Decimal,
    BeforeValidator(_decimal),
    PlainSerializer(plain, return_type=str),
    WithJsonSchema({"type": "string", "pattern": r"^-?\d+(\.\d+)?$"}),
]
"""An exact number: Decimal inside, text outside; never a float."""


class Model(BaseModel):
    """Base of all declared data: immutable, strict, unknown keys refused."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, populate_by_name=True)


M = TypeVar("M", bound=BaseModel)

_MESSAGES = {
    "missing": ("缺少必填项", None),
    "string_type": ("类型不对", "文字"),
    "int_type": ("类型不对", "整数"),
    "bool_type": ("类型不对", "true 或 false"),
    "list_type": ("类型不对", "列表"),
    "tuple_type": ("类型不对", "列表"),
    "dict_type": ("类型不对", "键值表"),
    "model_type": ("类型不对", "键值表"),
    "decimal_type": ("类型不对", "数字(小数请加引号或直接写数字)"),
    "is_instance_of": ("类型不对", "数字"),
    "literal_error": ("取值不在允许范围内", None),
    "string_pattern_mismatch": ("格式不对", None),
    "union_tag_invalid": ("取值不在允许范围内", None),
    "union_tag_not_found": ("缺少 kind", None),
}
_EXPECTED_RENDERED = {
    "greater_than": "gt",
    "greater_than_equal": "ge",
    "less_than": "lt",
    "less_than_equal": "le",
    "string_pattern_mismatch": "pattern",
    "literal_error": "expected",
    "union_tag_invalid": "expected_tags",
    "too_short": "min_length",
    "string_too_short": "min_length",
}


def key_path(location: tuple[int | str, ...]) -> str:
    """``('changes', 0, 'reason')`` → ``changes[0].reason``."""
    path = ""
    for part in location:
        path += f"[{part}]" if isinstance(part, int) else (f".{part}" if path else str(part))
    return path


def _fields_at(model: type[BaseModel], location: tuple[int | str, ...]) -> list[str]:
    """Names allowed beside the offending key, by walking the model along the location."""
    current: Any = model
    for part in location:
        if isinstance(part, int) or not (isinstance(current, type) and issubclass(current, BaseModel)):
            continue
        info = next((f for n, f in current.model_fields.items() if part in (n, f.alias)), None)
        if info is None:
            continue
        current = _model_inside(info.annotation)
    if isinstance(current, type) and issubclass(current, BaseModel):
        return [f.alias or n for n, f in current.model_fields.items()]
    return []


def _model_inside(annotation: Any) -> Any:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for inner in get_args(annotation):
        found = _model_inside(inner)
        if found is not None:
            return found
    return None


def _problem(model: type[BaseModel], error: Mapping[str, Any], prefix: str, document: YamlDocument) -> Problem:
    location = tuple(p for p in error["loc"] if p != "root")
    key = ".".join(p for p in (prefix, key_path(location)) if p)
    place = Place(document.file, key=key, line=document.line(key))
    kind = error["type"]
    if kind == "extra_forbidden":
        fix = suggest(str(location[-1]), _fields_at(model, location[:-1]))
        return Problem("unknown_key", "不认识的键", place, found=str(location[-1]), fix=fix)
    message, expected = _MESSAGES.get(kind, (None, None))
    context = error.get("ctx", {})
    if kind == "value_error":
        message = str(context.get("error", error["msg"]))
    if expected is None and kind in _EXPECTED_RENDERED:
        expected = str(context.get(_EXPECTED_RENDERED[kind]))
        symbol = {"greater_than": ">", "greater_than_equal": "≥", "less_than": "<", "less_than_equal": "≤"}.get(
            kind, ""
        )
        expected = f"{symbol}{expected}"
    found = None if kind == "missing" else str(error.get("input"))
    return Problem(kind, message or "取值无效", place, found=found, expected=expected)


def validated(model: type[M], data: Any, document: YamlDocument, raising: type[WorkbenchError], prefix: str = "") -> M:
    """``data`` as ``model``; every violation at once as problems of error class ``raising``.

    ``prefix`` is the key path of ``data`` inside ``document``, so that messages can name key and line.
    """
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise raising([_problem(model, e, prefix, document) for e in error.errors()]) from None
