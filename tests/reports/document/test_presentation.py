"""How a report reads: what is the same is said once, tables are as wide as their texts, and whoever writes finds every name."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.base.errors import TextsError
from workbench.base.yamlio import read_yaml
from workbench.reports import reading
from workbench.reports.document import references
from workbench.reports.document.blocks import Grid, Heading, Paragraph
from workbench.reports.document.chapters import BY_FILE
from workbench.reports.document.content import content, remarks
from workbench.reports.document.outline import chapters
from workbench.reports.document.references import names_of
from workbench.reports.document.shown import condensed, grouped, typeset
from workbench.reports.document.starting import guide, template
from workbench.reports.document.texts import Report, ReportedProblem, Texts
from workbench.reports.document.widths import TURNED, UPRIGHT, needed, widths

sys.path.insert(0, str(Path(__file__).parent))

from test_content import folder, one, said, source, texts_of

__all__ = ["folder", "one"]  # fixtures
HOWTO = Path(__file__).resolve().parents[3] / "docs" / "howto" / "report.md"


@pytest.fixture
def five(run, make):
    """Five subjects of one programme, of which one lost points."""
    whole = run(make("incomplete"))
    subject = whole.subjects[0]
    many = [subject.model_copy(update={"id": f"P{n}", "name": f"第{n}学校"}) for n in range(1, 6)]
    lost = many[0].indicators[0].model_copy(update={"final": "1.00", "explanation": "没有立项批复,得1.00分"})
    many[0] = many[0].model_copy(update={"indicators": [lost, *many[0].indicators[1:]]})
    return source(whole.model_copy(update={"subjects": many}))


# -- the same said once ---------------------------------------------------------------------------------------------


def test_explanations_all_subjects_share_are_printed_once(five) -> None:
    blocks = content(five, Texts()).parts["指标分析"]
    assert [b.text for b in blocks if isinstance(b, Heading) and b.level == 2] == [
        "（一）各评价对象情况相同的指标",
        *(f"（{'二三四五六'[n]}）第{n + 1}学校" for n in range(5)),
    ]
    items = [b.text.partition(". ")[2] for b in blocks if isinstance(b, Paragraph) and b.kind == "item"]
    own = five.result.subjects[0].indicators
    assert len(items) == (len(own) - 1) + 5 and sum("没有立项批复" in text for text in items) == 1
    assert len([b for b in blocks if isinstance(b, Grid)]) == 5 * len(five.result.subjects[0].levels)


def test_what_blocks_several_subjects_alike_is_one_line(five) -> None:
    waiting = [b for b in content(five, Texts()).blocking if "未评分" in b]
    names = "、".join(s.name for s in five.result.subjects)
    assert len(waiting) == 1 and waiting[0].startswith(f"{names}都有")


def test_limitations_of_several_subjects_are_grouped(five) -> None:
    text = said(content(five, Texts()), "其他需要说明的问题")
    assert "各评价对象（5个）：" in text and "第3学校：" not in text


def test_situations_that_are_the_same_are_one_table(five) -> None:
    made = [b for b in content(five, Texts()).parts["情形核查"] if isinstance(b, Grid)]
    assert len(made) == min(1, len(five.result.subjects[0].caps))


def test_grouping_names_few_and_counts_many() -> None:
    assert grouped([("甲", "缺资料"), ("乙", "缺资料"), ("丙", "全")], 3) == ["甲、乙：缺资料", "丙：全"]
    assert grouped([(n, "缺资料") for n in "甲乙丙丁"], 9) == ["甲等4个评价对象：缺资料"]
    assert grouped([(n, "缺资料") for n in "甲乙"], 2) == ["各评价对象（2个）：缺资料"]


@pytest.mark.parametrize(
    ("long", "short"),
    [
        ("未评分；“人数”未填报；“成本”未填报。", "未评分；“人数”“成本”未填报。"),
        ("未评分；“单价”缺数据，无法计算；“人数”未填报。", "未评分；“人数”未填报。"),
        ("未评分；“单价”缺数据，无法计算；“总价”缺数据，无法计算", "未评分；“单价”“总价”缺数据，无法计算"),
        ("未评分；“人数”未填报。", "未评分；“人数”未填报。"),
        ("得5分；其中“人数”未填报；扣1分", "得5分；其中“人数”未填报；扣1分"),
    ],
)
def test_a_chain_of_missing_numbers_is_one_list(long: str, short: str) -> None:
    assert condensed(long) == short and condensed(short) == short


def test_a_mark_and_one_note_stand_for_words_of_every_row(one) -> None:
    for part in ("指标分析", "评分表"):
        grids = [b for b in content(one, Texts()).parts[part] if isinstance(b, Grid)]
        marked = [g for g in grids if "绩效目标合理性※" in texts_of([g])]
        assert len(marked) == 1 and marked[0].note.endswith("※ 权重或计分档次没有文件规定，为示例，可改。")
        assert not any("示例权重" in text for text in texts_of(grids))


def test_a_clause_stands_right_behind_its_document(one) -> None:
    made = content(one, Texts())
    assert not [t for blocks in made.parts.values() for t in texts_of(blocks) if re.search("号 第", t)]
    assert typeset("财预〔2020〕10号 第十八条") == "财预〔2020〕10号第十八条"


# -- tables ---------------------------------------------------------------------------------------------------------

CELL = st.text(st.sampled_from("得分项目1.0%—"), max_size=40)


@given(
    st.lists(st.tuples(CELL, CELL, CELL), max_size=6), st.tuples(*[st.booleans()] * 3), st.sampled_from([156.0, 225.0])
)
def test_widths_fill_the_sheet_and_nothing_vanishes(rows, figures, room) -> None:
    found = widths(["一级", "得分", "评分说明"], rows, figures, room)
    assert sum(found) == pytest.approx(room) and min(found) >= 7


def test_numbers_stay_whole_and_long_texts_get_the_rest() -> None:
    rows = [["产出", "100.00%", "—", "按规定比例计算，得分为权重乘以完成比例，未完成的部分不得分。" * 2]] * 5
    level, points, value, why = widths(["一级", "得分", "完成值", "评分说明"], rows, [False, True, True, False], TURNED)
    assert points >= 7 * 0.5 * 3.7 and why > 3 * max(level, points, value)


def test_a_table_of_intervals_stays_upright() -> None:
    """表1 of two funds: three levels and a total, each an interval."""
    heads = ["评价对象", "政策性（50.00分）", "合规性（20.00分）", "业绩性（30.00分）", "总分", "等级", "完成情况"]
    rows = [["某省新旧动能转换基金(合计)", "0.00—50.00", "0.00—20.00", "0.00—30.00", "0.00—100.00", "未评定", "缺23项"]]
    assert needed(heads, rows, [False, *[True] * 4, False, False], 7) <= UPRIGHT


# -- values ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shown", "direction", "printed"),
    [
        ("735.00人次", "gte", "735人次"),
        ("735.50人次", "gte", "735.50人次"),
        ("2600.00元", "lte", "2600.00元"),
        ("100.00%", "gte", "100.00%"),
        ("100.00%", "qualitative", "评定100.00%"),
        ("12", "gte", "12"),
        (None, "gte", "—"),
    ],
)
def test_a_value_is_shown_in_one_way(one, shown, direction, printed) -> None:
    indicator = one.subject.indicators[0].model_copy(update={"shown": shown, "direction": direction})
    assert reading.value_text(indicator) == printed


# -- whoever writes -------------------------------------------------------------------------------------------------


def test_the_guide_names_every_reference_and_every_key(one) -> None:
    text = HOWTO.read_text("utf-8")
    known = {*names_of(one, Report()).known, *references._INDICATOR, *references._LEVEL, *references._SUBJECT}
    known |= {"总数", "抽取数", "现场数", "抽样覆盖率", "资金总额", "涉及资金", "资金覆盖率"}
    known |= {*Report.model_fields, *ReportedProblem.model_fields}
    assert [name for name in known if not re.search(rf"`{name}`|[ .]{name}[ \[.]", text)] == []


def test_advice_says_when_it_is_needed() -> None:
    assert "没有一个问题写了建议(suggestion)的,必写" in guide(BY_FILE["advice.md"])
    assert "(可以不写)" in guide(BY_FILE["survey.md"]) and "必写,空白时不能定稿" in guide(BY_FILE["overview.md"])


def test_without_material_losses_there_is_a_sample_problem_that_can_be_filled_in(run, make, tmp_path) -> None:
    whole = run(make("single"))
    subject = whole.subjects[0]
    full = [i.model_copy(update={"final": i.weight}) for i in subject.indicators]
    made = template(source(whole.model_copy(update={"subjects": [subject.model_copy(update={"indicators": full})]})))
    assert '事实["年初预算"]' in made and "  problems: []\n  # 没有较大失分" in made
    head, sample = made.split("  problems: []\n")
    lines = [line.replace("  # ", "  ", 1) for line in sample.splitlines()[1:]]
    (tmp_path / "report.yaml").write_text("\n".join([head + "  problems:", *lines]), "utf-8")
    [problem] = read_yaml(tmp_path / "report.yaml").data["report"]["problems"]
    assert {"title", "finding", "cause", "suggestion", "responsible", "deadline"} <= set(problem)


def test_hints_are_whole_sentences_with_whole_numbers(one, folder) -> None:
    with pytest.raises(TextsError) as refused:
        content(one, folder(overview='{{ 指标["I08"].得分 }}{{ 没有的名称甲乙 }}'))
    code, name = refused.value.problems
    assert (code.fix or "").endswith("D2。请用指标编码")
    assert (name.fix or "").startswith("可用的有:名称、总分、") and (name.fix or "").endswith("、范围"), "all of them"
    texts = folder(overview="其中中央资金和省级资金合计1234567.89元和2345678.12元。")
    found = [p.found or "" for p in remarks(one, texts) if p.code == "typed_number"]
    assert all(n in "1234567.89元2345678.12元" for p in found for n in re.findall(r"\d[\d.]*", p)) and len(found) == 2


@pytest.mark.parametrize(("institution", "heading"), [("某某咨询公司", "主评人签章页"), ("", "单位负责人签章页")])
def test_who_signs_is_in_the_heading(institution: str, heading: str) -> None:
    [*_, last] = chapters({"签章页": [1]}, {"评价机构": institution})
    assert last.heading == heading
