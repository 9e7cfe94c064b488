"""Scheme (评价方案): a pack frozen for one engagement with ruleset, policy and the plan's declared changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Protocol

from pydantic import BaseModel

from workbench.base.canon import digest_of
from workbench.base.errors import Place, Problem, SchemeError
from workbench.base.models import validated
from workbench.base.text import plain, suggest, trimmed
from workbench.base.yamlio import YamlDocument
from workbench.scheme.changes import apply_changes
from workbench.scheme.findings import Finding, cited
from workbench.scheme.pack import Extra, Indicator, Pack, RuleRef, Variant
from workbench.scheme.plan import AddChange, BandChange, Change, DropChange, Plan, TargetChange, WeightChange
from workbench.scheme.policy import NOT_STATED, Band, Bands, Policy, ReviewLimits
from workbench.scheme.ruleset import Ruleset
from workbench.scheme.weights import check_weights, in_tree, left_out_problem, tree_problems

TOTAL = Decimal(100)


class KindLike(Protocol):
    """What the scheme must know of a rule kind to check a pack's parameters against it."""

    @property
    def params(self) -> type[BaseModel]:
        """The kind's typed parameter model."""
        ...


@dataclass(frozen=True)
class Ruled:
    """An indicator (or bonus item) with the rule that will score it and that rule's checked parameters."""

    item: Indicator | Extra
    rule: RuleRef
    params: BaseModel
    from_ruleset: bool


@dataclass(frozen=True)
class Scheme:
    """Everything that is fixed before evidence is looked at."""

    plan: Plan
    pack: Pack
    ruleset: Ruleset
    policy: Policy
    national: Policy
    variant: Variant | None
    indicators: tuple[Ruled, ...]
    bonus: tuple[Ruled, ...]
    deductions: tuple[Ruled, ...]
    bands: Bands
    bands_from: Policy
    findings: tuple[Finding, ...]

    @cached_property
    def digest(self) -> str:
        """SHA-256 over pack, ruleset, policies, tree, bands and the weighed indicators with their rules."""
        return _digest(self)

    @property
    def level1(self) -> list[str]:
        """Level-1 names in the order of the tree."""
        return list(dict.fromkeys(i.level1 for i in self.tree))

    @property
    def review_limits(self) -> ReviewLimits:
        """The policy's limits on expert review; where it states none, the national default's."""
        return self.policy.review or self.national.review or ReviewLimits()

    @property
    def tree(self) -> list[Indicator]:
        """The indicators, in order."""
        return [r.item for r in self.indicators if isinstance(r.item, Indicator)]


def freeze(
    plan: Plan,
    pack: Pack,
    ruleset: Ruleset,
    policy: Policy,
    national: Policy,
    kinds: Mapping[str, KindLike],
    sheet_indicators: Sequence[Indicator] = (),
) -> Scheme:
    """Freeze a scheme.

    Args:
        sheet_indicators: level-3 indicators read from the workbook's 绩效指标 sheet.
        kinds: rule kinds by name, handed in by the plugin manager.

    Raises:
        SchemeError: weights do not add to 100, a rule or class is unknown, a setting stands in two homes.
    """
    variant = _variant(plan, pack)
    indicators = _tree(plan, pack, variant, ruleset, sheet_indicators)
    resolve = _resolver(pack, ruleset, kinds)
    bands, bands_from = bands_in_force(plan, policy, national)
    return Scheme(
        plan=plan,
        pack=pack,
        ruleset=ruleset,
        policy=policy,
        national=national,
        variant=variant,
        indicators=tuple(resolve(i) for i in indicators),
        bonus=tuple(resolve(i) for i in pack.bonus.items),
        deductions=tuple(resolve(i) for i in pack.deductions.items),
        bands=bands,
        bands_from=bands_from,
        findings=tuple(_findings(plan, pack, policy, variant, ruleset, indicators)),
    )


def _tree(
    plan: Plan, pack: Pack, variant: Variant | None, ruleset: Ruleset, sheet_indicators: Sequence[Indicator]
) -> list[Indicator]:
    """The chosen tree after the plan's changes, checked: one home for every rule, every code once, 100 points."""
    problems = _codes_once([*pack.indicators, *sheet_indicators])  # before a change could let one take another's place
    problems += _variant_problems(plan, pack, variant)
    if problems:
        raise SchemeError(problems)
    own = in_tree(variant, pack.indicators, {c.indicator for c in plan.changes if isinstance(c, WeightChange)})
    indicators = apply_changes(plan, [*own, *sheet_indicators], {i.code for i in sheet_indicators})
    problems = [p for i in indicators for p in _homes(i)]
    problems += _codes_once([*indicators, *pack.bonus.items, *pack.deductions.items])
    total = sum((i.weight for i in indicators), Decimal(0))
    if total != TOTAL:
        problems.append(_wrong_sum(indicators, total))
    problems += _too_fine([*indicators, *pack.bonus.items, *pack.deductions.items], ruleset.points_decimals)
    if problems:
        raise SchemeError(problems)
    return indicators


