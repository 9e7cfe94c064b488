"""``wb.batch`` and ``wb.batch_async``: the command's batch in a notebook, with a bar instead of a terminal, and a result that shows itself."""

from __future__ import annotations

import asyncio
import html
import os
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from workbench.base.errors import NotWritten, PlanError, Problem
from workbench.base.processors import usual_workers
from workbench.base.text import plain
from workbench.reports.table import Table
from workbench.runs.batch.last import recall, remember
from workbench.runs.batch.planned import Manner, Planned, Wanted, from_workspace, plan_batch
from workbench.runs.batch.progress import Progress, looked_on, progress, watched
from workbench.runs.batch.running import Runner, local_runner, run_batch
from workbench.runs.batch.summary import row_of, write_summary
from workbench.runs.batch.task import Outcome, rank
from workbench.runs.batch.words import counts_of
from workbench.runs.kernel import warm_within
from workbench.runs.stopping import listening
from workbench.runs.workspace import find_workspace

if TYPE_CHECKING:
    import pandas as pd

    from workbench.reports.batch import Row, RowVerdict

_SHOWN = 20
"""Failed plans in sight; the summary has all of them."""
_LISTED = 200
"""Subjects in sight: a notebook keeps what it shows."""
_READ = ("评价编号", "评价名称", "评价对象", "得分", "得分区间", "等级", "状态", "计划")
"""Columns that people read; the others on demand."""
_POINTS = ("得分", "得分下限", "得分上限", "用时(秒)")
_FURTHER = ("得分下限", "得分上限", "错误", "提醒", "运行文件夹", "用时(秒)", "指标包", "失败原因")
PathText = str | Path
Plans = PathText | Sequence[PathText]


@dataclass(frozen=True, repr=False)
class BatchView:
    """A batch that ran, or was stopped.

    Attributes:
        outcomes: what became of each plan, in the order they ended.
        files: the summary, workbook and page; empty when it could not be written, which ``notes`` says.
        linked: somebody looks on from where the notebook lies. Executed for nobody it may be put anywhere (papermill):
            no link would be right there.
    """

    planned: Planned
    outcomes: Sequence[Outcome]
    files: Sequence[Path]
    notes: Sequence[str] = ()
    linked: bool = False

    @property
    def left(self) -> int:
        """Plans that were not run."""
        return self.planned.total - len(self.outcomes)

    @property
    def headline(self) -> str:
        """The counts."""
        counts = counts_of(Counter(outcome.state for outcome in self.outcomes))
        rest = f"{'、' if counts else ''}尚未运行{self.left}份,再运行本单元格从没有完成的接着来" if self.left else ""
        return f"批量运行“{self.planned.name}”:共{self.planned.total}份{':' if counts or rest else ''}{counts}{rest}。"

    @property
    def failed(self) -> Table:
        """The failed plans, each of their problems with what to do."""
        rows = [
            [o.task, str(p.place), p.message, p.found or "", p.expected or "", p.fix or ""]
            for o in sorted(self.outcomes, key=rank)
            if o.failed
            for p in o.problems
        ]
        return Table("失败的计划", ["计划", "位置", "问题", "实际", "应为", "怎么办"], rows)

    @property
    def subjects(self) -> Table:
        """Every subject, failed plans first, in the words of the summary; of many the first."""
        from workbench.reports.batch.rows import lines

        listed = lines([row_of(outcome) for outcome in sorted(self.outcomes, key=rank)])
        columns = ["评价编号", "评价名称", "评价对象", "得分", "等级", "状态", "计划"]
        rows = []
        for line in listed[:_LISTED]:
            said, verdict = ["", "", ""], line.verdict
            if verdict is not None:
                said = [verdict.name or verdict.subject, verdict.total or verdict.interval, verdict.grade_text]
            rows.append([line.row.evaluation, line.row.title, *said, line.row.state, line.row.task])
        more = len(listed) - _LISTED
        note = f"另有{more}行,见汇总" if more > 0 else ""
        return Table("评价对象", columns, rows, numeric=frozenset({"得分"}), note=note)

    @property
    def grades(self) -> Table:
        """How many subjects have each grade, pack by pack, 暂定 ones told apart: as in the summary."""
        from workbench.reports.batch.distribution import distributions

        columns = ["指标包", "等级", "评价对象(个)", "其中暂定(个)", "占比(%)"]
        rows = [
            [one.name, g.grade, str(g.count), str(g.provisional), plain(g.share)]
            for one in distributions(map(row_of, self.outcomes))
            for g in one.grades
        ]
        return Table("等级分布", columns, rows, numeric=frozenset(columns[2:]))

    def to_frame(self, *, full: bool = False) -> pd.DataFrame:
        """One row for each subject, one for a plan that failed, in the order and words of the summary.

        Points are floats, for analysis only; no total: NaN and an interval. ``full``: all columns there are.
        """
        import pandas as pd

        rows = [
            _cells(row, verdict)
            for row in map(row_of, sorted(self.outcomes, key=rank))
            for verdict in row.verdicts or (None,)
        ]
        frame = pd.DataFrame(rows, columns=pd.Index(_READ + _FURTHER))
        frame = frame.astype(dict.fromkeys(_POINTS, float))  # also where none has any
        return frame if full else frame[list(_READ)]

    def _repr_html_(self) -> str:
        said = [self.headline, *self.notes]
        parts = ["".join(f"<p>{html.escape(line)}</p>" for line in said)]
        if self.files:
            parts.append(f"<p>汇总:{'、'.join(map(self._link, self.files))}</p>")
        failed = self.failed
        if failed.rows:
            more = len(failed.rows) - _SHOWN
            note = f"另有{more}处,见汇总" if more > 0 else ""
            parts.append(Table(failed.caption, failed.columns, failed.rows[:_SHOWN], note=note).html())
        return "".join(parts)

    def _link(self, path: Path) -> str:
        if not self.linked:
            return html.escape(_below(path, self.planned.workspace))
        return f'<a href="{quote(_below(path))}">{html.escape(path.name)}</a>'

    def __repr__(self) -> str:
        return f"<{self.headline}>"

    def __str__(self) -> str:
        files = [f"汇总:{'、'.join(map(_below, self.files))}"] if self.files else []
        failed = [str(self.failed)] if self.failed.rows else []
        return "\n".join([self.headline, *self.notes, *files, *failed])


