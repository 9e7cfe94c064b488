"""Retention (保管期限): how long the rules that a run was made by want its archive kept."""

from __future__ import annotations

from collections.abc import Mapping

from workbench.base.errors import PolicyError
from workbench.base.models import validated
from workbench.base.yamlio import parse_yaml
from workbench.scheme.findings import cited
from workbench.scheme.library import NATIONAL, single_key
from workbench.scheme.policy import Policy


def ruled_retention(scheme: Mapping[str, bytes], policy: str) -> tuple[int | None, str | None]:
    """Years and clause of a policy, else of the national default; None twice where neither says anything.

    Args:
        scheme: path below ``scheme/`` → bytes.

    Raises:
        PolicyError, YamlError: a policy that is none.
    """
    for name in (policy, NATIONAL):
        retention = _policy(scheme, name).retention
        if retention is not None:
            return retention.years, cited(retention.clause)
    return None, None


def _policy(scheme: Mapping[str, bytes], name: str) -> Policy:
    document = parse_yaml(scheme[f"policies/{name}.yaml"].decode(), f"{name}.yaml")
    return validated(Policy, single_key(document, "policy", PolicyError), document, PolicyError, "policy")
