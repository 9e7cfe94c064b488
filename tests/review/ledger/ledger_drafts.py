"""What the tests of the ledger append to it."""

from __future__ import annotations

from decimal import Decimal

from workbench.review.events import Attachment, Basis, Draft, Event, Opinion, Seen, Statement, chained
from workbench.review.ledger.store import SqlLedger

BASIS = Basis(weight="10", computed="8", value="93.5", status="scored")
SEEN = Seen(computed=True, conclusion=False, colleagues="none")


def opinion(number: int, *, expert: str = "zhang", reason: str = "只提供了部分佐证", client: str = "") -> Draft:
    """A proposal; ``number`` makes it another one."""
    body = Opinion(
        kind="opinion",
        subject="s1",
        indicator=f"C{number}",
        expert=expert,
        choice="adjust",
        points=Decimal(number) / 2,
        reason=reason,
        round=1,
        basis=BASIS,
        seen=SEEN,
    )
    return Draft(actor=expert, client_id=client or f"{expert}-{number:06d}", body=body)


def statement(*attachments: Attachment, client: str = "statement-1") -> Draft:
    """A written opinion with attachments."""
    body = Statement(kind="statement", of="expert", text="总体完成较好", attachments=list(attachments))
    return Draft(actor="zhang", client_id=client, body=body)


def fill(ledger: SqlLedger, count: int) -> SqlLedger:
    """Append ``count`` opinions."""
    for number in range(1, count + 1):
        ledger.append(opinion(number), 0 if number == 1 else number - 1, anything)
    return ledger


def chain(count: int, ledger: str = "demo") -> list[Event]:
    """Events as a ledger would have made them, without one."""
    events: list[Event] = []
    for number in range(1, count + 1):
        before = events[-1].hash if events else ""
        events.append(chained(opinion(number), ledger, number, "2026-03-01T08:00:00.000Z", before))
    return events


def anything(since: object) -> None:
    """A decision that refuses nothing."""