def batch(plans: Plans = (), template: PathText | None = None, **options: Any) -> BatchView:
    """Run many plans, or one template over the rows of a register, several at a time; what has not changed is not run again.

    An empty text is no path, so that a parameter left empty is none. Paths start at the current folder or at the workspace.

    Args:
        plans: plan files, folders of plans, or one register; without any ``resume`` goes on with the last batch.
        template: the plan with ``{列名}`` in it, for a register.
        options: see :func:`ordered`: ``workers``, ``resume``, ``force``, ``overrides``, ``out``, ``time_limit``, ``memory_limit``.

    Raises:
        WorkbenchError: there is nothing to run, or a register and its template do not fit. A plan that fails is told, not raised.
    """
    order = ordered(plans, template, **options)
    told = progress(order.planned.total, stoppable=False)
    return _view(order, *run_told(order.planned, order.runner(told), told, resume=order.resume))


async def batch_async(plans: Plans = (), template: PathText | None = None, **options: Any) -> BatchView:
    """:func:`batch` for a cell with ``await``: meanwhile the kernel hears the button that stops it, which it does not in any other cell."""
    order = ordered(plans, template, **options)
    told = progress(order.planned.total, stoppable=True)
    run = partial(run_told, order.planned, order.runner(told), told, resume=order.resume)
    running = asyncio.ensure_future(asyncio.to_thread(run))
    try:
        ended = await asyncio.shield(running)
    except asyncio.CancelledError:  # the kernel's interrupt is the other way to stop
        told.stop_it()
        ended = await running
    return _view(order, *ended)


@dataclass(frozen=True)
class Order:
    """What is to be run, and how."""

    planned: Planned
    workers: int
    resume: bool

    def runner(self, told: Progress) -> Runner:
        """The runner, whose doings are told."""
        return watched(local_runner(self.workers, told.stop), self.workers, told)


