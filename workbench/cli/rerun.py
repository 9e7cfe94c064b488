"""``workbench rerun``: run a dossier again, as it was or with one thing changed (再评价)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from workbench.base.errors import CheckFailed, Problem
from workbench.cli.console import print_json, quoted, say, table
from workbench.cli.library import JsonOption
from workbench.cli.verify import require_there

if TYPE_CHECKING:
    from workbench.dossier.rerunning.rerun import Rerun

HELP = "重跑评价档案:还原到一个新的工作区,在干净的内核里重新运行;也可只改一处作再评价。"


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command("rerun", help=HELP, epilog="退出码:0 完全一致,或已按改动重跑;4 没有改动而结果不一致,或档案不完好。")(
        rerun_command
    )


def rerun_command(
    dossier: Annotated[Path, typer.Argument(metavar="档案", help="评价档案文件(.dossier.zip)")],
    into: Annotated[
        Path | None, typer.Option("--into", metavar="文件夹", help="还原到哪里;默认 reruns/ 下以档案和改动命名")
    ] = None,
    evidence: Annotated[
        Path | None, typer.Option("--evidence", metavar="文件", help="改用更正后的佐证工作簿(或表格文件夹)")
    ] = None,
    scheme: Annotated[
        Path | None, typer.Option("--scheme", metavar="计划", help="改用另一份计划的指标包、指标树、规则集和方案调整")
    ] = None,
    ruleset: Annotated[
        str | None, typer.Option("--ruleset", metavar="规则集", help="改用另一计分规则集:已安装的编号,或 YAML 文件")
    ] = None,
    policy: Annotated[
        str | None, typer.Option("--policy", metavar="办法", help="改用另一地区办法:已安装的编号,或 YAML 文件")
    ] = None,
    without_experts: Annotated[
        bool, typer.Option("--without-experts", help="专家得分不计入,只看计算得分;台账中的数据更正照常采用")
    ] = False,
    panel: Annotated[
        Literal["new"] | None, typer.Option("--panel", metavar="new", help="new:换一个评审组重新评审,台账从头记起")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Run a dossier again."""
    from workbench.dossier.rerunning.changing import Change
    from workbench.dossier.rerunning.rerun import rerun

    require_there(dossier)
    experts: Literal["kept", "dropped", "new"] = "new" if panel else "dropped" if without_experts else "kept"
    change = Change(evidence, scheme, ruleset, policy, experts)
    found = rerun(dossier, into, change, progress=lambda text: None if as_json else say(f"· {text}"))
    if as_json:
        print_json(_as_dict(found))
    else:
        _show(found, dossier, panel)
    if found.differences:
        raise CheckFailed([*found.differences, Problem("not_identical", "重跑的结果与档案不一致", found=dossier.name)])


def _as_dict(found: Rerun) -> dict[str, object]:
    return {
        "identical": found.identical,
        "changed": list(found.changed),
        "without_effect": found.without_effect,
        "corrections": found.corrections,
        "workspace": found.workspace.as_posix(),
        "run": found.outcome.folder.as_posix(),
        "parent": found.outcome.result.parent,
        "differences": [p.as_dict() for p in found.differences],
        "files": list(found.files),
        "environment": list(found.environment),
        "withheld": found.withheld,
        "replayed": [ref.model_dump() for ref in found.replayed],
    }


def _show(found: Rerun, dossier: Path, panel: str | None) -> None:
    from workbench.dossier.telling import rerun_sentences, totals_table
    from workbench.runs.workspace import path_from_here

    totals = totals_table(found)
    say(table(totals.columns, totals.rows))
    for sentence in rerun_sentences(found, path_from_here):
        say(sentence)
    if panel:
        evaluation = quoted(found.outcome.result.evaluation)
        say(f"下一步:workbench review {evaluation} --workspace {quoted(path_from_here(found.workspace))}")
    elif found.changed and not found.without_effect:
        say(f"下一步:workbench compare {quoted(dossier)} {quoted(path_from_here(found.outcome.folder))}")
