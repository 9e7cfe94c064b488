"""What is there already where a dossier is to be written: nothing that somebody signed or made by other means is lost."""

from __future__ import annotations

from pathlib import Path

from workbench.base.errors import DossierError, DossierNotWritten, Place, Problem
from workbench.dossier.container import open_container
from workbench.dossier.model import Signature
from workbench.runs.store import MANIFEST, RESULT

_ANOTHER = "请用 --out 写到别处,如工作区的 dossiers/"
_ELSE = "请用 --out 另写文件名;确要替换的加 --force"


def refuse_run_folder(out: Path) -> None:
    """A run folder with one file more is no sound run any longer. Raises DossierNotWritten for a place in one, of any run."""
    folder = next((p for p in out.resolve().parents if (p / MANIFEST).is_file() and (p / RESULT).is_file()), None)
    if folder is not None:
        message = "这是运行文件夹,写进别的文件后就通不过核对"
        raise DossierNotWritten(Problem("in_run_folder", message, Place(out.as_posix()), folder.name, fix=_ANOTHER))


def kept_signatures(out: Path, manifest: bytes, *, replace: bool) -> list[Signature]:
    """The signatures of an earlier dossier at ``out`` that hold for this manifest as well.

    Args:
        replace: write over whatever is there.

    Raises:
        DossierError: what is there is no dossier, or one that was signed with another content.
    """
    if not out.exists():
        return []
    place = Place(out.name)
    if out.is_dir():
        raise DossierError(Problem("not_a_file", "这是文件夹,不是文件", place, fix="请写到文件名"))
    try:
        earlier = open_container(out)
    except DossierError:
        if replace:
            return []
        message = "已有同名文件,而且不是完好的评价档案,没有覆盖"
        raise DossierError(Problem("file_there", message, place, fix=_ELSE)) from None
    if earlier.manifest_bytes == manifest:
        return list(earlier.signatures)
    if earlier.signatures and not replace:
        signers = "、".join(s.signer for s in earlier.signatures)
        message = "已有一份签过名的档案,内容与这次的不同,没有覆盖"
        raise DossierError(Problem("signed_there", message, place, signers, fix=_ELSE))
    return []
