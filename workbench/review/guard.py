"""The ledger of a page that was opened by a personal link: it takes an event only while that link's session is good."""

from __future__ import annotations

from collections.abc import Sequence

from workbench.base.errors import Problem, ReviewError
from workbench.review.access import Access
from workbench.review.events import Draft, Event
from workbench.review.ledger.port import Decide, Head

_CLOSED = Problem("session_closed", "您的登录已失效或被收回,本次操作没有记入", fix="请联系主评人重新发放个人链接")


class GuardedLedger:
    """A :class:`workbench.review.ledger.port.Ledger` that asks for the session again before each event.

    A page lives in a process of its own, which a link taken back does not stop at once.
    """

    def __init__(self, access: Access, session: str) -> None:
        self._access = access
        self._ledger = access.ledger
        self._session = session

    @property
    def name(self) -> str:
        """The evaluation it belongs to."""
        return self._ledger.name

    def head(self) -> Head:
        """Number and hash of the last event."""
        return self._ledger.head()

    def events(self, after: int = 0, upto: int | None = None) -> list[Event]:
        """Events with numbers above ``after`` (and not above ``upto``)."""
        return self._ledger.events(after, upto)

    def append(self, draft: Draft, after: int, decide: Decide) -> Event:
        """Take one draft of the session's own member. Raises ReviewError for anybody else's, or when the session is closed."""
        self._check(draft.actor)
        return self._ledger.append(draft, after, decide)

    def _check(self, actor: str | None = None) -> None:
        visitor = self._access.visitor(self._session)
        if visitor is None or actor not in (None, visitor.member):
            raise ReviewError(_CLOSED)

    def refused(self, actor: str, action: str, problems: Sequence[Problem]) -> None:
        """Write a refused attempt to the access log."""
        self._ledger.refused(actor, action, problems)

    def keep(self, name: str, data: bytes) -> str:
        """Keep an attachment beside the ledger and give its SHA-256. Raises ReviewError when the session is closed."""
        self._check()
        return self._ledger.keep(name, data)

    def kept(self, sha256: str) -> bytes | None:
        """An attachment kept before, or None when it is not there or not the same."""
        self._check()
        return self._ledger.kept(sha256)

    def withheld(self, sha256: str) -> bool:
        """Whether an attachment is confidential and there in encrypted form alone."""
        return self._ledger.withheld(sha256)
