"""``workbench rectify``: problems of a report as items of 整改台账, what was done about them, what is overdue, what is left."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli.chinese import App
from workbench.cli.console import print_json, say, table
from workbench.cli.library import JsonOption
from workbench.cli.report import FolderOption, TextOption

if TYPE_CHECKING:
    from workbench.reports.rectification.listing import Listing
    from workbench.reports.rectification.opening import Changed, Compared
    from workbench.review.rectification.items import Item
    from workbench.runs.rectifying import Rectification

RunArgument = Annotated[str, typer.Argument(metavar="运行", help="评价编号(取定稿后的运行),或运行文件夹")]
EvaluationArgument = Annotated[str, typer.Argument(metavar="评价", help="评价编号,即计划中的 evaluation")]
ItemArgument = Annotated[int, typer.Argument(metavar="序号", min=1, help="整改事项的序号,见 rectify show")]
DayOption = Annotated[
    str, typer.Option("--as-of", metavar="日期", help="计算日,如 2024-09-30:逾期天数算到这一天(程序不读取系统时间)")
]
ByOption = Annotated[str, typer.Option("--by", metavar="姓名", help="办理人:报告整改的人,或核实的人")]
OnOption = Annotated[
    str | None, typer.Option("--on", metavar="日期", help="办理日期,如 2024-06-30;默认为记入台账的日期(北京时间)")
]
FileOption = Annotated[
    list[Path] | None, typer.Option("--file", metavar="文件", help="佐证材料,可写多次;保存在评审台账旁")
]
_SHOWN = 30
"""Characters of a text in a table on the screen."""


def register(app: typer.Typer) -> None:
    """Add the group to ``app``."""
    group = App(
        name="rectify",
        help="整改台账:登记问题、报告和核实整改、列出逾期、转入下一年度评价。",
        epilog="整改事项记在评审台账中,不影响任何得分和运行;没有评审的评价也可以登记。",
        no_args_is_help=True,
    )
    group.command("open", help="把报告文字(report.yaml)中的问题登记为整改事项;已登记的不重复登记。")(open_items)
    group.command("show", help="列出整改事项:责任单位、期限、状态、佐证、逾期天数。")(show)
    group.command("report", help="登记责任单位报来的整改情况;整改完成的加 --done 并附佐证材料。")(report)
    group.command("check", help="核实已报完成的整改:通过,或退回。")(check)
    group.command("out", help="写出整改台账.xlsx 和给各责任单位的整改通知(Word)。")(out)
    group.command("carry", help="把没有核实通过的事项转入同一对象下一年度的评价报告。")(carry)
    app.add_typer(group)


# -- the problems of a report -----------------------------------------------------------------------------------------


def open_items(
    run: RunArgument,
    text: TextOption = None,
    due: Annotated[str | None, typer.Option("--due", metavar="日期", help="全部事项的整改期限,如 2024-09-30")] = None,
    served: Annotated[
        str | None,
        typer.Option("--served", metavar="日期", help="评价结果送达责任单位的日期;“60日内”一类的期限从次日起算"),
    ] = None,
    by: Annotated[str | None, typer.Option("--by", metavar="姓名", help="登记人;默认为本机的成员(主评人)")] = None,
    amend: Annotated[bool, typer.Option("--amend", help="报告中改过的问题,照新的内容和期限变更")] = False,
    reason: Annotated[str | None, typer.Option("--reason", metavar="理由", help="变更的理由,与 --amend 同用")] = None,
    workspace: FolderOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make the report's problems items."""
    from workbench.base.errors import Problem, WorkbenchError
    from workbench.reports.rectification.opening import compared
    from workbench.reports.rectification.terms import Terms
    from workbench.runs.rectifying import rectification
    from workbench.runs.reporting import report_texts

    if amend and not (reason or "").strip():
        raise WorkbenchError(Problem("reason_missing", "须用 --reason 写明变更的理由", fix="如“经批准延期”"))
    until, since = _day(due, "--due") if due else None, _day(served, "--served") if served else None
    root = _workspace(workspace)
    with rectification(run, root, opening=True) as opened:
        source = opened.source()
        rule = next((p.rectification for p in (source.policy, source.national) if p and p.rectification), None)
        texts = report_texts(root, source.result.evaluation, text)
        found = compared(source, texts, Terms(until, since, rule), opened.register.items)
        amended = [c for c in found.changed if amend and not c.item.finished]
        new = _record(opened, found, amended, source.run, by or opened.member.name, reason or "")
        _tell_opened(found, new, [c.item.number for c in amended], source.result.evaluation, as_json)


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


