"""ReviewPage: the one page of the review, for a notebook and for Voilà. Four parts, kept in step with the ledger."""

from __future__ import annotations

import asyncio
import logging
import time
import weakref
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import Any

import ipywidgets

from workbench.base.errors import WorkbenchError
from workbench.review.desk import Desk
from workbench.review.page.after import AfterSheet
from workbench.review.page.corrections import Corrections
from workbench.review.page.detail import detail_content
from workbench.review.page.dialogue import Dialogue
from workbench.review.page.entries import EntrySheet
from workbench.review.page.head import conclusion_content, head_content
from workbench.review.page.lead import LeadSheet
from workbench.review.page.panel_editor import PanelEditor
from workbench.review.page.papers import Papers, PapersSheet
from workbench.review.page.part import Action, Answer, Content, Part, StyledPart, script
from workbench.review.page.record import RecordSheet
from workbench.review.page.request import Request
from workbench.review.page.scoring import Scoring
from workbench.review.page.session import Session
from workbench.review.page.sheet import Sheet
from workbench.review.page.table import table_content
from workbench.review.views import Heading

PAUSE = 1.0
"""Seconds between two looks at the ledger for what others have recorded."""
_LET_GO = 0.002
"""Seconds. The thread that sends messages waits for this one, which would go on calculating for several times as long."""
SCORING = "scoring"
_log = logging.getLogger(__name__)


