"""The summary of a batch: what goes in comes out, in the workbook and on the page, whatever anybody called his plan."""

from __future__ import annotations

import io
import re
from base64 import b64encode
from decimal import Decimal
from hashlib import sha256

import pytest
from batch_rows import HEADING, PROBLEM, ROWS, many
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html
from openpyxl import load_workbook

from workbench.base.errors import Place, Problem
from workbench.base.safetext import safe
from workbench.reports.batch import summary_page, summary_workbook
from workbench.reports.batch.charts import said
from workbench.reports.batch.distribution import bands, distributions, grades
from workbench.reports.batch.rows import Heading, Row, RowVerdict, lines

HOSTILE = (
    "<script>alert(1)</script>",
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2",
    "@SUM(A1)",
    "两行\n名称",
    "長" * 5000,
    "</table>{{ 7*7 }}{% raw %}&lt;b&gt;",
    "\x1b[31m\u202eםול'\"",
    "\ud800",
)
TEXT = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=12))
POINTS = st.decimals(-20, 120, places=2).map(str)


@st.composite
def verdict(draw):
    low, high = sorted([draw(POINTS), draw(POINTS)], key=Decimal)
    if draw(st.booleans()):
        return RowVerdict(draw(TEXT), draw(TEXT), None, low, high, None)
    return RowVerdict(draw(TEXT), draw(TEXT), low, low, low, draw(st.sampled_from(["优", "差", "A", None])))


PROBLEMS = st.builds(
    Problem,
    st.just("x"),
    TEXT,
    st.builds(Place, file=TEXT, sheet=TEXT, row=st.integers(1, 99), field=TEXT),
    found=TEXT,
    fix=TEXT,
)
DONE = st.builds(
    Row,
    task=TEXT,
    state=st.sampled_from(["已运行", "没有变化"]),
    evaluation=TEXT,
    title=TEXT,
    folder=st.sampled_from(["", "a/0123456789abcdef", "项目 一#/100%"]),
    pack=TEXT,
    verdicts=st.lists(verdict(), max_size=3).map(tuple),
    errors=st.integers(0, 9),
    seconds=st.floats(0, 1e4),
)
FAILED = st.builds(Row, task=TEXT, state=st.just("失败"), failed=st.just(True), problems=st.tuples(PROBLEMS))


def sheets(data: bytes) -> dict[str, list[list[object]]]:
    """Every cell of every sheet, none of them a formula."""
    book = load_workbook(io.BytesIO(data))
    for sheet in book:
        assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    return {sheet.title: [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)] for sheet in book}


def table(data: bytes, css: str = "scores") -> list[list[str]]:
    """The cells of a table of the page, as somebody reads them."""
    root = html.document_fromstring(data.decode("utf-8"))
    rows = root.xpath(f"//*[contains(concat(' ', @class, ' '), ' {css} ')]//tbody/tr")
    return [["".join(cell.itertext()) for cell in row] for row in rows]


def short(text: str) -> str:
    # A file's line ends are read as \n, and white space between two cells is no text of either.
    return safe(text if len(text) <= 200 else f"{text[:200]}……").rstrip()


