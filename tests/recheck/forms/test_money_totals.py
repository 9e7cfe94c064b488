"""Which row of the money block is the total, however it is called."""

from __future__ import annotations

import pytest
import varied_layouts as variants
from drawn_grids import drawn

from workbench.recheck.forms import Mappings, forms_of
from workbench.recheck.model import FundKind


def read(*rows):
    """The money block with these rows: name, 年初, 全年, 执行, 分值."""
    head = variants.head(8)
    money = [["^", *row[:5], "80%", 8 if row[4] == 10 else "—"] for row in rows]
    grid = drawn([*head[:5], *money, *head[8:], variants.TITLES, *variants.INDICATORS, variants.TOTAL])
    (form,), questions = forms_of([grid], Mappings())
    assert questions == []
    return form


PARTS = (("其中:基本支出", 60, 80, 64, "—"), ("项目支出", 40, 40, 32, "—"))


@pytest.mark.parametrize("name", [
    "部门整体支出总额", "支出合计", "单位支出总计", "部门预算总额", "年度支出总额", "整体支出", "收支总额", "部门经费合计", "全年支出总金额",
    "部门整体支出(含结转)", "本单位全部资金", "一般公共预算",
])  # fmt: skip
@pytest.mark.parametrize("last", [False, True])
def test_the_row_that_carries_the_points_is_the_total(name, last):
    total = (name, 100, 120, 96, 10)
    form = read(*PARTS, total) if last else read(total, *PARTS)
    assert form.fund(FundKind.TOTAL).name.text == name
    assert [row.name.text for row in form.funds if row.kind is FundKind.PART] == ["其中:基本支出", "项目支出"]


@pytest.mark.parametrize("last", [False, True])
def test_without_points_the_row_that_the_others_make(last):
    total = ("本单位全部资金", 100, 120, 96, "—")
    form = read(*PARTS, total) if last else read(total, *PARTS)
    assert form.fund(FundKind.TOTAL).name.text == "本单位全部资金"


def test_no_total_is_made_up():
    assert (
        read(("中央资金", 100, 100, 80, "—"), ("省级资金", 20, 20, 16, "—"), ("县级资金", 1, 1, 1, "—")).fund(
            FundKind.TOTAL
        )
        is None
    )
    # Points on a row that has less than another one: it is a part, and scored by mistake.
    assert read(("中央资金", 100, 100, 80, "—"), ("省级资金", 20, 20, 16, 10)).fund(FundKind.TOTAL) is None


def test_sums_of_kinds_are_parts_of_the_scored_total():
    form = read(("支出合计", 60, 80, 64, "—"), ("资金合计", 40, 40, 32, "—"), ("支出总计", 100, 120, 96, 10))
    assert form.fund(FundKind.TOTAL).name.text == "支出总计"
