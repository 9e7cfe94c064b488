"""Word documents: merged, nested and changed tables as a reader sees them."""

from __future__ import annotations

from pathlib import Path

from form_files import W, document, only, p, r, small_document, tbl, tc, texts, tr

from workbench.recheck.files import Merged, open_file, open_grids

SPAN = '<w:gridSpan w:val="{}"/>'
TOP, ON = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
INSERTED = 'w:id="1" w:author="a"'


def test_spots_and_paragraphs_around(tmp_path: Path) -> None:
    body = p("封面") + p(" ") + p("项目支出绩效自评表") + tbl(tr("甲", "≥95%")) + p("注:无") + tbl(tr("乙")) + p("盖章")
    first, second = open_grids(document(tmp_path / "a.docx", body), "a.docx")
    assert texts(first) == {"第1行第1列": "甲", "第1行第2列": "≥95%"}
    assert (first.title, second.title, first.cells[0, 1].spot.sheet) == ("表1", "表2", "表1")
    assert [w.text for w in first.lead] == ["封面", "项目支出绩效自评表"]
    assert first.lead[1].spot.cell == "第3段" and first.lead[1].spot.sheet == "正文"
    # A paragraph between two tables stands by both; its place is the same.
    assert first.tail == second.lead and [w.text for w in first.tail] == ["注:无"]
    assert [w.text for w in second.tail] == ["盖章"]


def test_merged_cells(tmp_path: Path) -> None:
    body = tbl(
        tr(tc("项目名称", SPAN.format(2)), "甲"),
        tr(tc("产出", TOP), "数量", tc("10", TOP)),
        tr(tc("", ON), "质量", tc("", ON)),
        tr(tc("效益", TOP + SPAN.format(2)), "5"),
        tr(tc("", ON + SPAN.format(2)), "6"),
    )
    grid = only(document(tmp_path / "a.docx", body))
    assert set(grid.merged) == {Merged(0, 0, 0, 1), Merged(1, 0, 2, 0), Merged(1, 2, 2, 2), Merged(3, 0, 4, 1)}
    assert (grid.height, grid.width) == (5, 3)
    assert grid.at(4, 1) is grid.cells[3, 0] and grid.at(2, 2) is grid.cells[1, 2]


def test_rows_that_begin_later(tmp_path: Path) -> None:
    before = '<w:trPr><w:gridBefore w:val="2"/></w:trPr>'
    grid = only(document(tmp_path / "a.docx", tbl(tr("a", "b", "c"), tr("d", properties=before))))
    assert grid.cells[1, 2].text == "d"


def test_tracked_changes_are_read_as_accepted_and_told(tmp_path: Path) -> None:
    run = f"<w:del {INSERTED}><w:r><w:delText>90</w:delText></w:r></w:del><w:ins {INSERTED}>{r('95')}</w:ins>{r('%')}"
    moved = f"<w:moveFrom {INSERTED}>{r('旧')}</w:moveFrom><w:moveTo {INSERTED}>{r('新')}</w:moveTo>"
    gone = f"<w:trPr><w:del {INSERTED}/></w:trPr>"
    body = tbl(tr(tc(f"<w:p>{run}</w:p>"), tc(f"<w:p>{moved}</w:p>")), tr("删", "行", properties=gone), tr("x", "y"))
    opened = open_file(document(tmp_path / "a.docx", body), "a.docx")
    assert list(texts(opened.grids[0]).values()) == ["95%", "新", "x", "y"]
    assert [n.code for n in opened.notices] == ["changes_tracked"]


def test_lines_hidden_text_symbols(tmp_path: Path) -> None:
    hidden = r("看不见", "<w:rPr><w:vanish/></w:rPr>")
    symbol = '<w:r><w:sym w:font="Symbol" w:char="F0B3"/></w:r>'
    cell = f"<w:p>{r('项 目')}<w:r><w:br/></w:r>{r('名称')}{hidden}</w:p>" + p("第二段")
    grid = only(document(tmp_path / "a.docx", tbl(tr(tc(cell), tc(f"<w:p>{symbol}{r('95%')}</w:p>")))))
    assert list(texts(grid).values()) == ["项 目\n名称\n第二段", "≥95%"]


def test_automatic_numbers_are_text(tmp_path: Path) -> None:
    """python-docx's template has a list “1. 2.” for the style List Number; numId 2 of the template is looked up here."""
    from docx import Document

    template = Document()
    style = template.styles["List Number"].element.pPr.numPr
    number = f'<w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="{style.numId.val}"/></w:numPr></w:pPr>'
    cell = p("培训人数", number) + p("培训天数", number)
    assert list(texts(only(document(tmp_path / "a.docx", tbl(tr(tc(cell)))))).values()) == ["1.培训人数\n2.培训天数"]


