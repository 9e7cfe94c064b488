"""``workbench compare``: two evaluations side by side, and which cause answers for how much of the difference."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.base.lines import wrap
from workbench.cli.console import print_json, say

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from workbench.analysis.comparison import Comparison, Thresholds
    from workbench.base.errors import WorkbenchError

COLUMNS = 100
HELP = "对比两次评价(原评价与再评价):逐指标列出差异,把得分差异分解到各项原因,写出复核表、差异构成图和再评价报告。"
SideArgument = Annotated[
    str, typer.Argument(metavar="原评价", help="运行文件夹、评价编号(取最近一次运行),或评价档案文件")
]


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command(help=HELP)(compare)


def compare(
    old: SideArgument,
    new: Annotated[str, typer.Argument(metavar="再评价", help="与之对比的另一次评价,写法相同")],
    mapping: Annotated[
        Path | None,
        typer.Option(metavar="对应表", help="经确认的指标对应表(YAML,每行“原编码: 新编码”),用于两次编码不同的指标"),
    ] = None,
    renamed: Annotated[
        bool, typer.Option("--renamed", help="编号相同而名称不同的评价对象确为同一对象(改过名称)")
    ] = False,
    threshold_points: Annotated[str, typer.Option(metavar="分", help="得分相差达到多少分为差异较大(示例,可改)")] = "10",
    threshold_percent: Annotated[
        str | None, typer.Option(metavar="百分数", help="偏离度达到百分之几为差异较大;默认不按偏离度判断")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="文件夹", help="把 comparison.json、复核表、差异构成图和再评价报告写到这个文件夹"),
    ] = None,
    trust: Annotated[
        list[Path] | None,
        typer.Option(
            "--trust",
            metavar="公钥",
            help="原评价为档案时,可信公钥文件(.pub)或存放它们的文件夹,可写多次;写入报告的档案校验",
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="覆盖已有的、内容不同的同名文件")] = False,
    workspace: Annotated[
        Path | None, typer.Option("--workspace", "-w", metavar="文件夹", help="工作区文件夹(默认为当前所在的工作区)")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出 comparison.json 的内容,供程序读取")] = False,
) -> None:
    """Compare two runs, print what moved and why, and write the papers."""
    from workbench.dossier.compare.comparing import compare as made
    from workbench.dossier.compare.opened import compared
    from workbench.runs.workspace import find_workspace

    limits = _thresholds(threshold_points, threshold_percent)
    codes = {} if mapping is None else read_mapping(mapping)
    if trust and not Path(old).is_file():
        raise _trust_without_dossier(old)
    root = workspace.resolve() if workspace is not None else find_workspace()
    sides = compared(old, root), compared(new, root)
    comparison = made(*sides, mapping=codes, thresholds=limits, other_names=renamed)
    verification = _verified(old, trust or []) if out is not None or trust else None
    written = [] if out is None else _written(comparison, out, verification, force=force, quiet=as_json)
    if as_json:
        print_json(comparison.model_dump())
        return
    from workbench.reports.comparison.terminal import comparison_text

    say(comparison_text(comparison))
    if verification is not None:
        say("\n原评价的档案校验:")
        for line in wrap(verification, COLUMNS - 2):
            say(f"  {line}")
    if out is not None:
        say(f"\n已写出{len(written)}个文件:{out.as_posix()}")
        say("  再评价报告中标明“待评价人员填写”的各项须由再评价人员填写、签名。")


def _trust_without_dossier(given: str) -> WorkbenchError:
    from workbench.base.errors import Problem
    from workbench.cli.failure import UsageError

    fix = "原评价请写档案文件(.dossier.zip),或不写 --trust"
    return UsageError(Problem("no_dossier", "--trust 核对档案的签名,原评价却不是档案", found=given, fix=fix))


def _verified(name: str, trust: Sequence[Path]) -> str | None:
    """What verifying the first evaluation's dossier found, in a sentence for the report; None for a run."""
    if not Path(name).is_file():
        return None
    from workbench.dossier.telling import verdict
    from workbench.dossier.trust.keys import trusted_keys
    from workbench.dossier.verifying.verify import verify
    from workbench.plugins.manager import load_plugins

    algorithms = load_plugins().algorithms
    return verdict(verify(Path(name), trusted_keys(trust, algorithms) if trust else None, algorithms))


def _written(comparison: Comparison, out: Path, verification: str | None, *, force: bool, quiet: bool) -> list[Path]:
    from workbench.reports.comparison.bundle import comparison_files
    from workbench.runs.outputs import write_once

    def files() -> Iterator[tuple[str, bytes]]:
        for name, data in comparison_files(comparison, verification):
            if not quiet:
                say(f"… {name}", error=True)
            yield name, data

    return write_once(files(), out, force=force)


def _thresholds(points: str, percent: str | None) -> Thresholds:
    """The thresholds as given. Raises UsageError for what is no number, or below 0."""
    import re

    from workbench.analysis.comparison import THRESHOLD_PATTERN, Thresholds
    from workbench.base.errors import Problem
    from workbench.cli.failure import UsageError

    given = {"--threshold-points": points, "--threshold-percent": percent}
    problems = [
        Problem("bad_threshold", f"{name} 须为不小于 0 的数", found=text, fix="例如 10 或 2.5")
        for name, text in given.items()
        if text is not None and not re.fullmatch(THRESHOLD_PATTERN, text)
    ]
    if problems:
        raise UsageError(problems)
    return Thresholds(points=points, percent=percent)


def read_mapping(path: Path) -> dict[str, str]:
    """A confirmed 指标对应表: code in the first evaluation → code in the second.

    Raises:
        FileError, YamlError: it cannot be read, or is no mapping of codes.
    """
    from workbench.base.errors import Place, Problem, YamlError
    from workbench.base.yamlio import read_yaml

    document = read_yaml(path)
    if not isinstance(document.data, dict):
        fix = "每行写“原编码: 新编码”,例如 I03: A05"
        raise YamlError(Problem("not_a_mapping", "这不是指标对应表", Place(document.file), fix=fix))
    problems = [
        Problem("bad_code", "对应表右边须为一个指标编码", Place(document.file, key=key, line=document.line(key)))
        for key, value in document.data.items()
        if isinstance(value, bool) or not isinstance(value, str | int)
    ]
    if problems:
        raise YamlError(problems)
    return {str(key): str(value) for key, value in document.data.items()}
