"""Comparing (再评价对比): two results of the same subjects side by side, and the difference attributed to its causes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from workbench.analysis.attribution import Attribution, Block, Inseparable, attribute
from workbench.analysis.comparison import Comparison, Joined, Match, Side, SubjectChange, Thresholds
from workbench.base.errors import DossierError, Place, Problem, shorten
from workbench.base.exact import half_up_fraction
from workbench.base.text import plain, suggest
from workbench.dossier.compare.differences import differences
from workbench.dossier.compare.identity import check_names, claimed_points, other_meanings
from workbench.dossier.compare.lines import (
    ENVIRONMENT,
    Moved,
    cap_changes,
    cause,
    deviation,
    line_changes,
    main_reasons,
    printed,
    recorded,
)
from workbench.dossier.compare.mixing import Line, Mixture
from workbench.dossier.compare.sides import mixable
from workbench.dossier.compare.standing import phase_of, with_standing
from workbench.reports.reading import grade_text
from workbench.runs.evaluation import Evaluation
from workbench.scoring.result import RunResult, SubjectResult

DECIMALS = 2
"""The least decimals points are printed with."""
Shares = Mapping[Line, Mapping[Block, Fraction]]


@dataclass(frozen=True)
class Compared:
    """A result as it was recorded, and the evaluation that computes it again. ``source`` names run folder or dossier."""

    source: str
    run: str
    result: RunResult
    evaluation: Evaluation


def compare(
    old: Compared,
    new: Compared,
    *,
    mapping: Mapping[str, str] | None = None,
    thresholds: Thresholds | None = None,
    other_names: bool = False,
) -> Comparison:
    """Compare two results.

    Args:
        mapping: code in the first → code in the second, confirmed by a person; other codes match themselves.
        thresholds: when a difference is 差异较大; the example values when None.
        other_names: a person has confirmed that subjects of one id are the same under another name.

    Raises:
        DossierError: the two have no subject in common, one id names two subjects, or the mapping names an indicator that is
            not there.
    """
    renamed = dict(mapping or {})
    _check_mapping(renamed, old.result, new.result)
    mixture = Mixture(*mixable(old.evaluation, new.evaluation, renamed))
    if not mixture.common:
        fix = "请比较同一评价对象的两次评价;对象编号改过的,请先统一编号"
        raise DossierError(Problem("no_common_subject", "两次评价没有共同的评价对象", Place(new.source), fix=fix))
    first = {s.id: s for s in old.result.subjects}
    if not other_names:
        check_names(first.values(), new.result.subjects, new.source)
    attribution, notes = _attributed(mixture)
    before, after = recorded(old.result, renamed), recorded(new.result, {})
    shares = _with_environment(attribution.shares, mixture, before, after)
    claimed = claimed_points(old.evaluation, renamed)
    work = _Work(before, after, shares, attribution.alone, renamed, thresholds or Thresholds(), claimed)
    return Comparison(
        old=_side(old),
        new=_side(new),
        differences=with_standing(differences(mixture.old, mixture.new, mixture.differing), _side(old), _side(new)),
        joined=[Joined(causes=[cause(c) for c in b], why=why) for b, why in attribution.joined.items()],
        thresholds=work.thresholds,
        matches=_matches(old.result, new.result, renamed),
        subjects=[work.subject(first[s.id], s) for s in new.result.subjects if s.id in first],
        only_old=sorted(first.keys() - {s.id for s in new.result.subjects}),
        only_new=sorted({s.id for s in new.result.subjects} - first.keys()),
        notes=[*notes, *_notes(old.result, new.result, shares), *other_meanings(old.result, new.result, renamed)],
    )


@dataclass(frozen=True)
class _Work:
    """What the subjects of one comparison are made from; points and shares of all of them."""

    before: Mapping[Line, Fraction]
    after: Mapping[Line, Fraction]
    shares: Shares
    alone: Shares
    renamed: Mapping[str, str]
    thresholds: Thresholds
    claimed: Mapping[tuple[str, str], str]

    def subject(self, old: SubjectResult, new: SubjectResult) -> SubjectChange:
        """One subject before and after."""
        shares = {line: s for line, s in self.shares.items() if line.subject == new.id}
        points = [side[line] for side in (self.before, self.after) for line in side if line.subject == new.id]
        claimed = {code: text for (subject, code), text in self.claimed.items() if subject == new.id}
        moved = Moved(self.before, self.after, shares, max(map(_decimals, points), default=DECIMALS), claimed)
        alone = summed(self.alone.get(line, {}) for line in shares)
        return _subject(old, new, moved, alone, self)


def _decimals(points: Fraction) -> int:
    """Decimals recorded points need, at least two."""
    places = DECIMALS
    while (points * 10**places).denominator != 1:
        places += 1
    return places


def _attributed(mixture: Mixture) -> tuple[Attribution[Line], list[str]]:
    """The attribution; where an end cannot be computed again, the whole difference stays with the environment.

    A policy decides grade and consequences, never points, so its share is nothing whatever the others do.
    """
    try:
        return attribute([c for c in mixture.differing if c != "policy"], mixture.points), []
    except Inseparable as error:
        note = f"其中一次评价现在不能重新计算({error.reason}),差异未能分解到各项原因"
        return Attribution((), {}, {}, {}), [note]


def _with_environment(
    shares: Shares, mixture: Mixture, before: Mapping[Line, Fraction], after: Mapping[Line, Fraction]
) -> dict[Line, dict[Block, Fraction]]:
    """The shares on every line, with what they leave of the recorded difference as the environment's."""
    lines = [line for line in dict.fromkeys([*after, *before, *shares]) if line.subject in mixture.common]
    found: dict[Line, dict[Block, Fraction]] = {}
    for line in lines:
        known = dict(shares.get(line, {}))
        rest = after.get(line, Fraction(0)) - before.get(line, Fraction(0)) - sum(known.values(), Fraction(0))
        found[line] = known | ({(ENVIRONMENT,): rest} if rest else {})
    return found