@settings(max_examples=25)
@given(st.lists(st.one_of(DONE, FAILED), max_size=5))
def test_what_goes_in_comes_out(rows):
    heading = Heading("批次", len(rows))
    book, page = sheets(summary_workbook(rows, heading)), summary_page(rows, heading)
    wanted = lines(rows)
    assert sorted(map(id, {id(line.row): line.row for line in wanted}.values())) == sorted({id(row) for row in rows})
    cells, shown = book["评价对象"], table(page)
    assert len(cells) == len(shown) == len(wanted)
    for line, written, seen in zip(wanted, cells, shown, strict=True):
        row, one = line.row, line.verdict
        assert written[:2] == [safe(row.evaluation) or None, safe(row.title) or None]
        assert written[6] == seen[5] == row.state and written[13] == (safe(row.task) or None)
        assert [seen[0].rstrip(), seen[1].rstrip(), seen[11].rstrip()] == [
            short(row.evaluation), short(row.title), short(row.task)
        ]  # fmt: skip
        if one is None:
            assert written[2] is written[3] is written[4] is None and seen[2:5] == ["", "", ""]
            continue
        assert written[2] == (safe(one.name or one.subject) or None) and seen[2].rstrip() == short(
            one.name or one.subject
        )
        assert written[5] == seen[4] == one.grade_text
        if one.total is None:  # never a number, in neither
            assert written[3] is None and written[4] == seen[3] == f"{one.low}—{one.high}"
        else:
            assert Decimal(str(written[3])) == Decimal(seen[3]) == Decimal(one.total) and written[4] is None
    failed = [row for row in rows if row.failed]
    assert len(book.get("失败的计划", [])) == len(table(page, "failed")) == len(failed)


def test_the_small_batch_is_told_as_people_expect():
    book = sheets(summary_workbook(ROWS, HEADING))
    assert list(book) == ["概况", "失败的计划", "评价对象", "等级分布", "得分分布", "等级分布图", "得分分布图"]
    assert book["概况"][:10] == [
        ["批次", "2026年部门项目"], ["计划", "6份"], ["已运行", "2份"], ["没有变化", "1份"], ["失败", "2份"], ["尚未运行", "1份"],
        ["评价对象", "4个"], ["有总分", "3个"], ["待定(有未评分指标)", "1个"], ["重试过的", "1份"],
    ]  # fmt: skip
    assert book["失败的计划"] == [
        [1, "项目库.xlsx 第4行", "wjj-2026", "params/evidence/水利.xlsx", "项目收支", 12, "执行数", "不是数字", "约三百万",
         "数字,单位万元", "请填写数字"],
        [2, "项目库.xlsx 第4行", "wjj-2026", "params/evidence/卫生.xlsx", None, None, None, "缺少工作表", None, None,
         "请按模板补上“满意度”"],
        [3, "项目库.xlsx 第6行", None, None, None, None, None, "运行这份计划的进程意外终止", None, None, "可能是内存不足"],
    ]  # fmt: skip
    assert [row[:10] for row in book["评价对象"]] == [
        ["wjj-2026", "乡镇卫生院设备购置", None, None, None, None, "失败", *[None] * 3],
        [*[None] * 6, "失败", *[None] * 3],
        ["slj-2026", "农田水利设施维修养护", "某县水利局", 93.5, None, "优", "已运行", 0, 2, "0123456789abcdef"],
        ["jtj-2026", "农村公路养护", "东乡养护站", 81, None, "良(暂定)", "没有变化", 1, 0, "123456789abcdef0"],
        ["jtj-2026", "农村公路养护", "西乡养护站", None, "52.00—88.50", "待定", "没有变化", None, None, "123456789abcdef0"],
        ["bm-2026", "部门整体支出", "某县民政局", 100, None, "未评定", "已运行", 0, 0, "23456789abcdef01"],
    ]  # fmt: skip
    assert book["等级分布"] == [
        ["project-101", "优", 1, 0, 33.3], ["project-101", "良", 1, 1, 33.3], ["project-101", "待定", 1, 0, 33.3],
        ["department-101", "未评定", 1, 0, 100],
    ]  # fmt: skip
    assert book["得分分布"][0] == ["project-101", "90～95", 1, 0] and book["得分分布"][2] == [
        "project-101",
        "80～85",
        1,
        1,
    ]


def test_run_folders_are_reached_from_where_the_summary_lies():
    root = html.document_fromstring(summary_page(ROWS, HEADING).decode())
    assert root.xpath("//td/a/@href")[0] == "../../slj-2026/0123456789abcdef"
    book = load_workbook(io.BytesIO(summary_workbook(ROWS, HEADING)))
    # XlsxWriter writes them as Windows does; LibreOffice takes that too.
    assert book["评价对象"]["J4"].hyperlink.target == r"..\..\slj-2026\0123456789abcdef"


