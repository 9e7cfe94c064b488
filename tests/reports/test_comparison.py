"""A comparison as people read it: every number is the comparison's own, sums add up, and hostile text stays text."""

from __future__ import annotations

import io
import re
import zipfile
from decimal import Decimal
from typing import Any

import pytest
from docx import Document
from matplotlib.text import Text
from openpyxl import load_workbook

from workbench.analysis.comparison import Comparison
from workbench.base.safetext import safe
from workbench.reports.comparison import chart, tables, words
from workbench.reports.comparison.bundle import comparison_files
from workbench.reports.comparison.terminal import comparison_text
from workbench.reports.comparison.word import report
from workbench.reports.comparison.workbook import HEAD, sheet_names, workbook
from workbench.reports.save import png_bytes, svg_bytes

HOSTILE = {
    "formula": '=HYPERLINK("http://example.invalid","点")',
    "full_width": "＝1+1",
    "command": "+cmd|' /C calc'!A0",
    "at": "@SUM(A1)",
    "markup": "<script>alert(1)</script> & <b>粗</b>",
    "right_to_left": "\u202e倒 عربي\u2069 尾",
    "controls": "控\x00\x1b[31m\ufffe符",
    "lines": "第一行\n第二行\t列",
    "long": "长" * 9_999 + "尾",
}


def share(points: str, exact: str, *causes: str) -> dict[str, Any]:
    return {"causes": list(causes), "points": points, "exact": exact}


def line(code: str, old: str, new: str, difference: str, *shares: dict[str, Any], **more: Any) -> dict[str, Any]:
    content = {"kind": "indicator", "code": code, "name": f"指标{code}", "level1": "产出指标", "level2": "数量指标"}
    content |= {"direction": "≥", "unit": "%", "old_target": "95", "new_target": "95"}
    content |= {"old_weight": "10.00", "new_weight": "10.00", "old_value": "90%", "new_value": "80%"}
    content |= {"old_status": "已评分", "new_status": "已评分", "remark": "按比例计分"}
    points = {"old_points": old, "new_points": new, "difference": difference, "shares": list(shares)}
    return content | points | more


def subject(**more: Any) -> dict[str, Any]:
    """Two lines lose 1.00 each, a third by data and two thirds by rules; printed −0.33 and −0.67, of the whole −0.67 and −1.33."""
    thirds = (share("-0.33", "-1/3", "data"), share("-0.67", "-2/3", "rules"))
    lines = [
        line("A1", "10.00", "9.00", "-1.00", *thirds, deviation="10.00"),
        line("A2", "9.00", "8.00", "-1.00", *thirds, new_weight="12.00"),
        line("B1", "5.00", "5.00", "0.00", level1="效益指标", new_value="90%"),
        line("B2", "3.00", "0.00", "-3.00", share("-3.00", "-3", "targets"), level1="效益指标", presence="dropped")
        | {"new_weight": None, "new_status": None, "new_target": None, "new_value": None},
        line("X", "0.00", "2.00", "2.00", share("2.00", "2", "experts"), kind="bonus", level1=None, old_weight=None)
        | {"new_weight": None, "level2": None},
    ]
    content = {
        "id": "P01",
        "name": "营养改善计划",
        "complete": True,
        "old_total": "27.00",
        "new_total": "24.00",
        "old_interval": ["27.00", "27.00"],
        "new_interval": ["24.00", "24.00"],
        "difference": "-3.00",
        "deviation": "11.11",
        "old_grade": "优",
        "new_grade": "良",
        "regraded": True,
        "large": True,
        "why_large": ["等级由优变为良"],
        "shares": [
            share("-0.67", "-2/3", "data"),
            share("-3.00", "-3", "targets"),
            share("-1.33", "-4/3", "rules"),
            share("2.00", "2", "experts"),
        ],
        "alone": [share("-1.00", "-1", "data"), share("-2.00", "-2", "rules")],
        "lines": lines,
        "caps": [{"rule": "AUDIT", "text": "审计发现问题", "old": None, "new": "触发", "clause": "第三条"}],
        "old_consequences": ["优先保障"],
        "new_consequences": [],
        "main_reasons": "指标B2-3.00分(目标与分值)",
    }
    return content | more


