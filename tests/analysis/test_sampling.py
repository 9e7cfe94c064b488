"""Draws worked out by hand, and what holds for every draw."""

from __future__ import annotations

import io
from collections import Counter
from decimal import Decimal
from fractions import Fraction
from hashlib import sha256
from math import ceil
from pathlib import Path

import openpyxl
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pydantic import ValidationError

import workbench
from workbench.analysis.certificate import certify, differences, policy_ref, read_certificate
from workbench.analysis.projects import CLAIMS, PROJECTS, Project, Register, read_register
from workbench.analysis.quotas import against_policy, asked, misnamed, standing, unfounded
from workbench.analysis.sampling import Ask, Rules, draw
from workbench.analysis.strata import band_of, stratum_of
from workbench.base.errors import FileError, RegisterError, SamplingError
from workbench.base.models import validated
from workbench.base.yamlio import read_yaml
from workbench.reports.charts.coverage import coverage, coverage_alt, rows_of
from workbench.reports.sampling import one_each_text, sample_workbook
from workbench.reports.sheets import Column, Sheet, workbook_bytes
from workbench.scheme.policy import Policy

POLICIES = Path(workbench.__file__).parent / "builtin" / "policies"
HEADS = ["项目编号", "项目名称", "主管部门", "预算数(万元)", "自评等级", "自评得分", "必查", "必查原因"]


def project(name, department="教育局", money=10, grade=None, must=False):
    return Project(name, f"{name}项目", department, Decimal(str(money)), grade, None, must, None)


def many(**sizes):
    """So many projects of each department, 10 万元 each."""
    return [project(f"{d}{i:02}", d) for d, n in sizes.items() for i in range(n)]


def rules(*asks, seed="s", **more):
    return Rules(asks=list(asks), seed=seed, **more)


def size(n, **more):
    return Ask(counts="个数", minimum=Decimal(n), **more)


def money(n, **more):
    return Ask(counts="资金比例", minimum=Decimal(str(n)), **more)


def rate(n, **more):
    return Ask(counts="项目比例", minimum=Decimal(str(n)), **more)


def ids(drawing):
    return [d.project.id for d in drawing.drawn]


def policy(name):
    document = read_yaml(POLICIES / f"{name}.yaml")
    return validated(Policy, document.data["policy"], document, ValueError, "policy")


def write_register(folder, rows, heads=HEADS, claims=None):
    sheets = [Sheet(PROJECTS.title, [Column(h) for h in heads], rows)]
    if claims is not None:
        sheets.append(Sheet(CLAIMS.title, [Column(h) for h in ("项目编号", "三级指标", "指标性质", "自评值")], claims))
    file = folder / "项目清单.xlsx"
    file.write_bytes(workbook_bytes("清单", sheets))
    return file


def test_without_strata_the_order_is_that_of_the_digests():
    """The same as: printf '%s' '2023|全部项目|A' | sha256sum, for each project, sorted."""
    names = ["A", "B", "C", "D", "E"]
    by_hand = sorted(names, key=lambda n: sha256(f"2023|全部项目|{n}".encode()).hexdigest())
    assert ids(draw([project(n) for n in names], rules(size(3), seed="2023"))) == by_hand[:3]


def test_order_of_one_draw_is_fixed_for_all_time():
    drawing = draw([project(n) for n in "ABCDE"], rules(size(5), seed="2023"))
    assert "".join(ids(drawing)) == "BCEAD"  # printf '%s' '2023|全部项目|A' | sha256sum …


@pytest.mark.parametrize(
    ("sizes", "n", "expected"),
    [
        ({"甲": 5, "乙": 3, "丙": 2}, 4, {"甲": 2, "乙": 1, "丙": 1}),  # 2, 1.2, 0.8
        ({"甲": 60, "乙": 30, "丙": 10}, 7, {"甲": 4, "乙": 2, "丙": 1}),  # 4.2, 2.1, 0.7
        ({"甲": 47, "乙": 16, "丙": 158, "丁": 12}, 10, {"甲": 2, "乙": 1, "丙": 7}),  # 2.02, 0.69, 6.78, 0.52
    ],
)
def test_places_go_by_largest_remainder(sizes, n, expected):
    drawing = draw(many(**sizes), rules(size(n), by=["主管部门"]))
    assert Counter(d.stratum for d in drawing.drawn) == expected


