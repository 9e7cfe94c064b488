"""A real Chromium, and the real ``workbench lab`` to look at with it."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import pytest
from playwright.sync_api import Browser, Page, sync_playwright

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1] / "review" / "server")]  # for test_review

FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
TOKEN = "for-this-test-only"
VIEWPORT = {"width": 1440, "height": 900}
SECONDS = 90


@pytest.fixture(scope="module")
def browser(chinese_fonts: dict[str, str]) -> Iterator[Browser]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        pytest.skip("Chromium is not on this machine; scripts/install-system-packages.sh installs it")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=chromium, args=list(FLAGS), env=dict(os.environ) | chinese_fonts
        )
        yield started
        started.close()


@dataclass
class Lab:
    """A running JupyterLab and what its pages said on the console."""

    browser: Browser
    port: int
    screenshots: Path
    complaints: list[str] = field(default_factory=list)

    def api(self, path: str) -> Any:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/api/{path}?token={TOKEN}", timeout=5) as answer:
            return json.load(answer)

    def open(self, notebook: str) -> Page:
        """The notebook in a new page, its kernel ready."""
        page = self.browser.new_page(viewport=VIEWPORT)
        page.set_default_timeout(SECONDS * 1000)
        page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.goto(f"http://127.0.0.1:{self.port}/lab/tree/{notebook}?token={TOKEN}&reset")
        page.wait_for_selector(".jp-Notebook-ExecutionIndicator[data-status=idle]", state="attached")
        # The page calls a kernel idle before it is connected, and cells run then are lost.
        until(self.connected)
        page.wait_for_selector("text=Python 3 (ipykernel) | Idle")
        return page

    def connected(self) -> bool:
        """Whether an idle kernel has a page at its other end.

        The server answers 500 while a kernel is starting: it is listed before its last activity is noted.
        """
        try:
            return any(kernel["execution_state"] == "idle" and kernel["connections"] for kernel in self.api("kernels"))
        except urllib.error.HTTPError:
            return False

    def run_all(self, page: Page) -> None:
        """The menu's Run → Run All Cells."""
        page.click(".lm-MenuBar-itemLabel >> text=Run")
        page.click(".lm-Menu-item[data-command='runmenu:run-all']")

    def shoot(self, page: Page, name: str) -> None:
        """Keep a screenshot."""
        keep_screenshot(page, self.screenshots / f"{name}.png")


def keep_screenshot(page: Page, path: Path) -> None:
    """Into a file, and a copy into the folder CI_ARTIFACTS names."""
    page.screenshot(path=path)
    if kept := os.environ.get("CI_ARTIFACTS"):
        Path(kept).mkdir(parents=True, exist_ok=True)
        shutil.copy(path, kept)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    """What every page showed when a test failed."""
    report = yield
    if report.when == "call" and report.failed:
        pages = [page for context in item.funcargs["browser"].contexts for page in context.pages]
        for number, page in enumerate(pages):
            keep_screenshot(page, item.funcargs["tmp_path"] / f"failed-{item.name}-{number}.png")
    return report


@pytest.fixture
def shoot(tmp_path: Path) -> Callable[[Page, str], None]:
    """Keeps a screenshot under a name."""
    return lambda page, name: keep_screenshot(page, tmp_path / f"{name}.png")


@pytest.fixture
def lab(browser: Browser, tmp_path: Path) -> Iterator[Callable[[Path], Any]]:
    """Starts ``workbench lab`` on a workspace; it is ended in every case, and has to end in good order."""

    @contextmanager
    def serve(workspace: Path) -> Iterator[Lab]:
        port = free_port()
        command = [
            *(str(Path(sys.executable).with_name("workbench")), "lab", "--dir", str(workspace), "--no-browser"),
            *(f"--port={port}", "--ip=127.0.0.1", "--allow-root", f"--IdentityProvider.token={TOKEN}"),
        ]
        log = tmp_path / "lab.log"
        with log.open("wb") as stream:
            process = subprocess.Popen(command, env=environment(tmp_path), stdout=stream, stderr=stream)
        started = psutil.Process(process.pid)
        family = [started]
        try:
            running = Lab(browser, port, tmp_path)
            until(lambda: process.poll() is not None or answers(running))
            assert process.poll() is None, log.read_text(encoding="utf-8")
            yield running
            close_pages(browser)  # a page would complain that its server is gone
            family += started.children(recursive=True)
            process.send_signal(signal.SIGTERM)
            process.wait(15)
            _, left = psutil.wait_procs(family, timeout=10)
            assert not left, f"still running: {left}"
        finally:
            if process.poll() is None:
                family += started.children(recursive=True)
            for member in reversed(family):
                if member.is_running():
                    member.kill()
            process.wait(10)
            close_pages(browser)

    yield serve


def close_pages(browser: Browser) -> None:
    for context in browser.contexts:
        context.close()


def environment(folder: Path) -> dict[str, str]:
    """The process environment without the user's Jupyter settings, so that a page is the same on every machine."""
    names = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")
    return {k: v for k, v in os.environ.items() if not k.startswith("WORKBENCH_")} | {
        name: str(folder / name.lower()) for name in names
    }


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(running: Lab) -> bool:
    try:
        return bool(running.api("status"))
    except OSError:
        return False


def until(condition: Callable[[], Any], seconds: float = SECONDS) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.1)
