"""Data corrections: the new value is read like a cell, the old one must be there, and the place tells of both."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from evidence_workbooks import FUNDS_HEAD, subjects, write_xlsx
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workbench.base.errors import EvidenceError, Problem
from workbench.evidence.corrections import CellChange, Change, ProofChange, apply_corrections, written
from workbench.evidence.indicators import indicators_from_sheet
from workbench.evidence.reader import read_evidence
from workbench.evidence.standard import INDICATOR_SHEET
from workbench.evidence.tables import Evidence, EvidenceStatus
from workbench.scheme.pack import IndicatorSheet

Read = Callable[..., Evidence]
CODES = ["A1", "B1"]
ORIGIN = "评审台账第12号数据更正"
FUNDS = [
    [*FUNDS_HEAD, "全年执行数(万元)", "执行率(%)", "开工日期", "是否完成", "资金性质", "备注"],
    ["P1", 200, 195.5, 97.75, "2023-03-01", "是", "中央", "首批"],
    ["P2", 100, None, None, None, None, None, None],
]
PAYMENTS = [["对象编号", "凭证号*", "金额(元)"], ["P1", "记-1", 10], ["P2", "记-2", 20], ["P1", "记-3", 30]]
REGISTER = [
    ["对象编号", "指标编码*", "佐证状态", "资料名称", "文号或编号"],
    ["P1", "A1", "已提供未核实", "决算报表", "财字1号"],
    ["P1", "A1", "未提供(待补)", None, None],
    ["P2", "A1", "核实一致", "决算报表", None],
]


@pytest.fixture
def evidence(read: Read) -> Evidence:
    sheets = {"评价对象": subjects("P1", "P2"), "项目资金": FUNDS, "支付明细": PAYMENTS, "佐证清单": REGISTER}
    return read(sheets)


def cell(
    field: str,
    old: str | None,
    new: str | None,
    *,
    table: str = "funds",
    subject: str = "P1",
    row: int = 1,
    n: int = 12,
) -> CellChange:
    return CellChange(f"评审台账第{n}号数据更正", subject, table, field, row, old, new)


def proof(status: EvidenceStatus, subject: str = "P1", indicator: str = "A1", **more: Any) -> ProofChange:
    return ProofChange(ORIGIN, subject, indicator, status, **more)


def refused(evidence: Evidence, *changes: Change) -> list[Problem]:
    with pytest.raises(EvidenceError) as caught:
        apply_corrections(evidence, changes, CODES)
    return list(caught.value.problems)


@pytest.mark.parametrize(
    ("field", "old", "new", "expected"),
    [
        ("executed", "195.5", "184", Decimal(184)),
        ("全年执行数", "195.50", "1840000元", Decimal(184)),  # another unit, as a cell may have it
        ("executed", "195.5万元", "1,184", Decimal(1184)),
        ("executed", "195.5", None, None),
        ("rate", "97.75%", "92%", Decimal(92)),
        ("rate", "97.75", "92.00", Decimal(92)),
        ("done", "是", "否", False),
        ("kind", "中央", "地方", "地方"),
        ("remark", "首批", "=1+1", "=1+1"),
        ("people", None, "12", Decimal(12)),  # a column the sheet does not even have
    ],
)
def test_a_new_value_is_read_as_a_cell_is(
    evidence: Evidence, field: str, old: str | None, new: str | None, expected: Any
) -> None:
    funds = apply_corrections(evidence, [cell(field, old, new)], CODES).tables["funds"]
    name = next(f.name for f in funds.spec.fields if field in (f.name, f.title))
    assert funds.value(0, name) == expected
    assert funds.value(1, name) == evidence.tables["funds"].value(1, name)
    assert written(evidence.tables["funds"], 0, name) in (old, "195.5", "97.75%")


def test_the_evidence_corrected_is_another_and_the_one_read_stays(evidence: Evidence) -> None:
    before = evidence.digest
    after = apply_corrections(evidence, [cell("executed", "195.5", "184")], CODES)
    assert evidence.tables["funds"].value(0, "executed") == Decimal("195.5")
    assert (evidence.digest == before, after.digest == before) == (True, False)
    again = apply_corrections(after, [cell("executed", "184", "195.5", n=15)], CODES)
    assert again.digest == before  # content decides, not how it came about


def test_the_place_keeps_the_cell_and_names_every_correction(evidence: Evidence) -> None:
    changes = [cell("executed", "195.5", "184"), cell("executed", "184", "190", n=15)]
    funds = apply_corrections(evidence, changes, CODES).tables["funds"]
    assert funds.cell(0, "executed") == "基础数据.xlsx [项目资金] C2(评审台账第12号数据更正、评审台账第15号数据更正)"
    assert funds.cell(1, "executed") == "基础数据.xlsx [项目资金] C3"


def test_rows_count_those_of_the_subject(evidence: Evidence) -> None:
    change = cell("金额", "30", "35", table="支付明细", row=2)
    payments = apply_corrections(evidence, [change], CODES).tables["payments"]
    assert [payments.value(i, "amount") for i in range(3)] == [Decimal(10), Decimal(20), Decimal(35)]


@pytest.mark.parametrize("old", ["195.4", None, "没有", "195.5元"])
def test_data_that_moved_are_not_corrected(evidence: Evidence, old: str | None) -> None:
    [problem] = refused(evidence, cell("executed", old, "184"))
    assert problem.code == "stale_correction"
    assert (problem.place.sheet, problem.place.row, problem.place.field) == ("项目资金", 2, "全年执行数")
    assert (problem.found, problem.expected) == ("195.5", f"更正所记的“{old or '空'}”")
    assert problem.place.key == ORIGIN


@pytest.mark.parametrize(
    ("change", "code", "said"),
    [
        (cell("rate", "97.75%", "0.92"), "percent_fraction", "若为92%,请填 92"),
        (cell("rate", "97.75%", "201%"), "out_of_range", "≤200%"),
        (cell("executed", "195.5", "-1"), "negative_money", "≥0万元"),
        (cell("executed", "195.5", "很多"), "not_a_number", "数字(单位:万元)"),
        (cell("executed", "195.5", "184吨"), "unit_mismatch", "万元"),
        (cell("executed", "195.5", "9" * 30), "number_too_long", "24位以内"),
        (cell("started", "2023-03-01", "2023年3月"), "date_month_only", "请写到日"),
        (cell("done", "是", "也许"), "bool_unknown", "是 或 否"),
        (cell("kind", "中央", "中夬"), "unknown_code", "是否想写“中央”"),
        (cell("remark", "首批", "长" * 32768), "cell_too_long", "32767字以内"),
        (cell("budget", "200", None), "required_blank", "必填项为空"),
        (cell("budget", "200", " "), "required_blank", "必填项为空"),
        (cell("executed", "195.5", "195.50"), "nothing_corrected", "与原值相同"),
        (cell("excuted", "1", "2"), "unknown_column", "是否想写“全年执行数”"),
        (cell("全年执行", "1", "2"), "unknown_column", "是否想写“全年执行数”"),
        (cell("executed", "1", "2", table="资金"), "unknown_table", "是否想写“项目资金”"),
        (cell("status", "1", "2", table="佐证清单"), "unknown_table", "请用佐证更正"),
        (cell("state", "1", "2", table="情形核查"), "unknown_table", "重新运行"),
        (cell("executed", "1", "2", row=2), "unknown_row", "1至1"),
        (cell("executed", "1", "2", row=0), "unknown_row", "1至1"),
        (cell("executed", "1", "2", subject="P9"), "unknown_subject", "没有这个评价对象"),
        (cell("subject", "P1", "P2"), "not_correctable", "重新运行"),
        (cell("类型", "评价对象", "参照", table="评价对象"), "not_correctable", "重新运行"),
        (cell("凭证号", "记-3", "记-1", table="payments", row=2), "duplicate_key", "同一记录出现多次"),
        (proof(EvidenceStatus.verified, indicator="A2"), "unknown_indicator", "是否想写"),
        (proof(EvidenceStatus.verified, subject="P3"), "unknown_subject", "没有这个评价对象"),
        (proof(EvidenceStatus.verified, indicator="B1"), "proof_without_document", "核实一致"),
        (proof(EvidenceStatus.verified, verified_value=Decimal(90)), "verified_value_unused", "核实不符"),
        (proof(EvidenceStatus.contradicted, verified_value=Decimal(10) ** 40), "number_too_large", "数值太大"),
    ],
)
def test_every_mistake_is_named(evidence: Evidence, change: Change, code: str, said: str) -> None:
    [problem] = refused(evidence, change)
    assert problem.code == code
    assert said in str(problem) and ORIGIN in str(problem)


def test_all_mistakes_at_once(evidence: Evidence) -> None:
    changes = [cell("nothing", "1", "2"), proof(EvidenceStatus.verified, indicator="Z"), cell("done", "是", "否")]
    assert [p.code for p in refused(evidence, *changes)] == ["unknown_column", "unknown_indicator"]


def test_a_conversion_is_noted_with_its_correction(evidence: Evidence) -> None:
    made = apply_corrections(evidence, [cell("executed", "195.5", "1840000元")], CODES)
    assert [n.code for n in made.notes[len(evidence.notes) :]] == ["unit_converted"]
    assert made.notes[-1].place.key == ORIGIN


def test_a_proof_replaces_all_lines_of_its_indicator(evidence: Evidence) -> None:
    change = proof(EvidenceStatus.contradicted, verified_value=Decimal("92.1"), document="银行回单", sha256="a" * 64)
    [first, other] = apply_corrections(evidence, [change], CODES).proofs
    assert (first.subject, first.status, first.verified_value) == ("P1", "核实不符", Decimal("92.1"))
    assert (first.document, first.number, first.attachment_sha256) == ("银行回单", None, "a" * 64)
    assert first.place == "基础数据.xlsx [佐证清单] B2;基础数据.xlsx [佐证清单] B3(评审台账第12号数据更正)"
    assert other == evidence.proofs[2]


def test_without_another_document_those_listed_stand(evidence: Evidence) -> None:
    [first, _] = apply_corrections(evidence, [proof(EvidenceStatus.verified)], CODES).proofs
    assert (first.status, first.document) == ("核实一致", "决算报表 财字1号")


def test_what_had_no_line_gets_one(evidence: Evidence) -> None:
    change = proof(EvidenceStatus.verified, indicator="B1", document="验收单")
    made = apply_corrections(evidence, [change], CODES).proofs
    assert made[:3] == evidence.proofs and made[3].place == ORIGIN


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.decimals("0.01", "999999", places=2).filter(lambda n: n != Decimal("195.5")))
def test_a_correction_and_its_reverse_leave_nothing(evidence: Evidence, number: Decimal) -> None:
    changes = [cell("executed", "195.5", str(number)), cell("executed", str(number), "195.5")]
    assert apply_corrections(evidence, changes, CODES).digest == evidence.digest


SHEET = [
    ["一级指标*", "三级指标*", "指标性质*", "年度指标值", "计量单位", "分值(分)*", "实际完成值", "评定比例(%)"],
    ["产出指标", "人数", "≥", "95", "%", 60, "92", None],
    ["效益指标", "效果", "定性", "有效", None, 40, None, 80],
]


@pytest.fixture
def sheet(tmp_path: Any) -> Evidence:
    """The 绩效指标 sheet as read, before it becomes indicators."""
    path = write_xlsx(tmp_path / "自评.xlsx", {"评价对象": subjects("P1"), "绩效指标": SHEET})
    return read_evidence(path, [], indicator_sheet=True)


@pytest.mark.parametrize(("field", "row"), [("actual", 1), ("实际完成值", 1), ("I01.actual", 1), ("I01.实际完成值", 7)])
def test_a_line_of_the_indicator_sheet_by_row_or_by_code(sheet: Evidence, field: str, row: int) -> None:
    change = cell(field, "92", "93.125%", table="绩效指标", row=row)
    made = apply_corrections(sheet, [change, cell("I02.degree", "80%", "65", table="indicators", n=13)], CODES)
    title = IndicatorSheet(title="绩效指标")
    indicators, wide = indicators_from_sheet(made.tables[INDICATOR_SHEET.name], title, made.subjects)
    assert (wide.value(0, "i01_actual"), wide.value(0, "i02_actual")) == (Decimal("93.125"), Decimal(65))
    assert indicators[0].decimals == 3  # as many as are written, as in the sheet itself
    assert wide.cell(0, "i01_actual") == "自评.xlsx [绩效指标] G2(评审台账第12号数据更正)"
    assert wide.cell(0, "i02_actual") == "自评.xlsx [绩效指标] H3(评审台账第13号数据更正)"


@pytest.mark.parametrize(
    ("field", "code", "said"),
    [
        ("I01.weight", "not_correctable", "changes"),
        ("I01.target", "not_correctable", "changes"),
        ("I01.name", "not_correctable", "重新运行"),
        ("I09.actual", "unknown_indicator", "是否想写“I0"),
        ("I01.aktual", "unknown_column", "实际完成值"),
    ],
)
def test_what_was_agreed_is_no_finding(sheet: Evidence, field: str, code: str, said: str) -> None:
    [problem] = refused(sheet, cell(field, "92", "93", table="绩效指标"))
    assert problem.code == code and said in str(problem)


def test_a_value_the_line_does_not_take_is_told_with_the_correction(sheet: Evidence) -> None:
    made = apply_corrections(sheet, [cell("I01.actual", "92", "很多", table="绩效指标")], CODES)
    with pytest.raises(EvidenceError) as caught:
        indicators_from_sheet(made.tables[INDICATOR_SHEET.name], IndicatorSheet(title="绩效指标"), made.subjects)
    assert ORIGIN in str(caught.value) and "定量指标应填数字" in str(caught.value)
