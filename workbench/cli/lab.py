"""``workbench lab``: the workspace in JupyterLab, with nothing in the way."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command(
        help="在 JupyterLab 中打开工作区;其余选项原样交给 JupyterLab(如 --port=8899 --no-browser)。",
        context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
    )(lab)


def lab(
    context: typer.Context,
    folder: Annotated[
        Path | None, typer.Option("--dir", metavar="文件夹", help="工作区文件夹;默认从当前位置查找")
    ] = None,
) -> None:
    """Start JupyterLab and wait until it ends."""
    from workbench.runs.lab import run_lab
    from workbench.runs.workspace import find_workspace

    raise typer.Exit(run_lab(folder or find_workspace(), context.args))
