"""Sheet: a tab beside the scoring table. Each says when it is there, what stands on it, and what can be done on it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping

from workbench.review.events import Event
from workbench.review.page.blocks import Block, Option
from workbench.review.page.part import Action, Content
from workbench.review.page.session import Session
from workbench.review.page.wording import moment
from workbench.review.replay import name_of
from workbench.review.views import Heading

_CHOOSE: Option = ("", "(不限)")


class Sheet(ABC):
    """One tab of one person's page."""

    key: str
    title: str

    def __init__(self, session: Session) -> None:
        self.session = session

    @abstractmethod
    def there(self, heading: Heading) -> bool:
        """Whether this person has the tab now."""

    def badge(self) -> int:
        """How many things wait on it."""
        return 0

    @abstractmethod
    def blocks(self, heading: Heading) -> dict[str, Block]:
        """What stands on it, by key, in order."""

    @property
    def actions(self) -> Mapping[str, Action]:
        """What its forms and buttons ask for, by name."""
        return {}

    def content(self, heading: Heading) -> Content:
        """What the browser gets."""
        blocks = self.blocks(heading)
        return {"page": f"{self.session.page}.{self.key}", "order": list(blocks), "blocks": blocks}

    def events(self, *kinds: str) -> list[Event]:
        """The events of these kinds that this person may read, oldest first."""
        return self.session.events(*kinds)

    def name(self, member: str) -> str:
        """The name of a member, or of one who has left the panel since."""
        return name_of(self.session.desk.state, member)

    def head(self, event: Event) -> tuple[int, str, str]:
        """Number, who and when: how every record begins."""
        return event.seq, self.name(event.actor), f"第{event.seq}号 {moment(event.at)}"

    def indicators(self) -> list[Option]:
        """The subject's indicators as choices, none of them first."""
        return [_CHOOSE, *((r.code, f"{r.code} {r.name}") for r in self.session.rows())]

    def about(self, indicator: str | None) -> list[str]:
        """The indicator a record is about, as a note."""
        return [f"{indicator} {self.session.name(indicator)}"] if indicator else []
