"""Whatever is wrong with the database, people read what it is and what to do, and never a password."""

from __future__ import annotations

import sqlite3

import pytest
from ledger_drafts import anything, fill, opinion
from sqlalchemy import make_url, text

from workbench.base.errors import LedgerError
from workbench.review.ledger import databases
from workbench.review.ledger.places import VARIABLE
from workbench.review.ledger.store import open_ledger

SECRET = "geheim"


def code_of(failure) -> str:
    (problem,) = failure.value.problems
    assert problem.fix
    assert SECRET not in failure.value.render()
    assert failure.value.__cause__ is None
    assert failure.value.exit_code == 4
    return problem.code


def test_somebody_holds_the_database(opened, monkeypatch):
    monkeypatch.setattr(databases, "LOCK_SECONDS", 0.05)
    holder, waiting = opened(), opened()
    with holder.writing(), pytest.raises(LedgerError, match="台账正被占用") as failure:
        waiting.append(opinion(1), 0, anything)
    assert code_of(failure) == "ledger_busy"
    assert waiting.append(opinion(1), 0, anything).seq == 1


def test_the_disk_is_full(in_file):
    fill(in_file, 1)
    with in_file._database.reader.connect() as connection:
        connection.execute(text("PRAGMA max_page_count = 1"))  # the smallest SQLite allows is what it has now
    with pytest.raises(LedgerError, match="磁盘已满") as failure:
        for number in range(2, 100):
            in_file.append(opinion(number, reason="长" * 5000), number - 1, anything)
    assert code_of(failure) == "disk_full"
    assert [e.seq for e in in_file.events()] == list(range(1, in_file.head().seq + 1))


def test_the_file_is_read_only(in_file):
    with in_file._database.reader.connect() as connection:
        connection.execute(text("PRAGMA query_only = ON"))
    with pytest.raises(LedgerError, match="台账只读") as failure:
        in_file.append(opinion(1), 0, anything)
    assert code_of(failure) == "ledger_read_only"


def test_the_server_lets_nobody_write(tmp_path, database):
    fill(open_ledger(tmp_path, "demo", database, create=True), 1).close()
    ledger = open_ledger(tmp_path, "demo", f"{database}&options=-cdefault_transaction_read_only%3Don")
    assert ledger.head().seq == 1
    with pytest.raises(LedgerError, match="台账只读") as failure:
        ledger.append(opinion(2), 1, anything)
    assert code_of(failure) == "ledger_read_only"
    ledger.close()


@pytest.mark.parametrize("content", [b"\x00" * 4096, "这是一段文字。".encode() * 300], ids=["zeros", "text"])
def test_the_file_is_no_database(tmp_path, content):
    file = tmp_path / "reviews" / "demo" / "ledger.sqlite"
    file.parent.mkdir(parents=True)
    file.write_bytes(content)
    with pytest.raises(LedgerError, match="这不是评审台账文件") as failure:
        open_ledger(tmp_path, "demo", create=True)
    assert code_of(failure) == "not_a_ledger"
    assert file.read_bytes() == content


def test_the_file_is_damaged(tmp_path):
    fill(open_ledger(tmp_path, "demo", create=True), 60).close()
    file = tmp_path / "reviews" / "demo" / "ledger.sqlite"
    with file.open("r+b") as stream:
        stream.seek(4096 * 8)
        stream.write(b"\xff" * 4096 * 12)
    ledger = open_ledger(tmp_path, "demo")
    with pytest.raises(LedgerError, match="台账文件已损坏") as failure:
        ledger.events()
    assert code_of(failure) == "ledger_corrupt"
    ledger.close()


def test_the_file_was_moved_under_an_open_page(in_file, tmp_path):
    fill(in_file, 1)
    folder = tmp_path / "reviews" / "demo"
    folder.rename(tmp_path / "elsewhere")
    with pytest.raises(LedgerError, match="台账文件已被移走或替换") as failure:
        in_file.append(opinion(2), 1, anything)
    assert code_of(failure) == "ledger_moved"
    open_ledger(tmp_path, "demo", create=True).close()
    with pytest.raises(LedgerError, match="台账文件已被移走或替换"):
        in_file.append(opinion(2), 1, anything)


