"""The ledger in a database: :class:`SqlLedger` keeps the promises of ``port.py`` on SQLite and PostgreSQL alike."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from sqlalchemy import Connection, insert, select

from workbench.base.errors import LedgerError, Place, Problem, ReviewError
from workbench.base.sealing import withheld_digests
from workbench.base.text import suggest
from workbench.review.events import Draft, Event, chained
from workbench.review.ledger.attachments import Attachments
from workbench.review.ledger.databases import Database, postgresql, sqlite
from workbench.review.ledger.failures import NoLedger, file_trouble, translated
from workbench.review.ledger.places import FILE, REVIEWS, VARIABLE, server
from workbench.review.ledger.port import Decide, Head
from workbench.review.ledger.records import START, Stored, examined, stored
from workbench.review.ledger.schema import flaws, make_current
from workbench.review.ledger.tables import access_log, events, ledgers

Clock = Callable[[], datetime]
_EVALUATION = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_FOLDER_MODE = 0o770
"""No way in for other users of the computer: the file holds what experts may not yet see of each other. A group may share it."""
_VERIFY = "请运行 workbench ledger verify {} 查看详情;请勿继续评审"


def utc_now() -> datetime:
    """The clock events are stamped by."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Refusal:
    """A line of the access log; ``problems`` as of ``Problem.as_dict``."""

    at: str
    actor: str
    action: str
    problems: list[dict[str, Any]]
    address: str | None


