"""Every cell with text is in the form: in a field, a label or a note, unless it is a title the reader knows as one."""

from __future__ import annotations

import published_layouts as layouts
import pytest
import varied_layouts as variants
from drawn_grids import drawn, statements
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.base.errors import FileError
from workbench.recheck.forms import Mappings, forms_of
from workbench.recheck.forms.labels import inline
from workbench.recheck.forms.vocabulary import fund_of, is_strip, label_of, squeezed, titled, total_rank

BUILDERS = {**layouts.PUBLISHED, **variants.ALL}


def lost(grid, forms):
    """Texts of cells that are in no form and that are no title, label or strip."""
    there = {}
    for cell in (cell for form in forms for cell in statements(form)):
        there.setdefault((cell.spot.row, cell.spot.column), []).append(squeezed(cell.text))
        there.setdefault(cell.spot.row, []).append(squeezed(cell.text))
    missing = []
    for (row, column), cell in grid.cells.items():
        text = squeezed(cell.text)
        if cell.blank or any(text in said for said in there.get(row, [])):
            continue
        parts = [said for said in there.get((row, column), []) if said]
        if any(part in text for part in parts):  # a labelled part: 总分:96分
            continue
        if (pieces := inline(cell, paragraph=True)) and not any(value.text for _, value in pieces):  # 填报人:
            continue
        known = (titled(part, cell.text) for part in ("columns", "money", "goals"))
        if not (
            any(known) or label_of(cell.text) or is_strip(cell.text) or total_rank(cell.text) or fund_of(cell.text)
        ):
            missing.append(cell.text)
    return missing


@pytest.mark.parametrize("name", BUILDERS)
def test_nothing_is_lost(name):
    grid = BUILDERS[name]()
    assert lost(grid, forms_of([grid], Mappings())[0]) == []


@given(
    st.sampled_from(sorted(BUILDERS)),
    st.dictionaries(
        st.tuples(st.integers(0, 30), st.integers(0, 14)), st.text("甲乙丙%1≥:分注合计", min_size=1), max_size=6
    ),
    st.integers(0, 3),
    st.integers(0, 2),
)
@settings(max_examples=60, deadline=None)
def test_nothing_is_lost_wherever_something_more_is_written(name, more, top, left):
    grid = BUILDERS[name](**({"top": top, "left": left} if name in layouts.PUBLISHED or name == "plain" else {}))
    rows = dict(grid.cells)
    free = {
        spot: text
        for spot, text in more.items()
        if spot not in rows and grid.home(*spot) == spot and spot[0] < grid.height and spot[1] < grid.width
    }
    drawing = [[rows[r, c].text if (r, c) in rows else "" for c in range(grid.width)] for r in range(grid.height)]
    for (r, c), text in free.items():
        drawing[r][c] = text
    for area in grid.merged:
        for r in range(area.top, area.bottom + 1):
            for c in range(area.left, area.right + 1):
                if (r, c) != (area.top, area.left):
                    drawing[r][c] = "<" if c > area.left else "^"
    changed = drawn(drawing)
    forms, questions = forms_of([changed], Mappings())
    if not any(question.code != "money_unit" for question in questions):
        assert lost(changed, forms) == []
    assert forms or questions


WORDS = [
    *[
        "一级指标",
        "二级指标",
        "三级指标",
        "年度指标值",
        "实际完成值",
        "分值",
        "得分",
        "偏差原因",
        "指标性质",
        "计量单位",
    ],
    *["产出指标", "数量指标", "养护里程", "指标1:", "年初预算数", "全年预算数", "全年执行数", "执行率", "年度资金总额"],
    *["其中:财政拨款", "预期目标", "实际完成情况", "总分", "合计", "小计", "总分:95分", "项目名称", "主管部门:甲局"],
    *["填报人:", "项目支出绩效自评表", "(2022年度)", "注:略", "绩效指标", "95%", "≥5", "10", "100", "优", "—"],
    *["", "", "", "<", "^"],
]


@given(st.lists(st.lists(st.sampled_from(WORDS), min_size=7, max_size=7), min_size=2, max_size=14))
@settings(max_examples=60, deadline=None)
def test_any_table_is_read_or_asked_about(rows):
    titles = ["一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分"]
    clean = [
        ["" if (cell == "<" and c == 0) or (cell == "^" and r == 0) else cell for c, cell in enumerate(row)]
        for r, row in enumerate([["项目名称", *[""] * 6], *rows, titles, *rows])
    ]
    try:
        grid = drawn(clean)
    except (AssertionError, FileError):  # merged ranges that overlap are refused before
        return
    forms, questions = forms_of([grid], Mappings())
    assert forms or questions
