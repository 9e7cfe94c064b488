"""What a notebook shows of sealing, verifying, re-running and comparing: tables and sentences, never more than was found."""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from workbench.dossier import telling
from workbench.dossier.model import Verification
from workbench.dossier.rerunning.rerun import Rerun, shown_path
from workbench.dossier.sealing.seal import Sealed
from workbench.reports.table import Table

_LIST = "margin:4px 0 12px 0;line-height:1.5;"


@dataclass(frozen=True, repr=False)
class Sentences:
    """Sentences under a heading."""

    heading: str
    lines: Sequence[str]

    def html(self) -> str:
        """A heading and a list, escaped."""
        items = "".join(f"<li>{html.escape(line)}</li>" for line in self.lines)
        return f'<div style="font-weight:600">{html.escape(self.heading)}</div><ul style="{_LIST}">{items}</ul>'

    def _repr_html_(self) -> str:
        return self.html()

    def __repr__(self) -> str:
        return f"<{self.heading}>"

    def __str__(self) -> str:
        return "\n".join([self.heading, *(f"  · {line}" for line in self.lines)])


class View:
    """Something a cell ends with: Jupyter shows its pieces as HTML, ``print`` as text."""

    @property
    def headline(self) -> str:
        """What it says, in a few words."""
        raise NotImplementedError

    def pieces(self) -> Iterator[Table | Sentences]:
        """What is shown, from top to bottom."""
        raise NotImplementedError

    def _repr_html_(self) -> str:
        return "".join(piece.html() for piece in self.pieces())

    def __repr__(self) -> str:
        return f"<{self.headline}>"

    def __str__(self) -> str:
        return "\n\n".join(map(str, self.pieces()))


@dataclass(frozen=True, repr=False)
class SealedView(View):
    """A dossier that was written."""

    sealed: Sealed

    @property
    def path(self) -> Path:
        """Where it was written."""
        return self.sealed.path

    @property
    def headline(self) -> str:
        """What was sealed, and where."""
        return f"已封存{self.sealed.manifest.kind}:{shown_path(self.path)}"

    def pieces(self) -> Iterator[Table | Sentences]:
        """The archive's list of papers."""
        yield Sentences(self.headline, [f"{len(self.sealed.manifest.files)}个文件"])
        yield telling.papers_table(self.sealed.manifest)


@dataclass(frozen=True, repr=False)
class VerificationView(View):
    """What verifying found. ``found``: as data."""

    found: Verification

    @property
    def holds(self) -> bool:
        """Whether no check failed."""
        return self.found.holds

    @property
    def headline(self) -> str:
        """The verdict in a few words."""
        return "核验:各项核对成立" if self.holds else "核验未通过"

    def papers(self) -> Table:
        """档案目录: what the archive holds and what it lacks."""
        return telling.papers_table(self.found.manifest)

    def pieces(self) -> Iterator[Table | Sentences]:
        """The checks, what is wrong, what is proven and what is not."""
        yield telling.checks_table(self.found)
        if not self.holds:
            yield telling.problems_table(self.found)
        if self.found.proven:
            yield Sentences("已证明", self.found.proven)
        yield Sentences("没有证明", self.found.unproven)


@dataclass(frozen=True, repr=False)
class RerunView(View):
    """A dossier run again. ``found``: as data; can be given to ``wb.compare``."""

    found: Rerun

    @property
    def workspace(self) -> Path:
        """The folder the dossier was unfolded into."""
        return self.found.workspace

    @property
    def identical(self) -> bool:
        """Whether nothing was changed and every byte of the result came out again."""
        return self.found.identical

    @property
    def headline(self) -> str:
        """Identical, different, or changed."""
        return next(telling.rerun_sentences(self.found)).rstrip("。")

    def pieces(self) -> Iterator[Table | Sentences]:
        """Totals, what there is to say, and differences where there should be none."""
        yield telling.totals_table(self.found)
        if self.found.differences:
            yield telling.differences_table(self.found)
        first, *rest = telling.rerun_sentences(self.found)
        yield Sentences(first, rest)