def _subject(
    old: SubjectResult, new: SubjectResult, moved: Moved, alone: Mapping[Block, Fraction], work: _Work
) -> SubjectChange:
    """One subject before and after."""
    sums = moved.sums()
    changes = line_changes(old, new, moved, work.renamed)
    why = _why_large(old, new, sums, work.thresholds)
    return SubjectChange(
        id=new.id,
        name=new.name,
        complete=old.complete and new.complete,
        old_total=old.total,
        new_total=new.total,
        old_interval=old.interval,
        new_interval=new.interval,
        difference=moved.as_text(sums[1] - sums[0]),
        deviation=deviation(*sums),
        old_grade=grade_text(old),
        new_grade=grade_text(new),
        regraded=old.grade != new.grade,
        large=bool(why),
        why_large=why,
        shares=printed(summed(moved.shares.values()), moved.decimals),
        alone=[s for b, p in alone.items() for s in printed({b: p}, moved.decimals)],
        lines=changes,
        caps=cap_changes(old, new),
        old_consequences=[c.text for c in old.consequence],
        new_consequences=[c.text for c in new.consequence],
        main_reasons=main_reasons(changes),
    )


def summed(lines: Iterable[Mapping[Block, Fraction]]) -> dict[Block, Fraction]:
    """Shares of several lines, added cause by cause."""
    found: dict[Block, Fraction] = {}
    for line in lines:
        for block, share in line.items():
            found[block] = found.get(block, Fraction(0)) + share
    return found


def _why_large(
    old: SubjectResult, new: SubjectResult, sums: tuple[Fraction, Fraction], limits: Thresholds
) -> list[str]:
    """Why a difference is 差异较大: a threshold, or another grade. 未评定 is a grade here, whichever side has it; no difference
    is never large, however low the threshold.
    """
    why, moved = [], abs(sums[1] - sums[0])
    if moved and moved >= Fraction(limits.points):
        why.append(f"得分相差{plain(half_up_fraction(moved, DECIMALS))}分,达到{limits.points}分")
    if limits.percent is not None and moved and sums[0] and moved * 100 >= abs(sums[0]) * Fraction(limits.percent):
        why.append(f"偏离度达到{limits.percent}%")
    if old.grade != new.grade:
        first, second = (s.grade_name or s.grade or "未评定" for s in (old, new))
        why.append(f"等级由{first}变为{second}")
    return why


