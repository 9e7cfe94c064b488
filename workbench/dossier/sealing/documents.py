"""Documents (归档资料): the papers an engagement hands in for its archive, declared in one YAML file.

documents:
  institution: 某某会计师事务所
  retain: {years: 10, reason: 委托合同第十二条}
  also_mandatory: [independence]
  confidential: [附件/问卷原件.pdf]
  items:
    contract:
      files: [档案/委托合同.pdf]
    questionnaires:
      not_applicable: 本次评价没有做问卷调查
    fieldwork:
      files: [档案/访谈记录.docx]
      confidential: true
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, Field, model_validator

from workbench.base.errors import DocumentsError, Place, Problem
from workbench.base.models import PRINTABLE, Model, validated
from workbench.base.text import suggest
from workbench.base.yamlio import YamlDocument, read_yaml

_TOP = "documents"


def _written(text: str) -> str:
    if not text.strip():
        raise ValueError("不能是空白")
    return text


Words = Annotated[str, Field(max_length=500), PRINTABLE, AfterValidator(_written)]


class Document(Model):
    """What is handed in for one item: files, or why there are none. ``confidential``: sealed for the recipients only."""

    files: list[str] = []
    missing: Words | None = None
    not_applicable: Words | None = None
    confidential: bool = False

    @model_validator(mode="after")
    def _one_answer(self) -> Document:
        if sum(map(bool, (self.files, self.missing, self.not_applicable))) != 1:
            raise ValueError("files(资料)、missing(缺少的原因)、not_applicable(不适用的理由)须写且只写一项")
        if self.confidential and not self.files:
            raise ValueError("没有 files(资料),不能写 confidential(保密)")
        return self


class Retain(Model):
    """How long the archive is kept, and what says so."""

    years: int = Field(ge=1, le=100)
    reason: Words


class Documents(Model):
    """The whole file.

    Attributes:
        institution: who did the evaluation; the archive's description names it.
        also_mandatory: items no clause demands and this institution does.
        confidential: attachments of evidence and ledger that are sealed for the recipients only, by the names they have there.
        items: by the codes of the checklist.
    """

    institution: Words | None = None
    retain: Retain | None = None
    also_mandatory: list[str] = []
    confidential: list[str] = []
    items: dict[str, Document] = {}


@dataclass(frozen=True)
class Declared:
    """A documents file as it was read: what it says, and where. Paths in it start from ``folder``."""

    documents: Documents
    folder: Path
    source: YamlDocument

    def place(self, key: str) -> Place:
        """File, key and line of what stands under ``documents``."""
        whole = f"{_TOP}.{key}"
        return Place(self.source.file, key=whole, line=self.source.line(whole))


def read_documents(path: Path | None, codes: Mapping[str, str]) -> Declared:
    """The declared papers; none without a file.

    Args:
        codes: code → title of the checklist's items.

    Raises:
        DocumentsError, FileError, YamlError: not such a file, or an item the checklist does not have.
    """
    if path is None:
        return Declared(Documents(), Path(), YamlDocument(None, ""))
    document = read_yaml(path)
    data = document.data
    if not isinstance(data, dict) or list(data) != [_TOP]:
        fix = "顶层须只有“documents:”一个键;用 workbench seal 运行 --init 文件 生成模板"
        raise DocumentsError(Problem("top_level", "这不是归档资料文件", Place(document.file), fix=fix))
    unknown = list(_unknown(data[_TOP], document, codes))
    try:
        documents = validated(Documents, data[_TOP], document, DocumentsError, _TOP)
    except DocumentsError as error:
        raise DocumentsError([*error.problems, *unknown]) from None
    if unknown:
        raise DocumentsError(unknown)
    return Declared(documents, path.parent, document)


def _unknown(data: Any, document: YamlDocument, codes: Mapping[str, str]) -> Iterator[Problem]:
    """Items the checklist does not have, in data of whatever form."""
    content = data if isinstance(data, dict) else {}
    items, more = content.get("items"), content.get("also_mandatory")
    named = {f"items.{code}": code for code in items} if isinstance(items, dict) else {}
    named |= {f"also_mandatory[{n}]": code for n, code in enumerate(more)} if isinstance(more, list) else {}
    known = "、".join(f"{code}({title})" for code, title in codes.items())
    for key, code in named.items():
        if isinstance(code, str) and code not in codes:
            place = Declared(Documents(), Path(), document).place(key)
            yield Problem("unknown_item", "档案目录没有这一项", place, code, known, suggest(code, codes))


@dataclass(frozen=True)
class Line:
    """What the template says of an item. ``made``: the program puts something there; ``commission``: needs a commission."""

    title: str
    mandatory: bool
    made: bool
    commission: bool


def template(lines: Mapping[str, Line], stage: str) -> str:
    """A documents file to fill in: every item with what may be written."""
    text = [
        "# 归档资料。每一项写且只写一种(冒号后空一格;理由里可以有逗号):",
        "#   files: [档案/合同.pdf, 档案/补充协议.pdf]   资料,以本文件所在的文件夹为起点,不能放在它之外",
        "#   missing: 原因                             应有而没有;必备资料没有的,只能封存为工作档案",
        "#   not_applicable: 理由                      本次评价不需要;理由会写进档案目录",
        "# 保密的资料在 files 下面再写一行 confidential: true,封存时用 --recipient 写明谁能打开。",
        "documents:",
        "  # institution: 开展评价的机构全称",
        "  # retain: {years: 10, reason: 委托合同第十二条}   # 保管期限和依据;不写则按地区办法",
        "  # also_mandatory: [independence]                  # 条款没有要求、本单位要求必备的",
        "  # confidential: [附件/问卷原件.pdf, 现场录音.mp3]   # 只为收件人加密的佐证附件、台账附件;名称照佐证清单的写法",
        "  items:",
    ]
    for code, line in lines.items():
        text += [f"    # {line.title}({_notes(line, stage)})", *_answer(code, line)]
    return "\n".join(text) + "\n"


def _notes(line: Line, stage: str) -> str:
    notes = ["必备" if line.mandatory else "示例,可改:没有条款要求"]
    if line.made:
        notes.append("程序能自动放入,另有纸质资料时再写")
    if line.commission and stage == "自评":
        notes.append("自评没有委托第三方的,写 not_applicable 和理由")
    return ";".join(notes)


def _answer(code: str, line: Line) -> list[str]:
    """On lines of their own: within braces a comma would end the reason."""
    return [f"    # {code}:", "    #   files: []"] if line.made else [f"    {code}:", "      missing: 尚未收集"]


def without_papers(declared: Declared, made: Collection[str]) -> None:
    """Refuse an excuse for what is there. Raises DocumentsError for each such item of ``made``."""
    answers = declared.documents.items
    problems = [
        Problem(
            "made_already", "这一项程序已自动放入,不能写缺少或不适用", declared.place(f"items.{code}"), fix="请删去"
        )
        for code in made
        if code in answers and not answers[code].files
    ]
    if problems:
        raise DocumentsError(problems)
