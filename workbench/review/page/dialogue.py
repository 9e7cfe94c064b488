"""意见与质询: written opinions, doubts about the data and their corrections, questions to the unit and its answers."""

from __future__ import annotations

from collections.abc import Mapping

from workbench.review.events import (
    Answer,
    Challenge,
    ChallengeRejected,
    Event,
    Inquiry,
    Statement,
)
from workbench.review.page import blocks as b
from workbench.review.page.blocks import Block
from workbench.review.page.part import Action
from workbench.review.page.request import Request
from workbench.review.page.sheet import Sheet
from workbench.review.page.wording import papers
from workbench.review.views import Heading

OF_WORDS = {"expert": "专家意见", "group": "专家组意见", "delegate": "人大代表、政协委员意见"}
ABOUT_WORDS = {"value": "质疑数值", "evidence": "质疑佐证", "branch": "质疑计分档次"}


class Dialogue(Sheet):
    """What is said in words."""

    key = "dialogue"
    title = "意见与质询"

    def there(self, heading: Heading) -> bool:
        return True

    def badge(self) -> int:
        answered = {e.body.inquiry for e in self.events("answer") if isinstance(e.body, Answer)}
        waiting = [e for e in self.events("inquiry") if e.seq not in answered]
        mine = {"lead", "unit", "analyst"} & set(self.session.desk.member.roles)
        return len(self._open_challenges()) + len(waiting) if mine else 0

    @property
    def actions(self) -> Mapping[str, Action]:
        return {
            "statement": self.state,
            "challenge": self.doubt,
            "challenge_rejected": self.reject,
            "inquiry": self.ask,
            "answer": self.answer,
        }

    def blocks(self, heading: Heading) -> dict[str, Block]:
        found = {"statements": self._statements(heading)}
        if "challenge" in heading.can or self.events("challenge"):
            found["challenges"] = self._challenges(heading)
        found["inquiries"] = self._inquiries(heading)
        return found

    # -- written opinions -----------------------------------------------------------------------------------------

    def _statements(self, heading: Heading) -> Block:
        said = self.events("statement")
        replaced = {e.body.supersedes for e in said if isinstance(e.body, Statement)}
        items = [self._statement(e, e.seq in replaced) for e in said]
        inner = [b.records(items, "还没有书面意见。")]
        kinds = self._kinds()
        if "statement" in heading.can and kinds:
            own = [("", "(新的意见)")] + [
                (str(e.seq), f"替换第{e.seq}号")
                for e in said
                if e.actor == self.session.desk.actor and e.seq not in replaced
            ]
            fields = [b.select("of", "意见类别", kinds), b.area("text", "意见", rows=5)]
            fields += [b.select("supersedes", "替换已有意见", own)] if len(own) > 1 else []
            fields.append(b.files("files", "附件"))
            inner.append(b.form("statement", "写书面意见", "statement", fields, "提交意见"))
        return b.group("statements", "书面意见", inner)

    def _kinds(self) -> list[b.Option]:
        roles = set(self.session.desk.member.roles)
        wanted = {"expert": {"expert"}, "group": {"lead"}, "delegate": {"delegate", "lead"}}
        return [(kind, OF_WORDS[kind]) for kind, who in wanted.items() if roles & who]

    def _statement(self, event: Event, replaced: bool) -> Block:
        body = event.body
        assert isinstance(body, Statement)
        notes = [OF_WORDS[body.of], *(["已被后来的意见替换"] if replaced else [])]
        return b.record(*self.head(event), body.text, notes, files=papers(body.attachments))

    def state(self, request: Request) -> None:
        """Send a written opinion."""
        self.session.desk.say(
            "statement",
            of=request.text("of"),
            text=request.required("text", "意见"),
            subject=self.session.subject if len(self.session.desk.subjects) > 1 else None,
            attachments=self.session.files.named(request, "files"),
            supersedes=request.number("supersedes") or None,
        )

    # -- doubts about the data ------------------------------------------------------------------------------------

    def _open_challenges(self) -> dict[int, Challenge]:
        return self.session.desk.state.challenges if "lead" in self.session.desk.member.roles else {}

    def _challenges(self, heading: Heading) -> Block:
        rejected = {
            e.body.challenge: e for e in self.events("challenge_rejected") if isinstance(e.body, ChallengeRejected)
        }
        waiting = self.session.desk.state.challenges
        items = [self._challenge(e, rejected.get(e.seq), heading, e.seq in waiting) for e in self.events("challenge")]
        hint = "对某项指标的数值、佐证或计分档次有疑问,请在“评分”页选中该指标后提出。"
        return b.group(
            "challenges",
            "对数据的质疑",
            [b.text(hint, "quiet"), b.records(items, "没有质疑。")],
            badge=len(self._open_challenges()),
        )

    def _challenge(self, event: Event, answer: Event | None, heading: Heading, waiting: bool) -> Block:
        body = event.body
        assert isinstance(body, Challenge)
        notes = [*self.about(body.indicator), ABOUT_WORDS[body.about]]
        notes += [f"建议:{body.proposed}"] if body.proposed else []
        notes.append("待答复" if waiting else "不予更正" if answer else "已更正")
        below = []
        if answer is not None and isinstance(answer.body, ChallengeRejected):
            below.append(b.record(*self.head(answer), answer.body.reason, ["不予更正"]))
        forms = []
        if waiting and "challenge_rejected" in heading.can:
            fields = [b.area("reason", "不予更正的理由")]
            args = {"challenge": event.seq}
            forms.append(b.form(f"reject-{event.seq}", "不予更正", "challenge_rejected", fields, "不予更正", args=args))
        return b.record(*self.head(event), body.text, notes, files=papers(body.attachments), records=below, forms=forms)

    def doubt(self, request: Request) -> None:
        """Challenge value, evidence or rule branch of an indicator."""
        self.session.desk.say(
            "challenge",
            subject=self.session.subject,
            indicator=request.text("code"),
            about=request.text("about"),
            text=request.required("text", "质疑的理由"),
            proposed=request.optional("proposed"),
            attachments=self.session.files.named(request, "files"),
        )

    def reject(self, request: Request) -> None:
        """Leave the data as they are."""
        reason = request.required("reason", "不予更正的理由")
        number = request.number("challenge")
        self.session.desk.say("challenge_rejected", challenge=number, reason=reason)

    # -- questions to the unit ------------------------------------------------------------------------------------

    def _inquiries(self, heading: Heading) -> Block:
        answers: dict[int, list[Event]] = {}
        for event in self.events("answer"):
            if isinstance(event.body, Answer):
                answers.setdefault(event.body.inquiry, []).append(event)
        items = [self._inquiry(e, answers.get(e.seq, []), heading) for e in self.events("inquiry")]
        inner = [b.records(items, "还没有质询。")]
        if "inquiry" in heading.can:
            fields = [b.select("indicator", "指标", self.indicators()), b.area("text", "问题")]
            inner.append(b.form("inquiry", "向被评价单位提问", "inquiry", fields, "提出质询"))
        return b.group("inquiries", "质询记录", inner, badge=sum(e.seq not in answers for e in self.events("inquiry")))

    def _inquiry(self, event: Event, answers: list[Event], heading: Heading) -> Block:
        body = event.body
        assert isinstance(body, Inquiry)
        below = [self._answer(e) for e in answers]
        forms = []
        if "answer" in heading.can:
            fields = [b.area("text", "答复"), b.line("evidence", "佐证"), b.files("files", "附件")]
            args = {"inquiry": event.seq}
            forms.append(b.form(f"answer-{event.seq}", "答复", "answer", fields, "提交答复", args=args))
        notes = [*self.about(body.indicator), "已答复" if answers else "待答复"]
        return b.record(*self.head(event), body.text, notes, records=below, forms=forms)

    def _answer(self, event: Event) -> Block:
        body = event.body
        assert isinstance(body, Answer)
        notes = ["答复", *([f"佐证:{body.evidence}"] if body.evidence else [])]
        return b.record(*self.head(event), body.text, notes, files=papers(body.attachments))

    def ask(self, request: Request) -> None:
        """Put a question to the unit."""
        text, indicator = request.required("text", "问题"), request.optional("indicator")
        self.session.desk.say("inquiry", text=text, subject=self.session.subject, indicator=indicator)

    def answer(self, request: Request) -> None:
        """Answer a question."""
        self.session.desk.say(
            "answer",
            inquiry=request.number("inquiry"),
            text=request.required("text", "答复"),
            evidence=request.optional("evidence"),
            attachments=self.session.files.named(request, "files"),
        )
