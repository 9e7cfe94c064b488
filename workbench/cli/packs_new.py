"""``workbench packs new``: a small pack of the same shape as ours, with notebook, worked example and test."""

from __future__ import annotations

import re
from pathlib import Path
from string import Template
from typing import Annotated

import typer

from workbench.cli.console import say

SCAFFOLD = Path(__file__).parent / "scaffold"
SUFFIX = ".txt"
"""Ending of the scaffold's files, so that no tool takes them for files of this project."""
NAME_MARK = "__name__"
"""Stands for the pack's id in the names of the scaffold's files."""
MODULE_PREFIX = "workbench_pack_"


def packs_new(
    name: Annotated[str, typer.Argument(metavar="编号", help="指标包编号:小写英文字母、数字和短横线,如 rural-roads")],
    directory: Annotated[
        Path | None, typer.Option("--dir", metavar="文件夹", help="建在哪个文件夹下(默认为当前工作区的 packs/)")
    ] = None,
    title: Annotated[str | None, typer.Option("--title", metavar="名称", help="指标包的中文名称")] = None,
) -> None:
    """Write a new pack."""
    from workbench.runs.workspace import find_workspace

    folder = (directory or find_workspace() / "packs") / _checked(name)
    written = write_pack(folder, name, title or f"{name}指标包")
    say(f"已新建指标包 {folder}({len(written)}个文件)。")
    say("下一步:")
    say(f"  1. 修改 {folder / 'pack.yaml'}")
    say(f"  2. 检查:workbench packs lint {folder}")
    say(f"  3. 测试(在装有工作台和 pytest 的环境中):python -m pytest {folder}")
    say(f"     在工作台的源码目录里:uv run --group test python -m pytest {folder}")
    say(f"  4. 看算例的笔记本和图:workbench run {folder / 'example' / 'plan.yaml'}")


def _checked(name: str) -> str:
    from workbench.base.errors import PackError, Problem

    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", name) or len(name) > 40:
        expected = "以小写英文字母开头、由小写字母、数字和短横线组成、不超过40字"
        raise PackError(Problem("pack_name", "指标包编号不合要求", found=name, expected=expected))
    return name


def write_pack(folder: Path, name: str, title: str) -> list[Path]:
    """Write the scaffold into ``folder``; the files written, in order.

    Raises:
        PackError: the folder exists and is not empty.
    """
    from workbench.base.errors import PackError, Problem

    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        problem = Problem(
            "folder_exists", "文件夹已存在且不是空的", found=folder.as_posix(), fix="请换一个编号或 --dir"
        )
        raise PackError(problem)
    values = {"name": name, "title": _one_line(title), "module": MODULE_PREFIX + name.replace("-", "_")}
    written = []
    for source in sorted(p for p in SCAFFOLD.rglob(f"*{SUFFIX}") if p.is_file()):
        target = folder / source.relative_to(SCAFFOLD).with_suffix("").as_posix().replace(NAME_MARK, name)
        target.parent.mkdir(parents=True, exist_ok=True)
        text = Template(source.read_text(encoding="utf-8")).substitute(values)
        # Excel takes a CSV file without the mark for the system's code page and shows Chinese headers garbled.
        encoding = "utf-8-sig" if target.suffix == ".csv" else "utf-8"
        target.write_text(text, encoding=encoding, newline="\n")
        written.append(target)
    return written


def _one_line(title: str) -> str:
    """A title that may stand unquoted in YAML, TOML and Markdown."""
    return re.sub(r"[\"\\#:{}\[\],&*!|>%@`\x00-\x1f]", " ", title).strip(" -?'") or "未命名指标包"
