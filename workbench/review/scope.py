"""Scope: what the computed side says about each spot (subject × indicator), looked up fast, and who has which spots to judge."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal
from functools import cached_property

from workbench.base.text import trimmed
from workbench.evidence.corrections import correctable
from workbench.review.docket import Docket
from workbench.review.events import Basis
from workbench.review.state import About, Spot, Vote, about
from workbench.scheme.panel import Member, Panel
from workbench.scheme.policy import ReviewLimits
from workbench.scoring.result import IndicatorResult, SubjectResult


class Scope:
    """One docket, indexed. A correction makes a new docket and so a new scope."""

    def __init__(self, docket: Docket) -> None:
        self.docket = docket
        self.subjects: dict[str, SubjectResult] = {s.id: s for s in docket.result.subjects}
        self._spots: dict[Spot, IndicatorResult] = {
            (s.id, i.code): i for s in self.subjects.values() for i in s.indicators
        }
        self._assigned: dict[str, tuple[Member, dict[Spot, None]]] = {}

    @cached_property
    def codes(self) -> list[str]:
        """Codes of the indicators, in the order of the scheme; every subject has them all."""
        return list(dict.fromkeys(code for _, code in self._spots))

    @property
    def decimals(self) -> int:
        """Decimals of points in this scheme."""
        return self.docket.scheme.ruleset.points_decimals

    @cached_property
    def limits(self) -> ReviewLimits:
        """The policy's limits on review; where it is silent, the national default's."""
        return self.docket.scheme.review_limits

    def has(self, spot: Spot) -> bool:
        """Whether there is such a subject with such an indicator."""
        return spot in self._spots

    def indicator(self, spot: Spot) -> IndicatorResult:
        """The computed result on a spot. Raises KeyError when there is none."""
        return self._spots[spot]

    def weight(self, spot: Spot) -> Decimal:
        """Full points."""
        return Decimal(self._spots[spot].weight)

    def computed(self, spot: Spot) -> Decimal | None:
        """Computed points, None where the rule gave none."""
        points = self._spots[spot].computed
        return None if points is None else Decimal(points)

    def basis(self, spot: Spot) -> Basis:
        """What an opinion on the spot is about."""
        return self._bases[spot]

    def stands(self, vote: Vote) -> bool:
        """Whether an opinion is about what is computed now; if anything of it has moved, it has lost its object."""
        return self._about.get(vote.spot) == vote.about

    @cached_property
    def _about(self) -> dict[Spot, About]:
        return {spot: about(basis) for spot, basis in self._bases.items()}

    @cached_property
    def _bases(self) -> dict[Spot, Basis]:
        return {
            spot: Basis(weight=i.weight, computed=i.computed, value=i.value, status=i.status)
            for spot, i in self._spots.items()
        }

    def open_to_points(self, code: str) -> bool:
        """Whether experts may propose points on the indicator: its rule leaves room for judgement, or the policy opens all."""
        return self.limits.free_points == "all" or self.docket.judged(code)

    def answerable(self, spot: Spot) -> bool:
        """Whether an opinion can come to points: something was computed to accept, or experts may propose points.

        Where evidence is lacking for what is computed from it alone, experts can only abstain; it stays unscored.
        """
        return self.computed(spot) is not None or self.open_to_points(spot[1])

    def title(self, spot: Spot) -> str:
        """How messages name a spot: ``P01 产出-质量合格率(B2)``; the subject only where there are several."""
        subject = f"{spot[0]} " if len(self.subjects) > 1 else ""
        name = self._spots[spot].name if spot in self._spots else "原有指标"
        return f"{subject}{name}({spot[1]})"

    def applies(self, spot: Spot) -> bool:
        """Whether there is anything to judge: not 不适用, and not 0 by rule, which only late evidence can lift."""
        return self._spots[spot].status not in ("not_applicable", "zero_by_rule")

    def assigned(self, member: Member) -> Collection[Spot]:
        """The spots an expert has to judge, in the order of the scheme; those they declared a conflict with are left out."""
        if "expert" not in member.roles:
            return ()
        known = self._assigned.get(member.id)
        if known is None or known[0] is not member:  # asked for on every event; the panel seldom changes
            self._assigned[member.id] = known = (member, dict.fromkeys(self._spots_of(member)))
        return known[1]

    def _spots_of(self, member: Member) -> list[Spot]:
        return [
            spot
            for spot, indicator in self._spots.items()
            if (not member.indicators or {indicator.code, indicator.level1} & set(member.indicators))
            and self.applies(spot)
            and self.conflict(member, spot) is None
        ]

    def assigned_to_any(self, panel: Panel) -> list[Spot]:
        """Every spot some expert has to judge, in the order of the scheme."""
        wanted = {spot for member in panel.members for spot in self.assigned(member)}
        return [spot for spot in self._spots if spot in wanted]

    def conflict(self, member: Member, spot: Spot) -> str | None:
        """Why a member has to stay away from a spot (回避), or None."""
        for declared in member.conflicts:
            if declared.subject in (None, spot[0]) and declared.indicator in (None, spot[1]):
                return declared.reason
        return None

    def quorum(self, panel: Panel) -> int:
        """Counted opinions an indicator needs: the panel may ask for more than the policy does for this stage, not for less."""
        return max(panel.quorum or 1, self.limits.minimum(self.docket.scheme.plan.stage) or 1)

    def limit(self, spot: Spot) -> Decimal | None:
        """How far points may lie from the computed ones, or None without a limit."""
        percent = self.limits.adjust_limit_percent
        return None if percent is None else self.weight(spot) * percent / 100

    def bounds(self, spot: Spot) -> tuple[Decimal, Decimal]:
        """Lowest and highest points that may be proposed: 0..weight, narrowed by the policy's ± limit around the computed ones."""
        low, high = Decimal(0), self.weight(spot)
        limit, computed = self.limit(spot), self.computed(spot)
        if limit is not None and computed is not None:
            low, high = max(low, computed - limit), min(high, computed + limit)
        return low, high

    def cell_title(self, table: str, field: str) -> str:
        """How readers call a column of the evidence."""
        return self._cell_titles.get((table, field), f"{table}.{field}")

    @cached_property
    def _cell_titles(self) -> dict[tuple[str, str], str]:
        """By name or by title, as a correction may write either."""
        scheme, found = self.docket.scheme, {}
        for table, field, title in correctable(scheme.pack, scheme.tree):
            table_title, _, field_title = title.partition(":")
            found.update({(t, f): title for t in (table, table_title) for f in (field, field_title)})
        return found

    def bounds_text(self, spot: Spot) -> str:
        """The bounds as a message states them: ``0至10分``."""
        low, high = self.bounds(spot)
        return f"{trimmed(low)}至{trimmed(high)}分"
