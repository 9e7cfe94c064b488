"""``workbench report batch``: the reports of many runs, one after the other on several processors, and what became of each."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from workbench.cli.console import print_json, say, table
from workbench.cli.library import JsonOption
from workbench.cli.many import FAILURES, MOST, bar, usual_workers

if TYPE_CHECKING:
    from workbench.base.errors import Problem
    from workbench.runs.pool import Ended
    from workbench.runs.stopping import Stop

SUMMARY = "批量报告.csv"
HEAD = ("运行", "结果", "稿次", "还差几项", "文件夹", "失败原因")
NEW, KEPT, FAILED = "已写出", "没有变化", "失败"
_SHOWN = 40
"""Lines of the table on the screen; of more, only what failed. The file has them all."""


@dataclass(frozen=True)
class Order:
    """What one process has to do: the set of a run, written below a folder."""

    run: Path
    workspace: Path
    reports: Path
    force: bool

    @property
    def name(self) -> str:
        """Evaluation and short digest, as run folders are named."""
        return f"{self.run.parent.name}/{self.run.name}"


@dataclass(frozen=True)
class Outcome:
    """What became of a report."""

    run: str
    state: str
    edition: str = ""
    blocking: Sequence[str] = ()
    folder: str = ""
    problems: Sequence[Problem] = ()
    remarks: Sequence[str] = ()

    @property
    def why(self) -> str:
        """Why it was not written."""
        return " ".join(str(problem) for problem in self.problems)

    @property
    def cells(self) -> tuple[str, ...]:
        """The line of the summary under :data:`HEAD`."""
        left = "" if self.state == FAILED else str(len(self.blocking))
        return (self.run, self.state, self.edition, left, self.folder, self.why)


HELP = "写出多次运行的评价报告,几份同时写;没有变化的不重写,一份写不出不影响其他。"
EPILOG = "中断后再运行同一条命令,从没有写完的接着写。全部写好(或没有变化)退出码为 0,有写不出的为 3。"


def batch(
    runs: Annotated[
        list[str] | None, typer.Argument(metavar="运行", help="评价编号(取最近一次运行)或运行文件夹,可写多个")
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="工作区中每项评价最近一次运行")] = False,
    of_batch: Annotated[
        str | None, typer.Option("--batch", metavar="名称", help="一次批量运行(workbench batch)运行成功的全部")
    ] = None,
    workers: Annotated[
        int | None, typer.Option("--workers", min=1, max=MOST, metavar="数", help="同时写几份;默认按处理器数,最多 4")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="文件夹", help="写到哪里,每次运行一个子文件夹;默认工作区的 reports/"),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="覆盖写出后改动过的文件")] = False,
    workspace: Annotated[
        Path | None,
        typer.Option("--workspace", "-w", metavar="文件夹", help="工作区文件夹(默认为当前所在的工作区)"),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Write the reports of many runs."""
    from workbench.cli.failure import INTERRUPTED
    from workbench.runs.reportset import REPORTS
    from workbench.runs.stopping import Stop, listening
    from workbench.runs.workspace import find_workspace

    root = workspace.resolve() if workspace is not None else find_workspace()
    reports = out.resolve() if out is not None else root / REPORTS
    orders, missing = _ordered(runs or [], of_batch, root, reports, every=every, force=force)
    done: list[Outcome] = []
    stop, total = Stop(), len(orders) + len(missing)
    try:
        with _shown(total, quiet=as_json) as show, listening(stop, lambda text: say(text, error=True)):
            for outcome in _outcomes(orders, missing, workers or usual_workers(), stop):
                done.append(outcome)
                show(outcome)
    except KeyboardInterrupt:
        stop.ask()  # a second time: at once
    finally:
        done.sort(key=lambda outcome: outcome.run)
        summary = _kept(done, reports)
    if as_json:
        print_json(_as_json(done, reports, summary))
    else:
        _tell(done, summary)
    if stop.asked and len(done) < total:
        say("\n已写好的不会重写;再运行同一条命令,从没有写完的接着写。", error=True)
        raise typer.Exit(INTERRUPTED)
    if any(outcome.state == FAILED for outcome in done):
        raise typer.Exit(FAILURES)


def _ordered(
    names: Sequence[str], of_batch: str | None, root: Path, reports: Path, *, every: bool, force: bool
) -> tuple[list[Order], list[Outcome]]:
    """The runs asked for, each once, and those that are not there."""
    from workbench.base.errors import FileError, Place, Problem, WorkbenchError
    from workbench.cli.failure import UsageError
    from workbench.runs.store import find_run, latest_runs

    if not names and not every and of_batch is None:
        fix = "写明评价编号或运行文件夹,或用 --batch 写明批量运行的名称,或用 --all 写出工作区中每项评价最近一次运行"
        raise UsageError(Problem("no_runs", "没有写明要写哪些运行的报告", fix=fix))
    found, missing = [], []
    if of_batch is not None:
        from workbench.runs.batch.finished import runs_of

        names = [*names, *(folder.as_posix() for folder in runs_of(of_batch, root))]
    for name in dict.fromkeys(names):
        try:
            found.append(find_run(name, root))
        except WorkbenchError as error:
            missing.append(Outcome(name, FAILED, problems=error.problems))
    found += latest_runs(root) if every else []
    if not found and not missing:
        fix = "请先用 workbench run 运行评价计划,或用 --workspace 指明工作区"
        raise FileError(Problem("no_runs", "工作区中还没有运行", Place(root.as_posix()), fix=fix))
    folders = dict.fromkeys(stored.folder.resolve() for stored in found)
    return [Order(folder, root, reports, force) for folder in folders], missing


