"""``workbench rectify report``, ``check``, ``extend``, ``withdraw``: what becomes of one item of 整改台账."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from workbench.cli.console import say
from workbench.cli.rectify_shared import (
    EvaluationArgument,
    ItemArgument,
    RegistrarOption,
    day,
    tell_status,
    workspace_of,
)
from workbench.cli.report import FolderOption

ByOption = Annotated[str, typer.Option("--by", metavar="姓名", help="办理人:报告整改的人,或核实的人")]
OnOption = Annotated[
    str | None, typer.Option("--on", metavar="日期", help="办理日期,如 2024-06-30;默认为记入台账的日期(北京时间)")
]
FileOption = Annotated[
    list[Path] | None, typer.Option("--file", metavar="文件", help="佐证材料,可写多次;保存在评审台账旁")
]
ReasonOption = Annotated[str, typer.Option("--reason", metavar="理由", help="理由,如批准的文号")]


def report(
    evaluation: EvaluationArgument,
    item: ItemArgument,
    text: Annotated[str, typer.Option("--text", metavar="内容", help="做了什么、结果如何")],
    by: ByOption,
    file: FileOption = None,
    done: Annotated[bool, typer.Option("--done", help="整改已完成,请求核实;须附佐证材料")] = False,
    on: OnOption = None,
    workspace: FolderOption = None,
) -> None:
    """Record what a unit has done."""
    from workbench.runs.rectifying import rectification

    files = _read(file or [])
    with rectification(evaluation, workspace_of(workspace)) as opened:
        found = opened.register.item(item)
        said = {"item": found.seq, "done": done, "text": text, "by": by, "on": _day_text(on)}
        event = opened.register.say("item_reported", files, **said)
        tell_status(opened, item, event.seq)


def check(
    evaluation: EvaluationArgument,
    item: ItemArgument,
    reason: Annotated[str, typer.Option("--reason", metavar="意见", help="核实意见:看了什么、是否属实")],
    by: ByOption,
    accept: Annotated[bool, typer.Option("--accept/--reject", help="核实通过,或不通过、退回整改")],
    file: FileOption = None,
    on: OnOption = None,
    workspace: FolderOption = None,
) -> None:
    """Record that somebody else has looked at it."""
    from workbench.base.errors import shorten
    from workbench.reports.rectification.listing import step_text
    from workbench.runs.rectifying import rectification

    files = _read(file or [])
    with rectification(evaluation, workspace_of(workspace)) as opened:
        found = opened.register.item(item)
        seen = found.report.seq if found.report is not None else found.seq
        said = {"item": found.seq, "report": seen, "accepted": accept, "reason": reason, "by": by, "on": _day_text(on)}
        event = opened.register.say("item_checked", files, **said)
        if found.report is not None:
            proofs = "、".join(a.name for a in found.proofs)
            say(f"核实的报告:{shorten(step_text(found.report))}(佐证:{shorten(proofs)})")
        tell_status(opened, item, event.seq)


def extend(
    evaluation: EvaluationArgument,
    item: ItemArgument,
    since: Annotated[str, typer.Option("--from", metavar="日期", help="原来的整改期限;与台账现在的不同,不受理")],
    due: Annotated[str, typer.Option("--due", metavar="日期", help="新的整改期限,如 2024-09-30")],
    reason: ReasonOption,
    by: RegistrarOption = None,
    workspace: FolderOption = None,
) -> None:
    """Give one item another due date. Whoever does so says which one they know of: somebody else may have been quicker."""
    from workbench.base.errors import Problem, ReviewError, shorten
    from workbench.review.rectification.items import MOVED
    from workbench.runs.rectifying import rectification

    known, until = (day(text, option).isoformat() for text, option in ((since, "--from"), (due, "--due")))
    with rectification(evaluation, workspace_of(workspace)) as opened:
        found = opened.register.item(item)
        before = found.matter
        if known != before.due:
            message, fix = f"第{item}项的期限不是这一天,没有变更", "请用 workbench rectify show 查看后再办"
            expected = f"{before.due}({before.basis})"
            raise ReviewError(Problem("due_moved", message, found=known, expected=expected, fix=fix))
        matter = before.model_copy(update={"due": until, "basis": f"由{before.due}{MOVED}{shorten(reason)}"})
        said: dict[str, Any] = {"item": found.seq, "run": found.run, "matter": matter, "by": by or opened.member.name}
        event = opened.register.say("item_amended", reason=reason, **said)
        say(f"整改期限由{before.due}({before.basis})改为{until}。")
        tell_status(opened, item, event.seq)


def withdraw(
    evaluation: EvaluationArgument,
    item: ItemArgument,
    reason: ReasonOption,
    by: RegistrarOption = None,
    workspace: FolderOption = None,
) -> None:
    """Take one item off the register; what was said about it stays."""
    from workbench.runs.rectifying import rectification

    with rectification(evaluation, workspace_of(workspace)) as opened:
        found = opened.register.item(item)
        event = opened.register.say("item_withdrawn", item=found.seq, reason=reason, by=by or opened.member.name)
        tell_status(opened, item, event.seq)


def _day_text(text: str | None) -> str | None:
    return day(text, "--on").isoformat() if text is not None else None


def _read(paths: Sequence[Path]) -> list[tuple[str, bytes]]:
    from workbench.base.errors import FileError, Place, Problem
    from workbench.base.text import reason

    found = []
    for path in paths:
        try:
            found.append((path.name, path.read_bytes()))
        except OSError as error:
            problem = Problem(
                "file_missing", f"佐证材料打不开:{reason(error)}", Place(path.as_posix()), fix="请检查路径"
            )
            raise FileError(problem) from None
    return found
