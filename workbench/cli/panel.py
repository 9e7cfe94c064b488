"""``workbench panel``: who is on the panel, their personal links, and taking links back."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.base.errors import NotWritten
from workbench.base.text import inert
from workbench.base.writing import unwritable
from workbench.cli import panel_papers
from workbench.cli.chinese import App
from workbench.cli.console import print_json, quoted, say, table
from workbench.cli.library import JsonOption, at_workspace
from workbench.cli.private import open_private
from workbench.cli.review import FolderOption, RunArgument

if TYPE_CHECKING:
    from workbench.review.access import Handed, Link

MemberOption = Annotated[
    list[str] | None, typer.Option("--member", "-m", metavar="成员", help="成员编号或姓名,可写多次;默认全体成员")
]


def register(app: typer.Typer) -> None:
    """Add the group to ``app``."""
    group = App(name="panel", help="评审组:成员与进度、个人链接的发放和收回、评审用表。", no_args_is_help=True)
    group.command("show", help="列出评审组成员、分工和本轮进度。")(panel_show)
    group.command("links", help="发放个人链接;链接只显示这一次,台账中只存其哈希。")(panel_links)
    group.command("revoke", help="收回一名成员的链接和登录;其已提交的意见不受影响。")(panel_revoke)
    group.command("papers", help=panel_papers.HELP)(panel_papers.panel_papers)
    app.add_typer(group)


def panel_show(run: RunArgument, workspace: FolderOption = None, as_json: JsonOption = False) -> None:
    """Who is on the panel, and how far they are."""
    from workbench.review.access import Access
    from workbench.runs.reviewing import lead_desk, open_panel
    from workbench.scheme.panel import ROLE_WORDS

    opened = open_panel(run, workspace)
    desk = lead_desk(opened)
    progress = {p.expert: p for p in desk.heading(desk.subjects[0][0]).progress}
    links = Access(opened.ledger).links()
    rows = []
    for member in desk.panel.members:
        at = progress.get(member.id)
        rows.append(
            {
                "id": member.id,
                "name": member.name,
                "roles": "、".join(ROLE_WORDS[r] for r in member.roles),
                "specialty": member.specialty or "",
                "judged": f"{at.judged}/{at.assigned}" if at else "",
                "submitted": ("已提交" if at.submitted else "未提交") if at else "",
                "link": _link_state([link for link in links if link.member == member.id]),
            }
        )
    if as_json:
        print_json({"evaluation": opened.ledger.name, "round": desk.state.round, "members": rows})
        return
    heads = ("编号", "姓名", "角色", "专业", "已评/应评", "本轮", "链接")
    say(table(heads, [list(row.values()) for row in rows]))


def _link_state(links: Sequence[Link]) -> str:
    live = [link for link in links if link.live]
    if not live:
        return "未发放" if not links else "已失效"
    return "已进入" if any(link.redeemed_at for link in live) else "已发放"


def panel_links(
    run: RunArgument,
    member: MemberOption = None,
    days: Annotated[int, typer.Option("--days", metavar="天数", min=1, max=365, help="链接的有效天数")] = 14,
    renew: Annotated[bool, typer.Option("--renew", help="重新发放:原链接和登录随即失效")] = False,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="文件", help="写入 CSV 文件(Excel 可直接打开),用后请删除")
    ] = None,
    workspace: FolderOption = None,
) -> None:
    """Issue personal links."""
    from workbench.review.access import Access
    from workbench.runs.reviewing import address_of, lead_desk, open_panel

    opened = open_panel(run, workspace)
    desk = lead_desk(opened)
    address = address_of(opened.ledger.name, opened.workspace)
    if out is not None:
        _check_writable(out)
    handed = Access(opened.ledger).hand_out(desk.panel, desk.actor, address, member or (), days=days, renew=renew)
    if out is not None:
        _write(out, handed)
        say(f"已写入 {out},请逐人发放;发放后请删除该文件。")
    else:
        say(table(("姓名", "链接", "有效期至(北京时间)"), [_line(h) for h in handed]))
    again = f"{quoted(run)}{at_workspace(opened.workspace)}"
    say(f"评审页须在运行(workbench review {again}),链接才能打开;链接只显示这一次,首次进入后只在该浏览器中有效。")


def _line(handed: Handed) -> list[str]:
    from workbench.base.text import moment

    state = "已进入,不重复发放" if handed.opened else "已发放,未进入"
    text = handed.url or f"({state};重新发放请加 --renew)"
    return [handed.member.name, text, moment(handed.expires_at)]


def _check_writable(file: Path) -> None:
    """Before links are issued: one that nobody gets to see is lost."""
    try:
        with open_private(file, "ab"):
            pass
    except OSError as error:
        raise NotWritten(unwritable(error, file, "请检查文件夹和权限,或另选文件", "链接清单")) from None


def _write(file: Path, handed: Sequence[Handed]) -> None:
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(("姓名", "单位", "链接", "有效期至(北京时间)"))
    for h in handed:
        name, text, until = _line(h)
        writer.writerow([inert(c) for c in (name, h.member.organisation or "", text, until)])
    file.write_bytes(b"\xef\xbb\xbf" + stream.getvalue().encode())


def panel_revoke(
    run: RunArgument,
    member: Annotated[str, typer.Option("--member", "-m", metavar="成员", help="成员编号或姓名")],
    workspace: FolderOption = None,
) -> None:
    """Close a member's links and sessions."""
    from workbench.review.access import Access, chosen_member
    from workbench.runs.reviewing import lead_desk, open_panel

    opened = open_panel(run, workspace)
    who = chosen_member(lead_desk(opened).panel, member)
    closed = Access(opened.ledger).revoke(who.id)
    say(f"已收回{who.name}的链接和登录(共{closed}项)。" if closed else f"{who.name}没有有效的链接。")
