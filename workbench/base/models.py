"""Typed models: strict pydantic whose errors come out as Chinese problems with file, line and nearest match."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from types import UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    PlainSerializer,
    ValidationError,
    WithJsonSchema,
)

from workbench.base.errors import Place, Problem, WorkbenchError
from workbench.base.text import plain, suggest
from workbench.base.yamlio import YamlDocument


def _decimal(value: object) -> object:
    """Whole numbers and quoted decimals become Decimal; floats are left for strict mode to refuse."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int):
        return Decimal(value)
    if isinstance(value, str) and _PLAIN.fullmatch(value.strip()):
        return Decimal(value.strip())
    return value


_PLAIN = re.compile(r"[-+]?[0-9]{1,60}(\.[0-9]{1,60})?")
"""No exponent: 1e999999999 would take a gigabyte to write out."""


DecimalText = Annotated[
    Decimal,
    BeforeValidator(_decimal),
    PlainSerializer(plain, return_type=str),
    WithJsonSchema({"type": "string", "pattern": r"^-?\d+(\.\d+)?$"}),
]
"""An exact number: Decimal inside, text outside; never a float."""


def _holdable(text: str) -> str:
    found = _UNHOLDABLE.search(text)
    if found is not None:
        code = f"U+{ord(found[0]):04X}"
        raise ValueError(f"第{found.start() + 1}个字符是不能保存和打印的控制字符({code}),请删去后重新输入")
    return text


_UNHOLDABLE = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Everything but the characters of XML 1.0 (production 2, Char)."""

PRINTABLE = AfterValidator(_holdable)
"""Mark of text that a database (PostgreSQL holds no NUL), Word and Excel (XML holds no control characters) all keep as it is.

``Annotated[str, Field(max_length=…), PRINTABLE]``. The rest is refused, not changed: what somebody said is not ours to edit.
"""


class Model(BaseModel):
    """Base of all declared data: immutable, strict, unknown keys refused. Built on first use: a command needs few of all."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, populate_by_name=True, defer_build=True)


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
    "string_too_long": ("内容太长", None),
    "string_unicode": ("文字中有半个字符(不成对的 UTF-16 代理),请删去后重新输入", None),
    "finite_number": ("类型不对", "数字"),
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
    "too_long": "max_length",
    "string_too_long": "max_length",
}
_BOUNDS = {
    "greater_than": ">{}",
    "greater_than_equal": "≥{}",
    "less_than": "<{}",
    "less_than_equal": "≤{}",
    "too_short": "至少{}项",
    "string_too_short": "至少{}个字",
    "too_long": "最多{}项",
    "string_too_long": "最多{}个字",
}


_PATTERNS = {
    r"^[a-z0-9][a-z0-9._-]{0,63}$": "小写字母、数字、点、连字符或下划线(64个以内,以字母或数字开头)",
    r"^[A-Za-z][A-Za-z0-9_]{0,31}$": "字母、数字或下划线(32个以内,以字母开头)",
    r"^[a-z][a-z0-9_]{0,31}$": "小写字母、数字或下划线(32个以内,以字母开头)",
    r"^\d+\.\d+\.\d+$": "三段数字的版本号,如 1.0.0",
    r"^\d{4}-\d{2}-\d{2}$": "日期,如 2023-03-31",
}
"""What the patterns of declared files mean; a reader of messages knows no regular expressions."""


def _in_words(expected: str) -> str:
    """What pydantic expects, without regular expressions and without its English “or”."""
    return _PATTERNS.get(expected, expected.replace("' or '", "', '").replace("', '", "、").strip("'"))


def key_path(location: tuple[int | str, ...]) -> str:
    """``('changes', 0, 'reason')`` → ``changes[0].reason``."""
    path = ""
    for part in location:
        path += f"[{part}]" if isinstance(part, int) else (f".{part}" if path else str(part))
    return path


def _alternatives(annotation: Any) -> list[Any]:
    """What an annotation may be: Annotated and unions taken apart."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return _alternatives(get_args(annotation)[0])
    if origin in (Union, UnionType):
        return [inner for part in get_args(annotation) for inner in _alternatives(part)]
    return [annotation]


def _models(alternatives: Sequence[Any]) -> list[type[BaseModel]]:
    return [a for a in alternatives if isinstance(a, type) and issubclass(a, BaseModel)]


def _below(alternatives: Sequence[Any], part: int | str) -> list[Any]:
    """What stands under one part of a location."""
    for alternative in alternatives:
        origin, inner = get_origin(alternative), get_args(alternative)
        if origin in (list, dict):
            return _alternatives(inner[-1])
        for model in _models([alternative]):
            info = next((f for n, f in model.model_fields.items() if part in (n, f.alias)), None)
            if info is not None:
                return _alternatives(info.annotation)
    return []


def _walked(model: type[BaseModel], location: Sequence[int | str]) -> tuple[tuple[int | str, ...], list[str]]:
    """The location as the file has it (pydantic puts a union's tag in between), and the keys known at its end."""
    alternatives: list[Any] = [model]
    written: list[int | str] = []
    for part in location:
        models = _models(alternatives)
        tagged = [m for m in models if "kind" in m.model_fields and part in get_args(m.model_fields["kind"].annotation)]
        if len(models) > 1 and tagged:
            alternatives = list(tagged)
        else:
            alternatives = _below(alternatives, part)
            written.append(part)
    return tuple(written), [f.alias or n for m in _models(alternatives) for n, f in m.model_fields.items()]


def _problem(model: type[BaseModel], error: Mapping[str, Any], prefix: str, document: YamlDocument) -> Problem:
    location, _ = _walked(model, error["loc"])
    key = ".".join(p for p in (prefix, key_path(location)) if p)
    place = Place(document.file, key=key, line=document.line(key))
    kind = error["type"]
    if kind == "extra_forbidden":
        _, known = _walked(model, error["loc"][:-1])
        fix = suggest(str(location[-1]), known)
        return Problem("unknown_key", "不认识的键", place, found=str(location[-1]), fix=fix)
    message, expected = _MESSAGES.get(kind, (None, None))
    context = error.get("ctx", {})
    if kind == "value_error":
        message = str(context.get("error", error["msg"]))
    if expected is None and kind in _EXPECTED_RENDERED:
        expected = _BOUNDS.get(kind, "{}").format(_in_words(str(context.get(_EXPECTED_RENDERED[kind]))))
    given = error.get("input")
    # Of a whole table of settings only its place helps; printed, it would be Python.
    found = None if kind == "missing" or isinstance(given, (Mapping, list)) else "空" if given is None else str(given)
    number = kind == "string_type" and isinstance(given, (int, Decimal)) and not isinstance(given, bool)
    advice = f'数字请加引号,写成 "{given}"' if number else None
    return Problem(kind, message or "取值无效", place, found=found, expected=expected, fix=advice)


def validated(model: type[M], data: Any, document: YamlDocument, raising: type[WorkbenchError], prefix: str = "") -> M:
    """``data`` as ``model``; every violation at once as problems of error class ``raising``.

    ``prefix`` is the key path of ``data`` inside ``document``, so that messages can name key and line.
    """
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise raising([_problem(model, e, prefix, document) for e in error.errors()]) from None