def test_projects_that_must_be_in_count_first():
    projects = [*many(甲=6, 乙=6)]
    projects[:3] = [project(f"甲{i:02}", "甲", must=True) for i in range(3)]
    drawing = draw(projects, rules(size(4), by=["主管部门"], must=["乙05"]))
    # The four that must be in are all there is room for: 甲 has three although it is due two.
    assert sorted(ids(drawing)) == ["乙05", "甲00", "甲01", "甲02"]
    more = draw(projects, rules(size(6), by=["主管部门"], must=["乙05"]))
    assert Counter(d.stratum for d in more.drawn) == {"甲": 3, "乙": 3}
    assert {d.reason for d in more.drawn} == {"清单列为必查", "命令指定必查", "按名额抽取:不少于6个项目"}


def test_more_that_must_be_in_than_asked_for_are_all_drawn():
    drawing = draw([project(n, must=True) for n in "ABC"], rules(size(1)))
    assert len(drawing.drawn) == 3


def test_one_of_every_stratum():
    drawing = draw(many(甲=50, 乙=1, 丙=1), rules(size(3), by=["主管部门"], one_each=True))
    assert Counter(d.stratum for d in drawing.drawn) == {"甲": 1, "乙": 1, "丙": 1}
    without = draw(many(甲=50, 乙=1, 丙=1), rules(size(3), by=["主管部门"]))
    assert Counter(d.stratum for d in without.drawn) == {"甲": 3}  # 2.88, 0.06, 0.06


def test_money_is_drawn_until_the_share_is_reached_and_no_further():
    projects = [project(f"P{i}", money=10) for i in range(10)]
    assert len(draw(projects, rules(money(20))).drawn) == 2
    assert len(draw(projects, rules(money("20.000001"))).drawn) == 3  # one fen more takes one more project


def test_money_is_reached_in_each_department():
    """克州 三(四): 20 % of each department's own project money, not of all together."""
    projects = [project("大", "甲", 1000), *(project(f"小{i}", "乙", 10) for i in range(10))]
    drawing = draw(projects, rules(money(20, per_department=True), by=["主管部门"]))
    assert Counter(d.project.department for d in drawing.drawn) == {"甲": 1, "乙": 2}
    assert [(r.scope, r.needed, r.reached) for r in drawing.reached] == [("乙", 20, 20), ("甲", 200, 1000)]


def test_a_rate_is_rounded_up_to_whole_projects():
    assert len(draw(many(甲=21), rules(rate(10))).drawn) == 3


def test_quotas_hold_together():
    drawing = draw(many(甲=20), rules(size(3), money(50)))
    assert len(drawing.drawn) == 10


def test_more_asked_than_there_are_draws_all_and_says_what_is_short():
    found = Register(many(甲=3), [], "清单.xlsx", [])
    certificate = certify(found, rules(size(10)), None, seed_given=True)
    assert len(certificate.drawn) == 3
    assert certificate.short == ["全部:不少于10个项目,需10个,清单内项目已全部抽取,仍差7个"]


def test_a_department_without_money_needs_none():
    projects = [project("A", "甲", 0), project("B", "乙", 5)]
    drawing = draw(projects, rules(money(20, per_department=True), by=["主管部门"]))
    assert ids(drawing) == ["B"]
    assert all(r.met for r in drawing.reached)


