"""Charts as part of the page: the outlines of letters, which every chart brings along, stand in it once.

As pictures of their own the charts of five subjects are 5 MB, nine tenths of it the same few hundred letters. The policy of
the page allows no style on an element, so what a chart says in styles becomes attributes; nothing of it is redrawn.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from xml.etree import ElementTree
from xml.sax.saxutils import quoteattr

from markupsafe import Markup

_SVG = "{http://www.w3.org/2000/svg}"
_LINK = "{http://www.w3.org/1999/xlink}href"
_SKIPPED = {"title", "metadata", "style"}
"""A page has its own words for a chart; the style says what :data:`_ROOT` says."""
_DRAWN = {"g", "path", "use", "rect", "pattern", "clipPath"}
_ROOT = 'stroke-linejoin="round" stroke-linecap="butt"'
_GEOMETRY = ("d", "transform", "x", "y", "width", "height", "fill", "clip-path", "patternUnits")
_LOOKS = re.compile(
    r"fill|stroke|fill-rule|clip-rule|opacity|(fill|stroke)-opacity|stroke-(width|line(join|cap)|dash(array|offset)|miterlimit)"
)
_MOVED = re.compile(r"translate\(([-\d.]+) 0\)")
_REFERENCE = re.compile(r"#([\w-]+)")
_FONT = re.compile(r"[\w-]+-(?=[0-9a-f]+$)")


class Figures:
    """The charts of one page; what several of them refer to is kept once."""

    def __init__(self) -> None:
        self._defined: dict[str, str] = {}

    @property
    def defined(self) -> Markup:
        """What the charts refer to, to stand before them; empty without charts."""
        if not self._defined:
            return Markup()
        return Markup(
            f'<svg class="letters" width="0" height="0" aria-hidden="true"><defs>{"".join(self._defined.values())}</defs></svg>'
        )

    def inline(self, svg: bytes, alt: str) -> Markup:
        """A chart as an element of the page, which is read out as ``alt``.

        Raises:
            ValueError: it holds something charts do not consist of.
        """
        root = ElementTree.fromstring(svg)
        width, height = (size.removesuffix("pt") for size in (root.attrib["width"], root.attrib["height"]))
        about = f'role="img" aria-label={quoteattr(alt)} viewBox="0 0 {width} {height}"'
        return Markup(f"<svg {about} {_ROOT}>{''.join(self._drawn(root))}</svg>")

    def _drawn(self, element: ElementTree.Element) -> Iterator[str]:
        """What is inside an element; definitions are put aside."""
        for child in element:
            name = child.tag.removeprefix(_SVG)
            if name == "defs":
                self._define(child)
            elif name not in _SKIPPED:
                yield self._element(child, name)

    def _define(self, definitions: ElementTree.Element) -> None:
        for child in definitions:
            name = child.tag.removeprefix(_SVG)
            own = child.get("id", "")
            # Names follow from content: the same name is the same thing in every chart.
            if name not in _SKIPPED and _named(own) not in self._defined:
                self._defined[_named(own)] = self._element(child, name, own)

    def _element(self, element: ElementTree.Element, name: str, own: str = "") -> str:
        if name not in _DRAWN:
            raise ValueError(f"a chart holds <{name}>")
        said = {"id": _named(own)} if own else {}
        said |= dict(_attributes(element))
        text = "".join(f" {key}={quoteattr(value)}" for key, value in said.items())
        inside = "".join(self._drawn(element))
        return f"<{name}{text}>{inside}</{name}>" if inside else f"<{name}{text}/>"


def _attributes(element: ElementTree.Element) -> Iterator[tuple[str, str]]:
    if _LINK in element.attrib:
        yield "href", f"#{_named(element.attrib[_LINK][1:])}"
    for key in _GEOMETRY:
        value = element.get(key)
        if value is None:
            continue
        if key == "d":
            yield key, _close(value)
        elif key == "transform" and (moved := _MOVED.fullmatch(value)):
            yield "x", moved[1]
        else:
            yield key, _linked(value)
    for part in element.get("style", "").split(";"):
        key, _, value = (x.strip() for x in part.partition(":"))
        if _LOOKS.fullmatch(key):
            yield key, _linked(value)


def _close(outline: str) -> str:
    """An outline without the white space around its commands; of a line end XML leaves a second space."""
    tight = outline.replace("  ", "").rstrip()
    for command in "MLQC":
        tight = tight.replace(f"{command} ", command)
    return tight


def _linked(value: str) -> str:
    """``url(#…)`` by the name used here; a colour stays as it is."""
    return _REFERENCE.sub(lambda m: f"#{_named(m[1])}", value) if value.startswith("url(") else value


@lru_cache(maxsize=4096)
def _named(own: str) -> str:
    """A name that no part of the page has; that of a letter without the name of its font."""
    return f"f-{_FONT.sub('', own)}"