def comparison(*subjects: dict[str, Any], **more: Any) -> Comparison:
    side = {
        "evaluation": "small",
        "title": "对比示例",
        "period": "2022年度",
        "stage": "自评",
        "as_of": "2023-12-31",
        "parent": None,
        "pack": {"id": "self-evaluation", "version": "1.0.0", "digest": "ab"},
        "ruleset": {"id": "caiyu-2020-10", "version": "1.0.0"},
        "policy": {"id": "national-default", "version": "1.1.0"},
        "engine": {"name": "workbench", "version": "1.2.0"},
        "ledger_head": "",
    }
    content = {
        "old": side | {"source": "small/1", "run": "1" * 64},
        "new": side | {"source": "small/2", "run": "2" * 64, "stage": "财政评价"},
        "differences": [{"cause": "data", "what": ["E2 全年执行数:200→184"]}, {"cause": "policy", "what": []}],
        "joined": [{"causes": ["targets", "rules"], "why": "目标列不存在"}],
        "thresholds": {"points": "10"},
        "matches": [{"old": "I03", "new": "A05", "name": "资金到位率", "confirmed": False}],
        "subjects": list(subjects) or [subject()],
        "only_old": [],
        "only_new": ["P09"],
        "notes": ["一处说明"],
    }
    return Comparison.model_validate(content | more)


def sheets(made: Comparison) -> Any:
    return load_workbook(io.BytesIO(workbook(made)))


def cached(made: Comparison) -> Any:
    return load_workbook(io.BytesIO(workbook(made)), data_only=True)


def rows(sheet: Any) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


# -- tables -----------------------------------------------------------------------------------------------------------


def test_lines_that_changed_and_their_sum():
    table = tables.lines_table(comparison().subjects[0])
    assert table.column("编码") == ["A1", "A2", "B2", "X", ""]  # B1 did not change
    assert table.column("差异") == ["-1.00", "-1.00", "-3.00", "+2.00", "-3.00"]
    assert table.column("分值")[1] == "10.00→12.00"
    assert table.column("指标")[2] == "指标B2(删去)" and table.column("再评价得分")[2] == "—"
    assert table.rows[-1][5:7] == ["27.00", "24.00"]
    assert "佐证数据-0.01、计分规则+0.01" in table.note


def test_shares_add_up_and_stand_beside_one_change_at_a_time():
    [one] = comparison().subjects
    shares, alone = tables.shares_table(one), tables.alone_table(one)
    assert sum(map(Decimal, shares.column("得分变化")[:-1])) == Decimal(shares.column("得分变化")[-1]) == -3
    assert shares.column("精确值")[0] == "-2/3"
    assert dict(alone.rows) == {"佐证数据": "-1.00", "目标与分值": "0.00", "计分规则": "-2.00", "专家评审": "0.00"}


def test_joined_causes_are_named_together():
    both = subject(shares=[share("-3.00", "-3", "targets", "rules")])
    assert tables.shares_table(comparison(both).subjects[0]).rows[0][0] == "目标与分值+计分规则"


def test_the_summary_names_grade_deviation_and_thresholds():
    table = tables.summary_table(comparison())
    assert table.rows == [
        ["营养改善计划", "27.00", "24.00", "-3.00", "11.11%", "优→良", "是", "指标B2-3.00分(目标与分值)"]
    ]
    assert "示例,可改" in table.note


def test_caps_and_consequences_that_changed():
    table = tables.consequences_table(comparison().subjects[0])
    assert table.rows == [["审计发现问题", "办法未规定", "触发", "第三条"], ["结果应用", "优先保障", "—", ""]]


def test_what_is_compared_and_how_it_differs():
    made = comparison()
    assert ["来源", "small/1", "small/2"] in tables.sides_table(made).rows
    assert ["评价期间、阶段", "2022年度,自评", "2022年度,财政评价"] in tables.sides_table(made).rows
    assert tables.differences_table(made).rows == [["佐证数据", "E2 全年执行数:200→184"], ["地区办法", "相同"]]
    assert tables.matches_table(made).rows == [["I03", "A05", "资金到位率", "待确认"]]


# -- terminal ---------------------------------------------------------------------------------------------------------


def test_the_terminal_says_all_of_it():
    said = comparison_text(comparison())
    wanted = ("27.00 → 24.00,差异-3.00分,偏离度11.11%", "优→良", "是:等级由优变为良", "目标列不存在", "审计发现问题")
    assert all(text in said for text in (*wanted, "评价对象P09没有对比", "一处说明", "\nI03: A05  # 资金到位率"))


