"""The 绩效指标 sheet: rows into indicators and a wide table, and what is refused on the way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from evidence_workbooks import subjects, write_xlsx

from workbench.base.errors import EvidenceError, Problem
from workbench.evidence.indicators import indicators_from_sheet
from workbench.evidence.reader import read_evidence
from workbench.evidence.tables import Evidence, Table
from workbench.scheme.pack import Indicator, IndicatorSheet

HEAD = [
    "对象编号",
    "指标编码",
    "一级指标*",
    "二级指标",
    "三级指标*",
    "指标性质*",
    "年度指标值",
    "计量单位",
    "分值(分)*",
    "实际完成值",
    "评定比例(%)",
    "开始日期",
    "自评得分(分)",
    "偏差原因及改进措施",
    "佐证资料",
]
SHEET = IndicatorSheet()
Made = tuple[list[Indicator], Table, list[Problem]]
Make = Callable[..., Made]


def line(
    name: str,
    direction: str,
    target: Any = None,
    actual: Any = None,
    *,
    unit: str | None = None,
    subject: str | None = None,
    code: str | None = None,
    level1: str = "产出指标",
    level2: str | None = "数量指标",
    weight: Any = 10,
    degree: Any = None,
    start: Any = None,
    claimed: Any = None,
    proof: str | None = None,
) -> list[Any]:
    return [
        subject,
        code,
        level1,
        level2,
        name,
        direction,
        target,
        unit,
        weight,
        actual,
        degree,
        start,
        claimed,
        None,
        proof,
    ]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    def run(
        lines: list[list[Any]],
        sheet: IndicatorSheet = SHEET,
        codes: tuple[str, ...] = ("P1",),
        percent: list[tuple[int, int]] | None = None,
    ) -> Made:
        path = write_xlsx(
            tmp_path / "自评.xlsx",
            {"评价对象": subjects(*codes), "绩效指标": [HEAD, *lines]},
            percent=[("绩效指标", r, c) for r, c in percent or []],
        )
        evidence: Evidence = read_evidence(path, [], indicator_sheet=True)
        notes: list[Problem] = []
        found = indicators_from_sheet(evidence.tables["indicators"], sheet, evidence.subjects, notes=notes)
        return *found, notes

    return run


def refused(make: Make, lines: list[list[Any]], code: str, row: int, title: str, **more: Any) -> Problem:
    with pytest.raises(EvidenceError) as caught:
        make(lines, **more)
    found = [p for p in caught.value.problems if p.code == code]
    assert len(found) == 1, [str(p) for p in caught.value.problems]
    (problem,) = found
    assert (problem.place.sheet, problem.place.row, problem.place.field) == ("绩效指标", row, title)
    assert problem.fix
    return problem


def test_every_kind_of_row(make: Make) -> None:
    indicators, wide, notes = make(
        [
            line("改造面积", "≥", "≥266米", "２６６米", claimed=10, proof="验收单、决算表"),
            line("合格率", "≥", "95%", 96.3, unit="%", claimed=9.5),
            line("单位成本", "≤", "1,234.5", "0.12万元", unit="元"),
            line("培训期数", "=", 3, 3, unit="期"),
            line("制度完善", "定性", "基本完善", "已建立", degree=85, level1="效益指标"),
            line("是否验收", "是否", "是", "否"),
            line("完工时间", "时限", "2022年12月底前", "2022-11-30", start=date(2022, 1, 1)),
            line("群众满意度", "≥", "90", 88.125, unit="％", level1="满意度指标"),
        ]
    )
    assert [i.code for i in indicators] == [f"I0{n}" for n in range(1, 9)]
    assert [i.judged for i in indicators] == [
        "quantitative",
        "quantitative",
        "quantitative",
        "quantitative",
        "qualitative",
        "yes_no",
        "deadline",
        "satisfaction",
    ]
    assert [i.direction for i in indicators[:4]] == ["gte", "gte", "lte", "eq"]
    assert all(i.approved for i in indicators)
    first = indicators[0]
    assert (first.value, first.target, first.claimed) == ("sheet.i01_actual", "sheet.i01_target", "sheet.i01_claimed")
    assert (first.unit, first.weight, first.proof, first.target_text) == ("米", 10, ["验收单", "决算表"], "≥266米")
    assert indicators[2].claimed is None
    assert indicators[6].inputs["start"].expr == "sheet.i07_start"
    assert indicators[7].decimals == 3 and indicators[7].unit == "%"
    values = {n: wide.value(0, n) for n in wide.columns}
    assert values["i01_actual"] == 266 and values["i01_target"] == 266
    assert values["i02_actual"] == Decimal("96.3") and values["i02_target"] == 95
    assert values["i03_actual"] == 1200 and values["i03_target"] == Decimal("1234.5")
    assert values["i05_actual"] == 85 and "i05_target" not in values
    assert values["i06_actual"] == 0
    assert values["i07_target"] == date(2022, 12, 31) and values["i07_actual"] == date(2022, 11, 30)
    assert values["i07_start"] == date(2022, 1, 1)
    assert values["i08_actual"] == Decimal("88.125")
    assert wide.spec.name == "sheet"
    assert wide.cell(0, "i02_actual") == "自评.xlsx [绩效指标] J3"
    assert wide.cell(0, "i05_actual") == "自评.xlsx [绩效指标] K6"
    assert wide.cell(0, "i01_claimed") == "自评.xlsx [绩效指标] M2"
    assert [n.code for n in notes] == ["unit_converted"]


def test_blank_actual_is_missing_never_zero(make: Make) -> None:
    indicators, wide, _ = make([line("a", "≥", 5, None), line("b", "定性", "好", "好"), line("c", "是否")])
    assert [wide.value(0, f"i0{n}_actual") for n in (1, 2, 3)] == [None, None, None]
    assert indicators[0].value == "sheet.i01_actual"


def test_percent_cells_of_a_spreadsheet(make: Make) -> None:
    _, wide, _ = make([line("a", "≥", 0.95, 0.963, unit="%")], percent=[(1, 6), (1, 9)])
    assert (wide.value(0, "i01_target"), wide.value(0, "i01_actual")) == (95, Decimal("96.3"))


def test_several_subjects_share_one_tree(make: Make) -> None:
    indicators, wide, _ = make(
        [
            line("a", "≥", 10, 9, subject="P1", code="N1"),
            line("b", "≥", 10, 8, subject="P1", code="N2"),
            line("b", "≥", 20, 7, subject="P2", code="N2"),
            line("a", "≥", 20, None, subject="P2", code="N1"),
        ],
        codes=("P1", "P2"),
    )
    assert [i.code for i in indicators] == ["N1", "N2"]
    assert wide.texts("subject") == ["P1", "P2"]
    assert [wide.value(1, n) for n in ("i01_target", "i01_actual", "i02_actual")] == [20, None, 7]
    assert wide.cell(1, "i02_actual") == "自评.xlsx [绩效指标] J4"
    assert indicators[0].target_text is None


@pytest.mark.parametrize("change", [{"weight": 20}, {"direction": "≤"}, {"code": "N9"}, {"unit": "个"}])
def test_subjects_with_different_trees(make: Make, change: dict[str, Any]) -> None:
    second = {"name": "a", "direction": "≥", "subject": "P2", "code": "N1"} | change
    lines = [line("a", "≥", 1, 1, subject="P1", code="N1"), line(target=1, actual=1, **second)]
    problem = refused(make, lines, "indicator_sets_differ", 3, "对象编号", codes=("P1", "P2"))
    assert "各建一份计划" in (problem.fix or "") and problem.found == "P2"


def test_a_subject_without_lines(make: Make) -> None:
    with pytest.raises(EvidenceError) as caught:
        make([line("a", "≥", 1, 1, subject="P1")], codes=("P1", "P2"))
    assert caught.value.problems[0].place.row is None


def test_same_code_twice(make: Make) -> None:
    lines = [line("a", "≥", 1, 1, code="N1"), line("b", "≥", 1, 1, code="N1")]
    assert "第2行" in (refused(make, lines, "duplicate_code", 3, "指标编码").fix or "")


def test_written_code_meets_a_numbered_one(make: Make) -> None:
    refused(make, [line("a", "≥", 1, 1), line("b", "≥", 1, 1, code="I01")], "duplicate_code", 3, "指标编码")


def test_malformed_code(make: Make) -> None:
    refused(make, [line("a", "≥", 1, 1, code="1-1")], "indicator_code", 2, "指标编码")


@pytest.mark.parametrize(
    ("made", "code", "title"),
    [
        (line("a", "≥", "95%", "≥95%"), "actual_not_a_number", "实际完成值"),
        (line("a", "≥", "≤95%", "95%"), "target_sign", "年度指标值"),
        (line("a", "≥", 95, 0.93, unit="%"), "percent_fraction", "实际完成值"),
        (line("a", "≥", 95, 1, unit="%"), "percent_fraction", "实际完成值"),
        (line("a", "≥", 0.95, 93, unit="%"), "percent_fraction", "年度指标值"),
        (line("a", "≥", "266米", "266平方米"), "unit_mismatch", "实际完成值"),
        (line("a", "≥", 266, "266米"), "unit_mismatch", "实际完成值"),
        (line("a", "≥", "很多", 5), "not_a_number", "年度指标值"),
        (line("a", "≥", 5, "NaN"), "not_finite", "实际完成值"),
        (line("a", "≥", 5, "1" * 20), "number_too_large", "实际完成值"),
        (line("a", "是否", "否", "否"), "yes_no_target", "年度指标值"),
        (line("a", "是否", "是", "部分"), "bool_unknown", "实际完成值"),
        (line("a", "时限", "2022-12-31", "已完成"), "date_unknown", "实际完成值"),
        (line("a", "时限", "2022年12月", "2022-11-30"), "date_month_only", "年度指标值"),
        (line("a", "≥", 5, 5, degree=80), "degree_unused", "评定比例"),
    ],
)
def test_refused_rows(make: Make, made: list[Any], code: str, title: str) -> None:
    refused(make, [made], code, 2, title)


def test_the_fraction_problem_says_both_ways_out(make: Make) -> None:
    problem = refused(make, [line("a", "≥", 95, 0.93, unit="%")], "percent_fraction", 2, "实际完成值")
    assert "疑似以小数填写" in problem.message and "93%" in (problem.fix or "") and "0.93%" in (problem.fix or "")


def test_small_percentages_are_possible(make: Make) -> None:
    _, wide, _ = make(
        [
            line("受害率", "≤", 0.9, 0.1, unit="%"),
            line("增长", "≥", "0.5%", "0.6%"),
            line("合格率", "≥", 95, "0.93%", unit="%"),
        ]
    )
    assert wide.value(0, "i01_actual") == Decimal("0.1")
    assert wide.value(0, "i02_actual") == Decimal("0.6")
    assert wide.value(0, "i03_actual") == Decimal("0.93")


def test_other_level_names_are_said_not_refused(make: Make) -> None:
    # Local forms write 满意度指标 where the official one has 服务对象满意度指标 (case huangshi_sponge_2022).
    sheet = IndicatorSheet(level2={"产出指标": ["数量指标"], "满意指标": []}, satisfaction=["满意指标"])
    _, _, notes = make([line("a", "≥", 1, 1, level1="产出"), line("b", "≥", 1, 1, level2="数量")], sheet=sheet)
    found = {p.code: p for p in notes}
    assert "产出指标" in (found["unknown_level1"].fix or "")
    assert (found["unknown_level2"].place.row, found["unknown_level2"].severity) == (3, "warning")
    indicators, _, _ = make([line("a", "≥", 1, 1, level1="满意指标")], sheet=sheet)
    assert indicators[0].judged == "satisfaction"


def test_no_lines_at_all(make: Make) -> None:
    indicators, wide, _ = make([])
    assert indicators == [] and wide.texts("subject") == ["P1"] and len(wide) == 1
    assert wide.cell(0, "subject") == "自评.xlsx [绩效指标]"


def test_title_of_the_sheet_is_the_packs(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", {"评价对象": subjects(), "自评指标": [HEAD, line("a", "≥", 1, 1)]})
    evidence = read_evidence(path, [], indicator_sheet=IndicatorSheet(title="自评指标"))
    assert len(evidence.tables["indicators"]) == 1
