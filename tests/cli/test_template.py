"""``workbench template``: a workbook that can be read back."""

from __future__ import annotations

import pytest

from workbench.evidence.reader import read_evidence
from workbench.scheme.library import load_pack


def test_template_is_written_and_reads_back(cli, roads, workspace):
    target = workspace / "资料" / "基础数据.xlsx"
    stdout = cli("template", "roads", "-o", str(target), "--policy", "kizilsu-2023", code=0).stdout
    assert "已生成" in stdout
    pack = load_pack(roads / "pack.yaml")
    with pytest.raises(Exception, match="评价对象") as caught:
        read_evidence(target, pack.tables)
    assert {p.code for p in caught.value.problems} == {"no_subjects"}


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("raods", "-o", "x.xlsx"), "是否想写“roads”?"),
        (("roads", "-o", "x.docx"), "应为以 .xlsx 结尾的文件名"),
        (("roads", "-o", "x.xlsx", "--variant", "long"), "没有这棵指标树"),
        (("roads", "-o", "x.xlsx", "--policy", "kizilsu-2022"), "是否想写“kizilsu-2023”?"),
    ],
)
def test_what_does_not_exist_is_refused(cli, roads, workspace, args, said):
    assert said in cli("template", *args, code=2).stderr
    assert not (workspace / args[2]).exists()


def test_a_filled_workbook_is_not_overwritten(cli, roads, workspace):
    target = workspace / "x.xlsx"
    target.write_bytes(b"filled in")
    assert "文件已存在" in cli("template", "roads", "-o", "x.xlsx", code=2).stderr
    assert target.read_bytes() == b"filled in"
    cli("template", "roads", "-o", "x.xlsx", "--force", code=0)
    assert target.read_bytes() != b"filled in"
