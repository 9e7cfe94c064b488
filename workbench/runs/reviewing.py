"""Review of a run: who is sitting here, their desk, the page on it, and the server that shows it to others."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.base.errors import CheckFailed, Problem, ReviewError, WorkbenchError
from workbench.review.access import SESSION_VARIABLE, Access
from workbench.review.desk import Desk, start_review
from workbench.review.guard import GuardedLedger
from workbench.review.ledger.places import REVIEWS
from workbench.review.ledger.store import SqlLedger, open_ledger
from workbench.review.who import role_problem
from workbench.runs.docket import RunDocket, docket_of
from workbench.runs.kernel import kernel_environment, short_folder
from workbench.runs.notebooks import find_notebook
from workbench.runs.publishing import Publisher
from workbench.runs.reviewed import unwritten
from workbench.runs.store import StoredRun, find_run, runs_root
from workbench.runs.under_review import SWITCH, last_run, newer_than, run_under_review
from workbench.runs.workspace import VARIABLE, find_workspace
from workbench.scheme.panel import Member, Panel

if TYPE_CHECKING:
    from workbench.scheme.plan import Plan

NOTEBOOK = "review.ipynb"
ADDRESS_VARIABLE = "WORKBENCH_REVIEW_ADDRESS"
"""Set for kernels of the review server: there, only a session says who somebody is."""
HUB_VARIABLE = "JUPYTERHUB_USER"
PORT = 8866
ADDRESS_FILE = "address.txt"
OWN_LINK_DAYS = 1 / 24
"""The link of whoever started the server is opened at once, or not at all."""
_NO_SESSION = Problem(
    "no_session", "没有有效的登录", fix="请从主评人发给您的个人链接进入;链接失效的,请联系主评人重新发放"
)


@dataclass(frozen=True)
class Opened:
    """A run under review, its ledger open and begun."""

    stored: StoredRun
    docket: RunDocket
    ledger: SqlLedger
    workspace: Path
    newer: Path | None = None
    """The latest run of the evaluation, where the review is not about what it was computed from."""


def review(run: str | Path, *, workspace: str | Path | None = None, switch: bool = False) -> Any:
    """The review page of a run, to be shown at the end of a notebook cell.

    Args:
        run: evaluation id, or a run folder.
        switch: the review goes on with this run from now on: with the folder, or with the latest run of the evaluation.
        workspace: the workspace folder; found from the current folder when None.

    Returns:
        The page; in a page of the review server, where no message could be seen otherwise, the reason why there is none.

    Raises:
        WorkbenchError: no such run, it is not as it was, or this person is not on the panel.
    """
    try:
        return _page(open_review(run, workspace, switch=switch))
    except WorkbenchError as error:
        if ADDRESS_VARIABLE not in os.environ:
            raise
        return _message(error)


def open_review(run: str | Path, workspace: str | Path | None = None, *, switch: bool = False) -> Opened:
    """Open a run and its ledger; the lead's doing so begins the review with the plan's panel where it has not begun.

    Args:
        switch: a review that began with another computed run goes on with this one from now on. That is for the lead who says
            so; never for a visitor's page.

    Raises:
        WorkbenchError: no such run, it is not as it was or not the one under review, or its review has not begun and this is
            not the lead.
    """
    root = Path(workspace).resolve() if workspace is not None else find_workspace()
    visiting = ADDRESS_VARIABLE in os.environ  # the server has chosen the run
    stored = find_run(str(run), root) if visiting else run_under_review(str(run), root, switch=switch)
    newer = None if visiting else newer_than(stored, root)
    docket = _docket(stored, root, newer)
    name, first = docket.result.evaluation, first_panel(docket.scheme.plan)
    ledger = open_ledger(root, name, create=not visiting and is_lead(first))
    begun = _panel_in(ledger) is not None  # 整改台账 alone begins no review
    if not visiting and is_lead(panel_of(ledger) if begun else first) and (switch or not begun):
        start_review(ledger, docket, first)
        newer = None
    return Opened(stored, docket, ledger, root, newer.folder if newer is not None else None)


def _docket(stored: StoredRun, workspace: Path, newer: StoredRun | None) -> RunDocket:
    """The run's docket. What it was computed from may have moved on, and been run again: then there is a way out."""
    try:
        return docket_of(stored.folder, workspace)
    except WorkbenchError as error:
        if newer is None:
            raise
        hint = Problem("other_run", "该计划已有新的运行", found=newer.folder.name, fix=SWITCH)
        raise type(error)([*error.problems, hint]) from None


