"""The mapping file (识别对照): answers of a person to what the reader asked, kept by the shape of the form."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from pydantic import Field

from workbench.base.errors import FileError, Place, Problem
from workbench.base.models import Model, validated
from workbench.base.writing import writing
from workbench.base.yamlio import read_yaml
from workbench.recheck.model import Question

SECTIONS = {
    "columns": "列的含义",
    "rows": "行的含义",
    "totals": "合计行",
    "levels": "一级指标",
    "money_unit": "金额单位",
}
"""Code of a question → what its answers are about, in the order of the file."""
EVERY = "全部"
"""Under which a money unit is answered for all forms of a layout that have no answer of their own."""
Key = tuple[str, str, str]
"""Shape, code of the question, subject."""
_INTRODUCTION = """\
# 识别对照:读表时拿不准的地方,由人回答一次,同一版式的表以后都照此读取。
# 每条提问写在注释里。请在冒号后面填写答案(只能填“可填”里列出的词),空着的下次还会问。
# shape 是版式的代号(由指标表各列的标题得出),请勿改动。填好后重新运行,或用 --mapping 指定这个文件。
"""


class Shape(Model):
    """Answers for one layout. Keys are titles of columns, names of rows or levels; None is not answered yet."""

    shape: str
    columns: dict[str, str | None] = {}
    rows: dict[str, str | None] = {}
    totals: dict[str, str | None] = {}
    levels: dict[str, str | None] = {}
    money_unit: dict[str, str | None] = Field(
        {}, description="按自评表(文件#第几张)填;“全部”是这种版式里没有单独填的表"
    )


class MappingFile(Model):
    """The whole file."""

    mapping: list[Shape]


@dataclass(frozen=True)
class Mappings:
    """What has been answered, by shape, code of the question and subject."""

    answers: dict[Key, str] = field(default_factory=dict)

    @classmethod
    def load(cls, path: Path) -> Mappings:
        """Read a mapping file. Raises FileError for one that is missing or holds what no mapping has."""
        document = read_yaml(path)
        answers: dict[tuple[str, str, str], str] = {}
        for index, entry in enumerate(validated(MappingFile, document.data, document, FileError).mapping):
            for code in SECTIONS:
                for subject, given in getattr(entry, code).items():
                    if given is None:
                        continue
                    if answers.setdefault((entry.shape, code, subject), given) != given:
                        key = f"mapping[{index}].{code}.{subject}"
                        place = Place(document.file, key=key, line=document.line(key))
                        raise FileError(
                            Problem("mapping_twice", "同一个问题有两个答案", place, found=given, fix="请只保留一处")
                        )
        return cls(answers)

    def answer(self, shape: str, code: str, subject: str) -> str | None:
        """The answer to one question; None while there is none."""
        return self.answers.get((shape, code, subject))

    def unused(self, shapes: Iterable[str], file: str) -> list[Problem]:
        """A notice for each layout of the mapping that none of the forms read has: it no longer fits, or is not needed."""
        missing = sorted({shape for shape, _, _ in self.answers} - set(shapes))
        text = "识别对照里的版式没有一张表用到:表的标题已经改动,或这批表里没有这种版式"
        return [
            Problem("mapping_unused", text, Place(file), found=shape, fix="请按新的提问重新填写", severity="warning")
            for shape in missing
        ]


def write_mapping(
    questions: Iterable[Question], path: Path, known: Mappings | None = None, asked: Collection[Key] = ()
) -> None:
    """Write the file a person answers in, each question once; what is ``known`` is kept.

    Raises NotWritten. An existing file is replaced, so hand in what was answered in it.

    Args:
        asked: what stands in other files already: there is one answer for all forms of a layout, not one in each file.
    """
    blocks: dict[str, dict[str, dict[str, tuple[str | None, Question | None]]]] = {}
    for (shape, code, subject), answer in (known or Mappings()).answers.items():
        blocks.setdefault(shape, {}).setdefault(code, {})[subject] = (answer, None)
    for question in questions:
        if question.shape and question.code in SECTIONS:
            subjects = blocks.setdefault(question.shape, {}).setdefault(question.code, {})
            if question.code == "money_unit" and (question.shape, question.code, EVERY) not in asked:
                subjects.setdefault(EVERY, (None, replace(question, subject=EVERY)))
            if subjects.get(question.subject, (None, None))[1] is None:
                subjects[question.subject] = (None, question)  # an answer that was refused is asked again
    lines = [_INTRODUCTION, "mapping:" if blocks else "mapping: []"]
    for shape, sections in blocks.items():
        lines.append(f"  - shape: {_quoted(shape)}")
        for code in (c for c in SECTIONS if c in sections):
            lines.append(f"    {code}: # {SECTIONS[code]}")
            for subject, (given, doubt) in sections[code].items():
                lines += _asked(doubt) if doubt else []
                lines.append(f"      {_quoted(subject)}:{f' {_quoted(given)}' if given else ''}")
    with writing(path, "请关闭打开它的程序,或换一个文件夹"):
        path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


def _asked(question: Question) -> list[str]:
    """The question as comment lines: no line break of a stranger's ends the comment."""
    spot = question.spot
    where = f"{question.file}" + (f" [{spot.sheet}] {spot.cell}" if spot else "")
    if question.code == "money_unit" and question.subject != EVERY:
        return [f"      # {' '.join(f'{where}:{question.text}'.split())}"]
    lines = [f"例:{where}", question.text]
    if question.subject == EVERY:
        lines[1] = f"金额没有写明单位。各表都一样的只填“{EVERY}”;不一样的填在各表后面,以各表所填为准。"
    if question.choices:
        lines.append(f"可填:{'、'.join(question.choices)}")
    return [f"      # {' '.join(line.split())}" for line in lines]


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
