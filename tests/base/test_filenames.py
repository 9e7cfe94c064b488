"""Names are judged one part at a time; see also the names of members and of evidence, which are made of parts."""

import pytest

from workbench.base.filenames import name_fault


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("", "一段"),
        ("..", "一段"),
        ("a/b", "之一"),
        ("问卷:原始.pdf", "之一"),
        ("附件\u202efdp.exe", "字符"),
        ("a\ud800", "字符"),
        ("合同 ", "结尾"),
        ("CONOUT$", "Windows"),
        ("nul .txt", "Windows"),
        ("字" * 86, "字节"),
    ],
)
def test_a_name_that_is_no_file_somewhere_is_refused(name, fault):
    assert fault in name_fault(name)


@pytest.mark.parametrize("name", ["合同(扫描).pdf", "con1", "字 段.x", "字" * 85, ".隐藏"])
def test_other_names_are_good(name):
    assert name_fault(name) is None
