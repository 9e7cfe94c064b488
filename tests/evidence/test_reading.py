"""What reading gives: typed values, their cells, and the conversions it tells about."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from evidence_workbooks import FUNDS_HEAD, field, subjects, table, write_xlsx

from workbench.base.exact import Exact
from workbench.evidence.reader import read_evidence
from workbench.evidence.tables import EvidenceStatus, Table
from workbench.scheme.pack import Pack

Read = Callable[..., Any]


def one(read: Read, title: str, value: object, name: str, **more: Any) -> tuple[Any, list[Any]]:
    """Value and notes of one cell under a header of 项目资金."""
    evidence = read({"项目资金": [["对象编号", "全年预算数(万元)*", title], ["P1", 100, value]]}, **more)
    return evidence.tables["funds"].value(0, name), evidence.notes


def test_types_and_places(read: Read) -> None:
    evidence = read(
        {
            "项目资金": [
                ["对象编号", "全年预算数(万元)*", "开工日期", "是否完成", "资金性质", "备注", "培训人数"],
                ["P1", 1234.56, date(2022, 3, 1), "是", "中央", "  =1+1 ", 30],
            ]
        }
    )
    funds = evidence.tables["funds"]
    assert len(funds) == 1
    assert funds.value(0, "budget") == Decimal("1234.56")
    assert funds.value(0, "executed") is None
    assert funds.value(0, "started") == date(2022, 3, 1)
    assert funds.value(0, "done") is True
    assert funds.value(0, "kind") == "中央"
    assert funds.value(0, "remark") == "=1+1"
    assert funds.value(0, "people") == Decimal(30)
    assert funds.cell(0, "started") == "基础数据.xlsx [项目资金] C2"
    assert funds.cell(0, "executed") == "基础数据.xlsx [项目资金] 第2行"
    budget = funds.columns["budget"]
    assert isinstance(budget, Exact) and budget.decimals == 6 and budget.units.tolist() == [1234560000]
    started = funds.columns["started"]
    assert isinstance(started, Exact) and started.units.tolist() == [(date(2022, 3, 1) - date(1970, 1, 1)).days]
    assert evidence.subjects.value(0, "role") == "评价对象"
    assert evidence.notes == []
    with pytest.raises(KeyError):
        funds.field_spec("nothing")
    with pytest.raises(TypeError):
        funds.texts("budget")


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("1,234.5", "1234.5"),
        ("１，２３４．５", "1234.5"),
        ("￥100", "100"),
        (" 266 ", "266"),
        ("266万元", "266"),
        ("266 万元", "266"),
        (".5", "0.5"),
        ("1.2E+05", "120000"),
        (0.1 + 0.2, "0.3"),
        ("+7", "7"),
    ],
)
def test_numbers_as_typed(read: Read, written: object, expected: str) -> None:
    value, notes = one(read, "全年执行数(万元)", written, "executed")
    assert value == Decimal(expected)
    assert notes == []


@pytest.mark.parametrize(
    ("written", "expected"), [("1.2亿元", "12000"), ("200万", "200"), ("5000元", "0.5"), ("3亿", "30000")]
)
def test_units_in_a_cell_are_converted_with_a_note(read: Read, written: str, expected: str) -> None:
    value, notes = one(read, "全年执行数(万元)", written, "executed")
    assert value == Decimal(expected)
    (note,) = notes
    assert (note.code, note.severity) == ("unit_converted", "info")
    assert written in note.message and f"{expected}万元" in note.message
    assert (note.place.sheet, note.place.row, note.place.field) == ("项目资金", 2, "全年执行数")


@pytest.mark.parametrize("title", ["全年执行数(元)", "全年执行数（元）", "全年执行数/元", "全年\n执行数 (元)*"])
def test_header_unit_is_converted_exactly_with_a_note(read: Read, title: str) -> None:
    value, notes = one(read, title, 899740.03, "executed")
    assert value == Decimal("89.974003")
    assert [n.code for n in notes] == ["unit_converted"]
    assert "万元" in notes[0].message


def test_a_cell_with_its_own_unit_ignores_the_header_unit(read: Read) -> None:
    value, _ = one(read, "全年执行数(元)", "2万元", "executed")
    assert value == Decimal(2)


def test_unit_above_the_table(read: Read) -> None:
    evidence = read({"项目资金": [["项目资金情况表"], ["单位:元"], ["对象编号", "全年预算数"], ["P1", 20000]]})
    assert evidence.tables["funds"].value(0, "budget") == Decimal(2)
    assert evidence.tables["funds"].cell(0, "budget").endswith("B4")
    assert "表上方" in evidence.notes[0].message


def test_unit_above_the_table_yields_to_the_header(read: Read) -> None:
    evidence = read({"项目资金": [["单位:元"], FUNDS_HEAD, ["P1", 20000]]})
    assert evidence.tables["funds"].value(0, "budget") == Decimal(20000)


def test_rounding_is_told(read: Read) -> None:
    value, notes = one(read, "评分", 2.675, "score")
    assert value == Decimal("2.68")
    assert notes[0].code == "rounded" and notes[0].severity == "info"


def test_rounding_of_text_is_told(read: Read) -> None:
    value, notes = one(read, "评分", "2.6749999999999999", "score")
    assert value == Decimal("2.67")
    assert notes[0].code == "rounded"


@pytest.mark.parametrize(
    ("written", "expected"), [(93, "93"), ("93%", "93"), ("93％", "93"), ("0.5%", "0.5"), (0, "0"), ("5‰", "0.5")]
)
def test_percent_as_typed(read: Read, written: object, expected: str) -> None:
    value, _ = one(read, "执行率(%)", written, "rate")
    assert value == Decimal(expected)


@pytest.mark.parametrize(
    ("stored", "expected"), [(0.93, "93"), (1.0259, "102.59"), (1, "100"), (0.003, "0.3"), (0, "0")]
)
def test_percent_format_means_percent(read: Read, stored: float, expected: str) -> None:
    value, notes = one(read, "执行率", stored, "rate", percent=[("项目资金", 1, 2)])
    assert value == Decimal(expected)
    assert notes == []


def test_a_small_percentage_needs_no_sign_where_only_small_ones_are_possible(tmp_path: Path) -> None:
    spec = table("t", "表", [field("r", "受害率", "percent", max=1)])
    path = write_xlsx(tmp_path / "a.xlsx", {"评价对象": subjects(), "表": [["受害率"], [0.9]]})
    assert read_evidence(path, [spec]).tables["t"].value(0, "r") == Decimal("0.9")


@pytest.mark.parametrize(
    "written",
    [
        "2022-3-1",
        "2022/3/1",
        "2022年3月1日",
        "２０２２年３月１日",
        "2022.3.1",
        "20220301",
        "2022-03-01 08:30",
        20220301,
        date(2022, 3, 1),
        datetime(2022, 3, 1, 8, 30),
    ],
)
def test_dates_as_typed(read: Read, written: object) -> None:
    assert one(read, "开工日期", written, "started")[0] == date(2022, 3, 1)


@pytest.mark.parametrize(("written", "expected"), [("是", True), ("否", False), (True, True), (0, False), ("√", True)])
def test_yes_and_no(read: Read, written: object, expected: bool) -> None:
    assert one(read, "是否完成", written, "done")[0] is expected


def test_texts_of_numbers_and_dates(read: Read) -> None:
    assert one(read, "备注", 2022.0, "remark")[0] == "2022"
    assert one(read, "备注", date(2022, 3, 1), "remark")[0] == "2022-03-01"
    assert one(read, "备注", True, "remark")[0] == "是"
    assert one(read, "备注", 0.955, "remark", percent=[("项目资金", 1, 2)])[0] == "95.5%"


def test_header_found_below_a_title_and_blank_rows(read: Read) -> None:
    evidence = read({"项目资金": [["附件1"], [], [None, "项目资金表"], [None, *FUNDS_HEAD], [None, "P1", 5]]})
    assert evidence.tables["funds"].cell(0, "budget") == "基础数据.xlsx [项目资金] C5"


def test_header_by_field_name(read: Read) -> None:
    assert read({"项目资金": [["subject", "budget"], ["P1", 5]]}).tables["funds"].value(0, "budget") == 5


def test_two_row_merged_header(tmp_path: Path, pack: Pack) -> None:
    from xlsxwriter import Workbook

    path = tmp_path / "两行表头.xlsx"
    with Workbook(str(path)) as book:
        first = book.add_worksheet("评价对象")
        first.write_row(0, 0, ["对象编号", "对象名称"])
        first.write_row(1, 0, ["P1", "甲"])
        sheet = book.add_worksheet("项目资金")
        sheet.merge_range(0, 0, 0, 5, "项目资金情况")
        sheet.merge_range(1, 0, 2, 0, "对象编号*")
        sheet.merge_range(1, 1, 1, 2, "资金(万元)")
        sheet.write_row(2, 1, ["全年预算数(万元)*", "全年执行数(元)"])
        sheet.merge_range(1, 3, 2, 3, "资金性质")
        sheet.write(1, 4, "执行")
        sheet.write(2, 4, "率(%)")
        sheet.write_row(3, 0, ["P1", 100, 795000, "中央", 79.5])
    funds = read_evidence(path, pack.tables[:1], subject_fields=pack.subject_fields).tables["funds"]
    assert funds.value(0, "budget") == 100
    assert funds.value(0, "executed") == Decimal("79.5")
    assert funds.value(0, "kind") == "中央"
    assert funds.value(0, "rate") == Decimal("79.5")
    assert funds.cell(0, "budget") == "两行表头.xlsx [项目资金] B4"


def test_merged_texts_fill_down(tmp_path: Path) -> None:
    from xlsxwriter import Workbook

    spec = table("t", "指标", [field("level1", "一级指标", "text", required=True), field("name", "三级指标", "text")])
    path = tmp_path / "a.xlsx"
    with Workbook(str(path)) as book:
        first = book.add_worksheet("评价对象")
        first.write_row(0, 0, ["对象编号", "对象名称"])
        first.write_row(1, 0, ["P1", "甲"])
        sheet = book.add_worksheet("指标")
        sheet.write_row(0, 0, ["一级指标", "三级指标"])
        sheet.merge_range(1, 0, 3, 0, "产出指标")
        sheet.write_column(1, 1, ["a", "b", "c"])
    assert read_evidence(path, [spec]).tables["t"].texts("level1") == ["产出指标"] * 3


def test_trailing_blanks_and_notes_are_no_records(read: Read) -> None:
    evidence = read(
        {
            "支付明细": [
                ["凭证号*", "金额(元)", "", ""],
                ["记1", 1, "", "  "],
                [None, None],
                ["记2", 2],
                ["", "  "],
                ["注:数据截至年底"],
                [None],
                [None, "说明:不含上年结转"],
                ["备注:略", "", " "],
                [],
            ],
            "项目资金": [FUNDS_HEAD, ["P1", 1]],
        }
    )
    payments = evidence.tables["payments"]
    assert payments.texts("voucher") == ["记1", "记2"]
    assert payments.rows.tolist() == [2, 4]
    assert payments.texts("subject") == ["P1", "P1"]


def test_a_note_with_more_beside_it_is_a_record(read: Read) -> None:
    evidence = read({"支付明细": [["凭证号", "金额"], ["注1", 2]], "项目资金": [FUNDS_HEAD, ["P1", 1]]})
    assert len(evidence.tables["payments"]) == 1


def test_optional_sheet_absent(read: Read) -> None:
    evidence = read({"项目资金": [FUNDS_HEAD, ["P1", 1]]})
    payments = evidence.tables["payments"]
    assert len(payments) == 0 and set(payments.columns) == {"subject", "voucher", "amount"}
    assert evidence.proofs == [] and evidence.waivers == [] and evidence.cap_facts == []


def test_unasked_sheets_are_told(read: Read) -> None:
    evidence = read({"项目资金": [FUNDS_HEAD, ["P1", 1]], "支付明细2": [["x"]], "说明": [["x"]], "代码表": [["x"]]})
    (note,) = evidence.notes
    assert (note.code, note.place.sheet) == ("unknown_sheet", "支付明细2")
    assert "支付明细" in (note.fix or "")


def test_subject_fields(read: Read) -> None:
    evidence = read(
        {
            "评价对象": [
                ["对象编号", "对象名称", "类型", "地区"],
                ["P1", "甲", "参照", "宜宾"],
                ["P2", "乙", None, "宜宾"],
            ],
            "项目资金": [FUNDS_HEAD, ["P1", 1]],
        }
    )
    assert evidence.subjects.value(0, "region") == "宜宾"
    assert evidence.subjects.texts("role") == ["参照", "评价对象"]


def test_register_statuses(read: Read) -> None:
    evidence = read(
        {
            "项目资金": [FUNDS_HEAD, ["P1", 1]],
            "佐证清单": [
                [
                    "指标编码*",
                    "佐证状态",
                    "资料名称",
                    "核定值",
                    "核实日期",
                    "补充资料通知文号",
                    "补充资料通知日期",
                    "补充期限",
                ],
                ["A1", None, "决算报表"],
                ["A1", None, None],
                ["B1", "核实不符", "签到表", 12.5, date(2023, 4, 1)],
                ["B2", "核实不符", "签到表"],
                ["B3", "逾期未提供", None, None, None, "补〔2023〕1号", date(2023, 4, 1), date(2023, 4, 15)],
            ],
        }
    )
    assert [p.status for p in evidence.proofs] == [
        EvidenceStatus.unverified,
        EvidenceStatus.missing,
        EvidenceStatus.contradicted,
        EvidenceStatus.contradicted,
        EvidenceStatus.overdue,
    ]
    third = evidence.proofs[2]
    assert (third.verified_value, third.verified_on) == (Decimal("12.5"), date(2023, 4, 1))
    assert third.place == "基础数据.xlsx [佐证清单] A4"
    assert evidence.proofs[4].deadline == date(2023, 4, 15)
    assert [n.code for n in evidence.notes] == ["verified_value_blank"]
    assert str(EvidenceStatus.missing) == "未提供(待补)"


def test_attachments_are_digested(read: Read, tmp_path: Path) -> None:
    (tmp_path / "附件").mkdir()
    (tmp_path / "附件/决算.pdf").write_bytes(b"%PDF")
    digest = hashlib.sha256(b"%PDF").hexdigest()
    head = ["指标编码", "资料名称", "附件文件", "附件摘要(SHA-256)"]
    evidence = read(
        {
            "项目资金": [FUNDS_HEAD, ["P1", 1]],
            "佐证清单": [
                head,
                ["A1", "决算", "附件/决算.pdf", None],
                ["B1", "决算", "附件/决算.pdf", digest.upper()],
                ["C1", "合同", "附件/合同.pdf", None],
                ["D1", "只有摘要", None, digest],
            ],
        }
    )
    assert [p.attachment_sha256 for p in evidence.proofs] == [digest, digest, None, digest]
    assert [(f.path, f.size) for f in evidence.files][1:] == [("附件/决算.pdf", 4)]
    assert [n.code for n in evidence.notes] == ["attachment_missing"]


def test_waivers(read: Read) -> None:
    head = ["指标编码", "不适用理由", "证明材料", "批准人", "批准日期", "绩效目标调整批复文号"]
    evidence = read(
        {
            "项目资金": [FUNDS_HEAD, ["P1", 1]],
            "不适用申请": [head, ["A1", "无此业务", "情况说明", "王某", "2023-4-1", "财调〔2023〕2号"]],
        }
    )
    (waiver,) = evidence.waivers
    assert (waiver.subject, waiver.approved_on, waiver.adjustment) == ("P1", date(2023, 4, 1), "财调〔2023〕2号")


def test_cap_facts(read: Read) -> None:
    sheet = [
        ["对象编号", "情形代码*", "情形", "核查结果", "依据文件及文号", "文件日期"],
        [None, "audit", "审计发现", "未核查"],
        [None, "fraud", "弄虚作假", None],
        ["P2", "audit", "审计发现", "触发", "审〔2023〕5号", date(2023, 3, 1)],
        ["P1", "fraud", "弄虚作假", "已核查未触发"],
    ]
    funds = [FUNDS_HEAD, ["P1", 1], ["P2", 1]]
    evidence = read({"评价对象": subjects("P1", "P2"), "项目资金": funds, "情形核查": sheet})
    assert [(f.subject, f.cap, f.state) for f in evidence.cap_facts] == [
        ("P2", "audit", "触发"),
        ("P1", "fraud", "已核查未触发"),
    ]
    assert evidence.cap_facts[0].date == date(2023, 3, 1)
    assert [n.code for n in evidence.notes] == ["cap_without_document"]
    alone = read({"项目资金": funds[:2], "情形核查": sheet[:3]})
    assert [(f.subject, f.state) for f in alone.cap_facts] == [("P1", "未核查"), ("P1", "未核查")]


def test_digest_ignores_folder_name_and_order(tmp_path: Path, pack: Pack) -> None:
    sheets = {"评价对象": subjects(), "项目资金": [[*FUNDS_HEAD, "备注"], ["P1", 1.5, "x"]]}
    found = []
    for name in ("甲/a.xlsx", "乙/b.xlsx"):
        (tmp_path / name).parent.mkdir()
        path = write_xlsx(tmp_path / name, sheets)
        found.append(read_evidence(path, pack.tables, subject_fields=pack.subject_fields))
    first, second = found
    if first.files[0].sha256 == second.files[0].sha256:
        assert first.digest == second.digest
    same_files = replace(second, files=first.files, tables=dict(reversed(second.tables.items())))
    assert first.digest == same_files.digest
    changed = write_xlsx(tmp_path / "c.xlsx", sheets | {"项目资金": [FUNDS_HEAD, ["P1", 1.6]]})
    third = read_evidence(changed, pack.tables, subject_fields=pack.subject_fields)
    assert replace(third, files=first.files).digest != first.digest


def test_digest_of_very_large_numbers() -> None:
    spec = table("t", "表", [field("x", "数", "number")])
    import numpy as np

    def with_units(units: Any) -> str:
        column = Exact(np.array(units, dtype=object), 6, np.array([True, True]))
        rows = np.array([2, 3])
        made = Table(spec, "a", "表", rows, {}, {"subject": np.array(["P1", "P2"], dtype=object), "x": column})
        from workbench.evidence.tables import Evidence

        return Evidence(made, {}).digest

    assert with_units([10**25, 1]) != with_units([10**25 + 1, 1])
    assert with_units([5, 1]) == with_units([5, 1])


def test_source_file_and_name(read: Read, tmp_path: Path, pack: Pack) -> None:
    read({"项目资金": [FUNDS_HEAD, ["P1", 1]]})
    path = tmp_path / "基础数据.xlsx"
    evidence = read_evidence(path, pack.tables, subject_fields=pack.subject_fields, name="params/数据/基础数据.xlsx")
    (source,) = evidence.files
    assert source.path == "params/数据/基础数据.xlsx"
    assert source.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert source.size == path.stat().st_size
    assert evidence.tables["funds"].cell(0, "budget") == "基础数据.xlsx [项目资金] B2"
