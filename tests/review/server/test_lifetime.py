"""Starting, stopping, starting again: sessions stay, kernels do not."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from server_browsing import EVALUATION, Server, free_port, until


@pytest.fixture
def own(workspace, tmp_path):
    """A server of the test's own."""
    made = Server(workspace, free_port(), tmp_path / "said.txt")
    yield made
    process = getattr(made, "process", None)
    if process is not None and process.poll() is None:
        process.terminate()
        process.wait(20)


def test_sessions_survive_a_restart_and_nothing_else_does(own, server, token):
    """The link of the first start is spent; its browser comes in after the restart, another one does not."""
    own.start()
    browser = own.browser().enter(own.own_link())
    spent, kernel = own.own_link(), browser.open().kernel
    sockets = Path(next(w for w in own.kernels()[0].cmdline() if w.endswith(".json"))).parent
    own.stop(signal.SIGINT)
    assert "评审页已关闭" in own.output()
    assert not sockets.exists()

    own.start()
    assert browser.ask(f"/api/kernels/{kernel}").status == 403
    assert browser.ask("/leave").status == 200
    assert browser.press(f"/enter/{spent}").status == 303
    assert own.browser().press(f"/enter/{spent}").status == 403
    own.stop(signal.SIGTERM)


def test_a_closed_page_and_a_closed_session_end_their_kernels(server, token, access):
    one, two = (server.browser().enter(token("zhang")).open() for _ in range(2))
    assert server.serves(one) and server.serves(two)
    goodbye = f"_xsrf={one.cookies['_xsrf'].value}".encode()
    assert one.ask(f"/voila/api/shutdown/{one.kernel}", "POST", goodbye).status == 204
    until(lambda: not server.serves(one))
    assert server.serves(two)
    access.revoke("zhang")
    assert two.ask("/").status == 302
    until(lambda: not server.serves(two))


def test_a_port_that_is_taken_is_named(server):
    command = [str(Path(sys.executable).with_name("workbench")), "review", EVALUATION, "--no-browser"]
    command += [f"--port={server.port}", f"--workspace={server.workspace}"]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=60, check=False)
    assert done.returncode == 2
    assert f"127.0.0.1:{server.port}" in done.stderr and "端口已被占用" in done.stderr and "--port" in done.stderr


def test_behind_a_proxy_links_and_cookies_are_for_https(own):
    own.start("--url=https://review.example.cn/")
    assert "https://review.example.cn/enter/" in own.output()
    browser = own.browser()
    answer = browser.press(f"/enter/{own.own_link()}")
    cookie = next(v for k, v in answer.headers.items() if k == "Set-Cookie" and v.startswith("workbench-"))
    assert "Secure" in cookie
    own.stop()
