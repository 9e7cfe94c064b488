"""Exact evaluation of a formula's tree for one subject, and the formula as an evaluator would write it.

The engine computes whole columns in binary floating point where SQL does; a quotient too close to a rounding tie is
settled here with fractions, so that rounding never rests on a float.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cmp_to_key
from typing import TypeAlias

from workbench.base.exact import half_up
from workbench.base.text import with_unit
from workbench.scheme.expressions import Call, Cast, Choice, Const, Expression, Node, Ref, walk

Value: TypeAlias = Fraction | str | bool | date | None
Lookup: TypeAlias = Callable[[str], Value]


class Inexact(Exception):
    """The formula uses a function that has no exact value (a root, a logarithm); the float stands."""


def evaluate(node: Node, lookup: Lookup) -> Value:
    """The exact value of a tree; None is missing, and so is a division by zero.

    Raises:
        Inexact: a function without exact arithmetic occurs.
    """
    if isinstance(node, Ref):
        return lookup(node.name)
    if isinstance(node, Const):
        return _constant(node)
    if isinstance(node, Choice):
        for condition, result in node.branches:
            if evaluate(condition, lookup) is True:
                return evaluate(result, lookup)
        return evaluate(node.otherwise, lookup)
    if isinstance(node, Cast):
        return _cast(evaluate(node.child, lookup), node.type)
    return _call(node, lookup)


def _cast(value: Value, kind: str) -> Value:
    if value is None or kind == "double":
        return value
    decimals = {"integer": 0, "bigint": 0, "decimal": 10}.get(kind)
    if kind.startswith("decimal("):
        decimals = int(kind[:-1].rpartition(",")[2])
    if decimals is None or not isinstance(value, Fraction):
        raise Inexact
    return _round([value, Fraction(decimals)])


def _constant(node: Const) -> Value:
    if node.kind == "NULL_LITERAL":
        return None
    if node.kind == "BOOLEAN":
        return node.text.lower() == "true"
    return node.text if node.kind == "STRING" else Fraction(node.text)


def _call(node: Call, lookup: Lookup) -> Value:
    if node.name == "coalesce":
        return next((v for v in (evaluate(a, lookup) for a in node.args) if v is not None), None)
    if node.name in ("and", "or"):
        return _junction(node.name, [evaluate(a, lookup) for a in node.args])
    values = [evaluate(a, lookup) for a in node.args]
    if node.name in ("is_null", "is_not_null"):
        return (values[0] is None) == (node.name == "is_null")
    if node.name in ("greatest", "least"):
        if None in values:
            return None
        ordered = sorted(values, key=cmp_to_key(_order))
        return ordered[-1 if node.name == "greatest" else 0]
    if node.name == "nullif":
        equal = None not in values and _order(values[0], values[1]) == 0
        return None if equal else values[0]
    if any(v is None for v in values):
        return None
    return _strict(node.name, values)


def _junction(name: str, values: list[Value]) -> bool | None:
    decisive = name == "or"
    if decisive in values:
        return decisive
    return None if None in values else not decisive


def _strict(name: str, values: list[Value]) -> Value:
    comparison = _COMPARE.get(name)
    if comparison is not None:
        return comparison(_order(values[0], values[1]))
    if name in ("in", "not_in"):
        return any(_order(values[0], v) == 0 for v in values[1:]) == (name == "in")
    if name == "not":
        return values[0] is not True
    numbers = [v for v in values if isinstance(v, Fraction)]
    if len(numbers) != len(values) or name not in _NUMERIC:
        raise Inexact
    return _NUMERIC[name](numbers)


def _order(left: Value, right: Value) -> int:
    """−1, 0 or 1; a text beside a date is read as a date, as the engine does. Raises Inexact for what does not compare."""
    try:
        if isinstance(left, date) and isinstance(right, str):
            right = date.fromisoformat(right)
        elif isinstance(left, str) and isinstance(right, date):
            left = date.fromisoformat(left)
        return (left > right) - (left < right)  # type: ignore[operator]  # what does not compare raises TypeError
    except (TypeError, ValueError):
        raise Inexact from None


def _divide(numbers: list[Fraction]) -> Fraction | None:
    return None if numbers[1] == 0 else numbers[0] / numbers[1]


def _subtract(numbers: list[Fraction]) -> Fraction:
    return -numbers[0] if len(numbers) == 1 else numbers[0] - numbers[1]


def _round(numbers: list[Fraction]) -> Fraction:
    scale = Fraction(10) ** int(numbers[1] if len(numbers) > 1 else 0)
    size = abs(numbers[0]) * scale
    rounded = Fraction((2 * size.numerator + size.denominator) // (2 * size.denominator)) / scale
    return rounded if numbers[0] >= 0 else -rounded


_COMPARE: Mapping[str, Callable[[int], bool]] = {
    "=": lambda order: order == 0,
    "≠": lambda order: order != 0,
    "<": lambda order: order < 0,
    "≤": lambda order: order <= 0,
    ">": lambda order: order > 0,
    "≥": lambda order: order >= 0,
}
_NUMERIC: Mapping[str, Callable[[list[Fraction]], Fraction | None]] = {
    "+": lambda n: sum(n, Fraction(0)),
    "-": _subtract,
    "*": lambda n: n[0] * n[1],
    "/": _divide,
    "abs": lambda n: abs(n[0]),
    "round": _round,
    "floor": lambda n: Fraction(n[0].numerator // n[0].denominator),
    "ceil": lambda n: Fraction(-(-n[0].numerator // n[0].denominator)),
}


def zero_denominators(expression: Expression, lookup: Lookup) -> list[str]:
    """The denominators that are zero for one subject, as the formula writes them."""
    found = []
    for node in walk(expression.root):
        if isinstance(node, Call) and node.name in ("/", "//", "%"):
            below = _under_nullif(node.args[1])
            try:
                if evaluate(below, lookup) == 0:
                    found.append(formula(below, str))
            except Inexact:
                continue
    return found


def _under_nullif(node: Node) -> Node:
    return node.args[0] if isinstance(node, Call) and node.name == "nullif" else node


def chosen(node: Node, lookup: Lookup) -> Node:
    """The tree one subject really takes: of CASE and coalesce only the branch that was used."""
    if isinstance(node, Choice):
        try:
            taken = next((t for w, t in node.branches if evaluate(w, lookup) is True), node.otherwise)
        except Inexact:
            return node  # better the whole formula than a branch that was not taken
        return chosen(taken, lookup)
    if isinstance(node, Call):
        if node.name == "coalesce":
            return chosen(next((a for a in node.args if _present(a, lookup)), node.args[0]), lookup)
        return Call(node.name, tuple(chosen(a, lookup) for a in node.args))
    return Cast(chosen(node.child, lookup), node.type) if isinstance(node, Cast) else node


def _present(node: Node, lookup: Lookup) -> bool:
    try:
        return evaluate(node, lookup) is not None
    except Inexact:
        return True


_SIGNS = {"*": "×", "/": "÷", "-": "−", "+": "+", "and": " 且 ", "or": " 或 "}
_WORDS = {"greatest": "较大值", "least": "较小值", "abs": "绝对值", "round": "四舍五入", "coalesce": "首个已填"}


def formula(node: Node, name_of: Callable[[str], str]) -> str:
    """The formula in field names (or, with another ``name_of``, with the numbers put in)."""
    if isinstance(node, Ref):
        return name_of(node.name)
    if isinstance(node, Const):
        return node.text or "空"
    if isinstance(node, Cast):
        return formula(node.child, name_of)
    if isinstance(node, Choice):
        cases = [f"{formula(w, name_of)}时取{formula(t, name_of)}" for w, t in node.branches]
        return f"({';'.join(cases)};否则取{formula(node.otherwise, name_of)})"
    return _written(node, name_of)


def _written(node: Call, name_of: Callable[[str], str]) -> str:
    args = [formula(a, name_of) for a in node.args]
    if node.name == "nullif":
        return args[0]
    if node.name == "coalesce":
        return args[0] if len(args) == 1 else f"{args[0]}(未填时取{'、'.join(args[1:])})"
    if node.name == "-" and len(args) == 1:
        return f"−{_bracketed(node.args[0], args[0], '*')}"
    if node.name in ("is_null", "is_not_null"):
        return f"{args[0]}{'未填' if node.name == 'is_null' else '已填'}"
    if node.name == "not":
        return f"非({args[0]})"
    if node.name in _SIGNS or node.name in _COMPARE:
        parts = [_bracketed(child, text, node.name) for child, text in zip(node.args, args, strict=True)]
        return _SIGNS.get(node.name, node.name).join(parts)
    return f"{_WORDS.get(node.name, node.name)}({'、'.join(args)})"


_RANK = {"or": 0, "and": 1, "+": 3, "-": 3, "*": 4, "/": 4}


def _bracketed(child: Node, text: str, parent: str) -> str:
    # What is not written itself (nullif, a cast) hides no brackets: x / nullif(a * b, 0) is x÷(a×b).
    while isinstance(child, Cast) or (isinstance(child, Call) and child.name == "nullif"):
        child = child.child if isinstance(child, Cast) else child.args[0]
    inner = _RANK.get(child.name, 2 if child.name in _COMPARE else 9) if isinstance(child, Call) else 9
    outer = _RANK.get(parent, 2)
    needs = inner < outer or (inner == outer and parent in ("-", "/"))
    return f"({text})" if needs else text


def shown(value: Value, unit: str | None = None) -> str:
    """A value put into a formula: a number with its unit, “缺” when missing."""
    if value is None:
        return "缺"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Fraction):
        number = Decimal(value.numerator) / Decimal(value.denominator)
        return with_unit(half_up(number, 6), unit)
    return str(value)
