"""What a browser asks for. Nothing in it is taken on trust: a user may send anything their browser can write."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from workbench.base.errors import Problem, ReviewError
from workbench.base.text import half_width

_NUMBER = re.compile(r"[-+]?\d{1,9}(\.\d{1,9})?")


class FieldError(ReviewError):
    """A refused form: ``fields`` names the inputs to mend."""

    def __init__(self, problems: Problem | Iterable[Problem], fields: Sequence[str] = ()) -> None:
        super().__init__(problems)
        self.fields = tuple(fields)


class Request:
    """A message of the browser: ``what`` is asked for, with the values of a form and the bytes that came along."""

    def __init__(self, message: Mapping[str, Any], buffers: Sequence[Any] = ()) -> None:
        values = message.get("values")
        self._values: dict[str, Any] = {**message, **(values if isinstance(values, dict) else {})}
        self.what = str(message.get("do", ""))
        ticket = message.get("ticket")
        self.ticket = ticket if isinstance(ticket, str) else None
        self.buffers = [bytes(b) for b in buffers]

    def text(self, name: str) -> str:
        """A text, trimmed; empty when it was not sent."""
        value = self._values.get(name)
        return value.strip() if isinstance(value, str) else ""

    def optional(self, name: str) -> str | None:
        """A text, None when it is empty."""
        return self.text(name) or None

    def required(self, name: str, label: str) -> str:
        """A text that has to be there. Raises FieldError."""
        value = self.text(name)
        if not value:
            raise FieldError(Problem("blank", f"请填写{label}"), [name])
        return value

    def number(self, name: str) -> int:
        """A whole number, such as that of an event; 0 when it was not sent."""
        value = self._values.get(name)
        if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 10:
            return int(value)
        whole = isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**9
        return value if whole and isinstance(value, int) else 0

    def flag(self, name: str) -> bool:
        """A check box."""
        return self._values.get(name) is True

    def choices(self, name: str) -> list[str]:
        """The values ticked in a group of check boxes."""
        value = self._values.get(name)
        return [v for v in value if isinstance(v, str)] if isinstance(value, list) else []

    def numbers(self, name: str) -> list[int]:
        """Event numbers ticked in a group of check boxes."""
        return [int(v) for v in self.choices(name) if v.isascii() and v.isdigit() and len(v) < 10]

    def decimal(self, name: str, label: str) -> Decimal | None:
        """A number as a person types it, None when the input is empty. Raises FieldError when it is none."""
        typed = self.text(name)
        return read_number(typed, name, label) if typed else None

    def digests(self, name: str) -> list[str]:
        """SHA-256 of the files listed in a form."""
        value = self._values.get(name)
        files = value if isinstance(value, list) else []
        return [str(f["sha256"]) for f in files if isinstance(f, dict) and "sha256" in f]


def read_number(typed: str, name: str, label: str) -> Decimal:
    """``８．５``, ``8。5分`` and ``8.5`` are the same number; nothing is guessed beyond that. Raises FieldError."""
    text = half_width(typed).replace("。", ".").removesuffix("分").strip()
    if not text.isascii() or _NUMBER.fullmatch(text) is None:
        problem = Problem("not_a_number", f"{label}须为数字", found=typed, expected="如8或8.50")
        raise FieldError(problem, [name])
    return Decimal(text)
