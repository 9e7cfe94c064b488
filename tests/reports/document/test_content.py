"""The content of a report: every number is the result's, what is missing blocks 定稿, texts refer and never repeat numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from review_shapes import unscored

from workbench.base.errors import TextsError
from workbench.base.yamlio import read_yaml
from workbench.reports import reading
from workbench.reports.document import narrative
from workbench.reports.document.attached import score_sheets
from workbench.reports.document.blocks import Block, Content, Grid, Heading, Paragraph, Picture, Span
from workbench.reports.document.chapters import CHAPTERS
from workbench.reports.document.content import FROM_RESULT, content, on_template, remarks
from workbench.reports.document.manuscript import wrong_references
from workbench.reports.document.outline import PARTS
from workbench.reports.document.references import known_points, known_rates
from workbench.reports.document.shown import typeset
from workbench.reports.document.source import ReportSource
from workbench.reports.document.starting import start
from workbench.reports.document.texts import Texts, read_texts
from workbench.reports.document.widths import TURNED, widths
from workbench.scheme.plan import Plan
from workbench.scoring.result import (
    Conclusion,
    ExpertPoints,
    IndicatorReview,
    ReviewNote,
    ReviewPerson,
    ReviewRecord,
    RunResult,
)

ROOT = Path(__file__).resolve().parents[3]
GOLDEN = sorted(p.stem for p in (ROOT / "tests" / "golden").glob("*_20*.json"))
RUN = "0123456789abcdef" * 4
REPORT = """report:
  client: 某市财政局
  institution: 某某咨询公司
  lead: 王敏
  evaluated: 某县农业农村局
  group:
    - {name: 王敏, title: 会计师, duty: 主评人}
  scope:
    sampling: 按资金规模分层后随机抽取
    subjects: {all: "120", sampled: "40", visited: "30", unit: 个项目}
    money: {all: "3500.00", covered: "2800.00", unit: 万元}
  facts:
    预算: {value: "200.00", unit: 万元, source: 预算批复}
  problems:
    - title: 执行偏慢
      indicators: [B1, D2]
      finding: '{{ 指标["B1"].名称 }}{{ 指标["B1"].完成值 }}，失{{ 指标["B1"].失分 }}分'
      cause: 采购晚
      suggestion: 提前采购
      responsible: 农业农村局
      deadline: "2025-06-30"
    - title: 目标偏低
      indicators: [A2, C1, D1]
      finding: 目标未分解
      cause: 论证不足
      suggestion: 分解目标
      responsible: 农业农村局
      deadline: 收到报告后60日内
