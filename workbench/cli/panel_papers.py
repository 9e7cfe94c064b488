"""``workbench panel papers``: what is printed for a review meeting, and what is signed and filed after it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli.console import print_json, say
from workbench.cli.library import JsonOption
from workbench.cli.review import FolderOption, RunArgument

if TYPE_CHECKING:
    from workbench.runs.store import StoredRun

HELP = "生成评审用表(Word、Excel):评审手册、签到表、打分表等;已有评审结果的,另出结果表和评审记录。"


def panel_papers(
    run: RunArgument,
    out: Annotated[
        Path | None, typer.Option(metavar="文件夹", help="写到哪里;默认工作区的 reviews/评价编号/papers/")
    ] = None,
    workspace: FolderOption = None,
    force: Annotated[bool, typer.Option("--force", help="覆盖已有的、内容不同的同名文件")] = False,
    as_json: JsonOption = False,
) -> None:
    """Write the meeting pack of a run, and its filled-in papers when it carries a review."""
    from workbench.runs.outputs import write_once
    from workbench.runs.store import find_run
    from workbench.runs.under_review import run_under_review
    from workbench.runs.workspace import find_workspace

    root = workspace.resolve() if workspace is not None else find_workspace()
    stored = find_run(run, root)
    if stored.folder.resolve() != Path(run).resolve():
        stored = run_under_review(run, root)  # not a trial run made meanwhile
    folder = out if out is not None else root / "reviews" / stored.result().evaluation / "papers"
    written = write_once(_made(stored, root, quiet=as_json), folder, force=force)
    if as_json:
        print_json({"folder": folder.as_posix(), "files": [p.name for p in written]})
        return
    say(f"已写出{len(written)}份评审用表:{folder.as_posix()}")
    say("  各表均为示例格式,可改;打分表签名后由代录人录入,扫描件随意见上传,经另一人复核后计入汇总。")


def _made(stored: StoredRun, workspace: Path, *, quiet: bool) -> Iterator[tuple[str, bytes]]:
    """The papers one by one, each announced."""
    for name, data in _papers(stored, workspace):
        if not quiet:
            say(f"… {name}", error=True)
        yield name, data


def _papers(stored: StoredRun, workspace: Path) -> Iterator[tuple[str, bytes]]:
    from workbench.base.errors import CheckFailed
    from workbench.reports.papers.bundle import meeting_papers, review_papers
    from workbench.runs.papers import meeting_of, outcome_of

    stored.check()
    reviewed = outcome_of(stored)
    try:
        yield from meeting_papers(meeting_of(stored, workspace))
    except CheckFailed as error:
        # What was decided is in the run itself; only the pack for another meeting needs the evidence as it was.
        if reviewed is None:
            raise
        say(f"会议用表没有生成:{error}", error=True)
    if reviewed is not None:
        yield from review_papers(reviewed)
