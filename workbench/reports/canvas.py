"""A sheet measured in points from its top left corner, on which every text knows its room before it is drawn.

matplotlib's automatic layouts cost a second drawing and still cut long Chinese names; here the text is measured with
the font's own advances first, and the sheet is made as high as it needs to be.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from decimal import ROUND_CEILING, Decimal
from typing import Any, Literal

from matplotlib.artist import Artist
from matplotlib.backend_bases import RendererBase
from matplotlib.lines import Line2D
from matplotlib.patches import Polygon, Rectangle
from matplotlib.patheffects import PathEffectRenderer, withStroke
from matplotlib.text import Text
from matplotlib.transforms import Affine2D

from workbench.reports.style import (
    BODY,
    INK,
    LINE,
    MUTED,
    PAPER,
    RULE,
    SMALL,
    TITLE,
    Fill,
    Stroke,
    drawable,
    figure,
    text_width,
    wrap,
)

WIDTH, MARGIN = 576.0, 18.0
PAGE_WIDTH = int(WIDTH / 72 * 96)
"""Pixels a sheet is shown at on a page, so that its text is as large as the page's; the file holds more, for sharpness."""
Align = Literal["left", "center", "right"]
_BEFORE = {"left": 0.0, "center": 0.5, "right": 1.0}
"""Share of a line's width that stands before its place."""
_DASHED = (0, (4, 2.5))
_captioned = ContextVar("captioned", default=False)
Points = Sequence[tuple[float, float]]


class _Written(Text):
    """One line on its base line, set where it stands.

    For every text matplotlib also works out a box, line ends and turns that are not wanted here; that takes as long as drawing it.
    """

    def draw(self, renderer: RendererBase) -> None:
        text, font = self.get_text(), self.get_fontproperties()
        if not text:
            return
        renderer.open_group("text", self.get_gid())
        x, y = self.get_transform().transform(self.get_position())
        scale: Any = renderer.points_to_pixels(font.get_size_in_points())
        x -= _BEFORE[self.get_horizontalalignment()] * text_width(text, scale)
        y = renderer.get_canvas_width_height()[1] - y if renderer.flipy() else y
        look = renderer.new_gc()
        look.set_foreground(self.get_color())
        halo = self.get_path_effects()
        (PathEffectRenderer(halo, renderer) if halo else renderer).draw_text(look, x, y, text, font, 0, False, self)
        look.restore()
        renderer.close_group("text")


