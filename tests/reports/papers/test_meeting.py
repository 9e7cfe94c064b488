"""The pack for a meeting: who gets what, and what nobody may read before they have judged."""

from __future__ import annotations

import re

import pytest
from docx.oxml.ns import qn

from workbench.reports.papers.ballot import ballot
from workbench.reports.papers.bundle import meeting_papers
from workbench.reports.papers.handbook import handbook
from workbench.reports.papers.opinions import expert_form

JUDGED = "I05"
"""The one 定性 indicator of the evaluation; its percent (100 %) is its value."""


def rows(document, table=-1):
    return [[cell.text for cell in row.cells] for row in document.tables[table].rows]


def scored(document):
    """Code → cells of the scoring sheet."""
    table = next(t for t in document.tables if t.rows[0].cells[0].text == "编码")
    return {row.cells[0].text: [c.text for c in row.cells] for row in table.rows}


def test_the_pack_names_every_paper_and_every_expert_once(pack):
    names = list(pack)
    assert [n[:2] for n in names] == ["01", "02", "03", "04", "05", *["06"] * 5, *["07"] * 5, "08", "09", "10"]
    assert "06-专家打分表-古丽娜尔·艾合买提-e3.docx" in names


def test_the_same_panel_gives_the_same_bytes(pack, meet, entries):
    assert dict(meeting_papers(meet())) == pack
    for data in pack.values():
        listed = entries(data)
        names = [e.filename for e in listed]
        assert names[0] == "[Content_Types].xml" and names[1:] == sorted(names[1:])
        assert {e.date_time for e in listed} == {(1980, 1, 1, 0, 0, 0)}
        assert "docProps/thumbnail.jpeg" not in names


def test_every_sheet_says_what_it_belongs_to_and_that_its_form_is_an_example(pack, meet, read):
    for name, data in pack.items():
        feet = [p.text for section in read(data).sections for p in section.footer.paragraphs]
        run = meet().scope.docket.run[:16]
        assert all(f"评价编号 yongde-mingliang-school-2022　运行 {run}　示例格式,可改" in f for f in feet), name


def test_paper_margins_and_fonts_are_those_of_gbt_9704(pack, read):
    """GB/T 9704-2012: A4, 天头37毫米, 订口28毫米, 版心156×225毫米; title 2号小标宋, body 3号仿宋."""
    document = read(pack["03-保密承诺书.docx"])
    section = document.sections[0]
    assert [round(x.mm) for x in (section.page_width, section.page_height)] == [210, 297]
    assert [round(x.mm) for x in (section.top_margin, section.left_margin)] == [37, 28]
    assert round(section.page_width.mm - section.left_margin.mm - section.right_margin.mm) == 156
    assert round(section.page_height.mm - section.top_margin.mm - section.bottom_margin.mm) == 225
    for style, font, size in (("Title", "方正小标宋简体", 22), ("Body Text", "仿宋_GB2312", 16)):
        properties = document.styles[style].element.rPr
        assert properties.rFonts.get(qn("w:eastAsia")) == font
        assert document.styles[style].font.size.pt == size
    assert not re.search(r"(ascii|hAnsi|eastAsia|cs)Theme", document.styles["Normal"].element.xml)


def test_tables_on_their_side_fill_the_sheet_and_repeat_their_head(pack, read):
    document = read(pack["06-专家打分表-李建国-e1.docx"])
    table = next(t for t in document.tables if t.rows[0].cells[0].text == "编码")
    assert round(sum(c.width.mm for c in table.rows[0].cells)) == 225
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert document.sections[0].page_width > document.sections[0].page_height


# ---------------------------------------------------------------------------------------------------------------------
# anchoring
# ---------------------------------------------------------------------------------------------------------------------


def test_no_paper_of_the_meeting_tells_the_total_or_the_grade(pack, texts):
    for name, data in pack.items():
        said = texts(data)
        assert "99.80" not in said and "总分:" not in said, name
        assert "等级划分" not in said and "根据情况予以支持" not in said, name


def test_grade_lines_stand_in_the_handbook_of_an_open_panel_only(pack, meet, texts):
    assert "优：90分（含）以上" in texts(handbook(meet(blind=False)))
    assert "90分" not in texts(pack["01-评审手册.docx"])


def test_hidden_points_of_judged_indicators_appear_on_no_paper(meet, read):
    shown, hidden = (scored(read(ballot(m, m.panel.member("e1")))) for m in (meet(), meet(hide_computed=True)))
    assert shown[JUDGED][4:7:2] == ["评定100.00%", "10.00"]
    assert hidden[JUDGED][4:7:2] == ["提交后可见", "提交后可见"]
    assert hidden["I01"] == shown["I01"]
    table = next(t for t in read(handbook(meet(hide_computed=True))).tables if "评分说明" in t.rows[0].cells[-1].text)
    line = next([c.text for c in row.cells] for row in table.rows if row.cells[0].text == JUDGED)
    assert line[-3:] == ["提交后可见", "提交后可见", "由专家判断"]


def test_nobody_is_asked_to_agree_with_points_they_do_not_see(meet, read):
    hidden = meet(hide_computed=True)
    assert "认可" in scored(read(ballot(meet(), meet().panel.member("e1"))))[JUDGED][7]
    assert "认可" not in scored(read(ballot(hidden, hidden.panel.member("e1"))))[JUDGED][7]


# ---------------------------------------------------------------------------------------------------------------------
# the scoring sheet
# ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expert", "codes"),
    [
        ("e1", {"EXEC", *(f"I0{n}" for n in range(1, 10))}),
        ("e2", {"EXEC", *(f"I0{n}" for n in range(1, 10))} - {"I03"}),  # declared a conflict
        ("e3", {"I05", "I06", "I07"}),  # 效益指标 only
    ],
)
def test_a_sheet_holds_what_its_expert_is_assigned(expert, codes, pack, read):
    [data] = [d for name, d in pack.items() if name.startswith("06") and name.endswith(f"-{expert}.docx")]
    assert {code for code in scored(read(data)) if code.isascii()} == codes


