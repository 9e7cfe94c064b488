"""YAML without its traps: exact numbers, no aliases, no tags, no duplicate keys, and lines for messages.

The plain scalars true, false and null (or nothing) keep their meaning; whole numbers become int, decimal numbers become
Decimal, everything else (dates too) stays text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from workbench.base.errors import FileError, Place, Problem, YamlError
from workbench.base.text import nearest

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The C parser where the platform has it: ten times faster, the same events."""
MAX_BYTES = 4 * 1024 * 1024
MAX_DEPTH = 40
MAX_DIGITS = 60
_WHOLE = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_DECIMAL = re.compile(r"[-+]?(0|[1-9][0-9]*)\.[0-9]+")
_TAB = re.compile(r" *\t")
_BARE = re.compile(r"[:-]\s+\{\{")
_QUOTE = "以 {{ 或 [ 开头的值要加引号,如 '{{ 总分 }}'"
"""Our texts refer to values in braces, which YAML takes for a mapping of its own."""
_CONSTANTS = {"true": True, "false": False, "null": None, "~": None, "": None}


@dataclass(eq=False)
class YamlDocument:
    """A YAML file as plain data, with the line of every key path such as ``plan.changes[0].reason``."""

    data: Any
    file: str
    lines: dict[str, int] = field(default_factory=dict)

    def line(self, key: str) -> int | None:
        """The line of a key path, or of its nearest ancestor that has one."""
        while key:
            if key in self.lines:
                return self.lines[key]
            key = re.sub(r"(\.?[^.\[\]]+|\[\d+\])$", "", key)
        return None


def read_yaml(path: Path) -> YamlDocument:
    """Read a YAML file.

    Raises:
        FileError: the file is missing, too large or not UTF-8.
        YamlError: it is not valid, or uses aliases, tags or duplicate keys.
    """
    name = path.name
    if path.is_dir():
        problem = Problem("not_a_file", "这是文件夹,不是文件", Place(name), found=path.as_posix(), fix="请写到文件名")
        raise FileError(problem)
    if not path.is_file():
        near = nearest(name, [p.name for p in path.parent.iterdir()]) if path.parent.is_dir() else None
        fix = f"是否想写“{near}”?" if near else "请检查路径"
        raise FileError(Problem("file_missing", "找不到文件", Place(name), found=path.as_posix(), fix=fix))
    if path.stat().st_size > MAX_BYTES:
        raise FileError(Problem("file_too_large", "YAML 文件超过 4 MB", Place(name), fix="请拆分或删去无关内容"))
    return _parsed(path.read_bytes(), name)


@lru_cache(maxsize=64)
def _parsed(content: bytes, name: str) -> YamlDocument:
    """Equal bytes are parsed once in a process; callers never change the data they get."""
    try:
        return parse_yaml(content.decode("utf-8-sig"), name)
    except UnicodeDecodeError as error:
        text = "不是文本文件" if b"\0" in content else "文件不是 UTF-8 编码"
        raise FileError(Problem("file_encoding", text, Place(name), fix="请另存为 UTF-8 编码的文本")) from error


def parse_yaml(text: str, file: str) -> YamlDocument:
    """Parse YAML text; ``file`` names it in messages. Raises YamlError."""
    document = YamlDocument(None, file)
    try:
        document.data = _Builder(document, yaml.parse(text, Loader=LOADER)).whole()
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        place = Place(file, line=line)
        tab = line is not None and any(_TAB.match(near) for near in text.splitlines()[line - 1 : line + 1])
        bare = line is not None and any(_BARE.search(near) for near in text.splitlines()[max(0, line - 2) : line])
        fix = "缩进不能用制表符,请改用空格" if tab else _QUOTE if bare else _advice(error.problem or "")
        raise YamlError(Problem("yaml_syntax", "YAML 语法错误", place, fix=fix)) from error
    except yaml.YAMLError as error:
        fix = "文件中有控制字符,请删去或重新保存为 UTF-8 文本"
        raise YamlError(Problem("yaml_syntax", "YAML 含有不可用字符", Place(file), fix=fix)) from error
    return document


