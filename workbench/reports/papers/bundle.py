"""The papers of a review one after the other, each with its file name, so that whoever writes them can say how far they are."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from workbench.reports.papers import ballot, gathering, minutes, opinions, outcome, workbook
from workbench.reports.papers.handbook import handbook
from workbench.reports.papers.meeting import Meeting
from workbench.reports.papers.outcome import Outcome
from workbench.scheme.panel import Member

File = tuple[str, bytes]


def meeting_papers(meeting: Meeting) -> Iterator[File]:
    """The pack for a meeting, to be printed before it: names begin with 01 to 10."""
    common: list[tuple[str, Callable[[Meeting], bytes]]] = [
        ("01-评审手册", handbook),
        ("02-签到表", gathering.attendance),
        ("03-保密承诺书", gathering.secrecy),
        ("04-回避声明", gathering.recusal),
        ("05-资料确认单", gathering.materials),
    ]
    for name, make in common:
        yield f"{name}.docx", make(meeting)
    own: list[tuple[str, Callable[[Meeting, Member], bytes]]] = [
        ("06-专家打分表", ballot.ballot),
        ("07-专家个人意见", opinions.expert_form),
    ]
    for name, make_own in own:
        for member in meeting.experts:  # two people may have one name
            yield f"{name}-{_file_part(member.name)}-{member.id}.docx", make_own(meeting, member)
    yield "08-专家组意见.docx", opinions.group_form(meeting)
    yield "09-人大代表政协委员意见.docx", opinions.delegate_form(meeting)
    yield "10-质询记录表.docx", gathering.inquiry_form(meeting)


def review_papers(reviewed: Outcome) -> Iterator[File]:
    """What a review leaves to be signed and filed: names begin with 21 to 26; papers with nothing on them are left out."""
    yield "21-评审结果表.docx", outcome.results(reviewed)
    recorded: list[tuple[str, Callable[[Outcome], bytes | None]]] = [
        ("22-专家意见", minutes.statements),
        ("23-质询记录", minutes.inquiries),
        ("24-数据更正清单", minutes.corrections),
        ("25-意见采纳情况表", minutes.comments),
    ]
    for name, make in recorded:
        data = make(reviewed)
        if data is not None:
            yield f"{name}.docx", data
    yield "26-评审记录.xlsx", workbook.workbook(reviewed)


def _file_part(name: str) -> str:
    """A person's name in a file name; the id that follows makes it unique."""
    return re.sub(r"[^\w·-]", "_", name)[:20]
