"""The owner's side of the warm parent: start it once, order kernels from it. Linux only."""

from __future__ import annotations

import atexit
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from contextlib import suppress

from workbench.warm.order import Order
from workbench.warm.warming import PROGRAM
from workbench.warm.wire import Wire

QUIET = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
    "PYTHONHASHSEED": "0",
    "MPLBACKEND": "agg",
}
"""So that importing starts no thread: only the thread that forks lives on in a child, and locks of the others stay shut."""
READY = 64
"""Bytes that are more than enough for a parent's word that it is warm."""


class Forked:
    """A kernel that was forked: its wires, and its life line, over which its end is told."""

    def __init__(self, shell: Wire, iopub: Wire, life: socket.socket) -> None:
        self.shell, self.iopub, self._life = shell, iopub, life
        self._told = b""
        self.exit: int | None = None
        self.pid: int | None = None

    def begun(self) -> bool:
        """Wait until it is forked; False: the warm parent died on it."""
        while self.pid is None and self.exit is None:
            self._listen(0)
        return self.pid is not None

    def alive(self) -> bool:
        """Whether the process is there."""
        if self.exit is None:
            self._listen(socket.MSG_DONTWAIT)
        return self.exit is None

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
            while self.exit is None:
                self._listen(0)
        self.shell.close()
        self.iopub.close()
        self._life.close()

    def _listen(self, flags: int) -> None:
        try:
            data = self._life.recv(4096, flags)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self.exit = -signal.SIGKILL  # the warm parent is gone, and its kernels with it
            return
        self._told += data
        for line in self._told.splitlines():
            said = json.loads(line)
            self.pid = said.get("pid", self.pid)
            self.exit = said.get("exit", self.exit)


class ForkServer:
    """A warm parent and the connection to it. The parent is started with the first kernel, and ends with this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._settings: dict[str, str] = {}

    def kernel(self, order: Order) -> Forked:
        """A new kernel. Raises OSError when the warm parent cannot be started."""
        with self._lock:  # until the parent has answered: sockets of two orders at once could be lost on their way
            forked = self._forked(order)
            if not forked.begun():  # the parent had died, and nobody had noticed
                forked.close()
                self.close()
                forked = self._forked(order)
                if not forked.begun():
                    forked.close()
                    raise OSError("the warm parent ends as soon as it is asked for a kernel")
        return forked

    def _forked(self, order: Order) -> Forked:
        pairs = [socket.socketpair() for _ in range(3)]
        ours, theirs = [p[0] for p in pairs], [p[1] for p in pairs]
        data = json.dumps(order.as_dict()).encode("ascii") + b"\n"
        try:
            control = self._connected(order)
            sent = socket.send_fds(control, [data], [end.fileno() for end in theirs])
            control.sendall(data[sent:])
        except OSError:
            for end in ours:
                end.close()
            raise
        finally:
            for end in theirs:
                end.close()
        return Forked(Wire(ours[0]), Wire(ours[1]), ours[2])

    def close(self) -> None:
        """End the warm parent, and with it every kernel."""
        if self._control is not None:
            self._control.close()
        if self._process is not None:
            self._process.wait()
        self._control = self._process = None

    def _connected(self, order: Order) -> socket.socket:
        settings = {name: value for name, value in order.environment.items() if name.startswith("PYTHON")}
        if self._process is None or self._process.poll() is not None or settings != self._settings:
            self.close()
            self._start(settings)
        assert self._control is not None
        return self._control

    def _start(self, settings: dict[str, str]) -> None:
        control, theirs = socket.socketpair()
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-c", PROGRAM.format("parent"), str(theirs.fileno())],
                env=environment | settings | QUIET,
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
        self._control, self._settings = control, settings
        if not control.recv(READY):
            self.close()
            raise OSError("the warm parent did not start")
        atexit.register(self.close)
