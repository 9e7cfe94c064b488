"""``workbench report check``: the numbers of anybody's evaluation report against each other; exit with 4 when they contradict."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli.console import print_json, say
from workbench.cli.library import JsonOption, WorkspaceOption, installed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbench.base.errors import Problem
    from workbench.reports.checking.findings import Findings
    from workbench.reports.checking.language.bands import Scale

GROUP = "report"
HELP = "核对评价报告(.docx,谁写的都可以):合计、得分率、等级、金额、文字与表是否一致;只判断认得准的内容。"
EPILOG = "退出码:0 没有发现问题;4 有问题;2 有文件读不出来。没有认出的表和文字不判断,结果末尾写明。"
FOUND, UNREADABLE = 4, 2
_SUFFIXES = (".xlsx", ".csv")


def register(app: typer.Typer) -> None:
    """Add the command to the group ``report``; the root, which every module is offered to, gets nothing."""
    if app.info.name == GROUP:
        app.command("check", help=HELP, epilog=EPILOG)(check)


def check(
    files: Annotated[list[Path], typer.Argument(metavar="报告.docx", help="要核对的报告,可写多个")],
    policy: Annotated[
        str | None,
        typer.Option(metavar="办法", help="按哪个地区办法核对等级;默认用报告自己写明的等级标准,没有写明的用国家默认"),
    ] = None,
    out: Annotated[Path | None, typer.Option(metavar="文件", help="把问题清单另存为 .xlsx 或 .csv,供逐条处理")] = None,
    force: Annotated[bool, typer.Option("--force", help="覆盖已有的、内容不同的同名文件")] = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Check reports one after the other."""
    from workbench.base.errors import FileError
    from workbench.reports.checking.check import check as checked
    from workbench.reports.checking.telling import as_dict, text

    _refuse_suffix(out)
    scale = _scale(policy, workspace)
    answers: list[Findings] = []
    problems: list[Problem] = []
    for n, file in enumerate(files, 1):
        if len(files) > 1:
            say(f"… {n}/{len(files)} {file.as_posix()}", error=True)
        try:
            answers.append(checked(file, scale, forced=policy is not None))
        except FileError as error:
            problems += error.problems
            if not as_json:
                say(error.render(), error=True)
            continue
        if not as_json:
            say(text(answers[-1]))
    if out is not None:
        _write(answers, out, force=force, quiet=as_json)
    if as_json:
        unreadable = [p.as_dict() for p in problems]
        print_json({"scale": scale.text(), "files": [as_dict(a) for a in answers], "unreadable": unreadable})
    elif len(files) > 1:
        faulty = sum(bool(a.found) for a in answers)
        say(
            f"共{len(files)}份报告:有问题的{faulty}份,没有发现问题的{len(answers) - faulty}份,读不出来的{len(problems)}份。"
        )
    raise typer.Exit(UNREADABLE if problems else FOUND if any(a.found for a in answers) else 0)


def _scale(policy: str | None, workspace: Path | None) -> Scale:
    """The bands of a policy; the national ones where it has none of its own."""
    from workbench.reports.checking.language.bands import scale_of
    from workbench.scheme.library import NATIONAL

    library = installed(workspace, code=False)[1]
    return scale_of(library.policy(policy or NATIONAL), library.policy(NATIONAL))


def _refuse_suffix(out: Path | None) -> None:
    if out is None or out.suffix.lower() in _SUFFIXES:
        return
    from workbench.base.errors import Problem
    from workbench.cli.failure import UsageError

    raise UsageError(Problem("suffix", "--out 须为 .xlsx 或 .csv 文件", found=out.name, fix="例如 --out 问题清单.xlsx"))


def _write(answers: Sequence[Findings], out: Path, *, force: bool, quiet: bool) -> None:
    from workbench.reports.checking.telling import csv_bytes, xlsx_bytes
    from workbench.runs.outputs import write_once

    data = csv_bytes(answers) if out.suffix.lower() == ".csv" else xlsx_bytes(answers)
    write_once([(out.name, data)], out.parent, force=force)
    if not quiet:
        say(f"问题清单:{out.as_posix()}")
