"""What a run keeps of what it was made from, so that it can be sealed after its workspace has moved on.

``scheme/`` holds pack, ruleset and policies as they were read, ``evidence.json`` says which copy was which file.
"""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from workbench.base.models import Model
from workbench.evidence.tablefiles import is_table_file, table_files
from workbench.scheme.library import NATIONAL, Library

if TYPE_CHECKING:
    from workbench.runs.evaluation import Evaluation
    from workbench.scheme.plan import Plan

SCHEME = "scheme"
COPIES = "evidence"
"""The folder of evidence copies, each named by its SHA-256."""
EVIDENCE_LIST = "evidence.json"
PACK_FILE = "pack.yaml"
CODE_TABLE = "code.json"


class KeptFile(Model):
    """One evidence file: path from the workspace (posix), digest and size of its bytes."""

    path: str
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    size: Annotated[int, Field(ge=0)]

    @property
    def copy_name(self) -> str:
        """What its copy is called in a run folder and in a dossier."""
        return f"{self.sha256}{PurePosixPath(self.path).suffix}"


class EvidenceList(Model):
    """``evidence.json``: what the plan calls its evidence, and the files that were read.

    ``unread``: table files of an evidence folder that no sheet of the pack asked for. A result says that they were there,
    so a restored folder has an empty file in place of each.
    """

    evidence: str
    files: list[KeptFile]
    unread: list[str] = []

    @property
    def paths(self) -> list[str]:
        """Every path that becomes a file where the evidence is restored."""
        return [*(f.path for f in self.files), *self.unread]

    @property
    def attachments(self) -> list[KeptFile]:
        """The files 佐证清单 names: scoring needs their digests alone."""
        return [f for f in self.files if not self._is_table(f.path)]

    @property
    def tables(self) -> list[KeptFile]:
        """The files scoring reads: the workbook, or the table files of the evidence folder."""
        return [f for f in self.files if self._is_table(f.path)]

    def written(self, path: str) -> str:
        """A file's path as 佐证清单 writes it: from the workbook's folder on, or from the folder of tables on."""
        whole = self.evidence.rstrip("/")
        base = whole.rpartition("/")[0] if any(f.path == whole for f in self.files) else whole
        return path.removeprefix(f"{base}/")

    def _is_table(self, path: str) -> bool:
        folder, _, name = path.rpartition("/")
        in_folder = folder == self.evidence.rstrip("/") and is_table_file(name)
        return path == self.evidence or in_folder


def scheme_files(library: Library, plan: Plan) -> dict[str, bytes]:
    """Pack, ruleset, policy and national default of a plan as they are now, by path below ``scheme/``; line ends LF."""
    entries = {PACK_FILE: library.packs[plan.pack], f"rulesets/{plan.ruleset}.yaml": library.rulesets[plan.ruleset]}
    entries |= {f"policies/{name}.yaml": library.policies[name] for name in (plan.policy, NATIONAL)}
    # With LF the digest of the bytes is the declared one (see library.declared_digest).
    return {name: entry.path.read_bytes().replace(b"\r\n", b"\n") for name, entry in entries.items()}


def evidence_list(evaluation: Evaluation) -> EvidenceList:
    """The files an evaluation was read from, before any data correction: corrections come from the ledger again."""
    source = evaluation.corrected_from or evaluation
    files = [KeptFile(path=f.path, sha256=f.sha256, size=f.size) for f in source.as_read.files]
    return EvidenceList(
        evidence=source.plan.evidence,
        files=sorted(files, key=lambda f: f.path),
        unread=sorted(_tables_in(evaluation) - {f.path for f in files}),
    )


def _tables_in(evaluation: Evaluation) -> set[str]:
    """The table files of an evidence folder; none where the evidence is one file."""
    name = evaluation.plan.evidence
    folder = evaluation.workspace / name
    if not folder.is_dir():
        return set()
    return {f"{name.rstrip('/')}/{p.name}" for p in table_files(folder)}
