"""Writing figures to files whose bytes depend on nothing but the figure."""

from __future__ import annotations

from pathlib import Path

from matplotlib.figure import Figure

from workbench.base.safetext import visible
from workbench.reports.lettering import pixels, svg
from workbench.reports.png import encoded
from workbench.reports.style import DPI, drawing


def png_bytes(figure: Figure) -> bytes:
    """The figure as PNG, drawn once. No date, no version of the software, none of the user's settings."""
    with drawing():
        return encoded(pixels(figure), DPI)


def svg_bytes(figure: Figure, alt: str) -> bytes:
    """The figure as SVG, its text as outlines, so that it looks the same where the font is not installed; ``alt`` says it in words."""
    with drawing():
        return svg(figure, visible(alt)).encode()


def save_png(figure: Figure, path: Path) -> Path:
    """Writes the figure as PNG to ``path``, whose folder must exist, and returns the path."""
    path.write_bytes(png_bytes(figure))
    return path
