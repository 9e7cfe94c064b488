"""过程记录: everything that happened, in words, latest first, as far as this person may read it."""

from __future__ import annotations

from workbench.review.page import blocks as b
from workbench.review.page.blocks import Block
from workbench.review.page.sheet import Sheet
from workbench.review.page.wording import moment
from workbench.review.views import Heading

SHOWN = 300
"""Lines on the page; the export has all of them."""


class RecordSheet(Sheet):
    """The ledger as this person may read it."""

    key = "record"
    title = "过程记录"

    def there(self, heading: Heading) -> bool:
        return True

    def blocks(self, heading: Heading) -> dict[str, Block]:
        lines = self.session.desk.history()
        rows = [{"id": str(h.event), "cells": [str(h.event), moment(h.at), h.who, h.text]} for h in lines[:SHOWN]]
        columns = [("编号", "number"), ("时间(北京)", ""), ("经办人", ""), ("事项", "")]
        more = f"共{len(lines)}条,这里显示最近{SHOWN}条。" if len(lines) > SHOWN else f"共{len(lines)}条。"
        found = {"count": b.text(more, "quiet"), "lines": b.table("record", columns, rows, "还没有记录。")}
        head = self.session.desk.state
        if "lead" in self.session.desk.member.roles:
            found["head"] = b.text(f"台账末条:第{head.seq}号,摘要 {head.head}", "quiet")
        return found
