"""Kernels where no process can be forked: started anew, one ahead of who asks, so that it has warmed up when it is wanted."""

from __future__ import annotations

import atexit
import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from workbench.warm.order import Order, python_settings
from workbench.warm.warming import PROGRAM, SETTINGS
from workbench.warm.wire import Wire

PATIENCE = 120.0
"""Seconds a process has to import everything and to call back."""
_AGAIN = 1.0
"""Seconds after which it is looked whether the process is still there."""
TOKEN_BYTES = 32


class Spawned:
    """A kernel that was started as a program; its standard input is its life line."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.settings = python_settings(environment)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._token = secrets.token_hex(TOKEN_BYTES)
        command = [sys.executable, "-c", PROGRAM.format("spawned"), str(self._listener.getsockname()[1])]
        group: Any = {"start_new_session": True} if os.name == "posix" else {}
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, env=dict(environment) | SETTINGS, **group)
        assert self._process.stdin is not None
        # Not as an argument: those everybody on the machine can read.
        self._process.stdin.write(f"{self._token}\n".encode("ascii"))
        self._process.stdin.flush()
        self._wires: dict[str, Wire] = {}

    def take(self, order: Order) -> None:
        """Wait until the process is warm, and make it the kernel that was ordered. Raises OSError when it never calls."""
        ends = time.monotonic() + PATIENCE
        self._listener.settimeout(_AGAIN)
        try:
            while len(self._wires) < 2:
                if not self.alive() or time.monotonic() > ends:
                    raise OSError("a kernel did not start")
                try:
                    wire = Wire(self._listener.accept()[0])
                except TimeoutError:
                    continue
                said = wire.receive_now(PATIENCE)
                if secrets.compare_digest(str(said.get("token")), self._token):
                    self._wires[said["channel"]] = wire
        except (EOFError, ValueError):
            raise OSError("a process that was not a kernel called") from None
        finally:
            self._listener.close()
        self.shell.send(order.as_dict())

    @property
    def shell(self) -> Wire:
        """Requests and answers."""
        return self._wires["shell"]

    @property
    def iopub(self) -> Wire:
        """What everybody may hear."""
        return self._wires["iopub"]

    def alive(self) -> bool:
        """Whether the process is there."""
        return self._process.poll() is None

    def interrupt(self) -> None:
        """As Ctrl-C would; on Windows a kernel cannot be told apart from its owner there, and is ended."""
        self._signal(signal.SIGINT)

    def kill(self) -> None:
        """End the kernel and whatever it has started."""
        self._signal(getattr(signal, "SIGKILL", signal.SIGTERM))

    def close(self) -> None:
        """End the kernel, wait until it is gone, close the wires."""
        self.kill()
        self._process.wait()
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._listener.close()
        for wire in self._wires.values():
            wire.close()

    def _signal(self, number: int) -> None:
        if os.name == "posix":
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, number)
        else:
            self._process.terminate()


class SpawnServer:
    """Kernels that are started as programs, each used once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._spare: Spawned | None = None
        self._asked = 0

    def kernel(self, order: Order) -> Spawned:
        """A new kernel. Raises OSError when none can be started."""
        with self._lock:
            spawned, self._spare = self._spare, None
            if spawned is not None and spawned.settings != python_settings(order.environment):
                spawned.close()
                spawned = None
            spawned = spawned or Spawned(order.environment)
            self._asked += 1
            if self._asked == 1:
                atexit.register(self.close)
            else:  # who has asked twice asks again
                with suppress(OSError):  # the next one is started when it is ordered
                    self._spare = Spawned(order.environment)
        try:
            spawned.take(order)
        except OSError:
            spawned.close()
            raise
        return spawned

    def close(self) -> None:
        """End what was started ahead."""
        with self._lock:
            if self._spare is not None:
                self._spare.close()
            self._spare = None
