"""``workbench template``: the evidence workbook an analyst fills in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from workbench.cli.console import say
from workbench.cli.library import WorkspaceOption, find_pack, installed, note_sealed


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command(help="生成指标包的佐证资料工作簿(每张表一个工作表,含填写说明和取证要求)。")(template)


def template(
    pack: Annotated[str, typer.Argument(metavar="指标包", help="指标包编号,见 workbench packs")],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="文件.xlsx", help="写到哪个文件")],
    variant: Annotated[
        str | None, typer.Option("--variant", metavar="编号", help="指标包有几棵指标树时选哪一棵")
    ] = None,
    policy: Annotated[
        str | None, typer.Option("--policy", metavar="编号", help="地区办法:把它的封顶、否决情形列入“情形核查”表")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="文件已存在时覆盖")] = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Write the template of a pack."""
    from workbench.base.errors import FileError, Place, PlanError, Problem
    from workbench.base.text import suggest
    from workbench.evidence.template import write_template
    from workbench.scheme.library import load_pack

    _, library = installed(workspace, code=False)
    note_sealed(workspace)
    loaded = load_pack(find_pack(pack, library))
    if variant is not None and variant not in loaded.variants:
        fix = suggest(variant, loaded.variants) or "该指标包没有可选的指标树,请去掉 --variant"
        raise PlanError(Problem("variant", "没有这棵指标树", Place(loaded.id), variant, fix=fix))
    caps = [(cap.code, cap.event) for cap in library.policy(policy).caps] if policy is not None else []
    if output.suffix.lower() != ".xlsx":
        problem = Problem("template_suffix", "模板是 Excel 工作簿", found=output.name, expected="以 .xlsx 结尾的文件名")
        raise FileError(problem)
    if output.exists() and not force:
        fix = "请换一个文件名,或加 --force 覆盖(已填内容会丢失)"
        raise FileError(Problem("file_exists", "文件已存在", found=output.as_posix(), fix=fix))
    output.parent.mkdir(parents=True, exist_ok=True)
    write_template(loaded, output, variant=variant, caps=caps)
    say(f"已生成 {output}。填好后在评价计划的 evidence 中写这个文件的路径。")
