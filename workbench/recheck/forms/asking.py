"""What cannot be read with certainty becomes a question, unless a mapping file has answered it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field

from workbench.recheck.forms.mapping import Mappings
from workbench.recheck.forms.vocabulary import bare
from workbench.recheck.model import FormKind, Question, Written


def shape_of(kind: FormKind, titles: Iterable[str]) -> str:
    """A name for the layout of a form: the titles of its indicator table in their order, however they are spaced."""
    return hashlib.sha256("|".join([kind, *map(bare, titles)]).encode()).hexdigest()[:12]


@dataclass
class Asking:
    """Questions about one form. ``blocking``: what was asked leaves open what the form says, so that it is not read."""

    file: str
    shape: str
    mappings: Mappings
    questions: list[Question] = field(default_factory=list)
    blocking: bool = False

    def answer(
        self, code: str, subject: str, text: str, cell: Written | None, choices: tuple[str, ...], blocking: bool = True
    ) -> str | None:
        """What the mapping file answers; without an answer the question is asked and None is returned."""
        given = self.mappings.answer(self.shape, code, subject)
        if given in choices or (given and not choices):
            return given
        self.ask(code, subject, text, cell, choices, blocking)
        return None

    def ask(
        self, code: str, subject: str, text: str, cell: Written | None, choices: tuple[str, ...], blocking: bool = True
    ) -> None:
        """Ask, whatever has been answered: what was answered does not settle it."""
        given = self.mappings.answer(self.shape, code, subject)
        if given and given not in choices:
            text = f"识别对照里的答案“{given}”不适用于这张表。{text}"
        spot = cell.spot if cell is not None else None
        self.questions.append(Question(self.file, self.shape, code, text, spot, choices, subject))
        self.blocking = self.blocking or blocking
