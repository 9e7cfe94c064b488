"""Figures put on paper by matplotlib, their text by ourselves: a line is its letters side by side, and a letter is outlined once.

matplotlib hands every line to a shaper and every letter to the font again, in each format, which takes longer than all the rest of a
chart. Chinese and figures need no shaping: their widths are the ones a sheet is measured with before.
"""

from __future__ import annotations

import io
from functools import cache
from typing import Any

import numpy as np
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.backends.backend_svg import RendererSVG
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.ft2font import LoadFlags
from matplotlib.path import Path
from matplotlib.transforms import Affine2D
from numpy.typing import NDArray

from workbench.reports.style import DPI, EM, advance, font

_POINTS = 72
_WAYS = {Path.MOVETO: "M", Path.LINETO: "L", Path.CURVE3: "Q", Path.CURVE4: "C", Path.CLOSEPOLY: "Z"}
_CORNERS = {"M": 1, "L": 1, "Q": 2, "C": 3, "Z": 1}
"""Commands of an outline, and how many corners each has in matplotlib's; that of Z says nothing."""


def pixels(figure: Figure) -> NDArray[np.uint8]:
    """The figure as height × width × RGBA."""
    width, height = figure.get_size_inches() * DPI
    renderer: Any = _Pixels(width, height, DPI)  # type: ignore[no-untyped-call]  # matplotlib leaves these without types
    figure.draw(renderer)
    return np.asarray(renderer.buffer_rgba())


def svg(figure: Figure, title: str) -> str:
    """The figure as SVG in points."""
    stream, dpi = io.StringIO(), figure.dpi
    width, height = figure.get_size_inches() * _POINTS
    metadata = {"Date": None, "Creator": None, "Title": title}
    try:
        figure.dpi = _POINTS
        renderer: Any = _Outlines(width, height, stream, metadata=metadata)
        figure.draw(renderer)
        renderer.finalize()
    finally:
        figure.dpi = dpi
    return stream.getvalue()


class _Pixels(RendererAgg):
    height: float

    def draw_text(
        self, gc: Any, x: float, y: float, s: str, prop: Any, angle: float, ismath: Any = False, mtext: Any = None
    ) -> None:
        """A line as one shape; lines stand upright here."""
        shape = _line(s)
        if shape is None:
            return
        size = prop.get_size_in_points() / EM * DPI / _POINTS
        gc.set_linewidth(0)
        gc.set_snap(False)
        place = Affine2D().scale(size).translate(x, self.height - y)
        self.draw_path(gc, shape, place, gc.get_rgb())  # type: ignore[no-untyped-call]


class _Outlines(RendererSVG):
    writer: Any

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)  # type: ignore[no-untyped-call]
        self._defined: set[str] = set()

    def draw_text(
        self, gc: Any, x: float, y: float, s: str, prop: Any, angle: float, ismath: Any = False, mtext: Any = None
    ) -> None:
        """A line as references to its letters; lines stand upright here."""
        self._define(s)
        size = prop.get_size_in_points() / EM
        place = f"translate({x:.2f} {y:.2f}) scale({size:g} {-size:g})"
        self.writer.start("g", {"style": f"fill: {to_hex(gc.get_rgb())}", "transform": place})
        start = 0.0
        for char in s:
            if _drawn(char):
                self.writer.element("use", attrib={"xlink:href": f"#{_name(char)}", "x": _short(start)})
            start += advance(char) * EM
        self.writer.end("g")

    def _define(self, text: str) -> None:
        """The outlines of the letters that are used for the first time."""
        new = [char for char in dict.fromkeys(text) if char not in self._defined and _drawn(char)]
        if not new:
            return
        self._defined.update(new)
        self.writer.start("defs")
        for char in new:
            self.writer.element("path", id=_name(char), d=_drawn(char))
        self.writer.end("defs")


@cache
def _letter(char: str) -> tuple[Any, Any]:
    """The corners of a letter's outline and what leads from one to the next."""
    face = font()
    face.load_char(ord(char), flags=LoadFlags.NO_HINTING)
    return face.get_path()


def _line(text: str) -> Path | None:
    """A line as one shape, from where its base line begins; None when there is nothing to see."""
    corners, ways, start = [], [], 0.0
    for char in text:
        letter, codes = _letter(char)
        if len(codes):
            corners.append(letter + np.array([start, 0.0]))
            ways.append(codes)
        start += advance(char) * EM
    return Path(np.concatenate(corners), np.concatenate(ways)) if corners else None


@cache
def _drawn(char: str) -> str:
    """A letter's outline in the words of SVG; empty for a space."""
    corners, codes = _letter(char)
    said, at = [], 0
    while at < len(codes):
        command = _WAYS[codes[at]]
        ahead = at + _CORNERS[command]
        where = [] if command == "Z" else [_short(number) for corner in corners[at:ahead] for number in corner]
        said.append(command + " ".join(where))
        at = ahead
    return "".join(said)


def _short(number: float) -> str:
    """To a hundredth of a hundredth of the letter's size."""
    return f"{number:.2f}".rstrip("0").rstrip(".")


def _name(char: str) -> str:
    return f"letter-{ord(char):x}"
