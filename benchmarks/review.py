"""The review page in Chromium: opening it against an empty Voilà page, and a confirmed proposal against a bare callback.

Opening is compared three times: as both programs come (Voilà starts a kernel per page, the review keeps a spare one), and on
the review's own server with an empty notebook in place of the review, once with spare kernels and once without.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from making_review import EMPTY, EVALUATION, EVENTS, INDICATORS, make_workspace, token

OPENINGS, PROPOSALS = 9, 60
PAUSE = 8
"""Seconds between two openings: by then the next spare kernel waits, as it does for people who come minutes apart."""
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update")
VIEWPORT = {"width": 1366, "height": 768}
EMPTY_PAGE, REVIEW_PAGE = "#rendered_cells:not([style*=none])", ".wb-review table tbody tr"
"""What is there once a page has opened."""
TIMED = """async ([press, watch]) => {
  const [button, target] = [document.querySelector(press), document.querySelector(watch)];
  const before = target.textContent;
  return await new Promise((done) => {
    const seen = new MutationObserver(() => {
      if (document.querySelector(watch).textContent === before) return;
      seen.disconnect();
      requestAnimationFrame(() => done(performance.now() - start));
    });
    seen.observe(document.body, {subtree: true, childList: true, characterData: true});
    const start = performance.now();
    button.click();
  });
}"""
"""From the click to the next frame after the text has changed, in milliseconds."""


@contextmanager
def serving(*command: str, port: int, folder: Path) -> Iterator[str]:
    """A server's address, once it answers."""
    env = os.environ | {f"JUPYTER_{name}_DIR": str(folder / name) for name in ("CONFIG", "DATA", "RUNTIME")}
    process = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while True:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def free_port() -> int:
    """A port nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def voila(folder: Path) -> Iterator[str]:
    """Voilà as it comes, on a notebook without cells."""
    notebook, port = folder / "empty.ipynb", free_port()
    notebook.write_text(json.dumps(EMPTY), "utf-8")
    program = str(Path(sys.executable).with_name("voila"))
    command = [program, str(notebook), "--no-browser", f"--port={port}", "--Voila.ip=127.0.0.1"]
    with serving(*command, port=port, folder=folder) as address:
        yield address


@contextmanager
def review(workspace: Path, *, spare: bool = True) -> Iterator[str]:
    """``workbench review``; without a spare kernel, every page waits for one of its own."""
    port = free_port()
    code = "" if spare else "import workbench.review.server.kernels as k; k.OwnedKernels.prepare = lambda *_: None\n"
    program = [sys.executable, "-c", f"{code}from workbench.cli import main; main()"]
    command = [*program, "review", EVALUATION, "--no-browser", f"--port={port}", f"--workspace={workspace}"]
    with serving(*command, port=port, folder=workspace) as address:
        yield address


def opening(context: Any, address: str, shown: str) -> float:
    """Seconds from asking for the page until it is there; the page is closed again."""
    page = context.new_page()
    start = time.perf_counter()
    page.goto(address, wait_until="commit")
    page.wait_for_selector(shown)
    seconds = time.perf_counter() - start
    page.close(run_before_unload=True)
    return seconds


def openings(browser: Any, folder: Path) -> list[dict[str, Any]]:
    """Both pages in turn, in each of the three settings."""
    full, empty = folder / "full", folder / "empty"
    for workspace in (full, empty):
        make_workspace(workspace, events=EVENTS, empty=workspace == empty)
    with voila(folder) as bare, review(full) as ours:
        found = [compared(browser, "of bare Voilà, as each comes", [(bare, None), (ours, full)], PAUSE)]
    for spare, words in ((True, "with spare kernels"), (False, "without spare kernels")):
        with review(empty, spare=spare) as bare, review(full, spare=spare) as ours:
            what = f"on the same server, both {words}"
            found.append(compared(browser, what, [(bare, empty), (ours, full)], PAUSE if spare else 1))
    return found


def compared(browser: Any, what: str, sides: list[tuple[str, Path | None]], pause: float) -> dict[str, Any]:
    """Medians of opening an empty page and the review in turn."""
    pages, times = [], []
    for (address, workspace), shown in zip(sides, (EMPTY_PAGE, REVIEW_PAGE), strict=True):
        context = browser.new_context(viewport=VIEWPORT)
        if workspace is not None:
            enter(context, address, workspace, shown).close()
        pages.append((context, address, shown))
    for _ in range(OPENINGS + 1):
        pair = []
        for page in pages:
            time.sleep(pause / 2)
            pair.append(opening(*page))
        times.append(pair)
    for context, _, _ in pages:
        context.close()
    baseline, seconds = (median(side) for side in zip(*times[1:], strict=True))
    return {
        "what": f"opening the review ({INDICATORS} indicators, {EVENTS} events) against an empty page {what}",
        "baseline": f"{baseline:.2f} s",
        "ours": f"{seconds:.2f} s",
        "ratio": f"{seconds / baseline:.2f}",
        "goal": "≤ 1.5",
        "met": seconds / baseline <= 1.5,
    }


def enter(context: Any, address: str, workspace: Path, shown: str = REVIEW_PAGE) -> Any:
    """The page of somebody who has just come in."""
    page = context.new_page()
    page.goto(f"{address}/enter/{token(workspace)}")
    page.click("button")
    page.wait_for_selector(shown)
    return page


def proposals(browser: Any, folder: Path) -> dict[str, Any]:
    """Proposals and bare callbacks in turn, on one page."""
    workspace = folder / "proposing"
    make_workspace(workspace, events=EVENTS, echo=True)
    with review(workspace) as address:
        page = enter(browser.new_context(viewport=VIEWPORT), address, workspace)
        page.wait_for_selector(".echo-label")
        pairs = [(echo(page), proposal(page, n)) for n in range(PROPOSALS + 5)][5:]
    bare, ours = (quantiles(side, n=20) for side in zip(*pairs, strict=True))
    (bare50, bare95), (ours50, ours95) = ((side[9], side[18]) for side in (bare, ours))
    return {
        "what": f"from 确认 to the new total ({INDICATORS} indicators, {EVENTS} events) against a bare ipywidgets callback",
        "baseline": f"p50 {bare50:.0f} ms, p95 {bare95:.0f} ms",
        "ours": f"p50 {ours50:.0f} ms, p95 {ours95:.0f} ms",
        "ratio": f"{ours95 / bare95:.2f} (p95)",
        "goal": "p95 ≤ 2 and ≤ 150 ms",
        "met": ours95 <= 2 * bare95 and ours95 <= 150,
    }


def echo(page: Any) -> float:
    """Milliseconds of a bare callback."""
    time.sleep(0.2)
    return float(page.evaluate(TIMED, ["button.echo-button", ".echo-label"]))


def proposal(page: Any, number: int) -> float:
    """Milliseconds from confirming a proposal to the total that follows from it."""
    row = page.locator(".wb-review table tbody tr[data-code]").nth(number % INDICATORS)
    row.click()
    page.wait_for_selector(f'[data-testid="detail-title"]:has-text("{row.get_attribute("data-code")}")')
    page.click('[data-testid="choose-adjust"]')
    page.fill('[data-testid="points"]', f"0.{1 + number % 9}{1 + number // 9 % 9}")
    page.fill('[data-testid="reason"]', f"按现场核查情况调整({number})")
    time.sleep(0.2)
    return float(page.evaluate(TIMED, ['[data-testid="confirm"]', '[data-testid="conclusion"]']))


def main() -> list[dict[str, Any]]:
    """All questions."""
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        sys.exit("Chromium is not on this machine; scripts/install-system-packages.sh installs it")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        return [*openings(browser, Path(folder)), proposals(browser, Path(folder))]


if __name__ == "__main__":
    for line in main():
        print(line)
