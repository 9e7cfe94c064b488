"""``workbench truth``: claimed against verified values, what is proposed, and what finance has confirmed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from workbench.cli.console import print_json, quoted, say, table
from workbench.cli.library import JsonOption, WorkspaceOption, installed

if TYPE_CHECKING:
    from workbench.analysis.truth import Verdict

RESULT, CONFIRMED_RESULT = "核查结果.xlsx", "核查结果(确认后).xlsx"
HELP = "读取填好的真实性核查表:逐项比对自评值与核查值,建议差异分类;只有财政确认的虚报才触发办法的一票否决。"


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command(help=HELP, epilog="程序只提建议;财政部门听取陈述申辩后在核查表的“财政确认”栏填写,再执行一次。")(truth)


def truth(
    sheet: Annotated[Path, typer.Argument(metavar="核查表.xlsx", help="有“真实性核查表”的工作簿")],
    policy: Annotated[str | None, typer.Option(metavar="编号", help="地区办法:一票否决及其条款从这里取")] = None,
    cap: Annotated[
        str | None, typer.Option(metavar="代码", help="办法有几种一票否决时,写明自评不真实对应的情形代码")
    ] = None,
    limits: Annotated[
        Path | None, typer.Option(metavar="文件.yaml", help="差异分类的界限(示例,可改),不写用程序自带的")
    ] = None,
    out: Annotated[Path | None, typer.Option(metavar="文件夹", help="核查结果写到哪里;默认核查表所在文件夹")] = None,
    force: Annotated[bool, typer.Option("--force", help="覆盖已有的、内容不同的核查结果")] = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Propose a class for every difference, and say what confirmed untruths trigger."""
    from workbench.analysis.checksheet import read_check
    from workbench.analysis.classing import EXAMPLE_LIMITS, read_limits
    from workbench.analysis.truth import judge
    from workbench.base.errors import Problem, SamplingError
    from workbench.reports.truth import truth_workbook
    from workbench.runs.outputs import write_once

    if policy is None and cap is not None:
        raise SamplingError(Problem("cap_without_policy", "--cap 须与 --policy 同用", found=cap))
    chosen = installed(workspace, code=False)[1].policy(policy) if policy is not None else None
    checked = read_check(sheet)
    verdict = judge(checked, read_limits(limits) if limits is not None else EXAMPLE_LIMITS, chosen, cap)
    target = _target(sheet, out)
    write_once([(target.name, truth_workbook(verdict))], target.parent, force=force)
    if as_json:
        print_json(_as_dict(verdict, target))
        return
    for note in checked.notes:
        say(f"提示:{note}", error=True)
    if verdict.printed.projects is None:
        say("提示:工作簿里没有“抽样名单”,没有核对这些项目是否都是抽中的、有没有漏掉", error=True)
    _show(verdict)
    say(f"\n已写出 {target.as_posix()}")
    if verdict.cap is not None:
        say("  “情形核查”表的各行可复制到评价工作簿的同名表(对象编号须相同),重新运行后生效。")
    if any(p.waiting for p in verdict.projects):
        say(f"下一步:财政确认填在“真实性核查表”里,再执行 {_next(sheet, target, policy, cap)}")


def _next(sheet: Path, target: Path, policy: str | None, cap: str | None) -> str:
    """The command after finance has filled in more: always from the same sheet, so that one result replaces the other."""
    words = ["workbench truth", quoted(target if target.name == RESULT else sheet)]
    words += [f"--policy {policy}"] * (policy is not None) + [f"--cap {cap}"] * (cap is not None)
    return " ".join(words + ["--force"] * (target.name != RESULT))


def _target(sheet: Path, out: Path | None) -> Path:
    """Where the results go: never over the sheet that finance has filled in."""
    folder = out if out is not None else sheet.parent
    result = folder / RESULT
    return folder / CONFIRMED_RESULT if result.resolve() == sheet.resolve() else result


def _show(verdict: Verdict) -> None:
    from workbench.reports.truth import state_text
    from workbench.scheme.findings import cited

    rows = [
        (
            j.line.project,
            j.line.indicator,
            j.line.claimed,
            j.line.verified or "",
            j.difference,
            j.proposal.kind,
            j.proposal.ground,
            j.outcome,
        )
        for j in verdict.judged
    ]
    say(table(("项目", "指标", "自评值", "核查值", "差异", "建议", "理由", "结果"), rows))
    say("\n建议按示例界限得出(示例,可改),不是认定;认定以财政确认为准。\n")
    _show_contradicted(verdict)
    _show_incomplete(verdict)
    for project in verdict.projects:
        say(f"{project.project} {project.name or ''}:{state_text(verdict, project)}".replace(" :", ":"))
    if verdict.cap is not None and any(p.untrue for p in verdict.projects):
        for consequence in verdict.consequences:
            say(f"后果:{consequence.text}({cited(consequence.clause)})")


def _show_contradicted(verdict: Verdict) -> None:
    """Finance has the last word, but not against the values it is said to rest on: nobody may overlook this."""
    from workbench.analysis.truth import CONTRADICTED, CORRECTION

    if not verdict.contradicted:
        return
    say(f"注意:{CONTRADICTED}({len(verdict.contradicted)}项)", error=True)
    for j in verdict.contradicted:
        values = f"自评值{j.line.claimed},核查值{j.line.verified or '未填'}({j.proposal.ground})"
        say(f"  第{j.line.row}行 {j.line.project} “{j.line.indicator}”:{values},财政确认为虚报", error=True)
    say(f"  {CORRECTION},再执行一次。\n", error=True)


def _show_incomplete(verdict: Verdict) -> None:
    """Confirmed untruths that trigger nothing yet, with what each lacks."""
    from workbench.analysis.truth import INCOMPLETE

    if not verdict.incomplete:
        return
    say(f"注意:{INCOMPLETE}({len(verdict.incomplete)}项),不触发一票否决", error=True)
    for j in verdict.incomplete:
        lacking = "、".join(j.lacking)
        say(f"  第{j.line.row}行 {j.line.project} “{j.line.indicator}”:须补{lacking}", error=True)
    say("  补齐后再执行一次;没有佐证的,请改“财政确认”。\n", error=True)


def _as_dict(verdict: Verdict, target: Path) -> dict[str, Any]:
    lines = [
        {
            "project": j.line.project,
            "indicator": j.line.indicator,
            "claimed": j.line.claimed,
            "verified": j.line.verified,
            "difference": j.difference,
            "proposed": j.proposal.kind,
            "ground": j.proposal.ground,
            "confirmed": j.line.confirmed,
            "outcome": j.outcome,
            "contradicted": j.contradicted,
            "lacking": j.lacking,
        }
        for j in verdict.judged
    ]
    states = [
        {"project": p.project, "state": p.state, "untrue": len(p.untrue), "waiting": len(p.waiting)}
        for p in verdict.projects
    ]
    cap = verdict.cap.model_dump() if verdict.cap is not None else None
    listed = verdict.printed.projects is not None
    return {"file": target.as_posix(), "lines": lines, "projects": states, "cap": cap, "listed": listed}