"""
WRITTEN = {c.file: f"{c.part}已写明。" for c in CHAPTERS if c.mandatory}


def plan(result: RunResult) -> Plan:
    """A plan as far as a report reads it."""
    fields = {"evaluation": result.evaluation, "title": result.title, "period": result.period, "as_of": result.as_of}
    fields |= {"pack": result.pack.id, "ruleset": result.ruleset.id, "policy": result.policy.id, "evidence": "params"}
    return Plan.model_validate({**fields, "stage": "自评"})


def source(result: RunResult) -> ReportSource:
    return ReportSource(result, RUN, plan(result))


def golden(name: str) -> ReportSource:
    """A real run: its result as it is kept, and its plan."""
    result = RunResult.model_validate_json((ROOT / "tests" / "golden" / f"{name}.json").read_bytes())
    real = Plan.model_validate(read_yaml(ROOT / "params" / f"{name}.yaml").data["plan"])
    return ReportSource(result, RUN, real)


@pytest.fixture
def one(run, make) -> ReportSource:
    """One subject that lost points on five indicators; a 财政评价, so that everything is asked for."""
    whole = run(make("complete")).model_copy(update={"stage": "财政评价"})
    return source(whole)


@pytest.fixture
def folder(tmp_path):
    """``folder(report, chapter.md=text)``: texts as an analyst has them."""

    def write(report: str = REPORT, **chapters: str) -> Texts:
        (tmp_path / "report.yaml").write_text(report, "utf-8")
        for name, text in (WRITTEN | {f"{k}.md": v for k, v in chapters.items()}).items():
            (tmp_path / name).write_text(text, "utf-8")
        return read_texts(tmp_path)

    return write


def texts_of(blocks: Iterable[Block]) -> list[str]:
    """Everything a reader sees of blocks."""
    found = []
    for block in blocks:
        match block:
            case Heading() | Paragraph():
                found.append(block.text)
            case Grid():
                found += [block.title, block.note, *(cell for line in block.lines for cell in line.cells)]
            case Picture():
                found += [block.title, block.alt]
    return found


def said(made: Content, part: str) -> str:
    return "\n".join(texts_of(made.parts[part]))


def numbers(text: str) -> set[str]:
    """Decimal numbers, as printed; of dates, clauses and whole counts none."""
    return set(re.findall(r"(?<![\d.])\d+\.\d\d(?![\d.])", text))


def known(result: RunResult) -> set[str]:
    """Every decimal in the result, and the sums and shares that are derived of it exactly."""
    found = numbers(result.model_dump_json())
    for subject in result.subjects:
        found |= {str(x).lstrip("-") for x in known_points(subject) | known_rates(subject)}
        items = subject.indicators
        groups = [[i for i in items if i.evidence_status == s] for s in {i.evidence_status for i in items}]
        groups += [reading.members(subject, level.name) for level in subject.levels]
        for group in groups:
            counted = [i for i in group if i.status != "not_applicable"]
            found.add(str(reading.total_of(i.weight for i in counted)))
            found |= numbers(reading.final_sum(counted))
            lost = (reading.number(i.weight) - reading.number(i.final) for i in counted if i.final is not None)
            found.add(str(sum((x for x in lost if x > 0), Decimal(0))))
        for i in items:
            if i.status != "not_applicable":
                weight = reading.number(i.weight)
                found |= {str(abs(weight - reading.number(x))) for x in (i.final or i.low, i.final or i.high)}
        low = reading.total_of(v.points or v.low for v in subject.levels)
        high = reading.total_of(v.points or v.high for v in subject.levels)
        found |= {str(low), str(high), *(str(abs(reading.extras(subject, s))) for s in ("bonus", "deductions"))}
    return found


# -- the numbers --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", GOLDEN)
def test_every_number_of_a_real_run_s_report_is_the_result_s(name: str) -> None:
    src = golden(name)
    made = content(src, Texts())
    parts = [*FROM_RESULT, "指标分析", "问卷情况", "其他需要说明的问题", "签章页"]
    found = numbers("\n".join(said(made, part) for part in parts))
    assert found and found <= known(src.result)
    assert list(made.parts) == list(PARTS) and made.edition == "征求意见稿"


def test_every_shape_of_result_has_a_report(run, shaped) -> None:
    src = source(run(shaped))
    made = content(src, Texts())
    found = numbers("\n".join(said(made, part) for part in (*FROM_RESULT, "指标分析")))
    assert found <= known(src.result)
    assert made.fields["总分"] == reading.total_text(shaped) and made.fields["等级"] == (shaped.grade or "未评定")
    assert ("暂定" in made.fields["等级说明"]) == bool(shaped.grade and shaped.provisional)
    assert shaped.name in said(made, "综合评价结论")
    assert said(made, "评分表").count("总分") == 1


def test_equal_input_gives_an_equal_content(one, folder) -> None:
    assert content(one, folder()) == content(one, folder())


# -- the narrative ------------------------------------------------------------------------------------------------


def test_the_conclusion_of_a_complete_subject(make) -> None:
    subject = make("complete")  # by hand: 14.00 + 17.93 + 33.70 + 16.50 = 82.13 of 100.00
    first, second, *rest = narrative.conclusion(subject)
    assert (
        first == "经综合评价，高标准农田建设项目总分为82.13分（满分100.00分），得分率82.13%，评价等级为“良”（暂定）。"
    )
    assert "决策得14.00分（满分15.00分），得分率93.33%" in second and "“产出”最高、“效益”最低" in second
    assert "拟得分" in rest[-1]


def test_a_cap_says_what_the_score_alone_would_give(make) -> None:
    text = "".join(narrative.conclusion(make("capped")))
    assert "经核查，存在“审计或检查发现问题”的情形（核查文件：审计报告〔2023〕7号），依据克州2023 第十二条" in text
    assert "按得分本应评为“良”，受上述情形限制，最终等级为“中”。" in text
    assert "1项影响等级的情形尚未核查（出现重大问题）" in text


def test_a_veto_gives_no_grade(make) -> None:
    text = "".join(narrative.conclusion(make("veto")))
    assert "未评定（一票否决）" in text and "实行一票否决" in text and "评价等级为" not in text


def test_what_is_unscored_is_an_interval_and_no_grade(make) -> None:
    text = "".join(narrative.conclusion(make("nothing")))
    assert "有4项指标尚未评分" in text and "总分在0.00—100.00分之间" in text and "暂不评定等级" in text


def test_rescaled_levels_say_from_what_to_what(make) -> None:
    subject = make("incomplete")
    text = "".join(narrative.level_paragraph(subject, level) for level in subject.levels)
    waived = [i.name for i in subject.indicators if i.status == "not_applicable"]
    assert all(name in text for name in waived)
    assert "尚未评分" in text


def test_bonus_and_deductions_are_told(make) -> None:
    assert "基础分之外，加分3.00分、扣分1.00分，已计入总分。" in narrative.conclusion(make("extras"))


def test_computed_explanations_are_said_once(one) -> None:
    text = said(content(one, Texts()), "指标分析")
    assert "1. 预算执行率：执行率79.27%，得10×79.27%=7.93分（失2.07分）。" in text
    for indicator in one.subject.indicators:
        assert text.count(typeset(indicator.explanation)) == 1


@pytest.mark.parametrize(
    ("computed", "printed"),
    [
        (
            "立项93.50%,得8.00分;经3名专家评审(算术平均)由8.00分",
            "立项93.50%，得8.00分；经3名专家评审（算术平均）由8.00分",
        ),
        ("对照优≥90,评为“优”(本办法(国家)未规定)", "对照优≥90，评为“优”（本办法（国家）未规定）"),
        ("10×(98/100)=9.80,f(x):1,200;3:2", "10×(98/100)=9.80,f(x):1,200;3:2"),
        ("=cmd|' /C calc'!A0", "=cmd|' /C calc'!A0"),
    ],
)
def test_computed_sentences_have_the_punctuation_of_prose(computed: str, printed: str) -> None:
    assert typeset(computed) == printed and typeset(printed) == printed


@given(st.text(st.sampled_from("优分,;:()%（x1“”\n"), max_size=30))
def test_punctuation_alone_changes(text: str) -> None:
    plain = str.maketrans("，；：（）", ",;:()")
    assert typeset(text).translate(plain) == text.translate(plain)


def test_bands_that_do_not_read_the_bonus_are_said_beside_the_total(make) -> None:
    subject = make("extras")
    steps = [
        s.model_copy(update={"text": "按不含加分的得分82.13分对照优≥90,评为“良”"}) if s.step == "grade" else s
        for s in subject.steps
    ]
    text = narrative.conclusion(subject.model_copy(update={"steps": steps}))
    [base] = [s.points for s in steps if s.step == "base"]
    assert f"基础分之外，加分3.00分、扣分1.00分，已计入总分；等级按不含加分的得分{base}分评定。" in text


def test_a_report_dated_before_what_it_tells_of_is_remarked(one, folder) -> None:
    early = folder(REPORT.replace("  lead:", '  date: "2024-12-30"\n  lead:'))
    assert [p.found for p in remarks(one, early) if p.code == "date_early"] == ["2024-12-30"]
    assert not remarks(one, folder(REPORT.replace("  lead:", '  date: "2024-12-31"\n  lead:')))


def test_words_that_say_a_loss_already_are_not_followed_by_it(one, folder) -> None:
    own = folder(
        REPORT.replace("indicators: [B1, D2]", "indicators: [B1]").replace(
            "完成值 }}，失", '完成值 }}，{{ 指标["B1"].名称 }}失'
        )
    )
    assert said(content(one, own), "存在的问题及原因分析").count("预算执行率失2.07分") == 1


def test_a_level_without_second_level_has_no_empty_column(one) -> None:
    items = [i.model_copy(update={"level2": None}) if i.level1 == "决策" else i for i in one.subject.indicators]
    changed = one.subject.model_copy(update={"indicators": items})
    src = source(one.result.model_copy(update={"subjects": [changed]}))
    grids = {b.title: b for b in content(src, Texts()).parts["指标分析"] if isinstance(b, Grid)}
    assert [c.title for c in grids["决策得分"].columns][:2] == ["三级指标", "分值"]
    assert [c.title for c in grids["过程得分"].columns][:2] == ["二级指标", "三级指标"]


def test_several_subjects_stand_side_by_side(run, make) -> None:
    made = content(source(run(make("complete"), make("capped").model_copy(update={"id": "P02"}))), Texts())
    assert made.fields["总分"] == "高标准农田建设项目 82.13；农村公路养护项目 82.13"
    assert made.fields["项目名称"] == "示例评价"
    grids = [b for b in made.parts["评分表"] if isinstance(b, Grid)]
    assert [g.title for g in grids] == ["高标准农田建设项目：评分表", "农村公路养护项目：评分表"] and grids[0].wide


# -- lost points and problems -------------------------------------------------------------------------------------


def test_a_report_with_everything_written_waits_for_the_review_only(one, folder) -> None:
    made = content(one, folder())
    assert [b.partition("。")[0] for b in made.blocking] == ["评审台账没有定稿记录:还没有评审"]
    assert made.edition == "征求意见稿"


def test_an_unlinked_material_loss_blocks(one, folder) -> None:
    made = content(one, folder(REPORT.replace("[B1, D2]", "[D2]")))
    assert any("失分没有对应的问题:预算执行率(B1)失2.07分" in b for b in made.blocking)


def test_a_loss_below_the_threshold_does_not(one, folder) -> None:
    report = REPORT.replace("[B1, D2]", "[D2]").replace("  facts:", '  material: {points: "2.08"}\n  facts:')
    assert not any("失分没有对应" in b for b in content(one, folder(report)).blocking)
    report = report.replace('{points: "2.08"}', '{share: "20.7"}')  # 2.07 of 10.00 is 20.7 %
    assert any("预算执行率" in b for b in content(one, folder(report)).blocking)


def test_a_reason_can_stand_instead_of_a_problem(one, folder) -> None:
    report = REPORT.replace("[B1, D2]", "[D2]") + "  not_material: {B1: 资金于次年初拨付}\n"
    made = content(one, folder(report))
    assert not any("失分没有对应" in b for b in made.blocking)
    assert "理由：资金于次年初拨付" in said(made, "问题清单")


def test_a_problem_that_does_not_say_everything_blocks(one, folder) -> None:
    made = content(one, folder(REPORT.replace("      cause: 采购晚\n", "")))
    assert any("第1个问题缺少原因" in b and "report.yaml 第" in b for b in made.blocking)


def test_deductions_are_lost_points_too(run, make, folder) -> None:
    src = source(run(make("extras")))
    assert any("违反财经纪律(M1)失1.00分" in b for b in content(src, Texts()).blocking)


@pytest.mark.parametrize("chapter", [c for c in CHAPTERS if c.mandatory], ids=lambda c: c.file)
def test_an_empty_chapter_blocks(one, folder, chapter) -> None:
    made = content(one, folder(**{chapter.file.removesuffix(".md"): "<!-- 只有\n注释 -->\n\n"}))
    assert any(b.startswith(f"{chapter.file}:“{chapter.part}”还没有写") for b in made.blocking)


def test_where_nothing_is_scored_a_sentence_stands_instead_of_charts(run, make) -> None:
    said = "指标均未评分，得分、得分率和失分暂无图可画。"
    blank = content(source(run(unscored(make("complete")))), Texts())
    assert said in texts_of(blank.parts["综合评价结论"])
    assert said not in texts_of(content(source(run(make("incomplete"))), Texts()).parts["综合评价结论"])


def test_unscored_indicators_block(run, make) -> None:
    assert any("有4项指标未评分" in b for b in content(source(run(make("nothing"))), Texts()).blocking)


def test_problems_and_points_are_linked_both_ways(one, folder) -> None:
    made = content(one, folder())
    assert "（失2.07分，见问题1）" in said(made, "指标分析")
    assert "涉及失分：预算执行率失2.07分、服务对象满意度失10.00分。" in said(made, "存在的问题及原因分析")
    assert "针对“执行偏慢”：提前采购（责任单位：农业农村局；时限：2025-06-30）" in said(made, "有关建议")
    assert "预算执行率93.50%，失2.07分" in said(made, "问题清单")


def test_the_sample_s_coverage_is_computed(one, folder) -> None:
    text = said(content(one, folder()), "抽样情况")
    assert "抽样覆盖率33.33%；其中现场评价30个项目，占全部的25.00%" in text  # 40/120, 30/120
    assert "资金覆盖率80.00%" in text  # 2800/3500


# -- references ---------------------------------------------------------------------------------------------------


def overview(src: ReportSource, folder, text: str) -> str:
    return said(content(src, folder(overview=text)), "项目概况")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("{{ 总分 }}/{{ 满分 }} {{ 等级 }}（{{ 等级说明 }}）", "82.13/100.00 良（暂定）"),
        ('{{ 指标["B1"].得分 }} {{ 指标.B1.分值 }} {{ 指标["B1"].失分 }}', "7.93 10.00 2.07"),
        ('{{ 指标["B1"].完成值 }} {{ 指标["B1"].指标值 }}', "93.50% ≥95%"),
        ('{{ 一级["产出"].得分率 }} {{ 一级["产出"].得分 }}', "96.29% 33.70"),
        ('{{ 对象["P01"].指标["B1"].得分 }}', "7.93"),
        ('{{ 事实["预算"] }} {{ 范围.抽样覆盖率 }}', "200.00万元 33.33%"),
        ("{{ 主评人 }} {{ 评价年度 }}", "王敏 2024"),
        ("{{ '{{' }}", "{{"),
    ],
)
def test_references_print_what_the_result_says(one, folder, text: str, shown: str) -> None:
    assert overview(one, folder, text) == shown


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("一\n二{{ 总份 }}", 2, "是否想写“总分”?"),
        ('{{ 指标["B9"].得分 }}', 1, "指标没有“B9”"),
        ('{{ 指标["B1"].得份 }}', 1, "是否想写“得分”?"),
        ('{{ 指标["B1"] }}', 1, "不是一个值"),
        ("{{ 指标[B1].得分 }}", 1, "方括号里的名称要加引号"),
        ("{{ 总分 * 2 }}", 1, "不能计算"),
        ("{{ 总分|upper }}", 1, "不能计算"),
        ("{{ 总分.__class__ }}", 1, "已是一个值"),
        ("{{ self }}", 1, "没有“self”"),
        ("甲\n\n{% for x in y %}{% endfor %}", 3, "不能写语句"),
        ("{{ 总分", 1, "写法有误"),
        ("{# 备注 #}", 1, "{#"),
        ("得分率{{ 得分率 }}%", 1, "已带“%”"),
        ("# 大标题", 1, "用 ## 或 ###"),
        ("正文\n\n![图](x.png)", 3, "插图"),
        ("```\n代码\n```", 1, "代码块"),
    ],
)
def test_what_a_report_cannot_say_is_named_with_its_line(one, folder, text: str, line: int, words: str) -> None:
    with pytest.raises(TextsError) as caught:
        content(one, folder(overview=text))
    problem = str(caught.value)
    assert words in problem and f"overview.md 第{line}行" in problem


def test_with_several_subjects_points_are_asked_of_one(run, make, folder) -> None:
    src = source(run(make("complete"), make("capped").model_copy(update={"id": "P02"})))
    with pytest.raises(TextsError, match=re.escape('请写明哪一个,如 对象["P01"].总分')):
        content(src, folder(overview="{{ 总分 }}"))
    report = "report:\n  problems: []\n"
    made = content(src, folder(report, overview='{{ 对象["P02"].等级 }}：{{ 对象["P02"].等级说明 }}'))
    assert said(made, "项目概况") == "中：中等，暂定"


def test_an_unknown_code_is_named_with_the_nearest(one, folder) -> None:
    with pytest.raises(TextsError, match="结果中没有这个指标编码") as caught:
        content(one, folder(REPORT.replace("[B1, D2]", "[B1, D9]")))
    assert "report.yaml 第16行" in str(caught.value) and "D9" in str(caught.value)


@settings(max_examples=60)
@given(st.text(max_size=60).filter(lambda t: "{" not in t and "<!--" not in t))
def test_any_text_is_shown_or_refused_by_name(text: str) -> None:
    src = golden("yongde_mingliang_school_2022")
    try:
        made = content(src, Texts(chapters={"overview.md": text}))
    except TextsError as error:
        assert all(p.place.file == "overview.md" for p in error.problems)
    else:
        assert all(isinstance(b, Heading | Paragraph | Grid) for b in made.parts["项目概况"])


# -- typed numbers ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "项目总得分85.3分。",
        "综合得分为８５．３分。",
        "经评价得分85.30分",
        "产出类得分45.2分",
        "得分率90.4%",
        "评价等级为“优”。",
        "评价等级为中，应整改",
    ],
)
def test_a_typed_number_that_contradicts_the_result_blocks(one, folder, text: str) -> None:
    made = content(one, folder(overview=text))
    assert any(b.startswith("overview.md 第1行:文字与结果不符") for b in made.blocking)


@pytest.mark.parametrize(
    "text",
    [
        "项目总分82.13分。",
        "总分82.1分",
        "产出得分33.7分",
        "得分率96.29%",
        "评价等级为良。",
        "自评得分98.5分，自评等级为优。",
        "每少一项扣0.3分",
        "项目历时30分钟",
        "总分{{ 总分 }}分，等级为{{ 等级 }}",
    ],
)
def test_what_fits_or_is_about_something_else_does_not(one, folder, text: str) -> None:
    assert not any("文字与结果不符" in b for b in content(one, folder(overview=text)).blocking)


def test_typed_numbers_are_named_and_do_not_block(one, folder) -> None:
    texts = folder(overview="预算200万元，\n其中{{ 事实['预算'] }}；满意度92％；2023年第3项10分钟。")
    assert [(p.place.line, p.severity) for p in remarks(one, texts)] == [(1, "warning"), (2, "warning")]
    assert len(content(one, texts).blocking) == 1


# -- Markdown -----------------------------------------------------------------------------------------------------


def test_markdown_keeps_its_form(one, folder) -> None:
    made = content(
        one,
        folder(
            overview="## 背景\n\n    缩进的**重点**段落,\n接着写。\n\n- 甲\n- 乙\n  1. 子项\n\n表：资金\n\n| 来源 | 金额 |\n|---|--:|\n"
            "| 中央 | {{ 事实['预算'] }} |\n\n<b>x</b> [网址](http://a.cn) `码`"
        ),
    )
    blocks = made.parts["项目概况"]
    assert [type(b).__name__ for b in blocks] == ["Heading", *["Paragraph"] * 4, "Grid", "Paragraph"]
    assert [(s.text, s.bold) for s in blocks[1].spans] == [("缩进的", False), ("重点", True), ("段落,接着写。", False)]
    assert [(b.kind, b.text) for b in blocks[2:5]] == [("item", "——甲"), ("item", "——乙"), ("item", "（1）子项")]
    table = blocks[5]
    assert (table.title, [c.title for c in table.columns], table.columns[1].align) == (
        "资金",
        ["来源", "金额"],
        "right",
    )
    assert list(table.lines[0].cells) == ["中央", "200.00万元"]
    assert blocks[6].text == "<b>x</b> 网址（http://a.cn） 码"


def test_what_a_reference_puts_in_marks_nothing_up(run, make, folder) -> None:
    subject = make("complete")
    first = subject.indicators[0].model_copy(update={"name": "**加粗**|{{ 总分 }}<b>"})
    src = source(run(subject.model_copy(update={"indicators": [first, *subject.indicators[1:]]})))
    assert overview(src, folder, '{{ 指标["A1"].名称 }}') == "**加粗**|{{ 总分 }}<b>"


# -- files --------------------------------------------------------------------------------------------------------


def test_init_writes_what_is_lost_and_never_overwrites(one, run, make, tmp_path) -> None:
    started = start(one, tmp_path)
    assert len(started.written) == len(CHAPTERS) + 1 and not started.kept
    texts = read_texts(tmp_path)
    assert [p.indicators for p in texts.report.problems] == [["A2"], ["B1"], ["C1"], ["D1"], ["D2"]]
    made = content(one, texts)
    assert sum("个问题缺少" in b for b in made.blocking) == 5 and sum("还没有写" in b for b in made.blocking) == 9
    assert "预算执行率失2.07分。" in said(made, "存在的问题及原因分析")
    (tmp_path / "overview.md").write_text("已写", "utf-8")
    before = {p.name: p.read_bytes() for p in tmp_path.iterdir()}
    again = start(one, tmp_path)
    assert not again.written and not again.news
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == before
    subject = make("complete")
    other = [
        i.model_copy(update={"final": {"A1": "7.00", "B1": "10.00"}.get(i.code, i.final)}) for i in subject.indicators
    ]
    news = start(source(run(subject.model_copy(update={"indicators": other}))), tmp_path).news
    assert "新增失分,尚无对应的问题:立项依据充分性(A1)失1.00分" in news[0] and "- indicators: [A1]" in news[1]
    assert "第2个问题所列指标已不失分:B1" in news[2]


@pytest.mark.parametrize("name", GOLDEN)
def test_init_of_every_real_run_can_be_read_again(name: str, tmp_path) -> None:
    src = golden(name)
    start(src, tmp_path)
    assert content(src, read_texts(tmp_path)).blocking


@pytest.mark.parametrize(
    ("file", "text", "words"),
    [
        ("report.yaml", "report:\n  problem: []\n", "是否想写“problems”?"),
        ("report.yaml", "plan: {}\n", "不是报告文字文件"),
        ("report.yaml", 'report:\n  material: {points: "1", share: "5"}\n', "须写且只写一项"),
        ("report.yaml", 'report:\n  scope: {subjects: {all: "3", sampled: "4"}}\n', "不能大于总数"),
        ("overveiw.md", "甲", "是否想写“overview.md”?"),
    ],
)
def test_a_wrong_file_is_named(tmp_path, file: str, text: str, words: str) -> None:
    (tmp_path / file).write_text(text, "utf-8")
    with pytest.raises(TextsError) as caught:
        read_texts(tmp_path)
    assert words in str(caught.value)


def test_an_unquoted_reference_is_told_as_yaml_says_it(tmp_path) -> None:
    (tmp_path / "report.yaml").write_text("report:\n  title: {{ 总分 }}\n", "utf-8")
    with pytest.raises(TextsError, match=r"键必须是简单文字.*加引号"):
        read_texts(tmp_path)


def test_everything_that_is_wrong_is_told_at_once(one, tmp_path) -> None:
    """A typo in one file hides nothing that is wrong in the others; what the broken file may say is not missed in them."""
    (tmp_path / "report.yaml").write_text("report:\n  lede: 王敏\n", "utf-8")
    (tmp_path / "overview.md").write_text("前文\n<!-- 批注\n", "utf-8")
    (tmp_path / "funds.md").write_text('{{ 总份 }}、{{ 总分 + 1 }}、{{ 事实["预算"] }}', "utf-8")
    (tmp_path / "goals.md").write_bytes("目标".encode("gbk"))
    with pytest.raises(TextsError) as refused:
        read_texts(tmp_path, lambda texts: wrong_references(one, texts))
    said = [(p.place.file, p.found or "") for p in refused.value.problems]
    assert sorted(said) == [
        ("funds.md", "总份"),
        ("funds.md", "总分 + 1"),
        ("goals.md", ""),
        ("overview.md", ""),
        ("report.yaml", "lede"),
    ]


@pytest.mark.parametrize(
    ("fact", "fine"),
    [
        ('{value: "38,77万", unit: 万元, source: 批复}', False),
        ('{value: "38,77", unit: 万元, source: 批复}', False),
        ('{value: "约38", unit: 万元, source: 批复}', False),
        ('{value: "38,77万元", source: 批复}', False),
        ("{value: 38.77, unit: 万元, source: 批复}", False),
        ('{value: "1,438.77", unit: 万元, source: 批复}', True),
        ('{value: "-2.5", unit: "%", source: 批复}', True),
        ('{value: "3—5", unit: 年, source: 批复}', True),
        ("{value: 某县水务局, source: 批复}", True),
        ('{value: "2021年3月", source: 批复}', True),
    ],
)
def test_a_fact_with_a_unit_is_a_number(folder, fact: str, fine: bool) -> None:
    report = f"report:\n  facts:\n    预算: {fact}\n"
    if fine:
        assert folder(report).report.facts
        return
    with pytest.raises(TextsError, match=r"report.facts.预算.*(不是一个数|请加引号)"):
        folder(report)


def test_the_institution_may_be_called_as_in_the_plan(folder) -> None:
    assert folder("report:\n  evaluator: 某某咨询公司\n").report.institution == "某某咨询公司"


# -- with a review ------------------------------------------------------------------------------------------------


def reviewed(one: ReportSource, phase: str) -> ReportSource:
    """The same result after a review that moved B1 from 7.93 to 8.00 and D1 from 17.50 to 16.50: 83.13 computed, 82.20 final."""
    voice = ExpertPoints(
        event=9,
        expert="e1",
        name="李建国",
        choice="调整",
        points="8.00",
        reason="=cmd|' /C calc'!A0",
        evidence=None,
        at="2026-11-22T06:59:46.123Z",
        round=1,
    )
    line = IndicatorReview(experts=[voice], merged="8.00", rule="算术平均", by="王敏", at=voice.at, applied=True)
    subject = one.subject
    before = Conclusion(total="83.13", interval=["83.13", "83.13"], grade="良", grade_name=None)
    now = {"17.93": "18.00", "82.13": "82.20"}
    steps = [
        s.model_copy(update={"points": now.get(s.points or "", s.points), "text": s.text.replace("82.13", "82.20")})
        for s in subject.steps
    ]
    items = [
        i.model_copy(update={"final": "8.00", "review": line}) if i.code == "B1" else i for i in subject.indicators
    ]
    levels = [
        v.model_copy(update={"points": "18.00", "low": "18.00", "high": "18.00", "rate": "90.00"})
        if v.name == "过程"
        else v
        for v in subject.levels
    ]
    moved = {
        "indicators": items,
        "levels": levels,
        "computed": before,
        "steps": steps,
        "total": "82.20",
        "interval": ["82.20", "82.20"],
    }
    people = [("e1", "李建国", ["评审专家"]), ("lead", "王敏", ["主评人"])]
    record = ReviewRecord(
        events=12,
        phase=phase,
        round=1,
        merge_rule="算术平均",
        people=[
            ReviewPerson(id=i, name=n, roles=r, specialty=None, organisation="某所", title=None, weight="1")
            for i, n, r in people
        ],
        notes=[
            note(5, "group_statement", "王敏", "总体良好"),
            note(6, "comment", "农业农村局", "满意度应补测", subject="P01", indicator="D2"),
            note(7, "reply", "王敏", "资料逾期", refers=[6], accepted=False),
            note(8, "internal_review", "刘审", "同意", accepted=True),
        ],
        not_applied=[],
    )
    result = one.result.model_copy(
        update={"subjects": [subject.model_copy(update=moved)], "review": record, "ledger_head": "cd" * 32}
    )
    return ReportSource(result, RUN, one.plan)


def note(event: int, kind: str, by: str, text: str, **more: object) -> ReviewNote:
    fields = {"event": event, "kind": kind, "by": by, "at": "2026-11-22T16:30:00.000Z", "text": text}
    return ReviewNote.model_validate(fields | more)


def test_a_final_review_and_whole_texts_make_it_final(one, folder) -> None:
    src = reviewed(one, "已定稿")
    made = content(src, folder())
    assert (made.edition, made.blocking, made.fields["稿次"]) == ("定稿", [], "定稿")
    assert "经评审调整2项指标（预算执行率、受益农户增收），总分由计算的83.13分（良）变为82.20分（良）" in said(
        made, "综合评价结论"
    )
    assert "评审组有评审专家1名，各专家得分按“算术平均”汇总；评审进行了1轮，已经定稿。" in said(made, "综合评价结论")
    assert {"满意度应补测", "不采纳", "资料逾期"} <= set(texts_of(made.parts["意见采纳情况表"]))
    assert "内部审核通过：同意" in said(made, "意见采纳情况表")
    assert "总体良好" in said(made, "专家意见") and "=cmd|' /C calc'!A0" in said(made, "专家意见")
    assert "cd" * 32 in said(made, "方法和核验说明")


@pytest.mark.parametrize("phase", ["评审中", "专家组已签字", "征求意见"])
def test_before_that_it_is_a_draft(one, folder, phase: str) -> None:
    made = content(reviewed(one, phase), folder())
    assert made.edition == "征求意见稿" and [b[:9] for b in made.blocking] == ["评审还没有定稿;实"]


def test_experts_that_do_not_count_sign_nothing(one, folder) -> None:
    made = content(reviewed(one, "不计"), folder())
    assert made.edition == "征求意见稿" and "不计专家评审" in said(made, "综合评价结论")


# -- what a reader meets --------------------------------------------------------------------------------------------


def test_the_grade_is_a_bare_word_templates_can_compare(run, make) -> None:
    excellent = make("complete").model_copy(update={"grade": "优", "grade_name": "优秀", "provisional": True})
    made = content(source(run(excellent)), Texts())
    assert (made.fields["等级"], made.fields["等级说明"]) == ("优", "优秀，暂定")
    assert content(source(run(make("veto"))), Texts()).fields["等级说明"] == "一票否决"


def test_a_unit_that_evaluates_itself_has_no_lines_to_fill_in_for_others(run, make) -> None:
    made = content(source(run(make("complete")).model_copy(update={"stage": "自评"})), Texts())
    assert [made.fields[name] for name in ("委托方", "评价机构", "主评人")] == ["", "", ""]
    assert "单位负责人（签名）" in said(made, "签章页") and "主评人" not in said(made, "签章页")


def test_subjects_side_by_side_have_full_points_in_the_head(run, make) -> None:
    subjects = [make("complete").model_copy(update={"id": f"P{n}"}) for n in range(5)]
    grids = [b for b in content(source(run(*subjects)), Texts()).parts["综合评价结论"] if isinstance(b, Grid)]
    assert "决策（15.00分）" in [c.title for c in grids[0].columns] and not grids[0].wide
    other = [
        s.model_copy(update={"levels": [v.model_copy(update={"weight": f"{n}0.00"}) for v in s.levels]})
        for n, s in enumerate(subjects, 1)
    ]
    grids = [b for b in content(source(run(*other)), Texts()).parts["综合评价结论"] if isinstance(b, Grid)]
    assert grids[0].wide and grids[0].lines[0].cells[1].endswith("/10.00")


def test_a_template_without_mandatory_parts_is_no_template_for_a_final_report(one, folder) -> None:
    whole = content(reviewed(one, "已定稿"), folder())
    lacking = ["综合评价结论", "有关建议"]
    assert whole.edition == "定稿" and on_template(whole, [], "本院.docx") is whole
    made = on_template(whole, lacking, "本院.docx")
    assert (made.edition, made.fields["稿次"]) == ("征求意见稿", "征求意见稿")
    assert made.blocking[-1].startswith("本院.docx:模板没有放报告必有的部分:综合评价结论、有关建议")


def test_a_lone_nothing_does_not_stand_beside_what_was_computed(one, folder) -> None:
    assert "无" not in texts_of(content(one, folder(other="无")).parts["其他需要说明的问题"])
    assert "无。" in texts_of(content(one, folder(experience="无。")).parts["主要经验及做法"])


def test_headings_of_an_analyst_stand_below_the_part_s_own(one, folder) -> None:
    text = "## 甲\n\n内容。\n\n### 乙\n\n内容。\n"
    made = content(one, folder(overview=text, advice=text))

    def found(part: str) -> list[Block]:
        return [b for b in made.parts[part] if not isinstance(b, Grid) and b.text in ("甲", "乙")]

    assert found("项目概况") == [Heading("甲", 3), Paragraph((Span("乙", bold=True),))], "under （一）项目概况"
    assert found("有关建议") == [Heading("甲", 2), Heading("乙", 3)], "right under 六、有关建议"


def test_without_a_questionnaire_there_is_no_part_about_one(one) -> None:
    assert not content(one, Texts()).parts["问卷情况"]


def test_counts_of_one_and_of_none_read_as_sentences(make) -> None:
    subject = make("complete")
    told = [narrative.level_paragraph(subject, level) for level in subject.levels]
    assert not any("共1项" in t or "其中0项" in t for t in told)


def test_a_report_says_its_own_date_only_when_it_has_one(one, folder) -> None:
    assert content(one, folder()).fields["报告日期"] == ""
    dated = content(one, folder(REPORT.replace("  lead:", '  date: "2025-03-31"\n  lead:')))
    assert (dated.fields["报告日期"], dated.fields["评价基准日"]) == ("2025年3月31日", "2024年12月31日")


def test_what_waits_for_points_has_not_lost_them(run, make) -> None:
    """“均未得满分” of a level is said of what was scored."""
    whole = source(run(make("complete"))).subject
    level = whole.levels[0]
    items = [i for i in whole.indicators if i.level1 == level.name]
    waiting = unscored(whole).indicators
    lost = [i.model_copy(update={"final": "0.10", "status": "scored"}) for i in items]
    rest = [i for i in waiting if i.code == items[-1].code]
    mixed = whole.model_copy(update={"indicators": [*lost[:-1], *rest]})
    text = narrative.level_paragraph(mixed, level)
    assert "均未得满分" not in text.replace(f"已评分的{len(items) - 1}项均未得满分", "") and "1项尚未评分" in text
    assert f"已评分的{len(items) - 1}项" in text


def test_the_score_sheet_has_the_rate_of_every_indicator(one) -> None:
    [sheet] = score_sheets(one)
    assert isinstance(sheet, Grid)
    at = [c.title for c in sheet.columns].index("得分率")
    rates = [line.cells[at] for line in sheet.lines if line.kind == "plain"]
    applied = [reading.indicator_rate(i) for v in one.subject.levels for i in reading.members(one.subject, v.name)]
    assert rates[: len(applied)] == applied and "79.30%" in applied


def test_a_column_of_sentences_is_not_squeezed() -> None:
    """附件1 of a reviewed run: its numbers take no more than they must."""
    heads = [
        "一级",
        "二级",
        "三级",
        "分值",
        "指标值",
        "完成值",
        "计算得分",
        "汇总得分",
        "最终得分",
        "得分率",
        "状态",
        "评分说明",
    ]
    row = [
        "产出指标",
        "数量指标",
        "学生受资助人数",
        "100.00",
        "≥735人次",
        "评定100.00%",
        *["10.00"] * 3,
        "100.00%",
        "拟得分",
    ]
    figures = [n in range(3, 10) for n in range(12)]
    found = widths(heads, [[*row, "学生受资助人数735人次,达到目标735人次,得满分10分" * 3]] * 9, figures, TURNED)
    assert abs(sum(found) - TURNED) < 0.01 and found[-1] == max(found) > 35 and found[5] < 21
