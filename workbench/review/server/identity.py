"""Who a request comes from, and which kernels are theirs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from jupyter_server.auth.authorizer import Authorizer
from jupyter_server.auth.identity import IdentityProvider, User
from tornado import web

from workbench.base.errors import Problem
from workbench.review.access import SESSION_DAYS, Access, hashed

_NOT_YOURS = Problem("not_your_kernel", "试图连接他人的评审页面", fix="请核对是否有人借用了本人的链接")


@dataclass
class Guest(User):
    """A member with a good session; ``session`` is its hash."""

    session: str = ""


class LinkIdentity(IdentityProvider):
    """Knows people by the session cookie a personal link was exchanged for. There is no password and no shared token."""

    @property
    def access(self) -> Access:
        """Sessions of the ledger that is served."""
        return self.parent.access  # type: ignore[union-attr, no-any-return]  # the parent is the server

    @property
    def auth_enabled(self) -> bool:
        """Nobody comes in without."""
        return True

    def get_user(self, handler: web.RequestHandler) -> User | None:
        """Whoever the cookie belongs to; asked of the database each time, so that a session can be closed at once."""
        secret = handler.get_cookie(self.get_cookie_name(handler))
        visitor = self.access.visitor(hashed(secret)) if secret else None
        return None if visitor is None else Guest(username=visitor.member, session=visitor.session)

    def get_cookie_name(self, handler: web.RequestHandler) -> str:
        """One cookie per evaluation: browsers do not tell the ports of a host apart."""
        return f"workbench-{self.access.ledger.name}"

    def is_token_authenticated(self, handler: web.RequestHandler) -> bool:
        """Never: such requests would be let off the checks of origin and form token."""
        return False

    def give(self, handler: web.RequestHandler, secret: str) -> None:
        """Hand the browser its session: out of reach of scripts, not sent along from other sites."""
        handler.set_cookie(
            self.get_cookie_name(handler),
            secret,
            expires_days=SESSION_DAYS,
            path="/",
            httponly=True,
            samesite="Strict",
            secure=self.is_secure(handler),
        )

    def is_secure(self, handler: web.RequestHandler) -> bool:
        """Whether the browser came by https, here or at the proxy in front."""
        return handler.request.protocol == "https" or self.parent.public.startswith("https:")  # type: ignore[union-attr]


class OwnKernels(Authorizer):
    """A kernel is reached by the session that started it, and by nobody else; what is refused goes to the access log."""

    def is_authorized(self, handler: Any, user: Any, action: str, resource: str) -> bool:
        """Whether this session started the kernel the address names."""
        kernel_id = handler.path_kwargs.get("kernel_id", "")
        if resource == "kernels" and handler.kernel_manager.owners.get(kernel_id) == user.session:
            return True
        if kernel_id in handler.kernel_manager.owners:  # a page that was open when its kernel ended is no attempt
            ledger = self.identity_provider.access.ledger  # type: ignore[attr-defined]
            ledger.refused(user.username, f"kernel_{action}", [_NOT_YOURS], handler.request.remote_ip)
        return False
