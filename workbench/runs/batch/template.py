"""A plan template (计划模板): a plan whose texts refer to a register's columns, ``{项目名称}``, and columns that fill settings by their titles.

``{{`` and ``}}`` stand for braces of their own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from workbench.base.errors import Place, PlanError, Problem
from workbench.base.yamlio import YamlDocument, read_yaml
from workbench.evidence.headers import tidy_title

ROW = "本行"
"""``evidence: "{本行}"``: the register's row is the evidence."""
SETTINGS = {
    "评价编号": "evaluation",
    "项目名称": "title",
    "指标包": "pack",
    "指标树": "variant",
    "计分规则集": "ruleset",
    "地区办法": "policy",
    "评价期间": "period",
    "评价阶段": "stage",
    "基准日": "as_of",
    "佐证资料": "evidence",
    "笔记本": "notebook",
    "委托方": "parties.client",
    "评价机构": "parties.evaluator",
    "主评人": "parties.lead",
    "被评价单位": "parties.evaluated",
}
"""Titles of columns that fill a setting of the plan, by its key path; as :mod:`workbench.reports.overview` calls them."""
EVALUATION, AS_OF, EVIDENCE = "评价编号", "基准日", "evidence"
_PART = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")
Row = Mapping[str, str | None]
"""A row's texts by tidy title of the column."""


@dataclass(frozen=True)
class Template:
    """A template as read.

    Attributes:
        content: what stands under ``plan``.
        columns: titles the placeholders name, in order of appearance, each with the first key path that does.
        filled: key path → titles of the columns it is made from.
        row_is_evidence: whether the template says so.
    """

    document: YamlDocument
    content: Mapping[str, Any]
    columns: Mapping[str, str]
    filled: dict[str, list[str]] = field(default_factory=dict)
    row_is_evidence: bool = False

    def place(self, key: str) -> Place:
        """Where a key path stands in the template's file."""
        return Place(self.document.file, key=f"plan.{key}", line=self.document.line(f"plan.{key}"))

    def free(self, key: str) -> bool:
        """Whether a column may fill a setting: no placeholder of the template does."""
        return key not in self.filled

    def plan(self, row: Row, settings: Mapping[str, str]) -> dict[str, Any]:
        """The plan of one row. ``settings``: key path → title of the column that fills it; blank cells leave the template's."""
        plan: dict[str, Any] = _mapped(self.content, lambda text: _PART.sub(lambda found: _put(found, row), text))
        for key, title in settings.items():
            text = row[title]
            if text is None:
                continue
            home, _, last = key.rpartition(".")
            target = plan.setdefault(home, {}) if home else plan
            if isinstance(target, dict):  # else the plan's own check says what is wrong
                target[last] = text
        if isinstance(plan.get("evaluation"), str):
            plan["evaluation"] = plan["evaluation"].lower()
        return plan


def read_template(path: Path) -> Template:
    """Read a template. Raises FileError, YamlError, PlanError: it is no plan, or a placeholder is written wrongly."""
    document = read_yaml(path)
    data = document.data
    if not isinstance(data, dict) or list(data) != ["plan"] or not isinstance(data["plan"], dict):
        fix = "模板是一份评价计划:顶层只有“plan:”一个键,其下各项可用 {列名} 引用清单的列"
        raise PlanError(Problem("top_level", "这不是计划模板", Place(document.file), fix=fix))
    content = data["plan"]
    columns: dict[str, str] = {}
    filled: dict[str, list[str]] = {}
    problems = []
    for key, value in _leaves(content, ""):
        place = Place(document.file, key=f"plan.{key}", line=document.line(f"plan.{key}"))
        if isinstance(value, str):
            problems += [p.at(file=place.file, key=place.key, line=place.line) for p in _faults(key, value)]
            for title in _titles(value):
                columns.setdefault(title, key)
                filled.setdefault(key, []).append(title)
        elif isinstance(value, dict):
            fix = '以 { 开头的值要加引号,如 "{项目名称}"'
            problems.append(Problem("yaml_quote", "大括号没有加引号,YAML 把它读成了键值表", place, fix=fix))
    if problems:
        raise PlanError(problems)
    row = filled.get(EVIDENCE) == [ROW]
    filled = {key: [t for t in titles if t != ROW] for key, titles in filled.items()}
    columns.pop(ROW, None)
    return Template(document, content, columns, filled, row)


def has_placeholders(data: Any) -> bool:
    """Whether a plan is a template: settings of :data:`SETTINGS` refer to columns. In notes a plan may have braces of its own."""
    content = data.get("plan") if isinstance(data, dict) else None
    if not isinstance(content, dict):
        return False
    settings = {*SETTINGS.values()}
    return any(isinstance(text, str) and key in settings and any(_titles(text)) for key, text in _leaves(content, ""))


def _leaves(value: Any, key: str) -> Iterator[tuple[str, Any]]:
    """Every text with its key path, and mappings that only an unquoted brace makes."""
    if isinstance(value, dict):
        if value and all(inner is None for inner in value.values()):
            yield key, value
            return
        for name, inner in value.items():
            yield from _leaves(inner, f"{key}.{name}" if key else name)
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _leaves(inner, f"{key}[{number}]")
    else:
        yield key, value


def _titles(text: str) -> list[str]:
    return [tidy_title(found[1]) for found in _PART.finditer(text) if found[1] is not None]


def _faults(key: str, text: str) -> Iterator[Problem]:
    """What is wrong with the placeholders of one text."""
    for found in _PART.finditer(text):
        if found[0] in ("{", "}"):
            fix = "列名写成 {列名};要写大括号本身,请写两个:{{ 或 }}"
            yield Problem("brace", "大括号没有配对", found=text, fix=fix)
        elif found[1] is not None and not found[1].strip():
            yield Problem("brace", "大括号里没有列名", found=text, fix="列名写成 {列名}")
        elif found[1] is not None and tidy_title(found[1]) == ROW and (key != EVIDENCE or text.strip() != found[0]):
            fix = f'只能写成 evidence: "{{{ROW}}}",表示清单的这一行就是佐证资料'
            yield Problem("row_marker", f"{{{ROW}}} 只能单独用在 evidence", found=text, fix=fix)


def _put(found: re.Match[str], row: Row) -> str:
    if found[1] is None:
        return found[0][0]
    return row.get(tidy_title(found[1])) or ""


def _mapped(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {key: _mapped(inner, change) for key, inner in value.items()}
    if isinstance(value, list):
        return [_mapped(inner, change) for inner in value]
    return value