class SqlLedger:
    """The events of one evaluation; see :class:`workbench.review.ledger.port.Ledger`. Made by :func:`open_ledger`.

    Safe to use from several threads and any number of processes. Everything raises LedgerError when the database fails.
    """

    def __init__(self, database: Database, name: str, attachments: Attachments, clock: Clock = utc_now) -> None:
        self._database = database
        self._name = name
        self._clock = clock
        self._identity = _identity(database.file)
        self.attachments = attachments

    @property
    def name(self) -> str:
        """The evaluation it belongs to."""
        return self._name

    @property
    def where(self) -> str:
        """File or database, as messages name it."""
        return self._database.where

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection for single SELECT statements."""
        with translated(self.where), self._database.reader.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction in which nobody else writes to this ledger; committed when the block ends well."""
        self._same_file()
        with translated(self.where), self._database.writer.begin() as connection:
            # Takes the row's lock on PostgreSQL; SQLite's transaction began with the lock of the file.
            row = select(ledgers.c.name).where(ledgers.c.name == self._name)
            connection.execute(row.with_for_update()).one()
            yield connection

    def head(self) -> Head:
        """Number and hash of the last event; one look at the end of an index."""
        with self.reading() as connection:
            return _head(connection, self._name)

    def events(self, after: int = 0, upto: int | None = None) -> list[Event]:
        """Events with numbers above ``after`` (and not above ``upto``), each checked against the one before it.

        Raises:
            LedgerError: the chain is broken here, or ends before number ``after``.
        """
        with self.reading() as connection:
            rows, base = self._after(connection, after, upto)
            return self._sound(rows, base)

    def append(self, draft: Draft, after: int, decide: Decide) -> Event:
        """Take one draft, or say why not; see the protocol."""
        with self.writing() as connection:
            known = self._sent_before(connection, draft)
            if known is not None:
                return known
            rows, base = self._after(connection, after)
            decide(self._sound(rows, base))
            last = rows[-1] if rows else base
            at = max(_stamp(self._clock()), last.at)
            event = chained(draft, self._name, last.seq + 1, at, last.hash)
            connection.execute(insert(events), [stored(event)._asdict()])
        return event

    def refused(self, actor: str, action: str, problems: Sequence[Problem], address: str | None = None) -> None:
        """Write a refused attempt to the access log, with the network address it came from where there is one."""
        said = json.dumps([p.as_dict() for p in problems], ensure_ascii=False, sort_keys=True)
        entry = {
            "at": _stamp(self._clock()),
            "ledger": self._name,
            "actor": actor,
            "action": action,
            "problems": said.encode(errors="replace").decode(),  # what was refused may not even be text
            "address": address,
        }
        with self.writing() as connection:
            connection.execute(insert(access_log), [entry])

    def refusals(self) -> list[Refusal]:
        """The access log, oldest first."""
        query = select(access_log).where(access_log.c.ledger == self._name).order_by(access_log.c.id)
        with self.reading() as connection:
            found = connection.execute(query).all()
        return [Refusal(r.at, r.actor, r.action, json.loads(r.problems), r.address) for r in found]

    def keep(self, name: str, data: bytes) -> str:
        """Keep an attachment beside the ledger and give its SHA-256."""
        with file_trouble(f"{REVIEWS}/{self._name}/{self.attachments.folder.name}"):
            return self.attachments.keep(name, data)

    def kept(self, sha256: str) -> bytes | None:
        """An attachment kept before, or None when it is not there or not the same."""
        return self.attachments.kept(sha256)

    def withheld(self, sha256: str) -> bool:
        """Whether an attachment is confidential and there in encrypted form alone."""
        return self.attachments.state(sha256) == "withheld"

    def rows(self) -> list[Stored]:
        """Everything as stored, unchecked; for verification and export."""
        query = select(events).where(events.c.ledger == self._name).order_by(events.c.seq)
        with self.reading() as connection:
            return [Stored(*row) for row in connection.execute(query)]

    def flaws(self) -> list[Problem]:
        """What is wrong with the database itself: damaged pages, missing triggers."""
        with translated(self.where):
            return [p.at(file=self.where) for p in flaws(self._database)]

    def fill(self, rows: Sequence[Stored]) -> None:
        """Put verified rows into a ledger without events, all or none of them. Raises LedgerError when it has some."""
        with self.writing() as connection:
            head = _head(connection, self._name)
            if head.seq:
                fix = "只能导入没有事件的台账;请换一个工作区,或先移走现有的台账"
                raise LedgerError(
                    Problem("not_empty", "台账中已有事件", Place(self.where), found=f"{head.seq}条", fix=fix)
                )
            for row in rows:  # one by one: each must find the one before it
                connection.execute(insert(events), [row._asdict()])

    def close(self) -> None:
        """Give the connections back; the ledger can still be used and opens new ones."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()

    def _sent_before(self, connection: Connection, draft: Draft) -> Event | None:
        query = select(events.c.seq).where(events.c.ledger == self._name, events.c.client_id == draft.client_id)
        seq = connection.execute(query).scalar()
        if seq is None:
            return None
        known = self._sound(*self._after(connection, seq - 1, seq))[0]
        if (known.actor, known.body) != (draft.actor, draft.body):
            fix = "请刷新页面后重新提交"
            raise ReviewError(
                Problem("client_id_used", "同一提交编号已用于另一项操作", found=f"第{seq}条事件", fix=fix)
            )
        return known

    def _after(self, connection: Connection, after: int, upto: int | None = None) -> tuple[list[Stored], Stored]:
        """The rows after a number, and the row with that number (:data:`START` for 0)."""
        query = select(events).where(events.c.ledger == self._name, events.c.seq >= after).order_by(events.c.seq)
        if upto is not None:
            query = query.where(events.c.seq <= max(upto, after))
        rows = [Stored(*row) for row in connection.execute(query)]
        if not after:
            return rows, START
        if not rows or rows[0].seq != after:
            fix = _VERIFY.format(self._name)
            raise LedgerError(
                Problem("tail_cut", f"台账中已没有第{after}条事件:末尾被删去", Place(self.where), fix=fix)
            )
        return rows[1:], rows[0]

    def _sound(self, rows: Sequence[Stored], base: Stored) -> list[Event]:
        checked = list(examined(rows, self._name, Head(base.seq, base.hash)))
        problems = [p.at(file=self.where) for c in checked for p in c.problems]
        if problems:
            raise LedgerError([*problems, Problem("ledger_unsound", "台账连不上", fix=_VERIFY.format(self._name))])
        return [c.event for c in checked if c.event is not None]

    def _same_file(self) -> None:
        """A file deleted or replaced under an open page would take events nobody finds again."""
        if _identity(self._database.file) != self._identity:
            fix = "请重新打开评审页面;如果不是有意为之,请先查明是谁移动或替换了文件"
            raise LedgerError(
                Problem("ledger_moved", "台账文件已被移走或替换,本次操作没有记入", Place(self.where), fix=fix)
            )


def open_ledger(
    workspace: Path,
    evaluation: str,
    url: str | None = None,
    create: bool = False,
    moving: bool = False,
    clock: Clock = utc_now,
) -> SqlLedger:
    """The ledger of an evaluation: ``reviews/<evaluation>/ledger.sqlite``, or on the PostgreSQL server at ``url``.

    Args:
        workspace: the folder with ``reviews/``; attachments lie there whatever the database.
        evaluation: the evaluation's identifier.
        url: address of a PostgreSQL database; the environment variable WORKBENCH_LEDGER when None, but for a sealed workspace.
        create: make the ledger when there is none; several processes may do so at once.
        moving: what was a file comes into the database now, so the file may lie there.
        clock: gives the time events are stamped with.

    Raises:
        NoLedger: there is none, and ``create`` is not asked for.
        LedgerError: the database cannot be reached, read or written, or is from a newer version.
        CheckFailed: the list of confidential attachments of a sealed workspace is damaged.
    """
    if not _EVALUATION.fullmatch(evaluation):
        raise NoLedger(
            Problem("evaluation_id", "评价编号写法不对", found=evaluation, expected="小写字母、数字和 . _ -")
        )
    folder = workspace / REVIEWS / evaluation
    address = url or server(workspace)
    attachments = Attachments(folder / "attachments", withheld_digests(workspace))
    file, where = folder / FILE, f"{REVIEWS}/{evaluation}/{FILE}"
    if address is None and not file.exists():
        if not create:
            raise _none_yet(workspace, evaluation)
        with file_trouble(where):
            folder.parent.mkdir(parents=True, exist_ok=True)
            folder.mkdir(mode=_FOLDER_MODE, exist_ok=True)
    database = postgresql(address) if address else sqlite(file, where)
    try:
        with translated(database.where):
            left_behind = bool(address) and file.exists() and not moving
            create = create and not left_behind
            if not make_current(database, create=create) or not _entered(database, evaluation, create, clock):
                if left_behind:
                    raise _elsewhere(evaluation, where, database)
                raise _none_yet(workspace, evaluation)
    except BaseException:
        database.close()
        raise
    return SqlLedger(database, evaluation, attachments, clock)


def _entered(database: Database, name: str, create: bool, clock: Clock) -> bool:
    """Whether the ledger has its row; made when asked for."""
    query = select(ledgers.c.name).where(ledgers.c.name == name)
    with database.reader.connect() as connection:
        known = set(connection.execute(select(ledgers.c.name)).scalars())
    if known and name not in known and database.file is not None:
        fix = "请移走误放的文件,再从备份恢复本评价的台账;没有备份的,移走后重新开始评审"
        found = "、".join(sorted(known))
        raise LedgerError(
            Problem("other_ledger", "这个文件是另一项评价的台账", Place(database.where), found, f"“{name}”", fix=fix)
        )
    if name in known or not create:
        return name in known
    with database.writer.begin() as connection:
        database.exclude(connection)
        if connection.execute(query).first() is None:
            connection.execute(insert(ledgers), [{"name": name, "created_at": _stamp(clock())}])
    return True


def _elsewhere(evaluation: str, file: str, database: Database) -> LedgerError:
    """A review that was begun in a file must not be begun again on a server."""
    fix = (
        f"请取消 {VARIABLE} 继续使用原台账;要改用数据库的,先在未设 {VARIABLE} 时运行 workbench ledger export {evaluation},"
        f"设置后再运行 workbench ledger import"
    )
    message = f"该评价的台账在工作区的文件中,而 {VARIABLE} 指向的数据库里没有它"
    return LedgerError(Problem("ledger_elsewhere", message, Place(database.where), file, fix=fix))


def _none_yet(workspace: Path, evaluation: str) -> NoLedger:
    known = sorted(file.parent.name for file in (workspace / REVIEWS).glob(f"*/{FILE}"))
    fix = f"请先运行 workbench review {evaluation} 开始评审。{suggest(evaluation, known)}"
    return NoLedger(Problem("no_ledger", "该评价还没有评审台账", found=evaluation, fix=fix))


def _head(connection: Connection, name: str) -> Head:
    query = select(events.c.seq, events.c.hash).where(events.c.ledger == name).order_by(events.c.seq.desc()).limit(1)
    row = connection.execute(query).first()
    return Head(0, "") if row is None else Head(row.seq, row.hash)


def _identity(file: Path | None) -> tuple[int, int] | None:
    """What tells a file from another one put in its place."""
    try:
        found = file.stat() if file is not None else None
    except OSError:
        return None
    return None if found is None else (found.st_dev, found.st_ino)


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
