"""The published forms recomputed. What each must give stands in the case list (``published.json`` has the addresses)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from cases import PUBLISHED, form_of

from workbench.recheck.outcome import EXECUTION, Recomputed
from workbench.recheck.recompute import recompute, totals
from workbench.scheme.ruleset import Ruleset

SCORED = {name for name, facts in PUBLISHED.items() if facts["budget"]["weight"] is not None}


def lines(name: str, ruleset: Ruleset) -> dict[int, Recomputed]:
    (found,) = recompute([form_of(name)], ruleset)
    return {line.rows[0]: line for line in found}


@pytest.mark.parametrize(
    ("name", "points"),
    [
        ("huangshi_sponge_2022", "19.55"),
        ("liangping_forestry_2022", "7.93"),
        ("cq_media_center_2021", "7.60"),
        ("changning_pig_2022", "4.00"),
        ("hubei_fishing_ban_2020", "20"),
        ("lf_foodschool_2019_hvac", "8.62"),
        ("tangxi_2022_commission", "10.00"),
        ("jinzhai_2023_dept", "10.00"),
        ("qingshen_drc_2023_blank", "10.00"),
        ("xiaoxian_hexi_2023", "10.00"),
        ("yongde_mingliang_school_2022", "10.00"),
        ("zhongjiang_water_2022", "10.00"),
    ],
)
def test_execution_under_10(name: str, points: str, rules10: Ruleset) -> None:
    assert lines(name, rules10)[EXECUTION].points == Decimal(points)


def test_every_case_with_a_money_block_is_there() -> None:
    assert len(SCORED) == 12


@pytest.mark.parametrize(
    ("name", "total"),
    [
        ("huangshi_sponge_2022", "99.55"),  # as published
        ("hubei_fishing_ban_2020", "100"),  # as published
        ("liangping_forestry_2022", "67.93"),  # 97.93 as published, 30 points of it are not in the published table
        ("yongde_mingliang_school_2022", "99.80"),  # 96 as published: 10 for the rate of 7, 9.80 of 9
        ("lf_foodschool_2019_hvac", "97.24"),  # 8.62 twice, where 9 was published
        ("zhongjiang_water_2022", "110"),  # its weights add up to 110, 100 was published
        ("tangxi_2022_commission", "90.00"),  # 80 as published: the total row was left at 0
    ],
)
def test_totals_under_10(name: str, total: str, rules10: Ruleset) -> None:
    taken, low, high = totals(list(lines(name, rules10).values()))
    assert taken == Decimal(total)
    assert low is not None
    assert high is not None
    assert low <= Decimal(total) <= high


def test_points_that_differ_from_the_published(rules10: Ruleset) -> None:
    yongde = lines("yongde_mingliang_school_2022", rules10)
    assert (yongde[3].points, yongde[6].points) == (Decimal("10.00"), Decimal("9.80"))
    assert lines("lf_foodschool_2019_hvac", rules10)[1].points == Decimal("8.62")
    procurement = lines("cq_media_center_2021", rules10)[9]
    assert procurement.points == Decimal("1.45")
    assert procurement.sentence == "政府采购执行率72.74%,得2×72.74%=1.45分。"


def test_the_part_stands_in_for_a_total_row_of_zeros(rules10: Ruleset) -> None:
    line = lines("tangxi_2022_commission", rules10)[EXECUTION]
    assert "总额行全年预算数为0,按其中“当年财政拨款”计" in line.sentence
    assert "89.974万元" in line.sentence


def test_a_rate_above_100_is_full_and_says_so(rules10: Ruleset) -> None:
    line = lines("jinzhai_2023_dept", rules10)[EXECUTION]
    assert line.sentence == "预算执行率102.59%,超过100%按100%计,得满分10分。"


def test_blanks_stay_blank(rules10: Ruleset) -> None:
    found = lines("qingshen_drc_2023_blank", rules10)
    assert (found[1].low, found[1].high, found[1].taken) == (None, None, None)
    assert found[1].weight == 60
    assert "既不计0分也不计满分" in found[1].sentence
    assert totals(list(found.values())) == (None, None, None)


def test_a_demand_typed_as_actual_is_not_used(rules10: Ruleset) -> None:
    line = lines("hubei_fishing_ban_2020", rules10)[4]
    assert (line.judged, line.low, line.high, line.taken) == ("satisfaction", 0, 40, 40)
    assert "是要求而不是实测数" in line.sentence


def test_months_of_the_form_s_year(rules10: Ruleset) -> None:
    line = lines("jinzhai_2023_dept", rules10)[7]
    assert (line.judged, line.points) == ("deadline", Decimal("5.00"))
    assert "2023年7月31日,不晚于计划时间2023年8月31日" in line.sentence


def test_forms_without_lines_have_no_total(rules10: Ruleset) -> None:
    assert totals(list(lines("wushan_fire_2024", rules10).values())) == (None, None, None)


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [
        ("huangshi_sponge_2022", "14.00", "20.00"),
        ("cq_media_center_2021", "5.00", "10.00"),
        ("changning_pig_2022", "0.00", "20.00"),
        ("lf_foodschool_2019_hvac", "7.00", "10.00"),
    ],
)
def test_execution_under_101_needs_to_know_whether_it_is_completed(
    name: str, low: str, high: str, rules101: Ruleset
) -> None:
    line = lines(name, rules101)[EXECUTION]
    assert (line.low, line.high) == (Decimal(low), Decimal(high))
    assert "未说明项目是否完成" in line.sentence


def test_satisfaction_in_bands_and_the_threshold_under_101(rules101: Ruleset) -> None:
    yongde = lines("yongde_mingliang_school_2022", rules101)
    assert yongde[8].points == 10
    # (98 % − 60 %)/(1 − 60 %) × 10
    assert yongde[6].points == Decimal("9.50")
    # (86.20 % − 60 %)/(1 − 60 %) × 10 with the exact rate 37.24/43.2
    assert lines("lf_foodschool_2019_hvac", rules101)[1].points == Decimal("6.55")
