"""The charts every result has: by name what draws each, what it is called, and what says it in words."""

from __future__ import annotations

from collections.abc import Callable

from matplotlib.figure import Figure

from workbench.reports.charts.bonus import bonus_ledger, ledger_alt
from workbench.reports.charts.dumbbell import dumbbell, dumbbell_alt, judged
from workbench.reports.charts.evidence import evidence_alt, evidence_status
from workbench.reports.charts.levels import level_alt, level_bars
from workbench.reports.charts.radar import radar, radar_alt
from workbench.reports.charts.spread import expert_spread, said_of, spread_alt
from workbench.reports.charts.waterfall import lost_alt, lost_points
from workbench.scoring.result import SubjectResult

CHARTS: dict[str, Callable[[SubjectResult], Figure]] = {
    "level_bars": level_bars,
    "lost_points": lost_points,
    "radar": radar,
    "evidence_status": evidence_status,
    "bonus_ledger": bonus_ledger,
    "dumbbell": dumbbell,
    "expert_spread": expert_spread,
}
"""The charts every result has, by the name notebooks use; a pack may declare more (workbench.reports.plots)."""
TITLES: dict[str, str] = {
    "level_bars": "各一级指标得分",
    "lost_points": "失分分析",
    "radar": "各级指标得分率",
    "evidence_status": "佐证资料状态",
    "bonus_ledger": "加分与扣分",
    "dumbbell": "计算得分与最终得分",
    "expert_spread": "专家打分分布",
}
"""What a chart is called under its picture."""
_ALT: dict[str, Callable[[SubjectResult], str]] = {
    "level_bars": level_alt,
    "lost_points": lost_alt,
    "radar": radar_alt,
    "evidence_status": evidence_alt,
    "bonus_ledger": ledger_alt,
    "dumbbell": dumbbell_alt,
    "expert_spread": spread_alt,
}


def alt_text(chart_name: str, subject: SubjectResult) -> str:
    """One sentence that says in numbers what a chart shows. Raises KeyError for a chart that does not exist."""
    return _ALT[chart_name](subject)


def telling(subject: SubjectResult) -> list[str]:
    """The charts that have something to show for a subject, in the order of :data:`CHARTS`."""
    without = {"bonus_ledger"} if not subject.bonus and not subject.deductions else set()
    without |= {"dumbbell"} if not judged(subject) else set()
    without |= {"expert_spread"} if not said_of(subject) else set()
    return [name for name in CHARTS if name not in without]
