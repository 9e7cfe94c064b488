"""Every bad input has its own message: code, sheet, row, field and what to do about it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from evidence_workbooks import FUNDS_HEAD, field, subjects, table, write_xlsx

from workbench.base.errors import EvidenceError, Problem
from workbench.evidence.reader import read_evidence
from workbench.evidence.tables import Evidence

Problems = Callable[..., list[Problem]]
Read = Callable[..., Evidence]


def only(found: list[Problem], code: str, sheet: str, row: int | None, title: str | None, fix: str) -> Problem:
    """The one problem there is, checked in all its parts."""
    assert [p.code for p in found] == [code], [str(p) for p in found]
    problem = found[0]
    assert (problem.place.sheet, problem.place.row, problem.place.field) == (sheet, row, title)
    assert problem.place.file and problem.place.file.endswith("基础数据.xlsx")
    assert fix in (problem.fix or ""), problem.fix
    return problem


def funds(title: str, *values: Any, head: str = "全年预算数(万元)*") -> dict[str, list[list[Any]]]:
    """A 项目资金 sheet with one more column, one row for P1."""
    rows = [["P1", 100, v] for v in values]
    return {"项目资金": [["对象编号", head, title], *rows]}


def test_missing_sheet(problems: Problems) -> None:
    problem = only(problems({"人员名单": [FUNDS_HEAD]}), "missing_sheet", "项目资金", None, None, "")
    assert "workbench template" in (problem.fix or "")


def test_missing_sheet_names_the_nearest(problems: Problems) -> None:
    found = problems({"项目资金表": [FUNDS_HEAD, ["P1", 1]]})
    only(found, "missing_sheet", "项目资金", None, None, "项目资金表")


def test_header_typo_is_an_error_with_the_nearest(problems: Problems) -> None:
    found = problems({"项目资金": [["对象编号", "全年预算"], ["P1", 1]]})
    problem = only(found, "missing_header", "项目资金", 1, "全年预算数", "全年预算数(万元)*")
    assert problem.found == "全年预算"


def test_missing_header_without_a_near_one(problems: Problems) -> None:
    found = problems({"项目资金": [["对象编号", "联系电话"], ["P1", "1"]]})
    only(found, "missing_header", "项目资金", 1, "全年预算数", "请加上表头")


def test_no_header_at_all(problems: Problems) -> None:
    found = problems({"项目资金": [["甲", "乙"], ["丙", "丁"]]})
    only(found, "header_not_found", "项目资金", None, None, "模板")


def test_unknown_column_is_a_warning(read: Read) -> None:
    evidence = read({"项目资金": [[*FUNDS_HEAD, "经办人电话"], ["P1", 1, "x"]]})
    (note,) = evidence.notes
    assert (note.code, note.severity, note.place.sheet, note.place.field) == (
        "unknown_column",
        "warning",
        "项目资金",
        "经办人电话",
    )


def test_a_header_near_an_absent_optional_one_is_a_typo(problems: Problems) -> None:
    # Read over, the whole column would be missing without anyone noticing.
    found = problems({"项目资金": [[*FUNDS_HEAD, "全年执行数额"], ["P1", 1, 1]]})
    problem = only(found, "header_typo", "项目资金", 1, "全年执行数额", "请改表头")
    assert problem.expected == "“全年执行数”"


def test_duplicate_header(problems: Problems) -> None:
    found = problems({"项目资金": [[*FUNDS_HEAD, "全年预算数"], ["P1", 1, 2]]})
    only(found, "duplicate_header", "项目资金", 1, "全年预算数", "只保留一列")


def test_header_unit_that_cannot_be_converted(problems: Problems) -> None:
    only(problems(funds("培训人数(亩)", 3)), "header_unit", "项目资金", 1, "培训人数", "换算成人")


@pytest.mark.parametrize("text", ["约一百", "12年3月", "1,23", "--", "/", "无"])
def test_text_in_a_number_field(problems: Problems, text: str) -> None:
    found = problems(funds("全年执行数(万元)", text))
    problem = only(found, "not_a_number", "项目资金", 2, "全年执行数", "没有数据请留空")
    assert problem.found == text and problem.expected == "数字(单位:万元)"


def test_unit_inside_a_cell_that_cannot_be_converted(problems: Problems) -> None:
    only(problems(funds("培训人数(人)", "5公顷")), "unit_mismatch", "项目资金", 2, "培训人数", "换算成人")


def test_unit_in_a_field_without_one(problems: Problems) -> None:
    only(problems(funds("评分", "90分")), "unit_mismatch", "项目资金", 2, "评分", "不带单位")


def test_unknown_code(problems: Problems) -> None:
    problem = only(problems(funds("资金性质", "中央级")), "unknown_code", "项目资金", 2, "资金性质", "中央")
    assert problem.expected == "中央、地方、自筹"


def test_out_of_range(problems: Problems) -> None:
    problem = only(problems(funds("评分", 100.01)), "out_of_range", "项目资金", 2, "评分", "核对")
    assert problem.expected == "≥0 且 ≤100"


def test_required_blank(problems: Problems) -> None:
    found = problems({"项目资金": [[*FUNDS_HEAD, "备注"], ["P1", None, "x"]]})
    only(found, "required_blank", "项目资金", 2, "全年预算数", "补填")


def test_negative_money(problems: Problems) -> None:
    problem = only(problems(funds("全年执行数", -0.01)), "negative_money", "项目资金", 2, "全年执行数", "正负号")
    assert problem.expected == "≥0万元"


def test_negative_money_is_allowed_where_the_field_says_so(read: Read) -> None:
    evidence = read(
        {"项目资金": [FUNDS_HEAD, ["P1", 1]], "支付明细": [["凭证号*", "金额(元)"], ["记1", -12.5]]},
    )
    assert str(evidence.tables["payments"].value(0, "amount")) == "-12.50"


def test_not_an_integer(problems: Problems) -> None:
    only(problems(funds("培训人数", 3.5)), "not_an_integer", "项目资金", 2, "培训人数", "核对")


def test_not_an_integer_as_text(problems: Problems) -> None:
    only(problems(funds("培训人数", "3.5人")), "not_an_integer", "项目资金", 2, "培训人数", "核对")


@pytest.mark.parametrize("text", ["NaN", "nan", "Inf", "-inf", "∞", "Infinity"])
def test_not_finite_text(problems: Problems, text: str) -> None:
    only(problems(funds("全年执行数", text)), "not_finite", "项目资金", 2, "全年执行数", "除数")


def test_excel_error_cell(tmp_path: Path, pack: Any) -> None:
    from xlsxwriter import Workbook

    path = tmp_path / "基础数据.xlsx"
    with Workbook(str(path)) as book:
        for title, rows in {"评价对象": subjects(), "项目资金": [FUNDS_HEAD]}.items():
            sheet = book.add_worksheet(title)
            for r, row in enumerate(rows):
                sheet.write_row(r, 0, row)
        sheet.write(1, 0, "P1")
        sheet.write_formula(1, 1, "=1/0", None, "#DIV/0!")
    with pytest.raises(EvidenceError) as caught:
        read_evidence(path, pack.tables[:1], subject_fields=pack.subject_fields)
    only(list(caught.value.problems), "excel_error", "项目资金", 2, "全年预算数", "除数")


def test_formula_without_result(tmp_path: Path, pack: Any) -> None:
    from openpyxl import Workbook

    path = tmp_path / "基础数据.xlsx"
    book = Workbook()
    first = book.active
    first.title = "评价对象"
    for row in subjects():
        first.append(row)
    second = book.create_sheet("项目资金")
    second.append([*FUNDS_HEAD, "备注", "开工日期", "全年执行数"])
    second.append(["P1", 1, "=A1&B1", "=TODAY()", "=50+50"])
    book.save(path)
    with pytest.raises(EvidenceError) as caught:
        read_evidence(path, pack.tables[:1], subject_fields=pack.subject_fields)
    found = caught.value.problems
    assert len(found) == 3
    for problem, title in zip(found, ["全年执行数", "开工日期", "备注"], strict=True):
        only([problem], "formula_uncalculated", "项目资金", 2, title, "保存一次")


def test_error_and_uncalculated_cells_in_text_and_date_columns(tmp_path: Path, pack: Any) -> None:
    from xlsxwriter import Workbook

    path = tmp_path / "基础数据.xlsx"
    with Workbook(str(path)) as book:
        first = book.add_worksheet("评价对象")
        first.write_row(0, 0, ["对象编号", "对象名称"])
        first.write_row(1, 0, ["P1", "甲"])
        sheet = book.add_worksheet("项目资金")
        sheet.write_row(0, 0, ["对象编号", "全年预算数", "备注", "开工日期"])
        sheet.write_row(1, 0, ["P1", 1])
        sheet.write_formula(1, 2, "=VLOOKUP(1,A:A,2)", None, "#N/A")
        sheet.write_formula(1, 3, "=#REF!+1", None, "#REF!")
    with pytest.raises(EvidenceError) as caught:
        read_evidence(path, pack.tables[:1], subject_fields=pack.subject_fields)
    day, remark = caught.value.problems
    only([remark], "excel_error", "项目资金", 2, "备注", "留空")
    only([day], "excel_error", "项目资金", 2, "开工日期", "留空")


@pytest.mark.parametrize("value", [0.93, 1, "0.93", "1"])
def test_percent_typed_as_a_fraction(problems: Problems, value: object) -> None:
    problem = only(problems(funds("执行率(%)", value)), "percent_fraction", "项目资金", 2, "执行率", "若为")
    assert "若确为" in (problem.fix or "")


def test_rate_above_its_bound(problems: Problems) -> None:
    only(problems(funds("执行率", 9300)), "out_of_range", "项目资金", 2, "执行率", "核对")


def test_unknown_date(problems: Problems) -> None:
    problem = only(problems(funds("开工日期", "去年三月")), "date_unknown", "项目资金", 2, "开工日期", "留空")
    assert "2022年3月1日" in (problem.expected or "")


@pytest.mark.parametrize("text", ["2022年3月", "2022-3", "2022/03"])
def test_month_without_day(problems: Problems, text: str) -> None:
    only(problems(funds("开工日期", text)), "date_month_only", "项目资金", 2, "开工日期", "写到日")


def test_impossible_day(problems: Problems) -> None:
    only(problems(funds("开工日期", "2022-02-30")), "date_unknown", "项目资金", 2, "开工日期", "")


def test_number_in_a_date_field(problems: Problems) -> None:
    only(problems(funds("开工日期", 44621)), "date_number", "项目资金", 2, "开工日期", "格式")


def test_date_in_a_number_field(problems: Problems) -> None:
    only(problems(funds("培训人数", date(2022, 3, 1))), "number_date", "项目资金", 2, "培训人数", "常规")


def test_bool_in_a_number_field(problems: Problems) -> None:
    only(problems(funds("培训人数", True)), "number_bool", "项目资金", 2, "培训人数", "数字")


def test_unknown_bool(problems: Problems) -> None:
    only(problems(funds("是否完成", "也许")), "bool_unknown", "项目资金", 2, "是否完成", "下拉")


def test_number_too_large(problems: Problems) -> None:
    only(problems(funds("全年执行数", 1e300)), "number_too_large", "项目资金", 2, "全年执行数", "位数")


def test_number_with_too_many_digits(problems: Problems) -> None:
    text = "1." + "1" * 40
    only(problems(funds("全年执行数", text)), "number_too_long", "项目资金", 2, "全年执行数", "位数")


def test_duplicate_subject(problems: Problems) -> None:
    found = problems({"评价对象": subjects("P1", "P1"), "项目资金": [FUNDS_HEAD, ["P1", 1]]})
    problem = next(p for p in found if p.place.sheet == "评价对象")
    only([problem], "duplicate_subject", "评价对象", 3, "对象编号", "第2行")


@pytest.mark.parametrize("pair", [("P1", "p1"), ("é", "e\u0301")])
def test_subjects_whose_figures_would_be_one_file(problems: Problems, pair: tuple[str, str]) -> None:
    found = problems({"评价对象": subjects(*pair), "项目资金": [FUNDS_HEAD, [pair[0], 1], [pair[1], 1]]})
    only(found, "subject_twin", "评价对象", 3, "对象编号", f"与第2行的“{pair[0]}”会成为同名的图")


def test_two_rows_for_one_subject(problems: Problems) -> None:
    found = problems({"项目资金": [FUNDS_HEAD, ["P1", 1], ["P1", 2]]})
    only(found, "duplicate_subject", "项目资金", 3, "对象编号", "第2行")


def test_duplicate_key(problems: Problems) -> None:
    found = problems(
        {"项目资金": [FUNDS_HEAD, ["P1", 1]], "支付明细": [["凭证号", "金额"], ["记1", 1], ["记2", 1], ["记1", 2]]}
    )
    only(found, "duplicate_key", "支付明细", 4, "凭证号", "第2行")


def test_unknown_subject(problems: Problems) -> None:
    problem = only(problems({"项目资金": [FUNDS_HEAD, ["P11", 1]]}), "unknown_subject", "项目资金", 2, "对象编号", "P1")
    assert problem.found == "P11"


def test_name_instead_of_code(problems: Problems) -> None:
    found = problems({"项目资金": [FUNDS_HEAD, ["项目P1", 1]]})
    only(found, "unknown_subject", "项目资金", 2, "对象编号", "“P1”")


def test_blank_subject_among_several(problems: Problems) -> None:
    found = problems({"评价对象": subjects("P1", "P2"), "项目资金": [FUNDS_HEAD, ["P1", 1], [None, 1]]})
    only(found, "subject_blank", "项目资金", 3, "对象编号", "每行")


def test_no_subject_column_among_several(problems: Problems) -> None:
    found = problems({"评价对象": subjects("P1", "P2"), "项目资金": [["全年预算数"], [1], [2]]})
    only(found, "missing_header", "项目资金", None, "对象编号", "每行")


def test_no_subjects(problems: Problems) -> None:
    found = problems({"评价对象": [["对象编号*", "对象名称*"]], "项目资金": [FUNDS_HEAD]})
    only(found, "no_subjects", "评价对象", None, None, "至少")


def test_total_row(problems: Problems) -> None:
    found = problems({"项目资金": [FUNDS_HEAD, ["P1", 1], ["合 计", 1]]})
    only(found, "total_row", "项目资金", 3, "对象编号", "删除合计")


def test_a_number_merged_over_rows(tmp_path: Path, pack: Any) -> None:
    from xlsxwriter import Workbook

    path = tmp_path / "基础数据.xlsx"
    with Workbook(str(path)) as book:
        first = book.add_worksheet("评价对象")
        first.write_row(0, 0, ["对象编号", "对象名称"])
        first.write_row(1, 0, ["P1", "甲"])
        second = book.add_worksheet("支付明细")
        second.write_row(0, 0, ["凭证号", "金额"])
        second.write_column(1, 0, ["记1", "记2"])
        second.merge_range(1, 1, 2, 1, 100)
    with pytest.raises(EvidenceError) as caught:
        read_evidence(path, pack.tables[1:], subject_fields=pack.subject_fields)
    only(list(caught.value.problems), "merged_number", "支付明细", 2, "金额", "取消合并")


def test_everything_is_told_at_once(problems: Problems) -> None:
    found = problems(
        {
            "评价对象": subjects("P1", "P1"),
            "项目资金": [
                ["对象编号", "全年预算数", "执行率", "资金性质", "开工日期"],
                ["P9", "x", 0.5, "甲", "y"],
            ],
            "佐证清单": [["指标编码", "佐证状态"], ["A1", "核实一至"]],
        }
    )
    assert {p.code for p in found} == {
        "duplicate_subject",
        "unknown_subject",
        "not_a_number",
        "percent_fraction",
        "unknown_code",
        "date_unknown",
    }
    assert all(p.fix for p in found)


def test_many_alike_are_counted(problems: Problems) -> None:
    found = problems({"支付明细": [["凭证号", "金额"], *[[f"记{i}", "x"] for i in range(300)]]} | funds("备注", "x"))
    assert len(found) == 201
    assert "另有100处" in found[-1].message


def test_register_wants_a_document(problems: Problems) -> None:
    found = problems({"项目资金": [FUNDS_HEAD, ["P1", 1]], "佐证清单": [["指标编码", "佐证状态"], ["A1", "核实一致"]]})
    only(found, "proof_without_document", "佐证清单", 2, "资料名称", "资料名称")


def test_overdue_wants_a_notice(read: Read) -> None:
    # A warning only: without a recorded notice the indicator stays unscored (design §4.1), the rest is still good.
    evidence = read({"项目资金": [FUNDS_HEAD, ["P1", 1]], "佐证清单": [["指标编码", "佐证状态"], ["A1", "逾期未提供"]]})
    problem = only(evidence.notes, "overdue_without_notice", "佐证清单", 2, "补充资料通知文号", "未提供(待补)")
    assert problem.severity == "warning"


def test_deadline_before_notice(problems: Problems) -> None:
    found = problems(
        {
            "项目资金": [FUNDS_HEAD, ["P1", 1]],
            "佐证清单": [
                ["指标编码", "佐证状态", "补充资料通知文号", "补充资料通知日期", "补充期限"],
                ["A1", "逾期未提供", "补〔2023〕1号", date(2023, 5, 1), date(2023, 4, 1)],
            ],
        }
    )
    only(found, "deadline_before_notice", "佐证清单", 2, "补充期限", "核对")


def attached(name: str, digest: str = "") -> dict[str, list[list[Any]]]:
    head = ["指标编码", "资料名称", "附件文件", "附件摘要(SHA-256)"]
    return {"项目资金": [FUNDS_HEAD, ["P1", 1]], "佐证清单": [head, ["A1", "决算", name, digest]]}


def test_attachment_outside_the_folder(problems: Problems) -> None:
    only(problems(attached("../x.pdf")), "attachment_outside", "佐证清单", 2, "附件文件", "相对路径")


def test_attachment_digest_malformed(problems: Problems) -> None:
    only(problems(attached("x.pdf", "abc")), "attachment_digest", "佐证清单", 2, "附件摘要(SHA-256)", "64位")


def test_attachment_changed(problems: Problems, tmp_path: Path) -> None:
    (tmp_path / "x.pdf").write_bytes(b"new")
    only(problems(attached("x.pdf", "0" * 64)), "attachment_changed", "佐证清单", 2, "附件摘要(SHA-256)", "替换")


def test_duplicate_names_of_codes_are_folded(tmp_path: Path) -> None:
    spec = table("t", "表", [field("sign", "性质", "code", codes=["≥", "≤", "="])])
    path = write_xlsx(tmp_path / "a.xlsx", {"评价对象": subjects(), "表": [["性质"], [">="], ["＝"], [" ≤ "]]})
    assert read_evidence(path, [spec]).tables["t"].texts("sign") == ["≥", "=", "≤"]
