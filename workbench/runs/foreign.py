"""Foreign code: what plugins' derivations and rule kinds answered is recorded, so that a dossier can do without them.

A dossier holds no code. Where the same code is installed it runs; elsewhere the recorded answers stand for it, each for
exactly the question it was given to. Questions are digests (see :mod:`workbench.runs.exchange`), worked out when a run is
written: while it is computed only references are kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, fields, replace
from typing import Any, ClassVar

from workbench.base.canon import canonical_json, digest_of
from workbench.base.errors import CheckFailed, NotRecorded, Place, Problem, WorkbenchError
from workbench.plugins.manager import Plugins
from workbench.runs.codetable import CodeRef, CodeTable, Function, KindForm, What, code_digest
from workbench.runs.exchange import Fingerprints, SealedParams, packed, params_digest, unpacked
from workbench.runs.kept import CODE_TABLE
from workbench.scheme.scheme import Ruled, Scheme
from workbench.scoring.derivations import Derivation
from workbench.scoring.describing import rule_text
from workbench.scoring.kinds import Points, RuleKind
from workbench.scoring.scorecard import Scorecard

OWN = "workbench"
"""The distribution whose rule kinds any version of this program has."""
OPTIONAL: tuple[Function, ...] = ("context", "judged", "describe")
Key = tuple[What, str]


@dataclass(frozen=True, slots=True, eq=False)
class Call:
    """One question to foreign code and its answer."""

    question: str
    arguments: tuple[Any, ...]
    answer: Any


@dataclass(frozen=True, slots=True, eq=False)
class Recorded:
    """A function whose calls are kept."""

    question: str
    function: Callable[..., Any]
    calls: list[Call]

    def __call__(self, *arguments: Any) -> Any:
        answer = self.function(*arguments)
        self.calls.append(Call(self.question, arguments, answer))
        return answer


@dataclass
class Sources(Plugins):
    """What an evaluation draws on. ``replayed``: code that is not run here, its recorded answers are used instead.

    ``calls``: what foreign code was asked so far; None where nobody will write it down.
    """

    replayed: list[CodeRef] = field(default_factory=list)
    calls: list[Call] | None = None
    _refs: dict[Key, CodeRef] = field(default_factory=dict)

    def record(self) -> None:
        """Keep from now on what foreign code is asked and answers."""
        calls = self.calls = []
        for name, kind in self.kinds.items():
            if kind.distribution != OWN:
                self.kinds[name] = _each_function(kind, lambda q, f: Recorded(q, f, calls))
        for name, made in self.derivations.items():
            function = Recorded(f"derivation {name}", made.function, calls)
            self.derivations[name] = replace(made, function=function)

    def pin(self, scheme: Scheme) -> None:
        """Take down the digests of the code a scheme uses, as it is now."""
        for key in self.used(scheme):
            self._ref(key)

    def used(self, scheme: Scheme) -> list[Key]:
        """The foreign derivations and rule kinds a scheme names, sorted."""
        kinds = {r.rule.kind for r in _items(scheme) if self.kinds[r.rule.kind].distribution != OWN}
        named = {d.python for d in scheme.pack.derived} | {a.python for a in scheme.pack.analyses}
        found: list[Key] = [("derivation", name) for name in named if name in self.derivations]
        return sorted([*found, *(("kind", name) for name in kinds)])

    def pinned(self, ref: CodeRef) -> None:
        """Say which code something is, whatever is installed."""
        self._refs[ref.what, ref.name] = ref

    def _ref(self, key: Key) -> CodeRef:
        if key not in self._refs:
            what, name = key
            item: Any = self.kinds[name] if what == "kind" else self.derivations[name]
            code = code_digest(self.infos, item.distribution)
            self._refs[key] = CodeRef(
                what=what, name=name, version=item.version, distribution=item.distribution, code=code
            )
        return self._refs[key]

    def written(self, card: Scorecard, schemes: Sequence[Scheme]) -> bytes | None:
        """``code.json`` for a card and the schemes that were frozen on the way to it; None where they use no foreign code."""
        keys = sorted({key for scheme in schemes for key in self.used(scheme)})
        if not keys:
            return None
        assert self.calls is not None  # only what was opened to be run is written
        kinds = {name for what, name in keys if what == "kind"}
        _ask(card, kinds)
        table = CodeTable(
            code=[self._ref(key) for key in keys],
            kinds={name: self._form(name, schemes) for name in sorted(kinds)},
            calls=dict(_kept(self.calls)),
        )
        return canonical_json(table.model_dump())

    def _form(self, name: str, schemes: Sequence[Scheme]) -> KindForm:
        kind = self.kinds[name]
        ruled = [r for scheme in schemes for r in _items(scheme) if r.rule.kind == name]
        return KindForm(
            title=kind.title,
            summary=kind.summary,
            branches=list(kind.branches.items()),
            needs=list(kind.needs),
            sources=list(kind.sources),
            functions=[f for f in OPTIONAL if getattr(kind, f) is not None],
            params={digest_of(r.rule.params): params_digest(r.params) for r in ruled},
        )


def _items(scheme: Scheme) -> list[Ruled]:
    return [*scheme.indicators, *scheme.bonus, *scheme.deductions]


def _each_function(kind: RuleKind[Any], made: Callable[[str, Any], Any]) -> RuleKind[Any]:
    """The kind with each of its functions replaced: ``made(question, function)``."""
    names = ["score", "explain", *(f for f in OPTIONAL if getattr(kind, f) is not None)]
    return replace(kind, **{f: made(f"kind {kind.name} {f}", getattr(kind, f)) for f in names})


def _ask(card: Scorecard, kinds: set[str]) -> None:
    """Ask what a review page would: whether a rule leaves room for judgement, and the rule in words."""
    for scores in card.indicators:
        if scores.ruled.rule.kind in kinds:
            with suppress(WorkbenchError):
                card.judged(scores.code)
                rule_text(card, scores.code)


def _kept(calls: Sequence[Call]) -> Iterator[tuple[str, Any]]:
    """Calls by their digest. One that no table can keep is left out: then only the code itself can answer it."""
    marks = Fingerprints()
    for call in calls:
        with suppress(TypeError, ValueError):
            yield marks.key(call.question, call.arguments), packed(call.answer)


@dataclass(frozen=True, slots=True, eq=False)
class Answering:
    """A function of code that is not here: it answers what was asked before it was sealed."""

    ref: CodeRef
    question: str
    table: Mapping[str, Any]
    marks: Fingerprints
    fits: Callable[[Any], bool]

    def __call__(self, *arguments: Any) -> Any:
        key = self.marks.key(self.question, arguments)
        if key not in self.table:
            raise NotRecorded(_not_recorded(self.ref))
        try:
            answer = unpacked(self.table[key])
        except (ValueError, RecursionError):
            raise NotRecorded(_damaged(self.ref)) from None
        if not self.fits(answer):
            raise NotRecorded(_damaged(self.ref))
        return answer


def _damaged(ref: CodeRef) -> Problem:
    message = f"封存的计算结果不符合格式:“{ref.name}”"
    return Problem("bad_code_table", message, Place(CODE_TABLE), fix="请重新取得完整的评价档案")


def _not_recorded(ref: CodeRef) -> Problem:
    noun = "计算程序" if ref.what == "derivation" else "计分规则"
    message = f"{noun}“{ref.name}”({ref.distribution} {ref.version})没有安装或与封存时不同,封存的结果只适用于原来的佐证资料和方案"
    fix = "请安装封存时所用的同一版插件,再重新运行"
    return Problem("not_recorded", message, found=f"代码摘要 {ref.code[:16]}", fix=fix)


def replaying(installed: Plugins, table: CodeTable, *, tables_only: bool = False) -> Sources:
    """What is installed, and the answers of a sealed table for all code that is not, or not the same.

    Args:
        tables_only: run no foreign code at all, installed or not.
    """
    own = {n: k for n, k in installed.kinds.items() if k.distribution == OWN}
    sources = drawn(installed)
    if tables_only:
        sources.kinds, sources.derivations = own, {}
    for ref in table.code:
        if ref.what == "kind" and ref.name in own:  # a table may not speak for what can be recomputed
            raise CheckFailed(_damaged(ref))
        shelf: dict[str, Any] = sources.kinds if ref.what == "kind" else sources.derivations
        if tables_only or not _same(shelf.get(ref.name), ref, installed):
            sources.replayed.append(ref)
            shelf[ref.name] = _kind(ref, table) if ref.what == "kind" else _derivation(ref, table)
        else:
            shelf[ref.name] = replace(shelf[ref.name], distribution=ref.distribution)
        sources.pinned(ref)
    return sources


def drawn(installed: Plugins) -> Sources:
    """The plugins as an evaluation's sources, nothing recorded yet."""
    return Sources(**{f.name: getattr(installed, f.name) for f in fields(Plugins)})


