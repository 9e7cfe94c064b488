"""``workbench recheck``: other people's self-evaluation forms, hundreds at once, recomputed and searched for what does not hold."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from workbench.cli.console import print_json, say, table
from workbench.cli.library import JsonOption, WorkspaceOption
from workbench.cli.many import FAILURES, MOST, bar, usual_workers

if TYPE_CHECKING:
    from workbench.recheck.batch import FileRead
    from workbench.recheck.outcome import Finding
    from workbench.recheck.work import Work

HELP = "复核别人填的绩效自评表(xlsx、xls、docx、带文字的 pdf):按规则复算每项得分,逐格查出问题,一次可复核几百份。"
EPILOG = (
    "中断后再运行同一条命令接着做,读过而没有改动的文件不重读。退出码:0 复核完成(查出问题也是 0);3 有文件读不了,其余已复核;"
    "2 没有可复核的自评表,或选项有误。"
)
NOTHING = 2
_SHOWN = 10
"""Lines of a list on the screen; the files have them all."""


def register(app: typer.Typer) -> None:
    """Add the command to the root; groups, which every module is offered to, get nothing."""
    if app.info.name == "workbench":
        app.command("recheck", help=HELP, epilog=EPILOG)(recheck)


def recheck(
    files: Annotated[
        list[Path], typer.Argument(metavar="文件或文件夹", help="自评表,或放自评表的文件夹(含下级文件夹)")
    ],
    ruleset: Annotated[
        str, typer.Option(metavar="规则集", help="按哪个规则复算:10号、101号、已安装规则集的编号,或自己的 .yaml 文件")
    ] = "10号",
    policy: Annotated[
        str | None,
        typer.Option(metavar="办法", help="按哪个地区办法的分数线定等级:已安装的编号,或自己的 .yaml 文件;默认国家办法"),
    ] = None,
    register: Annotated[
        Path | None,
        typer.Option(
            metavar="项目清单.xlsx",
            help="应评项目清单(xlsx、xls、docx 或 pdf 的表),查出应评未评;按标题找“项目名称”“单位”等列",
        ),
    ] = None,
    approved: Annotated[
        Path | None, typer.Option(metavar="批复绩效目标.xlsx", help="批复的绩效目标,查出调低、删减、改分值的指标")
    ] = None,
    mapping: Annotated[
        Path | None, typer.Option(metavar="文件", help="识别对照:拿不准的列和行由人回答一次;默认用结果文件夹里的")
    ] = None,
    findings: Annotated[Path | None, typer.Option(metavar="规则.yaml", help="停用、调整查错规则,或改变其级别")] = None,
    corrections: Annotated[
        Path | None, typer.Option(metavar="文件", help="复核更正(复核完成值、复核得分);用过一次即记入结果文件夹")
    ] = None,
    out: Annotated[Path | None, typer.Option(metavar="文件夹", help="写到哪里;默认工作区的 rechecks/文件夹名")] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, max=MOST, metavar="数", help="同时读、写几个文件;默认按处理器数,最多 4")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="覆盖写出后改动过的文件,替换那里另一处文件的复核结果")] = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Re-check the forms."""
    from workbench.recheck.work import Order, settled_out, work, write
    from workbench.runs.workspace import find_workspace

    root = workspace.resolve() if workspace is not None else find_workspace()
    folder = settled_out(files, root, out, force=force)
    order = Order(tuple(files), folder, ruleset, register, approved, mapping, findings, corrections, policy)
    count = workers or usual_workers()
    try:
        with _shown(quiet=as_json) as show:
            done = work(order, root, count, show)
        with _shown_writing(quiet=as_json) as made:
            written = write(done, force=force, workers=count, show=made)
    except KeyboardInterrupt:
        say("\n读过的不会重读;再运行同一条命令,从没有读完的接着做。", error=True)
        raise
    if as_json:
        print_json(_as_json(done, written))
    else:
        _tell(done, written, root)
    code = NOTHING if not done.outcome.forms else FAILURES if done.refused else 0
    if code:
        raise typer.Exit(code)


# -- progress ---------------------------------------------------------------------------------------------------------


@contextmanager
def _shown(*, quiet: bool) -> Iterator[Callable[[FileRead, int], None]]:
    """Progress on standard error: a bar in a terminal, in a log a line for each file that is not simply read."""
    if quiet:
        yield lambda read, total: None
    elif sys.stderr.isatty():
        with bar("读自评表") as step:
            yield lambda read, total: step(_refused(read) if read.reading is None else None, total)
    else:
        yield _Log("已读到").show


@contextmanager
def _shown_writing(*, quiet: bool) -> Iterator[Callable[[str, int], None]]:
    """Progress of what is written, likewise."""
    if quiet:
        yield lambda name, total: None
    elif sys.stderr.isatty():
        with bar("写复核结果") as step:
            yield lambda name, total: step(None, total)
    else:
        yield _Log("已写到").step


class _Log:
    """Plain lines: every file that could not be read, and how far it is at each tenth."""

    def __init__(self, words: str) -> None:
        self._count, self._words = 0, words

    def show(self, read: FileRead, total: int) -> None:
        if read.reading is None:
            say(_refused(read), error=True)
        self.step(read.name, total)

    def step(self, name: str, total: int) -> None:
        self._count += 1
        if self._count * 10 // total > (self._count - 1) * 10 // total:
            say(f"[{self._count}/{total}] {self._words} {name}", error=True)


def _refused(read: FileRead) -> str:
    return f"没有读 {read.name}:{' '.join(str(problem.at(file=None)) for problem in read.problems)}"


