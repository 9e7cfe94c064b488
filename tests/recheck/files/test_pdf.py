"""PDF files. ``stored/form.pdf``: see test_xls.py. ``stored/split.pdf`` is a Word table that LibreOffice has printed:

40 rows of 产出指标 (one merged cell over all), 指标n完成造林面积和后续养护的面积及其他, ≥95%, 96.5%, 10 in the style Table Grid; a page
ends inside row 24. The other files are drawn here, operator by operator.
"""

from __future__ import annotations

from pathlib import Path

from form_files import only, refusal, texts

from workbench.recheck.files import Merged, open_file, open_grids

STORED = Path(__file__).parent / "stored"


def pdf(path: Path, *contents: str, rotate: int = 0, encrypt: str = "") -> Path:
    """A PDF with one page for each content stream, Helvetica as F1."""
    kids = " ".join(f"{4 + 2 * i} 0 R" for i in range(len(contents)))
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Kids[{kids}]/Count {len(contents)}>>",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    for i, content in enumerate(contents):
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Rotate {rotate}/Contents {5 + 2 * i} 0 R"
            "/Resources<</Font<</F1 3 0 R>>>>>>"
        )
        objects.append(f"<</Length {len(content)}>>\nstream\n{content}\nendstream")
    data, places = "%PDF-1.7\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(data))
        data += f"{number} 0 obj\n{body}\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    end = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer<</Size {len(objects) + 1}/Root 1 0 R{encrypt}>>\n"
    path.write_bytes((data + end + f"startxref\n{len(data)}\n%%EOF").encode("latin-1"))
    return path


def word(x: float, y: float, text: str) -> str:
    return f"BT /F1 10 Tf {x} {y} Td ({text}) Tj ET\n"


def rule(x0: float, y0: float, x1: float, y1: float) -> str:
    return f"{x0} {y0} m {x1} {y1} l S\n"


def ruled(top: float, rows: list[list[str]], left: float = 100) -> str:
    """A fully ruled table, 100 wide and 20 high each cell."""
    width, height = len(rows[0]), len(rows)
    lines = "".join(rule(left, top - 20 * i, left + 100 * width, top - 20 * i) for i in range(height + 1))
    lines += "".join(rule(left + 100 * i, top, left + 100 * i, top - 20 * height) for i in range(width + 1))
    return lines + "".join(
        word(left + 100 * c + 5, top - 20 * r - 14, text) for r, row in enumerate(rows) for c, text in enumerate(row)
    )


ROWS = [["Level one", "target", "points"], ["output", ">=95%", "9.80"]]


def test_table_of_a_workbook_over_two_pages() -> None:
    grid = only(STORED / "form.pdf")
    assert (grid.title, grid.height, grid.width) == ("第1页表1", 22, 6)
    assert [w.text for w in grid.lead] == ["项目支出绩效自评表"] and grid.lead[0].spot.sheet == "第1页"
    assert [w.text for _, w in grid.row(1)] == [
        "产出指标",
        "指标1:完成造林面积和后续养护的面积",
        "≥95%",
        "79.27%",
        "10",
        "7.93",
    ]
    # The cell over twenty lines is cut by the page and has its text once.
    assert grid.merged == [Merged(1, 0, 20, 0)]
    assert grid.cells[21, 0].spot.cell == "第2页第6行第1列" and grid.cells[21, 5].error


def test_row_cut_by_the_end_of_a_page_is_joined_and_told() -> None:
    opened = open_file(STORED / "split.pdf", "split.pdf")
    (grid,) = opened.grids
    names = [grid.cells[r, 1].text for r in range(40)]
    assert names == [f"指标{i}完成造林面积和后续养护的面积及其他" for i in range(40)]
    assert (grid.height, grid.cells[24, 1].spot.cell, [w.text for w in grid.tail]) == (40, "第2页第2行第2列", ["注:无"])
    assert [n.code for n in opened.notices] == ["row_joined"]


def test_ruled_table(tmp_path: Path) -> None:
    page = word(100, 760, "Title") + ruled(700, ROWS) + word(100, 600, "note") + ruled(500, ROWS)
    first, second = open_grids(pdf(tmp_path / "a.pdf", page), "a.pdf")
    assert texts(first) == {f"第{r}行第{c}列": ROWS[r - 1][c - 1] for r in (1, 2) for c in (1, 2, 3)}
    assert [w.text for w in first.lead] == ["Title"] and first.tail == second.lead
    assert [w.text for w in first.tail] == ["note"] and second.title == "第1页表2"


def test_lines_drawn_as_thin_rectangles_and_inside_one_path(tmp_path: Path) -> None:
    flat = "".join(f"100 {y} 200 0.5 re f\n" for y in (700, 680, 660))
    upright = "".join(f"{x} 660 0.5 40 re f\n" for x in (100, 200, 300))
    boxes = "q 1 0 0 1 0 -200 cm 100 680 100 20 re 200 680 100 20 re S Q\n"
    words = (
        word(105, 686, "Level")
        + word(205, 686, "target")
        + word(105, 486, "first text")
        + word(205, 486, "second text")
    )
    first, second = open_grids(pdf(tmp_path / "a.pdf", flat + upright + boxes + words), "a.pdf")
    assert list(texts(first).values()) == ["Level", "target"] and list(texts(second).values()) == [
        "first text",
        "second text",
    ]


