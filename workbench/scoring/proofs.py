"""Evidence status of every indicator of every subject, and which written 不适用 count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np

from workbench.base.exact import BoolArray, Exact, IntArray, to_units
from workbench.evidence.tables import Evidence, EvidenceStatus, Proof, Waiver
from workbench.scheme.findings import Finding
from workbench.scheme.pack import Extra, Indicator

STATUSES: tuple[EvidenceStatus, ...] = tuple(EvidenceStatus)
"""Order of the status codes in bulk arrays: 未提供, 已提供未核实, 核实一致, 核实不符, 逾期未提供."""
NOT_DONE = ("未实施", "未开展", "未执行", "没有实施", "没有开展", "尚未实施", "尚未开展")
"""Words that say an activity did not happen, which is not the same as 不适用."""


def _code(status: EvidenceStatus) -> int:
    return STATUSES.index(status)


@dataclass
class ProofRecord:
    """What the evidence register says, arranged for scoring.

    ``status`` maps an indicator to shape (n,) status codes; absent means all 未提供(待补). ``noticed`` holds the proof whose
    recorded 补充资料通知 makes 逾期未提供 count.
    """

    subjects: list[str]
    status: dict[str, IntArray] = field(default_factory=dict)
    verified: dict[tuple[str, int], Decimal] = field(default_factory=dict)
    noticed: dict[tuple[str, int], Proof] = field(default_factory=dict)
    proofs: dict[tuple[str, int], list[Proof]] = field(default_factory=dict)
    waivers: dict[tuple[str, int], Waiver] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def status_of(self, code: str) -> IntArray:
        """Status codes of one indicator, shape (n,)."""
        missing = np.full(len(self.subjects), _code(EvidenceStatus.missing), dtype=np.int8)
        return self.status.get(code, missing)

    def rows_with(self, code: str, status: EvidenceStatus) -> BoolArray:
        """Subjects whose evidence for the indicator has this status."""
        return np.asarray(self.status_of(code) == _code(status), dtype=bool)

    def overdue(self, code: str) -> BoolArray:
        """Subjects whose evidence is 逾期未提供 after a recorded notice: the only ones a named rule may give 0."""
        rows = self.rows_with(code, EvidenceStatus.overdue)
        for i in np.flatnonzero(rows):
            rows[i] = (code, int(i)) in self.noticed
        return rows

    def replaced(self, code: str, has_value: bool) -> BoolArray:
        """Subjects whose contradicted value a verified one replaces; a rule that reads no value has none to replace."""
        rows = self.rows_with(code, EvidenceStatus.contradicted)
        for i in np.flatnonzero(rows):
            rows[i] = has_value and (code, int(i)) in self.verified
        return rows

    def replace_values(self, code: str, value: Exact, decimals: int) -> Exact:
        """The measure with contradicted values replaced by the verified ones, or made missing where there is none.

        A verified value keeps the declared ``decimals`` even where the column itself has fewer.
        """
        rows = np.flatnonzero(self.rows_with(code, EvidenceStatus.contradicted))
        if rows.size == 0:
            return value
        value = value.rescale(max(value.decimals, decimals))
        units, valid = value.units.copy(), value.valid.copy()
        for i in rows:
            number = self.verified.get((code, int(i)))
            valid[i] = number is not None
            units[i] = to_units(number, value.decimals) if number is not None else 0
        return Exact(units, value.decimals, valid)


def read_proofs(evidence: Evidence, subjects: list[str], items: Sequence[Indicator | Extra], as_of: str) -> ProofRecord:
    """Arrange register and waivers by indicator and row; what does not hold becomes a finding, never an error."""
    record = ProofRecord(subjects)
    if not evidence.proofs and not evidence.waivers:
        return record
    rows = {s: i for i, s in enumerate(subjects)}
    known = {i.code: i for i in items}
    for proof in evidence.proofs:
        if _unknown(record, proof.indicator, proof.place, "佐证清单", known):
            continue
        _add_proof(record, proof, rows[proof.subject], as_of)
    for waiver in evidence.waivers:
        if not _unknown(record, waiver.indicator, waiver.place, "不适用申请", known):
            _add_waiver(record, waiver, rows[waiver.subject], known[waiver.indicator], as_of)
    return record


def _unknown(record: ProofRecord, code: str, place: str, sheet: str, known: dict[str, Indicator | Extra]) -> bool:
    if code in known:
        return False
    message = f"{place}:{sheet}中的指标编码“{code}”不在评价方案中,该行未采用"
    record.findings.append(Finding("unknown_indicator", "error", message))
    return True


def _add_proof(record: ProofRecord, proof: Proof, row: int, as_of: str) -> None:
    key = (proof.indicator, row)
    record.proofs.setdefault(key, []).append(proof)
    status = record.status.setdefault(proof.indicator, record.status_of(proof.indicator).copy())
    first = len(record.proofs[key]) == 1
    # Several documents for one indicator: it is only as sure as its least certain one.
    status[row] = _code(proof.status) if first else max(status[row], _code(proof.status), key=_doubt)
    if proof.verified_value is not None:
        record.verified[key] = proof.verified_value
    if proof.status is EvidenceStatus.contradicted and proof.verified_value is None:
        message = f"{proof.place}:核实不符但没有填写核定值,该指标暂不评分"
        record.findings.append(Finding("no_verified_value", "warning", message, proof.subject, proof.indicator))
    if proof.status is EvidenceStatus.overdue:
        _add_overdue(record, proof, key, as_of)


def _doubt(code: int) -> int:
    order = (
        EvidenceStatus.verified,
        EvidenceStatus.unverified,
        EvidenceStatus.missing,
        EvidenceStatus.contradicted,
        EvidenceStatus.overdue,
    )
    return order.index(STATUSES[code])


def _add_overdue(record: ProofRecord, proof: Proof, key: tuple[str, int], as_of: str) -> None:
    reason = _why_not_zero(proof, as_of)
    if reason is None:
        record.noticed.setdefault(key, proof)
        return
    message = f"{proof.place}:标为逾期未提供,但{reason},不能按零分处理,该指标暂不评分"
    record.findings.append(Finding("overdue_without_notice", "warning", message, proof.subject, proof.indicator))


def _why_not_zero(proof: Proof, as_of: str) -> str | None:
    """What keeps 逾期未提供 from counting on the day ``as_of``: no notice, a notice yet to be given, a deadline yet to pass."""
    if not (proof.notice_number and proof.notice_date):
        return "没有补充资料通知的文号和日期"
    if proof.notice_date.isoformat() > as_of:
        return f"补充资料通知的日期{proof.notice_date.isoformat()}在评价基准日{as_of}之后"
    if proof.deadline is not None and proof.deadline.isoformat() >= as_of:
        return f"补充期限{proof.deadline.isoformat()}未过"
    return None


def _add_waiver(record: ProofRecord, waiver: Waiver, row: int, indicator: Indicator | Extra, as_of: str) -> None:
    refusal = _why_not_waived(waiver, indicator, as_of)
    if refusal is None:
        record.waivers[(waiver.indicator, row)] = waiver
        return
    message = f"{waiver.place}:不适用申请未采用:{refusal}(指标{indicator.code} {indicator.name})"
    record.findings.append(Finding("waiver_refused", "warning", message, waiver.subject, waiver.indicator))


def _why_not_waived(waiver: Waiver, indicator: Indicator | Extra, as_of: str) -> str | None:
    if not isinstance(indicator, Indicator):
        return "加分项和扣分项在基础分之外,没有不适用"
    if any(word in waiver.reason for word in NOT_DONE):
        return "未实施不等于不适用"
    if not (waiver.reason.strip() and waiver.proof.strip() and waiver.approver.strip()):
        return "须写明理由、证明和批准人"
    if waiver.approved_on.isoformat() > as_of:
        return f"批准日期{waiver.approved_on.isoformat()}在评价基准日{as_of}之后"
    if indicator.approved and not waiver.adjustment:
        return "该指标属于批复的绩效目标,须先有绩效目标调整批复文号"
    return None
