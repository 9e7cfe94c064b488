"""What a report is made from beside the analyst's texts: a result and what the run folder keeps of its plan and scheme."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from workbench.scheme.pack import Pack
from workbench.scheme.plan import Plan
from workbench.scheme.policy import Policy
from workbench.scheme.ruleset import Ruleset
from workbench.scoring.result import RunResult, SubjectResult


class Album(Mapping[str, bytes]):
    """Pictures by name, each made when somebody first asks for it: many a use of a report shows none."""

    def __init__(self, names: Iterable[str], make: Callable[[str], bytes]) -> None:
        self._names, self._make = dict.fromkeys(names), cache(make)

    def __getitem__(self, name: str) -> bytes:
        if name not in self._names:
            raise KeyError(name)
        return self._make(name)

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


@dataclass(frozen=True)
class EvidenceFile:
    """One evidence file as the run folder lists it: path from the workspace, SHA-256."""

    path: str
    sha256: str


@dataclass(frozen=True)
class ReportSource:
    """A run as its report reads it.

    Attributes:
        run: digest of the run, 64 hexadecimal characters.
        pack, ruleset, policy, national: as the run kept them; None where an older run kept none (ids stand in the result).
        evidence: the files that were read; empty where an older run did not list them.
        pictures: PNG by the name its run folder has for it, without ending (:mod:`workbench.reports.gallery`).
        drawings: the same as SVG.
    """

    result: RunResult
    run: str
    plan: Plan
    pack: Pack | None = None
    ruleset: Ruleset | None = None
    policy: Policy | None = None
    national: Policy | None = None
    evidence: Sequence[EvidenceFile] = ()
    pictures: Mapping[str, bytes] = field(default_factory=dict)
    drawings: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def several(self) -> bool:
        """Whether there is more than one evaluated subject."""
        return len(self.result.subjects) > 1

    @property
    def subject(self) -> SubjectResult:
        """The one subject, the first of several."""
        return self.result.subjects[0]

    @property
    def pack_title(self) -> str:
        """What the pack is called in sentences, where ids of machines have no place."""
        return self.pack.title if self.pack else self.result.pack.id

    @property
    def ruleset_title(self) -> str:
        """The same of the ruleset."""
        return self.ruleset.title if self.ruleset else self.result.ruleset.id

    @property
    def policy_title(self) -> str:
        """The same of the policy."""
        return self.policy.title if self.policy else self.result.policy.id

    @property
    def pack_text(self) -> str:
        """The pack by its title, id and version."""
        return _named(self.pack.title if self.pack else "", self.result.pack.id, self.result.pack.version)

    @property
    def ruleset_text(self) -> str:
        """The ruleset by its title, id and version."""
        ruleset = self.result.ruleset
        return _named(self.ruleset.title if self.ruleset else "", ruleset.id, ruleset.version)

    @property
    def policy_text(self) -> str:
        """The policy by its title, id and version."""
        policy = self.result.policy
        return _named(self.policy.title if self.policy else "", policy.id, policy.version)


def _named(title: str, name: str, version: str) -> str:
    return f"{title}（{name} {version}）" if title else f"{name} {version}"
