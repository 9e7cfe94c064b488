"""The published forms in every layout, and what is to be found in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from cases import PUBLISHED
from form_canvas import write
from form_facts import Facts, facts_of
from form_judge import Drawn
from form_layouts import LAYOUTS, Layout, drawn

RECORDED = {
    "changning_pig_2022": {"tiny_spending"},
    "cq_media_center_2021": {"missed_but_full"},
    "hubei_fishing_ban_2020": {"actual_signed", "level1_weights"},
    "jinzhai_2023_dept": {"rate_above_100", "points_blank", "quantity_lte", "target_loose"},
    "lf_foodschool_2019_hvac": {"points_rule", "execution_scored_twice"},
    "qingshen_drc_2023_blank": {"actual_blank", "points_blank"},
    "tangxi_2022_commission": {"funds_sum", "cost_unlike_executed"},
    "wushan_fire_2024": {"grade_score"},
    "xiaoxian_hexi_2023": {"fund_part_points"},
    "yongde_mingliang_school_2022": {"met_but_deducted", "points_rule"},
    "zhongjiang_water_2022": {"weights_sum", "points_sum"},
}
"""Codes of the anomalies recorded in the case files that a form can show."""
HONEST = ("huangshi_sponge_2022", "quanzhou_fund_indicators_2025", "sanmen_bonds_2024")
"""Cases without a recorded anomaly."""


def recorded(case: str, layout: str) -> set[str]:
    """What is to be found in a layout."""
    wanted = RECORDED.get(case, set())
    return wanted - {"fund_part_points"} if layout == "rowed" else wanted  # its money block has no points


def facts(case: str) -> Facts:
    """The form, with what the case file tells beside its rows."""
    made = facts_of(PUBLISHED[case])
    if case == "xiaoxian_hexi_2023":  # ★ with 分项1.5+5+20+3=29.5; 其中:本年财政拨款 repeats 分值10、得分10
        pieces = (("其中:第一片", "1.5"), ("第二片", "5"), ("第三片", "20"), ("第四片", "3"))
        parts = tuple((name, Decimal(area), Decimal(area)) for name, area in pieces)
        made = made.item(0, name=f"★{made.items[0].name}", parts=parts)
        made = replace(made, funds=(made.first, replace(made.first, kind="fiscal", rate=None)))
    return made


def files(folder: Path, made: Facts, documents: Sequence[Layout] = LAYOUTS) -> list[Drawn]:
    """The form as a workbook in every layout, as a document in the layouts given."""
    done = []
    for paper, layouts in (("xlsx", LAYOUTS), ("docx", documents)):
        for layout in layouts:
            canvases = tuple(drawn([made], layout, paper))
            done.append(Drawn(write(folder / f"自评表-{layout.name}.{paper}", canvases), canvases, layout.name))
    return done
