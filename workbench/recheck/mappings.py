"""The mapping files (识别对照) of a re-check: written once with what has to be asked, then a person's own."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbench.base.errors import Place, Problem, WorkbenchError
from workbench.base.yamlio import read_yaml
from workbench.recheck.forms import Mappings, write_mapping
from workbench.recheck.forms.mapping import SECTIONS, Key
from workbench.recheck.model import Question

STEM = "识别对照"


@dataclass(frozen=True)
class KnownMappings:
    """What has been answered, and in which files; ``brought``: the one of them that is of another re-check."""

    mappings: Mappings
    files: tuple[Path, ...] = ()
    brought: Path | None = None

    def unused(self, shapes: Collection[str]) -> list[Problem]:
        """Answers that no form had a use for.

        Every layout of the folder's own files is to be found in it. A file of another re-check has layouts of its own, and is
        told only where none of them is here.
        """
        found: list[Problem] = []
        for path in self.files:
            mappings = Mappings.load(path)
            problems = mappings.unused(shapes, path.name)
            if path != self.brought:
                found += problems
            elif problems and len(problems) == len({shape for shape, _, _ in mappings.answers}):
                text, fix = "识别对照里的版式这批表里一种也没有,没有用上", "请核对 --mapping 是不是给错了文件"
                found.append(Problem("mapping_unused", text, Place(path.name), fix=fix, severity="warning"))
        return found


def known_mappings(given: Path | None, out: Path) -> KnownMappings:
    """The answers of the file named, and of those in the folder of the re-check; the file named counts first.

    Raises:
        FileError: a file is missing, or holds what no mapping has.
    """
    own = sorted(out.glob(f"{STEM}*.yaml"))
    brought = given if given is not None and given.resolve() not in {path.resolve() for path in own} else None
    files = [given, *(path for path in own if path.resolve() != given.resolve())] if given is not None else own
    answers: dict[tuple[str, str, str], str] = {}
    for path in files:
        answers = {**Mappings.load(path).answers, **answers}
    return KnownMappings(Mappings(answers), tuple(files), brought)


def ask(questions: Sequence[Question], known: KnownMappings, out: Path) -> Path | None:
    """Write down what is asked for the first time, into a file of its own; None where nothing is new.

    A file that is there is a person's and never written again: what it asks already is not asked twice.

    Raises:
        NotWritten: the folder takes no file.
    """
    asked = {key for path in known.files for key in _asked(path)}
    new = [q for q in answerable(questions) if (q.shape, q.code, q.subject) not in asked]
    if not new:
        return None
    path = out / f"{STEM}.yaml"
    number = 2
    while path.exists():
        path = out / f"{STEM}-{number}.yaml"
        number += 1
    write_mapping(new, path, asked=asked)
    return path


def answerable(questions: Iterable[Question]) -> list[Question]:
    """The questions a mapping file can answer; the others say that a file holds no form."""
    return [question for question in questions if question.shape and question.code in SECTIONS]


def told_once(questions: Iterable[Question]) -> list[tuple[Question, int]]:
    """Questions that one line on a screen is enough for, with how many of the kind there are: the same of each form of a layout."""
    kinds: dict[Key, list[Question]] = {}
    for question in questions:
        subject = "" if question.code == "money_unit" else question.subject
        kinds.setdefault((question.shape, question.code, subject), []).append(question)
    return [(alike[0], len(alike)) for alike in kinds.values()]


def _asked(path: Path) -> set[tuple[str, str, str]]:
    """The questions in a mapping file, answered or not."""
    try:
        entries: list[dict[str, Any]] = read_yaml(path).data["mapping"]
        return {
            (entry["shape"], code, subject)
            for entry in entries
            for code in SECTIONS
            for subject in entry.get(code) or {}
        }
    except (WorkbenchError, KeyError, TypeError):
        return set()
