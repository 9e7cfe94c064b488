"""What the commands of ``workbench rectify`` have in common: arguments, days, short texts."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli.console import say

if TYPE_CHECKING:
    from workbench.reports.rectification.listing import Listing
    from workbench.runs.rectifying import Rectification

EvaluationArgument = Annotated[str, typer.Argument(metavar="评价", help="评价编号,即计划中的 evaluation")]
ItemArgument = Annotated[int, typer.Argument(metavar="序号", min=1, help="整改事项的序号,见 rectify show")]
RegistrarOption = Annotated[str | None, typer.Option("--by", metavar="姓名", help="办理人;默认为本机的成员(主评人)")]
_SHOWN = 30
"""Characters of a text in a table on the screen."""


def workspace_of(given: Path | None) -> Path:
    """The workspace named, or the one around the current folder."""
    from workbench.runs.workspace import find_workspace

    return given.resolve() if given is not None else find_workspace()


def day(text: str, option: str) -> date:
    """A day as typed. Raises WorkbenchError, naming the option."""
    from workbench.base.errors import Problem, WorkbenchError
    from workbench.reports.rectification.terms import YEARS

    try:
        if len(text) == len("2024-06-30") and date.fromisoformat(text).year in YEARS:
            return date.fromisoformat(text)
    except ValueError:
        pass
    expected = f"2024-06-30 这样的日期({YEARS[0]}—{YEARS[-1]}年)"
    raise WorkbenchError(Problem("not_a_day", f"{option} 不是日期", found=text, expected=expected))


def short(text: str) -> str:
    """A text for a cell of a table on the screen."""
    from workbench.base.errors import shorten

    return shorten(text, _SHOWN) if len(text) <= _SHOWN else f"{shorten(text[: _SHOWN - 1])}…"


def tell_status(opened: Rectification, number: int, event: int) -> None:
    """What was recorded, and where the item stands now."""
    from workbench.review.rectification.items import STATUS_WORDS

    item = opened.register.item(number)
    due = "" if item.finished else f",整改期限{item.matter.due}"
    say(f"已记入评审台账第{event}号。第{number}项“{short(item.matter.title)}”:{STATUS_WORDS[item.status]}{due}。")


def tell_remarks(listing: Listing) -> None:
    """What the reader of a list should know."""
    for remark in listing.remarks:
        say(f"提示:{remark}。")
