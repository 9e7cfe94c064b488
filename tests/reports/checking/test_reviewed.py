"""Reports of a reviewed evaluation: points experts moved stand beside the computed ones, and neither contradicts the other."""

from __future__ import annotations

import io

import pytest
from docx import Document
from report_checked import checked, unpacked

HEAD = ("一级", "二级", "三级", "分值", "计算得分", "最终得分", "评分说明")
ROWS = [
    ("产出指标", "数量", "受益学生人数", "40", "40.00", "40.00", "受益学生人数735人次,得满分40分"),
    ("产出指标", "小计", "", "40", "", "40.00", ""),
    (
        "效益指标",
        "经济",
        "减轻家庭负担",
        "30",
        "30.00",
        "{moved}",
        "减轻家庭负担100%,得满分30分;经3名专家评审(算术平均)由30.00分调整为25.50分",
    ),
    ("效益指标", "社会", "贫血率", "10", "—", "不适用", "不适用:没有检测"),
    ("效益指标", "小计", "", "30", "", "{moved}", ""),
    ("效益指标", "折算", "", "40", "", "34.00", "适用部分{moved}/30 → 34.00/40"),
    ("满意度指标", "满意度", "学生满意度", "20", "20.00", "20.00", "学生满意度100%,得满分20分"),
    ("满意度指标", "小计", "", "20", "", "20.00", ""),
    ("总分", "", "", "100", "100.00", "94.00", ""),
]


def report(moved: str = "25.50") -> list[str]:
    """What is found in a 评分表 whose subtotals have no computed points, with a sentence below that tells of the move."""
    document = Document()
    document.add_paragraph("评分表")
    table = document.add_table(0, len(HEAD))
    for row in (HEAD, *ROWS):
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text.format(moved=moved)
    document.add_paragraph(f"1. {ROWS[2][-1]}（失4.50分，见问题1）。")
    stream = io.BytesIO()
    document.save(stream)
    return [f.rule.code for f in checked(unpacked(stream.getvalue())).found]


def test_points_that_experts_moved_are_no_contradiction() -> None:
    assert report() == []


@pytest.mark.parametrize("moved", ["25.60", "30.00"])
def test_other_points_than_the_ones_they_were_moved_to_are(moved: str) -> None:
    assert report(moved)