class ReviewPage:
    """A review as one person works on it.

    Args:
        desk: the person's desk.
        links: issues a personal link for a member id, for the lead's panel tab; None where links are handed out elsewhere.
        revoke: closes the links and sessions of a member id whom the lead takes off the panel.
        papers: makes the papers of the review, for the lead.
    """

    def __init__(
        self,
        desk: Desk,
        links: Callable[[str], str] | None = None,
        revoke: Callable[[str], object] | None = None,
        papers: Papers | None = None,
    ) -> None:
        subject = desk.subjects[0][0]
        self.session = Session(desk, subject)
        self.session.selected = self.session.next_unjudged(self.session.rows(), "") or _first(self.session)
        self.sheets: tuple[Sheet, ...] = (
            Dialogue(self.session),
            Corrections(self.session),
            EntrySheet(self.session),
            PanelEditor(self.session, links, revoke),
            LeadSheet(self.session),
            AfterSheet(self.session),
            PapersSheet(self.session, papers),
            RecordSheet(self.session),
        )
        self.tab = SCORING
        self._views: set[str] = set()
        self._task: asyncio.Task[None] | None = None
        self._connection: str | None = None
        self._notices: list[tuple[str, int | None]] = []
        scoring = Scoring(self.session, self._notice).actions
        parts = dict(self._contents(self._heading()))
        own: Mapping[str, Action] = {
            "subject": self._choose_subject,
            "tab": self._choose_tab,
            "here": self._came,
            "gone": self._went,
            "entry_end": self._end_entry,
        }
        every = {name: act for sheet in self.sheets for name, act in sheet.actions.items()}
        top, rest = self._acting({**every, **scoring, **own}), self._acting({**every, **scoring})
        self.head = StyledPart(script("drawHead", "head.js"), parts["head"], top)
        self.table = Part(script("drawTable", "table.js"), parts["table"], self._acting({"select": self._select}))
        self.detail = Part(script("drawDetail", "form.js", "detail.js"), parts["detail"], rest)
        self.sheet = Part(script("drawSheet", "sheet.js"), parts["sheet"], rest)
        self.widget = self._laid_out()

    def _laid_out(self) -> ipywidgets.VBox:
        self._split = ipywidgets.Box([self.table, self.detail])
        self._split.add_class("wb-split")
        box = ipywidgets.VBox([self.head, self._split, self.sheet])
        box.add_class("wb-review")
        self._show_tab()
        return box

    # -- what is shown --------------------------------------------------------------------------------------------

    def _contents(self, heading: Heading) -> Iterator[tuple[str, Content]]:
        """What every part shows now; a tab nobody looks at is not made."""
        session, rows = self.session, self.session.rows()
        session.move_on(rows)
        there = [s for s in self.sheets if s.there(heading)]
        open_sheet = next((s for s in there if s.key == self.tab), None)
        if open_sheet is None:
            self.tab = SCORING
        tabs = [{"key": SCORING, "title": "评分", "badge": 0}]
        tabs += [{"key": s.key, "title": s.title, "badge": s.badge()} for s in there]
        head = head_content(session, heading, rows, tabs, self.tab)
        yield "head", {**head, "connection": self._connection}
        yield "table", table_content(session, heading, rows)
        yield "detail", detail_content(session)
        yield "sheet", self._sheet_content(open_sheet, heading)

    def _sheet_content(self, sheet: Sheet | None, heading: Heading) -> Content:
        if sheet is None:
            return {"page": self.session.page, "order": [], "blocks": {}}
        return sheet.content(heading)

    def show(self) -> None:
        """Show the present state; each part is told only what has changed."""
        self.session.check_entry()
        heading = self._heading()
        self.head.show(self.head.content | conclusion_content(self.session, heading))  # what people wait for goes first
        time.sleep(_LET_GO)
        for name, content in self._contents(heading):
            getattr(self, name).show(content)
        self._show_tab()
        for text, undo in self._notices:
            self.head.tell("toast", text=text, undo=undo)
        self._notices.clear()

    def _heading(self) -> Heading:
        return self.session.desk.heading(self.session.subject)

    def _show_tab(self) -> None:
        scoring = self.tab == SCORING
        self._split.layout.display = None if scoring else "none"
        self.sheet.layout.display = "none" if scoring else None

    def _notice(self, text: str, undo: int | None) -> None:
        self._notices.append((text, undo))

    def announce(self, text: str) -> None:
        """What there is to tell of a new run. Call it from the thread of the page's event loop."""
        self.head.tell("toast", text=text, undo=None)
        self.session.run_note = text  # the notice goes away, where the run is has to be found later too
        with suppress(WorkbenchError):  # the lead may be off the panel by now
            self.show()

    # -- what is done ---------------------------------------------------------------------------------------------

    def _acting(self, actions: Mapping[str, Action]) -> dict[str, Action]:
        """Actions after which the page is brought up to date, also when one was refused because something had moved."""

        def acting(act: Action) -> Action:
            def run(request: Request) -> Answer:
                try:
                    answer = act(request)
                except Exception:
                    self.session.desk.refresh()
                    self.show()
                    raise
                self.show()  # what an action records comes with what others recorded before it
                return answer

            return run

        quiet = {"piece", "fetch", "here", "gone"}
        return {name: act if name in quiet else acting(act) for name, act in actions.items()}

    def _select(self, request: Request) -> None:
        code = request.text("code")
        if any(r.code == code for r in self.session.rows()):
            self.session.selected = code

    def _choose_subject(self, request: Request) -> None:
        wanted = request.text("subject")
        if wanted in dict(self.session.desk.subjects):
            self.session.subject = wanted
            self.session.selected = self.session.next_unjudged(self.session.rows(), "") or _first(self.session)

    def _choose_tab(self, request: Request) -> None:
        self.tab = request.text("tab")

    def _end_entry(self, request: Request) -> None:
        self.session.entry = None

    # -- staying current ------------------------------------------------------------------------------------------

    def _came(self, request: Request) -> None:
        self._views.add(request.text("view"))
        self.start()

    def _went(self, request: Request) -> None:
        self._views.discard(request.text("view"))
        if not self._views:
            self.stop()

    def start(self) -> None:
        """Look at the ledger every second from now on, as long as a browser shows the page."""
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(_watch(weakref.ref(self)))

    def stop(self) -> None:
        """Look no longer."""
        if self._task is not None:
            self._task.cancel()
            self._task = None

    def look(self) -> None:
        """One look at the ledger: show what others have recorded, or that it cannot be reached."""
        try:
            changed = self.session.desk.refresh()
            connection = None
        except WorkbenchError as error:
            changed, connection = False, str(error.problems[0])
        if changed or connection != self._connection:
            self._connection = connection
            try:
                self.show()
            except WorkbenchError as error:  # the lead has taken this person off the panel
                self.head.tell("problems", problems=[str(p) for p in error.problems])

    def close(self) -> None:
        """Take the page away for good."""
        self.stop()
        for widget in (self.widget, self._split, self.head, self.table, self.detail, self.sheet):
            widget.close()

    def _repr_mimebundle_(self, **more: Any) -> Any:
        return self.widget._repr_mimebundle_(**more)


async def _watch(page: weakref.ref[ReviewPage]) -> None:
    """Runs beside the kernel's work until the page is gone."""
    while True:
        await asyncio.sleep(PAUSE)
        found = page()
        if found is None:
            return
        try:
            found.look()
        except Exception:  # one bad look must not end the watch
            _log.exception("the review page could not be brought up to date")
        del found


def _first(session: Session) -> str | None:
    rows = session.rows()
    return rows[0].code if rows else None
