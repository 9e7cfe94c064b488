"""After the review: who gave what, what came out, why — in Word and in Excel."""

from __future__ import annotations

import io

from openpyxl import load_workbook

from workbench.reports.papers.bundle import review_papers
from workbench.reports.papers.minutes import comments, corrections, inquiries, statements
from workbench.reports.papers.outcome import results
from workbench.reports.papers.workbook import workbook


def lines(document, head):
    """Rows of the table whose first row begins with this word."""
    table = next(t for t in document.tables if t.rows[0].cells[0].text == head)
    return [[cell.text for cell in row.cells] for row in table.rows]


def sheets(data):
    return load_workbook(io.BytesIO(data))


def column(sheet, title):
    """Code → cell of the column with this title."""
    titles = [c.value for c in sheet[1]]
    return {row[1].value: row[titles.index(title)] for row in sheet.iter_rows(min_row=2)}


def test_the_table_shows_computed_every_experts_merged_and_final_points(meet, review, read):
    table = lines(read(results(review(meet()))), "编码")
    assert table[0] == [
        *("编码", "指标", "分值", "计算得分"),
        *("王敏", "李建国", "张丽华", "古丽娜尔·艾合买提", "赵刚"),
        *("汇总得分", "最终得分", "说明"),
    ]
    by_code = {row[0]: row for row in table}
    assert by_code["I05"][3:11] == [
        *("10.00", "7.50\n调整", "8.50\n调整", "9.50\n调整", "10.50\n调整", "11.50\n调整"),
        *("8.10", "8.10"),
    ]
    assert by_code["I06"][4] == "不评"
    assert by_code["I03"][6] == "—"  # declared a conflict
    assert by_code["I04"][10:] == ["10.00", "未采用汇总得分：计算得分由8.00变为10.00\n5名专家意见按“算术平均”汇总"]


def test_the_table_says_who_merged_when_and_what_fell(meet, review, texts):
    said = texts(results(review(meet())))
    assert "汇总：王敏　2026-11-22 16:00。" in said
    assert "不再适用的评定" in said and "计算得分已变" in said
    assert "97.90 分,优(暂定)" in said and "99.80 分,优" in said and "abababababababab" in said


def test_reasons_stand_with_expert_evidence_time_and_clerk(meet, review, read):
    table = lines(read(results(review(meet(), ["甲", "乙"]))), "专家")
    assert ["李建国\n（周洁代录）", "调整", "8.50", "乙", "会议纪要第3页", "2026-11-22 14:59\n第1轮"] in table
    assert ["王敏", "不评", "—", "不熟悉该领域", "—", "2026-11-22 14:59\n第1轮"] in table


def test_more_experts_than_fit_side_by_side_stand_in_the_second_table(meet, review, read, monkeypatch):
    monkeypatch.setattr("workbench.reports.papers.outcome.COLUMNS_UP_TO", 4)
    document = read(results(review(meet())))
    assert lines(document, "编码")[0] == ["编码", "指标", "分值", "计算得分", "汇总得分", "最终得分", "说明"]
    assert len(lines(document, "专家")) > 5


def test_every_comment_is_answered_with_a_reason_and_what_moved(meet, review, read, texts):
    data = comments(review(meet()))
    assert lines(read(data), "序号")[1:] == [
        [
            *("1", "明朗中学\n2026-11-23 00:30", "学生满意度", "满意度应按两次调查平均"),
            *("采纳", "口径一致", "学生满意度：改为9.50分,理由:两次平均（第64号）"),
        ],
        ["2", "市教育局\n2026-11-23 00:30", "—", "评价期间有误", "不采纳", "与批复一致", "—"],
    ]
    assert "财监〔2021〕4号第十八条" in texts(data)
    assert "内部审核通过：复核无误（刘审，2026-11-23 00:30）" in texts(data)


def test_a_question_stands_beside_its_answer_and_evidence(meet, review, read):
    row = lines(read(inquiries(review(meet()))), "序号")[1]
    assert row[1:6] == ["李建国", "学生受资助人数", "受助人数与学籍人数为何不同?", "含住校生补贴。", "花名册第3页"]


