"""Hook specifications: everything a plugin may contribute in code.

Packs, rulesets and policies are data; they are found without a hook and without importing anything. A hook is for what
only code can say. ``docs/plugins/hooks.md`` holds the same signatures with an example each; a test compares the two.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pluggy

if TYPE_CHECKING:
    from workbench.base.signatures import SignatureAlgorithm
    from workbench.recheck.findings import RecheckRule
    from workbench.scoring.derivations import Derivation
    from workbench.scoring.kinds import RuleKind

PROJECT = "workbench"
"""pluggy's project name and the entry point group plugins register in."""

API_VERSION = 1
"""The plugin interface this version understands; a plugin module may declare its own ``API_VERSION``."""

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


@hookspec
def workbench_rule_kinds() -> Sequence[RuleKind[Any]]:
    """Rule kinds to add: named, versioned functions that turn values into points and explain themselves.

    Called once in each process that scores. A name that another plugin has already taken is refused.
    """
    raise NotImplementedError


@hookspec
def workbench_derivations() -> Sequence[Derivation]:
    """Python derivations to add: derived tables (one row per subject) and analyses (any number) that SQL cannot make.

    Called once in each process that scores. A name that another plugin has already taken is refused.
    """
    raise NotImplementedError


@hookspec
def workbench_signature_algorithms() -> Sequence[SignatureAlgorithm]:
    """Signature algorithms to add: other ways than Ed25519 to sign dossiers and to check their signatures.

    Called once in each process that signs or verifies. A name that another plugin has already taken is refused.
    """
    raise NotImplementedError


@hookspec
def workbench_recheck_rules() -> Sequence[RecheckRule]:
    """Rules of finding to add: what else a re-check of self-evaluation forms (复核) looks for.

    Called once by each command that re-checks. A name that the catalogue or another plugin has already taken is refused.
    """
    raise NotImplementedError