def test_points_are_proposed_only_where_the_rule_leaves_room(pack, read):
    lines = scored(read(pack["06-专家打分表-李建国-e1.docx"]))
    assert lines[JUDGED][7] == "□认可 □调整\n□不评 □回避"
    assert "0至10分" in lines[JUDGED][8]
    assert lines["I01"][7:9] == ["□认可 □不评\n□回避", "不直接改分"]


def test_a_sheet_can_be_typed_in_for_its_expert(pack, texts):
    said = texts(pack["06-专家打分表-张丽华-e2.docx"])
    for word in ("专家签名", "代录人", "复核人", "专家编号", "e2", "已声明回避", "曾任该项目资金核算人员"):
        assert word in said


# ---------------------------------------------------------------------------------------------------------------------
# the other papers
# ---------------------------------------------------------------------------------------------------------------------


def test_the_handbook_says_what_is_judged_by_which_rules_on_which_evidence(meet, texts):
    said = texts(handbook(meet(merge="trimmed_mean", quorum=3)))
    for word in (
        "永德县明朗中学义务教育营养改善计划专项资金绩效自评",
        "《项目支出绩效评价管理办法》（财预〔2020〕10号）第十三条、第十六条、第十八条、附1",
        "财监〔2021〕4号",
        "去掉一个最高分和一个最低分后平均(不足5人时算术平均)",
        "不少于3人",
        "比例计分:完成值达到目标值",
        "(财预〔2020〕10号 第十六条)",
        "学生受资助人数:实际完成值",
        "[绩效指标] J2",
    ):
        assert word in said, word


def test_a_document_is_cited_once(pack, texts):
    assert texts(pack["01-评审手册.docx"]).count("《项目支出绩效评价管理办法》") == 1


def test_weights_are_told_where_they_count(pack, meet, texts):
    assert "王敏1、李建国1" in texts(handbook(meet(merge="weighted_mean")))
    assert "王敏1、" not in texts(pack["01-评审手册.docx"])


def test_everybody_but_the_unit_signs_for_secrecy_and_conflicts(pack, read):
    for name in ("03-保密承诺书", "04-回避声明"):
        document = read(pack[f"{name}.docx"])
        signed = [p for p in document.paragraphs if "人签名:" in p.text]
        breaks = [p for p in document.paragraphs if p.paragraph_format.page_break_before]
        assert (len(signed), len(breaks)) == (8, 7)
        assert "明朗中学（被评价单位）" not in "\n".join(p.text for p in document.paragraphs)


def test_declared_conflicts_are_printed(pack, read):
    tables = [t for t in read(pack["04-回避声明.docx"]).tables if t.rows[0].cells[0].text == "序号"]
    assert [[c.text for c in t.rows[1].cells] for t in tables] == [
        ["1", "指标“资金到位及时率”", "曾任该项目资金核算人员"]
    ]


def test_everybody_has_a_line_to_sign_in_on(pack, meet, read):
    names = [row[1] for row in rows(read(pack["02-签到表.docx"]))]
    assert names[1:10] == [m.name for m in meet().panel.members] and names[10:] == [""] * 4


def test_materials_are_ticked_indicator_by_indicator(pack, read):
    lines = scored(read(pack["05-资料确认单.docx"]))
    assert lines["I01"][2] == "未提供(待补)" and lines["I01"][4:7] == ["□"] * 3
    assert "学生受资助人数:实际完成值 [绩效指标] J2" in lines["I01"][3]


def test_every_expert_signs_the_groups_opinion(pack, meet, read):
    people = next(t for t in read(pack["08-专家组意见.docx"]).tables if t.rows[0].cells[0].text == "序号")
    assert [row.cells[1].text for row in people.rows][1:] == [m.name for m in meet().panel.having("expert")]


def test_an_ex_ante_review_asks_its_five_questions(meet, texts, evaluation):
    """domain-rules.md §3.2: five contents; four conclusions of Henan and Zhengzhou."""
    meeting = meet()
    early = meeting.result.model_copy(update={"stage": "事前评估"})
    meeting.scope.docket.__dict__["result"] = early
    said = texts(expert_form(meeting, meeting.panel.member("e1")))
    for word in ("立项必要性", "投入经济性", "绩效目标合理性", "实施方案可行性", "筹资合规性", "□部分支持"):
        assert word in said


def test_delegates_write_apart_from_the_experts(pack, texts):
    assert "陈代表" in texts(pack["09-人大代表政协委员意见.docx"])
    assert "不计入专家评分汇总" in texts(pack["09-人大代表政协委员意见.docx"])


def test_questions_have_room_for_answer_and_evidence(pack, read):
    assert rows(read(pack["10-质询记录表.docx"]))[0] == [
        "序号",
        "提问人",
        "指标",
        "问题",
        "被评价单位答复",
        "佐证",
        "时间",
    ]


def test_sixty_indicators_are_grouped_by_subject_and_level(wide, read):
    table = next(t for t in read(ballot(wide, wide.panel.member("e1"))).tables if t.rows[0].cells[0].text == "编码")
    groups = [row.cells[0].text for row in table.rows if row.cells[0]._tc.grid_span > 1]
    assert len(table.rows) == 1 + 60 + len(groups)
    assert groups[:2] == [
        "义务教育营养改善计划专项资金第1所　预算执行率（10分）",
        "义务教育营养改善计划专项资金第1所　产出指标（40分）",
    ]
