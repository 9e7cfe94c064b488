"""Freezing a scheme: weights, changes with their reasons, one home for every setting, grade lines."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from workbench.base.errors import SchemeError
from workbench.scheme.plan import Plan
from workbench.scheme.policy import Bands, Effect, Policy, Trigger
from workbench.scheme.scheme import Scheme

Make = Callable[..., Scheme]
Refuse = Callable[..., SchemeError]
Leaf = Callable[..., dict[str, Any]]


def codes(error: SchemeError) -> set[str]:
    return {p.code for p in error.problems}


# ---------------------------------------------------------------------------------------------------------------------
# weights
# ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("parts", "total", "detail"),
    [
        # issue 2, bad input: weights summing to 99.99. Hand: 20 + 50 + 29.99.
        (("20", "50", "29.99"), "99.99", "决策20+产出50+效益29.99"),
        (("20", "60", "30"), "110", "决策20+产出60+效益30"),
        (("20.01", "50", "30"), "100.01", "决策20.01+产出50"),
    ],
)
def test_weights_that_do_not_add_to_100(
    refused: Refuse, leaf: Leaf, parts: tuple[str, ...], total: str, detail: str
) -> None:
    names = ("决策", "产出", "效益")
    error = refused([leaf(c, n, w) for c, n, w in zip("ABC", names, parts, strict=True)])
    assert codes(error) == {"weight_sum"}
    assert total in str(error)
    assert detail in str(error)


def test_the_difference_is_named(refused: Refuse, leaf: Leaf) -> None:
    # Hand: 100 − 99.99 = 0.01.
    assert "少0.01分" in str(refused([leaf("A", "产出", "99.99")]))
    assert "多10分" in str(refused([leaf("A", "产出", "110")]))


def test_weights_finer_than_points_are_refused(frozen: Make, refused: Refuse, leaf: Leaf, ruleset: Any) -> None:
    # Found on the way: shown with two decimals, 33.333 + 33.333 + 33.334 is 99.99, and full marks gave 99.99.
    thirds = [leaf(c, "产出", w) for c, w in zip("ABC", ("33.333", "33.333", "33.334"), strict=True)]
    error = refused(thirds)
    assert codes(error) == {"weight_decimals"}
    assert len(error.problems) == 3
    finer = ruleset("caiyu-2020-10").model_copy(update={"points_decimals": 3})
    assert frozen(thirds, rules=finer).tree
    assert frozen([leaf("A", "产出", "100.000")]).tree  # trailing zeros are no decimals


def test_ten_weights_of_a_tenth_of_all(frozen: Make, leaf: Leaf) -> None:
    # Rounding vectors, docs/decisions/0002: ten times 0.1 is not 1 in binary. Hand: 9 × 0.1 + 99.1 = 100.
    tree = [leaf(f"A{i}", "产出", "0.1") for i in range(9)] + [leaf("B", "效益", "99.1")]
    assert sum(i.weight for i in frozen(tree).tree) == 100


def test_no_indicators_at_all(refused: Refuse) -> None:
    assert codes(refused([])) == {"weight_sum"}


def test_level_parts_keep_their_order(frozen: Make) -> None:
    assert frozen().level1 == ["决策", "产出", "效益"]


# ---------------------------------------------------------------------------------------------------------------------
# one home for every setting (docs/semantics.md §6)
# ---------------------------------------------------------------------------------------------------------------------


def test_rule_in_pack_and_in_ruleset(refused: Refuse, leaf: Leaf) -> None:
    both = leaf("A", "产出", "100", rule={"kind": "proportional"}) | {"judged": "quantitative"}
    error = refused([both])
    assert codes(error) == {"two_homes"}
    assert "rule" in str(error) and "judged" in str(error) and "指标 A" in str(error)


def test_no_rule_at_all(refused: Refuse, leaf: Leaf) -> None:
    assert codes(refused([leaf("A", "产出", "100") | {"judged": None}])) == {"no_rule"}


@pytest.mark.parametrize("kind", ["weight", "target"])
def test_plan_changes_what_the_sheet_sets(refused: Refuse, leaf: Leaf, kind: str) -> None:
    change = {"kind": kind, "indicator": "S1", "value": "30", "reason": "批复调整"}
    error = refused([leaf("A", "产出", "50")], sheet=[leaf("S1", "效益", "50")], changes=[change])
    assert codes(error) == {"two_homes"}
    assert "绩效指标" in str(error)
    assert error.problems[0].place.key == "plan.changes[0]"


def test_an_indicator_of_the_sheet_may_be_dropped(frozen: Make, leaf: Leaf) -> None:
    drop = {"kind": "drop", "indicator": "S2", "reason": "不再实施该内容"}
    scheme = frozen(
        [leaf("A", "产出", "50")], sheet=[leaf("S1", "效益", "50"), leaf("S2", "效益", "9")], changes=[drop]
    )
    assert [i.code for i in scheme.tree] == ["A", "S1"]


@pytest.mark.parametrize(
    "second",
    [
        {"kind": "weight", "indicator": "A", "value": "20", "reason": "同一设置"},
        {"kind": "weight", "indicator": "A", "value": "25", "reason": "另一数值"},
    ],
)
def test_the_same_change_twice(refused: Refuse, second: dict[str, Any]) -> None:
    first = {"kind": "weight", "indicator": "A", "value": "20", "reason": "批复调整"}
    error = refused(changes=[first, second])
    assert codes(error) == {"two_homes"}
    assert error.problems[0].place.key == "plan.changes[1]"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (
            {"kind": "weight", "indicator": "A", "value": "20", "reason": "调整"},
            {"kind": "drop", "indicator": "A", "reason": "删去"},
        ),
        (
            {"kind": "add", "indicator": "NEW", "reason": "增加"},
            {"kind": "weight", "indicator": "NEW", "value": "1", "reason": "调整"},
        ),
    ],
    ids=["changed, then dropped", "added with one weight, then given another"],
)
def test_changes_that_contradict_each_other(
    refused: Refuse, leaf: Leaf, first: dict[str, Any], second: dict[str, Any]
) -> None:
    if first["kind"] == "add":
        first = first | {"indicator": leaf("NEW", "效益", "5")}
    assert codes(refused(changes=[first, second])) == {"two_homes"}


def test_duplicate_codes_across_the_blocks(refused: Refuse, leaf: Leaf) -> None:
    bonus = {"items": [{"code": "A", "name": "加分", "limit": "5", "rule": {"kind": "proportional"}}]}
    assert codes(refused(pack={"bonus": bonus})) == {"duplicate_code"}
    add = {"kind": "add", "indicator": leaf("A", "效益", "5"), "reason": "增加"}
    assert codes(refused(changes=[add])) == {"duplicate_code"}
    # Found on the way: a line of the sheet with a code of the pack silently took that indicator's place.
    assert codes(refused(sheet=[leaf("A", "效益", "0")])) == {"duplicate_code"}
    assert codes(refused([leaf("A", "产出", "50"), leaf("A", "产出", "50")])) == {"duplicate_code"}


# ---------------------------------------------------------------------------------------------------------------------
# declared changes
# ---------------------------------------------------------------------------------------------------------------------


def test_weight_target_add_and_drop(frozen: Make, leaf: Leaf, weights: Callable[[Scheme], dict[str, Decimal]]) -> None:
    changes = [
        {"kind": "weight", "indicator": "B", "value": "45.5", "reason": "批复调整分值"},
        {"kind": "target", "indicator": "B", "value": "95.50", "reason": "批复调整目标"},
        {"kind": "drop", "indicator": "A", "reason": "委托范围不含决策"},
        {"kind": "add", "indicator": leaf("D", "满意度", "24.5"), "reason": "委托方要求"},
    ]
    scheme = frozen(changes=changes)
    # Hand: B 45.5 + C 30 + D 24.5 = 100.
    assert weights(scheme) == {"B": Decimal("45.5"), "C": 30, "D": Decimal("24.5")}
    [b] = [i for i in scheme.tree if i.code == "B"]
    assert b.target == "95.50"
    said = [f for f in scheme.findings if f.code == "declared_change"]
    assert len(said) == 4
    # Every change is printed with its reason (docs/semantics.md §6).
    for finding, change in zip(said, changes, strict=True):
        assert change["reason"] in finding.message
    assert [f.indicator for f in said] == ["B", "B", "A", "D"]


def test_a_new_target_takes_the_old_wording_away(frozen: Make, leaf: Leaf) -> None:
    # docs/semantics.md §7: a report that says another number than the table.
    tree = [leaf("A", "产出", "100", target="100", target_text="≥100%")]
    scheme = frozen(tree, changes=[{"kind": "target", "indicator": "A", "value": "90", "reason": "批复调整"}])
    assert (scheme.tree[0].target, scheme.tree[0].target_text) == ("90", None)


def test_an_indicator_may_be_replaced(frozen: Make, leaf: Leaf) -> None:
    changes = [
        {"kind": "drop", "indicator": "A", "reason": "以新口径替换"},
        {"kind": "add", "indicator": leaf("A", "决策", "20", name="新口径"), "reason": "以新口径替换"},
    ]
    assert [i.name for i in frozen(changes=changes).tree if i.code == "A"] == ["新口径"]


@pytest.mark.parametrize("kind", ["weight", "target", "drop"])
def test_unknown_indicator_is_named_with_the_nearest(refused: Refuse, leaf: Leaf, kind: str) -> None:
    change = {"kind": kind, "indicator": "OUTPT1", "reason": "批复调整"} | ({} if kind == "drop" else {"value": "1"})
    error = refused([leaf("OUTPUT1", "产出", "100")], changes=[change])
    assert codes(error) == {"unknown_indicator"}
    assert "OUTPT1" in str(error) and "是否想写“OUTPUT1”" in str(error)


def test_all_wrong_changes_at_once(refused: Refuse) -> None:
    changes = [{"kind": "drop", "indicator": c, "reason": "删去"} for c in ("X", "Y", "Z")]
    assert [p.place.key for p in refused(changes=changes).problems] == [f"plan.changes[{i}]" for i in range(3)]


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "weight", "indicator": "A", "value": "20"},
        {"kind": "weight", "indicator": "A", "value": "20", "reason": ""},
        {"kind": "weight", "indicator": "A", "value": "-1", "reason": "批复调整"},
        {"kind": "weight", "indicator": "A", "value": 20.5, "reason": "批复调整"},
        {"kind": "rule", "indicator": "A", "reason": "批复调整"},
        {"kind": "drop", "indicator": "A", "reason": "批复调整", "value": "1"},
    ],
    ids=["no reason", "empty reason", "negative", "float", "unknown kind", "extra key"],
)
def test_a_change_must_be_well_formed(change: dict[str, Any], frozen: Make) -> None:
    with pytest.raises(ValidationError):
        frozen(changes=[change])


# ---------------------------------------------------------------------------------------------------------------------
# grade lines
# ---------------------------------------------------------------------------------------------------------------------

LOW = {"kind": "band", "label": "低", "lower": "50", "reason": "与委托方商定"}


def lines(scheme: Scheme) -> list[tuple[str, str]]:
    return [(b.label, str(b.lower)) for b in scheme.bands.items]


def test_a_policy_that_is_silent_takes_the_national_lines(frozen: Make) -> None:
    # 财预〔2020〕10号 第十八条: 90, 80, 60.
    scheme = frozen(local="kizilsu-2023")
    assert lines(scheme) == [("优", "90"), ("良", "80"), ("中", "60"), ("差", "0")]
    assert scheme.bands_from.id == "national-default"
    assert "本办法未规定,按国家默认" in "".join(f.message for f in scheme.findings if f.code == "bands_default")


def test_jilin_low_cannot_be_used_without_a_line(frozen: Make) -> None:
    # docs/semantics.md §5: 吉林2025 names a grade 低 without a band, so its threshold is the user's.
    scheme = frozen(local="jilin-2025")
    assert "低" not in dict(lines(scheme))
    [finding] = [f for f in scheme.findings if f.code == "grade_without_line"]
    assert finding.severity == "warning"
    assert "低" in finding.message


def test_jilin_low_by_a_band_change(frozen: Make) -> None:
    scheme = frozen(local="jilin-2025", changes=[LOW])
    assert lines(scheme) == [("优", "90"), ("良", "80"), ("中", "60"), ("低", "50"), ("差", "0")]
    assert not [f for f in scheme.findings if f.code == "grade_without_line"]
    [said] = [f for f in scheme.findings if f.code == "declared_change"]
    assert "低" in said.message and "50" in said.message and "与委托方商定" in said.message


@pytest.mark.parametrize("lower", ["60", "60.01", "85", "95", "0", "-1"])
def test_jilin_low_lies_between_its_neighbours(refused: Refuse, lower: str) -> None:
    # The notice orders the grades 中、低、差 (任务21); a line at 85 would put 低 above 良.
    assert codes(refused(local="jilin-2025", changes=[LOW | {"lower": lower}])) == {"band"}


def test_the_line_of_a_grade_is_set_once(refused: Refuse) -> None:
    error = refused(local="jilin-2025", changes=[LOW, LOW | {"lower": "40"}])
    assert codes(error) == {"two_homes"}
    assert error.problems[0].place.key == "plan.changes[1]"


@pytest.mark.parametrize(("local", "label"), [("jilin-2025", "优"), ("jilin-2025", "极低"), ("kizilsu-2023", "低")])
def test_only_a_grade_without_a_line_may_get_one(refused: Refuse, local: str, label: str) -> None:
    assert codes(refused(local=local, changes=[LOW | {"label": label}])) == {"band"}


def test_a_cap_must_name_a_grade_that_has_a_line(refused: Refuse, policy: Callable[[str], Policy]) -> None:
    # Found on the way: otherwise the first triggered cap ends in a traceback.
    local = policy("kizilsu-2023")
    caps = [c.model_copy(update={"effect": c.effect.model_copy(update={"grade": "较差"})}) for c in local.caps[2:3]]
    error = refused(local=local.model_copy(update={"caps": caps}))
    assert codes(error) == {"cap_grade"}
    assert "较差" in str(error)


@pytest.mark.parametrize(
    ("model", "data"),
    [
        (Bands, {"reads": "base", "items": [{"label": "中", "lower": "60"}, {"label": "优", "lower": "90"}]}),
        (Bands, {"reads": "base", "items": [{"label": "优", "lower": "90"}, {"label": "良", "lower": "90"}]}),
        (Bands, {"reads": "base", "items": []}),
        (Effect, {"kind": "ceiling", "text": "不高于"}),
        (Effect, {"kind": "veto", "grade": "差", "text": "否决"}),
        (Trigger, {"reads": "grade", "below": "80"}),
        (Trigger, {"reads": "score", "below": "80", "grades": ["差"]}),
        (Trigger, {"reads": "cap"}),
    ],
)
def test_policies_that_contradict_themselves(model: type[Any], data: dict[str, Any]) -> None:
    clause = {"clause": {"document": "x"}} if model is Bands else {}
    with pytest.raises(ValidationError):
        model.model_validate(data | clause)


# ---------------------------------------------------------------------------------------------------------------------
# findings on weights
# ---------------------------------------------------------------------------------------------------------------------

SHARES = {
    # 财预〔2020〕10号 第十三条; 财预〔2021〕101号 附件1 三(六).
    "caiyu10": ("caiyu-2020-10", {"预算执行率": "10", "产出": "50", "效益": "30", "满意度": "10"}),
    "cost": ("caiyu-2021-101", {"预算执行率": "10", "成本": "20", "产出": "40", "效益": "20", "满意度": "10"}),
    "plain": ("caiyu-2021-101", {"预算执行率": "10", "产出": "50", "效益": "30", "满意度": "10"}),
    "cost_alone": ("caiyu-2021-101", {"预算执行率": "10", "成本": "20", "产出": "40", "效益": "30"}),
    "bare": ("caiyu-2021-101", {"预算执行率": "10", "产出": "50", "效益": "40"}),
}
VARIANTS = {name: {"title": name, "ruleset": rules, "level1": level1} for name, (rules, level1) in SHARES.items()}


def tree_of(leaf: Leaf, level1: dict[str, str]) -> list[dict[str, Any]]:
    return [leaf(f"I{n}", name, weight) for n, (name, weight) in enumerate(level1.items())]


@pytest.mark.parametrize("name", SHARES)
def test_a_tree_as_its_document_has_it(frozen: Make, leaf: Leaf, name: str) -> None:
    rules, level1 = SHARES[name]
    scheme = frozen(tree_of(leaf, level1), pack={"variants": VARIANTS}, variant=name, rules=rules, stage="自评")
    assert not scheme.findings


@pytest.mark.parametrize("name", SHARES)
def test_a_tree_that_departs_from_its_document(frozen: Make, leaf: Leaf, name: str) -> None:
    rules, level1 = SHARES[name]
    moved = level1 | {"预算执行率": "15", "产出": str(Decimal(level1["产出"]) - 5)}
    scheme = frozen(tree_of(leaf, moved), pack={"variants": VARIANTS}, variant=name, rules=rules, stage="自评")
    found = [f.message for f in scheme.findings if f.code == "level1_weight"]
    # 原则上: a finding, never an error. Hand: 10 → 15 and five points less for 产出.
    assert len(found) == 2
    assert "“预算执行率”分值15" in found[0] and found[0].endswith("原则上为10")


def test_a_level_the_tree_lacks_or_adds(frozen: Make, leaf: Leaf) -> None:
    level1 = {"预算执行率": "10", "产出": "50", "效益": "30", "社会评价": "10"}
    scheme = frozen(tree_of(leaf, level1), pack={"variants": VARIANTS}, variant="caiyu10", stage="自评")
    found = [f.message for f in scheme.findings if f.code == "level1_weight"]
    assert [("“满意度”分值0" in m, "“社会评价”分值10" in m) for m in found] == [(True, False), (False, True)]


def test_mixing_a_tree_with_another_ruleset_is_said(frozen: Make, leaf: Leaf) -> None:
    rules, level1 = SHARES["cost"]
    scheme = frozen(tree_of(leaf, level1), pack={"variants": VARIANTS}, variant="cost", rules="caiyu-2020-10")
    [finding] = [f for f in scheme.findings if f.code == "mixed_rulesets"]
    assert rules in finding.message and "caiyu-2020-10" in finding.message


@pytest.mark.parametrize(
    ("stage", "output", "found"),
    [("部门评价", "29.99", True), ("财政评价", "29.99", True), ("自评", "29.99", False), ("部门评价", "30", False)],
)
def test_output_and_benefit_have_sixty_points_in_department_evaluation(
    frozen: Make, leaf: Leaf, stage: str, output: str, found: bool
) -> None:
    # 财预〔2020〕10号 第十四条: 产出+效益 not below 60 % in principle, in department and fiscal evaluation.
    rest = str(Decimal(70) - Decimal(output))
    scheme = frozen([leaf("A", "产出", output), leaf("B", "效益", "30"), leaf("C", "过程", rest)], stage=stage)
    assert any(f.code == "output_benefit_60" for f in scheme.findings) is found


def test_variant_must_be_chosen_and_must_exist(refused: Refuse) -> None:
    assert codes(refused(pack={"variants": VARIANTS})) == {"variant"}
    error = refused(pack={"variants": VARIANTS}, variant="cots")
    assert "是否想写“cost”" in str(error)
    assert codes(refused(variant="cost")) == {"no_variant"}


# ---------------------------------------------------------------------------------------------------------------------
# rules, parameters, digest
# ---------------------------------------------------------------------------------------------------------------------


def test_unknown_rule_kind_and_class(refused: Refuse, leaf: Leaf) -> None:
    error = refused([leaf("A", "产出", "100", rule={"kind": "proportionl"})])
    assert codes(error) == {"kind"}
    assert "是否想写“proportional”" in str(error)
    error = refused([leaf("A", "产出", "100") | {"judged": "quantitativ"}])
    assert codes(error) == {"class"}
    assert "是否想写“quantitative”" in str(error)


def test_parameters_are_checked_against_the_kind(refused: Refuse, frozen: Make, leaf: Leaf) -> None:
    error = refused([leaf("A", "产出", "100", rule={"kind": "proportional", "params": {"pas_at": "60"}})])
    assert codes(error) == {"unknown_key"}
    assert "pass_at" in str(error) and "指标 A" in str(error)
    good = frozen([leaf("A", "产出", "100", rule={"kind": "proportional", "params": {"pass_at": "60"}})])
    assert good.indicators[0].params.model_dump() == {"pass_at": "60"}
    assert not good.indicators[0].from_ruleset
    assert frozen().indicators[0].from_ruleset


def test_the_digest_knows_every_setting(frozen: Make, leaf: Leaf) -> None:
    base = frozen()
    assert base.digest == frozen().digest
    others = [
        frozen(changes=[{"kind": "target", "indicator": "A", "value": "99", "reason": "调整"}]),
        frozen(local="kizilsu-2023"),
        frozen(rules="caiyu-2021-101"),
        frozen(local="jilin-2025", changes=[LOW]),
        frozen(local="jilin-2025"),
        frozen([leaf("A", "决策", "20.5"), leaf("B", "产出", "49.5"), leaf("C", "效益", "30")]),
        frozen(pack={"bonus": {"cap": "5"}}),
    ]
    digests = {base.digest, *(o.digest for o in others)}
    assert len(digests) == len(others) + 1


def test_plan_refuses_settings_of_others_homes() -> None:
    with pytest.raises(ValidationError):
        Plan.model_validate({"bands": {}})
