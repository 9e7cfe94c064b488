"""Events as they are stored, and whether they hang together: the one place that judges a chain."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from pydantic import ValidationError

from workbench.base.canon import canonical_json
from workbench.base.errors import Problem
from workbench.review.events import Event, hash_of
from workbench.review.ledger.failures import RESTORE
from workbench.review.ledger.port import Head


class Stored(NamedTuple):
    """A row of the table ``events``, columns in its order."""

    ledger: str
    seq: int
    prev_hash: str
    hash: str
    client_id: str
    actor: str
    kind: str
    at: str
    record: str


START = Stored("", 0, "", "", "", "", "", "", "")
"""What stands before the first event."""


class Checked(NamedTuple):
    """A stored event after the check; ``event`` is None when it cannot be read."""

    seq: int
    content: Mapping[str, Any]
    event: Event | None
    problems: list[Problem]


def stored(event: Event) -> Stored:
    """The row an event becomes."""
    content = event.model_dump()
    return _row(content, canonical_json(content).decode().rstrip("\n"))


def _row(content: Mapping[str, Any], record: str) -> Stored:
    columns = {name: content[name] for name in Stored._fields if name not in ("kind", "record")}
    return Stored(**columns, kind=content["body"]["kind"], record=record)


def row_of(record: str) -> Stored | None:
    """The row a line of text stands for, or None when it is not an event at all."""
    content = _parsed(record)
    row = None if content is None else _repeated(content, record)
    return row if row is not None and _well_typed(row) else None


def _repeated(content: Mapping[str, Any], record: str) -> Stored | None:
    """The columns as the record itself states them."""
    try:
        return _row(content, record)
    except (KeyError, TypeError):
        return None


def _well_typed(row: Stored) -> bool:
    """Whether the columns hold what they are declared to: SQLite lets a tool put anything anywhere."""
    return type(row.seq) is int and all(isinstance(cell, str) for cell in (row.ledger, *row[2:]))


def _parsed(record: str) -> dict[str, Any] | None:
    """The record as JSON, when it is an object written the canonical way (so that no byte of it is free to change)."""
    try:
        content = json.loads(record)
        same = isinstance(content, dict) and canonical_json(content).decode() == f"{record}\n"
    except (ValueError, RecursionError):
        return None
    return content if same else None


def examined(rows: Iterable[Stored], ledger: str, head: Head) -> Iterator[Checked]:
    """Check rows one after the other; ``head`` is the event before the first of them.

    After a break the chain is taken up again from what the row itself says, so that one break is one finding.
    """
    for row in rows:
        if not _well_typed(row):
            yield Checked(
                head.seq + 1, {}, None, [_at(head.seq + 1, "event_malformed", "数据库各列的类型不对", RESTORE)]
            )
            continue
        content = _parsed(row.record)
        if content is None:
            problem = _at(row.seq, "event_malformed", "事件的内容已损坏,读不出来", RESTORE)
            yield Checked(row.seq, {}, None, [problem])
        else:
            event, problems = _event_of(content, row.seq)
            yield Checked(row.seq, content, event, [*_broken_links(row, content, ledger, head), *problems])
        head = Head(row.seq, row.hash)


def _broken_links(row: Stored, content: Mapping[str, Any], ledger: str, head: Head) -> Iterator[Problem]:
    if _repeated(content, row.record) != row:
        yield _at(row.seq, "columns_differ", "数据库各列与事件内容不符", RESTORE)
    if hash_of(content) != content.get("hash"):
        yield _at(row.seq, "hash_differs", "事件内容与其哈希不符:内容被改动", RESTORE)
    if content.get("ledger") != ledger:
        found = str(content.get("ledger"))
        yield _at(row.seq, "other_ledger", "事件属于另一项评价的台账", RESTORE, found=found, expected=ledger)
    if row.seq != head.seq + 1:
        message = "序号不连续:前面有事件被删去、调换或插入"
        yield _at(row.seq, "seq_gap", message, RESTORE, found=str(row.seq), expected=str(head.seq + 1))
    if row.prev_hash != head.hash:
        yield _at(row.seq, "link_broken", "与前一事件的哈希接不上:前面有事件被改动、删去或插入", RESTORE)


def _event_of(content: Mapping[str, Any], seq: int) -> tuple[Event | None, list[Problem]]:
    try:
        return Event.model_validate(content), []
    except ValidationError as error:
        faults = error.errors(include_url=False, include_input=False)
    if any(fault["type"] == "union_tag_invalid" for fault in faults):
        fix = "请升级 workbench 后再核对;哈希是否连得上,这一版也能核对"
        return None, [_at(seq, "event_unknown", "这一版程序不认识该类事件", fix, found=str(content["body"]["kind"]))]
    where = ".".join(str(part) for part in faults[0]["loc"])
    return None, [_at(seq, "event_invalid", "事件的内容不符合格式", RESTORE, found=where)]


def _at(seq: int, code: str, message: str, fix: str, found: str | None = None, expected: str | None = None) -> Problem:
    return Problem(code, message, found=found, expected=expected, fix=fix).at(key=f"第{seq}条事件")