def _variant_problems(plan: Plan, pack: Pack, variant: Variant | None) -> list[Problem]:
    """What is wrong with the chosen tree, and changes to indicators it does not have (a weight puts them back in)."""
    if variant is None:
        return []
    problems = list(tree_problems(variant, pack.indicators, Place(file=pack.id, key=f"variants.{plan.variant}")))
    weighed = {c.indicator for c in plan.changes if isinstance(c, WeightChange)}
    gone = {code for code, weight in variant.weights.items() if weight == 0} - weighed
    for number, change in enumerate(plan.changes):
        if isinstance(change, (TargetChange, DropChange)) and change.indicator in gone:
            problems.append(left_out_problem(variant, change.indicator, Place(key=f"plan.changes[{number}]")))
    return problems


def _digest(scheme: Scheme) -> str:
    content = {
        "pack": declared(scheme.pack),
        "ruleset": declared(scheme.ruleset),
        "policy": declared(scheme.policy),
        "national": declared(scheme.national),
        "variant": scheme.plan.variant,
        "indicators": [declared(r.item) | {"rule": declared(r.rule)} for r in scheme.indicators],
        "bands": declared(scheme.bands),
    }
    return digest_of(content)


def declared(model: BaseModel) -> dict[str, object]:
    """What a file declares, without what it leaves at its default.

    A setting that a later version adds is not in an older file, so older digests stay what they are and old dossiers verifiable.
    """
    return model.model_dump(exclude_defaults=True)


def _variant(plan: Plan, pack: Pack) -> Variant | None:
    if not pack.variants:
        if plan.variant is not None:
            problem = Problem(
                "no_variant", f"指标包“{pack.id}”没有可选的指标树", found=plan.variant, fix="请删去 variant"
            )
            raise SchemeError(problem.at(key="plan.variant"))
        return None
    if plan.variant not in pack.variants:
        found = plan.variant or "未填写"
        fix = suggest(plan.variant or "", pack.variants)
        problem = Problem("variant", "需要选择一棵指标树", Place(key="plan.variant"), found, fix=fix)
        raise SchemeError(problem)
    return pack.variants[plan.variant]


def _homes(indicator: Indicator) -> list[Problem]:
    """An indicator's rule has exactly one home: its own ``rule`` or the ruleset's class ``judged``."""
    place = Place(key=f"指标 {indicator.code}")
    if indicator.rule is not None and indicator.judged is not None:
        message = "计分规则写在两处:rule(指标包)与 judged(计分规则集)"
        return [Problem("two_homes", message, place, fix="请只保留一处")]
    if indicator.rule is None and indicator.judged is None:
        return [Problem("no_rule", "没有写明计分规则", place, fix="请填写 rule 或 judged")]
    return []


def _codes_once(items: Sequence[Indicator | Extra]) -> list[Problem]:
    seen: set[str] = set()
    problems = []
    for item in items:
        if item.code in seen:
            problems.append(Problem("duplicate_code", "指标编码重复", Place(key=f"指标 {item.code}"), item.code))
        seen.add(item.code)
    return problems


def _too_fine(items: Sequence[Indicator | Extra], decimals: int) -> list[Problem]:
    """Weights finer than the points: shown rounded they would no longer add to 100 (three times 33.333 is 99.99)."""
    problems = []
    for item in items:
        points = item.weight if isinstance(item, Indicator) else item.limit
        if -int(points.normalize().as_tuple().exponent) > decimals:
            place, fix = Place(key=f"指标 {item.code}"), f"请改为至多{decimals}位小数"
            problems.append(
                Problem("weight_decimals", "分值的小数位数多于得分的小数位数", place, plain(points), fix=fix)
            )
    return problems


def _wrong_sum(indicators: Sequence[Indicator], total: Decimal) -> Problem:
    parts: dict[str, Decimal] = {}
    for indicator in indicators:
        parts[indicator.level1] = parts.get(indicator.level1, Decimal(0)) + indicator.weight
    detail = "+".join(f"{name}{trimmed(points)}" for name, points in parts.items())
    gap = f"少{trimmed(TOTAL - total)}分" if total < TOTAL else f"多{trimmed(total - TOTAL)}分"
    fix = f"各一级指标:{detail}。请核对分值,{gap}"
    return Problem("weight_sum", "指标分值合计不等于100", Place(key="分值"), trimmed(total), "100", fix)


