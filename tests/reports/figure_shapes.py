"""What every figure has to hold: nothing cut off, no text over another."""

from __future__ import annotations

from itertools import combinations

from matplotlib.figure import Figure
from matplotlib.text import Text


def texts(figure: Figure) -> list[Text]:
    """The texts that say something."""
    return [t for t in figure.findobj(Text) if t.get_text()]


def assert_legible(figure: Figure) -> None:
    """Every text lies on the sheet and beside the others; the figure has been drawn before."""
    boxes = [(t.get_text(), t.get_window_extent()) for t in texts(figure)]
    for text, box in boxes:
        assert figure.bbox.x0 <= box.x0 and box.x1 <= figure.bbox.x1, text
        assert figure.bbox.y0 <= box.y0 and box.y1 <= figure.bbox.y1, text
    for (one, a), (other, b) in combinations(boxes, 2):
        across = min(a.x1, b.x1) - max(a.x0, b.x0)
        down = min(a.y1, b.y1) - max(a.y0, b.y0)
        # Lines of one paragraph share ascender room; two points of overlap is a collision.
        assert across <= 1 or down <= 6, (one, other)
