"""The built-in policies say what their notices say, each value with its clause, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from pydantic import BaseModel, ValidationError

import workbench
from workbench.base.errors import PolicyError
from workbench.base.models import validated
from workbench.base.yamlio import read_yaml
from workbench.reports.overview import requirements_table
from workbench.scheme.basis import Source
from workbench.scheme.policy import NOT_STATED, Cap, Consequence, Deadline, Policy, Quota, Requirement, ReviewLimits

FOLDER = Path(workbench.__file__).parent / "builtin" / "policies"
NATIONAL = "national-default"
NOTICES = ["yibin-2018", "kizilsu-2023", "chiping-2020", "jilin-2011", "jilin-2025"]
ALL = [NATIONAL, *NOTICES]

Item = Cap | Consequence | Deadline | Quota | Requirement


def load(name: str) -> Policy:
    doc = read_yaml(FOLDER / f"{name}.yaml")
    assert list(doc.data) == ["policy"]
    return validated(Policy, doc.data["policy"], doc, PolicyError, "policy")


def lists(policy: Policy) -> dict[str, list[Item]]:
    return {
        "caps": list(policy.caps),
        "consequences": list(policy.consequences or []),
        "deadlines": list(policy.deadlines),
        "coverage": list(policy.coverage),
        "requirements": list(policy.requirements),
    }


def item(policy: Policy, where: str, code: str) -> Item:
    [found] = [i for i in lists(policy)[where] if i.code == code]
    return found


def cap(policy: Policy, code: str) -> tuple[str, str | None, str | None]:
    """Kind of effect, grade and clause."""
    found = item(policy, "caps", code)
    assert isinstance(found, Cap)
    return found.effect.kind, found.effect.grade, found.clause.clause


def consequence(policy: Policy, code: str) -> tuple[object, str, str | None]:
    """What it reads (grades, line or cap), the text and the clause."""
    found = item(policy, "consequences", code)
    assert isinstance(found, Consequence)
    condition = {"grade": found.when.grades, "score": found.when.below, "cap": found.when.cap}[found.when.reads]
    return condition, found.text, found.clause.clause


def deadline(policy: Policy, code: str) -> tuple[str | None, str | None]:
    found = item(policy, "deadlines", code)
    assert isinstance(found, Deadline)
    return found.date, found.clause.clause


def quota(policy: Policy, code: str) -> tuple[Decimal | None, str | None, str | None]:
    found = item(policy, "coverage", code)
    assert isinstance(found, Quota)
    return found.minimum, found.unit, found.clause.clause


def requirement(policy: Policy, code: str) -> tuple[str, str | None]:
    found = item(policy, "requirements", code)
    assert isinstance(found, Requirement)
    return found.what, found.clause.clause


def clauses(value: object) -> Iterator[Source]:
    """Every ``clause`` anywhere inside a policy."""
    if isinstance(value, BaseModel):
        for name in type(value).model_fields:
            inner = getattr(value, name)
            if name == "clause" and isinstance(inner, Source):
                yield inner
            else:
                yield from clauses(inner)
    elif isinstance(value, list):
        for part in value:
            yield from clauses(part)


def test_the_folder_holds_exactly_these_policies() -> None:
    assert sorted(p.stem for p in FOLDER.glob("*.yaml")) == sorted(ALL)


@pytest.mark.parametrize("name", ALL)
def test_a_policy_is_named_like_its_file_and_says_what_it_leaves_open(name: str) -> None:
    policy = load(name)
    assert policy.id == name
    assert policy.silent
    assert len(set(policy.silent)) == len(policy.silent)


@pytest.mark.parametrize("name", ALL)
def test_every_clause_is_written_and_belongs_to_the_policys_document(name: str) -> None:
    policy = load(name)
    found = list(clauses(policy))
    examples = [q.clause for q in policy.review.quorum if q.example] if policy.review else []
    counted = [i for items in lists(policy).values() for i in items]
    assert len(found) >= len(counted) > 0
    for source in found:
        assert source.clause and source.clause.strip()
        own = (source.document, source.number) == (policy.document.document, policy.document.number)
        assert own or source in examples


@pytest.mark.parametrize("name", ALL)
def test_codes_are_unique_in_their_list(name: str) -> None:
    for items in lists(load(name)).values():
        codes = [i.code for i in items]
        assert len(set(codes)) == len(codes)


@pytest.mark.parametrize("name", ALL)
def test_caps_and_consequences_refer_to_labels_and_caps_that_exist(name: str) -> None:
    policy, national = load(name), load(NATIONAL)
    assert national.bands is not None
    national_labels = [b.label for b in national.bands.items]
    labels = {*national_labels, *(g.label for g in policy.grades_without_line)}
    for c in policy.caps:
        assert c.effect.grade is None or c.effect.grade in labels
    for c in policy.consequences or []:
        assert set(c.when.grades or []) <= labels
        assert c.when.cap is None or c.when.cap in {c.code for c in policy.caps}
    assert set(policy.grade_names or {}) <= labels
    assert {g.after for g in policy.grades_without_line} <= set(national_labels)


@pytest.mark.parametrize("name", NOTICES)
def test_no_notice_draws_grade_lines(name: str) -> None:
    assert load(name).bands is None


@pytest.mark.parametrize("name", ALL)
def test_nobody_fixes_a_panel_an_adjustment_limit_or_years_of_keeping(name: str) -> None:
    policy = load(name)
    assert policy.review is None or policy.review.adjust_limit_percent is None
    assert all(q.example for q in (policy.review.quorum if policy.review else []))
    assert policy.retention is None
    assert policy.rectification is None  # 60 days is Henan's and Zhengzhou's
    assert {"专家评审人数与调整幅度", "评价档案保存年限"} <= set(policy.silent)


def test_five_experts_before_the_fact_are_one_provinces_and_said_to_be_an_example() -> None:
    # Henan's ex-ante rules: the panel has in principle not fewer than 5 experts. No central document gives a number.
    review = load(NATIONAL).review
    assert review is not None
    assert [(q.stage, q.minimum, q.example) for q in review.quorum] == [("事前评估", 5, True)]
    assert "河南" in review.quorum[0].clause.document
    assert (review.minimum("事前评估"), review.minimum("自评")) == (5, None)
    assert (review.free_points, review.adjust_limit_percent) == ("judged", None)


@pytest.mark.parametrize(("name", "note"), [(NATIONAL, ""), ("jilin-2025", f"({NOT_STATED})")])
def test_the_number_of_experts_stands_in_the_table_of_requirements(name: str, note: str) -> None:
    rows = requirements_table(load(name), load(NATIONAL)).rows
    assert [row[0] for row in rows if "专家" in str(row[0])] == [
        f"事前评估:每项指标的评审专家不少于5人(示例,可改){note}"
    ]


def test_one_number_of_experts_for_each_stage() -> None:
    clause = {"document": "示例办法"}
    twice = [{"stage": "自评", "minimum": n, "clause": clause} for n in (3, 5)]
    with pytest.raises(ValidationError, match="写了两次"):
        ReviewLimits.model_validate({"quorum": twice})
    with pytest.raises(ValidationError):
        ReviewLimits.model_validate({"quorum": [{"stage": "事前", "minimum": 5, "clause": clause}]})


@pytest.mark.parametrize("name", [n for n in NOTICES if n != "chiping-2020"])
def test_only_chiping_speaks_of_a_large_difference(name: str) -> None:
    assert load(name).large_difference is None


def test_national_grade_lines() -> None:
    policy = load(NATIONAL)
    bands = policy.bands
    assert bands is not None
    # 第十八条: 90(含)-100 优, 80(含)-90 良, 60(含)-80 中, below 60 差
    assert [(b.label, b.lower) for b in bands.items] == [("优", 90), ("良", 80), ("中", 60), ("差", 0)]
    assert bands.clause.clause == "第十八条"
    # 第十八条 sets the total to 100 and nowhere speaks of a bonus
    assert bands.reads == "base"
    assert policy.dated == "2020-02-25"


def test_national_consequences_and_measures() -> None:
    policy = load(NATIONAL)
    # 第二十七条: 优、良 support; 中、差 improve and cut
    assert consequence(policy, "SUPPORT") == (["优", "良"], "根据情况予以支持", "第二十七条")
    grades, text, clause = consequence(policy, "IMPROVE_AND_CUT")
    assert (grades, clause) == (["中", "差"], "第二十七条")
    assert "核减预算" in text
    # 第二十七条: no rectification, or not enough of it
    assert cap(policy, "NOT_RECTIFIED") == ("measure", None, "第二十七条")
    # 第二十九条: grave inefficiency with great loss
    assert cap(policy, "SERIOUS_LOSS") == ("measure", None, "第二十九条")
    # 10号 has no event that changes a grade
    assert {c.effect.kind for c in policy.caps} == {"measure"}


def test_national_coverage_and_open_numbers() -> None:
    policy = load(NATIONAL)
    # 第八条: self-evaluation of all items
    assert quota(policy, "SELF_EVALUATION") == (100, "%", "第八条")
    # 第九条: key items all covered in a cycle of five years
    assert quota(policy, "DEPARTMENT_EVALUATION") == (100, "%", "第九条")
    assert "5年" in item(policy, "coverage", "DEPARTMENT_EVALUATION").what  # type: ignore[union-attr]
    # 第十条, 第十九条: named without a number
    assert quota(policy, "FINANCE_EVALUATION") == (None, None, "第十条")
    assert quota(policy, "SPOT_CHECK") == (None, None, "第十九条")
    # 第十九条 orders the re-check; no central number says what a large difference is
    assert policy.large_difference is not None
    assert policy.large_difference.minimum is None
    # 第二十八条: into the final accounts, to the standing committee, published
    assert requirement(policy, "PUBLICATION")[1] == "第二十八条"
    # 第二十二条(九): a dossier, without years
    assert requirement(policy, "DOSSIER")[1] == "第二十二条(九)"


def test_kizilsu_names_three_grades() -> None:
    # 三(三), 三(五): 优秀, 良好, 较差; 中 is not named
    assert load("kizilsu-2023").grade_names == {"优": "优秀", "良": "良好", "差": "较差"}


def test_kizilsu_caps() -> None:
    policy = load("kizilsu-2023")
    # 三(三): monitoring failed twice in a row and not rectified: not 优秀, not 良好
    assert cap(policy, "MONITOR_TWICE_FAILED") == ("ceiling", "中", "三(三)")
    # 三(五)一是: problems found by audit or inspection
    assert cap(policy, "AUDIT_FINDING") == ("ceiling", "中", "三(五)一是")
    # 三(五)一是: a major problem goes straight to 较差
    assert cap(policy, "MAJOR_FUND_PROBLEM") == ("set", "差", "三(五)一是")
    # 三(五)二是: one-vote veto, no grade named
    assert cap(policy, "FALSE_SELF_EVALUATION") == ("veto", None, "三(五)二是")
    assert len(policy.caps) == 4
    for code in ("MONITOR_TWICE_FAILED", "AUDIT_FINDING"):
        found = item(policy, "caps", code)
        assert isinstance(found, Cap)
        assert found.effect.text == "不得评为“优秀”“良好”"


def test_kizilsu_consequences() -> None:
    policy = load("kizilsu-2023")
    # 三(六)二是: below 80, read from the score and not from the grade
    below, text, clause = consequence(policy, "CUT_BELOW_80")
    assert (below, clause) == (80, "三(六)二是")
    assert "按比例扣减" in text
    # 三(五)二是: money back, responsibility pursued
    read, text, clause = consequence(policy, "RECOVER_FUNDS")
    assert (read, clause) == ("FALSE_SELF_EVALUATION", "三(五)二是")
    assert "收回资金" in text
    assert "追究" in text


@pytest.mark.parametrize(
    ("code", "date", "clause"),
    [
        ("WHOLE_UNIT_TARGET", None, "三(七)"),  # 三(七): in February, no day
        ("SELF_EVALUATION", "03-31", "三(四)"),  # 三(四): by the end of March
        ("DEPARTMENT_EVALUATION", "04-30", "三(四)"),  # 三(四): by the end of April
        ("WHOLE_UNIT_SELF_EVALUATION", "04-30", "三(七)"),  # 三(七): by the end of April
        ("SCORE_TABLE", "05-31", "三(四)"),  # 三(四): by the end of May
        ("MONITOR_NODE_MAY", "05-31", "三(三)"),  # 三(三): node at the end of May
        ("MONITOR_REPORT_MAY", "06-10", "三(三)"),  # 三(三): by the 10th of the month after the node
        ("COUNTY_MATERIALS_FIRST", "06-10", "三(十一)"),  # 三(十一): by 10 June
        ("TRUTH_CHECK", "06-30", "三(五)二是"),  # 三(五)二是: by the end of June
        ("WHOLE_UNIT_MONITOR_NODE", "06-30", "三(七)"),  # 三(七): node at the end of June
        ("KEY_EVALUATION", "07-31", "三(四)"),  # 三(四): by the end of July
        ("COUNTY_ASSESSMENT", None, "三(十一)"),  # 三(十一): in July and December, no day
        ("MONITOR_NODE_AUGUST", "08-31", "三(三)"),  # 三(三): node at the end of August
        ("MONITOR_REPORT_AUGUST", "09-10", "三(三)"),  # 三(三): by the 10th of the month after the node
        ("COUNTY_MATERIALS_SECOND", "11-10", "三(十一)"),  # 三(十一): by 10 November
        ("FUNDS_SUMMARY", "11-30", "三(八)"),  # 三(八): end of November
        ("ANNUAL_SUMMARY", "11-30", "三(十四)"),  # 三(十四): by the end of November
    ],
)
def test_kizilsu_deadlines(code: str, date: str | None, clause: str) -> None:
    assert deadline(load("kizilsu-2023"), code) == (date, clause)


def test_kizilsu_deadlines_are_all_checked_and_in_the_order_of_the_year() -> None:
    deadlines = load("kizilsu-2023").deadlines
    dates = [d.date for d in deadlines if d.date]
    assert len(deadlines) == 17
    assert dates == sorted(dates)


def test_kizilsu_coverage() -> None:
    policy = load("kizilsu-2023")
    # 三(四): items of at least 20 % of the department's project budget
    assert quota(policy, "DEPARTMENT_EVALUATION") == (20, "%", "三(四)")
    # 三(四): at least ten key items; money not below last year's, no amount
    assert quota(policy, "KEY_EVALUATION") == (10, "个", "三(四)")
    assert quota(policy, "KEY_EVALUATION_MONEY") == (None, None, "三(四)")
    # 三(五)二是: only "a certain share"
    assert quota(policy, "TRUTH_CHECK") == (None, None, "三(五)二是")
    # 三(三), 三(四): all items are monitored and evaluated by their units
    assert quota(policy, "MONITORING") == (100, "%", "三(三)")
    assert quota(policy, "SELF_EVALUATION") == (100, "%", "三(四)")
    # 三(十)一是: funds paid directly are all examined
    assert quota(policy, "DIRECT_FUNDS_CHECK") == (100, "%", "三(十)一是")


def test_kizilsu_requirements() -> None:
    policy = load("kizilsu-2023")
    # 三(一): no ex-ante report, or 不支持: not in the budget
    assert requirement(policy, "EX_ANTE")[1] == "三(一)"
    # 三(二): no target: no money
    assert requirement(policy, "TARGET_BEFORE_BUDGET")[1] == "三(二)"
    # 三(十三): published with the final accounts
    assert requirement(policy, "RESULT_PUBLICATION")[1] == "三(十三)"
    # the second chapter numbered 三, (四): accountability
    assert requirement(policy, "ACCOUNTABILITY")[1] == "三、工作要求(四)"


def test_chiping_criticism_in_three_cases() -> None:
    policy = load("chiping-2020")
    # 第二十五条: not done as required; differs greatly; checked result 差
    for code in ("NO_SELF_EVALUATION", "LARGE_DIFFERENCE", "CHECKED_RESULT_POOR"):
        assert cap(policy, code) == ("measure", None, "第二十五条")
        found = item(policy, "caps", code)
        assert isinstance(found, Cap)
        assert found.effect.text == "予以通报"
    # 第二十五条: a large difference is named, no number is given
    assert policy.large_difference is not None
    assert policy.large_difference.minimum is None
    assert policy.large_difference.clause.clause == "第二十五条"
    # 第二十五条: neither is a rate of re-checking
    assert quota(policy, "SPOT_CHECK") == (None, None, "第二十五条")
    # 第二十四条(二): every item of the district is self-evaluated
    assert quota(policy, "SELF_EVALUATION") == (100, "%", "第二十四条(二)")


def test_chiping_money() -> None:
    policy = load("chiping-2020")
    # 第三十条: 较差 → criticised and talked to; 低效无效 → cut or cancelled; 长期沉淀 → taken back
    for code, event, words in (
        ("CRITICISM_AND_TALK", "POOR_PERFORMANCE", "通报、约谈"),
        ("CUT_OR_CANCEL", "INEFFICIENT_FUNDS", "一律削减或取消"),
        ("RECOVER_IDLE_FUNDS", "IDLE_FUNDS", "一律收回"),
    ):
        read, text, clause = consequence(policy, code)
        assert (read, clause) == (event, "第三十条")
        assert words in text
        assert cap(policy, event) == ("measure", None, "第三十条")
    # 第三十条: 较好 has priority, but no grade is named: a requirement, not a consequence of a grade
    assert requirement(policy, "PRIORITY_FOR_GOOD_RESULT")[1] == "第三十条"
    assert all(c.when.reads == "cap" for c in policy.consequences or [])


def test_chiping_requirements() -> None:
    policy = load("chiping-2020")
    # 第十一条: ex-ante evaluation is indispensable for applying
    what, clause = requirement(policy, "EX_ANTE")
    assert clause == "第十一条"
    assert "必备要件" in what
    # 第三十四条: lifelong accountability for great projects
    what, clause = requirement(policy, "LIFELONG_ACCOUNTABILITY")
    assert clause == "第三十四条"
    assert "终身责任追究" in what
    # 第三十一条, 第三十二条: published; sent to the people's congress
    assert requirement(policy, "PUBLICATION")[1] == "第三十一条"
    assert requirement(policy, "REPORT_TO_CONGRESS")[1] == "第三十二条"


def test_yibin_result_and_budget() -> None:
    policy = load("yibin-2018")
    # 二(二)二是: 差 and not rectified is one event; the budget is cut, up to cancelling
    assert cap(policy, "POOR_NOT_RECTIFIED") == ("measure", None, "二(二)二是")
    read, text, clause = consequence(policy, "CUT_OR_CANCEL")
    assert (read, clause) == ("POOR_NOT_RECTIFIED", "二(二)二是")
    assert "直至取消" in text
    assert len(policy.consequences or []) == 1
    # 二(二)二是: 好 has priority, but no grade is named
    what, clause = requirement(policy, "PRIORITY_FOR_GOOD_RESULT")
    assert clause == "二(二)二是"
    assert "优先安排预算" in what


def test_yibin_requirements() -> None:
    policy = load("yibin-2018")
    # 一(二)3: yearly assessment; heads of those at the bottom two years running are summoned
    assert requirement(policy, "ANNUAL_ASSESSMENT")[1] == "一(二)3"
    what, clause = requirement(policy, "TALK_AFTER_TWO_YEARS")
    assert clause == "一(二)3"
    assert "连续两年" in what
    assert "约谈" in what
    assert requirement(policy, "GOVERNMENT_TARGET_ASSESSMENT")[1] == "一(二)3"
    # 二(一)3: finance re-evaluates self-evaluations
    what, clause = requirement(policy, "RE_EVALUATION")
    assert clause == "二(一)3"
    assert "再评价" in what
    # 二(二)四是: accountability for missed targets
    assert requirement(policy, "ACCOUNTABILITY")[1] == "二(二)四是"
    # 一(三): three years, 2018 to 2020, no day
    assert deadline(policy, "FULL_COVERAGE") == (None, "一(三)")


def test_jilin_2011() -> None:
    policy = load("jilin-2011")
    # 三(三): a missed target must be explained
    what, clause = requirement(policy, "EXPLAIN_SHORTFALL")
    assert clause == "三(三)"
    assert "须说明理由" in what
    # 三(三): both the report of the unit and the department's evaluation may be evaluated again
    what, clause = requirement(policy, "RE_EVALUATION")
    assert clause == "三(三)"
    assert "绩效报告或绩效评价报告" in what
    # 三(四): the result is a basis of later budgets; no grade, so no consequence of its own
    what, clause = requirement(policy, "BASIS_OF_LATER_BUDGETS")
    assert clause == "三(四)"
    assert "以后年度预算" in what
    assert policy.consequences is None
    assert policy.caps == []
    # 四(四): other cities and counties from 2012
    assert deadline(policy, "PILOTS") == (None, "四(四)")


def test_jilin_2025_grades_and_consequences() -> None:
    policy = load("jilin-2025")
    # 任务21: 低 is named between 中 and 差 and has no line
    [low] = policy.grades_without_line
    assert (low.label, low.after, low.clause.clause) == ("低", "中", "任务21")
    assert "用户设定" in low.note
    # 任务21: 中 and 低 cut next year's budget
    grades, text, clause = consequence(policy, "CUT_NEXT_YEAR")
    assert (grades, clause) == (["中", "低"], "任务21")
    assert "压减下一年度预算" in text
    # 任务21: 差 cancels later years' budgets and may lead to accountability
    grades, text, clause = consequence(policy, "CANCEL_LATER_YEARS")
    assert (grades, clause) == (["差"], "任务21")
    assert "取消以后年度预算安排" in text
    assert "追责" in text
    # 任务9: diversion of emergency money starts an inspection
    assert cap(policy, "EMERGENCY_FUNDS_MISUSED") == ("measure", None, "任务9")


def test_jilin_2025_requirements() -> None:
    policy = load("jilin-2025")
    # 任务16: joint review above 30 million yuan; 任务20: ex-ante evaluation from 30 million yuan
    for code, task in (("JOINT_REVIEW", "任务16"), ("EX_ANTE", "任务20")):
        what, clause = requirement(policy, code)
        assert clause == task
        assert "3000万元以上" in what
        assert "新增和增支" in what
    # 任务10: keep or replace the fund's manager
    what, clause = requirement(policy, "FUND_MANAGER")
    assert clause == "任务10"
    assert "保留或撤换" in what
    # 任务22: fund results tied to fiscal contributions
    what, clause = requirement(policy, "FUND_CONTRIBUTIONS")
    assert clause == "任务22"
    assert "财政出资" in what
    # 任务13: no standard, in principle no budget
    assert requirement(policy, "STANDARD_BEFORE_BUDGET")[1] == "任务13"


def test_jilin_2025_coverage_and_terms() -> None:
    policy = load("jilin-2025")
    # 任务4: all special funds in two to three years
    assert quota(policy, "SPECIAL_FUNDS") == (100, "%", "任务4")
    # 任务19: all project expenditure goes through budget review
    assert quota(policy, "BUDGET_REVIEW") == (100, "%", "任务19")
    # 二: 2026, 2027, 2028; no days
    for code in ("PILOTS", "BREAKTHROUGHS", "SYSTEM_BUILT"):
        assert deadline(policy, code) == (None, "二")
