"""A real evaluation (永德县, 10 indicators) with an invented panel of five, and a review of it as a result would carry it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from functools import cached_property
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.document import Document as DocumentObject
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.oxml.text.paragraph import CT_P

from workbench.reports.papers.bundle import meeting_papers
from workbench.reports.papers.meeting import Meeting
from workbench.reports.papers.outcome import Outcome
from workbench.review.scope import Scope
from workbench.runs.docket import RunDocket
from workbench.runs.evaluation import Evaluation
from workbench.runs.opening import open_computed
from workbench.scheme.panel import ROLE_WORDS, Conflict, Member, Panel
from workbench.scoring.result import (
    Conclusion,
    ExpertPoints,
    FindingLine,
    IndicatorReview,
    ReviewNote,
    ReviewPerson,
    ReviewRecord,
    RunResult,
)

ROOT = Path(__file__).resolve().parents[3]
MEMBERS = [
    Member(
        id="lead", name="王敏", roles=["lead", "expert"], specialty="管理", organisation="某某咨询公司", title="会计师"
    ),
    Member(id="e1", name="李建国", roles=["expert"], specialty="业务", organisation="教育科学研究院", title="研究员"),
    Member(
        id="e2",
        name="张丽华",
        roles=["expert"],
        specialty="财务",
        conflicts=[Conflict(indicator="I03", reason="曾任该项目资金核算人员")],
    ),
    Member(id="e3", name="古丽娜尔·艾合买提", roles=["expert"], specialty="业务", indicators=["效益指标"]),
    Member(id="e4", name="赵刚", roles=["expert"], specialty="管理"),
    Member(id="clerk", name="周洁", roles=["clerk"]),
    Member(id="npc", name="陈代表", roles=["delegate"]),
    Member(id="rev", name="刘审", roles=["reviewer"]),
    Member(id="unit", name="明朗中学", roles=["unit"]),
]


@pytest.fixture(scope="session")
def evaluation() -> Evaluation:
    return open_computed("params/yongde_mingliang_school_2022.yaml", workspace=ROOT)


@pytest.fixture(scope="session")
def pack(evaluation: Evaluation) -> dict[str, bytes]:
    """Every paper of the meeting, by file name."""
    return dict(meeting_papers(Meeting(Scope(RunDocket(evaluation)), Panel(members=MEMBERS))))


@pytest.fixture
def meet(evaluation: Evaluation) -> Callable[..., Meeting]:
    """A meeting of the panel, with what is different about it."""
    return lambda **panel: Meeting(Scope(RunDocket(evaluation)), Panel(members=MEMBERS, **panel))


class Wide(RunDocket):
    """Six subjects of the same ten indicators: 60 to judge."""

    @cached_property
    def result(self) -> RunResult:
        whole = self.evaluation.result()
        [one] = whole.subjects
        several = [one.model_copy(update={"id": f"P0{n}", "name": f"{one.name}第{n}所"}) for n in range(1, 7)]
        return whole.model_copy(update={"subjects": several})


@pytest.fixture
def wide(evaluation: Evaluation) -> Meeting:
    """The same panel over sixty indicators."""
    return Meeting(Scope(Wide(evaluation)), Panel(members=MEMBERS))


def opinion(event: int, member: Member, choice: str, points: str | None, reason: str = "", **more: Any) -> ExpertPoints:
    at = "2026-11-22T06:59:46.123Z"
    return ExpertPoints(
        event=event,
        expert=member.id,
        name=member.name,
        choice=choice,
        points=points,
        reason=reason,
        at=at,
        round=1,
        evidence=None,
    ).model_copy(update=more)


@pytest.fixture
def review() -> Callable[..., Outcome]:
    """A review of a meeting's result. I05 moved from 10.00 to 8.10, I04's points fell; ``reasons`` go round the opinions."""
    return reviewed


def reviewed(meeting: Meeting, reasons: list[str] | None = None, notes: list[ReviewNote] | None = None) -> Outcome:
    given = cycle(reasons or ["理由充分"])
    subjects = []
    for subject in meeting.result.subjects:
        indicators = []
        for i in subject.indicators:
            said = list(_said(meeting, subject.id, i.code, i.computed, given))
            merged, fell = ("8.10" if i.code == "I05" else i.computed), i.code == "I04"
            line = IndicatorReview(
                experts=said,
                merged=merged,
                rule="算术平均",
                reason="5名专家意见按“算术平均”汇总",
                by="王敏",
                at="2026-11-22T08:00:00.000Z",
                applied=not fell,
                why_not="计算得分由8.00变为10.00" if fell else None,
            )
            indicators.append(i.model_copy(update={"final": i.computed if fell else merged, "review": line}))
        before = Conclusion(total=subject.total, interval=subject.interval, grade=subject.grade, grade_name=None)
        subjects.append(subject.model_copy(update={"indicators": indicators, "total": "97.90", "computed": before}))
    people = [
        ReviewPerson(
            id=m.id,
            name=m.name,
            roles=[ROLE_WORDS[r] for r in m.roles],
            specialty=m.specialty,
            organisation=m.organisation,
            title=m.title,
            weight="1",
        )
        for m in meeting.panel.members
    ]
    fallen = FindingLine(code="review_not_applied", severity="warning", message="计算得分已变", indicator="I04")
    record = ReviewRecord(
        events=68,
        phase="已定稿",
        round=1,
        merge_rule="算术平均",
        people=people,
        notes=notes if notes is not None else NOTES,
        not_applied=[fallen],
    )
    result = meeting.result.model_copy(update={"subjects": subjects, "review": record, "ledger_head": "ab" * 32})
    return Outcome(result, record, meeting.scope.docket.run)


def _said(
    meeting: Meeting, subject: str, code: str, computed: str | None, reasons: Iterator[str]
) -> Iterator[ExpertPoints]:
    for n, member in enumerate(meeting.experts):
        if (subject, code) not in meeting.scope.assigned(member):
            continue
        if code == "I06" and n == 0:
            yield opinion(30, member, "不评", None, "不熟悉该领域")
        elif code == "I05":
            more = {"evidence": "会议纪要第3页", "entered_by": "周洁" if n == 1 else None}
            yield opinion(20 + n, member, "调整", f"{7 + n}.50", next(reasons), **more)
        else:
            yield opinion(10 + n, member, "认可", computed)


def note(event: int, kind: str, by: str, text: str, **more: Any) -> ReviewNote:
    fields = {"event": event, "kind": kind, "by": by, "at": "2026-11-22T16:30:00.000Z", "text": text}
    return ReviewNote.model_validate(fields | more)


NOTES = [
    note(50, "group_statement", "王敏", "初稿"),
    note(51, "inquiry", "李建国", "受助人数与学籍人数为何不同?", subject="P01", indicator="I01"),
    note(52, "answer", "明朗中学", "含住校生补贴。", refers=[51], evidence="花名册第3页"),
    note(53, "challenge", "张丽华", "政策知晓率样本不足", subject="P01", indicator="I06"),
    note(54, "correction", "王敏", "按核定问卷改为95%", subject="P01", indicator="I06", refers=[53]),
    note(55, "challenge", "赵刚", "到账凭证缺失", subject="P01", indicator="I03"),
    note(56, "challenge_rejected", "王敏", "凭证已核对", refers=[55]),
    note(57, "expert_statement", "李建国", "建议完善台账"),
    note(58, "group_statement", "王敏", "总体良好。\n建议规范。", refers=[50]),
    note(59, "delegate_statement", "陈代表", "建议扩大受益面"),
    note(60, "sign_off", "王敏", "同意"),
    note(61, "draft_issued", "王敏", "发明朗中学"),
    note(62, "comment", "明朗中学", "满意度应按两次调查平均", subject="P01", indicator="I08"),
    note(63, "reply", "王敏", "口径一致", refers=[62], accepted=True),
    note(64, "revision", "王敏", "改为9.50分,理由:两次平均", subject="P01", indicator="I08", refers=[62]),
    note(65, "comment", "市教育局", "评价期间有误"),
    note(66, "reply", "王敏", "与批复一致", refers=[65], accepted=False),
    note(67, "internal_review", "刘审", "复核无误", accepted=True),
    note(68, "finalised", "王敏", ""),
]


def opened(data: bytes) -> DocumentObject:
    return Document(io.BytesIO(data))


@pytest.fixture
def read() -> Callable[[bytes], DocumentObject]:
    """A docx read back by python-docx."""
    return opened


@pytest.fixture
def texts() -> Callable[[bytes], str]:
    """Everything a docx says, paragraph by paragraph: text, cells and feet."""

    def said(data: bytes) -> str:
        found = []
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for name in archive.namelist():
                if name.startswith(("word/document", "word/footer")):
                    found += [CT_P.text.fget(p) for p in parse_xml(archive.read(name)).iter(qn("w:p"))]
        return "\n".join(found)

    return said


@pytest.fixture
def entries() -> Callable[[bytes], list[zipfile.ZipInfo]]:
    """What lies in a zip, in order."""

    def listed(data: bytes) -> list[zipfile.ZipInfo]:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return archive.infolist()

    return listed