def test_an_unfinished_total_is_an_interval_and_what_is_compared_is_said():
    open_ = subject(complete=False, new_total=None, new_interval=["24.00", "34.00"], new_grade=None)
    assert "27.00 → 24.00—34.00(按已评分的指标27.00 → 24.00)" in comparison_text(comparison(open_))


def test_many_subjects_are_listed_and_those_that_moved_most_described():
    many = [subject(id=f"P{n:02}", name=f"项目{n:02}", difference=f"-{n}.00") for n in range(1, 31)]
    said = comparison_text(comparison(*many))
    assert "另有10个评价对象,共30个" in said
    assert re.findall(r"【项目(\d+)】", said) == ["30", "29", "28", "27", "26"]
    assert "其余25个有变动的对象" in said


def test_what_did_not_change_is_counted_without_what_is_shown():
    same = {"difference": "0.00", "lines": [], "large": False, "shares": []}
    assert "个对象" not in comparison_text(comparison(subject(**same)))
    assert "2个对象都没有变动" in comparison_text(comparison(subject(**same), subject(id="P02", **same)))
    assert "其余1个对象没有变动" in comparison_text(comparison(subject(), subject(id="P02", **same)))


def test_another_word_for_a_grade_is_said_to_be_only_that():
    [one] = comparison(subject(old_grade="优", new_grade="优(优秀)", regraded=False)).subjects
    assert words.grade_change(one) == "优→优(优秀),等级未变"
    [same] = comparison(subject(old_grade="优(暂定)", new_grade="优(暂定)", regraded=False)).subjects
    assert words.grade_change(same) == "优(暂定),未变"


@pytest.mark.parametrize(
    ("text", "formal"),
    [
        ("差异较大:得分相差达到10分,或等级改变", "差异较大：得分相差达到10分，或等级改变"),
        ("是:偏离度达到5%;等级由优(暂定)变为良", "是：偏离度达到5%；等级由优（暂定）变为良"),
        ("P1 12:30 f(x) 1,000", "P1 12:30 f(x) 1,000"),
    ],
)
def test_papers_have_the_marks_of_running_text(text, formal):
    assert words.formal(text) == formal


# -- charts -----------------------------------------------------------------------------------------------------------


def test_the_waterfall_goes_from_the_first_total_to_the_second():
    [one] = comparison().subjects
    steps = chart.cause_steps(one)
    assert [(s.label, s.text) for s in steps] == [
        ("原评价得分", "27.00"),
        ("佐证数据", "−0.67"),
        ("目标与分值", "−3.00"),
        ("计分规则", "−1.33"),
        ("专家评审", "+2.00"),
        ("再评价得分", "24.00"),
    ]
    assert steps[-2].after == steps[-1].after == 24
    drawn = {text.get_text() for text in chart.by_cause(one).findobj(Text)}
    assert {s.text for s in steps} <= drawn and {"使得分增加", "使得分减少"} <= drawn
    assert "佐证数据−0.67分" in chart.alt_text(one, steps)


def test_lines_that_have_no_bar_of_their_own_are_one_bar():
    lines = [line(f"A{n:02}", "5.00", f"{5 - n / 100:.2f}", f"-{n / 100:.2f}") for n in range(1, 21)]
    steps = chart.line_steps(comparison(subject(lines=lines)).subjects[0])
    assert [s.label for s in steps[1:3]] == ["指标A09", "指标A10"]  # in the order of the scheme
    assert steps[-2].label == "其余8项" and steps[-2].text == "−0.36"
    assert steps[-2].after == steps[-1].after


def test_a_chart_is_the_same_file_every_time():
    [one] = comparison().subjects
    assert png_bytes(chart.by_line(one)) == png_bytes(chart.by_line(one))
    alt = chart.alt_text(one, chart.line_steps(one))
    first = svg_bytes(chart.by_line(one), alt)
    assert first == svg_bytes(chart.by_line(one), alt)
    assert f"<title>{alt}</title>".encode() in first


# -- 复核表 -------------------------------------------------------------------------------------------------------------


def test_the_sheet_of_a_subject_has_the_columns_of_the_field():
    book = cached(comparison())
    assert book.sheetnames == ["汇总", "P01", "差异原因", "说明"]
    found = rows(book["P01"])
    assert found[1][: len(HEAD) + 1] == [title for title, _ in HEAD] + ["差异"]
    first = [
        *("产出指标", "数量指标", "指标A1", "≥", "95", "%", 10, "90%", None, 10, "80%", 9, 10, "按比例计分"),
        -1,
        -0.33,
    ]
    assert found[2][:16] == first
    assert found[3][13].startswith("分值由10.00改为12.00。")
    assert [row[0] for row in found if row[1] == "小计"] == ["产出指标", "效益指标", "加分、扣分与限额"]
    assert found[-1][0] == "总分" and [found[-1][i] for i in (6, 9, 11, 14)] == [32, 27, 24, -3]


