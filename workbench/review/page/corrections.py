"""数据更正: the lead reads a piece of evidence differently, with a reason, and everything is rescored."""

from __future__ import annotations

from collections.abc import Mapping
from typing import get_args

from workbench.base.errors import Problem
from workbench.evidence.corrections import correctable
from workbench.review.events import Answer, Challenge, Comment, Correction, Event, ProofCorrection
from workbench.review.history import correction_text
from workbench.review.page import blocks as b
from workbench.review.page.blocks import Block
from workbench.review.page.part import Action
from workbench.review.page.request import FieldError, Request
from workbench.review.page.sheet import Sheet
from workbench.review.page.wording import papers
from workbench.review.views import Heading

_STATUSES = get_args(ProofCorrection.model_fields["status"].annotation)


class Corrections(Sheet):
    """Corrections made, and the two ways to make one."""

    key = "corrections"
    title = "数据更正"

    def there(self, heading: Heading) -> bool:
        return "correction" in heading.can or bool(self.events("correction"))

    @property
    def actions(self) -> Mapping[str, Action]:
        return {
            "correct_proof": self.correct_proof,
            "correct_cell": self.correct_cell,
            "correction_revoked": self.revoke,
        }

    def blocks(self, heading: Heading) -> dict[str, Block]:
        items = [self._correction(e, heading) for e in self.events("correction")]
        made = [b.text("更正后程序重新计分,原来的数值留在台账里。", "quiet"), b.records(items, "没有数据更正。")]
        found = {"made": b.group("made", "已作的更正", made)}
        if "correction" in heading.can:
            found["proof"] = b.group("proof", "更正佐证状态或核定值", [self._proof_form()])
            found["cell"] = b.group("cell", "更正佐证表中的一个数据", [self._cell_form()], open_=False)
        return found

    def _correction(self, event: Event, heading: Heading) -> Block:
        body = event.body
        assert isinstance(body, Correction)
        stands = event.seq in self.session.desk.state.corrections
        notes = [*(f"引用第{n}号" for n in body.cites), *([f"佐证:{body.evidence}"] if body.evidence else [])]
        forms = []
        if stands and "correction_revoked" in heading.can:
            fields, args = [b.area("reason", "撤销的理由")], {"correction": event.seq}
            forms.append(b.form(f"revoke-{event.seq}", "撤销更正", "correction_revoked", fields, "撤销更正", args=args))
        notes += [] if stands else ["已撤销"]
        return b.record(
            *self.head(event),
            correction_text(body, self.session.desk.scope),
            notes,
            files=papers(body.attachments),
            forms=forms,
        )

    def _grounds(self) -> list[Block]:
        """Inputs both forms end with: why, on what evidence, answering what."""
        waiting = self.session.desk.state.challenges
        said = [
            e for e in self.events("challenge", "comment", "answer") if e.body.kind != "challenge" or e.seq in waiting
        ]
        options = [(str(e.seq), f"第{e.seq}号 {_said(e)[:24]}") for e in said]
        fields = [b.area("reason", "更正的理由"), b.line("evidence", "佐证(文件名、页码)")]
        fields += [b.checks("cites", "答复或引用", options)] if options else []
        return [*fields, b.files("files", "附件")]

    def _proof_form(self) -> Block:
        fields = [
            b.select("indicator", "指标", self.indicators()[1:], self.session.selected),
            b.select("status", "佐证状态", [(s, s) for s in _STATUSES], _STATUSES[2]),
            b.line("verified_value", "核定值(可不填)", hint="数值与表中不同的,佐证状态选“核实不符”并填写核定值"),
            *self._grounds(),
        ]
        return b.form("correct-proof", "", "correct_proof", fields, "更正并重新计分")

    def _cell_form(self) -> Block:
        scheme = self.session.desk.docket.scheme
        cells = [(f"{table}.{field}", title) for table, field, title in correctable(scheme.pack, scheme.tree)]
        fields = [
            b.select("cell", "表和栏目", cells),
            b.line("row", "该评价对象的第几行", "1", hint="只有一行的填1"),
            b.line("old", "原来的值(空的不填)"),
            b.line("new", "更正为(空的不填)"),
            *self._grounds(),
        ]
        return b.form("correct-cell", "", "correct_cell", fields, "更正并重新计分")

    def correct_proof(self, request: Request) -> None:
        """Another status or value for one indicator's evidence."""
        change = {
            "target": "proof",
            "indicator": request.text("indicator"),
            "status": request.text("status"),
            "verified_value": request.decimal("verified_value", "核定值"),
        }
        self._send(request, change)

    def correct_cell(self, request: Request) -> None:
        """Another value for one cell of the evidence."""
        table, _, field = request.text("cell").partition(".")
        row = request.number("row")
        if row < 1:
            raise FieldError(
                Problem("bad_row", "请填写第几行", found=request.text("row"), expected="1以上的整数"), ["row"]
            )
        change = {
            "target": "cell",
            "table": table,
            "field": field,
            "row": row,
            "old": request.optional("old"),
            "new": request.optional("new"),
        }
        self._send(request, change)

    def _send(self, request: Request, change: Mapping[str, object]) -> None:
        self.session.desk.say(
            "correction",
            subject=self.session.subject,
            change=dict(change),
            reason=request.required("reason", "更正的理由"),
            evidence=request.optional("evidence"),
            attachments=self.session.files.named(request, "files"),
            cites=request.numbers("cites"),
        )

    def revoke(self, request: Request) -> None:
        """Take a correction back."""
        reason, number = request.required("reason", "撤销的理由"), request.number("correction")
        self.session.desk.say("correction_revoked", correction=number, reason=reason)


def _said(event: Event) -> str:
    body = event.body
    return body.text if isinstance(body, (Challenge, Comment, Answer)) else ""
