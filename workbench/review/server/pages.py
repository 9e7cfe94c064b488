"""The pages a person meets: the door, a refusal, the review itself, and the way out."""

from __future__ import annotations

import secrets
from functools import cache
from typing import Any

import jinja2
from jupyter_server.auth.decorator import allow_unauthenticated
from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.services.kernels.handlers import KernelHandler
from tornado import web
from voila.tornado.handler import TornadoVoilaHandler

from workbench.base.errors import WorkbenchError
from workbench.review.access import Access
from workbench.review.server.headers import message_policy, page_policy
from workbench.review.server.identity import Guest, LinkIdentity
from workbench.review.server.kernels import SESSION_HEADER

_WORDS = {
    403: ("没有进入", "请求未被接受。请回到个人链接的页面,刷新后再试。"),
    404: ("没有这个页面", "请打开主评人发给您的个人链接,或回到评审页。"),
    405: ("没有这个页面", "请打开主评人发给您的个人链接,或回到评审页。"),
    429: ("打开的评审页太多", "请先关闭其他评审页的标签,稍候再刷新本页。"),
}
_BROKEN = ("页面没有打开", "服务器处理时出错,评审台账没有改动。请刷新再试;仍不行时请联系主评人。")


@cache
def templates() -> jinja2.Environment:
    """Templates of the pages without scripts."""
    return jinja2.Environment(loader=jinja2.PackageLoader(__package__), autoescape=True)


class MessagePage(JupyterHandler):
    """A page of text, perhaps with one button. It has no scripts and is not kept by the browser."""

    nonce = ""

    @property
    def content_security_policy(self) -> str:
        """Its own style, and nothing else."""
        self.nonce = self.nonce or secrets.token_urlsafe(16)
        return message_policy(self.nonce)

    @property
    def identity(self) -> LinkIdentity:
        """The server's identity provider."""
        return self.identity_provider  # type: ignore[return-value]  # the server made it

    @property
    def access(self) -> Access:
        """Sessions of the ledger that is served."""
        return self.identity.access

    def show(self, heading: str, text: str, *, button: str = "", action: str = "", again: bool = False) -> None:
        """Answer with a page. ``again`` adds a link to the review for who has been in before."""
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.set_header("Cache-Control", "no-store")
        form = self.xsrf_form_html() if button else ""
        page = templates().get_template("message.html")
        title = self.settings["review_title"]
        words = {"title": title, "heading": heading, "text": text, "button": button, "action": action}
        self.finish(page.render(words, again=again, form=form, nonce=self.nonce))

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Say in Chinese what went wrong; nothing of the error itself is shown."""
        heading, text = _WORDS.get(status_code, _BROKEN)
        self.show(heading, text)


class Door(MessagePage):
    """``/enter/<token>``: a page with a button; pressing it exchanges the token for a session.

    Looking at the address changes nothing, because mail programs and chat servers look at links before people do, and a
    token is good for once. It is no oracle either: every token shows the same button.
    """

    @allow_unauthenticated
    def get(self, token: str) -> None:
        """The button."""
        text = "此链接仅供本人使用。首次进入后,链接只在这台电脑的这个浏览器中有效,请勿转发。"
        self.show("进入专家评审", text, button="进入评审", action=self.request.path)

    @allow_unauthenticated
    def post(self, token: str) -> None:
        """The exchange; a spent token lets in the browser that spent it."""
        held = self.get_cookie(self.identity.get_cookie_name(self))
        try:
            _, secret = self.access.enter(token, held, self.request.remote_ip)
        except WorkbenchError as error:
            problem = error.problems[0]
            self.set_status(403)
            self.show(problem.message, f"{problem.fix}。")
            return
        if secret is not None:
            self.identity.give(self, secret)
        # The address with the token does not stay in the bar, and going back does not send it again.
        self.redirect(self.base_url, status=303)


class Outside(MessagePage):
    """``/enter``: where a visitor without a session ends up."""

    @allow_unauthenticated
    def get(self) -> None:
        """Say how to come in. A link in a mail does not bring the cookie along, a click on this page does."""
        self.set_status(403)
        text = "请打开主评人发给您的个人链接。链接已在这台电脑上用过的,可直接继续。"
        self.show("请从个人链接进入", text, again=True)


class Leave(MessagePage):
    """``/leave``: closes the session of a browser that is not one's own."""

    @web.authenticated
    def get(self) -> None:
        """Ask first."""
        text = "退出后,这个浏览器不能再打开评审页,再次进入须由主评人重新发放链接。已提交的内容不受影响。"
        self.show("退出评审", text, button="退出", action=self.request.path)

    @web.authenticated
    def post(self) -> None:
        """Close the session and forget the cookie."""
        assert isinstance(self.current_user, Guest)
        self.access.leave(self.current_user.session)
        self.clear_cookie(self.identity.get_cookie_name(self), path="/")
        self.show("已退出", "可以关闭本页。")


class Nowhere(MessagePage):
    """Any other address."""

    @allow_unauthenticated
    async def prepare(self) -> None:  # type: ignore[override]  # nobody need be known to be told so
        """There is nothing here."""
        raise web.HTTPError(404)


class ReviewPage(TornadoVoilaHandler, MessagePage):  # type: ignore[misc]  # Voilà has no types
    """``/``: the notebook behind the page, run in a kernel of its own for the visitor's session."""

    @property
    def content_security_policy(self) -> str:
        """Scripts of this server only."""
        self.nonce = self.nonce or secrets.token_urlsafe(16)
        return page_policy(self.nonce, self.request.host)

    @web.authenticated
    async def get(self, path: str = "") -> None:
        """Start a kernel that knows whom it serves, and send the page."""
        assert isinstance(self.current_user, Guest)
        # The kernel is told the session's hash, by which it asks the database itself; the cookie stays here.
        self.request.headers[SESSION_HEADER] = self.current_user.session
        self.xsrf_token  # noqa: B018  # sets the cookie with which the page later ends its kernel
        await TornadoVoilaHandler.get(self)

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Half a page cannot become another one."""
        if not self._headers_written:
            MessagePage.write_error(self, status_code, **kwargs)


class Goodbye(KernelHandler):
    """What a page sends when it is closed: its kernel ends at once."""

    async def post(self, kernel_id: str) -> None:
        """End the kernel; a page that is going can only post."""
        await self.delete(kernel_id)  # type: ignore[misc]  # is a coroutine under its decorators
