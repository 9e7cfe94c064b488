"""A browser's channel to its kernel, without a browser."""

from __future__ import annotations

import json
import uuid
from typing import Any

from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

Message = tuple[str, str, dict[str, Any]]
INFO: Message = ("shell", "kernel_info_request", {})
"""Asked last: kernels answer in order, so whatever has no answer by then was dropped."""
SECONDS = 30


def refusal(port: int, kernel: str, cookie: str, *, origin: str | None = None) -> int:
    """The status with which a channel is refused; 101 when it is opened."""
    try:
        with _open(port, kernel, cookie, uuid.uuid4().hex, origin):
            return 101
    except InvalidStatus as error:
        return error.response.status_code


def conversation(port: int, kernel: str, cookie: str, *messages: Message) -> list[dict[str, Any]]:
    """Send messages (channel, type, content), and INFO after them; everything the kernel says until it is done with that."""
    session, number = uuid.uuid4().hex, ""
    said: list[dict[str, Any]] = []
    with _open(port, kernel, cookie, session) as connection:
        for channel, kind, content in (*messages, INFO):
            number = uuid.uuid4().hex
            header = {"msg_id": number, "username": "", "session": session, "msg_type": kind, "version": "5.3"}
            message = {"header": header, "parent_header": {}, "metadata": {"version": "1.0.0"}, "content": content}
            connection.send(json.dumps(message | {"channel": channel, "buffers": []}))
        waiting = {"kernel_info_reply", "idle"}  # they come by two ways, each in order
        while waiting:
            text = connection.recv(SECONDS)
            said.append(json.loads(text if isinstance(text, str) else _json_part(text)))
            if said[-1]["parent_header"].get("msg_id") == number:
                waiting -= {said[-1]["msg_type"], said[-1]["content"].get("execution_state")}
    return said


def _open(port: int, kernel: str, cookie: str, session: str, origin: str | None = None) -> Any:
    return connect(
        f"ws://127.0.0.1:{port}/api/kernels/{kernel}/channels?session_id={session}",
        origin=origin or f"http://127.0.0.1:{port}",
        additional_headers={"Cookie": cookie},
        proxy=None,
        max_size=None,
    )


def _json_part(message: bytes) -> bytes:
    """Of a message with buffers: a count, offsets, then the JSON, then the buffers."""
    count = int.from_bytes(message[:4], "big")
    offsets = [int.from_bytes(message[4 * (i + 1) : 4 * (i + 2)], "big") for i in range(count)]
    return message[offsets[0] : offsets[1] if count > 1 else len(message)]
