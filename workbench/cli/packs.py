"""``workbench packs``: indicator packs and everything else that plugins bring."""

from __future__ import annotations

import typer

from workbench.cli import packs_lint, packs_list, packs_new, packs_show
from workbench.cli.chinese import App
from workbench.cli.library import JsonOption, WorkspaceOption


def register(app: typer.Typer) -> None:
    """Add the group to ``app``."""
    group = App(name="packs", help="查看、检查和新建指标包;不写子命令时列出已安装的内容。")
    group.callback(invoke_without_command=True)(packs)
    group.command("list", help="列出指标包、规则集、地区办法、计分规则和插件。")(packs_list.packs_list)
    group.command("show", help="显示一个指标包的内容。")(packs_show.packs_show)
    group.command("lint", help="检查一个指标包;有错误时退出码为 4。")(packs_lint.packs_lint)
    group.command("new", help="新建一个带算例和测试的指标包。")(packs_new.packs_new)
    app.add_typer(group)


def packs(context: typer.Context, workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """List everything when no subcommand is given."""
    if context.invoked_subcommand is None:
        packs_list.packs_list(workspace, as_json)
