"""Tables of a PDF over several pages: one that goes on, and forms that each have a page."""

from __future__ import annotations

import pytest

from workbench.recheck.files.paged import Part, join_parts

FORM = ["项目支出绩效自评表", "项目名称", "产出指标"]


def part(page: int, texts: list[str]) -> Part:
    """A table of one column."""
    cells = {(row, 0, row, 0): text for row, text in enumerate(texts)}
    return Part(page, 1, cells, [0.0, 100.0], len(texts))


@pytest.mark.parametrize(
    "first",
    [FORM, ["附件1", *FORM], ["项目 名称:公路养护", "产出指标"], ["主管部门", "x"], ["2022年度部门整体支出绩效自评表"]],
)
def test_a_form_on_each_page_is_a_table_on_each_page(first: list[str]) -> None:
    assert [found.page for found in join_parts([part(1, FORM), part(2, first), part(3, first)])] == [1, 2, 3]


def test_a_form_over_two_pages_is_one_table() -> None:
    (found,) = join_parts([part(1, FORM), part(2, ["效益指标", "满意度指标", "总分"])])
    assert (found.height, found.name(4, 1)) == (6, "第2页第2行第1列")
