"""People at the review page, each in a browser of their own, and what their browsers sent and were told."""

from __future__ import annotations

import csv
import json
import re
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Locator, Page, WebSocket

LAPTOP = {"width": 1366, "height": 768}
ZOOMED = {"width": 1093, "height": 614}
"""What is left of a laptop's screen at 125 %."""
SECONDS = 120
OUTSIDE = re.compile(r"^(?:https?|wss?)://(?!127\.0\.0\.1[:/])")
ROWS = '[data-testid="table"] tbody tr[data-code]'
WHERE = "document.activeElement?.dataset?.testid ?? ''"
TEXTS = """() => [...document.querySelectorAll("body, body *")].flatMap((e) => [
  ...[...e.childNodes].filter((n) => n.nodeType === Node.TEXT_NODE).map((n) => n.data),
  ...["title", "aria-label", "alt"].map((name) => e.getAttribute(name) ?? ""), e.value ?? "",
]).map(String)"""
KEPT_SOCKETS = """
window.sockets = [];
window.WebSocket = class extends WebSocket {
  constructor(...given) { super(...given); window.sockets.push(this); }
};
"""


@dataclass(eq=False)
class Person:
    """A browser with one page in it."""

    context: BrowserContext
    address: str
    complaints: list[str] = field(default_factory=list)
    """What the console, the network or a dialog had to say; nothing in good order."""
    told: list[str] = field(default_factory=list)
    """Messages of the kernel."""
    sent: list[bytes] = field(default_factory=list)
    """Messages to the kernel."""

    @classmethod
    def at(cls, browser: Browser, address: str) -> Person:
        """A new browser: no cookies, no cache, and no way to any other computer."""
        context = browser.new_context(viewport=LAPTOP, locale="zh-CN", accept_downloads=True)
        context.set_default_timeout(SECONDS * 1000)
        context.add_init_script(KEPT_SOCKETS)
        person = cls(context, address)
        context.route(OUTSIDE, lambda route: (person.complaints.append(route.request.url), route.abort()))
        context.on("page", person._watch)
        return person

    def _watch(self, page: Page) -> None:
        page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("dialog", lambda dialog: (self.complaints.append(dialog.message), dialog.dismiss()))
        page.on("websocket", self._listen)

    def _listen(self, socket: WebSocket) -> None:
        if OUTSIDE.match(socket.url):
            self.complaints.append(socket.url)
        socket.on("framereceived", lambda frame: self.told.append(_text(frame)))
        socket.on("framesent", lambda frame: self.sent.append(frame if isinstance(frame, bytes) else frame.encode()))

    # -- coming in ------------------------------------------------------------------------------------------------

    def enter(self, link: str) -> Person:
        """By a personal link, as a person does: press the button."""
        self.knock(link)
        self.page.click("button")
        return self.arrived()

    def knock(self, link: str) -> None:
        """Open a personal link and look at it."""
        self.page = self.context.new_page()
        self.page.goto(link)

    def come_back(self) -> Person:
        """Open the page again with the session this browser has."""
        self.page.close()
        self.page = self.context.new_page()
        self.page.goto(self.address)
        return self.arrived()

    def arrived(self) -> Person:
        self.page.wait_for_selector(ROWS)
        self.page.wait_for_selector("#loading", state="detached")
        return self

    # -- reading --------------------------------------------------------------------------------------------------

    def __getitem__(self, testid: str) -> Locator:
        return self.page.locator(f'[data-testid="{testid}"]')

    def reads(self, testid: str, words: str) -> None:
        """Wait until these words stand there."""
        self.page.locator(f'[data-testid="{testid}"]:visible', has_text=words).first.wait_for()

    def hears(self, pattern: str, times: int = 1) -> list[str]:
        """Wait until messages of the kernel have so many matches."""
        end = time.monotonic() + SECONDS
        while len(found := re.findall(pattern, "\n".join(self.told))) < times:
            assert time.monotonic() < end, f"{pattern} does not come, but {self.told[-1]}"
            self.page.wait_for_timeout(100)  # Playwright listens meanwhile
        return found

    def row(self, code: str) -> str:
        return self[f"row-{code}"].inner_text()

    def conclusion(self) -> tuple[str, str]:
        """The present total and grade on top of the page."""
        return self["total-current"].inner_text(), self["grade-current"].inner_text()

    def learned(self) -> str:
        """Everything this person's browser knows: the text of the page, seen or not, and whatever was sent to it."""
        return "\n".join([*self.told, *self.page.evaluate(TEXTS)])

    # -- doing ----------------------------------------------------------------------------------------------------

    def select(self, code: str) -> None:
        self[f"row-{code}"].click()
        self.reads("detail-title", code)

    def judge(self, code: str, choice: str, points: str = "", reason: str = "", *files: Path) -> None:
        """Say something on an indicator; the table shows it at once."""
        self.select(code)
        self[f"choose-{choice}"].click()
        if points:
            self["points"].fill(points)
        if reason:
            self["reason"].fill(reason)
        for number, file in enumerate(files):
            self["files"].set_input_files(file)
            self["kept-file"].nth(number).wait_for()
        self["confirm"].click()
        status = {"agree": "agreed", "adjust": "adjusted", "abstain": "abstained", "recuse": "recused"}[choice]
        self.page.wait_for_selector(f'[data-testid="row-{code}"].wb-is-{status}')

    def submit(self) -> None:
        self["submit"].click()
        self["submit-yes"].click()
        self.reads("next-step", "已提交本轮意见")

    def send(self, form: str) -> None:
        """Send a form that asks once more."""
        self[f"send-{form}"].click()
        self[f"send-{form}"].click()

    def opens(self, name: str) -> str:
        """Open an attachment; the address of the tab it is shown in."""
        with self.page.expect_popup() as popup:
            self["attachment"].filter(has_text=name).click()
        url = popup.value.url
        popup.value.close()
        return url

    def saves(self, name: str) -> bytes:
        """Open an attachment that is not shown but saved; what is in it."""
        with self.page.expect_download() as download:
            self["attachment"].filter(has_text=name).click()
        assert download.value.suggested_filename == name
        return download.value.path().read_bytes()

    def tab(self, key: str) -> None:
        self[f"tab-{key}"].click()
        self.page.wait_for_selector(f'[data-testid="tab-{key}"][aria-selected="true"]')

    def repeat(self, words: str) -> None:
        """Send once more what this browser sent before, past the page and its buttons."""
        message = next(m for m in reversed(self.sent) if words.encode() in m)
        message = re.sub(rb'"msg_id":"..', b'"msg_id":"zz', message)  # a kernel drops the very same message
        self.page.evaluate("bytes => window.sockets.at(-1).send(new Uint8Array(bytes))", list(message))

    # -- by keyboard ----------------------------------------------------------------------------------------------

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def tab_to(self, testid: str, key: str = "Tab") -> None:
        """Go on until the focus is there, and see that it shows."""
        for _ in range(60):
            if self.page.evaluate(WHERE).startswith(testid):
                ring = "getComputedStyle(document.activeElement)"
                assert self.page.evaluate(f"{ring}.outlineStyle !== 'none' || {ring}.boxShadow !== 'none'"), testid
                return
            self.press(key)
        raise AssertionError(f"the focus does not come to {testid}")

    def focus_is(self, testid: str) -> None:
        self.page.wait_for_function(f"want => ({WHERE}).startsWith(want)", arg=testid)

    # -- how it looks ---------------------------------------------------------------------------------------------

    def fits(self) -> None:
        """Nothing on the page has to be moved sideways to be read."""
        wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert self.page.evaluate(wide) <= 0


def _text(frame: str | bytes) -> str:
    """A message as text: characters that JSON wrote as numbers are characters again, and no time of day looks like points."""
    text = frame if isinstance(frame, str) else frame.decode("utf-8", errors="replace")
    text = re.sub(r"\d\d:\d\d\.\d+", "", text)
    return re.sub(r"\\u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), text)


def issued(file: Path) -> dict[str, str]:
    """Member's name → personal link, from what ``workbench panel links --out`` wrote."""
    with file.open(encoding="utf-8-sig", newline="") as stream:
        return {line["姓名"]: line["链接"] for line in csv.DictReader(stream)}


def result_of(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "result.json").read_text(encoding="utf-8"))
    return found
