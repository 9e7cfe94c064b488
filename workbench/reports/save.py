"""Writing figures to files whose bytes depend on nothing but the figure."""

from __future__ import annotations

import io
from pathlib import Path

from matplotlib import rc_context
from matplotlib.figure import Figure

from workbench.reports.papers.words import visible
from workbench.reports.style import drawing

COMPRESSION = 3
"""zlib level: on flat colours and text faster than the usual 6, and no larger."""
_SALT = "workbench"
"""What names of clips and hatches in an SVG are made from; matplotlib would take a new random one each time."""


def png_bytes(figure: Figure) -> bytes:
    """The figure as PNG, drawn once. No date, no version of the software, none of the user's settings."""
    buffer = io.BytesIO()
    with drawing():
        figure.savefig(
            buffer,
            format="png",
            dpi=figure.dpi,
            facecolor="white",
            metadata={"Software": None},
            pil_kwargs={"compress_level": COMPRESSION},
        )
    return buffer.getvalue()


def svg_bytes(figure: Figure, alt: str) -> bytes:
    """The figure as SVG, its text as outlines, so that it looks the same where the font is not installed; ``alt`` says it in words."""
    buffer = io.BytesIO()
    with drawing(), rc_context({"svg.hashsalt": _SALT}):
        metadata = {"Date": None, "Creator": None, "Title": visible(alt)}
        figure.savefig(buffer, format="svg", facecolor="white", metadata=metadata)
    return buffer.getvalue()


def save_png(figure: Figure, path: Path) -> Path:
    """Writes the figure as PNG to ``path``, whose folder must exist, and returns the path."""
    path.write_bytes(png_bytes(figure))
    return path