def test_a_correction_says_what_became_of_the_challenge(meet, review, read):
    table = lines(read(corrections(review(meet()))), "记录号")
    assert [(row[0], row[1], row[6]) for row in table[1:]] == [
        ("53", "质疑", "已更正（第54号）：按核定问卷改为95%"),
        ("54", "数据更正", "有效"),
        ("55", "质疑", "不予更正（第56号）：凭证已核对"),
    ]


def test_delegates_opinions_stand_apart(meet, review, texts):
    said = texts(statements(review(meet())))
    assert [said.index(w) for w in ("专家组意见", "专家个人意见", "人大代表、政协委员意见")] == sorted(
        said.index(w) for w in ("专家组意见", "专家个人意见", "人大代表、政协委员意见")
    )
    assert "初稿" not in said  # replaced by a later one
    assert "总体良好。\n建议规范。" in said and "单独列示,不计入" not in said and "建议扩大受益面" in said


def test_papers_with_nothing_on_them_are_left_out(meet, review):
    assert [n[:2] for n, _ in review_papers(review(meet()))] == ["21", "22", "23", "24", "25", "26"]
    assert [n for n, _ in review_papers(review(meet(), notes=[]))] == ["21-评审结果表.docx", "26-评审记录.xlsx"]


def test_the_same_review_gives_the_same_bytes(meet, review, entries):
    first, second = dict(review_papers(review(meet()))), dict(review_papers(review(meet())))
    assert first == second
    assert {e.date_time for data in first.values() for e in entries(data)} == {(1980, 1, 1, 0, 0, 0)}


# ---------------------------------------------------------------------------------------------------------------------
# the workbook
# ---------------------------------------------------------------------------------------------------------------------


def test_the_workbook_has_points_as_numbers_and_everything_else_as_text(meet, review):
    book = sheets(workbook(review(meet(), ["=1+1"])))
    assert book.sheetnames == ["评审结果", "专家意见", "质询与更正", "征求意见", "过程"]
    sheet = book["评审结果"]
    assert [column(sheet, t)["I05"].value for t in ("分值", "计算得分", "李建国", "汇总得分", "最终得分")] == [
        *(10, 10, 8.5, 8.1, 8.1)
    ]
    assert column(sheet, "最终得分")["I05"].number_format == "0.00##"
    assert column(sheet, "王敏")["I06"].value == "不评"
    assert column(sheet, "最终得分")["总分"].value == 97.9  # 99.80 less the 1.90 I05 lost
    kinds = {cell.data_type for s in book for row in s.iter_rows(min_row=2) for cell in row if cell.value is not None}
    assert kinds == {"n", "s"}


def test_a_reason_stays_text_when_it_is_edited(meet, review):
    """The quote prefix: without it Excel would take =1+1 for a formula as soon as somebody presses return in the cell."""
    cell = next(
        c
        for row in sheets(workbook(review(meet(), ["=1+1"])))["专家意见"].iter_rows()
        for c in row
        if c.value == "=1+1"
    )
    assert cell.data_type == "s" and cell.quotePrefix and cell.number_format == "@"


def test_sheets_print_on_a4_with_their_heads_and_keep_them_in_sight(meet, review):
    for sheet in sheets(workbook(review(meet()))):
        assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape"), sheet.title
        assert sheet.print_title_rows == "$1:$1" and sheet.freeze_panes.endswith("2"), sheet.title
        assert sheet.page_setup.fitToHeight == 0 and sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.title
        assert "第 &P 页 共 &N 页" in sheet.oddFooter.right.text, sheet.title


def test_the_process_is_told_in_the_order_of_the_ledger(meet, review):
    sheet = sheets(workbook(review(meet())))["过程"]
    numbers = [int(row[0].value) for row in sheet.iter_rows(min_row=2)]
    assert numbers == list(range(50, 69))
    decided = {row[0].value: (row[2].value, row[7].value) for row in sheet.iter_rows(min_row=2)}
    assert decided["63"] == ("答复意见", "采纳") and decided["66"] == ("答复意见", "不采纳")
    assert decided["67"] == ("内部审核", "通过") and decided["68"] == ("定稿", None)


def test_an_empty_sheet_says_so(meet, review):
    assert sheets(workbook(review(meet(), notes=[])))["质询与更正"]["A2"].value == "（无）"
