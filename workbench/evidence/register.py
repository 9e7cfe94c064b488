"""佐证清单, 不适用申请 and 情形核查: rows into records, with the conditions the rules put on them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from pathlib import Path, PurePosixPath
from typing import cast

import numpy as np

from workbench.base.errors import FileError, Place, Problem
from workbench.base.exact import Exact
from workbench.evidence.assemble import link_subjects
from workbench.evidence.log import ReadingLog
from workbench.evidence.raw import describe
from workbench.evidence.standard import UNCHECKED
from workbench.evidence.tables import SUBJECT, CapFact, EvidenceStatus, Proof, SourceFile, Table, Waiver

_SHA256 = re.compile(r"[0-9a-f]{64}")
NEED_DOCUMENT = (EvidenceStatus.unverified, EvidenceStatus.verified, EvidenceStatus.contradicted)
"""Statuses that say something about a document, so that there has to be one."""


@dataclass
class Attachments:
    """Files named in 佐证清单, looked for under the evidence's folder and told apart by their digest.

    Attributes:
        folder: where the evidence lies.
        base: the same folder as paths of source files begin.
        attested: files that do not lie there, whose digests whoever opens the evidence has checked; by path.
    """

    folder: Path
    base: PurePosixPath
    attested: Mapping[str, SourceFile] = field(default_factory=dict)
    files: dict[str, SourceFile] = field(default_factory=dict)

    def find(self, name: str) -> SourceFile | None:
        """The attachment, or None when there is no such file inside the folder."""
        if name in self.files:
            return self.files[name]
        if not is_inside(name):
            return None
        known = self.attested.get((self.base / name).as_posix())
        if known is not None:
            self.files[name] = known
            return known
        path = self.folder / name
        try:
            if not path.resolve().is_relative_to(self.folder.resolve()) or not path.is_file():
                return None
            self.files[name] = describe(path, (self.base / name).as_posix())
        except (OSError, ValueError, FileError):
            return None
        return self.files[name]


def is_inside(name: str) -> bool:
    """Whether a name of 附件文件 stays within the folder of the evidence."""
    pure = PurePosixPath(name.replace("\\", "/"))
    return not pure.is_absolute() and ".." not in pure.parts and ":" not in name


class _Row:
    """One record of a table, with its values by type."""

    def __init__(self, table: Table, i: int) -> None:
        self.table, self.i = table, i

    def text(self, name: str) -> str | None:
        return cast("str | None", self.table.value(self.i, name))

    def needed(self, name: str) -> str:
        """A text whose absence was reported already."""
        return self.text(name) or ""

    def day(self, name: str) -> date | None:
        return cast("date | None", self.table.value(self.i, name))

    def number(self, name: str) -> Decimal | None:
        return cast("Decimal | None", self.table.value(self.i, name))

    def place(self, name: str) -> str:
        return self.table.cell(self.i, name)

    def problem(self, code: str, message: str, name: str, fix: str, found: str | None = None) -> Problem:
        title = self.table.field_spec(name).title
        return Problem(
            code,
            message,
            Place(self.table.file, self.table.sheet, self.table.row_of(self.i, name), title),
            found,
            fix=fix,
        )


def read_proofs(table: Table, attachments: Attachments, log: ReadingLog) -> list[Proof]:
    """The lines of 佐证清单. A blank status is 已提供未核实 when a document is named, else 未提供(待补)."""
    return [_proof(_Row(table, i), attachments, log) for i in range(len(table))]


def _proof(row: _Row, attachments: Attachments, log: ReadingLog) -> Proof:
    written = row.text("status")
    named = row.text("document") is not None
    status = EvidenceStatus(written) if written else (EvidenceStatus.unverified if named else EvidenceStatus.missing)
    _check_status(row, status, log)
    return Proof(
        subject=row.needed(SUBJECT.name),
        indicator=row.needed("indicator"),
        status=status,
        document=row.text("document"),
        number=row.text("number"),
        source_kind=row.text("source_kind"),
        evidence_kind=row.text("evidence_kind"),
        method=row.text("method"),
        attachment=row.text("attachment"),
        attachment_sha256=_attachment_digest(row, attachments, log),
        verified_value=row.number("verified_value"),
        notice_number=row.text("notice_number"),
        notice_date=row.day("notice_date"),
        deadline=row.day("deadline"),
        verifier=row.text("verifier"),
        verified_on=row.day("verified_on"),
        place=row.place("indicator"),
    )


def _check_status(row: _Row, status: EvidenceStatus, log: ReadingLog) -> None:
    if status in NEED_DOCUMENT and row.text("document") is None:
        fix = "请填写资料名称,或把状态改为“未提供(待补)”"
        log.add(row.problem("proof_without_document", f"状态为“{status}”却没有资料名称", "document", fix))
    if status is EvidenceStatus.overdue:
        blank = [n for n in ("notice_number", "notice_date", "deadline") if row.table.value(row.i, n) is None]
        if blank:
            titles = "、".join(row.table.field_spec(n).title for n in blank)
            fix = f"请补填{titles};没有发过补充资料通知的,状态应为“未提供(待补)”"
            # Scoring leaves such an indicator unscored; the rest of the workbook is still good.
            message = "逾期未提供但没有补充资料通知的记录,不能按零分处理"
            log.add(_as_warning(row.problem("overdue_without_notice", message, blank[0], fix)))
    notice, deadline = row.day("notice_date"), row.day("deadline")
    if notice is not None and deadline is not None and deadline < notice:
        fix = "请核对两个日期"
        log.add(row.problem("deadline_before_notice", "补充期限早于通知日期", "deadline", fix, deadline.isoformat()))
    if status is EvidenceStatus.contradicted and row.number("verified_value") is None:
        fix = "请填写核定值(定性指标填核定的评定比例);没有核定值的指标不评分"
        problem = row.problem("verified_value_blank", "核实不符但没有核定值", "verified_value", fix)
        log.add(_as_warning(problem))


def _as_warning(problem: Problem) -> Problem:
    return replace(problem, severity="warning")


def _attachment_digest(row: _Row, attachments: Attachments, log: ReadingLog) -> str | None:
    name, written = row.text("attachment"), row.text("attachment_sha256")
    written = written.lower() if written else None
    if written is not None and not _SHA256.fullmatch(written):
        fix = "摘要是64位十六进制数;可留空,由程序计算"
        log.add(row.problem("attachment_digest", "附件摘要格式不对", "attachment_sha256", fix, written))
        return None
    if name is None:
        return written
    if not is_inside(name):
        fix = "附件须放在工作簿所在文件夹之内,用相对路径"
        log.add(row.problem("attachment_outside", "附件路径指向文件夹之外", "attachment", fix, name))
        return written
    found = attachments.find(name)
    if found is None:
        fix = "请把文件放到工作簿所在文件夹内的这个位置"
        log.add(_as_warning(row.problem("attachment_missing", "附件文件没有找到", "attachment", fix, name)))
        return written
    if written is not None and written != found.sha256:
        fix = f"文件现在的摘要是 {found.sha256};请核对附件是否被替换"
        log.add(row.problem("attachment_changed", "附件与登记的摘要不一致", "attachment_sha256", fix, written))
    return found.sha256


def read_waivers(table: Table) -> list[Waiver]:
    """The lines of 不适用申请; blanks in required cells were reported when the table was read."""
    rows = [_Row(table, i) for i in range(len(table))]
    return [
        Waiver(
            subject=row.needed(SUBJECT.name),
            indicator=row.needed("indicator"),
            reason=row.needed("reason"),
            proof=row.needed("proof"),
            approver=row.needed("approver"),
            approved_on=row.day("approved_on") or date.min,
            adjustment=row.text("adjustment"),
            place=row.place("indicator"),
        )
        for row in rows
    ]


def read_cap_facts(table: Table, subjects: Table, log: ReadingLog) -> list[CapFact]:
    """The lines of 情形核查. The template's unanswered lines say nothing and are passed over."""
    open_lines = [i for i in range(len(table)) if _unanswered(_Row(table, i))]
    if len(subjects) != 1:
        table = _without(table, [i for i in open_lines if table.value(i, SUBJECT.name) is None])
    table = link_subjects(table, subjects, log)
    return [_cap_fact(_Row(table, i), log) for i in range(len(table))]


def _unanswered(row: _Row) -> bool:
    return row.text("state") in (None, UNCHECKED) and row.text("document") is None and row.day("date") is None


def _cap_fact(row: _Row, log: ReadingLog) -> CapFact:
    state = row.text("state") or UNCHECKED
    if state != UNCHECKED and row.text("document") is None:
        fix = "请填写认定或核查所依据的文件及文号"
        log.add(_as_warning(row.problem("cap_without_document", f"“{state}”没有写明依据", "document", fix)))
    return CapFact(
        subject=row.needed(SUBJECT.name),
        cap=row.needed("cap"),
        state=state,
        document=row.text("document"),
        date=row.day("date"),
        note=row.text("note"),
        place=row.place("cap"),
    )


def _without(table: Table, dropped: list[int]) -> Table:
    keep = np.setdiff1d(np.arange(len(table)), dropped)
    columns = {n: c.take(keep) if isinstance(c, Exact) else c[keep] for n, c in table.columns.items()}
    return Table(table.spec, table.file, table.sheet, table.rows[keep], table.letters, columns)
