"""A review from the first link to the signed result, in Chromium: the page, the notebook, the new run and the papers say the same.

The public 2022 self-evaluation of 永德县明朗中学: 99.80 points as published, I05 (10 points) is the one indicator a person judges.
Three experts give it 0.17, 0.27 and 0.12: 0.56 / 3 = 0.187, half-up 0.19; 99.80 - 10 + 0.19 = 89.99, one cent short of 优 (90).
"""

from __future__ import annotations

import csv
import io
import json
import shutil
import subprocess
import sys
import zipfile
from base64 import b64decode
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from playwright.sync_api import Browser, Page
from reviewing import LAPTOP, ZOOMED, Person, issued, result_of
from server_browsing import EVALUATION, Server, free_port

import workbench as wb

ROOT = Path(__file__).resolve().parents[2]
PLAN = "yongde_mingliang_school_2022"
PANEL = """
  panel:
    members:
      - {id: zhang, name: 张主任, roles: [lead]}
      - {id: li, name: 李专家, roles: [expert], specialty: 业务, indicators: [EXEC, I01, I05]}
      - {id: wang, name: 王专家, roles: [expert], specialty: 财务, indicators: [I05, I07]}
      - {id: zhao, name: 赵专家, roles: [expert], specialty: 管理, indicators: [I01, I05, I07]}
"""
WITHDRAWN = "9.77"
COMPUTED, MERGED = ("99.80", "优(暂定)"), ("89.99", "良(暂定)")
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>\u202eםולש\u202c👩\u200d🏫😀</textarea>&lt;b&gt;"
HOSTILE += "现场核查" * ((10_000 - len(HOSTILE)) // 4)
PICTURE = b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC")
SCRIPT = b"<script>alert(document.domain)</script>"
FORMULA = "=1+1 资料不足,无法判断"
Shoot = Callable[[Page, str], None]
DOUBT = "入户名单与台账人数不一致"
SAID_BY_LI, SAID_BY_ZHAO = "走访12户,减负不明显", "受益家庭名单只覆盖一个年级"


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A finished run, its plan naming a panel."""
    folder = tmp_path / "workspace"
    for name in ("params/evidence", "notebooks"):
        (folder / name).mkdir(parents=True)
    shutil.copy(ROOT / "params" / "evidence" / f"{PLAN}.xlsx", folder / "params" / "evidence")
    shutil.copy(ROOT / "notebooks" / "review.ipynb", folder / "notebooks")
    plan = (ROOT / "params" / f"{PLAN}.yaml").read_text(encoding="utf-8")
    (folder / "params" / f"{PLAN}.yaml").write_text(plan.rstrip("\n") + PANEL, encoding="utf-8")
    wb.open(folder / "params" / f"{PLAN}.yaml", workspace=folder).save()
    return folder


@pytest.fixture
def server(workspace: Path, tmp_path: Path) -> Iterator[Server]:
    made = Server(workspace, free_port(), tmp_path / "said.txt")
    try:
        yield made.start()
    finally:
        if made.process.poll() is None:
            made.process.terminate()
            made.process.wait(20)


def said(workspace: Path, *command: str) -> str:
    """What a command of the workbench prints."""
    program = str(Path(sys.executable).with_name("workbench"))
    done = subprocess.run([program, *command], cwd=workspace, capture_output=True, check=True)
    return done.stdout.decode("utf-8")


def test_three_experts_review_and_the_lead_signs(
    browser: Browser, workspace: Path, server: Server, lab: Any, shoot: Shoot
) -> None:
    lead = Person.at(browser, server.base).enter(f"{server.base}/enter/{server.own_link()}")
    assert lead.conclusion() == COMPUTED
    said(workspace, "panel", "links", EVALUATION, "--out", "links.csv")
    links = issued(workspace / "links.csv")
    li, wang, zhao = (Person.at(browser, server.base) for _ in range(3))

    judges_by_keyboard(li, links["李专家"], shoot)
    types_what_might_run(wang.enter(links["王专家"]))
    goes_through_everything(zhao.enter(links["赵专家"]), workspace)
    doubts_the_data(zhao, workspace)
    shoot(zhao.page, "review-expert-before-submission")
    nobody_knows_of_others(li, wang, zhao)
    zhao.submit()

    turns_the_doubt_down(lead)
    merges_and_signs(lead, shoot)
    run = workspace / published(lead)
    is_all_there(run, lead)
    for person in (li, wang, zhao):
        person.reads("total-current", MERGED[0])

    is_refused_after_signing(zhao)
    is_refused_with_a_spent_link(browser, server, links["李专家"], shoot)
    assert {("zhao", "opinion"), ("li", "enter")} <= refused(workspace)
    reaches_the_papers(workspace)

    before = everything(lead)
    assert everything(lead.come_back()) == before
    for person in (lead, li, wang, zhao):
        assert person.complaints == []
        person.page.close()
    server.stop()
    server.start()
    assert everything(lead.come_back()) == before
    assert lead.complaints == []
    says_the_same_in_jupyterlab(lab, workspace)


# -- the experts ------------------------------------------------------------------------------------------------------


def judges_by_keyboard(li: Person, link: str, shoot: Shoot) -> None:
    """Three indicators, three kinds of answer, and not one click."""
    li.knock(link)
    li.page.wait_for_selector("button:focus")
    li.press("Enter")
    li.arrived()
    li.tab_to("row-")
    li.press("Home", "ArrowDown")  # the first line is a level-1 indicator
    li.focus_is("row-EXEC")
    li.press("1")
    li.focus_is("confirm")
    li.press("Enter")
    li.focus_is("row-I01")  # the next one to judge
    li.press("3")
    li.focus_is("reason")
    li.page.keyboard.type("没有见到学籍名册")
    li.press("Control+Enter")
    li.focus_is("row-I05")
    li.press("2")
    li.focus_is("points")
    li.page.keyboard.type("10.01")
    li.press("Tab")
    li.page.keyboard.type(SAID_BY_LI)
    li.press("Control+Enter")
    li.reads("form-message", "10.01")
    shoot(li.page, "review-expert-out-of-bounds")
    li.focus_is("points")
    li.press("Control+a")
    li.page.keyboard.type("0.17")  # full-width digits come out of Chinese keyboards
    li.press("Control+Enter")
    li.page.wait_for_selector('[data-testid="row-I05"].wb-is-adjusted')
    li.reads("next-step", "全部评定完毕")
    shoot(li.page, "review-expert-by-keyboard")
    li.tab_to("submit", "Shift+Tab")
    li.press("Enter")
    li.focus_is("submit-yes")
    li.press("Enter")
    li.reads("next-step", "已提交本轮意见")


def types_what_might_run(wang: Person) -> None:
    """Ten thousand characters of markup, a right-to-left mark and emoji; what a spreadsheet takes for a formula."""
    wang.judge("I05", "adjust", "0.27", HOSTILE)
    wang.judge("I07", "abstain", reason=FORMULA)
    wang.select("I05")
    assert HOSTILE in wang["detail"].locator("p").all_text_contents()
    wang.submit()


def goes_through_everything(zhao: Person, folder: Path) -> None:
    """One proposal withdrawn, another made with two files, the rest accepted."""
    proofs = folder / "入户记录.png", folder / "网页.html"
    proofs[0].write_bytes(PICTURE)
    proofs[1].write_bytes(SCRIPT)
    zhao.judge("I05", "adjust", WITHDRAWN, "看似明显")
    zhao["undo"].click()
    zhao.page.wait_for_selector('[data-testid="row-I05"].wb-is-unjudged')
    zhao.judge("I05", "adjust", "0.12", SAID_BY_ZHAO, *proofs)
    for code in ("I01", "I07"):
        zhao.judge(code, "agree")
    zhao.select("I05")
    zhao.reads("next-step", "全部评定完毕")


def doubts_the_data(zhao: Person, folder: Path) -> None:
    """A challenge with a file; what was typed is still there when the file has come."""
    proof = folder / "入户记录.png"
    zhao["challenge"].locator("summary").click()
    zhao["challenge-text"].fill(DOUBT)
    zhao["challenge-files"].set_input_files(proof)
    zhao["challenge"].locator('[data-testid="kept-file"]').wait_for()
    assert zhao["challenge-text"].input_value() == DOUBT
    zhao["challenge-send"].click()
    zhao.reads("challenge-done", "已提出质疑")


def nobody_knows_of_others(li: Person, wang: Person, zhao: Person) -> None:
    """Two have submitted and one has not: no browser holds a colleague's points or reasons, a total or a grade."""
    own = {li: ("0.17", SAID_BY_LI), wang: ("0.27", "onerror=alert", FORMULA), zhao: ("0.12", WITHDRAWN, SAID_BY_ZHAO)}
    for person, words in own.items():
        learned = person.learned()
        assert all(word in learned for word in words)
        others = [word for other in own.values() if other != words for word in other]
        for hidden in (*others, *COMPUTED, *MERGED):
            assert hidden not in learned, hidden
        assert not person["total-current"].count() and not person["tab-lead"].count()


# -- the lead ---------------------------------------------------------------------------------------------------------


def turns_the_doubt_down(lead: Person) -> None:
    lead.reads("next-step", "有1条质疑待处理")
    lead.tab("dialogue")
    lead.reads("group-challenges", DOUBT)
    assert lead.opens("入户记录.png").startswith("blob:")
    lead.page.click('[data-testid^="open-reject-"]')
    lead.page.fill('[data-testid^="reject-"][data-testid$="-reason"]', "已逐户核对,数据无误")
    lead.page.click('[data-testid^="send-reject-"]')
    lead.reads("next-step", "全部专家已提交")
    lead.tab("scoring")


def merges_and_signs(lead: Person, shoot: Shoot) -> None:
    lead.reads("next-step", "全部专家已提交")  # the page looks for itself
    lead.reads("total-preview", MERGED[0])
    shoot(lead.page, "review-lead-before-merge")
    lead.tab("lead")
    lead.reads("group-agreement", "一致性")
    shoot(lead.page, "review-lead-merging")
    lead.send("merge")
    lead.reads("total-current", MERGED[0])
    lead["sign-off-statement"].fill("同意汇总结果")
    lead.send("sign-off")
    lead.reads("phase", "专家组已签字")
    lead.tab("scoring")
    lead.select("I05")
    assert lead.opens("入户记录.png").startswith(f"blob:{lead.address}")
    assert lead.saves("网页.html") == SCRIPT  # it would run in the page's own name
    assert lead.conclusion() == MERGED
    assert "再加0.01分即升为优" in lead["conclusion"].inner_text()
    shoot(lead.page, "review-lead-signed")
    lead.fits()
    lead.page.set_viewport_size(ZOOMED)
    lead.select("I05")
    lead.fits()
    shoot(lead.page, "review-lead-signed-at-125-percent")
    lead.page.set_viewport_size(LAPTOP)


def published(lead: Person) -> str:
    """The last run that merge and sign-off called for; the page says where they are, or why they are not there."""
    folders = lead.hears(r"(?:已写出新的运行:(\S+?)|新的运行没有写成[^}]+).评审台账第\d+号", times=2)
    assert all(folders), lead.told[-1]
    return folders[-1]


def is_all_there(run: Path, lead: Person) -> None:
    """The new run says what the page says, and keeps what was computed."""
    (subject,) = result_of(run)["subjects"]
    assert (subject["total"], f"{subject['grade_name']}(暂定)") == lead.conclusion() == MERGED
    assert (subject["computed"]["total"], subject["computed"]["grade_name"]) == ("99.80", "优")
    judged = {i["code"]: i for i in subject["indicators"]}["I05"]
    assert (judged["computed"], judged["final"], judged["review"]["merged"]) == ("10.00", "0.19", "0.19")
    assert [e["points"] for e in judged["review"]["experts"]] == ["0.17", "0.27", "0.12"]
    assert [e["reason"] for e in judged["review"]["experts"]] == [SAID_BY_LI, HOSTILE, SAID_BY_ZHAO]
    assert HOSTILE in lead["detail"].locator("p").all_text_contents()
    with io.StringIO((run / "review.csv").read_text(encoding="utf-8-sig"), newline="") as stream:
        cells = {cell for line in csv.reader(stream) for cell in line}
    assert {HOSTILE, f"'{FORMULA}"} <= cells


def reaches_the_papers(workspace: Path) -> None:
    """What experts wrote is text in Word and Excel too."""
    said(workspace, "panel", "papers", EVALUATION, "--out", "papers")
    (book,) = (workspace / "papers").glob("*.xlsx")
    cells = [c for sheet in openpyxl.load_workbook(book) for line in sheet.iter_rows() for c in line]
    assert all(c.data_type != "f" for c in cells)
    texts = [str(c.value) for c in cells]
    for words in (HOSTILE, FORMULA):
        assert any(words in text for text in texts), words[:20]
    documents = "".join(words_of(p) for p in sorted((workspace / "papers").glob("2*.docx")))
    assert HOSTILE in documents and FORMULA in documents


def words_of(document: Path) -> str:
    from docx import Document

    with zipfile.ZipFile(document) as packed:
        assert not [name for name in packed.namelist() if "vba" in name or "embeddings" in name]
    body = Document(str(document)).element.body
    return "".join(
        node.text or "" for node in body.iter("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}t")
    )


# -- what is refused --------------------------------------------------------------------------------------------------


def is_refused_after_signing(zhao: Person) -> None:
    """The form is gone; the message it sent before the sign-off, sent once more past the page, changes nothing."""
    zhao.select("I05")
    assert not zhao["confirm"].count()
    zhao.repeat(SAID_BY_ZHAO)
    zhao.hears('"problems":[^]]+已签字')


def is_refused_with_a_spent_link(browser: Browser, server: Server, link: str, shoot: Shoot) -> None:
    stranger = Person.at(browser, server.base)
    stranger.knock(link)
    stranger.page.click("button")
    stranger.page.wait_for_selector("text=这个链接已在另一台电脑或另一个浏览器上使用过")
    shoot(stranger.page, "review-spent-link")
    stranger.page.goto(server.base)
    stranger.page.wait_for_selector("text=请从个人链接进入")
    assert all("403" in complaint for complaint in stranger.complaints)
    stranger.context.close()


def refused(workspace: Path) -> set[tuple[str, str]]:
    """Who tried what in vain, as ``workbench ledger log`` has it."""
    return {(r["actor"], r["action"]) for r in json.loads(said(workspace, "ledger", "log", EVALUATION, "--json"))}


# -- afterwards -------------------------------------------------------------------------------------------------------


def everything(lead: Person) -> tuple[str, ...]:
    """What the lead's page shows of the review."""
    lead.select("I05")
    shown = ("conclusion", "next-step", "phase", "table", "detail")
    return tuple(lead[name].inner_text() for name in shown)


def says_the_same_in_jupyterlab(lab: Any, workspace: Path) -> None:
    with lab(workspace) as running:
        page = running.open("notebooks/review.ipynb")
        running.run_all(page)
        page.wait_for_selector('[data-testid="total-current"]')
        found = [page.inner_text(f'[data-testid="{name}-current"]') for name in ("total", "grade")]
        page.click('[data-testid="row-I05"]')
        page.wait_for_selector('[data-testid="detail-title"]:has-text("I05")')
        page.locator('[data-testid="conclusion"]').scroll_into_view_if_needed()
        running.shoot(page, "review-in-jupyterlab")
    assert tuple(found) == MERGED
    assert running.complaints == []
