"""Anybody's text on paper: nothing in it breaks the file, runs as a formula, or turns round what stands beside it."""

from __future__ import annotations

import re

_LINE_ENDS = re.compile("\r\n|[\r\u0085\u2028\u2029]")
_FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_OPENERS, _CLOSER = "\u2066\u2067\u2068", "\u2069"
_FIRST_STRONG = "\u2068"
_TURNING = re.compile(
    "[\u0590-\u08ff\u200e\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
"""Blocks of right-to-left letters, and the marks that turn text round."""


def visible(text: str) -> str:
    """``text`` as XML can hold it: line ends as ``\\n``, what XML forbids (control characters, lone surrogates) as [U+001B].

    Spelt out rather than drawn: hardly a Chinese font has pictures for control characters.
    """
    return _FORBIDDEN.sub(lambda m: f"[U+{ord(m[0]):04X}]", _LINE_ENDS.sub("\n", text))


def isolated(text: str) -> str:
    """Each line that has right-to-left letters or marks in it, closed off from what stands beside it (FSI … PDI)."""
    return "\n".join(map(_isolated, text.split("\n"))) if _TURNING.search(text) else text


def _isolated(line: str) -> str:
    if not _TURNING.search(line):
        return line
    kept, open_ = [], 0
    for char in line:
        if char == _CLOSER and not open_:
            continue  # it would close ours
        open_ += (char in _OPENERS) - (char == _CLOSER)
        kept.append(char)
    return f"{_FIRST_STRONG}{''.join(kept)}{_CLOSER * (open_ + 1)}"


def safe(text: str | None) -> str:
    """What every cell and paragraph gets: :func:`visible`, then :func:`isolated`; nothing for None."""
    return isolated(visible(text)) if text else ""