def test_sums_are_live_and_carry_the_value_they_have():
    live, book = rows(sheets(comparison())["P01"]), rows(cached(comparison())["P01"])
    total, shown = live[-1], book[-1]
    assert total[9] == "=SUM(J5,J8,J10,J11)" and live[4][9] == "=SUM(J3:J4)"
    assert shown[15:19] == [-0.67, -3, -1.33, 2]
    assert live[-2][0] == "尾差(四舍五入)" and live[-2][15:19] == [-0.01, None, 0.01, None]
    assert shown[12] == 11.11  # (27 − 24) / 27
    assert rows(sheets(comparison())["汇总"])[2][2:5] == [None, "='P01'!J12", "='P01'!L12"]
    assert rows(cached(comparison())["汇总"])[2][3:7] == [27, 24, -3, 11.11]


def test_the_units_own_points_are_summed_where_all_are_there():
    lines = [line("A1", "9.80", "9.00", "-0.80", old_claimed="10.00"), line("A2", "9.00", "9.00", "0.00")]
    assert [row[8] for row in rows(cached(comparison(subject(lines=lines)))["P01"])[2:]] == [10, None, None, None]
    lines[1]["old_claimed"] = "9.50"
    made = comparison(subject(lines=lines))
    assert [row[8] for row in rows(cached(made)["P01"])[2:]] == [10, 9.5, 19.5, 19.5]
    assert rows(cached(made)["汇总"])[2][2] == 19.5 and rows(sheets(made)["汇总"])[2][2] == "='P01'!I6"
    assert tables.lines_table(made.subjects[0]).column("自评得分(单位填报)") == ["10.00", "9.50", "19.50"]
    assert "(单位填报10.00分)" in comparison_text(made)
    assert any(row[3:5] == ["10.00", "9.80"] for row in read(report(made))[1] if len(row) == 8)


def test_what_is_unscored_has_neither_deviation_nor_weight():
    lines = [line("A1", "9.00", "9.00", "0.00", deviation="0.00")]
    lines += [line("A2", "9.00", "0.00", "-9.00", new_status="未评分", new_value=None)]
    open_ = subject(lines=lines, complete=False, new_total=None, new_interval=["9.00", "19.00"])
    open_ |= {"old_total": "18.00", "old_interval": ["18.00"] * 2}
    book = cached(comparison(open_))
    found = rows(book["P01"])
    assert found[3][6] == "10.00" and found[3][11:13] == ["未评分", "—"]
    assert [(row[0], row[6]) for row in found[-2:]] == [("已评分合计", 10), ("总分区间", None)]
    assert found[4][1] == "已评分小计" and found[4][6] == 10
    summary = book["汇总"][3]
    assert [c.value for c in summary[3:5]] == [18, "9.00—19.00"]
    assert {c.alignment.horizontal for c in summary[3:7]} == {"right"}


def test_causes_add_up_line_by_line():
    found = rows(cached(comparison())["差异原因"])
    assert found[1] == ["项目", "编码", "指标", "差异", "佐证数据", "目标与分值", "计分规则", "专家评审", "核对"]
    for row in found[2:-1]:
        assert sum(Decimal(str(x)) for x in row[4:8] if x is not None) == Decimal(str(row[3])) and row[8] == 0
    for column in range(3, 8):
        parts = [Decimal(str(row[column] or 0)) for row in found[2:-2]]
        assert sum(parts) == Decimal(str(found[-2][column]))
    assert found[-1][2:] == ["只改变这一项时的总分变化", None, -1, 0, -2, 0, None]


def test_a_sheet_is_set_up_for_paper():
    for sheet in sheets(comparison()):
        assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape")
        assert sheet.freeze_panes is not None and sheet.print_title_rows == "$1:$2"


def test_sheet_names_are_what_a_spreadsheet_takes():
    names = sheet_names(["a/b:c", "A_B_C", "汇总", "", "x" * 50, "x" * 60])
    assert len({n.casefold() for n in names}) == 6
    assert all(0 < len(n) <= 31 and not re.search(r"[\[\]:*?/\\']", n) for n in names)


