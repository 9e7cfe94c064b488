"""The summary at the end of a run: short, aligned, plain, and true."""

from __future__ import annotations

import pytest

from workbench.base.lines import pad, width
from workbench.reports import reading
from workbench.reports.console import DETAILED, LISTED, WIDTH, next_step, summary
from workbench.reports.reviewing import computed_grade
from workbench.scoring.result import Conclusion


def test_every_line_fits_and_is_plain(shaped, run):
    text = summary(run(shaped), "runs/demo/abc")
    assert all(width(line) <= WIDTH for line in text.splitlines())
    assert "\x1b" not in text and text.endswith("runs/demo/abc")
    assert reading.total_text(shaped) in text and reading.grade_text(shaped) in text


def test_columns_line_up_under_wide_characters(make, run):
    text = summary(run(make("complete"), make("incomplete"), make("extras")), "runs/x").splitlines()
    rows = text[1:5]
    ends = {
        width(row[: row.index(total) + len(total)])
        for row, total in zip(rows, ("总分", "82.13", "92.67", "101.50"), strict=True)
    }
    assert len(ends) == 1
    assert width(pad("绩效", 10)) == width(pad("ab", 10, right=True)) == 10


def test_losses_are_the_three_largest_with_their_reason(make, run):
    text = summary(run(make("complete")), "r")
    assert "服务对象满意度 −10.00:逾期未提供佐证,按规则计0分" in text
    assert "执行率79.27%,得10×79.27%=7.93分" in text
    assert "绩效目标合理性" not in text and "其余2项共 −2.30" in text


def test_caps_and_vetoes_are_named(make, run):
    capped = summary(run(make("capped")), "r")
    assert (
        "中(中等,暂定)" in capped
        and "按得分为良" in capped
        and "不得评为优、良" in capped
        and "未核查:出现重大问题" in capped
    )
    veto = summary(run(make("veto")), "r")
    assert "未评定(一票否决)" in veto and "一票否决,收回资金" in veto


@pytest.mark.parametrize(
    ("name", "step"),
    [
        ("incomplete", "2 项指标未评分:预算执行率、服务对象满意度,缺什么见评分说明;请补充后重新运行"),
        ("extras", "可送专家评审"),
        ("complete", "可送专家评审;1 项拟得分须补齐、核实佐证后才能定案"),
        ("capped", "请在“情形核查”表中填写 1 项未核查的情形后重新运行;也可先送专家评审,等级为暂定"),
    ],
)
def test_next_step(make, run, name, step):
    assert next_step(run(make(name))) == step


def test_next_step_names_subjects_when_there_are_several(make, run):
    assert "城区供水管网改造项目(2项)" in next_step(run(make("incomplete"), make("single")))


def test_next_step_for_errors_and_for_what_no_rule_covers(make, run):
    subject = make("single")
    finding = make("incomplete").findings[0]
    assert next_step(run(subject.model_copy(update={"findings": [finding]}))).startswith("请先处理")
    open_item = make("nothing").indicators[0].model_copy(update={"evidence_status": "核实一致"})
    step = next_step(run(make("nothing").model_copy(update={"indicators": [open_item]})))
    assert step == "1 项指标未评分:立项依据,缺什么见评分说明;请补充后重新运行"
    assert next_step(run(subject.model_copy(update={"complete": False}))).startswith("评价尚未完成")


def test_many_subjects_are_listed_and_only_some_described(make, run):
    text = summary(run(*[make("single")] * (LISTED + 5)), "r")
    assert "……另有5个评价对象,共25个。" in text
    assert text.count("【") == DETAILED and f"其余{LISTED + 5 - DETAILED}个对象" in text


def test_control_characters_cannot_reach_the_terminal(make, run):
    subject = make("single").model_copy(update={"name": "甲\x1b[31m乙\r\n丙"})
    text = summary(run(subject), "r")
    assert "\x1b" not in text and "\r" not in text and "甲 [31m乙  丙" in text


def test_what_can_go_to_experts_names_the_command_that_opens_the_page(make, run):
    result = run(make("extras"))
    command = f"workbench review {result.evaluation}"
    assert f"打开评审页  {command}\n" in summary(result, "r")
    assert f"打开评审页  {command} --workspace 再评价\n" in summary(result, "r", " --workspace 再评价")
    assert command not in summary(run(make("incomplete")), "r")


def test_the_computed_grade_is_provisional_too(make):
    """80.00 points that nobody has proved: 良(暂定) before the review and after it."""
    before = Conclusion(total="80.00", interval=["80.00", "80.00"], grade="良", grade_name="良好")
    subject = make("complete").model_copy(update={"computed": before, "provisional": True})
    assert computed_grade(subject) == "良(良好,暂定)"
    assert computed_grade(subject.model_copy(update={"provisional": False})) == "良(良好)"
    assert computed_grade(subject.model_copy(update={"computed": None})) is None


def test_next_step_counts_numbers_without_proof(make, run):
    subject = make("incomplete")
    bare = {"status": "provisional", "evidence_status": "未提供(待补)"}
    items = [i.model_copy(update=bare) if i.code == "A1" else i for i in subject.indicators]
    step = next_step(run(subject.model_copy(update={"indicators": items})))
    assert step == (
        "2 项指标未评分:预算执行率、服务对象满意度,缺什么见评分说明;另有 1 项只有数值、缺佐证;请补充后重新运行"
    )


def test_only_the_gravest_notes_of_the_scheme_are_shown(make, run):
    note = make("incomplete").findings[0]
    notes = [note.model_copy(update={"message": f"第{i}条", "severity": "info"}) for i in range(9)]
    text = summary(run(make("single")).model_copy(update={"notes": [*notes, note]}), "r")
    assert text.index(note.message) < text.index("第0条") and "第5条" not in text and "另有4条提示" in text
