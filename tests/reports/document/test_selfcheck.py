"""No report becomes final while a sentence of it contradicts the result, however it is worded."""

from __future__ import annotations

import io
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from docx import Document

from workbench.reports.document.chapters import CHAPTERS
from workbench.reports.document.content import content, held_back, remarks
from workbench.reports.document.selfcheck import checkup
from workbench.reports.document.source import ReportSource
from workbench.reports.document.template import ours
from workbench.reports.document.texts import Checked, Report, Texts
from workbench.reports.document.word import word
from workbench.scoring.result import Conclusion

sys.path.insert(0, str(Path(__file__).parent))

from test_content import REPORT, folder, one, reviewed, said, source

__all__ = ["folder", "one"]  # fixtures
WRITTEN = {c.file: f"{c.part}已写明。" for c in CHAPTERS if c.mandatory}


def told(src: ReportSource) -> ReportSource:
    """The same with the value of its explanation, which says what the experts did, as a run has both."""
    more = ";经1名专家评审(算术平均)由7.93分调整为8.00分"
    items = [
        i.model_copy(update={"explanation": i.explanation + more, "value": "79.27", "shown": "79.27%"})
        if i.code == "B1"
        else i
        for i in src.subject.indicators
    ]
    subject = src.subject.model_copy(update={"indicators": items})
    return replace(src, result=src.result.model_copy(update={"subjects": [subject]}))


@pytest.fixture
def final(one, folder):
    """``final(text, checked)``: a report that would be final but for a sentence in its first chapter."""
    src = told(reviewed(one, "已定稿"))

    def make(text: str = "", checked: str = "") -> tuple[ReportSource, Texts]:
        return src, folder(REPORT + checked, overview=text or "背景。")

    return make


def found(src: ReportSource, texts: Texts):
    return checkup(word(content(src, texts)), src, texts)


def test_a_whole_report_is_final(final) -> None:
    src, texts = final()
    assert content(src, texts).edition == "定稿"
    assert not found(src, texts).errors and not found(src, texts).hints


@pytest.mark.parametrize(("sentence", "code"), [("预算执行率得9分。", "stated_twice")])
def test_what_the_checker_finds_stands_in_the_way(final, sentence: str, code: str) -> None:
    src, texts = final(sentence)
    made = content(src, texts)
    errors = found(src, texts).errors
    assert [e.place.file for e in errors] == ["overview.md"] * len(errors)
    assert any(f"代码 {code}" in e.message and sentence[:6] in e.message for e in errors)
    held = held_back(made, errors)
    assert (held.edition, held.fields["稿次"]) == ("征求意见稿", "征求意见稿")
    assert held.blocking == [*made.blocking, *map(str, errors)]


@pytest.mark.parametrize(
    "sentence",
    [
        "总分100.00分,等级为“良”。",
        "综合得分九十八分。",
        "总分为九十七分。",
        "过程指标满分25分。",
        "预算执行率得9分。",
        "本项目得97.2分。",
        "预算执行率98%。",
        "预算执行率指标完成值为98.00%。",
        "预算40.00万元,执行38.77万元,执行率100%。",
        "预算安排1,000元，实际支出0.09万元，支出率为99%。",
    ],
)
def test_a_wrong_number_stands_in_the_way_and_is_told_once(final, sentence: str) -> None:
    src, texts = final(sentence)
    blocking = [*content(src, texts).blocking, *map(str, found(src, texts).errors)]
    assert len(blocking) == 1 and blocking[0].startswith("overview.md"), blocking


@pytest.mark.parametrize(
    "sentence",
    [
        "本项目得82.20分。",
        "总分为八十二点二分。",
        "预算执行率79.27%,预算执行率79.3%。",
        "上年预算执行率98%。",
        "预算执行率为70%以上。",
        "预算执行率指标本项目得5分。",
        "预算40.00万元,执行38.77万元,执行率96.93%。",
        "预算3万元,执行2万元,执行率66.7%。",
        "预算执行率79.27%{{ 等级 }}。",
    ],
)
def test_what_agrees_or_is_of_something_else_does_not(final, sentence: str) -> None:
    src, texts = final(sentence)
    assert not [b for b in content(src, texts).blocking if "文字与结果" in b]


