"""The runner for a Dask cluster: connect, see that everybody would make the same bytes, hand out plans, take in runs."""

from __future__ import annotations

import logging
import os
import re
import socket
import ssl
import time
import warnings
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from workbench.base.errors import Problem, shorten
from workbench.runs.batch.cluster import failures
from workbench.runs.batch.cluster.agreement import between, installation
from workbench.runs.batch.cluster.arriving import arrived
from workbench.runs.batch.cluster.crew import Crew
from workbench.runs.batch.cluster.sending import Order, library_of, order_of, with_attachments
from workbench.runs.batch.cluster.workplace import Answer, Lacking, Returned, Unfit, perform
from workbench.runs.batch.running import Runner
from workbench.runs.batch.task import Outcome, Task
from workbench.runs.pool import Ended, spread
from workbench.runs.stopping import NEVER, Stop

if TYPE_CHECKING:
    from distributed import Client, Future

CONNECT = 20.0
"""Seconds a scheduler has to answer."""
PATIENCE = 600.0
"""Seconds workers have to appear, at the beginning and when all have left."""
REMINDED = 30.0
"""Seconds between two lines that say what is waited for."""
AHEAD = 3
"""Plans handed out for each worker: one it runs, and the next ones so that it never waits. More would only fill the scheduler."""
MOST_HERE = 4
_ADDRESS = re.compile(r"(tcp|tls)://[^\s/]+:\d+")
_LOST_TWICE = 3
"""Times a plan is handed out again that the cluster lost without saying why."""

Tell = Callable[[str], None]
Work = Callable[[Task], Outcome]


def cluster_runner(
    address: str,
    inputs: str | None = None,
    *,
    work: Work | None = None,
    tell: Tell = lambda _: None,
    patience: float = PATIENCE,
    stop: Stop = NEVER,
) -> Runner:
    """A runner that has its plans run by the workers of a Dask scheduler.

    Args:
        address: ``tcp://host:port`` or ``tls://host:port``.
        inputs: where workers fetch evidence themselves (a folder they share, or an address fsspec knows), by its path from the
            workspace on; None: this machine sends it.
        work: what is done for one plan, a function of a module; that of local batches when None.
        tell: told in Chinese what is waited for, who is left out, and what is run here.
        patience: seconds workers have to appear.
        stop: once it is asked for, no further plan is handed out.

    Raises:
        ClusterError: Dask is not installed, or an address cannot be one.
    """
    try:
        import distributed  # noqa: F401
        import fsspec  # noqa: F401
        import obstore  # noqa: F401
    except ImportError:
        raise failures.not_installed() from None
    if not _ADDRESS.fullmatch(address):
        raise failures.bad_address(address)
    if inputs is not None:
        from workbench.runs.batch.cluster.fetching import inputs_url

        inputs = inputs_url(inputs)
    from workbench.runs.batch.working import work as usual

    return partial(_run, address=address, inputs=inputs, work=work or usual, tell=tell, patience=patience, stop=stop)


def _run(
    tasks: Sequence[Task], *, address: str, inputs: str | None, work: Work, tell: Tell, patience: float, stop: Stop
) -> Generator[Ended[Task, Outcome], None, None]:
    if not tasks or stop.asked:
        return
    with _connected(address) as client:
        batch = f"batch-{uuid4().hex[:12]}"
        crew = Crew(client, batch, library_of(tasks[0].workspace), installation(), tell)
        try:
            crew.gather(patience)
            round_ = _Round(client, crew, tasks, inputs, work, patience, stop)
            yield from round_.run()
        finally:
            crew.dismiss()
    if round_.here and not stop.asked:
        tell(f"{len(round_.here)}份计划有评审台账、来自还原的工作区或资料不全,在本机运行")
        yield from spread(work, round_.here, min(os.cpu_count() or 1, MOST_HERE), stop, apart=True)


