"""Element count: each satisfied element (评价要点) is worth a listed or an equal share of the points.

财预〔2020〕10号 附件2 lists the elements (立项依据充分性 has five) without points; local tables give each an equal share or
listed ones (40/30/30), make one the condition of others (未编制实施意见的,本指标(2)–(4)项不得分) or let one decide all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction

import numpy as np
from pydantic import model_validator

from workbench.base.exact import BoolArray, IntArray, half_up_fraction, share_of, to_units
from workbench.base.models import DecimalText, Model
from workbench.base.text import trimmed
from workbench.scoring.kinds import Case, Cases, Inputs, Points, RuleKind, Terms
from workbench.scoring.rules.columns import yes_no_rows
from workbench.scoring.rules.points import assemble_open, bound
from workbench.scoring.rules.wording import full_text, part_text, points_of


class ElementCountParams(Model):
    """Elements are the names of extra inputs that hold 1 (satisfied) or 0 (not).

    Attributes:
        shares: percent of the points per element, 100 in all; empty means all extra inputs with equal shares.
        requires: element → elements that must count before it can.
        veto: elements whose failure gives 0 for the whole indicator.
    """

    shares: dict[str, DecimalText] = {}
    requires: dict[str, list[str]] = {}
    veto: list[str] = []

    @model_validator(mode="after")
    def _consistent(self) -> ElementCountParams:
        if self.shares and (sum(self.shares.values()) != 100 or min(self.shares.values()) <= 0):
            raise ValueError("各要点的比例须大于0,合计须为100(要点等分时请不写 shares)")
        if any(_circular(name, self.requires, ()) for name in self.requires):
            raise ValueError("要点的前置条件不得互相循环")
        return self


def _circular(name: str, requires: Mapping[str, list[str]], path: tuple[str, ...]) -> bool:
    return name in path or any(_circular(n, requires, (*path, name)) for n in requires.get(name, []))


BRANCHES = {
    "unscored": "要点未判断完,未评分",
    "veto": "关键要点不符合,不得分",
    "all": "要点全部符合,得满分",
    "some": "按符合的要点得分",
    "none": "要点均不符合,不得分",
}


def score(inputs: Inputs, params: ElementCountParams) -> Points:
    """Points of the elements that count; the share is rounded once, as a sum."""
    shares, whole = _shares(params, inputs.extra)
    if not shares:
        return assemble_open(inputs, BRANCHES, [], ("unscored",))
    states = {name: yes_no_rows(inputs.extra.get(name), len(inputs)) for name in _named(params, shares)}
    known = np.logical_and.reduce([yes | no for yes, no in states.values()])
    share, vetoed = _share(params, shares, {name: yes for name, (yes, _) in states.items()})
    most, barred = _share(params, shares, {name: ~no for name, (_, no) in states.items()})
    points = share_of(inputs.weight, share, whole)
    cases: Cases = [
        ("unscored", ~known, 0),
        ("veto", vetoed, 0),
        ("all", np.asarray(share == whole, dtype=bool), inputs.weight),
        ("none", np.asarray(share == 0, dtype=bool), 0),
        ("some", known, points),
    ]
    result = assemble_open(inputs, BRANCHES, cases, ("unscored",))
    high = np.where(barred, 0, share_of(inputs.weight, most, whole))
    bound(result, ~known, np.where(vetoed, 0, points), high, inputs.weight)
    return result


def _shares(params: ElementCountParams, extra: Mapping[str, object]) -> tuple[dict[str, int], int]:
    """Whole numbers in the ratio of the shares, and what they add up to."""
    if not params.shares:
        return dict.fromkeys(extra, 1), len(extra)
    places = max(0, *(-int(share.as_tuple().exponent) for share in params.shares.values()))
    shares = {name: to_units(share, places) for name, share in params.shares.items()}
    return shares, 100 * 10**places


def _named(params: ElementCountParams, shares: Mapping[str, int]) -> list[str]:
    """Every element that the points depend on."""
    needed = [name for names in params.requires.values() for name in names]
    return list(dict.fromkeys([*shares, *params.requires, *needed, *params.veto]))


def _share(
    params: ElementCountParams, shares: Mapping[str, int], holds: Mapping[str, BoolArray]
) -> tuple[IntArray, BoolArray]:
    """Sum of the shares that count, and where a deciding element fails."""

    def counts(name: str) -> BoolArray:
        needed = [counts(other) for other in params.requires.get(name, [])]
        return np.asarray(np.logical_and.reduce([holds[name], *needed]), dtype=bool)

    total = np.sum([counts(name) * np.int64(share) for name, share in shares.items()], axis=0)
    failed = [~holds[name] for name in params.veto]
    return total, np.asarray(np.logical_or.reduce(failed) if failed else np.zeros_like(total, dtype=bool))


def explain(case: Case, params: ElementCountParams) -> str:
    """The remark with the elements that count and those that do not."""
    shares, _ = _shares(params, case.extra)
    if not shares:
        return f"{case.name}没有可判断的要点,未评分"
    names = _named(params, shares)
    if case.branch == "unscored":
        unknown = [name for name in names if case.extra.get(name) not in (0, 1)]
        return f"{case.name}{_titles(case, unknown)}未判断是否符合(1为符合,0为不符合),未评分"
    if case.branch == "veto":
        failed = [name for name in params.veto if case.extra.get(name) != 1]
        return f"{case.name}关键要点{_titles(case, failed)}不符合,整项不得分,{case.verb}"
    if case.branch == "all":
        return f"{case.name}{len(shares)}项要点全部符合,{part_text(case, Decimal(100))}"
    met = [name for name in shares if _counts(name, case, params)]
    failed = [name for name in names if case.extra.get(name) != 1]
    text = (
        f"{case.name}{len(shares)}项要点符合{len(met)}项,{_titles(case, failed)}不符合{_barred(case, params, shares)}"
    )
    if not met:
        return f"{text},{case.verb}"
    if not params.shares:
        return f"{text},得{case.shown_weight}×{len(met)}/{len(shares)}={case.shown_points}分"
    parts = "+".join(f"{trimmed(params.shares[name])}%" for name in met)
    return f"{text},得{case.shown_weight}×{f'({parts})' if len(met) > 1 else parts}={case.shown_points}分"


def _barred(case: Case, params: ElementCountParams, shares: Mapping[str, int]) -> str:
    """Elements that hold but do not count because one they rest on fails."""
    barred = [name for name in shares if case.extra.get(name) == 1 and not _counts(name, case, params)]
    return f",{_titles(case, barred)}因前置要点不符合而不计" if barred else ""


def _counts(name: str, case: Case, params: ElementCountParams) -> bool:
    needed = params.requires.get(name, [])
    return case.extra.get(name) == 1 and all(_counts(other, case, params) for other in needed)


def _titles(case: Case, names: list[str]) -> str:
    return "、".join(f"“{case.extra_titles.get(name, name)}”" for name in names)


def describe(terms: Terms, params: ElementCountParams) -> str:
    """Each element with its points, what it rests on, and which one decides all."""
    if not params.shares and not terms.further:
        return "没有可判断的要点,不评分"
    if params.shares:
        texts = [f"符合“{terms.title(n)}”得{trimmed(s)}%即{points_of(terms, s)}分" for n, s in params.shares.items()]
        start = f"{'、'.join(texts)},合计得分,全部符合{full_text(terms)}"
    else:
        each = f"每符合一项得{_equal_share(terms)}分,全部符合{full_text(terms)}"
        start = f"{_quoted(terms, terms.further)}共{len(terms.further)}项要点,{each}"
    rests = [f"{_quoted(terms, [n])}须先符合{_quoted(terms, needed)}才计" for n, needed in params.requires.items()]
    veto = [f"不符合{_quoted(terms, [n])}的整项不得分" for n in params.veto]
    return ";".join([start, *rests, *veto])


def _equal_share(terms: Terms) -> str:
    """Points of one of the elements; a fraction of the weight where they would have to be rounded."""
    count = len(terms.further)
    points = half_up_fraction(Fraction(terms.weight) / count, terms.decimals)
    return trimmed(points) if points * count == terms.weight else f"{terms.shown_weight}×1/{count}"


def _quoted(terms: Terms, names: Iterable[str]) -> str:
    return "、".join(f"“{terms.title(name)}”" for name in names)


KIND = RuleKind(
    name="element_count",
    version="1.0.0",
    title="要点计分",
    summary="每符合一项要点得该项的分值比例;可设前置要点和一票否决的要点。",
    params=ElementCountParams,
    branches=BRANCHES,
    score=score,
    explain=explain,
    describe=describe,
    needs=(),
    sources=("财预〔2020〕10号 附件2",),
)
