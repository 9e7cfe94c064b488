"""What the port promises, kept on both databases."""

from __future__ import annotations

import sys
import threading
from datetime import UTC, datetime, timedelta, timezone

import pytest
from ledger_drafts import anything, chain, fill, opinion

from workbench.base.errors import LedgerError, Problem, ReviewError
from workbench.review.events import hash_of
from workbench.review.ledger.failures import NoLedger
from workbench.review.ledger.port import Head, Ledger
from workbench.review.ledger.store import open_ledger

CLOSED = ReviewError(Problem("closed", "专家组已签字"))


def test_it_is_the_ledger_others_ask_for(ledger):
    assert isinstance(ledger.name, str)
    promised: Ledger = ledger
    assert promised.head() == Head(0, "")
    assert promised.events() == []


def test_events_are_numbered_and_chained(ledger):
    first, second = (ledger.append(opinion(n), 0, anything) for n in (1, 2))
    assert (first.seq, first.prev_hash, second.seq, second.prev_hash) == (1, "", 2, first.hash)
    assert hash_of(second.model_dump()) == second.hash
    assert ledger.head() == Head(2, second.hash)
    assert ledger.events() == [first, second]
    assert first.body == opinion(1).body


def test_a_part_of_the_events(ledger):
    fill(ledger, 5)
    assert [e.seq for e in ledger.events(after=2)] == [3, 4, 5]
    assert [e.seq for e in ledger.events(after=2, upto=4)] == [3, 4]
    assert [e.seq for e in ledger.events(upto=1)] == [1]
    assert ledger.events(after=5) == ledger.events(after=4, upto=4) == ledger.events(after=4, upto=2) == []


def test_ledgers_of_one_database_do_not_meet(opened):
    one, other = fill(opened("one"), 2), fill(opened("other"), 3)
    assert (one.head().seq, other.head().seq) == (2, 3)
    assert {e.ledger for e in other.events()} == {"other"}


def test_a_file_of_another_evaluation_is_not_taken_over(tmp_path):
    """Copied to the wrong place it would else go on as an empty ledger, and the events as lost."""
    with open_ledger(tmp_path, "one", create=True) as one:
        fill(one, 2)
        wrong = tmp_path / "reviews" / "other" / "ledger.sqlite"
        wrong.parent.mkdir()
        one.close()
        wrong.write_bytes((tmp_path / "reviews" / "one" / "ledger.sqlite").read_bytes())
    for create in (False, True):
        with pytest.raises(LedgerError, match="另一项评价的台账;实际为“one”"):
            open_ledger(tmp_path, "other", create=create)


def test_other_users_of_the_computer_have_no_way_in(tmp_path):
    with open_ledger(tmp_path, "demo", create=True):
        assert sys.platform == "win32" or (tmp_path / "reviews" / "demo").stat().st_mode & 0o007 == 0


def test_the_decision_is_told_what_came_since(opened):
    mine, theirs = opened(), opened()
    fill(mine, 2)
    theirs.append(opinion(3, expert="li"), 0, anything)
    told = []
    mine.append(opinion(4), 2, told.extend)
    assert [e.seq for e in told] == [3]
    mine.append(opinion(5), 4, told.extend)
    assert [e.seq for e in told] == [3]


def test_a_refusal_leaves_nothing_behind(ledger):
    fill(ledger, 1)

    def refuse(since):
        raise CLOSED

    with pytest.raises(ReviewError, match="已签字"):
        ledger.append(opinion(2), 1, refuse)
    assert ledger.head().seq == 1
    assert ledger.append(opinion(2), 1, anything).seq == 2


def test_sent_twice_recorded_once(opened):
    mine, theirs = opened(), opened()
    event = mine.append(opinion(1), 0, anything)
    theirs.append(opinion(2, expert="li"), 0, anything)

    def refuse(since):
        raise CLOSED  # what was taken is not decided again, even if it may not be said any more

    assert mine.append(opinion(1), 0, refuse) == theirs.append(opinion(1), 2, refuse) == event
    assert mine.head().seq == 2


@pytest.mark.parametrize("other", [opinion(1, reason="另一条理由"), opinion(1, expert="li", client="zhang-000001")])
def test_a_client_id_means_one_thing(ledger, other):
    ledger.append(opinion(1), 0, anything)
    with pytest.raises(ReviewError, match=r"同一提交编号已用于另一项操作;实际为“第1条事件”"):
        ledger.append(other, 1, anything)
    assert ledger.head().seq == 1