def _resolver(pack: Pack, ruleset: Ruleset, kinds: Mapping[str, KindLike]) -> Callable[[Indicator | Extra], Ruled]:
    def resolve(item: Indicator | Extra) -> Ruled:
        place = Place(file=pack.id, key=f"指标 {item.code}")
        judged = item.judged if isinstance(item, Indicator) else None
        if judged is not None and judged not in ruleset.classes:
            fix = suggest(judged, ruleset.classes)
            raise SchemeError(Problem("class", f"规则集“{ruleset.id}”没有“{judged}”一类", place, judged, fix=fix))
        rule = ruleset.classes[judged] if judged is not None else item.rule
        assert rule is not None  # _tree has made sure
        if rule.kind not in kinds:
            fix = suggest(rule.kind, kinds)
            raise SchemeError(Problem("kind", f"没有名为“{rule.kind}”的计分规则", place, rule.kind, fix=fix))
        where = YamlDocument(None, f"{pack.id} 指标 {item.code}")
        params = validated(kinds[rule.kind].params, rule.params, where, SchemeError, "rule.params")
        return Ruled(item, rule, params, judged is not None)

    return resolve


def bands_in_force(plan: Plan, policy: Policy, national: Policy) -> tuple[Bands, Policy]:
    """The bands a plan's grades are read from, lines it sets itself included, and the policy they stand in.

    Raises:
        SchemeError: the national default has no bands, or the plan sets a line that is not open, or in a wrong place.
    """
    source = policy if policy.bands is not None else national
    if source.bands is None:
        raise SchemeError(Problem("no_bands", "国家默认办法没有等级分数线", Place(file=national.id)))
    items = list(source.bands.items)
    for number, change in enumerate(plan.changes):
        if isinstance(change, BandChange):
            place = Place(key=f"plan.changes[{number}]")
            items.insert(_band_position(change, policy, items, place), Band(label=change.label, lower=change.lower))
    labels = {b.label for b in items}
    for cap in policy.caps:
        if cap.effect.grade is not None and cap.effect.grade not in labels:
            message = f"情形“{cap.code}”所定等级“{cap.effect.grade}”没有分数线"
            raise SchemeError(Problem("cap_grade", message, Place(policy.id), fix=f"可用的等级:{'、'.join(labels)}"))
    return Bands(reads=source.bands.reads, items=items, clause=source.bands.clause), source


def _band_position(change: BandChange, policy: Policy, items: Sequence[Band], place: Place) -> int:
    """Where the grade's band belongs: right below the grade the policy names before it."""
    named = {g.label: g for g in policy.grades_without_line}
    if change.label not in named:
        known = "、".join(sorted(named)) or "无"
        message = f"本办法没有待设分数线的等级“{change.label}”(可设:{known})"
        raise SchemeError(Problem("band", message, place))
    if change.label in {b.label for b in items}:
        raise SchemeError(Problem("two_homes", f"等级“{change.label}”的分数线写了两次", place, fix="请只保留一条"))
    after = next((i for i, b in enumerate(items) if b.label == named[change.label].after), None)
    if after is None:
        message = f"等级“{change.label}”须排在“{named[change.label].after}”之后,而后者没有分数线"
        raise SchemeError(Problem("band", message, place))
    below = items[after + 1].lower if after + 1 < len(items) else None
    if change.lower >= items[after].lower or (below is not None and change.lower <= below):
        limits = f"低于{plain(items[after].lower)}" + (f"、高于{plain(below)}" if below is not None else "")
        message = f"等级“{change.label}”须排在“{items[after].label}”之后"
        raise SchemeError(Problem("band", message, place, plain(change.lower), f"{limits}的分数线"))
    return after + 1


def _findings(
    plan: Plan, pack: Pack, policy: Policy, variant: Variant | None, ruleset: Ruleset, indicators: Sequence[Indicator]
) -> list[Finding]:
    findings = list(check_weights(plan, variant, ruleset, indicators, pack.weight_ranges))
    if policy.bands is None:
        findings.append(Finding("bands_default", "info", f"等级分数线:{NOT_STATED}"))
    set_lines = {c.label for c in plan.changes if isinstance(c, BandChange)}
    for grade in policy.grades_without_line:
        if grade.label not in set_lines:
            message = f"等级“{grade.label}”:本办法列名但未给分数线,如需使用请在计划 changes 中以 kind: band 设定"
            findings.append(Finding("grade_without_line", "warning", message, clause=grade.clause))
    for change in plan.changes:
        findings.append(Finding("declared_change", "info", _described(change), indicator=_changed(change)))
    return findings


def _changed(change: Change) -> str | None:
    """The code of the indicator a change is about."""
    if isinstance(change, BandChange):
        return None
    return change.indicator.code if isinstance(change, AddChange) else change.indicator


def _described(change: Change) -> str:
    """A declared change in one sentence, reason included, for the report."""
    match change:
        case WeightChange():
            what = f"分值改为{plain(change.value)}"
        case TargetChange():
            what = f"指标值改为{plain(change.value)}"
        case DropChange():
            what = "删去该指标"
        case AddChange():
            what = "增加该指标"
        case BandChange():
            what = f"等级“{change.label}”分数线设为{plain(change.lower)}"
    approval = f";批准:{cited(change.approval)}" if change.approval else ""
    return f"方案调整:{_changed(change) or ''}{what};理由:{change.reason}{approval}"
