"""The owner's side of the warm parent: start it once, order kernels from it. Linux only."""

from __future__ import annotations

import atexit
import os
import signal
import socket
import subprocess
import sys
import threading
from contextlib import suppress

from workbench.warm.order import Order, python_settings
from workbench.warm.warming import PROGRAM, SETTINGS
from workbench.warm.wire import Wire

SINGLE = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
    "MPLBACKEND": "agg",
}
"""So that importing starts no thread: only the thread that forks lives on in a child, and locks of the others stay shut."""
READY = 64
"""Bytes that are more than enough for a parent's word that it is warm."""


class Forked:
    """A kernel that was forked: its wires, and its life line, over which its end is told."""

    def __init__(self, shell: Wire, iopub: Wire, life: socket.socket) -> None:
        self.shell, self.iopub, self._life = shell, iopub, life
        self._gone = False

    def take(self, order: Order) -> bool:
        """Make it the kernel that was ordered; False, and closed: it is gone, or the warm parent died before it was forked."""
        with suppress(OSError, EOFError):
            self.shell.send(order.as_dict())
            self.shell.receive_now()
            return True
        self.close()
        return False

    def alive(self) -> bool:
        """Whether the process is there."""
        if not self._gone:
            self._listen(socket.MSG_DONTWAIT)
        return not self._gone

    def interrupt(self) -> None:
        """As Ctrl-C would."""
        self._signal(signal.SIGINT)

    def kill(self) -> None:
        """End the kernel and whatever it has started; does not wait."""
        self._signal(signal.SIGKILL)

    def _signal(self, number: int) -> None:
        with suppress(OSError):
            self._life.send(bytes([number]))

    def close(self) -> None:
        """End the kernel, wait until it is gone, close the wires."""
        if self.alive():
            self.kill()
            self._listen(0)
        self.let_go()

    def let_go(self) -> None:
        """Close the wires alone."""
        self.shell.close()
        self.iopub.close()
        self._life.close()

    def _listen(self, flags: int) -> None:
        """Nothing is ever said on the life line; it closes with the kernel, and with the warm parent."""
        try:
            self._gone = self._life.recv(1, flags) == b""
        except BlockingIOError:
            return
        except OSError:
            self._gone = True


class ForkServer:
    """A warm parent and the connection to it. The parent is started with the first kernel, and ends with this process.

    Who has asked for two kernels is expected to ask again: from then on one is forked ahead and waits for its order.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._settings: dict[str, str] = {}
        self._spare: Forked | None = None
        self._asked = 0
        os.register_at_fork(after_in_child=self._begin_anew)

    def kernel(self, order: Order) -> Forked:
        """A new kernel. Raises OSError when the warm parent cannot be started."""
        with self._lock:
            self._warm_up(order)
            forked, self._spare = self._spare, None
            if forked is None or not forked.take(order):
                forked = self._forked_now(order)
            self._asked += 1
            if self._asked > 1:
                with suppress(OSError):  # no further sockets: the next one is forked when it is ordered
                    self._spare = self._forked()
        return forked

    def close(self) -> None:
        """End the warm parent, and with it every kernel."""
        if self._spare is not None:
            self._spare.close()
        if self._control is not None:
            self._control.close()
        if self._process is not None:
            self._process.wait()
        self._control = self._process = self._spare = None

    def _begin_anew(self) -> None:
        """In a fork of this process: what was started is not its own, and two that take one kernel would both be lost."""
        if self._spare is not None:
            self._spare.let_go()
        if self._control is not None:
            self._control.close()
        self._lock, self._asked = threading.Lock(), 0
        self._control = self._process = self._spare = None

    def _forked_now(self, order: Order) -> Forked:
        for _ in range(2):
            if (forked := self._forked()).take(order):
                return forked
        self.close()  # the parent had died, and nobody had noticed
        self._warm_up(order)
        if (forked := self._forked()).take(order):
            return forked
        raise OSError("the warm parent ends as soon as it is asked for a kernel")

    def _forked(self) -> Forked:
        assert self._control is not None
        pairs = [socket.socketpair() for _ in range(3)]
        ours, theirs = [p[0] for p in pairs], [p[1] for p in pairs]
        with suppress(OSError):  # the parent is gone: whoever takes the kernel is told
            socket.send_fds(self._control, [b"k"], [end.fileno() for end in theirs])
        for end in theirs:
            end.close()
        return Forked(Wire(ours[0]), Wire(ours[1]), ours[2])

    def _warm_up(self, order: Order) -> None:
        settings = python_settings(order.environment) | SETTINGS
        if self._process is None or self._process.poll() is not None or settings != self._settings:
            self.close()
            self._start(settings)

    def _start(self, settings: dict[str, str]) -> None:
        self._control, theirs = socket.socketpair()
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-c", PROGRAM.format("parent"), str(theirs.fileno())],
                env=environment | settings | SINGLE,
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
        self._settings = settings
        if not self._control.recv(READY):
            self.close()
            raise OSError("the warm parent did not start")
        atexit.register(self.close)