def open_panel(run: str, workspace: Path | None = None) -> Opened:
    """As :func:`open_review`, for commands that need the panel and its links: a link can be taken back although evidence has
    moved, so the latest run will do then.
    """
    try:
        return open_review(run, workspace)
    except CheckFailed:
        root = workspace.resolve() if workspace is not None else find_workspace()
        stored = find_run(run, root)
        docket = docket_of(stored.folder, root)
        return Opened(stored, docket, open_ledger(root, docket.result.evaluation), root)


def warm_up(run: str) -> None:
    """Import and open once what a page will need, for a kernel that waits for its visitor."""
    import workbench.review.page.app  # noqa: F401

    with suppress(WorkbenchError):  # whoever comes is told
        opened = open_review(run)
        desk = Desk(opened.ledger, opened.docket, panel_of(opened.ledger).lead.id)
        desk.heading(desk.subjects[0][0])
        opened.ledger.close()


def first_panel(plan: Plan) -> Panel:
    """The plan's panel, or the lead alone, who then judges everything and may add others on the page."""
    if plan.panel is not None:
        return plan.panel
    lead = Member(id="lead", name=plan.parties.lead or "主评人", roles=["lead", "expert"])
    return Panel(members=[lead], blind=False)


def panel_of(ledger: SqlLedger) -> Panel:
    """The panel as a ledger has it now. Raises ReviewError before there is one."""
    panel = _panel_in(ledger)
    if panel is None:
        fix = f"请先运行 workbench review {ledger.name} 开始评审"
        raise ReviewError(Problem("no_panel", "该评价还没有开始评审", found=ledger.name, fix=fix))
    return panel


def _panel_in(ledger: SqlLedger) -> Panel | None:
    panels = [e.body.panel for e in ledger.events() if e.body.kind == "panel_set"]
    return panels[-1] if panels else None


def local_member(panel: Panel) -> Member:
    """Who works on this computer: the hub's user under JupyterHub, otherwise the lead, who has the user's full rights here.

    Raises:
        ReviewError: the hub's user is not on the panel.
    """
    user = os.environ.get(HUB_VARIABLE)
    if user is None:
        return panel.lead
    found = [m for m in panel.members if m.login == user] or [m for m in panel.members if not m.login and m.id == user]
    if not found:
        fix = "请主评人在评审组中填写该成员的平台用户名(login)"
        raise ReviewError(Problem("not_a_member", "您不是该评价评审组的成员", found=user, fix=fix))
    return found[0]


def is_lead(panel: Panel) -> bool:
    """Whether the lead of a panel works on this computer."""
    try:
        return "lead" in local_member(panel).roles
    except ReviewError:
        return False


def _page(opened: Opened) -> Any:
    from workbench.review.page.app import ReviewPage

    publisher = Publisher(opened.stored.folder, opened.workspace)
    access = Access(opened.ledger)
    desk = _desk(opened, access, publisher)
    address = address_of(opened.ledger.name, opened.workspace)

    def link(member: str) -> str:
        handed = access.hand_out(desk.panel, desk.actor, address, [member], renew=True)
        return handed[0].url or ""

    def papers() -> Iterator[tuple[str, bytes]]:
        from workbench.runs.papers import papers_now

        return papers_now(opened.stored, desk.scope, desk.panel)

    page = ReviewPage(desk, link, access.revoke, papers)
    publisher.tell = page.announce
    if "lead" in desk.member.roles:
        page.session.run_note = last_run(opened.stored, opened.docket.run)
        for event in unwritten(opened.stored.folder, opened.docket.run, desk.state.events):
            publisher(event)  # a page or server was closed while it wrote
    return page


