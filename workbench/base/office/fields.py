"""Complex fields of a Word document while they are read: code, separator, result. They stand in one another."""

from __future__ import annotations

from collections.abc import Callable

MADE = "{}"
"""What a code begins with whose first word another field makes."""


class FieldCodes:
    """Which text is code and which is result; every code is told to ``coded`` when it is whole."""

    def __init__(self, coded: Callable[[str], None]) -> None:
        self._coded = coded
        self._codes: list[str] = []
        self._coding: list[bool] = []

    @property
    def inside(self) -> bool:
        """Whether what is read now is part of a code, and so not seen."""
        return any(self._coding)

    def mark(self, kind: str) -> None:
        """A mark of a field: begin, separate or end."""
        if kind == "begin":
            if self._codes and self._coding[-1] and not self._codes[-1].strip():
                self._codes[-1] = MADE
            self._codes.append("")
            self._coding.append(True)
        elif kind == "separate" and self._coding and self._coding[-1]:
            self._coded(self._codes[-1])
            self._coding[-1] = False
        elif kind == "end" and self._coding:
            if self._coding.pop():
                self._coded(self._codes[-1])
            self._codes.pop()

    def add(self, text: str) -> None:
        """A piece of a code; it may be cut anywhere, and may follow the separator in a file that hides it."""
        if self._codes:
            self._codes[-1] += text
            self._coding[-1] = True
