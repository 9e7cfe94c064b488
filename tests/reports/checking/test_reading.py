"""What a reader sees of a docx: deleted and hidden text is none, merged cells fill their fields."""

from __future__ import annotations

import pytest

from workbench.reports.checking.document.reading import read_body
from workbench.reports.checking.language.numbers import cell_number, chinese, folded, numbers

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'


def body(xml: str):
    return read_body(f"<w:document {W}><w:body>{xml}</w:body></w:document>".encode(), "报告.docx")


def run(text: str, look: str = "") -> str:
    return f"<w:r>{f'<w:rPr>{look}</w:rPr>' if look else ''}<w:t>{text}</w:t></w:r>"


def cell(text: str, look: str = "") -> str:
    return f"<w:tc><w:tcPr>{look}</w:tcPr><w:p>{run(text)}</w:p></w:tc>"


@pytest.mark.parametrize(
    ("xml", "text"),
    [
        (run("得分") + run("87") + run(".52分"), "得分87.52分"),
        (f"<w:del>{run('90').replace('w:t', 'w:delText')}</w:del><w:ins>{run('87')}</w:ins>", "87"),
        (run("87") + run("99", "<w:vanish/>"), "87"),
        (run("87", '<w:vanish w:val="0"/>'), "87"),
        ("<w:r><w:instrText>PAGE 99</w:instrText></w:r>" + run("3"), "3"),
        (
            f"<mc:AlternateContent><mc:Choice>{run('87')}</mc:Choice><mc:Fallback>{run('87')}</mc:Fallback></mc:AlternateContent>",
            "87",
        ),
        ("<w:r><w:t>一</w:t><w:tab/><w:t>3</w:t></w:r>", "一\t3"),
    ],
)
def test_text_is_what_is_seen(xml, text):
    assert [p.text for p in body(f"<w:p>{xml}</w:p>").paragraphs] == [text]


def test_a_text_box_is_paragraphs_of_its_own():
    box = f"<w:txbxContent><w:p>{run('综合得分：87分')}</w:p></w:txbxContent>"
    assert [p.text for p in body(f"<w:p>{run('封面')}<w:r>{box}</w:r></w:p>").paragraphs] == ["封面", "综合得分：87分"]


def test_merged_cells_fill_their_fields_and_keep_one_origin():
    across, begins = '<w:gridSpan w:val="2"/>', '<w:vMerge w:val="restart"/>'
    rows = f"<w:tr>{cell('一级', across)}{cell('得分')}</w:tr>"
    rows += f"<w:tr>{cell('决策', begins)}{cell('甲')}{cell('5')}</w:tr>"
    rows += f"<w:tr>{cell('', '<w:vMerge/>')}{cell('乙')}{cell('4')}</w:tr>"
    [table] = body(f"<w:tbl>{rows}</w:tbl>").tables
    assert [[c.text for c in row] for row in table.rows] == [
        ["一级", "一级", "得分"],
        ["决策", "甲", "5"],
        ["决策", "乙", "4"],
    ]
    assert table.rows[1][0].origin == table.rows[2][0].origin == (1, 0)


def test_deleted_rows_and_nested_tables():
    inner = f"<w:tbl><w:tr>{cell('内')}</w:tr></w:tbl>"
    gone = f"<w:tr><w:trPr><w:del/></w:trPr>{cell('删')}</w:tr>"
    tables = body(
        f"<w:p>{run('表1 甲')}</w:p><w:tbl><w:tr><w:tc><w:p>{run('外')}</w:p>{inner}</w:tc></w:tr>{gone}</w:tbl>"
    ).tables
    assert [[c.text for r in t.rows for c in r] for t in tables] == [["外"], ["内"]]
    assert tables[0].before == "表1 甲"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *(
            ("18", "18"),
            ("18.00分", "18.00"),
            ("８７．５２", "87.52"),
            ("1,234.50", "1234.50"),
            ("－２", "-2"),
            ("−2.5", "-2.5"),
        ),
        *(
            ("90.4%", "90.4"),
            ("百分之九十", "90"),
            ("八十七点五二分", "87.52"),
            ("一百零五", "105"),
            ("十二", "12"),
            ("负3", "-3"),
        ),
        *(
            ("+1.66", "1.66"),
            ("三五", None),
            ("95.00—96.00", None),
            ("18（满分）", None),
            ("—", None),
            ("", None),
            ("2023.12.31", None),
        ),
    ],
)
def test_a_cell_is_a_number_or_none(text, value):
    number = cell_number(text)
    assert (None if number is None else str(number.value)) == value


def test_numbers_of_a_sentence():
    text = folded(
        "３.２.1节：得分８７．５分，占90%，八十七点五分，共3个、1,250.00万元，2023.12.31，-3.00分，80-90分，百分之六十"
    )
    found = [str(f.number) for f in numbers(text)]
    assert found == ["87.5", "90%", "87.5", "3", "1250.00", "-3.00", "80", "90", "60%"]


@pytest.mark.parametrize(
    ("text", "value"), [("二十", 20), ("两千三百", 2300), ("一万零五十", 10050), ("百", None), ("十十", None)]
)
def test_chinese_numerals(text, value):
    number = chinese(text)
    assert (None if number is None else number.value) == value