def _desk(opened: Opened, access: Access, publisher: Publisher) -> Desk:
    """The desk of whoever sits here. A page of the server never falls back to the lead."""
    if ADDRESS_VARIABLE not in os.environ:
        return Desk(opened.ledger, opened.docket, local_member(panel_of(opened.ledger)).id, publisher)
    session = os.environ.get(SESSION_VARIABLE, "")
    visitor = access.visitor(session)
    if visitor is None:
        opened.ledger.refused("", "open", [_NO_SESSION])
        raise ReviewError(_NO_SESSION)
    return Desk(GuardedLedger(access, session), opened.docket, visitor.member, publisher)


def lead_desk(opened: Opened) -> Desk:
    """The desk of the lead at this computer, for commands. Raises ReviewError when somebody else works here."""
    member = local_member(panel_of(opened.ledger))
    if "lead" not in member.roles:
        problem = role_problem(member, "lead")
        opened.ledger.refused(member.id, "lead_desk", [problem])
        raise ReviewError(problem)
    return Desk(opened.ledger, opened.docket, member.id)


def _message(error: WorkbenchError) -> Any:
    from html import escape

    from IPython.display import HTML

    lines = "".join(f"<li>{escape(str(p))}</li>" for p in error.problems)
    text = f'<div class="review-failed" role="alert"><h2>评审页没有打开</h2><ul>{lines}</ul></div>'
    return HTML(text)  # type: ignore[no-untyped-call]  # IPython has no types


def address_of(evaluation: str, workspace: Path) -> str:
    """Where the review page is: of this server, of the last one, or the usual place."""
    if ADDRESS_VARIABLE in os.environ:
        return os.environ[ADDRESS_VARIABLE]
    with suppress(OSError):
        return _address_file(evaluation, workspace).read_text(encoding="utf-8").strip()
    return f"http://127.0.0.1:{PORT}"


def _address_file(evaluation: str, workspace: Path) -> Path:
    return workspace / REVIEWS / evaluation / ADDRESS_FILE


def serve_review(
    run: str,
    ready: Callable[[Opened, str, str], None],
    *,
    workspace: Path | None = None,
    ip: str = "127.0.0.1",
    port: int = PORT,
    public: str = "",
    switch: bool = False,
) -> None:
    """Show the review of a run to browsers until the process is told to end.

    Args:
        ready: told the review, the server's address, and a link for whoever started it.
        public: address at which a proxy makes the server known, empty without one.
        switch: as for :func:`open_review`.

    Raises:
        WorkbenchError: no such run, it is not as it was, or the port is taken.
    """
    from workbench.review.server.app import Serving, serve

    opened = open_review(run, workspace, switch=switch)
    me = local_member(panel_of(opened.ledger))
    access = Access(opened.ledger)
    result = opened.docket.result
    served = str(opened.stored.folder.resolve())  # not by name: a run made meanwhile is another one
    serving = Serving(
        notebook=find_notebook(NOTEBOOK, opened.workspace),
        run=served,
        prelude=f"from workbench.runs.reviewing import warm_up\nwarm_up({served!r})",
        title=f"专家评审 · {result.title}",
        ip=ip,
        port=port,
        public=public,
        sockets=short_folder(),
        log=runs_root(opened.workspace) / "log" / f"review-{result.evaluation}.log",
    )

    def answering(address: str) -> None:
        os.environ[ADDRESS_VARIABLE] = address  # kernels inherit it
        _address_file(result.evaluation, opened.workspace).write_text(address, encoding="utf-8")
        link = f"{address}/enter/{access.issue(me.id, me.id, OWN_LINK_DAYS)}"
        ready(opened, address, link)

    with kernel_environment({VARIABLE: str(opened.workspace)}):
        serve(serving, access, answering)
