"""``workbench review`` in a process of its own, and browsers that are cookie jars."""

from __future__ import annotations

import http.cookiejar
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import psutil

EVALUATION = "yongde-mingliang-school-2022"
SECONDS = 60


@dataclass
class Answer:
    """What a server said."""

    status: int
    headers: Any
    text: str


class Browser:
    """Keeps cookies, follows no redirects."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.jar = http.cookiejar.CookieJar()
        stay = type("Stay", (urllib.request.HTTPRedirectHandler,), {"redirect_request": lambda *_: None})
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar), stay)

    def ask(self, path: str, method: str = "GET", data: bytes | None = None, **headers: str) -> Answer:
        names = {k.replace("_", "-"): v for k, v in headers.items()}
        request = urllib.request.Request(f"{self.base}{path}", data, names, method=method)
        try:
            with self.opener.open(request, timeout=SECONDS) as answer:
                return Answer(answer.status, answer.headers, answer.read().decode())
        except urllib.error.HTTPError as error:
            return Answer(error.code, error.headers, error.read().decode())

    def press(self, path: str) -> Answer:
        """Open a page and press its button."""
        page = self.ask(path)
        token = re.search(r'name="_xsrf" value="([^"]+)"', page.text)
        assert token is not None, page.text
        return self.ask(path, "POST", urlencode({"_xsrf": token[1]}).encode())

    def enter(self, token: str) -> Browser:
        assert self.press(f"/enter/{token}").status == 303
        return self

    def open(self, **headers: str) -> Browser:
        """Open the review; remember the page, and which kernel serves it."""
        self.page = self.ask("/", **headers)
        assert self.page.status == 200, self.page.text
        found = re.search(r'<script id="jupyter-config-data" type="application/json">(.*?)</script>', self.page.text)
        assert found is not None, self.page.text
        self.kernel = str(json.loads(found[1])["kernelId"])
        return self

    @property
    def cookies(self) -> dict[str, http.cookiejar.Cookie]:
        return {c.name: c for c in self.jar}

    @property
    def header(self) -> str:
        return "; ".join(f"{c.name}={c.value}" for c in self.jar)

    @property
    def session(self) -> str:
        return str(self.cookies[f"workbench-{EVALUATION}"].value)


class Server:
    """``workbench review`` in a process of its own."""

    def __init__(self, workspace: Path, port: int, said: Path) -> None:
        self.workspace, self.port, self.said = workspace, port, said
        self.base = f"http://127.0.0.1:{port}"

    def start(self, *options: str) -> Server:
        command = [str(Path(sys.executable).with_name("workbench")), "review", EVALUATION, "--no-browser"]
        command += [f"--port={self.port}", f"--workspace={self.workspace}", *options]
        env = {k: v for k, v in os.environ.items() if not k.startswith(("WORKBENCH_", "JUPYTER"))}
        env |= {f"JUPYTER_{n}_DIR": str(self.said.parent / n) for n in ("CONFIG", "DATA", "RUNTIME")}
        with self.said.open("wb") as stream:
            self.process = subprocess.Popen(command, env=env, stdout=stream, stderr=stream)
        until(lambda: self.process.poll() is not None or "/enter/" in self.output())
        assert self.process.poll() is None, self.output()
        return self

    def output(self) -> str:
        return self.said.read_text(encoding="utf-8")

    def own_link(self) -> str:
        """The token of the link that was printed for whoever started the server."""
        return re.findall(r"/enter/(\S+)", self.output())[-1]

    def kernels(self) -> list[psutil.Process]:
        found = []
        for process in psutil.Process(self.process.pid).children():
            with suppress(psutil.NoSuchProcess):  # a zombie is one too
                found += [process] if "ipykernel_launcher" in process.cmdline() else []
        return found

    def serves(self, browser: Browser) -> bool:
        """Whether the kernel of a browser's page is running."""
        found = []
        for process in self.kernels():
            with suppress(psutil.NoSuchProcess):
                found += process.cmdline()
        return any(browser.kernel in word for word in found)

    def stop(self, number: int = signal.SIGTERM) -> None:
        """End it, and see that nothing of it is left."""
        family = psutil.Process(self.process.pid).children(recursive=True)
        self.process.send_signal(number)
        assert self.process.wait(20) == 0, self.output()
        _, left = psutil.wait_procs(family, timeout=10)
        assert not left, f"still running: {left}"

    def browser(self) -> Browser:
        return Browser(self.base)


def until(condition: Callable[[], Any], seconds: float = SECONDS) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.05)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
