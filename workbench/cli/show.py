"""``workbench show``: a finished run in a few lines, its files checked against the manifest."""

from __future__ import annotations

from typing import Annotated

import typer

from workbench.cli.console import print_json, say
from workbench.cli.library import at_workspace, home_of


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command(help="显示一次运行的结果,并核对运行文件夹是否完好。")(show)


def show(
    run: Annotated[str, typer.Argument(metavar="运行", help="运行文件夹,或评价编号(取最近一次运行)")],
    as_json: Annotated[bool, typer.Option("--json", help="以 JSON 输出结果")] = False,
) -> None:
    """Show one run."""
    from workbench.reports.console import summary
    from workbench.runs.store import find_run
    from workbench.runs.workspace import find_workspace

    stored = find_run(run, find_workspace())
    stored.check()
    result = stored.result()
    if as_json:
        print_json(result.model_dump() | {"folder": stored.folder.as_posix()})
    else:
        say(summary(result, stored.folder, at_workspace(home_of(stored))))
