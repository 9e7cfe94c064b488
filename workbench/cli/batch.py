"""``workbench batch``: many plans, or one template over the rows of a register; what is unchanged is not run again."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli.console import print_json, quoted, say
from workbench.cli.library import JsonOption, WorkspaceOption, at_workspace
from workbench.cli.many import FAILURES, MOST, usual_workers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbench.runs.batch.planned import Planned, Wanted
    from workbench.runs.batch.running import Runner
    from workbench.runs.batch.task import Outcome
    from workbench.runs.stopping import Stop

INVALID = 2
HELP = "运行多份评价计划,或把一份计划模板用到项目清单的每一行;几份同时运行,没有变化的不再运行,一份失败不影响其他。"
EPILOG = (
    "中断(Ctrl-C、断电)后加 --resume 再运行,从没有完成的接着来。全部完成退出码为 0,有失败的为 3,"
    "输入有误(或 --dry-run 查出问题)为 2,被中断为 130。"
)


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command(help=HELP, epilog=EPILOG)(batch)


def batch(
    plans: Annotated[
        list[str] | None,
        typer.Argument(metavar="计划…或清单", help="计划文件、放计划的文件夹,可写多个;或一份项目清单(.xlsx)"),
    ] = None,
    template: Annotated[
        Path | None, typer.Option(metavar="计划", help="项目清单用的计划模板,其中用 {列名} 引用清单的列")
    ] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, max=MOST, metavar="数", help="同时运行几份;默认按处理器数,最多 4")
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="接着运行;上次失败而资料没有变的不再试。不写计划则接着本工作区的上一批")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只检查全部计划和资料,不运行")] = False,
    force: Annotated[bool, typer.Option("--force", help="没有变化的也重新运行")] = False,
    set_: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="键=值", help="临时替换每份计划中的一项,可多次,如 --set ruleset=caiyu-2021-101"),
    ] = None,
    out: Annotated[Path | None, typer.Option(metavar="文件夹", help="运行文件夹放在哪里;默认工作区的 runs/")] = None,
    time_limit: Annotated[
        int | None, typer.Option("--time-limit", min=1, metavar="秒", help="每份计划的笔记本最多运行多久")
    ] = None,
    memory_limit: Annotated[
        int | None, typer.Option("--memory-limit", min=1, metavar="MB", help="每份笔记本最多再用多少内存(Linux)")
    ] = None,
    scheduler: Annotated[
        str | None,
        typer.Option(metavar="地址", help="在 Dask 集群上运行,如 tcp://主机:8786;须先运行 uv sync --extra cluster"),
    ] = None,
    inputs: Annotated[
        str | None, typer.Option(metavar="位置", help="集群各机从哪里取佐证资料:共享文件夹或对象存储;不写由本机发送")
    ] = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Run many plans."""
    from workbench.runs.batch.planned import Manner, plan_batch
    from workbench.runs.kernel import warm_within
    from workbench.runs.stopping import Stop
    from workbench.runs.workspace import find_workspace

    root = workspace.resolve() if workspace is not None else find_workspace()
    wanted = _wanted(plans or [], template, set_ or [], out, root, resume=resume)
    stop = Stop()
    runner = _runner(scheduler, inputs, workers, stop, as_json=as_json)
    planned = plan_batch(wanted, root, Manner(force, warm_within(time_limit, memory_limit)))
    if not as_json:
        for note in planned.notes:
            say(f"提示:{note}", error=True)
    if dry_run:
        _check(planned, workers or usual_workers(), as_json=as_json)
        return
    given = {
        "--workers": workers,
        "--scheduler": scheduler,
        "--inputs": inputs,
        "--time-limit": time_limit,
        "--memory-limit": memory_limit,
    }
    again = "".join(f" {name} {quoted(str(value))}" for name, value in given.items() if value is not None)
    again = f"workbench batch --resume{again}{at_workspace(root)}"
    _run(planned, wanted, runner, stop, resume=resume, as_json=as_json, again=again)