_ADVICE = (
    ("mapping values are not allowed", "冒号的位置不对:一行只能有一个“键: 值”,文字里有冒号时请加引号"),
    ("could not find expected ':'", "缺少冒号:每行写成“键: 值”,冒号后空一格"),
    ("',' or ']'", "方括号没有配对,或少了逗号"),
    ("',' or '}'", "花括号没有配对,或少了逗号"),
    ("unexpected end of stream", "引号或括号没有配对"),
    ("did not find expected key", "缩进不一致,或引号没有配对"),
    ("did not find expected '-'", "列表各项须对齐,每项以“- ”开头"),
    ("found character that cannot start", "行首字符(如 @、`、%)须加引号"),
    ("unknown escape character", "双引号里的反斜杠有特殊含义,请改用单引号"),
)


def _advice(problem: str) -> str:
    """What to look for; the parser's own words are English and speak of tokens."""
    return next((advice for words, advice in _ADVICE if words in problem), "请检查缩进、冒号与引号")


@dataclass
class _Builder:
    """Turns the parser's events into plain data as they come.

    No node is composed before its depth, anchor and tag are known: composing is recursive, and deep nesting would overflow
    the C stack and take the process down.
    """

    document: YamlDocument
    events: Iterator[Any]

    def whole(self) -> Any:
        """The data of the one document; None for an empty text."""
        next(self.events)  # the stream starts
        if isinstance(next(self.events), yaml.StreamEndEvent):
            return None
        data = self.build(next(self.events), "", 0)
        next(self.events)  # the document ends
        after = next(self.events)
        if not isinstance(after, yaml.StreamEndEvent):
            place = Place(self.document.file, line=after.start_mark.line + 1)
            raise YamlError(Problem("yaml_syntax", "一个文件只能有一个文档", place, fix="请删去多余的“---”"))
        return data

    def build(self, event: Any, key: str, depth: int) -> Any:
        line = event.start_mark.line + 1
        self.document.lines.setdefault(key, line)
        self._refuse(event, line, depth)
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event, line)
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(key, depth)
        items: list[Any] = []
        while not isinstance(item := next(self.events), yaml.SequenceEndEvent):
            items.append(self.build(item, f"{key}[{len(items)}]", depth + 1))
        return items

    def _refuse(self, event: Any, line: int, depth: int) -> None:
        if event.anchor is not None:  # an alias bears the name of its anchor
            fix = "请把重复内容直接写出(锚点可被用来制造“YAML 炸弹”)"
            raise self._error("yaml_alias", "不支持 YAML 锚点与别名", line, fix=fix)
        if event.tag is not None:
            raise self._error("yaml_tag", "不支持 YAML 标签", line, event.tag, "请删去以“!”开头的标签")
        if depth > MAX_DEPTH:
            raise self._error("yaml_depth", f"嵌套超过{MAX_DEPTH}层", line)

    def _mapping(self, key: str, depth: int) -> dict[str, Any]:
        result: dict[str, Any] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            line = event.start_mark.line + 1
            self._refuse(event, line, depth)
            if not isinstance(event, yaml.ScalarEvent):
                raise self._error("yaml_key", "键必须是简单文字", line, fix=_QUOTE)
            name = str(event.value)
            if name in result:
                raise self._error("yaml_duplicate", "同一层出现重复的键", line, name, "请只保留一处")
            path = f"{key}.{name}" if key else name
            self.document.lines[path] = line
            result[name] = self.build(next(self.events), path, depth + 1)
        return result

    def _scalar(self, event: Any, line: int) -> Any:
        text = str(event.value)
        if event.style:  # quoted; a plain scalar has None or, from the C parser, ""
            return text
        if text in _CONSTANTS:
            return _CONSTANTS[text]
        whole = _WHOLE.fullmatch(text)
        if whole is None and not _DECIMAL.fullmatch(text):
            return text
        if len(text) > MAX_DIGITS:
            raise self._error("yaml_number", f"数字超过{MAX_DIGITS}位", line, text, "若是编号,请加引号")
        return int(text) if whole else Decimal(text)

    def _error(self, code: str, message: str, line: int, found: str | None = None, fix: str | None = None) -> YamlError:
        return YamlError(Problem(code, message, Place(self.document.file, line=line), found=found, fix=fix))
