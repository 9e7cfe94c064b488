"""A text with its references put in, piece by piece, so that what was typed and what came from the result stay apart.

The syntax is jinja2's, and jinja2 parses it; but only names are answered (``{{ 指标["C11"].得分 }}``). Calls, filters,
arithmetic and statements are refused: a number of a report is the result's own, never one made on the way.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from jinja2 import TemplateSyntaxError, nodes
from jinja2.sandbox import SandboxedEnvironment

from workbench.base.errors import Place, Problem
from workbench.base.text import nearest

EXAMPLE = '引用写成 {{ 总分 }}、{{ 指标["C11"].得分 }} 或 {{ 一级["产出"].得分率 }}'
_COMMENT = re.compile(r"<!--.*?(-->|\Z)", re.DOTALL)


@dataclass(frozen=True)
class Names:
    """Something references can ask: what it is called in messages, what it knows, and the answer to each.

    ``elsewhere``: names it does not have but something else does, and how to ask for them there.
    """

    noun: str
    known: Sequence[str]
    answer: Callable[[str], str | Names]
    hint: str = ""
    elsewhere: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Piece:
    """Part of a text; ``typed`` by the analyst, or put in for a reference."""

    text: str
    typed: bool


@dataclass(frozen=True)
class Filled:
    """A text with its references put in. ``place`` is that of its first line."""

    pieces: Sequence[Piece]
    place: Place

    @cached_property
    def text(self) -> str:
        """All of it."""
        return "".join(p.text for p in self.pieces)

    @property
    def blank(self) -> bool:
        """Whether nothing is said."""
        return not self.text.strip()

    def at(self, position: int) -> Place:
        """The place of a position in :attr:`text`: in a chapter its line, in ``report.yaml`` that of the key."""
        if self.place.key is not None or self.place.line is None:
            return self.place
        return Place(self.place.file, line=self.place.line + bisect_left(self._line_ends, position))

    @cached_property
    def _line_ends(self) -> list[int]:
        return [m.start() for m in re.finditer("\n", self.text)]


class _Wrong(Exception):
    """A reference that cannot be answered."""

    def __init__(self, message: str, fix: str) -> None:
        super().__init__(message)
        self.message, self.fix = message, fix


@lru_cache(maxsize=1)
def _environment() -> SandboxedEnvironment:
    return SandboxedEnvironment(keep_trailing_newline=True)


def uncommented(text: str) -> str:
    """``text`` without HTML comments, which are the guides' place; lines keep their numbers."""
    return _COMMENT.sub(lambda m: "\n" * m[0].count("\n"), text)


def filled(text: str, names: Names, place: Place) -> tuple[Filled, list[Problem]]:
    """``text`` with its references put in, and what is wrong with them; a reference that has no answer stays away."""
    found: list[Piece] = []
    problems: list[Problem] = []
    for node in _parsed(text, place, problems):
        try:
            found.append(_piece(node, names))
        except _Wrong as wrong:
            where = place if place.key is not None else Place(place.file, line=(place.line or 1) + node.lineno - 1)
            problems.append(Problem("bad_reference", wrong.message, where, _written(node), None, wrong.fix))
    return Filled(found, place), problems


def _parsed(text: str, place: Place, problems: list[Problem]) -> Iterator[nodes.Expr]:
    """The expressions of a text, literal text among them; what is no expression becomes a problem."""
    if "{" not in text:  # most texts of report.yaml: nothing to parse
        yield nodes.TemplateData(text, lineno=1)
        return
    try:
        body = _environment().parse(text).body
    except TemplateSyntaxError as error:
        line = text.split("\n")[error.lineno - 1] if error.lineno <= text.count("\n") + 1 else ""
        where = place if place.key is not None else Place(place.file, line=(place.line or 1) + error.lineno - 1)
        problems.append(Problem("bad_syntax", "引用的写法有误", where, found=line.strip(), fix=EXAMPLE))
        return
    if "{#" in text:
        fix = "给自己看的话请写在 <!-- 与 --> 之间"
        problems.append(Problem("bad_syntax", "不支持 {# … #}", place, fix=fix))
    for part in body:
        if isinstance(part, nodes.Output):
            yield from part.nodes
        else:
            where = place if place.key is not None else Place(place.file, line=(place.line or 1) + part.lineno - 1)
            problems.append(Problem("bad_syntax", "只能引用,不能写语句({% … %})", where, fix=EXAMPLE))


def _piece(node: nodes.Expr, names: Names) -> Piece:
    if isinstance(node, nodes.TemplateData):
        return Piece(node.data, typed=True)
    if isinstance(node, nodes.Const):  # {{ "{{" }}: whatever stands there was typed
        return Piece(str(node.value), typed=True)
    value = _value(node, names)
    if isinstance(value, Names):
        fix = f"请写到具体的值,如 {value.known[0] if value.known else ''}" + (f"。{value.hint}" if value.hint else "")
        raise _Wrong(f"“{_written(node)}”是{value.noun},不是一个值", fix)
    return Piece(value, typed=False)


def _value(node: nodes.Expr, names: Names) -> str | Names:
    if isinstance(node, nodes.Name):
        return _answer(names, node.name)
    if isinstance(node, nodes.Getattr):
        return _answer(_inner(node.node, names), node.attr)
    if isinstance(node, nodes.Getitem):
        if not isinstance(node.arg, nodes.Const):
            raise _Wrong("方括号里的名称要加引号", EXAMPLE)
        return _answer(_inner(node.node, names), str(node.arg.value))
    raise _Wrong("只能引用名称,不能计算、筛选或调用", f"要算出来的数请写入 report.yaml 的 facts 并注明来源;{EXAMPLE}")


def _inner(node: nodes.Expr, names: Names) -> Names:
    value = _value(node, names)
    if isinstance(value, str):
        raise _Wrong(f"“{_written(node)}”已是一个值,后面不能再写", EXAMPLE)
    return value


def _answer(names: Names, name: str) -> str | Names:
    if name not in names.known:
        fix = names.elsewhere.get(name) or "。".join(x for x in (_like(name, names.known), names.hint) if x) or EXAMPLE
        raise _Wrong(f"{names.noun}没有“{name}”", fix)
    return names.answer(name)


def _like(name: str, known: Sequence[str]) -> str:
    """The name that may have been meant, else all there are: whoever writes has no other list of them at hand."""
    meant = nearest(name, known)
    return f"是否想写“{meant}”?" if meant else f"可用的有:{'、'.join(known)}" if known else ""


def _written(node: nodes.Expr) -> str:
    """A reference as it may have been written, for messages."""
    if isinstance(node, nodes.Name):
        return node.name
    if isinstance(node, nodes.Getattr):
        return f"{_written(node.node)}.{node.attr}"
    if isinstance(node, nodes.Getitem):
        arg = node.arg.value if isinstance(node.arg, nodes.Const) else _written(node.arg)
        return f'{_written(node.node)}["{arg}"]'
    if isinstance(node, nodes.Const):
        return str(node.value)
    if isinstance(node, nodes.BinExpr):
        return f"{_written(node.left)} {node.operator} {_written(node.right)}"
    if isinstance(node, nodes.Filter) and node.node is not None:
        return f"{_written(node.node)}|{node.name}"
    return f"{_written(node.node)}(…)" if isinstance(node, nodes.Call) else "…"
