"""A sealed workspace (封存工作区): restored from a run or a dossier, it works with what was sealed and nothing else."""

from __future__ import annotations

import json
from pathlib import Path

from workbench.base.errors import CheckFailed, Place, Problem

SEALED = "sealed"
"""Its folder of pack, ruleset, policies, recorded outputs of foreign code, and where all of it came from."""
ORIGIN = "origin.json"
WITHHELD_LIST = "withheld.json"
ENCRYPTED = ".age"
"""What the name of an encrypted file ends with."""
FOR_RECIPIENTS = "保密附件,只有收件人能打开"
"""What is said of an attachment that is there in encrypted form alone."""


def is_sealed(workspace: Path) -> bool:
    """Whether a workspace was restored: no code in it is a plugin's, and its ledger is the file in it."""
    return (workspace / SEALED / ORIGIN).is_file()


def withheld_problem(name: str) -> Problem:
    """Somebody asked for an attachment that is there in encrypted form alone."""
    fix = "请收件人用 workbench keys open 从评价档案中解开"
    return Problem("attachment_withheld", f"“{name}”是{FOR_RECIPIENTS}", fix=fix)


def withheld_digests(workspace: Path) -> dict[str, str]:
    """Confidential attachments that a sealed workspace has in encrypted form alone; none anywhere else.

    Returns:
        SHA-256 of the content → SHA-256 of the encrypted file.

    Raises:
        CheckFailed: the list cannot be read.
    """
    path = workspace / SEALED / WITHHELD_LIST
    if not is_sealed(workspace) or not path.is_file():
        return {}
    try:
        found = json.loads(path.read_bytes())
        return {str(content): str(encrypted) for content, encrypted in found.items()}
    except (OSError, ValueError, AttributeError):
        message, place = "封存工作区的保密附件清单已损坏", Place(f"{SEALED}/{WITHHELD_LIST}")
        raise CheckFailed(Problem("bad_withheld", message, place, fix="请重新还原该工作区")) from None