def test_a_share_of_no_money_at_all_is_refused():
    """Drawing nobody would reach it; a replay of such a certificate is refused alike."""
    projects = [project("a", money=0), project("b", "水利局", money=0)]
    for asks in ([money(50)], [size(1), money(20, per_department=True)]):
        with pytest.raises(SamplingError, match=r"预算数全部为0.*--size 或 --rate"):
            draw(projects, rules(*asks, by=["主管部门"]))
    assert len(ids(draw(projects, rules(size(1))))) == 1
    assert ids(draw([*projects, project("c")], rules(money(50)))).count("c") == 1


def test_unknown_must_is_refused_with_the_nearest():
    with pytest.raises(SamplingError, match="是否想写“P01”"):
        draw([project("P01"), project("P02")], rules(size(1), must=["P001"]))


@pytest.mark.parametrize(
    ("amount", "band"),
    [("99.999999", "不足100万元"), ("100", "100至不足500万元"), ("500", "500万元及以上")],
)
def test_bands_of_money(amount, band):
    assert band_of(Decimal(amount), [Decimal(100), Decimal(500)]) == band


def test_a_slash_in_a_name_joins_no_strata():
    one, two = project("1", "甲/乙", grade="丙"), project("2", "甲", grade="乙/丙")
    assert stratum_of(one, ["主管部门", "等级"], []) != stratum_of(two, ["主管部门", "等级"], [])


@pytest.mark.parametrize(
    "bad",
    [
        {"asks": []},
        {"asks": [size(1)], "seed": ""},
        {"asks": [size(1)], "by": ["金额"]},
        {"asks": [size(1)], "bounds": [Decimal(5)]},
        {"asks": [size(1)], "by": ["金额"], "bounds": [Decimal(5), Decimal(5)]},
        {"asks": [size(1)], "by": ["等级", "等级"]},
        {"asks": [size(1, per_department=True)]},
    ],
)
def test_rules_that_contradict_themselves(bad):
    with pytest.raises(ValidationError):
        Rules(**{"seed": "s"} | bad)


@pytest.mark.parametrize(("counts", "number"), [("个数", "1.5"), ("项目比例", "101"), ("资金比例", "0")])
def test_quotas_that_cannot_be(counts, number):
    with pytest.raises(ValidationError):
        Ask(counts=counts, minimum=Decimal(number))


# --- what holds for every draw ---------------------------------------------------------------------------------------

AMOUNTS = st.integers(0, 10**9).map(lambda units: Decimal(units).scaleb(-6))
PROJECT_LISTS = st.lists(
    st.builds(
        lambda d, m, g, must: (d, m, g, must),
        st.sampled_from("甲乙丙丁"),
        AMOUNTS,
        st.sampled_from([None, "优", "良"]),
        st.integers(0, 9).map(lambda n: n == 0),
    ),
    min_size=1,
    max_size=30,
).map(lambda rows: [project(f"P{i:02}", d, m, g, must) for i, (d, m, g, must) in enumerate(rows)])
ASKS = st.lists(
    st.one_of(
        st.integers(1, 40).map(size),
        st.integers(1, 100).map(rate),
        st.builds(lambda n, each: money(n, per_department=each), st.integers(1, 100), st.booleans()),
    ),
    min_size=1,
    max_size=3,
)
RULES = st.builds(
    lambda asks, grades, each, seed: rules(
        *asks, by=["主管部门", *(["等级"] if grades else [])], one_each=each, seed=seed
    ),
    ASKS,
    st.booleans(),
    st.booleans(),
    st.text("abc123", min_size=1, max_size=5),
)


@given(PROJECT_LISTS, RULES)
def test_quotas_never_fall_short_while_projects_remain(projects, rules):
    assume(has_money(projects, rules))
    drawn = {d.project for d in draw(projects, rules).drawn}
    assert {p for p in projects if p.must} <= drawn
    if rules.one_each:
        assert {(p.department) for p in drawn} == {p.department for p in projects}
    for ask in rules.asks:
        groups = [[p for p in projects if p.department == d] for d in "甲乙丙丁"] if ask.per_department else [projects]
        for group in groups:
            got = [p for p in group if p in drawn]
            assert got == group or holds(ask, got, group)