class Canvas:
    """A figure of ``WIDTH`` × ``height`` points; y grows downwards."""

    def __init__(self, height: float) -> None:
        self.figure = figure(WIDTH / 72, height / 72)
        self._at = Affine2D().scale(1 / 72, -1 / 72).translate(0, height / 72) + self.figure.dpi_scale_trans

    def _add(self, artist: Artist) -> None:
        """What is drawn later lies on top."""
        artist.set_zorder(len(self.figure.get_children()))
        self.figure.add_artist(artist)

    def text(
        self,
        x: float,
        y: float,
        text: str | list[str],
        size: float = BODY,
        color: str = INK,
        align: Align = "left",
        halo: bool = False,
    ) -> None:
        """Lines centred vertically on ``y``; with a ``halo`` they can be read across other lines."""
        lines = [text] if isinstance(text, str) else text
        top = y - (len(lines) - 1) * LINE * size / 2
        for i, line in enumerate(lines):
            base = top + i * LINE * size + 0.37 * size
            written = _Written(
                x, base, drawable(line), fontsize=size, color=color, ha=align, va="baseline", transform=self._at
            )
            if halo:
                written.set_path_effects([withStroke(linewidth=2.5, foreground=PAPER)])
            self._add(written)

    def box(self, x0: float, x1: float, y: float, height: float, fill: Fill) -> None:
        """A filled rectangle from ``x0`` to ``x1``, centred on ``y``."""
        self._add(
            Rectangle(
                (min(x0, x1), y - height / 2),
                abs(x1 - x0),
                height,
                facecolor=fill.face,
                edgecolor=fill.edge,
                hatch=fill.hatch or None,
                linewidth=0.8,
                transform=self._at,
            )
        )

    def line(self, points: Points, color: str = RULE, width: float = 0.8, dashed: bool = False) -> None:
        """A polyline."""
        xs, ys = [p[0] for p in points], [p[1] for p in points]
        line = Line2D(xs, ys, color=color, linewidth=width, transform=self._at)
        line.set_linestyle(_DASHED if dashed else "-")
        self._add(line)

    def stroke(self, points: Points, stroke: Stroke) -> None:
        """A polyline with its markers; a single point shows its marker only."""
        xs, ys = [p[0] for p in points], [p[1] for p in points]
        line = Line2D(xs, ys, color=stroke.color, linewidth=stroke.width, transform=self._at)
        line.set_linestyle("None" if stroke.dashes is None else (0, stroke.dashes) if stroke.dashes else "-")
        line.set_marker(stroke.marker or "None")
        line.set_markersize(stroke.size)
        line.set_markerfacecolor(stroke.face)
        line.set_markeredgecolor(stroke.color)
        self._add(line)

    def polygon(self, points: Points, fill: Fill | None = None, edge: str = RULE, alpha: float = 1.0) -> None:
        """A closed outline, filled (and hatched) when a fill is given; ``alpha`` thins the surface only."""
        if fill is not None:
            surface = Polygon(list(points), closed=True, facecolor=fill.face, edgecolor=fill.edge, transform=self._at)
            surface.set_hatch(fill.hatch)
            surface.set_linewidth(0)
            surface.set_alpha(alpha)
            self._add(surface)
        outline = Polygon(list(points), closed=True, fill=False, transform=self._at)
        outline.set_edgecolor(fill.edge if fill else edge)
        outline.set_linewidth(1.4 if fill else 0.7)
        self._add(outline)


@contextmanager
def captioned() -> Iterator[None]:
    """Charts drawn in here bear no title: where they are put, it is printed under them."""
    token = _captioned.set(True)
    try:
        yield
    finally:
        _captioned.reset(token)


@dataclass(frozen=True)
class Head:
    """Title and the line under it, wrapped to the sheet."""

    title: list[str]
    note: list[str]

    @classmethod
    def of(cls, title: str, note: str) -> Head:
        """The head for two texts; an empty note takes no room, nor does a title that a caption says (:func:`captioned`)."""
        room = WIDTH - 2 * MARGIN
        return cls([] if _captioned.get() else wrap(title, room, TITLE), wrap(note, room, SMALL) if note else [])

    @property
    def height(self) -> float:
        """Room taken, the margin above included."""
        return MARGIN + len(self.title) * TITLE * LINE + len(self.note) * SMALL * LINE + 14

    def draw(self, canvas: Canvas) -> None:
        """Title left, note under it."""
        y = MARGIN + len(self.title) * TITLE * LINE / 2
        canvas.text(MARGIN, y, self.title, TITLE)
        if self.note:
            y = MARGIN + len(self.title) * TITLE * LINE + 3 + len(self.note) * SMALL * LINE / 2
            canvas.text(MARGIN, y, self.note, SMALL, MUTED)


