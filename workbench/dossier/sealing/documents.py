"""Documents (归档资料): the papers an engagement hands in for its archive, declared in one YAML file.

documents:
  retain: {years: 10, reason: 委托合同第十二条}
  items:
    contract: {files: [档案/委托合同.pdf]}
    questionnaires: {not_applicable: 本次评价没有做问卷调查}
    fieldwork: {files: [档案/访谈记录.docx], confidential: true}
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import Field, model_validator

from workbench.base.errors import DossierError, FileError, Place, Problem
from workbench.base.models import Model, validated
from workbench.base.text import suggest
from workbench.base.yamlio import YamlDocument, read_yaml


class Document(Model):
    """What is handed in for one item: files, or why there are none. ``confidential``: sealed for the recipients only."""

    files: list[str] = []
    missing: str | None = None
    not_applicable: str | None = None
    confidential: bool = False

    @model_validator(mode="after")
    def _one_answer(self) -> Document:
        if sum(map(bool, (self.files, self.missing, self.not_applicable))) != 1:
            raise ValueError("files(资料)、missing(缺少的原因)、not_applicable(不适用的理由)须写且只写一项")
        return self


class Retain(Model):
    """How long the archive is kept, and what says so."""

    years: int = Field(ge=1, le=100)
    reason: str


class Documents(Model):
    """The whole file; ``items`` by the codes of the checklist."""

    retain: Retain | None = None
    items: dict[str, Document] = {}


@dataclass(frozen=True)
class Paper:
    """One file handed in for an item."""

    item: str
    path: Path
    confidential: bool


def read_documents(path: Path | None, codes: Mapping[str, str]) -> Documents:
    """The declared papers; none without a file.

    Args:
        codes: code → title of the checklist's items.

    Raises:
        DossierError, FileError, YamlError: not such a file, or an item the checklist does not have.
    """
    if path is None:
        return Documents()
    document = read_yaml(path)
    data = document.data
    if not isinstance(data, dict) or list(data) != ["documents"]:
        fix = "顶层须只有“documents:”一个键;用 workbench seal --init 生成模板"
        raise DossierError(Problem("top_level", "这不是归档资料文件", Place(document.file), fix=fix))
    found = validated(Documents, data["documents"], document, DossierError, "documents")
    unknown = [_unknown(code, codes, document) for code in found.items if code not in codes]
    if unknown:
        raise DossierError(unknown)
    return found


def _unknown(code: str, codes: Mapping[str, str], document: YamlDocument) -> Problem:
    key = f"documents.items.{code}"
    known = "、".join(f"{c}({title})" for c, title in codes.items())
    place = Place(document.file, key=key, line=document.line(key))
    return Problem("unknown_item", "档案目录没有这一项", place, code, known, suggest(code, codes))


def papers(documents: Documents, folder: Path) -> list[Paper]:
    """The files handed in, in the order of the items. ``folder``: what their paths start from.

    Raises:
        FileError: a file that is not there.
    """
    found, problems = [], []
    for code, document in documents.items.items():
        for name in document.files:
            path = folder / name
            if not path.is_file():
                fix = "请检查路径;以归档资料文件所在的文件夹为起点"
                problems.append(
                    Problem("file_missing", "归档资料不在原处", Place(name, key=f"documents.items.{code}"), fix=fix)
                )
            found.append(Paper(code, path, document.confidential))
    if problems:
        raise FileError(problems)
    return found


def template(titles: Mapping[str, str], mandatory: frozenset[str]) -> str:
    """A documents file to fill in: every item with what may be written."""
    lines = [
        "# 归档资料:每一项写且只写一种——files(文件,以本文件所在的文件夹为起点)、missing(缺少的原因)、not_applicable(不适用的理由)。",
        "# 保密的资料加 confidential: true,封存时用 --recipient 写明谁能打开。",
        "documents:",
        "  # retain: {years: 10, reason: 委托合同约定}",
        "  items:",
    ]
    for code, title in titles.items():
        lines.append(f"    # {title}{'(必备)' if code in mandatory else ''}")
        lines.append(f"    {code}: {{missing: 尚未收集}}")
    return "\n".join(lines) + "\n"
