"""What a page's kernel is: its owner's, deaf to code, and told whom it serves by the server alone."""

from __future__ import annotations

import asyncio
import json
import re
from pathlib import Path

import pytest
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from server_channels import conversation, refusal
from tornado.web import HTTPError

from workbench.review.access import SESSION_VARIABLE, hashed
from workbench.review.server.kernels import MOST_PAGES, OwnedKernels

WIDGETS = [
    ("shell", "comm_open", {"comm_id": "of-this-test", "target_name": "jupyter.widget.control", "data": {}}),
    ("shell", "comm_msg", {"comm_id": "of-this-test", "data": {"method": "request_states"}}),
]
"""How a browser asks for everything its page shows."""


def whose(server, browser):
    """The person named on a page, found by what its widgets show."""
    shown = json.dumps(conversation(server.port, browser.kernel, browser.header, *WIDGETS), ensure_ascii=False)
    names = set(re.findall("张主任|李专家|王专家", shown))
    assert len(names) == 1, names
    return names.pop()


def test_everybody_reaches_their_own_kernel_and_sees_their_own_page(server, everyone):
    for member, name in (("li", "李专家"), ("wang", "王专家")):
        browser = everyone[member]
        model = browser.ask(f"/api/kernels/{browser.kernel}")
        assert model.status == 200 and json.loads(model.text)["id"] == browser.kernel
        assert whose(server, browser) == name


def test_nobody_reaches_anothers_kernel(server, everyone, ledger):
    li, wang = everyone["li"], everyone["wang"]
    kernel = wang.kernel
    before = len(ledger.refusals())
    xsrf = {"X_XSRFToken": li.cookies["_xsrf"].value}
    assert li.ask(f"/api/kernels/{kernel}").status == 403
    assert li.ask(f"/api/kernels/{kernel}", "DELETE", **xsrf).status == 403
    assert li.ask(f"/voila/api/shutdown/{kernel}", "POST", b"", **xsrf).status == 403
    assert refusal(server.port, kernel, li.header) == 403
    refusals = [(r.actor, r.problems[0]["code"], r.address) for r in ledger.refusals()[before:]]
    assert refusals == [("li", "not_your_kernel", "127.0.0.1")] * 4
    assert wang.ask(f"/api/kernels/{kernel}").status == 200


def test_a_stranger_reaches_no_kernel(server, everyone):
    kernel = everyone["li"].kernel
    stranger = server.browser()
    assert stranger.ask(f"/api/kernels/{kernel}").status == 403
    assert stranger.ask(f"/voila/api/shutdown/{kernel}", "POST", b"").status == 403
    assert refusal(server.port, kernel, "") == 403


def test_a_page_of_another_site_opens_no_channel(server, everyone):
    browser = everyone["li"]
    assert refusal(server.port, browser.kernel, browser.header, origin="http://evil.example") == 403
    assert refusal(server.port, browser.kernel, browser.header) == 101


@pytest.mark.parametrize("channel", ["shell", "control"])
@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("execute_request", {"code": "open({!r}, 'w')", "silent": False}),
        ("complete_request", {"code": "impo", "cursor_pos": 4}),
        ("inspect_request", {"code": "print", "cursor_pos": 4, "detail_level": 0}),
        ("history_request", {"hist_access_type": "tail", "n": 5}),
        ("debug_request", {"type": "request", "command": "debugInfo", "arguments": {}, "seq": 1}),
        ("shutdown_request", {"restart": False}),
    ],
)
def test_a_browser_runs_no_code(server, everyone, tmp_path, channel, kind, content):
    """What is not for widgets is dropped: the answer to a later question comes, none to this one."""
    browser = everyone["li"]
    written = tmp_path / "written.txt"
    content = content | {"code": content["code"].format(str(written))} if "code" in content else content
    said = conversation(server.port, browser.kernel, browser.header, (channel, kind, content))
    assert [m["msg_type"] for m in said if m["msg_type"].endswith("_reply")] == ["kernel_info_reply"]
    assert not written.exists()


def test_a_made_up_header_does_not_change_whom_a_kernel_serves(server, everyone, token):
    forger = server.browser().enter(token("wang"))
    forger.open(X_Workbench_Session=hashed(everyone["li"].session))
    assert whose(server, forger) == "王专家"


def test_pages_asked_for_at_once_are_counted_at_once(monkeypatch):
    """A kernel takes a second to start; in that second many more can be asked for."""
    started: list[str] = []

    async def slowly(self, **kwargs):
        await asyncio.sleep(0.01)
        started.append(f"kernel-{len(started)}")
        return started[-1]

    monkeypatch.setattr(AsyncMappingKernelManager, "start_kernel", slowly)
    kernels = OwnedKernels()

    async def ask(session):
        return await kernels.start_kernel(env={SESSION_VARIABLE: session})

    async def ask_often():
        asked = [ask("greedy") for _ in range(MOST_PAGES + 5)]
        return await asyncio.gather(*asked, ask("modest"), return_exceptions=True)

    answers = asyncio.run(ask_often())
    assert len(started) == MOST_PAGES + 1 and answers[-1] in started
    assert {e.status_code for e in answers if isinstance(e, HTTPError)} == {429}


def test_kernels_are_told_no_secret(server, everyone):
    for browser in everyone.values():
        for process in server.kernels():
            assert browser.session not in " ".join(process.environ().values())


def test_kernels_are_reached_through_a_private_folder(server, everyone):
    for process in server.kernels():
        connection = Path(process.cmdline()[-1])
        assert json.loads(connection.read_text(encoding="utf-8"))["transport"] == "ipc"
        assert connection.parent.stat().st_mode & 0o077 == 0


def test_an_error_in_a_page_says_nothing_of_the_program(server, everyone):
    browser = everyone["li"]
    broken = ("shell", "comm_open", {"comm_id": "x", "target_name": "jupyter.widget", "data": {"state": {}}})
    said = conversation(server.port, browser.kernel, browser.header, broken)
    assert {m["msg_type"] for m in said} == {"status", "comm_close", "kernel_info_reply"}
    assert "Traceback" not in json.dumps(said)