def _tell_opened(found: Compared, new: Sequence[Item], amended: list[int], evaluation: str, as_json: bool) -> None:
    left = [c for c in found.changed if c.item.number not in amended]
    if as_json:
        told = {
            "evaluation": evaluation,
            "opened": [i.number for i in new],
            "known": [i.number for i in found.same],
            "changed": [{"item": c.item.number, "parts": list(c.what)} for c in left],
            "amended": amended,
            "not_in_report": [i.number for i in found.gone],
        }
        print_json(told)
        return
    if new:
        rows = [
            (str(i.number), _short(i.matter.title), _short(i.matter.responsible), i.matter.due, i.matter.basis)
            for i in new
        ]
        say(table(("序号", "问题", "责任单位", "整改期限", "期限依据"), rows))
    say(f"新登记{len(new)}项整改事项,已登记未变{len(found.same)}项,变更{len(amended)}项。")
    for change in left:
        fix = "已核实通过,不再变更" if change.item.finished else "台账未改;照报告变更的,请加 --amend --reason 理由"
        say(
            f"提示:第{change.item.number}项“{_short(change.item.matter.title)}”与报告不同({'、'.join(change.what)}):{fix}。"
        )
    for item in found.gone:
        say(f"提示:第{item.number}项“{_short(item.matter.title)}”在报告中已没有;事项仍在台账中。")
    for remark in found.remarks:
        say(f"提示:{remark}")
    say(f"\n下一步:workbench rectify out {evaluation} --as-of 日期 写出整改台账和整改通知。")


# -- what becomes of them ---------------------------------------------------------------------------------------------


