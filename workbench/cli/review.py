"""``workbench review``: the review page of a run in a browser."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli.console import say

if TYPE_CHECKING:
    from workbench.runs.reviewing import Opened

RunArgument = Annotated[str, typer.Argument(metavar="运行", help="评价编号(取最近一次运行),或运行文件夹")]
FolderOption = Annotated[
    Path | None,
    typer.Option("--workspace", "-w", metavar="文件夹", help="工作区文件夹(默认为当前所在的工作区)"),
]
LOCAL = "127.0.0.1"


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
    no_browser: Annotated[bool, typer.Option("--no-browser", help="不自动打开浏览器")] = False,
    workspace: FolderOption = None,
) -> None:
    """Serve the review page until interrupted."""
    from workbench.runs.reviewing import serve_review

    if ip != LOCAL and not url.startswith("https://"):
        say(
            "注意:评审页将对网络开放,且未加密,同一网络中的人可能截获链接和内容。"
            "请只在可信的网络中使用,或在前面设置提供 https 的反向代理并用 --url 写明网址。",
            error=True,
        )

    def ready(opened: Opened, address: str, link: str) -> None:
        say(_started(run, opened, address, link))
        if not no_browser:
            _open_browser(link)

    serve_review(run, ready, workspace=workspace, ip=ip, port=port, public=url)
    say("评审页已关闭;台账中的内容已保存。")


def _started(run: str, opened: Opened, address: str, link: str) -> str:
    return "\n".join(
        [
            f"专家评审已开始:{opened.docket.result.title}",
            f"  网址      {address}",
            f"  本人链接  {link}",
            "            一小时内打开一次有效;请勿转发,专家各有自己的链接。",
            f"  发放链接  另开一个终端运行 workbench panel links {run},或在页面的“评审组”中发放",
            f"  评审台账  {opened.ledger.where}",
            "按 Ctrl-C 结束。",
        ]
    )


def _open_browser(link: str) -> None:
    import threading
    import webbrowser

    # Some browsers keep the call waiting until they are closed.
    threading.Thread(target=webbrowser.open, args=(link,), daemon=True).start()
