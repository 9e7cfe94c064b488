"""Whether two evaluations speak of the same things, and what the first one's unit said of itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from workbench.base.errors import DossierError, Place, Problem, WorkbenchError, shorten
from workbench.base.exact import half_up
from workbench.base.text import plain
from workbench.runs.evaluation import Evaluation
from workbench.scoring.result import IndicatorResult, RunResult, SubjectResult

NAMED = 10
"""Indicators of one code and another meaning that are named."""
_CLAIMED_DECIMALS = 2


def check_names(old: Iterable[SubjectResult], new: Iterable[SubjectResult], source: str) -> None:
    """Raise DossierError for every id that names one subject in the first and another in the second.

    Every workbook begins its ids with P01: equal ids alone do not make two projects one.
    """
    known = {s.id: s.name for s in old}
    fix = "请比较同一评价对象的两次评价;对象改过名称、确为同一对象的,加 --renamed(笔记本中写 renamed=True)"
    problems = [
        Problem(
            "another_subject",
            f"两次评价中编号 {s.id} 的评价对象名称不同",
            Place(source),
            found=s.name,
            expected=f"“{shorten(known[s.id])}”",
            fix=fix,
        )
        for s in new
        if known.get(s.id, s.name) != s.name
    ]
    if problems:
        raise DossierError(problems)


def other_meanings(old: RunResult, new: RunResult, renamed: Mapping[str, str]) -> Iterator[str]:
    """Indicators of one code that are another in name and in level: most likely not the same one."""
    first, second = _indicators(old), _indicators(new)
    codes = [c for c in first if c in second and c not in renamed and c not in renamed.values()]
    found = [(c, first[c].name, second[c].name) for c in codes if _another(first[c], second[c])]
    yield from (f"编码相同而名称不同:{code} {shorten(a)}→{shorten(b)}" for code, a, b in found[:NAMED])
    if len(found) > NAMED:
        yield f"编码相同而名称不同的指标另有{len(found) - NAMED}项"


def _indicators(result: RunResult) -> dict[str, IndicatorResult]:
    return {i.code: i for s in result.subjects for i in s.indicators}


def _another(old: IndicatorResult, new: IndicatorResult) -> bool:
    return old.name != new.name and (old.level1, old.level2) != (new.level1, new.level2)


def claimed_points(evaluation: Evaluation, renamed: Mapping[str, str]) -> dict[tuple[str, str], str]:
    """Points the unit gave itself (绩效指标表的自评得分): (subject, code in the second evaluation) → points; none where it gave none."""
    try:
        card = evaluation.scorecard
    except WorkbenchError:  # what cannot be computed again is said of the attribution
        return {}
    return {
        (subject, renamed.get(column.code, column.code)): plain(half_up(points, _CLAIMED_DECIMALS))
        for column in card.indicators
        if column.claimed is not None
        for subject, points in zip(card.measures.ids, column.claimed.numbers(), strict=True)
        if points is not None
    }