@dataclass(frozen=True)
class Foot:
    """Legend and remarks under a chart."""

    keys: Sequence[tuple[str, Fill | Stroke]] = field(default_factory=list)
    remark: str = ""

    def _rows(self) -> list[list[tuple[float, str, Fill | Stroke]]]:
        rows: list[list[tuple[float, str, Fill | Stroke]]] = [[]]
        x = MARGIN
        for name, fill in self.keys:
            width = 24 + text_width(drawable(name), SMALL) + 16
            if rows[-1] and x + width > WIDTH - MARGIN:
                rows.append([])
                x = MARGIN
            rows[-1].append((x, name, fill))
            x += width
        return rows if self.keys else []

    def _remark(self) -> list[str]:
        return wrap(self.remark, WIDTH - 2 * MARGIN, SMALL) if self.remark else []

    @property
    def height(self) -> float:
        """Room taken, the margin below included."""
        return MARGIN + len(self._rows()) * 18 + (len(self._remark()) * SMALL * LINE + 4 if self.remark else 0)

    def draw(self, canvas: Canvas, top: float) -> None:
        """Legend first, remark under it."""
        rows = self._rows()
        for i, row in enumerate(rows):
            y = top + i * 18 + 9
            for x, name, fill in row:
                _sample(canvas, x, y, fill)
                canvas.text(x + 24, y, name, SMALL)
        if self.remark:
            lines = self._remark()
            canvas.text(MARGIN, top + len(rows) * 18 + 4 + len(lines) * SMALL * LINE / 2, lines, SMALL, MUTED)


def _sample(canvas: Canvas, x: float, y: float, look: Fill | Stroke) -> None:
    """How a series looks, before its name: a box, or a piece of line with its marker in the middle."""
    if isinstance(look, Fill):
        canvas.box(x, x + 18, y, 9, look)
        return
    if look.dashes is not None:
        canvas.stroke([(x, y), (x + 18, y)], replace(look, marker=""))
    if look.marker:
        canvas.stroke([(x + 9, y)], look)


@dataclass(frozen=True)
class Rows:
    """Labels of horizontal bars, wrapped into a column, and where each row stands below ``top``."""

    labels: list[list[str]]
    column: float
    top: float
    minimum: float

    @classmethod
    def of(cls, names: Sequence[str], column: float, top: float, minimum: float = 24.0) -> Rows:
        """Rows for names in a column of ``column`` points."""
        return cls([wrap(n, column, BODY) for n in names], column, top, minimum)

    def _heights(self) -> list[float]:
        return [max(self.minimum, len(lines) * LINE * BODY + 7) for lines in self.labels]

    @property
    def bottom(self) -> float:
        """Where the last row ends."""
        return self.top + sum(self._heights())

    @property
    def left(self) -> float:
        """Where the bars begin."""
        return MARGIN + self.column + 10

    def places(self) -> tuple[list[float], list[float]]:
        """Middle and height of each row."""
        heights, y, middles = self._heights(), self.top, []
        for height in heights:
            middles.append(y + height / 2)
            y += height
        return middles, heights

    def draw(self, canvas: Canvas) -> list[float]:
        """The labels, right-aligned; returns the middle of each row."""
        middles, _ = self.places()
        for lines, y in zip(self.labels, middles, strict=True):
            canvas.text(MARGIN + self.column, y, lines, align="right")
        return middles


@dataclass(frozen=True)
class Scale:
    """Numbers from ``low`` to ``high`` laid between two x positions."""

    low: Decimal
    high: Decimal
    left: float
    right: float

    def __call__(self, number: Decimal) -> float:
        inside = min(max(number, self.low), self.high)
        return self.left + float(inside - self.low) / float(self.high - self.low) * (self.right - self.left)

    def ticks(self) -> list[Decimal]:
        """Round numbers inside the scale, about five."""
        reach = self.high - self.low
        unit = Decimal(1).scaleb((reach / 5).adjusted())
        step = next(unit * m for m in (1, 2, 5, 10) if unit * m * 6 >= reach)
        first = (self.low / step).to_integral_value(ROUND_CEILING) * step
        return [first + step * i for i in range(int((self.high - first) / step) + 1)]

    def draw(self, canvas: Canvas, top: float, bottom: float, unit: str = "") -> None:
        """Grid lines with their numbers underneath."""
        for tick in self.ticks():
            x = self(tick)
            canvas.line([(x, top), (x, bottom)])
            canvas.text(x, bottom + 9, f"{tick.normalize():f}{unit}".replace("-", "−"), SMALL, MUTED, "center")


AXIS = 20.0
"""Room for the numbers under a scale."""
SPOT = 2.0
"""Half the width of a mark that says where a number lies, on a scale that does not begin at zero."""
