"""What a rule of finding is: a pure function over what was reviewed, with its declaration."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from workbench.recheck.model import Form, Written

Parameter = bool | Decimal | tuple[str, ...]
_AFTER = re.compile(r"(?:20\d\d年度?|\(20\d\d\)|[\s\W_])+")


@dataclass(frozen=True, slots=True)
class Seen:
    """One thing a rule has seen.

    Attributes:
        cell: the cell to look at; its place is the finding's, its text is ``found`` where that is not given.
        field: what the cell is: 得分, 全年执行数 …; indicator: its name where one is meant.
        expected: what follows from the rules, in words or as a number.
        found: what is written, where it is not the text of the cell.
        told: further words for the templates of the catalogue.
        form: the form that is meant, for rules over several forms; None for the one under review, or for none at all.
        file: the file that is meant where it is no form's.
    """

    cell: Written | None
    field: str
    indicator: str = ""
    expected: str = ""
    found: str | None = None
    told: Mapping[str, str] = dataclasses.field(default_factory=dict)
    form: Form | None = None
    file: str = ""


@dataclass(frozen=True, slots=True)
class Params:
    """Tolerances, thresholds and word lists of one rule, as the catalogue or a local file has them."""

    values: Mapping[str, Parameter]

    def number(self, name: str) -> Decimal:
        """A tolerance or threshold."""
        value = self.values[name]
        assert isinstance(value, Decimal)  # the catalogue's model lets a local file change no type
        return value

    def words(self, name: str) -> tuple[str, ...]:
        """A word list."""
        value = self.values[name]
        assert isinstance(value, tuple)
        return value

    def pattern(self, name: str) -> re.Pattern[str]:
        """The words as one pattern: each anywhere in the text, ``^`` before it at the start, ``$`` after it at the end."""
        return _pattern(self.words(name))


@lru_cache(maxsize=256)
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(_fragment(word) for word in words) or r"(?!)")


def _fragment(word: str) -> str:
    start, end = word.startswith("^"), word.endswith("$")
    return f"{'^' * start}{re.escape(word[start : len(word) - end])}{'$' * end}"


Check = Callable[..., Iterator[Seen]]
"""``(Reviewed, Params)`` for one form; ``(Batch, Params)`` for all of them, with the list of projects or the approved goals."""


@dataclass(frozen=True, slots=True)
class RecheckRule:
    """A rule of finding that a plugin adds.

    Attributes:
        name: its code, as ``findings.csv`` has it; version: of the rule, raised when its meaning changes.
        check: the pure function; see :data:`Check`.
        declared: what the catalogue says of a built-in rule: title, severity, scope, source, params, message, suggestion.
        distribution: filled in by the plugin manager.
    """

    name: str
    version: str
    check: Check
    declared: Mapping[str, Any]
    distribution: str = ""


@lru_cache(maxsize=16384)
def same_name(text: str) -> str:
    """A name without spaces, brackets, punctuation and years, by which two are held to be the same."""
    return _AFTER.sub("", text).casefold()
