"""An xlsx or docx of a unit, opened: guarded like any, and with no link that fetches."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from workbench.base.office.package import Package
from workbench.recheck.files.links import check_links


@contextmanager
def open_package(path: Path, file: str) -> Iterator[Package]:
    """The package at ``path``. Raises FileError, OSError."""
    with path.open("rb") as stream:
        package = Package(stream, file)
        check_links(package.links, file)
        yield package
