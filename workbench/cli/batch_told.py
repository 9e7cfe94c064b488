"""What ``workbench batch`` shows while it runs, and what it says at its end."""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.cli.console import quoted, say, table
from workbench.cli.library import at_workspace
from workbench.cli.many import bar
from workbench.runs.batch.task import STATE_WORDS, Outcome, natural, rank
from workbench.runs.batch.words import counts_of, cut, line_of, named, result_of

if TYPE_CHECKING:
    from workbench.runs.batch.planned import Planned
    from workbench.runs.batch.working import Checked

LINES = 40
"""Lines of a table on the screen, failures first. The summary has them all."""
_CELL = 36
_PREPARING = "正在准备(约10秒)"
_PROBLEMS = 3
"""Problems of one plan that are printed."""


@contextmanager
def shown(total: int, words: str = "批量运行", *, quiet: bool) -> Iterator[Callable[[Outcome], None]]:
    """Progress on standard error: a bar with counts in a terminal, a line for each plan in a log.

    What has not changed has no line of its own in a log: after a stop that would be most of it.
    """
    counts: Counter[str] = Counter()

    def counted(outcome: Outcome) -> str | None:
        counts[outcome.state] += 1
        return None if outcome.state in ("kept", "checked") else line_of(outcome)

    if quiet:
        yield lambda outcome: None
    elif sys.stderr.isatty():
        with bar(words, total, _PREPARING) as step:

            def shown_in_bar(outcome: Outcome) -> None:
                line = counted(outcome)
                step(line if outcome.failed else None, total, counts_of(counts, " ", ""))

            yield shown_in_bar
    else:

        def shown_in_log(outcome: Outcome) -> None:
            line = counted(outcome)
            if line is not None:
                say(f"[{counts.total()}/{total}] {line}", error=True)

        yield shown_in_log


def tell(planned: Planned, done: Sequence[Outcome], paths: Sequence[Path], *, stopped: bool) -> None:
    """Table, failures, counts, where the summary lies and what to do next."""
    ordered = sorted(done, key=rank)
    _tell_table(ordered)
    _tell_rest(len(ordered))
    _tell_problems([outcome for outcome in ordered if outcome.failed])
    for note in repeated(done):
        say(f"提示:{note}", error=True)
    counts: Counter[str] = Counter(outcome.state for outcome in done)
    left = f"、尚未运行{planned.total - len(done)}份" if stopped else ""
    say(f"\n共{planned.total}份:{counts_of(counts)}{left}。")
    if paths:
        say(f"汇总:{'、'.join(_from_here(path) for path in paths)}")
    if len(done) > counts["failed"] and not stopped:
        say(f"下一步:workbench report batch {_reports_of(planned)}{at_workspace(planned.workspace)}")


def _reports_of(planned: Planned) -> str:
    """What asks for the reports of a batch; of one with an ``--out`` of its own, by where its folder lies."""
    return f"--batch {quoted(planned.name if planned.out is None else _from_here(planned.folder))}"


def _tell_table(ordered: Sequence[Outcome]) -> None:
    rows = [
        (*_called(o), STATE_WORDS[o.state], result_of(o) if o.verdicts else "", *([] if o.of_row else [o.folder]))
        for o in ordered[:LINES]
    ]
    say(table((*_head(ordered), "状态", "结果", *([] if _of_register(ordered) else ["运行文件夹"])), rows))


def _of_register(outcomes: Sequence[Outcome]) -> bool:
    return any(outcome.of_row for outcome in outcomes)


def _head(outcomes: Sequence[Outcome]) -> tuple[str, ...]:
    return ("清单", "评价编号", "名称") if _of_register(outcomes) else ("计划",)


def _called(outcome: Outcome) -> tuple[str, ...]:
    """The first cells of a plan's line under :func:`_head`. All rows are of one file, after which the batch is called."""
    if not outcome.of_row:
        return (cut(outcome.task),)
    return (outcome.task.rpartition(" ")[2], outcome.evaluation, cut(outcome.title, _CELL))