def _same(item: Any, ref: CodeRef, installed: Plugins) -> bool:
    """Whether what is installed under a name is the code that was sealed."""
    return (
        item is not None and item.version == ref.version and code_digest(installed.infos, item.distribution) == ref.code
    )


def _derivation(ref: CodeRef, table: CodeTable) -> Derivation:
    function = Answering(ref, f"derivation {ref.name}", table.calls, Fingerprints(), _is_columns)
    return Derivation(ref.name, ref.version, function, ref.distribution)


def _is_columns(answer: Any) -> bool:
    return isinstance(answer, dict) and all(isinstance(column, list) for column in answer.values())


def _kind(ref: CodeRef, table: CodeTable) -> RuleKind[Any]:
    form = table.kinds.get(ref.name)
    if form is None:
        raise NotRecorded(_damaged(ref))
    parameters = form.params

    class Params(SealedParams):
        read: ClassVar[Mapping[str, str]] = parameters

    marks = Fingerprints()

    def answering(function: str, fits: Callable[[Any], bool] = lambda answer: isinstance(answer, str)) -> Answering:
        return Answering(ref, f"kind {ref.name} {function}", table.calls, marks, fits)

    def described(*arguments: Any) -> str:
        with suppress(NotRecorded):
            return str(answering("describe")(*arguments))
        return form.summary  # asked on a page about one subject; no points depend on it

    return RuleKind(
        name=ref.name,
        version=ref.version,
        title=form.title,
        summary=form.summary,
        params=Params,
        branches=dict(form.branches),
        score=answering(
            "score", lambda a: isinstance(a, Points) and all(code < len(form.branches) for code in a.branch)
        ),
        explain=answering("explain"),
        needs=tuple(form.needs),
        sources=tuple(form.sources),
        distribution=ref.distribution,
        context=answering("context", lambda a: isinstance(a, dict)) if "context" in form.functions else None,
        judged=answering("judged", lambda a: isinstance(a, bool)) if "judged" in form.functions else None,
        describe=described if "describe" in form.functions else None,
    )
