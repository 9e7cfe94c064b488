"""The answer of ``verify``: what is wrong, where; and, when nothing is, how much that proves."""

from __future__ import annotations

import sqlite3

import pytest
from ledger_drafts import anything, chain, fill, statement
from sqlalchemy import text

from workbench.base.canon import canonical_json, digest_of
from workbench.review.events import Attachment
from workbench.review.ledger.records import Stored, row_of
from workbench.review.ledger.verify import RunHead, verify


def codes(found) -> list[str]:
    return [p.code for p in found.problems]


def test_a_good_one(ledger):
    fill(ledger, 3)
    found = verify(ledger)
    assert found.passed
    assert (found.head, found.runs, found.covered, found.attachments) == (ledger.head(), 0, 0, 0)
    first, last = found.verdict()
    assert first.startswith("台账“demo”核对通过:共3条事件,内容与哈希相符,序号连续,前后相接。末尾是第3条,哈希 ")
    assert last.startswith("没有可对照的评审运行结果:仅凭台账本身,看不出末尾是否被删去")


def test_an_empty_one(ledger):
    found = verify(ledger)
    assert found.passed
    assert "台账中还没有事件" in found.verdict()[0]


def test_how_far_runs_vouch_for_it(in_file):
    events = fill(in_file, 4).events()
    runs = [RunHead("demo/a", ""), RunHead("demo/b", events[0].hash), RunHead("demo/c", events[2].hash)]
    found = verify(in_file, runs)
    assert (found.passed, found.runs, found.covered) == (True, 2, 3)
    assert found.verdict()[-1].startswith("已与2次运行结果对照:至第3条为止未被删去或重写。第4条以后尚无运行结果可对照")
    whole = verify(in_file, [*runs, RunHead("demo/d", events[3].hash)])
    assert whole.verdict()[-1] == "已与3次运行结果对照:至第4条为止未被删去或重写。"


def test_a_cut_tail_is_shown_by_the_newest_run(in_file):
    events = chain(5)
    in_file.fill([row_of(canonical_json(e.model_dump()).decode().rstrip("\n")) for e in events[:3]])
    runs = [RunHead("demo/old", events[1].hash), RunHead("demo/new", events[4].hash)]
    found = verify(in_file, runs)
    assert codes(found) == ["head_missing"]
    assert str(found.problems[0]).startswith("runs/demo/new:最近一次运行所记的台账末尾不在台账中")
    assert found.verdict()[0].startswith("台账“demo”核对未通过,共1处问题。末尾是第3条")


def test_attachments_are_looked_at(in_file, tmp_path):
    names = ("在.pdf", "丢失.pdf", "改动.pdf")
    digests = [in_file.keep(name, name.encode()) for name in names]
    attached = [Attachment(name=n, sha256=d, size=9) for n, d in zip(names, digests, strict=True)]
    in_file.append(statement(*attached), 0, anything)
    assert verify(in_file).verdict()[1] == "所附文件3份,均在且未被改动。"
    folder = tmp_path / "reviews" / "demo" / "attachments"
    (folder / f"{digests[1]}.pdf").unlink()
    (folder / f"{digests[2]}.pdf").write_bytes(b"forged")
    found = verify(in_file)
    assert codes(found) == ["attachment_missing", "attachment_changed"]
    assert "attachments 第1条事件:附件不在台账旁的 attachments 文件夹中;实际为“丢失.pdf”" in str(found.problems[0])


def with_body(change) -> Stored:
    """A first event whose body was changed before it was hashed, as another version of the program might write it."""
    content = chain(1)[0].model_dump()
    change(content["body"])
    content["hash"] = digest_of({k: v for k, v in content.items() if k != "hash"})
    row = row_of(canonical_json(content).decode().rstrip("\n"))
    assert row is not None
    return row


@pytest.mark.parametrize(
    ("change", "code", "sentence"),
    [
        (lambda b: b.update(kind="vote"), "event_unknown", "这一版程序不认识该类事件;实际为“vote”。请升级 workbench"),
        (lambda b: b.update(mood="好"), "event_invalid", "事件的内容不符合格式;实际为“body.opinion.mood”"),
        (lambda b: b.pop("round"), "event_invalid", "事件的内容不符合格式;实际为“body.opinion.round”"),
    ],
)
def test_an_event_this_version_cannot_read(in_file, change, code, sentence):
    in_file.fill([with_body(change)])
    found = verify(in_file)
    assert codes(found) == [code]
    assert sentence in str(found.problems[0])


def test_taken_away_triggers_are_missed(in_file, tmp_path):
    fill(in_file, 1)
    connection = sqlite3.connect(tmp_path / "reviews" / "demo" / "ledger.sqlite")
    connection.execute("DROP TRIGGER events_no_delete")
    connection.close()
    assert codes(verify(in_file)) == ["guards_missing"]
    assert "events_no_delete" in str(verify(in_file).problems[0])


def test_triggers_that_only_kept_their_name_are_missed(in_file, tmp_path):
    fill(in_file, 1)
    connection = sqlite3.connect(tmp_path / "reviews" / "demo" / "ledger.sqlite")
    connection.execute("DROP TRIGGER access_log_no_delete")
    connection.execute("CREATE TRIGGER access_log_no_delete BEFORE DELETE ON access_log WHEN 0 BEGIN SELECT 1; END")
    connection.close()
    assert codes(verify(in_file)) == ["guards_missing"]


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_switched_off_triggers_are_missed(ledger):
    fill(ledger, 1)
    with ledger._database.writer.begin() as connection:
        connection.execute(text("ALTER TABLE events DISABLE TRIGGER events_append_only"))
    assert codes(verify(ledger)) == ["guards_missing"]


def test_a_deleted_event_in_the_middle(ledger):
    """Found by the database's rows alone, on both databases, once somebody with all rights has done it."""
    fill(ledger, 4)
    with ledger._database.writer.begin() as connection:
        names = {"sqlite": "DROP TRIGGER events_no_delete", "postgresql": "ALTER TABLE events DISABLE TRIGGER ALL"}
        connection.execute(text(names[connection.dialect.name]))
        connection.execute(text("DELETE FROM events WHERE seq = 2"))
    assert codes(verify(ledger))[1:] == ["seq_gap", "link_broken"]
