"""Who somebody is in a notebook, at a JupyterHub and in a page of the server; and what the commands do with links."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import shutil
import subprocess
import sys

import openpyxl
import pytest
from server_browsing import EVALUATION
from typer.testing import CliRunner

import workbench as wb
from workbench.base.errors import CheckFailed, LedgerError, ReviewError
from workbench.cli.app import application
from workbench.review.access import SESSION_VARIABLE, Access, hashed
from workbench.review.desk import Desk
from workbench.review.ledger.store import open_ledger
from workbench.runs.opening import open_plan
from workbench.runs.publishing import Publisher
from workbench.runs.reviewing import ADDRESS_VARIABLE, HUB_VARIABLE, first_panel, open_review, panel_of


@pytest.fixture
def fresh(workspace, tmp_path, monkeypatch):
    """The finished run in a workspace nobody has reviewed yet; nothing says who is sitting here."""
    folder = tmp_path / "fresh"
    shutil.copytree(workspace, folder, ignore=shutil.ignore_patterns("reviews"))
    for name in (ADDRESS_VARIABLE, HUB_VARIABLE, SESSION_VARIABLE):
        monkeypatch.delenv(name, raising=False)
    return folder


@pytest.fixture
def opened(fresh):
    found = open_review(EVALUATION, fresh)
    yield found
    found.ledger.close()


@pytest.fixture
def show(fresh):
    """Opens the page as a notebook does; closes it again."""
    pages = []

    def shown():
        pages.append(wb.review(EVALUATION, workspace=fresh))
        return pages[-1]

    yield shown
    for page in pages:
        if hasattr(page, "session"):
            page.close()


def test_a_notebook_of_ones_own_is_the_leads(show):
    assert show().session.desk.member.name == "张主任"


def test_at_a_hub_the_hubs_user_it_is(show, opened, monkeypatch):
    monkeypatch.setenv(HUB_VARIABLE, "hub-li")  # the plan gives 李专家 this login
    assert show().session.desk.member.id == "li"
    monkeypatch.setenv(HUB_VARIABLE, "wang")  # no login given: the id
    assert show().session.desk.member.id == "wang"
    for stranger in ("li", "somebody"):
        monkeypatch.setenv(HUB_VARIABLE, stranger)
        with pytest.raises(ReviewError, match="不是该评价评审组的成员"):
            show()


def test_at_a_hub_only_the_leads_commands_are_for_links(fresh, opened, monkeypatch):
    monkeypatch.setenv(HUB_VARIABLE, "hub-li")
    done = CliRunner().invoke(application(), ["panel", "links", EVALUATION, "--workspace", str(fresh)])
    assert done.exit_code == 2 and "主评人" in done.output
    ledger = open_ledger(fresh, EVALUATION)
    assert ledger.refusals()[-1].actor == "li" and Access(ledger).links() == []
    ledger.close()


def test_a_page_of_the_server_is_its_sessions_and_nobody_elses(fresh, show, opened, monkeypatch):
    access = Access(opened.ledger)
    _, secret = access.enter(access.issue("wang", "zhang"), None)
    monkeypatch.setenv(ADDRESS_VARIABLE, "http://127.0.0.1:8866")
    monkeypatch.setenv(SESSION_VARIABLE, hashed(secret))
    assert show().session.desk.actor == "wang"
    access.revoke("wang")
    for session in (hashed(secret), "", "made-up"):
        monkeypatch.setenv(SESSION_VARIABLE, session)
        message = show()
        assert "没有有效的登录" in message.data and "主评人" in message.data
    monkeypatch.delenv(SESSION_VARIABLE)
    monkeypatch.setenv(HUB_VARIABLE, "hub-li")  # does not open a way around the session
    assert "没有有效的登录" in show().data
    assert [r.action for r in opened.ledger.refusals()] == ["open"] * 4


def test_a_message_of_the_server_is_text(monkeypatch, tmp_path):
    monkeypatch.setenv(ADDRESS_VARIABLE, "http://127.0.0.1:8866")
    (tmp_path / "runs").mkdir()
    message = wb.review("<script>alert(1)</script>", workspace=tmp_path)
    assert "<script>" not in message.data and "&lt;script&gt;" in message.data


def test_the_name_in_the_package_can_be_called_before_and_after_its_modules_are_loaded():
    code = (
        "import workbench as wb; assert callable(wb.review); import workbench.review.desk; assert callable(wb.review)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
    import workbench.review as package

    assert wb.review is package


def test_without_a_panel_in_the_plan_the_lead_reviews_alone(opened):
    plan = opened.docket.scheme.plan
    assert panel_of(opened.ledger) == plan.panel
    (only,) = first_panel(plan.model_copy(update={"panel": None})).members
    assert (only.name, only.roles) == ("主评人", ["lead", "expert"])
    parties = plan.parties.model_copy(update={"lead": "赵主评"})
    named = first_panel(plan.model_copy(update={"panel": None, "parties": parties}))
    assert named.lead.name == "赵主评" and not named.blind


class Cli:
    def __init__(self, folder):
        self.folder = folder

    def __call__(self, *words):
        done = CliRunner().invoke(application(), ["panel", *words, "--workspace", str(self.folder)])
        assert done.exit_code == 0, (done.output, done.exception)
        return done.output

    def links(self):
        return {m["id"]: m["link"] for m in json.loads(self("show", EVALUATION, "--json"))["members"]}


def test_links_are_shown_once_renewed_and_taken_back(fresh, tmp_path):
    cli, file = Cli(fresh), tmp_path / "链接.csv"
    assert set(cli.links().values()) == {"未发放"}
    assert "/enter/" not in cli("links", EVALUATION, "--out", str(file))
    data = file.read_bytes()
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    assert data.startswith(b"\xef\xbb\xbf") and [r[0] for r in rows] == ["姓名", "张主任", "李专家", "王专家"]
    assert all("http://127.0.0.1:8866/enter/" in r[2] for r in rows[1:])
    assert sys.platform == "win32" or file.stat().st_mode & 0o077 == 0  # whoever reads it can come in
    assert set(cli.links().values()) == {"已发放"}

    again = cli("links", EVALUATION)
    assert "/enter/" not in again and "--renew" in again
    assert cli("links", EVALUATION, "--member", "李专家", "--renew").count("/enter/") == 1
    assert "已收回王专家" in cli("revoke", EVALUATION, "--member", "wang")
    assert cli.links() == {"zhang": "已发放", "li": "已发放", "wang": "已失效"}


def test_links_point_to_where_the_page_was_last(fresh):
    cli = Cli(fresh)
    cli("show", EVALUATION)
    (fresh / "reviews" / EVALUATION / "address.txt").write_text("https://review.example.cn", encoding="utf-8")
    assert cli("links", EVALUATION).count("https://review.example.cn/enter/") == 3


def test_a_list_that_cannot_be_written_costs_no_link(fresh, tmp_path):
    words = ["panel", "links", EVALUATION, "--workspace", str(fresh), "--out", str(tmp_path / "no" / "x.csv")]
    done = CliRunner().invoke(application(), words)
    assert done.exit_code == 2 and "写不进去" in done.output
    assert set(Cli(fresh).links().values()) == {"未发放"}


def test_a_merge_writes_a_new_run_while_the_page_goes_on(opened):
    """In a process of its own: the event loop is free, and told what happens."""
    said, ticks = [], []

    async def merge():
        publisher = Publisher(opened.stored.folder, opened.workspace)
        publisher.tell = said.append
        for expert in ("li", "wang"):
            desk = Desk(opened.ledger, opened.docket, expert)
            for subject, indicator in desk.scope.assigned(desk.member):
                desk.opine(subject, indicator, "agree")
            desk.submit()
        Desk(opened.ledger, opened.docket, "zhang", publisher).merge()
        while not any("已写出" in text or "没有写成" in text for text in said):
            await asyncio.sleep(0.02)
            ticks.append(1)

    asyncio.run(merge())
    assert said[0] == "正在写出新的运行……"
    assert said[-1].startswith(f"已写出新的运行:runs/{EVALUATION}/"), said
    folder = opened.workspace / said[-1].partition(":")[2].partition("(")[0]
    result = json.loads((folder / "result.json").read_text(encoding="utf-8"))
    assert result["ledger_head"] == opened.ledger.head().hash
    assert len(ticks) > 20


def test_only_the_lead_begins_a_review(fresh, monkeypatch):
    monkeypatch.setenv(HUB_VARIABLE, "hub-li")
    with pytest.raises(LedgerError, match="还没有评审台账"):
        open_review(EVALUATION, fresh)
    monkeypatch.setenv(ADDRESS_VARIABLE, "http://127.0.0.1:8866")
    assert "还没有评审台账" in wb.review(EVALUATION, workspace=fresh).data
    assert not (fresh / "reviews").exists()


def test_only_the_lead_who_opens_it_moves_a_review_on(fresh, opened, monkeypatch):
    """The evidence has changed and was run again: the new run is another one."""
    book = next((fresh / "params" / "evidence").glob("*.xlsx"))
    changed = openpyxl.load_workbook(book)
    changed.active["A1"].comment = None
    changed.save(book)
    wb.open(next((fresh / "params").glob("*.yaml")), workspace=fresh).save()
    first, head = opened.docket.run, opened.ledger.head().seq

    Cli(fresh)("show", EVALUATION)
    monkeypatch.setenv(ADDRESS_VARIABLE, "http://127.0.0.1:8866")
    visitors = open_review(EVALUATION, fresh, switch=True)
    assert visitors.docket.run != first and visitors.ledger.head().seq == head
    visitors.ledger.close()
    monkeypatch.delenv(ADDRESS_VARIABLE)
    with pytest.raises(CheckFailed, match="--switch"):
        open_review(EVALUATION, fresh)
    leads = open_review(EVALUATION, fresh, switch=True)
    assert leads.ledger.events()[-1].body.run == leads.docket.run != first
    leads.ledger.close()


def test_a_trial_run_is_not_what_the_panel_finds_itself_judging(fresh, opened):
    """The same evidence by another ruleset, run to see what it would give."""
    first, head = opened.docket.run, opened.ledger.head().seq
    plan = next((fresh / "params").glob("*.yaml"))
    trial = open_plan(plan, workspace=fresh, overrides=["ruleset=caiyu-2021-101"])
    trial.save()
    folder = fresh / "runs" / EVALUATION / trial.short_digest
    for name in (EVALUATION, opened.stored.folder):
        again = open_review(name, fresh)
        assert (again.docket.run, again.ledger.head().seq, again.newer) == (first, head, folder)
        again.ledger.close()
    with pytest.raises(CheckFailed, match="评审所依据的是另一次运行"):
        open_review(folder, fresh)
    switched = open_review(folder, fresh, switch=True)
    assert (switched.ledger.head().seq, switched.newer) == (head + 1, None)
    switched.ledger.close()
