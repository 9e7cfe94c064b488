"""Templates out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from workbench.scheme.pack import Pack


def write_template(pack: Pack, path: Path, *, variant: str | None = None, caps: Sequence[tuple[str, str]] = ()) -> None:
    raise NotImplementedError


def write_workbook(
    path: Path,
    pack: Pack,
    rows: Mapping[str, Sequence[Mapping[str, object]]],
    *,
    variant: str | None = None,
    caps: Sequence[tuple[str, str]] = (),
) -> None:
    raise NotImplementedError
