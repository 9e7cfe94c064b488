"""YAML without its traps: exact numbers, no aliases, no tags, no duplicate keys, and lines for messages.

The plain scalars true, false and null (or nothing) keep their meaning; whole numbers become int, decimal numbers become
Decimal, everything else (dates too) stays text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from workbench.base.errors import FileError, Place, Problem, YamlError

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The C parser where the platform has it: ten times faster, the same events."""
MAX_BYTES = 4 * 1024 * 1024
MAX_DEPTH = 40
KNOWN_TAGS = frozenset(
    f"tag:yaml.org,2002:{name}"
    for name in ("str", "int", "float", "bool", "null", "map", "seq", "timestamp", "merge", "value", "binary")
)
_WHOLE = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_DECIMAL = re.compile(r"[-+]?(0|[1-9][0-9]*)\.[0-9]+")
_CONSTANTS = {"true": True, "false": False, "null": None, "~": None, "": None}


@dataclass
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
    if not path.is_file():
        problem = Problem("file_missing", "找不到文件", Place(name), found=path.as_posix(), fix="请检查路径")
        raise FileError(problem)
    if path.stat().st_size > MAX_BYTES:
        raise FileError(Problem("file_too_large", "YAML 文件超过 4 MB", Place(name), fix="请拆分或删去无关内容"))
    return _parsed(path.read_bytes(), name)


@lru_cache(maxsize=64)
def _parsed(content: bytes, name: str) -> YamlDocument:
    """Equal bytes are parsed once in a process; callers never change the data they get."""
    try:
        return parse_yaml(content.decode("utf-8-sig"), name)
    except UnicodeDecodeError as error:
        raise FileError(Problem("file_encoding", "文件不是 UTF-8 编码", Place(name), fix="请另存为 UTF-8")) from error


def parse_yaml(text: str, file: str) -> YamlDocument:
    """Parse YAML text; ``file`` names it in messages. Raises YamlError."""
    document = YamlDocument(None, file)
    try:
        node = yaml.compose(text, Loader=LOADER)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        place = Place(file, line=line)
        raise YamlError(
            Problem("yaml_syntax", "YAML 语法错误", place, found=error.problem, fix="请检查缩进与引号")
        ) from error
    except yaml.YAMLError as error:
        raise YamlError(Problem("yaml_syntax", "YAML 含有不可用字符", Place(file), found=str(error))) from error
    if node is not None:
        document.data = _Builder(document).build(node, "", 0)
    return document


@dataclass
class _Builder:
    """Turns the parser's nodes into plain data; a node met twice is an alias, which a “YAML bomb” is made of."""

    document: YamlDocument
    seen: set[int] = field(default_factory=set)

    def build(self, node: Any, key: str, depth: int) -> Any:
        line = node.start_mark.line + 1
        self.document.lines.setdefault(key, line)
        self._refuse(node, line, depth)
        if isinstance(node, yaml.SequenceNode):
            return [self.build(item, f"{key}[{i}]", depth + 1) for i, item in enumerate(node.value)]
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, key, depth)
        return _scalar(node)

    def _refuse(self, node: Any, line: int, depth: int) -> None:
        place = Place(self.document.file, line=line)
        if id(node) in self.seen:
            fix = "请把重复内容直接写出(锚点可被用来制造“YAML 炸弹”)"
            raise YamlError(Problem("yaml_alias", "不支持 YAML 锚点与别名", place, fix=fix))
        self.seen.add(id(node))
        if node.tag not in KNOWN_TAGS:
            fix = "请删去以“!”开头的标签"
            raise YamlError(Problem("yaml_tag", "不支持 YAML 标签", place, found=node.tag, fix=fix))
        if depth > MAX_DEPTH:
            raise YamlError(Problem("yaml_depth", f"嵌套超过{MAX_DEPTH}层", place))

    def _mapping(self, node: Any, key: str, depth: int) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for name_node, value_node in node.value:
            line = name_node.start_mark.line + 1
            place = Place(self.document.file, line=line)
            if not isinstance(name_node, yaml.ScalarNode):
                raise YamlError(Problem("yaml_key", "键必须是简单文字", place))
            name = str(name_node.value)
            if name in result:
                fix = "请只保留一处"
                raise YamlError(Problem("yaml_duplicate", "同一层出现重复的键", place, found=name, fix=fix))
            path = f"{key}.{name}" if key else name
            self.document.lines[path] = line
            result[name] = self.build(value_node, path, depth + 1)
        return result


def _scalar(node: yaml.Node) -> Any:
    text = str(node.value)
    if getattr(node, "style", None):  # quoted; a plain scalar has None or, from the C parser, ""
        return text
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if _WHOLE.fullmatch(text):
        return int(text)
    if _DECIMAL.fullmatch(text):
        return Decimal(text)
    return text
