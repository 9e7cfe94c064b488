"""A reviewer's corrections (复核更正): 复核完成值 and 复核得分 with reason and name, kept as a YAML file and applied to the forms."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from workbench.base.errors import CorrectionsError, Place, Problem
from workbench.base.models import PRINTABLE, DecimalText, Model, validated
from workbench.base.text import plain, suggest
from workbench.base.writing import replace_whole, writing
from workbench.base.yamlio import read_yaml
from workbench.recheck.model import Form
from workbench.recheck.outcome import EXECUTION
from workbench.recheck.recompute.execution import NAME

UNTIL = "改好以前这张表没有复核总分"
FILE = "复核更正.yaml"
"""In the folder of a re-check: what its reviewers decided."""


def _as_text(value: object) -> object:
    """A number without quotes is what it looks like: 完成值 106.74 needs none."""
    if isinstance(value, Decimal):
        return format(value, "f")
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


_SCHEMA = {"anyOf": [{"type": "string", "minLength": 1, "maxLength": 2000}, {"type": "number"}]}
Said = Annotated[
    str, BeforeValidator(_as_text), Field(min_length=1, max_length=2000), PRINTABLE, WithJsonSchema(_SCHEMA)
]
_INTRODUCTION = """\
# 复核更正:复核人员对自评表的更正,重新运行 workbench recheck 时自动采用。可以手工增删,也可以在 notebooks/recheck.ipynb 中填写。
# form 自评表(文件#第几张);indicator 第几项指标,0 是预算执行率;name 指标名称,必填,与表中不一致的不采用;
# actual 复核完成值、points 复核得分,至少写一个;reason 扣分原因或更正理由、reviewer 复核人必填;evidence 核对了什么佐证。
# accepted 表示一张表的其余各项,复核人认可规则复算得分;规则只给出区间的(定性指标等)认可不了,须逐项写 points。
# 有一项没有复核得分,或有没采用的更正时,不给复核总分。
"""


class Correction(Model):
    """One corrected line of a form. ``indicator``: its number in the form, 0 for 预算执行率; ``name`` has to be its name there."""

    form: Annotated[str, Field(min_length=1)]
    indicator: Annotated[int, Field(ge=0)]
    name: Annotated[str, BeforeValidator(_as_text), WithJsonSchema({"type": ["string", "number"]})]
    actual: Said | None = None
    points: Annotated[DecimalText, Field(ge=0)] | None = None
    reason: Said
    reviewer: Said
    evidence: Annotated[str, Field(max_length=2000), PRINTABLE] = ""

    @model_validator(mode="after")
    def _something(self) -> Correction:
        if self.actual is None and self.points is None:
            raise ValueError("actual(复核完成值)和 points(复核得分)至少写一个")
        return self


class Accepted(Model):
    """A form whose other lines a reviewer accepts as recomputed, where the rules give one number."""

    form: Annotated[str, Field(min_length=1)]
    reviewer: Said
    reason: Said = "认可规则复算得分"


class CorrectionsFile(Model):
    """The whole file."""

    corrections: list[Correction] = []
    accepted: list[Accepted] = []


_HOW = {
    "form": "请写文件名#第几张表,如 甲局/自评表.xlsx#1",
    "indicator": "请写这一项在表中的序号(整数),预算执行率写 0",
    "name": "请写这一项在表上的指标名称(预算执行率就写“预算执行率”),用来核对没有写错行",
    "actual": "请写核实后的完成值,如 64% 或 13期",
    "points": "请写不小于0的数字,如 9 或 9.5",
    "reason": "请写扣分原因或更正理由",
    "reviewer": "请写复核人姓名",
}
_ENTRY = re.compile(r"(corrections|accepted)\[(\d+)\](?:\.(\w+))?")


@dataclass(frozen=True)
class Corrections:
    """What was decided, by form and number of the indicator, and the forms accepted for the rest."""

    lines: Mapping[tuple[str, int], Correction] = field(default_factory=dict)
    accepted: Mapping[str, Accepted] = field(default_factory=dict)
    file: str = FILE

    @classmethod
    def load(cls, path: Path) -> Corrections:
        """Read a corrections file.

        Raises:
            FileError: it is missing; CorrectionsError: it does not hold together, or decides a line twice.
        """
        document = read_yaml(path)
        data = document.data if document.data is not None else {}
        try:
            found = validated(CorrectionsFile, data, document, CorrectionsError)
        except CorrectionsError as error:
            raise CorrectionsError(_with_form(problem, data) for problem in error.problems) from None
        lines: dict[tuple[str, int], Correction] = {}
        for index, line in enumerate(found.corrections):
            if (line.form, line.indicator) in lines:
                key = f"corrections[{index}]"
                place = Place(document.file, key=key, line=document.line(key))
                text = "同一项指标有两条更正"
                where = _called(line.form, line.indicator)
                problem = Problem("corrected_twice", text, place, line.name or NAME, fix="请只保留一条")
                raise CorrectionsError(problem.at(field=where))
            lines[line.form, line.indicator] = line
        return cls(lines, {entry.form: entry for entry in found.accepted}, document.file)

    def with_line(self, line: Correction) -> Corrections:
        """With this line in the place of what was decided about it."""
        return Corrections({**self.lines, (line.form, line.indicator): line}, self.accepted, self.file)

    def without_line(self, form: str, indicator: int) -> Corrections:
        """Without what was decided about a line."""
        kept = {key: line for key, line in self.lines.items() if key != (form, indicator)}
        return Corrections(kept, self.accepted, self.file)

    def with_accepted(self, form: str, entry: Accepted | None) -> Corrections:
        """With a form accepted for the rest, or with that taken back."""
        kept = {key: known for key, known in self.accepted.items() if key != form}
        return Corrections(self.lines, kept if entry is None else {**kept, form: entry}, self.file)

    def save(self, path: Path) -> None:
        """Write the file. Raises NotWritten."""
        with writing(path, "请关闭打开它的程序,或用 --out 另选文件夹"):
            path.parent.mkdir(parents=True, exist_ok=True)
            replace_whole(path, self.content())

    def content(self) -> bytes:
        """The file, in the order of forms and indicators."""
        text = _INTRODUCTION + _listed("corrections", [self.lines[key] for key in sorted(self.lines)])
        return (text + _listed("accepted", [self.accepted[key] for key in sorted(self.accepted)])).encode()

    def of(self, form: Form) -> tuple[list[Correction], list[Problem]]:
        """What fits this form, and what does not any more."""
        fitting: list[Correction] = []
        problems: list[Problem] = []
        for line in (self.lines[key] for key in sorted(self.lines) if key[0] == form.key):
            problem = self._misfit(line, form)
            if problem is None:
                fitting.append(line)
            else:
                problems.append(problem)
        return fitting, problems

    def indicators(self, form: Form, known: Collection[str]) -> set[int]:
        """The indicators of a form that anything is said about, whether it fits or not.

        What is said of no form at all (none of ``known``), but of its file, may have been meant for it.
        """
        stray = {key for key, _ in self.lines if key not in known and key.partition("#")[0] == form.file}
        return {indicator for key, indicator in self.lines if key == form.key or key in stray}

    def strangers(self, forms: Iterable[Form]) -> list[Problem]:
        """A notice for each form that was decided about and is not among these."""
        missing = sorted({form for form, _ in self.lines} | set(self.accepted))
        known = [form.key for form in forms]
        strange = [key for key in missing if key not in set(known)]
        text, fix = "更正的自评表不在这次复核的文件里,没有采用", "文件改名或移动过的,请相应修改 form"
        return [self._told("correction_form", text, key, suggest(key, known) or fix) for key in strange]

    def _misfit(self, line: Correction, form: Form) -> Problem | None:
        name = line_name(form, line.indicator)
        if name is None:
            text = f"{form.key}没有第{line.indicator}项指标,这条更正没有采用"
            return self._told("correction_row", text, line.name, f"请核对后修改 indicator;{UNTIL}")
        if _bare(line.name) != _bare(name):
            text = f"{form.key}第{line.indicator}项现在是“{name}”,与更正所写不是一项,没有采用"
            fix = f"表改过的,请核对后修改这条更正或删去;{UNTIL}"
            return self._told("correction_name", text, line.name, fix)
        return None

    def _told(self, code: str, text: str, found: str, fix: str) -> Problem:
        return Problem(code, text, Place(self.file), found, fix=fix, severity="warning")


def line_name(form: Form, number: int) -> str | None:
    """What a line of a form is called; None where it has no such line."""
    if number == EXECUTION:
        return NAME if form.funds else None
    return next((row.level3.text for row in form.indicators if row.number == number), None)


def _with_form(problem: Problem, data: dict[str, Any]) -> Problem:
    """A problem of the file with the form and line it is about, what was found there, and what to write instead."""
    found = _ENTRY.match(problem.place.key or "")
    if found is None:
        return problem
    section, index, field_ = found[1], int(found[2]), found[3]
    entries = data[section]
    entry = entries[index] if isinstance(entries, list) and isinstance(entries[index], dict) else {}
    told = problem.found
    if told is None:
        told = "没有写" if field_ is not None and field_ not in entry else None
    fix = problem.fix or _HOW.get(field_ or "") or ("请补写 actual 或 points" if section == "corrections" else None)
    where = _called(str(entry.get("form", "")), entry.get("indicator"))
    return replace(problem.at(field=where or None), found=told, fix=fix)


def _called(form: str, indicator: object) -> str:
    """How a correction is called in messages: 一.xlsx#1 第3项."""
    return f"{form} 第{indicator}项" if form and indicator is not None else form


def _bare(name: str) -> str:
    return "".join(name.split())


def _listed(title: str, entries: Sequence[Model]) -> str:
    """A list of entries as YAML; every text in quotes, so that none is taken for anything else."""
    if not entries:
        return f"{title}: []\n"
    lines = [f"{title}:"]
    for entry in entries:
        given = {key: value for key, value in entry if value not in (None, "") or key == "name"}
        told = [f"{key}: {_written(value)}" for key, value in given.items()]
        lines += [f"  {'-' if not i else ' '} {text}" for i, text in enumerate(told)]
    return "\n".join(lines) + "\n"


def _written(value: object) -> str:
    if isinstance(value, Decimal):
        return f'"{plain(value)}"'
    return json.dumps(value, ensure_ascii=False)
