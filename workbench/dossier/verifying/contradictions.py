"""Contradictions: where a sealed result says something else than the same evidence gives when it is worked out again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Any, NamedTuple

from workbench.base.errors import Place, Problem
from workbench.dossier.unpacking import RESULT
from workbench.runs.versions import ENGINE_VERSION
from workbench.scoring.result import SCHEMA_VERSION, RunResult

WORDS = {
    "value": "完成值",
    "target": "指标值",
    "weight": "分值",
    "computed": "计算得分",
    "final": "最终得分",
    "low": "最低可能得分",
    "high": "最高可能得分",
    "status": "评分状态",
    "branch": "计分情形",
    "evidence_status": "佐证状态",
    "total": "总分",
    "interval": "总分区间",
    "grade": "等级",
    "grade_name": "等级名称",
    "score_grade": "按总分的等级",
    "complete": "是否评完",
    "provisional": "是否含拟得分",
    "points": "得分",
    "applicable": "适用分值",
    "rate": "得分率",
    "limit": "最高加减分",
    "bonus_cap": "加分上限",
    "state": "状态",
    "merged": "专家合成得分",
    "revised": "修订得分",
    "applied": "是否采用专家得分",
    "rows": "数值",
    "digest": "摘要",
    "scheme_digest": "方案摘要",
    "evidence_digest": "佐证摘要",
    "ledger_head": "台账末尾",
}
"""What decides, by field of the result: compared whatever engine wrote it. The rest is wording."""
_LINES = {
    "subjects": "",
    "indicators": "",
    "levels": "一级指标",
    "caps": "情形",
    "consequence": "结果应用",
    "bonus": "加分项",
    "deductions": "扣分项",
}
"""Lists whose lines decide as a whole, and what such a line is called."""
_GROUPS = _LINES | {
    "computed": "未计专家得分",
    "analyses": "分析表",
    "pack": "指标包",
    "review": "评审",
    "steps": "计分步骤",
    "findings": "发现的问题",
    "notes": "说明",
}
_IDENTITIES = ("id", "code", "rule", "event", "name")
"""By which lines of a list are matched, and named; others are matched by their number."""


def same_engine(sealed: RunResult) -> bool:
    """Whether this program's engine wrote the result, so that not a word of it may differ."""
    return sealed.engine.version == ENGINE_VERSION


def contradictions(sealed: RunResult, again: RunResult) -> Iterator[Problem]:
    """Where a sealed result differs from the one worked out again: subject, indicator, and what of it.

    Of a result by this program's engine everything is compared, of one by an earlier engine what :data:`WORDS` names. What a
    later version has added to results is not in an earlier one and is left out.
    """
    older = sealed.schema_version != SCHEMA_VERSION
    apart = {"schema_version"} if same_engine(sealed) else {"schema_version", "engine"}
    theirs, ours = sealed.model_dump(exclude=apart, exclude_unset=older), again.model_dump(exclude=apart)
    for difference in _differences(theirs, ours, (), (), theirs_only=older):
        if same_engine(sealed) or difference.decides:
            yield difference.problem


class _Difference(NamedTuple):
    """One value that is another: the fields on the way to it, and the lines of lists it stands in."""

    fields: tuple[str, ...]
    lines: tuple[str, ...]
    found: Any
    expected: Any

    @property
    def decides(self) -> bool:
        last = self.fields[-1]
        return last in WORDS or last in _LINES or "consequence" in self.fields

    @property
    def problem(self) -> Problem:
        *groups, last = self.fields
        named = [_GROUPS.get(name, name) for name in groups]
        key = " ".join(filter(None, [*self.lines, *named, WORDS.get(last, _GROUPS.get(last, last))]))
        message = "档案所记与按佐证重算的不一致"
        return Problem("recomputed", message, Place(RESULT, key=key), _shown(self.found), _shown(self.expected))


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return "有这一项"
    return "无" if value is None else str(value)


def _differences(
    found: Any, expected: Any, fields: tuple[str, ...], lines: tuple[str, ...], *, theirs_only: bool
) -> Iterator[_Difference]:
    if isinstance(found, dict) and isinstance(expected, dict):
        for name in found if theirs_only else {**found, **expected}:
            inner = (*fields, name)
            yield from _differences(found.get(name), expected.get(name), inner, lines, theirs_only=theirs_only)
    elif isinstance(found, list) and isinstance(expected, list):
        for line, one, other in _matched(found, expected):
            yield from _differences(one, other, fields, (*lines, line), theirs_only=theirs_only)
    elif found != expected or type(found) is not type(expected):
        yield _Difference(fields, lines, found, expected)


def _matched(found: Sequence[Any], expected: Sequence[Any]) -> Iterator[tuple[str, Any, Any]]:
    """Lines of two lists in pairs, None where one lacks it."""
    key = next((k for k in _IDENTITIES if _identifies(k, found) and _identifies(k, expected)), None)
    if key is None:
        yield from ((f"第{n}行", one, other) for n, (one, other) in enumerate(zip_longest(found, expected), 1))
        return
    theirs, ours = ({line[key]: line for line in lines} for lines in (found, expected))
    if theirs.keys() == ours.keys() and list(theirs) != list(ours):
        yield "顺序", "、".join(map(str, theirs)), "、".join(map(str, ours))
    for identity in {**theirs, **ours}:
        one, other = theirs.get(identity), ours.get(identity)
        yield _named(other or one, key), one, other


def _identifies(key: str, lines: Sequence[Any]) -> bool:
    """Whether every line has this key, and each another one."""
    values = [line[key] for line in lines if isinstance(line, dict) and key in line]
    return len(values) == len(lines) == len(set(values))


def _named(line: Any, key: str) -> str:
    """``I01 完成数量`` for an indicator, ``P01`` for a subject."""
    return f"{line[key]} {line['name']}" if key == "code" and "name" in line else str(line[key])
