"""Part: one region of the page. It shows a plain dictionary and answers what its user does.

The browser gets the dictionary once, when it opens; afterwards only what has changed, as numbered messages, so that a
browser that missed one notices and asks for everything again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from workbench.base.errors import WorkbenchError
from workbench.review.page.request import FieldError, Request

Content = dict[str, Any]
"""What a part shows: JSON values. Numbers are text already; nothing in the browser calculates."""
Answer = Mapping[str, Any] | None
Action = Callable[[Request], Answer]

STATIC = Path(__file__).with_name("static")
BROKEN = "页面内部出错,这次操作没有生效。请刷新页面后重试;仍不行的,请联系主评人。"
SHOWN = 6
"""Problems told at once."""
_log = logging.getLogger(__name__)
_MISSING = object()


def script(draw: str, *files: str) -> str:
    """One ECMAScript module from the shared helpers and a part's own files; ``draw`` names the function that draws it."""
    source = "\n".join((STATIC / name).read_text(encoding="utf-8") for name in ("dom.js", *files))
    return f"{source}\nexport default part({draw});\n"


def stylesheet() -> str:
    """The page's one style sheet."""
    return (STATIC / "page.css").read_text(encoding="utf-8")


def changes(old: Mapping[str, Any], new: Mapping[str, Any], path: tuple[str, ...] = ()) -> Iterator[list[Any]]:
    """What turns ``old`` into ``new``: ``[path, value]`` to set, ``[path]`` to remove. Lists are replaced whole."""
    for key in old.keys() - new.keys():
        yield [[*path, key]]
    for key, value in new.items():
        before = old.get(key, _MISSING)
        if isinstance(value, dict) and isinstance(before, dict):
            yield from changes(before, value, (*path, key))
        elif before != value:
            yield [[*path, key], value]


def _in_short(error: WorkbenchError) -> list[str]:
    """What was wrong, as much of it as fits beside a form."""
    more = len(error.problems) - SHOWN
    return [str(p) for p in error.problems[:SHOWN]] + ([f"……另有{more}处。"] if more > 0 else [])


class Part(anywidget.AnyWidget):
    """A region of the page.

    Args:
        source: its ECMAScript module.
        content: what it shows at first.
        actions: what its user may ask for, by the name the browser sends. Each gets the request and may answer.
    """

    _esm = traitlets.Unicode().tag(sync=True)
    shown = traitlets.Dict().tag(sync=True, to_json=lambda _, part: {"n": part.sent, "content": part.content})
    """Read by the browser whenever it opens the part; never set, so never sent again whole."""

    def __init__(self, source: str, content: Content, actions: Mapping[str, Action]) -> None:
        self.content = content
        self.sent = 0
        self.actions = dict(actions)
        super().__init__(_esm=source)
        self.on_msg(self._heard)

    def show(self, content: Content) -> None:
        """Show this from now on; the browser is told what has changed."""
        changed = list(changes(self.content, content))
        if changed:
            self.content = content
            self.sent += 1
            self.send({"n": self.sent, "changes": changed})

    def tell(self, event: str, **details: Any) -> None:
        """Something that happens once and leaves nothing behind, such as a notice."""
        self.send({"event": event, **details})

    def _heard(self, _: object, message: Any, buffers: Sequence[Any]) -> None:
        """One message of the browser; whatever goes wrong, its user reads a sentence."""
        request = Request(message if isinstance(message, dict) else {}, buffers)
        if request.what == "again":
            self.send({"n": self.sent, "whole": self.content})
            return
        answer = dict(self._done(request) or {})
        pieces = answer.pop("buffers", None)
        if request.ticket is not None:
            self.send({"done": request.ticket, **answer}, pieces)
        elif "problems" in answer:
            self.tell("problems", problems=answer["problems"])

    def _done(self, request: Request) -> Answer:
        try:
            action = self.actions.get(request.what)
            return None if action is None else action(request)
        except WorkbenchError as error:
            fields = error.fields if isinstance(error, FieldError) else ()
            return {"problems": _in_short(error), "fields": list(fields)}
        except Exception:
            _log.exception("the review page failed at %r", request.what)
            return {"problems": [BROKEN]}


class StyledPart(Part):
    """The part that brings the style sheet of all of them."""

    _css = traitlets.Unicode(stylesheet()).tag(sync=True)
