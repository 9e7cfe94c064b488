"""Access (进入评审的身份): personal links, the sessions they turn into, and who hands them out.

A link holds a one-time token, a browser holds the session it was exchanged for; the database holds SHA-256 of both and nothing
else, so that a copy of it opens no door. Both are 256 random bits: there is nothing to guess, and no salt is needed.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import Row, and_, insert, select, update

from workbench.base.errors import Problem, ReviewError
from workbench.base.text import suggest
from workbench.review.ledger.store import Clock, SqlLedger, utc_now
from workbench.review.ledger.tables import sessions
from workbench.review.who import role_problem
from workbench.scheme.panel import Member, Panel

LINK_DAYS = 14
"""How long a link waits to be opened."""
SESSION_DAYS = 90
"""How long a browser stays known: several rounds and the 征求意见 after them fit in."""
SESSION_VARIABLE = "HTTP_X_WORKBENCH_SESSION"
"""Where a kernel of the review server finds the hash of the session it serves."""
_BYTES = 32
_AGAIN = "请联系主评人重新发放链接"


def hashed(secret: str) -> str:
    """What the database keeps of a token or a session."""
    return sha256(secret.encode()).hexdigest()


@dataclass(frozen=True)
class Visitor:
    """Somebody whose session is good: member id, and the hash that names the session."""

    member: str
    session: str


@dataclass(frozen=True)
class Link:
    """One issued link: when, by whom, and what became of it. Times are UTC text as in events."""

    member: str
    issued_at: str
    issued_by: str
    expires_at: str
    redeemed_at: str | None
    revoked_at: str | None
    live: bool
    """Still opens the door: not revoked, not expired."""


@dataclass(frozen=True)
class Handed:
    """A link to hand out. ``url`` is None for a member who has a good one already: it cannot be shown a second time."""

    member: Member
    url: str | None
    expires_at: str
    opened: bool


class Access:
    """The links and sessions of one ledger, kept beside its events. Everything raises LedgerError when the database fails."""

    def __init__(self, ledger: SqlLedger, clock: Clock = utc_now) -> None:
        self.ledger = ledger
        self._clock = clock

    def issue(self, member: str, by: str, days: float = LINK_DAYS) -> str:
        """A new one-time token for a member; this is the only time it can be read."""
        token = secrets.token_urlsafe(_BYTES)
        row = {
            "token_hash": hashed(token),
            "ledger": self.ledger.name,
            "member": member,
            "issued_at": self._time(),
            "expires_at": self._time(days),
            "issued_by": by,
        }
        with self.ledger.writing() as connection:
            connection.execute(insert(sessions).values(row))
        return token

    def enter(self, token: str, session: str | None, address: str | None = None) -> tuple[Visitor, str | None]:
        """Exchange a token for a session.

        Args:
            session: what the browser holds already, if anything.
            address: where the request came from, for the access log.

        Returns:
            Who came in, and the session's secret to give to the browser; None when it has it.

        Raises:
            ReviewError: the token is unknown, revoked, expired, or spent by another browser; written to the access log.
        """
        secret = secrets.token_urlsafe(_BYTES)
        opened = {
            "session_hash": hashed(secret),
            "redeemed_at": self._time(),
            "expires_at": self._time(SESSION_DAYS),
        }
        mine = and_(sessions.c.token_hash == hashed(token), sessions.c.ledger == self.ledger.name)
        with self.ledger.writing() as connection:
            row = connection.execute(select(sessions).where(mine)).first()
            problem = self._refusal(row, session)
            if problem is None and row is not None and row.redeemed_at is None:
                unspent = and_(mine, sessions.c.redeemed_at.is_(None), sessions.c.revoked_at.is_(None))
                if connection.execute(update(sessions).where(unspent).values(opened)).rowcount == 1:
                    return Visitor(row.member, opened["session_hash"]), secret
                problem = _SPENT  # somebody else was faster
        if problem is not None or row is None:
            refusal = ReviewError(problem or _UNKNOWN)
            self.ledger.refused(row.member if row is not None else "", "enter", refusal.problems, address)
            raise refusal
        return Visitor(row.member, row.session_hash), None

    def _refusal(self, row: Row[Any] | None, session: str | None) -> Problem | None:
        if row is None:
            return _UNKNOWN
        if row.revoked_at is not None:
            return _REVOKED
        if row.expires_at <= self._time():
            return _EXPIRED
        if row.redeemed_at is not None and (session is None or hashed(session) != row.session_hash):
            return _SPENT
        return None

    def visitor(self, session_hash: str) -> Visitor | None:
        """Who a session belongs to, or None when it is unknown, revoked or expired."""
        good = and_(
            sessions.c.session_hash == session_hash,
            sessions.c.ledger == self.ledger.name,
            sessions.c.revoked_at.is_(None),
            sessions.c.expires_at > self._time(),
        )
        with self.ledger.reading() as connection:
            member = connection.execute(select(sessions.c.member).where(good)).scalar()
        return None if member is None else Visitor(member, session_hash)

    def revoke(self, member: str) -> int:
        """Close all links and sessions of a member; how many there were."""
        now = self._time()
        live = and_(
            sessions.c.ledger == self.ledger.name,
            sessions.c.member == member,
            sessions.c.revoked_at.is_(None),
            sessions.c.expires_at > now,
        )
        with self.ledger.writing() as connection:
            return int(connection.execute(update(sessions).where(live).values(revoked_at=now)).rowcount)

    def leave(self, session_hash: str) -> None:
        """Close one session."""
        mine = and_(sessions.c.session_hash == session_hash, sessions.c.ledger == self.ledger.name)
        with self.ledger.writing() as connection:
            connection.execute(update(sessions).where(mine).values(revoked_at=self._time()))

    def links(self) -> list[Link]:
        """Every link of the ledger, in the order of issue."""
        query = select(sessions).where(sessions.c.ledger == self.ledger.name).order_by(sessions.c.issued_at)
        with self.ledger.reading() as connection:
            rows = connection.execute(query).all()
        now = self._time()
        return [
            Link(
                member=r.member,
                issued_at=r.issued_at,
                issued_by=r.issued_by,
                expires_at=r.expires_at,
                redeemed_at=r.redeemed_at,
                revoked_at=r.revoked_at,
                live=r.revoked_at is None and r.expires_at > now,
            )
            for r in rows
        ]

    def hand_out(
        self, panel: Panel, by: str, address: str, members: Iterable[str] = (), *, days: float = LINK_DAYS, renew: bool
    ) -> list[Handed]:
        """Personal links for some members, or for all of the panel.

        Args:
            by: member id of who asks; only the lead may.
            address: of the server, ``http://127.0.0.1:8866``.
            renew: close what a member has and give a new one; otherwise only those without a good link get one. Whoever
                asks keeps their own, unless they name themselves: it may be the page they are working on.

        Raises:
            ReviewError: not the lead, or no such member.
        """
        lead = panel.member(by)
        if lead is None or "lead" not in lead.roles:
            problem = role_problem(lead, "lead") if lead else Problem("not_a_member", "不是评审组成员", found=by)
            self.ledger.refused(by, "hand_out", [problem])
            raise ReviewError(problem)
        named = [chosen_member(panel, m) for m in members]
        return [
            self._handed(m, by, address, days, renew=renew and (bool(named) or m.id != by))
            for m in named or panel.members
        ]

    def _handed(self, member: Member, by: str, address: str, days: float, *, renew: bool) -> Handed:
        live = [link for link in self.links() if link.member == member.id and link.live]
        if live and not renew:
            latest = live[-1]
            return Handed(member, None, latest.expires_at, any(link.redeemed_at for link in live))
        if live:
            self.revoke(member.id)
        token = self.issue(member.id, by, days)
        return Handed(member, f"{address.rstrip('/')}/enter/{token}", self._time(days), opened=False)

    def _time(self, days: float = 0) -> str:
        at = self._clock() + timedelta(days=days)
        return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def chosen_member(panel: Panel, person: str) -> Member:
    """A member by id or name. Raises ReviewError when there is none."""
    found = [m for m in panel.members if person in (m.id, m.name)]
    if len(found) == 1:
        return found[0]
    known = [name for m in panel.members for name in (m.id, m.name)]
    message = "有多名同名成员,请写成员编号" if found else "评审组中没有这个人"
    raise ReviewError(Problem("unknown_member", message, found=person, fix=suggest(person, known)))


_UNKNOWN = Problem("link_unknown", "这个链接无效", fix=f"请核对链接是否完整;仍不能进入时,{_AGAIN}")
_REVOKED = Problem("link_revoked", "这个链接已被收回", fix=_AGAIN)
_EXPIRED = Problem("link_expired", "这个链接已过期", fix=_AGAIN)
_SPENT = Problem(
    "link_spent",
    "这个链接已在另一台电脑或另一个浏览器上使用过",
    fix=f"个人链接只能用一次:请在首次打开它的浏览器中进入;不是本人使用的,或换了电脑,{_AGAIN}",
)
