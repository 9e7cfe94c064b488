"""The built-in plugin: rule kinds and Ed25519 by hook, rulesets and policies as data, on the same footing as anyone's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from workbench.plugins.specs import hookimpl

if TYPE_CHECKING:
    from workbench.base.signatures import SignatureAlgorithm
    from workbench.scoring.kinds import RuleKind

API_VERSION = 1


@hookimpl
def workbench_rule_kinds() -> Sequence[RuleKind[Any]]:
    """The rule kinds of the field."""
    from workbench.scoring.rules.builtin import BUILTIN_KINDS

    return BUILTIN_KINDS


@hookimpl
def workbench_signature_algorithms() -> Sequence[SignatureAlgorithm]:
    """Ed25519."""
    from workbench.base.signatures import ED25519

    return [ED25519]
