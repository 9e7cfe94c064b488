"""``workbench new``: a workspace to start from, with plan, evidence workbook and notebook."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from workbench.cli.console import say
from workbench.cli.library import note_sealed


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command(help="新建一项评价:工作区、评价计划、待填写的基础数据工作簿和笔记本。")(new)


def new(
    type_: Annotated[str, typer.Argument(metavar="指标包", help="指标包,如 self-evaluation(见 workbench packs)")],
    name: Annotated[
        str, typer.Argument(metavar="评价编号", help="评价编号,用小写字母、数字和连字符,如 school-meals-2026")
    ],
    folder: Annotated[
        Path | None,
        typer.Option(
            "--dir", metavar="文件夹", help="工作区文件夹;默认 ./评价编号;已在自带指标包的工作区中则加入该工作区"
        ),
    ] = None,
    title: Annotated[str | None, typer.Option(metavar="文字", help="评价名称;默认用指标包名称")] = None,
    variant: Annotated[str | None, typer.Option(metavar="指标树", help="指标树;默认第一棵")] = None,
    policy: Annotated[str, typer.Option(metavar="地区办法", help="地区办法")] = "national-default",
) -> None:
    """Create a workspace."""
    from datetime import date

    from workbench.runs.creation import create_workspace
    from workbench.runs.workspace import find_workspace, own_packs

    here = find_workspace()
    target = folder or (here if own_packs(here) else Path(name))
    note_sealed(None)
    joined = target.is_dir()
    made = create_workspace(
        pack=type_,
        name=name,
        folder=target,
        title=title,
        variant=variant,
        policy=policy,
        as_of=date.today().isoformat(),
    )
    say(f"{'已加入现有工作区' if joined else '已新建工作区'} {made.folder}:")
    for path in made.files:
        say(f"  {path.as_posix()}")
    say("下一步:")
    say(f"  1. 打开 {made.evidence.as_posix()},按“说明”表填写(带 * 的必填)")
    say(f"  2. 核对 {made.plan.as_posix()} 中的期间、阶段、地区办法和基准日")
    say(f"  3. 运行 workbench run {made.plan.as_posix()}")
