"""Links and sessions as the database keeps them."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from workbench.base.errors import ReviewError
from workbench.review.access import LINK_DAYS, SESSION_DAYS, Access, hashed
from workbench.review.events import Draft, Statement
from workbench.review.guard import GuardedLedger
from workbench.review.ledger.store import open_ledger
from workbench.scheme.panel import Member, Panel

ADDRESS = "http://127.0.0.1:8866"
PANEL = Panel(
    members=[
        Member(id="zhang", name="张主任", roles=["lead"]),
        Member(id="li", name="李专家", roles=["expert"]),
        Member(id="wang", name="王专家", roles=["expert"]),
    ]
)


class Clock:
    def __init__(self):
        self.now = datetime(2026, 3, 1, 8, tzinfo=UTC)

    def __call__(self):
        return self.now

    def pass_days(self, days):
        self.now += timedelta(days=days)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def access(tmp_path, clock):
    ledger = open_ledger(tmp_path, "demo", create=True)
    yield Access(ledger, clock)
    ledger.close()


def refused(access, token, session=None):
    """Why a token is refused; the refusal is in the access log, with whose token it was."""
    before = len(access.ledger.refusals())
    with pytest.raises(ReviewError) as caught:
        access.enter(token, session, "192.0.2.7")
    (entry,) = access.ledger.refusals()[before:]
    (problem,) = caught.value.problems
    assert (entry.action, entry.address, entry.problems[0]["code"]) == ("enter", "192.0.2.7", problem.code)
    assert problem.fix and "主评人" in problem.fix
    return problem.code, entry.actor


def test_a_token_is_good_for_once_and_then_only_with_its_session(access):
    token = access.issue("li", "zhang")
    visitor, secret = access.enter(token, None)
    assert visitor.member == "li"
    assert access.visitor(hashed(secret)) == visitor
    assert refused(access, token) == ("link_spent", "li")
    assert refused(access, token, "something else") == ("link_spent", "li")
    assert access.enter(token, secret) == (visitor, None)


def test_only_hashes_are_kept(access, tmp_path):
    token = access.issue("li", "zhang")
    _, secret = access.enter(token, None)
    access.ledger.close()
    files = [f.read_bytes() for f in tmp_path.rglob("*") if f.is_file()]
    assert files and not any(word.encode() in data for word in (token, secret) for data in files)
    assert len(token) >= 43 and len(secret) >= 43  # 256 bits in base64
    row = sqlite3.connect(tmp_path / "reviews" / "demo" / "ledger.sqlite")
    assert row.execute("SELECT token_hash, session_hash FROM sessions").fetchall() == [(hashed(token), hashed(secret))]
    row.close()


def test_a_link_expires(access, clock):
    token = access.issue("li", "zhang")
    clock.pass_days(LINK_DAYS)
    assert refused(access, token) == ("link_expired", "li")


def test_a_session_outlives_its_link_and_ends_too(access, clock):
    token = access.issue("li", "zhang")
    clock.pass_days(LINK_DAYS - 1)
    _, secret = access.enter(token, None)
    clock.pass_days(SESSION_DAYS - 1)
    assert access.visitor(hashed(secret)) is not None
    clock.pass_days(1)
    assert access.visitor(hashed(secret)) is None
    assert refused(access, token, secret) == ("link_expired", "li")


def test_what_was_taken_back_is_closed(access):
    spent, unspent, other = access.issue("li", "zhang"), access.issue("li", "zhang"), access.issue("wang", "zhang")
    _, secret = access.enter(spent, None)
    assert access.revoke("li") == 2
    assert access.visitor(hashed(secret)) is None
    assert refused(access, spent, secret) == ("link_revoked", "li")
    assert refused(access, unspent) == ("link_revoked", "li")
    assert access.enter(other, None)[0].member == "wang"
    assert access.revoke("li") == 0


@pytest.mark.parametrize("token", ["", "x", "a" * 43, "' OR 1=1 --"])
def test_an_unknown_token_is_refused(access, token):
    access.issue("li", "zhang")
    assert refused(access, token) == ("link_unknown", "")


def test_a_link_is_bound_to_its_ledger(tmp_path, access):
    other = Access(open_ledger(tmp_path, "other", create=True))
    token = access.issue("li", "zhang")
    assert refused(other, token) == ("link_unknown", "")
    _, secret = access.enter(token, None)
    assert other.visitor(hashed(secret)) is None
    other.ledger.close()


def test_of_many_who_spend_a_token_at_once_one_comes_in(access):
    token = access.issue("li", "zhang")

    def try_it(_):
        try:
            return access.enter(token, None)[1]
        except ReviewError as error:
            return error.problems[0].code

    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(try_it, range(8)))
    assert sorted(r == "link_spent" for r in results) == [False, *[True] * 7]
    (secret,) = [r for r in results if r != "link_spent"]
    assert access.visitor(hashed(secret)).member == "li"


def test_leaving_closes_one_session_only(access):
    secrets = [access.enter(access.issue("li", "zhang"), None)[1] for _ in range(2)]
    access.leave(hashed(secrets[0]))
    assert [access.visitor(hashed(s)) is None for s in secrets] == [True, False]


def test_the_lead_hands_out_links_once_and_anew(access):
    first = access.hand_out(PANEL, "zhang", f"{ADDRESS}/", renew=False)
    assert [h.member.id for h in first] == ["zhang", "li", "wang"]
    assert all(h.url.startswith(f"{ADDRESS}/enter/") for h in first)
    token = first[1].url.rpartition("/")[2]
    _, secret = access.enter(token, None)

    again = access.hand_out(PANEL, "zhang", ADDRESS, renew=False)
    assert [(h.url, h.opened) for h in again] == [(None, False), (None, True), (None, False)]

    everyone = access.hand_out(PANEL, "zhang", ADDRESS, renew=True)
    assert [h.url is None for h in everyone] == [True, False, False]  # the lead keeps the page they are working on
    _, secret = access.enter(everyone[1].url.rpartition("/")[2], None)

    (renewed,) = access.hand_out(PANEL, "zhang", ADDRESS, ["李专家"], renew=True)
    assert renewed.member.id == "li" and access.visitor(hashed(secret)) is None
    assert access.enter(renewed.url.rpartition("/")[2], None)[0].member == "li"


def test_only_the_lead_hands_out_links(access):
    for person, code in (("li", "wrong_role"), ("nobody", "not_a_member")):
        with pytest.raises(ReviewError) as caught:
            access.hand_out(PANEL, person, ADDRESS, renew=False)
        assert caught.value.problems[0].code == code
        assert access.ledger.refusals()[-1].actor == person
    assert access.links() == []
    with pytest.raises(ReviewError, match="李专家"):
        access.hand_out(PANEL, "zhang", ADDRESS, ["李专"], renew=False)


def draft_of(actor, number):
    body = Statement(kind="statement", of="expert", text="总体完成较好")
    return Draft(actor=actor, client_id=f"statement-{number}", body=body)


def test_a_page_takes_events_only_while_its_session_is_good(access):
    _, secret = access.enter(access.issue("li", "zhang"), None)
    guarded = GuardedLedger(access, hashed(secret))
    guarded.append(draft_of("li", 1), 0, lambda newer: None)
    with pytest.raises(ReviewError, match="登录"):
        guarded.append(draft_of("wang", 2), 1, lambda newer: None)
    access.revoke("li")
    with pytest.raises(ReviewError, match="主评人"):
        guarded.append(draft_of("li", 3), 1, lambda newer: None)
    assert access.ledger.head().seq == 1
