"""``workbench rectify``: problems of a report as items of 整改台账, what was done about them, what is overdue, what is left."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli.chinese import App
from workbench.cli.console import print_json, say, table
from workbench.cli.library import JsonOption
from workbench.cli.rectify_open import open_items
from workbench.cli.rectify_shared import EvaluationArgument, day, short, tell_remarks, workspace_of
from workbench.cli.rectify_steps import check, extend, report, withdraw
from workbench.cli.report import FolderOption, TextOption

if TYPE_CHECKING:
    from workbench.reports.rectification.listing import Listing
    from workbench.review.rectification.items import Item

DayOption = Annotated[
    str,
    typer.Option("--as-of", metavar="日期", help="计算日,如 2024-09-30:办理情况和逾期算到这一天(程序不读取系统时间)"),
]


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
    group.command("extend", help="变更一项的整改期限(如经批准延期)。")(extend)
    group.command("withdraw", help="撤销一项:登记有误、重复或不需整改的;记录留在台账里。")(withdraw)
    group.command("out", help="写出整改台账.xlsx、整改情况报告和给各责任单位的整改通知(Word)。")(out)
    group.command("carry", help="把整改事项及其整改情况转入同一对象下一年度的评价报告。")(carry)
    app.add_typer(group)


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

    on = day(as_of, "--as-of")
    with rectification(evaluation, workspace_of(workspace)) as opened:
        listing = opened.listing(on)
    items = listing.overdue if overdue else list(listing.items)
    if as_json:
        about = {"evaluation": listing.evaluation, "as_of": as_of, "events": listing.events, "head": listing.head}
        print_json(about | {"remarks": listing.remarks, "items": [as_data(i, listing) for i in items]})
        return
    if items:
        heads = ("序号", "问题", "责任单位", "整改期限", "状态", "逾期", "佐证材料")
        say(table(heads, [_row(i, listing) for i in items]))
    elif overdue:
        say(f"截至{as_of},没有逾期未完成的整改事项。")
    say(f"{listing.count}(计算日 {as_of})。")
    tell_remarks(listing)


def _row(item: Item, listing: Listing) -> tuple[str, ...]:
    from workbench.reports.rectification.listing import late_text, proofs
    from workbench.review.rectification.items import STATUS_WORDS

    matter = item.matter
    about = f"({'、'.join(matter.subjects)})" if matter.subjects else ""
    where = (str(item.number), short(f"{matter.title}{about}"), short(matter.responsible), matter.due)
    files = short("、".join(proofs(item, listing.lost)))
    return (*where, STATUS_WORDS[item.status], late_text(item, listing.as_of), files)


def out(
    evaluation: EvaluationArgument,
    as_of: DayOption,
    folder: Annotated[
        Path | None, typer.Option("--out", metavar="文件夹", help="写到哪里;默认工作区的 reports/评价编号/整改/")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="覆盖写出后改动过的文件")] = False,
    workspace: FolderOption = None,
) -> None:
    """Write the workbook, the report on how far things are, and the notices."""
    from workbench.reports.rectification.notice import NOTICE, notices
    from workbench.reports.rectification.standing import standing_chart
    from workbench.reports.rectification.summary import summary
    from workbench.reports.rectification.workbook import workbook
    from workbench.reports.save import png_bytes
    from workbench.runs.outputs import write_outputs
    from workbench.runs.rectifying import rectification

    root = workspace_of(workspace)
    with rectification(evaluation, root) as opened:
        listing = opened.listing(day(as_of, "--as-of"))
    target = folder if folder is not None else root / "reports" / listing.evaluation / "整改"
    picture = png_bytes(standing_chart(listing))
    tables = [("整改台账.xlsx", workbook(listing, picture)), ("整改情况报告.docx", summary(listing, picture))]
    written = write_outputs([*tables, *notices(listing)], target, force=force)
    say(f"已写出{len(written)}个文件:{target.as_posix()}")
    for path in written:
        say(f"  {path.name}")
    stale = sorted(p.name for p in target.glob(f"{NOTICE}-*.docx") if p not in written)
    if stale:
        say(f"提示:以前写出的通知已没有要整改的事项,请勿再用:{'、'.join(stale)}。")
    say(f"{listing.count}(计算日 {as_of})。")
    tell_remarks(listing)


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

    root = workspace_of(workspace)
    with rectification(evaluation, root) as opened:
        listing = opened.listing(day(as_of, "--as-of"))
        done = carried(opened, listing, following, text, same=same)
        source = opened.source()
    items, left = done.earlier.items, done.earlier.left
    say(f"共{len(items)}项整改事项,核实通过{len(items) - len(left)}项,转入{len(left)}项(计算日 {as_of})。")
    for item in left:
        late = f",逾期{item.days_late}天" if item.overdue else ""
        say(f"  第{item.number}项 {short(item.title)}({item.status}{late})")
    say(f"已写入 {done.file.as_posix()};{following} 的评价报告将在“存在的问题及原因分析”一章列出全部事项。")
    for remark in done.remarks:
        say(f"提示:{remark}")
    tell_remarks(listing)
    if any(i.overdue or i.status == "核实不通过" for i in done.earlier.items):
        for cap in caps_about(source.policy, source.national):
            say(f"提示:请核实后在 {following} 佐证资料的“情形核查”表中填写 {cap.code}({cap.event})的核查结果。")
