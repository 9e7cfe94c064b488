"""The tasks of a register (项目清单): one row a project, under one template."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, get_args

from workbench.base.errors import Place, PlanError, Problem, ProjectsError
from workbench.base.models import validated
from workbench.evidence.headers import tidy_title
from workbench.evidence.reader import named
from workbench.evidence.tables import Table
from workbench.runs.batch.planned import BATCHES, Manner, Planned, Wanted, batch_name, out_folder
from workbench.runs.batch.registersheet import open_register, texts_of
from workbench.runs.batch.rowevidence import RowEvidence
from workbench.runs.batch.task import Task
from workbench.runs.batch.template import AS_OF, EVALUATION, EVIDENCE, SETTINGS, Row, Template, read_template
from workbench.runs.batch.working import refused
from workbench.runs.store import runs_root
from workbench.scheme.basis import Stage
from workbench.scheme.pack import FieldSpec
from workbench.scheme.plan import Plan

EVIDENCES = "evidence"
"""Folder of a batch in which rows become evidence."""
FILL = {
    "佐证资料": "请填写佐证资料的路径,从工作区文件夹写起,如 params/evidence/项目.xlsx",
    "评价阶段": f"请填写:{'、'.join(get_args(Stage))}之一",
    "评价期间": "请填写,如 2025年度",
    "基准日": "请填写计算日期,如 2025-12-31",
    "指标包": "请填写指标包的名称;workbench packs 列出可用的",
    "计分规则集": "请填写规则集的名称;workbench packs 列出可用的",
    "地区办法": "请填写地区办法的名称,没有的填 national-default",
}
"""What to write into a blank cell that every plan has to have."""


def of_register(path: Path, template: Path, wanted: Wanted, workspace: Path, manner: Manner) -> Planned:
    """The tasks of a register. A row that makes no plan is refused, and stops no other.

    Raises:
        FileError, YamlError, PlanError, ProjectsError: register or template cannot be read, or do not fit each other.
    """
    found = _Register(path, read_template(template), workspace)
    return found.planned(wanted, manner)


@dataclass(frozen=True)
class _Line:
    """One row: its number, its texts by title, the plan made from it, and what is wrong with it."""

    row: int
    texts: Row
    plan: dict[str, Any]
    problems: list[Problem]


class _Register:
    """A register read by what its template asks for."""

    def __init__(self, path: Path, template: Template, workspace: Path) -> None:
        self._path, self._template, self._workspace = path, template, workspace
        needed = _needed(template)
        optional = [f for f in _fields(list(SETTINGS)) if f.title not in {n.title for n in needed}]
        self._sheet = open_register(path, [*needed, *optional])
        present = self._sheet.present([*needed, *optional])
        self._sheet.refuse_missing(needed, [f for f in optional if f in present])
        fields = [f for f in [*needed, *optional] if f in present]
        self._titles = {field.name: tidy_title(field.title) for field in fields}
        self._table: Table = self._sheet.table("register", fields)
        here = set(self._titles.values())
        self._settings = {key: t for t, key in SETTINGS.items() if t in here and template.free(key)}
        self.name = batch_name(path, workspace)
        self._evidences = (runs_root(Path()) / BATCHES / self.name / EVIDENCES).as_posix()

    def planned(self, wanted: Wanted, manner: Manner) -> Planned:
        """Tasks of the rows that make a plan; the others as outcomes."""
        if not len(self._table):
            raise ProjectsError(self._problem("no_projects", "清单里没有项目", None, fix="请至少填写一个项目"))
        lines = self._lines()
        self._refuse_repeats(lines)
        unwritten = self._evidence_of(lines) if self._template.row_is_evidence else []
        out = out_folder(wanted, self._workspace)
        tasks, told = [], []
        for line in lines:
            name = f"{named(self._path)} 第{line.row}行"
            problems = [*self._sheet.faults.get(line.row, ()), *line.problems]
            if problems:
                told.append(refused(name, line.plan, map(self._sheet.as_written, problems)))
            else:
                task = Task(name, line.plan, self._workspace, out, wanted.overrides, manner.force, manner.engine)
                tasks.append(task)
        return Planned(self.name, self._workspace, out, tasks, told, unwritten=unwritten)

    def _lines(self) -> list[_Line]:
        return [
            self._line(int(row), texts)
            for row, texts in zip(self._table.rows, texts_of(self._table, self._titles), strict=True)
        ]

    def _line(self, row: int, texts: Row) -> _Line:
        plan = self._template.plan(texts, self._settings)
        if self._template.row_is_evidence:
            plan[EVIDENCE] = self._evidence(plan)
        blank = [t for t in dict.fromkeys(self._template.columns) if texts[t] is None]
        if EVALUATION in self._titles.values() and self._template.free("evaluation"):
            blank += [EVALUATION] if texts[EVALUATION] is None else []
        faults = self._sheet.faults.get(row, [])
        told = {problem.place.field for problem in faults}
        problems = [
            self._problem("blank_cell", "没有填写,模板要用到它", row, title, fix="请补填;不是项目的行请删除")
            for title in blank
            if title not in told and not any(problem.code == "total_row" for problem in faults)
        ]
        return _Line(row, texts, plan, problems or ([] if faults else self._faults(row, plan)))

    def _faults(self, row: int, plan: dict[str, Any]) -> list[Problem]:
        """What keeps a row's plan from being one. Raises PlanError where that is the template's own fault."""
        try:
            validated(Plan, plan, self._template.document, PlanError, "plan")
        except PlanError as error:
            return [self._placed(problem, row) for problem in error.problems]
        return []

    def _placed(self, problem: Problem, row: int) -> Problem:
        key = (problem.place.key or "").removeprefix("plan.")
        title = self._settings.get(key)
        titles = [title] if title is not None else self._template.filled.get(key, [])
        if not titles:
            raise PlanError(problem)
        if problem.code == "missing":
            problem = replace(problem, message="没有填写", fix=FILL.get(titles[0], "请补填"))
        return problem.at(
            file=named(self._path), sheet=self._sheet.raw.title, row=row, field="、".join(titles), key=None, line=None
        )

    def _problem(
        self,
        code: str,
        message: str,
        row: int | None,
        title: str | None = None,
        found: str | None = None,
        fix: str = "",
    ) -> Problem:
        place = Place(named(self._path), self._sheet.raw.title, row, title)
        return Problem(code, message, place, found, fix=fix or None)

    def _refuse_repeats(self, lines: Sequence[_Line]) -> None:
        """Two rows of one evaluation: nobody can say which is right."""
        rows: dict[str, list[_Line]] = defaultdict(list)
        for line in lines:
            if not line.problems and "evaluation" in line.plan:  # a cell that cannot be read fills nothing
                rows[str(line.plan["evaluation"])].append(line)
        titles = "、".join(self._template.filled.get("evaluation", [])) or EVALUATION
        for evaluation, alike in rows.items():
            for line in alike if len(alike) > 1 else []:
                others = "、".join(f"第{other.row}行" for other in alike if other is not line)
                fix = f"与{others}相同,这几行都没有运行;请改正或删除"
                line.problems.append(self._problem("repeated", "评价编号重复", line.row, titles, evaluation, fix))

    def _evidence(self, plan: dict[str, Any]) -> str:
        return f"{self._evidences}/{plan.get('evaluation', '')}"

    def _evidence_of(self, lines: Sequence[_Line]) -> list[Callable[[], None]]:
        """What writes the evidence of each good row; the packs may differ from row to row."""
        from workbench.runs.sealed import load_sources
        from workbench.scheme.library import Library

        library = Library.of(load_sources(self._workspace, recording=False).folders)
        makers: dict[str, RowEvidence] = {}
        for line in lines:
            if line.problems or line.row in self._sheet.faults:
                continue
            pack = str(line.plan["pack"])
            if pack not in makers:
                makers[pack] = RowEvidence(self._sheet, library.pack(pack), self._template.place(EVIDENCE))
        writes: list[Callable[[], None]] = []
        for line in lines:
            maker = makers.get(str(line.plan.get("pack")))
            if line.problems or maker is None or line.row in self._sheet.faults:
                continue
            fix = "指标包要求填写;请补填,没有发生的金额填 0"
            line.problems.extend(
                self._problem("blank_cell", "没有填写", line.row, title, fix=fix) for title in maker.blanks(line.row)
            )
            if not line.problems:
                folder = self._workspace / line.plan[EVIDENCE]
                writes.append(partial(maker.write, line.row, folder, line.plan["evaluation"], line.plan["title"]))
        return writes


def _needed(template: Template) -> list[FieldSpec]:
    """Columns without which there are no plans: those of placeholders, and the one that names the evaluations."""
    titles = list(template.columns)
    if template.free("evaluation") and EVALUATION not in titles:
        titles.append(EVALUATION)
    return _fields(titles, "needed")


def _fields(titles: Sequence[str], kind: str = "setting") -> list[FieldSpec]:
    # None is required of a row: what a blank is missed for is told by us.
    return [
        FieldSpec(name=f"{kind}_{number}", title=title, type="date" if title == AS_OF else "text")
        for number, title in enumerate(titles)
    ]