def _outcomes(orders: Sequence[Order], missing: Sequence[Outcome], workers: int, stop: Stop) -> Iterator[Outcome]:
    from workbench.runs.pool import spread

    yield from missing
    with closing(spread(written, orders, workers, stop)) as over:
        for ended in over:
            yield ended.answer if ended.answer is not None else _died(ended)


def written(order: Order) -> Outcome:
    """Write one set; whatever goes wrong is in the answer. This is what a process of its own does."""
    from workbench.base.errors import WorkbenchError
    from workbench.cli.failure import internal_problem
    from workbench.runs.reportset import write_set
    from workbench.runs.store import StoredRun
    from workbench.runs.workspace import path_from_here

    try:
        done = write_set(StoredRun(order.run), order.workspace, order.reports, force=order.force)
    except WorkbenchError as error:
        return Outcome(order.name, FAILED, problems=error.problems)
    except Exception as error:
        return Outcome(order.name, FAILED, problems=[internal_problem(error)])
    state = NEW if done.new else KEPT
    folder = path_from_here(done.folder)
    return Outcome(order.name, state, done.edition, done.blocking, folder, remarks=done.remarks)


def _died(ended: Ended[Order, Outcome]) -> Outcome:
    from workbench.base.errors import Problem

    fix = "可能是内存不足或被系统终止;请用 --workers 1 重新运行"
    return Outcome(ended.task.name, FAILED, problems=[Problem("died", "写这份报告的进程意外终止", fix=fix)])


# -- what is told -----------------------------------------------------------------------------------------------------


@contextmanager
def _shown(total: int, *, quiet: bool) -> Iterator[Callable[[Outcome], None]]:
    """Progress on standard error: a bar in a terminal, a line for each report in a log."""
    if quiet:
        yield lambda outcome: None
    elif sys.stderr.isatty():
        with bar("写出报告", total) as step:
            yield lambda outcome: step(_line(outcome) if outcome.state == FAILED else None, total)
    else:
        count = iter(range(1, total + 1))
        yield lambda outcome: say(f"[{next(count)}/{total}] {_line(outcome)}", error=True)


def _line(outcome: Outcome) -> str:
    if outcome.state == FAILED:
        return f"{outcome.run} 没有写出:{outcome.why}"
    left = f",还差{len(outcome.blocking)}项" if outcome.blocking else ""
    return f"{outcome.run} {outcome.state}:{outcome.edition}{left}"


def _kept(done: Sequence[Outcome], reports: Path) -> Path | None:
    """The summary as a CSV beside the folders; None where it cannot be written, which is told and stops nothing."""
    from workbench.base.errors import NotWritten
    from workbench.base.writing import replace_whole, writing
    from workbench.reports.csvfiles import csv_bytes

    path = reports / SUMMARY
    try:
        with writing(path, "请关闭已打开的文件后重新运行,或用 --out 另选文件夹"):
            reports.mkdir(parents=True, exist_ok=True)
            replace_whole(path, csv_bytes(HEAD, [outcome.cells for outcome in done]))
    except NotWritten as error:
        say(error.render(), error=True)
        return None
    return path


def _tell(done: Sequence[Outcome], summary: Path | None) -> None:
    for outcome in done:
        for remark in outcome.remarks:
            say(f"提示:{outcome.run}:{remark}", error=True)
    shown = done if len(done) <= _SHOWN else [outcome for outcome in done if outcome.state == FAILED]
    if shown:
        say(table(HEAD[:-1], [outcome.cells[:-1] for outcome in shown]))
    failed = [outcome for outcome in done if outcome.state == FAILED]
    if failed:
        say("\n没有写出的:")
    for number, outcome in enumerate(failed, 1):
        say(f"  {number}. {outcome.run}:{outcome.why}")
    counts = {state: sum(outcome.state == state for outcome in done) for state in (NEW, KEPT, FAILED)}
    say(f"\n共{len(done)}份:{'、'.join(f'{state}{count}份' for state, count in counts.items() if count)}。")
    if summary is not None:
        say(f"汇总表:{summary.as_posix()}")


def _as_json(done: Sequence[Outcome], reports: Path, summary: Path | None) -> dict[str, Any]:
    return {
        "folder": reports.as_posix(),
        "summary": summary.as_posix() if summary is not None else None,
        "failed": sum(outcome.state == FAILED for outcome in done),
        "runs": [
            {
                "run": outcome.run,
                "state": outcome.state,
                "edition": outcome.edition,
                "blocking": list(outcome.blocking),
                "folder": outcome.folder,
                "problems": [problem.as_dict() for problem in outcome.problems],
                "remarks": list(outcome.remarks),
            }
            for outcome in done
        ],
    }
