"""The page with a person at it: messages travel as between browser and kernel, and what the browser would show is kept."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from typing import Any

import comm
import pytest
from comm.base_comm import BaseComm

from workbench.review.page import ReviewPage
from workbench.review.page.part import Part
from workbench.scheme.panel import Panel


class Wire(BaseComm):
    """The browser's end of a widget's channel."""

    wires: dict[str, Wire] = {}

    def __init__(self, *args: Any, **more: Any) -> None:
        self.messages: list[dict[str, Any]] = []
        self.wires[more.get("comm_id", "")] = self
        super().__init__(*args, **more)
        self.wires[self.comm_id] = self

    def publish_msg(
        self, msg_type: str, data: Any = None, metadata: Any = None, buffers: Any = None, **keys: Any
    ) -> None:
        json.dumps(data)  # what the browser could not read is an error here
        self.messages.append({"type": msg_type, "data": copy.deepcopy(data), "buffers": buffers or []})


class Browser:
    """One page, opened: shows what it was told and nothing else."""

    def __init__(self, page: ReviewPage) -> None:
        self.page = page
        self.shown = {name: copy.deepcopy(self.part(name).content) for name in ("head", "table", "detail", "sheet")}

    def part(self, name: str) -> Part:
        found = getattr(self.page, name)
        assert isinstance(found, Part)
        return found

    def customs(self, name: str) -> list[dict[str, Any]]:
        """Messages to a part since the last time, its shown content brought up to date."""
        wire = Wire.wires[self.part(name).comm.comm_id]
        found = [m for m in wire.messages if m["data"].get("method") == "custom"]
        wire.messages.clear()
        for message in found:
            for path, *value in message["data"]["content"].get("changes", []):
                target = self.shown[name]
                for key in path[:-1]:
                    target = target[key]
                if value:
                    target[path[-1]] = value[0]
                else:
                    del target[path[-1]]
        return [m["data"]["content"] | {"buffers": m["buffers"]} for m in found]

    def does(self, part: str, what: str, /, buffers: Any = (), **details: Any) -> dict[str, Any]:
        """The user does something in a part; the answer. Everything shown is then as the page has it."""
        content = {"do": what, "ticket": "t", **details}
        message = {"content": {"data": {"method": "custom", "content": content}}, "buffers": list(buffers)}
        self.part(part)._handle_msg(message)
        answers = [m for m in self.customs(part) if m.get("done") == "t"]
        for other in self.shown:
            self.customs(other)
            assert self.shown[other] == self.part(other).content
        assert len(answers) == 1
        return answers[0]

    def sends(self, act: str, **values: Any) -> dict[str, Any]:
        """A form of a tab is sent."""
        return self.does("sheet", act, values=values)

    def fails(self, part: str, what: str, /, **details: Any) -> str:
        """The user is told why not."""
        answer = self.does(part, what, **details)
        assert answer["problems"], answer
        return "\n".join(answer["problems"])

    def uploads(self, filename: str, data: bytes) -> dict[str, Any]:
        """A file handed over in two pieces."""
        half = len(data) // 2
        self.does("detail", "piece", buffers=[data[:half]], key="k", name=filename, last=False)
        answer = self.does("detail", "piece", buffers=[data[half:]], key="k", name=filename, last=True)
        found = answer["file"]
        assert isinstance(found, dict)
        return found

    def tabs(self) -> list[str]:
        return [tab["title"] for tab in self.shown["head"]["tabs"]]

    def text(self) -> str:
        """Everything the browser was given, as one text."""
        return json.dumps(self.shown, ensure_ascii=False)


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch, review: Callable[..., Any]) -> Iterator[Callable[..., Browser]]:
    """``opened(review, "e1")``: the page of one member."""
    monkeypatch.setattr(comm, "create_comm", Wire)
    monkeypatch.setattr(Wire, "wires", {})
    pages: list[ReviewPage] = []

    def make(begun: Any, person: str, **more: Any) -> Browser:
        pages.append(ReviewPage(begun[person], **more))
        return Browser(pages[-1])

    yield make
    for page in pages:
        page.close()


@pytest.fixture
def panel() -> Callable[..., Panel]:
    """``panel(3, hide_computed=True)``: lead, three experts and one person for each other task."""

    def make(experts: int, **rules: Any) -> Panel:
        members: list[dict[str, Any]] = [
            {"id": f"e{n}", "name": f"专家{n}", "roles": ["expert"]} for n in range(1, experts + 1)
        ]
        others = ("lead", "analyst", "clerk", "checker", "delegate", "reviewer", "unit", "observer")
        members += [{"id": r, "name": f"{r}先生", "roles": [r]} for r in others]
        return Panel.model_validate({"members": members} | rules)

    return make
