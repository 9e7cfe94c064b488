"""征求意见与定稿 (财监〔2021〕4号): the draft goes out, every comment is answered, someone else reviews, the report is final."""

from __future__ import annotations

from collections.abc import Mapping

from workbench.base.errors import Problem
from workbench.review.events import (
    Comment,
    DraftIssued,
    Event,
    Finalised,
    InternalReview,
    Reply,
    Revision,
)
from workbench.review.page import blocks as b
from workbench.review.page.blocks import Block
from workbench.review.page.part import Action
from workbench.review.page.request import FieldError, Request
from workbench.review.page.sheet import Sheet
from workbench.review.page.wording import papers, points
from workbench.review.views import Heading


class AfterSheet(Sheet):
    """Everything between the panel's signature and the final report."""

    key = "after"
    title = "征求意见与定稿"

    def there(self, heading: Heading) -> bool:
        kinds = {"draft_issued", "comment", "internal_review", "finalised"}
        return bool(kinds & heading.can) or bool(self.events("draft_issued"))

    def badge(self) -> int:
        state = self.session.desk.state
        waiting = sum(n not in state.replies for n in state.comments)
        return waiting if "lead" in self.session.desk.member.roles else 0

    @property
    def actions(self) -> Mapping[str, Action]:
        return {
            "draft_issued": self.issue,
            "comment": self.comment,
            "reply": self.reply,
            "revision": self.revise,
            "internal_review": self.review,
            "finalised": self.finalise,
        }

    def blocks(self, heading: Heading) -> dict[str, Block]:
        found = {"drafts": b.group("drafts", "征求意见稿", self._drafts(heading))}
        if self.events("draft_issued"):
            found["comments"] = b.group("comments", "反馈意见", self._comments(heading), badge=self.badge())
        if "revision" in heading.can or self.events("revision"):
            found["revisions"] = b.group("revisions", "得分调整", self._revisions(heading))
        if "internal_review" in heading.can or self.events("internal_review"):
            found["reviews"] = b.group("reviews", "内部审核", self._reviews(heading))
        if "finalised" in heading.can or self.events("finalised"):
            found["final"] = b.group("final", "定稿", self._final(heading))
        return found

    # -- the draft ------------------------------------------------------------------------------------------------

    def _drafts(self, heading: Heading) -> list[Block]:
        found = [b.records([self._draft(e) for e in self.events("draft_issued")], "还没有发出征求意见稿。")]
        if "draft_issued" in heading.can:
            fields = [
                b.line("to", "征求意见的单位", required=True, hint="几个单位用顿号隔开"),
                b.line("due", "反馈期限", placeholder="如2023-06-30"),
                b.files("files", "征求意见稿"),
            ]
            hint = "发出后,得分只能凭已采纳的意见或佐证调整。"
            again = bool(self.events("draft_issued"))
            title = "再次发出征求意见稿" if again else "发出征求意见稿"
            found.append(
                b.form("draft", title, "draft_issued", fields, "发出", hint=hint, sure="确认发出", folded=again)
            )
        return found

    def _draft(self, event: Event) -> Block:
        body = event.body
        assert isinstance(body, DraftIssued)
        due = [f"请于{body.due}前反馈"] if body.due else []
        return b.record(*self.head(event), f"征求{'、'.join(body.to)}的意见", due, files=papers(body.attachments))

    def issue(self, request: Request) -> None:
        """Send the draft out for comment."""
        listed = request.required("to", "征求意见的单位").replace("，", "、").replace(",", "、").split("、")
        self.session.desk.say(
            "draft_issued",
            to=[t.strip() for t in listed if t.strip()],
            due=request.optional("due"),
            attachments=self.session.files.named(request, "files"),
        )

    # -- comments -------------------------------------------------------------------------------------------------

    def _comments(self, heading: Heading) -> list[Block]:
        replies: dict[int, list[Event]] = {}
        for event in self.events("reply"):
            if isinstance(event.body, Reply):
                replies.setdefault(event.body.comment, []).append(event)
        items = [self._comment(e, replies.get(e.seq, []), heading) for e in self.events("comment")]
        found = [b.records(items, "还没有收到意见。")]
        if "comment" in heading.can:
            fields = [
                b.line("source", "提出单位", self.session.desk.member.organisation or "", required=True),
                b.select("indicator", "指标", self.indicators()),
                b.area("text", "意见(照录原文)"),
                b.files("files", "原件"),
            ]
            found.append(b.form("comment", "登记反馈意见", "comment", fields, "登记"))
        return found

    def _comment(self, event: Event, replies: list[Event], heading: Heading) -> Block:
        body = event.body
        assert isinstance(body, Comment)
        below = [
            b.record(*self.head(e), e.body.reason, ["采纳" if e.body.accepted else "不采纳"])
            for e in replies
            if isinstance(e.body, Reply)
        ]
        forms = []
        if "reply" in heading.can:
            choice = [("", "(请选择)"), ("yes", "采纳"), ("no", "不采纳")]
            fields = [b.select("accepted", "采纳与否", choice), b.area("reason", "理由")]
            title = "重新答复" if replies else "逐条答复"
            args = {"comment": event.seq}
            forms.append(b.form(f"reply-{event.seq}", title, "reply", fields, "答复", args=args))
        notes = [f"{body.source}提出", *self.about(body.indicator), *([] if replies else ["待答复"])]
        return b.record(*self.head(event), body.text, notes, files=papers(body.attachments), records=below, forms=forms)

    def comment(self, request: Request) -> None:
        """Record a comment as it was received."""
        self.session.desk.say(
            "comment",
            source=request.required("source", "提出单位"),
            text=request.required("text", "意见"),
            subject=self.session.subject,
            indicator=request.optional("indicator"),
            attachments=self.session.files.named(request, "files"),
        )

    def reply(self, request: Request) -> None:
        """Answer one comment: 采纳 or 不采纳, with the reason."""
        accepted = {"yes": True, "no": False}.get(request.text("accepted"))
        if accepted is None:
            raise FieldError(Problem("no_choice", "请选择采纳或不采纳"), ["accepted"])
        reason, number = request.required("reason", "理由"), request.number("comment")
        self.session.desk.say("reply", comment=number, accepted=accepted, reason=reason)

    # -- points that still move -----------------------------------------------------------------------------------

    def _revisions(self, heading: Heading) -> list[Block]:
        found = [b.records([self._revision(e) for e in self.events("revision")], "征求意见后没有调整得分。")]
        if "revision" not in heading.can:
            return found
        accepted = [n for n, reply in self.session.desk.state.replies.items() if reply.accepted]
        answers = [e.seq for e in self.events("answer")]
        cites = [(str(n), f"第{n}号{'意见' if n in accepted else '答复'}") for n in sorted({*accepted, *answers})]
        fields = [
            b.select("indicator", "指标", self.indicators()[1:], self.session.selected),
            b.line("points", "调整为", required=True),
            b.area("reason", "理由"),
            *([b.checks("cites", "引用", cites)] if cites else []),
            b.line("evidence", "佐证", hint="没有引用意见的必须写明"),
            b.files("files", "附件"),
        ]
        found.append(b.form("revision", "调整得分", "revision", fields, "调整", sure="确认调整"))
        return found

    def _revision(self, event: Event) -> Block:
        body = event.body
        assert isinstance(body, Revision)
        notes = [*self.about(body.indicator), f"调整为{points(body.points)}分", *(f"引用第{n}号" for n in body.cites)]
        notes += [f"佐证:{body.evidence}"] if body.evidence else []
        return b.record(*self.head(event), body.reason, notes, files=papers(body.attachments))

    def revise(self, request: Request) -> None:
        """Move points, citing why."""
        indicator = request.text("indicator")
        number = request.decimal("points", "得分")
        if number is None:
            raise FieldError(Problem("points_missing", "请填写得分"), ["points"])
        spot = (self.session.subject, indicator)
        if not self.session.desk.scope.has(spot):
            raise FieldError(Problem("unknown_indicator", "请选择指标"), ["indicator"])
        self.session.desk.say(
            "revision",
            subject=spot[0],
            indicator=indicator,
            points=number,
            reason=request.required("reason", "理由"),
            cites=request.numbers("cites"),
            evidence=request.optional("evidence"),
            attachments=self.session.files.named(request, "files"),
            basis=self.session.desk.scope.basis(spot),
        )

    # -- the end --------------------------------------------------------------------------------------------------

    def _reviews(self, heading: Heading) -> list[Block]:
        items = []
        for event in self.events("internal_review"):
            if isinstance(event.body, InternalReview):
                items.append(b.record(*self.head(event), event.body.text, ["通过" if event.body.passed else "未通过"]))
        found = [b.records(items, "还没有内部审核。")]
        if "internal_review" in heading.can:
            choice = [("", "(请选择)"), ("yes", "通过"), ("no", "未通过")]
            fields = [b.select("passed", "审核结论", choice), b.area("text", "审核意见")]
            found.append(b.form("internal", "内部审核", "internal_review", fields, "提交审核意见"))
        return found

    def review(self, request: Request) -> None:
        """The internal review by someone who is neither lead nor analyst."""
        passed = {"yes": True, "no": False}.get(request.text("passed"))
        if passed is None:
            raise FieldError(Problem("no_choice", "请选择审核结论"), ["passed"])
        text = request.required("text", "审核意见")
        self.session.desk.say("internal_review", passed=passed, text=text)

    def _final(self, heading: Heading) -> list[Block]:
        done = [
            b.record(*self.head(e), e.body.text if isinstance(e.body, Finalised) else "")
            for e in self.events("finalised")
        ]
        found = [b.records(done, "报告还没有定稿。")]
        if "finalised" in heading.can:
            fields = [b.area("text", "说明", required=False, rows=2)]
            hint = "反馈意见逐条答复、内部审核通过后才能定稿。"
            found.append(b.form("final", "定稿", "finalised", fields, "定稿", hint=hint, sure="确认定稿"))
        return found

    def finalise(self, request: Request) -> None:
        """Close the report."""
        self.session.desk.say("finalised", text=request.text("text"))
