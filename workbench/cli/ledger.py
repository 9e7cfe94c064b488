"""``workbench ledger``: check the review ledger, take a copy of it, bring one in, read refused attempts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from workbench.base.errors import LedgerError
from workbench.cli.chinese import App
from workbench.cli.console import print_json, say, table
from workbench.cli.library import JsonOption

if TYPE_CHECKING:
    from workbench.review.ledger.store import SqlLedger
    from workbench.review.ledger.verify import RunHead, Verification

EvaluationArgument = Annotated[str, typer.Argument(metavar="评价", help="评价编号,即计划中的 evaluation")]
FolderOption = Annotated[
    Path | None,
    typer.Option("--workspace", "-w", metavar="文件夹", help="工作区文件夹(默认为当前所在的工作区)"),
]


def register(app: typer.Typer) -> None:
    """Add the group to ``app``."""
    group = App(
        name="ledger",
        help="核对、导出、导入评审台账,查看被拒绝的操作。",
        epilog="台账在工作区的 reviews/评价/ 下;设置环境变量 WORKBENCH_LEDGER 后在 PostgreSQL 数据库中。",
        no_args_is_help=True,
    )
    group.command("verify", help="核对台账是否完整、未被改动;不可信时退出码为 4。")(ledger_verify)
    group.command("export", help="把台账导出为文本文件,每行一条事件。")(ledger_export)
    group.command("import", help="把导出的文件导入为新的台账;先核对,全部导入或全不导入。")(ledger_import)
    group.command("log", help="列出被拒绝的操作:何时、何人、何事、为何。")(ledger_log)
    app.add_typer(group)


def ledger_verify(
    evaluation: Annotated[str, typer.Argument(metavar="评价", help="评价编号,或导出的 .jsonl 文件")],
    workspace: FolderOption = None,
    as_json: JsonOption = False,
) -> None:
    """Check a ledger or an exported file; exit with 4 when it cannot be believed."""
    from workbench.review.ledger.jsonl import read_export
    from workbench.review.ledger.verify import verify

    folder = _workspace(workspace)
    file = Path(evaluation)
    if file.suffix == ".jsonl":
        found = verify(file, _run_heads(folder, read_export(file).ledger))
    else:
        with _open(folder, evaluation) as ledger:
            found = verify(ledger, _run_heads(folder, evaluation))
    if as_json:
        print_json(_as_dict(found))
        raise typer.Exit(0 if found.passed else LedgerError.exit_code)
    for sentence in found.verdict():
        say(sentence)
    if not found.passed:
        raise LedgerError(found.problems)


def _as_dict(found: Verification) -> dict[str, Any]:
    return {
        "ledger": found.ledger,
        "passed": found.passed,
        "events": found.head.seq,
        "head": found.head.hash,
        "runs": found.runs,
        "covered": found.covered,
        "attachments": found.attachments,
        "withheld": found.withheld,
        "verdict": found.verdict(),
        "problems": [p.as_dict() for p in found.problems],
    }


def ledger_export(
    evaluation: EvaluationArgument,
    file: Annotated[Path, typer.Argument(metavar="文件", help="写到哪里,如 台账.jsonl;已有的文件不会被覆盖")],
    workspace: FolderOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write the ledger to a text file."""
    from workbench.review.ledger.jsonl import write_export

    with _open(_workspace(workspace), evaluation) as ledger:
        head = write_export(ledger, file)
    if as_json:
        print_json({"file": file.as_posix(), "events": head.seq, "head": head.hash})
    else:
        say(f"已导出{head.seq}条事件:{file}")
        say(f"末尾哈希 {head.hash}")
        say("附件不在文件中;请连同台账旁的 attachments 文件夹一起保存。")


def ledger_import(
    evaluation: EvaluationArgument,
    file: Annotated[Path, typer.Argument(metavar="文件", help="导出的 .jsonl 文件")],
    workspace: FolderOption = None,
    as_json: JsonOption = False,
) -> None:
    """Bring an exported ledger in."""
    from workbench.review.ledger.jsonl import attachments_lacking, sound_export

    export = sound_export(file, evaluation)
    with _open(_workspace(workspace), evaluation, filling=True) as ledger:
        ledger.fill(export.rows)
        lacking = attachments_lacking(export, ledger)
    if as_json:
        print_json({"ledger": evaluation, "events": len(export.rows), "attachments_lacking": lacking})
        return
    say(f"已导入{len(export.rows)}条事件:{ledger.where}")
    if lacking:
        say(f"缺少附件{len(lacking)}份,请把原来的 attachments 文件夹复制到台账旁:{'、'.join(lacking)}")


def ledger_log(evaluation: EvaluationArgument, workspace: FolderOption = None, as_json: JsonOption = False) -> None:
    """List refused attempts."""
    from workbench.review.ledger.words import action_word

    with _open(_workspace(workspace), evaluation) as ledger:
        refusals = ledger.refusals()
    if as_json:
        print_json([vars(r) for r in refusals])
        return
    rows = [
        (r.at, r.actor, action_word(r.action), ";".join(str(p["message"]) for p in r.problems), r.address or "")
        for r in refusals
    ]
    say(table(("时间(UTC)", "人员", "操作", "拒绝原因", "来源地址"), rows) if rows else "没有被拒绝的操作。")


def _workspace(given: Path | None) -> Path:
    from workbench.runs.workspace import find_workspace

    return given or find_workspace()


def _open(workspace: Path, evaluation: str, *, filling: bool = False) -> SqlLedger:
    from workbench.review.ledger.store import open_ledger

    return open_ledger(workspace, evaluation, create=filling, moving=filling)


def _run_heads(workspace: Path, evaluation: str) -> list[RunHead]:
    """What the runs of an evaluation say about its ledger, oldest first; one that cannot be read is named and left out."""
    from workbench.review.ledger.verify import RunHead

    found = []
    for result in _results(workspace, evaluation):
        run = f"{evaluation}/{result.parent.name}"
        try:
            found.append(RunHead(run, str(json.loads(result.read_bytes())["ledger_head"])))
        except (OSError, ValueError, KeyError, TypeError):
            say(f"提示:runs/{run} 的 result.json 读不出来,没有与之对照。", error=True)
    return found


def _results(workspace: Path, evaluation: str) -> Iterator[Path]:
    from workbench.runs.store import RESULT, runs_root

    files = (runs_root(workspace) / evaluation).glob(f"[!.]*/{RESULT}")
    yield from sorted(files, key=lambda file: (file.stat().st_mtime, file.parent.name))