@pytest.mark.parametrize("rows", [(), ROWS[:1], ROWS, (ROWS[2], ROWS[4])], ids=["empty", "one", "all", "failed"])
def test_the_same_rows_give_the_same_bytes(rows):
    heading = Heading("批次", len(rows))
    assert summary_page(rows, heading) == summary_page(rows, heading)
    assert summary_workbook(rows, heading) == summary_workbook(rows, heading)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_stays_a_name(name):
    problem = Problem("x", name, Place(name, name, 2, name), found=name, expected=name, fix=name)
    verdicts = (RowVerdict(name, name, "80.00", "80.00", "80.00", name), RowVerdict(name, "", None, "1", "9", None))
    rows = [
        Row(name, "已运行", False, name, name, "a/b", name, verdicts),
        Row(name, "失败", True, problems=(problem,)),
    ]
    sheets(summary_workbook(rows, Heading(name, 2)))
    page = summary_page(rows, Heading(name, 2)).decode("utf-8")
    root = html.document_fromstring(page)
    [script] = root.xpath("//script")
    [style] = root.xpath("//style")
    [policy] = root.xpath("//meta[@http-equiv]/@content")
    for element in (script, style):
        assert b64encode(sha256(element.text.encode()).digest()).decode() in policy
    assert policy.startswith("default-src 'none'") and "http:" not in page and "https:" not in page
    assert not root.xpath("//*[@style or @onerror or @onclick]") and len(root.xpath("//tbody")) == 4


def test_every_page_and_row_of_a_large_batch_is_small():
    data = summary_page(many(10_000, 300), Heading("一万", 10_000))
    assert len(data) < 5_000_000
    assert len(table(data)) == 10_000 and len(table(data, "failed")) == 300


def test_what_a_page_leaves_out_is_said():
    rows = [Row(str(n), "失败", True, problems=(PROBLEM,)) for n in range(501)]
    page = summary_page(rows, Heading("", 501)).decode()
    assert "另有1处问题,见批量运行汇总.xlsx" in page and len(table(page.encode(), "failed")) == 500


# -- how grades and points are distributed -----------------------------------------------------------------------------


@given(st.lists(verdict(), min_size=1))
def test_every_subject_is_counted_once_and_no_interval_as_points(verdicts):
    assert sum(grade.count for grade in grades(verdicts)) == len(verdicts)
    found = bands(verdicts)
    assert sum(band.scored for band in found) == sum(v.total is not None for v in verdicts)
    assert [band.low for band in found[:-1]] == [band.high for band in found[1:]] and len(found) <= 13
    for at, band in enumerate(found):
        inside = [v for v in verdicts if v.total is not None and _in(Decimal(v.total), band, top=at == 0)]
        assert band.scored == len(inside)
        reaching = [v for v in verdicts if v.total is None and _reaches(v, band, top=at == 0)]
        assert band.possible == len(reaching)


def _in(points, band, *, top):
    return band.low <= points < band.high or (top and points == band.high)


def _reaches(v, band, *, top):
    low, high = Decimal(v.low), Decimal(v.high)
    return high >= band.low and (low < band.high or (top and low == band.high))


def test_grades_stand_from_best_to_worst():
    words = ["差", "优秀", "较差", "良", "中", "不合格", "合格", "A", "B", None]
    verdicts = [RowVerdict("a", "a", "80", "80", "80", word) for word in words]
    open_ = RowVerdict("a", "a", None, "1", "2", None)
    order = [grade.grade for grade in grades([open_, *verdicts])]
    assert order == ["优秀", "良", "中", "合格", "差", "较差", "不合格", "A", "B", "未评定", "待定"]


