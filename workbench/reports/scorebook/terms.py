"""What a live sheet has to know beside the result: the bands, where points move, the floor, and the rules behind the points."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from workbench.scheme.findings import cited
from workbench.scheme.pack import Indicator, Pack, RuleRef
from workbench.scheme.plan import AddChange, Plan
from workbench.scheme.policy import NOT_STATED, Bands, Policy
from workbench.scheme.ruleset import Reallocation, Ruleset
from workbench.scheme.scheme import bands_in_force
from workbench.scoring.result import IndicatorResult


@dataclass(frozen=True)
class Terms:
    """What points became a grade by.

    Attributes:
        names: the policy's own word for a grade, by label.
        floor: the total is not below it once there are deductions; None: no floor.
        indicators: those the pack or the plan declares, by code; of others the ruleset's classes alone are known.
        classes: the ruleset's rules, by class.
        titles: (what, which one) for the sheet 说明.
    """

    bands: Bands
    names: Mapping[str, str]
    floor: Decimal | None
    reallocations: Sequence[Reallocation]
    indicators: Mapping[str, Indicator]
    classes: Mapping[str, RuleRef]
    titles: Sequence[tuple[str, str]]

    @property
    def labels(self) -> list[str]:
        """Grades from best to worst."""
        return [band.label for band in self.bands.items]

    def rules(self, indicator: IndicatorResult) -> list[RuleRef]:
        """The rules that may have scored an indicator: the declared one, or every class of the ruleset for a line of 绩效指标."""
        declared = self.indicators.get(indicator.code)
        if declared is None:
            return list(self.classes.values())
        rule = declared.rule if declared.judged is None else self.classes.get(declared.judged)
        return [] if rule is None else [rule]


def terms_of(plan: Plan, pack: Pack, ruleset: Ruleset, policy: Policy, national: Policy) -> Terms:
    """The terms of an engagement, from what its run folder keeps.

    Raises:
        SchemeError: the plan sets a band the policy does not leave open (a run made from it would have been refused).
    """
    bands, source = bands_in_force(plan, policy, national)
    added = [change.indicator for change in plan.changes if isinstance(change, AddChange)]
    return Terms(
        bands=bands,
        names=policy.grade_names or {},
        floor=pack.deductions.floor,
        reallocations=ruleset.reallocations,
        indicators={i.code: i for i in (*pack.indicators, *added)},
        classes=ruleset.classes,
        titles=[
            ("指标包", f"{pack.title}({pack.id} {pack.version})"),
            ("计分规则集", f"{ruleset.title}({ruleset.id} {ruleset.version})"),
            ("地区办法", f"{policy.title}({policy.id} {policy.version})"),
            ("等级分数线", f"依据{cited(bands.clause)}" + (f"({NOT_STATED})" if source is not policy else "")),
        ],
    )