def _side(side: Compared) -> Side:
    r = side.result
    return Side(
        source=side.source,
        evaluation=r.evaluation,
        title=r.title,
        period=r.period,
        stage=r.stage,
        as_of=r.as_of,
        run=side.run,
        parent=r.parent,
        pack=r.pack,
        ruleset=r.ruleset,
        policy=r.policy,
        engine=r.engine,
        ledger_head=r.ledger_head,
        phase=phase_of(side.run, r, side.evaluation),
    )


def _names(result: RunResult) -> dict[str, str]:
    return {i.code: i.name for s in result.subjects for i in s.indicators}


def _check_mapping(renamed: dict[str, str], old: RunResult, new: RunResult) -> None:
    problems = []
    for which, codes, result in (("前一次", list(renamed), old), ("后一次", list(renamed.values()), new)):
        known = _names(result)
        for code in codes:
            if code not in known:
                message = f"指标对应表中的编码不在{which}评价中"
                problems.append(Problem("unknown_indicator", message, found=code, fix=suggest(code, known)))
    twice = sorted({c for c in renamed.values() if list(renamed.values()).count(c) > 1})
    problems += [Problem("mapped_twice", "指标对应表把两个指标对应到同一编码", found=c) for c in twice]
    problems += _colliding(renamed, _names(old))
    if problems:
        raise DossierError(problems)


def _colliding(renamed: Mapping[str, str], known: Mapping[str, str]) -> list[Problem]:
    """Codes two indicators of the first evaluation would both go by: a mapping's target that another one has already.

    Their points would fall on one line, and the difference would be wrong.
    """
    return [
        Problem(
            "mapping_collides",
            f"指标对应表把{a}(“{shorten(known[a])}”)对应到{b},但前一次评价中另有指标{b}(“{shorten(known[b])}”)没有列入对应表",
            found=f"{a}: {b}",
            expected=f"同时写明{b}对应到后一次的哪个编码",
            fix=f"如是互换编码,请再写一行“{b}: {a}”;{a}与{b}不是同一指标的,请删去“{a}: {b}”;"
            f"{b}已取消、编码改给{a}用的,请在再评价中换用另一个编码",
        )
        for a, b in renamed.items()
        if a in known and b in known and b not in renamed
    ]


def _matches(old: RunResult, new: RunResult, renamed: Mapping[str, str]) -> list[Match]:
    """Confirmed matches, and proposals: indicators without a partner that have the same name on both sides."""
    first, second = _names(old), _names(new)
    found = [Match(old=a, new=b, name=second[b], confirmed=True) for a, b in renamed.items()]
    lonely_old = {c: n for c, n in first.items() if c not in second and c not in renamed}
    lonely_new = {n: c for c, n in second.items() if c not in first and c not in renamed.values()}
    proposed = [(c, lonely_new[n], n) for c, n in lonely_old.items() if n in lonely_new]
    return found + [Match(old=a, new=b, name=n, confirmed=False) for a, b, n in proposed]


def _notes(old: RunResult, new: RunResult, shares: Shares) -> list[str]:
    notes = []
    if any((ENVIRONMENT,) in line for line in shares.values()):
        notes.append("五项原因不能解释全部差异,余下部分列为“运行环境”:现有程序重新计算的得分与当时记录的不同")
    incomplete = {s.id: s.name for r in (old, new) for s in r.subjects if not s.complete}
    if incomplete:
        names = "、".join(shorten(incomplete[subject]) for subject in sorted(incomplete))
        notes.append(f"{names}有未评分的指标,总分未定;差异按已评分的指标计算,未评分的按0分计入")
    return notes
