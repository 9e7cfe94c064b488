"""What of the outputs is made apart, in processes of their own: volumes of the 复核表, letters, copies.

A new process imports this module; what a piece needs beyond it is imported when it is made.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from workbench.recheck.writing.annotated import Copy, annotate, copies, listed
from workbench.recheck.writing.told import Batch, Told

Files = dict[str, bytes]
"""By name within the folder of the re-check."""
_LETTERS = 25
"""Letters that one process writes before it asks for more: what they share travels with them."""


class Piece(Protocol):
    """Files that can be made without the others."""

    @property
    def count(self) -> int:
        """How many."""

    def made(self) -> Files:
        """The files."""

    def instead(self) -> Files:
        """The files, after a process has died making them."""


@dataclass(frozen=True)
class _Volume:
    """One volume of the 复核表, over its own forms."""

    batch: Batch
    count: int = 1

    def made(self) -> Files:
        from workbench.recheck.writing.workbook import volume, volume_name

        return {volume_name(self.batch.forms): volume(self.batch)}

    instead = made


@dataclass(frozen=True)
class _Letters:
    """Letters to some units; ``batch`` without forms, for what it knows of rules."""

    batch: Batch
    units: tuple[tuple[int, str, tuple[Told, ...]], ...]

    @property
    def count(self) -> int:
        return len(self.units)

    def made(self) -> Files:
        from workbench.recheck.writing.letters import FOLDER, letter, letter_name

        return {
            f"{FOLDER}/{letter_name(number, unit)}": letter(self.batch, unit, forms)
            for number, unit, forms in self.units
        }

    instead = made


@dataclass(frozen=True)
class _Copied:
    """A copy, alone: on an original made elsewhere a process may die."""

    copy: Copy
    count: int = 1

    def made(self) -> Files:
        return dict([annotate(self.copy)])

    def instead(self) -> Files:
        return dict([listed(self.copy, "读取原件的进程意外终止,改列清单")])


def pieces(batch: Batch, volumes: Sequence[tuple[Told, ...]], paths: Mapping[str, Path]) -> list[Piece]:
    """Everything that is made apart; the largest first, so that no process is left alone with one at the end."""
    about = batch.only(())
    units = [(number, unit, tuple(forms)) for number, (unit, forms) in enumerate(batch.by_unit.items(), 1)]
    units = [entry for entry in units if any(told.answerable for told in entry[2])]
    made: list[Piece] = [_Volume(batch.only(part)) for part in volumes]
    made += [_Letters(about, tuple(units[i : i + _LETTERS])) for i in range(0, len(units), _LETTERS)]
    made += [_Copied(copy) for copy in copies(batch, paths)]
    return made


def make(piece: Piece) -> Files:
    """What a process of its own does."""
    return piece.made()
