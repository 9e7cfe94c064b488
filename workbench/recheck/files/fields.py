"""Field codes of a Word document: those that fetch something from another program or file are refused."""

from __future__ import annotations

from workbench.base.errors import FileError
from workbench.base.office.fields import MADE
from workbench.recheck.files.refusing import refused

_DDE = frozenset({"DDE", "DDEAUTO"})
_FETCHING = frozenset({"LINK", "INCLUDETEXT", "INCLUDE", "DATABASE", "RD", "IMPORT"})
"""Not INCLUDEPICTURE: a picture pasted from a web page, which nobody here fetches."""


def check_code(code: str, file: str) -> None:
    """Raises FileError for a field code that fetches, or that hides what it does."""
    word = code.split(maxsplit=1)[0].upper() if code.strip() else ""
    if word.startswith(MADE):
        # Only someone hiding a word makes it by another field.
        raise _refused("file_dde", "域代码的名称由别的域拼成", file)
    if word in _DDE:
        raise _refused("file_dde", code, file)
    if word in _FETCHING:
        raise _refused("file_external", code, file)


def _refused(code: str, found: str, file: str) -> FileError:
    message = "文档从别的程序取数(DDE 域)" if code == "file_dde" else "文档从别的文件取内容(域)"
    fix = "请全选后按 Ctrl+Shift+F9 把域变成文字,保存后再复核"
    return refused(code, message, file, fix, found=found.strip(), expected="内容都在文件里")
