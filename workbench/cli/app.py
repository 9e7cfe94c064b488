"""Puts the commands together: every module of this package that has a ``register(app)``."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from typing import Annotated

import typer

import workbench.cli as package
from workbench.cli.chinese import App

PROGRAM = "workbench"


@cache
def application() -> App:
    """The whole command line, built once in a process."""
    app = App(
        name=PROGRAM,
        help="绩效评价工作台:填好佐证资料,运行一条命令,得到评分、说明、图表和评价结论。",
        no_args_is_help=True,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_root)
    for found in pkgutil.iter_modules(package.__path__):
        module = importlib.import_module(f"{package.__name__}.{found.name}")
        if hasattr(module, "register"):
            module.register(app)
    return app


def _show_version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        typer.echo(f"{PROGRAM} {version(PROGRAM)}")
        raise typer.Exit


def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="显示版本并退出")
    ] = False,
) -> None:
    """Options of the command itself; the text users see is given in :func:`application`."""
