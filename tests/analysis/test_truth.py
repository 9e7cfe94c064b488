"""What is proposed for a difference, what a confirmation needs, and that only confirmed untruth triggers the veto."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import workbench
from workbench.analysis.checksheet import CHECK, CONFIRMED, read_check
from workbench.analysis.classing import EXAMPLE_LIMITS, Compared, Limits, propose, read_limits
from workbench.analysis.printed import Printed
from workbench.analysis.projects import Claim
from workbench.analysis.truth import AWAITING, CONTRADICTED, judge
from workbench.base.errors import RegisterError, SamplingError
from workbench.base.models import validated
from workbench.base.yamlio import read_yaml
from workbench.evidence.reader import read_evidence
from workbench.evidence.standard import CAP_FACTS, SUBJECTS
from workbench.evidence.tables import SUBJECT
from workbench.reports.sampling import check_sheet, printed_sheets
from workbench.reports.sheets import Column, Sheet, column_of, workbook_bytes
from workbench.reports.truth import cap_lines, state_text, truth_workbook
from workbench.scheme.policy import Policy

POLICIES = Path(workbench.__file__).parent / "builtin" / "policies"


def policy(name):
    document = read_yaml(POLICIES / f"{name}.yaml")
    return validated(Policy, document.data["policy"], document, ValueError, "policy")


def line(**values):
    base = {"project": "P01", "name": "营养改善", "indicator": "受益学生", "direction": "≥", "unit": "人"}
    base |= {"claimed": "1054", "verified": "1054", "proof": "有佐证"}
    return base | values


CONFIRMATION = {"confirmer": "李某", "confirmed_on": "2023-06-20", "decision": "克财绩〔2023〕8号"}
HEARING = {"statement": "对核查值无异议", "heard_on": "2023-06-15"}
UNTRUE = {"verified": "300", "confirmed": "虚报", **HEARING, **CONFIRMATION}


@pytest.fixture
def check(tmp_path):
    def write(*lines):
        file = tmp_path / "核查表.xlsx"
        rows = [[values.get(f.name) for f in CHECK.fields] for values in lines]
        file.write_bytes(workbook_bytes("核查", [check_sheet(rows)]))
        return file

    return write


@pytest.fixture
def proposed(check):
    def run(**values):
        (one,) = judge(read_check(check(line(**values))), EXAMPLE_LIMITS, None).judged
        return one

    return run


CASES = [
    ({}, "一致", "相同"),
    ({"claimed": "98.5", "verified": "98.46", "unit": "%"}, "一致", "四舍五入"),
    ({"claimed": "1,054人"}, "一致", "相同"),
    ({"claimed": "15", "verified": "15万元", "unit": "万元"}, "一致", "相同"),
    # the decimal point
    ({"claimed": "387664.62", "verified": "38.766462", "unit": "万元"}, "笔误", "相差4位(10的4次方),像是元与万元"),
    ({"claimed": "1500万元", "verified": "1500", "unit": "元"}, "笔误", "元与万元"),
    ({"claimed": "0.95", "verified": "95", "unit": "%"}, "笔误", "百分数与小数"),
    ({"claimed": "12000", "verified": "1200"}, "笔误", "相差1位"),
    # digits
    ({"claimed": "1054", "verified": "1045"}, "笔误", "相邻两位数字颠倒(1054与1045)"),
    ({"claimed": "9527", "verified": "2957"}, "笔误", "次序不同"),
    # another way of counting
    ({"claimed": "113", "verified": "100", "unit": "万元"}, "口径差异", "税率13%"),
    ({"claimed": "113", "verified": "100"}, "虚报", "11.5%"),  # persons bear no value-added tax
    ({"claimed": "30", "verified": "2", "unit": "公顷"}, "口径差异", "亩与公顷"),
    ({"claimed": "520", "verified": "300", "other": "520", "basis": "人次"}, "口径差异", "按“人次”计算的520"),
    ({"claimed": "520", "verified": "300", "basis": "人次"}, "口径差异", "核查人注明"),
    ({"claimed": "520", "verified": "300", "other": "500", "basis": "人次"}, "虚报", "42.31%"),
    ({"claimed": "1000", "verified": "991"}, "口径差异", "只差0.9%"),
    # proof
    ({"verified": "300", "proof": "佐证不足"}, "佐证不足", "不足以支持"),
    ({"verified": None, "proof": "未提供"}, "佐证不足", "没有提供"),
    ({"proof": "未提供"}, "佐证不足", "没有提供"),
    ({"proof": None}, "未核查", "佐证情况"),
    ({"verified": None}, "未核查", "核查值"),
    # worse, better, neither
    ({"verified": "300"}, "虚报", "71.54%"),
    ({"verified": "3000"}, "未分类", "不构成虚报"),
    ({"direction": "≤", "verified": "3000"}, "虚报", "差于自评值184.63%"),
    ({"direction": "=", "target": "1000", "verified": "500"}, "虚报", "差于"),
    ({"direction": "=", "verified": "500"}, "未分类", "无法比较"),
    ({"direction": "是否", "claimed": "是", "verified": "否", "unit": None}, "虚报", "差于自评值"),
    ({"direction": "时限", "claimed": "2022-12-01", "verified": "2022-12-31", "unit": None}, "虚报", "差于自评值"),
    (
        {"direction": "时限", "claimed": "2022-12-21", "verified": "2022年12月12日", "unit": None},
        "未分类",
        "不构成",
    ),
    ({"direction": "定性", "claimed": "已建立", "verified": "未建立", "unit": None}, "未分类", "无法比较"),
    ({"direction": "定性", "claimed": "已建立", "verified": "已建立", "unit": None}, "一致", "相同"),
    ({"claimed": "0", "verified": "5", "direction": "≤"}, "虚报", "差于自评值"),
    ({"claimed": "-12", "verified": "12"}, "笔误", "正负号相反"),
    ({"claimed": "-12", "verified": "21"}, "未分类", "不构成"),
]


@pytest.fixture(scope="module")
def classed(tmp_path_factory):
    """All cases as the lines of one sheet."""
    file = tmp_path_factory.mktemp("cases") / "核查表.xlsx"
    lines = [line(**values, indicator=f"{i}") for i, (values, _, _) in enumerate(CASES)]
    rows = [[values.get(f.name) for f in CHECK.fields] for values in lines]
    file.write_bytes(workbook_bytes("核查", [check_sheet(rows)]))
    return [j.proposal for j in judge(read_check(file), EXAMPLE_LIMITS, None).judged]


@pytest.mark.parametrize("i", range(len(CASES)), ids=lambda i: str(CASES[i]))
def test_class_and_ground(classed, i):
    _, kind, ground = CASES[i]
    assert classed[i].kind == kind
    assert ground in classed[i].ground


@pytest.mark.parametrize(
    ("values", "difference"),
    [
        ({"verified": "1000"}, "-54"),
        ({"verified": "1054.5"}, "+0.5"),
        ({}, "0"),
        ({"verified": None}, ""),
        ({"direction": "时限", "claimed": "2022-12-01", "verified": "2022-12-31", "unit": None}, "晚30天"),
        ({"direction": "是否", "claimed": "是", "verified": "否", "unit": None}, ""),
    ],
)
def test_difference(proposed, values, difference):
    assert proposed(**values).difference == difference


NUMBERS = st.decimals(Decimal("0.01"), Decimal(10**6), places=2)


@given(NUMBERS, st.integers(1, 8), st.booleans())
def test_a_moved_decimal_point_is_always_seen(number, shift, up):
    other = number.scaleb(shift if up else -shift)
    # A claim with few decimals may be the rounded verified value: that is no slip.
    found = propose(compared(other, number), EXAMPLE_LIMITS)
    assert found.kind in ("笔误", "一致")


@given(NUMBERS, NUMBERS)
def test_what_is_not_worse_is_never_called_untrue(claimed, verified):
    assert propose(compared(claimed, verified, worse=False), EXAMPLE_LIMITS).kind != "虚报"
    assert propose(compared(claimed, verified, proof="未提供"), EXAMPLE_LIMITS).kind == "佐证不足"


def compared(claimed, verified, proof="有佐证", worse=True):
    return Compared(claimed, verified, str(claimed), str(verified), proof, worse)


def test_limits_are_one_file(tmp_path):
    file = tmp_path / "limits.yaml"
    file.write_text("limits:\n  small_percent: 5\n  ratios: []\n", encoding="utf-8")
    limits = read_limits(file)
    assert (limits.small_percent, limits.ratios, limits.farthest_shift) == (5, [], Limits().farthest_shift)
    assert propose(compared(Decimal(100), Decimal(96)), limits).kind == "口径差异"
    file.write_text("limits:\n  small_percents: 5\n", encoding="utf-8")
    with pytest.raises(SamplingError, match="是否想写“small_percent”"):
        read_limits(file)


# --- reading -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"claimed": "很多"}, "“自评值”:不是可以比较的数"),
        ({"direction": "≤", "claimed": "2022-11-30", "unit": None}, "请把“指标性质”改为“时限”"),
        ({"verified": "5公里"}, "“核查值”:不是可以比较的数"),
        ({"direction": "时限", "claimed": "年底", "verified": None}, "时限指标的值不是日期"),
        ({"direction": "是否", "claimed": "大概", "verified": None}, "应填是或否"),
        ({"claimed": None}, "“自评值”:这一行填了内容,但缺少这一项"),
        ({"direction": None}, "“指标性质”:这一行填了内容"),
        ({"confirmed": "笔误"}, "填了财政确认,缺少这一项"),
        ({"verified": "300", "confirmed": "虚报", **CONFIRMATION}, "未经陈述申辩,不能确认为虚报"),
        ({**UNTRUE, "confirmed_on": "2023-06-14"}, "确认日期早于陈述申辩"),
        ({"confirmed": "编造", **CONFIRMATION}, "不在代码表里"),
    ],
)
def test_bad_lines_are_refused_with_the_place(check, values, said):
    with pytest.raises(RegisterError) as caught:
        read_check(check(line(**values)))
    assert "[真实性核查表] 第2行" in str(caught.value)
    assert said in str(caught.value)


def test_the_same_indicator_twice_is_refused(check):
    with pytest.raises(RegisterError, match="同一记录出现多次"):
        read_check(check(line(), line()))


def test_lines_left_blank_are_passed_over_but_their_project_is_not_forgotten(check):
    checked = read_check(check(line(), {"project": "P01"}, {"project": "P02", "name": "河道整治"}))
    assert len(checked.lines) == 1
    verdict = judge(checked, EXAMPLE_LIMITS, None)
    assert [(p.project, p.state) for p in verdict.projects] == [("P01", "已核查未触发"), ("P02", "未核查")]
    assert state_text(verdict, verdict.projects[1]) == "核查表没有填写这个项目"


@pytest.mark.parametrize("values", [{"project": "P02"}, line(verified=None, proof=None)])
def test_a_sheet_nobody_has_filled_in_gives_no_result(check, values):
    with pytest.raises(RegisterError, match=r"核查表还没有填写.*请到现场核查后"):
        read_check(check(values))


def test_a_line_without_a_verified_value_is_unchecked_and_waits_for_nobody(check):
    printed = line(project="P02", verified=None, proof=None)
    verdict = verdict_of(check, line(), line(indicator="支付率", verified=None), printed)
    assert [j.outcome for j in verdict.judged] == ["一致", "未核查", "未核查"]
    assert [state_text(verdict, p) for p in verdict.projects] == [
        "1项指标未核查(没有填核查值或佐证情况),不触发",
        "核查表没有填写这个项目",
    ]
    assert [row[-1] for row in cap_lines(verdict)] == ["已现场核查,1项指标未核查;此前等级暂定", None]
    # A confirmation of what nobody has checked changes nothing.
    confirmed = line(verified=None, confirmed="无异议", **CONFIRMATION)
    assert verdict_of(check, confirmed).projects[0].state == "未核查"


@pytest.mark.parametrize(
    "values",
    [
        {"verified": "3000"},
        {"verified": "1054"},
        {"verified": None},
        {"verified": None, "proof": "未提供"},
        {"claimed": "98.5", "verified": "98.46", "unit": "%"},
    ],
)
def test_confirmed_untruth_without_a_worse_value_triggers_nothing_and_is_told(check, values):
    verdict = verdict_of(check, line(**UNTRUE | values))
    assert [j.outcome for j in verdict.contradicted] == [CONTRADICTED]
    assert verdict.projects[0].state == "未核查"
    assert CONTRADICTED in state_text(verdict, verdict.projects[0])


def test_words_are_finances_to_judge(check):
    words = {"direction": "定性", "claimed": "已建立", "verified": "未建立", "unit": None}
    assert verdict_of(check, line(**UNTRUE | words)).projects[0].state == "触发"


@pytest.mark.parametrize(
    ("values", "remarks"),
    [
        ({"unit": "%", "verified": "103"}, ["over_hundred"]),
        ({"unit": None, "claimed": "98%", "verified": "103%"}, ["over_hundred"]),
        ({"unit": "%", "verified": "100"}, []),
        ({}, []),
    ],
)
def test_a_percentage_above_100_is_remarked_on(check, values, remarks):
    assert [n.code for n in read_check(check(line(**values))).notes] == remarks


# --- against what was printed ------------------------------------------------------------------------------------------------

CLAIM = {"project": "P01", "indicator": "受益学生", "direction": "≥", "target": None, "unit": "人", "claimed": "1054"}


@pytest.fixture
def drawn(tmp_path):
    """``drawn(lines, projects, claims)``: a check sheet in a workbook with the list and the claims it was printed with."""

    def write(lines, projects=(("P01", "营养改善"),), claims=(CLAIM,)):
        printed = Printed(dict(projects), [Claim(**c) for c in claims])
        sheets = [check_sheet([[v.get(f.name) for f in CHECK.fields] for v in lines]), *printed_sheets(printed)]
        file = tmp_path / "抽样名单.xlsx"
        file.write_bytes(workbook_bytes("抽样", sheets))
        return file

    return write


def test_a_sheet_as_printed_agrees_and_takes_what_was_printed_along(drawn, tmp_path):
    """A number retyped another way is the same number."""
    checked = read_check(drawn([line(claimed="1,054人")]))
    assert (checked.notes, checked.printed) == ([], Printed({"P01": "营养改善"}, [Claim(**CLAIM)]))
    result = tmp_path / "核查结果.xlsx"
    result.write_bytes(truth_workbook(judge(checked, EXAMPLE_LIMITS, None)))
    assert read_check(result).printed == checked.printed


def test_a_sheet_of_ones_own_has_nothing_to_agree_with(check):
    assert read_check(check(line())).printed == Printed(None, [])


OTHER = line(project="P02", name="河道整治", indicator="清淤")


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([OTHER], "[抽样名单] 第2行 “项目编号”:抽中的项目在“真实性核查表”里一行也没有;实际为“P01”"),
        ([OTHER], "[自评指标] 第2行 “三级指标”:印好的指标在“真实性核查表”里没有了;实际为“P01 受益学生”"),
        ([line(), OTHER, line(**UNTRUE | {"project": "P09"})], "第4行 “项目编号”:这个项目不在“抽样名单”里"),
        ([line(), OTHER | {"name": "营养改善"}], "第3行 “项目名称”:项目名称与“抽样名单”不同"),
        ([line(claimed="2000"), OTHER], "第2行 “自评值”:与抽样时印好的自评值不同;实际为“2000”;应为“1054”"),
        ([line(direction="≤"), OTHER], "“指标性质”:与抽样时印好的指标性质不同"),
        ([line(unit="万人"), OTHER], "“计量单位”:与抽样时印好的计量单位不同"),
        ([line(target="900"), OTHER], "“年度指标值”:与抽样时印好的年度指标值不同;实际为“900”;应为“空”"),
        ([line(indicator="受益人"), OTHER], "印好的指标在“真实性核查表”里没有了"),
    ],
)
def test_what_is_not_as_drawn_and_printed_is_refused_with_the_row(drawn, lines, said):
    with pytest.raises(RegisterError) as caught:
        read_check(drawn(lines, [("P01", "营养改善"), ("P02", "河道整治")]))
    assert said in str(caught.value)


def test_a_line_added_by_hand_is_told_where_claims_were_printed(drawn):
    """P02 had no claims in the register: its blank lines are there to be filled in."""
    checked = read_check(drawn([line(), line(indicator="支付率"), OTHER], [("P01", "营养改善"), ("P02", None)]))
    assert [(n.code, n.place.row) for n in checked.notes] == [("line_added", 3)]


# --- the veto ------------------------------------------------------------------------------------------------------------


def verdict_of(check, *lines, name="kizilsu-2023", **more):
    return judge(read_check(check(*lines)), EXAMPLE_LIMITS, policy(name) if name else None, **more)


def test_a_proposal_alone_triggers_nothing(check):
    verdict = verdict_of(check, line(verified="300"))
    assert verdict.judged[0].proposal.kind == "虚报"
    assert verdict.judged[0].outcome == AWAITING
    assert verdict.projects[0].state == "未核查"
    assert state_text(verdict, verdict.projects[0]) == "已核查,1项指标待财政确认,不触发"
    assert cap_lines(verdict)[0][-1] == "已现场核查,1项指标待财政确认;此前等级暂定"


@pytest.mark.parametrize("confirmed", CONFIRMED)
def test_only_confirmed_untruth_triggers(check, confirmed):
    verdict = verdict_of(check, line(**UNTRUE | {"confirmed": confirmed}))
    assert verdict.projects[0].state == ("触发" if confirmed == "虚报" else "已核查未触发")


@pytest.mark.parametrize(
    ("values", "lacking"),
    [
        ({"proof": None}, ["佐证(佐证情况现为“空白”,须为“有佐证”)"]),
        ({"proof": "佐证不足"}, ["佐证(佐证情况现为“佐证不足”,须为“有佐证”)"]),
        ({"proof": "未提供"}, ["佐证(佐证情况现为“未提供”,须为“有佐证”)"]),
        ({"decision": None}, ["确认文件"]),
        ({"proof": None, "decision": None}, ["佐证(佐证情况现为“空白”,须为“有佐证”)", "确认文件"]),
    ],
)
def test_untruth_on_incomplete_grounds_triggers_nothing_and_says_what_is_lacking(check, values, lacking):
    verdict = verdict_of(check, line(**UNTRUE | values), line(project="P02"))
    (one,) = verdict.incomplete
    assert one.lacking == lacking
    assert one.outcome == f"须补{'、'.join(lacking)},不触发"
    assert [p.state for p in verdict.projects] == ["未核查", "已核查未触发"]
    text = state_text(verdict, verdict.projects[0])
    assert text == f"“受益学生”确认为虚报,须补{'、'.join(lacking)},不触发"
    state, document, day, note = cap_lines(verdict)[0][-4:]
    assert (state, document, day) == ("未核查", None, None)
    assert note == f"已现场核查,“受益学生”确认为虚报,须补{'、'.join(lacking)};此前等级暂定"


def test_the_clause_and_the_consequence_are_those_of_the_notice(check):
    """克州 2023 三(五)二是."""
    verdict = verdict_of(check, line(**UNTRUE))
    text = state_text(verdict, verdict.projects[0])
    assert "自评结果真实性存在问题" in text
    assert "一票否决" in text
    assert "三(五)二是" in text
    assert [c.code for c in verdict.consequences] == ["RECOVER_FUNDS"]


def test_a_policy_without_a_veto_triggers_nothing(check):
    verdict = verdict_of(check, line(**UNTRUE), name="chiping-2020")
    assert verdict.cap is None
    assert "没有规定一票否决,不触发" in state_text(verdict, verdict.projects[0])
    assert cap_lines(verdict) == []
    without = verdict_of(check, line(**UNTRUE), name=None)
    assert "没有指定办法,不触发" in state_text(without, without.projects[0])


def test_several_vetoes_have_to_be_told_apart(check):
    kizilsu = policy("kizilsu-2023")
    (veto,) = (c for c in kizilsu.caps if c.effect.kind == "veto")
    caps = [veto.model_copy(update={"code": code}) for code in ("VETO_A", "VETO_B")]
    checked = read_check(check(line(**UNTRUE)))
    two = kizilsu.model_copy(update={"caps": caps})
    with pytest.raises(SamplingError, match="请用 --cap"):
        judge(checked, EXAMPLE_LIMITS, two)
    assert judge(checked, EXAMPLE_LIMITS, two, "VETO_B").cap == caps[1]
    with pytest.raises(SamplingError, match="没有这个情形"):
        judge(checked, EXAMPLE_LIMITS, two, "VETO_C")


# --- the workbook of results ---------------------------------------------------------------------------------------------


def test_the_results_are_filled_in_further_and_read_again(check, tmp_path):
    lines = [
        line(verified="300"),
        line(indicator="支付率", direction="≤", unit=None, document="=1+1"),
        {"project": "P02"},
    ]
    verdict = verdict_of(check, *lines)
    file = tmp_path / "核查结果.xlsx"
    file.write_bytes(truth_workbook(verdict))
    again = judge(read_check(file), EXAMPLE_LIMITS, verdict.policy)
    assert [(j.line.indicator, j.proposal, j.line.document) for j in again.judged] == [
        (j.line.indicator, j.proposal, j.line.document) for j in verdict.judged
    ]
    assert again.judged[1].line.document == "=1+1"
    assert [(p.project, p.state) for p in again.projects] == [(p.project, p.state) for p in verdict.projects]
    assert truth_workbook(again) == truth_workbook(verdict)


def test_an_evaluation_takes_the_lines_of_the_result_up(check, tmp_path):
    others = [line(project="P02", name=None), line(project="P03", name=None, verified="300")]
    verdict = verdict_of(check, line(**UNTRUE), *others)
    heads = [column_of(f, 12) for f in (SUBJECT, *CAP_FACTS.fields)]
    people = [["P01", "营养改善"], ["P02", "乙"], ["P03", "丙"]]
    sheets = [
        Sheet(SUBJECTS.title, [Column("对象编号*"), Column("对象名称*")], people),
        Sheet(CAP_FACTS.title, heads, cap_lines(verdict)),
    ]
    file = tmp_path / "评价.xlsx"
    file.write_bytes(workbook_bytes("评价", sheets))
    facts = {f.subject: f for f in read_evidence(file, []).cap_facts}
    assert {s: f.state for s, f in facts.items()} == {"P01": "触发", "P02": "已核查未触发", "P03": "未核查"}
    told = facts["P01"]
    assert (told.cap, told.document, told.date) == ("FALSE_SELF_EVALUATION", "克财绩〔2023〕8号", date(2023, 6, 20))
    assert told.note == "“受益学生”自评值1054人,核查值300人,李某2023-06-20确认为虚报"
