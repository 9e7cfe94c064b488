"""Makes the shared helpers of these tests (``cases``, and the made forms of ``making``) reachable for the folders below."""

from __future__ import annotations

import sys
from pathlib import Path

# Tests are imported by path (importlib mode): their shared helpers have to be put within reach.
HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE / "making")]