def test_a_contradiction_of_the_text_check_can_stand_with_a_reason(final) -> None:
    let = "  checked:\n    - {code: text_contradicts, words: 预算执行率98%, reason: 为二期的数}\n"
    src, texts = final("其中一处预算执行率98%。", let)
    assert not [b for b in content(src, texts).blocking if "文字与结果" in b]
    assert "1. 文字与结果不符（“预算执行率98%”），保留理由：为二期的数。" in said(content(src, texts), "方法和核验说明")
    src, texts = final("背景。", let)
    assert ["没有对应的核对发现" in str(r) for r in remarks(src, texts) if "checked" in str(r)] == [True]
    assert not found(src, texts).hints


def test_a_table_of_an_analyst_s_is_told_with_its_file(final) -> None:
    table = "\n\n|项目|金额（万元）|\n|-|-|\n|材料|10.00|\n|人工|20.00|\n|设备|5.00|\n|合计|38.00|\n"
    src, texts = final(f"资金构成如下。{table}")
    errors = found(src, texts).errors
    assert [e.place.file for e in errors] == ["overview.md"] and "38" in errors[0].message


def test_what_a_template_says_in_its_footer_is_checked_too(final) -> None:
    src, texts = final()
    document = Document(io.BytesIO(ours()))
    document.sections[0].footer.paragraphs[0].add_run("总分97.00分")
    stream = io.BytesIO()
    document.save(stream)
    errors = checkup(word(content(src, texts), stream.getvalue()), src, texts).errors
    assert len(errors) == 1 and "页眉或页脚“" in errors[0].message and "97.00" in errors[0].message


CHECKED = "  checked:\n    - {code: total_twice, words: 一期工程, reason: 为一期工程的总分}\n"


def test_somebody_can_say_why_it_stands(final) -> None:
    src, texts = final("一期工程验收总分100.00分。", CHECKED)
    assert not [e for e in found(src, texts).errors if "total_twice" in e.message]
    text = said(content(src, texts), "方法和核验说明")
    assert "1. 前后所写的总分不一致（“一期工程”），保留理由：为一期工程的总分。" in text


def test_what_needs_no_reason_any_more_is_hinted(final) -> None:
    src, texts = final("", CHECKED)
    assert ["没有对应的核对发现" in h.message for h in found(src, texts).hints] == [True]
    wrong = Texts(Report(checked=[Checked(code="totl_twice", words="一期工程", reason="无")]), chapters=WRITTEN)
    assert ["total_twice" in str(h) for h in found(src, wrong).hints] == [True]


@pytest.mark.parametrize(
    "sentence",
    [
        "总分100.00分,等级为“优”。",
        "评价结果为“优”。",
        "过程指标满分25分。",
        "共失2.45分。",
        "本项目合计扣分3.21分。",
    ],
)
def test_typed_contradictions_are_told_with_their_line(one, folder, sentence: str) -> None:
    made = content(one, folder(overview=f"背景。\n\n{sentence}"))
    assert any(b.startswith("overview.md 第3行:文字与结果不符") for b in made.blocking)


@pytest.mark.parametrize(
    "sentence",
    [
        "指标体系总分100分,其中过程满分20分。",
        "预算执行率失2.07分,绩效目标失1分,两项共失3.07分。",
        "全部指标共失17.87分。",
    ],
)
def test_what_can_be_reached_and_sums_of_losses_are_no_contradiction(one, folder, sentence: str) -> None:
    assert not [b for b in content(one, folder(overview=sentence)).blocking if "文字与结果" in b]


def test_bonus_is_part_of_the_computed_total_too(run, make) -> None:
    """Of a reviewed subject both columns of points add up to their totals, with what no expert gives."""
    subject = make("extras")
    subject = subject.model_copy(
        update={"computed": Conclusion(total=subject.total, interval=subject.interval, grade="良", grade_name=None)}
    )
    src = source(run(subject))
    assert not found(src, Texts()).errors
