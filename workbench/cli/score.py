"""``workbench score``: a table of any length scored piece by piece into one Parquet file."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from workbench.cli.console import print_json, say, table
from workbench.cli.library import JsonOption, WorkspaceOption
from workbench.cli.many import bar

if TYPE_CHECKING:
    from workbench.runs.bulk import Written

HELP = "按指标包给一张表中的全部对象打分,写成 Parquet 文件;不生成笔记本、说明和图,百万个对象也只占固定的内存。"
EPILOG = "各列的含义见文档“批量打分”。数据有误时先全部列出再退出(退出码 2),不写出任何文件。"
UNGRADED = "未定等级"


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command(help=HELP, epilog=EPILOG)(score)


def score(
    pack: Annotated[str, typer.Argument(metavar="指标包", help="指标包编号")],
    subjects: Annotated[
        Path, typer.Argument(metavar="对象表", help="Parquet 或 CSV,一行一个对象,列名用指标包的字段名或标题")
    ],
    out: Annotated[Path, typer.Option("--out", metavar="文件.parquet", help="结果写到哪里")] = Path("scores.parquet"),
    tables: Annotated[
        list[str] | None,
        typer.Option("--table", metavar="表名=文件", help="指标包的其他表,如 funds=资金.parquet,可写多次"),
    ] = None,
    variant: Annotated[str | None, typer.Option(metavar="编号", help="指标包有几棵指标树时,写明用哪一棵")] = None,
    ruleset: Annotated[str | None, typer.Option(metavar="编号", help="规则集;默认用指标包的")] = None,
    policy: Annotated[str | None, typer.Option(metavar="编号", help="地区办法;默认用国家规定")] = None,
    chunk: Annotated[
        int | None, typer.Option(min=1, metavar="数", help="每批最多几个对象;默认按指标数,占用内存不超过 2 GB")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="覆盖已有的结果文件")] = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Score a table of subjects."""
    from workbench.base.errors import NotWritten, Place, Problem
    from workbench.runs.bulk import score_to_parquet
    from workbench.scheme.library import NATIONAL

    given = _tables(tables or [])
    if out.exists() and not force:
        fix = "要覆盖请加 --force,或用 --out 另写文件名"
        raise NotWritten(Problem("already_there", "结果文件已经存在", Place(out.as_posix()), fix=fix))
    with _shown(quiet=as_json) as step:
        written = score_to_parquet(
            pack,
            subjects,
            out,
            tables=given,
            variant=variant,
            ruleset=ruleset,
            policy=policy or NATIONAL,
            workspace=workspace,
            chunk=chunk,
            progress=step,
        )
    if as_json:
        print_json(_as_json(written))
    else:
        _tell(written)


def _tables(texts: Sequence[str]) -> dict[str, Path]:
    """``NAME=FILE`` texts. Raises UsageError for anything else, and for a name twice."""
    from workbench.base.errors import Problem
    from workbench.cli.failure import UsageError

    named = [_named(text) for text in texts]
    twice = sorted({name for name, _ in named if [n for n, _ in named].count(name) > 1})
    if twice:
        fix = "每张表只能有一个文件;请先合并"
        raise UsageError(Problem("table_twice", "--table 重复", found="、".join(twice), fix=fix))
    return dict(named)


def _named(text: str) -> tuple[str, Path]:
    """``NAME=FILE``. Raises UsageError for anything else."""
    from workbench.base.errors import Problem
    from workbench.cli.failure import UsageError

    name, sign, file = text.partition("=")
    if not (name and sign and file):
        raise UsageError(
            Problem("not_a_table", "--table 要写成 表名=文件", found=text, expected="如 funds=资金.parquet")
        )
    return name, Path(file)


@contextmanager
def _shown(*, quiet: bool) -> Iterator[Callable[[int, int], None]]:
    """Progress on standard error: a bar in a terminal, a line for every tenth in a log."""
    if quiet:
        yield lambda done, total: None
    elif sys.stderr.isatty():
        with bar("打分") as step:
            yield lambda done, total: step(None, total)
    else:
        yield _line


def _line(done: int, total: int) -> None:
    if done == total:
        say(f"[{done}/{total}] 已写出", error=True)
    elif done == total - 1:
        say(f"[{done}/{total}] 全部打完,正在合成结果文件", error=True)
    elif done * 10 // total > (done - 1) * 10 // total:
        say(f"[{done}/{total}] 已打分", error=True)


def _rows(written: Written) -> Sequence[tuple[str, str]]:
    """Grades from the best down, then those without one."""
    grades = [(grade, count) for grade, count in written.grades.items() if grade is not None]
    return [(name, str(count)) for name, count in [*grades, (UNGRADED, written.grades[None])]]


def _tell(written: Written) -> None:
    say(table(("等级", "对象数"), _rows(written)))
    say(f"\n共{written.subjects}个对象,{written.indicators}项指标,分{written.pieces}批打分。")
    say(f"结果:{written.path.as_posix()}")


def _as_json(written: Written) -> dict[str, Any]:
    return {
        "file": written.path.as_posix(),
        "subjects": written.subjects,
        "indicators": written.indicators,
        "pieces": written.pieces,
        "grades": {grade: count for grade, count in written.grades.items() if grade is not None},
        "ungraded": written.grades[None],
    }