def show(
    evaluation: EvaluationArgument,
    as_of: DayOption,
    overdue: Annotated[bool, typer.Option("--overdue", help="只列逾期未完成的")] = False,
    workspace: FolderOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the items."""
    from workbench.reports.rectification.listing import as_data
    from workbench.runs.rectifying import rectification

    day = _day(as_of, "--as-of")
    with rectification(evaluation, _workspace(workspace)) as opened:
        listing = opened.listing(day)
    items = listing.overdue if overdue else list(listing.items)
    if as_json:
        about = {"evaluation": evaluation, "as_of": as_of, "events": listing.events, "head": listing.head}
        print_json(about | {"items": [as_data(i, day) for i in items]})
        return
    if items:
        heads = ("序号", "问题", "责任单位", "整改期限", "状态", "逾期", "佐证材料")
        say(table(heads, [_row(i, listing) for i in items]))
    elif overdue:
        say("没有逾期未完成的整改事项。")
    say(f"{listing.count}(计算日 {as_of})。")
    _warn_ahead(listing)


def _row(item: Item, listing: Listing) -> tuple[str, ...]:
    from workbench.reports.rectification.listing import late_text, proofs
    from workbench.review.rectification.items import STATUS_WORDS

    matter = item.matter
    where = (str(item.number), _short(matter.title), _short(matter.responsible), matter.due)
    return (*where, STATUS_WORDS[item.status], late_text(item, listing.as_of), _short("、".join(proofs(item))))


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
    with rectification(evaluation, _workspace(workspace)) as opened:
        found = opened.register.item(item)
        said = {"item": found.seq, "done": done, "text": text, "by": by, "on": _day_text(on)}
        event = opened.register.say("item_reported", files, **said)
        _tell_status(opened, item, event.seq)


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
    from workbench.runs.rectifying import rectification

    files = _read(file or [])
    with rectification(evaluation, _workspace(workspace)) as opened:
        found = opened.register.item(item)
        seen = found.report.seq if found.report is not None else found.seq
        said = {"item": found.seq, "report": seen, "accepted": accept, "reason": reason, "by": by, "on": _day_text(on)}
        event = opened.register.say("item_checked", files, **said)
        _tell_status(opened, item, event.seq)


def _tell_status(opened: Rectification, number: int, event: int) -> None:
    from workbench.review.rectification.items import STATUS_WORDS

    item = opened.register.item(number)
    say(f"已记入评审台账第{event}号。第{number}项“{_short(item.matter.title)}”:{STATUS_WORDS[item.status]}。")


# -- papers, and the year after ---------------------------------------------------------------------------------------


def out(
    evaluation: EvaluationArgument,
    as_of: DayOption,
    folder: Annotated[
        Path | None, typer.Option("--out", metavar="文件夹", help="写到哪里;默认工作区的 reports/评价编号/整改/")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="覆盖写出后改动过的文件")] = False,
    workspace: FolderOption = None,
) -> None:
    """Write the workbook and the notices."""
    from workbench.reports.rectification.notice import notices
    from workbench.reports.rectification.workbook import workbook
    from workbench.runs.outputs import write_outputs
    from workbench.runs.rectifying import rectification

    root = _workspace(workspace)
    with rectification(evaluation, root) as opened:
        listing = opened.listing(_day(as_of, "--as-of"))
    target = folder if folder is not None else root / "reports" / evaluation / "整改"
    files = [("整改台账.xlsx", workbook(listing)), *notices(listing)]
    written = write_outputs(files, target, force=force)
    say(f"已写出{len(written)}个文件:{target.as_posix()}")
    for path in written:
        say(f"  {path.name}")
    say(f"{listing.count}(计算日 {as_of})。")
    _warn_ahead(listing)


def carry(
    evaluation: EvaluationArgument,
    following: Annotated[str, typer.Argument(metavar="下年评价", help="同一对象下一年度评价的编号")],
    as_of: DayOption,
    text: TextOption = None,
    same: Annotated[bool, typer.Option("--same", help="两项评价的对象名称不同,但确为同一对象")] = False,
    workspace: FolderOption = None,
) -> None:
    """Put what is left beside next year's texts."""
    from workbench.reports.rectification.carrying import caps_about
    from workbench.runs.carrying import carried
    from workbench.runs.rectifying import rectification

    root = _workspace(workspace)
    with rectification(evaluation, root) as opened:
        listing = opened.listing(_day(as_of, "--as-of"))
        done = carried(opened, listing, following, text, same=same)
        source = opened.source()
    left = len(done.earlier.items)
    say(f"共{done.earlier.opened}项整改事项,核实通过{done.earlier.opened - left}项,转入{left}项(计算日 {as_of})。")
    for item in done.earlier.items:
        say(
            f"  第{item.number}项 {_short(item.title)}({item.status}{f',逾期{item.days_late}天' if item.overdue else ''})"
        )
    say(f"已写入 {done.file.as_posix()};{following} 的评价报告将在“存在的问题及原因分析”一章列出。")
    for remark in done.remarks:
        say(f"提示:{remark}")
    _warn_ahead(listing)
    if any(i.overdue or i.status == "核实不通过" for i in done.earlier.items):
        for cap in caps_about(source.policy, source.national):
            say(f"提示:请核实后在 {following} 佐证资料的“情形核查”表中填写 {cap.code}({cap.event})的核查结果。")


# -- shared -----------------------------------------------------------------------------------------------------------


def _workspace(given: Path | None) -> Path:
    from workbench.runs.workspace import find_workspace

    return given.resolve() if given is not None else find_workspace()


def _day(text: str, option: str) -> date:
    from workbench.base.errors import Problem, WorkbenchError

    try:
        if len(text) == len("2024-06-30"):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise WorkbenchError(Problem("not_a_day", f"{option} 不是日期", found=text, expected="2024-06-30 这样的日期"))


def _day_text(text: str | None) -> str | None:
    return _day(text, "--on").isoformat() if text is not None else None


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


def _short(text: str) -> str:
    from workbench.base.errors import shorten

    return shorten(text, _SHOWN) if len(text) <= _SHOWN else f"{shorten(text[: _SHOWN - 1])}…"


def _warn_ahead(listing: Listing) -> None:
    if listing.ahead:
        say("提示:台账中有晚于计算日的办理日期,逾期天数可能偏少;请核对 --as-of。")