def has_money(projects, rules):
    """A share of the money is refused where there is none."""
    return any(p.money for p in projects) or all(a.counts != "资金比例" for a in rules.asks)


def holds(ask, got, group):
    if ask.counts == "个数":
        return len(got) >= ask.minimum
    if ask.counts == "项目比例":
        return len(got) >= ceil(Fraction(ask.minimum) * len(group) / 100)
    return sum(Fraction(p.money) for p in got) * 100 >= Fraction(ask.minimum) * sum(Fraction(p.money) for p in group)


@given(PROJECT_LISTS, RULES, st.randoms())
def test_every_draw_replays_whatever_the_order_of_rows(projects, rules, random):
    assume(has_money(projects, rules))
    certificate = certify(Register(projects, [], "清单.xlsx", []), rules, None, seed_given=True)
    shuffled = list(projects)
    random.shuffle(shuffled)
    assert differences(certificate, Register(shuffled, [], "另存.xlsx", [])) == []
    assert len({d.project for d in certificate.drawn}) == len(certificate.drawn)


@given(st.integers(1, 20), st.lists(st.integers(1, 15), min_size=1, max_size=5))
def test_no_stratum_is_a_whole_place_off_its_share(n, sizes):
    projects = many(**{f"部门{i}": count for i, count in enumerate(sizes)})
    n = min(n, len(projects))
    got = Counter(d.stratum for d in draw(projects, rules(size(n), by=["主管部门"])).drawn)
    assert sum(got.values()) == n
    for i, count in enumerate(sizes):
        assert abs(got[f"部门{i}"] - Fraction(n * count, len(projects))) < 1


def test_another_seed_gives_another_list_and_no_project_is_preferred():
    projects = many(甲=10, 乙=10)
    lists = [tuple(ids(draw(projects, rules(size(5), by=["主管部门"], seed=str(s))))) for s in range(400)]
    assert len(set(lists)) > 390
    often = Counter(name for drawn in lists for name in drawn)
    # 400 draws of 5 out of 20: 100 each; 5 standard deviations (√(400·¼·¾) = 8.7) either way.
    assert all(57 <= often[p.id] <= 143 for p in projects)


# --- certificates ------------------------------------------------------------------------------------------------------


@pytest.fixture
def kept(tmp_path):
    found = Register([*many(甲=6, 乙=4), project("必", "丙", must=True)], [], "清单.xlsx", [])
    certificate = certify(found, rules(size(4), by=["主管部门"]), None, seed_given=False)
    file = tmp_path / "抽样证书.json"
    file.write_bytes(certificate.content())
    return file, found


def test_a_certificate_reads_back(kept):
    file, found = kept
    assert differences(read_certificate(file), found) == []
    assert read_certificate(file).content() == file.read_bytes()


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('"seed": "s"', '"seed": "t"', "抽中名单第"),
        ('"project": "必"', '"project": "甲00"', "抽中名单第1项项目编号与证书不一致;实际为“必”;应为“甲00”"),
        ('"projects": 11', '"projects": 12', "项目清单项目个数"),
    ],
)
def test_a_changed_certificate_is_found_out(kept, before, after, said):
    file, found = kept
    text = file.read_text(encoding="utf-8")
    assert before in text
    file.write_text(text.replace(before, after), encoding="utf-8")
    assert said in "".join(map(str, differences(read_certificate(file), found)))


def test_another_register_is_found_out(kept):
    file, found = kept
    changed = Register([*found.projects[1:], project("甲00", "甲", 11)], [], "清单.xlsx", [])
    assert "项目清单内容摘要" in str(differences(read_certificate(file), changed)[0])


@pytest.mark.parametrize("content", [b"", b"{}", b"not json", b'{"format": "workbench-sample", "version": 2}'])
def test_what_is_no_certificate(tmp_path, content):
    file = tmp_path / "x.json"
    file.write_bytes(content)
    with pytest.raises(FileError, match="不是抽样证书"):
        read_certificate(file)


