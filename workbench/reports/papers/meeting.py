"""What the papers of a meeting are made from: the computed evaluation and its panel, and what experts may read beforehand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from workbench.base.text import trimmed
from workbench.reports import reading
from workbench.reports.papers.paper import EXAMPLE_FORMAT, Paper
from workbench.reports.tables import label, only_file, ref_text
from workbench.review.reading import HIDDEN
from workbench.review.scope import Scope
from workbench.review.state import Spot
from workbench.scheme.panel import ROLE_WORDS, Member, Panel
from workbench.scoring.result import IndicatorResult, RunResult, SubjectResult

SHORT = 16
"""Characters of a run's digest that name it on paper, as they name its folder."""
PROCEDURE = "财监〔2021〕4号第十八条"
"""Written comments, itemised replies, internal review, signature of the lead evaluator."""


@dataclass(frozen=True)
class Meeting:
    """A panel and what it judges."""

    scope: Scope
    panel: Panel

    @property
    def result(self) -> RunResult:
        """The computed result."""
        return self.scope.docket.result

    @cached_property
    def mark(self) -> str:
        """What every sheet says at its foot, so that a signed page can be told apart: evaluation and computed run."""
        return mark_of(self.result.evaluation, self.scope.docket.run)

    @property
    def several(self) -> bool:
        """Whether there is more than one evaluated subject."""
        return len(self.scope.subjects) > 1

    @cached_property
    def experts(self) -> list[Member]:
        """Experts with anything to judge."""
        return [m for m in self.panel.having("expert") if self.scope.assigned(m)]

    @cached_property
    def insiders(self) -> list[Member]:
        """Who learns of the evaluation through the panel: everybody but the evaluated unit."""
        return [m for m in self.panel.members if set(m.roles) != {"unit"}]

    def hidden(self, indicator: IndicatorResult) -> bool:
        """Whether experts must not see the indicator's computed points before they have given their own."""
        return self.panel.hide_computed and self.scope.docket.judged(indicator.code)

    def computed_text(self, indicator: IndicatorResult) -> str:
        """Computed points as an expert may read them before the meeting."""
        if indicator.status == "not_applicable":
            return "不适用"
        return HIDDEN if self.hidden(indicator) else indicator.computed or "未评分"

    def value_text(self, indicator: IndicatorResult) -> str:
        """The value; that of a 定性 indicator is the judged percent itself, so it is hidden with the points."""
        return HIDDEN if self.hidden(indicator) else reading.value_text(indicator)

    @cached_property
    def file(self) -> str:
        """The one file all evidence stands in, to be said once; empty when there are several."""
        return only_file(self.result)

    def evidence_text(self, indicator: IndicatorResult) -> str:
        """What the indicator rests on, a line for each piece."""
        return "\n".join(ref_text(ref, self.file) for ref in indicator.evidence) or "（未提供）"

    def bounds_text(self, spot: Spot) -> str:
        """Points that may be proposed; the policy's ± limit around hidden points would give them away."""
        if self.hidden(self.scope.indicator(spot)):
            return f"0至{trimmed(self.scope.weight(spot))}分"
        return self.scope.bounds_text(spot)

    @property
    def spots(self) -> list[Spot]:
        """Every indicator of every subject."""
        return [(s.id, i.code) for s in self.result.subjects for i in s.indicators]

    def by_level(self, spots: Iterable[Spot]) -> Iterator[tuple[SubjectResult, str, list[Spot]]]:
        """Spots in the order of the scheme, gathered by subject and level 1."""
        groups: dict[tuple[str, str], list[Spot]] = {}
        for spot in spots:
            groups.setdefault((spot[0], self.scope.indicator(spot).level1), []).append(spot)
        for (subject, level1), members in groups.items():
            yield self.scope.subjects[subject], level1, members

    def paper(self, name: str, *, landscape: bool = False, pages: bool = True) -> Paper:
        """A paper with this name and the meeting's mark; its title is for the paper to set."""
        return Paper(f"{self.result.title} {name}", self.mark, landscape=landscape, pages=pages)


def mark_of(evaluation: str, run: str) -> str:
    """The mark at the foot of a sheet."""
    return f"评价编号 {evaluation}　运行 {run[:SHORT]}　{EXAMPLE_FORMAT}"


def level_text(subject: SubjectResult, level1: str, *, several: bool) -> str:
    """Heading of a group of rows: the level 1 with its points, and the subject where there are several."""
    points = next((f"（{trimmed(reading.number(v.weight))}分）" for v in subject.levels if v.name == level1), "")
    return f"{subject.name}　{level1}{points}" if several else f"{level1}{points}"


def indicator_text(indicator: IndicatorResult) -> str:
    """Level 2 and name of an indicator, as one cell."""
    return f"{indicator.level2}\n{label(indicator)}" if indicator.level2 else label(indicator)


def roles_text(member: Member) -> str:
    """Roles and specialty: ``主评人、评审专家(业务)``."""
    specialty = f"（{member.specialty}）" if member.specialty else ""
    return "、".join(ROLE_WORDS[r] for r in member.roles) + specialty


def post_text(member: Member) -> str:
    """Organisation and title."""
    return "　".join(x for x in (member.organisation, member.title) if x)


def points(text: str) -> str:
    """Full points without trailing zeros."""
    return trimmed(reading.number(text))


def assignment_text(member: Member) -> str:
    """What an expert judges, as the panel declares it; nothing for who judges nothing."""
    if "expert" not in member.roles:
        return "—"
    return "、".join(member.indicators) if member.indicators else "全部指标"
