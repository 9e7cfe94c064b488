"""The warm parent: a process of one thread that has imported everything and forks a kernel for each order. Linux only.

It is started as a program of its own, holds one connection to its owner, and ends with it: with the connection every kernel
is ended too, whatever became of the owner.
"""

from __future__ import annotations

import ctypes
import gc
import os
import selectors
import signal
import socket
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbench.warm.order import Order, carry_out
from workbench.warm.pages import WrittenPages
from workbench.warm.warming import warmed_kernel
from workbench.warm.wire import Wire

_PR_SET_PDEATHSIG = 1
WIRES = 3
"""Sockets that come with the wish for a kernel: shell, iopub, and the life line."""


@dataclass
class _Child:
    pid: int
    life: socket.socket
    ended: bool = False


class Parent:
    """Forks kernels, hands on signals, and tells when each has ended."""

    def __init__(self, control: socket.socket) -> None:
        self._control = control
        self._children: dict[int, _Child] = {}
        self._selector = selectors.DefaultSelector()
        self._woken, wake = socket.socketpair()
        for end in (self._woken, wake):
            end.setblocking(False)
        self._wake = wake
        self._pages = WrittenPages()

    def run(self, kernel: Any) -> None:
        """Serve until the owner is gone."""
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self._wake.fileno(), warn_on_full_buffer=False)
        self._selector.register(self._control, selectors.EVENT_READ)
        self._selector.register(self._woken, selectors.EVENT_READ)
        while True:
            for key, _ in self._selector.select():
                if key.fileobj is self._control:
                    if not self._ordered(kernel):
                        return
                elif key.fileobj is self._woken:
                    with suppress(BlockingIOError):
                        self._woken.recv(4096)
                    self._bury()
                else:
                    self._told(key.data)

    def end(self) -> None:
        """End every kernel."""
        for child in list(self._children.values()):
            _signalled(child.pid, signal.SIGKILL)
            with suppress(ChildProcessError):
                os.waitpid(child.pid, 0)

    def _ordered(self, kernel: Any) -> bool:
        data, descriptors, _, _ = socket.recv_fds(self._control, 1, WIRES)
        if not data:
            return False
        for descriptor in descriptors:
            os.set_inheritable(descriptor, False)  # what a notebook starts, and leaves, would hold them open
        shell, iopub, life = (socket.socket(fileno=d) for d in descriptors)
        parent = os.getpid()
        try:
            pid = os.fork()
        except OSError:  # no memory, or too many processes: the others go on, and whoever waits hears that it is gone
            for end in (shell, iopub, life):
                end.close()
            return True
        if pid == 0:
            _die_with(parent)
            life.close()
            self._become(kernel, Wire(shell), Wire(iopub))
        with suppress(OSError):
            os.setpgid(pid, pid)  # here as well: a signal may come before the child has done it
        shell.close()
        iopub.close()
        child = self._children[pid] = _Child(pid, life)
        self._selector.register(life, selectors.EVENT_READ, child)
        return True

    def _become(self, kernel: Any, shell: Wire, iopub: Wire) -> None:
        """In the child: wait for the order, be the kernel, and never come back."""
        try:
            os.setpgid(0, 0)
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            signal.signal(signal.SIGINT, signal.default_int_handler)
            self._selector.close()
            for end in (self._control, self._woken, self._wake, *(c.life for c in self._children.values())):
                end.close()
            self._pages.copy()
            order = Order(**shell.receive_now())
            shell.send({})  # taken
            carry_out(order)
            kernel.serve(shell, iopub)
        except (BrokenPipeError, EOFError):
            os._exit(0)  # nobody is there to be told
        except BaseException:
            sys.__stderr__ and sys.excepthook(*sys.exc_info())
            os._exit(1)
        os._exit(0)

    def _told(self, child: _Child) -> None:
        """A signal to hand on, or the end of whoever wanted the kernel."""
        if child.pid not in self._children:
            return  # buried since it was heard
        try:
            data = child.life.recv(1)
        except OSError:
            data = b""
        number = data[0] if data else signal.SIGKILL
        if number == signal.SIGKILL and not child.ended:
            child.ended = True
            self._pages.learn(child.pid)
        _signalled(child.pid, number)
        if not data:
            self._selector.unregister(child.life)
            child.life.close()

    def _bury(self) -> None:
        while (dead := _dead()) is not None:
            # Whatever it had started goes with it, while its process group is still its own.
            _signalled(dead, signal.SIGKILL)
            os.waitpid(dead, 0)
            child = self._children.pop(dead)
            if child.life.fileno() >= 0:
                self._selector.unregister(child.life)
                child.life.close()


def _dead() -> int | None:
    """A child that has ended and is not buried."""
    try:
        found = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOWAIT | os.WNOHANG)
    except ChildProcessError:
        return None
    return found.si_pid if found is not None else None


def _die_with(parent: int) -> None:
    """Be killed when the warm parent is, also where that has just happened."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def _signalled(pid: int, number: int) -> None:
    """Signal a kernel and what it has started; a kernel that has left its own group is ended by itself."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, number)
    if number == signal.SIGKILL:
        with suppress(ProcessLookupError, PermissionError):
            os.kill(pid, number)


def main() -> None:
    """The program: warm up, say so, serve. Ends with code 1 when a library has started a thread, which no fork survives."""
    control = socket.socket(fileno=int(sys.argv[1]))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    del sys.argv[1:]  # nothing a notebook has asked for
    kernel = warmed_kernel()
    gc.collect()
    gc.freeze()
    if len(list(Path("/proc/self/task").iterdir())) > 1:
        os._exit(1)
    control.sendall(b"ready")
    parent = Parent(control)
    try:
        parent.run(kernel)
    except BaseException:
        sys.__stderr__ and sys.excepthook(*sys.exc_info())
    finally:
        parent.end()
        os._exit(0)  # nothing of what was loaded has to be taken apart
