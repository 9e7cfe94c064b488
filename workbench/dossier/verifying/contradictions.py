"""Contradictions: where a sealed result says something else than the same evidence gives when it is worked out again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Any

from workbench.base.errors import Place, Problem
from workbench.dossier.unpacking import RESULT
from workbench.runs.versions import ENGINE_VERSION
from workbench.scoring.result import RunResult

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
    "schema_version": "结果格式的版本",
    "engine": "评分引擎",
    "parent": "上一次运行",
    "title": "名称",
    "name": "名称",
    "period": "评价期间",
    "stage": "评价阶段",
    "as_of": "截止日期",
    "level1": "一级指标",
    "level2": "二级指标",
    "shown": "完成值",
    "phase": "评审阶段",
    "kind": "事项",
    "by": "经办人",
    "at": "时间",
    "accepted": "是否采纳或通过",
    "explanation": "评分说明",
    "message": "文字",
    "text": "文字",
}
"""Fields of the result as the reader calls them; others go by their own name."""
_GROUPS = {
    "subjects": "",
    "indicators": "",
    "levels": "一级指标",
    "caps": "情形",
    "consequence": "结果应用",
    "bonus": "加分项",
    "deductions": "扣分项",
    "computed": "未计专家得分",
    "analyses": "分析表",
    "pack": "指标包",
    "review": "评审",
    "steps": "计分步骤",
    "findings": "发现的问题",
    "notes": "说明",
    "people": "评审组成员",
    "experts": "专家",
    "not_applied": "不再适用的事项",
    "evidence": "依据",
}
_EACH = "__all__"
_WORDED = ("explanation", "formula", "substituted")
_COMPOSED = frozenset({"correction", "challenge", "revision", "draft_issued", "round_opened", "panel_set"})
"""Notes of a review whose sentence the program puts together; of the others it is what a person wrote."""
WORDING = "评分说明和计算式、计分步骤和提醒的文字、依据所在的位置、评审得分不再适用的原因、评审记录中由程序拼成的文字"
"""What :func:`_wording` leaves out, as the verdict names it."""
_IDENTITIES = ("id", "code", "rule", "event", "name")
"""By which lines of a list are matched, and named; others are matched by their number."""


def same_engine(sealed: RunResult) -> bool:
    """Whether this program's engine wrote the result, so that not a word of it may differ."""
    return sealed.engine.version == ENGINE_VERSION


def contradictions(sealed: RunResult, again: RunResult) -> Iterator[Problem]:
    """Where a sealed result differs from the one worked out again: subject, indicator, and what of it.

    Everything is compared: nobody but the result itself says which engine wrote it. Only where that is an earlier one, its
    version and the sentences that engines write are left out. All results in dossiers have the same fields so far; a version
    that adds some has to leave them out of ours here, by the version of the sealed result.
    """
    apart = ({}, {}) if same_engine(sealed) else (_wording(sealed), _wording(again))
    theirs, ours = (
        result.model_dump(exclude=left_out) for result, left_out in zip((sealed, again), apart, strict=True)
    )
    yield from _differences(theirs, ours, (), ())


def _wording(result: RunResult) -> dict[str, Any]:
    """What an engine words, for ``exclude`` of pydantic. What people wrote and what the scheme says is none of it."""
    said = result.review.notes if result.review is not None else []
    indicator: dict[str, Any] = {**dict.fromkeys(_WORDED, True), "evidence": {_EACH: {"place"}}, "review": {"why_not"}}
    subject = {
        "indicators": {_EACH: indicator},
        "bonus": {_EACH: {"explanation"}},
        "deductions": {_EACH: {"explanation"}},
        "steps": {_EACH: {"text"}},
        "findings": {_EACH: {"message"}},
    }
    notes = {n: {"text"} for n, note in enumerate(said) if note.kind in _COMPOSED}
    review = {"notes": notes, "not_applied": {_EACH: {"message"}}}
    return {"engine": True, "notes": {_EACH: {"message"}}, "subjects": {_EACH: subject}, "review": review}


def _problem(fields: tuple[str, ...], lines: tuple[str, ...], found: Any, expected: Any) -> Problem:
    """One value that is another: the fields on the way to it, and the lines of lists it stands in."""
    *groups, last = fields
    named = [_GROUPS.get(name, name) for name in groups]
    key = " ".join(filter(None, [*lines, *named, WORDS.get(last, _GROUPS.get(last, last))]))
    message = "档案所记与按佐证重算的不一致"
    return Problem("recomputed", message, Place(RESULT, key=key), _shown(found), _shown(expected))


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return "有这一项"
    return "无" if value is None else str(value)


def _differences(found: Any, expected: Any, fields: tuple[str, ...], lines: tuple[str, ...]) -> Iterator[Problem]:
    if isinstance(found, dict) and isinstance(expected, dict):
        for name in {**found, **expected}:
            yield from _differences(found.get(name), expected.get(name), (*fields, name), lines)
    elif isinstance(found, list) and isinstance(expected, list):
        for line, one, other in _matched(found, expected):
            yield from _differences(one, other, fields, (*lines, line))
    elif found != expected or type(found) is not type(expected):
        yield _problem(fields, lines, found, expected)


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
