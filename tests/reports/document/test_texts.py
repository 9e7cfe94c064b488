"""What an analyst writes is in the report or is named with its line: nothing of it is lost without a word."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbench.base.errors import Place, TextsError
from workbench.reports.document.blocks import Block, Grid, Heading, Paragraph
from workbench.reports.document.markdown import blocks
from workbench.reports.document.pieces import Filled, Piece
from workbench.reports.document.prose import odd_braces
from workbench.reports.document.texts import read_texts


def typed(text: str) -> Filled:
    return Filled([Piece(text, typed=True)], Place("overview.md", line=1))


def said(text: str) -> tuple[list[Block], list[tuple[int | None, str]]]:
    made, problems = blocks(typed(text), "项目概况")
    return made, [(p.place.line, p.message) for p in problems]


@pytest.mark.parametrize(
    ("name", "content", "line", "told"),
    [
        ("overview.md", b"\xe6\xad\xa3\n\nA\0B", 3, "U+0000"),
        ("overview.md", b"A\x1b[31m", 1, "U+001B"),
        ("overview.md", "前文\n\n<!-- 批注\n后文".encode(), 3, "没有结束"),
        ("overview.md", "<!-- 一 --> <!-- 二 -->\n<!--".encode(), 2, "没有结束"),
        ("overview.txt", "正文".encode(), None, "请改名为 overview.md"),
        ("Overview.MD", "正文".encode(), None, "请改名为 overview.md"),
        ("funds.docx", b"PK", None, "请改名为 funds.md"),
    ],
)
def test_what_would_not_be_read_is_named(tmp_path: Path, name, content, line, told):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(TextsError, match=told.replace("+", r"\+")) as refused:
        read_texts(tmp_path)
    assert [(p.place.file, p.place.line) for p in refused.value.problems] == [(name, line)]


def test_folders_and_links_are_no_chapters(tmp_path: Path):
    texts, outside = tmp_path / "texts", tmp_path / "secret.md"
    (texts / "overview.md").mkdir(parents=True)
    outside.write_text("别处的文字", "utf-8")
    (texts / "funds.md").symlink_to(outside)
    with pytest.raises(TextsError, match="须是文件") as refused:
        read_texts(texts)
    assert [p.place.file for p in refused.value.problems] == ["funds.md", "overview.md"]


def test_other_files_beside_the_texts_are_nobody_s_business(tmp_path: Path):
    for name in ("template.docx", "数据.xlsx", "overview.md~", "备注.txt"):
        (tmp_path / name).write_bytes(b"x")
    assert not read_texts(tmp_path).chapters


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        ("|a|b|\n|-|-|\n|1|2|\n|1|2|3|", 4, "多于表头的2栏"),
        ("a|b\n-|-\n1|2|3", 3, "多于表头的2栏"),
        ("前文\n\n|a|b|\n|-|-|-|\n|1|2|", 3, "表格没有写对"),
        ("".join("  " * n + "- x\n" for n in range(30)), 7, "列表嵌套超过6层"),
        ("前文\n##标题\n后文", 2, "标题没有写对"),
        ("##", 1, "标题是空的"),
    ],
)
def test_what_markdown_would_drop_or_misread_is_refused(text, line, told):
    _, problems = said(text)
    assert [(n, m) for n, m in problems if told in m] == [(line, m) for _, m in problems]


@pytest.mark.parametrize(
    "text",
    ["|a|b|\n|-|-|\n|1|\n|x\\|y|2|\n|1||", "#1机组", "- a\n  - b\n    - c", "3*(4+5)*6", "\\*\\*星号\\*\\*"],
)
def test_what_is_right_is_left_alone(text):
    assert said(text)[1] == []


@pytest.mark.parametrize(
    ("text", "bold"),
    [
        ("**预算执行率低。**原因是采购晚", "预算执行率低。"),
        ("原因是**“重建轻管”**的问题", "“重建轻管”"),
        ("执行率为**96.75%**以上", "96.75%"),
        ("说明**（一）**项目", "（一）"),
    ],
)
def test_bold_beside_punctuation_is_bold(text, bold):
    """CommonMark parts words by blanks; Chinese has none, and the asterisks would be printed."""
    [[block], []] = said(text)
    assert isinstance(block, Paragraph) and [s.text for s in block.spans if s.bold] == [bold]
    assert block.text == text.replace("**", "")


def test_a_line_that_begins_as_chinese_paragraphs_do_is_one():
    [first, second], _ = said("　　第一段\n接着写。\n　　第二段")
    assert isinstance(first, Paragraph) and isinstance(second, Paragraph)
    assert (first.text, second.text) == ("第一段接着写。", "第二段")


def test_a_link_s_title_is_kept():
    [block], _ = said('见[办法](http://a.cn "财预10号")')
    assert isinstance(block, Paragraph) and block.text == "见办法（http://a.cn，财预10号）"


def test_tables_and_headings_are_what_they_were():
    [heading, grid], _ = said("## 资金\n\n|a|b|\n|-|-:|\n|x\\|y|2|")
    assert isinstance(heading, Heading) and isinstance(grid, Grid)
    assert (grid.title, list(grid.lines[0].cells)) == ("资金", ["x|y", "2"])


@pytest.mark.parametrize(
    "text", ["｛｛ 总分 ｝｝", "｛ 总分 ｝", "{ 总分 }分", '{ 指标["A1"].得分 }', "总分 }}分", "{｛总分}｝"]
)
def test_references_in_wrong_brackets_are_named(text):
    [problem] = odd_braces(typed(f"前文\n{text}"))
    assert problem.place.line == 2 and "括号" in problem.message


@pytest.mark.parametrize("text", ["{ 甲 }", "集合｛1，2｝", "{{ 总分 }}（原样）", "{}"])
def test_other_brackets_are_text(text):
    assert list(odd_braces(typed(text))) == []
