"""评审用表: the lead has the papers of the meeting and of its outcome made, and opens or saves them in the browser."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable, Mapping

from workbench.base.errors import ReviewError
from workbench.review.page import blocks as b
from workbench.review.page.blocks import Block
from workbench.review.page.files import Offered
from workbench.review.page.part import Action
from workbench.review.page.request import Request
from workbench.review.page.session import Session
from workbench.review.page.sheet import Sheet
from workbench.review.page.wording import size
from workbench.review.views import Heading
from workbench.review.who import role_problem

Papers = Callable[[], Iterable[tuple[str, bytes]]]
"""Makes the papers of the review as it is now: file name and bytes of each."""
ALL = "全部评审用表.zip"
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)
"""A zip entry needs a time; with this one equal papers make equal files."""


class PapersSheet(Sheet):
    """One button, and then the papers one by one and all together."""

    key = "papers"
    title = "评审用表"

    def __init__(self, session: Session, papers: Papers | None) -> None:
        super().__init__(session)
        self._papers = papers
        self._made: tuple[int, list[Offered]] | None = None

    def there(self, heading: Heading) -> bool:
        return self._papers is not None and "lead" in self.session.desk.member.roles

    @property
    def actions(self) -> Mapping[str, Action]:
        return {"papers_make": self.make}

    def blocks(self, heading: Heading) -> dict[str, Block]:
        words = (
            "会议用表:评审手册、签到表、保密承诺书、回避声明、资料确认单、各专家的打分表和个人意见、专家组意见、质询记录表;"
            "汇总之后另有评审结果表和评审记录。均为示例格式,可改。"
        )
        form = b.form("papers", "", "papers_make", [], "生成评审用表", hint="按现在的评审组和资料生成,约需几秒钟。")
        found = {"about": b.text(words, "quiet"), "make": form}
        if self._made is not None:
            seq, offered = self._made
            moved = seq != self.session.desk.state.seq
            old = [b.text("生成之后评审又有变动,请按需要重新生成。", "warn")] if moved else []
            rows = [{"id": str(n), "cells": [size(o.size)], "files": [o.described]} for n, o in enumerate(offered)]
            found["list"] = b.group(
                "papers", "已生成", [*old, b.table("papers", [("大小", "number"), ("", "")], rows, "")]
            )
        return found

    def make(self, request: Request) -> None:
        """Make them all and offer them."""
        desk = self.session.desk
        if self._papers is None or "lead" not in desk.member.roles:
            problem = role_problem(desk.member, "lead")
            desk.ledger.refused(desk.actor, "papers", [problem])
            raise ReviewError(problem)
        made = list(self._papers())
        offered = [self.session.files.offer(name, data) for name, data in [(ALL, _packed(made)), *made]]
        self._made = (desk.state.seq, offered)


def _packed(files: Iterable[tuple[str, bytes]]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in files:
            packed.writestr(zipfile.ZipInfo(name, _FIRST_DAY), data, zipfile.ZIP_DEFLATED)
    return stream.getvalue()
