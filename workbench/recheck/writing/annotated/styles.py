"""Looks of a workbook: a cell's own with another fill, and those of a list of ours. What is there keeps its number."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from lxml import etree

from workbench.recheck.writing.annotated.patching import Patch, child, space

_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
_MINIMAL = (
    '<styleSheet xmlns="{space}"><fonts count="1"><font><sz val="11"/><name val="宋体"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)
_TEXT = "49"
"""Number format of texts."""


class Styles:
    """The styles of one workbook; each new one is made once."""

    def __init__(self, patch: Patch) -> None:
        part = patch.linked(patch.package.main, "styles")
        if part is None:
            whole = _MINIMAL.format(space=space(patch.main)[1:-1]).encode()
            part = patch.add("xl/styles", ".xml", whole, _KIND)
            patch.relate(patch.package.main, "styles", part)
        self._root = patch.tree(part)
        self._space = space(self._root)
        self._looks = child(self._root, "cellXfs")
        self._fills: dict[str, int] = {}
        self._made: dict[tuple[int, str], int] = {}
        self._listed: dict[tuple[str, bool], int] = {}
        self._framed: int | None = None

    def filled(self, style: int, colour: str) -> int:
        """The number of a style with a fill of this colour (RRGGBB) instead of its own."""
        if (style, colour) not in self._made:
            look = deepcopy(self._looks[style if style < len(self._looks) else 0])
            look.set("fillId", str(self._fill(colour)))
            look.set("applyFill", "1")
            self._made[style, colour] = _grown(self._looks, look)
        return self._made[style, colour]

    def listed(self, colour: str = "", *, bold: bool = False) -> int:
        """A cell of a list: a text, wrapped, with a frame, in a size of ours: the workbook's own may be a title's."""
        if (colour, bold) not in self._listed:
            look = etree.Element(f"{self._space}xf", numFmtId=_TEXT, fontId=str(self._font(bold=bold)), fillId="0")
            for name, value in (("borderId", str(self._frame())), ("xfId", "0"), ("quotePrefix", "1")):
                look.set(name, value)
            for name in ("applyNumberFormat", "applyFont", "applyBorder", "applyAlignment"):
                look.set(name, "1")
            if colour:
                look.set("fillId", str(self._fill(colour)))
                look.set("applyFill", "1")
            etree.SubElement(look, f"{self._space}alignment", vertical="center", wrapText="1")
            self._listed[colour, bold] = _grown(self._looks, look)
        return self._listed[colour, bold]

    def _fill(self, colour: str) -> int:
        if colour not in self._fills:
            fill = etree.Element(f"{self._space}fill")
            pattern = etree.SubElement(fill, f"{self._space}patternFill", patternType="solid")
            etree.SubElement(pattern, f"{self._space}fgColor", rgb=f"FF{colour}")
            etree.SubElement(pattern, f"{self._space}bgColor", indexed="64")
            self._fills[colour] = _grown(child(self._root, "fills"), fill)
        return self._fills[colour]

    def _font(self, *, bold: bool) -> int:
        font = etree.Element(f"{self._space}font")
        if bold:
            etree.SubElement(font, f"{self._space}b")
        etree.SubElement(font, f"{self._space}sz", val="10")
        etree.SubElement(font, f"{self._space}name", val="宋体")
        return _grown(child(self._root, "fonts"), font)

    def _frame(self) -> int:
        if self._framed is None:
            frame = etree.Element(f"{self._space}border")
            for side in ("left", "right", "top", "bottom"):
                etree.SubElement(frame, f"{self._space}{side}", style="thin")
            etree.SubElement(frame, f"{self._space}diagonal")
            self._framed = _grown(child(self._root, "borders"), frame)
        return self._framed


def _grown(parent: Any, element: Any) -> int:
    """Put an element at the end of a counted list; its number."""
    parent.append(element)
    parent.set("count", str(len(parent)))
    return len(parent) - 1