# --- quotas of the policies ----------------------------------------------------------------------------------------------


def test_kizilsu_department_evaluation_is_20_percent_of_each_departments_money():
    (ask,) = asked(policy("kizilsu-2023"), "DEPARTMENT_EVALUATION", [])
    assert (ask.counts, ask.minimum, ask.per_department, ask.origin) == ("资金比例", 20, True, "办法")
    assert ask.clause.clause == "三(四)"


def test_kizilsu_key_evaluation_is_ten_projects():
    (ask,) = asked(policy("kizilsu-2023"), "KEY_EVALUATION", [])
    assert (ask.counts, ask.minimum, ask.per_department) == ("个数", 10, False)


def test_kizilsu_gives_no_rate_for_the_truth_check_so_the_user_must():
    with pytest.raises(SamplingError, match=r"办法没有写数字.*三\(五\)二是"):
        asked(policy("kizilsu-2023"), "TRUTH_CHECK", [])
    (ask,) = asked(policy("kizilsu-2023"), "TRUTH_CHECK", [rate(15)])
    assert (ask.origin, ask.minimum, ask.clause.clause) == ("用户设定", 15, "三(五)二是")


def test_the_user_may_ask_for_more_than_the_policy_but_not_for_less():
    (ask,) = asked(policy("kizilsu-2023"), "KEY_EVALUATION", [size(12)])
    assert (ask.origin, ask.minimum) == ("用户设定", 12)
    with pytest.raises(SamplingError, match="低于办法规定"):
        asked(policy("kizilsu-2023"), "KEY_EVALUATION", [size(9)])
    assert len(asked(policy("kizilsu-2023"), "KEY_EVALUATION", [rate(5)])) == 2


def test_which_quota_has_to_be_said():
    with pytest.raises(SamplingError, match="请用 --quota"):
        asked(policy("kizilsu-2023"), None, [])
    with pytest.raises(SamplingError, match="没有可用于抽取项目的规定"):
        asked(policy("jilin-2011"), None, [size(1)])
    with pytest.raises(SamplingError, match="没有写明抽取多少"):
        asked(None, None, [])
    assert asked(policy("chiping-2020"), None, [size(1)])[0].code == "SPOT_CHECK"


def test_a_quota_that_is_not_the_policys_is_found_out():
    kizilsu = policy("kizilsu-2023")
    (ask,) = asked(kizilsu, "DEPARTMENT_EVALUATION", [])
    assert against_policy([ask], kizilsu) == []
    for change in ({"minimum": Decimal(10)}, {"per_department": False}, {"clause": None}, {"what": "另一项"}):
        assert [p.code for p in against_policy([ask.model_copy(update=change)], kizilsu)] == ["quota_differs"]
    assert [p.code for p in against_policy([ask], policy("jilin-2025"))] == ["quota_not_in_policy"]
    (ten,) = asked(kizilsu, "KEY_EVALUATION", [])
    for change in ({"counts": "项目比例"}, {"minimum": Decimal(3)}):  # 10 projects, or more of them
        own = ten.model_copy(update={"origin": "用户设定", **change})
        assert [p.code for p in against_policy([own], kizilsu)] == ["quota_differs"]


def test_a_certificate_that_names_a_policy_draws_by_it():
    """Three projects that the user wanted are not the ten of 克州 2023 三(四)."""
    (problem,) = against_policy([size(3)], policy("kizilsu-2023"))
    assert problem.code == "no_quota_of_policy"
    assert "KEY_EVALUATION(财政重点绩效评价项目数,不少于10个项目)" in str(problem)


