"""The SQL that runs, written from the checked tree, and the conditions under which the engine's floats decide nothing.

The engine divides in binary floating point. A comparison, a rounding inside a formula or a difference of nearly equal
quotients may then fall on the wrong side: 29/100*100 >= 29 is false in binary. :func:`doubts` writes, for one formula, the
conditions that tell such rows; they are settled with fractions (arithmetic.py).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from workbench.scheme.expressions import Call, Cast, Choice, Const, Node, Ref, children, literal, quoted, walk

_SIGNS = {"≠": "<>", "≤": "<=", "≥": ">="}
_OUT_OF_DOMAIN = frozenset({"sqrt", "ln", "exp", "power"})
_COMPARED = frozenset({"=", "≠", "<", "≤", ">", "≥", "in", "not_in", "nullif"})
NEAR = "1e-9"
"""Relative distance within which two floats may stand for equal numbers; evidence has far fewer digits."""
CANCELLED = "1e-2"
"""A difference smaller than this share of its terms has lost digits that matter."""


def to_sql(node: Node) -> str:
    """The SQL of a tree; nothing that was not read reaches the engine."""
    if isinstance(node, Ref):
        return quoted(node.name)
    if isinstance(node, Const):
        if node.kind == "NULL_LITERAL":
            return "NULL"
        return literal(node.text) if node.kind == "STRING" else node.text
    if isinstance(node, Cast):
        kind = "DECIMAL(38, 10)" if node.type == "decimal" else node.type.upper()
        return f"CAST({to_sql(node.child)} AS {kind})"
    if isinstance(node, Choice):
        whens = " ".join(f"WHEN {to_sql(w)} THEN {to_sql(t)}" for w, t in node.branches)
        return f"(CASE {whens} ELSE {to_sql(node.otherwise)} END)"
    return _call(node)


def _call(node: Call) -> str:
    args = [to_sql(a) for a in node.args]
    name = _SIGNS.get(node.name, node.name)
    if name in ("is_null", "is_not_null"):
        return f"({args[0]} IS {'NOT ' if name == 'is_not_null' else ''}NULL)"
    if name in ("in", "not_in"):
        return f"({args[0]} {'NOT ' if name == 'not_in' else ''}IN ({', '.join(args[1:])}))"
    if name == "not":
        return f"(NOT {args[0]})"
    if name == "-" and len(args) == 1:
        return f"(- {args[0]})"
    if name in ("and", "or") or not name[0].isalpha():
        return f"({f' {name.upper()} '.join(args)})"
    code = f"{name}({', '.join(args)})"
    if name in ("greatest", "least"):
        # SQL passes over what is missing; here a missing part makes the whole missing.
        missing = " OR ".join(f"{a} IS NULL" for a in args)
        return f"(CASE WHEN {missing} THEN NULL ELSE {code} END)"
    if name in _OUT_OF_DOMAIN:
        # A root of −1 or an overflow of one subject is that subject's missing value, not the end of the run.
        return f"nullif(TRY({code}), 'inf'::DOUBLE)"
    return code


def inexact(node: Node, doubles: Collection[str]) -> bool:
    """Whether the engine computes the node in binary floating point; ``doubles`` are the columns that hold such numbers."""
    if isinstance(node, Ref):
        return node.name in doubles
    if isinstance(node, Const):
        return node.kind == "NUMERIC" and "e" in node.text.lower()
    if isinstance(node, Cast) and node.type == "double":
        return True
    if isinstance(node, Call) and (node.name == "/" or node.name in _OUT_OF_DOMAIN):
        return True
    if isinstance(node, Call) and (node.name in _COMPARED - {"nullif"} or node.name in ("and", "or", "not")):
        return False
    return any(inexact(child, doubles) for child in children(node))


def doubts(root: Node, doubles: Collection[str]) -> Iterator[str]:
    """SQL conditions; where one holds, the row's value must not be taken from floats."""
    for node in walk(root):
        if isinstance(node, Cast) and inexact(node.child, doubles):
            places = {"integer": "0", "bigint": "0", "decimal": "10"}.get(node.type, node.type.rpartition(",")[2][:-1])
            if node.type not in ("double", "varchar", "date", "boolean"):
                yield _near_tie(to_sql(node.child), places.strip())
        elif isinstance(node, Call) and any(inexact(a, doubles) for a in node.args):
            yield from _call_doubts(node)


def _call_doubts(node: Call) -> Iterator[str]:
    args = [f"CAST({to_sql(a)} AS DOUBLE)" for a in node.args]
    if node.name in _COMPARED:
        for other in args[1:]:
            yield f"abs({args[0]} - {other}) <= {NEAR} * (abs({args[0]}) + abs({other}))"
    elif node.name in ("+", "-") and len(args) == 2:
        yield f"abs({args[0]} {node.name} {args[1]}) <= {CANCELLED} * (abs({args[0]}) + abs({args[1]}))"
    elif node.name in ("floor", "ceil"):
        yield f"abs({args[0]} - round({args[0]})) <= {NEAR} * (1 + abs({args[0]}))"
    elif node.name == "round":
        places = node.args[1] if len(node.args) > 1 else Const("INTEGER", "0")
        yield _near_tie(args[0], places.text) if isinstance(places, Const) else "TRUE"


def _near_tie(code: str, places: str) -> str:
    size = f"abs(CAST({code} AS DOUBLE) * 1e{places})"
    return f"abs({size} - floor({size}) - 0.5) <= {NEAR} * (1 + {size})"