def test_time_never_goes_back(opened):
    noon = datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)
    clock = iter([noon, noon - timedelta(days=1), noon + timedelta(milliseconds=5)])
    opened()
    ledger = opened(clock=lambda: next(clock))
    stamps = [ledger.append(opinion(n), n - 1, anything).at[10:] for n in (1, 2, 3)]
    assert stamps == ["T12:00:00.123Z", "T12:00:00.123Z", "T12:00:00.128Z"]


def test_local_time_becomes_utc(opened):
    beijing = datetime(2026, 3, 1, 8, tzinfo=timezone(timedelta(hours=8)))
    assert opened(clock=lambda: beijing).append(opinion(1), 0, anything).at == "2026-03-01T00:00:00.000Z"


def test_many_threads_share_one_ledger(ledger):
    def propose(expert):
        for number in range(1, 11):
            ledger.append(opinion(number, expert=expert), 0, anything)
            ledger.head()

    threads = [threading.Thread(target=propose, args=(f"expert{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({e.client_id for e in ledger.events()}) == 40


def test_text_comes_back_as_it_was(ledger):
    hostile = "=1+1 <script>alert(1)</script> \u202e评审 🙂 \t \n \u2028 \\u0041 '); DROP TABLE events;--"
    reasons = [hostile, "长" * 20_000]
    for number, reason in enumerate(reasons, 1):
        ledger.append(opinion(number, reason=reason), number - 1, anything)
    assert [e.body.reason for e in ledger.events()] == reasons


def test_refused_attempts_are_kept_apart(opened):
    ledger, other = opened("one"), opened("other")
    problem = Problem("out_of_bounds", "得分超出分值", found="12", expected="0—10")
    ledger.refused("zhang", "opine", [problem], address="127.0.0.1")
    ledger.refused("li", "merge", [])
    first, second = ledger.refusals()
    assert (first.actor, first.action, first.address) == ("zhang", "opine", "127.0.0.1")
    assert first.problems == [problem.as_dict()]
    assert (second.actor, second.problems, second.address) == ("li", [], None)
    assert other.refusals() == []
    assert ledger.head().seq == 0


def test_what_was_refused_need_not_be_text(ledger):
    ledger.refused("zhang", "opine", [Problem("bad", "不是文字", found="\ud800\x00")])
    assert ledger.refusals()[0].problems[0]["found"] == "?\x00"


def test_attachments(ledger, tmp_path):
    sha256 = ledger.keep("签字 扫描件.PDF", b"scan")
    assert ledger.keep("other name.pdf", b"scan") == sha256
    folder = tmp_path / "reviews" / "demo" / "attachments"
    assert [p.name for p in folder.iterdir()] == [f"{sha256}.pdf"]
    assert ledger.kept(sha256) == b"scan"
    assert ledger.kept("0" * 64) is None
    assert ledger.kept("../ledger.sqlite") is None
    (folder / f"{sha256}.pdf").write_bytes(b"forged")
    assert ledger.kept(sha256) is None
    ledger.keep("签字 扫描件.PDF", b"scan")
    assert ledger.kept(sha256) == b"scan"


@pytest.mark.parametrize("name", ["a", "../../x", "a.p/df", "a." + "x" * 300, ".hidden", "a.pdf\n"])
def test_an_attachments_name_decides_nothing(ledger, name):
    assert ledger.kept(ledger.keep(name, b"x")) == b"x"


def test_there_is_none_before_a_review_begins(opened, tmp_path):
    with pytest.raises(NoLedger, match="该评价还没有评审台账") as failure:
        opened(create=False)
    assert failure.value.exit_code == 2
    opened()
    assert opened(create=False).head().seq == 0
    with pytest.raises(NoLedger):
        opened("demo2", create=False)


def test_looking_for_a_ledger_leaves_no_folder(tmp_path):
    with pytest.raises(NoLedger):
        open_ledger(tmp_path, "demo")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("evaluation", ["../x", "", "A", "x/y", "x\n", "x" * 65])
def test_an_evaluation_id_is_not_a_path(tmp_path, evaluation):
    with pytest.raises(LedgerError, match="评价编号写法不对"):
        open_ledger(tmp_path, evaluation, create=True)
    assert list(tmp_path.iterdir()) == []


def test_events_that_are_gone_are_missed(ledger):
    """A page that has read number 3 finds only two: somebody put an older copy in the ledger's place."""
    fill(ledger, 2)
    for ask in (lambda: ledger.events(after=3), lambda: ledger.append(opinion(9), 3, anything)):
        with pytest.raises(LedgerError, match="台账中已没有第3条事件"):
            ask()


def test_the_chain_of_the_tests_is_the_one_of_the_ledger(opened):
    moment = datetime(2026, 3, 1, 8, tzinfo=UTC)
    assert fill(opened(clock=lambda: moment), 3).events() == chain(3)
