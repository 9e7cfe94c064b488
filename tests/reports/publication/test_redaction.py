"""Names, numbers and places in running text and tables: none of a person's is left, no figure of the report is lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.reports.document.blocks import Grid
from workbench.reports.papers.grid import Column, Line
from workbench.reports.publication.people import persons
from workbench.reports.publication.personal import figures_of
from workbench.reports.publication.redaction import Redaction

PEOPLE = ("王敏", "李建国", "古丽娜尔·艾合买提", "欧阳明华", "Li Wei", "Max", "高峰", "方案", "敏")
TAKEN = Redaction(PEOPLE, ("合同扫描件.pdf",), ("高峰", "方案"))


@pytest.mark.parametrize(
    ("text", "left"),
    [
        # telephones without a separator, told by where the code of the place ends
        ("电话07146352788，02787654321转8012", "电话（已删去），（已删去）"),
        ("联系电话:6352788；传真 8765 4321", "联系电话:（已删去）；传真 （已删去）"),
        ("138.1234.5678、0086 13812345678、一三八一二三四五六七八", "（已删去）、（已删去）、（已删去）"),
        ("张三13812345678，收款13812345678次日到账", "张三（已删去），收款（已删去）次日到账"),
        # identity papers, cards (6222…: UnionPay; 4539…: by its last digit), accounts, plates
        ("110101900101123，护照号码：E12345678", "（已删去），护照号码：（已删去）"),
        ("6222021234567890123；4539 5787 6362 1486", "（已删去）；（已删去）"),
        ("账号42001234567890123456，车牌鄂J·A1234", "账号（已删去），车牌（已删去）"),
        ("lead(at)example.cn", "（已删去）"),
        # places on somebody's computer
        ("存于D:\\资料\\财务、\\\\nas\\共享\\合同，/home/wm/资料", "存于（已删去）、（已删去），（已删去）"),
        # figures and codes that look like telephones
        ("总投资13812345678，金额（元）为13812345678", "总投资13812345678，金额（元）为13812345678"),
        ("￥13812345678、13812345678人次、13812345678平方米", "￥13812345678、13812345678人次、13812345678平方米"),
        ("项目编号：02012345678，代码110101900101123", "项目编号：02012345678，代码110101900101123"),
        ("0.13812345678，2020 2021 2022 2023", "0.13812345678，2020 2021 2022 2023"),
        ("4539578763621487", "4539578763621487"),
        # people
        ("王教授、欧阳老师和建国同志", "×××教授、×××老师和×××同志"),
        ("古丽娜尔说，古丽娜尔艾合买提、艾合买提", "×××说，×××、×××"),
        ("LI WEI, liwei, max", "×××, ×××, ×××"),
        ("Liweis Maximum", "Liweis Maximum"),
        # names that are ordinary words
        ("用水高峰期，实施方案经评审", "用水高峰期，实施方案经评审"),
        ("专家高峰认为方案可行，方案老师同意", "专家×××认为方案可行，×××老师同意"),
        ("成员：高峰、方案、王敏", "成员：×××、×××、×××"),
    ],
)
def test_what_is_taken_and_what_stays(text, left):
    assert TAKEN.text(text) == left
    assert TAKEN.text(left) == left and list(TAKEN.found(left)) == []


def _grid(titles: list[str], *rows: list[str]) -> Grid:
    return Grid("表", [Column(t, 1.0) for t in titles], [Line(row) for row in rows])


def test_columns_of_people_lose_everything_and_columns_of_figures_nothing():
    grid = _grid(
        ["户主姓名", "联系电话", "金额（元）", "合同编号"], ["赵钱孙", "6352788", "13812345678", "02012345678"]
    )
    taken = Redaction((), (), (), frozenset(figures_of(grid))).block(grid)
    assert isinstance(taken, Grid)
    assert list(taken.lines[0].cells) == ["×××", "（已删去）", "13812345678", "02012345678"]
    assert list(Redaction((), ()).text("13812345678")) == list("（已删去）"), "a number nobody calls an amount"


@pytest.mark.parametrize(
    ("field", "names"),
    [
        ("王敏、李建国", ["王敏", "李建国"]),
        ("王敏（高级会计师）", ["王敏"]),
        ("王敏 高级会计师", ["王敏"]),
        ("王　敏", ["王　敏"]),
        ("Li Wei", ["Li Wei"]),
        ("", []),
    ],
)
def test_a_field_holds_one_name_or_several_or_a_title_too(field, names):
    assert list(persons([field, None])) == names


@given(
    st.lists(
        st.sampled_from(["高峰", "专家", "王敏", "、", "同意", "期", " ", "13812345678", "元", "电话"]), max_size=8
    )
)
def test_taking_out_is_whole_after_once(words):
    """Whatever stands beside whatever: the check of the files finds nothing that was not taken."""
    left = TAKEN.text("".join(words))
    assert list(TAKEN.found(left)) == []


@pytest.mark.parametrize("long", ["1", "a", "（", "a.", "\\\\a", "王", "高", "@a"])
def test_a_long_text_without_an_end_is_read_once(long):
    """From every place to the end it would take minutes."""
    text = long * (40_000 // len(long))
    assert TAKEN.text(text) in (text, "（已删去）")
