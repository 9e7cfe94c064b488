"""``workbench rectify open``: the problems of a report become items of 整改台账, or are compared with those there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from workbench.cli.console import print_json, say, table
from workbench.cli.library import JsonOption
from workbench.cli.rectify_shared import RegistrarOption, day, short, workspace_of
from workbench.cli.report import FolderOption, TextOption

if TYPE_CHECKING:
    from workbench.reports.rectification.opening import Changed, Compared
    from workbench.reports.rectification.terms import Terms
    from workbench.review.rectification.items import Item
    from workbench.runs.rectifying import Rectification

RunArgument = Annotated[str, typer.Argument(metavar="运行", help="评价编号(取定稿后的运行),或运行文件夹")]


def open_items(
    run: RunArgument,
    text: TextOption = None,
    due: Annotated[
        str | None, typer.Option("--due", metavar="日期", help="报告中全部问题的整改期限,如 2024-09-30")
    ] = None,
    served: Annotated[
        str | None,
        typer.Option("--served", metavar="日期", help="评价结果送达责任单位的日期;“60日内”一类的期限从次日起算"),
    ] = None,
    by: RegistrarOption = None,
    amend: Annotated[bool, typer.Option("--amend", help="报告中改过的问题,照新的内容和期限变更")] = False,
    reason: Annotated[str | None, typer.Option("--reason", metavar="理由", help="变更的理由,与 --amend 同用")] = None,
    workspace: FolderOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make the report's problems items."""
    from workbench.base.errors import Problem, WorkbenchError
    from workbench.reports.rectification.opening import compared
    from workbench.runs.rectifying import rectification
    from workbench.runs.reporting import report_texts

    if amend != bool((reason or "").strip()):
        message = "须用 --reason 写明变更的理由" if amend else "--reason 只与 --amend 同用"
        raise WorkbenchError(Problem("reason_missing", message, fix="如 --amend --reason 复核后修改"))
    terms = _terms(due, served)
    root = workspace_of(workspace)
    with rectification(run, root, opening=True) as opened:
        source = opened.source()
        rule = next((p.rectification for p in (source.policy, source.national) if p and p.rectification), None)
        texts = report_texts(root, source.result.evaluation, text, source)
        found = compared(source, texts, replace(terms, rule=rule), opened.register.items)
        amended = [c for c in found.changed if amend and c.item.status != "accepted"]
        new = _record(opened, found, amended, source.run, by or opened.member.name, reason or "")
    if as_json:
        print_json(_as_data(found, new, amended, source.result.evaluation))
    else:
        _tell(found, new, amended, source.result.evaluation)


def _terms(due: str | None, served: str | None) -> Terms:
    """What was said on the command line. Raises WorkbenchError when it contradicts itself."""
    from workbench.base.errors import WorkbenchError
    from workbench.reports.rectification.terms import Terms

    typed = ((due, "--due"), (served, "--served"))
    until, since = (day(text, option) if text is not None else None for text, option in typed)
    terms = Terms(until, since)
    contradiction = terms.before_service(until) if until is not None else None
    if contradiction is not None:
        raise WorkbenchError(contradiction)
    return terms


def _record(
    opened: Rectification, found: Compared, amended: Sequence[Changed], run: str, by: str, reason: str
) -> list[Item]:
    """Write down what is new and what is amended; gives the new items."""
    register = opened.register
    for matter in found.new:
        register.say("item_opened", run=run, matter=matter, by=by)
    for change in amended:
        register.say("item_amended", item=change.item.seq, run=run, matter=change.matter, reason=reason, by=by)
    return register.items[-len(found.new) :] if found.new else []


def _as_data(found: Compared, new: Sequence[Item], amended: Sequence[Changed], evaluation: str) -> dict[str, Any]:
    return {
        "evaluation": evaluation,
        "opened": [i.number for i in new],
        "known": [i.number for i in found.same],
        "changed": [{"item": c.item.number, "parts": list(c.what)} for c in found.changed if c not in amended],
        "amended": [c.item.number for c in amended],
        "not_in_report": [i.number for i in found.gone],
        "remarks": [r.as_dict() for r in found.remarks],
    }


def _tell(found: Compared, new: Sequence[Item], amended: Sequence[Changed], evaluation: str) -> None:
    if new:
        rows = [
            (str(i.number), short(i.matter.title), short(i.matter.responsible), i.matter.due, i.matter.basis)
            for i in new
        ]
        say(table(("序号", "问题", "责任单位", "整改期限", "期限依据"), rows))
    say(f"新登记{len(new)}项整改事项,已登记未变{len(found.same)}项,变更{len(amended)}项。")
    for change in amended:
        say(
            f"第{change.item.number}项“{short(change.item.matter.title)}”已变更:{_moved(change)}。{_told_before(change)}"
        )
    for change in found.changed:
        if change not in amended:
            accepted = change.item.status == "accepted"
            fix = "已核实通过,不再变更" if accepted else "台账未改;照报告变更的,请加 --amend --reason 理由"
            what = f"“{short(change.item.matter.title)}”与报告不同({'、'.join(change.what)})"
            say(f"提示:第{change.item.number}项{what}:{fix}。")
    for item in found.gone:
        fix = "" if item.finished else ",不需整改的用 rectify withdraw 撤销"
        say(f"提示:第{item.number}项“{short(item.matter.title)}”在报告中已没有;事项仍在台账中{fix}。")
    for remark in found.remarks:
        say(f"提示:{remark}")
    say(f"\n下一步:workbench rectify out {evaluation} --as-of 日期 写出整改台账和整改通知。")


def _moved(change: Changed) -> str:
    """What was amended; the due date from which to which."""
    before, now = change.item.matter.due, change.matter.due
    return "、".join(f"{word}由{before}改为{now}" if word == "整改期限" else word for word in change.what)


def _told_before(change: Changed) -> str:
    """Whose earlier amendment this one takes the place of."""
    from workbench.base.errors import shorten
    from workbench.reports.rectification.listing import step_text
    from workbench.review.rectification.bodies import ItemAmended

    earlier = [e for e in change.item.steps if isinstance(e.body, ItemAmended)]
    return f"代替了此前的变更:{shorten(step_text(earlier[-1]))}。" if earlier else ""