# -- what is told -----------------------------------------------------------------------------------------------------


def _tell(done: Work, written: list[Path], root: Path) -> None:
    from workbench.runs.workspace import path_from_here

    for notice in (*done.notices, *done.outcome.notices):
        say(f"提示:{notice}", error=True)
    forms, found = done.outcome.forms, _findings(done)
    counts = Counter(str(finding.severity) for finding in found)
    kept = sum(read.kept for read in done.reads)
    again = f"(其中{kept}个没有改动,没有重读)" if kept else ""
    say(f"规则:{done.standards.ruleset.title}")
    say(f"文件{len(done.reads)}个{again},自评表{len(forms)}张" + _about_scores(done))
    say(f"问题{len(found)}条:" + "、".join(f"{s} {counts[s]}条" for s in ("P0", "P1", "P2")))
    _tell_most_frequent(found, {rule.code: rule.title for rule in done.standards.rules})
    _tell_without_total(done)
    _tell_unread(done)
    _tell_questions(done)
    names = sorted({path.relative_to(done.order.out).parts[0] for path in written})
    say(f"\n已写出 {path_from_here(done.order.out)}/:{'、'.join(names)}")
    if forms:
        out = done.order.out.resolve()
        named = (out.relative_to(root) if out.is_relative_to(root) else out).as_posix()
        say(f'下一步:在 JupyterLab 打开 notebooks/recheck.ipynb,首格写 folder = "{named}",逐项核定得分')


def _findings(done: Work) -> list[Finding]:
    return [*(finding for form in done.outcome.forms for finding in form.findings), *done.outcome.loose]


def _about_scores(done: Work) -> str:
    forms = done.outcome.forms
    whole = sum(form.total is not None for form in forms)
    decided = sum(form.decided is not None for form in forms)
    told = f",有复算总分的{whole}张" if forms else ""
    return told + (f",已定复核得分的{decided}张" if decided else "") + "。"


def _tell_most_frequent(found: list[Finding], titles: Mapping[str, str]) -> None:
    most = Counter((str(finding.severity), finding.code) for finding in found).most_common(_SHOWN)
    if most:
        rows = [(severity, code, titles.get(code, ""), str(count)) for (severity, code), count in most]
        say("\n最多的问题:\n" + table(("级别", "代码", "问题", "条数"), rows))


def _tell_without_total(done: Work) -> None:
    from workbench.recheck.work import without_total

    without = without_total(done)
    if without:
        say(f"\n没有复算总分的自评表{len(without)}张:")
    for number, (form, reason) in enumerate(without[:_SHOWN], 1):
        say(f"  {number}. {form}:{reason}")
    if len(without) > _SHOWN:
        say(f"  ……另有{len(without) - _SHOWN}张,见复核表的汇总")


def _tell_unread(done: Work) -> None:
    from workbench.recheck.work import state_of

    if done.refused:
        say(f"\n读不了的文件{len(done.refused)}个,其余不受影响:")
    for number, read in enumerate(done.refused, 1):
        say(f"  {number}. {read.name}:{' '.join(str(problem.at(file=None)) for problem in read.problems)}")
    without = [read.name for read in done.reads if state_of(read) == "没有自评表"]
    for title, names in (("没有自评表的文件", without), ("不是表格和文档、没有读的文件", done.gathered.others)):
        if names:
            more = f"等{len(names)}个" if len(names) > _SHOWN else ""
            say(f"\n{title}:{'、'.join(names[:_SHOWN])}{more}")


def _tell_questions(done: Work) -> None:
    from workbench.recheck.mappings import answerable, told_once

    questions = answerable(done.questions)
    if not questions:
        return
    files = {question.file for question in questions}
    shapes = {question.shape for question in questions}
    say(f"\n拿不准、要请您回答的问题{len(questions)}个({len(files)}个文件,{len(shapes)}种版式):")
    shown = told_once(questions)
    for question, times in shown[:_SHOWN]:
        spot = question.spot
        said = spot is not None and spot.cell in question.text
        where = "" if spot is None else f"[{spot.sheet}]" if said else f"[{spot.sheet}] {spot.cell}"
        say(f"  {question.file} {where}:{question.text}{f'(这样的问题共{times}个)' if times > 1 else ''}")
    if len(shown) > _SHOWN:
        say(f"  ……另有{sum(times for _, times in shown[_SHOWN:])}个")
    say(f"请在 {'、'.join(path.as_posix() for path in done.asked)} 里填好答案,再运行同一条命令。")


def _as_json(done: Work, written: list[Path]) -> dict[str, Any]:
    from workbench.recheck.mappings import answerable
    from workbench.recheck.work import state_of, without_total

    found = _findings(done)
    return {
        "folder": done.order.out.as_posix(),
        "ruleset": done.standards.ruleset.id,
        "files": [
            {
                "file": read.name,
                "state": state_of(read),
                "forms": len(read.reading.forms) if read.reading is not None else 0,
                "kept": read.kept,
                "problems": [p.as_dict() for p in (read.reading.notices if read.reading else read.problems)],
            }
            for read in done.reads
        ],
        "others": list(done.gathered.others),
        "forms": len(done.outcome.forms),
        "without_total": dict(without_total(done)),
        "findings": dict(sorted(Counter(str(finding.severity) for finding in found).items())),
        "codes": dict(sorted(Counter(finding.code for finding in found).items())),
        "questions": len(answerable(done.questions)),
        "mapping": [path.as_posix() for path in done.asked],
        "notices": [p.as_dict() for p in (*done.notices, *done.outcome.notices)],
        "written": [path.as_posix() for path in written],
    }
