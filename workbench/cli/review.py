"""``workbench review``: the review page of a run in a browser."""

from __future__ import annotations

from contextlib import ExitStack, suppress
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli.console import quoted, say

if TYPE_CHECKING:
    from workbench.runs.reviewing import Opened

RunArgument = Annotated[
    str, typer.Argument(metavar="运行", help="评价编号,或运行文件夹;评审开始后,写编号即打开评审所依据的运行")
]
FolderOption = Annotated[
    Path | None,
    typer.Option("--workspace", "-w", metavar="文件夹", help="工作区文件夹(默认为当前所在的工作区)"),
]
LOCAL = "127.0.0.1"
OWN_PAGE = "open.html"
"""Beside the ledger; leads whoever started the server to their own link."""


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command(help="在浏览器中打开一次运行的专家评审页;按 Ctrl-C 结束。")(review)


def review(
    run: RunArgument,
    port: Annotated[int, typer.Option("--port", metavar="端口", min=1, max=65535, help="端口")] = 8866,
    ip: Annotated[str, typer.Option("--ip", metavar="地址", help="提供服务的地址;默认只有本机能访问")] = LOCAL,
    url: Annotated[
        str,
        typer.Option(
            "--url", metavar="网址", show_default=False, help="经反向代理对外提供服务时,专家看到的网址(https://…)"
        ),
    ] = "",
    switch: Annotated[
        bool, typer.Option("--switch", help="资料或方案已变并重新运行过:评审改在最近一次运行(或所写的运行文件夹)上继续")
    ] = False,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="不自动打开浏览器")] = False,
    workspace: FolderOption = None,
) -> None:
    """Serve the review page until interrupted."""
    from workbench.cli.library import at_workspace
    from workbench.cli.private import open_link
    from workbench.runs.reviewing import serve_review
    from workbench.runs.workspace import find_workspace, path_from_here

    if ip != LOCAL and not url.startswith("https://"):
        say(
            "注意:评审页将对网络开放,且未加密,同一网络中的人可能截获链接和内容。"
            "请只在可信的网络中使用,或在前面设置提供 https 的反向代理并用 --url 写明网址。",
            error=True,
        )

    # As it is typed here: while the page is served, the review's workspace is found from everywhere.
    root = (workspace or find_workspace()).resolve()
    again, folder = f"{quoted(run)}{at_workspace(root)}", path_from_here(root)

    def ready(opened: Opened, address: str, link: str) -> None:
        say(_started(again, _ledger_place(opened, folder), opened, address, link))
        if not no_browser:
            page = opened.ledger.attachments.folder.with_name(OWN_PAGE)
            ended.callback(page.unlink, missing_ok=True)
            with suppress(OSError):  # the link is on the screen
                open_link(link, page)

    with ExitStack() as ended:
        serve_review(run, ready, workspace=workspace, ip=ip, port=port, public=url, switch=switch)
    say("评审页已关闭;台账中的内容已保存。")


def _ledger_place(opened: Opened, folder: str) -> str:
    """Where the ledger is, as seen from here; ``folder`` is its workspace."""
    where = opened.ledger.where
    return (PurePosixPath(folder) / where).as_posix() if (opened.workspace / where).is_file() else where


def _started(again: str, ledger: str, opened: Opened, address: str, link: str) -> str:
    """``again``: run and workspace as the next command has to name them."""
    return "\n".join(
        [
            f"专家评审已开始:{opened.docket.result.title}",
            f"  网址      {address}",
            f"  本人链接  {link}",
            "            一小时内打开一次有效;请勿转发,专家各有自己的链接。",
            f"  发放链接  另开一个终端运行 workbench panel links {again},或在页面的“评审组”中发放",
            f"  评审台账  {ledger}",
            *_newer(opened),
            "按 Ctrl-C 结束。",
        ]
    )


def _newer(opened: Opened) -> list[str]:
    """That something was run since which the review is not about."""
    if opened.newer is None:
        return []
    return [
        f"  注意      最近一次运行 {opened.newer.name} 所用的资料或方案与评审所依据的不同,评审没有改用它;",
        "            确需改用的,请结束后加 --switch 重新打开,不再适用的意见会逐项标明。",
    ]