def _runner(scheduler: str | None, inputs: str | None, workers: int | None, stop: Stop, *, as_json: bool) -> Runner:
    """Who does the work: processes of this machine, or a cluster."""
    from workbench.base.errors import Problem
    from workbench.cli.failure import UsageError
    from workbench.runs.batch.running import local_runner

    if scheduler is None:
        if inputs is not None:
            fix = "请同时用 --scheduler 写明集群的地址"
            raise UsageError(Problem("inputs_alone", "--inputs 只用于集群", found=inputs, fix=fix))
        return local_runner(workers or usual_workers(), stop)
    if workers is not None:
        fix = "集群上同时运行几份,由启动了多少个 dask worker 决定;请去掉 --workers"
        raise UsageError(Problem("workers_of_cluster", "--workers 不用于集群", found=str(workers), fix=fix))
    from workbench.runs.batch.cluster import cluster_runner

    return cluster_runner(scheduler, inputs, tell=lambda text: None if as_json else say(text, error=True), stop=stop)


def _wanted(
    plans: Sequence[str], template: Path | None, overrides: Sequence[str], out: Path | None, root: Path, *, resume: bool
) -> Wanted:
    """What is asked for here, or was asked for last."""
    from workbench.base.errors import Problem
    from workbench.cli.failure import UsageError
    from workbench.runs.batch.last import recall
    from workbench.runs.batch.planned import Wanted, from_workspace

    if plans:
        # From here where it is here, so that the request means the same from wherever it is taken up again.
        sources = [from_workspace(path, root) if path.exists() else path.as_posix() for path in map(Path, plans)]
        under = from_workspace(template, root) if template is not None and template.exists() else template
        folder = from_workspace(out, root) if out is not None else None
        return Wanted(tuple(sources), str(under) if under is not None else None, tuple(overrides), folder)
    if not resume:
        fix = "写明计划文件、放计划的文件夹或项目清单,如 workbench batch params/"
        raise UsageError(Problem("no_plans", "没有写明要运行哪些计划", fix=fix))
    if template is not None or overrides or out is not None:
        fix = "请同时写明计划;只写 --resume 时,模板、--set、--out 都照上一批"
        raise UsageError(Problem("resume_alone", "接着上一批运行时不能另写这些选项", fix=fix))
    return recall(root)


def _run(
    planned: Planned, wanted: Wanted, runner: Runner, stop: Stop, *, resume: bool, as_json: bool, again: str
) -> None:
    from workbench.cli.batch_told import as_told, shown, tell
    from workbench.cli.failure import INTERRUPTED
    from workbench.runs.batch.last import remember
    from workbench.runs.batch.running import run_batch
    from workbench.runs.stopping import listening

    remember(wanted, planned.workspace)
    done: list[Outcome] = []
    try:
        with (
            shown(planned.total, quiet=as_json) as show,
            listening(stop, lambda text: say(text, error=True)),
            closing(run_batch(planned, runner=runner, resume=resume)) as over,
        ):
            for outcome in over:
                done.append(outcome)
                show(outcome)
    except KeyboardInterrupt:
        stop.ask()  # a second time: at once
    finally:
        stopped = stop.asked and len(done) < planned.total
        paths = _summary(planned, done) if done else []
        if done and not as_json:
            tell(planned, done, paths, stopped=stopped)
    if as_json:
        print_json(as_told(planned, done, paths))
    if stopped:
        say(f"\n已停下;已完成的不会再运行。接着运行:{again}", error=True)
        raise typer.Exit(INTERRUPTED)
    if any(outcome.failed for outcome in done):
        raise typer.Exit(FAILURES)


def _summary(planned: Planned, done: Sequence[Outcome]) -> list[Path]:
    """Where the summary was written; nowhere if it could not be, which is told and undoes no run."""
    from workbench.base.errors import NotWritten
    from workbench.runs.batch.summary import write_summary

    try:
        return write_summary(planned, done)
    except NotWritten as error:
        say(error.render(), error=True)
        return []


def _check(planned: Planned, workers: int, *, as_json: bool) -> None:
    """``--dry-run``: every plan opened, everything that is wrong told at once."""
    from workbench.cli.batch_told import checks_as_told, shown, tell_checks
    from workbench.runs.batch.running import check_batch

    done = []
    with shown(planned.total, "检查计划", quiet=as_json) as show, closing(check_batch(planned, workers)) as over:
        for checked in over:
            done.append(checked)
            show(checked.outcome)
    if as_json:
        print_json(checks_as_told(planned, done))
    else:
        tell_checks(planned, done)
    if any(checked.outcome.failed for checked in done):
        raise typer.Exit(INVALID)
