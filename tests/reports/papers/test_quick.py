"""Papers by the hundred are the papers they would be one by one."""

from __future__ import annotations

import io
import zipfile

import pytest
from lxml import etree

from workbench.reports.papers.grid import Column, Line
from workbench.reports.papers.paper import Paper
from workbench.reports.papers.quick import QuickPaper


def filled(paper: Paper | QuickPaper) -> dict[str, bytes]:
    """Every kind of content, by part of the package; XML in its canonical form."""
    paper.title("<标题> & --body--")
    paper.text("一\n二\t三 \x1b")
    paper.heading("1. 甲 & 乙")
    paper.caption("文件:a.xlsx  得分: 97 ")
    columns = [Column("序号", 1, "center"), Column("问题", 3)]
    paper.table(columns, [Line(["P0"], "group"), Line(["1", "所写\n应为\t97"]), Line(["2", ""], splits=True)])
    paper.note("⁧倒写 hello")
    paper.signature("复核单位(盖章)", "反馈单位(盖章)")
    with zipfile.ZipFile(io.BytesIO(paper.data())) as package:
        assert package.testzip() is None
        return {name: _canonical(name, package.read(name)) for name in package.namelist()}


def _canonical(name: str, data: bytes) -> bytes:
    return etree.tostring(etree.fromstring(data), method="c14n") if name.endswith((".xml", ".rels")) else data  # type: ignore[no-any-return]


@pytest.mark.parametrize("landscape", [True, False])
def test_the_same_calls_make_the_same_paper(landscape: bool) -> None:
    about = ("复核意见函 <某局> & --title--", "脚注 <某局> & --mark--")
    quick, one = QuickPaper(*about, landscape=landscape), Paper(*about, landscape=landscape)
    assert filled(quick) == filled(one)


def test_a_paper_is_the_same_bytes_every_time() -> None:
    first, second = QuickPaper("题", "脚"), QuickPaper("题", "脚")
    for paper in (first, second):
        paper.text("一")
    assert first.data() == second.data()
