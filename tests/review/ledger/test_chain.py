"""Whatever is done to a stored chain is found: hypothesis does it."""

from __future__ import annotations

import shutil
import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ledger_drafts import chain, fill, opinion

from workbench.base.errors import LedgerError
from workbench.review.events import chained
from workbench.review.ledger.jsonl import _header
from workbench.review.ledger.port import Head
from workbench.review.ledger.records import Stored, stored
from workbench.review.ledger.store import open_ledger
from workbench.review.ledger.verify import RunHead, verify

LENGTH = 6


def exported(events) -> bytes:
    """The file ``write_export`` would write of these events, whatever they are."""
    head = Head(events[-1].seq, events[-1].hash) if events else Head(0, "")
    return b"".join([_header("demo", head), *(f"{stored(e).record}\n".encode() for e in events)])


GOOD = exported(chain(LENGTH))
LINES = GOOD.splitlines(keepends=True)


@pytest.fixture(scope="module")
def believed(tmp_path_factory):
    """Whether a file with these bytes passes for a ledger."""
    path = tmp_path_factory.mktemp("chain") / "demo.jsonl"

    def look(data: bytes, *runs: str) -> bool:
        path.write_bytes(data)
        try:
            return verify(path, [RunHead(f"run{n}", head) for n, head in enumerate(runs)]).passed
        except LedgerError:
            return False

    return look


def test_the_unchanged_one_is_believed(believed):
    assert believed(GOOD)
    assert believed(exported([]))


@given(st.integers(0, len(GOOD) - 1), st.integers(1, 255))
def test_one_changed_byte_is_found(believed, position, change):
    data = bytearray(GOOD)
    data[position] ^= change
    assert not believed(bytes(data))


@given(st.integers(0, len(GOOD) - 1), st.sampled_from([b"", b" ", b"\n", b"0", b"\r\n", b"\xef\xbb\xbf"]))
def test_a_byte_put_in_or_taken_out_is_found(believed, position, put):
    rest = GOOD[position:] if put else GOOD[position + 1 :]
    assert not believed(GOOD[:position] + put + rest)


@given(st.data())
def test_lines_dropped_swapped_repeated_or_cut_are_found(believed, data):
    lines = list(LINES)
    at = data.draw(st.integers(0, LENGTH))
    what = data.draw(st.sampled_from(["drop", "swap", "repeat", "cut"]))
    if what == "drop":
        del lines[at]
    elif what == "swap":
        other = data.draw(st.integers(0, LENGTH).filter(lambda n: n != at))
        lines[at], lines[other] = lines[other], lines[at]
    elif what == "repeat":
        lines.insert(data.draw(st.integers(0, LENGTH)), lines[at])
    else:
        del lines[max(at, 1) :]
    assert not believed(b"".join(lines))


def rewritten(at: int) -> list:
    """The chain with another event at a place, and everything after it computed anew: hangs together perfectly."""
    events = chain(LENGTH)
    for index in range(at, LENGTH):
        draft = opinion(index + 1, reason="后改的理由" if index == at else "只提供了部分佐证")
        before = events[index - 1].hash if index else ""
        events[index] = chained(draft, "demo", index + 1, events[index].at, before)
    return events


@given(st.integers(0, LENGTH - 1))
def test_an_event_put_in_place_of_another_is_found(believed, at):
    """Good in itself, but what follows does not build on it."""
    events = chain(LENGTH)
    events[at] = rewritten(at)[at]
    assert believed(exported(events)) is (at == LENGTH - 1)


@given(st.integers(0, LENGTH - 1), st.integers(1, LENGTH))
def test_only_an_earlier_run_shows_that_the_chain_was_computed_anew(believed, at, known):
    run = chain(LENGTH)[known - 1].hash
    forged = exported(rewritten(at))
    assert believed(forged)
    assert believed(forged, run) is (known <= at)


@given(st.integers(0, LENGTH), st.integers(1, LENGTH))
def test_only_an_earlier_run_shows_that_the_tail_was_cut(believed, left, known):
    events = chain(LENGTH)
    cut = exported(events[:left])
    assert believed(cut)
    assert believed(cut, "", events[known - 1].hash) is (known <= left)


@pytest.mark.parametrize(
    "change", ["seq = 'x'", "hash = x'00'", "record = x'00'", "actor = 7.5", "record = CAST(record AS BLOB)"]
)
@pytest.mark.parametrize("seq", [2, LENGTH])
def test_a_cell_of_another_type_is_found(original, tmp_path, change, seq):
    shutil.copytree(original, tmp_path, dirs_exist_ok=True)
    connection = sqlite3.connect(tmp_path / "reviews" / "demo" / "ledger.sqlite")
    with connection:
        connection.execute(f"UPDATE events SET {change} WHERE seq = {seq}")
    connection.close()
    with open_ledger(tmp_path, "demo") as ledger:
        assert {p.code for p in verify(ledger).problems} > {"guards_missing"}
        with pytest.raises(LedgerError):
            ledger.events()


@pytest.fixture(scope="module")
def original(tmp_path_factory):
    """A ledger file without the triggers, as somebody with the right tools might make it."""
    workspace = tmp_path_factory.mktemp("original")
    fill(open_ledger(workspace, "demo", create=True), LENGTH).close()
    file = workspace / "reviews" / "demo" / "ledger.sqlite"
    with sqlite3.connect(file) as connection:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for (name,) in names:
            connection.execute(f"DROP TRIGGER {name}")
    connection.close()
    return workspace


@given(st.data())
def test_a_changed_cell_of_the_database_is_found(original, tmp_path_factory, data):
    workspace = tmp_path_factory.mktemp("changed")
    shutil.copytree(original, workspace, dirs_exist_ok=True)
    seq = data.draw(st.integers(1, LENGTH))
    column = data.draw(st.sampled_from(Stored._fields))
    connection = sqlite3.connect(workspace / "reviews" / "demo" / "ledger.sqlite")
    with connection:
        (value,) = connection.execute(f"SELECT {column} FROM events WHERE seq = ?", [seq]).fetchone()
        position = data.draw(st.integers(0, len(str(value))))
        changed = f"{str(value)[:position]}7{str(value)[position + data.draw(st.integers(0, 1)) :]}"
        connection.execute(f"UPDATE events SET {column} = ? WHERE seq = ?", [changed, seq])
    connection.close()

    ledger = open_ledger(workspace, "demo")
    codes = {p.code for p in verify(ledger).problems} - {"guards_missing"}
    if changed == str(value):
        assert not codes
    elif (column, seq) == ("ledger", LENGTH):
        assert not codes  # the last event of a ledger given to another one: a cut tail, which a chain cannot show
    else:
        assert codes
        with pytest.raises(LedgerError):
            ledger.events()
    ledger.close()
    shutil.rmtree(workspace)
