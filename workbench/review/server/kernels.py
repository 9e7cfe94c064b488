"""Kernels of the review server: each belongs to the session whose page started it, and ends with that page or session."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Mapping
from typing import Any

from jupyter_client.ioloop.manager import AsyncIOLoopKernelManager
from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from jupyter_server.utils import ApiPath
from tornado import web
from traitlets import Dict, List, Unicode, default

from workbench.review.access import SESSION_VARIABLE

SESSION_HEADER = "X-Workbench-Session"
"""Set by the server, and only by it, on the request that starts a kernel; Voilà hands it over as an environment variable."""
MOST_PAGES = 8
"""Open pages of one session; each is a process of about 150 MB."""
REFILL_SECONDS = 3
"""Making the next spare kernel ready waits until the page that took the last one has opened."""
READY_SECONDS = 60


HEARD = ("comm_open", "comm_msg", "comm_close", "comm_info_request", "kernel_info_request")
"""What a browser may say to its kernel: talk to widgets. It cannot run code."""
SAID = ("comm_open", "comm_msg", "comm_close", "comm_info_reply", "kernel_info_reply", "status")
"""What a kernel's words a browser gets to hear: those of widgets, not what goes wrong inside."""


class WidgetChannel(ZMQChannelsWebsocketConnection):
    """Carries the talk between widgets and nothing else. What a browser may send is limited by the kernel manager."""

    def handle_outgoing_message(self, stream: Any, outgoing_msg: list[Any]) -> None:
        """Pass on a kernel's message, if it is one of a widget."""
        _, parts = self.session.feed_identities(outgoing_msg)
        if self.session.unpack(parts[1])["msg_type"] in SAID:
            super().handle_outgoing_message(stream, outgoing_msg)


class LocalKernel(AsyncIOLoopKernelManager):
    """Talks over sockets in the server's private folder where the platform has them: no port for others to try."""

    @default("transport")
    def _transport(self) -> str:
        return "tcp" if sys.platform == "win32" else "ipc"


class OwnedKernels(AsyncMappingKernelManager):
    """Knows which session started a kernel, and keeps one spare kernel that has imported everything a page needs.

    Without it each page waits for a process to start and import. A spare one knows nobody: what the request says about its
    visitor is handed over when it is taken.
    """

    owners = Dict()
    """Kernel id → hash of the session."""
    _starting = List(Unicode())
    """Sessions whose kernels are on their way."""
    prelude = Unicode()
    """What a spare kernel runs in advance."""

    _spare: asyncio.Task[str] | None = None
    _begun = False
    """Whether the spare kernel is on its way; before that, starting another is quicker than waiting for it."""

    @default("kernel_manager_class")
    def _kernel_manager_class(self) -> str:
        return f"{LocalKernel.__module__}.{LocalKernel.__qualname__}"

    async def start_kernel(self, **kwargs: Any) -> str:  # type: ignore[override]  # the base assigns a method here
        """Start a kernel for the session its environment names. Raises HTTPError 429 when that one has too many."""
        environment: Mapping[str, str] = kwargs["env"]
        session = environment[SESSION_VARIABLE]
        if [*self.owners.values(), *self._starting].count(session) >= MOST_PAGES:
            raise web.HTTPError(429)
        self._starting.append(session)  # counted at once: it takes a second, in which many more can be asked for
        try:
            kernel_id = await self._taken(environment) or await super().start_kernel(**kwargs)
            self.owners[kernel_id] = session
        finally:
            self._starting.remove(session)
        return kernel_id

    def remove_kernel(self, kernel_id: str) -> Any:
        """Forget a kernel that has ended."""
        self.owners.pop(kernel_id, None)
        return super().remove_kernel(kernel_id)

    async def cull_kernel_if_idle(self, kernel_id: str) -> None:
        """End a kernel nobody is connected to any more; the spare one is meant to wait."""
        if kernel_id in self.owners:
            await super().cull_kernel_if_idle(kernel_id)  # type: ignore[no-untyped-call]

    def prepare(self, after: float = 0) -> None:
        """Make a spare kernel ready in the background."""
        self._begun = False
        self._spare = asyncio.create_task(self._prepared(after))

    def leave_off(self) -> None:
        """Make no more spare kernels."""
        if self._spare is not None:
            self._spare.cancel()

    async def _prepared(self, after: float) -> str:
        await asyncio.sleep(after)
        self._begun = True
        kernel_id: str = await super().start_kernel(kernel_name="python3", path=ApiPath(""), env=dict(os.environ))
        await self._run(kernel_id, self.prelude)
        return kernel_id

    async def _taken(self, environment: Mapping[str, str]) -> str | None:
        """The spare kernel, told what the request says; None when there is none."""
        spare = self._spare
        if spare is None or not self._begun:
            return None
        self.prepare(REFILL_SECONDS)
        new = {str(name): value for name, value in environment.items() if os.environ.get(name) != value}
        kernel_id = ""
        try:
            kernel_id = await spare
            await self._run(kernel_id, f"import os; os.environ.update({new!r}); del os")
        except Exception:  # it died, or did not answer; a fresh one will do
            self.log.exception("the spare kernel could not be used")
            if kernel_id in self:
                await self.shutdown_kernel(kernel_id, now=True)  # type: ignore[no-untyped-call]
            return None
        return kernel_id

    async def _run(self, kernel_id: str, code: str) -> None:
        """Run code in a kernel. Raises RuntimeError when it fails, TimeoutError when there is no answer."""
        client: Any = self.get_kernel(kernel_id).client()
        client.start_channels()
        try:
            await client.wait_for_ready(timeout=READY_SECONDS)
            reply = await client.execute(code, silent=True, reply=True, timeout=READY_SECONDS)
        finally:
            client.stop_channels()
        if reply["content"]["status"] != "ok":
            raise RuntimeError(reply["content"].get("evalue"))
