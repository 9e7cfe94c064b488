"""An XML parser for files of strangers."""

from __future__ import annotations

import re
from xml.parsers import expat

from workbench.base.office.refusing import ASK_AGAIN, damaged, entities, refused

MAX_TAGS = 1_000_000
"""Opening and closing tags of one part; two hundred forms in one Word file have fewer."""
_PREFIXED = re.compile(rb"\s*(?:<[?!][^>]*>\s*)*<[\w.-]+:")


class StrictParser:
    """An XML parser that takes no document type (so no entities) and a bounded number of tags.

    A subclass defines ``start(name, attributes)``, ``end(name)`` and ``data(text)``. Names are those of the main namespace of
    the part, without prefix; with ``spaces`` all come as “namespace name”.
    """

    spaces = False
    max_tags = MAX_TAGS

    def __init__(self, file: str) -> None:
        self.file = file

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""

    def end(self, name: str) -> None:
        """An element ends."""

    def data(self, text: str) -> None:
        """Characters."""

    def parse(self, data: bytes) -> None:
        """Run over one part. Raises FileError."""
        tags = data.count(b"<")
        if tags > self.max_tags:
            found, expected = f"{tags}个标记", "大小正常的文件"
            raise refused("xml_too_large", "内容太多", self.file, ASK_AGAIN, found=found, expected=expected)
        parser = expat.ParserCreate(namespace_separator=" " if self.spaces else None)
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._stop
        parser.CharacterDataHandler = self.data
        parser.StartElementHandler, parser.EndElementHandler = self.start, self.end
        if not self.spaces and _PREFIXED.match(data):
            # Some programs write <x:row> for <row>.
            parser.StartElementHandler = lambda name, found: self.start(name.rpartition(":")[2], found)
            parser.EndElementHandler = lambda name: self.end(name.rpartition(":")[2])
        try:
            parser.Parse(data, True)
        except expat.ExpatError:
            raise damaged(self.file) from None

    def _stop(self, *_: object) -> None:
        raise entities(self.file, "DOCTYPE")
