"""Items as rows: what a screen, a workbook and a paper say about them on one day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from workbench.base.text import moment
from workbench.review.events import Event
from workbench.review.fields import Attachment
from workbench.review.rectification.bodies import ItemAmended, ItemChecked, ItemReported, ItemWithdrawn
from workbench.review.rectification.items import STATUS_WORDS, Item, day_of


@dataclass(frozen=True)
class Listing:
    """The register of an evaluation on one day.

    Attributes:
        title: that of its run.
        items: with what had been reported and checked by the end of the day; ``left_out`` counts what came later.
        events, head: up to where the ledger was read.
        run: digest of the run the evaluation has now.
        lost: SHA-256 of proof files that are not there any more, or were changed.
    """

    evaluation: str
    title: str
    period: str
    as_of: date
    items: Sequence[Item]
    events: int
    head: str
    run: str = ""
    lost: frozenset[str] = field(default_factory=frozenset)
    left_out: int = 0

    @classmethod
    def on(cls, as_of: date, items: Sequence[Item], **about: Any) -> Listing:
        """The items as they stood at the end of a day; ``about`` are the other attributes."""
        then = [i.until(as_of) for i in items]
        left_out = sum(len(i.steps) - len(t.steps) for i, t in zip(items, then, strict=True))
        return cls(as_of=as_of, items=then, left_out=left_out, **about)

    @property
    def overdue(self) -> list[Item]:
        """The overdue list (逾期清单)."""
        return [i for i in self.items if i.overdue(self.as_of)]

    @property
    def unfinished(self) -> list[Item]:
        """Items that have not been accepted, nor withdrawn."""
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
    def remarks(self) -> list[str]:
        """What its reader should know before trusting it."""
        found = []
        if self.left_out:
            found.append(f"台账中有{self.left_out}条晚于计算日({self.as_of})的报告、核实没有计入")
        damaged = [str(i.number) for i in self.items if any(a.sha256 in self.lost for a in attached(i))]
        if damaged:
            found.append(
                f"第{'、'.join(damaged)}项的佐证材料缺失或被改动,请取回原件(workbench ledger verify 可逐个列出)"
            )
        older = [str(i.number) for i in self.unfinished if self.run and i.run != self.run]
        if older:
            found.append(
                f"第{'、'.join(older)}项登记以后又有新的运行,问题可能已有变动,请运行 workbench rectify open 核对"
            )
        return found


def attached(item: Item) -> list[Attachment]:
    """Every file handed in as proof."""
    return [a for x in item.answers for a in x.attachments]


def late_text(item: Item, as_of: date) -> str:
    """``逾期12天``, of what was done late ``迟12天完成``; empty within time."""
    days = item.days_late(as_of)
    if not days:
        return ""
    return f"逾期{days}天" if item.done_on is None else f"迟{days}天完成"


def proofs(item: Item, lost: frozenset[str]) -> list[str]:
    """Names of the files handed in as proof, each once; those that are not as they were are marked."""
    return list(dict.fromkeys(f"{a.name}{'(缺失或被改动)' if a.sha256 in lost else ''}" for a in attached(item)))


def whose(item: Item) -> str:
    """Which subjects it is about, where it is not about all."""
    return "、".join(item.matter.subjects) or "全部"


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
    elif isinstance(body, ItemWithdrawn):
        what, said = "撤销", body.reason
    else:
        assert isinstance(body, ItemAmended)  # nothing else follows the opening
        what, said = f"变更(期限{body.matter.due})", body.reason
    return f"{day_of(event)} {body.by} {what}:{said}"


def as_data(item: Item, listing: Listing) -> dict[str, Any]:
    """An item for programs."""
    as_of = listing.as_of
    return {
        "item": item.number,
        "event": item.seq,
        **item.matter.model_dump(),
        "run": item.run,
        "status": STATUS_WORDS[item.status],
        "overdue": item.overdue(as_of),
        "days_late": item.days_late(as_of),
        "done_on": item.done_on.isoformat() if item.done_on is not None else None,
        "lost_proofs": [a.name for a in attached(item) if a.sha256 in listing.lost],
        "steps": [
            {"event": e.seq, "at": e.at, "recorded": moment(e.at), **e.body.model_dump(exclude={"matter"})}
            for e in item.steps
        ],
    }
