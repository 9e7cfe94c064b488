"""Export and import: the same ledger again, or nothing."""

from __future__ import annotations

import functools
import json

import pytest
from ledger_drafts import anything, chain, fill, opinion, statement

from workbench.base.canon import canonical_json
from workbench.base.errors import LedgerError
from workbench.review.events import Attachment
from workbench.review.ledger.jsonl import attachments_lacking, sound_export, write_export
from workbench.review.ledger.store import open_ledger
from workbench.review.ledger.verify import verify


@pytest.fixture
def source(tmp_path):
    """A ledger in another workspace."""
    made = fill(open_ledger(tmp_path / "source", "demo", create=True), 3)
    yield made
    made.close()


@pytest.fixture
def exported(source, tmp_path):
    path = tmp_path / "out" / "demo.jsonl"
    write_export(source, path)
    return path


def test_a_file_says_what_it_is(exported, source):
    header, *lines = [json.loads(line) for line in exported.read_bytes().splitlines()]
    head = source.head()
    assert header == {"format": "workbench-ledger", "version": 1, "ledger": "demo", "events": 3, "head": head.hash}
    assert lines == [event.model_dump() for event in source.events()]


def test_out_and_in_again_is_the_same(source, exported, tmp_path):
    export = sound_export(exported, "demo")
    copy = open_ledger(tmp_path / "copy", "demo", create=True)
    copy.fill(export.rows)
    assert copy.rows() == source.rows()
    write_export(copy, tmp_path / "again.jsonl")
    assert (tmp_path / "again.jsonl").read_bytes() == exported.read_bytes()
    assert copy.append(opinion(4), 3, anything).seq == 4
    copy.close()


def test_from_a_file_into_a_server(exported, tmp_path, database, source):
    server = open_ledger(tmp_path, "demo", database, create=True)
    server.fill(sound_export(exported, "demo").rows)
    assert server.events() == source.events()
    assert verify(server).passed
    server.close()


def test_an_empty_ledger_goes_too(opened, tmp_path):
    write_export(opened(), tmp_path / "empty.jsonl")
    assert sound_export(tmp_path / "empty.jsonl", "demo").rows == []


def test_only_into_an_empty_one(ledger, exported):
    fill(ledger, 2)
    with pytest.raises(LedgerError, match="台账中已有事件;实际为“2条”"):
        ledger.fill(sound_export(exported, "demo").rows)
    assert ledger.head().seq == 2


def test_all_or_nothing(ledger, exported):
    """Even rows nobody checked: the database takes only what continues the chain, and then none of it."""
    rows = sound_export(exported, "demo").rows
    with pytest.raises(LedgerError, match="数据库拒绝写入"):
        ledger.fill([rows[0], rows[2]])
    assert ledger.head().seq == 0


def test_another_evaluations_file(exported):
    with pytest.raises(LedgerError, match="导出文件属于另一项评价;实际为“demo”;应为“other”"):
        sound_export(exported, "other")


def test_an_existing_file_is_not_overwritten(source, exported):
    before = exported.read_bytes()
    with pytest.raises(LedgerError, match="同名文件已存在"):
        write_export(source, exported)
    assert exported.read_bytes() == before


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "这不是导出的评审台账"),
        (b"[" * 100_000, "这不是导出的评审台账"),
        (b'{"format":"other","version":1,"ledger":"demo"}\n', "这不是导出的评审台账"),
        (b"\xff\xfe\x00", "这不是导出的评审台账"),
        (b'{"format":"workbench-ledger","version":1e999,"ledger":"demo"}\n', "这不是导出的评审台账"),
        (b'{"format":"workbench-ledger","version":2,"ledger":"demo"}\n', "由更新版本的程序导出"),
    ],
)
def test_what_is_not_an_export(tmp_path, content, message):
    path = tmp_path / "x.jsonl"
    path.write_bytes(content)
    with pytest.raises(LedgerError, match=message):
        sound_export(path, "demo")


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(LedgerError, match="导出文件读不出来"):
        sound_export(tmp_path / "none.jsonl", "demo")


def line_with(**changes) -> bytes:
    """A fourth event, forged."""
    return canonical_json(chain(4)[3].model_dump() | changes).rstrip(b"\n")


@pytest.mark.parametrize(
    "line",
    [
        *(b"[" * 100_000, b"NaN", b'{"seq":1}', b"\xff", b"[]", b'{"body":{"kind":["x"]}}'),
        *(line_with(seq="4"), line_with(seq=True), line_with(at=None), line_with(body=[]), line_with(hash=4)),
    ],
)
def test_a_hostile_line_is_a_finding(exported, line):
    exported.write_bytes(exported.read_bytes() + line + b"\n")
    with pytest.raises(LedgerError, match="第5行:这一行不是台账事件"):
        sound_export(exported, "demo")


@pytest.mark.parametrize("kind", ["opinion", "vote"])
def test_a_deeply_nested_event_is_a_finding(exported, kind):
    deep = functools.reduce(lambda inner, _: [inner], range(400), {"name": "x"})
    exported.write_bytes(exported.read_bytes() + line_with(body={"kind": kind, "deep": deep}) + b"\n")
    with pytest.raises(LedgerError, match="第4条事件"):
        sound_export(exported, "demo")


def test_attachments_left_behind_are_named(in_file, tmp_path):
    digests = {name: in_file.keep(name, name.encode()) for name in ("甲.pdf", "乙.pdf")}
    attachments = [Attachment(name=name, sha256=sha256, size=7) for name, sha256 in digests.items()]
    in_file.append(statement(*attachments), 0, anything)
    write_export(in_file, tmp_path / "demo.jsonl")
    export = sound_export(tmp_path / "demo.jsonl", "demo")
    copy = open_ledger(tmp_path / "copy", "demo", create=True)
    copy.fill(export.rows)
    copy.keep("甲.pdf", "甲.pdf".encode())
    assert attachments_lacking(export, copy) == ["乙.pdf"]
    copy.close()