# -- 再评价报告 -----------------------------------------------------------------------------------------------------------


def read(data: bytes) -> tuple[list[str], list[list[str]]]:
    """Paragraphs, and rows of all tables."""
    document = Document(io.BytesIO(data))
    cells = [[c.text for c in row.cells] for table in document.tables for row in table.rows]
    return [p.text for p in document.paragraphs], cells


def test_the_report_goes_through_its_six_parts():
    paragraphs, cells = read(report(comparison()))
    wanted = ["一、基本情况", "二、再评价结论", "三、得分差异及原因", "四、对原评价工作的评价"]
    wanted += ["五、限级情形与结果应用变化", "六、说明与局限"]
    assert [p for p in paragraphs if re.match("[一二三四五六]、", p)] == wanted
    assert any("得分由27.00分变为24.00分，差异-3.00分，等级由优变为良" in p for p in paragraphs)
    assert ["佐证数据", "-0.67", "-2/3", "-1.00"] in cells
    assert ["审计发现问题", "办法未规定", "触发", "第三条"] in cells


def test_the_four_questions_are_answered_by_a_person():
    paragraphs, cells = read(report(comparison(), "档案完整,签名有效"))
    asked = [p for p in paragraphs if re.match("（[一二三四]）", p)]
    assert [p[3:7] for p in asked] == ["评价工作", "引用数据", "揭示的问", "改进措施"]
    assert sum("【待评价人员填写】" in row[1] for row in cells if row[0] == "结论") == 4
    [plan, data] = [row[1] for row in cells if row[0] == "对比所见"]
    assert "没有发现方案上的不同" in plan
    assert "营养改善计划-0.67分（佐证数据）" in data and "档案校验：档案完整，签名有效" in data


def test_the_report_has_a_cover_page_numbers_and_pictures_with_words():
    with zipfile.ZipFile(io.BytesIO(report(comparison()))) as archive:
        body = archive.read("word/document.xml").decode()
        feet = "".join(archive.read(n).decode() for n in archive.namelist() if n.startswith("word/footer"))
    assert "w:titlePg" in body and "PAGE" in feet and "NUMPAGES" in feet
    assert body.count('descr="瀑布图,营养改善计划') == 2


# -- everything -------------------------------------------------------------------------------------------------------


def test_the_files_are_the_same_every_time():
    assert dict(comparison_files(comparison())) == dict(comparison_files(comparison()))


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_stays_text(text):
    lines = [line("A1", "10.00", "9.00", "-1.00", share("-1.00", "-1", "data"), name=text, remark=text, old_value=text)]
    made = comparison(
        subject(name=text, id=text[:40], lines=lines, main_reasons=text, old_grade=text[:60]), notes=[text]
    )
    book = sheets(made)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    written = [c for c in cells if isinstance(c.value, str) and c.data_type != "f"]
    assert safe(text).replace("\n", "") in {c.value.replace("\n", "") for c in written}
    assert all(re.match(r"=(SUM|ROUND|IF)\(|='", c.value) for c in cells if c.data_type == "f")
    _, said = read(report(made))
    assert any(safe(text) in cell.replace("\v", "\n") for row in said for cell in row)
    printed = comparison_text(made)
    assert all(char.isprintable() or char == "\n" for char in printed)
    assert len(printed) < 12_000 + len(text) * 2
    html = tables.summary_table(made).html() + tables.lines_table(made.subjects[0]).html()
    assert "<script>" not in html
    assert png_bytes(chart.by_line(made.subjects[0]))


def test_nothing_moved():
    same = subject(lines=[line("A1", "9.00", "9.00", "0.00", new_value="90%")], difference="0.00", large=False)
    same |= {"shares": [], "alone": [], "caps": [], "new_consequences": ["优先保障"], "main_reasons": ""}
    same |= {
        "old_total": "9.00",
        "new_total": "9.00",
        "new_grade": "优",
        "regraded": False,
        "why_large": [],
        "deviation": "0.00",
    }
    made = comparison(same)
    assert words.moved_most(made, 5) == []
    assert [name for name, _ in comparison_files(made)] == ["comparison.json", "复核表.xlsx", "再评价报告.docx"]
    assert rows(cached(made)["差异原因"])[2][0] == "(得分没有变化)"
    assert "没有变化" in " ".join(read(report(made))[0])
    assert "0.00" in comparison_text(made)
