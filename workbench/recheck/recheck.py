"""复核: forms that were read, recomputed under a ruleset, judged by the rules of finding, with what reviewers decided."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from workbench.base.errors import Place, Problem
from workbench.recheck.corrections import Correction, Corrections
from workbench.recheck.deciding import Decided, corrected, decided
from workbench.recheck.findings import (
    ActiveRule,
    ApprovedIndicator,
    Batch,
    RegisterItem,
    Reviewed,
    batch_findings,
    form_findings,
)
from workbench.recheck.model import Form, Waiting
from workbench.recheck.outcome import Finding, Rechecked, Recomputed
from workbench.recheck.recompute import recompute, totals
from workbench.scheme.policy import Band
from workbench.scheme.ruleset import Ruleset
from workbench.scoring.kinds import RuleKind

_WHOLE = 100


@dataclass(frozen=True)
class Standards:
    """By what forms are re-checked.

    Attributes:
        kinds: rule kinds by name, those of plugins included.
        bands: grades from best to worst (财预〔2020〕10号 第十八条, unless a policy says otherwise).
        rules: of finding, those switched off left out.
        register, approved: lists the forms are held against; None where none was given.
        local_bands: ``bands``, where a local policy has its own.
    """

    ruleset: Ruleset
    kinds: Mapping[str, RuleKind[Any]]
    bands: Sequence[Band]
    rules: Sequence[ActiveRule] = ()
    register: tuple[RegisterItem, ...] | None = None
    approved: tuple[ApprovedIndicator, ...] | None = None
    local_bands: tuple[Band, ...] = ()


@dataclass(frozen=True)
class Outcome:
    """Every form re-checked, in order.

    Attributes:
        loose: findings about no form: projects of the register without one.
        notices: corrections that were not applied, and rules that failed, and why.
    """

    forms: tuple[Rechecked, ...]
    loose: tuple[Finding, ...] = ()
    notices: tuple[Problem, ...] = ()


def recheck(
    forms: Sequence[Form],
    standards: Standards,
    corrections: Corrections | None = None,
    unread: Sequence[Waiting] = (),
) -> Outcome:
    """Re-check the forms.

    Args:
        unread: forms that were handed in, and are not among ``forms`` because they wait for an answer or cannot be read.

    Raises:
        RulesetError: the ruleset names a kind that is not installed, or has parameters that do not fit it.
    """
    corrections = corrections or Corrections()
    lines = recompute(forms, standards.ruleset, standards.kinds)
    decisions, notices = _decisions(forms, lines, standards, corrections)
    reviewed = [
        Reviewed(form, own, standards.ruleset.title, decision.choices, standards.local_bands)
        for form, own, decision in zip(forms, lines, decisions, strict=True)
    ]
    finder = _Finder(standards.rules)
    own_findings = [finder.find(form_findings, one) for one in reviewed]
    batch = Batch(tuple(reviewed), standards.register, standards.approved, tuple(unread))
    across: dict[tuple[str, int], list[Finding]] = defaultdict(list)
    for finding in finder.find(batch_findings, batch):
        across[finding.file, finding.form].append(finding)
    made = []
    for one, own, decision in zip(reviewed, own_findings, decisions, strict=True):
        both = [*own, *across.pop((one.form.file, one.form.number), ())]
        made.append(_rechecked(one, both, decision, standards))
    loose = tuple(finding for findings in across.values() for finding in findings)
    left = [problem for decision in decisions for problem in decision.open]
    return Outcome(tuple(made), loose, (*notices, *left, *finder.problems, *corrections.strangers(forms)))


class _Finder:
    """Applies the rules; one that fails (a plugin's) is told once, and costs what the others find nothing."""

    def __init__(self, rules: Sequence[ActiveRule]) -> None:
        self._rules = list(rules)
        self.problems: list[Problem] = []

    def find(self, apply: Callable[[Any, Sequence[ActiveRule]], Sequence[Finding]], seen: Any) -> Sequence[Finding]:
        try:
            return apply(seen, self._rules)
        except Exception:  # whose, is found by asking one after the other
            return [finding for rule in list(self._rules) for finding in self._alone(apply, seen, rule)]

    def _alone(
        self, apply: Callable[[Any, Sequence[ActiveRule]], Sequence[Finding]], seen: Any, rule: ActiveRule
    ) -> Sequence[Finding]:
        try:
            return apply(seen, [rule])
        except Exception as error:
            where = Place(seen.form.key) if isinstance(seen, Reviewed) else Place()
            text = f"查错规则 {rule.code} 运行出错({type(error).__name__}),这次没有再用它"
            self.problems.append(Problem("rule_failed", text, where, fix="请联系规则的作者,或在规则文件里停用它"))
            self._rules.remove(rule)
            return []


def _decisions(
    forms: Sequence[Form],
    lines: Sequence[Sequence[Recomputed]],
    standards: Standards,
    corrections: Corrections,
    others: Collection[str] = (),
) -> tuple[list[Decided], list[Problem]]:
    """What was decided about each form; only forms with another 复核完成值 are recomputed with it.

    ``others``: keys of further forms that corrections may be about.
    """
    known = {*others, *(form.key for form in forms)}
    notices: list[Problem] = []
    fitting: list[list[Correction]] = []
    for form in forms:
        own, problems = corrections.of(form)
        fitting.append(own)
        notices += problems
    changed = [i for i, own in enumerate(fitting) if any(line.actual is not None for line in own)]
    again = recompute([corrected(forms[i], fitting[i]) for i in changed], standards.ruleset, standards.kinds)
    new = dict(zip(changed, again, strict=True))
    found: list[Decided] = []
    for i, (form, first) in enumerate(zip(forms, lines, strict=True)):
        accepted = corrections.accepted.get(form.key)
        refused = corrections.indicators(form, known) - {line.indicator for line in fitting[i]}
        touched = fitting[i] or accepted is not None
        again_ = new.get(i, first)
        found.append(decided(form, first, again_, fitting[i], accepted, refused) if touched else Decided())
        notices += found[-1].problems
    return found, notices


def decide_again(
    one: Rechecked, standards: Standards, corrections: Corrections, others: Collection[str]
) -> tuple[Rechecked, list[Problem]]:
    """A form with other corrections, and those that were not applied; what was recomputed and found stays as it is.

    Args:
        others: keys of all forms of the re-check.
    """
    (decision,), problems = _decisions([one.form], [one.recomputed], standards, corrections, others)
    return _with_decision(one, Reviewed(one.form).total, decision, standards), problems


def _rechecked(reviewed: Reviewed, findings: Sequence[Finding], decision: Decided, standards: Standards) -> Rechecked:
    total, low, high = totals(reviewed.recomputed)
    made = Rechecked(
        form=reviewed.form,
        ruleset=reviewed.ruleset,
        recomputed=reviewed.recomputed,
        total=total,
        low=low,
        high=high,
        findings=tuple(findings),
    )
    return _with_decision(made, reviewed.total, decision, standards)


def _with_decision(one: Rechecked, own: Decimal | None, decision: Decided, standards: Standards) -> Rechecked:
    """The form with what was decided, and grades: bands are lines of 100 points, and say nothing of a form out of others."""
    weights = _sum_of_weights(one.recomputed)
    whole = weights == _WHOLE
    low, high = (grade_of(total, standards.bands) if whole else "" for total in (one.low, one.high))
    return replace(
        one,
        choices=decision.choices,
        decided=decision.total,
        self_grade=grade_of(own, standards.bands) if whole or weights is None else "",
        grade=grade_of(decision.total, standards.bands) if whole else "",
        again_grade=low if low == high else "",
    )


def grade_of(total: Decimal | None, bands: Sequence[Band]) -> str:
    """The grade of a total of 100 points; empty without a total."""
    return "" if total is None else next((band.label for band in bands if total >= band.lower), "")


def _sum_of_weights(lines: Sequence[Recomputed]) -> Decimal | None:
    """What a total is out of; None while a weight cannot be read."""
    weights = [line.weight for line in lines]
    return None if None in weights else sum((w for w in weights if w is not None), Decimal(0))
