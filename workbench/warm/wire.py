"""Jupyter messages over a connected socket: a length, then JSON."""

from __future__ import annotations

import asyncio
import json
import socket
import struct
import threading
from base64 import b64decode, b64encode
from contextlib import suppress
from datetime import datetime
from typing import Any

_LENGTH = struct.Struct(">Q")
_CHUNK = 1 << 16
Message = dict[str, Any]


def packed(message: Message) -> bytes:
    """A message with its length before it; buffers of widgets travel as base64."""
    text = json.dumps(message, default=_plain, ensure_ascii=False)
    body = text.encode("utf-8", "surrogatepass")  # a notebook may print half a character
    return _LENGTH.pack(len(body)) + body


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        return {"base64": b64encode(value).decode("ascii")}
    return str(value)


def _unpacked(body: bytes) -> Message:
    message: Message = json.loads(body.decode("utf-8", "surrogatepass"))
    if "buffers" in message:
        message["buffers"] = [b64decode(b["base64"]) for b in message["buffers"]]
    return message


class Wire:
    """One end of a connected pair of sockets.

    Whoever sends waits until it is sent. Receiving works on whatever event loop is running.
    """

    def __init__(self, end: socket.socket) -> None:
        self.end = end
        self._lock = threading.Lock()
        self._read = bytearray()
        self._loop: asyncio.AbstractEventLoop | None = None

    def send(self, message: Message) -> None:
        """Send a message whole. Raises OSError when nobody is at the other end."""
        data = packed(message)
        with self._lock:
            self.end.setblocking(True)
            self.end.sendall(data)

    async def receive(self) -> Message:
        """The next message. Raises EOFError when the other end is closed."""
        loop = self._loop = asyncio.get_running_loop()
        while (message := self._next()) is None:
            self.end.setblocking(False)
            try:
                data = await loop.sock_recv(self.end, _CHUNK)
            except ConnectionError:
                raise EOFError from None
            if not data:
                raise EOFError
            self._read += data
        return message

    def receive_now(self, seconds: float | None = None) -> Message:
        """The next message, without a loop. Raises EOFError when the other end is closed, TimeoutError after so many seconds."""
        while (message := self._next()) is None:
            self.end.settimeout(seconds)
            data = self.end.recv(_CHUNK)
            if not data:
                raise EOFError
            self._read += data
        return message

    def close(self) -> None:
        """Close this end.

        A loop that somebody has stopped waiting on may still watch it: it would take the next socket of the same number for
        this one, and hear nothing of it.
        """
        if self._loop is not None and not self._loop.is_closed() and self.end.fileno() >= 0:
            with suppress(NotImplementedError):  # Windows: its loop watches nothing by number
                self._loop.remove_reader(self.end)
        self.end.close()

    def _next(self) -> Message | None:
        if len(self._read) < _LENGTH.size:
            return None
        end = _LENGTH.size + _LENGTH.unpack_from(self._read)[0]
        if len(self._read) < end:
            return None
        body = bytes(self._read[_LENGTH.size : end])
        del self._read[:end]
        return _unpacked(body)
