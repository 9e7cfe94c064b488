"""How many things are worked on at a time."""

from __future__ import annotations

import os

_USUAL = 4


def usual_workers() -> int:
    """As many as there are processors, at most four, where nobody says."""
    return min(os.cpu_count() or 1, _USUAL)
