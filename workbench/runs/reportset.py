"""A run's report and all that goes with it, made and put into its folder; what it was made from is kept beside it.

A set follows from the run folder, the analyst's texts, the template, and this program with the libraries that draw and write.
Where none of these has changed and every file is as it was written, the same set would come out again, and none is made.
"""

from __future__ import annotations

import errno
import importlib.metadata
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.base.canon import canonical_json, digest, digest_file, digest_of
from workbench.base.errors import FileError, LedgerError, Place, Problem
from workbench.base.text import reason
from workbench.base.writing import replace_whole, writing
from workbench.reports.document.blocks import DRAFT, FINAL
from workbench.reports.document.bundle import Chosen, File, in_word, report_files
from workbench.reports.document.content import content, held_back, on_template
from workbench.reports.document.selfcheck import checkup
from workbench.reports.document.shown import SELF_EVALUATION
from workbench.reports.document.template import without
from workbench.runs.keptevidence import kept_evidence
from workbench.runs.outputs import as_written, write_outputs
from workbench.runs.reporting import report_folder, report_source, report_texts, texts_folder
from workbench.runs.store import MANIFEST, StoredRun
from workbench.runs.versions import code_digest, environment

if TYPE_CHECKING:
    from workbench.reports.document.blocks import Content
    from workbench.reports.document.source import ReportSource
    from workbench.reports.document.texts import Texts

TEMPLATE = "template.docx"
"""In the folder of texts: the template of this evaluation's report."""
LARGEST_TEMPLATE = 20 * 1024**2
MADE = "made.json"
"""Beside the files of a set: what it was made from, as SHA-256, and how far the report was."""
REPORTS = "reports"
_LIBRARIES = ("pillow", "python-docx", "docxtpl", "lxml", "jinja2", "xlsxwriter", "markdown-it-py")
"""What draws and writes, beside what a run records of its environment."""


@dataclass(frozen=True)
class ReportSet:
    """What a report consists of.

    Attributes:
        remarks: what somebody should know of it. ``whole``: nothing is left out that could be made elsewhere.
    """

    content: Content
    files: Iterator[File]
    remarks: Sequence[str] = ()
    whole: bool = True


@dataclass(frozen=True)
class WrittenSet:
    """A set in its folder. ``new``: it was written now, not found as it would be written."""

    folder: Path
    edition: str
    blocking: Sequence[str]
    new: bool = True
    remarks: Sequence[str] = ()


def report_set(
    stored: StoredRun, workspace: Path, source: ReportSource, texts: Texts, template: Chosen | None = None
) -> ReportSet:
    """The report with its papers, each file made when it is asked for.

    Raises:
        TextsError, FileError: the texts or the template cannot be used.
    """
    from workbench.reports.forms.bundle import form_files
    from workbench.reports.forms.entries import has_form

    made, written, hints = checked_report(source, texts, template)
    evidence, lacking = None, []
    if has_form(source.pack) and source.result.stage == SELF_EVALUATION:
        try:
            evidence = kept_evidence(stored, workspace)
        except LedgerError as error:  # a run folder that was taken out of its workspace
            lacking = [f"没有写自评表,更正后的资料须由评审台账得出。{error}"]
    files = chain(report_files(source, made, written), form_files(source, texts, made, evidence))
    return ReportSet(made, files, [*lacking, *hints], whole=not lacking)


def checked_report(
    source: ReportSource, texts: Texts, template: Chosen | None = None
) -> tuple[Content, bytes, list[str]]:
    """The report with its Word file, which the checker has read: what it finds stands in the way of 定稿, or is a hint.

    Raises:
        TextsError, FileError: the texts or the template cannot be used.
    """
    made = content(source, texts)
    if template is not None:
        made = on_template(made, without(template.data, template.name), template.name)
    written = in_word(made, template)
    found = checkup(written, source, texts)
    held = held_back(made, found.errors)
    if held.edition != made.edition:
        written = in_word(held, template)
    return held, written, [str(hint) for hint in found.hints]


