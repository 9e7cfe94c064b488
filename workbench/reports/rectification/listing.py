"""Items as rows: what a screen, a workbook and a paper say about them on one day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from workbench.reports.papers.words import moment
from workbench.review.events import Event
from workbench.review.rectification.bodies import ItemAmended, ItemChecked, ItemReported
from workbench.review.rectification.items import STATUS_WORDS, Item, day_of


@dataclass(frozen=True)
class Listing:
    """The register of an evaluation on one day.

    ``title`` is that of its run; ``events`` and ``head`` say up to where the ledger was read.
    """

    evaluation: str
    title: str
    period: str
    as_of: date
    items: Sequence[Item]
    events: int
    head: str

    @property
    def overdue(self) -> list[Item]:
        """The overdue list (逾期清单)."""
        return [i for i in self.items if i.overdue(self.as_of)]

    @property
    def unfinished(self) -> list[Item]:
        """Items that have not been accepted."""
        return [i for i in self.items if not i.finished]

    @property
    def count(self) -> str:
        """``共3项:核实通过1项,已整改待核1项,待整改1项;逾期1项``."""
        words = {status: sum(i.status == status for i in self.items) for status in STATUS_WORDS}
        said = ",".join(f"{STATUS_WORDS[s]}{n}项" for s, n in words.items() if n)
        late = f";逾期未完成{len(self.overdue)}项" if self.overdue else ""
        return f"共{len(self.items)}项:{said}{late}"

    @property
    def source(self) -> str:
        """Where it was taken from."""
        return f"评审台账 {self.evaluation} 至第{self.events}号事件(哈希 {self.head[:16]}),计算日 {self.as_of}"

    @property
    def ahead(self) -> bool:
        """Whether the ledger has days after the one asked about: the days of delay are then too few."""
        return any(day_of(e) > self.as_of for i in self.items for e in i.steps if getattr(e.body, "on", None))


def late_text(item: Item, as_of: date) -> str:
    """``逾期12天``, of what was done late ``迟12天完成``; empty within time."""
    days = item.days_late(as_of)
    if not days:
        return ""
    return f"逾期{days}天" if item.done_on is None else f"迟{days}天完成"


def proofs(item: Item) -> list[str]:
    """Names of the files handed in as proof."""
    return [a.name for x in item.answers for a in x.attachments]


def last_step(item: Item) -> str:
    """What happened last, in one line; empty before anything has."""
    return step_text(item.steps[-1]) if item.steps else ""


def step_text(event: Event) -> str:
    """``2024-06-01 王敏 报告整改完成:……``."""
    body = event.body
    if isinstance(body, ItemReported):
        what, said = "报告整改完成" if body.done else "报告整改进展", body.text
    elif isinstance(body, ItemChecked):
        what, said = "核实通过" if body.accepted else "核实不通过", body.reason
    else:
        assert isinstance(body, ItemAmended)  # nothing else follows the opening
        what, said = f"变更(期限{body.matter.due})", body.reason
    return f"{day_of(event)} {body.by} {what}:{said}"


def as_data(item: Item, as_of: date) -> dict[str, Any]:
    """An item for programs."""
    return {
        "item": item.number,
        "event": item.seq,
        **item.matter.model_dump(),
        "status": STATUS_WORDS[item.status],
        "overdue": item.overdue(as_of),
        "days_late": item.days_late(as_of),
        "done_on": item.done_on.isoformat() if item.done_on is not None else None,
        "steps": [
            {"event": e.seq, "at": e.at, "recorded": moment(e.at), **e.body.model_dump(exclude={"matter"})}
            for e in item.steps
        ],
    }