def repeated(done: Sequence[Outcome]) -> Iterator[str]:
    """Evaluations that several plans of the batch ran, each with a content of its own."""
    runs: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in done:
        if outcome.folder:
            runs[outcome.evaluation].append(outcome)
    for evaluation, alike in runs.items():
        if len(alike) > 1:
            shown = "、".join(outcome.task for outcome in alike[:_PROBLEMS])
            same = len({outcome.folder for outcome in alike}) == 1
            what = "内容相同,是同一次运行" if same else "内容不同,各成一次运行;报告等命令取最近的一次"
            yield f"{len(alike)}份计划的评价编号都是 {evaluation}({shown}{'等' if len(alike) > _PROBLEMS else ''}):{what}。"


def tell_checks(planned: Planned, done: Sequence[Checked]) -> None:
    """What was found without running anything."""
    ordered = sorted(done, key=lambda checked: rank(checked.outcome))
    rows = [_checked_cells(checked) for checked in ordered[:LINES]]
    say(table((*_head([c.outcome for c in done]), "对象", "指标", "佐证资料", "将会"), rows))
    _tell_rest(len(ordered))
    failed = [checked.outcome for checked in ordered if checked.outcome.failed]
    _tell_problems(failed)
    same = sum(checked.same for checked in done)
    good = len(done) - len(failed)
    say(f"\n共{planned.total}份:可以运行{good - same}份、没有变化{same}份、有问题{len(failed)}份。没有运行任何计划。")


def _checked_cells(checked: Checked) -> tuple[str, ...]:
    if checked.outcome.failed:
        return (*_called(checked.outcome), "", "", "", "有问题")
    will = "不再运行(没有变化)" if checked.same else "运行"
    counts = (str(checked.subjects), str(checked.indicators))
    return (*_called(checked.outcome), *counts, cut(checked.evidence), will)


def _tell_rest(count: int) -> None:
    if count > LINES:
        say(f"……另有{count - LINES}份,全部见汇总或 --json。")


def _tell_problems(failed: Sequence[Outcome]) -> None:
    if failed:
        say("\n失败的:")
    for number, outcome in enumerate(failed[:LINES], 1):
        say(f"  {number}. {named(outcome)}")
        for problem in outcome.problems[:_PROBLEMS]:
            say(f"     {problem}")
        if len(outcome.problems) > _PROBLEMS:
            say(f"     ……另有{len(outcome.problems) - _PROBLEMS}处")


def _from_here(path: Path) -> str:
    from workbench.runs.workspace import path_from_here

    return path_from_here(path)


def as_told(planned: Planned, done: Sequence[Outcome], paths: Sequence[Path]) -> dict[str, Any]:
    """The answer as JSON."""
    counts = Counter(outcome.state for outcome in done)
    return {
        "name": planned.name,
        "folder": planned.folder.as_posix(),
        "summary": [path.as_posix() for path in paths],
        "counts": {state: counts[state] for state in STATE_WORDS if state != "checked"},
        "failed": counts["failed"],
        "notes": [note.as_dict() for note in planned.notes] + [{"message": text} for text in repeated(done)],
        "plans": [_outcome(outcome) for outcome in sorted(done, key=lambda o: natural(o.task))],
    }


def checks_as_told(planned: Planned, done: Sequence[Checked]) -> dict[str, Any]:
    """What ``--dry-run`` found as JSON."""
    plans = [
        _outcome(c.outcome)
        | {"subjects": c.subjects, "indicators": c.indicators, "evidence": c.evidence, "unchanged": c.same}
        for c in sorted(done, key=lambda c: natural(c.outcome.task))
    ]
    failed = sum(checked.outcome.failed for checked in done)
    notes = [note.as_dict() for note in planned.notes]
    return {"name": planned.name, "dry_run": True, "failed": failed, "notes": notes, "plans": plans}


def _outcome(outcome: Outcome) -> dict[str, Any]:
    return {
        "plan": outcome.task,
        "state": outcome.state,
        "evaluation": outcome.evaluation,
        "title": outcome.title,
        "evaluated": outcome.evaluated,
        "folder": outcome.folder,
        "pack": outcome.pack,
        "verdicts": [vars(verdict) for verdict in outcome.verdicts],
        "errors": outcome.errors,
        "warnings": outcome.warnings,
        # As text, as all numbers of ours that are no integers.
        "seconds": f"{outcome.seconds:.2f}",
        "attempts": outcome.attempts,
        "problems": [problem.as_dict() for problem in outcome.problems],
    }
