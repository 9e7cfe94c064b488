"""An original being patched: parts changed, added and linked; all others stay in the copy as they are packed, byte for byte."""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from lxml import etree

from workbench.base.office.links import Link
from workbench.base.office.package import Package
from workbench.base.packed import patched
from workbench.recheck.files.package import open_package

MAX_TREE = 8 * 1024**2
"""A part that is larger is not taken apart as a tree, which is ten times its size."""
_TYPES = "[Content_Types].xml"
_TYPES_SPACE = "http://schemas.openxmlformats.org/package/2006/content-types"
_LINKS_SPACE = "http://schemas.openxmlformats.org/package/2006/relationships"
_STRICT = "http://purl.oclc.org/ooxml/"
_RELATIONS = {
    False: "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    True: "http://purl.oclc.org/ooxml/officeDocument/relationships",
}


class Patch:
    """The parts of one package, checked as before reading: nobody knows what became of the file since.

    Attributes:
        package: the original; main: its main part, as a tree.
        relations: namespace of relationships, which differs in Strict OOXML.
    """

    def __init__(self, package: Package, stream: BinaryIO) -> None:
        self.package, self._stream = package, stream
        with zipfile.ZipFile(stream) as archive:
            self._names = {_plain(name): name for name in archive.namelist()}
        self._trees: dict[str, Any] = {}
        self._texts: dict[str, bytes] = {}
        self._made: list[tuple[str, Link]] = []
        self.main = self.tree(package.main)
        self.relations = _RELATIONS[self.main.nsmap.get(self.main.prefix, "").startswith(_STRICT)]

    def tree(self, part: str) -> Any:
        """The root of a part that is going to be changed. Raises FileError, ValueError."""
        key = _plain(part)
        if key not in self._trees:
            self._trees[key] = _parsed(self._texts.pop(key, b"") or self.package.part(part, MAX_TREE))
        return self._trees[key]

    def text(self, part: str) -> bytes:
        """A part as it stands by now, for what is no well-formed XML."""
        return self._texts.get(_plain(part)) or self.package.part(part, MAX_TREE)

    def put(self, part: str, data: bytes) -> None:
        """Replace a part."""
        self._texts[_plain(part)] = data

    def add(self, name: str, suffix: str, data: bytes, kind: str) -> str:
        """A new part of a content type, called ``name``, with a number where there is one of that name; its path."""
        wanted = (f"{name}{number or ''}{suffix}" for number in range(len(self._names) + 1))
        part = next(path for path in wanted if _plain(path) not in self._names)
        self._names[_plain(part)] = part
        self.put(part, data)
        self._declare(part, kind)
        return part

    def relate(self, part: str, kind: str, target: str) -> str:
        """Link a part to another; the id of the link. ``kind``: the last word of its type, or all of it."""
        root = self._links(part)
        taken = {link.get("Id") for link in root}
        key = next(f"rId{n}" for n in range(1, len(taken) + 2) if f"rId{n}" not in taken)
        kind = kind if "/" in kind else f"{self.relations}/{kind}"
        # From the root: where parts of a package lie is up to whoever made it.
        etree.SubElement(root, f"{{{_LINKS_SPACE}}}Relationship", Id=key, Type=kind, Target=f"/{target}")
        self._made.append((_plain(part), Link(key, kind.rpartition("/")[2], target, external=False)))
        return key

    def links(self, part: str) -> dict[str, Link]:
        """The links of a part by their id, those made here too."""
        return {**self.package.targets(part), **{link.id: link for of, link in self._made if of == _plain(part)}}

    def linked(self, part: str, kind: str) -> str | None:
        """What a part is linked to by a link of this kind; None where there is none."""
        return next((k.target for k in self.links(part).values() if k.kind == kind and not k.external), None)

    def data(self) -> bytes:
        """The copy."""
        trees = {key: _written(root) for key, root in self._trees.items()}
        return patched(self._stream, {self._names[key]: data for key, data in {**trees, **self._texts}.items()})

    def _links(self, part: str) -> Any:
        folder, base = posixpath.split(self._names[_plain(part)])
        name = posixpath.join(folder, "_rels", f"{base}.rels")
        if _plain(name) not in self._names:
            self._names[_plain(name)] = name
            self._trees[_plain(name)] = etree.Element(f"{{{_LINKS_SPACE}}}Relationships", nsmap={None: _LINKS_SPACE})
        return self.tree(name)

    def _declare(self, part: str, kind: str) -> None:
        root, suffix = self.tree(_TYPES), posixpath.splitext(part)[1][1:]
        if suffix == "xml":
            etree.SubElement(root, f"{{{_TYPES_SPACE}}}Override", PartName=f"/{part}", ContentType=kind)
        elif not any(e.get("Extension", "").lower() == suffix for e in root):
            root.insert(0, etree.Element(f"{{{_TYPES_SPACE}}}Default", Extension=suffix, ContentType=kind))


@contextmanager
def patching(path: Path) -> Iterator[Patch]:
    """The package at a path. Raises FileError, OSError, ValueError."""
    with path.open("rb") as stream, open_package(path, path.name) as package:
        yield Patch(package, stream)


def local(element: Any) -> str:
    """The name of an element without its namespace; empty for a comment."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def space(element: Any) -> str:
    """The namespace of an element as it stands before a tag."""
    return f"{element.tag.rpartition('}')[0]}}}" if element.tag.startswith("{") else ""


def child(parent: Any, name: str) -> Any:
    """The first element of that name right below ``parent``; None where there is none."""
    return next((e for e in parent if local(e) == name), None)


def _parsed(data: bytes) -> Any:
    try:
        return etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True))
    except etree.XMLSyntaxError as error:
        raise ValueError("no well-formed XML") from error


def _written(root: Any) -> bytes:
    data: bytes = etree.tostring(root.getroottree(), xml_declaration=True, encoding="UTF-8", standalone=True)
    return data


def _plain(name: str) -> str:
    return name.lstrip("/").lower()
