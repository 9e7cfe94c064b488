"""Field codes of a Word document: those that fetch something from another program or file are refused."""

from __future__ import annotations

from workbench.base.errors import FileError
from workbench.recheck.files.refusing import refused

_DDE = frozenset({"DDE", "DDEAUTO"})
_FETCHING = frozenset({"LINK", "INCLUDETEXT", "INCLUDE", "DATABASE", "RD", "IMPORT"})
"""Not INCLUDEPICTURE: a picture pasted from a web page, which nobody here fetches."""


class FieldCode:
    """Complex fields while they are read: code, separator, result; they stand in one another."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._open: list[list[str]] = []
        self._coding: list[bool] = []

    @property
    def inside(self) -> bool:
        """Whether what is read now is part of a code, and so not seen."""
        return any(self._coding)

    def mark(self, kind: str) -> None:
        """A mark of a field: begin, separate or end."""
        if kind == "begin":
            if self._open and self._coding[-1] and not "".join(self._open[-1]).strip():
                # A code whose first word is made by another field: only someone hiding it writes that.
                raise self._refused("file_dde", "域代码的名称由别的域拼成")
            self._open.append([])
            self._coding.append(True)
        elif kind == "separate" and self._coding:
            self._check_last()
            self._coding[-1] = False
        elif kind == "end" and self._coding:
            self._check_last()
            self._open.pop()
            self._coding.pop()

    def add(self, text: str) -> None:
        """A piece of a code; it may be cut anywhere."""
        if self._open:
            self._open[-1].append(text)
            self._coding[-1] = True

    def check(self, code: str) -> None:
        """Raises FileError for a code that fetches."""
        word = code.split(maxsplit=1)[0].upper() if code.strip() else ""
        if word in _DDE:
            raise self._refused("file_dde", code)
        if word in _FETCHING:
            raise self._refused("file_external", code)

    def _check_last(self) -> None:
        self.check("".join(self._open[-1]))

    def _refused(self, code: str, found: str) -> FileError:
        message = "文档从别的程序取数(DDE 域)" if code == "file_dde" else "文档从别的文件取内容(域)"
        fix = "请全选后按 Ctrl+Shift+F9 把域变成文字,保存后再复核"
        return refused(code, message, self._file, fix, found=found.strip(), expected="内容都在文件里")
