"""复核更正: what a reviewer decides is kept, applied where it fits, and told where it does not."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from cases import form_with, funds, indicator, written

from workbench.base.errors import FileError
from workbench.plugins.manager import load_plugins
from workbench.recheck.corrections import Accepted, Correction, Corrections
from workbench.recheck.model import Form
from workbench.recheck.outcome import EXECUTION, Rechecked
from workbench.recheck.recheck import Outcome, Standards, recheck
from workbench.recheck.recompute.recompute import BUILT_IN
from workbench.scheme.library import NATIONAL, Library

KEY = "自评表.xlsx#1"


@pytest.fixture(scope="module")
def standards() -> Standards:
    library = Library.of(load_plugins(code=False).folders)
    bands = library.policy(NATIONAL).bands
    assert bands is not None
    return Standards(library.ruleset("caiyu-2020-10"), BUILT_IN, bands.items)


def form(**fields: object) -> Form:
    rows = (
        indicator(1, "建设数量", "≥50座", "40座", 60, 48),
        indicator(2, "改善环境", "有效改善", "达成预期指标", 30, 30),
    )
    return form_with(rows, (funds(100, 98, 10, Decimal("9.8")),), **fields)


def line(indicator: int, name: str, **fields: object) -> Correction:
    told: dict[str, object] = {"reason": "经核实", "reviewer": "张三", **fields}
    return Correction.model_validate({"form": KEY, "indicator": indicator, "name": name, **told})


def made(standards: Standards, *lines: Correction, accepted: bool = False) -> tuple[Rechecked, Outcome]:
    corrections = Corrections()
    for one in lines:
        corrections = corrections.with_line(one)
    if accepted:
        corrections = corrections.with_accepted(KEY, Accepted(form=KEY, reviewer="张三"))
    outcome = recheck([form()], standards, corrections)
    return outcome.forms[0], outcome


def test_nothing_is_decided_without_a_reviewer(standards: Standards) -> None:
    one, _ = made(standards)
    assert (one.total, one.low, one.high) == (Decimal("87.80"), Decimal("81.80"), Decimal("87.80"))
    assert (one.decided, one.choices, one.grade, one.again_grade) == (None, (), "", "良")


def test_an_interval_has_a_grade_where_all_of_it_has_the_same(standards: Standards) -> None:
    rows = (
        indicator(1, "建设数量", "≥50座", "50座", 60, 60),
        indicator(2, "改善环境", "有效改善", "达成预期指标", 30, 30),
    )
    (one,) = recheck([form_with(rows, (funds(100, 98, 10, 10),))], standards).forms
    # 93.80 to 99.80 would be 优 throughout, 81.80 to 87.80 良; 60 % of 40 to 60 points are between two.
    assert (one.low, one.again_grade, one.grade) == (Decimal("93.80"), "优", "")
    wide = (indicator(1, "建设数量", "≥50座", "50座", 50, 50), indicator(2, "改善环境", "有效改善", "达成", 50, 50))
    (one,) = recheck([form_with(wide)], standards).forms
    assert (one.low, one.high, one.again_grade, one.counted_grade) == (Decimal(90), Decimal(100), "优", "优")
    (one,) = recheck([form_with((*wide[:1], indicator(2, "改善环境", "有效改善", "未达成", 50, 50)))], standards).forms
    assert (one.total is None, one.again_grade) == (False, "")


def test_a_form_out_of_other_points_has_no_grades(standards: Standards) -> None:
    rows = (indicator(1, "建设数量", "≥50座", "50座", 70, 70),)
    (one,) = recheck([form_with(rows, total_points=written(70, "H30"))], standards).forms
    assert (one.total, one.self_grade, one.again_grade) == (Decimal(70), "", "")


def test_the_total_is_decided_with_the_last_line(standards: Standards) -> None:
    lines = [line(1, "建设数量", points=45), line(2, "改善环境", points=25)]
    one, _ = made(standards, *lines)
    assert one.decided is None, "预算执行率 has not been decided"
    one, _ = made(standards, *lines, line(EXECUTION, "预算执行率", points="9.5"))
    assert (one.decided, one.grade) == (Decimal("79.5"), "中")
    assert one.total == Decimal("87.80"), "what the form's own numbers give stays"


def test_a_corrected_actual_is_scored_by_the_rules(standards: Standards) -> None:
    one, outcome = made(standards, line(1, "建设数量", actual="35座"), line(2, "改善环境", points=28), accepted=True)
    assert [(c.row, c.actual, c.points) for c in one.choices] == [
        (EXECUTION, None, Decimal("9.80")),
        (1, "35座", Decimal("42.00")),
        (2, None, Decimal(28)),
    ]
    assert (one.decided, outcome.notices) == (Decimal("79.80"), ())
    assert one.recomputed[1].points == 48


@pytest.mark.parametrize(("actual", "points"), [("90%", "9.00"), ("95", "9.50"), ("95万元", "9.50")])
def test_a_corrected_execution_is_a_rate_or_what_was_spent(standards: Standards, actual: str, points: str) -> None:
    one, _ = made(standards, line(EXECUTION, "预算执行率", actual=actual))
    assert one.choices[0].points == Decimal(points)


def test_accepting_takes_no_interval_for_the_unit_s_own_points(standards: Standards) -> None:
    """The rules leave 24 to 30 open; 30 is what the unit claims."""
    one, outcome = made(standards, accepted=True)
    assert [(choice.row, choice.points) for choice in one.choices] == [(EXECUTION, Decimal("9.80")), (1, Decimal(48))]
    assert (one.decided, one.grade) == (None, "")
    (problem,) = outcome.notices
    assert problem.place.file == KEY
    assert "“改善环境”(规则给出24～30分)" in str(problem) and "没有复核总分" in str(problem)


@pytest.mark.parametrize("actual", ["2022年12月20日", "未完成"])
def test_a_missed_deadline_is_decided_by_the_reviewer(standards: Standards, actual: str) -> None:
    """10号 has no formula for time."""
    rows = (indicator(1, "完成时间", "2022年11月底前", actual, 100, 100),)
    accepted = Corrections().with_accepted(KEY, Accepted(form=KEY, reviewer="张三"))
    outcome = recheck([form_with(rows)], standards, accepted)
    assert (outcome.forms[0].decided, outcome.forms[0].choices) == (None, ())
    assert "“完成时间”" in str(outcome.notices[0])


def test_a_blank_leaves_an_accepted_form_open_and_is_told(standards: Standards) -> None:
    rows = (indicator(1, "建设数量", "≥50座", "", 60, 60), indicator(2, "建设面积", "≥5亩", "5亩", 40, 40))
    accepted = Corrections().with_accepted(KEY, Accepted(form=KEY, reviewer="张三"))
    outcome = recheck([form_with(rows)], standards, accepted)
    assert outcome.forms[0].decided is None
    assert "还有1项没有复核得分" in str(outcome.notices[0]) and "“建设数量”(不能复算)" in str(outcome.notices[0])


@pytest.mark.parametrize("accepted", [True, False])
def test_an_open_actual_decides_nothing_and_is_told(standards: Standards, accepted: bool) -> None:
    vague = line(2, "改善环境", actual="部分达成年度指标并具有一定效果")
    one, outcome = made(standards, vague, accepted=accepted)
    assert one.choices[-1].points is None
    assert one.decided is None
    assert "“改善环境”(规则给出18～24分)" in str(outcome.notices[0])


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (line(1, "建设面积", points=3), "现在是“建设数量”"),
        (line(7, "建设数量", points=3), "没有第7项指标"),
        (line(1, "建设数量", points="60.5"), "复核得分60.5超过分值60"),
    ],
)
def test_what_does_not_fit_is_told_and_not_applied(standards: Standards, wrong: Correction, told: str) -> None:
    one, outcome = made(standards, wrong)
    assert one.choices == ()
    (problem,) = outcome.notices
    assert told in str(problem) and "没有采用" in str(problem) and "没有复核总分" in str(problem)


@pytest.mark.parametrize(
    "wrong",
    [
        line(1, "建设面积", points=3),
        line(7, "建设数量", points=3),
        line(1, "建设数量", points="60.5"),
        line(EXECUTION, "执行", points=3),
    ],
)
def test_what_was_not_applied_leaves_no_total(standards: Standards, wrong: Correction) -> None:
    """Whoever accepts the rest has not accepted the line a correction of theirs was meant for."""
    one, _ = made(standards, wrong, accepted=True)
    assert one.decided is None
    assert wrong.indicator not in {choice.row for choice in one.choices}


@pytest.mark.parametrize("key", ["自评表.xlsx", "自评表.xlsx#2", "自评表.xlsx#"])
def test_a_correction_of_no_form_in_the_file_leaves_no_total(standards: Standards, key: str) -> None:
    wrong = line(1, "建设数量", points=3).model_copy(update={"form": key})
    judged = line(2, "改善环境", points=28)
    one, outcome = made(standards, wrong, judged, accepted=True)
    assert (one.decided, [choice.row for choice in one.choices]) == (None, [EXECUTION, 2])
    assert f"是否想写“{KEY}”" in str(outcome.notices[0])
    corrections = Corrections().with_line(wrong).with_line(judged)
    corrections = corrections.with_accepted(KEY, Accepted(form=KEY, reviewer="张三"))
    both = recheck([form(), form(number=2)], standards, corrections).forms
    assert (both[0].decided is None) == (key != "自评表.xlsx#2"), "else it is of the second form, and not of the first"


def test_a_refused_pair_leaves_no_total(standards: Standards) -> None:
    rows = (
        indicator(1, "甲", "≥1个", "1个", 50, 50, group=1),
        indicator(2, "乙", "≥1个", "1个", None, None, group=1),
        indicator(3, "丙", "≥1个", "1个", 50, 50, group=3, part=False),
    )
    corrections = Corrections().with_line(line(1, "甲", points=3)).with_line(line(2, "乙", points=4))
    corrections = corrections.with_accepted(KEY, Accepted(form=KEY, reviewer="张三"))
    outcome = recheck([form_with(rows)], standards, corrections)
    assert (outcome.forms[0].decided, [c.row for c in outcome.forms[0].choices]) == (None, [3])


def test_a_form_that_is_not_there_is_told(standards: Standards) -> None:
    corrections = Corrections().with_line(line(1, "建设数量", points=3))
    (problem,) = recheck([form(file="别的.xlsx")], standards, corrections).notices
    assert problem.found == KEY


def test_two_points_for_one_shared_weight_are_refused(standards: Standards) -> None:
    rows = (
        indicator(1, "甲", "≥1个", "1个", 50, 50, group=1),
        indicator(2, "乙", "≥1个", "1个", None, None, group=1),
    )
    corrections = Corrections().with_line(line(1, "甲", points=3)).with_line(line(2, "乙", points=4))
    outcome = recheck([form_with(rows)], standards, corrections)
    assert outcome.forms[0].choices == ()
    assert "只能写在其中一项上" in str(outcome.notices[0])


def test_the_file_says_what_was_decided(tmp_path: Path) -> None:
    corrections = Corrections(file="更正.yaml").with_accepted(KEY, Accepted(form=KEY, reviewer="李四"))
    hostile = '他说:"- x"\n# 不是注释'
    corrections = corrections.with_line(line(2, "改善: 环境", actual="否", reason=hostile, evidence="现场照片"))
    corrections = corrections.with_line(line(1, "建设数量", points="40.50"))
    path = tmp_path / "更正.yaml"
    corrections.save(path)
    again = Corrections.load(path)
    assert again == corrections
    assert again.lines[KEY, 2].reason == hostile
    assert again.content() == path.read_bytes()
    assert path.read_text("utf-8").startswith("# 复核更正")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("corrections: [{form: a#1, indicator: 1, name: 甲, reason: 理由, reviewer: 张三}]", "至少写一个"),
        ("corrections: [{form: a#1, indicator: 1, name: 甲, points: 3, reviewer: 张三}]", "reason"),
        ("corrections: [{form: a#1, indicator: 1, name: 甲, points: -3, reason: 理由, reviewer: 张三}]", "points"),
        ("更正: []", "更正"),
        (
            "corrections:\n" + "  - {form: a#1, indicator: 1, name: 甲, points: 3, reason: 理由, reviewer: 张三}\n" * 2,
            "同一项指标有两条更正",
        ),
    ],
)
def test_a_wrong_file_is_refused_with_its_place(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "更正.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(FileError, match=told) as caught:
        Corrections.load(path)
    assert caught.value.problems[0].place.file == "更正.yaml"


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        ("indicator: 5, actual: 64%, reason: 理由, reviewer: 张三", ["name", "没有写", "指标名称"]),
        ("indicator: 第五项, name: 甲, points: 3, reason: 理由, reviewer: 张三", ["indicator", "第五项", "写 0"]),
        ("indicator: 5, name: 甲, points: 九分, reason: 理由, reviewer: 张三", ["points", "九分", "不小于0的数字"]),
        ("indicator: 5, name: 甲, actual: true, reason: 理由, reviewer: 张三", ["actual", "True", "完成值"]),
        ("indicator: 5, name: 甲, reason: 理由, reviewer: 张三", ["至少写一个", "请补写 actual 或 points"]),
    ],
)
def test_a_wrong_correction_says_which_and_how_to_mend_it(tmp_path: Path, entry: str, told: list[str]) -> None:
    path = tmp_path / "更正.yaml"
    path.write_text(f"corrections:\n  - {{form: 一.xlsx#1, {entry}}}\n", encoding="utf-8")
    with pytest.raises(FileError, match="复核更正有误") as caught:
        Corrections.load(path)
    text = str(caught.value)
    assert "更正.yaml 第2行 “一.xlsx#1 第" in text
    assert not [words for words in told if words not in text], text


def test_numbers_need_no_quotes(tmp_path: Path) -> None:
    path = tmp_path / "更正.yaml"
    path.write_text(
        "corrections:\n  - {form: a#1, indicator: 1, name: 5, actual: 106.740, reason: 1, reviewer: 张三}\n", "utf-8"
    )
    (found,) = Corrections.load(path).lines.values()
    assert (found.actual, found.reason, found.name) == ("106.740", "1", "5")