@pytest.mark.parametrize(
    ("totals", "names"),
    [
        (["100.00"], ["95～100"]),  # full points have no band of their own
        (["0.00"], ["0～5"]),
        (["-3.00", "4.00"], ["0～5", "−5～0"]),
        (["85.00", "90.00"], ["85～90"]),
        (
            ["0.00", "100.00"],
            ["90～100", "80～90", "70～80", "60～70", "50～60", "40～50", "30～40", "20～30", "10～20", "0～10"],
        ),
    ],
)
def test_bands_are_round(totals, names):
    assert [b.name for b in bands([RowVerdict("a", "a", t, t, t, "优") for t in totals])] == names


def test_points_under_different_packs_are_not_put_together():
    assert [(d.pack, d.subjects, d.scored) for d in distributions(ROWS)] == [
        ("project-101", 3, 2),
        ("department-101", 1, 1),
    ]
    assert re.search(r"project-101的等级分布.*department-101的等级分布", summary_page(ROWS, HEADING).decode(), re.S)


@pytest.mark.parametrize(
    ("totals", "spans", "wanted", "beyond"),
    [
        # Bands are those that totals reach; how far down an interval goes makes no rows of nothing.
        (["96.00", "84.00"], [("0.00", "92.00")], [("95～100", 1, 0), ("90～95", 0, 1), ("85～90", 0, 1), ("80～85", 1, 1)], True),
        (["96.00"], [("0.00", "90.00")], [("95～100", 1, 0)], True),
        (["96.00"], [("95.50", "97.00")], [("95～100", 1, 1)], False),
        # Without a total there is one that holds every interval.
        ([], [("3.20", "99.20"), ("20.00", "50.00")], [("0～100", 0, 2)], False),
        ([], [("0.00", "0.00")], [("0～5", 0, 1)], False),
    ],
)  # fmt: skip
def test_bands_are_those_that_totals_reach(totals, spans, wanted, beyond):
    verdicts = [RowVerdict("a", "a", t, t, t, "优") for t in totals]
    verdicts += [RowVerdict("a", "a", None, low, high, None) for low, high in spans]
    [found] = distributions([Row("t", "已运行", verdicts=tuple(verdicts))])
    assert [(b.name, b.scored, b.possible) for b in found.bands] == wanted and found.beyond is beyond


def test_what_would_be_one_bar_is_a_sentence():
    pending = tuple(RowVerdict(str(n), "", None, "0.00", "100.00", None) for n in range(12))
    settled = tuple(RowVerdict(str(n), "", "97.00", "97.00", "97.00", "优", n == 0) for n in range(3))
    rows = [Row("a", "已运行", pack="甲(a)", verdicts=pending), Row("b", "已运行", pack="乙(b)", verdicts=settled)]
    assert [said(one) for one in distributions(rows)] == [
        "乙(b):评价对象3个,等级都是优,其中暂定1个;有总分的3个都在95～100分。",
        "甲(a):评价对象12个,等级都待定;都没有总分,得分区间都在0～100分以内。",
    ]
    page, book = summary_page(rows, Heading("", 2)).decode(), sheets(summary_workbook(rows, Heading("", 2)))
    assert "<figure>" not in page and "等级分布图" not in book and "图" not in [row[0] for row in book["概况"]]
    # One page, and not one of bands into which everything may fall.
    assert book["得分分布"] == [["乙(b)", "95～100", 3, 0], ["甲(a)", "0～100", 0, 12]]


def test_the_table_comes_before_the_charts_and_the_first_pack_alone_is_unfolded():
    root = html.document_fromstring(summary_page(many(40, 2), HEADING).decode())
    assert root.xpath("//section/@aria-labelledby") == ["failed", "subjects", "spread"]
    section = root.xpath("//section[@aria-labelledby='spread']")[0]
    assert len(section.xpath("./figure")) == 2 and len(section.xpath("./details/figure")) == 4
    assert section.xpath("./details/summary/text()") == ["其余2个指标包", "各等级、各段的个数"]
