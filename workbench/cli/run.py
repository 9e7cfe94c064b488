"""``workbench run``: one plan from evidence to a finished run folder."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from workbench.cli.console import print_json, say
from workbench.cli.library import WorkspaceOption, at_workspace


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command(help="运行一份评价计划:检查资料、执行笔记本、评分、出图,写入运行文件夹。")(run)


def run(
    plan: Annotated[Path, typer.Argument(metavar="计划", help="评价计划文件,如 params/huangshi_sponge_2022.yaml")],
    out: Annotated[Path | None, typer.Option(metavar="文件夹", help="运行文件夹放在哪里;默认工作区的 runs/")] = None,
    set_: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="键=值", help="临时替换计划中的一项,可多次,如 --set ruleset=caiyu-2021-101"),
    ] = None,
    workspace: WorkspaceOption = None,
    force: Annotated[bool, typer.Option("--force", help="即使已有相同的运行也重新执行")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="以 JSON 输出结果")] = False,
) -> None:
    """Run one plan and print a short summary."""
    from workbench.reports.console import summary
    from workbench.runs.engine import run_plan
    from workbench.runs.workspace import find_workspace

    def progress(text: str) -> None:
        if not as_json:
            say(f"… {text}", error=True)

    outcome = run_plan(plan, out=out, overrides=set_ or (), workspace=workspace, force=force, progress=progress)
    if as_json:
        print_json(outcome.result.model_dump() | {"folder": outcome.folder.as_posix()})
        return
    if outcome.reused:
        say("相同的计划、资料和程序已运行过,直接使用已有结果(--force 可重新执行)。", error=True)
    root = workspace or find_workspace(plan.parent if plan.parent.is_dir() else None)
    say(summary(outcome.result, outcome.folder, at_workspace(root)))
