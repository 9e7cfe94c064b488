"""Changing one thing of a dossier for 再评价: evidence, scheme, ruleset, policy, experts. Everything else stays as it was sealed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any, Literal

from workbench.base.canon import digest, digest_of
from workbench.base.errors import FileError, Place, Problem, WorkbenchError
from workbench.evidence.reader import read_evidence
from workbench.plugins.manager import load_plugins
from workbench.runs.kept import PACK_FILE, EvidenceList, KeptFile
from workbench.runs.opening import read_plan
from workbench.runs.sealed import Parts, opener
from workbench.runs.workspace import find_workspace
from workbench.scheme.library import Library, load_pack

Experts = Literal["kept", "dropped", "new"]


@dataclass(frozen=True)
class Change:
    """What a 再评价 changes.

    Attributes:
        evidence: another workbook or folder of table files in place of the sealed one.
        scheme: a plan file whose pack, tree, ruleset and declared changes are taken.
        ruleset, policy: id of an installed one, or a YAML file.
        experts: their points kept, left out (the ledger's data corrections stay), or left out with the ledger for a new panel
            to begin.
    """

    evidence: Path | None = None
    scheme: Path | None = None
    ruleset: str | None = None
    policy: str | None = None
    experts: Experts = "kept"

    @property
    def names(self) -> list[str]:
        """What is changed, as ``origin.json`` has it."""
        given = {"evidence": self.evidence, "scheme": self.scheme, "ruleset": self.ruleset, "policy": self.policy}
        return [name for name, value in given.items() if value is not None] + (
            ["experts"] if self.experts != "kept" else []
        )

    @property
    def brings_in(self) -> bool:
        """Whether anything comes from outside the dossier."""
        return any(name != "experts" for name in self.names)


def changed(parts: Parts, change: Change) -> Parts:
    """The parts with what is changed, and with the run they come from as the parent of the new one.

    Raises:
        WorkbenchError: what is put in is not there, is not valid, or cannot be read.
    """
    if not change.names:
        return parts
    if change.scheme is not None:
        parts = _with_scheme(parts, change.scheme)
    for shelf, key, wanted in (("rulesets", "ruleset", change.ruleset), ("policies", "policy", change.policy)):
        if wanted is not None:
            parts = _with_rules(parts, shelf, key, wanted)
    if change.evidence is not None:
        parts = _with_evidence(parts, change.evidence)
    parts = _with_experts(parts, change.experts)
    told = {"changed": change.names, "content": _content(parts, change), "parent": parts.origin.run}
    return replace(parts, origin=parts.origin.model_copy(update=told))


def _content(parts: Parts, change: Change) -> str:
    """Digest of what the change made: another workbook under the same name is another 再评价."""
    scheme = {name: digest(data) for name, data in parts.scheme.items()}
    return digest_of([dict(parts.plan), scheme, parts.evidence.model_dump(), change.experts])


def _with_plan(parts: Parts, **settings: Any) -> Parts:
    kept = {k: v for k, v in (dict(parts.plan) | settings).items() if v is not None}
    return replace(parts, plan=kept)


def _with_experts(parts: Parts, experts: Experts) -> Parts:
    """Without experts the ledger stays, because data corrections are facts; a new panel begins one of its own, with nobody of
    the old one in it."""
    if experts == "new":
        named = parts.plan.get("parties")
        others = {k: v for k, v in named.items() if k != "lead"} if isinstance(named, dict) else named
        return replace(_with_plan(parts, experts=None, panel=None, parties=others), ledger=None, attachments={})
    return _with_plan(parts, experts="ignored") if experts == "dropped" and parts.ledger is not None else parts


def _with_scheme(parts: Parts, file: Path) -> Parts:
    """Pack, tree, ruleset and declared changes of another plan; the pack comes from what is installed here."""
    plan = read_plan(file.resolve(), file.resolve().parent).plan
    library = _library(file)
    library.pack(plan.pack)  # checked before it is taken
    pack = library.packs[plan.pack].path.read_bytes().replace(b"\r\n", b"\n")
    taken = plan.model_dump(mode="json", include={"pack", "variant", "changes"})
    parts = _with_plan(replace(parts, scheme=dict(parts.scheme) | {PACK_FILE: pack}), variant=None)
    return _with_rules(_with_plan(parts, **taken), "rulesets", "ruleset", plan.ruleset)


def _with_rules(parts: Parts, shelf: str, key: str, wanted: str) -> Parts:
    """Another ruleset or policy, by id or from a file."""
    file = Path(wanted)
    if file.suffix in (".yaml", ".yml"):
        if not file.is_file():
            raise FileError(Problem("file_missing", "文件不存在", Place(wanted), fix="请检查路径"))
        name, data = file.stem, file.read_bytes()
    else:
        library = _library(Path.cwd())
        entries = library.rulesets if key == "ruleset" else library.policies
        getattr(library, key)(wanted)  # says what is wrong when it is unknown or invalid
        name, data = wanted, entries[wanted].path.read_bytes()
    scheme = dict(parts.scheme) | {f"{shelf}/{name}.yaml": data.replace(b"\r\n", b"\n")}
    return _with_plan(replace(parts, scheme=scheme), **{key: name})


def _library(start: Path) -> Library:
    return Library.of(load_plugins(find_workspace(start), code=False).folders)


def _from(problem: Problem, name: str, typed: str) -> Problem:
    """A problem whose file begins with ``name``, which becomes what was typed."""
    file = problem.place.file
    return problem.at(file=typed + file.removeprefix(name)) if file is not None and file.startswith(name) else problem


def _with_evidence(parts: Parts, path: Path) -> Parts:
    """Another workbook or folder where the sealed one lies, so that the attachments it names are found there."""
    if not path.exists():
        raise FileError(Problem("file_missing", "找不到改用的佐证资料", Place(path.as_posix()), fix="请检查路径"))
    folder = PurePosixPath(parts.evidence.evidence).parent
    name = (folder / path.name).as_posix()
    with TemporaryDirectory() as scratch:
        file = Path(scratch) / PACK_FILE
        file.write_bytes(parts.scheme[PACK_FILE])
        pack = load_pack(file)
    sheet = pack.indicator_sheet or False
    try:
        read = read_evidence(path, pack.tables, subject_fields=pack.subject_fields, indicator_sheet=sheet, name=name)
    except WorkbenchError as error:  # named as the person did, not as the file will be
        raise type(error)(_from(p, name, path.as_posix()) for p in error.problems) from None
    base, here = (PurePosixPath(name), path) if path.is_dir() else (folder, path.parent)
    given = {f.path: KeptFile(path=f.path, sha256=f.sha256, size=f.size) for f in read.files}
    listed = {f.path: f for f in parts.evidence.files} | given
    openers = {name: opener(here / PurePosixPath(name).relative_to(base)) for name in given}
    evidence = EvidenceList(evidence=name, files=[listed[n] for n in sorted(listed)], unread=parts.evidence.unread)
    return replace(_with_plan(parts, evidence=name), evidence=evidence, files=dict(parts.files) | openers)