def write_set(stored: StoredRun, workspace: Path, reports: Path | None = None, *, force: bool = False) -> WrittenSet:
    """Write a run's set, of the texts and the template in their usual places, into its folder below ``reports``.

    Raises:
        WorkbenchError: the run was changed, texts or template are wrong, files were edited since (unless ``force``), or
            nothing can be written.
    """
    source = report_source(stored)
    own = texts_folder(workspace, source.result.evaluation)
    folder = report_folder(reports if reports is not None else workspace / REPORTS, source)
    template = chosen_template(None, own)
    origin = made_from(stored, own, template)
    there = unchanged(folder, origin)
    if there is not None:
        return there
    texts = report_texts(workspace, source.result.evaluation, source=source)
    made = report_set(stored, workspace, source, texts, template)
    return put(made, folder, origin, force=force)[0]


def put(made: ReportSet, folder: Path, origin: str, *, force: bool = False) -> tuple[WrittenSet, list[Path]]:
    """Write a set, and last of all what it was made from: a set without that, or with another, is made again."""
    written = write_outputs(made.files, folder, force=force)
    content = made.content
    told = {
        "made_from": origin if made.whole else "",
        "files": [path.relative_to(folder).as_posix() for path in written],
        "edition": content.edition,
        "blocking": list(content.blocking),
    }
    with writing(folder, "请关闭已打开的文件,或用 --out 另选文件夹"):
        replace_whole(folder / MADE, canonical_json(told, indent=2))
    remarks = [*made.remarks, *_other_edition(folder, content.edition)]
    return WrittenSet(folder, content.edition, content.blocking, remarks=remarks), written


def _other_edition(folder: Path, edition: str) -> list[str]:
    """That files of the run's other edition lie beside the ones written now; somebody may have them under discussion."""
    other = DRAFT if edition == FINAL else FINAL
    left = sorted(path.name for path in folder.glob(f"*-{other}.*"))
    return [f"文件夹中还有以前写出的{other}({'、'.join(left)}),没有删除;请以本次写出的{edition}为准"] if left else []


def unchanged(folder: Path, origin: str) -> WrittenSet | None:
    """The set that is there, when it was made from just this and nobody has touched it since."""
    try:
        told = json.loads((folder / MADE).read_text(encoding="utf-8"))
        same = told["made_from"] == origin and as_written(folder, told["files"])
        return WrittenSet(folder, told["edition"], told["blocking"], new=False) if same else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def made_from(stored: StoredRun, texts: Path, template: Chosen | None) -> str:
    """SHA-256 over everything a set follows from; taken before anything is read, so that a change meanwhile is seen next time."""
    inside = sorted(p for p in texts.rglob("*") if p.is_file() and not p.name.startswith((".", "~")))
    return digest_of(
        {
            "run": digest_file(stored.folder / MANIFEST),
            "texts": {path.relative_to(texts).as_posix(): digest_file(path) for path in inside},
            "template": digest(template.data) if template is not None else None,
            "program": program(),
        }
    )


@cache
def program() -> dict[str, Any]:
    """This program by its files; libraries, font and Python by their versions."""
    versions = {name: importlib.metadata.version(name) for name in _LIBRARIES}
    return {"workbench": code_digest(), "libraries": versions, "environment": environment()}


def chosen_template(given: Path | None, texts: Path) -> Chosen | None:
    """The template asked for, else the one in the folder of texts, else none: ours. Raises FileError when it cannot be read."""
    path = given if given is not None else texts / TEMPLATE if (texts / TEMPLATE).is_file() else None
    if path is None:
        return None
    try:
        if path.stat().st_size > LARGEST_TEMPLATE:
            fix = "请删去模板中的图片和多余内容"
            raise FileError(Problem("template_large", "模板超过 20 MB", Place(path.as_posix()), fix=fix))
        return Chosen(path.read_bytes(), path.as_posix())
    except OSError as error:
        fix = "用 workbench report template 模板.docx 可得到一份默认模板"
        message = "找不到这个模板文件" if error.errno == errno.ENOENT else f"模板打不开:{reason(error)}"
        raise FileError(Problem("template_missing", message, Place(path.as_posix()), fix=fix)) from None
