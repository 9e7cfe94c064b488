"""The program of a kernel that was started, not forked: warm up, call whoever started it, be the kernel that is ordered."""

from __future__ import annotations

import os
import socket
import sys
import threading

from workbench.warm.order import Order, carry_out
from workbench.warm.warming import warmed_kernel
from workbench.warm.wire import Wire


def main() -> None:
    """Called with the port to call back at; a token comes over standard input, which closes when the owner ends."""
    port, token = int(sys.argv[1]), sys.stdin.readline().strip()
    del sys.argv[1:]  # nothing a notebook has asked for
    kernel = warmed_kernel()
    wires = {}
    for channel in ("shell", "iopub"):
        wires[channel] = Wire(socket.create_connection(("127.0.0.1", port)))
        wires[channel].send({"token": token, "channel": channel})
    threading.Thread(target=_end_with_owner, daemon=True).start()
    carry_out(Order(**wires["shell"].receive_now()))
    kernel.serve(**wires)
    os._exit(0)


def _end_with_owner() -> None:
    sys.__stdin__ and sys.__stdin__.read()
    os._exit(0)
