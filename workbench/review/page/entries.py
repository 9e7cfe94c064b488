"""代录: a clerk types a signed paper form in, a second person compares it with the scan."""

from __future__ import annotations

from collections.abc import Mapping

from workbench.base.errors import Problem, ReviewError
from workbench.review.events import CHOICE_WORDS
from workbench.review.page import blocks as b
from workbench.review.page.blocks import Block
from workbench.review.page.part import Action
from workbench.review.page.request import FieldError, Request
from workbench.review.page.sheet import Sheet
from workbench.review.page.wording import papers, points
from workbench.review.state import Vote
from workbench.review.views import Heading
from workbench.review.visibility import reads_entries


class EntrySheet(Sheet):
    """Whose form is being typed in, and what waits for a second look."""

    key = "entries"
    title = "代录"

    def there(self, heading: Heading) -> bool:
        roles = set(self.session.desk.member.roles)
        return bool(roles & {"clerk", "checker"}) and bool({"opinion", "entry_checked"} & heading.can)

    def badge(self) -> int:
        return len(self._waiting()) if "checker" in self.session.desk.member.roles else 0

    @property
    def actions(self) -> Mapping[str, Action]:
        return {"entry_begin": self.begin, "entry_checked": self.check, "entry_submit": self.submit}

    def blocks(self, heading: Heading) -> dict[str, Block]:
        roles = set(self.session.desk.member.roles)
        found: dict[str, Block] = {}
        if "clerk" in roles and "opinion" in heading.can:
            found["begin"] = b.group("begin", "录入打分表", [self._begin_form()])
            if self.session.entry is not None:
                found["submit"] = self._submit_form()
        if "checker" in roles:
            found["check"] = b.group("check", "第二人复核", self._check_blocks())
        return found

    def _experts(self) -> list[b.Option]:
        return [(m.id, m.name) for m in self.session.desk.panel.having("expert") if m.id != self.session.desk.actor]

    def _begin_form(self) -> Block:
        fields = [b.select("expert", "专家", self._experts()), b.files("scan", "签字扫描件", required=True)]
        hint = "选定后到“评分”页逐项录入;每项都记明代录人和扫描件,经第二人复核后才计入。"
        return b.form("entry", "开始代录", "entry_begin", fields, "开始代录", hint=hint)

    def _submit_form(self) -> Block:
        name = self.name(self.session.expert)
        hint = f"全部录入并经第二人复核后,代{name}提交本轮意见。"
        return b.form("entry-submit", f"代{name}提交", "entry_submit", [], "代为提交", hint=hint, sure="确认提交")

    def _waiting(self) -> list[Vote]:
        desk = self.session.desk
        votes = desk.state.votes.values() if reads_entries(desk.state, desk.scope, desk.member) else ()
        return [v for v in votes if not v.checked and desk.actor not in (v.event.actor, v.body.expert)]

    def _check_blocks(self) -> list[Block]:
        by_scan: dict[tuple[str, str], list[Vote]] = {}
        for vote in self._waiting():
            if vote.body.entry is not None:
                by_scan.setdefault((vote.body.expert, vote.body.entry.scan.sha256), []).append(vote)
        return [b.records([self._paper(votes) for votes in by_scan.values()], "没有等待复核的代录意见。")]

    def _paper(self, votes: list[Vote]) -> Block:
        """One scan with everything that was typed from it."""
        first = votes[0]
        assert first.body.entry is not None
        below = [
            b.record(
                v.event.seq,
                f"{v.body.indicator} {self.session.name(v.body.indicator)}",
                f"第{v.event.seq}号",
                v.body.reason,
                [f"{CHOICE_WORDS[v.body.choice]}{points(v.body.points) or ''}"],
            )
            for v in votes
        ]
        args = {"opinions": [str(v.event.seq) for v in votes]}
        words = f"{self.name(first.body.expert)}的打分表,{self.name(first.event.actor)}代录{len(votes)}项"
        return b.record(
            first.event.seq,
            words,
            "",
            "请与扫描件逐项核对。",
            files=papers([first.body.entry.scan]),
            records=below,
            buttons=[b.button("与扫描件一致", "entry_checked", args, sure="确认一致")],
        )

    def begin(self, request: Request) -> None:
        """Type for one expert from one scan, from now on."""
        expert = request.text("expert")
        try:
            self.session.desk.begin_entry(expert)
        except ReviewError as error:
            raise FieldError(error.problems, ["expert"]) from None
        scans = self.session.files.named(request, "scan")
        if len(scans) != 1:
            raise FieldError(Problem("no_scan", "请上传一份本人签字的打分表扫描件", found=f"{len(scans)}份"), ["scan"])
        self.session.entry = (expert, scans[0])

    def check(self, request: Request) -> None:
        """What was typed agrees with the scan."""
        self.session.desk.say("entry_checked", opinions=request.numbers("opinions"))

    def submit(self, request: Request) -> None:
        """Submit for the expert whose form was typed in."""
        if self.session.entry is None:
            raise ReviewError(Problem("no_entry", "请先开始代录"))
        self.session.desk.submit(self.session.entry)
