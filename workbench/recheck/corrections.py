"""A reviewer's corrections (复核更正): 复核完成值 and 复核得分 with reason and name, kept as a YAML file and applied to the forms."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Annotated

from pydantic import Field, model_validator

from workbench.base.errors import FileError, Place, Problem
from workbench.base.models import PRINTABLE, DecimalText, Model, validated
from workbench.base.text import plain
from workbench.base.writing import replace_whole, writing
from workbench.base.yamlio import read_yaml
from workbench.recheck.model import Form
from workbench.recheck.outcome import EXECUTION
from workbench.recheck.recompute.execution import NAME

FILE = "复核更正.yaml"
"""In the folder of a re-check: what its reviewers decided."""
Said = Annotated[str, Field(min_length=1, max_length=2000), PRINTABLE]
_INTRODUCTION = """\
# 复核更正:复核人员对自评表的更正,重新运行 workbench recheck 时自动采用。可以手工增删,也可以在 notebooks/recheck.ipynb 中填写。
# form 自评表(文件#第几张);indicator 第几项指标,0 是预算执行率;name 指标名称,与表中不一致的不采用;
# actual 复核完成值、points 复核得分,至少写一个;reason 扣分原因或更正理由、reviewer 复核人必填;evidence 核对了什么佐证。
# accepted 表示一张表的其余各项,复核人都认可规则复算得分。
"""


class Correction(Model):
    """One corrected line of a form. ``indicator``: its number in the form, 0 for 预算执行率; ``name`` has to be its name there."""

    form: Annotated[str, Field(min_length=1)]
    indicator: Annotated[int, Field(ge=0)]
    name: str
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
    """A form whose other lines a reviewer accepts as recomputed."""

    form: Annotated[str, Field(min_length=1)]
    reviewer: Said
    reason: Said = "认可规则复算得分"


class _File(Model):
    corrections: list[Correction] = []
    accepted: list[Accepted] = []


@dataclass(frozen=True)
class Corrections:
    """What was decided, by form and number of the indicator, and the forms accepted for the rest."""

    lines: Mapping[tuple[str, int], Correction] = field(default_factory=dict)
    accepted: Mapping[str, Accepted] = field(default_factory=dict)
    file: str = FILE

    @classmethod
    def load(cls, path: Path) -> Corrections:
        """Read a corrections file. Raises FileError for one that is missing, wrong, or decides a line twice."""
        document = read_yaml(path)
        found = validated(_File, document.data if document.data is not None else {}, document, FileError)
        lines: dict[tuple[str, int], Correction] = {}
        for index, line in enumerate(found.corrections):
            if (line.form, line.indicator) in lines:
                key = f"corrections[{index}]"
                place = Place(document.file, key=key, line=document.line(key))
                text = "同一项指标有两条更正"
                raise FileError(Problem("corrected_twice", text, place, line.name or NAME, fix="请只保留一条"))
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

    def strangers(self, forms: Iterable[Form]) -> list[Problem]:
        """A notice for each form that was decided about and is not among these."""
        missing = sorted({form for form, _ in self.lines} | set(self.accepted))
        known = {form.key for form in forms}
        text, fix = "更正的自评表不在这次复核的文件里,没有采用", "文件改名或移动过的,请相应修改 form"
        return [self._told("correction_form", text, key, fix) for key in missing if key not in known]

    def _misfit(self, line: Correction, form: Form) -> Problem | None:
        name = line_name(form, line.indicator)
        if name is None:
            text = f"{form.key}没有第{line.indicator}项指标,这条更正没有采用"
            return self._told("correction_row", text, line.name, "请核对后修改 indicator")
        if _bare(line.name) != _bare(name):
            text = f"{form.key}第{line.indicator}项现在是“{name}”,与更正所写不是一项,没有采用"
            return self._told("correction_name", text, line.name, "表改过的,请核对后修改这条更正或删去")
        return None

    def _told(self, code: str, text: str, found: str, fix: str) -> Problem:
        return Problem(code, text, Place(self.file), found, fix=fix, severity="warning")


def line_name(form: Form, number: int) -> str | None:
    """What a line of a form is called; None where it has no such line."""
    if number == EXECUTION:
        return NAME if form.funds else None
    return next((row.level3.text for row in form.indicators if row.number == number), None)


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