def ordered(
    plans: Plans,
    template: PathText | None,
    *,
    workers: int | None = None,
    resume: bool = False,
    force: bool = False,
    overrides: Sequence[str] = (),
    out: PathText | None = None,
    time_limit: int | None = None,
    memory_limit: int | None = None,
) -> Order:
    """Read what is asked for, and write it down for a later ``resume``.

    Args:
        workers: plans at a time; as many as there are processors when None, at most 4.
        resume: what failed before and has not changed is not tried again.
        force: execute again what has not changed.
        overrides: ``key=value`` texts, put into every plan.
        out: where run folders go; ``runs/`` of the workspace when None.
        time_limit: seconds a notebook may take.
        memory_limit: MB a notebook may allocate beside what is loaded, on Linux.
    """
    root = find_workspace()
    wanted = _wanted(plans, template, overrides, out, root, resume=resume)
    count = _positive("workers", workers) or usual_workers()
    engine = warm_within(_positive("time_limit", time_limit), _positive("memory_limit", memory_limit))
    planned = plan_batch(wanted, root, Manner(force, engine))
    remember(wanted, root)
    return Order(planned, count, resume)


def _view(order: Order, done: Sequence[Outcome], notes: Sequence[str]) -> BatchView:
    """The view of what was done, its summary written."""
    told = [*map(str, order.planned.notes), *notes]
    files: Sequence[Path] = ()
    try:
        files = write_summary(order.planned, done) if done else ()
    except NotWritten as error:
        told.append(error.render())
    return BatchView(order.planned, done, files, told, looked_on())


def run_told(planned: Planned, runner: Runner, told: Progress, *, resume: bool) -> tuple[list[Outcome], list[str]]:
    """What became of each plan until the end or until somebody stopped it, by when what had begun is at its end; remarks."""
    done: list[Outcome] = []
    notes: list[str] = []
    try:
        # The kernel's interrupt is the other button to stop.
        with (
            listening(told.stop, lambda text: print(text.strip(), flush=True)),
            closing(run_batch(planned, runner=runner, resume=resume)) as over,
        ):
            for outcome in over:
                done.append(outcome)
                told.ended(outcome)
        if len(done) < planned.total:
            notes.append("已停下:已开始的都已运行完,其余没有开始。")
    except KeyboardInterrupt:
        notes.append("已立即停下:正在运行的没有运行完,再运行时从它们接着来。")
    counts = counts_of(Counter(outcome.state for outcome in done)) or "没有运行"
    told.over(f"{'已停下' if notes else '完成'}:{counts}")
    return done, notes


def _wanted(
    plans: Plans,
    template: PathText | None,
    overrides: Sequence[str],
    out: PathText | None,
    root: Path,
    *,
    resume: bool,
) -> Wanted:
    given = [plans] if isinstance(plans, str | Path) else plans
    sources = tuple(str(plan) for plan in given if str(plan).strip())
    if sources:
        under = str(template) if template is not None and str(template).strip() else None
        folder = from_workspace(root / out, root) if out is not None and str(out).strip() else None
        return Wanted(sources, under, tuple(overrides), folder)
    if not resume:
        fix = '写明计划文件、放计划的文件夹或项目清单,例如 wb.batch("params")'
        raise PlanError(Problem("no_plans", "没有写明要运行哪些计划", fix=fix))
    return recall(root)


def _positive(name: str, given: int | None) -> int | None:
    if given is not None and (isinstance(given, bool) or not isinstance(given, int) or given < 1):
        raise PlanError(Problem(f"bad_{name}", f"{name} 须为不小于 1 的整数", found=str(given)))
    return given


def _cells(row: Row, verdict: RowVerdict | None) -> list[Any]:
    said: list[Any] = ["", None, "", ""]
    ends: list[float | None] = [None, None]
    if verdict is not None:
        total = float(verdict.total) if verdict.total is not None else None
        said = [verdict.name or verdict.subject, total, verdict.interval, verdict.grade_text]
        ends = [float(verdict.low), float(verdict.high)]
    why = " ".join(map(str, row.problems))
    return [
        *(row.evaluation, row.title, *said, row.state, row.task),
        *(*ends, row.errors, row.warnings, row.folder, row.seconds or None, row.pack, why),
    ]


def _below(path: Path, start: Path | None = None) -> str:
    """The path from a folder on, or from where a notebook runs, which is where its links start."""
    try:
        return Path(os.path.relpath(path, start or os.curdir)).as_posix()
    except ValueError:  # another drive
        return path.as_posix()
