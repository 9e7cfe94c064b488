"""Writing figures to files whose bytes depend on nothing but the figure."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from workbench.base.safetext import visible
from workbench.reports.style import drawing

COMPRESSION = 3
"""zlib level: half the time of the usual 6 for a tenth more bytes."""


def png_bytes(figure: Figure) -> bytes:
    """The figure as PNG, drawn once. No date, no version of the software, none of the user's settings.

    Pillow gets the colours alone: a channel that says paper is opaque costs as much time as the other three.
    """
    from PIL import Image

    canvas = FigureCanvasAgg(figure)
    with drawing():
        canvas.draw()  # type: ignore[no-untyped-call]  # matplotlib leaves these two without types
    pixels = np.ascontiguousarray(np.asarray(canvas.buffer_rgba())[..., :3])  # type: ignore[no-untyped-call]
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "png", compress_level=COMPRESSION, dpi=(figure.dpi, figure.dpi))
    return buffer.getvalue()


def svg_bytes(figure: Figure, alt: str) -> bytes:
    """The figure as SVG, its text as outlines, so that it looks the same where the font is not installed; ``alt`` says it in words."""
    text = io.StringIO()
    with drawing():
        metadata = {"Date": None, "Creator": None, "Title": visible(alt)}
        figure.savefig(text, format="svg", facecolor="white", metadata=metadata)
    return text.getvalue().encode()


def save_png(figure: Figure, path: Path) -> Path:
    """Writes the figure as PNG to ``path``, whose folder must exist, and returns the path."""
    path.write_bytes(png_bytes(figure))
    return path