def test_a_quota_of_a_notice_names_the_notice_and_its_quota():
    kizilsu = policy("kizilsu-2023")
    (ask,) = asked(kizilsu, "KEY_EVALUATION", [])
    ref = policy_ref(kizilsu)
    assert unfounded([ask], ref) == [] == unfounded([size(3)], None)
    assert unfounded([size(3), ask], ref) == []
    assert [p.code for p in unfounded([ask], None)] == ["quota_without_policy"]
    for claim in ({"origin": "办法"}, {"what": ask.what}, {"clause": ask.clause}):
        own = size(3).model_copy(update=claim)
        assert [p.code for p in unfounded([own], None)] == ["quota_without_policy"]
        assert [p.code for p in unfounded([own], ref)] == ["quota_without_code"]


def test_what_each_quota_has_to_do_with_the_policy_is_said_and_what_is_left_out():
    kizilsu = policy("kizilsu-2023")
    (ten,) = asked(kizilsu, "KEY_EVALUATION", [])
    (check,) = asked(kizilsu, "TRUTH_CHECK", [rate(15)])
    lines = standing([ten, check, money(5)], kizilsu)
    assert [text.split("(")[0] for text in lines] == [
        "不少于10个项目:KEY_EVALUATION,名额与该办法的规定相符",
        "不低于项目个数的15%:TRUTH_CHECK,办法没有写数字,数字是用户设定的",
        "不低于项目预算总额的5%:用户设定,不是该办法的名额",
        "本次没有对应的名额:DEPARTMENT_EVALUATION",
    ]
    assert "不低于各主管部门项目预算总额的20%" in lines[-1]


def test_a_policy_is_called_by_its_own_title():
    kizilsu = policy("kizilsu-2023")
    ref = policy_ref(kizilsu)
    assert misnamed(ref, kizilsu) == []
    assert [p.code for p in misnamed(ref.model_copy(update={"title": "x"}), kizilsu)] == ["policy_misnamed"]
    assert misnamed(ref.model_copy(update={"title": "x", "version": "0.9.0"}), kizilsu) == []


# --- registers -------------------------------------------------------------------------------------------------------------


def test_a_register_is_read_with_its_units_and_remarks(tmp_path):
    heads = [h.replace("万元", "元") for h in HEADS]
    rows = [["P1", "甲", "教育局", "387664.62", "优", "96", "是", "审计"], ["P2", "乙", "水利局", "0.01", None, None]]
    rows[1] += [None, None]
    found = read_register(write_register(tmp_path, rows, heads, [["P1", "受益学生", "≥", "1054"]]))
    # 永德县明朗中学 2022: 387,664.62 元 as published, to the fen.
    assert [p.money for p in found.projects] == [Decimal("38.766462"), Decimal("0.000001")]
    assert [(p.must, p.reason) for p in found.projects] == [(True, "审计"), (False, None)]
    assert found.claims[0].claimed == "1054"


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([["P1", "甲", "教育局", "10"], ["P1", "乙", "教育局", "5"]], "同一记录出现多次"),
        ([["P1", "甲", "教育局", None]], "第2行 “预算数”:必填项为空"),
        ([["P1", "甲", "教育局", "约十万"]], "第2行 “预算数”"),
        ([["P1", "甲", "教育局", "-5"]], "第2行 “预算数”"),
        ([["P1", "甲", None, "5"]], "第2行 “主管部门”:必填项为空"),
        ([["合计", "甲", "教育局", "5"]], "合计行"),
        ([], "清单里没有项目"),
    ],
)
def test_bad_registers_are_refused_with_the_place(tmp_path, rows, said):
    with pytest.raises(RegisterError, match="项目清单") as caught:
        read_register(write_register(tmp_path, [[*r, None, None, None, None] for r in rows]))
    assert said in str(caught.value)


def test_a_workbook_without_the_sheet_is_told_what_to_use(tmp_path):
    file = tmp_path / "x.xlsx"
    file.write_bytes(workbook_bytes("x", [Sheet("别的", [Column("甲")], [["1"]])]))
    with pytest.raises(RegisterError, match=r"缺少工作表“项目清单”.*--new"):
        read_register(file)


