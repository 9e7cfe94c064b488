"""Why a form has no 规则复算总分: the lines without points, by what they lack."""

from __future__ import annotations

from collections.abc import Sequence

from workbench.recheck.findings.reviewed import Line

_NAMED = 3
"""Lines that are named of each reason; the rest is counted."""
_UNSCORED = "规则只给出区间,而自评得分空白"


def why_no_total(lines: Sequence[Line]) -> str:
    """One reason after the other, each with its lines: “培训人数”、“合格率”分值为空或不是数,不能计算得分."""
    by_reason: dict[str, list[str]] = {}
    for line in lines:
        again = line.recomputed
        if again is None or again.taken is None:
            reason = _UNSCORED if again is not None and again.low is not None else _reason(line)
            by_reason.setdefault(reason, []).append(f"“{line.name}”")
    if not lines:
        return "没有读到计分的指标"
    return "；".join(f"{_first(names)}{reason}" for reason, names in by_reason.items())


def _reason(line: Line) -> str:
    sentence = "" if line.recomputed is None else line.recomputed.sentence.rstrip("。")
    return sentence.removeprefix(line.name).removeprefix(":") or "没有复算"


def _first(names: Sequence[str]) -> str:
    shown = "、".join(names[:_NAMED])
    return f"{shown}等{len(names)}项" if len(names) > _NAMED else shown
