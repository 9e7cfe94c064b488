"""规则复算得分: the points that follow from a form's own numbers under a named ruleset.

``execution`` and ``member`` turn what a form says into asks, ``lines`` gathers them by weight, ``asking`` puts all asks of
all forms to the engine's rule kinds, ``recompute`` makes points, intervals and sentences of the answers.
"""

from __future__ import annotations

from workbench.recheck.recompute.execution import Execution, execution_of
from workbench.recheck.recompute.member import class_of
from workbench.recheck.recompute.recompute import recompute, totals

__all__ = ["Execution", "class_of", "execution_of", "recompute", "totals"]