def test_a_claim_about_an_unknown_project_and_a_must_without_reason(tmp_path):
    row = ["P1", "甲", "教育局", "5", None, None, "是", None]
    with pytest.raises(RegisterError, match="没有这个项目"):
        read_register(write_register(tmp_path, [row], claims=[["P9", "人数", "≥", "5"]]))
    assert [n.code for n in read_register(write_register(tmp_path, [row])).notes] == ["must_without_reason"]


@pytest.mark.parametrize(
    ("nature", "claimed", "said"),
    [
        ("≤", "2022-11-30", "请把“指标性质”改为“时限”"),
        ("≤", "2022年11月底前", "请把“指标性质”改为“时限”"),
        ("≥", "约一千", "不是可以比较的数"),
        ("时限", "年底", "时限指标的值不是日期"),
        ("是否", "大概", "应填是或否"),
    ],
)
def test_a_claim_that_truth_could_not_compare_is_refused_before_the_draw(tmp_path, nature, claimed, said):
    row = ["P1", "甲", "教育局", "5", None, None, None, None]
    with pytest.raises(RegisterError, match="第2行 “自评值”") as caught:
        read_register(write_register(tmp_path, [row], claims=[["P1", "完成时间", nature, claimed]]))
    assert said in str(caught.value)


# --- the workbook ----------------------------------------------------------------------------------------------------------


def test_strata_have_one_order_and_amounts_two_decimals():
    projects = [
        Project(f"P{i}", f"项目{i}", d, Decimal(m)) for i, (d, m) in enumerate([("甲", "5.5"), ("乙", "291.4")])
    ]
    certificate = certify(
        Register(projects, [], "清单.xlsx", []), rules(size(2), by=["主管部门"]), None, seed_given=True
    )
    book = openpyxl.load_workbook(io.BytesIO(sample_workbook(certificate, [])))
    strata = book["分层表"]
    assert [row[0].value for row in strata.iter_rows(min_row=2)] == ["乙", "甲", "合计"]
    assert [r.name for r in rows_of(certificate)[1:]] == ["乙", "甲"]
    assert {row[2].number_format for row in strata.iter_rows(min_row=2)} == {"#,##0.00"}
    # A picture under a table is cut by the page break; on its own sheet it fills one page.
    page = book["各层覆盖"]
    assert (page.sheet_properties.pageSetUpPr.fitToPage, page.page_setup.fitToHeight or 1) == (True, 1)
    assert page.print_title_rows is None


def test_more_than_the_quota_is_explained_by_one_of_every_stratum():
    found = Register(many(甲=2, 乙=2, 丙=2), [], "清单.xlsx", [])
    more, within, without = (
        one_each_text(certify(found, rules(size(n), by=["主管部门"], one_each=each), None, seed_given=True))
        for n, each in ((1, True), (4, True), (1, False))
    )
    assert more == "按“每层至少一个”抽取3个(共3层),所以实抽3个,多于名额需要的1个"
    assert within == "按“每层至少一个”抽取3个(共3层)"
    assert without is None


# --- the picture -----------------------------------------------------------------------------------------------------------


def test_the_picture_shows_the_whole_and_every_stratum_in_words():
    found = Register(many(甲=6, 乙=4), [], "清单.xlsx", [])
    certificate = certify(found, rules(money(20), by=["主管部门"]), None, seed_given=True)
    alt = coverage_alt(certificate)
    assert "合计:抽中2个(共10个,占20%),资金占20%" in alt
    assert "甲:抽中1个(共6个,占16.67%)" in alt
    assert coverage(certificate).get_figheight() > 2


def test_many_strata_are_joined_in_the_picture():
    found = Register([project(f"P{i}", f"部门{i:02}") for i in range(60)], [], "清单.xlsx", [])
    certificate = certify(found, rules(size(6), by=["主管部门"]), None, seed_given=True)
    rows = rows_of(certificate)
    assert rows[-1].name == "其余36层"
    assert sum(r.drawn for r in rows[1:]) == rows[0].drawn == 6
