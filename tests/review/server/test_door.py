"""How people come in, over HTTP: links, cookies, refusals, and what every answer tells the browser."""

from __future__ import annotations

import pytest

FOREIGN = ("http://", "https://", "//cdn")


def codes(ledger, action):
    return [(r.actor, r.problems[0]["code"]) for r in ledger.refusals() if r.action == action]


def test_looking_at_a_link_does_not_spend_it(server, token):
    link = f"/enter/{token()}"
    scanner = server.browser()
    for _ in range(3):
        page = scanner.ask(link)
        assert page.status == 200 and "进入评审" in page.text
    scanner.ask(link, "HEAD")
    assert server.browser().press(link).status == 303


def test_the_session_cookie_is_out_of_reach(server, token):
    browser = server.browser()
    answer = browser.press(f"/enter/{token()}")
    (cookie,) = [v for k, v in answer.headers.items() if k == "Set-Cookie" and v.startswith("workbench-")]
    parts = {p.strip().lower() for p in cookie.split(";")[1:]}
    assert {"httponly", "samesite=strict", "path=/"} <= parts
    assert "secure" not in parts  # plain http on this computer; see the test with a proxy
    assert answer.headers["Location"] == "/"  # the token's address does not stay


def test_a_spent_link_lets_in_its_own_browser_only(server, token, ledger):
    spent = token()
    mine = server.browser().enter(spent)
    assert mine.press(f"/enter/{spent}").status == 303
    other = server.browser().press(f"/enter/{spent}")
    assert other.status == 403
    assert "另一台电脑或另一个浏览器" in other.text and "请联系主评人重新发放" in other.text
    assert "Set-Cookie" not in other.headers
    assert codes(ledger, "enter")[-1] == ("li", "link_spent")
    assert ledger.refusals()[-1].address == "127.0.0.1"


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda token, access: "no-such-token", "这个链接无效"),
        (lambda token, access: token(days=-1), "这个链接已过期"),
        (lambda token, access: (token("zhang"), access.revoke("zhang"))[0], "这个链接已被收回"),
    ],
)
def test_other_tokens_are_refused_in_chinese(server, token, access, ledger, make, message):
    before = len(codes(ledger, "enter"))
    answer = server.browser().press(f"/enter/{make(token, access)}")
    assert answer.status == 403 and message in answer.text and "主评人" in answer.text
    assert len(codes(ledger, "enter")) == before + 1


def test_a_form_of_another_site_is_refused(server, token):
    link, browser = f"/enter/{token()}", server.browser()
    browser.ask(link)
    assert browser.ask(link, "POST", b"").status == 403
    assert browser.ask(link, "POST", b"_xsrf=x", Origin="http://evil.example").status in (403, 404)
    (log,) = (server.workspace / "runs" / "log").glob("review-*.log")
    said = log.read_text(encoding="utf-8")  # the token is still good
    assert "403 POST /enter/…" in said and link not in said
    assert browser.press(link).status == 303


def test_without_a_session_there_is_only_the_way_in(server):
    stranger = server.browser()
    answer = stranger.ask("/")
    assert (answer.status, answer.headers["Location"]) == (302, "/enter?next=%2F")
    page = stranger.ask("/enter")
    assert page.status == 403 and "个人链接" in page.text and 'href="/"' in page.text
    assert stranger.ask("/leave").status == 302
    made_up = stranger.ask("/", Cookie="workbench-yongde-mingliang-school-2022=guess")
    assert made_up.status == 302


OTHER_ADDRESSES = (
    *("/voila/files/review.ipynb", "/voila/render/review.ipynb", "/voila/tree", "/static/../review.ipynb"),
    *(
        "/api/contents",
        "/api/kernels",
        "/api/kernelspecs",
        "/api/terminals",
        "/tree",
        "/lab",
        "/login",
        "/metrics",
        "/x",
    ),
)


@pytest.mark.parametrize("path", OTHER_ADDRESSES)
def test_there_are_no_other_addresses(server, token, path):
    browser = server.browser().enter(token())
    answer = browser.ask(path)
    assert answer.status == 404
    assert "没有这个页面" in answer.text and 'lang="zh-CN"' in answer.text


def test_a_browser_that_leaves_stays_out(server, token):
    browser = server.browser().enter(token())
    held = browser.header
    assert "已退出" in browser.press("/leave").text
    assert server.browser().ask("/", Cookie=held).status == 302


def test_answers_bind_the_browser_to_this_server(server, everyone):
    browser = everyone["li"]
    for page in (browser.ask("/enter/x"), browser.ask("/enter"), browser.ask("/nowhere"), browser.ask("/leave")):
        policy = page.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "script" not in policy and "frame-ancestors 'none'" in policy
        assert page.headers["X-Frame-Options"] == "DENY"
        assert page.headers["Referrer-Policy"] == "same-origin"
        assert page.headers["Cache-Control"] == "no-store"
        assert page.headers["X-Content-Type-Options"] == "nosniff"
        assert not any(word in page.text for word in FOREIGN)


def test_the_page_needs_nothing_from_elsewhere(server, everyone):
    page = everyone["li"].page
    assert not any(word in page.text for word in FOREIGN)
    policy = dict(part.split(" ", 1) for part in page.headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert "unsafe" not in policy["script-src"]
    assert policy["connect-src"] == f"'self' ws://127.0.0.1:{server.port} wss://127.0.0.1:{server.port}"
    assert "<title>专家评审 · 永德县明朗中学" in page.text
    assert "application/vnd.jupyter.widget-view+json" in page.text
    assert "# 专家评审" not in page.text and "主评人本人使用" not in page.text  # the notebook's prose is for JupyterLab


def test_another_name_for_this_computer_is_not_served(server, everyone):
    """A name server that resolves its own name to 127.0.0.1 makes a page of its site one of ours."""
    browser = everyone["li"]
    assert browser.ask("/", Host="evil.example", Cookie=browser.header).status == 403