@contextmanager
def _connected(address: str) -> Iterator[Client]:
    """A client, which tells its troubles through us alone. Raises ClusterError."""
    import dask
    from distributed import Client

    log = logging.getLogger("distributed")
    before = log.level
    log.setLevel(logging.CRITICAL + 1)
    try:
        _check_certificates(address)
        # Evidence travels with its plan: that is meant.
        with dask.config.set({"distributed.admin.large-graph-warning-threshold": "10GB"}):
            client = _client(Client, address)
            try:
                there = client.run_on_scheduler(between)
                if there != between():
                    raise failures.other_scheduler(there, between())
                yield client
            except ModuleNotFoundError as error:
                raise failures.refused([failures.unable("调度器", error)]) from None
            finally:
                with suppress(Exception):  # it may be gone
                    client.close(timeout=5)
    finally:
        log.setLevel(before)


def _check_certificates(address: str) -> None:
    """What TLS needs is there. Dask would find out too late to put its threads away. Raises ClusterError."""
    from distributed.security import Security

    if not address.startswith("tls:"):
        return
    try:
        if Security().get_connection_args("client")["ssl_context"] is None:
            raise failures.no_certificates(address, "没有配置")
    except OSError as error:  # of files, and of what is in them
        raise failures.no_certificates(address, shorten(error, 120)) from None


def _client(make: Any, address: str) -> Client:
    host, _, port = address.partition("://")[2].rpartition(":")
    try:
        # Dask would try again and again to reach a port that nobody listens at.
        socket.create_connection((host.strip("[]"), int(port)), CONNECT).close()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about versions, which are compared here
            client: Client = make(address, timeout=CONNECT, set_as_default=False, name="workbench-batch")
            return client
    except (OSError, ValueError, TypeError, RuntimeError, OverflowError) as error:
        raise failures.unreachable(address, _reason(error)) from None


def _reason(error: BaseException) -> str:
    """Why a connection failed: the first cause, without the addresses of objects."""
    while error.__cause__ is not None:
        error = error.__cause__
    if isinstance(error, TimeoutError):
        return f"{CONNECT:.0f}秒内没有应答"
    if isinstance(error, ssl.SSLError):
        return f"TLS:{error.reason}"
    return os.strerror(error.errno) if isinstance(error, OSError) and error.errno else type(error).__name__


