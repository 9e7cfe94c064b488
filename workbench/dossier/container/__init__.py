"""The container (档案文件): a zip whose every byte follows from its content. This is what the rest of the program uses of it.

``manifest.json`` first, then the files in the manifest's order, then ``signatures/<key>.json``, central directory and end
record, and nothing else. Given manifest and signatures, all other bytes outside the files are determined, so checking is
comparing: no zip parser ever sees a file somebody else made.
"""

from __future__ import annotations

from workbench.dossier.container.examining import examine
from workbench.dossier.container.reading import Container, open_container
from workbench.dossier.container.sources import BytesSource, FileSource, Source
from workbench.dossier.container.writing import sign_container, write_container

__all__ = [
    "BytesSource",
    "Container",
    "FileSource",
    "Source",
    "examine",
    "open_container",
    "sign_container",
    "write_container",
]