def test_nested_table_is_a_table_of_its_own(tmp_path: Path) -> None:
    inner = tbl(tr("内", "10")) + p()
    grids = open_grids(document(tmp_path / "a.docx", tbl(tr(tc(p("外") + inner), "b"))), "a.docx")
    assert [(g.title, list(texts(g).values())) for g in grids] == [("表1", ["外", "b"]), ("表2", ["内", "10"])]


def test_text_box_is_read_where_it_hangs_and_once(tmp_path: Path) -> None:
    mc = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    wps = 'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
    box = f"<w:txbxContent>{p('(盖章)')}</w:txbxContent>"
    both = (
        f"<w:r><mc:AlternateContent {mc}><mc:Choice {wps} Requires='wps'><wps:txbx>{box}</wps:txbx></mc:Choice>"
        f"<mc:Fallback><w:pict>{box}</w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )
    cell = f"<w:p>{r('单位')}{both}</w:p>"
    grid = only(document(tmp_path / "a.docx", tbl(tr(tc(cell), "x")) + f"<w:p>{both}</w:p>"))
    assert list(texts(grid).values()) == ["单位\n(盖章)", "x"] and [w.text for w in grid.tail] == ["(盖章)"]


def test_field_results_are_text_and_codes_are_not(tmp_path: Path) -> None:
    field = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> =SUM(ABOVE) </w:instrText></w:r>'
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{r("98")}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    link = f'<w:fldSimple w:instr="HYPERLINK &quot;http://a.cn&quot;">{r("网址")}</w:fldSimple>'
    body = tbl(tr(tc(f"<w:p>{field}</w:p>"), tc(f"<w:p>{link}</w:p>")))
    assert list(texts(only(document(tmp_path / "a.docx", body))).values()) == ["98", "网址"]


def test_text_of_a_formula(tmp_path: Path) -> None:
    math = '<m:oMath xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"><m:r><m:t>≥95</m:t></m:r></m:oMath>'
    assert list(texts(only(document(tmp_path / "a.docx", tbl(tr(tc(f"<w:p>{math}</w:p>")))))).values()) == ["≥95"]


def test_template_and_wrong_suffix(tmp_path: Path) -> None:
    path = small_document(tmp_path / "a.doc")
    opened = open_file(path, "a.doc")
    assert opened.grids[0].tail[0].text == "注:无" and [n.code for n in opened.notices] == ["suffix_differs"]


def test_namespaces_are_looked_at(tmp_path: Path) -> None:
    foreign = '<z:tbl xmlns:z="urn:z"><z:t>不是正文</z:t></z:tbl>'
    assert W in f"<w:p {W}>"
    grid = only(document(tmp_path / "a.docx", tbl(tr(tc(f"<w:p>{foreign}{r('正文')}</w:p>")))))
    assert list(texts(grid).values()) == ["正文"]


def test_places_are_counted_as_a_person_counts_them(tmp_path: Path) -> None:
    """The grid behind a table has a column wherever any row parts; in each row one sees fewer cells."""
    body = tbl(
        tr(tc("项目名称", SPAN.format(2)), tc("甲", SPAN.format(4))),
        tr(tc("资金", TOP), tc("预算", SPAN.format(2)), tc("执行", SPAN.format(2)), "得分"),
        tr(tc("", ON), tc("100", SPAN.format(2)), tc("90", SPAN.format(2)), tc("9")),
    )
    grid = only(document(tmp_path / "a.docx", body))
    assert {cell.text: cell.spot.cell for cell in grid.cells.values() if cell.text} == {
        "项目名称": "第1行第1列", "甲": "第1行第2列", "资金": "第2行第1列", "预算": "第2行第2列", "执行": "第2行第3列",
        "得分": "第2行第4列", "100": "第3行第2列", "90": "第3行第3列", "9": "第3行第4列",
    }  # fmt: skip
    assert (grid.cells[2, 5].text, grid.cells[2, 5].spot.column) == ("9", 5)  # where copies are annotated


def test_a_blank_cell_is_counted_like_one_that_holds_something(tmp_path: Path) -> None:
    body = tbl(tr(tc("甲", SPAN.format(3)), "乙"), tr(tc("a", SPAN.format(2)), "", "b"))
    grid = only(document(tmp_path / "a.docx", body))
    assert (grid.name(1, 2), grid.cells[1, 3].spot.cell) == ("第2行第2列", "第2行第3列")
