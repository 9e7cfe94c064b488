"""How a file of a unit is refused: as any Office file is, in the words of a re-check."""

from __future__ import annotations

from workbench.base.errors import FileError, Place, Problem
from workbench.base.office import refusing

SAVE_AS_XLSX = "请在 Excel 或 WPS 中打开,另存为“Excel 工作簿(*.xlsx)”后再复核"
SAVE_AS_DOCX = "请在 Word 或 WPS 中打开,另存为“Word 文档(*.docx)”后再复核"
ASK_AGAIN = "文件不可信,请向填报单位重新索取"
READABLE = "Excel 工作簿(.xlsx、.xls)、Word 文档(.docx)或有文字的 PDF"


def refused(
    code: str,
    message: str,
    file: str,
    fix: str,
    *,
    sheet: str | None = None,
    found: str | None = None,
    expected: str = READABLE,
) -> FileError:
    """The error for a file that is not read."""
    return refusing.refused(code, message, file, fix, found=found, expected=expected, sheet=sheet)


def notice(code: str, message: str, file: str, fix: str, sheet: str | None = None) -> Problem:
    """Something a person should know about a file that was read."""
    return Problem(code, message, Place(file, sheet), fix=fix, severity="info")
