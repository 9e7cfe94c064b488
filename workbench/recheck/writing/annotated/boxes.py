"""The boxes that comments of a sheet are shown in: a drawing in VML, which need not be well-formed, so it is patched as text.

Excel keeps form controls in the same part. Everything added here is ASCII, whatever the encoding of the part.
"""

from __future__ import annotations

import re

WIDE, LINE, HIGHEST = 340, 17, 600
"""Pixels of a box: its width, a line, the most."""
PER_LINE = 24
EMPTY = (
    b'<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    b'xmlns:x="urn:schemas-microsoft-com:office:excel"></xml>'
)
_TYPE = (
    '<v:shapetype xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" id="_x0000_t202" '
    'coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/>'
    '<v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)
_SHAPE = (
    '<v:shape xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:x="urn:schemas-microsoft-com:office:excel" id="_x0000_s{number}" type="#_x0000_t202" style="position:absolute;'
    'margin-left:59.25pt;margin-top:1.5pt;width:{wide}px;height:{high}px;z-index:{order};visibility:hidden" '
    'fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/><v:shadow color="black" obscured="t"/>'
    '<v:path o:connecttype="none"/><v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox>'
    '<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:AutoFill>False</x:AutoFill>'
    "<x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>"
)
_OLD = re.compile(rb"<(?:\w+:)?shape\b(?:(?!</(?:\w+:)?shape>).)*</(?:\w+:)?shape>", re.DOTALL)
_AT = re.compile(rb"<\w+:Row>\s*(\d+)\s*</\w+:Row>\s*<\w+:Column>\s*(\d+)\s*</\w+:Column>")
_NUMBER = re.compile(rb"_x0000_[si](\d+)")
_CLOSING = re.compile(rb"</(?:\w+:)?xml\s*>\s*$")


def with_boxes(drawing: bytes, texts: dict[tuple[int, int], str]) -> bytes:
    """The drawing with a box for the comment of each cell (row and column from 0), large enough for its text.

    Raises:
        ValueError: it is no drawing that text can be put into.
    """
    kept = _OLD.sub(lambda old: b"" if _cell(old[0]) in texts else old[0], drawing)
    end = _CLOSING.search(kept)
    if end is None:
        raise ValueError("no VML drawing")
    number = max([1024, *(int(n) for n in _NUMBER.findall(kept))])
    shapes = [] if b'id="_x0000_t202"' in kept else [_TYPE]
    for order, ((row, column), text) in enumerate(texts.items(), 1):
        shape = _SHAPE.format(number=number + order, wide=WIDE, high=_height(text), order=order, row=row, column=column)
        shapes.append(shape)
    return b"".join((kept[: end.start()], "".join(shapes).encode("ascii"), kept[end.start() :]))


def _cell(shape: bytes) -> tuple[int, int] | None:
    found = _AT.search(shape)
    return None if found is None else (int(found[1]), int(found[2]))


def _height(text: str) -> int:
    lines = sum(len(line) // PER_LINE + 1 for line in text.split("\n"))
    return min(HIGHEST, lines * LINE + 12)
