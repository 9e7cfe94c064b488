"""Puts the walkthrough, which is also a script, where the tests of this folder can import it."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