def test_merged_cells_and_wrapped_text(tmp_path: Path) -> None:
    outline = rule(100, 700, 300, 700) + rule(100, 640, 300, 640) + rule(100, 700, 100, 640) + rule(300, 700, 300, 640)
    inner = rule(150, 700, 150, 640) + rule(150, 670, 300, 670)
    words = (
        word(105, 666, "output") + word(155, 690, "a line that reaches the very end") + word(155, 678, "and goes on")
    )
    words += word(155, 656, "short") + word(155, 644, "next")
    grid = only(pdf(tmp_path / "a.pdf", outline + inner + words))
    assert grid.merged == [Merged(0, 0, 1, 0)]
    assert list(texts(grid).values()) == ["output", "a line that reaches the very end and goes on", "short\nnext"]


def test_text_that_leaves_its_cell_is_told(tmp_path: Path) -> None:
    """A row too low for its two lines: the second one stands across the line, and may belong to either cell."""
    fits = pdf(tmp_path / "a.pdf", ruled(700, ROWS) + word(100, 760, "Title of it"))
    assert open_file(fits, "a.pdf").notices == ()
    crossing = pdf(tmp_path / "b.pdf", ruled(700, ROWS) + word(105, 678, "second line"))
    assert [n.code for n in open_file(crossing, "b.pdf").notices] == ["text_crowded"]
    clipped = "q 100 680 100 20 re W n " + word(105, 660, "hidden away") + "Q " + ruled(700, ROWS)
    (cut,) = open_file(pdf(tmp_path / "c.pdf", clipped), "c.pdf").notices
    assert cut.code == "text_cut" and "10个字" in cut.message


def test_turned_page(tmp_path: Path) -> None:
    """A landscape form on a portrait page turned by a quarter: text and lines run upwards."""
    turned = "0 1 -1 0 600 0 cm\n" + ruled(500, ROWS)
    grid = only(pdf(tmp_path / "a.pdf", turned, rotate=90))
    assert list(texts(grid).values()) == [t for row in ROWS for t in row]


def test_table_without_lines_is_told(tmp_path: Path) -> None:
    rows = [
        ["one", "two", "three", "four"],
        ["a", "", "5.00", "4.90"],
        ["bb", ">=3", "10.00", "9.00"],
        ["c", "yes", "1", "1"],
    ]
    page = "".join(word(60 + 120 * c, 700 - 20 * r, t) for r, row in enumerate(rows) for c, t in enumerate(row) if t)
    opened = open_file(pdf(tmp_path / "a.pdf", word(60, 760, "Title") + page), "a.pdf")
    grid = opened.grids[0]
    assert [n.code for n in opened.notices] == ["table_unruled"] and [w.text for w in grid.lead] == ["Title"]
    assert [w.text for _, w in grid.row(2)] == ["bb", ">=3", "10.00", "9.00"] and (1, 1) not in grid.cells


def test_tables_of_two_pages_that_are_not_one(tmp_path: Path) -> None:
    between = [ruled(700, ROWS) + word(100, 600, "Note"), ruled(700, ROWS)]
    columns = [ruled(700, ROWS), ruled(700, [["a", "b"], ["c", "d"]])]
    pages = [ruled(700, ROWS), word(100, 700, "a page of text only"), ruled(700, ROWS)]
    for contents in (between, columns, pages):
        assert len(open_grids(pdf(tmp_path / "a.pdf", *contents), "a.pdf")) == 2
    numbered = [ruled(700, ROWS) + word(300, 40, "- 1 -"), ruled(700, ROWS) + word(300, 40, "- 2 -")]
    assert only(pdf(tmp_path / "a.pdf", *numbered)).height == 4


def test_scan_is_refused(tmp_path: Path) -> None:
    problem = refusal(pdf(tmp_path / "a.pdf", "0.5 g 0 0 600 800 re f\n" + word(300, 20, "- 1 -")))
    assert problem.code == "file_scanned" and "OCR" in (problem.fix or "")


def test_password_is_refused(tmp_path: Path) -> None:
    lock = "/Encrypt<</Filter/Standard/V 1/R 2/P -1/O(" + "x" * 32 + ")/U(" + "y" * 32 + ")>>/ID[(a)(a)]"
    assert refusal(pdf(tmp_path / "a.pdf", ruled(700, ROWS), encrypt=lock)).code == "file_encrypted"


def test_drawing_without_end_is_refused(tmp_path: Path) -> None:
    page = "0 0 m 1 1 l S\n" * 40_000
    assert refusal(pdf(tmp_path / "a.pdf", page)).code == "file_too_large"
