"""Answers about short texts that are asked for again and again: a cell, a name. A page of text is not kept."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import TypeVar

SHORT = 60
"""Characters of a text whose answer is kept."""
_T = TypeVar("_T")


def remembered(function: Callable[[str], _T]) -> Callable[[str], _T]:
    """``function``, which depends on nothing but its text and answers with what nobody changes."""
    kept = lru_cache(maxsize=8192)(function)

    @wraps(function)
    def answer(text: str) -> _T:
        return kept(text) if len(text) <= SHORT else function(text)

    return answer
