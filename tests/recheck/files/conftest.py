"""Makes the files of these tests reachable for one another."""

from __future__ import annotations

import sys
from pathlib import Path

# Tests are imported by path (importlib mode): their shared helpers have to be put within reach.
sys.path.insert(0, str(Path(__file__).parent))
