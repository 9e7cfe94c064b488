"""Jupyter's session, with messages that go over a wire, and the streams of what a notebook prints."""

from __future__ import annotations

import io
import os
import tempfile
import threading
from typing import TYPE_CHECKING, Any

from jupyter_client.session import Session

from workbench.warm.wire import Wire

if TYPE_CHECKING:
    from collections.abc import Mapping


class WireSession(Session):
    """Sends messages whole over a wire; to a channel that is none they are not sent, nor is anything from a fork of the kernel:
    two that write on one wire garble each other."""

    def send(
        self,
        stream: Any,
        msg_or_type: dict[str, Any] | str,
        content: Mapping[str, Any] | None = None,
        parent: dict[str, Any] | None = None,
        ident: Any = None,
        buffers: list[Any] | None = None,
        track: bool = False,
        header: dict[str, Any] | None = None,
        metadata: dict[str, Any] | None = None,
    ) -> dict[str, Any]:
        """Build and send a message; as its parent class documents."""
        message = msg_or_type
        if isinstance(message, str):
            message = self.msg(message, dict(content or {}), parent, header, metadata)
        if isinstance(stream, Wire) and os.getpid() == self.pid:
            stream.send(message | {"buffers": list(buffers or ())})
        return message


class Printed(io.TextIOBase):
    """Standard output or error of a notebook: what Python prints, then what others wrote to the file descriptor below it.

    All of it goes out before anything is displayed and at the end of a cell, so equal runs have equal outputs. What a fork of
    the kernel prints is caught as from any other program.
    """

    encoding = "utf-8"
    errors = "replace"

    def __init__(self, name: str, descriptor: int) -> None:
        self.name = name
        self._descriptor = descriptor
        self._pieces: list[str] = []
        self._lock = threading.RLock()
        self._parent: dict[str, Any] = {}
        self._session: WireSession | None = None
        self._iopub: Wire | None = None

    def connect(self, session: WireSession, iopub: Wire) -> None:
        """Begin to send, and catch what is written to the file descriptor from now on."""
        self._session, self._iopub = session, iopub
        # A file without a name takes whatever comes, where a pipe would stop whoever fills it.
        self._file = tempfile.TemporaryFile("a+b")  # noqa: SIM115  # open as long as the kernel is
        os.dup2(self._file.fileno(), self._descriptor)
        self._seen, self._pid = 0, os.getpid()

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text)}")
        if self._in_fork():  # where another thread may have held the lock
            _write(self._file.fileno(), text.encode("utf-8", "replace"))
            return len(text)
        with self._lock:
            self._pieces.append(text)
        return len(text)

    def flush(self) -> None:
        if self._in_fork():  # what had been printed before goes out where it was printed
            return
        with self._lock:
            text, self._pieces = "".join(self._pieces), []
            text += self._caught()
            if text and self._session is not None:
                content = {"name": self.name, "text": text}
                self._session.send(self._iopub, "stream", content, parent=self._parent)

    def _caught(self) -> str:
        # Of the file: a notebook may have closed what stands for it.
        if self._iopub is None or os.fstat(self._file.fileno()).st_size == self._seen:
            return ""
        self._file.seek(self._seen)
        data = self._file.read()
        self._seen += len(data)
        return data.decode("utf-8", "replace")

    def _in_fork(self) -> bool:
        return self._iopub is not None and os.getpid() != self._pid

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._descriptor

    def set_parent(self, parent: dict[str, Any]) -> None:
        """Belong to a request from now on."""
        self.flush()
        self._parent = parent


def _write(descriptor: int, data: bytes) -> None:
    while data:
        data = data[os.write(descriptor, data) :]
