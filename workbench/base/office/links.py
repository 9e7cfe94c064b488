"""The links (relationships) between the parts of an xlsx or docx, and to what lies outside."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from urllib.parse import unquote

from workbench.base.office.strict import StrictParser


@dataclass(frozen=True, slots=True)
class Link:
    """A relationship: its id, the last word of its type, where it leads, and whether that is outside the file."""

    id: str
    kind: str
    target: str
    external: bool


class _Links(StrictParser):
    def __init__(self, folder: str, file: str) -> None:
        super().__init__(file)
        self.folder = folder
        self.found: list[Link] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name != "Relationship":
            return
        external = attributes.get("TargetMode", "").lower() == "external"
        target = attributes.get("Target", "")
        if not external:
            target = posixpath.normpath(posixpath.join("/", self.folder, unquote(target))).lstrip("/")
        kind = attributes.get("Type", "").rpartition("/")[2]
        self.found.append(Link(attributes.get("Id", ""), kind, target, external))


def read_links(data: bytes, folder: str, file: str) -> list[Link]:
    """The links in a .rels part of a part that lies in ``folder``. Raises FileError."""
    parser = _Links(folder, file)
    parser.parse(data)
    return parser.found