def test_a_file_lies_where_the_folder_should_be(tmp_path):
    (tmp_path / "reviews").write_text("x", encoding="utf-8")
    with pytest.raises(LedgerError, match="写不进去") as failure:
        open_ledger(tmp_path, "demo", create=True)
    assert code_of(failure) == "not_writable"


def test_an_attachment_that_cannot_be_written(in_file, tmp_path):
    (tmp_path / "reviews" / "demo" / "attachments").write_text("x", encoding="utf-8")
    with pytest.raises(LedgerError, match="写不进去") as failure:
        in_file.keep("a.pdf", b"x")
    assert code_of(failure) == "not_writable"


@pytest.mark.parametrize(
    "url",
    [
        f"mysql://me:{SECRET}@host/db",
        f"sqlite:///{SECRET}.sqlite",
        f"postgresql://me:{SECRET}@host:port/db",
        f"postgresql//me:{SECRET}@host/db",
        SECRET,
    ],
)
def test_an_address_that_is_none(tmp_path, monkeypatch, url):
    monkeypatch.setenv(VARIABLE, url)
    with pytest.raises(LedgerError, match=r"WORKBENCH_LEDGER.*写法不对") as failure:
        open_ledger(tmp_path, "demo", create=True)
    assert code_of(failure) == "ledger_url"


@pytest.mark.parametrize("wrong", [{"username": "nobody"}, {"database": "none"}, {"host": "/no/such/folder"}])
def test_a_server_that_does_not_let_in(tmp_path, server, wrong):
    address = make_url(server).update_query_dict({"host": wrong.pop("host", make_url(server).query["host"])})
    url = address.set(password=SECRET, **wrong).render_as_string(hide_password=False)
    assert SECRET in url
    with pytest.raises(LedgerError, match="连不上数据库") as failure:
        open_ledger(tmp_path, "demo", url, create=True)
    assert code_of(failure) == "ledger_unreachable"


def test_a_server_that_was_restarted_is_found_again(tmp_path, database):
    ledger = fill(open_ledger(tmp_path, "demo", database, create=True), 1)
    with pytest.raises(LedgerError, match="连不上数据库"), ledger.writing() as connection:
        # What an administrator's restart does to a session in the middle of a transaction.
        connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
    assert ledger.head().seq == 1
    ledger.close()


def test_a_broken_event_stops_the_review_and_says_where(in_file, tmp_path):
    fill(in_file, 3)
    connection = sqlite3.connect(tmp_path / "reviews" / "demo" / "ledger.sqlite")
    with connection:
        connection.execute("DROP TRIGGER events_no_update")
        connection.execute("UPDATE events SET record = replace(record, '只提供了', '没有提供') WHERE seq = 2")
    connection.close()
    where = "reviews/demo/ledger.sqlite 第2条事件:事件内容与其哈希不符:内容被改动"
    for ask in (in_file.events, lambda: in_file.append(opinion(4), 1, anything)):
        with pytest.raises(LedgerError, match=where) as failure:
            ask()
        assert "workbench ledger verify demo" in failure.value.render()
    assert in_file.head().seq == 3


def test_a_review_begun_in_a_file_is_not_begun_again_on_a_server(cli, in_file, database, tmp_path, monkeypatch):
    fill(in_file, 2)
    export = tmp_path / "demo.jsonl"
    cli("export", "demo", str(export))
    monkeypatch.setenv(VARIABLE, database)
    for create in (False, True):
        with pytest.raises(LedgerError, match="台账在工作区的文件中") as failure:
            open_ledger(tmp_path, "demo", create=create)
        assert code_of(failure) == "ledger_elsewhere"
    cli("import", "demo", str(export))
    with open_ledger(tmp_path, "demo") as moved:
        assert moved.head() == in_file.head()
