"""Writing the run that follows a merge, a sign-off or a reopening, without the page standing still.

It takes a kernel and some seconds, so it happens in a process of its own.
"""

from __future__ import annotations

import asyncio
import atexit
import json
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path

from workbench.base.errors import WorkbenchError
from workbench.review.events import Event

_FAILED = "程序内部出错,新的运行没有写成;请主评人运行 workbench run 重试"


class Publisher:
    """Told by the desk which events call for a new run. Each gets its own, one after the other: every run names the one before.

    ``tell`` is told in Chinese, in the event loop the events came from, what is being written, which folder was written, or
    why it was not.
    """

    def __init__(self, run: Path, workspace: Path) -> None:
        self.tell: Callable[[str], None] = lambda text: None
        self._arguments = (str(run.resolve()), str(workspace))
        self._waiting: deque[Event] = deque()
        self._lock = threading.Lock()
        self._worker: threading.Thread | None = None
        self._process: subprocess.Popen[bytes] | None = None
        atexit.register(self.stop)

    def __call__(self, event: Event) -> None:
        """Write a run of the ledger as it is after this event, soon."""
        self.tell("正在写出新的运行……")
        with self._lock:
            self._waiting.append(event)
            if self._worker is None:
                loop = asyncio.get_running_loop()
                self._worker = threading.Thread(target=self._work, args=(loop,), daemon=True)
                self._worker.start()

    def stop(self) -> None:
        """End what is being written; a run folder is moved into place whole or not at all."""
        process = self._process
        if process is not None and process.poll() is None:
            process.terminate()
            process.wait(10)

    def _work(self, loop: asyncio.AbstractEventLoop) -> None:
        while True:
            with self._lock:
                if not self._waiting:
                    self._worker = None
                    return
                event = self._waiting.popleft()
            for text in self._written(event):
                loop.call_soon_threadsafe(self.tell, text)

    def _written(self, event: Event) -> Iterator[str]:
        """What there is to tell while a run is being written, and how it ended."""
        command = [sys.executable, "-m", __name__, *self._arguments, event.hash]
        with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE) as process:
            self._process = process
            ended = _FAILED
            for line in process.stdout or ():
                said = _parsed(line)
                if "progress" in said:
                    yield f"正在写出新的运行:{said['progress']}"
                ended = said.get("ended", ended)
        yield f"{ended}(评审台账第{event.seq}号)"


def _parsed(line: bytes) -> dict[str, str]:
    """A line of the other process; what a notebook printed there is none of ours."""
    try:
        said = json.loads(line)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def main(run: str, workspace: str, head: str) -> None:
    """Write one run; each line printed is a JSON object with ``progress`` or ``ended``."""
    from workbench.runs.reviewed import publish_run

    try:
        done = publish_run(Path(run), Path(workspace), head, lambda text: _say(progress=text))
        folder = done.folder
        shown = folder.relative_to(workspace) if folder.is_relative_to(workspace) else folder
        _say(ended=f"已写出新的运行:{shown.as_posix()}")
    except WorkbenchError as error:
        _say(ended=f"新的运行没有写成:{' '.join(str(p) for p in error.problems)}")


def _say(**words: str) -> None:
    sys.stdout.buffer.write(json.dumps(words).encode() + b"\n")
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
