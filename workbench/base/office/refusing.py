"""How an Office file is refused: by name, with what was found, what is expected and what to do."""

from __future__ import annotations

from workbench.base.errors import FileError, Place, Problem

SAVE_AS_XLSX = "请在 Excel 或 WPS 中打开,另存为“Excel 工作簿(*.xlsx)”后再试"
SAVE_AS_DOCX = "请在 Word 或 WPS 中打开,另存为“Word 文档(*.docx)”后再试"
ASK_AGAIN = "文件不可信,请向提供方重新索取"
COPY_AGAIN = "请重新导出或重新复制文件"


def refused(
    code: str, message: str, file: str, fix: str, *, found: str | None = None, expected: str, sheet: str | None = None
) -> FileError:
    """The error for a file that is not read."""
    return FileError(Problem(code, message, Place(file, sheet), found, expected, fix))


def damaged(file: str, sheet: str | None = None) -> FileError:
    """The error for a file that is cut off or broken."""
    return refused("file_truncated", "文件不完整或已损坏", file, COPY_AGAIN, sheet=sheet, expected="完整的文件")


def entities(file: str, found: str) -> FileError:
    """The error for XML that defines entities, or names a definition elsewhere."""
    message, expected = "文件里有外部定义(XML 实体)", "没有外部定义的文件"
    return refused("file_entities", message, file, ASK_AGAIN, found=found, expected=expected)


def encrypted(file: str) -> FileError:
    """The error for a file with a password."""
    fix = "请取消打开密码后重新保存"
    return refused(
        "file_encrypted", "文件已加密,要密码才能打开", file, fix, found="加密的文件", expected="没有密码的文件"
    )
