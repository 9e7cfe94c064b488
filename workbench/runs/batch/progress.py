"""How far a batch is, in a notebook: a bar with a button to stop, or plain lines where nobody looks on."""

from __future__ import annotations

import sys
import time
from collections import Counter, deque
from collections.abc import Generator, Sequence
from contextlib import closing
from html import escape
from typing import Any, Protocol

from workbench.base.errors import shorten
from workbench.runs.batch.running import Runner
from workbench.runs.batch.task import Outcome, Task
from workbench.runs.batch.words import counts_of, line_of
from workbench.runs.pool import Ended
from workbench.runs.stopping import Stop

_PAUSE = 0.2
"""Seconds between two changes of what is shown: ten thousand plans that have not changed are told in a few of them."""
_SHOWN = 20
"""Failures in sight; the summary has all of them."""
_SHORT = 80


class Progress(Protocol):
    """Whoever is told how far a batch is."""

    @property
    def stop(self) -> Stop:
        """The wish that no further plan begins."""
        raise NotImplementedError

    def stop_it(self) -> None:
        """Somebody wants no further plan to begin."""
        raise NotImplementedError

    def running(self, names: Sequence[str]) -> None:
        """Which plans are being run now."""
        raise NotImplementedError

    def ended(self, outcome: Outcome) -> None:
        """A plan is done."""
        raise NotImplementedError

    def over(self, words: str) -> None:
        """Nothing more will come."""
        raise NotImplementedError


class Lines:
    """A line for each plan, as in a log. What has not changed has none: after a stop that would be most of them."""

    def __init__(self, total: int) -> None:
        self._total, self._count, self.stop = total, 0, Stop()

    def stop_it(self) -> None:
        """After the plans that have begun."""
        self.stop.ask()

    def running(self, names: Sequence[str]) -> None:
        """A log says what is done."""

    def ended(self, outcome: Outcome) -> None:
        """Its line."""
        self._count += 1
        if outcome.state != "kept":
            print(f"[{self._count}/{self._total}] {line_of(outcome)}", flush=True)

    def over(self, words: str) -> None:
        """The last line."""
        print(words, flush=True)


class Panel:
    """Widgets: a bar, counts, what is being run, what failed, and a button to stop where it would be heard (a cell that awaits)."""

    def __init__(self, total: int, *, stoppable: bool) -> None:
        import ipywidgets

        self._total, self.stop, self._shown = total, Stop(), 0.0
        self._counts: Counter[str] = Counter()
        self._names: Sequence[str] = ()
        self._failed: list[str] = []
        self.bar = ipywidgets.IntProgress(0, 0, max(1, total), layout=ipywidgets.Layout(width="60%"))
        self.button = ipywidgets.Button(description="停止", tooltip="不再开始新的,已开始的运行完", icon="stop")
        self.button.on_click(lambda button: self.stop_it())
        self.button.layout.display = "" if stoppable else "none"
        self.counts, self.names, self.failures = (ipywidgets.HTML() for _ in range(3))
        row = ipywidgets.HBox([self.bar, self.button])
        self.widget = ipywidgets.VBox([row, self.counts, self.names, self.failures])
        self._draw()

    def running(self, names: Sequence[str]) -> None:
        """Shown with the next change."""
        self._names = names
        self._draw_now_and_then()

    def ended(self, outcome: Outcome) -> None:
        """Counted; a failure is listed."""
        self._counts[outcome.state] += 1
        if outcome.failed:
            self._failed.append(line_of(outcome))
        self._draw_now_and_then()

    def over(self, words: str) -> None:
        """The button goes, the counts stay."""
        self._names = ()
        self._draw()
        self.counts.value = f'<span role="status">{escape(words)}</span>'
        self.button.layout.display = "none"
        self.bar.bar_style = "danger" if self._failed else "success" if self.bar.value == self.bar.max else "warning"

    def stop_it(self) -> None:
        """After the plans that have begun."""
        self.stop.ask()
        self.button.disabled, self.button.description = True, "正在停止"

    def _draw_now_and_then(self) -> None:
        if time.monotonic() - self._shown >= _PAUSE:
            self._draw()

    def _draw(self) -> None:
        self._shown, done = time.monotonic(), self._counts.total()
        self.bar.value = done if self._total else 1
        told = counts_of(self._counts)
        self.counts.value = f'<span role="status">{done}/{self._total}份{f":{told}" if told else ""}</span>'
        self.names.value = (
            f"正在运行:{escape('、'.join(shorten(n, _SHORT) for n in self._names))}" if self._names else ""
        )
        self.failures.value = self._listed()

    def _listed(self) -> str:
        if not self._failed:
            return ""
        items = "".join(f"<li>{escape(line)}</li>" for line in self._failed[-_SHOWN:])
        more = len(self._failed) - _SHOWN
        return f"<p>失败{len(self._failed)}份{f'(最近{_SHOWN}份)' if more > 0 else ''}:</p><ul>{items}</ul>"


def progress(total: int, *, stoppable: bool) -> Progress:
    """The widgets, shown, where somebody looks on; else lines."""
    if not looked_on():
        return Lines(total)
    from IPython.display import display

    panel = Panel(total, stoppable=stoppable)
    display(panel.widget)  # type: ignore[no-untyped-call]
    return panel


def looked_on() -> bool:
    """Whether a front end asked for this cell: one that runs a notebook for nobody (papermill, nbconvert) takes no input either."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    kernel: Any = getattr(shell, "kernel", None)
    if kernel is None:
        return False
    return bool(kernel.get_parent("shell").get("content", {}).get("allow_stdin"))


def watched(runner: Runner, workers: int, told: Progress) -> Runner:
    """The runner, which says in addition what it is at: it begins tasks in their order, so many at a time."""

    def run(tasks: Sequence[Task]) -> Generator[Ended[Task, Outcome], None, None]:
        waiting = deque(task.name for task in tasks)
        names = [waiting.popleft() for _ in range(min(workers, len(waiting)))]
        told.running(list(names))
        with closing(runner(tasks)) as ends:  # left early: what was begun is brought to its end now
            for ended in ends:
                names.remove(ended.task.name)
                if waiting:
                    names.append(waiting.popleft())
                told.running(list(names))
                yield ended

    return run
