"""Names of evidence that no dossier can keep, told as 佐证清单 writes them, before anything is read or encrypted."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from workbench.base.errors import EvidenceError, Place, Problem, shorten
from workbench.base.filenames import folded
from workbench.base.sealing import ENCRYPTED
from workbench.dossier.container.names import member_fault
from workbench.dossier.sealing.gathering import EVIDENCE
from workbench.evidence.standard import REGISTER
from workbench.runs.kept import EvidenceList, KeptFile
from workbench.runs.safenames import evidence_fault

_RENAME = "请改名后重新运行、重新封存"
_IN_REGISTER = f"{_RENAME};佐证清单的“附件文件”一栏一并改写"
_IN_PLAN = f"{_RENAME};计划的 evidence 一栏一并改写"


def refuse_names(listed: EvidenceList, hidden: Callable[[str], bool]) -> None:
    """Refuse evidence whose names some system cannot keep, or takes for one.

    Args:
        hidden: whether the content of a SHA-256 is encrypted.

    Raises:
        EvidenceError: every such name; of two that meet, both.
    """
    problems = [*_faulty(listed), *_meeting(listed)]
    problems = problems or [*_copies(listed, hidden)]
    if problems:
        raise EvidenceError(problems)


def _faulty(listed: EvidenceList) -> Iterator[Problem]:
    for path in listed.paths:
        fault = evidence_fault(path)
        if fault is not None:
            yield _refused(listed, path, f"文件名{fault}")


def _meeting(listed: EvidenceList) -> Iterator[Problem]:
    """Names that are one where a system does not tell upper case from lower, or composed letters from others."""
    seen: dict[str, str] = {}
    for path in listed.paths:
        first = seen.setdefault(folded(path), path)
        if first != path:
            message = f"文件名与“{shorten(listed.written(first))}”只有大小写(或字符编码)不同,有的系统分不开"
            yield _refused(listed, path, message)


def _copies(listed: EvidenceList, hidden: Callable[[str], bool]) -> Iterator[Problem]:
    """A copy is called by its digest, with the file's own ending: that may be too long, or differ in case alone."""
    seen: dict[str, KeptFile] = {}
    for file in listed.files:
        member = f"{EVIDENCE}/{file.copy_name}{ENCRYPTED if hidden(file.sha256) else ''}"
        first = seen.setdefault(folded(member), file)
        if member_fault(member) is not None:
            yield _refused(listed, file.path, "文件的后缀(最后一个点以后)太长或不能用,档案中存不下")
        elif first.copy_name != file.copy_name:
            message = f"与“{shorten(listed.written(first.path))}”内容相同,后缀却只有大小写不同,档案中会成为同一文件"
            yield _refused(listed, file.path, message)


def _refused(listed: EvidenceList, path: str, message: str) -> Problem:
    attached = path in {f.path for f in listed.attachments}
    place = Place(sheet=REGISTER.title, field="附件文件") if attached else Place(listed.evidence)
    fix = _IN_REGISTER if attached else _IN_PLAN
    return Problem("unsafe_name", message, place, listed.written(path) if attached else path, fix=fix)
