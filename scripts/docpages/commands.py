"""Help of every command, and the exit codes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from docpages.writing import page, table


def commands_page() -> list[str]:
    """Help of every command."""
    from typer.main import get_command
    from typer.testing import CliRunner

    from workbench.cli.app import application

    lines = page(
        "命令与退出码",
        "每条命令都可以加 `--help`。带 `--json` 的命令把结果写成 JSON,供别的程序读取。",
        "以下是各命令的帮助原文。",
    )
    codes = [
        [0, "完成(资料不齐也算完成,输出会说明)"],
        [1, "程序内部错误"],
        [2, "输入有误:计划、工作簿、指标包或命令写法"],
        [3, "笔记本执行失败,或批量任务中有没办成的"],
        [
            4,
            "检查做完了,答案是“不通过”(`packs lint`、`doctor`、`show` 核对文件、`ledger verify`),或台账不可信、写不进去",
        ],
        [130, "被用户中断"],
    ]
    lines += ["## 退出码", "", *table(("退出码", "含义"), codes)]
    runner = CliRunner(env={"COLUMNS": "80", "TERMINAL_WIDTH": "80"})
    for path in _paths(get_command(application())):
        shown = runner.invoke(application(), [*path, "--help"], prog_name="workbench").stdout.rstrip()
        lines += [f"## {' '.join(['workbench', *path])}", "", "```text", shown, "```", ""]
    return lines


def _paths(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    yield path
    children = getattr(command, "commands", {})
    for name in children if path else sorted(children, key=_command_order):
        yield from _paths(children[name], (*path, name))


def _command_order(name: str) -> tuple[int, str]:
    from workbench.cli.chinese import ORDER

    return (ORDER.index(name) if name in ORDER else len(ORDER), name)