class _Round:
    """The tasks of one call: what is handed out, what is left, what is for this machine."""

    def __init__(
        self,
        client: Client,
        crew: Crew,
        tasks: Sequence[Task],
        inputs: str | None,
        work: Work,
        patience: float,
        stop: Stop,
    ) -> None:
        self._client, self._crew, self._inputs, self._work, self._patience = client, crew, inputs, work, patience
        self._stop = stop
        self._waiting = deque(tasks)
        self._suspects: deque[Task] = deque()
        self._over: SimpleQueue[Future[Answer]] = SimpleQueue()
        self._out: dict[str, _Sent] = {}
        self.here: list[Task] = []

    def run(self) -> Iterator[Ended[Task, Outcome]]:
        """Each end when it comes."""
        try:
            while self._out or self._more(self._waiting):
                while self._more(self._waiting) and len(self._out) < AHEAD * max(1, self._crew.size):
                    self._send(_Sent(self._waiting.popleft()))
                if self._out:
                    yield from self._ended(self._next())
            while self._out or self._more(self._suspects):
                if not self._out:
                    self._send(_Sent(self._suspects.popleft(), alone=True))
                if self._out:  # else it is for this machine by now
                    yield from self._ended(self._next())
        finally:
            self._stop.begun = 0
            if self._out:
                with suppress(Exception):  # the scheduler may be gone
                    self._client.cancel([sent.future for sent in self._out.values()])

    def _more(self, tasks: deque[Task]) -> bool:
        """Whether there is something to hand out, and nobody wants to stop."""
        self._stop.begun = len(self._out)
        return bool(tasks) and not self._stop.asked

    def _send(self, sent: _Sent) -> None:
        """Hand a task out, with all that workers have asked for so far."""
        task = sent.task
        order = order_of(task, self._crew.batch, self._inputs)
        if order is None:
            self.here.append(task)
            return
        if sent.asked:
            order = with_attachments(order, sorted(sent.asked), task.workspace)
        if sent.unprepared:
            order = replace(order, equipment=self._crew.equipment)
        sent.key = f"{self._crew.batch}-{uuid4().hex}"
        sent.sources |= _sources(task.workspace, order)
        workers = self._crew.allowed(self._patience)
        sent.future = self._client.submit(
            perform, order, self._work, key=sent.key, pure=False, workers=workers, allow_other_workers=False
        )
        self._out[sent.key] = sent
        sent.future.add_done_callback(self._over.put)

    def _next(self) -> _Sent:
        """What is over next. Raises ClusterLost when nobody is there any more."""
        began = told = time.monotonic()
        while True:
            with suppress(Empty):
                future = self._over.get(timeout=1)
                if future.key in self._out:
                    return self._out.pop(future.key)
                continue
            now = time.monotonic()
            if self._client.status != "running":
                raise failures.lost(self._crew.address)
            if self._crew.count():
                began = told = now
            elif now - began > self._patience:
                raise failures.workers_lost(now - began)
            elif now - told > REMINDED:
                told = now
                self._crew.tell(f"全部工作进程已离开集群,等待其恢复({now - began:.0f}秒)")

    def _ended(self, sent: _Sent) -> Iterator[Ended[Task, Outcome]]:
        try:
            answer = sent.future.result()
        except Exception as error:
            yield from self._fallen(sent, error)
            return
        task = sent.task
        if isinstance(answer, Returned):
            yield Ended(task, arrived(task, answer, sent.sources))
            return
        if isinstance(answer, Unfit):
            self._crew.leave_out(answer.worker, answer.differences)
        if isinstance(answer, Lacking):
            sent.asked |= {*answer.names}
        else:
            sent.unprepared = True
        self._send(sent)

    def _fallen(self, sent: _Sent, error: Exception) -> Iterator[Ended[Task, Outcome]]:
        """No answer: the worker died on it again and again, or the cluster has lost it."""
        from distributed import KilledWorker
        from distributed.client import FuturesCancelledError

        task = sent.task
        if isinstance(error, KilledWorker) and not sent.alone:
            self._suspects.append(task)  # this one, or another that the same worker had been given
        elif isinstance(error, KilledWorker):
            yield Ended(task, None)
        elif isinstance(error, FuturesCancelledError | OSError | TimeoutError) or sent.future.status == "lost":
            time.sleep(1)  # a connection that is lost is seen a moment later
            if self._client.status != "running":
                raise failures.lost(self._crew.address) from None
            sent.lost += 1
            if sent.lost == _LOST_TWICE:
                yield Ended(task, None)
            else:
                self._send(sent)
        else:
            what = shorten(f"{type(error).__name__}: {error}", 200)
            fix = "请查看各工作进程的日志,并连同它反馈给维护人员;其他计划不受影响"
            problem = Problem("cluster_internal", f"集群运行这份计划时程序出错({what})", fix=fix)
            yield Ended(task, Outcome(task.name, "failed", problems=(problem,)))


class _Sent:
    """A task that is handed out: its future, what workers asked for, and where the files lie that were sent with it.

    ``alone``: nothing else is handed out meanwhile, so that it is known what a worker died on.
    """

    future: Future[Answer]
    key: str

    def __init__(self, task: Task, *, alone: bool = False) -> None:
        self.task, self.alone = task, alone
        self.sources: dict[str, Path] = {}
        self.lost = 0
        self.asked: set[str] = set()
        self.unprepared = False


def _sources(workspace: Path, order: Order) -> dict[str, Path]:
    from workbench.base.canon import digest

    return {digest(data): workspace / name for name, data in order.files.items()}
