"""What nbclient needs of a kernel manager and of a client, over our wires."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from queue import Empty
from typing import Any

from jupyter_client.session import Session

from workbench.warm.order import Order
from workbench.warm.process import KernelProcess, KernelServer
from workbench.warm.wire import Message, Wire


class Channel:
    """Messages that come over one wire."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def send(self, message: Message) -> None:
        """What a front end tells a widget reaches none: nbclient keeps what is shown in an Output widget, and is done with it."""

    async def get_msg(self, timeout: float | None = None) -> Message:
        """The next message. Raises queue.Empty after ``timeout`` seconds, also where no message can come any more."""
        try:
            async with asyncio.timeout(timeout):
                try:
                    return await self._wire.receive()
                except EOFError:  # dead: who waits is told by whoever watches over the kernel
                    return await asyncio.get_running_loop().create_future()  # type: ignore[no-any-return]  # never
        except TimeoutError:
            raise Empty from None


class WarmClient:
    """Asks a kernel over its wires."""

    allow_stdin = False

    def __init__(self, process: KernelProcess) -> None:
        self.session, self._process = Session(), process
        self.shell_channel, self.iopub_channel = Channel(process.shell), Channel(process.iopub)

    def start_channels(self) -> None:
        """They are open."""

    def stop_channels(self) -> None:
        """The manager closes them."""

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """It is ready before it is forked."""

    def is_alive(self) -> bool:
        """Whether the kernel is there."""
        return self._process.alive()

    def execute(self, code: str, **options: Any) -> str:
        """Ask for a cell to be run; the id of the request."""
        usual = {"silent": False, "store_history": True, "user_expressions": {}, "allow_stdin": False}
        return self._ask("execute_request", {"code": code} | usual | options)

    def kernel_info(self) -> str:
        """Ask what the kernel is; the id of the request."""
        return self._ask("kernel_info_request", {})

    def _ask(self, kind: str, content: dict[str, Any]) -> str:
        message = self.session.msg(kind, content)
        with suppress(OSError):  # dead: whoever waits for the answer is told
            self._process.shell.send(message)
        return str(message["header"]["msg_id"])


class WarmKernelManager:
    """One kernel, from its order to its end."""

    ipykernel = False

    def __init__(self, server: KernelServer, seed: int | None = None, memory: int | None = None) -> None:
        self._server, self._seed, self._memory = server, seed, memory
        self.process: KernelProcess | None = None
        self.started: Callable[[], None] = lambda: None

    @property
    def has_kernel(self) -> bool:
        """Whether one was started."""
        return self.process is not None

    def start_kernel(self, *, cwd: str | None = None, **_: Any) -> None:
        """Order a kernel with the environment that this process has now, by default where it is now.

        Raises RuntimeError when none can be started.
        """
        order = Order(cwd or str(Path.cwd()), dict(os.environ), self._seed, self._memory)
        try:
            self.process = self._server.kernel(order)
        except OSError as error:
            raise RuntimeError(str(error)) from error  # as papermill's own says that a kernel never started
        self.started()

    def client(self) -> WarmClient:
        """Somebody to ask."""
        assert self.process is not None
        return WarmClient(self.process)

    def is_alive(self) -> bool:
        """Whether the kernel is there."""
        return self.process is not None and self.process.alive()

    def interrupt_kernel(self) -> None:
        """As Ctrl-C would."""
        if self.process is not None:
            self.process.interrupt()

    def shutdown_kernel(self, now: bool = False) -> None:
        """End it; a kernel whose notebook is over has nothing left to do."""
        if self.process is not None:
            self.process.close()
            self.process = None

    def cleanup_resources(self, restart: bool = False) -> None:
        """Close what is open when the kernel died by itself."""
        self.shutdown_kernel()
