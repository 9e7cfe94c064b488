"""One visual language for all figures: font, colours, hatches, text that wraps.

Nothing here touches pyplot or the user's rcParams: figures are made and saved inside :func:`drawing`, which sets
matplotlib's defaults plus ours and puts the user's settings back.
"""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import matplotlib
from matplotlib import font_manager
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ft2font import FT2Font

from workbench.base import lines
from workbench.base.errors import FileError, Place, Problem

FONT_PACKAGE = "zhplot"
FONT_FILE = "fonts/NotoSansSC-Regular.ttf"
FAMILY = "workbench sans sc"
"""A private name, so that a font of the user's with the usual name is never taken instead."""

DPI = 144
TITLE, BODY, SMALL = 12.0, 9.5, 8.5
LINE = 1.3
"""Distance of two base lines, in font sizes."""
INK, MUTED, RULE, TRACK, PAPER = "#1A1A1A", "#555555", "#D5D9DE", "#E9EDF1", "#FFFFFF"


@dataclass(frozen=True, slots=True)
class Fill:
    """A surface told apart by lightness and hatch, so that grey print keeps the difference."""

    face: str
    edge: str
    hatch: str = ""
    ink: str = INK


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line or dot told apart by dashes and marker; ``dashes`` empty: solid, None: no line."""

    color: str
    width: float = 1.4
    dashes: tuple[float, ...] | None = ()
    marker: str = ""
    size: float = 5.0
    face: str = PAPER


REACHED = Fill("#1F4E79", "#1F4E79", ink=PAPER)
LOST = Fill("#E08A4A", "#A85A1F")
PENDING = Fill(PAPER, "#6B7280", "////")
GAINED = Fill("#A9D3C3", "#3F7F6B", "...")
ADJUSTED = Fill("#C9CDD3", "#6B7280")

_GETA = "〓"
_SALT = "workbench"
"""What names of clips and hatches in an SVG are made from; matplotlib would take a new random one each time."""


def font_path() -> Path:
    """The font file inside the zhplot wheel, found without importing the package.

    Raises:
        FileError: the package or its font file is not installed.
    """
    spec = importlib.util.find_spec(FONT_PACKAGE)
    if spec is not None and spec.origin:
        path = Path(spec.origin).parent / FONT_FILE
        if path.is_file():
            return path
    place = Place(file=f"{FONT_PACKAGE}/{FONT_FILE}")
    fix = f"请在本环境中执行 pip install --force-reinstall {FONT_PACKAGE}(或 uv sync)后重试"
    raise FileError(Problem("font_missing", "找不到图表所用的中文字体文件", place, fix=fix))


EM = 100
"""Size in points the font is measured and outlined at."""


@cache
def font() -> FT2Font:
    """The font at :data:`EM` points of a 72nd of an inch."""
    font = FT2Font(str(font_path()))
    font.set_size(EM, 72)
    return font


if hasattr(os, "register_at_fork"):  # forks would share the place they read at in the font's file
    os.register_at_fork(after_in_child=font.cache_clear)


@cache
def _charmap() -> dict[int, int]:
    return dict(font().get_charmap())


@cache
def advance(char: str) -> float:
    """Width of a character in font sizes."""
    return float(font().load_char(ord(char)).linearHoriAdvance) / 65536 / EM


@cache
def _registered() -> str:
    entry = font_manager.FontEntry(fname=str(font_path()), name=FAMILY, weight=400, size="scalable")
    font_manager.fontManager.ttflist.append(entry)
    return FAMILY


@cache
def _settings() -> Any:  # matplotlib types its settings by their 300 literal names
    skipped = ("backend", "interactive", "toolbar")
    settings = {k: v for k, v in matplotlib.rcParamsDefault.items() if not k.startswith(skipped)}
    ours = {
        "font.family": [_registered()],
        "font.size": BODY,
        "text.color": INK,
        "text.parse_math": False,
        "text.hinting": "none",
        "axes.titlesize": TITLE,
        "axes.edgecolor": MUTED,
        "axes.labelcolor": INK,
        "xtick.color": MUTED,
        "ytick.color": MUTED,
        "figure.dpi": DPI,
        "savefig.dpi": "figure",
        "hatch.linewidth": 0.7,
        "svg.hashsalt": _SALT,
    }
    return settings | ours


_inside = ContextVar("inside", default=False)


@contextmanager
def drawing() -> Iterator[None]:
    """matplotlib with our settings only; the user's own come back at the end. Within another one it costs nothing."""
    if _inside.get():
        yield
        return
    entered = _inside.set(True)
    try:
        with matplotlib.rc_context(_settings()):
            yield
    finally:
        _inside.reset(entered)


def figure(width: float, height: float) -> Figure:
    """An empty figure of ``width`` × ``height`` inches on an Agg canvas of its own, unknown to pyplot.

    Add axes and texts inside :func:`drawing`, so that they take our font.
    """
    with drawing():
        fig = Figure(figsize=(width, height), dpi=DPI, facecolor=PAPER)
        FigureCanvasAgg(fig)
    return fig


def drawable(text: str) -> str:
    """``text`` on one line, with “〓” for characters the font does not have: never a box, never a warning."""
    known = _charmap()
    return "".join(c if ord(c) in known else _GETA for c in " ".join(text.split()))


def text_width(text: str, size: float) -> float:
    """Width of a drawable text in points."""
    return sum(map(advance, text)) * size


def wrap(text: str, width: float, size: float) -> list[str]:
    """``text`` broken into lines of at most ``width`` points; nothing is cut off."""
    return lines.wrap(drawable(text), width, lambda part: text_width(part, size))
