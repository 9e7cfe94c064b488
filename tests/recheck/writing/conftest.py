"""Makes the shared helpers of the re-check's tests reachable from this folder."""

from __future__ import annotations

import sys
from pathlib import Path

# Tests are imported by path (importlib mode): their shared helpers have to be put within reach.
sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parent.parent)]
